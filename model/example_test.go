package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// An interpreter is a small model.ChatModel of its own: it knows two
// sentences. The examples ask it; programs ask one such as bedrock.Open gives.
type interpreter struct{}

func (interpreter) answer(req *model.Request) (string, error) {
	if err := req.Validate(); err != nil {
		return "", err
	}
	switch req.Messages[len(req.Messages)-1].Text() {
	case "I love programming.":
		return "J'adore la programmation.", nil
	case "And tea.":
		return "Et le thé.", nil
	}
	return "Pardon ?", nil
}

func (m interpreter) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return m.Stream(ctx, req).Response()
}

func (m interpreter) Stream(ctx context.Context, req *model.Request) *model.Stream {
	req = req.Clone() // it is read later
	return model.NewStream(ctx, model.StreamInfo{Provider: "example", Model: "interpreter"},
		func(ctx context.Context, emit func(model.Event) bool) error {
			text, err := m.answer(req)
			if err != nil {
				return err
			}
			for word := range strings.SplitAfterSeq(text, " ") {
				if !emit(model.Event{Kind: model.EventText, Text: word}) {
					return nil // nobody listens any more
				}
			}
			emit(model.Event{Kind: model.EventFinish, Response: &model.Response{
				StopReason: model.StopEndTurn,
				Usage:      &model.Usage{Known: true, InputTokens: 9, OutputTokens: 5},
			}})
			return nil
		})
}

// A conversation is a slice of messages. The answer's message goes into it as
// it is.
func Example() {
	var llm model.ChatModel = interpreter{}
	ctx := context.Background()

	history := []model.Message{model.System("Translate the user's sentence to French.")}
	for _, line := range []string{"I love programming.", "And tea."} {
		history = append(history, model.User(line))
		resp, err := llm.Generate(ctx, &model.Request{Messages: history})
		if err != nil {
			fmt.Println(err)
			return
		}
		history = append(history, resp.Message)
		fmt.Println(resp.Text(), resp.Usage.Total(), "tokens")
	}
	fmt.Println(len(history), "messages")
	// Output:
	// J'adore la programmation. 14 tokens
	// Et le thé. 14 tokens
	// 5 messages
}

func ExampleStream_Text() {
	var llm model.ChatModel = interpreter{}
	stream := llm.Stream(context.Background(), &model.Request{
		Messages: []model.Message{model.User("I love programming.")},
	})
	for text, err := range stream.Text() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print("|", text)
	}
	resp, err := stream.Response() // complete by now
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println()
	fmt.Println(resp.StopReason)
	// Output:
	// |J'adore |la |programmation.
	// end_turn
}

func ExampleStream_Events() {
	stream := toolModel{}.Stream(context.Background(), &model.Request{
		Messages: []model.Message{model.User("How warm is it in Paris?")},
	})
	for ev, err := range stream.Events() {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch ev.Kind {
		case model.EventThinking:
			fmt.Println("thinking:", ev.Text)
		case model.EventToolInput:
			fmt.Println("more input:", ev.Text)
		case model.EventPartDone:
			if call, ok := ev.Part.(model.ToolCall); ok {
				fmt.Printf("call %s(%s)\n", call.Name, call.Input)
			}
		case model.EventFinish:
			fmt.Println("finished:", ev.Response.StopReason)
		}
	}
	// Output:
	// thinking: I should look it up.
	// more input: {"city":
	// more input: "Paris"}
	// call thermometer({"city":"Paris"})
	// finished: tool_use
}

// Leaving the loop ends the call. What had arrived is still there.
func ExampleStream_Response_stopped() {
	stream := interpreter{}.Stream(context.Background(), &model.Request{
		Messages: []model.Message{model.User("I love programming.")},
	})
	for range stream.Text() {
		break
	}
	resp, err := stream.Response()
	fmt.Printf("%q\n", resp.Text())
	fmt.Println(errors.Is(err, model.ErrStopped))
	// Output:
	// "J'adore "
	// true
}

// A toolModel asks for the temperature and then tells it.
type toolModel struct{}

func (m toolModel) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return m.Stream(ctx, req).Response()
}

func (toolModel) Stream(ctx context.Context, req *model.Request) *model.Stream {
	last := req.Clone().Messages[len(req.Messages)-1].Parts[0]
	return model.NewStream(ctx, model.StreamInfo{Provider: "example"}, func(ctx context.Context, emit func(model.Event) bool) error {
		stop := model.StopToolUse
		if result, ok := last.(model.ToolResult); ok {
			stop = model.StopEndTurn
			emit(model.Event{Kind: model.EventText, Text: fmt.Sprintf("It is %v degrees.", result.Parts[0])})
		} else {
			emit(model.Event{Kind: model.EventThinking, Text: "I should look it up."})
			emit(model.Event{Kind: model.EventSignature, Text: "c2VhbGVk"})
			emit(model.Event{Kind: model.EventToolCall, Index: 1, Part: model.ToolCall{ID: "call_1", Name: "thermometer"}})
			emit(model.Event{Kind: model.EventToolInput, Index: 1, Text: `{"city":`})
			emit(model.Event{Kind: model.EventToolInput, Index: 1, Text: `"Paris"}`})
		}
		emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: stop}})
		return nil
	})
}

