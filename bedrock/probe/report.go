package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// A Verdict is what a finding says of the table.
type Verdict string

// The verdicts.
const (
	Agrees  Verdict = "agrees"    // was seen as the table has it
	Differs Verdict = "differs"   // was seen otherwise
	New     Verdict = "new"       // was seen, and the table does not know it
	Unclear Verdict = "unclear"   // the calls do not show it
	Left    Verdict = "not asked" // Finding.Said says why
)

// A Finding is what was seen of one fact.
type Finding struct {
	Fact    string       `json:"fact"`
	Verdict Verdict      `json:"verdict"`
	Table   string       `json:"table"`             // what the table says; empty: nothing
	Source  facts.Source `json:"source,omitzero"`   // where the table has that from
	Seen    string       `json:"seen"`              // a text as of facts.Facts.Value; empty: nothing
	Asked   string       `json:"asked"`             // what was sent, in words
	Said    string       `json:"said,omitempty"`    // the service's words, or why nothing was seen
	Literal string       `json:"literal,omitempty"` // Seen in the Go form of the table
	Request string       `json:"request,omitempty"` // the id of the last call
}

// A Report is what a run has seen. It is JSON and back. Its methods change
// nothing, and are safe for concurrent use.
type Report struct {
	Model    string         `json:"model"`
	Base     string         `json:"base,omitempty"` // the id of the base model
	Format   bedrock.Format `json:"format,omitempty"`
	Endpoint string         `json:"endpoint"`
	Region   string         `json:"region,omitempty"`
	Began    time.Time      `json:"began"`
	Ended    time.Time      `json:"ended"`
	Table    time.Time      `json:"table"` // the date of the table of facts

	// Incomplete says why the run did not come to its end; empty: it did.
	Incomplete string `json:"incomplete,omitempty"`

	Findings []Finding `json:"findings,omitempty"`
	Score    *Scores   `json:"score,omitempty"` // of an endpoint, by [Score]

	Calls  int     `json:"calls"`
	Input  int     `json:"input_tokens"`
	Output int     `json:"output_tokens"`
	Cost   float64 `json:"cost"`
	Budget float64 `json:"budget,omitempty"`
}

// ReadReport reads a report from JSON.
func ReadReport(in io.Reader) (*Report, error) {
	d := json.NewDecoder(in)
	d.DisallowUnknownFields()
	r := new(Report)
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("probe: this is not a report: %w", err)
	}
	if r.Model == "" {
		return nil, errors.New("probe: this is not a report: it names no model")
	}
	return r, nil
}

// WriteJSON writes the report as JSON, for [ReadReport].
func (r *Report) WriteJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	return e.Encode(r)
}

// Of returns the findings of some verdicts, in their order.
func (r *Report) Of(verdicts ...Verdict) []Finding {
	var all []Finding
	for _, f := range r.Findings {
		if slices.Contains(verdicts, f.Verdict) {
			all = append(all, f)
		}
	}
	return all
}

func (r *Report) account(a *account) {
	r.Calls, r.Input, r.Output, r.Cost = a.calls, a.in, a.out, a.spent
}

// find notes what a question has shown.
func (r *run) find(q *question, sights []sight, so []*answer) {
	last := so[len(so)-1]
	said := saidIn(so)
	for _, s := range sights {
		f := Finding{Fact: s.fact, Asked: q.asks, Said: said, Request: last.requestID}
		in := shown[s.fact]
		known := in(&r.table)
		f.Table = valueOf(known).text
		f.Source, _ = r.table.Source(s.fact)
		switch {
		case s.doubt != "":
			f.Verdict = Unclear
			f.Said = s.doubt
			if said != "" {
				f.Said += ": " + said
			}
		case same(known, f.Table, s.value):
			f.Verdict = Agrees
		case isUnknown(known):
			f.Verdict = New
		default:
			f.Verdict = Differs
		}
		if s.doubt == "" {
			field := in(&r.facts)
			if err := put(field, s.value); err != nil {
				panic("probe: " + s.fact + ": " + err.Error()) // questions see values of their facts
			}
			v := valueOf(field)
			f.Seen, f.Literal = v.text, v.literal
		}
		r.report.Findings = append(r.report.Findings, f)
	}
}

// saidIn returns what the service said of the last refused call.
func saidIn(so []*answer) string {
	for _, a := range slices.Backward(so) {
		if !a.ok() {
			return a.message
		}
	}
	return ""
}

// leave notes that a question was not asked.
func (r *run) leave(q *question, why string) {
	for _, name := range q.facts {
		f := Finding{Fact: name, Verdict: Left, Asked: q.asks, Said: why, Table: r.tableValue(name)}
		f.Source, _ = r.table.Source(name)
		r.report.Findings = append(r.report.Findings, f)
	}
}

// resume takes over what an earlier run has seen, and what that cost.
func (r *run) resume(before *Report) error {
	for _, f := range before.Findings {
		in := shown[f.Fact]
		if in == nil {
			return fmt.Errorf("the report to be continued has a finding on %q, which is not a fact", f.Fact)
		}
		switch f.Verdict {
		case Left:
			continue // it may be asked by now
		case Agrees, Differs, New:
			if err := put(in(&r.facts), f.Seen); err != nil {
				return fmt.Errorf("the report to be continued: %s: %w", f.Fact, err)
			}
		}
		r.report.Findings = append(r.report.Findings, f)
	}
	r.report.Began = before.Began
	r.cost.calls, r.cost.in, r.cost.out, r.cost.spent = before.Calls, before.Input, before.Output, before.Cost
	return nil
}

// known reports whether the report has a finding on what a question asks.
func (r *run) known(q *question) bool {
	return slices.ContainsFunc(r.report.Findings, func(f Finding) bool { return f.Fact == q.facts[0] })
}
