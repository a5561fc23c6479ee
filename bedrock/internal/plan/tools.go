package plan

import (
	"github.com/chatmodel-go/chatmodel/model"
)

// emptySchema is the schema of a tool without arguments.
const emptySchema = `{"type":"object","properties":{}}`

// tools sets the tools that are offered. Where a format has no choice "none",
// tools that must not be used are not offered.
func (p *planner) tools() {
	req := p.req
	switch {
	case len(req.Tools) == 0 || p.in.Prompt:
		return
	case req.ToolChoice.Mode == model.ToolsNone && (!p.format.ChoiceNone || p.facts.Tools.Use.No()):
		return
	case p.format.Text:
		p.unsupported("", "tools", "%s", p.only())
		return
	case p.lacks("tools.use", p.facts.Tools.Use):
		p.unsupported("tools.use", "tools", "%s cannot use tools", p.name())
		return
	}
	p.out.Tools = make([]Tool, 0, len(req.Tools))
	for i := range req.Tools {
		p.tool(at("tools", i), &req.Tools[i])
	}
}

func (p *planner) tool(field string, t *model.Tool) {
	out := Tool{Name: t.Name, ServerSide: t.ServerSide, Field: field}
	switch {
	case !t.ServerSide:
		p.toolName(field, t.Name)
		out.Description = t.Description
		out.Schema, out.Strict = p.toolSchema(field, t.InputSchema, p.strict(field, t.Strict))
	case !p.format.ServerTools && p.format.TypedServerTools:
		p.unsupported("", field, "the format knows the tools of its own by type, not by name; give them in ProviderOptions.AdditionalFields, as in {\"tools\":[{\"type\":\"…\",\"name\":%q}]}", t.Name)
	case !p.format.ServerTools:
		p.unsupported("", field, "the format has no tools that the service runs")
	case p.facts.Tools.Server.No():
		p.unsupported("tools.server", field, "%s has no tools that the service runs", p.name())
	}
	p.out.Tools = append(p.out.Tools, out)
	if t.Cache != nil {
		p.toolPoint(&p.out.Tools[len(p.out.Tools)-1], t.Cache)
	}
}

// toolName checks the service's rule for names.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html
func (p *planner) toolName(field, name string) {
	if len(name) > maxName {
		p.invalid(field+".name", "has %d characters; Bedrock takes at most %d", len(name), maxName)
	}
	if !legalName(name) {
		p.invalid(field+".name", "is %q; Bedrock takes letters, digits, _ and -", name)
	}
}

func (p *planner) strict(field string, strict *bool) *bool {
	switch {
	case strict == nil:
		return nil
	case !p.format.Strict:
		p.drop("", field+".strict", "%s has no strict tools", p.format.Name)
		return nil
	case p.facts.Tools.Strict.No():
		p.drop("tools.strict", field+".strict", "%s has no strict tools", p.name())
		return nil
	}
	return strict
}

// offers reports whether the body has tools, the request's or, in the formats
// that have a place for them there, the caller's additional ones.
// It holds for tools that are refused, too, so that nothing further is said of
// calls in the history.
func (p *planner) offers() bool {
	refused := len(p.req.Tools) > 0 && p.lacks("tools.use", p.facts.Tools.Use) && p.req.ToolChoice.Mode != model.ToolsNone && !p.format.Text
	return len(p.out.Tools) > 0 || refused || p.format.Merges && p.gives("tools") != nil
}
