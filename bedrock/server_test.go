package bedrock_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// These tests hold whole conversations with the local Bedrock, which refuses
// what the service refuses, signs thinking and accounts for caching.

// servers are the ways to reach it.
var servers = map[string]func(t *testing.T, m model.ChatModel) *bedrocktest.Server{
	"http":   func(t *testing.T, m model.ChatModel) *bedrocktest.Server { return bedrocktest.Start(t, m, nil) },
	"tls":    func(t *testing.T, m model.ChatModel) *bedrocktest.Server { return bedrocktest.StartTLS(t, m, nil) },
	"memory": func(_ *testing.T, m model.ChatModel) *bedrocktest.Server { return bedrocktest.InMemory(m, nil) },
}

// calls are the two ways to ask.
var calls = map[string]func(m model.ChatModel, req *model.Request) (*model.Response, error){
	"generate": func(m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Generate(context.Background(), req)
	},
	"stream": func(m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Stream(context.Background(), req).Response()
	},
}

func eachServer(t *testing.T, modelID string, script func() *fake.Model, test func(t *testing.T, ask func(*model.Request) *model.Response)) {
	for name, start := range servers {
		for way, call := range calls {
			t.Run(name+"/"+way, func(t *testing.T) {
				m, err := bedrock.New(start(t, script()).Client(), modelID, nil)
				if err != nil {
					t.Fatal(err)
				}
				test(t, func(req *model.Request) *model.Response {
					t.Helper()
					resp, err := call(m, req)
					if err != nil {
						t.Fatal(err)
					}
					return resp
				})
			})
		}
	}
}

// TestServerThinkingWithTools takes three turns: signed thinking and a call,
// its result, and a question about it. The server refuses thinking that does
// not come back as it was signed.
func TestServerThinkingWithTools(t *testing.T) {
	script := func() *fake.Model {
		return fake.New(
			fake.Thinking("I need the weather.", "", fake.Call("weather", `{"city":"Oslo","days":9007199254740993}`)).Pieces(3),
			fake.Text("It rains."),
			fake.Text("Yes, all week."),
		)
	}
	eachServer(t, claude45, script, func(t *testing.T, ask func(*model.Request) *model.Response) {
		req := &model.Request{
			Messages:  []model.Message{model.User("How is the weather in Oslo?")},
			Tools:     []model.Tool{{Name: "weather", InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}}}`)}},
			MaxTokens: 4096,
			Thinking:  &model.ThinkingConfig{Budget: 1024},
		}
		resp := ask(req)
		thoughts, made := resp.Thinking(), resp.ToolCalls()
		if len(thoughts) != 1 || thoughts[0].Signature == "" || len(made) != 1 || resp.StopReason != model.StopToolUse {
			t.Fatalf("first answer = %v, want signed thinking and a call", resp)
		}
		if got, want := string(made[0].Input), `{"city":"Oslo","days":9007199254740993}`; got != want {
			t.Errorf("input = %s, want %s", got, want)
		}
		req.Messages = append(req.Messages, resp.Message,
			model.ToolResults(model.ToolResult{CallID: made[0].ID, Parts: []model.Part{model.Text("rain")}}))
		resp = ask(req)
		req.Messages = append(req.Messages, resp.Message, model.User("All week?"))
		if got := ask(req).Text(); got != "Yes, all week." {
			t.Errorf("third answer = %q, want %q", got, "Yes, all week.")
		}
	})
}

// TestServerCaching sends the same long prompt twice. It must be written to the
// cache and then read, and counted as input both times.
func TestServerCaching(t *testing.T) {
	script := func() *fake.Model { return fake.New(fake.Text("ok").Usage(nil).Always()) }
	eachServer(t, claude45, script, func(t *testing.T, ask func(*model.Request) *model.Response) {
		req := &model.Request{
			Messages: []model.Message{model.System(strings.Repeat("A rule to keep in mind. ", 1000)), model.User("Hi")},
			Cache:    &model.CacheConfig{},
		}
		first, second := ask(req).Usage, ask(req).Usage
		if first == nil || second == nil {
			t.Fatalf("usage = %v and %v, want both", first, second)
		}
		if first.CacheWriteTokens < 1024 || first.CacheReadTokens != 0 {
			t.Errorf("first usage = %+v, want a write of 1024 tokens or more and no read", *first)
		}
		if second.CacheReadTokens != first.CacheWriteTokens || second.CacheWriteTokens != 0 {
			t.Errorf("second usage = %+v, want what was written (%d) read", *second, first.CacheWriteTokens)
		}
		if first.InputTokens != second.InputTokens || first.UncachedTokens() != second.UncachedTokens() {
			t.Errorf("input = %d and %d, want the same prompt to count the same", first.InputTokens, second.InputTokens)
		}
	})
}
