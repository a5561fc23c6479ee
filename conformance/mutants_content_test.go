package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// calls edits tool calls, keepCall keeps one.
func calls(f func(model.ToolCall) model.ToolCall) func(model.Part) []model.Part {
	return each(func(c model.ToolCall) []model.Part { return keep(f(c)) })
}

func toolResults(f func(model.ToolResult) model.ToolResult) func(model.Part) []model.Part {
	return each(func(r model.ToolResult) []model.Part { return keep(f(r)) })
}

// throughFloats decodes and encodes JSON as careless code does.
func throughFloats(raw json.RawMessage) json.RawMessage {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return raw
	}
	data, _ := json.Marshal(v)
	return data
}

func toolsMutants() []mutant {
	return []mutant{
		returns("ids of calls lost", "TOL-01 TOL-28", inAnswer(calls(func(c model.ToolCall) model.ToolCall { c.ID = ""; return c }))).alsoIn("basics streaming thinking caching serialisation tools"),
		returns("names of calls in lower case and cut", "TOL-01", inAnswer(calls(func(c model.ToolCall) model.ToolCall { c.Name = c.Name[:1]; return c }))).alsoIn("basics streaming thinking caching serialisation"),
		returns("input of no arguments null", "TOL-02", inAnswer(calls(func(c model.ToolCall) model.ToolCall {
			if string(c.Input) == "{}" || len(c.Input) == 0 {
				c.Input = json.RawMessage("null")
			}
			return c
		}))).alsoIn("streaming thinking"),
		generates("input of no arguments an empty string", "TOL-02", inAnswer(calls(func(c model.ToolCall) model.ToolCall {
			if string(c.Input) == "{}" || len(c.Input) == 0 {
				c.Input = json.RawMessage(`""`)
			}
			return c
		}))).alsoIn("thinking"),
		emitsEach("last piece of input dropped", "TOL-03", func() func(model.Event) []model.Event {
			n := 0
			return func(ev model.Event) []model.Event {
				switch ev.Kind {
				case model.EventToolInput:
					if n++; n > 60 {
						return nil
					}
				case model.EventPartDone:
					n = 0
				}
				return one(ev)
			}
		}).alsoIn("serialisation streaming"),
		emits("pieces of input trimmed", "TOL-03", changeText(model.EventToolInput, strings.TrimSpace)).alsoIn("serialisation"),
		sends("schemas compacted", "TOL-22", func(req *model.Request) {
			for i, t := range req.Tools {
				var b bytes.Buffer
				if json.Compact(&b, t.InputSchema) == nil {
					req.Tools[i].InputSchema = b.Bytes()
				}
			}
		}),
		returns("kind of server calls lost", "TOL-26", inAnswer(each(func(c model.ServerToolCall) []model.Part {
			c.Kind = ""
			return keep(c)
		}))),
		returns("input through floats", "TOL-04 TOL-11 SER-07", inAnswer(calls(func(c model.ToolCall) model.ToolCall {
			if len(c.Input) > 0 {
				c.Input = throughFloats(c.Input)
			}
			return c
		}))).alsoIn("streaming serialisation thinking"),
		returns("parallel calls merged into the last", "TOL-05 TOL-06 TOL-28", func(r *model.Response) {
			var last model.Part
			n := 0
			for _, p := range r.Message.Parts {
				if c, ok := p.(model.ToolCall); ok {
					last = c
					n++
				}
			}
			if n > 1 {
				r.Message.Parts = edited(r.Message.Parts, each(func(c model.ToolCall) []model.Part {
					if n--; n == 0 {
						return keep(last)
					}
					return nil
				}))
			}
		}).alsoIn("basics streaming thinking"),
		returns("equal calls made one", "TOL-06", func(r *model.Response) {
			seen := map[string]bool{}
			r.Message.Parts = edited(r.Message.Parts, each(func(c model.ToolCall) []model.Part {
				key := c.Name + string(c.Input)
				if seen[key] {
					return nil
				}
				seen[key] = true
				return keep(c)
			}))
		}),
		returns("text beside calls lost", "TOL-07 BAS-03", func(r *model.Response) {
			if len(r.ToolCalls()) > 0 {
				r.Message.Parts = edited(r.Message.Parts, each(func(model.Text) []model.Part { return nil }))
			}
		}).alsoIn("basics streaming caching serialisation thinking"),
		returns("stop of calls told as end_turn", "TOL-08", swapStop(model.StopToolUse, model.StopEndTurn)).alsoIn("basics streaming"),
		returns("invalid input dropped", "TOL-09", inAnswer(calls(func(c model.ToolCall) model.ToolCall { c.InvalidInput = ""; return c }))).alsoIn("streaming"),
		{name: "invalid input an error", kills: ids("TOL-09"), wrap: func(w *wrapper) {
			w.events = func() func(model.Event) []model.Event {
				return func(ev model.Event) []model.Event {
					if ev.Kind == model.EventFinish && len(ev.Response.ToolCalls()) > 0 && ev.Response.ToolCalls()[0].InvalidInput != "" {
						return nil
					}
					return one(ev)
				}
			}
		}, also: []string{"streaming"}},
		sends("invalid input in history dropped", "TOL-10", inHistory(model.RoleAssistant, calls(func(c model.ToolCall) model.ToolCall {
			c.InvalidInput = ""
			return c
		}))),
		sends("ids of calls in history renamed", "TOL-11 TOL-27", inHistory(model.RoleAssistant, calls(func(c model.ToolCall) model.ToolCall {
			c.ID = "call_" + c.ID
			return c
		}))).alsoIn("thinking multimodal"),
		sends("input in history through floats", "TOL-11 SER-07", inHistory(model.RoleAssistant, calls(func(c model.ToolCall) model.ToolCall {
			if len(c.Input) > 0 {
				c.Input = throughFloats(c.Input)
			}
			return c
		}))).alsoIn("serialisation"),
		sends("calls in history dropped", "TOL-11 TOL-27", inHistory(model.RoleAssistant, each(func(model.ToolCall) []model.Part { return nil }))).alsoIn("thinking caching serialisation multimodal"),
		sends("second part of results dropped", "TOL-12 MUL-04", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.Parts = r.Parts[:min(1, len(r.Parts))]
			return r
		}))).alsoIn("multimodal"),
		sends("ids of results lost", "TOL-12 TOL-13 TOL-27", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.CallID = "call"
			return r
		}))).alsoIn("multimodal caching thinking tools"),
		sends("results in reverse order", "TOL-13", func(r *model.Request) {
			for _, m := range r.Messages {
				if n := len(m.Parts); n > 1 {
					_, first := m.Parts[0].(model.ToolResult)
					_, last := m.Parts[n-1].(model.ToolResult)
					if first && last {
						m.Parts[0], m.Parts[n-1] = m.Parts[n-1], m.Parts[0]
					}
				}
			}
		}).alsoIn("thinking"),
		sends("error of results lost", "TOL-14", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult { r.IsError = false; return r }))),
		sends("all results errors", "TOL-14 TOL-12", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult { r.IsError = true; return r }))).alsoIn("multimodal caching tools"),
		sends("empty results dropped", "TOL-15", inHistory(model.RoleUser, each(func(r model.ToolResult) []model.Part {
			if len(saidParts(r.Parts)) == 0 {
				return nil
			}
			return keep(r)
		}))),
		sends("empty results filled in silence", "TOL-15", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			if len(saidParts(r.Parts)) == 0 {
				r.Parts = []model.Part{model.Text("ok")}
			}
			return r
		}))),
		sends("JSON results through floats", "TOL-16", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.Parts = edited(r.Parts, each(func(j model.JSON) []model.Part { return keep(model.JSON(throughFloats(json.RawMessage(j)))) }))
			return r
		}))),
		sends("JSON results sent as text", "TOL-16", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.Parts = edited(r.Parts, each(func(j model.JSON) []model.Part { return keep(model.Text(j)) }))
			return r
		}))),
		sends("auto sent as any", "TOL-17", func(r *model.Request) {
			if len(r.Tools) > 0 && r.ToolChoice.Mode == model.ToolsAuto {
				r.ToolChoice.Mode = model.ToolsAny
			}
		}),
		sends("tool choice ignored", "TOL-18 TOL-19 TOL-20 TOL-31", func(r *model.Request) { r.ToolChoice.Mode, r.ToolChoice.Name = "", "" }),
		sends("named sent as any", "TOL-19", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsNamed {
				r.ToolChoice = model.ToolChoice{Mode: model.ToolsAny}
			}
		}),
		sends("named tool sent alone", "TOL-19", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsNamed {
				for _, t := range r.Tools {
					if t.Name == r.ToolChoice.Name {
						r.Tools = []model.Tool{t}
					}
				}
			}
		}),
		sends("none sent as auto", "TOL-20", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsNone {
				r.ToolChoice.Mode = model.ToolsAuto
			}
		}),
		sends("one at a time ignored", "TOL-21", func(r *model.Request) { r.ToolChoice.Parallel = nil }),
		sends("schemas through maps", "TOL-22", func(r *model.Request) {
			for i := range r.Tools {
				if len(r.Tools[i].InputSchema) > 0 {
					r.Tools[i].InputSchema = throughFloats(r.Tools[i].InputSchema)
				}
			}
		}).alsoIn("basics caching"),
		sends("required lost from schemas", "TOL-22", func(r *model.Request) {
			for i := range r.Tools {
				r.Tools[i].InputSchema = bytes.ReplaceAll(r.Tools[i].InputSchema, []byte(`"required":["b","a"],`), nil)
			}
		}),
		sends("descriptions lost", "TOL-23", func(r *model.Request) {
			for i := range r.Tools {
				r.Tools[i].Description = ""
			}
		}).alsoIn("basics caching"),
		sends("tools sorted", "TOL-23 BAS-27", func(r *model.Request) {
			if len(r.Tools) > 1 {
				r.Tools[0], r.Tools[len(r.Tools)-1] = r.Tools[len(r.Tools)-1], r.Tools[0]
			}
		}).alsoIn("basics caching"),
		sends("a schema made up", "TOL-24", func(r *model.Request) {
			for i := range r.Tools {
				if len(r.Tools[i].InputSchema) == 0 {
					r.Tools[i].InputSchema = json.RawMessage(`{"type":"object","properties":{"input":{"type":"string"}}}`)
				}
			}
		}),
		sends("tools without a schema dropped", "TOL-24", func(r *model.Request) {
			var kept []model.Tool
			for _, t := range r.Tools {
				if len(t.InputSchema) > 0 {
					kept = append(kept, t)
				}
			}
			r.Tools = kept
		}),
		sends("strict dropped", "TOL-25", func(r *model.Request) {
			for i := range r.Tools {
				r.Tools[i].Strict = nil
			}
		}),
		returns("server calls offered to run", "TOL-26", inAnswer(each(func(c model.ServerToolCall) []model.Part {
			return keep(model.ToolCall{ID: c.ID, Name: c.Name, Input: c.Input})
		}))),
		returns("server calls dropped", "TOL-26", inAnswer(each(func(model.ServerToolCall) []model.Part { return nil }))),
		sends("history cut to the last ten turns", "TOL-27", func(r *model.Request) {
			if n := len(r.Messages); n > 14 {
				r.Messages = append(r.Messages[:1:1], r.Messages[n-10:]...)
			}
		}),
		ignores("tools ignored", "TOL-29", func(c *Capabilities) {
			c.Tools, c.ForcedTools, c.ForcedToolsThink, c.ParallelTools = false, false, false, false
		}),
		ignores("forced choice ignored", "TOL-30", func(c *Capabilities) { c.ForcedTools, c.ForcedToolsThink = false, false }),
		ignores("forced choice while thinking ignored", "TOL-32", func(c *Capabilities) { c.ForcedToolsThink = false }),
		sends("forced choice lost while thinking", "TOL-31", func(r *model.Request) {
			if r.Thinking != nil {
				r.ToolChoice = model.ToolChoice{}
			}
		}),
	}
}

