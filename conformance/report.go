package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
)

// A Report is the outcome of [Check]: every case exactly once.
type Report struct {
	Subject  string   `json:"subject"`
	Problems []string `json:"problems,omitempty"` // with the subject itself, such as an unknown gap
	Results  []Result `json:"results"`
}

// A Result is the outcome of a case.
type Result struct {
	ID       ID            `json:"id"`
	Group    string        `json:"group"`
	Name     string        `json:"name"`
	Rule     string        `json:"rule"`
	Status   Status        `json:"status"`
	Reason   string        `json:"reason,omitempty"` // of a skip or a gap
	Failure  *Failure      `json:"failure,omitempty"`
	CausedBy ID            `json:"caused_by,omitempty"` // of a failure that another one explains
	Duration time.Duration `json:"duration_ns"`
}

// A Status is the outcome of a case.
type Status string

// The statuses.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped" // the case does not apply
	Gap     Status = "gap"     // it failed, as was declared
)

// A Failure is a rule that was broken. It is an error.
type Failure struct {
	ID       ID       `json:"id"`
	Group    string   `json:"group"`
	Name     string   `json:"name"`
	Symptoms []string `json:"symptoms"` // what was seen, with what was wanted
	Rule     string   `json:"rule"`
	Case     string   `json:"case"`            // file:line of the check
	Again    string   `json:"again,omitempty"` // how to run it again; empty without a test

	// CausedBy is a case that fails as well and that this one rests on, empty
	// if there is none. Mend that first: its text is the one to read.
	CausedBy ID `json:"caused_by,omitempty"`
}

// maxSymptoms keeps a failure on one screen.
const maxSymptoms = 4

// Error returns the failure in some lines: what was seen, the rule, where the
// case is, how to run it again.
func (f *Failure) Error() string {
	if f.CausedBy != "" {
		return fmt.Sprintf("%s %s/%s\n    fails as %s does, which it rests on", f.ID, f.Group, f.Name, f.CausedBy)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s/%s\n", f.ID, f.Group, f.Name)
	for i, s := range f.Symptoms {
		if i == maxSymptoms {
			fmt.Fprintf(&b, "    and %d more\n", len(f.Symptoms)-i)
			break
		}
		fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(shortenLines(s), "\n", "\n      "))
	}
	fmt.Fprintf(&b, "    rule:  %s\n    case:  %s", f.Rule, f.Case)
	if f.Again != "" {
		fmt.Fprintf(&b, "\n    again: %s", f.Again)
	}
	return b.String()
}

// shortenLines bounds the lines of a symptom, which may quote anything.
func shortenLines(s string) string {
	lines := strings.Split(s, "\n")
	const most = 6
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	for i, line := range lines {
		lines[i] = show.Shorten(line)
	}
	return strings.Join(lines, "\n")
}

// Err joins all failures, each a *[Failure], and the subject's problems: of
// failures that have one cause only the cause. It is nil if there are none.
func (r *Report) Err() error {
	var all []error
	for _, p := range r.Problems {
		all = append(all, errors.New("conformance: "+p))
	}
	for _, res := range r.Results {
		if res.Failure != nil && res.CausedBy == "" {
			all = append(all, res.Failure)
		}
	}
	return errors.Join(all...)
}

// Count returns how many cases have a status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, res := range r.Results {
		if res.Status == s {
			n++
		}
	}
	return n
}

func (r *Report) summary() string {
	caused := 0
	for _, res := range r.Results {
		if res.CausedBy != "" {
			caused++
		}
	}
	because := ""
	if caused > 0 {
		because = fmt.Sprintf(" (%d of them caused by others)", caused)
	}
	return fmt.Sprintf("%s: %d passed, %d failed%s, %d gaps, %d do not apply",
		r.Subject, r.Count(Passed), r.Count(Failed), because, r.Count(Gap), r.Count(Skipped))
}

// WriteText writes the report for people: failures and gaps in full, the
// others as numbers.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "PROBLEM %s\n", p)
	}
	for _, res := range r.Results {
		switch res.Status {
		case Failed:
			fmt.Fprintf(&b, "FAIL %s\n", res.Failure.Error())
		case Gap:
			fmt.Fprintf(&b, "GAP  %s %s/%s: %s\n", res.ID, res.Group, res.Name, res.Reason)
		}
	}
	b.WriteString(r.summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// WriteMarkdown writes the report as a table, a line a case, for a README.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Conformance of " + r.Subject + "\n\n" + r.summary() + ".\n")
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "\n- **problem:** %s\n", cell(p))
	}
	group := ""
	for _, res := range r.Results {
		if res.Group != group {
			group = res.Group
			fmt.Fprintf(&b, "\n## %s\n\n| case | rule | outcome |\n|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| %s %s | %s | %s |\n", res.ID, res.Name, cell(res.Rule), cell(res.outcome()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Result) outcome() string {
	switch r.Status {
	case Failed:
		if r.CausedBy != "" {
			return "**failed:** as " + string(r.CausedBy) + " does"
		}
		return "**failed:** " + show.Shorten(r.Failure.Symptoms[0])
	case Passed:
		return "passed"
	}
	return string(r.Status) + ": " + r.Reason
}

// cell makes text fit into a cell of a Markdown table.
func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\n", " "), "|", `\|`)
}
