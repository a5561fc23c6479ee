package conformance

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// A runner runs cases on a subject.
type runner struct {
	subject *Subject
	t       *testing.T // the test to make bubbles with; nil: none
	name    string     // of the running test, for instructions; may be empty
	seams   probe.Seams
	failed  *sync.Map // ID to whether it fails, of cases that others rest on
}

// explained is run that says of a failure which other one is its cause: that
// of the first case which this one rests on and which fails as well.
func (r runner) explained(c Case) Result {
	result := r.run(c)
	if result.Status != Failed {
		return result
	}
	for _, id := range c.rests() {
		if r.fails(id) {
			result.CausedBy, result.Failure.CausedBy = id, id
			break
		}
	}
	return result
}

// fails reports whether a case fails. It runs the case once.
func (r runner) fails(id ID) bool {
	if known, ok := r.failed.Load(id); ok {
		return known.(bool)
	}
	for _, c := range allCases() {
		if c.ID == id {
			failed := r.run(c).Status == Failed
			r.failed.Store(id, failed)
			return failed
		}
	}
	return false
}

// run runs one case, if it applies.
func (r runner) run(c Case) Result {
	result := Result{ID: c.ID, Group: c.Group, Name: c.Name, Rule: c.Rule}
	if why := c.applies(r.subject); why != "" {
		result.Status, result.Reason = Skipped, why
		return result
	}
	start := time.Now()
	symptoms, seen := r.symptoms(&c)
	result.Duration = time.Since(start)
	reason, declared := r.subject.Gaps[c.ID]
	if r.pins(&c) && declared == (len(symptoms) > 0) {
		if differences := r.subject.Pins.compare(&c, seen); len(differences) > 0 {
			symptoms, declared = differences, false
		}
	}
	switch {
	case declared && len(symptoms) == 0:
		symptoms = []string{"the case passes, but is declared as a gap (" + reason + "); take it off the list"}
	case declared:
		result.Status, result.Reason = Gap, reason
		return result
	case len(symptoms) == 0:
		result.Status = Passed
		return result
	}
	result.Status = Failed
	result.Failure = r.failure(&c, symptoms)
	return result
}

// pins reports whether what a case sees is compared with what is pinned.
func (r runner) pins(c *Case) bool { return r.subject.Pins != nil && r.t != nil && c.pinned() }

// symptoms runs the check and returns what it found, and what was sent and
// returned if that is pinned.
func (r runner) symptoms(c *Case) (found []string, seen map[string]probe.Note) {
	bench := probe.Bench{T: r.t, Timeout: r.subject.timeout(), Seams: r.seams}
	var notes atomic.Pointer[probe.Notes]
	bench.Begin = func(ctx context.Context) (*probe.Subject, func()) {
		env := &Env{Context: ctx, Case: c.ID, Bubble: r.t != nil}
		if r.pins(c) {
			env.notes = &probe.Notes{}
			notes.Store(env.notes)
		}
		return r.subject.known(env), env.close
	}
	found = bench.Run(c.check)
	return found, notes.Load().Seen() // a check that hangs notes on, or has not begun
}

// failure describes a failed case. Secrets are taken out of the symptoms,
// which may quote the subject's errors.
func (r runner) failure(c *Case, symptoms []string) *Failure {
	f := &Failure{ID: c.ID, Group: c.Group, Name: c.Name, Rule: c.Rule, Case: c.Where()}
	for _, s := range symptoms {
		for _, secret := range r.subject.Secrets {
			if secret != "" {
				s = strings.ReplaceAll(s, secret, "[secret]")
			}
		}
		f.Symptoms = append(f.Symptoms, s)
	}
	if r.name != "" {
		f.Again = "go test -run '" + r.name + "$'"
	}
	return f
}
