package rules

import (
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// thinkingRules are about thinking that a request asks for or sends back.
var thinkingRules = []*Rule{
	fieldRule,
	{ID: "thinking-type", About: "the model supports this type of thinking", Whom: "Claude, Nova; see the table", Texts: []*Text{textType, textAdaptive, textExtra, textReasoning}, check: checkThinkingType},
	{ID: "effort", About: "the model supports this effort", Whom: "see the table", Texts: []*Text{textEffort, textNoEffort, textEffortValue, textOffEffort}, check: checkEffortKnown},
	{ID: "high-effort", About: "neither a token limit nor sampling is set at high effort", Whom: "Nova 2", Texts: []*Text{textHigh}, check: checkHighEffort},
	{ID: "forced-thinking", About: "no tool is forced while the model thinks", Whom: "Claude before 4.8", Texts: []*Text{textForcedThinking}, check: checkForcedThinking},
	{ID: "budget", About: "a thinking budget is 1024 tokens or more", Whom: "Claude", Texts: []*Text{textBudget}, check: checkBudget},
	{ID: "budget-max-tokens", About: "a thinking budget is less than maxTokens", Whom: "Claude", Texts: []*Text{textBudgetMax}, check: checkBudgetMaxTokens},
	{ID: "thinking-temperature", About: "while the model thinks, temperature is 1, topP is 0.95 or more, and top_k is not set", Whom: "Claude", Texts: []*Text{textTemperature, textThinkingTopP, textThinkingTopK}, check: checkThinkingTemperature},
	{ID: "reasoning-replay", About: "thinking is not sent back, or only in encrypted form", Whom: "DeepSeek R1; GPT, Grok 4.7", Texts: []*Text{textField, textEncrypted}, check: checkReasoningReplay},
	{ID: "thinking-signature", About: "thinking that comes back has a signature of this server", Whom: "Claude", Texts: []*Text{textSignature, textRedacted, textUnsigned}, check: checkThinkingSignature},
	{ID: "thinking-edited", About: "thinking comes back unchanged", Whom: "Claude", Texts: []*Text{textEdited}, check: checkThinkingEdited},
	{ID: "thinking-first", About: "thinking comes back before the tool calls that it led to", Whom: "Claude", Texts: []*Text{textFirst}, check: checkThinkingFirst},
}

const thinkingDocs = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"

var (
	textType = &Text{Form: `"thinking.type.%s" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`, Model: true, Source: sourceDocs,
		Others: []string{`"thinking.type.%s" is not supported for this model.`}}
	textAdaptive       = &Text{Form: "adaptive thinking is not supported on this model", Model: true, Source: sourceProbe}
	textReasoning      = &Text{Form: "the provided reasoning config value is invalid", Model: true, Source: sourceText}
	textEffort         = &Text{Form: "output_config.effort: Input should be %s", Model: true}
	textNoEffort       = &Text{Form: "This model does not support the effort parameter.", Model: true}
	textEffortValue    = &Text{Form: "Unsupported value: '%s' does not support '%s' with this model. Supported values are: %s.", Model: true}
	textOffEffort      = &Text{Form: "thinking.disabled: effort '%s' is not supported when thinking is disabled. Use an effort of '%s' or lower.", Model: true}
	textHigh           = &Text{Form: "%s must not be set when maxReasoningEffort is high", Model: true}
	textForcedThinking = &Text{Form: "Thinking may not be enabled when tool_choice forces tool use.", Model: true, Source: sourceProbe}
	textBudget         = &Text{Form: "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024", Model: true, Source: sourceProbe}
	textBudgetMax      = &Text{Form: "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at " + thinkingDocs + "#max-tokens-and-context-window-size", Model: true, Source: sourceText}
	textTemperature    = &Text{Form: "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at " + thinkingDocs + "#important-considerations-when-using-extended-thinking", Model: true, Source: sourceText}
	textThinkingTopP   = &Text{Form: "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode. Please consult our documentation at " + thinkingDocs + "#important-considerations-when-using-extended-thinking", Model: true}
	textThinkingTopK   = &Text{Form: "`top_k` must be unset when thinking is enabled or in adaptive mode. Please consult our documentation at " + thinkingDocs + "#important-considerations-when-using-extended-thinking", Model: true}
	textEncrypted      = &Text{Form: "The encrypted content could not be verified.", Model: true}
	textSignature      = &Text{Form: "messages.%d.content.%d: Invalid `signature` in `thinking` block", Model: true, Source: sourceText}
	textRedacted       = &Text{Form: "messages.%d.content.%d: Invalid `data` in `redacted_thinking` block", Model: true, Source: sourceText}
	textUnsigned       = &Text{Form: "messages.%d.content.%d.thinking.signature: Field required", Model: true, Source: sourceText}
	textEdited         = &Text{Form: "messages.%d.content.%d: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. " +
		"These blocks must remain as they were in the original response.", Model: true, Source: sourceText}
	textFirst = &Text{Form: "messages.%d.content.0.type: Expected `thinking` or `redacted_thinking`, but found `%s`. " +
		"When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). " +
		"We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at " + thinkingDocs, Model: true, Source: sourceText}
)

func checkThinkingType(in *Input) *Refusal {
	t, own := in.thinking(), &in.Model.Thinking
	_, asked := in.Fields["thinking"]
	_, config := in.Fields["reasoningConfig"]
	switch {
	case in.Model.ID.Maker == "amazon" && own.None && config:
		return in.refuse(textReasoning)
	case !in.Model.Signs || !asked:
		return nil
	case own.None:
		return in.refuse(textExtra.byModel(), "thinking")
	case t.Type == "adaptive" && own.NoAdaptive:
		return in.refuse(textAdaptive)
	case t.Type == "enabled" && own.NoBudget, t.Type == "disabled" && own.NoDisabled:
		return in.refuse(textType, t.Type)
	case t.Type == "between_tools" && !own.Between:
		return in.refuse(textType, t.Type)
	}
	return nil
}

func checkEffortKnown(in *Input) *Refusal {
	word, own := in.effort(), &in.Model.Thinking
	switch {
	case word == "":
		return nil
	case !in.Model.IsClaude():
		if own.Efforts != nil && !slices.Contains(own.Efforts, word) {
			return in.refuse(textEffortValue, own.Field, word, quotedList(own.Efforts))
		}
		return nil
	case own.NoEffort && !atLeast(&in.Model.ID, 4, 5):
		return in.refuse(textExtra.byModel(), "output_config")
	case own.NoEffort:
		return in.refuse(textNoEffort)
	}
	allowed := own.Efforts
	if in.thinking().Type == "between_tools" {
		allowed = effortsOf45
	}
	if !slices.Contains(allowed, word) {
		return in.refuse(textEffort, quotedList(allowed))
	}
	if in.thinking().Type == "disabled" && own.OffUpTo != "" && slices.Index(efforts, word) > slices.Index(efforts, own.OffUpTo) {
		return in.refuse(textOffEffort, word, own.OffUpTo)
	}
	return nil
}

// quotedList joins words in the way that the makers do.
func quotedList(words []string) string {
	list := "'" + strings.Join(words, "', '") + "'"
	if i := strings.LastIndex(list, ", "); i >= 0 {
		list = list[:i] + " or " + list[i+2:]
	}
	return list
}

func checkHighEffort(in *Input) *Refusal {
	if in.effort() != "high" {
		return nil
	}
	for _, name := range in.Model.Thinking.HighAlone {
		if in.given(name) {
			return in.refuse(textHigh, name)
		}
	}
	return nil
}

func checkForcedThinking(in *Input) *Refusal {
	if !in.thinks() || in.Model.ForcedThinking {
		return nil
	}
	if c := in.choice(); c != model.ToolsAny && c != model.ToolsNamed {
		return nil
	}
	return in.refuse(textForcedThinking)
}

func checkBudget(in *Input) *Refusal {
	if t := in.thinking(); in.thinks() && t.Budget != nil && *t.Budget < 1024 {
		return in.refuse(textBudget)
	}
	return nil
}

func checkBudgetMaxTokens(in *Input) *Refusal {
	t, most := in.thinking(), in.Form.MaxTokens
	if !in.thinks() || t.Budget == nil || most == nil || *most > *t.Budget {
		return nil
	}
	return in.refuse(textBudgetMax)
}

func checkThinkingTemperature(in *Input) *Refusal {
	if !in.thinks() {
		return nil
	}
	_, topK := in.Fields["top_k"]
	switch req := in.Request; {
	case req.Temperature != nil && *req.Temperature != 1:
		return in.refuse(textTemperature)
	case req.TopP != nil && *req.TopP < 0.95:
		return in.refuse(textThinkingTopP)
	case topK || req.TopK > 0:
		return in.refuse(textThinkingTopK)
	}
	return nil
}

func checkReasoningReplay(in *Input) *Refusal {
	if !in.Model.NoReplay && !in.Model.NoTextReplay {
		return nil
	}
	return in.each(func(_ *turn, b *block) *Refusal {
		t, ok := b.part.(model.Thinking)
		switch {
		case !ok:
			return nil
		case in.Model.NoReplay || len(t.Redacted) == 0:
			return in.unsupported("reasoningContent")
		case in.Signer != nil && in.Signer.Opens(t.Redacted) != Genuine:
			return in.refuse(textEncrypted)
		}
		return nil
	})
}

// A replayed is a block of thinking that is sent back.
type replayed struct {
	message, block int // as Claude counts them
	latest         bool
	redacted       bool
	unsigned       bool
	verdict        Verdict
}

// replays judges the blocks of thinking of the conversation.
func replays(in *Input) (all []replayed) {
	if !in.Model.Signs || in.Signer == nil {
		return nil
	}
	latest := in.latestAssistant()
	_ = in.each(func(t *turn, b *block) *Refusal {
		p, ok := b.part.(model.Thinking)
		if !ok {
			return nil
		}
		r := replayed{message: t.at, block: b.seen, latest: t.at == latest, redacted: len(p.Redacted) > 0}
		seal := []byte(p.Signature)
		if r.redacted {
			seal = p.Redacted
			r.verdict = in.Signer.Opens(p.Redacted)
		} else {
			r.unsigned = p.Signature == ""
			r.verdict = in.Signer.Verify(p.Text, p.Signature)
		}
		r.verdict = bound(in, r.verdict, p.Text, seal)
		all = append(all, r)
		return nil
	})
	return all
}

// bound adjusts a verdict to the model's bindings. A model that is bound to the
// account leaves foreign blocks out without refusing them. A model that is
// bound to itself refuses the blocks of other models.
func bound(in *Input, v Verdict, text string, seal []byte) Verdict {
	switch {
	case v == Foreign && in.Model.BoundToServer:
		return Genuine
	case v == Genuine && in.Model.BoundToModel && !in.Signer.Issued(in.Model.ID.Base, text, seal):
		return Foreign
	}
	return v
}

func (in *Input) latestAssistant() int {
	turns := in.conversation()
	for n := len(turns) - 1; n >= 0; n-- {
		if turns[n].role == model.RoleAssistant {
			return turns[n].at
		}
	}
	return -1
}

// checkThinkingSignature refuses thinking that this server has not signed. It
// also refuses signed thinking that was edited in an earlier turn; in the
// latest turn that is for checkThinkingEdited.
func checkThinkingSignature(in *Input) *Refusal {
	for _, r := range replays(in) {
		switch {
		case r.verdict == Genuine, r.verdict == Edited && r.latest:
		case r.redacted:
			return in.refuse(textRedacted, r.message, r.block)
		case r.unsigned && in.Model.NoUnsignedReplay:
			return in.refuse(textUnsigned, r.message, r.block)
		default:
			return in.refuse(textSignature, r.message, r.block)
		}
	}
	return nil
}

func checkThinkingEdited(in *Input) *Refusal {
	for _, r := range replays(in) {
		if r.verdict == Edited && r.latest {
			return in.refuse(textEdited, r.message, r.block)
		}
	}
	return nil
}

// checkThinkingFirst requires the thinking that led to the calls that are being
// answered.
func checkThinkingFirst(in *Input) *Refusal {
	if !in.Model.Signs || in.thinking().Type != "enabled" {
		return nil
	}
	latest := in.latestAssistant()
	for _, t := range in.conversation() {
		if t.at != latest || len(t.calls()) == 0 {
			continue
		}
		found := "text"
		switch t.blocks[0].part.(type) {
		case model.Thinking:
			return nil
		case model.ToolCall, model.ServerToolCall:
			found = "tool_use"
		}
		return in.refuse(textFirst, t.at, found)
	}
	return nil
}
