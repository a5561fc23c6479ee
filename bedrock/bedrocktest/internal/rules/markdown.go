package rules

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Markdown returns the content of RULES.md.
func Markdown() []byte {
	var b bytes.Buffer
	b.WriteString("# What the test server refuses\n\n" +
		"This file is made by go generate from the rules and the table of the server.\n\n" +
		"A rule can be turned off by its name, in Options.Off. The texts are the service's, with verbs of fmt for the parts that\n" +
		"depend on the request. A text without a source is inferred from similar ones. M marks the model's own texts: Converse passes them on\n" +
		"after \"" + strings.TrimSpace(passedOn) + "\". The same rules judge the bodies of InvokeModel. Where the\n" +
		"service is known to refuse these in other words, the words are listed too; elsewhere the server uses Converse's.\n\n## Rules\n\n")
	for _, r := range Rules() {
		b.WriteString("### " + r.ID + "\n\n" + strings.ToUpper(r.About[:1]) + r.About[1:] + ".")
		if r.Whom != "" {
			b.WriteString(" Affects: " + r.Whom + ".")
		}
		fmt.Fprintf(&b, " Otherwise: %d %s.\n\n", cmp.Or(r.Status, http.StatusBadRequest), cmp.Or(r.Code, "ValidationException"))
		for _, t := range r.Texts {
			writeText(&b, t)
		}
		b.WriteString("\n")
	}
	writeTable(&b)
	return b.Bytes()
}

func writeText(b *bytes.Buffer, t *Text) {
	mark := ""
	if t.Model {
		mark = "M "
	}
	fmt.Fprintf(b, "- %s%s [%s]\n", mark, code(t.Form), cmp.Or(t.Source, "inferred"))
	if t.Native != "" {
		fmt.Fprintf(b, "  - native bodies: %s [inferred]\n", code(t.Native))
	}
	for _, other := range t.Others {
		fmt.Fprintf(b, "  - also seen: %s\n", code(other))
	}
}

// code formats a text that may contain backquotes.
func code(s string) string {
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

func writeTable(b *bytes.Buffer) {
	fmt.Fprintf(b, "## Models\n\nAs of %s. The newest row of its line, else of its maker, plays an id without a row of its own.\n\n"+
		"Numbers are tokens; an empty cell means no limit. The column cache has the shortest prefix that is cached.\n\n", AsOf.Format("2006-01-02"))
	b.WriteString("| row | context | answer | cache | needs a profile | counted | thinking | refuses |\n|---|---|---|---|---|---|---|---|\n")
	for i := range rows {
		m := new(Table).Model(rows[i].id)
		if m.NotServed != "" {
			fmt.Fprintf(b, "| %s | | | | | | | everything: %s only |\n", m.Row, m.NotServed)
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", m.Row, size(m.Context), size(m.MaxOutput), size(m.CacheMin),
			yes(m.ProfileOnly), yes(m.Counts), m.Thinking.describe(), strings.Join(m.refuses(), ", "))
	}
	b.WriteString("\n## How models differ\n\nIn the order in which the server applies them: a later line overrides those before it.\n\n")
	for _, l := range layers {
		since := ""
		if !l.since.IsZero() {
			since = ", since " + l.since.Format("2006-01-02")
		}
		fmt.Fprintf(b, "- %s%s: %s [%s]\n", l.whom, since, l.about, l.source)
	}
}

func size(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// String returns the models of a layer in words.
func (w whom) String() string {
	s := w.maker
	if len(w.lines) > 0 {
		s = strings.Join(w.lines, ", ")
	}
	if w.from != [2]int{} {
		s += fmt.Sprintf(" from %d.%d", w.from[0], w.from[1])
	}
	if w.till != [2]int{} {
		s += fmt.Sprintf(" before %d.%d", w.till[0], w.till[1])
	}
	return s
}

// describe returns the model's ways to think in words.
func (t *Thinking) describe() string {
	if t.None || t.Field == "" {
		return ""
	}
	s := t.Field
	for _, f := range []struct {
		no   bool
		word string
	}{{t.NoBudget, "no budget"}, {t.NoAdaptive && t.Field == "thinking", "not adaptive"}, {t.NoDisabled, "never off"}, {t.Between, "between_tools"}, {t.NoEffort, "no effort"}} {
		if f.no {
			s += "; " + f.word
		}
	}
	if t.Efforts != nil && !t.NoEffort {
		s += "; " + strings.Join(t.Efforts, " ")
	}
	return s
}

// refuses lists, in words, what the model refuses.
func (m *Model) refuses() (all []string) {
	for _, f := range []struct {
		no   bool
		word string
	}{
		{m.NoInvoke, "InvokeModel"}, {m.NoSystem, "system prompt"}, {m.UserFirst, "assistant first"}, {m.Alternate, "two turns of a role"},
		{m.NoPrefill, "prefill"}, {m.NoTools, "tools"}, {m.NoStreamTools && !m.NoTools, "tools in streams"}, {m.NoChoiceAny, "any tool"},
		{m.NoChoiceNamed, "named tool"}, {m.IsClaude() && !m.NoChoiceAny && !m.ForcedThinking && !m.Thinking.None, "forced tool while thinking"},
		{m.SeparateResults, "text beside results"}, {m.NoStatus, "result status"}, {m.NoOutput, "native output"}, {m.NoStrict, "strict"},
		{m.NoTemperature, "temperature"}, {m.NoTopP, "topP"}, {m.NoTopK, "top_k"}, {m.OneSample && !m.NoTemperature, "temperature with topP"},
		{!m.Media.allows(Images), "images"}, {m.Media.allows(Images) && m.ResultMedia != 0 && !m.ResultMedia.allows(Images), "images in results"},
		{m.NoReplay, "thinking back"}, {m.NoTextReplay, "plain thinking back"}, {m.MinOutput > 1, fmt.Sprintf("less than %d tokens", m.MinOutput)},
	} {
		if f.no {
			all = append(all, f.word)
		}
	}
	return slices.Clip(all)
}
