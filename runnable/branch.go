package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// Branch asks choose which step the input is for, and runs that one. The
// choice is an ordinary switch:
//
//	runnable.Branch(func(ctx context.Context, q Question) (runnable.Runnable[Question, string], error) {
//		switch {
//		case q.Topic == "code":
//			return coder, nil
//		case q.Urgent:
//			return fast, nil
//		}
//		return general, nil
//	})
//
// Choose may invoke a model to decide; its context is that of the run.
// Returning a nil step without an error is an error of kind
// [model.ErrInvalidRequest].
func Branch[I, O any](choose func(ctx context.Context, in I) (Runnable[I, O], error)) Runnable[I, O] {
	if choose == nil {
		return missing[I, O]("the choose function of a Branch")
	}
	return Func(func(ctx context.Context, in I) (out O, err error) {
		r, err := choose(ctx, in)
		switch {
		case err != nil:
			return out, err
		case r == nil:
			return out, &model.Error{Kind: model.ErrInvalidRequest, Op: "branch", Message: "no step was chosen for the input"}
		}
		return r.Invoke(ctx, in)
	})
}
