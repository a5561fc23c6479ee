package runnable_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func TestRetry(t *testing.T) {
	throttled := &model.Error{Kind: model.ErrThrottled, RetryAfter: 7 * time.Second}
	tests := []struct {
		name    string
		turns   []fake.Turn
		options *model.RetryOptions
		want    error
		calls   int
		atLeast time.Duration
		atMost  time.Duration
	}{
		{"succeeds at once", []fake.Turn{fake.Text("ok")}, nil, nil, 1, 0, 0},
		{"succeeds at last", []fake.Turn{fake.Fail(model.ErrUnavailable).Times(2), fake.Text("ok")}, nil, nil, 3, 750 * time.Millisecond, 1500 * time.Millisecond},
		{"gives up", []fake.Turn{fake.Fail(model.ErrUnavailable).Always()}, nil, model.ErrUnavailable, 3, 750 * time.Millisecond, 1500 * time.Millisecond},
		{"follows advice", []fake.Turn{fake.Fail(throttled), fake.Text("ok")}, nil, nil, 2, 7 * time.Second, 7 * time.Second},
		{"advice is too long", []fake.Turn{fake.Fail(throttled), fake.Text("ok")}, &model.RetryOptions{MaxRetryAfter: time.Second}, model.ErrThrottled, 1, 0, 0},
		{"not worth it", []fake.Turn{fake.Fail(model.ErrQuota), fake.Text("ok")}, nil, model.ErrQuota, 1, 0, 0},
		{"delays grow", []fake.Turn{fake.Fail(model.ErrTimeout).Always()}, &model.RetryOptions{MaxAttempts: 6, MinDelay: time.Second, MaxDelay: 4 * time.Second}, model.ErrTimeout, 6, 7500 * time.Millisecond, 15 * time.Second},
		{"its own rule", []fake.Turn{fake.Fail(errBoom), fake.Text("ok")}, &model.RetryOptions{If: func(err error) bool { return errors.Is(err, errBoom) }}, nil, 2, 250 * time.Millisecond, 500 * time.Millisecond},
	}
	for _, tt := range tests {
		for _, streamed := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				m := fake.New(tt.turns...)
				chain := runnable.Retry(talk(m), tt.options)
				start := time.Now()
				var err error
				if streamed {
					_, err = runnable.Stream(t.Context(), chain, "x").Result()
				} else {
					_, err = chain.Invoke(t.Context(), "x")
				}
				if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
					t.Errorf("%s: error = %v, want %v", tt.name, err, tt.want)
				}
				if m.Calls() != tt.calls {
					t.Errorf("%s: %d calls, want %d", tt.name, m.Calls(), tt.calls)
				}
				if took := time.Since(start); took < tt.atLeast || took > tt.atMost {
					t.Errorf("%s: took %v, want between %v and %v", tt.name, took, tt.atLeast, tt.atMost)
				}
			})
		}
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		chain := runnable.Retry(talk(fake.New(fake.Fail(model.ErrThrottled).Always())), &model.RetryOptions{MaxAttempts: 100, MinDelay: time.Minute, MaxDelay: time.Minute})
		start := time.Now()
		_, err := chain.Invoke(ctx, "x")
		wantError(t, err, context.DeadlineExceeded, "")
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v, want 1s", took)
		}
	})
}

