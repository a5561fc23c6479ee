package langchain_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tmc/langchaingo/llms"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/examples/adapters/langchain"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Example has a program written for langchaingo answered by a script.
func Example() {
	llm := langchain.From(fake.New(fake.Text("Bonjour.")))
	text, err := llms.GenerateFromSinglePrompt(context.Background(), llm, "Say hello in French.")
	fmt.Println(text, err)
	// Output: Bonjour. <nil>
}

// Example_bedrock runs the same program on Bedrock.
func Example_bedrock() {
	server := bedrocktest.InMemory(fake.New(fake.Text("Bonjour.")), nil)
	m, err := bedrock.New(server.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil) // or bedrock.Open
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := llms.GenerateFromSinglePrompt(context.Background(), langchain.From(m), "Say hello in French.", llms.WithMaxTokens(100))
	fmt.Println(text, err)
	// Output: Bonjour. <nil>
}

func generate(t *testing.T, turn fake.Turn, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentChoice, *model.Request, error) {
	t.Helper()
	m := fake.New(turn)
	resp, err := langchain.From(m).GenerateContent(t.Context(), messages, options...)
	if err != nil {
		return nil, nil, err
	}
	if len(resp.Choices) != 1 {
		t.Fatalf("%d choices", len(resp.Choices))
	}
	return resp.Choices[0], m.Request(0), nil
}

// TestFromRequest checks what reaches the model from a conversation with
// everything in it.
func TestFromRequest(t *testing.T) {
	messages := []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, "Be brief."),
		{Role: llms.ChatMessageTypeHuman, Parts: []llms.ContentPart{
			llms.WithCacheControl(llms.TextPart("Look:"), &llms.CacheControl{Type: "ephemeral"}),
			llms.BinaryPart("image/png", []byte("\x89PNG\r\n\x1a\n")), llms.ImageURLPart("data:image/gif;base64,R0lGODlh"), llms.ImageURLPart("s3://b/x.png"), llms.BinaryPart("application/pdf", []byte("%PDF"))}},
		{Role: llms.ChatMessageTypeAI, Parts: []llms.ContentPart{llms.TextPart("I ask."),
			llms.ToolCall{ID: "c1", Type: "function", FunctionCall: &llms.FunctionCall{Name: "clock", Arguments: `{"n":12345678901234567890}`}}}},
		{Role: llms.ChatMessageTypeTool, Parts: []llms.ContentPart{llms.ToolCallResponse{ToolCallID: "c1", Name: "clock", Content: "noon"}}},
	}
	_, got, err := generate(t, fake.Text("ok"), messages, llms.WithMaxTokens(5000), llms.WithTemperature(0.5), llms.WithTopK(3), llms.WithStopWords([]string{"END"}),
		llms.WithTools([]llms.Tool{{Type: "function", Function: &llms.FunctionDefinition{Name: "clock", Description: "d", Parameters: map[string]any{"type": "object"}, Strict: true}}}),
		llms.WithToolChoice(llms.ToolChoice{Type: "function", Function: &llms.FunctionReference{Name: "clock"}}), llms.WithThinkingBudget(2000))
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Request{MaxTokens: 5000, Temperature: new(0.5), TopK: 3, StopSequences: []string{"END"},
		Messages: []model.Message{
			model.System("Be brief."),
			{Role: model.RoleUser, Parts: []model.Part{model.Text("Look:"), model.CachePoint{}, model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")},
				model.Image{MediaType: "image/gif", Data: []byte("GIF89a")}, model.Image{URI: "s3://b/x.png"}, model.Document{MediaType: "application/pdf", Name: "document", Data: []byte("%PDF")}}},
			{Role: model.RoleAssistant, Parts: []model.Part{model.Text("I ask."), model.ToolCall{ID: "c1", Name: "clock", Input: []byte(`{"n":12345678901234567890}`)}}},
			{Role: model.RoleUser, Parts: []model.Part{model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("noon")}}}},
		},
		Tools:      []model.Tool{{Name: "clock", Description: "d", InputSchema: []byte(`{"type":"object"}`), Strict: new(true)}},
		ToolChoice: model.ToolChoice{Mode: model.ToolsNamed, Name: "clock"},
		Thinking:   &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("request (-want +got):\n%s", d)
	}
}

// TestFromAnswer checks what comes back, in one piece and as a stream.
func TestFromAnswer(t *testing.T) {
	turn := fake.Reply(model.Thinking{Text: "Hm."}, model.Text("I "), model.Text("ask."), fake.Call("clock", `{"n":1e400}`), fake.Call("clock", `{}`)).
		Usage(&model.Usage{Known: true, InputTokens: 10, OutputTokens: 5, CacheReadTokens: 4}).Pieces(2)
	hello := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "Hello")}
	var text, thought string
	for name, options := range map[string][]llms.CallOption{
		"at once":   nil,
		"in pieces": {llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error { text += string(chunk); return nil })},
		"in pieces of both": {llms.WithStreamingReasoningFunc(func(_ context.Context, reasoning, chunk []byte) error {
			thought += string(reasoning)
			return nil
		})},
	} {
		c, _, err := generate(t, turn, hello, options...)
		if err != nil {
			t.Fatal(err)
		}
		if c.Content != "I ask." || c.ReasoningContent != "Hm." || c.StopReason != "tool_use" || len(c.ToolCalls) != 2 || c.FuncCall != c.ToolCalls[0].FunctionCall {
			t.Errorf("%s: %+v", name, c)
		}
		if f := c.ToolCalls[0].FunctionCall; f.Arguments != `{"n":1e400}` || f.Name != "clock" {
			t.Errorf("%s: the call is %+v", name, f)
		}
		if i := c.GenerationInfo; i["InputTokens"] != 10 || i["OutputTokens"] != 5 || i["CacheReadInputTokens"] != 4 || i["TotalTokens"] != 15 {
			t.Errorf("%s: %v", name, i)
		}
	}
	if text != "I ask." || thought != "Hm." {
		t.Errorf("pieces of text %q and of thinking %q", text, thought)
	}
}

// TestFromRefused checks settings that have no counterpart, and that errors
// keep their kind.
func TestFromRefused(t *testing.T) {
	hello := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "Hello")}
	for name, option := range map[string]llms.CallOption{
		"Seed": llms.WithSeed(1), "JSONMode": llms.WithJSONMode(), "PresencePenalty": llms.WithPresencePenalty(1), "N": llms.WithN(2),
		"no choice": llms.WithToolChoice("whatever"), "no counterpart": llms.WithToolChoice(3),
	} {
		if _, _, err := generate(t, fake.Text("x"), hello, option); !errors.Is(err, model.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := generate(t, fake.Fail(model.ErrThrottled), hello); !errors.Is(err, model.ErrThrottled) {
		t.Errorf("a busy model: %v", err)
	}
	left := errors.New("enough")
	stop := llms.WithStreamingFunc(func(context.Context, []byte) error { return left })
	m := fake.New(fake.Text("a long story").Pieces(1))
	if _, err := langchain.From(m).GenerateContent(t.Context(), hello, stop); !errors.Is(err, left) || m.Open() != 0 {
		t.Errorf("a caller that has enough: %v, %d streams are open", err, m.Open())
	}
}
