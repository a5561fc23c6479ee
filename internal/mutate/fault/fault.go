// Package fault holds the switch of faults that package mutate compiles in.
// Nothing imports it but code that has been changed that way and its tests.
//
// The variable CHATMODEL_FAULT of the environment says which fault is on, by
// its number. With "trace" none is, and [Hits] returns those whose places were
// reached.
package fault

import (
	"os"
	"slices"
	"strconv"
	"sync"
)

// Variable is the name of the variable that switches a fault on.
const Variable = "CHATMODEL_FAULT"

var (
	active  = number(os.Getenv(Variable))
	tracing = os.Getenv(Variable) == "trace"
	hits    sync.Map // of int to struct{}
)

// number returns the fault that a value of the variable switches on, 0 for
// none.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// On reports whether fault n is on.
func On(n int) bool {
	if tracing {
		hits.Store(n, struct{}{})
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
	hits.Range(func(n, _ any) bool {
		all = append(all, n.(int))
		return true
	})
	for _, n := range all {
		hits.Delete(n)
	}
	slices.Sort(all)
	return all
}
