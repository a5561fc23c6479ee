package conformance

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
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
			if len(laws.SaidParts(r.Parts)) == 0 {
				return nil
			}
			return keep(r)
		}))),
		sends("empty results filled in silence", "TOL-15", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			if len(laws.SaidParts(r.Parts)) == 0 {
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
		sends("output schema with its keys in order", "TOL-22", func(r *model.Request) {
			if r.Output != nil && json.Valid(r.Output.Schema) {
				r.Output.Schema = json.RawMessage(prompt.SchemaValue(r.Output.Schema))
			}
		}),
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
