package runnable

import (
	"context"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// Fallback runs first and, when that fails, the others one after the other
// until one succeeds. If all fail, the error joins all their errors, each
// reachable by errors.Is and errors.As.
//
// It does not go on where [model.Fallback] would not: after a request that is
// invalid whoever gets it, and when the context has ended; nor, in a run that is listened
// to, once an event has gone out, since that cannot be taken back.
func Fallback[I, O any](first Runnable[I, O], others ...Runnable[I, O]) Runnable[I, O] {
	f := &fallback[I, O]{choices: make([]Runnable[I, O], 0, 1+len(others))}
	f.choices = append(f.choices, present(first))
	for _, o := range others {
		f.choices = append(f.choices, present(o))
	}
	return f
}

type fallback[I, O any] struct{ choices []Runnable[I, O] }

func (f *fallback[I, O]) Invoke(ctx context.Context, in I) (out O, err error) {
	before := seen(ctx)
	var failed []error
	var rules *model.FallbackOptions // its defaults
	for _, r := range f.choices {
		out, err = r.Invoke(ctx, in)
		if err == nil {
			return out, nil
		}
		failed = append(failed, err)
		if seen(ctx) != before || !rules.Next(ctx, err) {
			break
		}
	}
	if len(failed) == 1 {
		return out, err
	}
	return out, &fallbackError{failed}
}

// A fallbackError is the failures of all choices, in order.
type fallbackError struct{ failed []error }

func (e *fallbackError) Error() string {
	texts := make([]string, len(e.failed))
	for i, err := range e.failed {
		texts[i] = fmt.Sprintf("(%d) %v", i+1, err)
	}
	return fmt.Sprintf("all %d choices failed: %s", len(e.failed), strings.Join(texts, "; "))
}

func (e *fallbackError) Unwrap() []error { return e.failed }
