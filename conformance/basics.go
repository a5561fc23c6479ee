package conformance

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// ask returns a request of one question.
func ask(text string) *model.Request {
	return &model.Request{Messages: []model.Message{model.User(text)}}
}

func textReply(p *probe) {
	for _, want := range []string{"Hello.", " two  spaces \n", "a\r\nb\tc", "x", " \n"} {
		p.each(fake.Text(want), ask("Hi"), func(w way, resp *model.Response, r *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(want)})
			r.calls(string(w), 1)
		})
	}
}

func emptyReply(p *probe) {
	p.each(fake.Reply(), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		if n := len(resp.Message.Parts); n > 0 {
			p.errorf("%s: an empty answer has %d parts: %s", w, n, describeParts(resp.Message.Parts))
		}
		p.equal(fmt.Sprintf("stop reason of %s's empty answer", w), resp.StopReason, model.StopEndTurn)
	})
}

func partOrder(p *probe) {
	parts := []model.Part{model.Text("First."), call("c1", "look", `{"at":1}`), model.Text("Second."), model.Text("Third."), call("c2", "look", `{"at":2}`)}
	req := withTools(ask("Look."), "look")
	p.each(fake.Reply(parts...), req, func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("parts of %s's answer", w), plainParts(resp.Message.Parts), parts)
	})
}

func assistantRole(p *probe) {
	p.each(fake.Text("Hello."), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("role of %s's answer", w), resp.Message.Role, model.RoleAssistant)
	})
}

func stopReasons(p *probe) {
	reasons := append([]model.StopReason{model.StopEndTurn}, p.subject.Capabilities.StopReasons...)
	for _, want := range reasons {
		if want == model.StopToolUse && !p.subject.Capabilities.Tools {
			continue
		}
		p.each(fake.Text("Hello.").StopReason(want), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, want)
			p.equal(fmt.Sprintf("text of %s's answer with stop reason %q", w, want), resp.Text(), "Hello.")
		})
		if !p.subject.Capabilities.Tools {
			continue
		}
		p.each(fake.Reply(call("c1", "look", `{}`)).StopReason(want), withTools(ask("Look."), "look"), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("stop reason of %s's answer with a call", w), resp.StopReason, want)
		})
	}
}

func unknownStopReason(p *probe) {
	const want = model.StopReason("the_moon_is_full")
	p.each(fake.Text("Howl.").StopReason(want), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, want)
	})
}

func systemMessage(p *probe) {
	const rules = "Answer in rhyme. Never say \"moon\"."
	req := &model.Request{Messages: []model.Message{model.System(rules), model.User("Hi")}}
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("system text that %s sent", w), got.systemText(), rules)
		p.equal(fmt.Sprintf("user text that %s sent", w), got.text(model.RoleUser), "Hi")
	})
}

func systemMessagesInOrder(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.System("One."), model.System("Two."), model.User("Hi"), model.Assistant("Yes?"),
		model.System("Three."), model.User("Go on."),
	}}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		system, user := "One.Two.Three.", "HiGo on."
		if warned(resp, "messages[4]") && got.systemText() == "One.Two." {
			system, user = "One.Two.", "HiThree.Go on." // it kept its place, as the user's words
		}
		p.equal(fmt.Sprintf("system text that %s sent", w), got.systemText(), system)
		p.equal(fmt.Sprintf("user text that %s sent", w), got.text(model.RoleUser), user)
		p.equal(fmt.Sprintf("assistant text that %s sent", w), got.text(model.RoleAssistant), "Yes?")
		if !systemAt(got.Request, "Three.", 2) && !warned(resp, "messages[4]") {
			p.errorf("%s moved messages[4] without a warning that says so; warnings: %v", w, resp.Warnings)
		}
	})
}

// systemAt reports whether a system message stands after n others.
func systemAt(req *model.Request, text string, n int) bool {
	others := 0
	for _, m := range req.Messages {
		if m.Role != model.RoleSystem {
			others++
		} else if strings.Contains(m.Text(), text) {
			return others == n
		}
	}
	return false
}

