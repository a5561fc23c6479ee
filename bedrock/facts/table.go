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
	models []modelid.ID // known, by id
	date   time.Time
}

// A tableRow is a row, read.
type tableRow struct {
	pattern
	entries []entry
}

// An entry is a fact of a row.
type entry struct {
	*name
	value  any
	source Source // its Value is empty if the row takes a fact back
}

// builtin is this package's table. Its rows are functions, so that a program
// which never looks anything up does not make them as it starts.
var builtin = sync.OnceValue(func() *Table {
	t, err := newTable(slices.Concat(everybody(), noS3(), anthropic(), amazon(), openai(), meta(), mistral(), qwen(), others()))
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
		r, date, err := readRow(&rows[i])
		if err != nil {
			return nil, fmt.Errorf("facts: row %q: %w", rows[i].of, err)
		}
		if t.date.Before(date) {
			t.date = date
		}
		for _, id := range r.ids {
			if !known[id] {
				known[id] = true
				t.models = append(t.models, modelid.Parse(id))
			}
		}
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.models, byBase)
	return t, nil
}

// byBase orders models by their base ids.
func byBase(a, b modelid.ID) int { return cmp.Compare(a.Base, b.Base) }

// readRow reads a row and its date. Every name and every value is tried here, so
// that a mistake in the table shows when the table is made.
func readRow(r *row) (tableRow, time.Time, error) {
	var read tableRow
	date, err := time.Parse(time.DateOnly, r.date)
	if err != nil {
		return read, date, err
	}
	if read.pattern, err = readPattern(r.of); err != nil {
		return read, date, err
	}
	for name, value := range r.facts {
		e := entry{name: byName()[name], value: value, source: Source{Name: name, Grade: r.grade, Date: date, Text: r.text}}
		if e.name == nil {
			return read, date, fmt.Errorf("%q is not the name of a fact", name)
		}
		if c, ok := value.(changed); ok {
			e.value, e.source.Before = c.now, fmt.Sprint(c.before)
			if e.source.Since, err = time.Parse(time.DateOnly, c.since); err != nil {
				return read, date, fmt.Errorf("%q: %w", name, err)
			}
		}
		var scratch Facts
		field := e.in(&scratch)
		if err := assign(field, e.value); err != nil {
			return read, date, fmt.Errorf("%q: %w", name, err)
		}
		e.source.Value = show(field)
		read.entries = append(read.entries, e)
	}
	return read, date, nil
}

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
	less.models = slices.DeleteFunc(slices.Clone(t.models), func(m modelid.ID) bool {
		return slices.ContainsFunc(ids, func(id string) bool {
			gone := modelid.Parse(id)
			return gone.Base == m.Base || gone.Maker == m.Maker && gone.Line == m.Line && gone.SameVersion(m)
		})
	})
	return &less
}
