package facts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// Lookup returns what is known of the model that an id names: a base id, the id
// or ARN of an inference profile, or the ARN of a model. An ARN that does not
// name its model, as that of an application inference profile, is of an unknown
// model.
//
// A model that the table does not have behaves as its newest known sibling: of
// the same version of its line; else of the line, by version, unless other lines
// of the family are ahead of it by a generation; else of those, or of the maker,
// by date of launch. Of several that are as new, each fact is the most cautious.
// Only models that this library can reach count. Facts.Known and Facts.Sibling
// report what was found. Of a maker that the table does not have, only what holds
// for all models is known.
//
// The result is the caller's own.
func Lookup(id string) Facts { return builtin().Lookup(id) }

// Lookup is the function [Lookup] for any table.
func (t *Table) Lookup(id string) Facts {
	asked := modelid.Parse(id)
	if asked.Kind == modelid.Unknown || asked.Base == "" {
		return t.apply(modelid.ID{Base: id})
	}
	if t.has(asked.Base) {
		f := t.apply(asked)
		f.Known = true
		return f
	}
	siblings := t.siblings(asked)
	if len(siblings) == 0 {
		return t.apply(asked)
	}
	f := t.apply(siblings[0])
	for _, s := range siblings[1:] {
		other := t.apply(s)
		f.cautious(&other)
	}
	f.borrow(asked, siblings[0].Base)
	return f
}

// has reports whether the table has a model.
func (t *Table) has(base string) bool {
	_, ok := slices.BinarySearchFunc(t.models, base, func(m modelid.ID, base string) int { return cmp.Compare(m.Base, base) })
	return ok
}

// apply returns what the rows say of a model.
func (t *Table) apply(id modelid.ID) Facts {
	f := Facts{ID: id.Base, Model: id.Base, Maker: id.Maker, sources: make(map[string]Source, 64)}
	known := t.has(id.Base)
	for i := range t.rows {
		r := &t.rows[i]
		if r.ids != nil && !known || !r.matches(id) {
			continue
		}
		for j := range r.entries {
			e := &r.entries[j]
			_ = assign(e.in(&f), e.value) // readRow has tried it
			if e.source.Value == "" {
				delete(f.sources, e.text)
				continue
			}
			f.sources[e.text] = e.source
		}
	}
	return f
}

// siblings returns the models whose facts stand in for those of an unknown one.
// All are equally new.
func (t *Table) siblings(asked modelid.ID) []modelid.ID {
	var maker, line, same []modelid.ID
	launched := map[string]time.Time{}
	for _, m := range t.models {
		if m.Maker != asked.Maker {
			continue
		}
		f := t.apply(m)
		if f.Doors.Converse.No() && f.Doors.Invoke.No() {
			continue
		}
		launched[m.Base] = f.Launched
		maker = append(maker, m)
		if m.Line == asked.Line {
			line = append(line, m)
			if m.SameVersion(asked) {
				same = append(same, m)
			}
		}
	}
	switch {
	case len(same) > 0:
		return lastOfSize(same)
	case len(line) > 0:
		newest := greatest(line, func(a, b modelid.ID) int {
			return cmp.Or(cmp.Compare(a.Generation, b.Generation), cmp.Compare(a.Minor, b.Minor))
		})
		if later := ahead(maker, asked, newest[0].Generation); len(later) > 0 {
			maker = later
			break
		}
		return lastOfSize(newest)
	}
	return greatest(maker, func(a, b modelid.ID) int { return launched[a.Base].Compare(launched[b.Base]) })
}

// ahead returns the models of the newest generation that other lines have
// reached, if the line of asked has stayed behind at generation: a new Nova Pro
// is more like the second Nova Lite than like the first Nova Pro.
func ahead(models []modelid.ID, asked modelid.ID, generation int) []modelid.ID {
	if asked.Generation <= generation {
		return nil
	}
	family, _, _ := strings.Cut(asked.Line, "-")
	later := slices.DeleteFunc(slices.Clone(models), func(m modelid.ID) bool {
		other, _, _ := strings.Cut(m.Line, "-")
		return other != family || m.Generation <= generation || m.Generation > asked.Generation
	})
	return greatest(later, func(a, b modelid.ID) int { return cmp.Compare(a.Generation, b.Generation) })
}

// greatest returns the greatest of models, all of them that are equal to it.
func greatest(models []modelid.ID, compare func(a, b modelid.ID) int) []modelid.ID {
	if len(models) == 0 {
		return nil
	}
	top := slices.MaxFunc(models, compare)
	return slices.DeleteFunc(models, func(m modelid.ID) bool { return compare(m, top) != 0 })
}

// lastOfSize returns the last snapshot of each size of a version.
func lastOfSize(models []modelid.ID) []modelid.ID {
	var last []modelid.ID
	for _, m := range models {
		if !slices.ContainsFunc(models, func(other modelid.ID) bool { return other.Size == m.Size && other.Date > m.Date }) {
			last = append(last, m)
		}
	}
	return last
}

// own are the facts that no model takes over from another.
var own = []string{"model", "launched", "end_of_life", "ids.bare", "ids.regions", "ids.geographies"}

// borrow makes a sibling's facts those of the model that was asked about.
func (f *Facts) borrow(asked modelid.ID, sibling string) {
	f.ID, f.Model, f.Sibling = asked.Base, asked.Base, sibling
	f.Launched, f.EndOfLife, f.IDs = Facts{}.Launched, Facts{}.EndOfLife, IDs{}
	for name, s := range f.sources {
		if slices.Contains(own, name) {
			delete(f.sources, name)
			continue
		}
		s.Grade = GradeInferred
		s.Sibling = sibling
		f.sources[name] = s
	}
}
