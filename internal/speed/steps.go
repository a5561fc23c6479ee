package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"text/template"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/schema"
	"github.com/chatmodel-go/chatmodel/runnable"
)

var stepRows = []row{
	{work: "ToolLoop, a step", against: "by hand, inputs validated", measure: toolLoop(validated, 2)},
	{work: "ToolLoop, a step", against: "by hand, inputs unchecked", measure: toolLoop(unchecked, 2)},
	{work: "Prompt", against: "fmt.Sprintf by hand", measure: makePrompt(promptBySprintf, 2)},
	{work: "Prompt", against: "text/template by hand", measure: makePrompt(promptByTemplate, 2)},
}

// steps is how often a loop asks the model.
const loopSteps = 50

// A caller is a model that calls a tool until it has its results, and costs next
// to nothing.
type caller struct{ answers []*model.Response }

// newCaller returns a caller that calls the tool loopSteps times and then is
// done.
func newCaller() *caller {
	c := &caller{}
	for i := range loopSteps {
		c.answers = append(c.answers, &model.Response{StopReason: model.StopToolUse, Usage: &model.Usage{Known: true, InputTokens: 1, OutputTokens: 1},
			Message: model.AssistantParts(model.ToolCall{ID: fmt.Sprint("c", i), Name: "add", Input: json.RawMessage(`{"A":1,"B":2}`)})})
	}
	last := &model.Response{StopReason: model.StopEndTurn, Usage: &model.Usage{Known: true}, Message: model.Assistant("done")}
	c.answers = append(c.answers, last)
	return c
}

func (c *caller) Generate(_ context.Context, req *model.Request) (*model.Response, error) {
	return c.answers[len(req.Messages)/2], nil // a call and a result each time
}

// Stream fails: the loops ask for complete answers.
func (c *caller) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return model.FailedStream(ctx, model.StreamInfo{}, errors.ErrUnsupported)
}

// A sumInput is the input of the tool that the loops run.
type sumInput struct{ A, B int }

// sum is the function of that tool, short enough that the loop is what is
// measured.
func sum(_ context.Context, in sumInput) (string, error) { return fmt.Sprint(in.A + in.B), nil }

// toolLoop compares a loop with one as a program has it that does without: it
// runs one tool after the other.
func toolLoop(decode func() (decoder, error), most float64) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		m := newCaller()
		tool, err := runnable.NewTool("add", "Adds two numbers.", sum)
		if err != nil {
			return nil, err
		}
		set, err := runnable.NewToolSet([]runnable.Tool{tool}, nil)
		if err != nil {
			return nil, err
		}
		read, err := decode()
		if err != nil {
			return nil, err
		}
		loop := runnable.ToolLoop(m, set, &runnable.ToolLoopOptions{MaxSteps: loopSteps + 1})
		ratio, err := l.ratio(func() error {
			c, err := loop.Invoke(context.Background(), hello)
			if err == nil && c.Calls != loopSteps {
				err = fmt.Errorf("%d calls", c.Calls)
			}
			return err
		}, func() error { return loopByHand(m, set.Definitions(), read) })
		return []figure{{value: ratio, unit: "times", wanted: most}}, err
	}
}

// A decoder makes a tool's input of a call's.
type decoder func(json.RawMessage) (sumInput, error)

// unchecked takes whatever encoding/json makes of an input.
func unchecked() (decoder, error) {
	return func(raw json.RawMessage) (in sumInput, err error) {
		err = json.Unmarshal(raw, &in)
		return in, err
	}, nil
}

// validated holds inputs against the schema that the model was given.
func validated() (decoder, error) {
	form, err := schema.For[sumInput]()
	if err != nil {
		return nil, err
	}
	v, err := schema.Compile(form)
	return func(raw json.RawMessage) (sumInput, error) { return schema.Decode[sumInput](v, raw) }, err
}

// loopByHand is the loop as a program writes it for itself, with neither limits
// nor events.
func loopByHand(m model.ChatModel, tools []model.Tool, decode decoder) error {
	ctx := context.Background()
	req := hello.Clone()
	req.Tools = tools
	var usage model.Usage
	for {
		resp, err := m.Generate(ctx, req)
		if err != nil {
			return err
		}
		usage = usage.Add(*resp.Usage)
		req.Messages = append(req.Messages, resp.Message)
		calls := resp.ToolCalls()
		if len(calls) == 0 {
			return nil
		}
		var results []model.ToolResult
		for _, c := range calls {
			in, err := decode(c.Input)
			if err != nil {
				return err
			}
			text, err := sum(ctx, in)
			if err != nil {
				return err
			}
			results = append(results, model.ToolResult{CallID: c.ID, Parts: []model.Part{model.Text(text)}})
		}
		req.Messages = append(req.Messages, model.ToolResults(results...))
	}
}

// A translation is what the prompts are filled with.
type translation struct{ From, To, Input string }

const (
	systemText = "You are a helpful assistant that translates {{.From}} to {{.To}}."
	userText   = "{{.Input}}"
)

// makePrompt compares a Prompt with the same request made by hand.
func makePrompt(byHand func(translation) (*model.Request, error), most float64) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		in := translation{"English", "German", "I love programming."}
		p, err := runnable.NewPrompt[translation](runnable.System(systemText), runnable.User(userText))
		if err != nil {
			return nil, err
		}
		ratio, err := l.ratio(func() error {
			_, err := p.Invoke(context.Background(), in)
			return err
		}, func() error {
			_, err := byHand(in)
			return err
		})
		return []figure{{value: ratio, unit: "times", wanted: most}}, err
	}
}

// promptBySprintf makes the request with the least that Go offers.
func promptBySprintf(in translation) (*model.Request, error) {
	return &model.Request{Messages: []model.Message{
		model.System(fmt.Sprintf("You are a helpful assistant that translates %s to %s.", in.From, in.To)),
		model.User(in.Input),
	}}, nil
}

var (
	systemTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("").Parse(systemText)) })
	userTemplate   = sync.OnceValue(func() *template.Template { return template.Must(template.New("").Parse(userText)) })
)

// promptByTemplate makes the request with templates that are parsed once.
func promptByTemplate(in translation) (*model.Request, error) {
	var system, user strings.Builder
	if err := errors.Join(systemTemplate().Execute(&system, in), userTemplate().Execute(&user, in)); err != nil {
		return nil, err
	}
	return &model.Request{Messages: []model.Message{model.System(system.String()), model.User(user.String())}}, nil
}
