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
// It does not go on after the caller's own mistake, an error of kind
// [model.ErrInvalidRequest], which the others would only repeat, as
// [model.Fallback] does not; see [FallbackIf] for another rule. Nor does it when the context has ended or, in
// a run that is listened to, once an event has gone out, since that cannot be
// taken back.
func Fallback[I, O any](first Runnable[I, O], others ...Runnable[I, O]) Runnable[I, O] {
	return FallbackIf(nil, first, others...)
}

// FallbackIf is like [Fallback], but goes on only after errors for which goOn
// reports true. It must be safe for concurrent use. Nil means the rule of
// Fallback.
func FallbackIf[I, O any](goOn func(err error) bool, first Runnable[I, O], others ...Runnable[I, O]) Runnable[I, O] {
	f := &fallback[I, O]{rules: model.FallbackOptions{If: goOn}, choices: make([]Runnable[I, O], 0, 1+len(others))}
	f.choices = append(f.choices, present(first))
	for _, o := range others {
		f.choices = append(f.choices, present(o))
	}
	return f
}

type fallback[I, O any] struct {
	rules   model.FallbackOptions
	choices []Runnable[I, O]
}

func (f *fallback[I, O]) Invoke(ctx context.Context, in I) (out O, err error) {
	before := seen(ctx)
	var failed []error
	for _, r := range f.choices {
		out, err = r.Invoke(ctx, in)
		if err == nil {
			return out, nil
		}
		failed = append(failed, err)
		if seen(ctx) != before || !f.rules.Next(ctx, err) {
			break
		}
	}
	if len(failed) == 1 {
		return out, err
	}
	return out, &fallbackError{failed, len(failed) == len(f.choices)}
}

// A fallbackError is the failures of the choices, in order.
type fallbackError struct {
	failed []error
	all    bool
}

func (e *fallbackError) Error() string {
	texts := make([]string, len(e.failed))
	for i, err := range e.failed {
		texts[i] = fmt.Sprintf("(%d) %v", i+1, err)
	}
	text := fmt.Sprintf("%d choices failed: %s", len(e.failed), strings.Join(texts, "; "))
	if e.all {
		text = "all " + text
	}
	return text
}

func (e *fallbackError) Unwrap() []error { return e.failed }
