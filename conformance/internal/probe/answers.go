package probe

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Again encodes v as JSON and decodes it into a value of the same type. It
// returns that value and the JSON.
func Again[T any](p *Probe, v T) (T, []byte) {
	var out T
	data, err := p.Seams.Marshal(v)
	if err != nil {
		p.Fatalf("%T has no JSON form: %v", v, err)
	}
	if err := p.Seams.Unmarshal(data, &out); err != nil {
		p.Fatalf("the JSON of a %T can't be read: %v", v, err)
	}
	return out, data
}

// Stable checks that a message survives JSON, and that its JSON is the same
// again.
func (p *Probe) Stable(what string, m model.Message) {
	copied, first := Again(p, m)
	p.Equal(what+" after JSON", copied, m)
	_, second := Again(p, copied)
	p.Equal(what+": the JSON, written again", string(second), string(first))
}

// Sample returns an answer with everything that the subject claims, and the
// request for it.
func (p *Probe) Sample() ([]model.Part, *model.Request) {
	c := &p.Subject.Capabilities
	var parts []model.Part
	req := Ask("Tell me about Oslo.")
	if c.SignedThinking {
		parts = append(parts, model.Thinking{Text: "The user wants Oslo, ün peu.", Signature: Signatures[0]})
		p.Think(req)
	}
	parts = append(parts, model.Text("Let me look at Oslo – 奥斯陆 👩‍🚀."))
	if c.Tools {
		parts = append(parts, ToolCall("call-1", "weather", `{"city":"Oslo","days":[1,2,3]}`))
		WithTools(req, "weather")
	}
	return parts, req
}

// Streams plays a turn and checks by all laws that its stream is the answer. It
// returns what it saw.
func (p *Probe) Streams(what string, turn fake.Turn, req *model.Request, want []model.Part) laws.Observation {
	r := p.Play(turn)
	o := r.Observe(p.Ctx, req)
	if o.Err != nil {
		p.Fatalf("%s: the stream failed: %v", what, o.Err)
	}
	p.Equal(what+": parts of the answer", prompt.Plain(o.Response.Message.Parts), prompt.Plain(want))
	if err := laws.All(o); err != nil {
		p.Errorf("%s: %v", what, err)
	}
	r.Released(what)
	return o
}

// Answers checks that an answer with the given parts arrives unchanged, by
// Generate, by Stream and in pieces.
func (p *Probe) Answers(req *model.Request, parts ...model.Part) {
	for _, size := range []int{0, 1, 5} {
		p.Each(fake.Reply(parts...).Pieces(size), req, func(w Way, resp *model.Response, _ *Rig) {
			p.Equal(fmt.Sprintf("parts of %s's answer", w), prompt.Plain(resp.Message.Parts), prompt.Plain(parts))
		})
	}
}

// Replays checks that a provider gets a message back unchanged. By Generate and
// by Stream, it requests the message, appends it to the history with what
// follows, and looks at what the second call sends.
func (p *Probe) Replays(req *model.Request, parts []model.Part, then ...model.Message) {
	for _, w := range Ways {
		r := p.Play(fake.Reply(parts...).Pieces(5), fake.Text("ok"))
		first := r.Answer(w, req)
		next := req.Clone()
		next.Messages = append(append(next.Messages, first.Message), answering(first, parts, then)...)
		resp := r.Answer(w, next)
		p.keptOnWire(string(w)+" of the answer sent back", next, resp)
		p.Equal(fmt.Sprintf("the answer that %s sent back", w), r.Prompt(1).All(model.RoleAssistant), prompt.Plain(parts))
		p.Silent(w, resp)
	}
}

// answering returns messages with results that refer to the calls of an answer
// by the ids that arrived. These may differ from the ids that the provider
// gave.
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
