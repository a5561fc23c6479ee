package bedrocktest

import (
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

var thinkingChecks = []check{
	{RuleForcedThinking, (*inspection).forcedThinking},
	{RuleBudget, (*inspection).budget},
	{RuleBudgetMaxTokens, (*inspection).budgetMaxTokens},
	{RuleThinkingTemperature, (*inspection).thinkingTemperature},
	{RuleReasoningReplay, (*inspection).reasoningReplay},
	{RuleThinkingSignature, (*inspection).thinkingSignature},
	{RuleThinkingEdited, (*inspection).thinkingEdited},
	{RuleThinkingFirst, (*inspection).thinkingFirst},
	{RuleContext, (*inspection).fits},
}

const thinkingDocs = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"

// thinking is what a request says of it in Claude's own fields.
type thinking struct {
	Type   string `json:"type"`
	Budget *int   `json:"budget_tokens"`
}

func thinkingOf(w *wire.Request) thinking {
	var fields struct {
		Thinking thinking `json:"thinking"`
	}
	// Fields of another form are the model's to judge.
	if json.Unmarshal(w.AdditionalModelRequestFields, &fields) != nil {
		return thinking{}
	}
	return fields.Thinking
}

// thinks reports whether Claude thinks.
func (i *inspection) thinks() bool {
	return i.traits.signs && (i.thinking.Type == "enabled" || i.thinking.Type == "adaptive")
}

func (i *inspection) forcedThinking() *Exception {
	if !i.thinks() || i.traits.forcedThinking || i.ToolConfig == nil || i.ToolConfig.ToolChoice == nil {
		return nil
	}
	if c := i.ToolConfig.ToolChoice; c.Any == nil && c.Tool == nil {
		return nil
	}
	return modelError("Thinking may not be enabled when tool_choice forces tool use.")
}

func (i *inspection) budget() *Exception {
	if i.thinks() && i.thinking.Budget != nil && *i.thinking.Budget < 1024 {
		return modelError("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
	}
	return nil
}

func (i *inspection) budgetMaxTokens() *Exception {
	c := i.InferenceConfig
	if !i.thinks() || i.thinking.Budget == nil || c == nil || c.MaxTokens == nil || *c.MaxTokens > *i.thinking.Budget {
		return nil
	}
	return modelError("`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at " + thinkingDocs + "#max-tokens-and-context-window-size")
}

func (i *inspection) thinkingTemperature() *Exception {
	c := i.InferenceConfig
	if !i.thinks() || c == nil || c.Temperature == nil || *c.Temperature == 1 {
		return nil
	}
	return modelError("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at " + thinkingDocs + "#important-considerations-when-using-extended-thinking")
}

func (i *inspection) reasoningReplay() *Exception {
	if !i.traits.noReplay {
		return nil
	}
	for _, m := range i.Messages {
		for _, b := range m.Content {
			if b.ReasoningContent != nil {
				return unsupported("reasoningContent")
			}
		}
	}
	return nil
}

// A replayed is a block of thinking that comes back.
type replayed struct {
	message, block int // as Claude counts them: cache points are no blocks
	latest         bool
	redacted       bool
	verdict        verdict
}

// replays judges the blocks of thinking of the conversation.
func (i *inspection) replays() []replayed {
	if !i.traits.signs {
		return nil
	}
	id := baseModel(i.record.ModelID)
	latest := i.latestAssistant()
	var all []replayed
	for n, m := range i.Messages {
		k := -1
		for _, b := range m.Content {
			if b.CachePoint == nil {
				k++
			}
			r := replayed{message: n, block: k, latest: n == latest}
			switch c := b.ReasoningContent; {
			case c == nil:
				continue
			case c.ReasoningText != nil:
				signature := ""
				if c.ReasoningText.Signature != nil {
					signature = *c.ReasoningText.Signature
				}
				r.verdict = i.signer.verify(id, c.ReasoningText.Text, signature)
			case c.RedactedContent != nil:
				if r.redacted = true; !i.signer.opens(id, c.RedactedContent) {
					r.verdict = foreign
				}
			}
			all = append(all, r)
		}
	}
	return all
}

func (i *inspection) latestAssistant() int {
	for n := len(i.Messages) - 1; n >= 0; n-- {
		if i.Messages[n].Role == "assistant" {
			return n
		}
	}
	return -1
}

// thinkingSignature refuses what this server has not signed, and what it has
// signed but was changed in an earlier turn.
func (i *inspection) thinkingSignature() *Exception {
	for _, r := range i.replays() {
		switch at := fmt.Sprintf("messages.%d.content.%d", r.message, r.block); {
		case r.verdict == genuine, r.verdict == edited && r.latest:
		case r.redacted:
			return modelError(at + ": Invalid `data` in `redacted_thinking` block")
		default:
			return modelError(at + ": Invalid `signature` in `thinking` block")
		}
	}
	return nil
}

func (i *inspection) thinkingEdited() *Exception {
	for _, r := range i.replays() {
		if r.verdict == edited && r.latest {
			return modelError(fmt.Sprintf("messages.%d.content.%d: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "+
				"These blocks must remain as they were in the original response.", r.message, r.block))
		}
	}
	return nil
}

// thinkingFirst wants the thinking back that led to the tool calls which are
// being answered.
func (i *inspection) thinkingFirst() *Exception {
	n := i.latestAssistant()
	if !i.traits.signs || i.thinking.Type != "enabled" || n < 0 || len(calls(&i.Messages[n])) == 0 {
		return nil
	}
	first := i.Messages[n].Content[0]
	if first.ReasoningContent != nil {
		return nil
	}
	found := "tool_use"
	if first.ToolUse == nil {
		found = "text"
	}
	return modelError(fmt.Sprintf("messages.%d.content.0.type: Expected `thinking` or `redacted_thinking`, but found `%s`. "+
		"When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). "+
		"We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at %s", n, found, thinkingDocs))
}

// fits compares the estimate of the prompt with what the model can read.
func (i *inspection) fits() *Exception {
	n, limit := i.record.Tokens, i.traits.context
	switch {
	case limit == 0 || i.counting:
		return nil
	case i.traits.family != "claude":
		if n > limit {
			return validation("Input is too long for requested model.")
		}
		return nil
	case n > limit:
		return modelError(fmt.Sprintf("prompt is too long: %d tokens > %d maximum", n, limit))
	}
	c := i.InferenceConfig
	if c == nil || c.MaxTokens == nil || i.traits.noSampling || n+*c.MaxTokens <= limit {
		return nil // the newest models stop when the context is full
	}
	return modelError(fmt.Sprintf("input length and `max_tokens` exceed context limit: %d + %d > %d, decrease input length or `max_tokens` and try again", n, *c.MaxTokens, limit))
}
