package facts

import "slices"

// With returns the table with one row more, of a single source.
func (t *Table) With(of string, grade Grade, date, text string, says map[string]any) (*Table, error) {
	one, err := newTable([]row{{of, grade, date, text, says}})
	if err != nil {
		return nil, err
	}
	more := *t
	more.rows = slices.Concat(t.rows, one.rows)
	more.models = slices.Concat(t.models, one.models)
	slices.SortFunc(more.models, byBase)
	if more.date.Before(one.date) {
		more.date = one.date
	}
	return &more, nil
}
