package probe

import (
	"cmp"
	"fmt"
	"go/format"
	"strconv"
	"strings"
)

// Row returns the row of package facts that makes the table say what was seen,
// in Go: of the findings that differ, and of those that are new. Above each
// stands what the table says now. It is empty if there is nothing to change.
//
// The row goes behind all others of the model, which later rows win over.
func (r *Report) Row() string {
	findings := r.Of(Differs, New)
	if len(findings) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package facts\n\nvar _ = []row{\n\t{%q, probe, %q, %q, set{\n", cmp.Or(r.Base, r.Model), r.Ended.Format("2006-01-02"), r.told())
	for _, f := range findings {
		fmt.Fprintf(&b, "\t\t// %s\n\t\t%q: %s,\n", oneLine(before(&f)), f.Fact, f.Literal)
	}
	b.WriteString("\t}},\n}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		text = []byte(b.String()) // still good to read
	}
	_, row, _ := strings.Cut(string(text), "{\n")
	row = strings.TrimSuffix(strings.TrimRight(row, "\n"), "}")
	return strings.ReplaceAll(strings.TrimPrefix(row, "\t"), "\n\t", "\n")
}

// told returns the words that name the run in the table's sources.
func (r *Report) told() string {
	by := "Converse"
	if r.Format != "" {
		by = "InvokeModel, " + string(r.Format)
	}
	return fmt.Sprintf("asked with bedrock-probe, in %s by %s", cmp.Or(r.Region, r.Endpoint), by)
}

// before says what the table has of a fact now, and from where.
func before(f *Finding) string {
	if f.Source.Grade == "" {
		return "not known"
	}
	was := fmt.Sprintf("was %s: %s", cmp.Or(f.Table, "not known"), f.Source.Grade)
	if !f.Source.Date.IsZero() {
		was += ", " + f.Source.Date.Format("2006-01-02")
	}
	if f.Source.Sibling != "" {
		was += ", of " + f.Source.Sibling
	}
	return was
}

// oneLine makes a text fit into a comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// quoted is a value for people.
func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	if strings.ContainsAny(s, "[]\\") {
		return strconv.Quote(s)
	}
	return s
}
