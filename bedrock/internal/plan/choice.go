package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// choice sets the choice among the tools. A choice that the model does not have
// is served in another form where there is one, and otherwise left to the
// model, with a warning.
func (p *planner) choice() {
	if !p.offers() {
		return
	}
	choice := p.req.ToolChoice
	p.out.Choice.Mode = choice.Mode
	switch choice.Mode {
	case model.ToolsAny, model.ToolsNamed:
		p.forced(choice)
	}
	p.parallel(choice)
	switch out := &p.out.Choice; {
	case *out == Choice{}:
	case p.format.Invoke:
		p.overridden(p.format.Members.ToolChoice, "tool_choice")
		if out.Parallel != nil {
			p.overridden(p.format.Members.Parallel, "tool_choice.parallel")
		}
	case out.Parallel != nil && p.overridden("tool_choice", "tool_choice"):
		*out = Choice{}
	}
}

// forced sets a choice that makes the model call a tool.
func (p *planner) forced(choice model.ToolChoice) {
	t := &p.facts.Tools
	out := &p.out.Choice
	out.Mode = model.ToolsAuto
	named := choice.Mode == model.ToolsNamed
	switch {
	case t.ForcedThinking.No() && p.thinks():
		p.change("tools.forced_thinking", "tool_choice", "%s cannot be made to call a tool while it thinks; the model decides", p.name())
	case t.ServerForced.No() && forcesServerSide(choice, p.req.Tools):
		p.change("tools.server_forced", "tool_choice", "tools that the service runs cannot be forced; the model decides")
	case named && !t.Named.No():
		out.Mode, out.Name = model.ToolsNamed, choice.Name
	case named && !t.Any.No():
		out.Mode = model.ToolsAny
		p.offerOnly(choice.Name)
	case !named && !t.Any.No():
		out.Mode = model.ToolsAny
	case !named && t.Named.Yes() && len(p.out.Tools) == 1:
		out.Mode, out.Name = model.ToolsNamed, p.out.Tools[0].Name
	case named:
		p.change("tools.named", "tool_choice", "%s cannot be made to call a certain tool; the model decides", p.name())
	default:
		p.change("tools.any", "tool_choice", "%s cannot be made to call a tool; the model decides", p.name())
	}
}

// offerOnly withholds all tools but one, so that the choice of any tool is that
// of this one.
func (p *planner) offerOnly(name string) {
	p.change("tools.named", "tool_choice", "%s cannot be made to call a certain tool; it must call any, and %s is the only one that it is offered", p.name(), name)
	p.out.Tools = slices.DeleteFunc(p.out.Tools, func(t Tool) bool {
		if t.Name == name {
			return false
		}
		p.drop("tools.named", t.Field, "not offered, so that %s is called", name)
		return true
	})
}

// forcesServerSide reports whether a choice leaves nothing but tools that the
// service runs.
func forcesServerSide(c model.ToolChoice, tools []model.Tool) bool {
	for i := range tools {
		if !tools[i].ServerSide && (c.Mode == model.ToolsAny || tools[i].Name == c.Name) {
			return false
		}
	}
	return true
}

// parallel asks for one call at a time. That several may come is every model's
// default. Converse has no place for it: there the model needs a parameter of
// its own.
func (p *planner) parallel(choice model.ToolChoice) {
	switch {
	case choice.Parallel == nil || choice.Mode == model.ToolsNone && !p.format.ParallelMember:
	case *choice.Parallel:
		if p.format.ParallelMember && p.format.Members.Parallel != "" {
			p.out.Choice.Parallel = choice.Parallel
		}
	case p.format.ParallelMember && p.facts.Tools.ParallelSwitch.No(), !p.format.ParallelMember && !p.facts.Tools.ParallelSwitch.Yes():
		p.unsupported("tools.parallel_switch", "tool_choice.parallel", "%s cannot be kept from calling several tools at once", p.name())
	default:
		p.out.Choice.Parallel = choice.Parallel
	}
}
