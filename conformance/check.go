package conformance

import (
	"context"
	"sync"
	"testing"
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
	if s.Pins != nil && s.Pins.Write {
		t.Cleanup(func() {
			if err := s.Pins.save(); err != nil {
				t.Error(err)
			}
		})
	}
	failed := &sync.Map{}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases() {
				c := caseIn(g.name, c)
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
	for _, c := range allCases() {
		if err := ctx.Err(); err != nil {
			report.Problems = append(report.Problems, "the remaining cases were not run: "+err.Error())
			break
		}
		report.Results = append(report.Results, r.explained(c))
	}
	return report
}
