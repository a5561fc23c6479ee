package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A scenario is a conversation that a cassette holds.
type scenario struct {
	name     string // of the cassette
	model    string
	invoke   bool          // over InvokeModel, not Converse
	settings model.Request // of every call; its messages begin the conversation
	turns    []turn

	liveOnly  string // why there is no local recording of it, if so
	localOnly string // why the service can't be made to answer so, if so
}

// A turn is one call.
type turn struct {
	// says returns what is said next, after the last answer. Nil repeats the
	// conversation as it is.
	says   func(last *model.Response) (model.Message, error)
	edit   func(*model.Request) // changes this call's request; nil for none
	afresh bool                 // forget what was said before
	stored bool                 // the conversation was stored as JSON and read again
	stream bool                 // ask by Stream, not by Generate

	answer  fake.Turn       // what the script answers
	fails   model.ErrorKind // the error that the call ends in; the conversation goes on without it
	refused bool            // by the service itself: the script is not asked
}

// open returns the scenario's model.
func (s *scenario) open(client *bedrockruntime.Client) (model.ChatModel, error) {
	if s.invoke {
		return bedrock.New(client, s.model, &bedrock.Options{Format: bedrock.FormatAuto})
	}
	return bedrock.New(client, s.model, nil)
}

// script returns the model that answers in the service's place. Latencies are
// fixed, since nothing may depend on how long it takes.
func (s *scenario) script() *fake.Model {
	var script []fake.Turn
	for i, t := range s.turns {
		if !t.refused {
			script = append(script, t.answer.With(func(r *model.Response) { r.Latency = latencyOf(i) }))
		}
	}
	return fake.New(script...)
}

// play holds the conversation. Every call must end as its turn says.
func (s *scenario) play(ctx context.Context, llm model.ChatModel) error {
	var (
		said = s.settings.Clone().Messages
		last *model.Response
	)
	for i, t := range s.turns {
		req, err := s.request(t, said, last)
		if err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
		resp, err := t.ask(ctx, llm, req)
		switch {
		case t.fails == "" && err != nil:
			return fmt.Errorf("call %d: %w", i+1, err)
		case t.fails != "" && err == nil:
			return fmt.Errorf("call %d succeeded, want an error of kind %q", i+1, string(t.fails))
		case t.fails != "" && !errors.Is(err, t.fails):
			return fmt.Errorf("call %d failed, but not with kind %q: %w", i+1, string(t.fails), err)
		case err == nil:
			said, last = append(req.Messages, resp.Message), resp
		}
	}
	return nil
}

// request makes the request of a turn.
func (s *scenario) request(t turn, said []model.Message, last *model.Response) (*model.Request, error) {
	req := s.settings.Clone()
	if !t.afresh {
		req.Messages = slices.Clone(said)
	}
	if t.says != nil {
		message, err := t.says(last)
		if err != nil {
			return nil, err
		}
		req.Messages = append(req.Messages, message)
	}
	if t.edit != nil {
		t.edit(req)
	}
	if !t.stored {
		return req, nil
	}
	data, err := json.Marshal(req.Messages)
	if err != nil {
		return nil, err
	}
	req.Messages = nil
	return req, json.Unmarshal(data, &req.Messages)
}

func (t turn) ask(ctx context.Context, llm model.ChatModel, req *model.Request) (*model.Response, error) {
	if t.stream {
		return llm.Stream(ctx, req).Response()
	}
	return llm.Generate(ctx, req)
}

// user says a text.
func user(text string) func(*model.Response) (model.Message, error) {
	return userParts(model.Text(text))
}

func userParts(parts ...model.Part) func(*model.Response) (model.Message, error) {
	return func(*model.Response) (model.Message, error) { return model.UserParts(parts...), nil }
}

// results answers all calls of the last answer. A live model chooses the ids,
// and how many calls it makes.
func results(run func(model.ToolCall) model.ToolResult) func(*model.Response) (model.Message, error) {
	return func(last *model.Response) (model.Message, error) {
		var all []model.ToolResult
		for _, c := range last.ToolCalls() {
			result := run(c)
			result.CallID = c.ID
			all = append(all, result)
		}
		if len(all) == 0 {
			return model.Message{}, errors.New("the last answer calls no tool, so there are no results to send")
		}
		return model.ToolResults(all...), nil
	}
}
