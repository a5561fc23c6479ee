package runnable

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// ToolLoopOptions says how [ToolLoop] runs. The zero value is a good choice.
type ToolLoopOptions struct {
	// MaxSteps limits the calls of the model. Zero means 10.
	MaxSteps int
}

// A Conversation is what came of a [ToolLoop].
type Conversation struct {
	// Response is the last answer of the model, the one without tool calls.
	Response *model.Response

	// Messages is the whole history: that of the request, every answer and
	// every result, the last answer included. It is the caller's to keep: put
	// the next question behind it, and it is the next request's. It shares the
	// parts of the request's messages.
	Messages []model.Message

	// Usage is the sum over the model's calls, as far as they told. Its Known
	// is false if none did. It is never nil.
	Usage *model.Usage

	// Steps is how often the model was called.
	Steps int
}

// Text returns the text of the last answer.
func (c *Conversation) Text() string {
	if c == nil || c.Response == nil {
		return ""
	}
	return c.Response.Text()
}

// ErrStepLimit is the error of a [ToolLoop] whose model asked for tools in its
// last step, too.
var ErrStepLimit = errors.New("the model still asks for tools after its last step")

// A ToolLoopError is a [ToolLoop] that did not come to its end. The cause is
// reachable by errors.Is and errors.As: [ErrStepLimit], or what the model or a
// tool failed with.
type ToolLoopError struct {
	// Conversation is what there is so far. Its Messages can be sent again:
	// every tool call in them has its result, so an answer whose calls could
	// not be answered is not among them. Its Response is nil.
	Conversation *Conversation

	// Err is the cause, never nil.
	Err error
}

// Error returns the number of answers and the cause.
func (e *ToolLoopError) Error() string {
	return fmt.Sprintf("answers so far: %d: %v", e.Conversation.Steps, e.Err)
}

// Unwrap returns the cause.
func (e *ToolLoopError) Unwrap() error { return e.Err }

// ToolLoop is the step that asks m, runs the tools it calls, tells it the
// results, and so on until it answers without a call. The tools of the set are
// added to those of the request.
//
// A [model.ToolChoice] that makes the model call a tool holds for the first
// step only, or there would be no end. If the model still calls tools in its
// last step, these are run, and the error matches [ErrStepLimit]: a further
// loop can go on from its history. Every error is a [*ToolLoopError]. The
// step is named "loop", the steps in it "model" and "tools". Nil tools are
// none, nil options mean the zero value.
func ToolLoop(m model.ChatModel, tools *ToolSet, options *ToolLoopOptions) Runnable[*model.Request, *Conversation] {
	if m == nil {
		return missing[*model.Request, *Conversation]("the model")
	}
	if tools == nil {
		tools = new(ToolSet)
	}
	l := &toolLoop{model: Model(m), tools: tools, maxSteps: 10}
	if options != nil && options.MaxSteps > 0 {
		l.maxSteps = options.MaxSteps
	}
	return &named[*model.Request, *Conversation]{name: "loop", inner: Func(l.run), byDefault: true, kind: model.StepLoop}
}

type toolLoop struct {
	model    Runnable[*model.Request, *model.Response]
	tools    *ToolSet
	maxSteps int
}

func (l *toolLoop) run(ctx context.Context, req *model.Request) (*Conversation, error) {
	if req == nil {
		return nil, toolError("the request is nil")
	}
	c := &Conversation{Messages: slices.Clone(req.Messages), Usage: new(model.Usage)}
	turn := *req
	turn.Tools = append(slices.Clone(req.Tools), l.tools.Definitions()...)
	for c.Steps < l.maxSteps {
		turn.Messages = c.Messages
		resp, err := l.model.Invoke(ctx, &turn)
		if err != nil {
			return nil, c.failed(err)
		}
		c.Steps++
		*c.Usage = c.Usage.Add(resp.TokenUsage())
		if len(resp.ToolCalls()) == 0 {
			c.Response = resp
			c.Messages = append(c.Messages, resp.Message)
			return c, nil
		}
		results, err := l.tools.Invoke(ctx, resp)
		if err != nil {
			return nil, c.failed(err)
		}
		c.Messages = append(c.Messages, resp.Message, results)
		if mode := turn.ToolChoice.Mode; mode == model.ToolsAny || mode == model.ToolsNamed {
			turn.ToolChoice = model.ToolChoice{Parallel: turn.ToolChoice.Parallel}
		}
	}
	return nil, &ToolLoopError{c, ErrStepLimit}
}

// failed puts what there is so far beside an error. The step that failed
// stays outermost, so that its path goes on.
func (c *Conversation) failed(err error) error {
	if e, ok := err.(*StepError); ok {
		return &StepError{Step: e.Step, Err: &ToolLoopError{c, e.Err}}
	}
	return &ToolLoopError{c, err}
}
