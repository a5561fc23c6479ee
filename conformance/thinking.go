package conformance

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// signatures are what careless handling of text changes: padding, characters
// that JSON or HTML escape, white space at the ends, one byte, thousands.
var signatures = []string{
	"EqoBCkgIARABGAIiQL2UoU0b1OHYi+yCHpBY7U6FQW8/8rocLewocaJQPa2HEQ==",
	"ErcBCkgI/w+==\n",
	" leading and trailing ",
	"<sig>&\"quoted\"\\u003d</sig>",
	"=",
	"ünïcode-✓",
	strings.Repeat("Ab9+/", 800) + "=",
}

func signedBlock(text, signature string) model.Thinking {
	return model.Thinking{Text: text, Signature: signature}
}

func thinkingApart(p *probe) {
	const thought, said = "The user wants a greeting.", "Hello."
	parts := []model.Part{signedBlock(thought, signatures[0]), model.Text(said)}
	p.each(fake.Reply(parts...), p.think(ask("Hi")), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), said)
		if blocks := resp.Thinking(); len(blocks) != 1 {
			p.errorf("%s's answer has %d blocks of thinking, want 1", w, len(blocks))
		} else {
			p.equal(fmt.Sprintf("thinking of %s's answer", w), blocks[0].Text, thought)
		}
	})
	r := p.play(fake.Reply(parts...))
	var text strings.Builder
	for piece := range r.stream(p.ctx, p.think(ask("Hi"))).Text() {
		text.WriteString(piece)
	}
	p.equal("what Text yields", text.String(), said)
}

func signatureArrives(p *probe) {
	for _, sig := range signatures {
		p.each(fake.Reply(signedBlock("Hm.", sig), model.Text("Hello.")), p.think(ask("Hi")), func(w way, resp *model.Response, _ *rig) {
			if blocks := resp.Thinking(); len(blocks) == 1 {
				p.equal(fmt.Sprintf("signature of %s's answer", w), blocks[0].Signature, sig)
			} else {
				p.errorf("%s's answer has %d blocks of thinking, want 1", w, len(blocks))
			}
		})
	}
}

func signatureInPieces(p *probe) {
	for _, size := range []int{1, 2, 7, 30} {
		parts := []model.Part{signedBlock("Hm, let me see.", signatures[0]), model.Text("Hello.")}
		p.streams(fmt.Sprintf("pieces of %d bytes", size), fake.Reply(parts...).Pieces(size), p.think(ask("Hi")), parts)
	}
}

func signatureRoundTrip(p *probe) {
	for _, sig := range signatures {
		p.replays(p.think(ask("Hi")), []model.Part{signedBlock("Hm.", sig), model.Text("Hello.")}, model.User("And now?"))
	}
}

func thinkingTextRoundTrip(p *probe) {
	for _, text := range append([]string{" leading", "trailing \n", "a\n\nb", "x"}, oddTexts...) {
		p.replays(p.think(ask("Hi")), []model.Part{signedBlock(text, signatures[0]), model.Text("Hello.")}, model.User("And now?"))
	}
}

