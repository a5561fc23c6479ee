package facts

import (
	"maps"
	"strings"
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
	Name  string    `json:"name"`          // of the fact, such as "sampling.temperature"
	Value string    `json:"value"`         // as a text, such as "yes" or "low, high"
	Grade Grade     `json:"grade"`         // how sure it is
	Date  time.Time `json:"date,omitzero"` // when that was seen or published; zero: not known
	Text  string    `json:"text"`          // who says so, or what was seen

	// Sibling is the id of the model that this is known of, if it is another one
	// than was asked about.
	Sibling string `json:"sibling,omitempty"`

	// Since is when the fact changed, and Before the value that it had. They are
	// zero if it did not change as far as is known.
	Since  time.Time `json:"since,omitzero"`
	Before string    `json:"before,omitempty"`
}

// Source returns where a fact is from. It reports false for a name that is not
// that of a fact, and for a fact of which nothing is known.
//
// The name of a fact is the path of its field in small letters, such as
// "tools.use" for Facts.Tools.Use, or "sampling.top_p_min". The path of a group,
// such as "thinking.replay", stands for all that is known of its facts: the
// source is that of the newest, and the value lists them all.
func (f Facts) Source(name string) (Source, bool) {
	if s, ok := f.sources[name]; ok {
		return s, true
	}
	var group Source
	var values []string
	for _, s := range f.All() {
		if member, ok := strings.CutPrefix(s.Name, name+"."); ok {
			values = append(values, member+": "+s.Value)
			if len(values) == 1 || s.Date.After(group.Date) {
				group = s
			}
		}
	}
	group.Name, group.Value = name, strings.Join(values, ", ")
	if values == nil {
		return Source{}, false
	}
	return group, true
}

// All returns the sources of all facts that are known, in the order of the
// fields.
func (f Facts) All() []Source {
	var all []Source
	for _, n := range names() {
		if s, ok := f.sources[n.text]; ok {
			all = append(all, s)
		}
	}
	return all
}

// Value returns a fact as a text, such as "yes" or "low, high". It is empty if
// nothing is known, or there is no fact of that name.
func (f Facts) Value(name string) string {
	n, ok := byName()[name]
	if !ok {
		return ""
	}
	return show(n.in(&f))
}

// Names returns the names of all facts, in the order of the fields.
func Names() []string {
	var all []string
	for _, n := range names() {
		all = append(all, n.text)
	}
	return all
}

// Override returns a copy of f after change, which may do with its argument
// what it likes. The sources of what it changed are of grade [GradeOverride]
// and hold the value before; what it took over from another lookup, as in
// *f = facts.Lookup("anthropic.claude-opus-5"), keeps the source that it has
// there. A nil change changes nothing.
func (f Facts) Override(change func(*Facts)) Facts {
	if change == nil {
		return f
	}
	after := f
	after.clone()
	change(&after)
	taken := after.sources
	after.sources = maps.Clone(f.sources)
	if after.sources == nil {
		after.sources = map[string]Source{}
	}
	for _, n := range names() {
		was, is := show(n.in(&f)), show(n.in(&after))
		if s, ok := taken[n.text]; ok && s.Value == is {
			after.sources[n.text] = s
		} else if was != is {
			after.sources[n.text] = Source{Name: n.text, Value: is, Grade: GradeOverride, Text: "set by the caller", Before: was}
		}
	}
	return after
}

// Confirm returns a copy of f in which the named facts count as the caller's own
// word, of grade [GradeOverride], though their values stay. It is for what has
// been seen to be as a sibling's facts have it. Names that no fact has are
// passed over.
func (f Facts) Confirm(names ...string) Facts {
	f.sources = maps.Clone(f.sources)
	if f.sources == nil {
		f.sources = map[string]Source{}
	}
	for _, text := range names {
		n, ok := byName()[text]
		if !ok {
			continue
		}
		s := f.sources[text]
		s.Name, s.Value = text, show(n.in(&f))
		s.Grade, s.Sibling = GradeOverride, ""
		f.sources[text] = s
	}
	return f
}
