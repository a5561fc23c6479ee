package runnable

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// ToolSetOptions says how a [ToolSet] runs its tools. The zero value is a good
// choice.
type ToolSetOptions struct {
	// Limit is how many calls of one answer run at a time. Zero means 8.
	Limit int

	// OnError decides what becomes of a call that fails: the text that the
	// model is told, or an error that ends the step. Err may be a
	// [*PanicError], and matches [ErrUnknownTool] if there is no such tool.
	// It is not asked once the context has ended. It must be safe for
	// concurrent use.
	//
	// Nil tells the model the text of the error, and of a panic only that
	// there was one.
	OnError func(ctx context.Context, call model.ToolCall, err error) (string, error)
}

// ErrUnknownTool is the error of a call of a tool that is not in the set.
var ErrUnknownTool = errors.New("unknown tool")

// A ToolSet answers the tool calls of a model. It is a step named "tools"; it
// does not change, so it may be used concurrently. The zero value has no
// tools.
type ToolSet struct {
	tools   []Tool
	byName  map[string]Tool
	limit   int
	onError func(ctx context.Context, call model.ToolCall, err error) (string, error)
}

// NewToolSet returns a set of tools. An error says which tool is nil or has a
// name that another one has. Nil options mean the zero value.
func NewToolSet(tools []Tool, options *ToolSetOptions) (*ToolSet, error) {
	var o ToolSetOptions
	if options != nil {
		o = *options
	}
	s := &ToolSet{byName: make(map[string]Tool, len(tools)), limit: o.Limit, onError: o.OnError}
	for i, t := range tools {
		if t == nil {
			return nil, toolError("tool %d is nil", i)
		}
		name := t.Definition().Name
		if s.byName[name] != nil {
			return nil, toolError("there are two tools %q", name)
		}
		s.byName[name] = t
		s.tools = append(s.tools, t)
	}
	return s, nil
}

// Definitions returns what to put into [model.Request.Tools].
func (s *ToolSet) Definitions() []model.Tool {
	all := make([]model.Tool, len(s.tools))
	for i, t := range s.tools {
		all[i] = t.Definition()
	}
	return all
}

// Invoke runs the calls of an answer, concurrently, and returns the message
// with their results in the order of the calls. A call that fails, be it for
// an unknown tool, an invalid input, an error or a panic, has a result that
// tells the model so. It is an error if there are no calls.
//
// When the context ends, Invoke waits for the calls that were started and
// returns the context's error. In a run that is listened to, each result is an
// event as soon as it is there, labelled as in "tools[0]/weather".
func (s *ToolSet) Invoke(ctx context.Context, resp *model.Response) (model.Message, error) {
	m, err := s.answer(labelled(ctx, "tools"), resp)
	if err != nil {
		return model.Message{}, within("tools", err)
	}
	return m, nil
}

func (s *ToolSet) selfNamed() bool { return true }

func (s *ToolSet) answer(ctx context.Context, resp *model.Response) (model.Message, error) {
	if resp == nil {
		return model.Message{}, errNoResponse
	}
	calls := resp.ToolCalls()
	if len(calls) == 0 {
		return model.Message{}, toolError("the answer has no tool calls")
	}
	results := make([]model.ToolResult, len(calls))
	err := concurrently(ctx, len(calls), limitOr(s.limit), func(ctx context.Context, i int) (err error) {
		if e := model.ContextError(ctx); e != nil {
			err = e
		} else {
			results[i], err = s.run(labelled(ctx, calls[i].Name), calls[i])
		}
		if err != nil {
			return inBranch(i, within(calls[i].Name, err))
		}
		return nil
	})
	if err != nil {
		return model.Message{}, err
	}
	return model.ToolResults(results...), nil
}

// run makes one call and sends its result out.
func (s *ToolSet) run(ctx context.Context, call model.ToolCall) (model.ToolResult, error) {
	result := model.ToolResult{CallID: call.ID}
	parts, err := s.call(ctx, call)
	if err != nil {
		if e := model.ContextError(ctx); e != nil {
			return result, e
		}
		explain := s.onError
		if explain == nil {
			explain = tellModel
		}
		text, err := explain(ctx, call, err)
		if err != nil {
			return result, err
		}
		result.IsError = true
		parts = []model.Part{model.Text(text)}
	}
	result.Parts = parts
	return result, announce(ctx, result)
}

func (s *ToolSet) callTool(ctx context.Context, call model.ToolCall) (parts []model.Part, err error) {
	t := s.byName[call.Name]
	switch {
	case t == nil:
		return nil, fmt.Errorf("%w %q%s", ErrUnknownTool, call.Name, s.names())
	case call.InvalidInput != "":
		return nil, errors.New("invalid input: it is not complete JSON; write the call again")
	}
	defer func() {
		switch v := recover().(type) {
		case nil:
		case *PanicError:
			err = v
		default:
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return t.Call(ctx, call.Input)
}

func (s *ToolSet) names() string {
	if len(s.tools) == 0 {
		return "; there are no tools"
	}
	names := make([]string, len(s.tools))
	for i, t := range s.tools {
		names[i] = t.Definition().Name
	}
	return "; the tools are " + strings.Join(names, ", ")
}

// tellModel is what [ToolSetOptions.OnError] is by default.
func tellModel(_ context.Context, call model.ToolCall, err error) (string, error) {
	if _, ok := errors.AsType[*PanicError](err); ok {
		return fmt.Sprintf("the tool %q failed unexpectedly", call.Name), nil
	}
	return err.Error(), nil
}

// announce sends a tool's result out as an event.
func announce(ctx context.Context, result model.ToolResult) error {
	rc := listening(ctx)
	if rc == nil {
		return nil
	}
	if err := rc.sink.hold(); err != nil {
		return err
	}
	defer rc.sink.release()
	if !rc.sink.send(Event{rc.step, model.Event{Kind: model.EventPart, Part: result}}) {
		return rc.sink.leave(ctx)
	}
	return nil
}
