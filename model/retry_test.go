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

// A countedModel fails with the given errors, one a call, and then answers.
// It writes down when it was called and with what.
type countedModel struct {
	fails  []error
	events []model.Event // streamed before a failure
	times  []time.Time
	texts  []string // of the requests
}

func (m *countedModel) next(req *model.Request) error {
	m.times = append(m.times, time.Now())
	if req != nil && len(req.Messages) > 0 {
		m.texts = append(m.texts, req.Messages[0].Text())
	}
	if n := len(m.times); n <= len(m.fails) {
		return m.fails[n-1]
	}
	return nil
}

func (m *countedModel) Generate(_ context.Context, req *model.Request) (*model.Response, error) {
	if err := m.next(req); err != nil {
		return nil, err
	}
	return &model.Response{Message: model.Assistant("done")}, nil
}

func (m *countedModel) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return model.NewStream(ctx, testInfo, func(_ context.Context, emit func(model.Event) bool) error {
		if err := m.next(req); err != nil {
			for _, ev := range m.events {
				emit(ev)
			}
			return err
		}
		emit(textEvent(0, "done"))
		emit(finishEvent())
		return nil
	})
}

func (m *countedModel) pauses() []time.Duration {
	var d []time.Duration
	for i := 1; i < len(m.times); i++ {
		d = append(d, m.times[i].Sub(m.times[i-1]))
	}
	return d
}

// calls are the two ways to ask a model.
var calls = map[string]func(context.Context, model.ChatModel, *model.Request) (*model.Response, error){
	"Generate": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Generate(ctx, req)
	},
	"Stream": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Stream(ctx, req).Response()
	},
}

func repeat(err error, n int) []error {
	all := make([]error, n)
	for i := range all {
		all[i] = err
	}
	return all
}

var errThrottled = &model.Error{Kind: model.ErrThrottled, Provider: "test", Op: "generate", Model: "m-1"}

func TestRetryAttempts(t *testing.T) {
	ms := time.Millisecond
	tests := []struct {
		name    string
		options *model.RetryOptions
		fails   []error
		calls   int
		fail    error
		longest []time.Duration // pauses; the shortest are half of them
	}{
		{"no failure", nil, nil, 1, nil, nil},
		{"one failure", nil, repeat(errThrottled, 1), 2, nil, []time.Duration{500 * ms}},
		{"two failures", nil, repeat(errThrottled, 2), 3, nil, []time.Duration{500 * ms, 1000 * ms}},
		{"three failures", nil, repeat(errThrottled, 3), 3, errThrottled, []time.Duration{500 * ms, 1000 * ms}},
		{"zero options", &model.RetryOptions{}, repeat(errThrottled, 3), 3, errThrottled, []time.Duration{500 * ms, 1000 * ms}},
		{"negative options", &model.RetryOptions{MaxAttempts: -1, MinDelay: -1, MaxDelay: -1, MaxRetryAfter: -1}, repeat(errThrottled, 3), 3, errThrottled,
			[]time.Duration{500 * ms, 1000 * ms}},
		{"one attempt", &model.RetryOptions{MaxAttempts: 1}, repeat(errThrottled, 3), 1, errThrottled, nil},
		{"default limit of the delay", &model.RetryOptions{MaxAttempts: 9}, repeat(errThrottled, 8), 9, nil,
			[]time.Duration{500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 16000 * ms, 20000 * ms, 20000 * ms}},
		{"own delays", &model.RetryOptions{MaxAttempts: 5, MinDelay: 10 * ms, MaxDelay: 40 * ms}, repeat(errThrottled, 4), 5, nil,
			[]time.Duration{10 * ms, 20 * ms, 40 * ms, 40 * ms}},
		{"least delay above the greatest", &model.RetryOptions{MinDelay: time.Hour, MaxDelay: 10 * ms}, repeat(errThrottled, 2), 3, nil,
			[]time.Duration{10 * ms, 10 * ms}},
		{"shortest delay", &model.RetryOptions{MinDelay: 1, MaxDelay: 1}, repeat(errThrottled, 2), 3, nil, []time.Duration{1, 1}},
		{"not retryable", nil, []error{model.ErrPermission}, 1, model.ErrPermission, nil},
		{"not retryable any more", nil, []error{errThrottled, model.ErrQuota}, 2, model.ErrQuota, []time.Duration{500 * ms}},
		{"foreign error", nil, repeat(errBoom, 3), 1, errBoom, nil},
		{"own choice", &model.RetryOptions{If: func(err error) bool { return errors.Is(err, errBoom) }}, []error{errBoom, errThrottled}, 2, errThrottled,
			[]time.Duration{500 * ms}},
	}
	for _, tt := range tests {
		for name, call := range calls {
			synctest.Test(t, func(t *testing.T) {
				inner := &countedModel{fails: tt.fails}
				resp, err := call(t.Context(), model.Wrap(inner, model.Retry(tt.options)), &model.Request{})
				what := name + ", " + tt.name
				if len(inner.times) != tt.calls {
					t.Errorf("%s: %d calls, want %d", what, len(inner.times), tt.calls)
				}
				if model.KindOf(err) != model.KindOf(tt.fail) {
					t.Errorf("%s: error = %v, want %v", what, err, tt.fail)
				}
				if err == nil && resp.Text() != "done" {
					t.Errorf("%s: response = %v, want done", what, resp)
				}
				if name == "Generate" && tt.fail != nil && err != tt.fail {
					t.Errorf("%s: error = %v, want the last failure as it is", what, err)
				}
				pauses := inner.pauses()
				if len(pauses) != len(tt.longest) {
					t.Fatalf("%s: pauses %v, want %d", what, pauses, len(tt.longest))
				}
				for i, d := range pauses {
					if d < tt.longest[i]/2 || d > tt.longest[i] {
						t.Errorf("%s: pause %d is %v, want %v to %v", what, i+1, d, tt.longest[i]/2, tt.longest[i])
					}
				}
			})
		}
	}
}

