package conformance

import (
	"context"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/caching"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// userParts edits the parts of the user's messages, those of results included.
func userParts(f func(model.Part) []model.Part) func(*model.Request) {
	return inHistory(model.RoleUser, func(p model.Part) []model.Part {
		if r, ok := p.(model.ToolResult); ok {
			r.Parts = edited(r.Parts, f)
			return keep(r)
		}
		return f(p)
	})
}

// largeMutants lose what is large, or many.
func largeMutants() []mutant {
	shortText := func(n int) func(model.Part) []model.Part {
		return each(func(p model.Text) []model.Part { return keep(p[:min(len(p), n)]) })
	}
	return []mutant{
		sends("four stop sequences sent", "BAS-42", func(r *model.Request) { r.StopSequences = r.StopSequences[:min(len(r.StopSequences), 4)] }),
		sends("many stop sequences sorted", "BAS-42", func(r *model.Request) {
			if len(r.StopSequences) > 4 {
				slices.Sort(r.StopSequences)
			}
		}),
		sends("texts cut at a megabyte", "BAS-43", userParts(shortText(1_000_000))).alsoIn("tools"),
		sends("texts cut at a mebibyte less one", "BAS-43 TOL-34", userParts(shortText(1<<20-1))),
		sends("a hundred turns sent", "BAS-44", func(r *model.Request) { r.Messages = r.Messages[max(0, len(r.Messages)-100):] }),
		sends("long conversations without their first turn", "BAS-44", func(r *model.Request) {
			if len(r.Messages) > 128 {
				r.Messages = r.Messages[2:]
			}
		}),
		sends("temperatures above 1 made 1", "BAS-45", func(r *model.Request) {
			if r.Temperature != nil && *r.Temperature > 1 {
				r.Temperature = new(1.0)
			}
		}),
		sends("temperatures above 1 left out", "BAS-45", func(r *model.Request) {
			if r.Temperature != nil && *r.Temperature > 1 {
				r.Temperature = nil
			}
		}),
		sends("32 tools sent", "TOL-33", func(r *model.Request) { r.Tools = r.Tools[:min(len(r.Tools), 32)] }),
		sends("descriptions cut at a kibibyte", "TOL-33", func(r *model.Request) {
			for i, t := range r.Tools {
				r.Tools[i].Description = t.Description[:min(len(t.Description), 1024)]
			}
		}).alsoIn("basics"),
		sends("many tools sorted", "TOL-33", func(r *model.Request) {
			if len(r.Tools) > 10 {
				slices.SortFunc(r.Tools, func(a, b model.Tool) int { return strings.Compare(a.Name, b.Name) })
			}
		}),
		sends("results cut at 64 KiB", "TOL-34", inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part {
			p.Parts = edited(p.Parts, shortText(64<<10))
			return keep(p)
		}))),
		returns("ids of calls cut at 40 characters", "TOL-35", inAnswer(calls(func(c model.ToolCall) model.ToolCall {
			c.ID = c.ID[:min(len(c.ID), 40)]
			return c
		}))),
		sends("ids of calls cut at 48 on the way back", "TOL-35", func(r *model.Request) {
			cutID := func(s string) string { return s[:min(len(s), 48)] }
			inHistory(model.RoleAssistant, calls(func(c model.ToolCall) model.ToolCall { c.ID = cutID(c.ID); return c }))(r)
			inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part { p.CallID = cutID(p.CallID); return keep(p) }))(r)
		}),
		returns("eight calls kept", "TOL-36", func(r *model.Response) {
			n := 0
			inAnswer(each(func(c model.ToolCall) []model.Part {
				if n++; n > 8 {
					return nil
				}
				return keep(c)
			}))(r)
		}).alsoIn("streaming"),
		sends("many results sorted by id", "TOL-36", func(r *model.Request) {
			for _, m := range r.Messages {
				if len(m.Parts) > 6 && m.Role == model.RoleUser {
					slices.SortStableFunc(m.Parts, func(a, b model.Part) int {
						return strings.Compare(show.Part(a), show.Part(b))
					})
				}
			}
		}),
		sends("images above 5 MB left out", "MUL-17", userParts(each(func(p model.Image) []model.Part {
			if len(p.Data) > 5_000_000 {
				return nil
			}
			return keep(p)
		}))),
		sends("images above 5 MB cut", "MUL-17", userParts(each(func(p model.Image) []model.Part {
			p.Data = p.Data[:min(len(p.Data), 5_000_000)]
			return keep(p)
		}))),
	}
}