func rolesAndOrder(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("One? "), model.Assistant("Two. \n"), model.User("\n Three?"), model.Assistant(" Four."), model.User("Five?"),
	}}
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("turns that %s sent", w), got.turns, req.Messages)
	})
}

func adjacentTurns(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("One."), model.User("Two."), model.Assistant("Three."), model.Assistant("Four."), model.User("Five."),
	}}
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("user text that %s sent", w), got.text(model.RoleUser), "One.Two.Five.")
		p.equal(fmt.Sprintf("assistant text that %s sent", w), got.text(model.RoleAssistant), "Three.Four.")
	})
}

func temperature(p *probe) {
	for _, want := range []*float64{nil, new(0.0), new(0.25), new(1.0)} {
		req := ask("Hi")
		req.Temperature = want
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			p.equal(fmt.Sprintf("temperature that %s sent", w), got.Temperature, want)
			p.equal(fmt.Sprintf("top_p that %s sent", w), got.TopP, (*float64)(nil))
		})
	}
}

func topP(p *probe) {
	for _, want := range []*float64{nil, new(0.0), new(0.5), new(1.0)} {
		req := ask("Hi")
		req.TopP = want
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			p.equal(fmt.Sprintf("top_p that %s sent", w), got.TopP, want)
			p.equal(fmt.Sprintf("temperature that %s sent", w), got.Temperature, (*float64)(nil))
		})
	}
}

func topK(p *probe) {
	for _, want := range []int{1, 50} {
		req := ask("Hi")
		req.TopK = want
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			p.equal(fmt.Sprintf("top_k that %s sent", w), got.TopK, want)
		})
	}
}

func maxTokens(p *probe) {
	for _, want := range []int{1, 300, 4096} {
		req := ask("Hi")
		req.MaxTokens = want
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			p.equal(fmt.Sprintf("max_tokens that %s sent", w), got.MaxTokens, want)
		})
	}
}

func stopSequences(p *probe) {
	req := ask("Count.")
	want := []string{"three", "\n\nHuman:", "Ünd", "<end>"} // in no order that sorting gives
	req.StopSequences = slices.Clone(want)
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("stop_sequences that %s sent", w), got.StopSequences, want)
		p.equal(fmt.Sprintf("stop_sequences of the caller after %s", w), req.StopSequences, want)
	})
}

func stopSequencesRefused(p *probe) {
	req := ask("Count.")
	req.StopSequences = []string{"three"}
	p.refused("stop sequences", req, model.ErrUnsupported)
}

func nothingInvented(p *probe) {
	p.sent(ask("Hi"), func(w way, got *prompt, resp *model.Response) {
		blank := *got.Request
		blank.Messages, blank.ProviderOptions = nil, nil
		blank.ToolChoice.Mode = ""
		if blank.MaxTokens > 0 && warned(resp, "max_tokens") {
			blank.MaxTokens = 0 // some providers can't do without
		}
		p.equal(fmt.Sprintf("settings that %s sent for a request without any", w), &blank, &model.Request{})
		p.equal(fmt.Sprintf("system text that %s sent", w), got.systemText(), "")
		p.equal(fmt.Sprintf("turns that %s sent", w), got.turns, []model.Message{model.User("Hi")})
	})
}

func silentWhenFaithful(p *probe) {
	req := &model.Request{Messages: []model.Message{model.System("Be kind."), model.User("Hi")}, MaxTokens: 100}
	p.sent(req, func(w way, _ *prompt, resp *model.Response) {
		if len(resp.Warnings) > 0 {
			p.errorf("%s of a plain request warns: %v", w, resp.Warnings)
		}
	})
}

