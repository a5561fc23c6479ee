package runnable

import (
	"context"

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
		if err == nil || seen(ctx) != before {
			return out, err
		}
		if err := r.o.Again(ctx, attempt, err); err != nil {
			return out, err
		}
	}
}
