package plan

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
	"github.com/chatmodel-go/chatmodel/model"
)

// emptySchema is the schema of a tool without arguments.
const emptySchema = `{"type":"object","properties":{}}`

// An offer is the tools that a model is offered, and the choice among them.
type offer struct {
	*scope
	req     *model.Request
	given   *additional
	schemas *schemas

	tools   []Tool
	choice  Choice
	stricts int // strict tools so far
}

// list sets the tools that are offered. Where a format has no choice "none",
// tools that must not be used are not offered.
func (o *offer) list() {
	req := o.req
	switch {
	case len(req.Tools) == 0:
		return
	case req.ToolChoice.Mode == model.ToolsNone && (!o.format.ChoiceNone || o.facts.Tools.Use.No()):
		return
	case o.format.Text:
		o.unsupported("", "tools", "%s", o.only())
		return
	case o.lacks("tools.use", o.facts.Tools.Use):
		o.unsupported("tools.use", "tools", "%s cannot use tools", o.name())
		return
	}
	o.tools = make([]Tool, 0, len(req.Tools))
	for i := range req.Tools {
		o.add(at("tools", i), &req.Tools[i])
	}
}

// add adds a tool. One that is refused is added, too, so that what follows is
// said of the tools that were meant.
func (o *offer) add(field string, t *model.Tool) {
	out := Tool{Name: t.Name, ServerSide: t.ServerSide, Field: field}
	switch {
	case !t.ServerSide:
		o.toolName(field, t.Name)
		out.Description = t.Description
		out.Schema, out.Strict = o.schemas.tool(field, t.Name, t.InputSchema, o.strict(field, t.Strict))
	case !o.format.ServerTools && o.format.TypedServerTools:
		o.unsupported("", field, "the format knows its own tools by type, not by name; give them in ProviderOptions.AdditionalFields, as in {\"tools\":[{\"type\":\"…\",\"name\":%q}]}", t.Name)
	case !o.format.ServerTools:
		o.unsupported("", field, "the format has no tools that the service runs")
	case o.facts.Tools.Server.No():
		o.unsupported("tools.server", field, "%s has no tools that the service runs", o.name())
	}
	o.tools = append(o.tools, out)
	if t.Cache != nil {
		o.point(&o.tools[len(o.tools)-1], t.Cache)
	}
}

// toolName checks the service's rule for names. A name is not changed: the
// model's calls come back by it, and the caller would not know it.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html
func (o *offer) toolName(field, name string) {
	if len(name) > names.Max {
		o.invalid(field+".name", "has %d characters; Bedrock takes at most %d", len(name), names.Max)
	}
	if !names.Legal(name) {
		o.invalid(field+".name", "is %q; Bedrock takes letters, digits, _ and -", name)
	}
}

// strict returns whether a tool is strict. Where there are no strict tools the
// model may answer with arguments outside the schema, which the warning says.
func (o *offer) strict(field string, strict *bool) *bool {
	switch {
	case strict == nil:
		return nil
	case o.facts.Tools.Strict.No():
		o.drop("tools.strict", field+".strict", "%s has no strict tools", o.name())
		return nil
	case !*strict:
		return strict
	}
	if most := o.facts.Tools.StrictMax; most > 0 && o.stricts >= most {
		o.drop("tools.strict_max", field+".strict", "%s takes at most %d strict tools in a request; the first ones stay strict", o.name(), most)
		return nil
	}
	o.stricts++
	return strict
}

// point sets the cache point behind a tool.
func (o *offer) point(t *Tool, c *model.CachePoint) {
	field := t.Field + ".cache"
	point, ok := newPoint(o.scope, field, *c)
	switch {
	case !ok:
	case o.facts.Cache.Tools.No():
		o.drop("cache.tools", field, "%s takes no cache points among tools", o.name())
	default:
		t.Cache = point
	}
}

// any reports whether the body has tools: the request's or, in the formats that
// have a place for them there, the caller's additional ones. Tools that are
// refused count, too, so that nothing further is said of calls in the history.
func (o *offer) any() bool {
	// A refusal of tools is reported once; that calls become text is no news then.
	refused := len(o.req.Tools) > 0 && o.lacks("tools.use", o.facts.Tools.Use) && o.req.ToolChoice.Mode != model.ToolsNone && !o.format.Text
	return len(o.tools) > 0 || refused || o.format.Merges && o.given.gives("tools") != nil
}
