package conformance

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func errorsMutants() []mutant {
	always := func(kind model.ErrorKind) func(*model.Error) error {
		return func(e *model.Error) error {
			if probe.IsKind(AllCapabilities().ErrorKinds, e.Kind) && e.Kind != model.ErrInvalidRequest && e.Kind != model.ErrUnsupported {
				e.Kind = kind
			}
			return e
		}
	}
	swap := func(from, to model.ErrorKind) func(*model.Error) error {
		return func(e *model.Error) error {
			if e.Kind == from {
				e.Kind = to
			}
			return e
		}
	}
	return []mutant{
		fails("provider not named", "ERR-01 ERR-21", func(e *model.Error) error { e.Provider = "client"; return e }).alsoIn("cancellation"),
		{name: "errors are texts", kills: ids("ERR-01"), also: strings.Fields("basics streaming errors cancellation thinking"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil {
					return nil, errors.New(err.Error())
				}
				return resp, nil
			}
		}},
		fails("all failures the provider's", "ERR-02 ERR-12", always(model.ErrProvider)),
		fails("all failures unknown", "ERR-02 ERR-12", always(model.ErrUnknown)),
		fails("throttling told as unavailable", "ERR-02 ERR-12", swap(model.ErrThrottled, model.ErrUnavailable)),
		fails("overflow told as invalid", "ERR-02", swap(model.ErrContextOverflow, model.ErrInvalidRequest)),
		fails("quota told as throttling", "ERR-02", swap(model.ErrQuota, model.ErrThrottled)),
		fails("permission told as authentication", "ERR-02", swap(model.ErrPermission, model.ErrAuthentication)),
		{name: "kind of the cause is another", kills: ids("ERR-03"), wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				e := *probe.AsError(err)
				if e.Kind == model.ErrThrottled {
					e.Err = model.ErrUnavailable
				}
				return &e
			}
		}},
		fails("words lost", "ERR-04", func(e *model.Error) error {
			if e.Kind != model.ErrInvalidRequest {
				e.Message, e.Err = "request failed", nil
			}
			return e
		}).alsoIn("cancellation errors"),
		fails("advice to wait lost", "ERR-05", func(e *model.Error) error { e.RetryAfter = 0; return e }),
		fails("advice to wait in milliseconds", "ERR-05", func(e *model.Error) error { e.RetryAfter *= 1000; return e }),
		{name: "empty answer with the error", kills: ids("ERR-06"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil {
					return &model.Response{}, err
				}
				return resp, nil
			}
		}},
		{name: "neither answer nor error", kills: ids("ERR-06 ERR-02 ERR-01"), also: strings.Fields("basics errors streaming cancellation tools multimodal structured"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if k := model.KindOf(err); err != nil && k != model.ErrInvalidRequest && k != model.ErrUnsupported {
					return nil, nil
				}
				return resp, err
			}
		}},
		{name: "retries by itself", kills: ids("ERR-07"), also: []string{"errors", "streaming", "cancellation"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return model.Wrap(inner, model.Retry(&model.RetryOptions{MaxAttempts: 2, MinDelay: time.Nanosecond, MaxDelay: time.Nanosecond, MaxRetryAfter: time.Nanosecond}))
		}},
		{name: "broken after a failure", kills: ids("ERR-08"), also: []string{"errors", "cancellation"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var broken error
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				if broken != nil {
					return nil, broken
				}
				resp, err := inner.Generate(ctx, req)
				if err != nil && req.Validate() == nil && ctx.Err() == nil {
					broken = err
				}
				return resp, err
			}
			return w
		}},
		fails("a partial answer of nothing", "ERR-09", func(e *model.Error) error {
			if e.Partial == nil {
				e.Partial = &model.Response{}
			}
			return e
		}).alsoIn("streaming errors"),
		{name: "odd failures answered by nothing", kills: ids("ERR-10"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if model.KindOf(err) == model.ErrUnknown {
					return &model.Response{}, nil
				}
				return resp, err
			}
		}},
		fails("odd failures are the caller's", "ERR-10", swap(model.ErrUnknown, model.ErrInvalidRequest)),
		fails("timeouts are deadlines", "ERR-11 ERR-02", swap(model.ErrTimeout, model.ErrDeadline)),
		{name: "failure in a stream ends it well", kills: ids("ERR-12 ERR-13 ERR-14"), also: []string{"errors"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					began := false
					for ev, err := range s.Events() {
						if err != nil && began && model.KindOf(err) != model.ErrTruncated && ctx.Err() == nil {
							emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}})
							return nil
						}
						if err != nil {
							return err
						}
						if began = true; !emit(ev) {
							return nil
						}
					}
					return nil
				})
			}
		}},
		{name: "failure in a stream told as truncation", kills: ids("ERR-12"), wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				e := *probe.AsError(err)
				if e.Partial != nil && e.Kind != model.ErrCanceled && e.Kind != model.ErrDeadline {
					e.Kind = model.ErrTruncated
				}
				return &e
			}
		}},
		{name: "stream asked for again in the middle", kills: ids("ERR-14"), also: []string{"errors", "streaming", "thinking"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				streams := []*model.Stream{inner.Stream(ctx, req), inner.Stream(ctx, req)}
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					err := relay(streams[0], emit)
					if e := probe.AsError(err); e != nil && e.Partial != nil && model.Retryable(e) {
						return relay(streams[1], emit)
					}
					return err
				})
			}
		}},
		{name: "goroutine left by a failed stream", kills: ids("ERR-15"), also: []string{"errors", "streaming", "cancellation", "thinking", "basics"}, wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				if e := probe.AsError(err); e != nil && e.Partial != nil {
					go func() { select {} }()
				}
				return err
			}
		}},
		breaks("event with the error", "ERR-16", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				if err != nil {
					ev = model.Event{Kind: model.EventText, Text: "!"}
				}
				return yield(ev, err)
			})
		}).alsoIn("streaming"),
		breaks("finish after the error", "ERR-16", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return yield(ev, err) && (err == nil || yield(model.Event{Kind: model.EventFinish, Response: &model.Response{}}, nil))
			})
		}).alsoIn("streaming cancellation errors thinking basics"),
		{name: "Generate passes off the beginning", kills: ids("ERR-17"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if e := probe.AsError(err); e != nil && e.Partial != nil && e.Kind != model.ErrTruncated && ctx.Err() == nil {
					return e.Partial, nil
				}
				return resp, err
			}
		}, also: []string{"errors"}},
		{name: "errors quote the conversation", kills: ids("ERR-19"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if e := probe.AsError(err); e != nil && req != nil {
					c := *e
					c.Message += " in " + show.JSON(req)
					return nil, &c
				}
				return resp, err
			}
		}},
		fails("request id of failures in streams lost", "ERR-24", func(e *model.Error) error {
			if e.Partial != nil {
				e.RequestID = ""
			}
			return e
		}),
		fails("throttling told as quota", "ERR-02 ERR-03", func(e *model.Error) error {
			if e.Kind == model.ErrThrottled {
				e.Kind = model.ErrQuota
			}
			return e
		}),
		fails("request id of errors lost", "ERR-20 ERR-24", func(e *model.Error) error { e.RequestID = ""; return e }),
		fails("refusals not labelled", "ERR-21", func(e *model.Error) error {
			if e.Kind == model.ErrInvalidRequest {
				e.Op = "validate"
			}
			return e
		}),
		{name: "max_tokens an error", kills: ids("ERR-22 BAS-05"), also: []string{"basics", "structured"}, wrap: func(w *wrapper) {
			w.generate = generateUnless(w.inner, func(r *model.Response) bool { return r.StopReason == model.StopMaxTokens })
		}},
		{name: "errors shared", kills: ids("ERR-23"), also: []string{"errors"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			shared := map[model.ErrorKind]*model.Error{}
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				e := probe.AsError(err)
				if e == nil || e.Kind != model.ErrThrottled {
					return resp, err
				}
				mu.Lock()
				defer mu.Unlock()
				if shared[e.Kind] == nil {
					shared[e.Kind] = e
				}
				return nil, shared[e.Kind]
			}
			return w
		}},
	}
}

// generateUnless fails where an answer is not liked.
func generateUnless(inner model.ChatModel, bad func(*model.Response) bool) func(context.Context, *model.Request) (*model.Response, error) {
	return func(ctx context.Context, req *model.Request) (*model.Response, error) {
		resp, err := inner.Generate(ctx, req)
		if err == nil && bad(resp) {
			return nil, &model.Error{Kind: model.ErrOutput, Provider: "fake", Op: "generate", Model: "fake", Message: "not liked"}
		}
		return resp, err
	}
}
