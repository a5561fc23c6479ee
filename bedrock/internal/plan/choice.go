package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// choose sets the choice among the tools. A choice that the model does not have
// is served in another form where there is one, and otherwise left to the
// model, with a warning: the tools are still on offer, so an answer is more
// likely useful than an error.
func (o *offer) choose(m *mind) {
	if !o.any() {
		return
	}
	choice := o.req.ToolChoice
	o.choice.Mode = choice.Mode // default, auto and none hold for every model
	switch choice.Mode {
	case model.ToolsAny, model.ToolsNamed:
		o.forced(choice, m)
	}
	o.parallel(choice)
	switch out := &o.choice; {
	case *out == Choice{}:
	case o.format.Invoke: // the writer puts the caller's member in its place; here it is only reported
		o.given.overridden(o.format.Members.ToolChoice, "tool_choice")
		if out.Parallel != nil {
			o.given.overridden(o.format.Members.Parallel, "tool_choice.parallel")
		}
	// On Converse the switch for parallel calls goes into Anthropic's tool_choice,
	// which the caller's replaces as a whole.
	case out.Parallel != nil && o.given.overridden("tool_choice", "tool_choice"):
		*out = Choice{}
	}
}

// forced sets a choice that makes the model call a tool.
func (o *offer) forced(choice model.ToolChoice, m *mind) {
	t := &o.facts.Tools
	out := &o.choice
	out.Mode = model.ToolsAuto
	named := choice.Mode == model.ToolsNamed
	// First what no other form of the choice would help against, then the forms,
	// the closest to the wish first.
	switch {
	case t.ForcedThinking.No() && m.thinks():
		o.change("tools.forced_thinking", "tool_choice", "%s cannot be made to call a tool while it thinks; the model decides", o.name())
	case t.ServerForced.No() && forcesServerSide(choice, o.req.Tools):
		o.change("tools.server_forced", "tool_choice", "tools that the service runs cannot be forced; the model decides")
	case named && !t.Named.No():
		out.Mode, out.Name = model.ToolsNamed, choice.Name
	case named && !t.Any.No():
		out.Mode = model.ToolsAny
		o.withhold(choice.Name)
	case !t.Any.No():
		out.Mode = model.ToolsAny
	case t.Named.Yes() && len(o.tools) == 1: // any of one is that one
		out.Mode, out.Name = model.ToolsNamed, o.tools[0].Name
	case named:
		o.change("tools.named", "tool_choice", "%s cannot be made to call a certain tool; the model decides", o.name())
	default:
		o.change("tools.any", "tool_choice", "%s cannot be made to call a tool; the model decides", o.name())
	}
}

// withhold withholds all tools but one, so that the choice of any tool is that
// of this one.
func (o *offer) withhold(name string) {
	o.change("tools.named", "tool_choice", "%s cannot be made to call a certain tool; it must call any, and %s is the only one that it is offered", o.name(), name)
	o.tools = slices.DeleteFunc(o.tools, func(t Tool) bool {
		if t.Name == name {
			return false
		}
		o.drop("tools.named", t.Field, "not offered, so that %s is called", name)
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
// its own. Where the model has none, the request is refused: a caller that asks
// for one call may not be able to handle two.
func (o *offer) parallel(choice model.ToolChoice) {
	switch {
	case choice.Parallel == nil || choice.Mode == model.ToolsNone && !o.format.ParallelMember:
	case *choice.Parallel:
		if o.format.Members.Parallel != "" {
			o.choice.Parallel = choice.Parallel
		}
	case o.format.ParallelMember && o.facts.Tools.ParallelSwitch.No(), !o.format.ParallelMember && !o.facts.Tools.ParallelSwitch.Yes():
		o.unsupported("tools.parallel_switch", "tool_choice.parallel", "%s cannot be kept from calling several tools at once", o.name())
	default:
		o.choice.Parallel = choice.Parallel
	}
}
