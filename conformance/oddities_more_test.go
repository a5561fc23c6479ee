package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// moreOddities are correct models that refuse, reword, move and leave out, and
// say so, and those whose wire is poorer than others.
func moreOddities() []mutant {
	refusesAll := func(name string, why func(*model.Request) string) mutant {
		return mutant{name: name, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return &refusing{wrapper{inner: inner}, func(req *model.Request) string {
				if req.Validate() != nil {
					return ""
				}
				return why(req)
			}}
		}}
	}
	tells := func(name string, edit func(*model.Request) []model.Warning) mutant {
		return mutant{name: name, wrap: func(w *wrapper) { telling(w, edit) }}
	}
	return []mutant{
		{name: "over HTTP, text only", wire: func(*wireClient) {}, caps: wireCapsAlone},
		{name: "one text an answer", caps: func(c *Capabilities) { c.OneText, c.Citations = true, false }, wrap: func(w *wrapper) {
			w.events, w.rebuild = oneTextEvents, true
			w.generated = func(r *model.Response) { r.Message.Parts = oneTextFirst(r.Message.Parts) }
		}},
		{name: "can't stream", caps: func(c *Capabilities) { c.NoStreaming = true }, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			return whole{&wrapper{inner: inner}}
		}},
		{name: "ids of its own", caps: func(c *Capabilities) { c.OwnIDs = true }, wrap: ownIDs},
		{name: "schemas written anew", wrap: func(w *wrapper) { w.request = rekeyed }, gaps: map[ID]string{"TOL-22": "keys are sorted"}},
		refusesAll("refuses more than four stop sequences", func(r *model.Request) string {
			if len(r.StopSequences) > 4 {
				return "stop_sequences: four at most"
			}
			return ""
		}),
		refusesAll("refuses temperatures above 1", func(r *model.Request) string {
			if r.Temperature != nil && *r.Temperature > 1 {
				return "temperature: 1 at most"
			}
			return ""
		}),
		refusesAll("refuses large requests", func(r *model.Request) string {
			data, _ := json.Marshal(r)
			if len(data) > 900_000 {
				return "the request is too large"
			}
			return ""
		}),
		refusesAll("refuses guarded content and search results", func(r *model.Request) string {
			if holds(r, func(p model.Part) bool {
				switch p.(type) {
				case model.Guard, model.SearchResult:
					return true
				}
				return false
			}) {
				return "no such content"
			}
			return ""
		}),
		refusesAll("refuses server tools", func(r *model.Request) string {
			if slices.ContainsFunc(r.Tools, func(t model.Tool) bool { return t.ServerSide }) {
				return "tools: none of the provider's"
			}
			return ""
		}),
		refusesAll("refuses files by URI but images", func(r *model.Request) string {
			if holds(r, func(p model.Part) bool {
				switch p := p.(type) {
				case model.Video:
					return p.URI != ""
				case model.Audio:
					return p.URI != ""
				case model.Document:
					return p.URI != ""
				}
				return false
			}) {
				return "no such files"
			}
			return ""
		}),
		refusesAll("refuses prefill", func(r *model.Request) string {
			if r.Messages[len(r.Messages)-1].Role == model.RoleAssistant {
				return "the last message must be the user's"
			}
			return ""
		}),
		tells("blank text left out, told", func(r *model.Request) (all []model.Warning) {
			for i, m := range r.Messages {
				for j := len(m.Parts) - 1; j >= 0; j-- {
					if t, ok := r.Messages[i].Parts[j].(model.Text); ok && strings.TrimSpace(string(t)) == "" {
						r.Messages[i].Parts = slices.Delete(r.Messages[i].Parts, j, j+1)
						all = append(all, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "blank"})
					}
				}
			}
			return all
		}),
		tells("empty turns left out, told", func(r *model.Request) (all []model.Warning) {
			var kept []model.Message
			for i, m := range r.Messages {
				if len(m.Parts) == 0 {
					all = append(all, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d]", i), Reason: "empty"})
					continue
				}
				kept = append(kept, m)
			}
			r.Messages = kept
			return all
		}),
		tells("text moved behind results, told", func(r *model.Request) (all []model.Warning) {
			for i, m := range r.Messages {
				if at := slices.IndexFunc(m.Parts, isResult); at < 0 || !slices.ContainsFunc(m.Parts[:at+1], isNoResult) && !slices.ContainsFunc(m.Parts[at:], isNoResult) {
					continue
				}
				last := len(m.Parts) - 1
				for j, p := range m.Parts {
					if isNoResult(p) && slices.ContainsFunc(m.Parts[min(j, last):], isResult) {
						all = append(all, model.Warning{Action: model.WarningMoved, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "results come first"})
					}
				}
				if len(all) > 0 {
					r.Messages[i].Parts = append(slices.DeleteFunc(slices.Clone(m.Parts), isNoResult), slices.DeleteFunc(slices.Clone(m.Parts), isResult)...)
				}
			}
			return all
		}),
		tells("tool history without tools made text, told", func(r *model.Request) (all []model.Warning) {
			if len(r.Tools) > 0 {
				return nil
			}
			for i, m := range r.Messages {
				for j, p := range m.Parts {
					switch p := p.(type) {
					case model.ToolCall:
						r.Messages[i].Parts[j] = model.Text("(" + p.Name + " was called)")
					case model.ToolResult:
						r.Messages[i].Parts[j] = model.Text("(it gave) " + (model.Message{Parts: p.Parts}).Text())
					default:
						continue
					}
					all = append(all, model.Warning{Action: model.WarningChanged, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "no tools"})
				}
			}
			return all
		}),
		tells("efforts of three words, told", func(r *model.Request) []model.Warning {
			if r.Thinking == nil || slices.Contains([]string{"", "none", "low", "medium", "high"}, r.Thinking.Effort) {
				return nil
			}
			r.Thinking.Effort = "high"
			return []model.Warning{{Action: model.WarningChanged, Field: "thinking.effort", Reason: "the nearest word"}}
		}),
		tells("a budget or an effort, told", func(r *model.Request) []model.Warning {
			if r.Thinking == nil || r.Thinking.Budget == 0 || r.Thinking.Effort == "" {
				return nil
			}
			r.Thinking.Effort = ""
			return []model.Warning{{Action: model.WarningDropped, Field: "thinking.effort", Reason: "one at a time"}}
		}),
		tells("no sampling while thinking, told", func(r *model.Request) (all []model.Warning) {
			if t := r.Thinking; t == nil || t.Mode == model.ThinkingDisabled || t.Effort == "none" {
				return nil
			}
			drop := func(field string, set bool) {
				if set {
					all = append(all, model.Warning{Action: model.WarningDropped, Field: field, Reason: "it thinks"})
				}
			}
			drop("temperature", r.Temperature != nil)
			drop("top_p", r.TopP != nil)
			drop("top_k", r.TopK != 0)
			r.Temperature, r.TopP, r.TopK = nil, nil, 0
			return all
		}),
	}
}

