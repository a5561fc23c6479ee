package bedrock

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// A VetReport lists everything of a request that would be changed, dropped or
// refused before it is sent. It is made by [Vet].
type VetReport struct {
	ModelID string `json:"model_id"`
	Door    string `json:"door"`              // converse, or invoke and a format
	Sibling string `json:"sibling,omitempty"` // the model whose facts stand in for those of one that is not known

	Findings []VetFinding `json:"findings"`
}

// A VetFinding is one thing that would be changed, dropped or refused.
type VetFinding struct {
	// Calls are those that it is found in: "generate", "stream" or both.
	Calls []string `json:"calls"`

	Action model.WarningAction `json:"action,omitempty"` // what would be done; empty: the request is refused
	Kind   model.ErrorKind     `json:"kind,omitempty"`   // of a refusal
	Field  string              `json:"field"`            // of the request, such as "temperature"
	Reason string              `json:"reason"`           // as in the warning or the error
	Advice string              `json:"advice"`           // what to do

	// Fact is the name of the fact about the model that decided, such as
	// "sampling.temperature", and Source where that is known from. They are
	// empty where a rule of the service or of the body's format decided.
	Fact   string        `json:"fact,omitempty"`
	Source *facts.Source `json:"source,omitempty"`
}

// Refused reports whether the request would not be sent.
func (r *VetReport) Refused() bool {
	for _, f := range r.Findings {
		if f.Kind != "" {
			return true
		}
	}
	return false
}

// Vet reports what would become of a request to a model, without a network or
// an account. It reports every problem, not just the first, for both Generate
// and Stream, as a model made by [New] with the same options would decide.
//
// Vet does not look up the model behind an application inference profile; name
// it in Options.BaseModel. The report says nothing of what only the service can
// know, such as whether the account may use the model. The error is about the
// arguments alone.
func Vet(modelID string, req *model.Request, options *Options) (*VetReport, error) {
	var o Options
	if options != nil {
		o = *options
	}
	c := call{"vet", modelID}
	if err := c.checkNames(&o); err != nil {
		return nil, err
	}
	m, err := c.model(&o)
	if err != nil {
		return nil, err
	}
	behind := m.known()
	r := &VetReport{ModelID: modelID, Door: m.door.name(), Sibling: behind.facts.Sibling, Findings: []VetFinding{}}
	for _, stream := range []bool{false, true} {
		name := "generate"
		if stream {
			name = "stream"
		}
		for _, f := range plan.Findings(req, m.input(optionsOf(req), &behind.facts, stream)) {
			r.add(name, f, behind)
		}
	}
	return r, nil
}

// add notes a finding of a call, once for both.
func (r *VetReport) add(call string, f plan.Finding, behind *subject) {
	for i := range r.Findings {
		have := &r.Findings[i]
		if have.Action == f.Action && have.Kind == f.Kind && have.Field == f.Field && have.Reason == f.Reason {
			if have.Calls[len(have.Calls)-1] != call {
				have.Calls = append(have.Calls, call)
			}
			return
		}
	}
	v := VetFinding{Calls: []string{call}, Action: f.Action, Kind: f.Kind, Field: f.Field, Reason: f.Reason, Fact: f.Fact}
	if f.Fact != "" {
		if s, ok := behind.facts.Source(f.Fact); ok {
			v.Source = &s
		}
	}
	v.Advice = v.advice()
	r.Findings = append(r.Findings, v)
}

// advice says what to do about a finding.
func (f *VetFinding) advice() string {
	switch {
	case f.Kind == model.ErrInvalidRequest:
		return "correct the field; no model takes it so"
	case f.Kind != "" && f.Fact != "":
		return "leave it out, or choose a model that has it; if you know better, set the fact in Options.Facts"
	case f.Kind != "":
		return "leave it out, or use another Options.Format"
	case f.Fact != "":
		return "nothing, if the change is welcome; otherwise leave it out or choose a model that takes it; if you know better, set the fact in Options.Facts"
	case f.Action == model.WarningMoved:
		return "nothing, if the new place is welcome; otherwise put it there yourself"
	}
	return "nothing, if the change is welcome; otherwise write the request so that it is not needed"
}

// String returns the report as text, a line for each finding and its source.
func (r *VetReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, by %s", r.ModelID, r.Door)
	if r.Sibling != "" {
		fmt.Fprintf(&b, "; it is not known, so that the facts of %s count", r.Sibling)
	}
	b.WriteByte('\n')
	for _, f := range r.Findings {
		b.WriteString(f.String())
	}
	if len(r.Findings) == 0 {
		b.WriteString("sent as it is\n")
	}
	return b.String()
}

// String returns the finding as text.
func (f VetFinding) String() string {
	var b strings.Builder
	what := string(f.Action)
	if f.Kind != "" {
		what = "refused (" + string(f.Kind) + ")"
	}
	b.WriteString(what)
	if f.Field != "" {
		b.WriteString(" " + f.Field)
	}
	b.WriteString(": " + f.Reason)
	if len(f.Calls) == 1 {
		b.WriteString(" (in " + f.Calls[0] + " only)")
	}
	b.WriteByte('\n')
	if s := f.Source; s != nil {
		fmt.Fprintf(&b, "\tfact %s = %s: %s, %s", f.Fact, s.Value, s.Grade, s.Text)
		if !s.Date.IsZero() {
			b.WriteString(", " + s.Date.Format(time.DateOnly))
		}
		if s.Sibling != "" {
			b.WriteString(", known of " + s.Sibling)
		}
		b.WriteByte('\n')
	}
	b.WriteString("\t" + f.Advice + "\n")
	return b.String()
}

// MarshalJSON writes the report with a member refused, for programs that read
// nothing else.
func (r *VetReport) MarshalJSON() ([]byte, error) {
	type plain VetReport
	return json.Marshal(struct {
		*plain
		Refused bool `json:"refused"`
	}{(*plain)(r), r.Refused()})
}
