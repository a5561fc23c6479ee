package runnable

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Retry runs a step again when it fails and another attempt may help. The
// options mean what they mean for [model.Retry]; by default, only the failures
// of models that [model.Retryable] knows are retried, so for other steps set
// If. To have a model try again after an answer that could not be read:
//
//	runnable.Retry(runnable.Quiet(chain), &model.RetryOptions{
//		If: func(err error) bool { return errors.Is(err, model.ErrOutput) },
//	})
//
// In a run that is ranged over, a step is not repeated once one of its events
// has gone out, because an event cannot be taken back. [Quiet] steps send none.
// When the attempts are used up, the last error is returned; when the context
// ends during a pause, the context's error.
func Retry[I, O any](r Runnable[I, O], options *model.RetryOptions) Runnable[I, O] {
	var o model.RetryOptions
	if options != nil {
		o = *options
	}
	return &retry[I, O]{present(r), o}
}

// A retry step runs another one until it succeeds or the options give up.
type retry[I, O any] struct {
	inner Runnable[I, O]
	o     model.RetryOptions
}

// selfNamed is that of the inner step, since a retry adds no name.
func (r *retry[I, O]) selfNamed() bool { return isNamed(r.inner) }

// Invoke makes no further attempt once an event of the step has gone out.
func (r *retry[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	before := seen(ctx)
	for attempt := 1; ; attempt++ {
		out, err := r.inner.Invoke(ctx, in)
		if err == nil || seen(ctx) != before {
			return out, err
		}
		if err := r.o.Again(ctx, attempt, err); err != nil {
			return out, err
		}
	}
}

// Timeout gives a step at most d. A step that ends because its time is up
// fails with an error of kind [model.ErrTimeout], which [Retry] repeats and
// [Fallback] goes on from; the end of the caller's own context stays
// [model.ErrDeadline] or [model.ErrCanceled]. If d is zero or less, there is
// no limit.
//
// The step's context ends, and Timeout waits for the step to return. In a run
// that is ranged over, the time that the loop body takes counts.
func Timeout[I, O any](r Runnable[I, O], d time.Duration) Runnable[I, O] {
	r = present(r)
	if d <= 0 {
		return r
	}
	return &timeout[I, O]{r, d}
}

// A timeout step runs another one in a context that ends earlier.
type timeout[I, O any] struct {
	inner Runnable[I, O]
	d     time.Duration
}

// selfNamed is that of the inner step, since a timeout adds no name.
func (t *timeout[I, O]) selfNamed() bool { return isNamed(t.inner) }

// Invoke makes an error only of its own time limit: where the parent has ended,
// the step's error stays. The path of a [StepError] remains outermost.
func (t *timeout[I, O]) Invoke(parent context.Context, in I) (O, error) {
	ctx, cancel := context.WithTimeout(parent, t.d)
	defer cancel()
	out, err := t.inner.Invoke(ctx, in)
	if err == nil || ctx.Err() == nil || parent.Err() != nil {
		return out, err
	}
	e := &model.Error{Kind: model.ErrTimeout, Op: "invoke", Err: err,
		Message: fmt.Sprintf("the step took longer than the %v it was given", t.d)}
	if s, ok := err.(*StepError); ok {
		e.Err = s.Err
		return out, s.caused(e)
	}
	return out, e
}

// Fallback runs first and, when that fails, the others one after the other
// until one succeeds. If all fail, the error joins all their errors, each
// reachable by errors.Is and errors.As.
//
// Like [model.Fallback], it does not go on after the caller's own mistake, an
// error of kind [model.ErrInvalidRequest], which the others would only repeat.
// See [FallbackIf] for another rule. It also does not go on when the context
// has ended or when an event has reached a loop that ranges over the run,
// because an event cannot be taken back.
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

// A fallback step runs its choices in order until one succeeds.
type fallback[I, O any] struct {
	rules   model.FallbackOptions
	choices []Runnable[I, O]
}

// Invoke returns a single failure as it is, and several as a fallbackError.
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

// Error numbers the failures, and says whether there was no choice left.
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
