package conformance

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func call(id, name, input string) model.ToolCall {
	return model.ToolCall{ID: id, Name: name, Input: json.RawMessage(input)}
}

const objectSchema = `{"type":"object","properties":{"city":{"type":"string"},"at":{"type":"integer"}}}`

// withTools adds tools of the given names to a request.
func withTools(req *model.Request, names ...string) *model.Request {
	for _, name := range names {
		req.Tools = append(req.Tools, model.Tool{Name: name, Description: "The tool " + name + ".", InputSchema: json.RawMessage(objectSchema)})
	}
	return req
}

// toolsOf returns names if the subject has tools, none otherwise.
func toolsOf(p *probe, names ...string) []string {
	if p.subject.Capabilities.Tools {
		return names
	}
	return nil
}

// answers checks that an answer of the given parts arrives as that, both ways
// and in pieces.
func (p *probe) answers(req *model.Request, parts ...model.Part) {
	for _, size := range []int{0, 1, 5} {
		p.each(fake.Reply(parts...).Pieces(size), req, func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer", w), plainParts(resp.Message.Parts), plainParts(parts))
		})
	}
}

// replays checks that a provider gets a message back as it has sent it: asks
// for it, each way, appends it to the history with what follows, and looks at
// what the second call sends.
func (p *probe) replays(req *model.Request, parts []model.Part, then ...model.Message) {
	for _, w := range ways {
		r := p.play(fake.Reply(parts...).Pieces(5), fake.Text("ok"))
		first := r.answer(w, req)
		next := req.Clone()
		next.Messages = append(append(next.Messages, first.Message), answering(first, parts, then)...)
		resp := r.answer(w, next)
		p.equal(fmt.Sprintf("the answer that %s sent back", w), r.prompt(1).all(model.RoleAssistant), plainParts(parts))
		p.silent(w, resp)
	}
}

// silent notes a symptom if an answer warns of anything.
func (p *probe) silent(w way, resp *model.Response) {
	if len(resp.Warnings) > 0 {
		p.errorf("%s warns although all was expressed: %v", w, resp.Warnings)
	}
}

// answering returns messages with results that refer to the calls of an answer
// by the ids that arrived, where these are not those that the provider gave.
func answering(resp *model.Response, said []model.Part, then []model.Message) []model.Message {
	given, arrived := model.Message{Parts: said}.ToolCalls(), resp.ToolCalls()
	ids := map[string]string{}
	for i := range min(len(given), len(arrived)) {
		ids[given[i].ID] = arrived[i].ID
	}
	var all []model.Message
	for _, m := range then {
		m = m.Clone()
		for i, p := range m.Parts {
			if r, ok := p.(model.ToolResult); ok && ids[r.CallID] != "" {
				r.CallID = ids[r.CallID]
				m.Parts[i] = r
			}
		}
		all = append(all, m)
	}
	return all
}

func callArrives(p *probe) {
	p.answers(withTools(ask("Weather?"), "weather"), call("toolu_01AbC-_9", "weather", `{"city":"Oslo"}`))
}

func noArguments(p *probe) {
	req := withTools(ask("Time?"), "now")
	p.each(fake.Reply(call("c1", "now", "")), req, func(w way, resp *model.Response, _ *rig) {
		calls := resp.ToolCalls()
		if len(calls) != 1 {
			p.fatalf("%s's answer has %d calls, want 1", w, len(calls))
		}
		if in := string(calls[0].Input); in != "" && in != "{}" || calls[0].InvalidInput != "" {
			p.errorf("%s: the input of a call without arguments is %s, want {}", w, showInput(calls[0].Input, calls[0].InvalidInput))
		}
	})
}

func inputPieces(p *probe) {
	const input = `{"text":"line\nbreak \"quoted\" \u00fc ü 👩‍🚀","list":[1,true,null,{"a":[]}],"n":-1.5e-7}`
	req := withTools(ask("Note."), "note")
	for _, size := range []int{1, 2, 3, 7, 64} {
		p.each(fake.Reply(call("c1", "note", input)).Pieces(size), req, func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer in pieces of %d bytes", w, size), plainParts(resp.Message.Parts), []model.Part{call("c1", "note", input)})
		})
	}
}

