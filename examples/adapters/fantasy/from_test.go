package fantasy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	charm "charm.land/fantasy"
	"charm.land/fantasy/providers/anthropic"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/examples/adapters/fantasy"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

type place struct {
	City string `json:"city" description:"The city to ask about"`
}

func weather() charm.AgentTool {
	return charm.NewAgentTool("weather", "Tells the weather.", func(_ context.Context, p place, _ charm.ToolCall) (charm.ToolResponse, error) {
		return charm.NewTextResponse("Rain in " + p.City), nil
	})
}

// Example has an agent written for fantasy answered by a script.
func Example() {
	script := fake.New(fake.Reply(fake.Call("weather", `{"city":"Oslo"}`)), fake.Text("Take an umbrella."))
	agent := charm.NewAgent(fantasy.From(script), charm.WithTools(weather()))
	result, err := agent.Generate(context.Background(), charm.AgentCall{Prompt: "What do I need in Oslo?"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Response.Content.Text())
	fmt.Println(script.Request(1).Messages[2].Parts[0].(model.ToolResult).Parts)
	// Output:
	// Take an umbrella.
	// [Rain in Oslo]
}

// Example_bedrock runs the same agent on Bedrock. Its Claude thinks, and wants
// its thinking back with its signature, beside the results.
func Example_bedrock() {
	script := fake.New(fake.Reply(model.Thinking{Text: "I'd ask."}, fake.Call("weather", `{"city":"Oslo"}`)), fake.Text("Take an umbrella."))
	m, err := bedrock.New(bedrocktest.InMemory(script, nil).Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil) // or bedrock.Open
	if err != nil {
		fmt.Println(err)
		return
	}
	agent := charm.NewAgent(fantasy.From(m), charm.WithTools(weather()), charm.WithMaxOutputTokens(4000),
		charm.WithProviderOptions(anthropic.NewProviderOptions(&anthropic.ProviderOptions{Thinking: &anthropic.ThinkingProviderOption{BudgetTokens: 2000}})))
	result, err := agent.Stream(context.Background(), charm.AgentStreamCall{Prompt: "What do I need in Oslo?"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Response.Content.Text())
	fmt.Println(script.Request(1).Messages[1].Parts[0].(model.Thinking).Text)
	// Output:
	// Take an umbrella.
	// I'd ask.
}

func hello() charm.Prompt { return charm.Prompt{charm.NewUserMessage("Hello")} }

// TestFromRequest checks what reaches the model from a call with everything in
// it.
func TestFromRequest(t *testing.T) {
	point := anthropic.NewProviderCacheControlOptions(&anthropic.ProviderCacheControlOptions{CacheControl: anthropic.CacheControl{Type: "ephemeral"}})
	seal := charm.ProviderOptions{anthropic.Name: &anthropic.ReasoningOptionMetadata{Signature: "sig"}}
	m := fake.New(fake.Text("ok"))
	_, err := fantasy.From(m).Generate(t.Context(), charm.Call{
		Prompt: charm.Prompt{
			{Role: charm.MessageRoleSystem, Content: []charm.MessagePart{charm.TextPart{Text: "Be brief."}}, ProviderOptions: point},
			charm.NewUserMessage("Look:", charm.FilePart{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}, charm.FilePart{Filename: "a b", MediaType: "application/pdf", Data: []byte("%PDF")}),
			{Role: charm.MessageRoleAssistant, Content: []charm.MessagePart{charm.ReasoningPart{Text: "Hm.", ProviderOptions: seal}, charm.TextPart{Text: "I ask."},
				charm.ToolCallPart{ToolCallID: "c1", ToolName: "clock", Input: `{"n":12345678901234567890}`}, charm.ToolCallPart{ToolCallID: "c2", ToolName: "clock"}}},
			{Role: charm.MessageRoleTool, Content: []charm.MessagePart{charm.ToolResultPart{ToolCallID: "c1", Output: charm.ToolResultOutputContentText{Text: "noon"}}}},
			{Role: charm.MessageRoleTool, Content: []charm.MessagePart{charm.ToolResultPart{ToolCallID: "c2", Output: charm.ToolResultOutputContentError{Error: errors.New("stopped")}}}},
		},
		MaxOutputTokens: new(int64(5000)), TopK: new(int64(3)),
		Tools:           []charm.Tool{charm.FunctionTool{Name: "clock", Description: "d", InputSchema: map[string]any{"properties": map[string]any{}}, ProviderOptions: point}},
		ToolChoice:      new(charm.ToolChoiceAuto),
		ProviderOptions: anthropic.NewProviderOptions(&anthropic.ProviderOptions{Thinking: &anthropic.ThinkingProviderOption{BudgetTokens: 2000}, DisableParallelToolUse: new(true)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Request{MaxTokens: 5000, TopK: 3,
		Messages: []model.Message{
			{Role: model.RoleSystem, Parts: []model.Part{model.Text("Be brief."), model.CachePoint{}}},
			{Role: model.RoleUser, Parts: []model.Part{model.Text("Look:"), model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")},
				model.Document{MediaType: "application/pdf", Name: "a b", Data: []byte("%PDF")}}},
			{Role: model.RoleAssistant, Parts: []model.Part{model.Thinking{Text: "Hm.", Signature: "sig"}, model.Text("I ask."),
				model.ToolCall{ID: "c1", Name: "clock", Input: []byte(`{"n":12345678901234567890}`)}, model.ToolCall{ID: "c2", Name: "clock"}}},
			{Role: model.RoleUser, Parts: []model.Part{model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("noon")}},
				model.ToolResult{CallID: "c2", IsError: true, Parts: []model.Part{model.Text("stopped")}}}},
		},
		Tools:      []model.Tool{{Name: "clock", Description: "d", InputSchema: []byte(`{"properties":{},"type":"object"}`), Cache: &model.CachePoint{}}},
		ToolChoice: model.ToolChoice{Mode: model.ToolsAuto, Parallel: new(false)},
		Thinking:   &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000},
	}
	if d := cmp.Diff(want, m.Request(0)); d != "" {
		t.Errorf("request (-want +got):\n%s", d)
	}
}

// TestFromAnswer checks what comes back, in one piece and as a stream.
func TestFromAnswer(t *testing.T) {
	turn := fake.Reply(model.Thinking{Text: "Hm.", Signature: "sig"}, model.Thinking{Redacted: []byte("xyz")}, model.Text("I ask."), model.ToolCall{ID: "c1", Name: "clock", Input: []byte(`{"n":1e400}`)}).
		Usage(&model.Usage{Known: true, InputTokens: 10, OutputTokens: 5, CacheReadTokens: 4})
	usage := charm.Usage{InputTokens: 6, OutputTokens: 5, TotalTokens: 15, CacheReadTokens: 4}
	resp, err := fantasy.From(fake.New(turn)).Generate(t.Context(), charm.Call{Prompt: hello()})
	if err != nil {
		t.Fatal(err)
	}
	want := charm.ResponseContent{
		charm.ReasoningContent{Text: "Hm.", ProviderMetadata: charm.ProviderMetadata{anthropic.Name: &anthropic.ReasoningOptionMetadata{Signature: "sig"}}},
		charm.ReasoningContent{ProviderMetadata: charm.ProviderMetadata{anthropic.Name: &anthropic.ReasoningOptionMetadata{RedactedData: "xyz"}}},
		charm.TextContent{Text: "I ask."},
		charm.ToolCallContent{ToolCallID: "c1", ToolName: "clock", Input: `{"n":1e400}`},
	}
	if d := cmp.Diff(want, resp.Content); d != "" || resp.FinishReason != charm.FinishReasonToolCalls || resp.Usage != usage {
		t.Errorf("%s %+v (-want +got):\n%s", resp.FinishReason, resp.Usage, d)
	}
	stream, err := fantasy.From(fake.New(turn.Pieces(3))).Stream(t.Context(), charm.Call{Prompt: hello()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := range stream {
		line := strings.Join([]string{string(p.Type), p.ID, p.ToolCallName, p.Delta, p.ToolCallInput}, " ")
		if s := anthropic.GetReasoningMetadata(charm.ProviderOptions(p.ProviderMetadata)); s != nil {
			line += " " + s.Signature + s.RedactedData
		}
		if p.Type == charm.StreamPartTypeFinish {
			line += string(p.FinishReason)
			if p.Usage != usage {
				t.Errorf("usage %+v", p.Usage)
			}
		}
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	pieces := []string{"reasoning_start 0", "reasoning_delta 0 Hm.", "reasoning_end 0 sig", "reasoning_start 1 xyz", "reasoning_end 1 xyz",
		"text_start 2", "text_delta 2 I a", "text_delta 2 sk.", "text_end 2",
		"tool_input_start c1 clock"}
	if d := cmp.Diff(pieces, got[:min(len(pieces), len(got))]); d != "" {
		t.Errorf("pieces (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"tool_input_end c1", `tool_call c1 clock {"n":1e400}`, "finish tool-calls"}, got[max(0, len(got)-3):]); d != "" {
		t.Errorf("the end (-want +got):\n%s", d)
	}
}

// TestFromObject asks for a value that matches a schema.
func TestFromObject(t *testing.T) {
	call := charm.ObjectCall{Prompt: hello(), Schema: charm.Schema{Type: "object", Properties: map[string]*charm.Schema{"city": {Type: "string"}}, Required: []string{"city"}}}
	m := fake.New(fake.Reply(fake.Call("generate_object", `{"city":"Oslo"}`)))
	got, err := fantasy.From(m).GenerateObject(t.Context(), call)
	if err != nil || cmp.Diff(map[string]any{"city": "Oslo"}, got.Object) != "" || m.Request(0).ToolChoice != model.UseTool("generate_object") {
		t.Errorf("%v, %v, asked %+v", got, err, m.Request(0).ToolChoice)
	}
	stream, err := fantasy.From(fake.New(fake.Reply(fake.Call("generate_object", `{"city":"Oslo"}`)))).StreamObject(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	object, err := charm.NewStreamObjectResult[place](t.Context(), stream).Object()
	if err != nil || object.Object.City != "Oslo" {
		t.Errorf("%v, %v", object, err)
	}
}

// TestFromRefused checks settings that have no counterpart, which are refused
// before anything is sent.
func TestFromRefused(t *testing.T) {
	option := func(o anthropic.ProviderOptions) charm.Call {
		return charm.Call{ProviderOptions: anthropic.NewProviderOptions(&o)}
	}
	for name, call := range map[string]charm.Call{
		"presence_penalty":  {PresencePenalty: new(0.5)},
		"frequency_penalty": {FrequencyPenalty: new(0.5)},
		"headers":           {Headers: map[string]string{"a": "b"}},
		"user_agent":        {UserAgent: "a"},
		"tools[0]":          {Tools: []charm.Tool{anthropic.WebSearchTool(nil)}},
		"extra_body":        option(anthropic.ProviderOptions{ExtraBody: map[string]any{"a": 1}}),
		"send_reasoning":    option(anthropic.ProviderOptions{SendReasoning: new(false)}),
		"thinking_display":  option(anthropic.ProviderOptions{ThinkingDisplay: new(anthropic.ThinkingDisplayOmitted)}),
		"messages[1].content[0]": {Prompt: charm.Prompt{charm.NewUserMessage("Hi"), {Role: charm.MessageRoleAssistant,
			Content: []charm.MessagePart{charm.ToolCallPart{ToolCallID: "s", ToolName: "web_search", ProviderExecuted: true}}}}},
	} {
		if call.Prompt == nil {
			call.Prompt = hello()
		}
		m := fake.New(fake.Text("x"))
		_, err := fantasy.From(m).Generate(t.Context(), call)
		_, err2 := fantasy.From(m).Stream(t.Context(), call)
		for _, err := range []error{err, err2} {
			if !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), name) || len(m.Requests()) != 0 {
				t.Errorf("%s: %v, %d requests", name, err, len(m.Requests()))
			}
		}
	}
}

// TestFromFailure checks that errors keep their kind, and that fantasy's agents
// try again after those that allow it.
func TestFromFailure(t *testing.T) {
	busy := &model.Error{Kind: model.ErrThrottled, Status: 429, RetryAfter: 1500 * time.Millisecond}
	for _, row := range []struct {
		turn fake.Turn
		kind model.ErrorKind
		try  bool
	}{{fake.Fail(busy), model.ErrThrottled, true}, {fake.Fail(model.ErrInvalidRequest), model.ErrInvalidRequest, false}, {fake.Fail(model.ErrContextOverflow), model.ErrContextOverflow, false}} {
		_, err := fantasy.From(fake.New(row.turn)).Generate(t.Context(), charm.Call{Prompt: hello()})
		var streamed error
		stream, _ := fantasy.From(fake.New(row.turn)).Stream(t.Context(), charm.Call{Prompt: hello()})
		for p := range stream {
			streamed = p.Error
		}
		for _, err := range []error{err, streamed} {
			p, ok := errors.AsType[*charm.ProviderError](err)
			if !ok || !errors.Is(err, row.kind) || p.IsRetryable() != row.try || p.IsContextTooLarge() != (row.kind == model.ErrContextOverflow) {
				t.Errorf("%s: %v", row.kind, err)
			}
			if ok && row.try && (p.StatusCode != 429 || p.ResponseHeaders["retry-after"] != "2") {
				t.Errorf("%s: status %d, %v", row.kind, p.StatusCode, p.ResponseHeaders)
			}
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fantasy.From(fake.New(fake.Text("x"))).Generate(ended, charm.Call{Prompt: hello()}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
	m := fake.New(fake.Text("a long story").Pieces(1))
	stream, err := fantasy.From(m).Stream(t.Context(), charm.Call{Prompt: hello()})
	if err != nil {
		t.Fatal(err)
	}
	for range stream {
		break
	}
	if m.Open() != 0 {
		t.Errorf("a reader that has enough: %d streams are open", m.Open())
	}
}
