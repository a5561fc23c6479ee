package tools

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func callArrives(p *probe.Probe) {
	p.Answers(probe.WithTools(probe.Ask("Weather?"), "weather"), probe.ToolCall("toolu_01AbC-_9", "weather", `{"city":"Oslo"}`))
}

func noArguments(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Time?"), "now")
	p.Each(fake.Reply(probe.ToolCall("c1", "now", "")), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		calls := resp.ToolCalls()
		if len(calls) != 1 {
			p.Fatalf("%s's answer has %d calls, want 1", w, len(calls))
		}
		if in := string(calls[0].Input); in != "" && in != "{}" || calls[0].InvalidInput != "" {
			p.Errorf("%s: the input of a call without arguments is %s, want {}", w, show.Input(calls[0].Input, calls[0].InvalidInput))
		}
	})
}

func inputPieces(p *probe.Probe) {
	const input = `{"text":"line\nbreak \"quoted\" \u00fc ü 👩‍🚀","list":[1,true,null,{"a":[]}],"n":-1.5e-7}`
	req := probe.WithTools(probe.Ask("Note."), "note")
	for _, size := range []int{1, 2, 3, 7, 64} {
		p.Each(fake.Reply(probe.ToolCall("c1", "note", input)).Pieces(size), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer in pieces of %d bytes", w, size), prompt.Plain(resp.Message.Parts), []model.Part{probe.ToolCall("c1", "note", input)})
		})
	}
}

func inputByteForByte(p *probe.Probe) {
	for _, input := range probe.ExactInputs {
		req := probe.WithTools(probe.Ask("Note."), "note")
		p.Each(fake.Reply(probe.ToolCall("c1", "note", input)), req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			if calls := resp.ToolCalls(); len(calls) == 1 {
				p.Equal(fmt.Sprintf("input of %s's call", w), string(calls[0].Input), input)
				return
			}
			p.Errorf("%s's answer has %d calls, want 1", w, len(resp.ToolCalls()))
		})
	}
}

func parallelCalls(p *probe.Probe) {
	p.Answers(probe.WithTools(probe.Ask("Weather?"), "weather", "time"),
		probe.ToolCall("c1", "weather", `{"city":"Oslo"}`), probe.ToolCall("c2", "time", `{"at":2}`), probe.ToolCall("c3", "weather", `{"city":"Rome"}`))
}

func sameToolTwice(p *probe.Probe) {
	p.Answers(probe.WithTools(probe.Ask("Roll two dice."), "roll"), probe.ToolCall("c1", "roll", `{"at":6}`), probe.ToolCall("c2", "roll", `{"at":6}`))
}

func textAndCall(p *probe.Probe) {
	p.Answers(probe.WithTools(probe.Ask("Weather?"), "weather"), model.Text("Let me look."), probe.ToolCall("c1", "weather", `{"city":"Oslo"}`))
}

func stopIsToolUse(p *probe.Probe) {
	p.Each(fake.Calls(probe.ToolCall("c1", "weather", `{}`)), probe.WithTools(probe.Ask("Weather?"), "weather"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopToolUse)
	})
}

func invalidInput(p *probe.Probe) {
	const text = `{"city":"Os`
	turn := fake.Events(
		model.Event{Kind: model.EventToolCall, Part: model.ToolCall{ID: "c1", Name: "weather"}},
		model.Event{Kind: model.EventToolInput, Text: text[:4]},
		model.Event{Kind: model.EventToolInput, Text: text[4:]},
		model.Event{Kind: model.EventPartDone},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopToolUse}},
	)
	r := p.Play(turn)
	o := r.Observe(p.Ctx, probe.WithTools(probe.Ask("Weather?"), "weather"))
	if o.Err != nil {
		p.Fatalf("Stream of a call with invalid input failed: %v", o.Err)
	}
	p.Equal("parts of Stream's answer", o.Response.Message.Parts, []model.Part{model.ToolCall{ID: "c1", Name: "weather", InvalidInput: text}})
}

func invalidInputInHistory(p *probe.Probe) {
	req := probe.WithTools(probe.Ask("Weather?"), "weather")
	req.Messages = append(req.Messages,
		model.AssistantParts(model.ToolCall{ID: "c1", Name: "weather", InvalidInput: `{"city":"Os`}),
		model.ToolResults(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("That was not JSON.")}}))
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		calls := model.Message{Parts: got.All(model.RoleAssistant)}.ToolCalls()
		if len(calls) != 1 || calls[0].ID != "c1" {
			p.Errorf("%s sent the assistant's turn as %s, want the call", w, show.Parts(got.All(model.RoleAssistant)))
			return
		}
		if !strings.Contains(calls[0].InvalidInput+string(calls[0].Input), "Os") && !probe.Warned(resp, "messages[1]") {
			p.Errorf("%s lost the text of a call with invalid input without a warning", w)
		}
	})
}

func distinctIDs(p *probe.Probe) {
	turn := fake.Reply(probe.ToolCall("", "roll", `{"at":1}`), probe.ToolCall("", "roll", `{"at":2}`))
	p.Each(turn, probe.WithTools(probe.Ask("Roll."), "roll"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		calls := resp.ToolCalls()
		if len(calls) != 2 {
			p.Fatalf("%s's answer has %d calls, want 2", w, len(calls))
		}
		if calls[0].ID == "" || calls[0].ID == calls[1].ID {
			p.Errorf("%s's calls have the ids %q and %q", w, calls[0].ID, calls[1].ID)
		}
	})
}

func longIDs(p *probe.Probe) {
	a, b := strings.Repeat("toolu_0123456789", 4), strings.Repeat("toolu_0123456789", 3)+"toolu_9876543210"
	p.Answers(probe.WithTools(probe.Ask("Look."), "look"), probe.ToolCall(a, "look", `{"at":1}`))
	p.Conserved("calls with ids of 64 characters", probe.ToolTurn([]model.Part{probe.ToolCall(a, "look", `{"at":1}`), probe.ToolCall(b, "look", `{"at":2}`)},
		probe.TextResult(a, "One."), probe.TextResult(b, "Two.")))
}

func twelveCalls(p *probe.Probe) {
	var calls []model.Part
	var results []model.ToolResult
	for i := range 12 {
		id := fmt.Sprintf("c%02d", (i*7)%12) // in no sorted order
		calls = append(calls, probe.ToolCall(id, "look", fmt.Sprintf(`{"at":%d}`, i)))
		results = append(results, probe.TextResult(id, fmt.Sprintf("Seen %d.", i)))
	}
	p.Answers(probe.WithTools(probe.Ask("Look."), "look"), calls...)
	p.Conserved("twelve calls and their results", probe.ToolTurn(calls, results...))
}