func unsupportedIsTold(p *probe) {
	for _, c := range []struct {
		field string
		set   func(*model.Request)
	}{
		{"temperature", func(r *model.Request) { r.Temperature = new(0.0) }},
		{"top_p", func(r *model.Request) { r.TopP = new(0.0) }},
		{"top_k", func(r *model.Request) { r.TopK = 7 }},
		{"max_tokens", func(r *model.Request) { r.MaxTokens = 7 }},
		{"temperature and top_p", func(r *model.Request) { r.Temperature, r.TopP = new(0.25), new(0.5) }},
	} {
		for _, w := range ways {
			field, req := c.field, ask("Hi")
			c.set(req)
			r := p.play(fake.Text("ok"))
			resp, err := r.ask(p.ctx, w, req)
			switch {
			case err != nil && !isAny(err, []model.ErrorKind{model.ErrUnsupported}):
				p.errorf("%s with %s failed with kind %q, want none or %q", w, field, string(model.KindOf(err)), string(model.ErrUnsupported))
			case err != nil:
				r.calls(string(w)+" with "+field, 0)
			case resp != nil && !sameSampling(r.prompt(0).Request, req) && !warnedAny(resp):
				p.errorf("%s with %s: the provider got (%s), want (%s) or a warning", w, field, sampling(r.prompt(0).Request), sampling(req))
			}
		}
	}
}

// sameSampling compares what the provider got with what it was asked for. A
// limit that nobody asked for is the concern of BAS-17.
func sameSampling(got, asked *model.Request) bool {
	g := *got
	if asked.MaxTokens == 0 {
		g.MaxTokens = 0
	}
	return sampling(&g) == sampling(asked)
}

func sampling(r *model.Request) string {
	return fmt.Sprintf("temperature %s, top_p %s, top_k %d, max_tokens %d", show(r.Temperature), show(r.TopP), r.TopK, r.MaxTokens)
}

func modelNamed(p *probe) {
	names := map[way]string{}
	p.each(fake.Text("Hello."), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		names[w] = resp.Model
		if want := p.subject.Model; resp.Model == "" || want != "" && resp.Model != want {
			p.errorf("%s's answer names the model %q, want %q", w, resp.Model, cmp.Or(want, "any name"))
		}
	})
	p.equal("model named by Stream, compared with Generate", names[streaming], names[generate])
}

func requestID(p *probe) {
	scripted := func(id string) fake.Turn {
		return fake.Text("Hello.").With(func(r *model.Response) { r.RequestID = id })
	}
	seen := map[bool]way{}
	for _, w := range ways {
		r := p.play(scripted("4f6c0b1e-3a52-4d6e"), scripted("9d0e-2f4a5c1b7e90"))
		first, second := r.answer(w, ask("Hi")).RequestID, r.answer(w, ask("Hi")).RequestID
		if first == "" || first == second {
			p.errorf("%s's answers to two calls have the request ids %q and %q", w, first, second)
		}
		seen[first == "4f6c0b1e-3a52-4d6e" && second == "9d0e-2f4a5c1b7e90"] = w
	}
	if len(seen) > 1 { // some providers make their own ids, none makes them one way only
		p.errorf("%s carries the provider's request id, %s another", seen[true], seen[false])
	}
}

func latency(p *probe) {
	const want = 1234 * time.Millisecond
	turn := fake.Text("Hello.").With(func(r *model.Response) { r.Latency = want })
	p.each(turn, ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("latency of %s's answer", w), resp.Latency, want)
	})
}

func usageExact(p *probe) {
	want := &model.Usage{Known: true, InputTokens: 21, OutputTokens: 34}
	p.each(fake.Text("Hello.").Usage(want), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("usage of %s's answer", w), resp.Usage, want)
	})
}

func usageUnknown(p *probe) {
	p.each(fake.Text("Hello.").Usage(nil), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("usage of %s's answer", w), resp.Usage, new(model.Usage))
	})
}

