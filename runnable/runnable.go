package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Runnable is a step: it makes an O of an I.
//
//  1. Invoke may be called concurrently.
//  2. Invoke neither modifies in nor keeps it once it has returned.
//  3. When the context ends, Invoke returns soon, with the context's error
//     reachable by errors.Is.
//  4. Whatever Invoke starts has ended when it returns.
//  5. The context carries the events of models ([Stream]). A step of your own
//     supports that by passing its context on.
//
// All steps made by this package keep these rules if the steps and functions
// that they are made of do.
type Runnable[I, O any] interface {
	Invoke(ctx context.Context, in I) (O, error)
}

// Func makes a step of a function. A nil function gives a step that fails
// with an error of kind [model.ErrInvalidRequest].
func Func[I, O any](f func(ctx context.Context, in I) (O, error)) Runnable[I, O] {
	if f == nil {
		return missing[I, O]("the function of a Func")
	}
	return function[I, O](f)
}

// A function is a step that is nothing but its Invoke.
type function[I, O any] func(ctx context.Context, in I) (O, error)

func (f function[I, O]) Invoke(ctx context.Context, in I) (O, error) { return f(ctx, in) }

// Passthrough is the step that returns its input.
func Passthrough[T any]() Runnable[T, T] {
	return function[T, T](func(_ context.Context, in T) (T, error) { return in, nil })
}

// Assign runs a step on the input and puts its output beside the input:
//
//	runnable.Assign(retriever, func(q Question, found []Document) Context {
//		return Context{Question: q, Documents: found}
//	})
//
// Set must not modify its arguments.
func Assign[I, A, O any](r Runnable[I, A], set func(in I, out A) O) Runnable[I, O] {
	if set == nil {
		return missing[I, O]("the set function of an Assign")
	}
	return &assign[I, A, O]{present(r), set}
}

// An assign step joins its input with what another step makes of it.
type assign[I, A, O any] struct {
	inner Runnable[I, A]
	set   func(I, A) O
}

// selfNamed is that of the inner step, since an assign adds no name.
func (a *assign[I, A, O]) selfNamed() bool { return isNamed(a.inner) }

func (a *assign[I, A, O]) Invoke(ctx context.Context, in I) (out O, err error) {
	v, err := a.inner.Invoke(ctx, in)
	if err != nil {
		return out, err
	}
	return a.set(in, v), nil
}

// Must returns v, or panics if err is not nil. It is for steps that are built
// once, of constants, when a program starts:
//
//	var greet = runnable.Must(runnable.NewPrompt[Guest](runnable.User("Greet {{.Name}}.")))
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// missing is the step in the place of something nil.
func missing[I, O any](what string) Runnable[I, O] {
	return function[I, O](func(context.Context, I) (out O, err error) {
		return out, &model.Error{Kind: model.ErrInvalidRequest, Op: "invoke", Message: what + " is nil"}
	})
}

// present returns r, or a failing step if r is nil.
func present[I, O any](r Runnable[I, O]) Runnable[I, O] {
	if r == nil {
		return missing[I, O]("the step")
	}
	return r
}
