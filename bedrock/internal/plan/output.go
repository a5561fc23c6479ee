package plan

import "github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"

// output asks for an answer by JSON Schema.
func (p *planner) output() {
	o := p.req.Output
	switch {
	case o == nil:
		return
	case p.format.Text:
		p.unsupported("", "output", "%s", p.only())
		return
	case p.lacks("output.native", p.facts.Output.Native):
		p.unsupported("output.native", "output", "%s has no structured output of its own; have a tool called with the answer instead, as runnable.Structured does", p.name())
		return
	case p.format.Merges && p.givesOutput():
		p.drop("", "output", "provider_options.additional_fields sets %s itself", p.format.Members.Output)
		return
	}
	out := &Output{Name: o.Name, Description: o.Description, Schema: p.outputSchema("output.schema", o.Schema)}
	switch {
	case p.format.OutputName && out.Name == "":
		out.Name = p.format.OutputNameDefault
	case !p.format.OutputName:
		if o.Name != "" {
			p.drop("", "output.name", "the format has no name for a schema")
		}
		if o.Description != "" {
			p.drop("", "output.description", "the format has no description of a schema; the schema itself may have one")
		}
		out.Name, out.Description = "", ""
	}
	p.out.Output = out
}

// givesOutput reports whether the caller's fields ask for a schema themselves.
func (p *planner) givesOutput() bool {
	value, inner := p.gives(p.format.Members.Output), p.format.Members.OutputInner
	return value != nil && (inner == "" || value[0] != '{' || rawjson.Member(value, inner) != nil)
}
