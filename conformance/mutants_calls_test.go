package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// usages edits the usage of an answer.
func usages(f func(*model.Usage)) func(*model.Response) {
	return func(r *model.Response) {
		if r.Usage != nil {
			f(r.Usage)
		}
	}
}

func cachingMutants() []mutant {
	dropPoints := each(func(model.CachePoint) []model.Part { return nil })
	return []mutant{
		sends("cache points dropped", "CAC-01 CAC-04 CAC-06 CAC-20 CAC-21", func(r *model.Request) {
			inHistory(model.RoleUser, dropPoints)(r)
		}).alsoIn("caching"),
		sends("cache points one part late", "CAC-01 CAC-04 CAC-11", func(r *model.Request) {
			for _, m := range r.Messages {
				for i := 0; i+1 < len(m.Parts); i++ {
					if _, ok := m.Parts[i].(model.CachePoint); ok {
						m.Parts[i], m.Parts[i+1] = m.Parts[i+1], m.Parts[i]
						break
					}
				}
			}
		}).alsoIn("caching"),
		sends("cache points one part early", "CAC-01 CAC-04", func(r *model.Request) {
			for _, m := range r.Messages {
				for i := 1; i < len(m.Parts); i++ {
					if _, ok := m.Parts[i].(model.CachePoint); ok {
						m.Parts[i], m.Parts[i-1] = m.Parts[i-1], m.Parts[i]
					}
				}
			}
		}).alsoIn("caching"),
		sends("cache points of the system dropped", "CAC-02", inHistory(model.RoleSystem, dropPoints)),
		sends("cache points of tools dropped", "CAC-03", func(r *model.Request) {
			for i := range r.Tools {
				r.Tools[i].Cache = nil
			}
		}),
		sends("one cache point sent", "CAC-04 CAC-05", func(r *model.Request) {
			n := 0
			inHistory(model.RoleUser, each(func(p model.CachePoint) []model.Part {
				if n++; n > 1 {
					return nil
				}
				return keep(p)
			}))(r)
		}).alsoIn("caching"),
		sends("more than four cache points dropped in silence", "CAC-05", func(r *model.Request) {
			n := 0
			inHistory(model.RoleUser, each(func(p model.CachePoint) []model.Part {
				if n++; n > 4 {
					return nil
				}
				return keep(p)
			}))(r)
		}),
		sends("lifetimes dropped", "CAC-06 CAC-07", inHistory(model.RoleUser, each(func(model.CachePoint) []model.Part { return keep(model.CachePoint{}) }))),
		sends("an hour unless told", "CAC-06 CAC-01", inHistory(model.RoleUser, each(func(p model.CachePoint) []model.Part {
			if p.TTL == 0 {
				p.TTL = time.Hour
			}
			return keep(p)
		}))).alsoIn("caching"),
		sends("odd lifetimes rounded in silence", "CAC-07", inHistory(model.RoleUser, each(func(p model.CachePoint) []model.Part {
			if p.TTL > 5*time.Minute && p.TTL < time.Hour {
				p.TTL = 5 * time.Minute
			}
			return keep(p)
		}))),
		sends("always a cache point", "CAC-08", func(r *model.Request) {
			if last := &r.Messages[len(r.Messages)-1]; last.Role == model.RoleUser {
				last.Parts = append(last.Parts, model.CachePoint{})
			}
		}).alsoIn("basics tools multimodal concurrency thinking serialisation caching"),
		sends("automatic caching dropped", "CAC-09 CAC-10", func(r *model.Request) { r.Cache = nil }),
		sends("automatic lifetime dropped", "CAC-10", func(r *model.Request) {
			if r.Cache != nil {
				r.Cache.TTL = 0
			}
		}),
		sends("cache points behind images dropped", "CAC-11", func(r *model.Request) {
			for i, m := range r.Messages {
				for j := 1; j < len(m.Parts); j++ {
					_, isImage := m.Parts[j-1].(model.Image)
					if _, ok := m.Parts[j].(model.CachePoint); ok && isImage {
						r.Messages[i].Parts = append(m.Parts[:j:j], m.Parts[j+1:]...)
					}
				}
			}
		}),
		sends("cache points behind results dropped", "CAC-12", func(r *model.Request) {
			for i, m := range r.Messages {
				if slices.ContainsFunc(m.Parts, isResult) {
					r.Messages[i].Parts = edited(m.Parts, dropPoints)
				}
			}
		}),
		returns("cache left out of the input", "CAC-13 CAC-14 CAC-15 CAC-25", usages(func(u *model.Usage) {
			u.InputTokens -= u.CacheReadTokens + u.CacheWriteTokens
		})),
		returns("cache counted twice", "CAC-13 CAC-14 CAC-15", usages(func(u *model.Usage) {
			u.InputTokens += u.CacheReadTokens + u.CacheWriteTokens
		})),
		returns("writes counted twice", "CAC-13 CAC-15", usages(func(u *model.Usage) { u.InputTokens += u.CacheWriteTokens })),
		returns("reads and writes swapped", "CAC-14 CAC-15 CAC-20", usages(func(u *model.Usage) {
			u.CacheReadTokens, u.CacheWriteTokens, u.CacheWrites = u.CacheWriteTokens, u.CacheReadTokens, nil
		})),
		returns("reads dropped", "CAC-14 CAC-21", usages(func(u *model.Usage) { u.CacheReadTokens = 0 })),
		returns("writes dropped", "CAC-15 CAC-20", usages(func(u *model.Usage) { u.CacheWriteTokens, u.CacheWrites = 0, nil })),
		finishes("usage of streams counted twice", "CAC-16 CAC-13", usages(func(u *model.Usage) { *u = u.Add(*u) })).alsoIn("basics streaming"),
		finishes("cache left out in streams", "CAC-16 CAC-13", usages(func(u *model.Usage) { u.CacheReadTokens, u.CacheWriteTokens, u.CacheWrites = 0, 0, nil })).alsoIn("streaming"),
		returns("split of writes dropped", "CAC-17", usages(func(u *model.Usage) { u.CacheWrites = nil })),
		returns("split of writes all of one lifetime", "CAC-17", usages(func(u *model.Usage) {
			if len(u.CacheWrites) > 1 {
				u.CacheWrites = []model.CacheWrite{{TTL: 5 * time.Minute, Tokens: u.CacheWriteTokens}}
			}
		})),
		returns("split of writes invented", "CAC-18", usages(func(u *model.Usage) {
			if u.CacheWriteTokens > 0 && u.CacheWrites == nil {
				u.CacheWrites = []model.CacheWrite{{TTL: 5 * time.Minute, Tokens: u.CacheWriteTokens}}
			}
		})),
		returns("usage without a cache lost", "CAC-19", func(r *model.Response) {
			if u := r.Usage; u != nil && u.CacheReadTokens+u.CacheWriteTokens == 0 {
				r.Usage = new(model.Usage)
			}
		}).alsoIn("basics streaming"),
		{name: "a time in the system message", kills: ids("CAC-20 CAC-22 CAC-23 CAC-24"), also: strings.Fields("basics caching thinking serialisation tools"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			n := 0
			w := &wrapper{inner: inner}
			w.request = func(req *model.Request) {
				mu.Lock()
				defer mu.Unlock()
				n++
				req.Messages = append([]model.Message{model.System(fmt.Sprintf("It is %d.", n))}, req.Messages...)
			}
			return w
		}},
		sends("history rendered anew", "CAC-22", func(r *model.Request) {
			for i := range r.Messages[:max(0, len(r.Messages)-2)] {
				r.Messages[i].Parts = edited(r.Messages[i].Parts, toolResults(func(t model.ToolResult) model.ToolResult {
					t.Parts = []model.Part{model.Text("(done)")}
					return t
				}))
			}
		}).alsoIn("tools"),
		sends("thinking of earlier turns not sent", "CAC-23", func(r *model.Request) {
			for i := range r.Messages[:max(0, len(r.Messages)-2)] {
				r.Messages[i].Parts = edited(r.Messages[i].Parts, thoughts(func(model.Thinking) []model.Part { return nil }))
			}
		}).alsoIn("thinking"),
		sends("automatic caching marks the text", "CAC-24", func(r *model.Request) {
			if r.Cache != nil {
				last := &r.Messages[len(r.Messages)-1]
				last.Parts = append(last.Parts, model.Text("[cached]"))
			}
		}),
		returns("counters of 32 bits", "CAC-25", usages(func(u *model.Usage) {
			u.InputTokens, u.CacheReadTokens = int(int32(u.InputTokens)), int(int32(u.CacheReadTokens))
		})),
		{name: "sum without the cache", kills: ids("CAC-26"), seams: seams{sum: func(a, b model.Usage) model.Usage {
			a.InputTokens += b.InputTokens
			a.OutputTokens += b.OutputTokens
			return a
		}}},
		{name: "sum changes what is added", kills: ids("CAC-26"), seams: seams{sum: func(a, b model.Usage) model.Usage {
			s := a.Add(b)
			if len(a.CacheWrites) > 0 {
				a.CacheWrites[0].Tokens++
			}
			return s
		}}},
		ignores("caching ignored", "CAC-27", func(c *Capabilities) { c.PromptCaching = false }),
		returns("cache points in answers", "CAC-28", func(r *model.Response) {
			if r.Text() == "Hello." && len(r.Message.Parts) == 1 {
				r.Message.Parts = append(r.Message.Parts, model.CachePoint{})
			}
		}).alsoIn("basics streaming thinking errors"),
	}
}