// exactInputs are what careless handling of JSON changes.
var exactInputs = []string{
	`{"id":9007199254740993,"huge":123456789012345678901234567890}`,
	`{"price":2.50,"e":1e2,"neg":-0,"tiny":1E-10}`,
	`{"zebra":1,"alpha":2,"mike":{"y":1,"x":2}}`,
	`{"html":"<a href=\"x\">&amp;</a>","slash":"a\/b","esc":"\u003c\u00e9"}`,
	`{"empty":"","null":null,"list":[],"object":{}}`,
	`{"dup":1,"text":"\ud83d\ude80 🚀"}`,
	"{ \"space\" : [ 1,\n\t2 ] }",
}

func inputByteForByte(p *probe) {
	for _, input := range exactInputs {
		req := withTools(ask("Note."), "note")
		p.each(fake.Reply(call("c1", "note", input)), req, func(w way, resp *model.Response, _ *rig) {
			if calls := resp.ToolCalls(); len(calls) == 1 {
				p.equal(fmt.Sprintf("input of %s's call", w), string(calls[0].Input), input)
				return
			}
			p.errorf("%s's answer has %d calls, want 1", w, len(resp.ToolCalls()))
		})
	}
}

func parallelCalls(p *probe) {
	p.answers(withTools(ask("Weather?"), "weather", "time"),
		call("c1", "weather", `{"city":"Oslo"}`), call("c2", "time", `{"at":2}`), call("c3", "weather", `{"city":"Rome"}`))
}

func sameToolTwice(p *probe) {
	p.answers(withTools(ask("Roll two dice."), "roll"), call("c1", "roll", `{"at":6}`), call("c2", "roll", `{"at":6}`))
}

func textAndCall(p *probe) {
	p.answers(withTools(ask("Weather?"), "weather"), model.Text("Let me look."), call("c1", "weather", `{"city":"Oslo"}`))
}

func stopIsToolUse(p *probe) {
	p.each(fake.Calls(call("c1", "weather", `{}`)), withTools(ask("Weather?"), "weather"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopToolUse)
	})
}

func invalidInput(p *probe) {
	const text = `{"city":"Os`
	turn := fake.Events(
		model.Event{Kind: model.EventToolCall, Part: model.ToolCall{ID: "c1", Name: "weather"}},
		model.Event{Kind: model.EventToolInput, Text: text[:4]},
		model.Event{Kind: model.EventToolInput, Text: text[4:]},
		model.Event{Kind: model.EventPartDone},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopToolUse}},
	)
	r := p.play(turn)
	o := r.observe(p.ctx, withTools(ask("Weather?"), "weather"))
	if o.Err != nil {
		p.fatalf("Stream of a call with invalid input failed: %v", o.Err)
	}
	p.equal("parts of Stream's answer", o.Response.Message.Parts, []model.Part{model.ToolCall{ID: "c1", Name: "weather", InvalidInput: text}})
}

func invalidInputInHistory(p *probe) {
	req := withTools(ask("Weather?"), "weather")
	req.Messages = append(req.Messages,
		model.AssistantParts(model.ToolCall{ID: "c1", Name: "weather", InvalidInput: `{"city":"Os`}),
		model.ToolResults(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("That was not JSON.")}}))
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		calls := model.Message{Parts: got.all(model.RoleAssistant)}.ToolCalls()
		if len(calls) != 1 || calls[0].ID != "c1" {
			p.errorf("%s sent the assistant's turn as %s, want the call", w, describeParts(got.all(model.RoleAssistant)))
			return
		}
		if !strings.Contains(calls[0].InvalidInput+string(calls[0].Input), "Os") && !warned(resp, "messages[1]") {
			p.errorf("%s lost the text of a call with invalid input without a warning", w)
		}
	})
}

// toolTurn returns the history after one round of tools: a question, calls,
// and what results make of them.
func toolTurn(calls []model.Part, results ...model.ToolResult) *model.Request {
	req := ask("Weather?")
	names := map[string]bool{}
	for _, part := range calls {
		if c, ok := part.(model.ToolCall); ok && !names[c.Name] {
			names[c.Name] = true
			withTools(req, c.Name)
		}
	}
	req.Messages = append(req.Messages, model.AssistantParts(calls...), model.ToolResults(results...))
	return req
}

func textResult(id, text string) model.ToolResult {
	return model.ToolResult{CallID: id, Parts: []model.Part{model.Text(text)}}
}