// rich returns a request that sets what all providers understand and points
// to memory wherever it can, with room behind its slices for others to write.
func rich(tools bool) *model.Request {
	req := &model.Request{
		Messages:    append(make([]model.Message, 0, 8), model.System("Be brief."), model.User("Hi"), model.Assistant("Yes?"), model.User("Go on.")),
		Temperature: new(0.5),
		MaxTokens:   64,
	}
	for i := range req.Messages {
		req.Messages[i].Parts = append(make([]model.Part, 0, 4), req.Messages[i].Parts...)
	}
	if tools {
		withTools(req, "zeta", "alpha")
	}
	return req
}

func requestUnchanged(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("ok").Times(2))
		req := rich(p.subject.Capabilities.Tools)
		before, spare := req.Clone(), req.Messages[:cap(req.Messages)]
		for range 2 {
			r.answer(w, req)
		}
		if !reflect.DeepEqual(req, before) {
			p.errorf("%s changed the request\ngot:  %s\nwant: %s", w, shorten(showJSON(req)), shorten(showJSON(before)))
		}
		for i, m := range spare[len(req.Messages):] {
			if !reflect.DeepEqual(m, model.Message{}) {
				p.errorf("%s wrote behind the caller's messages, at index %d", w, len(req.Messages)+i)
			}
		}
		for i, m := range req.Messages {
			if extra := m.Parts[:cap(m.Parts)][len(m.Parts):]; !reflect.DeepEqual(extra, make([]model.Part, len(extra))) {
				p.errorf("%s wrote behind the parts of messages[%d]", w, i)
			}
		}
	}
}

func requestNotKeptByGenerate(p *probe) {
	r := p.play(fake.Text("ok").Times(2))
	req := rich(false)
	r.answer(generate, req)
	scribble(req)
	r.answer(generate, req)
	p.equal("user text of the second call, after the request was changed", r.prompt(1).text(model.RoleUser), "Changed.")
	p.equal("user text of the first call, as the provider keeps it", r.prompt(0).text(model.RoleUser), "HiGo on.")
	p.equal("temperature of the second call", r.prompt(1).MaxTokens, 65)
}

// scribble makes another request of one, in place. It is as valid as the first
// one, so that nobody who reads it late is saved by refusing it.
func scribble(req *model.Request) {
	for i := range req.Messages {
		for j := range req.Messages[i].Parts {
			req.Messages[i].Parts[j] = model.Text("Scribbled.")
		}
	}
	last := req.Messages[len(req.Messages)-1]
	last.Parts[0] = model.Text("Changed.")
	req.Messages = req.Messages[len(req.Messages)-1:]
	req.MaxTokens++
	if req.Temperature != nil {
		*req.Temperature = 1
	}
	for i := range req.Tools {
		schema := req.Tools[i].InputSchema
		copy(schema, `{"type":"object"`+strings.Repeat(" ", max(0, len(schema)-17))+"}")
		req.Tools[i].Name = fmt.Sprintf("changed%d", i)
	}
}

func requestNotKeptByStream(p *probe) {
	r := p.play(fake.Text("ok"))
	req := rich(p.subject.Capabilities.Tools)
	want := promptOf(req.Clone())
	s := r.stream(p.ctx, req)
	scribble(req)
	if _, err := s.Response(); err != nil {
		p.fatalf("Stream, of a request that was changed after Stream had returned: %v", err)
	}
	got := r.prompt(0)
	p.equal("turns sent, after the request was changed", got.turns, want.turns)
	p.equal("system text sent, after the request was changed", got.systemText(), want.systemText())
	p.equal("temperature sent, after the request was changed", got.Temperature, want.Temperature)
	p.equal("max_tokens sent, after the request was changed", got.MaxTokens, want.MaxTokens)
	p.equal("tools sent, after the request was changed", plainTools(got.Tools), plainTools(want.Tools))
}