// TestRetrySpread: callers that failed together do not come back together.
func TestRetrySpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := map[time.Duration]bool{}
		for range 50 {
			inner := &countedModel{fails: repeat(errThrottled, 1)}
			model.Wrap(inner, model.Retry(nil)).Generate(t.Context(), nil)
			seen[inner.pauses()[0]] = true
		}
		if len(seen) < 25 {
			t.Errorf("%d different pauses in 50, want most to differ", len(seen))
		}
	})
}

func TestRetryManyAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &countedModel{fails: repeat(errThrottled, 100)}
		m := model.Wrap(inner, model.Retry(&model.RetryOptions{MaxAttempts: 101, MinDelay: 1, MaxDelay: 1<<63 - 1}))
		ctx, cancel := context.WithTimeout(t.Context(), 1<<40)
		defer cancel()
		m.Generate(ctx, nil)
		for i, d := range inner.pauses() {
			if d < 0 {
				t.Errorf("pause %d is %v", i+1, d)
			}
		}
		if n := len(inner.times); n < 30 {
			t.Errorf("%d calls, want the delays to double from a nanosecond", n)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	after := func(d time.Duration) error {
		return fmt.Errorf("wrapped: %w", &model.Error{Kind: model.ErrThrottled, RetryAfter: d})
	}
	tests := []struct {
		name    string
		options *model.RetryOptions
		fails   []error
		want    []time.Duration
		fail    bool
	}{
		{"honoured", nil, []error{after(7 * time.Second), after(time.Nanosecond)}, []time.Duration{7 * time.Second, 1}, false},
		{"longer than MaxDelay", &model.RetryOptions{MaxDelay: time.Second}, []error{after(30 * time.Second)}, []time.Duration{30 * time.Second}, false},
		{"at the limit", nil, []error{after(time.Minute)}, []time.Duration{time.Minute}, false},
		{"above the limit", nil, []error{after(time.Minute + 1)}, nil, true},
		{"own limit", &model.RetryOptions{MaxRetryAfter: time.Second}, []error{after(time.Second), after(1001 * time.Millisecond)}, []time.Duration{time.Second}, true},
	}
	for _, tt := range tests {
		for name, call := range calls {
			synctest.Test(t, func(t *testing.T) {
				inner := &countedModel{fails: tt.fails}
				_, err := call(t.Context(), model.Wrap(inner, model.Retry(tt.options)), &model.Request{})
				if (err != nil) != tt.fail {
					t.Errorf("%s, %s: error = %v, want one: %t", name, tt.name, err, tt.fail)
				}
				diff(t, name+", "+tt.name+": pauses", tt.want, inner.pauses())
			})
		}
	}
}

