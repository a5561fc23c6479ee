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

// A scenario is the conversation of a cassette.
type scenario struct {
	name     string // the name of the cassette
	model    string
	invoke   bool          // over InvokeModel, not Converse
	settings model.Request // the settings of every call; its messages begin the conversation
	turns    []turn

	liveOnly  string // why there is no local recording; empty if there is
	localOnly string // why the service cannot be made to answer this way; empty if it can
}

// A turn is one call.
type turn struct {
	// says returns the next message, given the last answer. Nil repeats the
	// conversation unchanged.
	says   func(last *model.Response) (model.Message, error)
	edit   func(*model.Request) // changes this call's request; nil for none
	afresh bool                 // forget the conversation so far
	stored bool                 // store the conversation as JSON and read it back first
	stream bool                 // call Stream instead of Generate

	answer  fake.Turn       // the answer of the script
	fails   model.ErrorKind // the kind of error that the call ends in; the conversation goes on without it
	refused bool            // the service itself refuses the call, without the script
}

// open returns the scenario's model.
func (s *scenario) open(client *bedrockruntime.Client) (model.ChatModel, error) {
	if s.invoke {
		return bedrock.New(client, s.model, &bedrock.Options{Format: bedrock.FormatAuto})
	}
	return bedrock.New(client, s.model, nil)
}

// script returns the model that answers in the place of the service. Latencies
// are fixed, so that equal code makes equal files.
func (s *scenario) script() *fake.Model {
	var script []fake.Turn
	for i, t := range s.turns {
		if !t.refused {
			script = append(script, t.answer.With(func(r *model.Response) { r.Latency = latencyOf(i) }))
		}
	}
	return fake.New(script...)
}

// play plays the conversation. Every call must end as its turn states.
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

// user returns a function that says a text.
func user(text string) func(*model.Response) (model.Message, error) {
	return userParts(model.Text(text))
}

func userParts(parts ...model.Part) func(*model.Response) (model.Message, error) {
	return func(*model.Response) (model.Message, error) { return model.UserParts(parts...), nil }
}

// results returns a function that answers all calls of the last answer. A live
// model chooses the number of calls and their ids.
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
