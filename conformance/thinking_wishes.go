package conformance

import (
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func thinkingWithSampling(p *probe) {
	p.conserved("thinking beside a temperature", with(p.think(ask("Hi")), func(r *model.Request) { r.Temperature = new(0.5) }))
	p.conserved("thinking beside top_p", with(p.think(ask("Hi")), func(r *model.Request) { r.TopP = new(0.5) }))
	p.conserved("thinking beside top_k", with(p.think(ask("Hi")), func(r *model.Request) { r.TopK = 7 }))
}

func thinkingWithOutput(p *probe) {
	p.conserved("thinking beside an output schema", p.think(withOutput()))
}

func effortBesideBudget(p *probe) {
	p.conserved("an effort beside a budget", with(ask("Hi"), func(r *model.Request) {
		r.Thinking, r.MaxTokens = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048, Effort: "low"}, 8192
	}))
}

func adaptiveThinking(p *probe) {
	p.conserved("adaptive thinking", with(ask("Hi"), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingAdaptive} }))
	p.conserved("adaptive thinking with an effort", with(ask("Hi"), func(r *model.Request) {
		r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "medium"}
	}))
}

func effortWords(p *probe) {
	for _, word := range []string{"none", "minimal", "low", "medium", "high", "xhigh", "max"} {
		p.conserved(fmt.Sprintf("the effort %q", word), with(ask("Hi"), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: word} }))
	}
}

func noLimitMadeUp(p *probe) {
	for _, config := range []model.ThinkingConfig{{Effort: "low"}, {Mode: model.ThinkingEnabled, Budget: 2048}} {
		req := with(ask("Hi"), func(r *model.Request) { r.Thinking = &config })
		for _, w := range ways {
			r := p.play(fake.Text("ok"))
			resp, err := r.ask(p.ctx, w, req)
			if err != nil {
				continue // whether it may be refused is the concern of other cases
			}
			if n := r.prompt(0).MaxTokens; n != 0 && !warned(resp, "max_tokens") {
				p.errorf("%s made up max_tokens %d without a warning about it", w, n)
			}
		}
	}
}

// disabledWeakensNothing checks that what is asked for beside thinking that is
// switched off arrives as it would without a word of thinking.
func disabledWeakensNothing(p *probe) {
	off := &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	plain := with(ask("Hi"), func(r *model.Request) { r.Temperature, r.MaxTokens = new(0.5), 64 })
	forced := withTools(ask("Hi"), toolsOf(p, "weather")...)
	if p.claims(capTools, capForcedTools) {
		forced.ToolChoice.Mode = model.ToolsAny
	}
	for _, req := range []*model.Request{plain, forced} {
		var without []string
		fields := func(resp *model.Response) (all []string) {
			for _, w := range resp.Warnings {
				if !within(w.Field, "thinking") {
					all = append(all, w.Field)
				}
			}
			return all
		}
		p.conserved("a request without thinking", req, func(_ way, _ *prompt, resp *model.Response) { without = fields(resp) })
		p.conserved("thinking that is switched off", with(req, func(r *model.Request) { r.Thinking = off }), func(w way, _ *prompt, resp *model.Response) {
			if got := fields(resp); !slices.Equal(got, without) {
				p.errorf("%s with thinking switched off warns about %q, without a word of thinking about %q", w, got, without)
			}
		})
	}
}
