package tools

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// mixed returns the history after one round of tools. Its last turn has the
// given parts.
func mixed(parts ...model.Part) *model.Request {
	req := probe.WithTools(probe.Ask("Weather?"), "weather")
	req.Messages = append(req.Messages, model.AssistantParts(probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)), model.UserParts(parts...))
	return req
}

func textBehindResult(p *probe.Probe) {
	p.Conserved("text behind a tool result", mixed(probe.TextResult("c1", "Rain."), model.Text("And tomorrow?")), func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("user text that %s sent", w), got.Text(model.RoleUser), "Weather?And tomorrow?")
		last := got.Last()
		if n := len(last); n < 2 || last[n-1] != model.Part(model.Text("And tomorrow?")) {
			p.Errorf("%s sent %s, want the text at the end", w, show.Parts(last))
		}
	})
}

func textBeforeResult(p *probe.Probe) {
	p.Conserved("text in front of a tool result", mixed(model.Text("Here it is:"), probe.TextResult("c1", "Rain.")))
	p.Conserved("text between tool results", func() *model.Request {
		req := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{}`), probe.ToolCall("c2", "weather", `{}`)})
		req.Messages[2] = model.UserParts(probe.TextResult("c1", "Rain."), model.Text("and"), probe.TextResult("c2", "Sun."))
		return req
	}())
}

func toolHistoryAlone(p *probe.Probe) {
	req := probe.ToolTurn([]model.Part{model.Text("Let me look."), probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}, probe.TextResult("c1", "Rain."))
	req.Messages = append(req.Messages, model.Assistant("It rains."), model.User("Thanks. And now?"))
	req.Tools = nil
	p.Conserved("calls and results in the history, no tools on offer", req)
	failed := probe.With(req, func(r *model.Request) {
		r.Messages[2].Parts[0] = model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("Closed.")}}
	})
	p.Conserved("a failed call in the history, no tools on offer", failed)
	if p.Claims(probe.Images) {
		p.Conserved("a result with an image in the history, no tools on offer", probe.With(req, func(r *model.Request) {
			r.Messages[2].Parts[0] = model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Map:"), model.Image{MediaType: "image/png", Data: probe.Pixel}}}
		}))
	}
}

func noneKeepsHistory(p *probe.Probe) {
	req := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}, probe.TextResult("c1", "Rain."))
	req.ToolChoice.Mode = model.ToolsNone
	p.Conserved("tool choice none with calls in the history", req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if (laws.Conserved{Warnings: resp.Warnings}).ToldAny("messages") {
			return
		}
		calls := model.Message{Parts: got.All(model.RoleAssistant)}.ToolCalls()
		if len(calls) != 1 || len(results(got)) != 1 {
			p.Errorf("%s with tool choice none sent %d calls and %d results of the history, want 1 and 1 or a warning", w, len(calls), len(results(got)))
		}
	})
}
