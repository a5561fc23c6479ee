package probe

import (
	"context"
	"testing"
	"time"
)

// A Bench is where a check runs.
type Bench struct {
	T       *testing.T // the test to make a bubble with; nil: none
	Timeout time.Duration
	Seams   Seams

	// Begin is called as the check begins, with the context that ends when
	// the check does. It returns the subject, and a function to call when the
	// check is over.
	Begin func(ctx context.Context) (s *Subject, end func())
}

// Run runs a check and returns what it found. A check that takes longer than
// the timeout is given up.
func (b Bench) Run(check func(*Probe)) []string {
	p := &Probe{Bubble: b.T != nil, Seams: b.Seams.settled(), timeout: b.Timeout}
	fault := guard{b.T, b.Timeout}.run(func(ctx context.Context, label string) {
		p.Ctx, p.label, p.waiting = ctx, label, make(chan struct{}, 1)
		s, end := b.Begin(ctx)
		defer end()
		p.Subject = s
		if text := Caught(func() { check(p) }); text != "" {
			p.Errorf("panic: %s", text)
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	symptoms := append([]string(nil), p.symptoms...)
	if fault != "" && len(symptoms) == 0 {
		symptoms = append(symptoms, fault)
	}
	return symptoms
}