func errorsMutants() []mutant {
	always := func(kind model.ErrorKind) func(*model.Error) error {
		return func(e *model.Error) error {
			if isKind(AllCapabilities().ErrorKinds, e.Kind) && e.Kind != model.ErrInvalidRequest && e.Kind != model.ErrUnsupported {
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
				e := *asError(err)
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
				e := *asError(err)
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
					if e := asError(err); e != nil && e.Partial != nil && model.Retryable(e) {
						return relay(streams[1], emit)
					}
					return err
				})
			}
		}},
		{name: "goroutine left by a failed stream", kills: ids("ERR-15"), also: []string{"errors", "streaming", "cancellation", "thinking", "basics"}, wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				if e := asError(err); e != nil && e.Partial != nil {
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
				if e := asError(err); e != nil && e.Partial != nil && e.Kind != model.ErrTruncated && ctx.Err() == nil {
					return e.Partial, nil
				}
				return resp, err
			}
		}, also: []string{"errors"}},
		{name: "errors quote the conversation", kills: ids("ERR-19"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if e := asError(err); e != nil && req != nil {
					c := *e
					c.Message += " in " + showJSON(req)
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
				e := asError(err)
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
		{name: "context of the call looked at by Stream alone", kills: ids("CAN-02"), also: []string{"cancellation"}, seams: seams{stream: lateContext}},
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
func lateContext(s stream) stream {
	seam := &streamSeam{stream: s}
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
	m.seams.stream = func(s stream) stream {
		over := false
		seam := &streamSeam{stream: s}
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

// sharing is a model whose calls share a place to put their text together.
type sharing struct {
	wrapper
	mu   sync.Mutex
	text strings.Builder
}

func concurrencyMutants() []mutant {
	return []mutant{
		{name: "one call at a time, the others refused", kills: ids("CON-01 CON-02 CON-04 CON-05"), also: []string{"concurrency", "errors", "streaming", "cancellation"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			busy := make(chan struct{}, 1)
			refused := func(op string) error {
				return &model.Error{Kind: model.ErrInvalidRequest, Provider: "fake", Op: op, Model: "fake", Message: "busy"}
			}
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				select {
				case busy <- struct{}{}:
				default:
					return nil, refused("generate")
				}
				defer func() { <-busy }()
				time.Sleep(time.Nanosecond) // so that others come
				return inner.Generate(ctx, req)
			}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					select {
					case busy <- struct{}{}:
					default:
						return refused("stream")
					}
					defer func() { <-busy }()
					time.Sleep(time.Nanosecond)
					return relay(s, emit)
				})
			}
			return w
		}},
		{name: "streams share their text", kills: ids("CON-02"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			s := &sharing{wrapper: wrapper{inner: inner}}
			s.wrapper.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				in := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					for ev, err := range in.Events() {
						if err != nil {
							return err
						}
						if ev.Kind == model.EventText {
							s.mu.Lock()
							s.text.WriteString(ev.Text)
							s.mu.Unlock()
							time.Sleep(time.Nanosecond) // as a read would take
						}
						if ev.Kind == model.EventPartDone {
							if _, ok := ev.Part.(model.Text); ok {
								ev.Part = nil
							}
						}
						if ev.Kind == model.EventText {
							s.mu.Lock()
							ev.Text = s.text.String()
							s.text.Reset()
							s.mu.Unlock()
						}
						if ev.Kind == model.EventFinish {
							ev.Response = ev.Response.Clone()
							ev.Response.Message.Parts = nil
						}
						if !emit(ev) {
							return nil
						}
					}
					return nil
				})
			}
			return s
		}},
		{name: "lock held while events are handed on", kills: ids("CON-05 CON-04"), also: []string{"concurrency"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			lock := make(chan struct{}, 1)
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				lock <- struct{}{}
				defer func() { <-lock }()
				return inner.Generate(ctx, req)
			}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					lock <- struct{}{}
					defer func() { <-lock }()
					return relay(s, emit)
				})
			}
			return w
		}},
		{name: "request changed while it is sent", racy: true, kills: ids("CON-03"), also: []string{"basics", "tools", "caching", "serialisation", "thinking"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return mutating{&wrapper{inner: inner}, marking()}
		}},
		{name: "settings of one call kept for the next", kills: ids("CON-06 BAS-39"), also: strings.Fields("basics tools thinking caching structured concurrency serialisation multimodal"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			var sticky *float64
			w := &wrapper{inner: inner}
			w.request = func(req *model.Request) {
				mu.Lock()
				defer mu.Unlock()
				if req.Temperature != nil {
					sticky = new(*req.Temperature)
				}
				if req.Validate() == nil {
					req.Temperature = sticky
				}
			}
			return w
		}},
		{name: "streams answer the last request", kills: ids("CON-07 CON-04"), also: strings.Fields("basics concurrency cancellation multimodal"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			var last *model.Request
			w := &wrapper{inner: inner}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				mu.Lock()
				last = req.Clone()
				mu.Unlock()
				return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
					mu.Lock()
					req := last
					mu.Unlock()
					return relay(inner.Stream(ctx, req), emit)
				})
			}
			return w
		}},
	}
}

