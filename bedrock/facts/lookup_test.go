package facts_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// TestSiblings checks whose facts are used for a model that is not in the
// table.
func TestSiblings(t *testing.T) {
	for _, row := range []struct{ id, sibling string }{
		{"anthropic.claude-opus-6", "anthropic.claude-opus-5-5"},
		{"us.anthropic.claude-opus-5-6", "anthropic.claude-opus-5-5"},
		{"anthropic.claude-sonnet-6-20270101-v1:0", "anthropic.claude-sonnet-5-5"},
		{"in.anthropic.claude-haiku-6", "anthropic.claude-haiku-5-5"},
		{"anthropic.claude-mythos-6", "anthropic.claude-mythos-5-1"},
		{"anthropic.claude-opus-4-6-v2:0", "anthropic.claude-opus-4-6-v1"},                     // same version, another release
		{"anthropic.claude-sonnet-4-20250601-v1:0", "anthropic.claude-sonnet-4-20250514-v1:0"}, // another snapshot
		{"anthropic.claude-3-5-sonnet-20250101-v3:0", "anthropic.claude-3-5-sonnet-20241022-v2:0"},
		{"anthropic.claude-saga-9", "anthropic.claude-fable-5-2"}, // a new line: the maker's newest
		{"amazon.nova-3-lite-v1:0", "amazon.nova-2-lite-v1:0"},
		{"amazon.nova-lite-v2:0", "amazon.nova-2-lite-v1:0"},
		{"amazon.nova-3-pro-v1:0", "amazon.nova-2-lite-v1:0"}, // Nova Pro has stayed behind
		{"amazon.nova-2-pro-v1:0", "amazon.nova-2-lite-v1:0"},
		{"amazon.nova-pro-v1:1", "amazon.nova-pro-v1:0"},
		{"meta.llama5-70b-instruct-v1:0", "meta.llama4-maverick-17b-instruct-v1:0"},
		{"meta.llama3-4-70b-instruct-v1:0", "meta.llama3-3-70b-instruct-v1:0"},
		{"amazon.nova-ultra-v1:0", "amazon.nova-2-lite-v1:0"}, // not Nova 2 Sonic, which no door of ours serves
		{"openai.gpt-7-sol", "openai.gpt-6.1-sol"},
		{"openai.gpt-5.7", "openai.gpt-6.1-terra"}, // all of its line are at mantle
		{"openai.o9", "openai.gpt-6.1-terra"},
		{"mistral.mistral-large-4-1t-instruct", "mistral.mistral-large-3-675b-instruct"},
		{"deepseek.v4", "deepseek.v3.2"},
		{"moonshotai.kimi-k4", "moonshotai.kimi-k3"},
		{"zai.glm-6", "zai.glm-5"},
		{"xai.grok-5", "xai.grok-4.7"},
		{"google.gemma-4-9b", "google.gemma-3-12b-it"}, // Gemma 4 is at mantle; all three sizes of 3 are as new
		{"arn:aws:bedrock:us-east-1:123456789012:custom-model/cohere.command-r-v2:0/My", "cohere.command-r-v1:0"},
	} {
		f := facts.Lookup(row.id)
		if f.Known {
			t.Errorf("%s has a row; take an id here that has none", row.id)
			continue
		}
		if f.Sibling != row.sibling {
			t.Errorf("Lookup(%q): sibling %q, want %q, or a newer one that has come into the table", row.id, f.Sibling, row.sibling)
		}
		if f.Model != f.ID || !f.Launched.IsZero() || f.IDs.Bare != facts.SupportUnknown {
			t.Errorf("Lookup(%q) has what is the sibling's own: %q, %v, %v", row.id, f.Model, f.Launched, f.IDs)
		}
		for _, s := range f.All() {
			if s.Sibling != f.Sibling || s.Grade != facts.GradeInferred {
				t.Errorf("Lookup(%q): source %+v", row.id, s)
				break
			}
		}
	}
}

// TestCautious checks that the more cautious of two equally new siblings
// counts.
func TestCautious(t *testing.T) {
	f := facts.Lookup("meta.llama3-2-5b-instruct-v1:0") // 1B and 3B have no tools and no eyes, 11B and 90B have
	if !f.Tools.Use.No() || !f.Input.Image.No() || f.Limits.Context != 128_000 {
		t.Errorf("tools %v, images %v, context %d", f.Tools.Use, f.Input.Image, f.Limits.Context)
	}
	f = facts.Lookup("qwen.qwen3-14b-v1:0") // 32B thinks, 235B does not
	if !f.Thinking.Supported.No() || f.Limits.MaxOutput != 16_384 || !f.Output.Native.Yes() {
		t.Errorf("thinking %v, output %d, native %v", f.Thinking.Supported, f.Limits.MaxOutput, f.Output.Native)
	}
}

