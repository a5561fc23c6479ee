package runnable

import (
	"context"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// Parallel gives its input to all branches at once and returns their outputs
// in order. If one fails, the others are cancelled and waited for, and its
// error is returned. Branches whose outputs differ in type are for [Join].
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

// Join gives its input to both branches at once and puts together what they
// return. If one fails, the other is cancelled and waited for, and the error
// is returned.
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
