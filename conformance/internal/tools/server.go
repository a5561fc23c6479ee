package tools

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func serverTools(p *probe.Probe) {
	const input = `{"q": "Oslo", "n": 2.50}`
	parts := []model.Part{
		model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(input)},
		model.Text("Found."),
	}
	p.Each(fake.Reply(parts...), probe.Ask("Search."), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		if n := len(resp.ToolCalls()); n > 0 {
			p.Errorf("%s offers %d calls to run that the provider runs itself", w, n)
		}
		if len(resp.Message.Parts) != 2 {
			p.Fatalf("%s's answer is %s, want the call and the text", w, show.Parts(resp.Message.Parts))
		}
		c, ok := resp.Message.Parts[0].(model.ServerToolCall)
		if !ok || c.ID != "s1" || c.Name != "search" || c.Kind != "server_tool_use" || string(c.Input) != input {
			p.Errorf("%s's answer begins with %s, want %s", w, show.Part(resp.Message.Parts[0]), show.Part(parts[0]))
		}
	})
}

func serverToolsOffered(p *probe.Probe) {
	for _, w := range probe.Ways {
		req := probe.WithTools(probe.Ask("Search."), probe.ToolsOf(p, "weather")...)
		req.Tools = append(req.Tools, model.Tool{Name: "web_search", ServerSide: true})
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		if err != nil {
			if !probe.IsAny(err, probe.Refusals) {
				p.Errorf("%s with a tool of the provider's failed with kind %q", w, string(model.KindOf(err)))
			}
			r.Calls(string(w)+" with a tool of the provider's", 0)
			continue
		}
		for _, t := range r.Prompt(0).Tools {
			if t.Name == "web_search" && t.ServerSide {
				resp = nil
			}
		}
		if resp != nil && !probe.Warned(resp, "tools") {
			p.Errorf("%s lost a tool of the provider's without a warning", w)
		}
	}
}

// serverRound is a call that the provider ran, with its result, in an answer.
func serverRound(isError bool) []model.Part {
	return []model.Part{
		model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`{"q": "Oslo", "n": 2.50}`)},
		model.ServerToolResult{CallID: "s1", Kind: "search_result", IsError: isError, Parts: []model.Part{
			model.Text("One."), model.JSON(`{"b":2.50,"a":9007199254740993}`), model.Text("Two."),
		}},
		model.Text("Found."),
	}
}

func serverResults(p *probe.Probe) {
	for _, isError := range []bool{false, true} {
		parts := serverRound(isError)
		for _, size := range []int{0, 4} {
			p.Each(fake.Reply(parts...).Pieces(size), probe.Ask("Search."), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
				p.Equal(fmt.Sprintf("parts of %s's answer", w), prompt.Plain(resp.Message.Parts), prompt.Plain(parts))
			})
		}
		p.Conserved("a result of the provider's tool in the history", &model.Request{Messages: []model.Message{
			model.User("Search."), model.AssistantParts(parts...), model.User("And now?"),
		}})
	}
}