func TestRetryContextEnds(t *testing.T) {
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) { // in a pause
			inner := &countedModel{fails: repeat(&model.Error{Kind: model.ErrThrottled, RetryAfter: 10 * time.Second}, 3)}
			cause := errors.New("user left")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(13*time.Second, func() { cancel(cause) })
			start := time.Now()
			_, err := call(ctx, model.Wrap(inner, model.Retry(nil)), &model.Request{})
			if d := time.Since(start); d != 13*time.Second || len(inner.times) != 2 {
				t.Errorf("%s: ended after %v and %d calls, want 13s and 2", name, d, len(inner.times))
			}
			if model.KindOf(err) != model.ErrCanceled || !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
				t.Errorf("%s: error = %v, want the context's", name, err)
			}
		})
		synctest.Test(t, func(t *testing.T) { // in a call
			ctx, cancel := context.WithCancel(t.Context())
			inner := &countedModel{fails: repeat(errThrottled, 3)}
			m := &funcModel{
				generate: func(ctx context.Context, req *model.Request) (*model.Response, error) {
					cancel()
					return inner.Generate(ctx, req)
				},
				stream: func(ctx context.Context, req *model.Request) *model.Stream {
					cancel()
					return inner.Stream(ctx, req)
				},
			}
			start := time.Now()
			_, err := call(ctx, model.Wrap(m, model.Retry(nil)), &model.Request{})
			if d := time.Since(start); d != 0 || len(inner.times) > 1 || model.KindOf(err) != model.ErrCanceled {
				t.Errorf("%s: ended after %v and %d calls with %v, want the context's error at once", name, d, len(inner.times), err)
			}
		})
	}
}

func TestRetryStreamOnlyBeforeFirstEvent(t *testing.T) {
	inner := &countedModel{fails: repeat(errThrottled, 3), events: []model.Event{textEvent(0, "a")}}
	s := model.Wrap(inner, model.Retry(nil)).Stream(t.Context(), &model.Request{})
	events, err := collect(s)
	if len(inner.times) != 1 || !errors.Is(err, model.ErrThrottled) {
		t.Errorf("%d calls, error = %v, want 1 and ErrThrottled", len(inner.times), err)
	}
	diff(t, "events", []model.Event{textEvent(0, "a")}, events)
	if e := asError(t, err); e.Partial.Text() != "a" {
		t.Errorf("Partial = %v, want the text a", e.Partial)
	}
}

func TestRetryStreamLazy(t *testing.T) {
	inner := &countedModel{}
	m := model.Wrap(inner, model.Retry(nil), model.Fallback(inner))
	m.Stream(t.Context(), &model.Request{})
	if len(inner.times) != 0 {
		t.Error("a stream that was not ranged over made a call")
	}
}

func TestRetryStreamBreakReleases(t *testing.T) {
	var released bool
	inner := &funcModel{stream: func(ctx context.Context, _ *model.Request) *model.Stream {
		return releasing(ctx, &released, script()...)
	}}
	s := model.Wrap(inner, model.Retry(nil), model.Fallback(inner)).Stream(t.Context(), &model.Request{})
	for range s.Events() {
		break
	}
	if !released {
		t.Error("the producer still runs after break")
	}
}

func TestStreamRequestCloned(t *testing.T) {
	for name, mw := range map[string]model.Middleware{"Retry": model.Retry(nil), "Fallback": model.Fallback(answering(""))} {
		synctest.Test(t, func(t *testing.T) {
			inner := &countedModel{fails: repeat(errThrottled, 1)}
			req := &model.Request{Messages: []model.Message{model.User("before")}}
			s := model.Wrap(inner, mw).Stream(t.Context(), req)
			req.Messages[0].Parts[0] = model.Text("after")
			if _, err := s.Response(); err != nil {
				t.Fatal(err)
			}
			for _, got := range inner.texts {
				if got != "before" {
					t.Errorf("%s: the model was asked %q, want the request as it was, %q", name, got, "before")
				}
			}
			if len(inner.texts) == 0 {
				t.Errorf("%s: the model was not asked", name)
			}
		})
	}
}

// TestRelayedEvents: a stream that goes through middleware is the same.
func TestRelayedEvents(t *testing.T) {
	inner := failing(nil, script()...)
	got, err := collect(model.Wrap(inner, model.Retry(nil), model.Fallback(answering(""))).Stream(t.Context(), &model.Request{}))
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "events", scriptEvents(), got)
}
