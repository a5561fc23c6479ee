package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

// hostile are schemas and values that take a naive check a time that grows
// faster than their size, by size.
var hostile = map[string]func(n int) (string, string){
	"two ways down": func(n int) (string, string) {
		return `{"type":"object","anyOf":[{"properties":{"a":{"$ref":"#"}},"required":["a"]},{"properties":{"a":{"$ref":"#"}},"required":["a","b"]}]}`,
			strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n)
	},
	"two ways down an array": func(n int) (string, string) {
		return `{"oneOf":[{"type":"array","items":{"$ref":"#"}},{"type":"array","items":{"$ref":"#"},"minItems":1},{"type":"string"}]}`,
			strings.Repeat(`[`, n) + "1" + strings.Repeat("]", n)
	},
	"not in not": func(n int) (string, string) {
		return `{"type":"object","properties":{"a":{"not":{"$ref":"#"}}},"if":{"properties":{"a":{"$ref":"#"}}},"else":false}`,
			strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n)
	},
	"unevaluated": func(n int) (string, string) {
		return `{"anyOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"},"b":true}}],"unevaluatedProperties":false}`,
			strings.Repeat(`{"a":`, n) + `{"c":1}` + strings.Repeat("}", n)
	},
}

// wide are like hostile, but the schema grows, too.
var wide = map[string]func(n int) (string, string){
	"many alternatives": func(n int) (string, string) {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`{"type":"object","properties":{"kind":{"const":"k%d"},"v":{"type":"string"}},"required":["kind","v"]}`, i))
		}
		return `{"anyOf":[` + strings.Join(all, ",") + `]}`, `{"kind":"none","v":3}`
	},
	"items that differ": func(n int) (string, string) {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprint(i))
		}
		return `{"uniqueItems":true}`, "[" + strings.Join(all, ",") + ",0]"
	},
	"names and patterns": func(n int) (string, string) {
		var patterns, names []string
		for i := range n {
			patterns = append(patterns, fmt.Sprintf(`"^%d$":{"type":"string"}`, i))
			names = append(names, fmt.Sprintf(`"%d":1`, i))
		}
		return `{"patternProperties":{` + strings.Join(patterns, ",") + `}}`, "{" + strings.Join(names, ",") + "}"
	},
}

func TestBudget(t *testing.T) {
	measure := func(name string, n int, f func(int) (string, string)) int {
		raw, data := f(n)
		v, err := schema.Compile(json.RawMessage(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		taken, budget, err := schema.Steps(v, []byte(data))
		if err == nil {
			t.Errorf("%s, %d: the value matches, which it should not", name, n)
		}
		if taken > budget/4 {
			t.Errorf("%s, %d: %d steps, want at most a quarter of %d", name, n, taken, budget)
		}
		if strings.Contains(fmt.Sprint(err), "too many steps") {
			t.Errorf("%s, %d: %v", name, n, err)
		}
		return taken
	}
	for name, f := range hostile {
		one, two, four := measure(name, 40, f), measure(name, 80, f), measure(name, 160, f)
		t.Logf("%s: %d, %d, %d steps at 40, 80, 160 levels", name, one, two, four)
		if two > 3*one || four > 3*two {
			t.Errorf("%s: %d, %d, %d steps at 40, 80, 160 levels; want twice as many each time", name, one, two, four)
		}
	}
	for name, f := range wide {
		for _, n := range []int{25, 50, 100, 200} {
			t.Logf("%s: %d steps at %d", name, measure(name, n, f), n)
		}
	}
}

func TestTooLarge(t *testing.T) {
	many := `{"enum":[` + strings.Repeat("1,", 70000) + `1]}`
	deep := strings.Repeat(`{"not":`, 150) + `{"description":"` + strings.Repeat("x", 1<<20) + `"}` + strings.Repeat("}", 150)
	for _, raw := range []string{many, deep} {
		if _, err := schema.Compile(json.RawMessage(raw)); err == nil || !strings.Contains(err.Error(), "too large or too deep") {
			t.Errorf("Compile(%.30s…) error = %v, want one about its size", raw, err)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	run := func(name string, n int, f func(int) (string, string)) {
		raw, data := f(n)
		v, err := schema.Compile(json.RawMessage(raw))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "_"), n), func(b *testing.B) {
			taken := 0
			for b.Loop() {
				taken, _, err = schema.Steps(v, []byte(data))
			}
			b.ReportMetric(float64(taken), "steps")
		})
	}
	for name, f := range hostile {
		for _, n := range []int{40, 80, 160} {
			run(name, n, f)
		}
	}
	for _, n := range []int{25, 50, 100, 200} {
		run("many alternatives", n, wide["many alternatives"])
	}
}