func responseOwned(p *probe) {
	turn := fake.Text("Hello.").Usage(&model.Usage{InputTokens: 3, OutputTokens: 4})
	if p.subject.Capabilities.Tools {
		turn = fake.Reply(model.Text("Hello."), call("c1", "look", `{"at":1}`)).Usage(&model.Usage{InputTokens: 3, OutputTokens: 4})
	}
	for _, w := range ways {
		r := p.play(turn.Times(2))
		req := withTools(ask("Hi"), toolsOf(p, "look")...)
		first := r.answer(w, req)
		want := first.Clone()
		for i, part := range first.Message.Parts {
			if c, ok := part.(model.ToolCall); ok && len(c.Input) > 0 {
				c.Input[0] = 'X'
			}
			first.Message.Parts[i] = model.Text("spoilt")
		}
		if first.Usage != nil {
			*first.Usage = model.Usage{}
		}
		second := r.answer(w, req)
		p.equal(fmt.Sprintf("parts of %s's second answer, after the first was changed", w), plainParts(second.Message.Parts), plainParts(want.Message.Parts))
		p.equal(fmt.Sprintf("usage of %s's second answer, after the first was changed", w), second.Usage, want.Usage)
	}
}

func sameRequestSameWire(p *probe) {
	schema := `{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"},"m":{"enum":["x","b"]}},"required":["z","a"]}`
	for _, w := range ways {
		r := p.play(fake.Text("ok").Times(6))
		req := rich(false)
		for _, name := range []string{"zeta", "alpha", "mu", "beta"} {
			req.Tools = append(req.Tools, model.Tool{Name: name, Description: "does " + name, InputSchema: []byte(schema)})
		}
		for range 6 {
			r.answer(w, req)
		}
		first := showJSON(r.prompt(0).Request)
		for i := 1; i < 6; i++ {
			if got := showJSON(r.prompt(i).Request); got != first {
				p.equal(fmt.Sprintf("what %s sent in call %d, compared with call 1 of the same request", w, i+1), got, first)
				break
			}
		}
	}
}

// oddTexts are what careless text handling changes.
var oddTexts = []string{
	"emoji 👩‍👩‍👧‍👦 with joiners", "line\u2028and paragraph\u2029separators", "<b>&amp;</b> \"quoted\" 'single' \\back",
	"e\u0301 is not é", "null \u0000 and escape \u001b", "CR\r\nLF\ttab", "עברית and العربية", "\ufeffmark", "a\u00a0b",
}

func unicodeText(p *probe) {
	for _, want := range oddTexts {
		for _, w := range ways {
			r := p.play(fake.Text(want))
			resp := r.answer(w, ask(want))
			p.equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), want)
			p.equal(fmt.Sprintf("user text that %s sent", w), r.prompt(0).text(model.RoleUser), want)
		}
	}
}

func nilRequest(p *probe) { p.refused("a nil request", nil, model.ErrInvalidRequest) }

// An invalidCase is a request that no provider could accept.
type invalidCase struct {
	what  string
	field string // that the error must name
	req   *model.Request
}