func signatureOnly(p *probe) {
	parts := []model.Part{signedBlock("", signatures[0]), model.Text("Hello.")}
	p.answers(p.think(ask("Hi")), parts...)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func twoBlocks(p *probe) {
	parts := []model.Part{signedBlock("First.", signatures[0]), signedBlock("Second.", signatures[3]), model.Text("Hello.")}
	p.answers(p.think(ask("Hi")), parts...)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func thinkingBeforeCall(p *probe) {
	parts := []model.Part{signedBlock("I need the weather.", signatures[0]), call("c1", "weather", `{"city":"Oslo"}`)}
	req := p.think(withTools(ask("Weather?"), "weather"))
	p.answers(req, parts...)
	p.replays(req, parts, model.ToolResults(textResult("c1", "Rain.")))
}

func interleavedThinking(p *probe) {
	parts := []model.Part{
		signedBlock("First the weather.", signatures[0]), call("c1", "weather", `{"city":"Oslo"}`),
		signedBlock("Then the time.", signatures[3]), call("c2", "time", `{}`),
	}
	req := p.think(withTools(ask("Weather?"), "weather", "time"))
	p.answers(req, parts...)
	p.replays(req, parts, model.ToolResults(textResult("c1", "Rain."), textResult("c2", "Noon.")))
}

func thinkingAfterText(p *probe) {
	parts := []model.Part{signedBlock("Hm.", signatures[0]), model.Text("Hello."), signedBlock("Was that all?", signatures[3]), model.Text(" Bye.")}
	p.answers(p.think(ask("Hi")), parts...)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func thinkingLongLoop(p *probe) {
	const rounds = 6
	var turns []fake.Turn
	for i := range rounds {
		turns = append(turns, fake.Reply(
			signedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d-%s", i, signatures[i%len(signatures)])),
			call(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))))
	}
	for _, w := range ways {
		r := p.play(append(append([]fake.Turn(nil), turns...), fake.Text("Done."))...)
		req := p.think(withTools(ask("Go."), "step"))
		for i := range rounds {
			resp := r.answer(w, req)
			req.Messages = append(req.Messages, resp.Message, model.ToolResults(textResult(fmt.Sprintf("c%d", i), "ok")))
		}
		r.answer(w, req)
		for n := 1; n <= rounds; n++ {
			got := r.prompt(n).all(model.RoleAssistant)
			for i := range n {
				want := signedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d-%s", i, signatures[i%len(signatures)]))
				if len(got) != 2*n {
					p.fatalf("call %d by %s sent %d parts of the assistant, want %d", n+1, w, len(got), 2*n)
				}
				p.equal(fmt.Sprintf("thinking of turn %d in call %d by %s", i+1, n+1, w), got[2*i], model.Part(want))
			}
		}
	}
}

func streamThenGenerate(p *probe) {
	parts := []model.Part{signedBlock("Hm.", signatures[0]), model.Text("Hello.")}
	for _, order := range [][2]way{{streaming, generate}, {generate, streaming}} {
		r := p.play(fake.Reply(parts...).Pieces(3), fake.Text("ok"))
		req := p.think(ask("Hi"))
		first := r.answer(order[0], req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.answer(order[1], req)
		p.equal(fmt.Sprintf("the answer by %s that %s sent back", order[0], order[1]), r.prompt(1).all(model.RoleAssistant), parts)
	}
}

func longThinking(p *probe) {
	parts := []model.Part{
		signedBlock(strings.Repeat("On the one hand – on the other. ", 500), strings.Repeat(signatures[0], 200)),
		model.Text("Hello."),
	}
	p.answersOnce(p.think(ask("Hi")), fake.Reply(parts...).Pieces(101), parts)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func (p *probe) answersOnce(req *model.Request, turn fake.Turn, parts []model.Part) {
	p.each(turn, req, func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("parts of %s's answer", w), plainParts(resp.Message.Parts), plainParts(parts))
	})
}

func unsignedThinking(p *probe) {
	p.answers(p.think(ask("Hi")), model.Thinking{Text: "Hm."}, model.Text("Hello."))
}

func unsignedRoundTrip(p *probe) {
	block := model.Thinking{Text: "Hm."}
	for _, w := range ways {
		r := p.play(fake.Reply(block, model.Text("Hello.")), fake.Text("ok"))
		req := p.think(ask("Hi"))
		first := r.answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		resp := r.answer(w, req)
		got := r.prompt(1).all(model.RoleAssistant)
		if warned(resp, "messages[1].parts[0]") {
			p.equal(fmt.Sprintf("the answer without its thinking that %s sent back", w), got, []model.Part{model.Text("Hello.")})
			continue
		}
		p.equal(fmt.Sprintf("the answer that %s sent back", w), got, []model.Part{block, model.Text("Hello.")})
	}
}

// redactions are what careless handling of bytes changes.
var redactions = [][]byte{
	[]byte("EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7vB9URj2pLmN3kF8="),
	{0, 1, 2, 0xff, 0xfe, 0x80, 'a', 0, '\n', 0xc3},
	[]byte(base64.StdEncoding.EncodeToString([]byte("already base64"))),
	[]byte(" \n"),
	[]byte(strings.Repeat("\xf0\x9f\x00", 500)),
}

// redactions returns those that the provider's format has a place for.
func (p *probe) redactions() [][]byte {
	if !p.subject.Capabilities.RedactedText {
		return redactions
	}
	texts := slices.Clone(redactions)
	for i, data := range texts {
		if !utf8.Valid(data) {
			texts[i] = base64.StdEncoding.AppendEncode(nil, data)
		}
	}
	return texts
}

func redactedArrives(p *probe) {
	for _, data := range p.redactions() {
		p.answers(p.think(ask("Hi")), model.Thinking{Redacted: data}, model.Text("Hello."))
	}
}

func redactedRoundTrip(p *probe) {
	for _, data := range p.redactions() {
		p.replays(p.think(ask("Hi")), []model.Part{model.Thinking{Redacted: data}, model.Text("Hello.")}, model.User("And now?"))
	}
}

func redactedBlocksApart(p *probe) {
	redactions := p.redactions()
	parts := []model.Part{
		model.Thinking{Redacted: redactions[0]}, model.Thinking{Redacted: redactions[1]}, model.Thinking{Redacted: redactions[0]}, model.Text("Hello."),
	}
	p.answers(p.think(ask("Hi")), parts...)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func redactedAmongSigned(p *probe) {
	parts := []model.Part{
		signedBlock("First.", signatures[0]), model.Thinking{Redacted: p.redactions()[1]}, signedBlock("Third.", signatures[3]), model.Text("Hello."),
	}
	p.answers(p.think(ask("Hi")), parts...)
	p.replays(p.think(ask("Hi")), parts, model.User("And now?"))
}

func thinkingNotPrinted(p *probe) {
	parts := []model.Part{signedBlock("Hm.", "SEAL-0123456789"), model.Text("Hello.")}
	if p.subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: []byte("HIDDEN-0123456789")}}, parts...)
	}
	p.each(fake.Reply(parts...).Pieces(0), p.think(ask("Hi")), func(w way, resp *model.Response, _ *rig) {
		for _, v := range append([]any{resp, resp.Message}, anys(resp.Thinking())...) {
			text := p.seams.sprint(v)
			if strings.Contains(text, "SEAL-") || strings.Contains(text, "HIDDEN-") {
				p.errorf("%s: printing a %T shows a signature or redacted bytes", w, v)
			}
		}
		if strings.Contains(resp.Text(), "SEAL-") || strings.Contains(resp.Text(), "HIDDEN-") {
			p.errorf("%s: the answer's text shows a signature or redacted bytes", w)
		}
	})
	r := p.play(fake.Reply(parts...).Pieces(0))
	for ev := range r.stream(p.ctx, p.think(ask("Hi"))).Events() {
		if text := p.seams.sprint(ev); strings.Contains(text, "SEAL-") || strings.Contains(text, "HIDDEN-") {
			p.errorf("printing an event %v shows a signature or redacted bytes", ev.Kind)
		}
	}
}

