package rules

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// inferenceRules are about parameters, and which of them a model supports.
var inferenceRules = []*Rule{
	{ID: "max-tokens-limit", About: "the token limit is within the model's own, where that is known", Texts: []*Text{textLimit, textClaudeLimit}, check: checkMaxTokensLimit},
	{ID: "sampling", About: "the model supports temperature, topP and top_k, and both temperature and topP at once", Whom: "newer Claude, GPT, Grok; see the table", Texts: []*Text{textDeprecated, textField, textBoth}, check: checkSampling},
	{ID: "blank-stop", About: "a stop sequence is not only white space", Whom: "Claude", Texts: []*Text{textBlankStop}, check: checkBlankStop},
	{ID: "prefill", About: "the conversation ends with a message of the user", Whom: "Claude from 4.6", Texts: []*Text{textPrefill}, check: checkPrefill},
	{ID: "trailing-space", About: "a prefill does not end with white space", Whom: "Claude", Texts: []*Text{textTrailing}, check: checkTrailingSpace},
	{ID: "context", About: "the prompt fits into the model's context, where its size is known", Texts: []*Text{textTooLong, textPromptLong, textSumLong}, check: checkFits},
}

var (
	textLimit       = &Text{Form: "The maximum tokens you requested exceeds the model limit of %d. Try again with a maximum tokens value that is lower than %[1]d.", Source: sourceText}
	textClaudeLimit = &Text{Form: "max_tokens: %d > %d, which is the maximum allowed number of output tokens for %s", Model: true, Source: sourceText}
	textDeprecated  = &Text{Form: "`%s` is deprecated for this model.", Model: true, Source: sourceProbe,
		Others: []string{"%s: Extra inputs are not permitted"}}
	textBoth      = &Text{Form: "`temperature` and `top_p` cannot both be specified for this model. Please use only one.", Model: true, Source: sourceProbe, Others: []string{"`temperature` and `top_p` cannot both be specified"}}
	textBlankStop = &Text{Form: "stop_sequences: each stop sequence must contain non-whitespace", Model: true, Source: sourceText}
	textPrefill   = &Text{Form: "This model does not support assistant message prefill. The conversation must end with a user message.", Model: true, Source: sourceProbe,
		Others: []string{"This model does not support assistant message prefill"}}
	textTrailing   = &Text{Form: "messages: final assistant content cannot end with trailing whitespace", Model: true, Source: sourceText}
	textTooLong    = &Text{Form: "Input is too long for requested model.", Source: sourceText}
	textPromptLong = &Text{Form: "prompt is too long: %d tokens > %d maximum", Model: true, Source: sourceText}
	textSumLong    = &Text{Form: "input length and `max_tokens` exceed context limit: %d + %d > %d, decrease input length or `max_tokens` and try again", Model: true, Source: sourceText}
)

func checkMaxTokensLimit(in *Input) *Refusal {
	n, limit := in.Form.MaxTokens, in.Model.MaxOutput
	switch {
	case n == nil || limit == 0 || *n <= limit:
		return nil
	case in.Model.IsClaude():
		return in.refuse(textClaudeLimit, *n, limit, in.Model.ID.Base)
	}
	return in.refuse(textLimit, limit)
}

// checkSampling accepts values that change nothing: a temperature of 1, and a
// topP next to it.
func checkSampling(in *Input) *Refusal {
	req, m := in.Request, in.Model
	_, topK := in.Fields["top_k"]
	switch {
	case m.NoTemperature && req.Temperature != nil && (!m.IsClaude() || *req.Temperature != 1):
		return gone(in, "temperature", "temperature")
	case m.NoTopP && req.TopP != nil && (!m.IsClaude() || *req.TopP < 0.99):
		return gone(in, "topP", "top_p")
	case m.NoTopK && (topK || req.TopK > 0):
		return gone(in, "topK", "top_k")
	case m.OneSample && !m.NoTemperature && req.Temperature != nil && req.TopP != nil:
		return in.refuse(textBoth)
	}
	return nil
}