func invalidCases() []invalidCase {
	edited := func(edit func(*model.Request)) *model.Request {
		req := ask("Hi")
		edit(req)
		return req
	}
	parts := func(role model.Role, parts ...model.Part) *model.Request {
		return &model.Request{Messages: []model.Message{model.User("Hi"), {Role: role, Parts: parts}}}
	}
	return []invalidCase{
		{"no messages", "messages", &model.Request{}},
		{"a system message alone", "messages", &model.Request{Messages: []model.Message{model.System("Be kind.")}}},
		{"an unknown role", "role", &model.Request{Messages: []model.Message{{Role: "tool", Parts: []model.Part{model.Text("x")}}}}},
		{"a nil part", "messages[1].parts[0]", parts(model.RoleUser, nil)},
		{"a part that is a pointer", "messages[1].parts[0]", parts(model.RoleUser, new(model.Text))},
		{"thinking of the user's", "messages[1].parts[0]", parts(model.RoleUser, model.Thinking{Text: "x"})},
		{"a tool result of the assistant's", "messages[1].parts[0]", parts(model.RoleAssistant, model.ToolResult{CallID: "x"})},
		{"a tool call whose input is not JSON", "input", parts(model.RoleAssistant, model.ToolCall{ID: "x", Name: "x", Input: []byte("{")})},
		{"an image without data", "messages[1].parts[0]", parts(model.RoleUser, model.Image{MediaType: "image/png"})},
		{"a document with data and text", "messages[1].parts[0]", parts(model.RoleUser, model.Document{Name: "d", Data: []byte("x"), Text: "x"})},
		{"redacted thinking with a text", "messages[1].parts[0]", parts(model.RoleAssistant, model.Thinking{Redacted: []byte("x"), Text: "x"})},
		{"a negative cache lifetime", "ttl", parts(model.RoleUser, model.Text("x"), model.CachePoint{TTL: -1})},
		{"two tools of one name", "tools[1].name", edited(func(r *model.Request) { r.Tools = []model.Tool{{Name: "x"}, {Name: "x"}} })},
		{"a tool without a name", "tools[0].name", edited(func(r *model.Request) { r.Tools = []model.Tool{{}} })},
		{"a schema that is not an object", "input_schema", edited(func(r *model.Request) { r.Tools = []model.Tool{{Name: "x", InputSchema: []byte("[1]")}} })},
		{"a choice of a tool that is not there", "tool_choice", edited(func(r *model.Request) { r.ToolChoice = model.UseTool("x") })},
		{"a choice that does not exist", "tool_choice", edited(func(r *model.Request) { r.ToolChoice.Mode = "maybe" })},
		{"negative max_tokens", "max_tokens", edited(func(r *model.Request) { r.MaxTokens = -1 })},
		{"a temperature that is not a number", "temperature", edited(func(r *model.Request) { r.Temperature = new(math.NaN()) })},
		{"a top_p above 1", "top_p", edited(func(r *model.Request) { r.TopP = new(1.5) })},
		{"an empty stop sequence", "stop_sequences[0]", edited(func(r *model.Request) { r.StopSequences = []string{""} })},
		{"an output without a schema", "output", edited(func(r *model.Request) { r.Output = &model.OutputFormat{} })},
		{"a thinking budget of all tokens", "budget", edited(func(r *model.Request) {
			r.MaxTokens, r.Thinking = 2048, &model.ThinkingConfig{Budget: 2048}
		})},
		{"disabled thinking with a budget", "thinking", edited(func(r *model.Request) {
			r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled, Budget: 2048}
		})},
		{"two settings for one provider", "provider_options[1]", edited(func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{elsewhere{}, elsewhere{}} })},
	}
}

func invalidRequests(p *probe) {
	for _, c := range invalidCases() {
		p.refused(c.what, c.req, model.ErrInvalidRequest)
	}
}

func invalidNamesTheField(p *probe) {
	for _, c := range invalidCases() {
		p.eachFails(fake.Text("this should not have been asked for"), c.req, func(w way, err error, _ *rig) {
			if !strings.Contains(err.Error(), c.field) {
				p.errorf("the error of %s with %s does not name %q: %v", w, c.what, c.field, err)
			}
		})
	}
}

func capabilitiesAgree(p *probe) {
	r := p.play()
	got, ok := model.CapabilitiesOf(r.model)
	if !ok {
		return // a model need not report any
	}
	p.equal("capabilities that the model reports, compared with those claimed", got, p.subject.Capabilities.Capabilities)
}

func countTokens(p *probe) {
	r := p.play()
	short, err := model.CountTokens(p.ctx, r.model, ask("Hi"))
	if err != nil {
		p.fatalf("CountTokens failed: %v", err)
	}
	long, err := model.CountTokens(p.ctx, r.model, ask(strings.Repeat("All work and no play. ", 50)))
	if err != nil {
		p.fatalf("CountTokens failed: %v", err)
	}
	if short <= 0 || long <= short {
		p.errorf("CountTokens gives %d tokens for \"Hi\" and %d for fifty sentences", short, long)
	}
	r.calls("CountTokens", 0)
	if _, err := model.CountTokens(p.ctx, r.model, nil); model.KindOf(err) != model.ErrInvalidRequest {
		p.errorf("CountTokens(nil) = %v, want an error of kind %q", err, string(model.ErrInvalidRequest))
	}
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	if _, err := model.CountTokens(ctx, r.model, ask("Hi")); model.KindOf(err) != model.ErrCanceled {
		p.errorf("CountTokens with a cancelled context = %v, want an error of kind %q", err, string(model.ErrCanceled))
	}
}

