package thinking

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func thinkingApart(p *probe.Probe) {
	const thought, said = "The user wants a greeting.", "Hello."
	parts := []model.Part{probe.SignedBlock(thought, probe.Signatures[0]), model.Text(said)}
	p.Each(fake.Reply(parts...), p.Think(probe.Ask("Hi")), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("text of %s's answer", w), resp.Text(), said)
		if blocks := resp.Thinking(); len(blocks) != 1 {
			p.Errorf("%s's answer has %d blocks of thinking, want 1", w, len(blocks))
		} else {
			p.Equal(fmt.Sprintf("thinking of %s's answer", w), blocks[0].Text, thought)
		}
	})
	r := p.Play(fake.Reply(parts...))
	var text strings.Builder
	for piece := range r.Stream(p.Ctx, p.Think(probe.Ask("Hi"))).Text() {
		text.WriteString(piece)
	}
	p.Equal("what Text yields", text.String(), said)
}

func signatureArrives(p *probe.Probe) {
	for _, sig := range probe.Signatures {
		p.Each(fake.Reply(probe.SignedBlock("Hm.", sig), model.Text("Hello.")), p.Think(probe.Ask("Hi")), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			if blocks := resp.Thinking(); len(blocks) == 1 {
				p.Equal(fmt.Sprintf("signature of %s's answer", w), blocks[0].Signature, sig)
			} else {
				p.Errorf("%s's answer has %d blocks of thinking, want 1", w, len(blocks))
			}
		})
	}
}

func signatureInPieces(p *probe.Probe) {
	for _, size := range []int{1, 2, 7, 30} {
		parts := []model.Part{probe.SignedBlock("Hm, let me see.", probe.Signatures[0]), model.Text("Hello.")}
		p.Streams(fmt.Sprintf("pieces of %d bytes", size), fake.Reply(parts...).Pieces(size), p.Think(probe.Ask("Hi")), parts)
	}
}

func signatureRoundTrip(p *probe.Probe) {
	for _, sig := range probe.Signatures {
		p.Replays(p.Think(probe.Ask("Hi")), []model.Part{probe.SignedBlock("Hm.", sig), model.Text("Hello.")}, model.User("And now?"))
	}
}

func thinkingTextRoundTrip(p *probe.Probe) {
	for _, text := range append([]string{" leading", "trailing \n", "a\n\nb", "x"}, probe.OddTexts...) {
		p.Replays(p.Think(probe.Ask("Hi")), []model.Part{probe.SignedBlock(text, probe.Signatures[0]), model.Text("Hello.")}, model.User("And now?"))
	}
}

func signatureOnly(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("", probe.Signatures[0]), model.Text("Hello.")}
	p.Answers(p.Think(probe.Ask("Hi")), parts...)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}

func twoBlocks(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("First.", probe.Signatures[0]), probe.SignedBlock("Second.", probe.Signatures[3]), model.Text("Hello.")}
	p.Answers(p.Think(probe.Ask("Hi")), parts...)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}

func thinkingBeforeCall(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("I need the weather.", probe.Signatures[0]), probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)}
	req := p.Think(probe.WithTools(probe.Ask("Weather?"), "weather"))
	p.Answers(req, parts...)
	p.Replays(req, parts, model.ToolResults(probe.TextResult("c1", "Rain.")))
}

func interleavedThinking(p *probe.Probe) {
	parts := []model.Part{
		probe.SignedBlock("First the weather.", probe.Signatures[0]), probe.ToolCall("c1", "weather", `{"city":"Oslo"}`),
		probe.SignedBlock("Then the time.", probe.Signatures[3]), probe.ToolCall("c2", "time", `{}`),
	}
	req := p.Think(probe.WithTools(probe.Ask("Weather?"), "weather", "time"))
	p.Answers(req, parts...)
	p.Replays(req, parts, model.ToolResults(probe.TextResult("c1", "Rain."), probe.TextResult("c2", "Noon.")))
}

func thinkingAfterText(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("Hm.", probe.Signatures[0]), model.Text("Hello."), probe.SignedBlock("Was that all?", probe.Signatures[3]), model.Text(" Bye.")}
	p.Answers(p.Think(probe.Ask("Hi")), parts...)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}

func thinkingLongLoop(p *probe.Probe) {
	const rounds = 6
	var turns []fake.Turn
	for i := range rounds {
		turns = append(turns, fake.Reply(
			probe.SignedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d-%s", i, probe.Signatures[i%len(probe.Signatures)])),
			probe.ToolCall(fmt.Sprintf("c%d", i), "step", fmt.Sprintf(`{"at":%d}`, i))))
	}
	for _, w := range probe.Ways {
		r := p.Play(append(append([]fake.Turn(nil), turns...), fake.Text("Done."))...)
		req := p.Think(probe.WithTools(probe.Ask("Go."), "step"))
		for i := range rounds {
			resp := r.Answer(w, req)
			req.Messages = append(req.Messages, resp.Message, model.ToolResults(probe.TextResult(fmt.Sprintf("c%d", i), "ok")))
		}
		r.Answer(w, req)
		for n := 1; n <= rounds; n++ {
			got := r.Prompt(n).All(model.RoleAssistant)
			for i := range n {
				want := probe.SignedBlock(fmt.Sprintf("Thought %d.", i), fmt.Sprintf("sig-%d-%s", i, probe.Signatures[i%len(probe.Signatures)]))
				if len(got) != 2*n {
					p.Fatalf("call %d by %s sent %d parts of the assistant, want %d", n+1, w, len(got), 2*n)
				}
				p.Equal(fmt.Sprintf("thinking of turn %d in call %d by %s", i+1, n+1, w), got[2*i], model.Part(want))
			}
		}
	}
}

func streamThenGenerate(p *probe.Probe) {
	parts := []model.Part{probe.SignedBlock("Hm.", probe.Signatures[0]), model.Text("Hello.")}
	for _, order := range [][2]probe.Way{{probe.Stream, probe.Generate}, {probe.Generate, probe.Stream}} {
		r := p.Play(fake.Reply(parts...).Pieces(3), fake.Text("ok"))
		req := p.Think(probe.Ask("Hi"))
		first := r.Answer(order[0], req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		r.Answer(order[1], req)
		p.Equal(fmt.Sprintf("the answer by %s that %s sent back", order[0], order[1]), r.Prompt(1).All(model.RoleAssistant), parts)
	}
}

func longThinking(p *probe.Probe) {
	parts := []model.Part{
		probe.SignedBlock(strings.Repeat("On the one hand – on the other. ", 500), strings.Repeat(probe.Signatures[0], 200)),
		model.Text("Hello."),
	}
	answersOnce(p, p.Think(probe.Ask("Hi")), fake.Reply(parts...).Pieces(101), parts)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}

func answersOnce(p *probe.Probe, req *model.Request, turn fake.Turn, parts []model.Part) {
	p.Each(turn, req, func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("parts of %s's answer", w), prompt.Plain(resp.Message.Parts), prompt.Plain(parts))
	})
}
