package model_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestStreamCanceledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	opened := false
	s := model.NewStream(ctx, testInfo, func(context.Context, func(model.Event) bool) error {
		opened = true
		return nil
	})
	cancel()
	events, err := collect(s)
	if opened || len(events) != 0 {
		t.Errorf("the producer ran (%t) or events came (%v), want neither", opened, events)
	}
	checkContextError(t, err, model.ErrCanceled, context.Canceled, context.Canceled)
	if resp, again := s.Response(); resp != nil || again != err {
		t.Errorf("Response() = %v, %v, want nil and the loop's error", resp, again)
	}
}

// checkContextError checks that err is a context's error whichever way it is
// asked, and nothing else.
func checkContextError(t *testing.T, err error, kind model.ErrorKind, is, cause error) {
	t.Helper()
	e := asError(t, err)
	if e.Kind != kind || model.KindOf(err) != kind || !errors.Is(err, kind) {
		t.Errorf("error = %v of kind %v, want kind %v", err, e.Kind, kind)
	}
	if !errors.Is(err, is) {
		t.Errorf("errors.Is(%v, %v) = false, want true", err, is)
	}
	if !errors.Is(err, cause) {
		t.Errorf("errors.Is(%v, %v) = false, want true for the cause", err, cause)
	}
	if model.Retryable(err) {
		t.Errorf("Retryable(%v) = true, want false", err)
	}
	if e.Provider != "test" || e.Op != "stream" || e.Model != "m-1" {
		t.Errorf("error = %v, want it labelled test: stream m-1", err)
	}
}

// canceledErrors are what producers make of a cancelled context.
func canceledErrors() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"nothing":       func(context.Context) error { return nil },
		"the context's": func(ctx context.Context) error { return ctx.Err() },
		"the cause":     func(ctx context.Context) error { return context.Cause(ctx) },
		"wrapped":       func(ctx context.Context) error { return fmt.Errorf("read: %w", ctx.Err()) },
		"another":       func(context.Context) error { return errBoom },
		"ContextError":  func(ctx context.Context) error { return model.ContextError(ctx) },
		"its own kind": func(context.Context) error {
			return &model.Error{Kind: model.ErrThrottled, Message: "slow", Code: "c", Status: 429, RetryAfter: 1}
		},
		"transport failed": func(ctx context.Context) error { return &model.Error{Kind: model.ErrTransport, Err: ctx.Err()} },
		"the right kind":   func(context.Context) error { return &model.Error{Kind: model.ErrCanceled, Err: errBoom} },
	}
}

func TestStreamCanceledBetweenEvents(t *testing.T) {
	for name, fail := range canceledErrors() {
		for _, cause := range []error{nil, errors.New("user left")} {
			t.Run(fmt.Sprintf("%s/%v", name, cause), func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				var accepted []bool
				s := model.NewStream(ctx, testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
					for _, text := range []string{"a", "b", "c"} {
						accepted = append(accepted, emit(textEvent(0, text)))
					}
					return fail(ctx)
				})
				n := 0
				var last error
				for _, err := range s.Events() {
					if last = err; err == nil {
						n++
						cancel(cause)
					}
				}
				if n != 1 {
					t.Errorf("%d events, want 1", n)
				}
				diff(t, "emit", []bool{true, false, false}, accepted)
				want := cause
				if want == nil {
					want = context.Canceled
				}
				checkContextError(t, last, model.ErrCanceled, context.Canceled, want)
				if e := asError(t, last); e.Partial.Text() != "a" || e.RetryAfter != 0 || e.Status != 0 {
					t.Errorf("error = %#v, want the partial text a and nothing of another failure", e)
				}
			})
		}
	}
}

func TestStreamCanceledWhileBlocked(t *testing.T) {
	for name, fail := range canceledErrors() {
		for _, cause := range []error{nil, errors.New("user left")} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				s := model.NewStream(ctx, testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
					emit(thinkingEvent(0, "a"))
					<-ctx.Done()
					return fail(ctx)
				})
				start := time.Now()
				time.AfterFunc(3*time.Second, func() { cancel(cause) })
				_, err := s.Response()
				if d := time.Since(start); d != 3*time.Second {
					t.Errorf("%s: ended after %v, want 3s", name, d)
				}
				checkContextError(t, err, model.ErrCanceled, context.Canceled, context.Cause(ctx))
				e := asError(t, err)
				if e.RetryAfter != 0 || e.Status != 0 || e.Code != "" {
					t.Errorf("%s: error = %#v, want nothing of another failure", name, e)
				}
				diff(t, name, []model.Part{model.Thinking{Text: "a", Provider: "test", Incomplete: true}}, e.Partial.Message.Parts)
			})
		}
	}
}

func TestStreamDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("budget spent")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 2*time.Second, cause)
		defer cancel()
		s := model.NewStream(ctx, testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
			for {
				if !emit(textEvent(0, "a")) {
					return errBoom
				}
				time.Sleep(time.Second)
			}
		})
		_, err := s.Response()
		checkContextError(t, err, model.ErrDeadline, context.DeadlineExceeded, cause)
	})
}

// TestStreamCanceledKept: an error that tells of the context stays as it is,
// with what it wraps.
func TestStreamCanceledKept(t *testing.T) {
	cause := errors.New("user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	given := &model.Error{Kind: model.ErrCanceled, Message: "while reading", Err: errors.Join(errBoom, context.Canceled, cause)}
	s := model.NewStream(ctx, testInfo, func(context.Context, func(model.Event) bool) error {
		cancel(cause)
		return given
	})
	_, err := s.Response()
	if e := asError(t, err); e.Message != given.Message || !errors.Is(err, errBoom) {
		t.Errorf("error = %v, want the producer's, %v", err, given)
	}
	checkContextError(t, err, model.ErrCanceled, context.Canceled, cause)
}

// TestStreamCanceledLabels: what the provider knows about the call is kept.
func TestStreamCanceledLabels(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	partial := &model.Response{Model: "own", Usage: &model.Usage{}}
	s := model.NewStream(ctx, testInfo, func(context.Context, func(model.Event) bool) error {
		cancel()
		return &model.Error{Kind: model.ErrTransport, Provider: "p", Op: "o", Model: "x", RequestID: "r", Partial: partial}
	})
	_, err := s.Response()
	e := asError(t, err)
	if e.Kind != model.ErrCanceled || e.Provider != "p" || e.Op != "o" || e.Model != "x" || e.RequestID != "r" || e.Partial != partial {
		t.Errorf("error = %#v, want it canceled, with the provider's labels", e)
	}
}

// TestStreamCanceledAfterFinish: an answer that is complete stays so.
func TestStreamCanceledAfterFinish(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := play(ctx, nil, textEvent(0, "a"), finishEvent())
	for ev, err := range s.Events() {
		if err != nil {
			t.Errorf("error = %v, want none", err)
		}
		if ev.Kind == model.EventFinish {
			cancel()
		}
	}
	cancel()
	if resp, err := s.Response(); err != nil || resp.Text() != "a" {
		t.Errorf("Response() = %v, %v, want the text a", resp, err)
	}
}

// TestStreamContextPassed: the producer gets the caller's context.
func TestStreamContextPassed(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "v")
	var got any
	s := model.NewStream(ctx, testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
		got = ctx.Value(key{})
		emit(finishEvent())
		return nil
	})
	if _, err := s.Response(); err != nil || got != "v" {
		t.Errorf("the producer's context holds %v (%v), want v", got, err)
	}
}