func countTokensRefused(p *probe) {
	r := p.play()
	n, err := model.CountTokens(p.ctx, r.model, ask("Hi"))
	if model.KindOf(err) != model.ErrUnsupported {
		p.errorf("CountTokens = %d, %v, want an error of kind %q", n, err, string(model.ErrUnsupported))
	}
	r.calls("CountTokens", 0)
}

// elsewhere is the settings of a provider that nobody is.
type elsewhere struct{}

func (elsewhere) OptionsFor() string                  { return "elsewhere" }
func (elsewhere) CloneOptions() model.ProviderOptions { return elsewhere{} }
func foreignSettings(p *probe) {
	req := ask("Hi")
	req.ProviderOptions = []model.ProviderOptions{elsewhere{}}
	p.each(fake.Text("ok"), req, func(w way, resp *model.Response, r *rig) {
		p.equal(fmt.Sprintf("turns that %s sent", w), r.prompt(0).turns, req.Messages)
	})
}

func foreignBlocks(p *probe) {
	req := &model.Request{Messages: []model.Message{
		model.User("Hi"),
		model.AssistantParts(model.Text("Yes?"), model.Opaque{Provider: "elsewhere", Kind: "hologram", Data: []byte(`{"x":1}`)}),
		model.User("Go on."),
	}}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("assistant's parts that %s sent", w), got.all(model.RoleAssistant), []model.Part{model.Text("Yes?")})
		if !warned(resp, "messages[1].parts[1]") {
			p.errorf("%s dropped messages[1].parts[1] without a warning that says so; warnings: %v", w, resp.Warnings)
		}
	})
}

func citedText() model.CitedText {
	return model.CitedText{Text: "It rains in Oslo.", Citations: []model.Citation{
		{Title: "Weather", Quotes: []string{"Rain is expected – all day."}, Location: model.CitationLocation{Kind: model.LocationChar, Start: 3, End: 29}},
		{Title: "Almanac", Quotes: []string{"Mostly rain."}, Location: model.CitationLocation{Kind: model.LocationPage, Index: 1, Start: 2, End: 3}},
	}}
}

func citationsKept(p *probe) {
	parts := []model.Part{model.Text("See: "), citedText()}
	p.each(fake.Reply(parts...), ask("Weather?"), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, parts)
		p.equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), "See: It rains in Oslo.")
	})
}

func citationsRoundTrip(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Reply(citedText()), fake.Text("ok"))
		req := ask("Weather?")
		first := r.answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And tomorrow?"))
		resp := r.answer(w, req)
		p.equal(fmt.Sprintf("assistant's text that %s sent back", w), r.prompt(1).text(model.RoleAssistant), citedText().Text)
		if !warned(resp, "messages[1].parts[0]") {
			p.equal(fmt.Sprintf("the answer that %s sent back", w), r.prompt(1).all(model.RoleAssistant), []model.Part{citedText()})
		}
	}
}

func secondCallFresh(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("one"), fake.Text("two"))
		r.answer(w, rich(p.subject.Capabilities.Tools))
		resp := r.answer(w, ask("Anew."))
		p.equal(fmt.Sprintf("text of %s's second answer", w), resp.Text(), "two")
		got := r.prompt(1)
		p.equal(fmt.Sprintf("turns of %s's second call", w), got.turns, []model.Message{model.User("Anew.")})
		p.equal(fmt.Sprintf("system text of %s's second call", w), got.systemText(), "")
		if got.Temperature != nil || len(got.Tools) > 0 {
			p.errorf("%s's second call has settings of the first: temperature %s, %d tools", w, show(got.Temperature), len(got.Tools))
		}
	}
}
