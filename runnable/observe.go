package runnable

import (
	"context"
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
)

// observed runs a step and tells o of it.
func observed[O any](ctx context.Context, o observe.Observer, s observe.Step, run func(ctx context.Context) (O, error)) (out O, err error) {
	ctx, end := o.BeginStep(ctx, s)
	err = errPanicked
	defer func() { end(observe.Result{Output: out, Err: err}) }()
	return run(ctx)
}

var errPanicked = errors.New("the step panicked")

// call runs a tool, which an observer of ctx is told of.
func (s *ToolSet) call(ctx context.Context, j *job) ([]model.Part, error) {
	o := observe.From(ctx)
	if o == nil {
		return s.callTool(ctx, j)
	}
	call := j.call
	step := observe.Step{Kind: observe.Tool, Name: call.Name, Call: &call}
	if t := s.byName[call.Name]; t != nil {
		definition := t.Definition()
		step.Tool = &definition
	}
	return observed(ctx, o, step, func(ctx context.Context) ([]model.Part, error) { return s.callTool(ctx, j) })
}