func wireCapsAlone(c *Capabilities) {
	wireCaps(c)
	c.StopReasons = AllCapabilities().StopReasons
	c.UnknownStopReasons, c.OneText = true, true
}

// holds reports whether a request holds a part, in a tool result or outside.
func holds(r *model.Request, is func(model.Part) bool) bool {
	var within func([]model.Part) bool
	within = func(parts []model.Part) bool {
		return slices.ContainsFunc(parts, func(p model.Part) bool {
			if r, ok := p.(model.ToolResult); ok {
				return within(r.Parts)
			}
			return is(p)
		})
	}
	return slices.ContainsFunc(r.Messages, func(m model.Message) bool { return within(m.Parts) })
}

// oneTextFirst puts all text of an answer into one part where the first was.
func oneTextFirst(parts []model.Part) []model.Part { return joined(parts) }

// oneTextEvents gives all text of an answer the index of the first.
func oneTextEvents() func(model.Event) []model.Event {
	first, open := -1, false
	return func(ev model.Event) []model.Event {
		switch {
		case ev.Kind == model.EventText && first < 0:
			first, open = ev.Index, true
		case ev.Kind == model.EventText:
			ev.Index = first
		case ev.Kind == model.EventPartDone && open && ev.Index == first:
			return nil // more may come
		case ev.Kind == model.EventPartDone:
			if _, ok := ev.Part.(model.Text); ok {
				return nil
			}
		}
		return one(ev)
	}
}

// whole is a model that makes a stream of a call.
type whole struct{ *wrapper }

func (m whole) Stream(ctx context.Context, req *model.Request) *model.Stream {
	req = req.Clone()
	return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
		resp, err := m.inner.Generate(ctx, req)
		if err != nil {
			e := *probe.AsError(err)
			e.Op, e.Partial = "stream", nil
			return &e
		}
		for i, p := range resp.Message.Parts {
			ev := model.Event{Kind: model.EventPart, Index: i, Part: p}
			if t, ok := p.(model.Text); ok {
				ev = model.Event{Kind: model.EventText, Index: i, Text: string(t)}
			}
			if !emit(ev) || !emit(model.Event{Kind: model.EventPartDone, Index: i, Part: p}) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish, Response: resp})
		return nil
	})
}

// ownIDs gives calls ids of the model's own, and the provider its own back.
func ownIDs(w *wrapper) {
	mine := func(id string) string { return "own:" + id }
	theirs := func(id string) string { return strings.TrimPrefix(id, "own:") }
	w.response = inAnswer(calls(func(c model.ToolCall) model.ToolCall { c.ID = mine(c.ID); return c }))
	w.events = func() func(model.Event) []model.Event {
		return func(ev model.Event) []model.Event {
			if c, ok := ev.Part.(model.ToolCall); ok {
				c.ID = mine(c.ID)
				ev.Part = c
			}
			return one(ev)
		}
	}
	w.request = func(r *model.Request) {
		if r.Validate() != nil {
			return
		}
		inHistory(model.RoleAssistant, calls(func(c model.ToolCall) model.ToolCall { c.ID = theirs(c.ID); return c }))(r)
		inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part { p.CallID = theirs(p.CallID); return keep(p) }))(r)
	}
}

// rekeyed writes schemas anew, with their keys in order.
func rekeyed(r *model.Request) {
	for i, t := range r.Tools {
		if len(t.InputSchema) > 0 && json.Valid(t.InputSchema) {
			r.Tools[i].InputSchema = json.RawMessage(prompt.SchemaValue(t.InputSchema))
		}
	}
	if r.Output != nil && json.Valid(r.Output.Schema) {
		r.Output.Schema = json.RawMessage(prompt.SchemaValue(r.Output.Schema))
	}
}
