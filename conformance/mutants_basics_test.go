package conformance

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func basicsMutants() []mutant {
	return []mutant{
		returns("answer trimmed", "BAS-01", inAnswer(each(func(p model.Text) []model.Part { return keep(model.Text(strings.TrimSpace(string(p)))) }))).alsoIn("concurrency streaming thinking"),
		returns("empty answer gets an empty text", "BAS-02", func(r *model.Response) {
			if len(r.Message.Parts) == 0 {
				r.Message.Parts = []model.Part{model.Text("")}
			}
		}),
		returns("calls put last", "BAS-03", func(r *model.Response) { r.Message.Parts = sortedByKind(r.Message.Parts) }).alsoIn("thinking"),
		returns("role of the answer lost", "BAS-04", func(r *model.Response) { r.Message.Role = "model" }).alsoIn("basics streaming tools thinking caching multimodal structured errors cancellation concurrency serialisation"),
		returns("max_tokens told as end_turn", "BAS-05", swapStop(model.StopMaxTokens, model.StopEndTurn)).alsoIn("structured streaming"),
		returns("guardrail told as filter", "BAS-05", swapStop(model.StopGuardrail, model.StopContentFiltered)),
		returns("stop_sequence told as end_turn", "BAS-05", swapStop(model.StopSequence, model.StopEndTurn)),
		returns("unknown stop reason told as end_turn", "BAS-06", func(r *model.Response) {
			if claims := new(AllCapabilities()).claims(); !claims.Stops(r.StopReason) {
				r.StopReason = model.StopEndTurn
			}
		}),
		sends("system message sent as the user's", "BAS-07 BAS-08", func(r *model.Request) {
			for i := range r.Messages {
				if r.Messages[i].Role == model.RoleSystem {
					r.Messages[i].Role = model.RoleUser
				}
			}
		}).alsoIn("caching concurrency thinking"),
		sends("only the first system message sent", "BAS-08", func(r *model.Request) {
			seen := false
			r.Messages = deleteMessages(r.Messages, func(m model.Message) bool {
				drop := m.Role == model.RoleSystem && seen
				seen = seen || m.Role == model.RoleSystem
				return drop
			})
		}),
		sends("late system message moved in silence", "BAS-08", func(r *model.Request) {
			var system, rest []model.Message
			for _, m := range r.Messages {
				if m.Role == model.RoleSystem {
					system = append(system, m)
				} else {
					rest = append(rest, m)
				}
			}
			r.Messages = append(system, rest...)
		}),
		sends("assistant's turns sent as the user's", "BAS-09 BAS-10", func(r *model.Request) {
			for i := range r.Messages {
				if m := &r.Messages[i]; m.Role == model.RoleAssistant && len(m.Parts) == 1 && m.Text() != "" {
					m.Role = model.RoleUser
				}
			}
		}).alsoIn("caching concurrency"),
		sends("second of two adjacent turns dropped", "BAS-10", func(r *model.Request) {
			var last model.Role
			r.Messages = deleteMessages(r.Messages, func(m model.Message) bool {
				drop := m.Role == last && m.Role != model.RoleSystem && len(m.Parts) == 1 && m.Text() != ""
				last = m.Role
				return drop
			})
		}),
		sends("temperature 0 dropped", "BAS-11 BAS-19", func(r *model.Request) {
			if r.Temperature != nil && *r.Temperature == 0 {
				r.Temperature = nil
			}
		}),
		sends("temperature invented", "BAS-11 BAS-17", func(r *model.Request) {
			if r.Temperature == nil {
				r.Temperature = new(1.0)
			}
		}).alsoIn("concurrency caching"),
		sends("temperature rounded", "BAS-11", func(r *model.Request) {
			if r.Temperature != nil && *r.Temperature == 0.25 {
				r.Temperature = new(0.3)
			}
		}),
		sends("top_p 0 dropped", "BAS-12 BAS-19", func(r *model.Request) {
			if r.TopP != nil && *r.TopP == 0 {
				r.TopP = nil
			}
		}),
		sends("top_k dropped", "BAS-13 BAS-19", func(r *model.Request) { r.TopK = 0 }),
		sends("max_tokens capped", "BAS-14", func(r *model.Request) { r.MaxTokens = min(r.MaxTokens, 4000) }).alsoIn("thinking"),
		sends("max_tokens invented", "BAS-17", func(r *model.Request) {
			if r.MaxTokens == 0 {
				r.MaxTokens = 4096
			}
		}).alsoIn("concurrency thinking"),
		sends("stop sequences trimmed", "BAS-15", func(r *model.Request) {
			for i, s := range r.StopSequences {
				r.StopSequences[i] = strings.TrimSpace(s)
			}
		}),
		sends("one stop sequence sent", "BAS-15", func(r *model.Request) { r.StopSequences = r.StopSequences[:min(1, len(r.StopSequences))] }),
		ignores("stop sequences ignored", "BAS-16", func(c *Capabilities) { c.StopSequences = false }),
		returns("always a warning", "BAS-18", func(r *model.Response) {
			r.Warnings = append(r.Warnings, model.Warning{Action: model.WarningChanged, Field: "messages", Reason: "just in case"})
		}).alsoIn("tools caching multimodal structured thinking"),
		sends("top_k and top_p dropped in silence", "BAS-19 BAS-12 BAS-13", func(r *model.Request) { r.TopK, r.TopP = 0, nil }),
		finishes("model not named in streams", "BAS-20 STR-03", func(r *model.Response) { r.Model = "another" }),
		generates("model not named", "BAS-20", func(r *model.Response) { r.Model = "" }).alsoIn("streaming"),
		returns("request id lost", "BAS-21", func(r *model.Response) { r.RequestID = "" }),
		finishes("request id lost in streams", "BAS-21 STR-03", func(r *model.Response) { r.RequestID = "" }),
		returns("one request id for all", "BAS-21", func(r *model.Response) { r.RequestID = "id" }),
		returns("latency in seconds", "BAS-22", func(r *model.Response) { r.Latency *= 1000 }),
		returns("usage lost", "BAS-23", func(r *model.Response) { r.Usage = new(model.Usage) }).alsoIn("streaming caching"),
		returns("input and output swapped", "BAS-23", func(r *model.Response) {
			if u := r.Usage; u != nil {
				u.InputTokens, u.OutputTokens = u.OutputTokens, u.InputTokens
			}
		}).alsoIn("streaming caching"),
		returns("zeros for an unknown usage", "BAS-24 CAC-19", func(r *model.Response) {
			if !r.Usage.Known {
				r.Usage = &model.Usage{Known: true}
			}
		}).alsoIn("streaming caching"),
		returns("nil for an unknown usage", "BAS-24 CAC-19", func(r *model.Response) {
			if !r.Usage.Known {
				r.Usage = nil
			}
		}).alsoIn("streaming caching"),
		{name: "caller's messages changed", kills: ids("BAS-25"), also: []string{"basics", "caching", "tools", "thinking", "concurrency", "streaming", "serialisation", "multimodal"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := &wrapper{inner: inner}
			w.request = nil
			return mutating{w, func(req *model.Request) {
				for i := range req.Messages {
					if req.Messages[i].Role == model.RoleSystem {
						req.Messages[i].Parts = []model.Part{model.Text("Be brief. ")}
					}
				}
			}}
		}},
		{name: "appends behind the caller's messages", kills: ids("BAS-25"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return mutating{&wrapper{inner: inner}, func(req *model.Request) {
				if len(req.Messages) > 0 && cap(req.Messages) > len(req.Messages) {
					_ = append(req.Messages, model.Message{Role: model.RoleAssistant})
				}
			}}
		}, also: []string{"concurrency"}},
		{name: "caller's schema compacted in place", kills: ids("BAS-25"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return mutating{&wrapper{inner: inner}, func(req *model.Request) {
				for i := range req.Tools {
					req.Tools[i].Description = strings.TrimSuffix(req.Tools[i].Description, ".")
				}
			}}
		}, also: []string{"tools", "concurrency", "serialisation"}},
		{name: "first request sent again", kills: ids("BAS-26 BAS-39"), also: strings.Fields("basics streaming tools thinking caching structured errors concurrency serialisation multimodal"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return &remembering{inner: inner}
		}},
		{name: "request read when ranged over", kills: ids("BAS-27"), also: []string{"multimodal", "concurrency"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := &wrapper{inner: inner}
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				return model.NewStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, func(ctx context.Context, emit func(model.Event) bool) error {
					return relay((&wrapper{inner: inner}).Stream(ctx, req), emit)
				})
			}
			return w
		}},
		{name: "answers shared", kills: ids("BAS-28"), also: strings.Fields("basics streaming tools thinking caching errors concurrency serialisation structured"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var mu sync.Mutex
			shared := map[string]*model.Response{}
			w := &wrapper{inner: inner}
			w.response = func(r *model.Response) {
				mu.Lock()
				defer mu.Unlock()
				key := r.Message.Text()
				if first, ok := shared[key]; ok && len(first.Message.Parts) == len(r.Message.Parts) {
					r.Message.Parts, r.Usage = first.Message.Parts, first.Usage
				} else if !ok {
					shared[key] = r
				}
			}
			return w
		}},
		{name: "order of tools random", kills: ids("BAS-29"), also: []string{"tools", "caching", "serialisation", "basics"}, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			var n atomic.Int64
			w := &wrapper{inner: inner}
			w.request = func(req *model.Request) {
				if n.Add(1)%2 == 0 && len(req.Tools) > 1 {
					req.Tools[0], req.Tools[1] = req.Tools[1], req.Tools[0]
				}
			}
			return w
		}},
		returns("HTML escaped", "BAS-30", inAnswer(each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.ReplaceAll(string(p), "<", "\\u003c")))
		}))).alsoIn("thinking streaming structured"),
		sends("line separators replaced", "BAS-30", inHistory(model.RoleUser, each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.ReplaceAll(string(p), "\u2028", "\n")))
		}))),
		sends("CRLF normalised", "BAS-30", inHistory(model.RoleUser, each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.ReplaceAll(string(p), "\r\n", "\n")))
		}))),
		{name: "nil request panics", kills: ids("BAS-31 CAN-14"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := &wrapper{inner: inner}
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				copied := *req
				return inner.Generate(ctx, &copied)
			}
			return w
		}},
		{name: "requests not validated", kills: ids("BAS-32"), also: []string{"basics", "errors"}, model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
			return &unvalidated{wrapper{inner: inner}}
		}},
		fails("invalid told as provider's failure", "BAS-32", func(e *model.Error) error {
			if e.Kind == model.ErrInvalidRequest {
				e.Kind = model.ErrProvider
			}
			return e
		}).alsoIn("errors basics"),
		fails("field not named", "BAS-33", func(e *model.Error) error {
			if e.Kind == model.ErrInvalidRequest {
				e.Message, e.Err = "bad request", nil
			}
			return e
		}),
		{name: "capabilities overstated", kills: ids("BAS-34"), caps: func(c *Capabilities) { c.Audio = false }, wrap: func(w *wrapper) {
			w.caps = &model.Capabilities{Tools: true, Audio: true}
		}},
		{name: "tokens counted by answering", kills: ids("BAS-35"), wrap: func(w *wrapper) {
			w.counts = func(ctx context.Context, req *model.Request) (int, error) {
				resp, err := w.inner.Generate(ctx, req)
				if err != nil {
					return 0, err
				}
				return resp.Usage.InputTokens, nil
			}
		}},
		{name: "tokens counted as zero", kills: ids("BAS-35"), wrap: func(w *wrapper) {
			w.counts = func(context.Context, *model.Request) (int, error) { return 0, nil }
		}},
		{name: "unsupported count is zero", kills: ids("BAS-36"), caps: func(c *Capabilities) { c.TokenCounting = false }, wrap: func(w *wrapper) {
			w.counts = func(context.Context, *model.Request) (int, error) { return 0, nil }
		}},
		{name: "foreign settings refused", kills: ids("BAS-37"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return &refusing{wrapper{inner: inner}, func(req *model.Request) string {
				if len(req.ProviderOptions) > 0 {
					return "extra: not of this provider"
				}
				return ""
			}}
		}},
		sends("answers of the history trimmed", "BAS-09", inHistory(model.RoleAssistant, each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.TrimRight(string(p), " \n")))
		}))),
		sends("foreign blocks sent", "BAS-38", inHistory(model.RoleAssistant, each(func(p model.Opaque) []model.Part {
			p.Provider = "fake"
			return keep(p)
		}))).alsoIn("streaming"),
		returns("dropped block not told", "BAS-38", func(r *model.Response) { r.Warnings = nil }).alsoIn("thinking streaming"),
		returns("citations dropped", "BAS-40", inAnswer(each(func(p model.CitedText) []model.Part { return keep(model.Text(p.Text)) }))),
		emits("quotes of citations dropped", "BAS-40", onKind(model.EventCitation, func(ev model.Event) []model.Event {
			c := ev.Part.(model.CitedText)
			cs := append([]model.Citation(nil), c.Citations...)
			for i := range cs {
				cs[i].Quotes = nil
			}
			ev.Part = model.CitedText{Citations: cs}
			return one(ev)
		})),
		sends("citations not sent back, in silence", "BAS-41", inHistory(model.RoleAssistant, each(func(p model.CitedText) []model.Part {
			return keep(model.Text(p.Text))
		}))),
		sends("cited text not sent back", "BAS-41", inHistory(model.RoleAssistant, each(func(model.CitedText) []model.Part { return nil }))),
		returns("text of two parts joined", "BAS-03 STR-36", func(r *model.Response) { r.Message.Parts = joined(r.Message.Parts) }).alsoIn("streaming thinking"),
		returns("invalid UTF-8 repaired", "BAS-30", inAnswer(each(func(p model.Text) []model.Part {
			return keep(model.Text(strings.Map(func(c rune) rune {
				if c == utf8.RuneError || c == '\u0000' {
					return -1
				}
				return c
			}, string(p))))
		}))).alsoIn("streaming"),
	}
}

