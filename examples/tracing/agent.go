package main

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// The agent is the one of examples/toolloop. It looks up the weather of two
// cities, one of which does not exist, and converts a temperature.

// scripted plays the model. Its first call fails. Use any other model.ChatModel
// to have a real one think.
func scripted() model.ChatModel {
	usage := func(in, out, read, written int) *model.Usage {
		return &model.Usage{Known: true, InputTokens: in, OutputTokens: out, CacheReadTokens: read, CacheWriteTokens: written}
	}
	return fake.NewWith(&fake.Options{Provider: "bedrock", Model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		fake.Fail(&model.Error{Kind: model.ErrThrottled, Message: "too many requests"}),
		fake.Reply(
			model.Text("Let me look up both cities."),
			fake.Call("weather", `{"city":"Lisbon"}`),
			fake.Call("weather", `{"city":"Atlantis"}`),
		).Usage(usage(1800, 90, 0, 1700)),
		fake.Calls(fake.Call("convert", `{"celsius":31}`)).Usage(usage(2000, 40, 1700, 200)),
		fake.Text("It is 88 °F and sunny in Lisbon: pack light. Nobody has measured Atlantis.").Usage(usage(2100, 30, 1900, 100)),
	)
}

func question() *model.Request {
	return &model.Request{
		MaxTokens: 500,
		Messages: []model.Message{
			model.System("You help people pack. Use the tools; give temperatures in Fahrenheit."),
			model.User("Lisbon or Atlantis: what do I pack?"),
		},
	}
}

type weatherQuery struct {
	City string `json:"city" jsonschema:"the city, in English"`
}

func weather(_ context.Context, q weatherQuery) (map[string]any, error) {
	if q.City != "Lisbon" {
		return nil, fmt.Errorf("no weather station in %s", q.City) // the model reads this
	}
	return map[string]any{"sky": "sunny", "celsius": 31}, nil
}

type temperature struct {
	Celsius float64 `json:"celsius"`
}

func convert(_ context.Context, t temperature) (string, error) {
	return fmt.Sprintf("%.0f °F", t.Celsius*9/5+32), nil
}

// newAgent returns the tool loop of llm, named for its trace.
func newAgent(llm model.ChatModel) (runnable.Runnable[*model.Request, *runnable.Conversation], error) {
	w, err := runnable.NewTool("weather", "Returns the current weather of a city.", weather)
	if err != nil {
		return nil, err
	}
	c, err := runnable.NewTool("convert", "Converts degrees Celsius to Fahrenheit.", convert)
	if err != nil {
		return nil, err
	}
	set, err := runnable.NewToolSet([]runnable.Tool{w, c}, nil)
	if err != nil {
		return nil, err
	}
	return runnable.Named("packing", runnable.ToolLoop(llm, set, nil)), nil
}
