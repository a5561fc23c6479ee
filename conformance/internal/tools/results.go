package tools

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func callRoundTrip(p *probe.Probe) {
	for _, input := range probe.ExactInputs {
		parts := []model.Part{model.Text("Let me look."), probe.ToolCall("toolu_01AbC-_9", "weather", input)}
		p.Replays(probe.WithTools(probe.Ask("Weather?"), "weather"), parts, model.ToolResults(probe.TextResult("toolu_01AbC-_9", "Rain.")))
	}
	p.Replays(probe.WithTools(probe.Ask("Weather?"), "weather"), []model.Part{probe.ToolCall("c1", "weather", "")}, model.ToolResults(probe.TextResult("c1", "Rain.")))
}

func resultRoundTrip(p *probe.Probe) {
	want := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Rain, "), model.Text(" then sun.\n")}}
	p.Sent(probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}, want), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("the turn of the result that %s sent", w), got.Last(), []model.Part{want})
		p.Silent(w, resp)
	})
}

func parallelResults(p *probe.Probe) {
	results := []model.ToolResult{probe.TextResult("c1", "Rain."), probe.TextResult("c2", "Noon."), probe.TextResult("c3", "Sun.")}
	req := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`), probe.ToolCall("c2", "time", `{}`), probe.ToolCall("c3", "weather", `{"city":"Rome"}`)}, results...)
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		p.Equal(fmt.Sprintf("the turn of the results that %s sent", w), got.Last(), []model.Part{results[0], results[1], results[2]})
	})
}

func errorResult(p *probe.Probe) {
	for _, isError := range []bool{true, false} {
		result := probe.TextResult("c1", "The station is closed.")
		result.IsError = isError
		p.Sent(probe.ToolTurn([]model.Part{probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}, result), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			sent := results(got)
			if len(sent) != 1 {
				p.Fatalf("%s sent %d results, want 1", w, len(sent))
			}
			if sent[0].IsError != isError && !probe.Warned(resp, "messages[2]") {
				p.Errorf("%s sent a result with error=%v, want %v or a warning", w, sent[0].IsError, isError)
			}
			p.Equal(fmt.Sprintf("parts of the result that %s sent", w), sent[0].Parts, result.Parts)
		})
	}
}

// results returns the tool results that the provider got.
func results(got *prompt.Prompt) []model.ToolResult {
	var all []model.ToolResult
	for _, part := range got.All(model.RoleUser) {
		if r, ok := part.(model.ToolResult); ok {
			all = append(all, r)
		}
	}
	return all
}

func emptyResult(p *probe.Probe) {
	for i, what := range []string{"no parts", "an empty text"} {
		parts := [][]model.Part{nil, {model.Text("")}}[i]
		req := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "note", `{}`)}, model.ToolResult{CallID: "c1", Parts: parts})
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			sent := results(got)
			if len(sent) != 1 || sent[0].CallID != "c1" {
				p.Errorf("%s of a result with %s sent %s, want the result", w, what, show.Parts(got.Last()))
				return
			}
			if len(laws.SaidParts(sent[0].Parts)) > 0 && !probe.Warned(resp, "messages[2]") {
				p.Errorf("%s made up %s for a result with %s, without a warning", w, show.Parts(sent[0].Parts), what)
			}
		})
	}
}

func jsonResult(p *probe.Probe) {
	for _, value := range probe.ExactInputs {
		result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.JSON(value)}}
		want := result
		if p.Subject.Capabilities.JSONAsText {
			want.Parts = []model.Part{model.Text(value)}
		}
		p.Sent(probe.ToolTurn([]model.Part{probe.ToolCall("c1", "note", `{}`)}, result), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			p.Equal(fmt.Sprintf("the result that %s sent", w), got.Last(), []model.Part{want})
			p.Silent(w, resp)
		})
	}
}

func longLoop(p *probe.Probe) {
	const rounds = 8
	var turns []fake.Turn
	for i := range rounds {
		turns = append(turns, fake.Reply(model.Text(fmt.Sprintf("Step %d.", i)), probe.ToolCall(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))))
	}
	for _, w := range probe.Ways {
		r := p.Play(append(append([]fake.Turn(nil), turns...), fake.Text("Done."))...)
		req := probe.WithTools(probe.Ask("Go."), "step")
		for i := range rounds {
			resp := r.Answer(w, req)
			result := probe.TextResult(fmt.Sprintf("c%d", i), fmt.Sprintf("done %d", i))
			if calls := resp.ToolCalls(); len(calls) == 1 && p.Subject.Capabilities.OwnIDs {
				result.CallID = calls[0].ID
			}
			req.Messages = append(req.Messages, resp.Message, model.ToolResults(result))
		}
		r.Answer(w, req)
		got := r.Prompt(rounds)
		p.Equal(fmt.Sprintf("turns of %s's last call", w), got.Turns, prompt.Of(req).Turns)
	}
}

func largeResult(p *probe.Probe) {
	p.Conserved("a tool result of 1 MiB", probe.ToolTurn([]model.Part{probe.ToolCall("c1", "read", `{"at":1}`)}, probe.TextResult("c1", probe.LongText(1<<20))))
}