func callRoundTrip(p *probe) {
	for _, input := range exactInputs {
		parts := []model.Part{model.Text("Let me look."), call("toolu_01AbC-_9", "weather", input)}
		p.replays(withTools(ask("Weather?"), "weather"), parts, model.ToolResults(textResult("toolu_01AbC-_9", "Rain.")))
	}
	p.replays(withTools(ask("Weather?"), "weather"), []model.Part{call("c1", "weather", "")}, model.ToolResults(textResult("c1", "Rain.")))
}

func resultRoundTrip(p *probe) {
	want := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Rain, "), model.Text(" then sun.\n")}}
	p.sent(toolTurn([]model.Part{call("c1", "weather", `{"city":"Oslo"}`)}, want), func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("the turn of the result that %s sent", w), got.last(), []model.Part{want})
		p.silent(w, resp)
	})
}

func parallelResults(p *probe) {
	results := []model.ToolResult{textResult("c1", "Rain."), textResult("c2", "Noon."), textResult("c3", "Sun.")}
	req := toolTurn([]model.Part{call("c1", "weather", `{"city":"Oslo"}`), call("c2", "time", `{}`), call("c3", "weather", `{"city":"Rome"}`)}, results...)
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("the turn of the results that %s sent", w), got.last(), []model.Part{results[0], results[1], results[2]})
	})
}

func errorResult(p *probe) {
	for _, isError := range []bool{true, false} {
		result := textResult("c1", "The station is closed.")
		result.IsError = isError
		p.sent(toolTurn([]model.Part{call("c1", "weather", `{"city":"Oslo"}`)}, result), func(w way, got *prompt, resp *model.Response) {
			sent := results(got)
			if len(sent) != 1 {
				p.fatalf("%s sent %d results, want 1", w, len(sent))
			}
			if sent[0].IsError != isError && !warned(resp, "messages[2]") {
				p.errorf("%s sent a result with error=%v, want %v or a warning", w, sent[0].IsError, isError)
			}
			p.equal(fmt.Sprintf("parts of the result that %s sent", w), sent[0].Parts, result.Parts)
		})
	}
}

// results returns the tool results that the provider got.
func results(got *prompt) []model.ToolResult {
	var all []model.ToolResult
	for _, part := range got.all(model.RoleUser) {
		if r, ok := part.(model.ToolResult); ok {
			all = append(all, r)
		}
	}
	return all
}

func emptyResult(p *probe) {
	for i, what := range []string{"no parts", "an empty text"} {
		parts := [][]model.Part{nil, {model.Text("")}}[i]
		req := toolTurn([]model.Part{call("c1", "note", `{}`)}, model.ToolResult{CallID: "c1", Parts: parts})
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			sent := results(got)
			if len(sent) != 1 || sent[0].CallID != "c1" {
				p.errorf("%s of a result with %s sent %s, want the result", w, what, describeParts(got.last()))
				return
			}
			if len(saidParts(sent[0].Parts)) > 0 && !warned(resp, "messages[2]") {
				p.errorf("%s made up %s for a result with %s, without a warning", w, describeParts(sent[0].Parts), what)
			}
		})
	}
}

func jsonResult(p *probe) {
	for _, value := range exactInputs {
		result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.JSON(value)}}
		want := result
		if p.subject.Capabilities.JSONAsText {
			want.Parts = []model.Part{model.Text(value)}
		}
		p.sent(toolTurn([]model.Part{call("c1", "note", `{}`)}, result), func(w way, got *prompt, resp *model.Response) {
			p.equal(fmt.Sprintf("the result that %s sent", w), got.last(), []model.Part{want})
			p.silent(w, resp)
		})
	}
}

func choiceAuto(p *probe) {
	for _, mode := range []model.ToolMode{model.ToolsDefault, model.ToolsAuto} {
		req := withTools(ask("Weather?"), "weather", "time")
		req.ToolChoice.Mode = mode
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			p.equal(fmt.Sprintf("tool choice that %s sent", w), got.choice(), model.ToolChoice{Mode: model.ToolsAuto})
			p.equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 2)
			p.silent(w, resp)
		})
	}
}

func choiceAny(p *probe) {
	req := withTools(ask("Weather?"), "weather", "time")
	req.ToolChoice.Mode = model.ToolsAny
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("tool choice that %s sent", w), got.choice(), req.ToolChoice)
		p.silent(w, resp)
	})
}