// TestKnown checks that all ids of a model have the model's facts.
func TestKnown(t *testing.T) {
	want := facts.Lookup("anthropic.claude-haiku-4-5-20251001-v1:0")
	if !want.Known || want.Sibling != "" || want.Model != "Claude Haiku 4.5" || want.Maker != "anthropic" {
		t.Fatalf("%+v", want)
	}
	for _, id := range []string{
		"us.anthropic.claude-haiku-4-5-20251001-v1:0",
		"in.anthropic.claude-haiku-4-5-20251001-v1:0",
		"anthropic.claude-haiku-4-5-20251001-v1:0:24k",
		"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
		"arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0",
		"arn:aws:bedrock:us-east-1:123456789012:custom-model/anthropic.claude-haiku-4-5-20251001-v1:0:200k/abc",
	} {
		if diff := cmp.Diff(want.All(), facts.Lookup(id).All()); diff != "" {
			t.Errorf("Lookup(%q) (-base +got):\n%s", id, diff)
		}
	}
}

// TestUnknownMaker checks that only the service's own rules are known for a
// model of an unknown maker.
func TestUnknownMaker(t *testing.T) {
	for _, id := range []string{
		"acme.thinker-1", "us.acme.thinker-1", "", "x", "mi1dadi0g15f",
		"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1dadi0g15f",
		"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/claude",
		"arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1",
	} {
		f := facts.Lookup(id)
		if f.Known || f.Sibling != "" {
			t.Errorf("Lookup(%q): known %t, sibling %q", id, f.Known, f.Sibling)
		}
		if f.Tools.Use != facts.SupportUnknown || f.Cache.Points != facts.SupportUnknown || f.Output.Native != facts.SupportUnknown || f.Thinking.Style != facts.ThinkingStyleUnknown {
			t.Errorf("Lookup(%q) = %+v", id, f)
		}
		if !f.Turns.DocumentNeedsText {
			t.Errorf("Lookup(%q): the service's own rules are missing", id)
		}
	}
}

// TestWithout checks the table as it was before a model was known.
func TestWithout(t *testing.T) {
	const id = "anthropic.claude-opus-5-5"
	f := facts.Without(id).Lookup("us." + id)
	if f.Known || f.Sibling != "anthropic.claude-opus-5" || !f.Tools.Any.Yes() || f.Thinking.Default != facts.ThinkingDefaultOn {
		t.Errorf("%s before it was known: known %t, sibling %q, any %v, default %v, want anthropic.claude-opus-5 and its facts; if a newer Opus has a row, leave that out, too", id, f.Known, f.Sibling, f.Tools.Any, f.Thinking.Default)
	}
	if f := facts.Lookup(id); !f.Known || !f.Tools.Any.No() {
		t.Errorf("%s afterwards: known %t, any %v", id, f.Known, f.Tools.Any)
	}
	// The other sizes of a version go, too.
	less := facts.Without("google.gemma-3-12b-it")
	if slices.ContainsFunc(less.Models(), func(id string) bool { return strings.HasPrefix(id, "google.gemma-3") }) {
		t.Error("other sizes of Gemma 3 are still known")
	}
	// All of them, one at a time: never panics, never known.
	for _, id := range facts.Models() {
		if f := facts.Without(id).Lookup(id); f.Known || f.Sibling == id {
			t.Errorf("Without(%q): known %t, sibling %q", id, f.Known, f.Sibling)
		}
	}
}

