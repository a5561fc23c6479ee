package observe

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Kind says what kind of work a [Step] is.
type Kind string

// The kinds of step.
const (
	Named Kind = "step" // a step of a chain that its writer has named
	Loop  Kind = "loop" // a model that calls tools until it has an answer
	Tool  Kind = "tool" // the run of a tool that a model has called
)

// A Step is a piece of a program's work with models, as an [Observer] sees it.
type Step struct {
	Kind Kind
	Name string // of the step or the tool

	// Tool describes the tool of a step of kind Tool, and Call is what the model asked
	// of it. Both are nil for other kinds, Tool also for a tool that does not
	// exist.
	Tool *model.Tool
	Call *model.ToolCall
}

// A Result is how a step ended.
type Result struct {
	// Output is the step's result: a []model.Part for a Tool, and the step's own
	// type for other kinds. It must not be modified.
	Output any

	// Err is the reason for a failure, or nil. The model usually hears of a
	// tool's failure, and the loop around it goes on.
	Err error
}

// An Observer sees the steps of a program, for traces and accounts. Package
// runnable reports named steps, tool loops and tools to it; [model.Middleware]
// sees the calls of models. Its methods are called concurrently.
type Observer interface {
	// BeginStep is called before a step runs. The step runs with the context
	// that BeginStep returns, which must descend from ctx. The function is
	// called once, when the step has ended, even by a panic.
	BeginStep(ctx context.Context, s Step) (context.Context, func(Result))
}

// observerKey is the key of an observer in a context.
type observerKey struct{}

// With returns a context whose steps are reported to o as well as to the
// observers of ctx. A nil o changes nothing.
func With(ctx context.Context, o Observer) context.Context {
	if o == nil {
		return ctx
	}
	if before := From(ctx); before != nil {
		o = observers{before, o}
	}
	return context.WithValue(ctx, observerKey{}, o)
}

// From returns the observer of ctx, or nil if there is none. It is for writers
// of steps, who call its BeginStep.
func From(ctx context.Context) Observer {
	o, _ := ctx.Value(observerKey{}).(Observer)
	return o
}

// observers are two observers in one.
type observers struct{ outer, inner Observer }

// BeginStep begins the step outside in and ends it inside out, so that the
// inner observer's part of it lies within the outer one's.
func (o observers) BeginStep(ctx context.Context, s Step) (context.Context, func(Result)) {
	ctx, endOuter := o.outer.BeginStep(ctx, s)
	ctx, endInner := o.inner.BeginStep(ctx, s)
	return ctx, func(r Result) {
		endInner(r)
		endOuter(r)
	}
}
