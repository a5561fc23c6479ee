package plan

import "github.com/chatmodel-go/chatmodel/model"

// smallOutput is more than any model wants as the least limit of an answer, in
// tokens.
const smallOutput = 64

// Wishes reports whether the plan asks for anything that some models refuse and
// that the rules know how to do without. If it does not, a refusal by the service
// cannot be helped by another plan.
func (p *Plan) Wishes() bool {
	return p.Temperature != nil || p.TopP != nil || p.TopK != 0 || len(p.StopSequences) > 0 ||
		p.MaxTokens > 0 && p.MaxTokens < smallOutput ||
		p.Thinking.Type != "" || p.Thinking.Effort != "" || p.Effort != "" ||
		p.Output != nil || len(p.Tools) > 0 || len(p.System) > 0 || p.prefills() || p.hasPoint(true)
}

// Files returns the field of the first file of each kind, by the name of the
// fact that says whether the model reads it; nil if there is none.
func (p *Plan) Files() map[string]string {
	var files map[string]string
	note := func(fact, field string) {
		if files == nil {
			files = make(map[string]string, 1)
		}
		if files[fact] == "" {
			files[fact] = field
		}
	}
	var look func(q model.Part, field string)
	look = func(q model.Part, field string) {
		switch q := q.(type) {
		case model.Image:
			note("input.image", field)
		case model.Document:
			note("input.document", field)
		case model.Video:
			note("input.video", field)
		case model.ToolResult:
			for _, inner := range q.Parts {
				look(inner, field)
			}
		}
	}
	for i := range p.Turns {
		for j := range p.Turns[i].Blocks {
			b := &p.Turns[i].Blocks[j]
			look(b.Part, b.Field)
		}
	}
	return files
}

// CallersPoints reports whether the plan holds a cache point that the caller
// has set.
func (p *Plan) CallersPoints() bool { return p.hasPoint(false) }

// prefills reports whether the model is to continue an answer.
func (p *Plan) prefills() bool {
	n := len(p.Turns)
	return n > 0 && p.Turns[n-1].Role == model.RoleAssistant
}

// hasPoint reports whether there is a cache point of that kind.
func (p *Plan) hasPoint(automatic bool) bool {
	is := func(c Point) bool { return c.Set && c.Automatic == automatic }
	for i := range p.Tools {
		if is(p.Tools[i].Cache) {
			return true
		}
	}
	for i := range p.System {
		if is(p.System[i].Cache) {
			return true
		}
	}
	for i := range p.Turns {
		for j := range p.Turns[i].Blocks {
			if is(p.Turns[i].Blocks[j].Cache) {
				return true
			}
		}
	}
	return false
}
