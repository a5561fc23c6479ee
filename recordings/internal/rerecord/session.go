package main

import (
	"errors"
	"fmt"
	"slices"
)

// A session is the recording of one scenario. It takes the place of a test: its
// cassette is written at its end, if it has not failed.
type session struct {
	name     string
	problems []error
	cleanups []func()
}

func (s *session) Name() string                      { return s.name }
func (s *session) Helper()                           {}
func (s *session) Logf(string, ...any)               {} // would repeat the failures
func (s *session) Fatalf(format string, args ...any) { s.Errorf(format, args...) }
func (s *session) Failed() bool                      { return len(s.problems) > 0 }
func (s *session) Cleanup(f func())                  { s.cleanups = append(s.cleanups, f) }

func (s *session) Errorf(format string, args ...any) {
	s.problems = append(s.problems, fmt.Errorf(format, args...))
}

// end runs the cleanups, the last one first.
func (s *session) end() {
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
	s.cleanups = nil
}

func (s *session) err() error { return errors.Join(s.problems...) }
