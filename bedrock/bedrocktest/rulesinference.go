package bedrocktest

import (
	"fmt"
	"strings"
)

var inferenceChecks = []check{
	{RuleMaxTokensLimit, (*inspection).maxTokensLimit},
	{RuleSampling, (*inspection).sampling},
	{RuleBlankStop, (*inspection).blankStop},
	{RulePrefill, (*inspection).prefill},
	{RuleTrailingSpace, (*inspection).trailingSpace},
}

func (i *inspection) maxTokensLimit() *Exception {
	c, limit := i.InferenceConfig, i.traits.maxOutput
	if c == nil || c.MaxTokens == nil || limit == 0 || *c.MaxTokens <= limit {
		return nil
	}
	if i.traits.family == "claude" {
		return modelError(fmt.Sprintf("max_tokens: %d > %d, which is the maximum allowed number of output tokens for %s",
			*c.MaxTokens, limit, baseModel(i.record.ModelID)))
	}
	return validation(fmt.Sprintf("The maximum tokens you requested exceeds the model limit of %d. Try again with a maximum tokens value that is lower than %[1]d.", limit))
}

func (i *inspection) sampling() *Exception {
	c := i.InferenceConfig
	switch {
	case c == nil:
	case i.traits.noSampling && c.Temperature != nil:
		return modelError("`temperature` is deprecated for this model.")
	case i.traits.noSampling && c.TopP != nil:
		return modelError("`top_p` is deprecated for this model.")
	case i.traits.oneSample && c.Temperature != nil && c.TopP != nil:
		return modelError("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
	}
	return nil
}

func (i *inspection) blankStop() *Exception {
	if i.InferenceConfig == nil || i.traits.family != "claude" {
		return nil
	}
	for _, s := range i.InferenceConfig.StopSequences {
		if strings.TrimSpace(s) == "" {
			return modelError("stop_sequences: each stop sequence must contain non-whitespace")
		}
	}
	return nil
}

// ending returns the last text of a conversation that ends with the
// assistant; ok is false if it does not.
func (i *inspection) ending() (text string, ok bool) {
	n := len(i.Messages)
	if n == 0 || i.Messages[n-1].Role != "assistant" {
		return "", false
	}
	content := i.Messages[n-1].Content
	if len(content) > 0 && content[len(content)-1].Text != nil {
		text = *content[len(content)-1].Text
	}
	return text, true
}

func (i *inspection) prefill() *Exception {
	if _, ok := i.ending(); !ok || !i.traits.noPrefill {
		return nil
	}
	return modelError("This model does not support assistant message prefill. The conversation must end with a user message.")
}

func (i *inspection) trailingSpace() *Exception {
	text, _ := i.ending()
	if i.traits.family != "claude" || strings.TrimRight(text, " \t\r\n") == text {
		return nil
	}
	return modelError("messages: final assistant content cannot end with trailing whitespace")
}
