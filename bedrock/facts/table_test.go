package facts

import (
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// TestPatterns checks which models a pattern matches.
func TestPatterns(t *testing.T) {
	for _, row := range []struct{ pattern, yes, no string }{
		{"*", "acme.x anthropic.claude-opus-5", ""},
		{"anthropic", "anthropic.claude-v2 anthropic.claude-opus-5", "amazon.nova-lite-v1:0"},
		{"anthropic claude-opus", "anthropic.claude-3-opus-20240229-v1:0", "anthropic.claude-sonnet-5"},
		{"anthropic claude-opus|claude-sonnet 4.6", "anthropic.claude-opus-4-6-v1 anthropic.claude-sonnet-4-6", "anthropic.claude-opus-4-7 anthropic.claude-haiku-4-6"},
		{"anthropic * 4.7+", "anthropic.claude-opus-4-7 anthropic.claude-sonnet-5 anthropic.claude-mythos-preview", "anthropic.claude-opus-4-6-v1"},
		{"anthropic * ..3.6", "anthropic.claude-v2 anthropic.claude-3-5-haiku-20241022-v1:0", "anthropic.claude-3-7-sonnet-20250219-v1:0 anthropic.claude-mythos-preview"},
		{"anthropic * 4.1..4.6", "anthropic.claude-opus-4-1-20250805-v1:0", "anthropic.claude-opus-4-20250514-v1:0 anthropic.claude-opus-4-7"},
		{"anthropic * 5", "anthropic.claude-opus-5", "anthropic.claude-opus-5-5"},
		{"openai gpt*|!gpt-oss*", "openai.gpt-6-sol openai.gpt-5.4", "openai.gpt-oss-120b-1:0 openai.gpt-oss-safeguard-20b openai.o9"},
		{"moonshotai", "moonshot.kimi-k2-thinking moonshotai.kimi-k3", ""},
		{"qwen.qwen3-32b-v1:0 qwen.qwen3-coder-next", "qwen.qwen3-32b-v1:0 qwen.qwen3-coder-next", "qwen.qwen3-32b-v2:0"},
	} {
		p, err := readPattern(row.pattern)
		if err != nil {
			t.Errorf("%q: %v", row.pattern, err)
		}
		for _, id := range strings.Fields(row.yes) {
			if !p.matches(modelid.Parse(id)) {
				t.Errorf("%q is not that of %s", row.pattern, id)
			}
		}
		for _, id := range strings.Fields(row.no) {
			if p.matches(modelid.Parse(id)) {
				t.Errorf("%q is that of %s", row.pattern, id)
			}
		}
	}
}

// TestBadRows checks that a mistake in a row is reported.
func TestBadRows(t *testing.T) {
	for _, bad := range []struct {
		row
		want string
	}{
		{row{"", docs, "2026-01-01", "x", nil}, "is empty"},
		{row{"a b c d", docs, "2026-01-01", "x", nil}, "more than"},
		{row{"a b 4.x", docs, "2026-01-01", "x", nil}, "no versions"},
		{row{"a b 4..", docs, "2026-01-01", "x", nil}, "no versions"},
		{row{"a", docs, "January", "x", nil}, "January"},
		{row{"a", docs, "2026-01-01", "x", set{"tools": yes}}, `"tools" is not the name of a fact`},
		{row{"a", docs, "2026-01-01", "x", set{"tools.use": true}}, "is bool, not"},
		{row{"a", docs, "2026-01-01", "x", set{"thinking.efforts": "low"}}, "not a list"},
		{row{"a", docs, "2026-01-01", "x", set{"launched": "today"}}, "launched"},
		{row{"a", docs, "2026-01-01", "x", set{"launched": 3}}, "launched"},
		{row{"a", docs, "2026-01-01", "x", set{"tools.use": changed{yes, "then", no}}}, "tools.use"},
	} {
		if _, err := newTable([]row{bad.row}); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%+v: error %v, want %q", bad.row, err, bad.want)
		}
	}
}

// TestRows checks what every row of the table must have, and that each row
// applies to some model.
func TestRows(t *testing.T) {
	table := builtin()
	grades := []Grade{GradeProbe, GradeDocumentation, GradeReport, GradeInferred}
	for _, rows := range [][]row{everybody(), anthropic(), amazon(), openai(), meta(), mistral(), qwen(), others()} {
		for i := range rows {
			r := &rows[i]
			if !slices.Contains(grades, r.grade) || r.text == "" || len(r.facts) == 0 {
				t.Errorf("row %q of %s has no grade, text or facts", r.of, r.date)
			}
			p, err := readPattern(r.of)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(table.models, p.matches) {
				t.Errorf("row %q of %s is that of no model", r.of, r.date)
			}
		}
	}
	for _, m := range table.models {
		f := table.Lookup(m.Base)
		if f.Model == m.Base {
			t.Errorf("%s has no name", m.Base)
		}
		if f.Thinking.Style == ThinkingStyleClaude && f.Thinking.Efforts == nil {
			t.Errorf("%s: nothing is said of efforts", m.Base)
		}
		if f.Thinking.Supported.Yes() && f.Thinking.Style == ThinkingStyleUnknown {
			t.Errorf("%s thinks, and nothing says how to ask it", m.Base)
		}
		if f.Doors.Converse.No() && f.Doors.Invoke.No() && len(f.Doors.Elsewhere) == 0 {
			t.Errorf("%s has no door", m.Base)
		}
	}
}

// TestNames checks some names, and that no two fields have the same one.
func TestNames(t *testing.T) {
	all := Names()
	for _, name := range []string{"model", "doors.converse_stream", "ids.bare", "turns.tool_id_pattern", "tools.forced_thinking", "output.schema.unions",
		"thinking.bound.account", "sampling.top_p_min", "sampling.top_k_field", "cache.hour", "results.image", "limits.min_output",
		"answers.cache_in_input", "count_tokens", "launched", "end_of_life"} {
		if !slices.Contains(all, name) {
			t.Errorf("there is no fact %q", name)
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != len(Names()) {
		t.Error("a name is that of two facts")
	}
}