// What has been seen cannot be taken back; what is quiet has not been seen.
func TestRepeatsAfterEvents(t *testing.T) {
	broken := func() *fake.Model {
		return fake.New(fake.Text("some text").FailAfter(1, model.ErrTransport), fake.Text("whole"))
	}
	options := &model.RetryOptions{MinDelay: 1, MaxDelay: 1}
	tests := []struct {
		name  string
		build func(m model.ChatModel) step
		text  string
		calls int
		want  error
	}{
		{"retry", func(m model.ChatModel) step { return runnable.Retry(talk(m), options) }, "some", 1, model.ErrTransport},
		{"retry, quiet", func(m model.ChatModel) step { return runnable.Retry(runnable.Quiet(talk(m)), options) }, "", 2, nil},
		{"fallback", func(m model.ChatModel) step { return runnable.Fallback(talk(m), talk(m)) }, "some", 1, model.ErrTransport},
		{"fallback, quiet", func(m model.ChatModel) step { return runnable.Fallback(runnable.Quiet(talk(m)), talk(m)) }, "whole", 2, nil},
		{"retry of a branch", func(m model.ChatModel) step {
			return runnable.Pipe(runnable.Parallel(runnable.Passthrough[string](), runnable.Retry(talk(m), options)), joined(""))
		}, "some", 1, model.ErrTransport},
		{"retry around branches", func(m model.ChatModel) step {
			return runnable.Retry(runnable.Pipe(runnable.Parallel(runnable.Passthrough[string](), talk(m)), joined("")), options)
		}, "some", 1, model.ErrTransport},
	}
	for _, tt := range tests {
		m := broken()
		text, err := texts(runnable.Stream(t.Context(), tt.build(m), "x"))
		if text != tt.text || m.Calls() != tt.calls || !errors.Is(err, tt.want) {
			t.Errorf("%s: text %q after %d calls, %v; want %q after %d, %v", tt.name, text, m.Calls(), err, tt.text, tt.calls, tt.want)
		}
		if _, err := tt.build(broken()).Invoke(t.Context(), "x"); err != nil {
			t.Errorf("%s: Invoke: %v, want success where nobody listens", tt.name, err)
		}
	}
}

func TestFallback(t *testing.T) {
	first, second := errors.New("first"), &model.Error{Kind: model.ErrThrottled}
	bad := runnable.Fallback(failing[int, int](first), runnable.Named("two", failing[int, int](second)))
	_, err := bad.Invoke(t.Context(), 1)
	wantError(t, err, first, "all 2 choices failed: (1) first; (2) two: throttled")
	wantError(t, err, model.ErrThrottled, "")

	if got, err := runnable.Fallback(failing[int, int](first), add(1), failing[int, int](second)).Invoke(t.Context(), 1); got != 2 || err != nil {
		t.Errorf("Invoke = %d, %v, want 2", got, err)
	}
	if _, err := runnable.Fallback(failing[int, int](first)).Invoke(t.Context(), 1); err != first {
		t.Errorf("error of the only choice = %v, want it as it is", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ends := runnable.Func(func(context.Context, int) (int, error) { cancel(); return 0, first })
	if _, err := runnable.Fallback(ends, add(1)).Invoke(ctx, 1); err != first {
		t.Errorf("error = %v, want no other choice after the context has ended", err)
	}
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		chain := runnable.Named("slow", runnable.Timeout(slow(&g), 5*time.Second))
		if got, err := chain.Invoke(t.Context(), 4); got != 40 || err != nil {
			t.Errorf("in time: %d, %v, want 40", got, err)
		}
		_, err := chain.Invoke(t.Context(), 6)
		wantError(t, err, model.ErrTimeout, "slow: ")
		wantError(t, err, context.DeadlineExceeded, "5s")
		if !model.Retryable(err) {
			t.Errorf("%v is not worth another attempt, want it to be", err)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = chain.Invoke(ctx, 6)
		if errors.Is(err, model.ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want the end of the caller's context and not the step's", err)
		}
		if _, err = chain.Invoke(t.Context(), -1); err.Error() != "slow: -1: boom" {
			t.Errorf("error = %v, want the step's own as it is", err)
		}
		if got, err := runnable.Timeout(slow(&g), 0).Invoke(t.Context(), 60); got != 600 || err != nil {
			t.Errorf("no limit: %d, %v, want 600", got, err)
		}
		model := runnable.Timeout(talk(fake.New(fake.Text("late").After(time.Minute))), time.Second)
		_, err = model.Invoke(t.Context(), "x")
		if step, ok := errors.AsType[*runnable.StepError](err); !ok || step.Step != "model" {
			t.Errorf("error = %v, want the step that was too slow", err)
		}
	})
}
