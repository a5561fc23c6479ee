package conformance

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// detached calls with a context that does not end with the caller's.
func detached(w *wrapper, methods string) {
	inner := w.inner
	if strings.Contains(methods, "generate") {
		w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
			return inner.Generate(context.WithoutCancel(ctx), req)
		}
	}
	if strings.Contains(methods, "stream") {
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
			s := inner.Stream(context.WithoutCancel(ctx), req)
			return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error { return relay(s, emit) })
		}
	}
}

func cancellationMutants() []mutant {
	return []mutant{
		{name: "context ignored by Generate", kills: ids("CAN-01 CAN-03 CAN-07"), also: []string{"basics"}, wrap: func(w *wrapper) { detached(w, "generate") }},
		{name: "context ignored within streams", kills: ids("CAN-03 CAN-04 CAN-13"), also: []string{"errors"}, wrap: func(w *wrapper) { detached(w, "stream") }},
		{name: "context looked at before the call only", kills: ids("CAN-03"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				if ctx.Err() != nil {
					return inner.Generate(ctx, req)
				}
				return inner.Generate(context.WithoutCancel(ctx), req)
			}
		}},
		{name: "context of the call looked at by Stream alone", kills: ids("CAN-02"), also: []string{"cancellation"}, seams: probe.Seams{Stream: lateContext}},
		{name: "events handed on after the context ended", kills: ids("CAN-05"), also: []string{"cancellation", "errors"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(context.WithoutCancel(ctx), req)
				return streamOf(context.WithoutCancel(ctx), func(_ context.Context, emit func(model.Event) bool) error {
					if e := model.ContextError(ctx); e != nil {
						return e
					}
					return relay(s, emit)
				})
			}
		}},
		fails("partial answer of a cancelled stream lost", "CAN-06", func(e *model.Error) error {
			if e.Kind == model.ErrCanceled && e.Partial != nil {
				e.Partial = &model.Response{}
			}
			return e
		}),
		{name: "deadline told as cancelled", kills: ids("CAN-07 CAN-01"), also: []string{"cancellation"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if model.KindOf(err) == model.ErrDeadline {
					return nil, &model.Error{Kind: model.ErrCanceled, Provider: "fake", Op: "generate", Model: "fake", Err: context.Canceled}
				}
				return resp, err
			}
		}},
		{name: "cancelled told as deadline", kills: ids("CAN-07 CAN-03"), also: []string{"cancellation"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if model.KindOf(err) == model.ErrCanceled {
					return nil, &model.Error{Kind: model.ErrDeadline, Provider: "fake", Op: "generate", Model: "fake", Err: context.DeadlineExceeded}
				}
				return resp, err
			}
		}},
		{name: "cancelled told as transport", kills: ids("CAN-03 CAN-12"), also: []string{"cancellation", "basics"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if model.KindOf(err) == model.ErrCanceled {
					return nil, &model.Error{Kind: model.ErrTransport, Provider: "fake", Op: "generate", Model: "fake", Message: "connection closed"}
				}
				return resp, err
			}
		}},
		{name: "cause lost", kills: ids("CAN-08"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if model.KindOf(err) == model.ErrCanceled {
					return nil, &model.Error{Kind: model.ErrCanceled, Provider: "fake", Op: "generate", Model: "fake", Err: context.Canceled}
				}
				return resp, err
			}
		}},
		{name: "goroutine left by a cancelled stream", kills: ids("CAN-09 CAN-04"), also: strings.Fields("cancellation streaming errors"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					done := make(chan struct{})
					go func() { <-done }()
					err := relay(s, emit)
					if ctx.Err() == nil {
						close(done)
					}
					return err
				})
			}
		}},
		breaks("answer lost when the context ends", "CAN-10", func(*streamSeam) {}).lateResponse(),
		{name: "one context for all streams", kills: ids("CAN-11"), also: strings.Fields("cancellation errors streaming"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			var dead error
			w := &wrapper{inner: inner}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
					mu.Lock()
					err := dead
					mu.Unlock()
					if err == nil {
						err = relay(s, emit)
					}
					if ctx.Err() != nil {
						mu.Lock()
						dead = err
						mu.Unlock()
					}
					return err
				})
			}
			return w
		}},
		fails("cancelled worth another call", "CAN-12", func(e *model.Error) error {
			if e.Kind == model.ErrCanceled {
				e.Op = ""
				e.Provider = ""
			}
			return e
		}),
		{name: "nil request looked into when the context has ended", kills: ids("CAN-14"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				if ctx.Err() != nil {
					return nil, &model.Error{Kind: model.ErrCanceled, Provider: "fake", Op: "generate", Model: "fake",
						Err: fmt.Errorf("%d messages not sent: %w", len(req.Messages), context.Cause(ctx))}
				}
				return inner.Generate(ctx, req)
			}
			return w
		}, also: []string{"cancellation"}},
	}
}

// lateContext makes a stream that asks its provider whatever has become of
// the context: it begins before the loop does.
func lateContext(s laws.Stream) laws.Stream {
	seam := &streamSeam{Stream: s}
	started := false
	seam.events = func() iter.Seq2[model.Event, error] {
		return func(yield func(model.Event, error) bool) {
			for ev, err := range s.Events() {
				if !started && model.KindOf(err) == model.ErrCanceled {
					started = true
					if !yield(model.Event{Kind: model.EventText, Text: "too late"}, nil) {
						return
					}
				}
				started = true
				if !yield(ev, err) {
					return
				}
			}
		}
	}
	return seam
}

// lateResponse makes Response fail once the loop is over.
func (m mutant) lateResponse() mutant {
	m.seams.Stream = func(s laws.Stream) laws.Stream {
		over := false
		seam := &streamSeam{Stream: s}
		replaying(seam, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
			over = over || ev.Kind == model.EventFinish
			return yield(ev, err)
		})
		seam.response = func() (*model.Response, error) {
			resp, err := s.Response()
			if over && err == nil && resp.Text() == "Hello." {
				return nil, &model.Error{Kind: model.ErrCanceled, Err: context.Canceled}
			}
			return resp, err
		}
		return seam
	}
	m.also = strings.Fields("streaming basics errors thinking")
	return m
}