// partMutants lose parts beyond text and images, or their fields.
func partMutants() []mutant {
	drops := func(name, kills string, f func(model.Part) []model.Part) mutant {
		return sends(name, kills, userParts(f))
	}
	guard := func(f func(*model.Guard)) func(model.Part) []model.Part {
		return each(func(p model.Guard) []model.Part { f(&p); return keep(p) })
	}
	doc := func(name string, f func(*model.Document)) mutant {
		return drops(name, "MUL-20 MUL-24", each(func(p model.Document) []model.Part { f(&p); return keep(p) })).alsoIn("multimodal")
	}
	return []mutant{
		drops("guarded content dropped", "MUL-18", each(func(model.Guard) []model.Part { return nil })),
		drops("guarded text sent unguarded", "MUL-18", each(func(p model.Guard) []model.Part { return keep(model.Text(p.Text)) })),
		drops("qualifiers dropped", "MUL-18", guard(func(g *model.Guard) { g.Qualifiers = nil })),
		drops("first qualifier sent", "MUL-18", guard(func(g *model.Guard) { g.Qualifiers = g.Qualifiers[:min(1, len(g.Qualifiers))] })),
		sends("guarded content of system messages dropped", "MUL-18", inHistory(model.RoleSystem, each(func(model.Guard) []model.Part { return nil }))),
		drops("search results dropped", "MUL-19 MUL-24", each(func(model.SearchResult) []model.Part { return nil })),
		drops("search results without source", "MUL-19", each(func(p model.SearchResult) []model.Part { p.Source = ""; return keep(p) })),
		drops("one content of search results sent", "MUL-19", each(func(p model.SearchResult) []model.Part { p.Content = p.Content[:1]; return keep(p) })),
		drops("search results never cited", "MUL-19", each(func(p model.SearchResult) []model.Part { p.Citations = false; return keep(p) })),
		doc("context of documents dropped", func(d *model.Document) { d.Context = "" }),
		doc("documents never cited", func(d *model.Document) { d.Citations = false }),
		doc("chunks joined", func(d *model.Document) {
			if len(d.Chunks) > 0 {
				d.Chunks = []string{strings.Join(d.Chunks, "")}
			}
		}),
		doc("owner of documents dropped", func(d *model.Document) { d.Owner = "" }),
		drops("owner of videos dropped", "MUL-21", each(func(p model.Video) []model.Part { p.Owner = ""; return keep(p) })),
		drops("owner of images dropped", "MUL-21", each(func(p model.Image) []model.Part { p.Owner = ""; return keep(p) })),
		drops("audio by URI dropped", "MUL-21", each(func(p model.Audio) []model.Part {
			if p.URI != "" {
				return nil
			}
			return keep(p)
		})),
		drops("types of videos all mp4", "MUL-22", each(func(p model.Video) []model.Part { p.MediaType = "video/mp4"; return keep(p) })),
		drops("Markdown sent as plain text", "MUL-22", each(func(p model.Document) []model.Part {
			p.MediaType = strings.Replace(p.MediaType, "text/markdown", "text/plain", 1)
			return keep(p)
		})),
		sends("own blocks dropped in silence", "MUL-23", func(r *model.Request) {
			drop := each(func(model.Opaque) []model.Part { return nil })
			userParts(drop)(r)
			for i, m := range r.Messages {
				if m.Role == model.RoleAssistant {
					r.Messages[i].Parts = edited(m.Parts, each(func(p model.Opaque) []model.Part {
						if p.Provider == "fake" {
							return nil
						}
						return keep(p)
					}))
				}
			}
		}),
		drops("numbers of own blocks through float64", "MUL-23", each(func(p model.Opaque) []model.Part {
			p.Data = []byte(strings.ReplaceAll(string(p.Data), "9007199254740993", "9007199254740992"))
			return keep(p)
		})),
		drops("spelling of own blocks changed", "MUL-23", each(func(p model.Opaque) []model.Part {
			p.Data = []byte(strings.ReplaceAll(string(p.Data), "<", `\u003c`))
			return keep(p)
		})),
		sends("citations of histories without web pages", "BAS-51", inHistory(model.RoleAssistant, each(func(p model.CitedText) []model.Part {
			p.Citations = slices.DeleteFunc(slices.Clone(p.Citations), func(c model.Citation) bool { return c.Location.Kind == model.LocationWeb })
			return keep(p)
		}))),
		sends("sources of citations not sent back", "BAS-51", inHistory(model.RoleAssistant, each(func(p model.CitedText) []model.Part {
			p.Citations = slices.Clone(p.Citations)
			for i := range p.Citations {
				p.Citations[i].Source = ""
			}
			return keep(p)
		}))),
		returns("domains of citations dropped", "BAS-50", inAnswer(each(func(p model.CitedText) []model.Part {
			p.Citations = slices.Clone(p.Citations)
			for i := range p.Citations {
				p.Citations[i].Location.Domain = ""
			}
			return keep(p)
		}))),
		returns("first citation of texts kept", "BAS-50 BAS-40", inAnswer(each(func(p model.CitedText) []model.Part {
			p.Citations = p.Citations[:min(1, len(p.Citations))]
			return keep(p)
		}))),
	}
}

