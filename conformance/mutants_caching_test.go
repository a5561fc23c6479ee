package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
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
		{name: "sum without the cache", kills: ids("CAC-26"), seams: probe.Seams{Sum: func(a, b model.Usage) model.Usage {
			a.InputTokens += b.InputTokens
			a.OutputTokens += b.OutputTokens
			return a
		}}},
		{name: "sum changes what is added", kills: ids("CAC-26"), seams: probe.Seams{Sum: func(a, b model.Usage) model.Usage {
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
