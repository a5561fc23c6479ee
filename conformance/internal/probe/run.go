package probe

import (
	"context"
	"testing"
	"time"
)

// A Bench runs checks.
type Bench struct {
	T       *testing.T // the test for a bubble; nil: no bubble
	Timeout time.Duration
	Seams   Seams

	// Begin is called at the beginning of the check, with a context that ends
	// with the check. It returns the subject, and a function to call at the end
	// of the check.
	Begin func(ctx context.Context) (s *Subject, end func())
}

// Run runs a check and returns its symptoms. It gives up a check that takes
// longer than the timeout.
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
