package rules

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// AsOf is the date of the table: the last day of which documentation or a
// probe behind it speaks. Changes that are only reported since then stand in
// the layers with their date, and hold when a later date is asked for.
var AsOf = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// A row is a model that the table knows.
type row struct {
	id       string // base id
	launched string // year and month, for the newest of a maker
	with     []func(*Model)
}

// A layer is something in which models differ.
type layer struct {
	about  string // for people
	source string
	whom   whom
	since  time.Time // zero: always
	change func(*Model)
}

// A whom says which models a layer is about. Zero fields say nothing.
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

	// Traits change what plays, whatever the id. They must have been checked.
	Traits Traits
}

// Row reports whether the table has a row of that base id.
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

// Model finds what plays an id.
func (t *Table) Model(modelID string) *Model {
	id := modelid.Parse(modelID)
	if base := cmp.Or(t.Play[modelID], t.Play[id.Base]); base != "" {
		if i := slices.IndexFunc(rows, func(r row) bool { return r.id == base }); i >= 0 {
			return t.build(id, &rows[i])
		}
	}
	return t.build(id, find(&id))
}

// build makes a model of a row, with the id that it is called by.
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
		_ = m.set(name, value) // Check has tried it
	}
	id.Maker, id.Line, id.Generation, id.Minor = own.Maker, own.Line, own.Generation, own.Minor
	m.ID = id
	return m
}

// find returns the row of an id: its own, else that of the same version, else
// the newest of its line, else the newest of its maker. Of the others, those
// that only another door serves play no other model. It is nil if the maker is
// not known, or has no row.
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

// newer compares rows of one line by version, and of one maker by launch.
func newer(fit int, r *row, own *modelid.ID, than *row, thanID *modelid.ID) bool {
	if fit == 1 {
		return r.launched > than.launched
	}
	return own.Compare(*thanID) > 0
}

// served reports of the rows whether Converse or InvokeModel serves them.
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
