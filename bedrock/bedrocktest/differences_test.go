package bedrocktest_test

import (
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// compared are the beliefs that both the client and the server have.
var compared = []struct {
	name   string // of the fact
	server func(m *rules.Model) bool
}{
	{"ids.bare", func(m *rules.Model) bool { return !m.ProfileOnly }},
	{"doors.converse", func(m *rules.Model) bool { return m.NotServed == "" }},
	{"doors.invoke", func(m *rules.Model) bool { return m.NotServed == "" && !m.NoInvoke }},
	{"turns.system", func(m *rules.Model) bool { return !m.NoSystem }},
	{"turns.system_between", func(m *rules.Model) bool { return m.SystemTurns }},
	{"turns.assistant_first", func(m *rules.Model) bool { return !m.UserFirst }},
	{"turns.prefill", func(m *rules.Model) bool { return !m.NoPrefill }},
	{"tools.use", func(m *rules.Model) bool { return !m.NoTools }},
	{"tools.streaming", func(m *rules.Model) bool { return !m.NoTools && !m.NoStreamTools }},
	{"tools.any", func(m *rules.Model) bool { return !m.NoChoiceAny }},
	{"tools.named", func(m *rules.Model) bool { return !m.NoChoiceNamed }},
	{"tools.forced_thinking", func(m *rules.Model) bool { return m.ForcedThinking && !m.NoChoiceAny }},
	{"tools.strict", func(m *rules.Model) bool { return !m.NoStrict }},
	{"tools.result_status", func(m *rules.Model) bool { return !m.NoStatus }},
	{"tools.text_with_result", func(m *rules.Model) bool { return !m.SeparateResults }},
	{"output.native", func(m *rules.Model) bool { return !m.NoOutput }},
	{"thinking.adaptive", func(m *rules.Model) bool { return !m.Thinking.None && !m.Thinking.NoAdaptive }},
	{"thinking.budget", func(m *rules.Model) bool { return !m.Thinking.None && !m.Thinking.NoBudget }},
	{"thinking.between_tools", func(m *rules.Model) bool { return m.Thinking.Between }},
	{"thinking.bound.model", func(m *rules.Model) bool { return m.BoundToModel }},
	{"thinking.bound.account", func(m *rules.Model) bool { return m.BoundToServer }},
	{"sampling.temperature", func(m *rules.Model) bool { return !m.NoTemperature }},
	{"sampling.top_p", func(m *rules.Model) bool { return !m.NoTopP }},
	{"sampling.both", func(m *rules.Model) bool { return !m.OneSample }},
	{"cache.points", func(m *rules.Model) bool { return m.CacheMin > 0 }},
	{"cache.tools", func(m *rules.Model) bool { return m.CacheTools }},
	{"cache.hour", func(m *rules.Model) bool { return m.CacheHour }},
	{"input.image", func(m *rules.Model) bool { return m.Media == 0 || m.Media&rules.Images != 0 }},
	{"results.image", func(m *rules.Model) bool {
		if m.ResultMedia == 0 {
			return m.Media == 0 || m.Media&rules.Images != 0
		}
		return m.ResultMedia&rules.Images != 0
	}},
	{"count_tokens", func(m *rules.Model) bool { return m.Counts }},
}

// claudeOnly are facts in the words of Claude's own field.
var claudeOnly = []string{"tools.forced_thinking", "thinking.adaptive", "thinking.budget", "thinking.between_tools"}

// TestDifferences lists where the client's facts and the server's table
// disagree about a model. The two are written apart and need not agree. Run it
// with -v to see which entries to look at. It fails only if there is nothing to
// compare.
func TestDifferences(t *testing.T) {
	for _, c := range compared {
		if !slices.Contains(facts.Names(), c.name) {
			t.Errorf("there is no fact %s to compare", c.name)
		}
	}
	n := 0
	for _, id := range rules.Rows() {
		client, server := facts.Lookup(id), new(rules.Table).Model(id)
		if !client.Known {
			t.Logf("%s is a row of the server's only", id)
			continue
		}
		for _, c := range compared {
			if !server.IsClaude() && slices.Contains(claudeOnly, c.name) {
				continue
			}
			switch said, believed := client.Value(c.name), map[bool]string{true: "yes", false: "no"}[c.server(server)]; {
			case said != "yes" && said != "no":
			case server.NotServed != "" && c.name != "doors.converse":
			default:
				if n++; said != believed {
					t.Logf("%s %s: the client says %s, the server %s", id, c.name, said, believed)
				}
			}
		}
	}
	for _, id := range facts.Models() {
		if !rules.Row(id) {
			t.Logf("%s is a row of the client's only", id)
		}
	}
	if n < 500 {
		t.Errorf("%d beliefs were compared, want at least 500", n)
	}
}
