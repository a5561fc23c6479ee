package prompt

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// Append appends the body for a plan to dst. The plan holds texts alone, without
// the format's marks. The buffer that is returned is the caller's.
func (f Codec) Append(dst []byte, p *plan.Plan) []byte {
	b := native.NewBody(dst, p)
	b.Text(f.members.prompt, f.prompt(conversationOf(p)))
	if f.nested == "" {
		f.settings(b, p)
	} else if m := b.Mark(); b.Member(f.nested) { // the caller's object, if it gives one, is written as a whole
		inner := native.Body{Writer: b.Writer}
		inner.Open('{')
		empty := len(inner.Buf)
		f.settings(&inner, p)
		inner.Close('}')
		if b.Writer = inner.Writer; len(b.Buf) == empty+1 {
			b.Rewind(m)
		}
	}
	b.Guardrail(p)
	return b.Bytes()
}

// settings writes what bounds and varies the answer. Not every family has a
// member for each; the plan has dropped or refused what has none.
func (f Codec) settings(b *native.Body, p *plan.Plan) {
	m := f.members
	b.Int(m.maxTokens, p.MaxTokens)
	b.Float(m.temperature, p.Temperature)
	b.Float(m.topP, p.TopP)
	if m.topK != "" {
		b.Int(m.topK, p.TopK)
	}
	if m.stop != "" {
		b.Texts(m.stop, p.StopSequences)
	}
}

// conversationOf collects the texts of a plan.
func conversationOf(p *plan.Plan) *conversation {
	c := &conversation{system: joined(p.System)}
	for _, t := range p.Turns {
		c.turns = append(c.turns, turn{t.Role, joined(t.Blocks)})
	}
	return c
}

// joined puts the texts of blocks together, in the form in which the plan has
// looked for marks.
func joined(blocks []plan.Block) string {
	texts := make([]string, 0, len(blocks))
	for _, b := range blocks {
		switch p := b.Part.(type) {
		case model.Text:
			texts = append(texts, string(p))
		case model.CitedText:
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n\n")
}

// Form returns the description of the format for the plan. Where the settings are
// in a member of their own, the caller's member of that name replaces all of
// them.
func (f Codec) Form() *plan.Format {
	m := f.members
	names := plan.Members{Messages: m.prompt, MaxTokens: m.maxTokens, Temperature: m.temperature, TopP: m.topP, TopK: m.topK, StopSequences: m.stop}
	if f.nested != "" {
		names = plan.Members{Messages: m.prompt, MaxTokens: f.nested, Temperature: f.nested, TopP: f.nested, StopSequences: f.nested}
	}
	return plan.Prompt(f.name, names, f.thinks, f.mark)
}
