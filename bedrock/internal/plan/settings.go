package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// settings checks what is Bedrock's own. Much of it goes into headers on one of
// the doors, so control characters are refused on both.
func (p *planner) settings() {
	s := &p.in.Settings
	const options = "provider_options."
	p.printable(options+"latency", s.Latency)
	p.printable(options+"service_tier", s.ServiceTier)
	p.printable(options+"output_effort", s.OutputEffort)
	for i, path := range s.ResponseFieldPaths {
		p.printable(at(options+"response_field_paths", i), path)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Metadata)) {
		p.printable(options+"metadata", name)
		p.printable(fmt.Sprintf("%smetadata[%q]", options, name), s.Metadata[name])
	}
	if g := s.Guardrail; g != nil {
		p.guardrail(options+"guardrail", g)
	}
	switch {
	case len(s.PromptVariables) == 0:
	case !p.format.PromptVariables:
		p.unsupported("", options+"prompt_variables", "prompts of Prompt management are for Converse alone; use New or Open")
	}
	if s.OutputEffort != "" {
		switch {
		case p.format.Effort:
			p.out.Effort = s.OutputEffort
		case p.format.Text:
			p.unsupported("", options+"output_effort", "%s", p.only())
		default:
			p.unsupported("", options+"output_effort", "the format has no such parameter; use Thinking.Effort")
		}
	}
}

func (p *planner) guardrail(field string, g *Guardrail) {
	if g.ID == "" || g.Version == "" {
		p.invalid(field, "needs both id and version")
	}
	p.printable(field+".id", g.ID)
	p.printable(field+".version", g.Version)
	p.printable(field+".trace", g.Trace)
	p.printable(field+".stream_mode", g.StreamMode)
	if p.facts.Guardrails.No() {
		p.unsupported("guardrails", field, "%s takes no guardrail", p.name())
	}
}

func (p *planner) printable(field, value string) {
	if hasControl(value) {
		p.invalid(field, "%q holds a control character", value)
	}
}

// hasControl reports whether a text cannot be part of a URL or a header.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// promptAlone refuses what may not stand beside a prompt of Prompt management,
// which has it itself.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-management-how.html
func (p *planner) promptAlone() {
	req := p.req
	for _, f := range []struct {
		set   bool
		field string
	}{
		{len(req.Tools) > 0, "tools"},
		{req.MaxTokens != 0, "max_tokens"},
		{req.Temperature != nil, "temperature"},
		{req.TopP != nil, "top_p"},
		{req.TopK != 0, "top_k"},
		{len(req.StopSequences) > 0, "stop_sequences"},
		{req.Thinking != nil, "thinking"},
		{len(p.in.Settings.AdditionalFields) > 0, "provider_options.additional_fields"},
	} {
		if f.set {
			p.unsupported("", f.field, besidePrompt)
		}
	}
	for i, m := range req.Messages {
		if m.Role == model.RoleSystem {
			p.unsupported("", at("messages", i), besidePrompt)
		}
	}
}

const besidePrompt = "may not stand beside a prompt of Prompt management, which has its own; leave it out, or put it into the prompt"
