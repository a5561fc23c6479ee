package facts

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write MODELS.md")

// TestPage checks that MODELS.md is what the table makes of it.
func TestPage(t *testing.T) {
	const file = "../MODELS.md"
	want := page(builtin())
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
		t.Errorf("%s is not what the table makes of it; run go generate ./bedrock/facts", file)
	}
}

// TestPageShowsRow checks that a new row is enough to appear on the page.
func TestPageShowsRow(t *testing.T) {
	rows := append(anthropic(), row{"anthropic.claude-opus-6", docs, "2026-12-01", "AWS: model card", set{"model": "Claude Opus 6"}})
	table, err := newTable(rows)
	if err != nil {
		t.Fatal(err)
	}
	if p := page(table); !bytes.Contains(p, []byte("Claude Opus 6")) || !bytes.Contains(p, []byte("`anthropic.claude-opus-6`")) {
		t.Error("the page does not show the row")
	}
	f := table.Lookup("us.anthropic.claude-opus-6")
	if !f.Known || f.Model != "Claude Opus 6" || !f.Sampling.Temperature.No() {
		t.Errorf("Lookup: known %t, model %q, temperature %v", f.Known, f.Model, f.Sampling.Temperature)
	}
}

// columns are what the page shows of each model.
var columns = []struct {
	title string
	cell  func(*Facts) string
}{
	{"model", func(f *Facts) string { return f.Model + "<br>`" + f.ID + "`" }},
	{"launched", func(f *Facts) string {
		if !f.EndOfLife.IsZero() {
			return f.Value("launched") + ", ended by " + f.Value("end_of_life")
		}
		return f.Value("launched")
	}},
	{"doors", doors},
	{"context, output", func(f *Facts) string { return number(f.Limits.Context) + ", " + number(f.Limits.MaxOutput) }},
	{"tools", func(f *Facts) string {
		if f.Tools.Use.No() {
			return "no"
		}
		return list(f, "tools.use", "tools.streaming in streams", "tools.any any", "tools.named named", "tools.forced_thinking forced while thinking", "tools.strict strict")
	}},
	{"native output", func(f *Facts) string { return f.Value("output.native") }},
	{"thinking", func(f *Facts) string {
		if f.Thinking.Supported.No() {
			return "no"
		}
		parts := []string{f.Value("thinking.default"), f.Value("thinking.style"), strings.Join(f.Thinking.Efforts, " ")}
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
	}},
	{"sampling", func(f *Facts) string {
		return list(f, "sampling.temperature temperature", "sampling.top_p top_p", "sampling.top_k top_k", "sampling.both both", "sampling.stop_sequences stop")
	}},
	{"cache points", func(f *Facts) string {
		if !f.Cache.Points.Yes() {
			return f.Value("cache.points")
		}
		return list(f, "cache.points", "cache.tools tools", "cache.hour 1h") + ", from " + number(f.Cache.MinTokens)
	}},
	{"reads", func(f *Facts) string {
		return list(f, "input.image images", "input.document documents", "input.video video", "input.audio audio")
	}},
	{"counts tokens", func(f *Facts) string { return f.Value("count_tokens") }},
}

func doors(f *Facts) string {
	s := list(f, "doors.converse Converse", "doors.invoke InvokeModel")
	if len(f.Doors.Elsewhere) > 0 {
		s += "; " + strings.Join(f.Doors.Elsewhere, ", ")
	}
	return s
}

// list returns words for facts: as they are where the fact is yes, struck
// through where it is no, with a question mark where nothing is known.
func list(f *Facts, facts ...string) string {
	var words []string
	for _, fact := range facts {
		name, word, ok := strings.Cut(fact, " ")
		value := f.Value(name)
		if !ok {
			word = value
			if value == "" {
				word = "?"
			}
			words = append(words, word)
			continue
		}
		switch value {
		case "yes":
		case "no":
			word = "~~" + word + "~~"
		default:
			word += "?"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// number returns a limit, rounded where that is shorter.
func number(n int) string {
	switch {
	case n == 0:
		return "?"
	case n >= 1_000_000 && n%10_000 == 0:
		return fmt.Sprintf("%gM", float64(n)/1e6)
	case n >= 10_000 && n%1000 == 0:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}

// page returns MODELS.md.
func page(t *Table) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, `<!-- Made from package facts by go generate ./bedrock/facts. Do not edit. -->
# Models

What this library knows of %d models, by evidence up to %s. A word that is struck through is refused, one with a question mark is not known; thinking
is what the model does unasked, the field that it is asked by, and the efforts that it takes. A model that is not here behaves as its newest sibling, with a
warning. `+"`facts.Lookup(id).Source(name)`"+` tells where a fact is from.

`, len(t.models), t.date.Format("January 2, 2006"))
	var makers []string
	for _, m := range t.models {
		if !slices.Contains(makers, m.Maker) {
			makers = append(makers, m.Maker)
		}
	}
	for _, maker := range makers {
		fmt.Fprintf(&w, "## %s\n\n", maker)
		var titles, rules []string
		for _, c := range columns {
			titles, rules = append(titles, c.title), append(rules, "---")
		}
		line(&w, titles)
		line(&w, rules)
		for _, m := range t.models {
			if m.Maker != maker {
				continue
			}
			f := t.Lookup(m.Base)
			var cells []string
			for _, c := range columns {
				cells = append(cells, c.cell(&f))
			}
			line(&w, cells)
		}
		w.WriteByte('\n')
	}
	w.WriteString("## Where it is from\n\nLater rows win over earlier ones.\n\n")
	line(&w, []string{"models", "facts", "grade", "date", "source"})
	line(&w, []string{"---", "---", "---", "---", "---"})
	for i := range t.rows {
		r := &t.rows[i]
		facts := map[string]string{}
		var s Source
		for j := range r.entries {
			s = r.entries[j].source
			value := s.Value
			if value == "" {
				value = "not known"
			}
			if !s.Since.IsZero() {
				value += fmt.Sprintf(" (until %s: %s)", s.Since.Format("2006-01-02"), s.Before)
			}
			facts[s.Name] = value
		}
		var told []string
		for _, name := range slices.Sorted(maps.Keys(facts)) {
			told = append(told, name+": "+facts[name])
		}
		line(&w, []string{"`" + r.of + "`", strings.Join(told, "; "), string(s.Grade), s.Date.Format("2006-01-02"), s.Text})
	}
	return w.Bytes()
}

func line(w *bytes.Buffer, cells []string) {
	escaped := make([]string, len(cells))
	for i, c := range cells {
		escaped[i] = strings.NewReplacer("|", "\\|", "\n", " ").Replace(c)
	}
	fmt.Fprintf(w, "| %s |\n", strings.Join(escaped, " | "))
}
