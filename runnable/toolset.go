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

	// OnError decides how to answer a call that fails: with the text that it
	// returns for the model, or with an error that ends the step. Err may be a
	// [*PanicError], and matches [ErrUnknownTool] if there is no such tool. It
	// is not called once the context has ended. It must be safe for concurrent
	// use.
	//
	// If OnError is nil, the model is sent the text of the error, or for a
	// panic only that there was one.
	OnError func(ctx context.Context, call model.ToolCall, err error) (string, error)
}

// ErrUnknownTool is the error of a call of a tool that is not in the set.
var ErrUnknownTool = errors.New("unknown tool")

// A ToolError is a failure that is sent to the model in parts, such as a
// picture of what went wrong, because an error's text is not enough. A tool
// returns it as its error. [ToolSetOptions.OnError] has precedence.
type ToolError struct{ Parts []model.Part }

// Error returns the texts of the parts.
func (e *ToolError) Error() string {
	if text := (model.Message{Parts: e.Parts}).Text(); text != "" {
		return text
	}
	return "the tool failed"
}

// A ToolSet answers the tool calls of a model. It is a step named "tools"; it
// may be used concurrently. It does not change, unless it was made by
// [ToolSetOf]. The zero value has no tools.
type ToolSet struct {
	list    func(ctx context.Context) ([]Tool, error) // of a set that changes
	options *ToolSetOptions
	tools   []Tool
	defs    []model.Tool // of the tools; not handed out, but for requests of a loop
	byName  map[string]Tool
	limit   int
	onError func(ctx context.Context, call model.ToolCall, err error) (string, error)
}

// NewToolSet returns a set of tools. It is an error if one is nil or has the
// name of another. Nil options mean the zero value.
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
		definition := t.Definition()
		name := definition.Name
		if s.byName[name] != nil {
			return nil, toolError("there are two tools %q", name)
		}
		s.byName[name] = t
		s.tools, s.defs = append(s.tools, t), append(s.defs, definition)
	}
	return s, nil
}

// ToolSetOf returns a set whose tools may change, such as those of a tool
// server: a [ToolLoop] calls list before each step, and so does Invoke. List
// must be safe for concurrent use, and should cache its answer. A nil list is
// one without tools; nil options mean the zero value.
func ToolSetOf(list func(ctx context.Context) ([]Tool, error), options *ToolSetOptions) *ToolSet {
	s := &ToolSet{list: list, options: options}
	if options != nil {
		o := *options
		s.options, s.limit = &o, o.Limit
	}
	return s
}

// now returns the set as it is now.
func (s *ToolSet) now(ctx context.Context) (*ToolSet, error) {
	if s.list == nil {
		return s, nil
	}
	tools, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	return NewToolSet(tools, s.options)
}

// Definitions returns the definitions for [model.Request.Tools]. It returns
// none for a set that may change: a [ToolLoop] asks for them at each step.
func (s *ToolSet) Definitions() []model.Tool {
	all := make([]model.Tool, len(s.tools))
	for i, t := range s.tools {
		all[i] = t.Definition()
	}
	return all
}

// Invoke runs the calls of an answer, concurrently, and returns the message
// with their results in the order of the calls. A call that fails, because of
// an unknown tool, an invalid input, an error or a panic, has a result that
// says so to the model. It is an error if there are no calls.
//
// When the context ends, Invoke waits for the calls that were started and
// returns the context's error. In a run that is ranged over, each result is an
// event as soon as it is known, labelled as in "tools[0]/weather".
func (s *ToolSet) Invoke(ctx context.Context, resp *model.Response) (model.Message, error) {
	fail := func(message string) (model.Message, error) {
		return model.Message{}, within("tools", &model.Error{Kind: model.ErrInvalidRequest, Message: message})
	}
	if resp == nil {
		return fail("the response is nil")
	}
	jobs := jobsFor(&resp.Message, nil)
	if len(jobs) == 0 {
		return fail("the answer has no tool calls")
	}
	set, err := s.now(ctx)
	if err != nil {
		return model.Message{}, within("tools", err)
	}
	if err := set.run(ctx, jobs, Call{Model: resp.Model}, set.limit); err != nil {
		return model.Message{}, err
	}
	results := make([]model.Part, len(jobs))
	for i := range jobs {
		results[i] = jobs[i].result
	}
	return model.UserParts(results...), nil
}

// selfNamed says that the errors of Invoke begin with the name.
func (s *ToolSet) selfNamed() bool { return true }

// run runs the jobs that are neither done nor held. With an error, those that
// have finished are done all the same.
func (s *ToolSet) run(ctx context.Context, jobs []job, about Call, limit int) error {
	err := concurrently(labelled(ctx, "tools"), len(jobs), limitOr(limit), func(ctx context.Context, i int) (err error) {
		j := &jobs[i]
		switch e := model.ContextError(ctx); {
		case j.done, j.held:
			return nil
		case e != nil:
			err = e
		default:
			err = s.finish(labelled(ctx, j.call.Name), j, about)
		}
		if err != nil {
			return inBranch(i, within(j.call.Name, err))
		}
		return nil
	})
	if err != nil {
		return within("tools", err)
	}
	return nil
}

// finish makes one call and sends its result out.
func (s *ToolSet) finish(ctx context.Context, j *job, about Call) error {
	about.ID, about.Name = j.call.ID, j.call.Name
	c := &callContext{Context: ctx, Call: about}
	parts, err := s.call(c, j)
	if err != nil {
		if e := model.ContextError(ctx); e != nil {
			if model.KindOf(err) == e.Kind && hasLoop(err) { // the tool is an agent, whose conversation would be lost
				return err
			}
			return e
		}
		told, ok := errors.AsType[*ToolError](err)
		if ok = ok && s.onError == nil && len(told.Parts) > 0; ok {
			j.answer(true, told.Parts...)
			j.artifact = c.kept()
			return announce(ctx, j.result)
		}
		explain := s.onError
		if explain == nil {
			explain = tellModel
		}
		text, err := explain(ctx, j.call, err)
		if err != nil {
			return err
		}
		j.answer(true, model.Text(text))
	} else {
		j.answer(false, parts...)
	}
	j.artifact = c.kept()
	return announce(ctx, j.result)
}

// callTool runs the tool of a call. A panic of the tool becomes its error,
// while one of the consumer's loop body goes on to the consumer.
func (s *ToolSet) callTool(ctx context.Context, j *job) (parts []model.Part, err error) {
	t := s.byName[j.call.Name]
	input := j.call.Input
	switch {
	case t == nil:
		return nil, fmt.Errorf("%w %q%s", ErrUnknownTool, j.call.Name, s.names())
	case j.changed:
		input = j.input
	case j.call.InvalidInput != "":
		return nil, errors.New("invalid input: it is not complete JSON; write the call again")
	}
	returned := false
	defer func() {
		if returned || inLoop(ctx) { // what the consumer panics with is not the tool's
			return
		}
		switch v := recover().(type) {
		case nil:
		case *PanicError:
			err = v
		default:
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	parts, err = t.Call(ctx, input)
	returned = true
	return parts, err
}

// names lists the tools, for a model that calls one that does not exist.
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
	return emit(ctx, rc, Event{Step: rc.step, Event: model.Event{Kind: model.EventPart, Part: result}})
}

// inLoop reports whether the consumer's loop body is running below the
// caller, so that a panic is the consumer's.
func inLoop(ctx context.Context) bool {
	rc := listening(ctx)
	return rc != nil && rc.sink.inLoop
}
