package conformance

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// ruleMutants are further ones for rules about what a call leaves behind, about
// thinking beside other settings, and about whose the request and the name of the
// model are.
func ruleMutants() []mutant {
	thinks := func(name, kills string, f func(*model.Request, *model.ThinkingConfig)) mutant {
		return sends(name, kills, func(r *model.Request) {
			if r.Thinking != nil {
				f(r, r.Thinking)
			}
		})
	}
	return []mutant{
		leaves("goroutine after a refused request", "CAN-16", func(req *model.Request, err error) bool { return req.Validate() != nil }),
		leaves("goroutine after an answer that breaks off", "CAN-16", func(_ *model.Request, err error) bool { return model.KindOf(err) == model.ErrTruncated }),
		wired("body left open when the loop is left", "ERR-28", func(c *wireClient) { c.keeps = "left" }),
		wired("body left open when it breaks off", "ERR-28", func(c *wireClient) { c.keeps = "cut" }),
		wired("body left open after a failure in it", "ERR-28", func(c *wireClient) { c.keeps = "failed" }),

		thinks("top_p dropped while thinking", "THK-33", func(r *model.Request, _ *model.ThinkingConfig) { r.TopP = nil }),
		thinks("thinking dropped beside top_k", "THK-33", func(r *model.Request, _ *model.ThinkingConfig) {
			if r.TopK != 0 {
				r.Thinking = nil
			}
		}),
		thinks("schema emptied while thinking", "THK-34", func(r *model.Request, _ *model.ThinkingConfig) {
			if r.Output != nil {
				r.Output.Schema = json.RawMessage(`{"type":"object"}`)
			}
		}),
		thinks("name of the schema dropped while thinking", "THK-34", func(r *model.Request, _ *model.ThinkingConfig) {
			if r.Output != nil {
				r.Output.Name, r.Output.Description = "", ""
			}
		}),
		thinks("effort made from the budget", "THK-35", func(_ *model.Request, t *model.ThinkingConfig) {
			if t.Budget > 0 && t.Effort != "" {
				t.Effort = "medium"
			}
		}),
		thinks("budget made from the effort", "THK-35", func(_ *model.Request, t *model.ThinkingConfig) {
			if t.Budget > 0 && t.Effort == "low" {
				t.Budget = 1024
			}
		}),
		thinks("effort of adaptive thinking dropped", "THK-36", func(_ *model.Request, t *model.ThinkingConfig) {
			if t.Mode == model.ThinkingAdaptive {
				t.Effort = ""
			}
		}),
		thinks("adaptive with an effort made the effort alone", "THK-36", func(_ *model.Request, t *model.ThinkingConfig) {
			if t.Mode == model.ThinkingAdaptive && t.Effort != "" {
				t.Mode = ""
			}
		}),
		thinks("xhigh sent as high", "THK-37", func(_ *model.Request, t *model.ThinkingConfig) { t.Effort = strings.TrimPrefix(t.Effort, "x") }),
		thinks("the effort none dropped", "THK-37", func(_ *model.Request, t *model.ThinkingConfig) {
			if t.Effort == "none" {
				t.Effort = ""
			}
		}),
		thinks("efforts in capitals", "THK-37", func(_ *model.Request, t *model.ThinkingConfig) { t.Effort = strings.ToUpper(t.Effort) }),
		streams("max_tokens made up by streams that think", "THK-38", func(r *model.Request) {
			if r.Thinking != nil && r.MaxTokens == 0 {
				r.MaxTokens = 64_000
			}
		}),
		thinks("max_tokens made up beside a low effort", "THK-38", func(r *model.Request, t *model.ThinkingConfig) {
			if r.MaxTokens == 0 && t.Effort == "low" {
				r.MaxTokens = 1024
			}
		}),
		thinks("max_tokens dropped while thinking is off", "THK-39", func(r *model.Request, t *model.ThinkingConfig) {
			if t.Mode == model.ThinkingDisabled {
				r.MaxTokens = 0
			}
		}),
		thinks("tools dropped while thinking is off", "THK-39", func(r *model.Request, t *model.ThinkingConfig) {
			if t.Mode == model.ThinkingDisabled {
				r.Tools, r.ToolChoice = nil, model.ToolChoice{}
			}
		}),

		keepsOf("temperature kept by its pointer", func(own, callers *model.Request) { own.Temperature = callers.Temperature }),
		keepsOf("schemas of tools kept", func(own, callers *model.Request) {
			for i := range own.Tools {
				own.Tools[i].InputSchema = callers.Tools[i].InputSchema
			}
		}),
		keepsOf("parts of the last message kept", func(own, callers *model.Request) {
			n := len(own.Messages) - 1
			own.Messages[n].Parts = callers.Messages[n].Parts
		}).alsoIn("multimodal"),
		keepsOf("tools kept", func(own, callers *model.Request) { own.Tools = callers.Tools }),
		named("another version of the model named", func(r *model.Response) { r.Model += ":1" }),
		named("another model named", func(r *model.Response) { r.Model = "the newest one" }),
		named("model named in capitals", func(r *model.Response) { r.Model = strings.ToUpper(r.Model) }),
	}
}

// leaves is a mutant whose calls leave a goroutine until the caller's context
// ends, those that bad is about.
func leaves(name, kills string, bad func(*model.Request, error) bool) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) {
		inner := w.inner
		linger := func(ctx context.Context, req *model.Request, err error) {
			if req != nil && ctx.Done() != nil && bad(req, err) {
				go func() { <-ctx.Done() }()
			}
		}
		w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
			resp, err := inner.Generate(ctx, req)
			linger(ctx, req, err)
			return resp, err
		}
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
			s := inner.Stream(ctx, req)
			return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
				err := relay(s, emit)
				linger(ctx, req, err)
				return err
			})
		}
	}}
}

// streams is a mutant that changes the requests of streams on their way out.
func streams(name, kills string, f func(*model.Request)) mutant {
	return mutant{name: name, kills: ids(kills), wrap: func(w *wrapper) {
		inner := w.inner
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
			if req.Validate() == nil {
				req = req.Clone()
				f(req)
			}
			return inner.Stream(ctx, req)
		}
	}}
}

// keepsOf is a mutant whose streams copy the request, but for what keep takes of
// the caller's.
func keepsOf(name string, keep func(own, callers *model.Request)) mutant {
	return mutant{name: name, kills: ids("BAS-27"), model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
		w := &wrapper{inner: inner}
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
			if req.Validate() != nil {
				return inner.Stream(ctx, req)
			}
			own := req.Clone()
			keep(own, req)
			return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
				return relay(inner.Stream(ctx, own), emit)
			})
		}
		return w
	}}
}

// named is a mutant that names another model than was asked for, and always the
// same, so that nothing but the subject's word for it shows that.
func named(name string, f func(*model.Response)) mutant {
	m := returns(name, "BAS-20", f)
	m.asked = "fake"
	return m
}
