package bedrocktest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// What a test does with a server that listens.
func ExampleStart() {
	_ = func(t *testing.T) {
		s := bedrocktest.Start(t, fake.New(fake.Text("hello")), nil)
		llm, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := llm.Generate(t.Context(), &model.Request{Messages: []model.Message{model.User("hi")}}); err != nil {
			t.Fatal(err)
		}
		if got := s.Requests()[0].Messages[0].Text(); got != "hi" {
			t.Errorf("the model was told %q", got)
		}
	}
}

// A server in memory, and what it has recorded.
func ExampleInMemory() {
	s := bedrocktest.InMemory(fake.New(fake.Text("hello")), nil)
	llm, err := bedrock.New(s.Client(), "us.amazon.nova-micro-v1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("hi")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	call := s.Calls()[0]
	fmt.Println(resp.Text())
	fmt.Println(call.Operation, call.Path, call.Status)
	fmt.Printf("%s\n", call.Body)
	// Output:
	// hello
	// Converse /model/us.amazon.nova-micro-v1%3A0/converse 200
	// {"messages":[{"content":[{"text":"hi"}],"role":"user"}]}
}

// A stream that breaks off after three frames, and the text that had arrived.
func ExampleHandler_Inject() {
	s := bedrocktest.InMemory(fake.New(fake.Text("one two three").Always()), nil)
	s.Inject(bedrocktest.Throttle().Times(2), bedrocktest.ExceptionAt(3, bedrocktest.Exception{Code: "ServiceUnavailableException"}))
	llm, err := bedrock.New(s.Client(), "us.amazon.nova-micro-v1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := llm.Stream(context.Background(), &model.Request{Messages: []model.Message{model.User("count")}}).Response()
	fmt.Println(errors.Is(err, model.ErrUnavailable), resp.Text(), len(s.Calls()))
	// Output:
	// true one two 3
}

// A prompt is written to the cache, and read.
func ExampleServer_promptCaching() {
	s := bedrocktest.InMemory(fake.New(fake.Text("ok").Always()), nil)
	llm, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req := &model.Request{
		Messages: []model.Message{
			model.SystemParts(model.Text(strings.Repeat("long ", 1200)), model.CachePoint{}),
			model.User("question"),
		},
	}
	for range 2 {
		resp, err := llm.Generate(context.Background(), req)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("written", resp.Usage.CacheWriteTokens, "read", resp.Usage.CacheReadTokens, "other", resp.Usage.UncachedTokens())
	}
	// Output:
	// written 1500 read 0 other 2
	// written 0 read 1500 other 2
}

// A request that the service refuses, in the service's words.
func ExampleOptions() {
	m := fake.New(fake.Text("ok").Always())
	req := &model.Request{Messages: []model.Message{model.User("hi"), model.Assistant("well")}}
	// What the client believes of the model, so that the server has its say.
	believing := &bedrock.Options{NoAdaptation: true, Facts: func(f *facts.Facts) { f.Turns.Prefill = facts.SupportYes }}
	for _, options := range []*bedrocktest.Options{nil, {Off: []bedrocktest.Rule{"prefill"}}} {
		llm, err := bedrock.New(bedrocktest.InMemory(m, options).Client(), "us.anthropic.claude-sonnet-5", believing)
		if err != nil {
			fmt.Println(err)
			return
		}
		_, err = llm.Generate(context.Background(), req)
		var e *model.Error
		if errors.As(err, &e) {
			fmt.Println(e.Message)
		} else {
			fmt.Println("accepted")
		}
	}
	// Output:
	// The model returned the following errors: This model does not support assistant message prefill. The conversation must end with a user message.
	// accepted
}