// gone refuses a parameter in the words of the model's maker.
func gone(in *Input, name, native string) *Refusal {
	if in.Model.IsClaude() {
		return in.refuse(textDeprecated, native)
	}
	return in.unsupported(name)
}

func checkBlankStop(in *Input) *Refusal {
	if !in.Model.IsClaude() {
		return nil
	}
	for _, s := range in.Request.StopSequences {
		if strings.TrimSpace(s) == "" {
			return in.refuse(textBlankStop)
		}
	}
	return nil
}

// ending returns the last text of a conversation that ends with the assistant.
// If it ends otherwise, ok is false.
func ending(in *Input) (text string, ok bool) {
	turns := in.conversation()
	if len(turns) == 0 || turns[len(turns)-1].role != model.RoleAssistant {
		return "", false
	}
	blocks := turns[len(turns)-1].blocks
	if len(blocks) > 0 {
		if t, isText := blocks[len(blocks)-1].part.(model.Text); isText {
			text = string(t)
		}
	}
	return text, true
}

func checkPrefill(in *Input) *Refusal {
	if _, ok := ending(in); !ok || !in.Model.NoPrefill {
		return nil
	}
	return in.refuse(textPrefill)
}

func checkTrailingSpace(in *Input) *Refusal {
	text, _ := ending(in)
	if !in.Model.IsClaude() || strings.TrimRight(text, " \t\r\n") == text {
		return nil
	}
	return in.refuse(textTrailing)
}

// checkFits compares the estimated size of the prompt with the model's context.
func checkFits(in *Input) *Refusal {
	n, limit := in.Tokens, in.Model.Context
	switch {
	case limit == 0 || in.Counting:
		return nil
	case !in.Model.IsClaude():
		if n > limit {
			return in.refuse(textTooLong)
		}
		return nil
	case n > limit:
		return in.refuse(textPromptLong, n, limit)
	}
	most := in.Form.MaxTokens
	if most == nil || in.Model.NoTemperature || n+*most <= limit {
		return nil // the newest models stop when the context is full
	}
	return in.refuse(textSumLong, n, *most, limit)
}

// given reports whether a member of inferenceConfig is set, by its name there.
func (in *Input) given(name string) bool {
	switch name {
	case "maxTokens":
		return in.Form.MaxTokens != nil
	case "temperature":
		return in.Request.Temperature != nil
	case "topP":
		return in.Request.TopP != nil
	}
	return false
}

// fieldRule refuses additional fields that the model does not know.
var fieldRule = &Rule{ID: "additional-field", About: "the model knows the additional fields", Whom: "Claude, GPT", Texts: []*Text{textExtra, textUnknown}, check: checkAdditionalField}

var textUnknown = &Text{Form: "Unknown parameter: '%s'.", Model: true, Source: sourceProbe, Others: []string{"Unknown parameter: '%s'"}}

// claudeFields are the members of Anthropic's bodies, and reasoning_config,
// which Bedrock takes in place of thinking.
// https://docs.claude.com/en/api/messages
var claudeFields = []string{"anthropic_beta", "anthropic_version", "cache_control", "container", "context_management", "inference_geo", "max_tokens", "mcp_servers", "messages",
	"metadata", "output_config", "output_format", "reasoning_config", "service_tier", "speed", "stop_sequences", "system", "temperature", "thinking", "tool_choice", "tools", "top_k", "top_p",
	"amazon-bedrock-guardrailConfig"}

func checkAdditionalField(in *Input) *Refusal {
	for _, name := range sortedNames(in.Fields) {
		switch {
		case slices.Contains(in.Model.Thinking.Foreign, name):
			return in.refuse(textUnknown, name)
		case in.Door == Converse && in.Model.IsClaude() && !slices.Contains(claudeFields, name):
			return in.refuse(textExtra.byModel(), name)
		}
	}
	return nil
}

func sortedNames(fields map[string]json.RawMessage) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
