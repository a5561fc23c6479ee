package runnable

import (
	"context"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// Parallel gives its input to all branches at once and returns their outputs
// in order. If one fails, the others are cancelled and waited for, and its
// error is returned; the conversations of tool loops that were interrupted with
// it are in [LoopErrors]. Branches whose outputs differ in type are for [Join].
func Parallel[I, O any](branches ...Runnable[I, O]) Runnable[I, []O] {
	branches = slices.Clone(branches)
	for i, b := range branches {
		branches[i] = present(b)
	}
	return Func(func(ctx context.Context, in I) ([]O, error) {
		return collect(ctx, len(branches), len(branches), func(ctx context.Context, i int) (O, error) {
			return branches[i].Invoke(ctx, in)
		})
	})
}

// Join gives its input to both branches at once and merges their results. If
// one fails, the other is cancelled and waited for, and the error is returned.
//
//	runnable.Join(retriever, runnable.Passthrough[string](), func(found []Document, question string) Context {
//		return Context{question, found}
//	})
func Join[I, A, B, O any](a Runnable[I, A], b Runnable[I, B], merge func(A, B) O) Runnable[I, O] {
	if merge == nil {
		return missing[I, O]("the merge function of a Join")
	}
	a, b = present(a), present(b)
	return Func(func(ctx context.Context, in I) (out O, err error) {
		var left A
		var right B
		err = concurrently(ctx, 2, 2, func(ctx context.Context, i int) (err error) {
			if i == 0 {
				left, err = a.Invoke(ctx, in)
			} else {
				right, err = b.Invoke(ctx, in)
			}
			return inBranch(i, err)
		})
		if err != nil {
			return out, err
		}
		return merge(left, right), nil
	})
}

// Map runs r on every item of its input, at most limit at a time (8 if limit
// is less than 1), and returns the outputs in order. If one fails, the others
// are cancelled and waited for, and its error is returned; [Batch] goes on
// instead.
func Map[I, O any](r Runnable[I, O], limit int) Runnable[[]I, []O] {
	r = present(r)
	return Func(func(ctx context.Context, in []I) ([]O, error) {
		return collect(ctx, len(in), limitOr(limit), func(ctx context.Context, i int) (O, error) {
			return r.Invoke(ctx, in[i])
		})
	})
}

// collect gathers the outputs of concurrent calls, which all must succeed.
func collect[O any](ctx context.Context, n, limit int, call func(ctx context.Context, i int) (O, error)) ([]O, error) {
	out := make([]O, n)
	err := concurrently(ctx, n, limit, func(ctx context.Context, i int) (err error) {
		if e := model.ContextError(ctx); e != nil {
			return inBranch(i, e)
		}
		out[i], err = call(ctx, i)
		return inBranch(i, err)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// inBranch says that err, if there is one, happened in the i-th branch.
func inBranch(i int, err error) error {
	if err == nil {
		return nil
	}
	return within(indexName(i), err)
}

// An Outcome is the result of one input of a [Batch].
type Outcome[O any] struct {
	Value O
	Err   error // nil if the input was dealt with
}

// Batch runs r on every input, at most limit at a time (8 if limit is less
// than 1), and returns the outcomes in the order of the inputs. An input that
// fails stops none of the others; [Map] does.
//
// When the context ends, Batch waits for the calls that were started; inputs
// whose turn had not come have the context's error. Within a step of a run that
// is ranged over, the events of all inputs come out, each labelled with the
// index of its input.
func Batch[I, O any](ctx context.Context, r Runnable[I, O], in []I, limit int) []Outcome[O] {
	r = present(r)
	out := make([]Outcome[O], len(in))
	// Work returns no error, so nothing is cancelled.
	err := concurrently(ctx, len(in), limitOr(limit), func(ctx context.Context, i int) error {
		o := &out[i]
		if ctx.Err() != nil {
			o.Err = inBranch(i, model.ContextError(ctx))
			return nil
		}
		o.Value, o.Err = r.Invoke(ctx, in[i])
		o.Err = inBranch(i, o.Err)
		return nil
	})
	if err != nil { // nothing was begun
		for i := range out {
			out[i].Err = inBranch(i, err)
		}
	}
	return out
}
