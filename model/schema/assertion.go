package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// An assertion is one keyword of a schema that holds no other schema, with the
// words for a value that fails it. Compile makes them, once.
type assertion struct {
	keyword string
	holds   func(e *evaluator, i *instance) bool
	want    func(i *instance) string
}

// assertionsOf splits s into its assertions.
func assertionsOf(s *jsonschema.Schema) []assertion {
	var list []assertion
	add := func(keyword string, holds func(e *evaluator, i *instance) bool, want func(*instance) string) {
		list = append(list, assertion{keyword, holds, want})
	}
	if s.Type != "" || s.Types != nil {
		types := s.Types
		if s.Type != "" {
			types = []string{s.Type}
		}
		add("type", func(_ *evaluator, i *instance) bool {
			t := i.typeName()
			return slices.Contains(types, t) || t == "integer" && slices.Contains(types, "number")
		}, func(i *instance) string { return fmt.Sprintf("want %s, got %s", wantType(s), i.typeName()) })
	}
	if s.Enum != nil {
		add("enum", oneOf(s.Enum), func(*instance) string { return wantEnum(s.Enum) })
	}
	if s.Const != nil {
		add("const", oneOf([]any{*s.Const}), always("want %s", literal(*s.Const)))
	}
	numbers := []struct {
		keyword string
		limit   *float64
		fits    func(n any, limit float64) bool
		words   string
	}{
		{"minimum", s.Minimum, func(n any, l float64) bool { return compare(n, l) >= 0 }, "want at least"},
		{"maximum", s.Maximum, func(n any, l float64) bool { return compare(n, l) <= 0 }, "want at most"},
		{"exclusiveMinimum", s.ExclusiveMinimum, func(n any, l float64) bool { return compare(n, l) > 0 }, "want more than"},
		{"exclusiveMaximum", s.ExclusiveMaximum, func(n any, l float64) bool { return compare(n, l) < 0 }, "want less than"},
		{"multipleOf", s.MultipleOf, func(n any, l float64) bool { _, f := math.Modf(float(n) / l); return f == 0 }, "want a multiple of"},
	}
	for _, c := range numbers {
		if c.limit != nil {
			add(c.keyword, func(_ *evaluator, i *instance) bool {
				n, ok := i.number()
				return !ok || c.fits(n, *c.limit)
			}, always("%s %s", c.words, literal(*c.limit)))
		}
	}
	items := func(i *instance) (int, bool) { return len(i.array), i.isArray }
	properties := func(i *instance) (int, bool) { return len(i.object), i.isObject }
	counts := []struct {
		keyword string
		limit   *int
		of      func(i *instance) (int, bool)
		sign    int
		words   string
		unit    string
	}{
		{"minLength", s.MinLength, characters, 1, "at least", "characters"},
		{"maxLength", s.MaxLength, characters, -1, "at most", "characters"},
		{"minItems", s.MinItems, items, 1, "at least", "items"},
		{"maxItems", s.MaxItems, items, -1, "at most", "items"},
		{"minProperties", s.MinProperties, properties, 1, "at least", "properties"},
		{"maxProperties", s.MaxProperties, properties, -1, "at most", "properties"},
	}
	for _, c := range counts {
		if c.limit != nil {
			add(c.keyword, func(_ *evaluator, i *instance) bool {
				n, ok := c.of(i)
				return !ok || (n-*c.limit)*c.sign >= 0
			}, always("want %s %d %s", c.words, *c.limit, c.unit))
		}
	}
	if s.Pattern != "" {
		re := regexp.MustCompile(s.Pattern) // it was compiled before
		add("pattern", func(_ *evaluator, i *instance) bool {
			text, ok := i.scalar.(string)
			return !ok || re.MatchString(text)
		}, always("want a string that matches %q", s.Pattern))
	}
	if s.UniqueItems {
		add("uniqueItems", func(e *evaluator, i *instance) bool { return e.unique(i.array) }, always("want items that all differ"))
	}
	return list
}

// oneOf returns the test for a value that equals one of some.
func oneOf(values []any) func(e *evaluator, i *instance) bool {
	c := new(counter)
	instances := make([]*instance, len(values))
	for k, v := range values {
		instances[k] = c.instance(v)
	}
	return func(e *evaluator, i *instance) bool {
		return slices.ContainsFunc(instances, func(v *instance) bool { return e.equal(v, i) })
	}
}

// always returns the reason of an assertion whose reason is the same for all
// values.
func always(format string, args ...any) func(*instance) string {
	text := fmt.Sprintf(format, args...)
	return func(*instance) string { return text }
}

// wantType lists the types that a schema takes.
func wantType(s *jsonschema.Schema) string {
	if s.Type != "" {
		return s.Type
	}
	return strings.Join(s.Types, " or ")
}

// wantEnum is the reason of enum. It shows the values, but not very many.
func wantEnum(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = literal(v)
	}
	return "want one of " + shorten(texts)
}

// quoteList shows names, but not very many.
func quoteList(names []string) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = strconv.Quote(name)
	}
	return shorten(texts)
}

// shorten joins a list, but not a very long one.
func shorten(texts []string) string {
	const most = 30
	if len(texts) > most {
		return strings.Join(texts[:most], ", ") + fmt.Sprintf(" and %d more", len(texts)-most)
	}
	return strings.Join(texts, ", ")
}

// literal is a value of a schema as JSON.
func literal(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// onlyAnchor reports whether s says nothing but its name.
func onlyAnchor(s *jsonschema.Schema) bool {
	return reflect.DeepEqual(s, &jsonschema.Schema{Anchor: s.Anchor})
}