func thoughts(f func(model.Thinking) []model.Part) func(model.Part) []model.Part { return each(f) }

func signatureOf(f func(string) string) func(model.Part) []model.Part {
	return thoughts(func(t model.Thinking) []model.Part {
		t.Signature = f(t.Signature)
		return keep(t)
	})
}

func thinkingMutants() []mutant {
	const wide = "thinking streaming caching serialisation errors"
	return []mutant{
		returns("thinking put into the text", "THK-01", inAnswer(thoughts(func(t model.Thinking) []model.Part { return keep(model.Text(t.Text)) }))).alsoIn(wide),
		returns("thinking dropped", "THK-01 THK-04 THK-08", inAnswer(thoughts(func(model.Thinking) []model.Part { return nil }))).alsoIn(wide),
		returns("signatures lost", "THK-02 THK-04", inAnswer(signatureOf(func(string) string { return "" }))).alsoIn(wide),
		finishes("signatures lost in streams", "THK-02 THK-12 STR-03", inAnswer(signatureOf(func(string) string { return "" }))).alsoIn(wide),
		returns("signatures trimmed", "THK-02 THK-04", inAnswer(signatureOf(strings.TrimSpace))),
		returns("padding of signatures lost", "THK-02 THK-04", inAnswer(signatureOf(func(s string) string { return strings.TrimRight(s, "=") }))).alsoIn(wide),
		returns("signatures decoded and encoded", "THK-02", inAnswer(signatureOf(func(s string) string {
			data, err := base64.StdEncoding.DecodeString(s)
			if err != nil {
				return s
			}
			return base64.RawURLEncoding.EncodeToString(data)
		}))).alsoIn(wide),
		emits("one piece of a signature kept", "THK-03", onKind(model.EventSignature, func(ev model.Event) []model.Event {
			return []model.Event{{Kind: model.EventSignature, Index: ev.Index, Text: ev.Text[:1]}}
		})).alsoIn(wide),
		sends("signatures cut by a byte on the way back", "THK-04 THK-11", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			return s[:max(0, len(s)-1)]
		}))).alsoIn(wide),
		sends("signatures HTML-escaped on the way back", "THK-04", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			return strings.ReplaceAll(s, "&", "\\u0026")
		}))),
		sends("signatures left out on the way back", "THK-04 THK-06 THK-11", inHistory(model.RoleAssistant, signatureOf(func(string) string { return "" }))).alsoIn(wide),
		sends("text of thinking trimmed on the way back", "THK-05", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Text = strings.TrimSpace(t.Text)
			return keep(t)
		}))).alsoIn("thinking"),
		returns("blocks without text dropped", "THK-06", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if t.Text == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		sends("blocks without text not sent back", "THK-06", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Text == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		returns("signatures of two blocks swapped", "THK-07 THK-09", swapSignatures).alsoIn(wide),
		sends("signatures of two blocks swapped on the way back", "THK-07", func(r *model.Request) {
			for _, m := range r.Messages {
				swapSignaturesOf(m.Parts)
			}
		}).alsoIn(wide),
		returns("two blocks merged", "THK-07", mergeThinking).alsoIn(wide),
		sends("thinking behind the call on the way back", "THK-08 THK-11", func(r *model.Request) {
			for _, m := range r.Messages {
				if n := len(m.Parts); n > 1 && m.Role == model.RoleAssistant {
					_, first := m.Parts[0].(model.Thinking)
					_, last := m.Parts[n-1].(model.ToolCall)
					if first && last {
						m.Parts[0], m.Parts[n-1] = m.Parts[n-1], m.Parts[0]
					}
				}
			}
		}).alsoIn(wide + " tools"),
		sends("thinking of tool turns not sent back", "THK-08 THK-11", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.ToolCalls()) > 0 {
					r.Messages[i].Parts = edited(m.Parts, thoughts(func(model.Thinking) []model.Part { return nil }))
				}
			}
		}).alsoIn(wide),
		returns("thinking put first", "THK-09 THK-10", func(r *model.Response) {
			var first, rest []model.Part
			for _, p := range r.Message.Parts {
				if _, ok := p.(model.Thinking); ok {
					first = append(first, p)
				} else {
					rest = append(rest, p)
				}
			}
			r.Message.Parts = append(first, rest...)
		}),
		sends("old thinking not sent back", "THK-11", func(r *model.Request) {
			for i := range r.Messages[:max(0, len(r.Messages)-6)] {
				r.Messages[i].Parts = edited(r.Messages[i].Parts, thoughts(func(model.Thinking) []model.Part { return nil }))
			}
		}).alsoIn("caching"),
		generates("thinking of Generate is another provider's", "THK-12 THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			t.Provider = "another"
			return keep(t)
		}))).alsoIn(wide),
		returns("long thinking cut", "THK-13", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			t.Text = t.Text[:min(len(t.Text), 4096)]
			return keep(t)
		}))),
		returns("unsigned thinking dropped", "THK-14", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if t.Signature == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("unsigned thinking given a signature", "THK-15", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			if s == "" {
				return "none"
			}
			return s
		}))).alsoIn("thinking"),
		sends("unsigned thinking left out in silence", "THK-15", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Signature == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		returns("redacted bytes through text", "THK-16", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(strings.ToValidUTF8(string(t.Redacted), "\uFFFD"))
			}
			return keep(t)
		}))).alsoIn(wide),
		returns("redacted bytes in base64", "THK-16", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(base64.StdEncoding.EncodeToString(t.Redacted))
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("redacted bytes in base64 on the way back", "THK-17", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(base64.StdEncoding.EncodeToString(t.Redacted))
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("redacted blocks not sent back", "THK-17 THK-19", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				return nil
			}
			return keep(t)
		}))).alsoIn(wide),
		returns("redacted blocks merged", "THK-18", mergeRedacted).alsoIn(wide),
		returns("redacted blocks put last", "THK-19", func(r *model.Response) {
			var last []model.Part
			r.Message.Parts = edited(r.Message.Parts, thoughts(func(t model.Thinking) []model.Part {
				if len(t.Redacted) > 0 {
					last = append(last, t)
					return nil
				}
				return keep(t)
			}))
			r.Message.Parts = append(r.Message.Parts, last...)
		}).alsoIn(wide),
		{name: "signatures printed", kills: ids("THK-20"), seams: seams{sprint: func(v any) string {
			switch v := v.(type) {
			case *model.Response:
				return showJSON(v)
			case model.Message:
				return showJSON(v)
			case model.Event:
				return v.Text
			}
			return ""
		}}},
		returns("provider of redacted thinking not named", "THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Provider = ""
			}
			return keep(t)
		}))),
		returns("provider of thinking not named", "THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part { t.Provider = ""; return keep(t) }))).alsoIn(wide),
		sends("foreign and cut thinking sent", "THK-22 THK-23", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Provider, t.Incomplete = "fake", false
			return keep(t)
		}))).alsoIn("basics streaming"),
		{name: "foreign thinking left out in silence", kills: ids("THK-22"), also: []string{"basics", "streaming"}, wrap: func(w *wrapper) {
			w.response = func(r *model.Response) { r.Warnings = nil }
		}},
		sends("foreign thinking downgraded to text in silence", "THK-22", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Provider == "elsewhere" {
				return keep(model.Text(t.Text))
			}
			return keep(t)
		}))),
		sends("cut thinking made whole", "THK-23", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Incomplete = false
			return keep(t)
		}))),
		fails("cut thinking not marked", "THK-24 ERR-18", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = e.Partial.Clone()
				e.Partial.Message.Parts = edited(e.Partial.Message.Parts, thoughts(func(t model.Thinking) []model.Part {
					t.Incomplete = false
					return keep(t)
				}))
			}
			return e
		}).alsoIn("streaming errors"),
		{name: "signatures lost in JSON", kills: ids("THK-25 SER-01 SER-03"), also: []string{"serialisation"}, seams: seams{marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"signature"`), []byte(`"sig"`)), err
		}}},
		returns("tags taken for thinking", "THK-26", inAnswer(each(func(t model.Text) []model.Part {
			if before, after, ok := strings.Cut(string(t), "</think>"); ok && strings.HasPrefix(before, "<think>") {
				return []model.Part{model.Thinking{Text: before[7:], Provider: "fake"}, model.Text(after)}
			}
			return keep(t)
		}))),
		sends("budget halved", "THK-27", func(r *model.Request) {
			if r.Thinking != nil {
				r.Thinking.Budget /= 2
			}
		}),
		sends("budget sent without thinking", "THK-27", func(r *model.Request) {
			if r.Thinking != nil && r.Thinking.Budget > 0 {
				r.Thinking = nil
			}
		}).alsoIn("tools"),
		sends("effort always medium", "THK-28", func(r *model.Request) {
			if r.Thinking != nil && r.Thinking.Effort != "" {
				r.Thinking.Effort = "medium"
			}
		}),
		sends("disabled sent as enabled", "THK-29", func(r *model.Request) {
			if r.Thinking != nil {
				r.Thinking.Mode = model.ThinkingEnabled
			}
		}),
		sends("thinking asked for unasked", "THK-30 BAS-17", func(r *model.Request) {
			if r.Thinking == nil {
				r.Thinking = &model.ThinkingConfig{}
			}
		}).alsoIn("caching basics concurrency"),
		ignores("thinking ignored", "THK-31", func(c *Capabilities) { c.Thinking = false }),
		{name: "disabled thinking refused", kills: ids("THK-31"), caps: func(c *Capabilities) { c.Thinking = false }, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := wrapper{inner: inner}
			return &refusing{w, func(req *model.Request) string {
				if req.Thinking != nil && req.Validate() == nil {
					return "thinking"
				}
				return ""
			}}
		}},
		sends("text beside thinking trimmed", "THK-32", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.Thinking()) > 0 {
					r.Messages[i].Parts = edited(m.Parts, each(func(t model.Text) []model.Part { return keep(model.Text(strings.TrimSuffix(string(t), "."))) }))
				}
			}
		}).alsoIn(wide),
	}
}

func swapSignatures(r *model.Response) { swapSignaturesOf(r.Message.Parts) }

func swapSignaturesOf(parts []model.Part) {
	var at []int
	for i, p := range parts {
		if t, ok := p.(model.Thinking); ok && t.Signature != "" {
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		return
	}
	a, b := parts[at[0]].(model.Thinking), parts[at[1]].(model.Thinking)
	a.Signature, b.Signature = b.Signature, a.Signature
	parts[at[0]], parts[at[1]] = a, b
}

// mergeThinking makes one block of those in a row.
func mergeThinking(r *model.Response) {
	var out []model.Part
	for _, p := range r.Message.Parts {
		t, ok := p.(model.Thinking)
		if n := len(out); ok && n > 0 {
			if before, ok := out[n-1].(model.Thinking); ok && len(t.Redacted)+len(before.Redacted) == 0 {
				before.Text, before.Signature = before.Text+t.Text, before.Signature+t.Signature
				out[n-1] = before
				continue
			}
		}
		out = append(out, p)
	}
	r.Message.Parts = out
}

func mergeRedacted(r *model.Response) {
	var out []model.Part
	for _, p := range r.Message.Parts {
		t, ok := p.(model.Thinking)
		if n := len(out); ok && n > 0 && len(t.Redacted) > 0 {
			if before, ok := out[n-1].(model.Thinking); ok && len(before.Redacted) > 0 {
				before.Redacted = append(bytes.Clone(before.Redacted), t.Redacted...)
				out[n-1] = before
				continue
			}
		}
		out = append(out, p)
	}
	r.Message.Parts = out
}

func multimodalMutants() []mutant {
	images := func(f func(model.Image) model.Image) func(*model.Request) {
		edit := each(func(p model.Image) []model.Part { return keep(f(p)) })
		return inHistory(model.RoleUser, func(p model.Part) []model.Part {
			if r, ok := p.(model.ToolResult); ok {
				r.Parts = edited(r.Parts, edit)
				return keep(r)
			}
			return edit(p)
		})
	}
	documents := func(f func(model.Document) model.Document) func(*model.Request) {
		return inHistory(model.RoleUser, each(func(p model.Document) []model.Part { return keep(f(p)) }))
	}
	var names atomic.Int64
	return []mutant{
		sends("images in base64 twice", "MUL-01 MUL-02", images(func(p model.Image) model.Image {
			p.Data = []byte(base64.StdEncoding.EncodeToString(p.Data))
			return p
		})).alsoIn("caching"),
		sends("all images PNG", "MUL-02", images(func(p model.Image) model.Image { p.MediaType = "image/png"; return p })),
		sends("images first", "MUL-03", func(r *model.Request) {
			for i, m := range r.Messages {
				var first, rest []model.Part
				for _, p := range m.Parts {
					if _, ok := p.(model.Image); ok {
						first = append(first, p)
					} else {
						rest = append(rest, p)
					}
				}
				r.Messages[i].Parts = append(first, rest...)
			}
		}).alsoIn("caching"),
		sends("images in results dropped", "MUL-04", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.Parts = edited(r.Parts, each(func(model.Image) []model.Part { return nil }))
			return r
		}))),
		sends("documents cut at NUL", "MUL-05", documents(func(d model.Document) model.Document {
			if i := bytes.IndexByte(d.Data, 0); i >= 0 {
				d.Data = d.Data[:i]
			}
			return d
		})),
		sends("text of documents trimmed", "MUL-06", documents(func(d model.Document) model.Document { d.Text = strings.TrimSpace(d.Text); return d })),
		sends("names of documents random", "MUL-07 MUL-05", documents(func(d model.Document) model.Document {
			d.Name = fmt.Sprintf("document-%d", names.Add(1))
			return d
		})),
		sends("names of documents changed in silence", "MUL-07", documents(func(d model.Document) model.Document {
			d.Name = strings.ReplaceAll(d.Name, ".", "-")
			return d
		})),
		sends("videos dropped", "MUL-08", inHistory(model.RoleUser, each(func(model.Video) []model.Part { return nil }))),
		sends("audio all wav", "MUL-09", inHistory(model.RoleUser, each(func(a model.Audio) []model.Part { a.MediaType = "audio/wav"; return keep(a) }))),
		sends("URIs escaped", "MUL-10", images(func(p model.Image) model.Image { p.URI = strings.ReplaceAll(p.URI, " ", "%20"); return p })),
		{name: "bytes of images kept", kills: ids("MUL-11"), model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
			return lateImages(inner)
		}, also: []string{"basics", "concurrency"}},
		sends("large images cut", "MUL-12", images(func(p model.Image) model.Image { p.Data = p.Data[:min(len(p.Data), 1<<15)]; return p })),
		ignores("images ignored", "MUL-13", func(c *Capabilities) { c.Images = false }),
		ignores("documents ignored", "MUL-14", func(c *Capabilities) { c.Documents = false }),
		ignores("video ignored", "MUL-15", func(c *Capabilities) { c.Video = false }),
		ignores("audio ignored", "MUL-16", func(c *Capabilities) { c.Audio = false }),
	}
}

func structuredMutants() []mutant {
	output := func(f func(*model.OutputFormat)) func(*model.Request) {
		return func(r *model.Request) {
			if r.Output != nil {
				f(r.Output)
			}
		}
	}
	return []mutant{
		sends("output schema dropped", "SCH-01 SCH-02 SCH-05", func(r *model.Request) { r.Output = nil }),
		sends("output schema through maps", "SCH-01", output(func(o *model.OutputFormat) { o.Schema = throughFloats(o.Schema) })),
		sends("output renamed", "SCH-02", output(func(o *model.OutputFormat) { o.Name = "output" })),
		sends("output description dropped", "SCH-02", output(func(o *model.OutputFormat) { o.Description = "" })),
		returns("JSON answers compacted through maps", "SCH-03", inAnswer(each(func(t model.Text) []model.Part {
			if strings.HasPrefix(string(t), "{") {
				return keep(model.Text(throughFloats(json.RawMessage(t))))
			}
			return keep(t)
		}))),
		{name: "cut JSON an error", kills: ids("SCH-04"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = generateUnless(inner, func(r *model.Response) bool {
				return strings.HasPrefix(r.Text(), "{") && !json.Valid([]byte(r.Text()))
			})
		}},
		sends("tools dropped with an output schema", "SCH-05", func(r *model.Request) {
			if r.Output != nil {
				r.Tools = nil
			}
		}),
		sends("output schema made up", "SCH-06 BAS-17", func(r *model.Request) {
			if r.Output == nil {
				r.Output = &model.OutputFormat{Schema: json.RawMessage(`{}`)}
			}
		}).alsoIn("basics"),
		ignores("output schema ignored", "SCH-07", func(c *Capabilities) { c.StructuredOutput = false }),
	}
}