// All calls of a turn are answered in one message.
func ExampleToolResults() {
	req := &model.Request{
		Messages: []model.Message{model.User("How warm is it in Paris?")},
		Tools: []model.Tool{{
			Name:        "thermometer",
			Description: "Tells the temperature in a city.",
			InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}`),
		}},
	}
	for {
		resp, err := toolModel{}.Generate(context.Background(), req)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Messages = append(req.Messages, resp.Message)
		if resp.StopReason != model.StopToolUse {
			fmt.Println(resp.Text())
			return
		}
		var results []model.ToolResult
		for _, call := range resp.ToolCalls() {
			fmt.Printf("%s(%s)\n", call.Name, call.Input)
			results = append(results, model.ToolResult{CallID: call.ID, Parts: []model.Part{model.Text("21")}})
		}
		req.Messages = append(req.Messages, model.ToolResults(results...))
	}
	// Output:
	// thermometer({"city":"Paris"})
	// It is 21 degrees.
}

func ExampleError() {
	_, err := interpreter{}.Generate(context.Background(), &model.Request{MaxTokens: -1})
	switch {
	case errors.Is(err, model.ErrContextOverflow):
		fmt.Println("shorten the conversation")
	case errors.Is(err, model.ErrInvalidRequest):
		fmt.Println("mend the request:")
	case model.Retryable(err):
		fmt.Println("try again")
	}
	if e, ok := errors.AsType[*model.Error](err); ok {
		fmt.Println(e.Message)
	}
	// Output:
	// mend the request:
	// messages has no message of the user or the assistant; a conversation needs one; max_tokens is -1; it must be positive, or 0 for the provider's default
}

// Conversations are stored as JSON. Every byte of a signature or of a tool's
// input comes back.
func ExampleMessage_MarshalJSON() {
	resp, err := toolModel{}.Generate(context.Background(), &model.Request{
		Messages: []model.Message{model.User("How warm is it in Paris?")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := json.MarshalIndent(resp.Message, "", "  ")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(doc))

	var loaded model.Message
	if err := json.Unmarshal(doc, &loaded); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(loaded.ToolCalls()[0].Input))
	// Output:
	// {
	//   "role": "assistant",
	//   "parts": [
	//     {
	//       "type": "thinking",
	//       "text": "I should look it up.",
	//       "signature": "c2VhbGVk",
	//       "provider": "example"
	//     },
	//     {
	//       "type": "tool_call",
	//       "id": "call_1",
	//       "name": "thermometer",
	//       "input": {
	//         "city": "Paris"
	//       }
	//     }
	//   ]
	// }
	// {"city":"Paris"}
}

// Printed and logged messages are for people: without signatures.
func ExampleMessage_LogValue() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	m := model.AssistantParts(model.Thinking{Text: "hm", Signature: "c2VhbGVk"}, model.Text("Hello"))
	log.Info("answered", "message", m)
	fmt.Println(m)
	// Output:
	// level=INFO msg=answered message.role=assistant message.parts="[thinking(\"hm\", signature of 8 bytes) \"Hello\"]"
	// assistant: thinking("hm", signature of 8 bytes) "Hello"
}

// A counter is a middleware's model: embedding passes on what it does not
// change, and Unwrap keeps optional abilities in reach.
type counter struct {
	model.ChatModel
	calls *int
}

func (c counter) Unwrap() model.ChatModel { return c.ChatModel }

func (c counter) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	*c.calls++
	return c.ChatModel.Generate(ctx, req)
}

func ExampleWrap() {
	var calls int
	counted := func(m model.ChatModel) model.ChatModel { return counter{m, &calls} }
	llm := model.Wrap(interpreter{}, model.Retry(nil), counted)

	resp, err := llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("And tea.")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text(), calls)
	// Output: Et le thé. 1
}

// A busy is a model that is asked too much.
type busy struct{ refusals *int }

func (m busy) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return m.Stream(ctx, req).Response()
}

func (m busy) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	*m.refusals++
	return model.FailedStream(ctx, model.StreamInfo{Provider: "example", Model: "busy"},
		&model.Error{Kind: model.ErrThrottled, RetryAfter: time.Millisecond})
}

func ExampleRetry() {
	var refusals int
	llm := model.Wrap(busy{&refusals}, model.Retry(&model.RetryOptions{MaxAttempts: 4}))
	_, err := llm.Generate(context.Background(), &model.Request{})
	fmt.Println(err)
	fmt.Println(refusals, "calls")
	// Output:
	// example: stream busy: throttled (retry after 1ms)
	// 4 calls
}

func ExampleFallback() {
	var refusals int
	llm := model.Wrap(busy{&refusals}, model.Fallback(interpreter{}))
	resp, err := llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("And tea.")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: Et le thé.
}

func ExampleUsage_Add() {
	var sum model.Usage
	for _, u := range []model.Usage{
		{InputTokens: 1540, OutputTokens: 10, CacheWriteTokens: 1528},
		{InputTokens: 1560, OutputTokens: 12, CacheReadTokens: 1528},
	} {
		sum = sum.Add(u)
	}
	fmt.Println(sum.Total(), "tokens,", sum.UncachedTokens(), "of the prompts not cached")
	// Output: 3122 tokens, 44 of the prompts not cached
}