// TestSource checks where facts come from.
func TestSource(t *testing.T) {
	f := facts.Lookup("global.anthropic.claude-opus-4-6-v1")
	got, ok := f.Source("cache.hour")
	if !ok || got.Value != "yes" || got.Grade != facts.GradeDocumentation || got.Date.Format("2006-01-02") != "2026-09-15" ||
		got.Since.Format("2006-01-02") != "2026-09-15" || got.Before != "no" || !strings.Contains(got.Text, "prompt caching") {
		t.Errorf("cache.hour: %+v, %t", got, ok)
	}
	if got, ok := f.Source("sampling.both"); !ok || got.Value != "no" || got.Grade != facts.GradeProbe {
		t.Errorf("sampling.both: %+v, %t", got, ok)
	}
	if got, ok := f.Source("thinking.replay"); !ok || got.Value != "signed: yes, unsigned: no, redacted: yes" {
		t.Errorf("thinking.replay: %+v, %t", got, ok)
	}
	for _, name := range []string{"", "sampling", "no.such", "sampling.top_p_min"} {
		if got, ok := f.Source(name); ok != (name == "sampling") {
			t.Errorf("%q: %+v, %t", name, got, ok)
		}
	}
	// Every fact that is known has a source, and no other.
	for _, id := range append(facts.Models(), "acme.x", "anthropic.claude-opus-9", "meta.llama9-8b") {
		f := facts.Lookup(id)
		for _, name := range facts.Names() {
			s, ok := f.Source(name)
			if value := f.Value(name); ok && (s.Value != value || s.Name != name || s.Grade == "" || s.Text == "") ||
				!ok && value != "" && value != "no" && name != "model" || ok && s.Date.IsZero() {
				t.Errorf("%s %s: value %q, source %+v, %t", id, name, value, s, ok)
			}
		}
	}
}

// TestOverride checks that a caller's facts take precedence, and can be told
// apart from the table's.
func TestOverride(t *testing.T) {
	before := facts.Lookup("anthropic.claude-opus-5")
	after := before.Override(func(f *facts.Facts) {
		f.Output.Native = facts.SupportYes
		f.Limits.MaxOutput = 64_000
		f.Thinking.Efforts[0] = "tiny"
		f.Cache.Points = facts.SupportYes // as it was
	})
	for name, want := range map[string]facts.Source{
		"output.native":     {Name: "output.native", Value: "yes", Before: "no", Grade: facts.GradeOverride, Text: "set by the caller"},
		"limits.max_output": {Name: "limits.max_output", Value: "64000", Before: "128000", Grade: facts.GradeOverride, Text: "set by the caller"},
		"thinking.efforts":  {Name: "thinking.efforts", Value: "tiny, medium, high, xhigh, max", Before: "low, medium, high, xhigh, max", Grade: facts.GradeOverride, Text: "set by the caller"},
	} {
		if got, _ := after.Source(name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	overridden := 0
	for _, s := range after.All() {
		if s.Grade == facts.GradeOverride {
			overridden++
		}
	}
	if overridden != 3 {
		t.Errorf("%d facts are overridden, want 3", overridden)
	}
	if s, _ := before.Source("output.native"); s.Grade == facts.GradeOverride || before.Thinking.Efforts[0] != "low" {
		t.Error("the original was changed")
	}
	if got := before.Override(nil); !reflect.DeepEqual(got.Limits, before.Limits) {
		t.Error("a nil change changes something")
	}
	var zero facts.Facts
	if got := zero.Override(func(f *facts.Facts) { f.Tools.Use = facts.SupportNo }); got.Value("tools.use") != "no" {
		t.Error("the zero value cannot be changed")
	}
}

// TestOwn checks that a caller's changes to facts affect no other facts.
func TestOwn(t *testing.T) {
	const id = "anthropic.claude-opus-5"
	f := facts.Lookup(id)
	clear(f.Thinking.Efforts)
	clear(f.Output.Schema.Keywords)
	if again := facts.Lookup(id); again.Thinking.Efforts[0] != "low" || again.Output.Schema.Keywords[0] == "" {
		t.Error("two lookups share memory")
	}
}

// TestDate checks that the table's date is that of its newest evidence.
func TestDate(t *testing.T) {
	newest := facts.Date()
	found := false
	for _, id := range facts.Models() {
		for _, s := range facts.Lookup(id).All() {
			if s.Date.After(newest) {
				t.Errorf("%s %s is newer than the table: %v", id, s.Name, s.Date)
			}
			found = found || s.Date.Equal(newest)
		}
	}
	if !found {
		t.Errorf("nothing is as new as the table: %v", newest)
	}
}

// FuzzLookup looks up arbitrary ids. Each must have facts.
func FuzzLookup(f *testing.F) {
	for _, id := range []string{"", "us.anthropic.claude-opus-5", "openai.gpt-99-sol", "meta.llama3-2-5b-instruct-v1:0", "arn:aws:bedrock:::custom-model/qwen.x/y", "a.b", "mistral.-v1"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		got := facts.Lookup(id)
		if got.Known && got.Sibling != "" || got.Known != slices.Contains(facts.Models(), got.ID) {
			t.Errorf("Lookup(%q): id %q, known %t, sibling %q", id, got.ID, got.Known, got.Sibling)
		}
		if got.Sibling != "" && !slices.Contains(facts.Models(), got.Sibling) {
			t.Errorf("Lookup(%q): the table has no %q", id, got.Sibling)
		}
	})
}