// historyMutants reword, move and lose parts of histories.
func historyMutants() []mutant {
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	dropBlank := each(func(p model.Text) []model.Part {
		if blank(string(p)) {
			return nil
		}
		return keep(p)
	})
	onResults := func(edit func([]model.Part) []model.Part) func(*model.Request) {
		return func(r *model.Request) {
			for i, m := range r.Messages {
				if slices.ContainsFunc(m.Parts, isResult) {
					r.Messages[i].Parts = edit(m.Parts)
				}
			}
		}
	}
	withoutTools := func(f func(*model.Request)) func(*model.Request) {
		return func(r *model.Request) {
			if len(r.Tools) == 0 {
				f(r)
			}
		}
	}
	return []mutant{
		sends("blank texts dropped", "BAS-47", inHistory(model.RoleUser, dropBlank)),
		sends("blank texts of system messages made a dot", "BAS-47", inHistory(model.RoleSystem, each(func(p model.Text) []model.Part {
			if blank(string(p)) {
				return keep(model.Text("."))
			}
			return keep(p)
		}))),
		sends("blank answers dropped", "BAS-47 BAS-48", inHistory(model.RoleAssistant, dropBlank)),
		sends("empty turns left out", "BAS-48", func(r *model.Request) {
			r.Messages = deleteMessages(r.Messages, func(m model.Message) bool { return len(m.Parts) == 0 })
		}),
		sends("empty turns filled", "BAS-48", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.Parts) == 0 {
					r.Messages[i].Parts = keep(model.Text("(nothing)"))
				}
			}
		}),
		sends("prefill trimmed", "BAS-49", func(r *model.Request) {
			if last := &r.Messages[len(r.Messages)-1]; last.Role == model.RoleAssistant {
				last.Parts = edited(last.Parts, each(func(p model.Text) []model.Part { return keep(model.Text(strings.TrimRight(string(p), " \n"))) }))
			}
		}),
		sends("prefill dropped", "BAS-49", func(r *model.Request) {
			if n := len(r.Messages) - 1; n > 0 && r.Messages[n].Role == model.RoleAssistant {
				r.Messages = r.Messages[:n]
			}
		}),
		sends("text put in front of results", "TOL-37", onResults(func(parts []model.Part) []model.Part {
			return append(slices.DeleteFunc(slices.Clone(parts), isResult), slices.DeleteFunc(slices.Clone(parts), isNoResult)...)
		})).alsoIn("caching"),
		sends("text behind results dropped", "TOL-37", onResults(func(parts []model.Part) []model.Part {
			return slices.DeleteFunc(slices.Clone(parts), isNoResult)
		})).alsoIn("caching"),
		sends("text moved behind results in silence", "TOL-38", onResults(func(parts []model.Part) []model.Part {
			return append(slices.DeleteFunc(slices.Clone(parts), isNoResult), slices.DeleteFunc(slices.Clone(parts), isResult)...)
		})),
		sends("text in front of results dropped", "TOL-38", onResults(func(parts []model.Part) []model.Part {
			for len(parts) > 0 && isNoResult(parts[0]) {
				parts = parts[1:]
			}
			return parts
		})),
		sends("tool history without tools dropped", "TOL-39", withoutTools(func(r *model.Request) {
			drop := func(p model.Part) bool { _, ok := p.(model.ToolCall); return ok || isResult(p) }
			for i, m := range r.Messages {
				r.Messages[i].Parts = slices.DeleteFunc(slices.Clone(m.Parts), drop)
			}
		})).alsoIn("basics caching"),
		sends("tool history without tools made text in silence", "TOL-39", withoutTools(inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part {
			return keep(model.Text((model.Message{Parts: p.Parts}).Text()))
		})))),
		sends("failures of a history without tools lost", "TOL-39", withoutTools(inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part {
			p.IsError = false
			return keep(p)
		})))),
		sends("choice none drops the history's results", "TOL-40", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsNone {
				inHistory(model.RoleUser, each(func(model.ToolResult) []model.Part { return keep(model.Text("(result)")) }))(r)
			}
		}),
		sends("choice none drops the history's calls", "TOL-40", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsNone {
				inHistory(model.RoleAssistant, each(func(model.ToolCall) []model.Part { return keep(model.Text("(call)")) }))(r)
			}
		}),
		sends("parallel dropped beside any", "TOL-41", func(r *model.Request) {
			if r.ToolChoice.Mode == model.ToolsAny {
				r.ToolChoice.Parallel = nil
			}
		}),
		sends("parallel true sent as false", "TOL-41", func(r *model.Request) {
			if p := r.ToolChoice.Parallel; p != nil && *p {
				r.ToolChoice.Parallel = new(false)
			}
		}),
		sends("server tools dropped", "TOL-42", func(r *model.Request) {
			r.Tools = slices.DeleteFunc(r.Tools, func(t model.Tool) bool { return t.ServerSide })
		}),
		sends("server tools offered as the caller's", "TOL-42", func(r *model.Request) {
			for i := range r.Tools {
				r.Tools[i].ServerSide = false
			}
		}),
		returns("failures of server tools lost", "TOL-43", inAnswer(each(func(p model.ServerToolResult) []model.Part { p.IsError = false; return keep(p) }))),
		returns("one part of server results kept", "TOL-43", inAnswer(each(func(p model.ServerToolResult) []model.Part { p.Parts = p.Parts[:1]; return keep(p) }))),
		sends("kinds of server results not sent back", "TOL-43", inHistory(model.RoleAssistant, each(func(p model.ServerToolResult) []model.Part { p.Kind = ""; return keep(p) }))),
	}
}