func choiceNamed(p *probe) {
	req := withTools(ask("Weather?"), "weather", "time")
	req.ToolChoice = model.UseTool("time")
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("tool choice that %s sent", w), got.choice(), req.ToolChoice)
		p.equal(fmt.Sprintf("number of tools that %s sent", w), len(got.Tools), 2)
		p.silent(w, resp)
	})
}

func choiceNone(p *probe) {
	req := withTools(ask("Weather?"), "weather")
	req.ToolChoice.Mode = model.ToolsNone
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		if got.ToolChoice.Mode != model.ToolsNone && len(got.Tools) > 0 {
			p.errorf("%s with tool choice none sent %d tools and the choice %q", w, len(got.Tools), got.ToolChoice.Mode)
		}
	})
}

func oneAtATime(p *probe) {
	for _, w := range ways {
		req := withTools(ask("Weather?"), "weather")
		req.ToolChoice.Parallel = new(false)
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		switch {
		case err != nil:
			p.toldUnsupported(w, err, r)
		case p.sentOneAtATime(r) || warned(resp, "tool_choice"):
		default:
			p.errorf("%s lost the wish for one call at a time without a warning", w)
		}
	}
}

func (p *probe) sentOneAtATime(r *rig) bool {
	parallel := r.prompt(0).ToolChoice.Parallel
	return parallel != nil && !*parallel
}

// toldUnsupported checks that a call was refused as unsupported before
// anything was sent.
func (p *probe) toldUnsupported(w way, err error, r *rig) {
	if !isAny(err, []model.ErrorKind{model.ErrUnsupported}) {
		p.errorf("%s failed with kind %q, want %q: %v", w, string(model.KindOf(err)), string(model.ErrUnsupported), err)
	}
	r.calls(string(w)+" of an unsupported request", 0)
}

func schemaByteForByte(p *probe) {
	for _, schema := range []string{
		`{"type":"object","required":["b","a"],"properties":{"b":{"enum":["x","<y>&"]},"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"number","multipleOf":0.10}},"additionalProperties":false}`,
		`{"type":"object","properties":{"n":{"type":"integer","maximum":9007199254740993,"default":1.0}},"additionalProperties":false}`,
		"{ \"type\": \"object\",\n  \"properties\": { \"a\": { \"type\": \"string\" } },\n  \"additionalProperties\": false }",
	} {
		req := ask("Hi")
		req.Tools = []model.Tool{{Name: "t", Description: "d", InputSchema: json.RawMessage(schema)}}
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			if len(got.Tools) != 1 {
				p.fatalf("%s sent %d tools, want 1", w, len(got.Tools))
			}
			p.equal(fmt.Sprintf("schema that %s sent", w), string(got.Tools[0].InputSchema), schema)
		})
	}
}

func toolsInOrder(p *probe) {
	req := withTools(ask("Hi"), "zeta", "alpha", "mu_2", "Beta-3")
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("tools that %s sent", w), plainTools(got.Tools), plainTools(req.Tools))
	})
}

func noSchema(p *probe) {
	req := ask("Hi")
	req.Tools = []model.Tool{{Name: "now", Description: "The time."}}
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		if len(got.Tools) != 1 || got.Tools[0].Name != "now" {
			p.fatalf("%s sent %d tools, want the one", w, len(got.Tools))
		}
		var schema struct{ Properties map[string]any }
		if raw := got.Tools[0].InputSchema; len(raw) > 0 && (json.Unmarshal(raw, &schema) != nil || len(schema.Properties) > 0) {
			p.errorf("%s sent the schema %s for a tool without one", w, showText(string(raw)))
		}
	})
}

