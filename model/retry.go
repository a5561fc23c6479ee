package model

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// RetryOptions says how [Retry] retries. The zero value is a good choice.
type RetryOptions struct {
	// MaxAttempts limits the calls, the first included. Zero means 3.
	MaxAttempts int

	// MinDelay is the pause after the first failure; every further pause is
	// twice as long, at most MaxDelay. Half of each pause is random.
	// Zero means 500 milliseconds and 20 seconds.
	MinDelay, MaxDelay time.Duration

	// MaxRetryAfter limits how long a provider's advice to wait is followed:
	// if it asks for more, the failure is returned at once.
	// Zero means one minute.
	MaxRetryAfter time.Duration

	// If says which failures are worth another call. Nil means [Retryable].
	If func(error) bool
}

// Retry returns middleware that makes a failed call again, if the failure
// looks as if that could help. A stream is retried only as long as no event
// of it has been handed on. [Error.RetryAfter] is honoured. When the attempts
// are used up, the last failure is returned as it is; when the context ends
// before the next one, the context's error.
//
// Clients of providers mostly retry by themselves; with both, the attempts
// multiply. Nil options mean the zero value.
func Retry(options *RetryOptions) Middleware {
	var o RetryOptions
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
		o.If = Retryable
	}
	return func(m ChatModel) ChatModel { return &retrier{m, o} }
}

type retrier struct {
	inner ChatModel
	o     RetryOptions
}

func (r *retrier) Unwrap() ChatModel { return r.inner }

func (r *retrier) Generate(ctx context.Context, req *Request) (*Response, error) {
	for attempt := 1; ; attempt++ {
		resp, err := r.inner.Generate(ctx, req)
		if err == nil || !r.again(attempt, err) {
			return resp, err
		}
		if err := pause(ctx, r.delay(attempt, err)); err != nil {
			return nil, err
		}
	}
}

func (r *retrier) Stream(ctx context.Context, req *Request) *Stream {
	req = req.Clone() // streams of later attempts are made when this one is ranged over
	first := r.inner.Stream(ctx, req)
	return relayed(ctx, first, func(ctx context.Context, relay relayer) error {
		stream := first
		for attempt := 1; ; attempt++ {
			emitted, err := relay(stream)
			if err == nil || emitted || !r.again(attempt, err) {
				return err
			}
			if err := pause(ctx, r.delay(attempt, err)); err != nil {
				return err
			}
			stream = r.inner.Stream(ctx, req)
		}
	})
}

// again reports whether another attempt should follow a failure.
func (r *retrier) again(attempt int, err error) bool {
	return attempt < r.o.MaxAttempts && r.o.If(err) && retryAfter(err) <= r.o.MaxRetryAfter
}

// delay returns the pause after the given attempt: the provider's advice if
// there is any, or else a growing, half random time.
func (r *retrier) delay(attempt int, err error) time.Duration {
	if d := retryAfter(err); d > 0 {
		return d
	}
	d := r.o.MaxDelay
	if shift := attempt - 1; r.o.MinDelay < r.o.MaxDelay>>shift {
		d = r.o.MinDelay << shift
	}
	return d/2 + rand.N(d/2+1)
}

// pause waits, or returns the context's error if that has ended by then.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	if e := ContextError(ctx); e != nil {
		return e
	}
	return nil
}

// retryAfter returns a provider's advice to wait, zero if err holds none.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}