// marking changes the caller's messages for good.
func marking() func(*model.Request) {
	var mu sync.Mutex
	return func(req *model.Request) {
		mu.Lock()
		defer mu.Unlock()
		if req == nil || len(req.Messages) != 4 {
			return
		}
		req.Messages[0].Role, req.Messages[0].Parts = model.RoleSystem, []model.Part{model.Text("Be brief")}
	}
}

// lateImages keeps the request's images until the stream is ranged over.
func lateImages(inner model.ChatModel) model.ChatModel {
	w := &wrapper{inner: inner}
	w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
		if req.Validate() != nil {
			return (&wrapper{inner: inner}).Stream(ctx, req)
		}
		kept := req.Clone()
		for i, m := range req.Messages {
			for j, p := range m.Parts {
				if img, ok := p.(model.Image); ok {
					kept.Messages[i].Parts[j] = img // its bytes are the caller's
				}
			}
		}
		return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
			return relay(inner.Stream(ctx, kept), emit)
		})
	}
	return w
}

func serialisationMutants() []mutant {
	lossy := func(name, kills, from, to string) mutant {
		return mutant{name: name, kills: ids(kills), seams: seams{marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(from), []byte(to)), err
		}}}
	}
	return []mutant{
		lossy("thinking lost in JSON", "SER-01 SER-03", `"type":"thinking"`, `"type":"thought"`).alsoIn("thinking"),
		lossy("texts lost in JSON", "SER-02 SER-08 SER-01", `"text":"`, `"txt":"`).alsoIn("thinking serialisation"),
		lossy("inputs lost in JSON", "SER-07 SER-03", `"input":`, `"args":`).alsoIn("serialisation"),
		lossy("cut calls lost in JSON", "SER-03", `"invalid_input":`, `"x":`),
		lossy("lifetimes lost in JSON", "SER-03", `"ttl":"1h"`, `"ttl":""`).alsoIn("serialisation"),
		lossy("usage null as zeros", "SER-06", `"stop_reason":"end_turn"}`, `"stop_reason":"end_turn","usage":{}}`),
		lossy("errors of results lost in JSON", "SER-03", `"is_error":true`, `"is_error":false`),
		{name: "JSON of inputs through floats", kills: ids("SER-07 SER-04"), also: []string{"serialisation", "thinking"}, seams: seams{unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(throughFloats(data), v)
		}}},
		{name: "unknown parts dropped", kills: ids("SER-04"), seams: seams{unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(bytes.ReplaceAll(data, []byte(`,{"type":"hologram","depth":2.50,"id":9007199254740993}`), nil), v)
		}}},
		{name: "earlier version's names not known", kills: ids("SER-05"), also: []string{"serialisation", "thinking"}, seams: seams{unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(bytes.ReplaceAll(data, []byte(`"call_id"`), []byte(`"tool_use_id"`)), v)
		}}},
		{name: "requests lose their settings in JSON", kills: ids("SER-08"), seams: seams{marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"temperature":`), []byte(`"temp":`)), err
		}}},
	}
}

func recordingsMutants() []mutant {
	return []mutant{
		{name: "recorded call fails", kills: ids("REC-01"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				return nil, &model.Error{Kind: model.ErrUnavailable}
			}
		})},
		{name: "recorded failure answered", kills: ids("REC-01"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil {
					return &model.Response{Message: model.Assistant("Fine."), StopReason: model.StopEndTurn}, nil
				}
				return resp, nil
			}
		})},
		{name: "recorded pieces lost", kills: ids("REC-03 REC-09"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) { w.events = dropFirst })},
		{name: "recorded usage without its cache", kills: ids("REC-04"), model: forRecordings(func(w *wrapper) {
			w.response = usages(func(u *model.Usage) { u.InputTokens -= u.CacheReadTokens + u.CacheWriteTokens })
		})},
		{name: "recorded thinking without its provider", kills: ids("REC-05"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			w.response = inAnswer(thoughts(func(t model.Thinking) []model.Part { t.Provider = ""; return keep(t) }))
		})},
		{name: "recorded answers lost in JSON", kills: ids("REC-06 SER-01"), also: []string{"serialisation", "thinking"}, seams: seams{marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"provider"`), []byte(`"by"`)), err
		}}},
		{name: "recorded stop reasons lost", kills: ids("REC-07"), model: forRecordings(func(w *wrapper) {
			w.response = func(r *model.Response) { r.StopReason = "" }
		})},
		{name: "recorded calls end the turn", kills: ids("REC-07"), model: forRecordings(func(w *wrapper) {
			w.response = swapStop(model.StopToolUse, model.StopEndTurn)
		})},
		{name: "recorded requests changed", kills: ids("REC-08"), model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
			if !recorded(script) {
				return inner
			}
			return mutating{&wrapper{inner: inner}, func(req *model.Request) { req.MaxTokens++ }}
		}},
	}
}