func strictTool(p *probe) {
	for _, strict := range []*bool{nil, new(true), new(false)} {
		for _, w := range ways {
			req := ask("Hi")
			req.Tools = []model.Tool{{Name: "t", Description: "d", InputSchema: json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`), Strict: strict}}
			r := p.play(fake.Text("ok"))
			resp, err := r.ask(p.ctx, w, req)
			if err != nil {
				p.toldUnsupported(w, err, r)
				continue
			}
			if got := r.prompt(0).Tools; len(got) != 1 || show(got[0].Strict) != show(strict) && !warned(resp, "tools[0]") {
				p.errorf("%s of a tool with strict=%s sent %s, want the same or a warning", w, show(strict), show(got))
			}
		}
	}
}

func serverTools(p *probe) {
	const input = `{"q": "Oslo", "n": 2.50}`
	parts := []model.Part{
		model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(input)},
		model.Text("Found."),
	}
	p.each(fake.Reply(parts...), ask("Search."), func(w way, resp *model.Response, _ *rig) {
		if n := len(resp.ToolCalls()); n > 0 {
			p.errorf("%s offers %d calls to run that the provider runs itself", w, n)
		}
		if len(resp.Message.Parts) != 2 {
			p.fatalf("%s's answer is %s, want the call and the text", w, describeParts(resp.Message.Parts))
		}
		c, ok := resp.Message.Parts[0].(model.ServerToolCall)
		if !ok || c.ID != "s1" || c.Name != "search" || c.Kind != "server_tool_use" || string(c.Input) != input {
			p.errorf("%s's answer begins with %s, want %s", w, describePart(resp.Message.Parts[0]), describePart(parts[0]))
		}
	})
}

func longLoop(p *probe) {
	const rounds = 8
	var turns []fake.Turn
	for i := range rounds {
		turns = append(turns, fake.Reply(model.Text(fmt.Sprintf("Step %d.", i)), call(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))))
	}
	for _, w := range ways {
		r := p.play(append(append([]fake.Turn(nil), turns...), fake.Text("Done."))...)
		req := withTools(ask("Go."), "step")
		for i := range rounds {
			resp := r.answer(w, req)
			result := textResult(fmt.Sprintf("c%d", i), fmt.Sprintf("done %d", i))
			if calls := resp.ToolCalls(); len(calls) == 1 && p.subject.Capabilities.OwnIDs {
				result.CallID = calls[0].ID
			}
			req.Messages = append(req.Messages, resp.Message, model.ToolResults(result))
		}
		r.answer(w, req)
		got := r.prompt(rounds)
		p.equal(fmt.Sprintf("turns of %s's last call", w), got.turns, promptOf(req).turns)
	}
}

func distinctIDs(p *probe) {
	turn := fake.Reply(call("", "roll", `{"at":1}`), call("", "roll", `{"at":2}`))
	p.each(turn, withTools(ask("Roll."), "roll"), func(w way, resp *model.Response, _ *rig) {
		calls := resp.ToolCalls()
		if len(calls) != 2 {
			p.fatalf("%s's answer has %d calls, want 2", w, len(calls))
		}
		if calls[0].ID == "" || calls[0].ID == calls[1].ID {
			p.errorf("%s's calls have the ids %q and %q", w, calls[0].ID, calls[1].ID)
		}
	})
}

func toolsRefused(p *probe) {
	p.refused("tools", withTools(ask("Hi"), "weather"), model.ErrUnsupported)
}

// notSilent checks that a request is refused as unsupported or expressed with
// a warning about a field.
func (p *probe) notSilent(what, field string, req *model.Request) {
	for _, w := range ways {
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		switch {
		case err != nil:
			p.toldUnsupported(w, err, r)
		case !warned(resp, field):
			p.errorf("%s with %s neither failed with %q nor warned about %s; warnings: %v", w, what, string(model.ErrUnsupported), field, resp.Warnings)
		}
	}
}

func forcedToolsRefused(p *probe) {
	req := withTools(ask("Hi"), "weather")
	req.ToolChoice.Mode = model.ToolsAny
	p.notSilent("tool choice any", "tool_choice", req)
	req.ToolChoice = model.UseTool("weather")
	p.notSilent("tool choice named", "tool_choice", req)
}

func forcedWhileThinking(p *probe) {
	req := p.think(withTools(ask("Hi"), "weather"))
	req.ToolChoice.Mode = model.ToolsAny
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("tool choice that %s sent", w), got.choice(), req.ToolChoice)
		if got.Thinking == nil {
			p.errorf("%s lost the wish to think", w)
		}
		p.silent(w, resp)
	})
}

func forcedWhileThinkingRefused(p *probe) {
	req := p.think(withTools(ask("Hi"), "weather"))
	req.ToolChoice.Mode = model.ToolsAny
	p.notSilent("tool choice any while thinking", "tool_choice", req)
}
