package model_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// kinds lists every kind and whether it is worth another call.
var kinds = map[model.ErrorKind]bool{
	model.ErrUnknown:         false,
	model.ErrInvalidRequest:  false,
	model.ErrUnsupported:     false,
	model.ErrBudget:          false,
	model.ErrContextOverflow: false,
	model.ErrAuthentication:  false,
	model.ErrPermission:      false,
	model.ErrNotFound:        false,
	model.ErrThrottled:       true,
	model.ErrQuota:           false,
	model.ErrTimeout:         true,
	model.ErrUnavailable:     true,
	model.ErrProvider:        true,
	model.ErrTransport:       true,
	model.ErrTruncated:       true,
	model.ErrMalformed:       true,
	model.ErrCanceled:        false,
	model.ErrDeadline:        false,
	model.ErrStopped:         false,
	model.ErrStreamUsed:      false,
	model.ErrOutput:          false,
}

func TestKindsComplete(t *testing.T) {
	var want, got []string
	for name := range constantsOf(t, "error.go") {
		want = append(want, name)
	}
	for k := range kinds {
		got = append(got, string(k))
	}
	slices.Sort(want)
	slices.Sort(got)
	diff(t, "kinds in the test's table", want, got)
}

// TestErrorsAgree: whichever way an error is asked, it says the same.
func TestErrorsAgree(t *testing.T) {
	for kind, retryable := range kinds {
		e := &model.Error{Kind: kind, Provider: "p", Err: errBoom}
		trees := map[string]error{
			"plain":            e,
			"wrapped":          fmt.Errorf("a: %w", fmt.Errorf("b: %w", e)),
			"joined first":     errors.Join(e, io.EOF),
			"joined last":      errors.Join(io.EOF, errBoom, e),
			"with a cause":     fmt.Errorf("%w and %w", e, context.Canceled),
			"in another Error": fmt.Errorf("a: %w", &model.Error{Kind: kind, Err: fmt.Errorf("b: %w", e)}),
		}
		for name, err := range trees {
			if got := model.KindOf(err); got != kind {
				t.Errorf("KindOf(%s %v) = %v, want %v", name, err, got, kind)
			}
			if !errors.Is(err, kind) || !errors.Is(err, errBoom) {
				t.Errorf("errors.Is(%s %v) = false, want true for kind and cause", name, err)
			}
			for other := range kinds {
				if other != kind && errors.Is(err, other) {
					t.Errorf("errors.Is(%s %v, %v) = true, want false", name, err, other)
				}
			}
			if as, ok := errors.AsType[*model.Error](err); !ok || as.Kind != kind {
				t.Errorf("errors.AsType(%s %v) = %v, want kind %v", name, err, as, kind)
			}
			if got := model.Retryable(err); got != retryable {
				t.Errorf("Retryable(%s %v) = %t, want %t", name, err, got, retryable)
			}
		}
		for name, err := range map[string]error{"bare": kind, "bare wrapped": fmt.Errorf("a: %w", kind), "bare joined": errors.Join(io.EOF, kind)} {
			if got := model.KindOf(err); got != kind || !errors.Is(err, kind) || model.Retryable(err) != retryable {
				t.Errorf("KindOf(%s kind %v) = %v", name, kind, got)
			}
		}
		if errors.Unwrap(e) != errBoom {
			t.Errorf("Unwrap() = %v, want boom", errors.Unwrap(e))
		}
		if got, want := kind.Error(), "model: "+string(kind); got != want {
			t.Errorf("Kind.Error() = %q, want %q", got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want model.ErrorKind
	}{
		{"nil", nil, ""},
		{"foreign", io.EOF, model.ErrUnknown},
		{"canceled", context.Canceled, model.ErrCanceled},
		{"deadline", context.DeadlineExceeded, model.ErrDeadline},
		{"canceled, wrapped", fmt.Errorf("read: %w", context.Canceled), model.ErrCanceled},
		{"deadline, joined", errors.Join(io.EOF, context.DeadlineExceeded), model.ErrDeadline},
		{"an Error without a kind", &model.Error{}, model.ErrUnknown},
		{"an Error before a kind", errors.Join(model.ErrQuota, &model.Error{Kind: model.ErrThrottled}), model.ErrThrottled},
		{"a kind before a context error", errors.Join(context.Canceled, model.ErrQuota), model.ErrQuota},
		{"the first Error", errors.Join(&model.Error{Kind: model.ErrQuota}, &model.Error{Kind: model.ErrThrottled}), model.ErrQuota},
		{"unknown kind", &model.Error{Kind: "a later one"}, "a later one"},
	}
	for _, tt := range tests {
		if got := model.KindOf(tt.err); got != tt.want {
			t.Errorf("KindOf(%s) = %q, want %q", tt.name, got, tt.want)
		}
		if tt.want != "" && !errors.Is(tt.err, context.Canceled) && !errors.Is(tt.err, context.DeadlineExceeded) && tt.err != io.EOF {
			if !errors.Is(tt.err, tt.want) {
				t.Errorf("errors.Is(%s, %v) = false, but that is its KindOf", tt.name, tt.want)
			}
		}
	}
	if model.Retryable(nil) {
		t.Error("Retryable(nil) = true, want false")
	}
}

// TestContextKinds: the kinds of a context's end are that end for errors.Is,
// also when nothing is wrapped, as in an error that a test makes up.
func TestContextKinds(t *testing.T) {
	for kind := range kinds {
		e := fmt.Errorf("a: %w", &model.Error{Kind: kind})
		if got, want := errors.Is(e, context.Canceled), kind == model.ErrCanceled; got != want {
			t.Errorf("errors.Is(%v, context.Canceled) = %t, want %t", e, got, want)
		}
		if got, want := errors.Is(e, context.DeadlineExceeded), kind == model.ErrDeadline; got != want {
			t.Errorf("errors.Is(%v, context.DeadlineExceeded) = %t, want %t", e, got, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  model.Error
		want string
	}{
		{model.Error{}, "unknown error"},
		{model.Error{Message: "m"}, "unknown error: m"},
		{model.Error{Err: errBoom}, "unknown error: boom"},
		{model.Error{Kind: model.ErrThrottled}, "throttled"},
		{model.Error{Kind: model.ErrThrottled, Op: "stream"}, "stream: throttled"},
		{model.Error{Kind: model.ErrThrottled, Model: "m-1"}, "m-1: throttled"},
		{model.Error{Kind: model.ErrThrottled, Provider: "p", Message: "slow down", Err: errBoom}, "p: throttled: slow down"},
		{model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "stream", Model: "m-1", Err: errBoom}, "p: stream m-1: throttled: boom"},
		{model.Error{Kind: model.ErrThrottled, Err: errors.New("")}, "throttled"},
		{model.Error{Kind: model.ErrThrottled, Code: "c"}, "throttled (c)"},
		{model.Error{Kind: model.ErrThrottled, Status: 429, RequestID: "r"}, "throttled (status 429, request id r)"},
		{model.Error{Kind: model.ErrThrottled, RetryAfter: 1500 * time.Millisecond}, "throttled (retry after 1.5s)"},
		{model.Error{Kind: model.ErrThrottled, RetryAfter: -1}, "throttled"},
		{model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "generate", Model: "m-1", Code: "c", Status: 429, Message: "slow down",
			RequestID: "r", RetryAfter: time.Second, Partial: fullResponse()},
			"p: generate m-1: throttled: slow down (c, status 429, request id r, retry after 1s)"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("Error() = %q, want %q", got, tt.want)
		}
	}
}

// TestErrorTextNoEmptyPieces leaves out every set of fields. The text must have
// no empty pieces.
func TestErrorTextNoEmptyPieces(t *testing.T) {
	for set := range 1 << 8 {
		var e model.Error
		for i, f := range []func(){
			func() { e.Kind = model.ErrQuota }, func() { e.Provider = "p" }, func() { e.Op = "o" }, func() { e.Model = "m" },
			func() { e.Code = "c" }, func() { e.Status = 1 }, func() { e.Message = "t" }, func() { e.Err = errBoom },
		} {
			if set>>i&1 == 1 {
				f()
			}
		}
		text := e.Error()
		if text == "" || text != strings.TrimSpace(text) || strings.HasPrefix(text, ":") || strings.HasSuffix(text, ":") {
			t.Errorf("Error() = %q", text)
		}
		for _, bad := range []string{": :", "::", "  ", "()", "(,", ", )", ", ,"} {
			if strings.Contains(text, bad) {
				t.Errorf("Error() = %q, which has an empty piece", text)
			}
		}
	}
}

func TestContextError(t *testing.T) {
	cause := errors.New("user left")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	caused, cancelCause := context.WithCancelCause(t.Context())
	cancelCause(cause)
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	expiredCause, cancel := context.WithDeadlineCause(t.Context(), time.Unix(0, 0), cause)
	defer cancel()
	child, cancel := context.WithCancel(expiredCause)
	defer cancel()
	tests := []struct {
		name   string
		ctx    context.Context
		kind   model.ErrorKind
		is     error
		caused bool
		text   string
	}{
		{"canceled", canceled, model.ErrCanceled, context.Canceled, false, "canceled: context canceled"},
		{"canceled with a cause", caused, model.ErrCanceled, context.Canceled, true, "canceled: context canceled: user left"},
		{"deadline", expired, model.ErrDeadline, context.DeadlineExceeded, false, "deadline exceeded: context deadline exceeded"},
		{"deadline with a cause", expiredCause, model.ErrDeadline, context.DeadlineExceeded, true, "deadline exceeded: context deadline exceeded: user left"},
		{"child", child, model.ErrDeadline, context.DeadlineExceeded, true, "deadline exceeded: context deadline exceeded: user left"},
	}
	for _, tt := range tests {
		e := model.ContextError(tt.ctx)
		if e.Kind != tt.kind || !errors.Is(e, tt.kind) || model.KindOf(e) != tt.kind || !errors.Is(e, tt.is) || errors.Is(e, cause) != tt.caused {
			t.Errorf("%s: ContextError() = %v, want kind %v, is %v", tt.name, e, tt.kind, tt.is)
		}
		if e.Error() != tt.text {
			t.Errorf("%s: ContextError() = %q, want %q", tt.name, e, tt.text)
		}
	}
	if e := model.ContextError(t.Context()); e != nil {
		t.Errorf("ContextError(running) = %v, want nil", e)
	}
}
