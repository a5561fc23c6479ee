package facts

import (
	"maps"
	"time"
)

// A Grade says how sure a fact is.
type Grade string

// The grades, the best first.
const (
	GradeProbe         Grade = "probe"         // somebody called the service and saw it
	GradeDocumentation Grade = "documentation" // AWS or the model's maker says so
	GradeReport        Grade = "report"        // somebody met it, or another client has it as a rule
	GradeInferred      Grade = "inferred"      // follows from what is known of other models, or of the past
	GradeOverride      Grade = "override"      // the caller says so
)

// A Source says where a fact is from.
type Source struct {
	Name  string    // of the fact, such as "sampling.temperature"
	Value string    // as a text, such as "yes" or "low, high"
	Grade Grade     // how sure it is
	Date  time.Time // when that was seen or published; zero: not known
	Text  string    // who says so, or what was seen

	// Sibling is the id of the model that this is known of, if it is another one
	// than was asked about.
	Sibling string

	// Since is when the fact changed, and Before the value that it had. They are
	// zero if it did not change as far as is known.
	Since  time.Time
	Before string
}

// Source returns where a fact is from. It reports false for a name that is not
// that of a fact, and for a fact of which nothing is known. The names are those
// that [Names] returns.
func (f Facts) Source(name string) (Source, bool) {
	s, ok := f.sources[name]
	return s, ok
}

// All returns the sources of all facts that are known, in the order of [Names].
func (f Facts) All() []Source {
	var all []Source
	for _, n := range names {
		if s, ok := f.sources[n.name]; ok {
			all = append(all, s)
		}
	}
	return all
}

// Value returns a fact as a text, such as "yes" or "low, high". It is empty if
// nothing is known, or there is no fact of that name.
func (f Facts) Value(name string) string {
	for _, n := range names {
		if n.name == name {
			return show(n.field(&f))
		}
	}
	return ""
}

// Names returns the names of all facts, in the order of the fields of [Facts].
func Names() []string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = n.name
	}
	return all
}

// Override returns a copy of f after change, which may do with its argument
// what it likes. The sources of what it changed are of grade [GradeOverride]
// and hold the value before. A nil change changes nothing.
func (f Facts) Override(change func(*Facts)) Facts {
	if change == nil {
		return f
	}
	after := f
	after.clone()
	change(&after)
	after.sources = maps.Clone(f.sources)
	if after.sources == nil {
		after.sources = map[string]Source{}
	}
	for _, n := range names {
		was, is := show(n.field(&f)), show(n.field(&after))
		if was != is {
			after.sources[n.name] = Source{Name: n.name, Value: is, Grade: GradeOverride, Text: "set by the caller", Before: was}
		}
	}
	return after
}
