package runnable

import (
	"context"
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
)

// Named gives a step a name, which errors ([StepError]) and events ([Event])
// then show. The names of nested steps form a path, such as "translate/model".
//
// The steps of this package that have names of their own, such as that of
// [Model], are renamed. An empty name changes nothing. An observer of the
// context ([observe.With]) sees every run of a named step.
func Named[I, O any](name string, r Runnable[I, O]) Runnable[I, O] {
	r = present(r)
	if name == "" {
		return r
	}
	kind := observe.Named
	if n, ok := r.(*named[I, O]); ok && n.byDefault {
		if r = n.inner; n.kind != "" {
			kind = n.kind
		}
	}
	return &named[I, O]{name: name, inner: r, kind: kind}
}

// namedByDefault names a step after its kind.
func namedByDefault[I, O any](name string, r Runnable[I, O]) Runnable[I, O] {
	return &named[I, O]{name: name, inner: r, byDefault: true}
}

// A named step labels its events, its errors and, if it has a kind, its
// observation.
type named[I, O any] struct {
	name      string
	inner     Runnable[I, O]
	byDefault bool
	kind      observe.Kind // the kind that an observer sees; empty for none
}

// selfNamed makes a pipe leave the step's errors alone: they have the name
// already.
func (n *named[I, O]) selfNamed() bool { return true }

// Invoke runs the step under its name.
func (n *named[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	out, err := n.run(labelled(ctx, n.name), in)
	if err != nil {
		return out, within(n.name, err)
	}
	return out, nil
}

// run runs the step and reports it to the observer of ctx.
func (n *named[I, O]) run(ctx context.Context, in I) (O, error) {
	if n.kind != "" {
		if o := observe.From(ctx); o != nil {
			return observed(ctx, o, observe.Step{Kind: n.kind, Name: n.name}, func(ctx context.Context) (O, error) { return n.inner.Invoke(ctx, in) })
		}
	}
	return n.inner.Invoke(ctx, in)
}

// isNamed reports whether a step says its name in its errors.
func isNamed(r any) bool {
	n, ok := r.(interface{ selfNamed() bool })
	return ok && n.selfNamed()
}

// Quiet keeps the events of a step out of the stream: models in it are asked
// for complete answers. It is for the steps of a chain whose text is not for
// the reader, such as a model that rewrites the question.
//
// Because no event of a quiet step goes out, [Retry] and [Fallback] around it
// can always act.
func Quiet[I, O any](r Runnable[I, O]) Runnable[I, O] { return &quiet[I, O]{present(r)} }

// A quiet step runs another one without its events.
type quiet[I, O any] struct{ inner Runnable[I, O] }

// selfNamed is that of the inner step, since a quiet step adds no name.
func (q *quiet[I, O]) selfNamed() bool { return isNamed(q.inner) }

func (q *quiet[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	return q.inner.Invoke(silenced(ctx), in)
}

// observed runs a step and reports it to o.
func observed[O any](ctx context.Context, o observe.Observer, s observe.Step, run func(ctx context.Context) (O, error)) (out O, err error) {
	ctx, end := o.BeginStep(ctx, s)
	err = errPanicked
	defer func() { end(observe.Result{Output: out, Err: err}) }()
	return run(ctx)
}

var errPanicked = errors.New("the step panicked")

// call runs a tool and reports it to the observer of ctx.
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
