package runnable

import (
	"context"
	"errors"
	"math/rand/v2"
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
// In a run that is listened to, a step is not repeated once an event of it
// has gone out, since that cannot be taken back. [Quiet] steps send none. When
// the attempts are used up, the last error is returned; when the context ends
// during a pause, the context's error.
func Retry[I, O any](r Runnable[I, O], options *model.RetryOptions) Runnable[I, O] {
	var o model.RetryOptions
	if options != nil {
		o = *options
	}
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 3
	}
	if o.MinDelay <= 0 {
		o.MinDelay = 500 * time.Millisecond
	}
	if o.MaxDelay <= 0 {
		o.MaxDelay = 20 * time.Second
	}
	if o.MaxRetryAfter <= 0 {
		o.MaxRetryAfter = time.Minute
	}
	if o.If == nil {
		o.If = model.Retryable
	}
	return &retry[I, O]{present(r), o}
}

type retry[I, O any] struct {
	inner Runnable[I, O]
	o     model.RetryOptions
}

func (r *retry[I, O]) selfNamed() bool { return isNamed(r.inner) }

func (r *retry[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	before := seen(ctx)
	for attempt := 1; ; attempt++ {
		out, err := r.inner.Invoke(ctx, in)
		if err == nil || seen(ctx) != before || !again(&r.o, attempt, err) {
			return out, err
		}
		if e := pause(ctx, delay(&r.o, attempt, err)); e != nil {
			return out, e
		}
	}
}

// again reports whether another attempt should follow a failure.
func again(o *model.RetryOptions, attempt int, err error) bool {
	return attempt < o.MaxAttempts && o.If(err) && retryAfter(err) <= o.MaxRetryAfter
}

// delay returns the pause after an attempt: the provider's advice if there is
// any, or else a growing, half random time.
func delay(o *model.RetryOptions, attempt int, err error) time.Duration {
	if d := retryAfter(err); d > 0 {
		return d
	}
	d := o.MaxDelay
	if shift := attempt - 1; o.MinDelay < o.MaxDelay>>shift {
		d = o.MinDelay << shift
	}
	return d/2 + rand.N(d/2+1)
}

// retryAfter returns a provider's advice to wait, zero if err holds none.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// pause waits, or returns the context's error if that has ended by then.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	if e := model.ContextError(ctx); e != nil {
		return e
	}
	return nil
}