func anys[T any](all []T) []any {
	var out []any
	for _, v := range all {
		out = append(out, v)
	}
	return out
}

func providerNamed(p *probe) {
	parts := []model.Part{signedBlock("Hm.", signatures[0]), model.Text("Hello.")}
	if p.subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: redactions[0]}}, parts...)
	}
	names := map[way]string{}
	p.each(fake.Reply(parts...), p.think(ask("Hi")), func(w way, resp *model.Response, _ *rig) {
		if err := CheckThinking(Observation{Response: resp, Provider: p.subject.Provider}); err != nil {
			p.errorf("%s: %v", w, err)
		}
		for _, t := range resp.Thinking() {
			names[w] += t.Provider + " "
		}
	})
	p.equal("provider named by Stream's thinking, compared with Generate's", names[streaming], names[generate])
}

func foreignThinking(p *probe) {
	for i, what := range []string{"signed", "redacted"} {
		block := []model.Thinking{
			{Text: "Hm.", Signature: signatures[0], Provider: "elsewhere"},
			{Redacted: redactions[0], Provider: "elsewhere"},
		}[i]
		req := p.think(&model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(block, model.Text("Hello.")), model.User("And now?"),
		}})
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			for _, part := range got.all(model.RoleAssistant) {
				if t, ok := part.(model.Thinking); ok {
					p.errorf("%s sent %s thinking of another provider: %s", w, what, describePart(t))
				}
			}
			if !strings.HasSuffix(got.text(model.RoleAssistant), "Hello.") {
				p.errorf("%s lost the text beside %s thinking of another provider", w, what)
			}
			if !warned(resp, "messages[1].parts[0]") {
				p.errorf("%s does not warn about messages[1].parts[0], %s thinking of another provider; warnings: %v", w, what, resp.Warnings)
			}
		})
	}
}

func incompleteNotSent(p *probe) {
	for _, signature := range []string{"", "EqoBCkgIARABGAIiQL2U"} { // cut off before its signature, and within it
		block := model.Thinking{Text: "Hm, so", Signature: signature, Provider: p.subject.Provider, Incomplete: true}
		req := p.think(&model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(block, model.Text("Hello.")), model.User("And now?"),
		}})
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			p.equal(fmt.Sprintf("the assistant's parts that %s sent", w), got.all(model.RoleAssistant), []model.Part{model.Text("Hello.")})
			if !warned(resp, "messages[1].parts[0]") {
				p.errorf("%s left out messages[1].parts[0] without a warning; warnings: %v", w, resp.Warnings)
			}
		})
	}
}

func cutOffIsIncomplete(p *probe) {
	first, second := signedBlock("One.", "sig-1"), signedBlock("Two.", "sig-2")
	turn := fake.Reply(first, second, model.Text("Hello.")).Pieces(0)
	// thinking, signature, done; thinking: the second block lacks its signature.
	r := p.play(turn.CutAfter(4))
	o := r.observe(p.ctx, p.think(ask("Hi")))
	e := asError(o.Err)
	if e == nil || e.Partial == nil {
		p.fatalf("an answer that was cut off ended with %v, want an error with a Partial", o.Err)
	}
	blocks := e.Partial.Thinking()
	if len(blocks) != 2 {
		p.fatalf("Partial has %d blocks of thinking, want 2: %s", len(blocks), describeParts(e.Partial.Message.Parts))
	}
	if blocks[0].Incomplete || blocks[0].Signature != "sig-1" {
		p.errorf("the block that was complete is %s", describePart(blocks[0]))
	}
	if !blocks[1].Incomplete || blocks[1].Text != "Two." {
		p.errorf("the block that was cut off is %s, want it incomplete", describePart(blocks[1]))
	}
}

