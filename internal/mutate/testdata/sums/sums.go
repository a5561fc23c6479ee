// Command sums is for the test of package mutate: a fault of every kind can be
// put into it.
package main

import "errors"

type Name string

type Sum struct {
	Name  Name
	Total int
}

// Add adds up what is within bounds.
func Add(name Name, all []int, most int) (Sum, error) {
	if name == "" {
		name = "sum"
	}
	s := Sum{Name: name}
	for _, n := range all {
		if n < 0 || n > most {
			continue
		}
		s.Total += n - 2
	}
	return s, check(s, true)
}

var errEmpty = errors.New("nothing to add up")

func check(s Sum, strict bool) error {
	var err error
	if strict && s.Total == 0 {
		err = errEmpty
	}
	return err
}

// Even reports whether a sum is even.
func Even(s Sum) bool { return s.Total%2 == 0 }
