package plan_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestNoneInItsOwnStyle checks that the effort none is sent where the model
// takes it. For gpt-oss this is not where the other efforts go.
func TestNoneInItsOwnStyle(t *testing.T) {
	f := facts.Lookup("openai.gpt-oss-120b-1:0")
	for _, row := range []struct {
		effort string
		style  facts.ThinkingStyle
	}{{"none", facts.ThinkingStyleNested}, {"high", facts.ThinkingStyleEffort}} {
		r := model.Request{Messages: hi, Thinking: &model.ThinkingConfig{Effort: row.effort}}
		p, err := plan.New(&r, plan.Input{Facts: &f, Format: plan.Converse()})
		if err != nil || p.Thinking.Style != row.style || p.Thinking.Effort != row.effort {
			t.Errorf("effort %s: %+v, %v, want style %v", row.effort, p.Thinking, err, row.style)
		}
	}
}

// TestBetweenToolsEffort checks that the least thinking of Sonnet 5.5 is not
// combined with the highest efforts.
func TestBetweenToolsEffort(t *testing.T) {
	f := facts.Lookup("anthropic.claude-sonnet-5-5")
	r := model.Request{Messages: hi, Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}
	p, err := plan.New(&r, plan.Input{Facts: &f, Format: plan.Converse(), Settings: plan.Settings{OutputEffort: "max"}})
	if err != nil || p.Thinking.Type != "between_tools" || p.Effort != "high" {
		t.Errorf("%+v, effort %q, %v", p.Thinking, p.Effort, err)
	}
}

// TestFindingsNameFacts checks, for every known model, that the fact a finding
// names as its reason has a source.
func TestFindingsNameFacts(t *testing.T) {
	names := facts.Names()
	schema := json.RawMessage(`{"type":"object","properties":{"a":{"type":"string","minLength":1}}}`)
	tools := []model.Tool{{Name: "w", InputSchema: schema, Strict: new(true), Cache: &model.CachePoint{}}}
	result := func(parts ...model.Part) []model.Message {
		call := model.ToolCall{ID: "c", Name: "w", Input: json.RawMessage(`{}`)}
		return []model.Message{
			model.UserParts(model.Text("q")), model.AssistantParts(model.Thinking{Text: "t", Signature: "s"}, model.Text("a"), call),
			model.UserParts(model.ToolResult{CallID: "c", Parts: parts, IsError: true}, model.Text("and"), model.CachePoint{TTL: time.Hour}),
		}
	}
	picture := model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}
	requests := []model.Request{
		{Messages: hi, Temperature: new(0.5), TopP: new(0.5), TopK: 5, StopSequences: []string{"\n"}, MaxTokens: 1},
		{Messages: hi, Tools: tools, ToolChoice: model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}},
		{Messages: hi, Tools: tools, ToolChoice: model.ToolChoice{Mode: model.ToolsNamed, Name: "w"}, Thinking: &model.ThinkingConfig{Effort: "xhigh"}, Cache: &model.CacheConfig{TTL: time.Hour}},
		{Messages: hi, Output: &model.OutputFormat{Name: "o", Schema: schema}},
		{Messages: hi, Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}},
		{Messages: hi, Thinking: &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048}, MaxTokens: 8000, Temperature: new(0.5)},
		{Messages: hi, Thinking: &model.ThinkingConfig{Mode: model.ThinkingAdaptive}, MaxTokens: 8000},
		{Messages: result(model.Text("x"), picture), Tools: tools},
		{Messages: []model.Message{model.AssistantParts(model.Text("a")), model.UserParts(picture), model.SystemParts(model.Text("s")), model.AssistantParts(model.Text("b "))}},
	}
	told := 0
	for _, id := range append(facts.Models(), "acme.x", "anthropic.claude-opus-9") {
		f := facts.Lookup(id)
		for i := range requests {
			for _, stream := range []bool{false, true} {
				for _, finding := range plan.Findings(&requests[i], plan.Input{Facts: &f, Format: plan.Converse(), Stream: stream}) {
					if finding.Fact == "" {
						continue
					}
					told++
					if !slices.Contains(names, finding.Fact) && !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, finding.Fact+".") }) {
						t.Errorf("%s: %q is not the name of a fact: %s", id, finding.Fact, finding.Reason)
					} else if _, ok := f.Source(finding.Fact); !ok && f.Maker != "acme" {
						t.Errorf("%s: nothing is known of %q, which decided: %s %s", id, finding.Fact, finding.Field, finding.Reason)
					}
				}
			}
		}
	}
	if told < 1000 {
		t.Errorf("only %d findings name a fact", told)
	}
}
