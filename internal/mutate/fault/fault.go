// Package fault holds the switch of faults that package mutate compiles in.
// Nothing imports it but code that has been changed that way and its tests.
//
// The variable CHATMODEL_FAULT of the environment says which fault is on, by
// its number. With "trace" none is, and [Hits] returns those whose places were
// reached. A process that cannot call Hits is given the name of a file by
// CHATMODEL_FAULT_HITS, and adds a line with the number of each to it.
package fault

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

// Variables of the environment.
const (
	Variable     = "CHATMODEL_FAULT"      // switches a fault on
	HitsVariable = "CHATMODEL_FAULT_HITS" // names a file for what is reached
)

var (
	active  = number(os.Getenv(Variable))
	tracing = os.Getenv(Variable) == "trace"
	hits    [1 << 14]atomic.Bool // by number; more are not noted
	file    = open(os.Getenv(HitsVariable))
)

// open returns the file for what is reached, nil without a name.
func open(name string) *os.File {
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err) // the process was started for it
	}
	return f
}

// number returns the fault that a value of the variable switches on, 0 for
// none.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// On reports whether fault n is on.
func On(n int) bool {
	// Tracing allocates nothing, so that tests which count allocations pass.
	if tracing && n < len(hits) && !hits[n].Load() && !hits[n].Swap(true) && file != nil {
		fmt.Fprintln(file, n)
	}
	return n == active
}

// Pick returns faulty if fault n is on and right otherwise.
func Pick[T any](n int, faulty, right T) T {
	if On(n) {
		return faulty
	}
	return right
}

// Not returns cond, negated if fault n is on.
func Not(n int, cond bool) bool { return On(n) != cond }

// Zero returns v, or the zero value if fault n is on.
func Zero[T any](n int, v T) T {
	if On(n) {
		var zero T
		return zero
	}
	return v
}

// Hits returns the faults whose places were reached since the last call, in
// order. It is for one caller at a time.
func Hits() []int {
	var all []int
	for n := range hits {
		if hits[n].Load() {
			hits[n].Store(false)
			all = append(all, n)
		}
	}
	return all
}
