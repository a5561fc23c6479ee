package refusal_test

import (
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
)

// TestRead checks the facts that the service's words teach, and the neutral
// field of each. The words are quoted from public threads and documents.
func TestRead(t *testing.T) {
	for _, row := range []struct {
		status int
		text   string
		want   []string // "fact field"; none: not recognised
	}{
		{400, "`temperature` is deprecated for this model.", []string{"sampling.temperature temperature"}},
		{400, "The model returned the following errors: `top_p` is deprecated for this model.", []string{"sampling.top_p top_p"}},
		{400, "`top_k` is deprecated for this model.", []string{"sampling.top_k top_k"}},
		{400, "This model doesn't support the temperature field", []string{"sampling.temperature temperature"}},
		{400, "This model doesn't support the topP field. Remove topP and try again.", []string{"sampling.top_p top_p"}},
		{400, "This model doesn't support the stopSequences field. Remove stopSequences and try again.", []string{"sampling.stop_sequences stop_sequences"}},
		{400, "`temperature` and `top_p` cannot both be specified", []string{"sampling.both top_p"}},
		{400, "`temperature` and `top_p` cannot both be specified for this model. Please use only one.", []string{"sampling.both top_p"}},
		{400, "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation.", []string{"sampling.while_thinking temperature"}},
		{400, `"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`, []string{"thinking.disabled thinking"}},
		{400, `"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`, []string{"thinking.budget thinking.budget"}},
		{400, "adaptive thinking is not supported on this model", []string{"thinking.adaptive thinking.mode"}},
		{400, "the provided reasoning config value is invalid", []string{"thinking.supported thinking"}},
		{400, "Unknown parameter: 'reasoning_effort'.", []string{"thinking.style thinking.effort"}},
		{400, "Unknown parameter: 'thinking'", []string{"thinking.supported thinking"}},
		{400, "Thinking may not be enabled when tool_choice forces tool use.", []string{"tools.forced_thinking tool_choice"}},
		{400, "tool_choice forces tool use is not compatible with this model", []string{"tools.any tool_choice"}},
		{400, `tool_choice: type "tool" and "any" are not supported for this model.`, []string{"tools.any tool_choice"}},
		{400, "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.", []string{"tools.any tool_choice"}},
		{400, "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again.", []string{"tools.named tool_choice"}},
		{400, "This model doesn't support tool use in streaming mode.", []string{"tools.streaming tools"}},
		{400, "This model doesn't support the status field. Remove status and try again.", []string{"tools.result_status messages"}},
		{400, "This model doesn't support the image field for user messages", []string{"results.image messages", "input.image messages"}},
		{400, "output_config.format: Extra inputs are not permitted", []string{"output.native output"}},
		{400, "The model returned the following errors: output_config: Extra inputs are not permitted", []string{"output.native output", "thinking.efforts thinking.effort"}},
		{400, "tools.0.custom.strict: Extra inputs are not permitted", []string{"tools.strict tools"}},
		{400, "This model does not support assistant message prefill", []string{"turns.prefill messages"}},
		{400, "This model does not support assistant message prefill. The conversation must end with a user message.", []string{"turns.prefill messages"}},
		{400, "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.", []string{"limits.min_output max_tokens"}},
		{403, "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.", []string{"cache.points cache"}},
		{403, "You invoked an unsupported model or your request did not allow prompt caching.", []string{"cache.points cache"}},
		{400, "Malformed input request: #/toolConfig/tools/0: extraneous key [cachePoint] is not permitted, please reformat your input and try again.", []string{"cache.tools cache"}},
		{400, "#/messages/6/content/0: extraneous key [cachePoint] is not permitted", []string{"cache.tool_blocks cache"}},
		{400, "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.", []string{"cache.after_thinking cache"}},

		{400, "Malformed input request: #: extraneous key [output_config] is not permitted, please reformat your input and try again", []string{"output.native output", "thinking.efforts thinking.effort"}},
		{400, "This model does not support the effort parameter", []string{"thinking.efforts thinking.effort"}},
		{400, `Malformed input request: "thinking.type.between_tools" is not supported for this model, please reformat your input and try again.`, []string{"thinking.between_tools thinking"}},
		{400, "This model doesn't support tool use.", []string{"tools.use tools"}},
		{400, `"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set`, []string{"tools.use tools"}},
		{400, "Conversation blocks and tool result blocks cannot be provided in the same turn.", []string{"tools.text_with_result messages", "input.image messages"}},
		{400, "This model doesn't support system messages. Try again without system messages or use a model that supports system messages.", []string{"turns.system messages"}},
		{400, "This model doesn't support the image content block that you provided. Update the content block and try again.", []string{"results.image messages", "input.image messages"}},
		{400, "This model doesn't support the document content block that you provided. Update the content block and try again.", []string{"input.document messages"}},

		{400, "The model returned the following errors: Malformed input request: #: extraneous key [tools.0.custom.strict] is not permitted, please reformat your input and try again", []string{"tools.strict tools"}},
		{400, "Unsupported value: 'reasoning.effort' does not support 'none' with this model. Supported values are: 'minimal', 'low', 'medium', 'high' and 'max'.", []string{"thinking.efforts thinking.effort"}},
		{400, "1 validation error detected: Value '1' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 16", []string{"limits.min_output max_tokens"}},

		// Of the caller's content, the account, or for good.
		{400, "role 'system' is not supported on this model", nil},
		{400, "The provided model identifier is invalid.", nil},
		{400, "The provided model doesn't support counting tokens", nil},
		{400, "messages.1.content.0: Invalid `signature` in `thinking` block", nil},
		{400, "Expected toolResult blocks at messages.2.content for the following Ids: tooluse_1", nil},
		{400, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024", nil},
		{400, "prompt is too long: 1750303 tokens > 1000000 maximum", nil},
		{403, "You don't have access to the model with the specified model ID.", nil},
		{404, "This model version has reached the end of its life. Please refer to the AWS documentation for more details.", nil},
		{429, "Too many tokens, please wait before trying again.", nil},

		// The same words with another status, and a user's words that imitate them.
		{429, "`temperature` is deprecated for this model.", nil},
		{400, "You invoked an unsupported model or your request did not allow prompt caching.", nil},
		{400, "1 validation error detected: Value '`temperature` is deprecated for this model.' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+", nil},
		{400, "The document file name can only contain alphanumeric characters: This model doesn't support the status field. Remove status and try again.", nil},
		{400, "Expected toolResult blocks at messages.2.content for the following Ids: x\n`temperature` is deprecated for this model.", nil},
		{400, "`temperature` is deprecated for this model.\nThis model doesn't support tool use in streaming mode.", nil},
		{400, "This model doesn't support the guardrailConfig field. Remove guardrailConfig and try again.", nil},
		{400, "This model doesn't support the serviceTier field. Remove serviceTier and try again.", nil},
		{400, "This model doesn't support the requestMetadata field. Remove requestMetadata and try again.", nil},
		{400, "Unknown parameter: 'my_own'.", nil},
		{400, "", nil},
	} {
		var got []string
		for _, l := range refusal.Read(row.status, row.text) {
			got = append(got, l.Fact+" "+l.Field)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%d %q\nteaches %q, want %q", row.status, row.text, got, row.want)
		}
	}
}

// TestFactsExist checks that lessons are about facts that the table knows.
func TestFactsExist(t *testing.T) {
	known := facts.Names()
	for _, text := range []string{"`temperature` is deprecated for this model.", "This model doesn't support tool use in streaming mode.",
		"output_config: Extra inputs are not permitted", "max_tokens must be at least 16", "Unknown parameter: 'reasoning'.",
		"tool_choice forces tool use is not compatible with this model", "#/toolConfig/tools/0: extraneous key [cachePoint] is not permitted"} {
		for _, l := range refusal.Read(400, text) {
			if !slices.Contains(known, l.Fact) {
				t.Errorf("%q teaches %q, which is no fact", text, l.Fact)
			}
			f := facts.Lookup("acme.model")
			if s, ok := f.Override(l.Learn).Source(l.Fact); !ok || s.Grade != facts.GradeOverride {
				t.Errorf("%q does not change %s", text, l.Fact)
			}
		}
	}
}

// TestLearn checks what some lessons change.
func TestLearn(t *testing.T) {
	learn := func(text string, f facts.Facts) facts.Facts {
		t.Helper()
		all := refusal.Read(400, text)
		if len(all) == 0 {
			t.Fatalf("%q is not recognised", text)
		}
		all[0].Learn(&f)
		return f
	}
	const no = facts.SupportNo
	if f := learn("`temperature` is deprecated for this model.", facts.Facts{}); f.Sampling.Temperature != no || f.Sampling.TopP == no {
		t.Errorf("temperature: %+v", f.Sampling)
	}
	efforts := []string{"low", "medium", "high", "max"}
	before := facts.Facts{Thinking: facts.Thinking{Efforts: efforts}}
	if f := learn("Unsupported value: 'max' is not supported with this model.", before); !slices.Equal(f.Thinking.Efforts, []string{"low", "medium", "high"}) {
		t.Errorf("one effort: %q", f.Thinking.Efforts)
	}
	if f := learn("output_config.effort: Input should be 'low', 'medium' or 'high'", before); !slices.Equal(f.Thinking.Efforts, []string{"low", "medium", "high"}) {
		t.Errorf("listed efforts: %q", f.Thinking.Efforts)
	}
	if !slices.Equal(efforts, []string{"low", "medium", "high", "max"}) {
		t.Errorf("the given efforts were changed: %q", efforts)
	}
	if f := learn("max_tokens must be at least 16", facts.Facts{}); f.Limits.MinOutput != 16 {
		t.Errorf("least output: %d", f.Limits.MinOutput)
	}
	flat := facts.Facts{Thinking: facts.Thinking{Style: facts.ThinkingStyleEffort}}
	nested := learn("Unknown parameter: 'reasoning_effort'.", flat)
	if nested.Thinking.Style != facts.ThinkingStyleNested {
		t.Errorf("after a flat effort was refused: style %d", nested.Thinking.Style)
	}
	if f := learn("Unknown parameter: 'reasoning'.", flat); f.Thinking.Style != facts.ThinkingStyleUnasked {
		t.Errorf("after a field was refused that was not sent: style %d", f.Thinking.Style)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(400, "`temperature` is deprecated for this model.")
	f.Add(400, "output_config.effort: Input should be 'low', 'medium' or 'high'")
	f.Fuzz(func(t *testing.T, status int, text string) {
		for _, l := range refusal.Read(status, text) {
			if l.Fact == "" || l.Field == "" || l.Learn == nil {
				t.Errorf("%q: half a lesson: %+v", text, l)
			}
			var known facts.Facts
			l.Learn(&known)
		}
	})
}
