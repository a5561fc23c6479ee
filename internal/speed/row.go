package main

// A row is one line of the table.
type row struct {
	work    string // that is measured
	against string // the reference
	measure func(l *lab) ([]figure, error)
	remark  string // why a figure is not what was wanted, if so
}

// A figure is one number of a row.
type figure struct {
	value  float64
	unit   string
	wanted float64 // the most that is wanted; zero: none is named
	least  bool    // wanted is the least instead
}

// held reports whether the figure is what is wanted.
func (f figure) held() bool {
	switch {
	case f.wanted == 0 && !f.least:
		return true
	case f.least:
		return f.value >= f.wanted
	}
	return f.value <= f.wanted
}

// none is for a figure that is wanted to be zero.
const none = 1e-9

// rows are the rows of the table, most used first.
var rows = concat(deltaRows, callRows, testRows, serverRows, cassetteRows, valueRows, stepRows, startRows)

func concat(lists ...[]row) (all []row) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
