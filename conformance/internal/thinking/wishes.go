package thinking

import (
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func thinkingBudget(p *probe.Probe) {
	req := probe.Ask("Hi")
	req.Thinking, req.MaxTokens = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 3000}, 9000
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if probe.Warned(resp, "thinking") {
			return
		}
		if got.Thinking == nil || got.Thinking.Budget != 3000 {
			p.Errorf("%s sent the thinking settings %s, want a budget of 3000 or a warning", w, show.Value(got.Thinking))
		}
		p.Equal(fmt.Sprintf("max_tokens that %s sent", w), got.MaxTokens, 9000)
	})
}

func thinkingEffort(p *probe.Probe) {
	for _, effort := range []string{"low", "high"} {
		req := probe.Ask("Hi")
		req.Thinking = &model.ThinkingConfig{Effort: effort}
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			if !probe.Warned(resp, "thinking") && (got.Thinking == nil || got.Thinking.Effort != effort) {
				p.Errorf("%s sent the thinking settings %s, want the effort %q or a warning", w, show.Value(got.Thinking), effort)
			}
		})
	}
}

func thinkingDisabled(p *probe.Probe) {
	req := probe.Ask("Hi")
	req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if got.Thinking != nil && got.Thinking.Mode == model.ThinkingDisabled || probe.Warned(resp, "thinking") {
			return
		}
		p.Errorf("%s sent the thinking settings %s, want it disabled or a warning", w, show.Value(got.Thinking))
	})
}

func thinkingNotAskedFor(p *probe.Probe) {
	p.Sent(probe.Ask("Hi"), func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("thinking settings that %s sent", w), got.Thinking, (*model.ThinkingConfig)(nil))
	})
}

func thinkingRefused(p *probe.Probe) {
	for _, config := range []model.ThinkingConfig{{Mode: model.ThinkingEnabled}, {Budget: 2048}, {Effort: "high"}, {Mode: model.ThinkingAdaptive}} {
		req := probe.Ask("Hi")
		req.Thinking = &config
		p.Refused("thinking "+show.JSON(config), req, model.ErrUnsupported)
	}
	req := probe.Ask("Hi")
	req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	p.Each(fake.Text("ok"), req, func(probe.Way, *model.Response, *probe.Rig) {})
}

func thinkingWithSampling(p *probe.Probe) {
	p.Conserved("thinking beside a temperature", probe.With(p.Think(probe.Ask("Hi")), func(r *model.Request) { r.Temperature = new(0.5) }))
	p.Conserved("thinking beside top_p", probe.With(p.Think(probe.Ask("Hi")), func(r *model.Request) { r.TopP = new(0.5) }))
	p.Conserved("thinking beside top_k", probe.With(p.Think(probe.Ask("Hi")), func(r *model.Request) { r.TopK = 7 }))
}

func thinkingWithOutput(p *probe.Probe) {
	p.Conserved("thinking beside an output schema", p.Think(probe.WithOutput()))
}

func effortBesideBudget(p *probe.Probe) {
	p.Conserved("an effort beside a budget", probe.With(probe.Ask("Hi"), func(r *model.Request) {
		r.Thinking, r.MaxTokens = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048, Effort: "low"}, 8192
	}))
}

func adaptiveThinking(p *probe.Probe) {
	p.Conserved("adaptive thinking", probe.With(probe.Ask("Hi"), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingAdaptive} }))
	p.Conserved("adaptive thinking with an effort", probe.With(probe.Ask("Hi"), func(r *model.Request) {
		r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "medium"}
	}))
}

func effortWords(p *probe.Probe) {
	for _, word := range []string{"none", "minimal", "low", "medium", "high", "xhigh", "max"} {
		p.Conserved(fmt.Sprintf("the effort %q", word), probe.With(probe.Ask("Hi"), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: word} }))
	}
}

func noLimitMadeUp(p *probe.Probe) {
	for _, config := range []model.ThinkingConfig{{Effort: "low"}, {Mode: model.ThinkingEnabled, Budget: 2048}} {
		req := probe.With(probe.Ask("Hi"), func(r *model.Request) { r.Thinking = &config })
		for _, w := range probe.Ways {
			r := p.Play(fake.Text("ok"))
			resp, err := r.Ask(p.Ctx, w, req)
			if err != nil {
				continue // other cases check whether it may be refused
			}
			if n := r.Prompt(0).MaxTokens; n != 0 && !probe.Warned(resp, "max_tokens") {
				p.Errorf("%s made up max_tokens %d without a warning about it", w, n)
			}
		}
	}
}

// disabledWeakensNothing checks that settings beside disabled thinking arrive
// as they do without a thinking setting.
func disabledWeakensNothing(p *probe.Probe) {
	off := &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	plain := probe.With(probe.Ask("Hi"), func(r *model.Request) { r.Temperature, r.MaxTokens = new(0.5), 64 })
	forced := probe.WithTools(probe.Ask("Hi"), probe.ToolsOf(p, "weather")...)
	if p.Claims(probe.Tools, probe.ForcedTools) {
		forced.ToolChoice.Mode = model.ToolsAny
	}
	for _, req := range []*model.Request{plain, forced} {
		var without []string
		fields := func(resp *model.Response) (all []string) {
			for _, w := range resp.Warnings {
				if !laws.Within(w.Field, "thinking") {
					all = append(all, w.Field)
				}
			}
			return all
		}
		p.Conserved("a request without thinking", req, func(_ probe.Way, _ *prompt.Prompt, resp *model.Response) { without = fields(resp) })
		p.Conserved("thinking that is switched off", probe.With(req, func(r *model.Request) { r.Thinking = off }), func(w probe.Way, _ *prompt.Prompt, resp *model.Response) {
			if got := fields(resp); !slices.Equal(got, without) {
				p.Errorf("%s with thinking switched off warns about %q, without a word of thinking about %q", w, got, without)
			}
		})
	}
}
