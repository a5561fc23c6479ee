package probe

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"
)

// A section is findings of one verdict.
type section struct {
	Title    string
	Verdict  Verdict
	Findings []Finding
}

// sections are the findings by their weight.
func (r *Report) sections() []section {
	var all []section
	for _, s := range []section{
		{Title: "Differs from the table", Verdict: Differs},
		{Title: "New: the table does not know it", Verdict: New},
		{Title: "Unclear", Verdict: Unclear},
		{Title: "Not asked", Verdict: Left},
		{Title: "As the table has it", Verdict: Agrees},
	} {
		if s.Findings = r.Of(s.Verdict); len(s.Findings) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// summary is the report in a sentence or two.
func (r *Report) summary() string {
	var s string
	if r.Score != nil {
		s = fmt.Sprintf("%d rules tried with %d requests, %d streams read: %d requests pass that the service refuses, %d are refused that it takes, %d are refused otherwise; faults in streams: %d. ",
			r.Score.Rules, r.Score.Bodies, r.Score.Streams, len(r.Score.Passed), len(r.Score.Refused), len(r.Score.Other), len(r.Score.Faults))
	}
	if len(r.Findings) > 0 {
		s += fmt.Sprintf("%d facts as the table has them, %d differ, %d are new, %d unclear, %d not asked.",
			len(r.Of(Agrees)), len(r.Of(Differs)), len(r.Of(New)), len(r.Of(Unclear)), len(r.Of(Left)))
	}
	if s = strings.TrimSpace(s); r.Incomplete != "" {
		s += " The run did not come to its end: " + r.Incomplete + "."
	}
	return s
}

// about are the facts of the run itself.
func (r *Report) about() [][2]string {
	all := [][2]string{{"Model", r.Model}, {"Endpoint", r.Endpoint}, {"Operation", "Converse"},
		{"Began", r.Began.Format(time.RFC3339)}, {"Ended", r.Ended.Format(time.RFC3339)}, {"Table of facts", r.Table.Format(time.DateOnly)},
		{"Calls", fmt.Sprint(r.Calls)}, {"Tokens", fmt.Sprintf("%d in, %d out", r.Input, r.Output)}, {"Cost", fmt.Sprintf("%.4f", r.Cost)}}
	if r.Format != "" {
		all[2][1] = "InvokeModel, " + string(r.Format)
	}
	if r.Budget > 0 {
		all[8][1] += fmt.Sprintf(" of %.4f", r.Budget)
	}
	return all
}

// WriteMarkdown writes the report for people, as Markdown.
func (r *Report) WriteMarkdown(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Probe of %s\n\n%s\n\n", r.Model, r.summary())
	for _, a := range r.about() {
		fmt.Fprintf(&b, "- %s: %s\n", a[0], a[1])
	}
	if row := r.Row(); row != "" {
		fmt.Fprintf(&b, "\n## Row for the table\n\n```go\n%s```\n", row)
	}
	if r.Score != nil {
		r.Score.markdown(&b)
	}
	for _, s := range r.sections() {
		fmt.Fprintf(&b, "\n## %s\n\n| fact | table | seen | asked | said |\n|---|---|---|---|---|\n", s.Title)
		for _, f := range s.Findings {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Fact, cell(f.Table), cell(f.Seen), cell(f.Asked), cell(f.Said))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (s *Scores) markdown(b *strings.Builder) {
	for _, t := range s.tables() {
		fmt.Fprintf(b, "\n## %s\n\n| rule | request | the service | the endpoint |\n|---|---|---|---|\n", t.Title)
		for _, l := range t.Lapses {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cell(l.Rule), cell(l.About), cell(l.Want), cell(l.Got))
		}
	}
	if len(s.Faults) > 0 {
		b.WriteString("\n## Faults in streams\n\n| stream | frame | kind | fault |\n|---|---|---|---|\n")
		for _, f := range s.Faults {
			fmt.Fprintf(b, "| %s | %d | %s | %s |\n", f.Stream, f.Frame, f.Kind, cell(f.Text))
		}
	}
}

// A table is lapses of one kind.
type table struct {
	Title  string
	Lapses []Lapse
}

func (s *Scores) tables() []table {
	var all []table
	for _, t := range []table{
		{"Passes, though the service refuses", s.Passed},
		{"Refuses, though the service takes", s.Refused},
		{"Refuses in another way", s.Other},
	} {
		if len(t.Lapses) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// cell makes a text fit into a table of Markdown. The service's words are not
// Markdown, so its characters are escaped.
func cell(s string) string {
	s = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", "`", "\\`", "*", "\\*", "_", "\\_").Replace(oneLine(s))
	return cmp.Or(s, "–")
}

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Parse(page))

// WriteHTML writes the report for people, as one page that needs nothing else,
// not even scripts.
func (r *Report) WriteHTML(out io.Writer) error {
	data := struct {
		*Report
		Summary  string
		About    [][2]string
		Go       string
		Sections []section
		Tables   []table
	}{r, r.summary(), r.about(), r.Row(), r.sections(), nil}
	if r.Score != nil {
		data.Tables = r.Score.tables()
	}
	return pageTemplate.Execute(out, data)
}
