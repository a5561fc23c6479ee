package fake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// In a test, both of these are its *testing.T.
var (
	t      = printer{}
	bubble = new(testing.T)
)

type printer struct{}

func (printer) Helper()                           {}
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// translate is a service that takes any model.
func translate(ctx context.Context, m model.ChatModel, text string) (string, error) {
	resp, err := m.Generate(ctx, &model.Request{Messages: []model.Message{
		model.System("Translate to French."),
		model.User(text),
	}})
	if err != nil {
		return "", err
	}
	return resp.Text(), nil
}

// Give a fake to a service, and look at the answer and at what was asked.
func Example() {
	m := fake.New(fake.Text("J'aime la programmation."))

	got, err := translate(context.Background(), m, "I love programming.")
	fmt.Println(got, err)
	fmt.Println(m.Request(0).Messages[1].Text())
	m.AssertDrained(t)

	// One call too many is an error that shows what was asked.
	_, err = translate(context.Background(), m, "Me too.")
	fmt.Println(err)
	// Output:
	// J'aime la programmation. <nil>
	// I love programming.
	// fake: generate fake: invalid request: call 2 does not fit the script: no turn is left for this request: system: "Translate to French."; user: "Me too."
}

// agent runs the tools that the model calls until it answers.
func agent(ctx context.Context, m model.ChatModel, req *model.Request, run func(model.ToolCall) string) (string, error) {
	for {
		resp, err := m.Generate(ctx, req)
		if err != nil {
			return "", err
		}
		if resp.StopReason != model.StopToolUse {
			return resp.Text(), nil
		}
		var results []model.ToolResult
		for _, c := range resp.ToolCalls() {
			results = append(results, model.ToolResult{CallID: c.ID, Parts: []model.Part{model.Text(run(c))}})
		}
		req.Messages = append(req.Messages, resp.Message, model.ToolResults(results...))
	}
}

// Script the calls of a tool loop, thinking included, and its answer.
func Example_toolLoop() {
	m := fake.NewWith(&fake.Options{Strict: true},
		fake.Thinking("Two places to look up.", "c2lnbmF0dXJl",
			fake.Call("weather", `{"city":"Oslo"}`),
			fake.Call("weather", `{"city":"Rome"}`)),
		fake.Text("Rome is warmer."),
	)
	req := &model.Request{
		Messages: []model.Message{model.User("Where is it warmer?")},
		Tools:    []model.Tool{{Name: "weather"}},
	}
	answer, err := agent(context.Background(), m, req, func(c model.ToolCall) string {
		return map[string]string{`{"city":"Oslo"}`: "8 °C", `{"city":"Rome"}`: "21 °C"}[string(c.Input)]
	})
	fmt.Println(answer, err)
	for _, message := range m.Request(-1).Messages {
		fmt.Println(message)
	}
	m.AssertDrained(t)
	// Output:
	// Rome is warmer. <nil>
	// user: "Where is it warmer?"
	// assistant: thinking("Two places to look up.", signature of 12 bytes) tool_call(call_1_2 weather {"city":"Oslo"}) tool_call(call_1_3 weather {"city":"Rome"})
	// user: tool_result(call_1_2 "8 °C") tool_result(call_1_3 "21 °C")
}

// Auto needs no script: it calls every tool with arguments that satisfy the
// tool's schema, and then answers with the results.
func Example_auto() {
	m := fake.New(fake.Auto(1).Always())
	req := &model.Request{
		Messages: []model.Message{model.User("Book it.")},
		Tools: []model.Tool{{
			Name: "book",
			InputSchema: json.RawMessage(`{
				"type": "object",
				"properties": {
					"from":   {"type": "string", "format": "date"},
					"nights": {"type": "integer", "minimum": 1},
					"room":   {"enum": ["single", "double"]},
					"guests": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/guest"}},
					"remark": {"type": "string"}
				},
				"required": ["from", "nights", "room", "guests"],
				"$defs": {"guest": {"type": "object", "properties": {"email": {"type": "string", "format": "email"}}, "required": ["email"]}}
			}`),
		}},
	}
	answer, err := agent(context.Background(), m, req, func(c model.ToolCall) string {
		fmt.Printf("%s %s\n", c.Name, c.Input)
		return "booked"
	})
	fmt.Println(answer, err)
	// Output:
	// book {"from":"2024-01-01","guests":[{"email":"a.example@example.com"}],"nights":1,"room":"double"}
	// {"book":"booked"} <nil>
}

