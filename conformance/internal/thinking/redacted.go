package thinking

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func unsignedThinking(p *probe.Probe) {
	p.Answers(p.Think(probe.Ask("Hi")), model.Thinking{Text: "Hm."}, model.Text("Hello."))
}

func unsignedRoundTrip(p *probe.Probe) {
	block := model.Thinking{Text: "Hm."}
	for _, w := range probe.Ways {
		r := p.Play(fake.Reply(block, model.Text("Hello.")), fake.Text("ok"))
		req := p.Think(probe.Ask("Hi"))
		first := r.Answer(w, req)
		req.Messages = append(req.Messages, first.Message, model.User("And now?"))
		resp := r.Answer(w, req)
		got := r.Prompt(1).All(model.RoleAssistant)
		if probe.Warned(resp, "messages[1].parts[0]") {
			p.Equal(fmt.Sprintf("the answer without its thinking that %s sent back", w), got, []model.Part{model.Text("Hello.")})
			continue
		}
		p.Equal(fmt.Sprintf("the answer that %s sent back", w), got, []model.Part{block, model.Text("Hello.")})
	}
}

func redactedArrives(p *probe.Probe) {
	for _, data := range probe.Redacted(p) {
		p.Answers(p.Think(probe.Ask("Hi")), model.Thinking{Redacted: data}, model.Text("Hello."))
	}
}

func redactedRoundTrip(p *probe.Probe) {
	for _, data := range probe.Redacted(p) {
		p.Replays(p.Think(probe.Ask("Hi")), []model.Part{model.Thinking{Redacted: data}, model.Text("Hello.")}, model.User("And now?"))
	}
}

func redactedBlocksApart(p *probe.Probe) {
	redactions := probe.Redacted(p)
	parts := []model.Part{
		model.Thinking{Redacted: redactions[0]}, model.Thinking{Redacted: redactions[1]}, model.Thinking{Redacted: redactions[0]}, model.Text("Hello."),
	}
	p.Answers(p.Think(probe.Ask("Hi")), parts...)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}

func redactedAmongSigned(p *probe.Probe) {
	parts := []model.Part{
		probe.SignedBlock("First.", probe.Signatures[0]), model.Thinking{Redacted: probe.Redacted(p)[1]}, probe.SignedBlock("Third.", probe.Signatures[3]), model.Text("Hello."),
	}
	p.Answers(p.Think(probe.Ask("Hi")), parts...)
	p.Replays(p.Think(probe.Ask("Hi")), parts, model.User("And now?"))
}
