package conformance

import (
	"context"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// oddities are models that keep every rule in a way that a careless suite
// would not expect.
func oddities() []mutant {
	return []mutant{
		{name: "the reference itself"},
		{name: "a byte at a time", wrap: func(w *wrapper) {
			w.events, w.rebuild = func() func(model.Event) []model.Event { return inBytes }, false
		}},
		{name: "indices with gaps", wrap: func(w *wrapper) {
			w.events = func() func(model.Event) []model.Event {
				return func(ev model.Event) []model.Event {
					if ev.Kind != model.EventFinish {
						ev.Index = 3 + 7*ev.Index
					}
					return one(ev)
				}
			}
		}},
		{name: "empty pieces", wrap: func(w *wrapper) {
			w.events = func() func(model.Event) []model.Event {
				return func(ev model.Event) []model.Event {
					switch ev.Kind {
					case model.EventText, model.EventThinking, model.EventSignature, model.EventToolInput:
						blank := ev
						blank.Text = ""
						return []model.Event{blank, ev, blank}
					}
					return one(ev)
				}
			}
		}},
		{name: "slow", wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				s := inner.Stream(ctx, req)
				return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
					for ev, err := range s.Events() {
						if err != nil {
							return err
						}
						t := time.NewTimer(time.Millisecond)
						select {
						case <-t.C:
						case <-ctx.Done():
							t.Stop()
							return ctx.Err()
						}
						if !emit(ev) {
							return nil
						}
					}
					return nil
				})
			}
		}},
		{name: "no input for no arguments", wrap: func(w *wrapper) {
			w.response = inAnswer(calls(func(c model.ToolCall) model.ToolCall {
				if string(c.Input) == "{}" {
					c.Input = nil
				}
				return c
			}))
		}},
		{name: "one place for system messages, told", wrap: func(w *wrapper) { hoisting(w) }},
		{name: "adjacent turns merged", wrap: func(w *wrapper) {
			w.request = func(req *model.Request) {
				if req.Validate() == nil {
					req.Messages = mergedTurns(req.Messages)
				}
			}
		}},
		{name: "no tools for choice none", wrap: func(w *wrapper) {
			w.request = func(req *model.Request) {
				if req.ToolChoice.Mode == model.ToolsNone && req.Validate() == nil {
					req.Tools, req.ToolChoice = nil, model.ToolChoice{}
				}
			}
		}},
		{name: "defaults spelled out", wrap: func(w *wrapper) {
			w.request = func(req *model.Request) {
				if req.ToolChoice.Mode == model.ToolsDefault && len(req.Tools) > 0 && req.Validate() == nil {
					req.ToolChoice.Mode = model.ToolsAuto
				}
			}
		}},
		{name: "wrapped errors", wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil {
					err = fmt.Errorf("calling the provider: %w", err)
				}
				return resp, err
			}
		}},
		{name: "retry that may not", model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return model.Wrap(inner, model.Retry(&model.RetryOptions{MaxAttempts: 1}))
		}},
		{name: "says nothing of its capabilities", model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return silent{inner}
		}, caps: func(c *Capabilities) { c.TokenCounting = false }},
		{name: "events of a later version", seams: probe.Seams{Stream: func(s laws.Stream) laws.Stream {
			seam := &streamSeam{Stream: s}
			replaying(seam, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				if err == nil && ev.Kind != model.EventFinish && !yield(model.Event{Kind: 200, Index: ev.Index}, nil) {
					return false
				}
				return yield(ev, err)
			})
			return seam
		}}},
		{name: "claims nothing but text", caps: func(c *Capabilities) { *c = Capabilities{} }},
		{name: "sampling one at a time, told", wrap: func(w *wrapper) { oneSampling(w) }},
		{name: "unsigned thinking not sent back, told", wrap: func(w *wrapper) {
			telling(w, func(req *model.Request) (all []model.Warning) {
				for i, m := range req.Messages {
					for j := len(m.Parts) - 1; j >= 0; j-- {
						if t, ok := m.Parts[j].(model.Thinking); ok && t.Signature == "" && len(t.Redacted) == 0 {
							req.Messages[i].Parts = append(req.Messages[i].Parts[:j:j], m.Parts[j+1:]...)
							all = append(all, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "unsigned"})
						}
					}
				}
				return all
			})
		}},
	}
}

// silent is a model and nothing else.
type silent struct{ m model.ChatModel }

func (s silent) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return s.m.Generate(ctx, req)
}

func (s silent) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return s.m.Stream(ctx, req)
}

func inBytes(ev model.Event) []model.Event {
	switch ev.Kind {
	case model.EventText, model.EventThinking, model.EventSignature, model.EventToolInput:
		if len(ev.Text) < 2 || len(ev.Text) > 1<<12 {
			return one(ev)
		}
		var all []model.Event
		for i := range len(ev.Text) {
			all = append(all, model.Event{Kind: ev.Kind, Index: ev.Index, Text: ev.Text[i : i+1]})
		}
		return all
	}
	return one(ev)
}

func mergedTurns(messages []model.Message) []model.Message {
	var out []model.Message
	for _, m := range messages {
		if n := len(out); n > 0 && out[n-1].Role == m.Role && m.Role != model.RoleSystem {
			out[n-1].Parts = append(out[n-1].Parts, m.Parts...)
			continue
		}
		out = append(out, m)
	}
	return out
}

// telling edits requests and adds warnings to their answers.
func telling(w *wrapper, edit func(*model.Request) []model.Warning) {
	inner := w.inner
	with := func(req *model.Request) *wrapper {
		c := &wrapper{inner: inner}
		if req.Validate() == nil {
			var warnings []model.Warning
			c.request = func(req *model.Request) { warnings = edit(req) }
			c.response = func(r *model.Response) { r.Warnings = append(warnings, r.Warnings...) }
		}
		return c
	}
	w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
		return with(req).Generate(ctx, req)
	}
	w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return with(req).Stream(ctx, req) }
}

func hoisting(w *wrapper) {
	telling(w, func(req *model.Request) (all []model.Warning) {
		var system, rest []model.Message
		for i, m := range req.Messages {
			if m.Role != model.RoleSystem {
				rest = append(rest, m)
				continue
			}
			if len(rest) > 0 {
				all = append(all, model.Warning{Action: model.WarningMoved, Field: fmt.Sprintf("messages[%d]", i), Reason: "one place"})
			}
			system = append(system, m)
		}
		req.Messages = append(system, rest...)
		return all
	})
}

func oneSampling(w *wrapper) {
	telling(w, func(req *model.Request) []model.Warning {
		if req.Temperature == nil || req.TopP == nil {
			return nil
		}
		req.TopP = nil
		return []model.Warning{{Action: model.WarningDropped, Field: "top_p", Reason: "one at a time"}}
	})
}