func storedThinking(p *probe) {
	parts := []model.Part{signedBlock("Hm – <b>&</b>.", signatures[3]), model.Text("Hello.")}
	if p.subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: p.redactions()[1]}}, parts...)
	}
	for _, w := range ways {
		r := p.play(fake.Reply(parts...), fake.Text("ok").Times(2))
		req := p.think(ask("Hi"))
		first := r.answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.answer(w, req)
		req.Messages = p.stored(req.Messages)
		r.answer(w, req)
		p.equal(fmt.Sprintf("turns that %s sent after they had been stored", w), r.prompt(2).turns, r.prompt(1).turns)
	}
}

// stored returns what is left of messages that were stored as JSON.
func (p *probe) stored(messages []model.Message) []model.Message {
	data, err := p.seams.marshal(messages)
	if err != nil {
		p.fatalf("the messages have no JSON form: %v", err)
	}
	var again []model.Message
	if err := p.seams.unmarshal(data, &again); err != nil {
		p.fatalf("the messages' JSON can't be read: %v", err)
	}
	return again
}

func tagsAreText(p *probe) {
	const text = "<think>Not a thought.</think> <thinking>Nor this.</thinking> Done."
	for _, size := range []int{0, 1, 4} {
		p.each(fake.Text(text).Pieces(size), ask("Hi"), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(text)})
		})
	}
}

func thinkingBudget(p *probe) {
	req := ask("Hi")
	req.Thinking, req.MaxTokens = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 3000}, 9000
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if warned(resp, "thinking") {
			return
		}
		if got.Thinking == nil || got.Thinking.Budget != 3000 {
			p.errorf("%s sent the thinking settings %s, want a budget of 3000 or a warning", w, show(got.Thinking))
		}
		p.equal(fmt.Sprintf("max_tokens that %s sent", w), got.MaxTokens, 9000)
	})
}

func thinkingEffort(p *probe) {
	for _, effort := range []string{"low", "high"} {
		req := ask("Hi")
		req.Thinking = &model.ThinkingConfig{Effort: effort}
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			if !warned(resp, "thinking") && (got.Thinking == nil || got.Thinking.Effort != effort) {
				p.errorf("%s sent the thinking settings %s, want the effort %q or a warning", w, show(got.Thinking), effort)
			}
		})
	}
}

func thinkingDisabled(p *probe) {
	req := ask("Hi")
	req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	p.sent(req, func(w way, got *prompt, resp *model.Response) {
		if got.Thinking != nil && got.Thinking.Mode == model.ThinkingDisabled || warned(resp, "thinking") {
			return
		}
		p.errorf("%s sent the thinking settings %s, want it disabled or a warning", w, show(got.Thinking))
	})
}

func thinkingNotAskedFor(p *probe) {
	p.sent(ask("Hi"), func(w way, got *prompt, _ *model.Response) {
		p.equal(fmt.Sprintf("thinking settings that %s sent", w), got.Thinking, (*model.ThinkingConfig)(nil))
	})
}

func thinkingRefused(p *probe) {
	for _, config := range []model.ThinkingConfig{{Mode: model.ThinkingEnabled}, {Budget: 2048}, {Effort: "high"}, {Mode: model.ThinkingAdaptive}} {
		req := ask("Hi")
		req.Thinking = &config
		p.refused("thinking "+showJSON(config), req, model.ErrUnsupported)
	}
	req := ask("Hi")
	req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	p.each(fake.Text("ok"), req, func(way, *model.Response, *rig) {})
}

func otherPartsUntouched(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Reply(signedBlock("Hm.", signatures[0]), model.Text("Hello.")), fake.Text("ok"))
		req := p.think(&model.Request{Messages: []model.Message{model.System("Be kind."), model.User("Hi")}})
		first := r.answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.answer(w, req)
		got := r.prompt(1)
		p.equal(fmt.Sprintf("user text that %s sent", w), got.text(model.RoleUser), "HiAnd now?")
		p.equal(fmt.Sprintf("system text that %s sent", w), got.systemText(), "Be kind.")
		p.equal(fmt.Sprintf("assistant's text that %s sent", w), got.text(model.RoleAssistant), "Hello.")
		p.equal(fmt.Sprintf("thinking settings that %s sent", w), got.Thinking, r.prompt(0).Thinking)
		p.equal(fmt.Sprintf("number of turns that %s sent", w), len(got.turns), 3)
	}
}