func swapStop(from, to model.StopReason) func(*model.Response) {
	return func(r *model.Response) {
		if r.StopReason == from {
			r.StopReason = to
		}
	}
}

func deleteMessages(all []model.Message, drop func(model.Message) bool) []model.Message {
	var kept []model.Message
	for _, m := range all {
		if !drop(m) {
			kept = append(kept, m)
		}
	}
	return kept
}

// sortedByKind puts tool calls behind all else.
func sortedByKind(parts []model.Part) []model.Part {
	var calls, rest []model.Part
	for _, p := range parts {
		if _, ok := p.(model.ToolCall); ok {
			calls = append(calls, p)
		} else {
			rest = append(rest, p)
		}
	}
	return append(rest, calls...)
}

// joined makes one text of those in a row, or of all.
func joined(parts []model.Part) []model.Part {
	var out []model.Part
	at := -1
	for _, p := range parts {
		t, ok := p.(model.Text)
		switch {
		case ok && at >= 0:
			out[at] = out[at].(model.Text) + t
		case ok:
			at = len(out)
			out = append(out, t)
		default:
			out = append(out, p)
		}
	}
	return out
}

// ignores is a mutant that does not claim something, and does not refuse it.
func ignores(name, kills string, disclaim func(*Capabilities)) mutant {
	return mutant{name: name, kills: ids(kills), caps: disclaim, model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
		if l, ok := inner.(*limiter); ok {
			return &wrapper{inner: l.inner, caps: l.caps}
		}
		return inner
	}}
}

