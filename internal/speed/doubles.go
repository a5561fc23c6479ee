package main

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// testRows are the doubles of models and of the service.
var testRows = []row{
	{work: "fake, call with 100 turns", against: "Clone and Validate", measure: fakeCall},
	{work: "bedrocktest, call with 100 turns", against: "the client alone", measure: serverCall},
}

// turns is a conversation of n turns.
func turns(n int) *model.Request {
	req := &model.Request{MaxTokens: 100, Messages: []model.Message{model.System(prompt)}}
	for i := range n {
		if i%2 == 0 {
			req.Messages = append(req.Messages, model.User(fmt.Sprint(question, i)))
		} else {
			req.Messages = append(req.Messages, model.Assistant(fmt.Sprint(reply, i)))
		}
	}
	return req
}

const manyTurns = 99 // the last one is the user's

// fakeCall compares a call of a fake with the least that it has to do, which is
// to copy the request and check it.
func fakeCall(l *lab) ([]figure, error) {
	req := turns(manyTurns)
	ratio, err := l.ratio(func() error {
		// A new fake each time: it keeps the requests that it is given.
		_, err := fake.New(fake.Text("ok")).Generate(context.Background(), req)
		return err
	}, func() error { return req.Clone().Validate() })
	return []figure{{value: ratio, unit: "times", wanted: 3}}, err
}

// serverCall compares a call that the test server answers in memory with one
// whose answer is ready. The difference is the server's work.
func serverCall(l *lab) ([]figure, error) {
	req := turns(manyTurns)
	alone, err := ours(always("application/json", []byte(shortAnswer)), "")
	if err != nil {
		return nil, err
	}
	s := bedrocktest.InMemory(said{"ok"}, &bedrocktest.Options{Keep: -1})
	served, err := bedrock.New(s.Client(), claude, nil)
	if err != nil {
		return nil, err
	}
	call := func(m model.ChatModel) op {
		return func() error {
			_, err := m.Generate(context.Background(), req)
			return err
		}
	}
	ratio, err := l.ratio(call(served), call(alone))
	return []figure{{value: ratio, unit: "times", wanted: 3}}, err
}