// Test what shows a stream with pieces and delays. In a testing/synctest
// bubble the waits take no time and are exact.
func Example_streaming() {
	synctest.Test(bubble, func(t *testing.T) {
		m := fake.New(fake.Text("Hello, world").Split("Hel", "lo, ", "world").After(2 * time.Second).Every(50 * time.Millisecond))
		start := time.Now()
		for text, err := range m.Stream(t.Context(), hello()).Text() {
			fmt.Printf("%5v %q %v\n", time.Since(start), text, err)
			if text == "lo, " {
				break // the user has seen enough
			}
		}
		fmt.Println("open:", m.Open())
	})
	// Output:
	//    2s "Hel" <nil>
	// 2.05s "lo, " <nil>
	// open: 0
}

// Test how a service copes with failures: before an answer, and within one.
func Example_failures() {
	m := fake.New(
		fake.Fail(&model.Error{Kind: model.ErrThrottled, RetryAfter: time.Second}),
		fake.Text("made it"),
		fake.Text("Once upon a time").CutAfter(2),
		fake.Text("Once upon a time").FailAfter(3, &model.Error{Kind: model.ErrUnavailable, Message: "overloaded"}),
	)
	synctest.Test(bubble, func(t *testing.T) {
		patient := model.Wrap(m, model.Retry(nil))
		start := time.Now()
		resp, err := patient.Generate(t.Context(), hello())
		fmt.Println(resp.Text(), err, "after", time.Since(start))

		for range 2 {
			stream := patient.Stream(t.Context(), hello())
			for range stream.Events() {
			}
			part, err := stream.Response()
			fmt.Printf("%q %v\n", part.Text(), err)
			fmt.Println(errors.Is(err, model.ErrTruncated), errors.Is(err, model.ErrUnavailable))
		}
	})
	m.AssertDrained(t)
	// Output:
	// made it <nil> after 1s
	// "Once upon" fake: stream fake: answer truncated: the stream ended before the answer was complete (request id fake-3)
	// true false
	// "Once upon a" fake: stream fake: unavailable: overloaded
	// false true
}

// Test that a service places its cache points well: a longer conversation
// should read what an earlier call has written.
func Example_cache() {
	m := fake.NewWith(&fake.Options{
		Cache:  &fake.CacheOptions{},
		Tokens: func([]byte) int { return 100 }, // for every tool and every part
	}, fake.Text("Hi.").Always())

	req := &model.Request{
		Tools:    []model.Tool{{Name: "weather"}},
		Messages: []model.Message{model.System("Be kind."), model.User("Hello.")},
		Cache:    &model.CacheConfig{}, // cache points are placed automatically
	}
	for range 2 {
		resp, err := m.Generate(context.Background(), req)
		if err != nil {
			fmt.Println(err)
			return
		}
		u := resp.Usage
		fmt.Println(u.InputTokens, "in, of them", u.CacheReadTokens, "read and", u.CacheWriteTokens, "written")
		req.Messages = append(req.Messages, resp.Message, model.User("And now?"))
	}
	// Output:
	// 300 in, of them 0 read and 300 written
	// 500 in, of them 300 read and 200 written
}

// Turn.Expect states what a call must ask for, next to what it gets.
func ExampleTurn_Expect() {
	m := fake.New(fake.Text("Bonjour.").Expect(func(req *model.Request) error {
		if req.Messages[0].Role != model.RoleSystem {
			return errors.New("there is no system message")
		}
		return nil
	}))
	_, err := m.Generate(context.Background(), hello())
	fmt.Println(errors.Is(err, fake.ErrScript))
	m.AssertDrained(t)
	// Output:
	// true
	// fake: invalid request: call 1 does not fit the script: fake.Text("Bonjour.") did not expect this request: there is no system message
}

// Func answers by the request.
func ExampleFunc() {
	shout := fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		last := req.Messages[len(req.Messages)-1]
		return &model.Response{Message: model.Assistant(last.Text() + "!")}, nil
	})
	resp, err := fake.New(shout.Always()).Generate(context.Background(), hello())
	fmt.Println(resp, err)
	// Output: assistant: "hello!" (end_turn, 8 in, 8 out) <nil>
}
