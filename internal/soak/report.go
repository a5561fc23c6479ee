package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A report counts what came.
type report struct {
	took time.Duration

	mu          sync.Mutex
	rows        map[string]*counts // by the fault's name
	lost, wrong []string           // the first few
	leftovers   []string
}

// counts are what came of the calls with one fault.
type counts struct {
	calls, whole, lost, wrong int
	kinds                     map[model.ErrorKind]int
}

// newReport returns a report with a row for every fault, also for one that is
// never drawn.
func newReport() *report {
	r := &report{rows: map[string]*counts{}}
	for _, f := range faults {
		r.rows[f.name] = &counts{kinds: map[model.ErrorKind]int{}}
	}
	return r
}

// few is how many calls that went astray are listed one by one.
const few = 20

// add counts the result of a call. Of those that went astray it lists the first
// few, with all that is needed to make the call again.
func (r *report) add(c *call, x result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row := r.rows[c.fault().name]
	row.calls++
	if x.whole {
		row.whole++
	} else {
		row.kinds[x.kind]++
	}
	told := func(why string) string {
		return fmt.Sprintf("call %d of seed %d (%s at %d, door %d, streamed %v): %s", c.number, c.seed, c.fault().name, c.place, c.door, c.streamed, why)
	}
	if x.lost != "" {
		if row.lost++; len(r.lost) < few {
			r.lost = append(r.lost, told(x.lost))
		}
	}
	if x.wrong != "" {
		if row.wrong++; len(r.wrong) < few {
			r.wrong = append(r.wrong, told(x.wrong))
		}
	}
}

// left notes that n of something are still there at the end. Zero is nothing to
// note.
func (r *report) left(what string, n int) {
	if n > 0 {
		r.leftovers = append(r.leftovers, fmt.Sprintf("%d %s", n, what))
	}
}

// clean reports whether no call went astray and nothing is left over.
func (r *report) clean() bool { return len(r.lost)+len(r.wrong)+len(r.leftovers) == 0 }

// table returns the report for a reader.
func (r *report) table() string {
	var b strings.Builder
	var all counts
	fmt.Fprintf(&b, "%-25s %8s %8s %6s %6s  %s\n", "fault", "calls", "whole", "lost", "wrong", "errors by kind")
	for _, f := range faults {
		row := r.rows[f.name]
		all.calls += row.calls
		all.whole += row.whole
		all.lost += row.lost
		all.wrong += row.wrong
		fmt.Fprintf(&b, "%-25s %8d %8d %6d %6d  %s\n", f.name, row.calls, row.whole, row.lost, row.wrong, kindsOf(row.kinds))
	}
	fmt.Fprintf(&b, "%-25s %8d %8d %6d %6d\n", "all", all.calls, all.whole, all.lost, all.wrong)
	for _, line := range slices.Concat(r.lost, r.wrong) {
		fmt.Fprintln(&b, line)
	}
	left := "nothing"
	if len(r.leftovers) > 0 {
		left = strings.Join(r.leftovers, ", ")
	}
	fmt.Fprintf(&b, "soak: %d calls in %v, whole %d, lost %d, wrong %d, left over: %s\n", all.calls, r.took.Round(time.Millisecond), all.whole, all.lost, all.wrong, left)
	return b.String()
}

// kindsOf lists the errors by kind, in a fixed order.
func kindsOf(kinds map[model.ErrorKind]int) string {
	var all []string
	for kind, n := range kinds {
		all = append(all, fmt.Sprintf("%v %d", kind, n))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
