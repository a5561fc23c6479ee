package runnable

import (
	"context"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Timeout gives a step at most d. A step that ends because its time is up
// fails with an error of kind [model.ErrTimeout], which [Retry] repeats and
// [Fallback] goes on from; the end of the caller's own context stays
// [model.ErrDeadline] or [model.ErrCanceled]. If d is zero or less, there is
// no limit.
//
// The step is told by its context and waited for. In a run that is listened
// to, the time that the loop body takes counts.
func Timeout[I, O any](r Runnable[I, O], d time.Duration) Runnable[I, O] {
	r = present(r)
	if d <= 0 {
		return r
	}
	return &timeout[I, O]{r, d}
}

type timeout[I, O any] struct {
	inner Runnable[I, O]
	d     time.Duration
}

func (t *timeout[I, O]) selfNamed() bool { return isNamed(t.inner) }

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
		return out, &StepError{Step: s.Step, Err: e, position: s.position}
	}
	return out, e
}
