package conformance

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// Test runs all cases that apply to the subject as subtests, named
// group/Name, so that -run selects among them:
//
//	go test -run 'TestConformance/thinking'
//	go test -run 'TestConformance/thinking/SignatureRoundTrip$'
//
// A case that does not apply is skipped with the reason, a declared gap is
// logged and fails once it passes.
func Test(t *testing.T, s Subject) {
	t.Helper()
	for _, p := range s.problems() {
		t.Error(p)
	}
	failed := &sync.Map{}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases() {
				c.Group = g.name
				t.Run(c.Name, func(t *testing.T) { testCase(t, &s, c, failed) })
			}
		})
	}
}

func testCase(t *testing.T, s *Subject, c Case, failed *sync.Map) {
	t.Attr("conformance.id", string(c.ID))
	r := runner{subject: s, name: t.Name(), failed: failed}
	if s.InMemory {
		t.Parallel()
		r.t = t
	}
	switch result := r.explained(c); result.Status {
	case Failed:
		t.Error(result.Failure.Error())
	case Gap:
		t.Logf("%s, a declared gap: %s", c.ID, result.Reason)
	case Skipped:
		t.Skipf("%s: %s", c.ID, result.Reason)
	}
}

// Check runs all cases that apply to the subject, one after the other, and
// reports on them. It needs no test, and uses no bubble: what a case must wait
// for takes its time. When ctx ends, the remaining cases are not run, and the
// report says so.
func Check(ctx context.Context, s Subject) *Report {
	report := &Report{Subject: s.Name, Problems: s.problems()}
	r := runner{subject: &s, failed: &sync.Map{}}
	for _, c := range Cases() {
		if err := ctx.Err(); err != nil {
			report.Problems = append(report.Problems, "the remaining cases were not run: "+err.Error())
			break
		}
		report.Results = append(report.Results, r.explained(c))
	}
	return report
}

// A runner runs cases on a subject.
type runner struct {
	subject *Subject
	t       *testing.T // the test to make bubbles with; nil: none
	name    string     // of the running test, for instructions; may be empty
	seams   seams
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
	for _, c := range Cases() {
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
	symptoms := r.symptoms(&c)
	result.Duration = time.Since(start)
	reason, declared := r.subject.Gaps[c.ID]
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

// symptoms runs the check and returns what it found.
func (r runner) symptoms(c *Case) []string {
	p := &probe{subject: r.subject, seams: settledSeams(r.seams)}
	g := guard{t: r.t, timeout: r.subject.timeout()}
	fault := g.run(func(ctx context.Context, label string) {
		p.env = &Env{Context: ctx, Case: c.ID, Bubble: r.t != nil}
		p.ctx, p.label, p.waiting = ctx, label, make(chan struct{}, 1)
		defer p.env.close()
		if text := caught(func() { c.check(p) }); text != "" {
			p.errorf("panic: %s", text)
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
