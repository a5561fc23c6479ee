package probe

import (
	"go/parser"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// TestEveryFact checks that each fact has a question that shows it, or a reason
// why none does.
func TestEveryFact(t *testing.T) {
	asked := map[string]bool{control: true}
	for _, q := range questions() {
		for _, name := range q.facts {
			asked[name] = true
		}
		if q.asks == "" || q.next == nil || q.judge == nil {
			t.Errorf("the question %v is not complete", q.facts)
		}
	}
	names := facts.Names()
	for _, name := range names {
		why, isHidden := hidden[name]
		switch {
		case isHidden && (shown[name] != nil || asked[name]), isHidden && why == "":
			t.Errorf("%s is both, or there is no reason", name)
		case !isHidden && (shown[name] == nil || !asked[name]):
			t.Errorf("%s is neither asked about nor said not to be", name)
		}
	}
	for name := range shown {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no fact", name)
		}
	}
	for name := range hidden {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no fact", name)
		}
	}
	t.Logf("facts: %d shown by calls, %d not", len(shown), len(hidden))
}

// TestFields checks that each field is the fact of its name, as text, as Go,
// and back.
func TestFields(t *testing.T) {
	for _, id := range facts.Models() {
		f := facts.Lookup(id)
		for name, in := range shown {
			v := valueOf(in(&f))
			// An unset flag is no, which is how the fact is shown as well.
			if want := f.Value(name); v.text != want {
				t.Errorf("%s of %s is %q, the fact is %q", name, id, v.text, want)
			}
			if _, err := parser.ParseExpr(v.literal); err != nil {
				t.Errorf("%s of %s: %q is not Go", name, id, v.literal)
			}
			var back facts.Facts
			if err := put(in(&back), v.text); err != nil || valueOf(in(&back)) != v {
				t.Errorf("%s of %s: %q comes back as %v, %v", name, id, v.text, valueOf(in(&back)), err)
			}
		}
	}
	var f facts.Facts
	if err := put(&f.Tools.Use, "perhaps"); err == nil {
		t.Error("perhaps is taken for a value")
	}
}
