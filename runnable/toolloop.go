package runnable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
)

// ToolLoopOptions says how [ToolLoop] runs. The zero value is a good choice.
type ToolLoopOptions struct {
	// MaxSteps limits the calls of the model. Zero means 10.
	MaxSteps int

	// MaxCalls limits the calls of tools. Those beyond it are not run, and
	// the loop ends with [ErrCallLimit]. Zero means no limit.
	MaxCalls int

	// MaxTokens limits the tokens of all the model's calls together, in and
	// out. The loop ends with [ErrTokenLimit] as soon as they are used up and
	// the model still wants tools. Zero means no limit.
	MaxTokens int

	// MaxTime limits the time of the whole loop, which then ends with
	// [ErrTimeLimit]. Zero means no limit.
	MaxTime time.Duration

	// Sequential runs the calls of one answer one after the other, in order.
	Sequential bool

	// Before decides about each call before any call of the same answer is run:
	// run it, run it with another input, answer it, or stop the loop for
	// somebody's approval. An error ends the loop. Nil runs all.
	Before func(ctx context.Context, call ToolRequest) (Decision, error)

	// Prepare may change the request of a step, from 1, before it is sent: its
	// tools, its choice among them, its messages. The changes hold for this
	// step alone. Slices must be replaced, not written to. A call of a tool
	// that the step does not offer is not run. An error ends the loop.
	Prepare func(ctx context.Context, step int, req *model.Request) error
}

// A Conversation is the result of a [ToolLoop].
type Conversation struct {
	// Response is the last answer of the model, the one without tool calls.
	Response *model.Response

	// Messages is the whole history: the messages of the request, every answer
	// and every result, including the last answer. The caller may keep it, and
	// append the next question to it for the next request. It shares the parts
	// of the request's messages.
	Messages []model.Message

	// Usage is the sum over the model's calls that reported their usage. Its
	// Known is false if none did. It is never nil.
	Usage *model.Usage

	// StepUsage is the usage of each of the model's calls, in order. It is not
	// Known for a call that did not report it.
	StepUsage []model.Usage

	// Steps is the number of calls to the model. Calls is the number of tool
	// calls that were run.
	Steps, Calls int

	// Artifacts holds what tools kept for the program, by the ids of their
	// calls; see [KeepArtifact]. It is nil if they kept nothing.
	Artifacts map[string]any
}

// Text returns the text of the last answer.
func (c *Conversation) Text() string {
	if c == nil || c.Response == nil {
		return ""
	}
	return c.Response.Text()
}

// String returns the messages, one per line, followed by the steps, calls and
// tokens used.
func (c *Conversation) String() string {
	if c == nil {
		return "no conversation"
	}
	var b strings.Builder
	for _, m := range c.Messages {
		fmt.Fprintln(&b, m)
	}
	fmt.Fprintf(&b, "(steps: %d, calls: %d", c.Steps, c.Calls)
	if u := c.Usage; u != nil && u.Known {
		fmt.Fprintf(&b, ", tokens: %d in, %d out", u.InputTokens, u.OutputTokens)
	}
	if c.Response == nil {
		b.WriteString(", no answer yet")
	}
	return b.String() + ")"
}

// Format makes every verb of fmt print what String returns, so that no
// signature and no artifact gets into a log.
func (c Conversation) Format(f fmt.State, verb rune) { io.WriteString(f, c.String()) }

// LogValue makes log/slog show the messages as their String does, and the
// numbers.
func (c *Conversation) LogValue() slog.Value {
	if c == nil {
		return slog.StringValue("no conversation")
	}
	lines := make([]string, len(c.Messages))
	for i, m := range c.Messages {
		lines[i] = m.String()
	}
	attrs := []slog.Attr{slog.Any("messages", lines), slog.Int("steps", c.Steps), slog.Int("calls", c.Calls)}
	if c.Usage != nil && c.Usage.Known {
		attrs = append(attrs, slog.Any("usage", *c.Usage))
	}
	return slog.GroupValue(attrs...)
}

// The limits that end a [ToolLoop]. They are reachable by errors.Is.
var (
	ErrStepLimit  = errors.New("the model still asks for tools after its last step")
	ErrCallLimit  = errors.New("the model asks for more tool calls than are allowed")
	ErrTokenLimit = errors.New("the model still asks for tools and has used up its tokens")
	ErrTimeLimit  = errors.New("the loop took longer than it was given")
)

// A ToolLoopError is a [ToolLoop] that did not finish. The cause is reachable
// by errors.Is and errors.As: one of the limits such as [ErrStepLimit], a
// [*PausedError], or the error of the model or a tool.
//
// A [Run] whose loop was left has it, too: as the error of [Run.Result]. If
// several tool loops were interrupted at once, [LoopErrors] has those of all.
type ToolLoopError struct {
	// Conversation is the conversation so far. Its Messages can be sent again:
	// every tool call in them has its result. A tool that has finished has its
	// own result; any other call has a result that says it did not finish. Its
	// Response is nil.
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

// ToolLoop is the step that asks m, runs the tools it calls, sends it the
// results, and so on until m answers without a call. The tools of the set are
// added to those of the request.
//
// A [model.ToolChoice] that makes the model call a tool holds for the first
// step only; otherwise the loop would not end. If the model still calls tools
// in its last step, these are run, and the error matches [ErrStepLimit]: a
// further loop can go on from its history. Every error is a [*ToolLoopError]; a
// panic of the model, a hook or a tool becomes one. The step is named "loop",
// the steps in it "model" and "tools". Nil tools are none, nil options mean the
// zero value.
func ToolLoop(m model.ChatModel, tools *ToolSet, options *ToolLoopOptions) Runnable[*model.Request, *Conversation] {
	if m == nil {
		return missing[*model.Request, *Conversation]("the model")
	}
	l := newToolLoop(m, tools, options)
	run := Func(func(ctx context.Context, req *model.Request) (*Conversation, error) {
		if req == nil {
			return nil, &model.Error{Kind: model.ErrInvalidRequest, Message: "the request is nil"}
		}
		return l.begin(req).run(ctx)
	})
	return &named[*model.Request, *Conversation]{name: "loop", inner: run, byDefault: true, kind: observe.Loop}
}

// A toolLoop is what the runs of a [ToolLoop] have in common. It does not
// change.
type toolLoop struct {
	model  Runnable[*model.Request, *model.Response]
	tools  *ToolSet
	o      ToolLoopOptions
	limits LoopLimits
}

// newToolLoop settles the limits. A negative one counts as zero.
func newToolLoop(m model.ChatModel, tools *ToolSet, options *ToolLoopOptions) *toolLoop {
	if tools == nil {
		tools = new(ToolSet)
	}
	l := &toolLoop{model: Model(m), tools: tools}
	if options != nil {
		l.o = *options
	}
	l.limits = LoopLimits{Steps: 10, Calls: max(l.o.MaxCalls, 0), Tokens: max(l.o.MaxTokens, 0), Time: max(l.o.MaxTime, 0)}
	if l.o.MaxSteps > 0 {
		l.limits.Steps = l.o.MaxSteps
	}
	return l
}

// begin returns a run of req that has not asked yet. It leaves the messages of
// req as they are.
func (l *toolLoop) begin(req *model.Request) *loopRun {
	return &loopRun{
		toolLoop: l,
		request:  *req,
		c:        &Conversation{Messages: slices.Clone(req.Messages), Usage: new(model.Usage)},
	}
}
