package model_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldenErrors reads errors with each field set alone, and with neighbours:
// their text, their JSON, their kind, and what they are taken for.
func TestGoldenErrors(t *testing.T) {
	cause := errors.New("boom")
	all := &model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "generate", Model: "m", Code: "TooFast", Status: 429, Message: "slow down",
		RequestID: "r-1", RetryAfter: 1500 * time.Millisecond, Partial: &model.Response{Model: "m"}, Err: cause}
	errs := []error{
		&model.Error{}, &model.Error{Provider: "p"}, &model.Error{Op: "stream"}, &model.Error{Model: "m"}, &model.Error{Op: "stream", Model: "m"},
		&model.Error{Code: "C"}, &model.Error{Status: 404}, &model.Error{Message: "hm"}, &model.Error{RequestID: "r"}, &model.Error{RetryAfter: time.Second},
		&model.Error{RetryAfter: -time.Second}, &model.Error{RetryAfter: 1}, &model.Error{Err: cause}, &model.Error{Message: "hm", Err: cause}, &model.Error{Partial: &model.Response{}},
		&model.Error{Status: 404, RequestID: "r"}, &model.Error{Code: "C", RetryAfter: time.Minute}, &model.Error{Err: context.Canceled}, &model.Error{Kind: model.ErrProvider, Err: all}, all,
		nil, cause, context.Canceled, context.DeadlineExceeded, fmt.Errorf("around: %w", all), fmt.Errorf("around: %w", context.Canceled), fmt.Errorf("around: %w", model.ErrQuota),
		errors.Join(cause, model.ErrQuota), errors.Join(context.DeadlineExceeded, &model.Error{Kind: model.ErrNotFound}), errors.Join(model.ErrTimeout, context.Canceled), errors.Join(context.DeadlineExceeded, context.Canceled),
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		errs = append(errs, k, &model.Error{Kind: k, Message: "hm"}, &model.Error{Err: k})
	}
	errs = append(errs, model.ErrorKind("of a later version"), &model.Error{Kind: "of a later version"}, model.ErrorKind(""))
	targets := append([]error{context.Canceled, context.DeadlineExceeded, cause, all, model.ErrorKind("")}, kindsAsErrors()...)
	var lines []string
	for _, err := range errs {
		line := fmt.Sprintf("%T %s: kind %q retryable %t", err, failureText(err), string(model.KindOf(err)), model.Retryable(err))
		for _, target := range targets {
			if errors.Is(err, target) {
				line += fmt.Sprintf(" is %T(%v)", target, target)
			}
		}
		lines = append(lines, line)
		if e, ok := err.(*model.Error); ok {
			lines = append(lines, "  JSON: "+mustMarshal(t, e), "  log: "+e.LogValue().String())
		}
	}
	checkLines(t, "errors", append(lines, contextErrors(t)...))
}

func kindsAsErrors() (all []error) {
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		all = append(all, k)
	}
	return all
}

// contextErrors are the errors of contexts that have ended in each way.
func contextErrors(t *testing.T) (lines []string) {
	cause := errors.New("boom")
	note := func(name string, ctx context.Context) {
		e := model.ContextError(ctx)
		if e == nil {
			lines = append(lines, name+": none")
			return
		}
		lines = append(lines, fmt.Sprintf("%s: %s is canceled %t, deadline %t, cause %t", name, failureText(e),
			errors.Is(e, context.Canceled), errors.Is(e, context.DeadlineExceeded), errors.Is(e, cause)))
	}
	synctest.Test(t, func(t *testing.T) {
		note("alive", t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		note("cancelled", ctx)
		withCause, cancelCause := context.WithCancelCause(t.Context())
		cancelCause(cause)
		note("cancelled with a cause", withCause)
		late, cancelLate := context.WithTimeout(t.Context(), time.Second)
		defer cancelLate()
		note("in time", late)
		lateCause, cancelLateCause := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancelLateCause()
		time.Sleep(time.Minute)
		note("late", late)
		note("late with a cause", lateCause)
		cancelLate()
		note("late and cancelled", late)
	})
	return lines
}
