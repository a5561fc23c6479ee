package conformance

import (
	"context"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// cornerMutants are faults in corners: each loses something of a few requests
// or answers only, and keeps it of all others.
func cornerMutants() []mutant {
	part := func(name, kills string, f func(model.Part) []model.Part) mutant {
		return sends(name, kills, inHistory(model.RoleUser, f)).alsoIn("multimodal tools")
	}
	inResults := func(f func(model.Part) []model.Part) func(model.Part) []model.Part {
		return toolResults(func(r model.ToolResult) model.ToolResult { r.Parts = edited(r.Parts, f); return r })
	}
	return []mutant{
		sends("descriptions cut at 4095 bytes", "TOL-33", func(r *model.Request) {
			for i, t := range r.Tools {
				r.Tools[i].Description = t.Description[:min(len(t.Description), 4095)]
			}
		}),
		sends("the fifth stop sequence lost", "BAS-42", func(r *model.Request) {
			if len(r.StopSequences) > 4 {
				r.StopSequences = append(r.StopSequences[:4:4], r.StopSequences[5:]...)
			}
		}),
		part("one qualifier kept", "MUL-18", each(func(g model.Guard) []model.Part {
			g.Qualifiers = g.Qualifiers[:min(1, len(g.Qualifiers))]
			return keep(g)
		})),
		part("context lost of documents that are text", "MUL-20", each(func(d model.Document) []model.Part {
			if d.Text != "" {
				d.Context = ""
			}
			return keep(d)
		})),
		part("wish to cite lost of search results in tool results", "MUL-24", inResults(each(func(s model.SearchResult) []model.Part {
			s.Citations = false
			return keep(s)
		}))),
		part("owner lost of files in tool results", "MUL-24", inResults(each(func(i model.Image) []model.Part {
			i.Owner = ""
			return keep(i)
		}))),
		sends("new lines at the end of a prefill lost", "BAS-49", func(r *model.Request) {
			last := r.Messages[len(r.Messages)-1]
			n := len(last.Parts) - 1
			if n < 0 || last.Role != model.RoleAssistant {
				return
			}
			if text, ok := last.Parts[n].(model.Text); ok {
				last.Parts[n] = model.Text(strings.TrimRight(string(text), "\n "))
			}
		}),
		sends("blank lines between texts lost", "BAS-47", inHistory(model.RoleUser, each(func(t model.Text) []model.Part {
			if strings.TrimSpace(string(t)) == "" {
				return nil
			}
			return keep(t)
		}))),
		returns("kinds of server calls lost", "TOL-43", inAnswer(each(func(c model.ServerToolCall) []model.Part {
			c.Kind = ""
			return keep(c)
		}))).alsoIn("tools"),
		returns("beginning of cited places lost", "BAS-50", inAnswer(each(func(c model.CitedText) []model.Part {
			for i := range c.Citations {
				c.Citations[i].Location.Start = 0
			}
			return keep(c)
		}))).alsoIn("basics"),
		{name: "codes lost in mid-stream", kills: ids("ERR-25"), also: []string{"errors"}, wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				e := *probe.AsError(err)
				if e.Partial != nil {
					e.Code = ""
				}
				return &e
			}
		}},
		{name: "goroutine after a failure", kills: ids("CAN-16"), also: []string{"cancellation", "errors"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil && ctx.Done() != nil {
					go func() { <-ctx.Done() }()
				}
				return resp, err
			}
		}},
		sends("the effort max made high", "THK-37", func(r *model.Request) {
			if r.Thinking != nil && r.Thinking.Effort == "max" {
				r.Thinking.Effort = "high"
			}
		}),
		sends("parallel dropped beside a named tool", "TOL-41", func(r *model.Request) {
			if r.ToolChoice.Name != "" {
				r.ToolChoice.Parallel = nil
			}
		}),
		sends("text between results lost", "TOL-38", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.Parts) < 3 {
					continue
				}
				_, first := m.Parts[0].(model.ToolResult)
				if _, ok := m.Parts[1].(model.Text); ok && first {
					r.Messages[i].Parts = append(m.Parts[:1:1], m.Parts[2:]...)
				}
			}
		}).alsoIn("tools"),
		sends("automatic points of an hour made five minutes after tools", "CAC-10", func(r *model.Request) {
			if r.Cache != nil && r.Cache.TTL == time.Hour {
				r.Cache.TTL = 5 * time.Minute
			}
		}),
		sends("points in front of everything lost", "CAC-31", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.Parts) > 1 {
					if _, ok := m.Parts[0].(model.CachePoint); ok {
						r.Messages[i].Parts = m.Parts[1:]
					}
				}
			}
		}),
		sends("points in front of everything put behind what follows", "CAC-31", func(r *model.Request) {
			for _, m := range r.Messages {
				if len(m.Parts) > 1 {
					if _, ok := m.Parts[0].(model.CachePoint); ok {
						m.Parts[0], m.Parts[1] = m.Parts[1], m.Parts[0]
					}
				}
			}
		}),
		sends("a point in the second system message lost", "CAC-30", func(r *model.Request) {
			seen := 0
			for i, m := range r.Messages {
				if m.Role != model.RoleSystem {
					continue
				}
				if seen++; seen > 1 && r.Cache != nil {
					r.Messages[i].Parts = edited(m.Parts, each(func(model.CachePoint) []model.Part { return nil }))
				}
			}
		}),
	}
}
