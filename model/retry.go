package model

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// RetryOptions says how [Retry] retries. The zero value is a good choice, and
// what nil stands for.
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

	// If reports whether a failure is worth another call. Nil means [Retryable].
	If func(error) bool

	// OnRetry, if not nil, is called with each failure that is followed by
	// another attempt, before the pause. It may be called concurrently.
	OnRetry func(ctx context.Context, failed Attempt)
}

// settled returns the options with their defaults filled in.
func (o *RetryOptions) settled() RetryOptions {
	var s RetryOptions
	if o != nil {
		s = *o
	}
	if s.MaxAttempts <= 0 {
		s.MaxAttempts = 3
	}
	if s.MinDelay <= 0 {
		s.MinDelay = 500 * time.Millisecond
	}
	if s.MaxDelay <= 0 {
		s.MaxDelay = 20 * time.Second
	}
	if s.MaxRetryAfter <= 0 {
		s.MaxRetryAfter = time.Minute
	}
	if s.If == nil {
		s.If = Retryable
	}
	return s
}

// Again is for writers of loops that do what [Retry] does. It is given the
// number of an attempt, from 1, and its error. If another attempt should be
// made, Again calls OnRetry, waits for the pause and returns nil. Otherwise it
// returns the error to give up with: err itself, or the context's error if the
// context ended during the pause.
func (o *RetryOptions) Again(ctx context.Context, attempt int, err error) error {
	s := o.settled()
	_, err = s.again(ctx, attempt, err)
	return err
}

// again is Again for settled options. It also returns the attempt, for the report
// of it if there is another one.
func (o *RetryOptions) again(ctx context.Context, attempt int, err error) (Attempt, error) {
	if attempt >= o.MaxAttempts || !o.If(err) || retryAfter(err) > o.MaxRetryAfter {
		return Attempt{}, err
	}
	failed := attemptOf(err, o.delay(attempt, err))
	if o.OnRetry != nil {
		o.OnRetry(ctx, failed)
	}
	return failed, pause(ctx, failed.Wait)
}

// Retry returns middleware that repeats a failed call if another attempt may
// succeed. A stream is retried only until its first event has been delivered.
// Retry honours [Error.RetryAfter]. When the attempts are used up it returns
// the last failure; when the context ends before the next attempt, it returns
// the context's error. [Response.Attempts] lists the failures before an answer.
//
// Clients of providers usually retry by themselves; with both, the attempts
// multiply. Nil options mean the zero value.
func Retry(options *RetryOptions) Middleware {
	o := options.settled()
	return func(m ChatModel) ChatModel { return &retrier{present(m, "Retry"), o} }
}

// A retrier is the model that [Retry] makes.
type retrier struct {
	inner ChatModel
	o     RetryOptions
}

func (r *retrier) Unwrap() ChatModel { return r.inner }

// Format makes every verb of fmt print what is inside by name.
func (r *retrier) Format(f fmt.State, verb rune) { io.WriteString(f, describeModel(r.inner)) }

func (r *retrier) Generate(ctx context.Context, req *Request) (*Response, error) {
	var before []Attempt
	for attempt := 1; ; attempt++ {
		resp, err := r.inner.Generate(ctx, req)
		if err == nil {
			return tried(resp, before), nil
		}
		failed, err := r.o.again(ctx, attempt, err)
		if err != nil {
			return nil, err
		}
		before = append(before, failed)
	}
}

// Stream relays the stream of the first attempt, and makes another one only
// while no event has been delivered.
func (r *retrier) Stream(ctx context.Context, req *Request) *Stream {
	req = req.Clone() // streams of later attempts are made when this one is ranged over
	first := r.inner.Stream(ctx, req)
	return relayed(ctx, first, func(ctx context.Context, relay relayer) error {
		stream := first
		var before []Attempt
		for attempt := 1; ; attempt++ {
			emitted, err := relay(stream, before)
			if err == nil || emitted {
				return err
			}
			failed, err := r.o.again(ctx, attempt, err)
			if err != nil {
				return err
			}
			before = append(before, failed)
			stream = r.inner.Stream(ctx, req)
		}
	})
}

// delay returns the pause after the given attempt: the provider's advice if
// there is any, or else a growing, half random time.
func (o *RetryOptions) delay(attempt int, err error) time.Duration {
	if d := retryAfter(err); d > 0 {
		return d
	}
	d := o.MaxDelay
	if shift := attempt - 1; o.MinDelay < o.MaxDelay>>shift {
		d = o.MinDelay << shift
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