// recordedModel names the model that stands in for recordings.
const recordedModel = "recorded"

// recorded reports whether a script plays the reference's conversations.
func recorded(script *fake.Model) bool {
	info := fmt.Sprint(script.Stream(context.Background(), ask("Hi")))
	return strings.Contains(info, recordedModel)
}

// forRecordings is a fault that only conversations show.
func forRecordings(f func(w *wrapper)) func(model.ChatModel, *fake.Model) model.ChatModel {
	return func(inner model.ChatModel, script *fake.Model) model.ChatModel {
		if !recorded(script) {
			return inner
		}
		w := &wrapper{inner: inner}
		f(w)
		return w
	}
}

// conversations are those of the reference.
func conversations(open func(*Env, *fake.Model) (model.ChatModel, error)) []Conversation {
	req := withTools(ask("Weather?"), "weather")
	return []Conversation{{
		Name: "weather",
		Open: func(env *Env) (model.ChatModel, error) {
			usage := &model.Usage{Known: true, InputTokens: 100, OutputTokens: 9, CacheReadTokens: 60, CacheWriteTokens: 30}
			turn := fake.Reply(model.Thinking{Text: "Hm.", Signature: "sig=="}, model.Text("Let me look at it."), call("c1", "weather", `{"city":"Oslo"}`)).Usage(usage)
			return open(env, fake.NewWith(&fake.Options{Model: recordedModel}, turn, turn, fake.Fail(&model.Error{Kind: model.ErrThrottled, Message: "slow down"})))
		},
		Turns: []Call{{Request: req}, {Request: req, Stream: true}, {Request: ask("Hi"), Fails: model.ErrThrottled}},
	}}
}
