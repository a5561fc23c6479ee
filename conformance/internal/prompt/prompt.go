package prompt

import (
	"github.com/chatmodel-go/chatmodel/model"
)

// A Prompt is a request as the provider got it, in a form that cases can
// compare. Providers express some things in their own way: one place for system
// messages, one turn for two of the same role, nothing for a default. These are
// not differences between Prompts.
type Prompt struct {
	*model.Request
	System []model.Part
	Turns  []model.Message // without system messages; adjacent turns of one role are joined
}

// Of returns a request as a prompt.
func Of(req *model.Request) *Prompt {
	p := &Prompt{Request: req}
	for _, m := range req.Messages {
		parts := Plain(m.Parts)
		switch n := len(p.Turns); {
		case m.Role == model.RoleSystem:
			p.System = append(p.System, parts...)
		case len(parts) == 0:
		case n > 0 && p.Turns[n-1].Role == m.Role:
			p.Turns[n-1].Parts = append(p.Turns[n-1].Parts, parts...)
		default:
			p.Turns = append(p.Turns, model.Message{Role: m.Role, Parts: parts})
		}
	}
	return p
}

// All returns the parts of all turns of a role.
func (p *Prompt) All(role model.Role) []model.Part {
	var all []model.Part
	for _, m := range p.Turns {
		if m.Role == role {
			all = append(all, m.Parts...)
		}
	}
	return all
}

// Last returns the last turn's parts.
func (p *Prompt) Last() []model.Part {
	if len(p.Turns) == 0 {
		return nil
	}
	return p.Turns[len(p.Turns)-1].Parts
}

// SystemText returns the text of all system messages.
func (p *Prompt) SystemText() string { return model.Message{Parts: p.System}.Text() }

// Text returns the text of all turns of a role.
func (p *Prompt) Text(role model.Role) string { return model.Message{Parts: p.All(role)}.Text() }

// Choice returns the tool choice with the default spelled out.
func (p *Prompt) Choice() model.ToolChoice {
	c := p.ToolChoice
	if c.Mode == model.ToolsDefault {
		c.Mode = model.ToolsAuto
	}
	return c
}
