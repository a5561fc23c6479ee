package rules

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// AsOf is the date of the table: the day of the latest documentation or probe
// that it is based on. Later changes that were only reported are layers with a
// date. They hold if the caller asks for that date or a later one.
var AsOf = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// A row is a model that the table knows.
type row struct {
	id       string // base id
	launched string // year and month; they decide which model is a maker's newest
	with     []func(*Model)
}

// A layer is a difference between models.
type layer struct {
	about  string // in words, for RULES.md
	source string
	whom   whom
	since  time.Time // zero: always
	change func(*Model)
}

// A whom selects the models of a layer. Zero fields select all.
type whom struct {
	maker      string
	lines      []string
	from, till [2]int // generation and minor version; till is not included
}

func (w whom) fits(id *modelid.ID) bool {
	switch {
	case w.maker != id.Maker:
		return false
	case len(w.lines) > 0 && !slices.Contains(w.lines, id.Line):
		return false
	case !atLeast(id, w.from[0], w.from[1]):
		return false
	}
	return w.till == [2]int{} || !atLeast(id, w.till[0], w.till[1])
}

// A Table finds models. The zero value is the table as of [AsOf].
type Table struct {
	Date time.Time         // for which changes hold; zero: AsOf
	Play map[string]string // by model id: the base id of the row to play it by

	// Traits override properties of every model. Traits.Check must have
	// accepted them.
	Traits Traits
}

// Row reports whether the table has a row with that base id.
func Row(base string) bool {
	return slices.ContainsFunc(rows, func(r row) bool { return r.id == base })
}

// Rows returns the base ids of all rows, in the order of the table.
func Rows() []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	return ids
}

// Model returns the model that plays an id.
func (t *Table) Model(modelID string) *Model {
	id := modelid.Parse(modelID)
	if base := cmp.Or(t.Play[modelID], t.Play[id.Base]); base != "" {
		if i := slices.IndexFunc(rows, func(r row) bool { return r.id == base }); i >= 0 {
			return t.build(id, &rows[i])
		}
	}
	return t.build(id, find(&id))
}

// build returns the model of a row, with the id that it is called by.
func (t *Table) build(id modelid.ID, r *row) *Model {
	if r == nil {
		return &Model{ID: id}
	}
	date := t.Date
	if date.IsZero() {
		date = AsOf
	}
	own := modelid.Parse(r.id)
	m := &Model{ID: own, Row: r.id, Known: r.id == id.Base}
	for _, l := range layers {
		if l.whom.fits(&own) && !l.since.After(date) {
			l.change(m)
		}
	}
	for _, change := range r.with {
		change(m)
	}
	for name, value := range t.Traits {
		_ = m.set(name, value) // Check has accepted it
	}
	id.Maker, id.Line, id.Generation, id.Minor = own.Maker, own.Line, own.Generation, own.Minor
	m.ID = id
	return m
}

// find returns the row for an id: its own, else that of the same version, else
// the newest of its line, else the newest of its maker. The last two are never
// rows that only another API serves. It returns nil if the maker is not known
// or has no such row.
func find(id *modelid.ID) *row {
	var best *row
	var bestID modelid.ID
	bestFit := 0
	for i, own := range parsed() {
		r := &rows[i]
		if own.Maker != id.Maker {
			continue
		}
		fit := 1
		switch {
		case r.id == id.Base:
			return r
		case own.Line == id.Line && own.SameVersion(*id) && own.Date == id.Date && own.Size == id.Size:
			fit = 4
		case own.Line == id.Line && own.SameVersion(*id):
			fit = 3
		case own.Line == id.Line:
			fit = 2
		}
		if fit < 3 && !served()[i] {
			continue
		}
		if fit > bestFit || fit == bestFit && newer(fit, r, &own, best, &bestID) {
			best, bestID, bestFit = r, own, fit
		}
	}
	return best
}

// newer reports whether a row is newer: by version within a line, by launch
// within a maker.
func newer(fit int, r *row, own *modelid.ID, than *row, thanID *modelid.ID) bool {
	if fit == 1 {
		return r.launched > than.launched
	}
	return own.Compare(*thanID) > 0
}

// served reports for each row whether Converse or InvokeModel serves it.
var served = sync.OnceValue(func() []bool {
	all := make([]bool, len(rows))
	for i := range rows {
		all[i] = (&Table{}).build(parsed()[i], &rows[i]).NotServed == ""
	}
	return all
})

// parsed returns the ids of the rows.
var parsed = sync.OnceValue(func() []modelid.ID {
	ids := make([]modelid.ID, len(rows))
	for i, r := range rows {
		ids[i] = modelid.Parse(r.id)
	}
	return ids
})
