package tools

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func choiceAuto(p *probe.Probe) {
	for _, mode := range []model.ToolMode{model.ToolsDefault, model.ToolsAuto} {
		req := probe.WithTools(probe.Ask("Weather?"), "weather", "time")
		req.ToolChoice.Mode = mode
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			p.Equal(fmt.Sprintf("tool choice that %s sent", w), got.Choice(), model.ToolChoice{Mode: model.ToolsAuto})
			p.Equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 2)
			p.Silent(w, resp)
		})
	}
}

func choiceAny(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Weather?"), "weather", "time")
	req.ToolChoice.Mode = model.ToolsAny
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("tool choice that %s sent", w), got.Choice(), req.ToolChoice)
		p.Silent(w, resp)
	})
}

func choiceNamed(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Weather?"), "weather", "time")
	req.ToolChoice = model.UseTool("time")
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("tool choice that %s sent", w), got.Choice(), req.ToolChoice)
		p.Equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 2)
		p.Silent(w, resp)
	})
}

func choiceNone(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Weather?"), "weather")
	req.ToolChoice.Mode = model.ToolsNone
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		if got.ToolChoice.Mode != model.ToolsNone && len(got.Tools) > 0 {
			p.Errorf("%s with tool choice none sent %d tools and the choice %q", w, len(got.Tools), got.ToolChoice.Mode)
		}
	})
}

func oneAtATime(p *probe.Probe) {
	for _, w := range probe.Ways {
		req := probe.WithTools(probe.Ask("Weather?"), "weather")
		req.ToolChoice.Parallel = new(false)
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		switch {
		case err != nil:
			probe.ToldUnsupported(p, w, err, r)
		case sentOneAtATime(p, r) || probe.Warned(resp, "tool_choice"):
		default:
			p.Errorf("%s lost the wish for one call at a time without a warning", w)
		}
	}
}

func sentOneAtATime(p *probe.Probe, r *probe.Rig) bool {
	parallel := r.Prompt(0).ToolChoice.Parallel
	return parallel != nil && !*parallel
}

func toolsRefused(p *probe.Probe) {
	p.Refused("tools", probe.WithTools(probe.Ask("Hi"), "weather"), model.ErrUnsupported)
}

func forcedToolsRefused(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Hi"), "weather")
	req.ToolChoice.Mode = model.ToolsAny
	probe.NotSilent(p, "tool choice any", "tool_choice", req)
	req.ToolChoice = model.UseTool("weather")
	probe.NotSilent(p, "tool choice named", "tool_choice", req)
}

func forcedWhileThinking(p *probe.Probe) {
	req := p.Think(probe.WithTools(probe.Ask("Hi"), "weather"))
	req.ToolChoice.Mode = model.ToolsAny
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("tool choice that %s sent", w), got.Choice(), req.ToolChoice)
		if got.Thinking == nil {
			p.Errorf("%s lost the wish to think", w)
		}
		p.Silent(w, resp)
	})
}

func forcedWhileThinkingRefused(p *probe.Probe) {
	req := p.Think(probe.WithTools(probe.Ask("Hi"), "weather"))
	req.ToolChoice.Mode = model.ToolsAny
	probe.NotSilent(p, "tool choice any while thinking", "tool_choice", req)
}

func parallelBesideForced(p *probe.Probe) {
	for _, parallel := range []bool{true, false} {
		for _, choice := range []model.ToolChoice{{Mode: model.ToolsAuto}, {Mode: model.ToolsAny}, model.UseTool("time")} {
			req := probe.WithTools(probe.Ask("Weather?"), "weather", "time")
			req.ToolChoice = choice
			req.ToolChoice.Parallel = &parallel
			p.Conserved(fmt.Sprintf("tool choice %s with parallel=%v", choice.Mode, parallel), req)
		}
	}
}
