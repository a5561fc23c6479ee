package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// An Outcome is what came of one input of a [Batch].
type Outcome[O any] struct {
	Value O
	Err   error // nil if the input was dealt with
}

// Batch runs r on every input, at most limit at a time (8 if limit is less
// than 1), and returns the outcomes in the order of the inputs. An input that
// fails stops none of the others; [Map] does.
//
// When the context ends, Batch waits for the calls that were started; inputs
// whose turn had not come have the context's error. Within a step of a run
// that is listened to, the events of all inputs come out, each labelled with
// the index of its input.
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