func isResult(p model.Part) bool { _, ok := p.(model.ToolResult); return ok }

func isNoResult(p model.Part) bool { return !isResult(p) }

// wishMutants weaken what is asked for beside thinking, and misplace points.
func wishMutants() []mutant {
	thinks := func(name, kills string, f func(*model.Request)) mutant {
		return sends(name, kills, func(r *model.Request) {
			if r.Thinking != nil {
				f(r)
			}
		})
	}
	counts := func(name string, f func(*model.Request)) mutant {
		return mutant{name: name, kills: ids("BAS-46"), wrap: func(w *wrapper) {
			inner := w.inner
			w.counts = func(ctx context.Context, req *model.Request) (int, error) {
				if req.Validate() == nil {
					req = probe.With(req, f)
				}
				return model.CountTokens(ctx, inner, req)
			}
		}}
	}
	return []mutant{
		counts("tools not counted", func(r *model.Request) { r.Tools = nil }),
		counts("system messages not counted", func(r *model.Request) {
			r.Messages = deleteMessages(r.Messages, func(m model.Message) bool { return m.Role == model.RoleSystem })
		}),
		counts("images not counted", inHistory(model.RoleUser, each(func(model.Image) []model.Part { return nil }))),
		counts("last turn counted", func(r *model.Request) { r.Messages = r.Messages[len(r.Messages)-1:] }),
		counts("results counted by their ids", inHistory(model.RoleUser, each(func(p model.ToolResult) []model.Part { p.Parts = nil; return keep(p) }))),
		thinks("temperature dropped while thinking", "THK-33", func(r *model.Request) { r.Temperature = nil }),
		thinks("top_k dropped while thinking", "THK-33", func(r *model.Request) { r.TopK = 0 }),
		thinks("output dropped while thinking", "THK-34", func(r *model.Request) { r.Output = nil }),
		sends("thinking dropped beside an output", "THK-34", func(r *model.Request) {
			if r.Output != nil {
				r.Thinking = nil
			}
		}),
		thinks("effort dropped beside a budget", "THK-35", func(r *model.Request) {
			if r.Thinking.Budget > 0 {
				r.Thinking.Effort = ""
			}
		}),
		thinks("budget dropped beside an effort", "THK-35", func(r *model.Request) {
			if r.Thinking.Effort != "" {
				r.Thinking.Budget = 0
			}
		}),
		thinks("adaptive made enabled", "THK-36", func(r *model.Request) {
			if r.Thinking.Mode == model.ThinkingAdaptive {
				r.Thinking.Mode = model.ThinkingEnabled
			}
		}),
		thinks("adaptive dropped", "THK-36", func(r *model.Request) {
			if r.Thinking.Mode == model.ThinkingAdaptive {
				r.Thinking.Mode = ""
			}
		}),
		thinks("max sent as high", "THK-37", func(r *model.Request) { r.Thinking.Effort = strings.Replace(r.Thinking.Effort, "max", "high", 1) }),
		thinks("minimal sent as low", "THK-37", func(r *model.Request) { r.Thinking.Effort = strings.Replace(r.Thinking.Effort, "minimal", "low", 1) }),
		thinks("max_tokens made up beside a budget", "THK-38", func(r *model.Request) {
			if r.MaxTokens == 0 {
				r.MaxTokens = r.Thinking.Budget + 4096
			}
		}).alsoIn("thinking"),
		thinks("max_tokens made up beside an effort", "THK-38", func(r *model.Request) {
			if r.MaxTokens == 0 && r.Thinking.Effort != "" {
				r.MaxTokens = 32000
			}
		}),
		thinks("forced tools weakened while thinking is off", "THK-39", func(r *model.Request) {
			if r.Thinking.Mode == model.ThinkingDisabled && r.ToolChoice.Mode == model.ToolsAny {
				r.ToolChoice.Mode = model.ToolsAuto
			}
		}),
		thinks("sampling dropped while thinking is off", "THK-39", func(r *model.Request) {
			if r.Thinking.Mode == model.ThinkingDisabled {
				r.Temperature = nil
			}
		}),
		sends("automatic points after the system only", "CAC-29", func(r *model.Request) {
			if r.Cache != nil {
				r.Cache = nil
				for i, m := range r.Messages {
					if m.Role == model.RoleSystem {
						r.Messages[i].Parts = append(m.Parts, caching.Point)
						break
					}
				}
			}
		}).alsoIn("caching"),
		sends("an automatic point after every part", "CAC-29", func(r *model.Request) {
			if r.Cache != nil {
				r.Cache = nil
				for i, m := range r.Messages {
					r.Messages[i].Parts = append(m.Parts, caching.Point)
				}
				for i := range r.Tools {
					r.Tools[i].Cache = &caching.Point
				}
			}
		}).alsoIn("caching"),
		sends("the caller's points dropped beside automatic ones", "CAC-30", func(r *model.Request) {
			if r.Cache != nil {
				for i, m := range r.Messages {
					r.Messages[i].Parts = prompt.WithoutPoints(m.Parts)
				}
			}
		}),
		sends("the lifetime of a tool's point lost beside automatic ones", "CAC-30", func(r *model.Request) {
			for i, t := range r.Tools {
				if r.Cache != nil && t.Cache != nil {
					r.Tools[i].Cache = &caching.Point
				}
			}
		}),
	}
}
