package facts

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// A Table is what is known of all models. It is safe for concurrent use.
type Table struct {
	rows   []tableRow
	models []knownModel // by id
	date   time.Time
}

// A knownModel is a model that the table has.
type knownModel struct {
	modelid.ID
	launched  time.Time
	reachable bool // by a door of this library
}

// A tableRow is a row, read.
type tableRow struct {
	*row
	pattern
	date time.Time
}

// builtin is this package's table.
var builtin = sync.OnceValue(func() *Table {
	t, err := newTable(slices.Concat(everybody, anthropic, amazon, openai, meta, mistral, qwen, others))
	if err != nil {
		panic(err) // a mistake in the table, which every test of this package finds
	}
	return t
})

// newTable reads rows.
func newTable(rows []row) (*Table, error) {
	t := &Table{}
	known := map[string]bool{}
	for i := range rows {
		r := tableRow{row: &rows[i]}
		var err error
		if r.pattern, err = readPattern(r.of); err != nil {
			return nil, fmt.Errorf("facts: row %d: pattern: %w", i, err)
		}
		if r.date, err = time.Parse(time.DateOnly, r.row.date); err != nil {
			return nil, fmt.Errorf("facts: row %q: %w", r.of, err)
		}
		var scratch Facts
		for name, value := range r.facts {
			if err := scratch.set(r.source(name, value), value); err != nil {
				return nil, fmt.Errorf("facts: row %q: %w", r.of, err)
			}
		}
		if t.date.Before(r.date) {
			t.date = r.date
		}
		for _, id := range r.ids {
			if !known[id] {
				known[id] = true
				t.models = append(t.models, knownModel{ID: modelid.Parse(id)})
			}
		}
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.models, func(a, b knownModel) int { return cmp.Compare(a.Base, b.Base) })
	for i := range t.models {
		f := t.apply(t.models[i].ID)
		t.models[i].launched = f.Launched
		t.models[i].reachable = !f.Doors.Converse.No() || !f.Doors.Invoke.No()
	}
	return t, nil
}

// source returns where a value of the row is from.
func (r *tableRow) source(name string, value any) Source {
	s := Source{Name: name, Grade: r.grade, Date: r.date, Text: r.text}
	if c, ok := value.(changed); ok {
		s.Since, _ = time.Parse(time.DateOnly, c.since)
		s.Before = fmt.Sprint(c.before)
	}
	return s
}

// set sets a fact and where it is from.
func (f *Facts) set(s Source, value any) error {
	if c, ok := value.(changed); ok {
		value = c.now
	}
	field, ok := fields()[s.Name]
	if !ok {
		return fmt.Errorf("%q is not the name of a fact", s.Name)
	}
	if err := assign(field(f), value); err != nil {
		return fmt.Errorf("%q: %w", s.Name, err)
	}
	if f.sources == nil {
		f.sources = map[string]Source{}
	}
	s.Value = show(field(f))
	if s.Value == "" { // no longer known
		delete(f.sources, s.Name)
		return nil
	}
	f.sources[s.Name] = s
	return nil
}

// fields returns the fields by name.
var fields = sync.OnceValue(func() map[string]func(*Facts) any {
	m := make(map[string]func(*Facts) any, len(names))
	for _, n := range names {
		m[n.name] = n.field
	}
	return m
})

// Date returns the day of the newest evidence in the table.
func Date() time.Time { return builtin().date }

// Date returns the day of the newest evidence in the table.
func (t *Table) Date() time.Time { return t.date }

// Models returns the base ids of all models that the table has, in order.
func Models() []string { return builtin().Models() }

// Models returns the base ids of all models that the table has, in order.
func (t *Table) Models() []string {
	ids := make([]string, len(t.models))
	for i, m := range t.models {
		ids[i] = m.Base
	}
	return ids
}

// Without returns the table as it was before models with the given base ids
// were known: without them, and without all others of their line that have the
// same generation and minor version. Ids that it does not have change nothing.
func Without(ids ...string) *Table { return builtin().Without(ids...) }

// Without is the function [Without] for any table.
func (t *Table) Without(ids ...string) *Table {
	less := *t
	less.models = slices.DeleteFunc(slices.Clone(t.models), func(m knownModel) bool {
		return slices.ContainsFunc(ids, func(id string) bool {
			gone := modelid.Parse(id)
			return gone.Base == m.Base || gone.Maker == m.Maker && gone.Line == m.Line && gone.SameVersion(m.ID)
		})
	})
	return &less
}
