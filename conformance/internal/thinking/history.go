package thinking

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func thinkingNotPrinted(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("Hm.", "SEAL-0123456789"), model.Text("Hello.")}
	if p.Subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: []byte("HIDDEN-0123456789")}}, parts...)
	}
	p.Each(fake.Reply(parts...).Pieces(0), p.Think(probe.Ask("Hi")), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		for _, v := range append([]any{resp, resp.Message}, anys(resp.Thinking())...) {
			text := p.Seams.Sprint(v)
			if strings.Contains(text, "SEAL-") || strings.Contains(text, "HIDDEN-") {
				p.Errorf("%s: printing a %T shows a signature or redacted bytes", w, v)
			}
		}
		if strings.Contains(resp.Text(), "SEAL-") || strings.Contains(resp.Text(), "HIDDEN-") {
			p.Errorf("%s: the answer's text shows a signature or redacted bytes", w)
		}
	})
	r := p.Play(fake.Reply(parts...).Pieces(0))
	for ev := range r.Stream(p.Ctx, p.Think(probe.Ask("Hi"))).Events() {
		if text := p.Seams.Sprint(ev); strings.Contains(text, "SEAL-") || strings.Contains(text, "HIDDEN-") {
			p.Errorf("printing an event %v shows a signature or redacted bytes", ev.Kind)
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

func providerNamed(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("Hm.", probe.Signatures[0]), model.Text("Hello.")}
	if p.Subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: probe.Redactions[0]}}, parts...)
	}
	names := map[probe.Way]string{}
	p.Each(fake.Reply(parts...), p.Think(probe.Ask("Hi")), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		if err := laws.Thinking(laws.Observation{Response: resp, Provider: p.Subject.Provider}); err != nil {
			p.Errorf("%s: %v", w, err)
		}
		for _, t := range resp.Thinking() {
			names[w] += t.Provider + " "
		}
	})
	p.Equal("provider named by Stream's thinking, compared with Generate's", names[probe.Stream], names[probe.Generate])
}

func foreignThinking(p *probe.Probe) {
	for i, what := range []string{"signed", "redacted"} {
		block := []model.Thinking{
			{Text: "Hm.", Signature: probe.Signatures[0], Provider: "elsewhere"},
			{Redacted: probe.Redactions[0], Provider: "elsewhere"},
		}[i]
		req := p.Think(&model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(block, model.Text("Hello.")), model.User("And now?"),
		}})
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			for _, part := range got.All(model.RoleAssistant) {
				if t, ok := part.(model.Thinking); ok {
					p.Errorf("%s sent %s thinking of another provider: %s", w, what, show.Part(t))
				}
			}
			if !strings.HasSuffix(got.Text(model.RoleAssistant), "Hello.") {
				p.Errorf("%s lost the text beside %s thinking of another provider", w, what)
			}
			if !probe.Warned(resp, "messages[1].parts[0]") {
				p.Errorf("%s does not warn about messages[1].parts[0], %s thinking of another provider; warnings: %v", w, what, resp.Warnings)
			}
		})
	}
}

func incompleteNotSent(p *probe.Probe) {
	for _, signature := range []string{"", "EqoBCkgIARABGAIiQL2U"} { // one cut off before its signature, one within it
		block := model.Thinking{Text: "Hm, so", Signature: signature, Provider: p.Subject.Provider, Incomplete: true}
		req := p.Think(&model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(block, model.Text("Hello.")), model.User("And now?"),
		}})
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			p.Equal(fmt.Sprintf("the assistant's parts that %s sent", w), got.All(model.RoleAssistant), []model.Part{model.Text("Hello.")})
			if !probe.Warned(resp, "messages[1].parts[0]") {
				p.Errorf("%s left out messages[1].parts[0] without a warning; warnings: %v", w, resp.Warnings)
			}
		})
	}
}

func cutOffIsIncomplete(p *probe.Probe) {
	first, second := probe.SignedBlock("One.", "sig-1"), probe.SignedBlock("Two.", "sig-2")
	turn := fake.Reply(first, second, model.Text("Hello.")).Pieces(0)
	// The events are thinking, signature, done and thinking: the second block
	// lacks its signature.
	r := p.Play(turn.CutAfter(4))
	o := r.Observe(p.Ctx, p.Think(probe.Ask("Hi")))
	e := probe.AsError(o.Err)
	if e == nil || e.Partial == nil {
		p.Fatalf("an answer that was cut off ended with %v, want an error with a Partial", o.Err)
	}
	blocks := e.Partial.Thinking()
	if len(blocks) != 2 {
		p.Fatalf("Partial has %d blocks of thinking, want 2: %s", len(blocks), show.Parts(e.Partial.Message.Parts))
	}
	if blocks[0].Incomplete || blocks[0].Signature != "sig-1" {
		p.Errorf("the block that was complete is %s", show.Part(blocks[0]))
	}
	if !blocks[1].Incomplete || blocks[1].Text != "Two." {
		p.Errorf("the block that was cut off is %s, want it incomplete", show.Part(blocks[1]))
	}
}

func storedThinking(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("Hm – <b>&</b>.", probe.Signatures[3]), model.Text("Hello.")}
	if p.Subject.Capabilities.RedactedThinking {
		parts = append([]model.Part{model.Thinking{Redacted: probe.Redacted(p)[1]}}, parts...)
	}
	for _, w := range probe.Ways {
		r := p.Play(fake.Reply(parts...), fake.Text("ok").Times(2))
		req := p.Think(probe.Ask("Hi"))
		first := r.Answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.Answer(w, req)
		req.Messages = probe.Stored(p, req.Messages)
		r.Answer(w, req)
		p.Equal(fmt.Sprintf("turns that %s sent after they had been stored", w), r.Prompt(2).Turns, r.Prompt(1).Turns)
	}
}

func tagsAreText(p *probe.Probe) {
	const text = "<think>Not a thought.</think> <thinking>Nor this.</thinking> Done."
	for _, size := range []int{0, 1, 4} {
		p.Each(fake.Text(text).Pieces(size), probe.Ask("Hi"), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer", w), resp.Message.Parts, []model.Part{model.Text(text)})
		})
	}
}

func otherPartsUntouched(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Reply(probe.SignedBlock("Hm.", probe.Signatures[0]), model.Text("Hello.")), fake.Text("ok"))
		req := p.Think(&model.Request{Messages: []model.Message{model.System("Be kind."), model.User("Hi")}})
		first := r.Answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.Answer(w, req)
		got := r.Prompt(1)
		p.Equal(fmt.Sprintf("user text that %s sent", w), got.Text(model.RoleUser), "HiAnd now?")
		p.Equal(fmt.Sprintf("system text that %s sent", w), got.SystemText(), "Be kind.")
		p.Equal(fmt.Sprintf("assistant's text that %s sent", w), got.Text(model.RoleAssistant), "Hello.")
		p.Equal(fmt.Sprintf("thinking settings that %s sent", w), got.Thinking, r.Prompt(0).Thinking)
		p.Equal(fmt.Sprintf("number of turns that %s sent", w), len(got.Turns), 3)
	}
}
