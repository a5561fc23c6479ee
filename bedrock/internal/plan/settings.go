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
// the doors, which take no control characters, so these are refused on both.
// Values are not checked otherwise: new ones come often, and the service says
// which it does not know. It returns the effort that is sent.
func settings(s *scope, given *Settings) (effort string) {
	const options = "provider_options."
	printable(s, options+"latency", given.Latency)
	printable(s, options+"service_tier", given.ServiceTier)
	printable(s, options+"output_effort", given.OutputEffort)
	for i, path := range given.ResponseFieldPaths {
		printable(s, at(options+"response_field_paths", i), path)
	}
	if len(given.Metadata) > 0 {
		metadata(s, options+"metadata", given.Metadata)
	}
	if g := given.Guardrail; g != nil {
		guardrail(s, options+"guardrail", g)
	}
	if len(given.PromptVariables) > 0 && !s.format.PromptVariables {
		s.unsupported("", options+"prompt_variables", "prompts of Prompt management are for Converse alone; use FormatConverse")
	}
	switch {
	case given.OutputEffort == "":
	case s.format.Effort:
		return given.OutputEffort
	case s.format.Text:
		s.unsupported("", options+"output_effort", "%s", s.only())
	default:
		s.unsupported("", options+"output_effort", "the format has no such parameter; use Thinking.Effort")
	}
	return ""
}

// metadata checks what is logged beside a call.
func metadata(s *scope, field string, given map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		printable(s, field, name)
		printable(s, fmt.Sprintf("%s[%q]", field, name), given[name])
	}
}

// guardrail checks a guardrail. It is never dropped: an answer that was to be
// guarded must not come unguarded.
func guardrail(s *scope, field string, g *Guardrail) {
	if g.ID == "" || g.Version == "" {
		s.invalid(field, "needs both id and version")
	}
	printable(s, field+".id", g.ID)
	printable(s, field+".version", g.Version)
	printable(s, field+".trace", g.Trace)
	printable(s, field+".stream_mode", g.StreamMode)
	if s.facts.Guardrails.No() {
		s.unsupported("guardrails", field, "%s takes no guardrail", s.name())
	}
}

// printable refuses a value with control characters.
func printable(s *scope, field, value string) {
	if hasControl(value) {
		s.invalid(field, "%q holds a control character", value)
	}
}

// hasControl reports whether a text cannot be part of a URL or a header.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// promptAlone refuses what may not stand beside a prompt of Prompt management,
// which has it itself.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-management-how.html
func promptAlone(s *scope, req *model.Request, additional []byte) {
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
		{len(additional) > 0, "provider_options.additional_fields"},
	} {
		if f.set {
			s.unsupported("", f.field, besidePrompt)
		}
	}
	for i, m := range req.Messages {
		if m.Role == model.RoleSystem {
			s.unsupported("", at("messages", i), besidePrompt)
		}
	}
}

// besidePrompt is why a field is refused beside a prompt of Prompt management.
const besidePrompt = "may not stand beside a prompt of Prompt management, which has its own; leave it out, or put it into the prompt"