// mutating does something to the caller's own request.
type mutating struct {
	*wrapper
	to func(*model.Request)
}

func (m mutating) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if req != nil {
		m.to(req)
	}
	return m.wrapper.Generate(ctx, req)
}

func (m mutating) Stream(ctx context.Context, req *model.Request) *model.Stream {
	if req != nil {
		m.to(req)
	}
	return m.wrapper.Stream(ctx, req)
}

// remembering sends the first request for ever.
type remembering struct {
	inner model.ChatModel
	mu    sync.Mutex
	first *model.Request
}

func (r *remembering) request(req *model.Request) *model.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first == nil || req.Validate() != nil {
		r.first = req.Clone()
	}
	return r.first
}

func (r *remembering) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return r.inner.Generate(ctx, r.request(req))
}

func (r *remembering) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return r.inner.Stream(ctx, r.request(req))
}

// unvalidated answers what is invalid.
type unvalidated struct{ wrapper }

func (u *unvalidated) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if req != nil && req.Validate() != nil {
		req = probe.Ask("Hi")
	}
	return u.wrapper.Generate(ctx, req)
}

func (u *unvalidated) Stream(ctx context.Context, req *model.Request) *model.Stream {
	if req != nil && req.Validate() != nil {
		req = probe.Ask("Hi")
	}
	return u.wrapper.Stream(ctx, req)
}

// refusing refuses what it has a reason for.
type refusing struct {
	wrapper
	why func(*model.Request) string
}

func (r *refusing) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if req != nil {
		if why := r.why(req); why != "" {
			return nil, &model.Error{Kind: model.ErrUnsupported, Provider: "fake", Op: "generate", Model: "fake", Message: why}
		}
	}
	return r.wrapper.Generate(ctx, req)
}

func (r *refusing) Stream(ctx context.Context, req *model.Request) *model.Stream {
	if req != nil {
		if why := r.why(req); why != "" {
			return model.FailedStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, &model.Error{Kind: model.ErrUnsupported, Message: why})
		}
	}
	return r.wrapper.Stream(ctx, req)
}

// relay hands on a stream.
func relay(s *model.Stream, emit func(model.Event) bool) error {
	for ev, err := range s.Events() {
		if err != nil {
			return err
		}
		if !emit(ev) {
			return nil
		}
	}
	return nil
}
