package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// A prompt is a request as the provider got it, in the form in which cases
// compare it. Providers have their own ways to say the same: one place for
// system messages, one turn where the caller had two of a role, no word for a
// default. Those are no differences.
type prompt struct {
	*model.Request
	system []model.Part
	turns  []model.Message // without system messages; adjacent ones of a role are one
}

func promptOf(req *model.Request) *prompt {
	p := &prompt{Request: req}
	for _, m := range req.Messages {
		parts := plainParts(m.Parts)
		switch n := len(p.turns); {
		case m.Role == model.RoleSystem:
			p.system = append(p.system, parts...)
		case len(parts) == 0:
		case n > 0 && p.turns[n-1].Role == m.Role:
			p.turns[n-1].Parts = append(p.turns[n-1].Parts, parts...)
		default:
			p.turns = append(p.turns, model.Message{Role: m.Role, Parts: parts})
		}
	}
	return p
}

// all returns the parts of all turns of a role.
func (p *prompt) all(role model.Role) []model.Part {
	var all []model.Part
	for _, m := range p.turns {
		if m.Role == role {
			all = append(all, m.Parts...)
		}
	}
	return all
}

// last returns the last turn's parts.
func (p *prompt) last() []model.Part {
	if len(p.turns) == 0 {
		return nil
	}
	return p.turns[len(p.turns)-1].Parts
}

// systemText returns all text of system messages.
func (p *prompt) systemText() string { return model.Message{Parts: p.system}.Text() }

// text returns the text of all turns of a role.
func (p *prompt) text(role model.Role) string { return model.Message{Parts: p.all(role)}.Text() }

// choice returns the tool choice with the default spelled out.
func (p *prompt) choice() model.ToolChoice {
	c := p.ToolChoice
	if c.Mode == model.ToolsDefault {
		c.Mode = model.ToolsAuto
	}
	return c
}

// points returns for every cache point among parts what it stands behind.
func points(parts []model.Part) []string {
	var all []string
	for i, p := range parts {
		if _, ok := p.(model.CachePoint); !ok {
			continue
		}
		behind := "nothing"
		if i > 0 {
			behind = describePart(parts[i-1])
		}
		all = append(all, behind)
	}
	return all
}

// withoutPoints returns the parts that are not cache points.
func withoutPoints(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range parts {
		if _, ok := p.(model.CachePoint); !ok {
			all = append(all, p)
		}
	}
	return all
}

// plainParts returns copies of parts in one of several forms that mean the
// same: without the name of the provider, no input being the empty object.
func plainParts(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range (model.Message{Parts: parts}).Clone().Parts {
		all = append(all, plainPart(p))
	}
	return all
}

func plainPart(p model.Part) model.Part {
	switch p := p.(type) {
	case model.Thinking:
		p.Provider, p.Model = "", ""
		if len(p.Redacted) == 0 {
			p.Redacted = nil
		}
		return p
	case model.ToolCall:
		p.Input = plainInput(p.Input, p.InvalidInput)
		return p
	case model.ServerToolCall:
		p.Input = plainInput(p.Input, p.InvalidInput)
		return p
	case model.ToolResult:
		p.Parts = plainParts(p.Parts)
		return p
	case model.ServerToolResult:
		p.Parts = plainParts(p.Parts)
		return p
	case model.CitedText:
		if len(p.Citations) == 0 {
			return model.Text(p.Text)
		}
	}
	return p
}

func plainInput(input json.RawMessage, invalid string) json.RawMessage {
	if len(input) == 0 && invalid == "" {
		return json.RawMessage("{}")
	}
	return input
}

// warned reports whether a warning is about a field or about what is inside.
func warned(resp *model.Response, field string) bool {
	for _, w := range resp.Warnings {
		if strings.HasPrefix(w.Field, field) && w.Action != "" && w.Reason != "" {
			return true
		}
	}
	return false
}

// warnedAny reports whether there is a warning at all: for what is told under
// a name that only the provider knows, such as that of its own field.
func warnedAny(resp *model.Response) bool {
	return warned(resp, "")
}

// renumbered returns parts or messages with the ids of calls in the order in
// which they appear, so that only which calls they tell apart is compared.
func renumbered(v any) any {
	numbers := map[string]string{}
	number := func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("id-%d", len(numbers)+1)
		}
		return numbers[id]
	}
	renumber := func(parts []model.Part) []model.Part {
		parts = model.Message{Parts: parts}.Clone().Parts
		for i, p := range parts {
			switch p := p.(type) {
			case model.ToolCall:
				p.ID = number(p.ID)
				parts[i] = p
			case model.ToolResult:
				p.CallID = number(p.CallID)
				parts[i] = p
			}
		}
		return parts
	}
	switch v := v.(type) {
	case []model.Part:
		return renumber(v)
	case []model.Message:
		all := slices.Clone(v)
		for i, m := range all {
			all[i].Parts = renumber(m.Parts)
		}
		return all
	}
	return v
}
