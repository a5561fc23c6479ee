package conformance

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func manyTools(p *probe) {
	req := ask("Hi")
	for i := range 64 {
		withTools(req, fmt.Sprintf("tool_%d", (i*37)%64)) // in no order that sorting gives
	}
	req.Tools[5].Description = longText(4 << 10)
	p.conserved("64 tools, one with a description of 4 KiB", req)
}

func largeResult(p *probe) {
	p.conserved("a tool result of 1 MiB", toolTurn([]model.Part{call("c1", "read", `{"at":1}`)}, textResult("c1", longText(1<<20))))
}

func longIDs(p *probe) {
	a, b := strings.Repeat("toolu_0123456789", 4), strings.Repeat("toolu_0123456789", 3)+"toolu_9876543210"
	p.answers(withTools(ask("Look."), "look"), call(a, "look", `{"at":1}`))
	p.conserved("calls with ids of 64 characters", toolTurn([]model.Part{call(a, "look", `{"at":1}`), call(b, "look", `{"at":2}`)},
		textResult(a, "One."), textResult(b, "Two.")))
}

func twelveCalls(p *probe) {
	var calls []model.Part
	var results []model.ToolResult
	for i := range 12 {
		id := fmt.Sprintf("c%02d", (i*7)%12) // in no order
		calls = append(calls, call(id, "look", fmt.Sprintf(`{"at":%d}`, i)))
		results = append(results, textResult(id, fmt.Sprintf("Seen %d.", i)))
	}
	p.answers(withTools(ask("Look."), "look"), calls...)
	p.conserved("twelve calls and their results", toolTurn(calls, results...))
}

// mixed returns the history after one round of tools whose last turn has the
// given parts.
func mixed(parts ...model.Part) *model.Request {
	req := withTools(ask("Weather?"), "weather")
	req.Messages = append(req.Messages, model.AssistantParts(call("c1", "weather", `{"city":"Oslo"}`)), model.UserParts(parts...))
	return req
}

func textBehindResult(p *probe) {
	p.conserved("text behind a tool result", mixed(textResult("c1", "Rain."), model.Text("And tomorrow?")), func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("user text that %s sent", w), got.text(model.RoleUser), "Weather?And tomorrow?")
		last := got.last()
		if n := len(last); n < 2 || last[n-1] != model.Part(model.Text("And tomorrow?")) {
			p.errorf("%s sent %s, want the text at the end", w, describeParts(last))
		}
	})
}

func textBeforeResult(p *probe) {
	p.conserved("text in front of a tool result", mixed(model.Text("Here it is:"), textResult("c1", "Rain.")))
	p.conserved("text between tool results", func() *model.Request {
		req := toolTurn([]model.Part{call("c1", "weather", `{}`), call("c2", "weather", `{}`)})
		req.Messages[2] = model.UserParts(textResult("c1", "Rain."), model.Text("and"), textResult("c2", "Sun."))
		return req
	}())
}

func toolHistoryAlone(p *probe) {
	req := toolTurn([]model.Part{model.Text("Let me look."), call("c1", "weather", `{"city":"Oslo"}`)}, textResult("c1", "Rain."))
	req.Messages = append(req.Messages, model.Assistant("It rains."), model.User("Thanks. And now?"))
	req.Tools = nil
	p.conserved("calls and results in the history, no tools on offer", req)
	failed := with(req, func(r *model.Request) {
		r.Messages[2].Parts[0] = model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("Closed.")}}
	})
	p.conserved("a failed call in the history, no tools on offer", failed)
	if p.claims(capImages) {
		p.conserved("a result with an image in the history, no tools on offer", with(req, func(r *model.Request) {
			r.Messages[2].Parts[0] = model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Map:"), model.Image{MediaType: "image/png", Data: pixel}}}
		}))
	}
}

func noneKeepsHistory(p *probe) {
	req := toolTurn([]model.Part{call("c1", "weather", `{"city":"Oslo"}`)}, textResult("c1", "Rain."))
	req.ToolChoice.Mode = model.ToolsNone
	p.conserved("tool choice none with calls in the history", req, func(w way, got *prompt, resp *model.Response) {
		if (conserved{warnings: resp.Warnings}).toldAny("messages") {
			return
		}
		calls := model.Message{Parts: got.all(model.RoleAssistant)}.ToolCalls()
		if len(calls) != 1 || len(results(got)) != 1 {
			p.errorf("%s with tool choice none sent %d calls and %d results of the history, want 1 and 1 or a warning", w, len(calls), len(results(got)))
		}
	})
}

func parallelBesideForced(p *probe) {
	for _, parallel := range []bool{true, false} {
		for _, choice := range []model.ToolChoice{{Mode: model.ToolsAuto}, {Mode: model.ToolsAny}, model.UseTool("time")} {
			req := withTools(ask("Weather?"), "weather", "time")
			req.ToolChoice = choice
			req.ToolChoice.Parallel = &parallel
			p.conserved(fmt.Sprintf("tool choice %s with parallel=%v", choice.Mode, parallel), req)
		}
	}
}

func serverToolsOffered(p *probe) {
	for _, w := range ways {
		req := withTools(ask("Search."), toolsOf(p, "weather")...)
		req.Tools = append(req.Tools, model.Tool{Name: "web_search", ServerSide: true})
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		if err != nil {
			if !isAny(err, refusals) {
				p.errorf("%s with a tool of the provider's failed with kind %q", w, string(model.KindOf(err)))
			}
			r.calls(string(w)+" with a tool of the provider's", 0)
			continue
		}
		for _, t := range r.prompt(0).Tools {
			if t.Name == "web_search" && t.ServerSide {
				resp = nil
			}
		}
		if resp != nil && !warned(resp, "tools") {
			p.errorf("%s lost a tool of the provider's without a warning", w)
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

func serverResults(p *probe) {
	for _, isError := range []bool{false, true} {
		parts := serverRound(isError)
		for _, size := range []int{0, 4} {
			p.each(fake.Reply(parts...).Pieces(size), ask("Search."), func(w way, resp *model.Response, _ *rig) {
				p.equal(fmt.Sprintf("parts of %s's answer", w), plainParts(resp.Message.Parts), plainParts(parts))
			})
		}
		p.conserved("a result of the provider's tool in the history", &model.Request{Messages: []model.Message{
			model.User("Search."), model.AssistantParts(parts...), model.User("And now?"),
		}})
	}
}
