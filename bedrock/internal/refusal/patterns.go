package refusal

import (
	"regexp"
	"sync"
)

// parameters are the names that refusals give the parameters of a request, in
// Converse's words and in those of the models.
var parameters = sync.OnceValue(func() map[string]Lesson {
	return map[string]Lesson{
		"temperature": temperature,
		"topP":        topP, "top_p": topP,
		"topK": topK, "top_k": topK, "k": topK,
		"stopSequences": stopSequences, "stop_sequences": stopSequences, "stop": stopSequences,
		"status": status, "toolResult.status": status,
		"toolConfig.toolChoice.any": choiceAny, "toolChoice.any": choiceAny,
		"toolConfig.toolChoice.tool": choiceNamed, "toolChoice.tool": choiceNamed,
		"tool_choice":      choiceForced,
		"reasoning_effort": flatEffort, "reasoning": nestedEffort, "reasoning.effort": nestedEffort, "reasoning_config": flatEffort,
		"thinking": anyThinking, "reasoningConfig": anyThinking,
		"strict": strict, "toolSpec.strict": strict,
		"outputConfig.textFormat": native, "outputConfig": native, "response_format": native, "output_config.format": native,
		"output_config.effort": effort, "outputConfig.effort": effort,
	}
})

// patterns are the service's words, as heard in answers to requests and quoted
// in public reports. The first one that fits counts. They are compiled when the
// first refusal is read, as most programs see none. Repetitions have bounds and
// end with the line, so that little fits besides the service's own words.
var patterns = sync.OnceValue(func() []pattern {
	return []pattern{
		// Sampling.
		says("Q(temperature|top_p|top_k)Q is deprecatedEND", byName(parameters())),
		says("Q(?:temperature|top_p)Q and Q(?:temperature|top_p)Q cannot both be specifiedEND", teaches(both)),
		says("Q(?:temperature)Q may only be set to 1 when thinking is enabled(?: or in adaptive mode)?END", teaches(whileThinking)),
		says("Q(?:top_p)Q must be (?:greater than or equal to 0\\.95|≥ ?0\\.95)[^\n]{0,40} thinking is enabled[^\n]{0,40}", teaches(whileThinking)),
		says("Q(?:top_k)Q must be unset when thinking is enabled[^\n]{0,40}", teaches(whileThinking)),

		// A field that a model does not have. The service uses the same words for
		// Converse's fields and for the model's own.
		says("This model DOESNT support the ([A-Za-z_.]{1,40}) field(?:END|\\. Remove [A-Za-z_.]{1,40} and try again\\.)", byName(parameters())),
		says("Unknown parameter: Q([A-Za-z_.]{1,40})Q\\.?", byName(parameters())),
		says("Unsupported parameter: Q([A-Za-z_.]{1,40})Q ISNT supported with this model\\.?", byName(parameters())),
		says("(output_config\\.(?:format|effort)): Extra inputs are not permitted", byName(parameters())),
		says("(reasoning_effort|reasoning|reasoning_config|thinking|reasoningConfig|tool_choice|temperature|top_p|top_k|stop_sequences): Extra inputs are not permitted", byName(parameters())),
		says("#: extraneous key \\[(reasoning_effort|reasoning|reasoning_config|thinking|reasoningConfig|top_k|k|topK)\\] is not permitted", byName(parameters())),
		says("output_config: Extra inputs are not permitted", teaches(native, effort)),
		says("#: extraneous key \\[output_config\\] is not permitted", teaches(native, effort)),
		says("#: extraneous key \\[output_config\\.format\\] is not permitted", teaches(native)),
		says("This model DOESNT support the effort parameter\\.?", teaches(effort)),
		says("This model DOESNT support system messages\\.[^\n]{0,200}", teaches(system)),

		// Thinking.
		says("Q?thinking\\.type\\.disabledQ? ISNT supported for this model(?:\\.[^\n]{0,200})?", teaches(disabled)),
		says("Q?thinking\\.type\\.enabledQ? ISNT supported for this model(?:\\.[^\n]{0,200})?", teaches(budget)),
		says("Q?thinking\\.type\\.adaptiveQ? ISNT supported for this model(?:\\.[^\n]{0,200})?", teaches(adaptive)),
		says("Q?thinking\\.type\\.between_toolsQ? ISNT supported for this model(?:\\.[^\n]{0,200})?", teaches(between)),
		says("adaptive thinking ISNT supported on this model\\.?", teaches(adaptive)),
		says("thinking\\.(?:enabled|adaptive|disabled)\\.display: Extra inputs are not permitted", teaches(display)),
		says("the provided reasoning config value is invalid\\.?", teaches(anyThinking)),
		says("(?:thinking|reasoning) ISNT supported (?:on|for|by) this model\\.?", teaches(anyThinking)),
		says("output_config\\.effort: Input should be ((?:'[a-z]{1,12}'(?:, | or |, or )?){1,8})", efforts),
		says("This model DOESNT support (?:the )?effort(?: level| value)? Q([a-z]{1,12})Q\\.?[^\n]{0,120}", oneEffort),
		says("Unsupported value: Q([a-z]{1,12})Q ISNT supported with (?:the|this) model\\.(?: Supported values are: ((?:Q[a-z]{1,12}Q(?:, | and |, and | or |, or )?){1,8})\\.?)?", oneEffort),
		says("Unsupported value: Q(?:reasoning\\.effort|reasoning_effort)Q DOESNT support Q([a-z]{1,12})Q with this model\\.(?: Supported values are: ((?:Q[a-z]{1,12}Q(?:, | and |, and | or |, or )?){1,8})\\.?)?", oneEffort),
		says("Invalid value: Q([a-z]{1,12})Q\\. Supported values are: ((?:Q[a-z]{1,12}Q(?:, | and |, and | or |, or )?){1,8})\\.?", oneEffort),

		// Tools.
		says("This model DOESNT support tool use in streaming mode\\.?", teaches(streaming)),
		says("This model DOESNT support tool use\\.?", teaches(toolUse)),
		says("\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set\\.?", teaches(toolUse)),
		says("Conversation blocks and tool result blocks cannot be provided in the same turn\\.?", teaches(besideResult, image)),
		says("Thinking may not be enabled when tool_choice forces tool use\\.?", teaches(forcedThinking)),
		says("tool_choice forces tool use ISNT compatible with this model\\.?", teaches(choiceForced)),
		says("tool_choice: type Q(?:tool|any)Q and Q(?:tool|any)Q ISNT supported for this model\\.?", teaches(choiceForced)),
		says("#: extraneous key \\[tools\\.\\d{1,4}\\.custom\\.strict\\] is not permitted", teaches(strict)),
		says("tools\\.\\d{1,4}(?:\\.custom|\\.toolSpec)?\\.strict: Extra inputs are not permitted", teaches(strict)),
		says("#/toolConfig/tools/\\d{1,4}/toolSpec: extraneous key \\[strict\\] is not permitted", teaches(strict)),
		says("This model DOESNT support (?:strict tools|strict mode for tools)\\.?", teaches(strict)),
		says("This model DOESNT support the image field for (?:user|tool) messages\\.?", teaches(resultImage, image)),
		says("This model DOESNT support the image content block that you provided\\.[^\n]{0,120}", teaches(resultImage, image)),
		says("This model DOESNT support the document content block that you provided\\.[^\n]{0,120}", teaches(document)),
		says("This model DOESNT support the video content block that you provided\\.[^\n]{0,120}", teaches(video)),
		says("This model DOESNT support (?:the )?images? (?:content block |field )?(?:in|inside) tool results?\\.?[^\n]{0,120}", teaches(resultImage)),

		// The form of the answer.
		says("This model DOESNT support (?:structured outputs?|the outputConfig\\.textFormat field|output format|JSON schema)(?:END|\\. Remove [A-Za-z_.]{1,40} and try again\\.)", teaches(native)),
		says("This model does not support assistant message prefill(?:\\.(?: The conversation must end with a user message\\.?)?)?", teaches(prefill)),
		says("Invalid Q(?:max_output_tokens|max_tokens|max_completion_tokens|maxTokens)Q: integer below minimum value\\. Expected a value >= (\\d{1,6}), but got \\d{1,6} instead\\.?", atLeast),
		says("1 validation error detected: Value '\\d{1,6}' at 'inferenceConfig\\.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to (\\d{1,6})", atLeast),
		says("(?:max_output_tokens|max_tokens|max_completion_tokens|maxTokens):? (?:must be|Input should be) (?:at least|greater than or equal to) (\\d{1,6})\\.?", atLeast),

		// Cache points.
		saysWith(403, "You invoked an unsupported model or your request did not allow prompt caching\\.(?: See the documentation for more information\\.)?", teaches(points)),
		says("#/toolConfig/tools/\\d{1,4}: extraneous key \\[cachePoint\\] is not permitted", teaches(toolPoints)),
		says("#/messages/\\d{1,5}/content/\\d{1,5}: extraneous key \\[cachePoint\\] is not permitted", teaches(blockPoints)),
		says("Cache point cannot be inserted after reasoning block\\.(?: Please remove the invalid cache point and try again\\.)?", teaches(afterThinking)),
		says("(?:messages|system|tools)[0-9.a-z_]{0,40}\\.cache_control\\.(?:ephemeral\\.)?ttl: (?:Extra inputs are not permitted|Input should be '5m')", teaches(hour)),
	}
})

var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[a-z]{1,12}`) })

// words takes the words out of a list that the service gives.
func words(list string) []string {
	var all []string
	for _, w := range word().FindAllString(list, -1) {
		if w != "or" && w != "and" {
			all = append(all, w)
		}
	}
	return all
}

// efforts is for a refusal that lists the efforts.
func efforts(m []string) []Lesson { return []Lesson{withoutEffort("", words(m[1]))} }

// oneEffort is for a refusal of one effort, which may list the others.
func oneEffort(m []string) []Lesson {
	var listed []string
	if len(m) > 2 {
		listed = words(m[2])
	}
	return []Lesson{withoutEffort(m[1], listed)}
}

// atLeast is for a refusal that names the least limit of an answer. A least limit
// of one teaches nothing: it holds for every model.
func atLeast(m []string) []Lesson {
	n := atoi(m[1])
	if n < 2 {
		return nil
	}
	return []Lesson{minOutput(n)}
}
