package bedrocktest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// More models, for how they differ.
const (
	haiku45   = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
	opus46    = "us.anthropic.claude-opus-4-6-v1"
	opus48    = "us.anthropic.claude-opus-4-8"
	opus5     = "us.anthropic.claude-opus-5"
	opus55    = "us.anthropic.claude-opus-5-5"
	sonnet55  = "us.anthropic.claude-sonnet-5-5"
	fable51   = "us.anthropic.claude-fable-5-1"
	haiku55   = "us.anthropic.claude-haiku-5-5"
	gpt56     = "us.openai.gpt-5.6-sol"
	astra     = "global.openai.gpt-6-astra"
	novaLite  = "amazon.nova-lite-v1:0"
	mistral7b = "mistral.mistral-7b-instruct-v0:2"
	pixtral   = "us.mistral.pixtral-large-2502-v1:0"
	llama4    = "us.meta.llama4-maverick-17b-instruct-v1:0"
	gemma     = "google.gemma-3-27b-it"
	vision    = "writer.palmyra-vision-7b"
)

func fields(members string) string {
	return with(conversation(hello), `"inferenceConfig":{"maxTokens":4000}`, `"additionalModelRequestFields":{`+members+`}`)
}

func inference(members string) string {
	return with(conversation(hello), `"inferenceConfig":{`+members+`}`)
}

func schema(s string) string {
	return with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":`+s+`}}}]}`)
}

func output(s string) string {
	return with(conversation(hello), `"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":`+quote(s)+`}}}}`)
}

func strictly(s string) string {
	return strings.Replace(schema(s), `"name":"f"`, `"name":"f","strict":true`, 1)
}

func choosing(choice string) string {
	return with(conversation(hello), strings.Replace(tools, `{"tools"`, `{"toolChoice":`+choice+`,"tools"`, 1))
}

// called once, and answered with what is given.
func resulting(content ...string) string {
	return with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(content...)), tools)
}

const (
	picture   = `{"image":{"format":"png","source":{"bytes":"iVBORw0KGgoA"}}}`
	pictured  = `{"toolResult":{"toolUseId":"t1","content":[` + picture + `]}}`
	sound     = `{"audio":{"format":"mp3","source":{"bytes":"AAAA"}}}`
	film      = `{"video":{"format":"mp4","source":{"bytes":"AAAA"}}}`
	stored    = `{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/x.png"}}}}`
	closed    = `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`
	noOffType = `"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`
	extra     = ": Extra inputs are not permitted"
)

// members are n properties of strings.
func members(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`"p%d":{"type":"string"}`, i)
	}
	return strings.Join(all, ",")
}

func strictTools(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"toolSpec":{"name":"f%d","strict":true,"inputSchema":{"json":%s}}}`, i, closed)
	}
	return strings.Join(all, ",")
}

// beliefs are what sets models apart, and what was let pass before.
var beliefs = []refusal{
	{name: "mantle only", rule: "model-id", model: "openai.gpt-5.4", body: conversation(hello), message: "The provided model identifier is invalid.", still: true},
	{name: "id of mantle", rule: "model-id", model: "openai.gpt-oss-120b", body: conversation(hello), message: "The provided model identifier is invalid."},
	{name: "another geography", rule: "model-id", model: "eu.openai.gpt-5.6-sol", body: conversation(hello), message: "The provided model identifier is invalid."},
	{name: "another context", rule: "model-variant", model: "amazon.nova-lite-v1:0:24k", body: conversation(hello),
		message: "Invocation of model ID amazon.nova-lite-v1:0:24k with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{name: "deepseek.r1 by its bare id", rule: "inference-profile", model: "deepseek.r1-v1:0", body: conversation(hello),
		message: "Invocation of model ID deepseek.r1-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{name: "newer Claude is not counted for", rule: "count-tokens", model: "anthropic.claude-opus-5", operation: "count-tokens", body: `{"input":{"converse":` + conversation(hello) + `}}`,
		message: "The provided model doesn't support counting tokens."},

	{name: "16 tokens at least", rule: "max-tokens", model: gpt56, body: inference(`"maxTokens":15`),
		message: fromModel + "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead."},
	{name: "letters of a call's id", rule: "call-id", model: novaMicro,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"a|b","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"a|b","content":[{"text":"r"}]}}`)), tools),
		message: "1 validation error detected: Value 'a|b' at 'messages.2.member.content.1.member.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.:-]+"},
	{name: "a long id", rule: "call-id", model: kimi,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"`+strings.Repeat("a", 65)+`","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"`+strings.Repeat("a", 65)+`","content":[{"text":"r"}]}}`)), tools),
		message: "1 validation error detected: Value '" + strings.Repeat("a", 65) + "' at 'messages.2.member.content.1.member.toolUse.toolUseId' failed to satisfy constraint: Member must have length less than or equal to 64"},
	{name: "Kimi's id to Claude", rule: "call-id", model: sonnet45,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"functions.f:0","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"functions.f:0","content":[{"text":"r"}]}}`)), tools),
		message: fromModel + "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"},
	{name: "metadata", rule: "metadata", model: sonnet45, body: with(conversation(hello), `"requestMetadata":{"a":"b;c"}`),
		message: `1 validation error detected: Value '{}' at 'requestMetadata' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 256, Member must satisfy regular expression pattern: [a-zA-Z0-9\s:_@$#=/+,-.]{1,256}]`},
	{name: "tools for a prompt", rule: "prompt-resource", model: "arn:aws:bedrock:us-east-1:123456789012:prompt/P1:1", body: with(conversation(hello), tools),
		message: "The toolConfig field can't be set when a prompt resource is used. Remove toolConfig and try again."},

	{name: "system prompt", rule: "system-prompt", model: vision, body: with(conversation(hello), `"system":[{"text":"s"}]`),
		message: "This model doesn't support system messages. Try again without system messages or use a model that supports system messages."},
	{name: "system between turns", rule: "system-turn", model: sonnet45, body: conversation(hello, `{"role":"system","content":[{"text":"s"}]}`, hello),
		message: fromModel + "messages.1: role 'system' is not supported on this model"},

	{name: "no tools at all", rule: "tool-support", model: vision, body: with(conversation(hello), tools),
		message: fromModel + `"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set`},
	{name: "tools in Llama 4's streams", rule: "tool-support", model: llama4, operation: "converse-stream", body: with(conversation(hello), tools),
		message: "This model doesn't support tool use in streaming mode."},
	{name: "tools in Pixtral's streams", rule: "tool-support", model: pixtral, operation: "converse-stream", body: with(conversation(hello), tools),
		message: "This model doesn't support tool use in streaming mode."},
	{name: "two tools of a name", rule: "tool-unique", model: sonnet45, body: with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}]}`), still: true, // the fake
		message: fromModel + "tools: Tool names must be unique."},
	{name: "forced tool of Opus 5.5", rule: "tool-choice", model: opus55, body: choosing(`{"any":{}}`),
		message: fromModel + `tool_choice: type "tool" and "any" are not supported for this model.`},
	{name: "named tool of Fable 5.1", rule: "tool-choice", model: fable51, body: choosing(`{"tool":{"name":"f"}}`),
		message: fromModel + "tool_choice forces tool use is not compatible with this model"},
	{name: "forced by Claude's own field", rule: "tool-choice", model: sonnet55, body: with(conversation(hello), tools, `"additionalModelRequestFields":{"tool_choice":{"type":"any"}}`),
		message: fromModel + `tool_choice: type "tool" and "any" are not supported for this model.`},
	{name: "a named tool of the first v3", rule: "tool-choice", model: "deepseek.v3-v1:0", body: choosing(`{"tool":{"name":"f"}}`),
		message: "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again."},
	{name: "two calls of an id", rule: "call-unique", model: novaMicro,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`, `{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1)), tools),
		message: "The toolUse blocks at messages.1.content contain duplicate Ids: t1"},
	{name: "two results of an id", rule: "call-unique", model: novaMicro, body: with(conversation(hello, called, user(result1, result2, result1)), tools), still: true,
		message: "The toolResult blocks at messages.2.content contain duplicate Ids: t1"},
	{name: "an id again in a later turn", rule: "call-unique", model: sonnet45,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1), assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1)), tools),
		message: fromModel + "messages.3.content.0: `tool_use` ids must be unique"},

	{name: "text before a result", rule: "results-first", model: sonnet45, body: resulting(text("x"), result1),
		message: fromModel + "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1. Each `tool_use` block must have a corresponding `tool_result` block in the next message."},
	{name: "text between results", rule: "results-first", model: opus5, body: with(conversation(hello, called, user(result1, text("x"), result2)), tools),
		message: fromModel + "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t2. Each `tool_use` block must have a corresponding `tool_result` block in the next message."},

	{name: "schema without a type", rule: "tool-schema", model: sonnet45, body: schema(`{"properties":{}}`),
		message: "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object."},
	{name: "schema of another type", rule: "tool-schema", model: novaMicro, body: schema(`{"type":["object","null"]}`),
		message: "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object."},
	{name: "alternatives of a tool", rule: "tool-schema-root", model: sonnet45, body: schema(`{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}`),
		message: fromModel + "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level"},
	{name: "parts of a tool to GPT", rule: "tool-schema-root", model: gpt56, body: schema(`{"type":"object","allOf":[{"required":["a"]}]}`),
		message: fromModel + "Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."},
	{name: "25 optional members", rule: "optional-members", model: sonnet45, body: output(`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"object","additionalProperties":false,"properties":{` + members(24) + `}}},"required":["a"],"$defs":{"d":{"type":"object","additionalProperties":false,"properties":{"x":{"type":"string"}}}}}`),
		message: fromModel + "Schemas contains too many optional parameters (25), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: 24)."},
	{name: "an optional member to GPT", rule: "optional-members", model: gpt56, body: strings.Replace(output(`{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{"type":"string"},"c":{"type":"string"}},"required":["b"],"additionalProperties":false}}},"required":["a"],"additionalProperties":false}`), `"schema":`, `"name":"recipe","schema":`, 1),
		message: fromModel + "Invalid schema for response_format 'recipe': In context=('properties', 'a', 'items'), 'required' is required to be supplied and to be an array including every key in properties. Missing 'c'."},
	{name: "an optional member of a strict tool to GPT", rule: "optional-members", model: astra, body: strictly(`{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`),
		message: fromModel + "Invalid schema for function 'f': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'a'."},
	{name: "21 strict tools", rule: "strict-tools", model: sonnet45, body: with(conversation(hello), `"toolConfig":{"tools":[`+strictTools(21)+`]}`),
		message: fromModel + "Too many strict tools (21). The maximum number of strict tools supported is 20. Try reducing the number of tools marked as strict."},
	{name: "strict tool", rule: "strict", model: opus48, body: strictly(closed), message: fromModel + "tools.0.custom.strict" + extra},
	{name: "native output of Opus 4.7", rule: "native-output", model: opus48, body: output(closed), message: fromModel + "output_config.format" + extra},
	{name: "native output of Sonnet 4", rule: "native-output", model: sonnet4, body: output(closed), message: fromModel + "output_config" + extra},
	{name: "native output of Pixtral", rule: "native-output", model: pixtral, body: output(closed),
		message: "This model doesn't support the outputConfig.textFormat field. Remove outputConfig.textFormat and try again."},
	{name: "open schema", rule: "closed-schema", model: sonnet45, body: output(`{"type":"object"}`),
		message: fromModel + "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"},
	{name: "open schema of a strict tool", rule: "closed-schema", model: sonnet45, body: strictly(`{"type":"object"}`),
		message: fromModel + "tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false"},
	{name: "bound in a schema", rule: "closed-schema", model: sonnet45, body: output(`{"type":"object","properties":{"a":{"type":"integer","minimum":1}},"additionalProperties":false}`),
		message: fromModel + "output_config.format.schema: For 'integer' type, property 'minimum' is not supported"},
	{name: "recursive schema", rule: "closed-schema", model: sonnet45, body: output(`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"additionalProperties":false,"$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}},"additionalProperties":false}}}`),
		message: fromModel + "output_config.format.schema: Recursive schemas are not supported"},
	{name: "17 unions", rule: "union-types", model: sonnet45, body: output(`{"type":"object","additionalProperties":false,"properties":{` + unions(17) + `}}`),
		message: fromModel + "Schemas contains too many parameters with union types (17 parameters with type arrays or anyOf). This causes exponential compilation cost. Reduce the number of nullable or union-typed parameters (limit: 16 parameters with unions)."},

	{name: "text for a document", rule: "document-source", model: sonnet45, body: conversation(user(text("x"), `{"document":{"name":"a","format":"txt","source":{"text":"words"}}}`)),
		message: "The source of the document at messages.0.content.1 must be bytes or s3Location. Update the source and try again."},
	{name: "image to a text model", rule: "media-support", model: qwen, body: conversation(user(text("x"), picture)),
		message: "This model doesn't support the image content block that you provided. Update the content block and try again."},
	{name: "image in a result", rule: "media-support", model: gemma, body: resulting(pictured),
		message: "This model doesn't support the image content block that you provided. Update the content block and try again."},
	{name: "image in a result of GPT", rule: "media-support", model: astra, body: resulting(pictured),
		message: "This model doesn't support the image content block that you provided. Update the content block and try again."},
	{name: "video to Claude", rule: "media-support", model: sonnet45, body: conversation(user(text("x"), film)),
		message: "This model doesn't support the video content block that you provided. Update the content block and try again."},
	{name: "video to Kimi", rule: "media-support", model: "moonshotai.kimi-k2.5", body: conversation(user(text("x"), film)),
		message: "This model doesn't support the video content block that you provided. Update the content block and try again."},
	{name: "audio to Mistral", rule: "media-support", model: "mistral.mistral-large-3-675b-instruct", body: conversation(user(text("x"), sound)),
		message: "This model doesn't support the audio content block that you provided. Update the content block and try again."},
	{name: "audio to Grok", rule: "media-support", model: "us.xai.grok-4.7", body: conversation(user(text("x"), sound)),
		message: "This model doesn't support the audio content block that you provided. Update the content block and try again."},
	{name: "video to GPT", rule: "media-support", model: gpt56, body: conversation(user(text("x"), film)),
		message: "This model doesn't support the video content block that you provided. Update the content block and try again."},
	{name: "video to Nemotron", rule: "media-support", model: "nvidia.nemotron-nano-12b-v2", body: conversation(user(text("x"), film)),
		message: "This model doesn't support the video content block that you provided. Update the content block and try again."},
	{name: "another image format", rule: "image-type", model: novaLite, body: conversation(user(text("x"), strings.Replace(picture, "png", "bmp", 1))),
		message: "1 validation error detected: Value at 'messages.1.member.content.2.member.image.format' failed to satisfy constraint: Member must satisfy enum value set: [png, jpeg, gif, webp]"},
	{name: "an image format in capitals, in a result", rule: "image-type", model: sonnet45, body: resulting(strings.Replace(pictured, "png", "PNG", 1)),
		message: "1 validation error detected: Value at 'messages.3.member.content.1.member.toolResult.content.1.member.image.format' failed to satisfy constraint: Member must satisfy enum value set: [png, jpeg, gif, webp]"},
	{name: "S3 for Claude", rule: "media-source", model: sonnet45, body: conversation(user(text("x"), stored)),
		message: "This model doesn't support the s3Location field. Remove s3Location and try again."},
	{name: "S3 in Nova's result", rule: "media-source", model: nova2, body: resulting(`{"toolResult":{"toolUseId":"t1","content":[` + stored + `]}}`),
		message: "This model doesn't support the s3Location field. Remove s3Location and try again."},

	{name: "cache point of GLM", rule: "cache-support", model: "zai.glm-5", body: conversation(user(text("x"), point)), status: 403, errorType: "AccessDeniedException",
		message: "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."},
	{name: "cache point after Nova's result", rule: "cache-results", model: novaMicro, body: resulting(result1, point),
		message: fromModel + "Malformed input request: #/messages/2/content/1: extraneous key [cachePoint] is not permitted, please reformat your input and try again."},
	{name: "cache point first", rule: "cache-first", model: sonnet45, body: conversation(user(point, text("x"))),
		message: "The cachePoint at messages.0.content.0 has no content before it. Add content before the cache point and try again."},
	{name: "system prompt of a cache point", rule: "cache-first", model: sonnet45, body: with(conversation(hello), `"system":[`+point+`,{"text":"s"}]`),
		message: "The cachePoint at system.0 has no content before it. Add content before the cache point and try again."},
	{name: "tools after a cache point", rule: "cache-first", model: sonnet45, body: with(conversation(hello), strings.Replace(tools, `[`, `[`+point+`,`, 1)),
		message: "The cachePoint at toolConfig.tools.0 has no content before it. Add content before the cache point and try again."},
	{name: "cache point after thinking", rule: "cache-thinking", model: sonnet45,
		body: conversation(hello, assistant(`{"reasoningContent":{"reasoningText":{"text":"t","signature":"EsgE"}}}`, point, text("x")), hello), still: true,
		message: "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again."},
	{name: "two hours", rule: "cache-ttl", model: sonnet45, body: conversation(user(text("x"), `{"cachePoint":{"type":"default","ttl":"2h"}}`)),
		message: "1 validation error detected: Value '2h0m0s' at 'cachePoint.ttl' failed to satisfy constraint: Member must satisfy enum value set: [5m, 1h]"},

	{name: "topP of Opus 4.8", rule: "sampling", model: opus48, body: inference(`"topP":0.5`), message: fromModel + "`top_p` is deprecated for this model."},
	{name: "top_k of Opus 4.8", rule: "sampling", model: opus48, body: fields(`"top_k":10`), message: fromModel + "`top_k` is deprecated for this model."},
	{name: "temperature of Haiku 5.5", rule: "sampling", model: haiku55, body: inference(`"temperature":0.5`), message: fromModel + "`temperature` is deprecated for this model."},
	{name: "both for Opus 4.6", rule: "sampling", model: opus46, body: inference(`"temperature":0.5,"topP":0.5`),
		message: fromModel + "`temperature` and `top_p` cannot both be specified for this model. Please use only one."},
	{name: "temperature of GPT", rule: "sampling", model: gpt56, body: inference(`"temperature":0.5`), message: "This model doesn't support the temperature field. Remove temperature and try again."},

	{name: "a field that Claude does not know", rule: "additional-field", model: sonnet45, body: fields(`"reasoning":{"effort":"high"}`), message: fromModel + "reasoning" + extra},
	{name: "flat effort for GPT", rule: "additional-field", model: gpt56, body: fields(`"reasoning_effort":"high"`), message: fromModel + "Unknown parameter: 'reasoning_effort'."},
	{name: "Claude's thinking for GPT", rule: "additional-field", model: astra, body: fields(`"thinking":{"type":"adaptive"}`), message: fromModel + "Unknown parameter: 'thinking'."},
	{name: "adaptive for Haiku 4.5", rule: "thinking-type", model: haiku45, body: fields(`"thinking":{"type":"adaptive"}`), message: fromModel + "adaptive thinking is not supported on this model"},
	{name: "budget for Haiku 5.5", rule: "thinking-type", model: haiku55, body: fields(`"thinking":{"type":"enabled","budget_tokens":2048}`),
		message: fromModel + strings.Replace(noOffType, "disabled", "enabled", 1)},
	{name: "disabled for Opus 5.5", rule: "thinking-type", model: opus55, body: fields(`"thinking":{"type":"disabled"}`), message: fromModel + noOffType},
	{name: "between tools for Opus 5", rule: "thinking-type", model: opus5, body: fields(`"thinking":{"type":"between_tools"}`), message: fromModel + strings.Replace(noOffType, "disabled", "between_tools", 1)},
	{name: "thinking of Claude 3.5", rule: "thinking-type", model: "anthropic.claude-3-5-sonnet-20240620-v1:0", body: fields(`"thinking":{"type":"enabled","budget_tokens":2048}`), message: fromModel + "thinking" + extra},
	{name: "thinking of the first Nova", rule: "thinking-type", model: novaMicro, body: fields(`"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}`), message: fromModel + "the provided reasoning config value is invalid"},
	{name: "xhigh for Opus 4.6", rule: "effort", model: opus46, body: fields(`"output_config":{"effort":"xhigh"}`), message: fromModel + "output_config.effort: Input should be 'low', 'medium', 'high' or 'max'"},
	{name: "effort for Haiku 4.5", rule: "effort", model: haiku45, body: fields(`"output_config":{"effort":"low"}`), message: fromModel + "This model does not support the effort parameter."},
	{name: "effort for Sonnet 4", rule: "effort", model: sonnet4, body: fields(`"output_config":{"effort":"low"}`), message: fromModel + "output_config" + extra},
	{name: "disabled at the highest effort", rule: "effort", model: opus5, body: fields(`"thinking":{"type":"disabled"},"output_config":{"effort":"max"}`),
		message: fromModel + "thinking.disabled: effort 'max' is not supported when thinking is disabled. Use an effort of 'high' or lower."},
	{name: "no thinking for Astra", rule: "effort", model: astra, body: fields(`"reasoning":{"effort":"none"}`),
		message: fromModel + "Unsupported value: 'reasoning.effort' does not support 'none' with this model. Supported values are: 'minimal', 'low', 'medium', 'high', 'xhigh' or 'max'."},
	{name: "limit at high effort", rule: "high-effort", model: nova2, body: fields(`"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}`), message: fromModel + "maxTokens must not be set when maxReasoningEffort is high"},
	{name: "topP while thinking", rule: "thinking-temperature", model: sonnet45, body: with(conversation(hello), think, `"inferenceConfig":{"topP":0.5}`),
		message: fromModel + "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking"},
	{name: "plain thinking to GPT", rule: "reasoning-replay", model: gpt56, body: conversation(hello, assistant(`{"reasoningContent":{"reasoningText":{"text":"t"}}}`, text("x")), hello),
		message: "This model doesn't support the reasoningContent field. Remove reasoningContent and try again."},
}

func unions(n int) string {
	var all []string
	for i := range n {
		all = append(all, `"`+string(rune('a'+i))+`":{"type":["string","null"]}`)
	}
	return strings.Join(all, ",")
}

// TestTaken sends requests that are just within the rules in which models
// differ. All must be accepted.
func TestTaken(t *testing.T) {
	for _, row := range []struct{ name, model, body string }{
		{"two users to Nova", novaMicro, conversation(hello, hello)},
		{"two users to Titan", titan, conversation(hello, hello)},
		{"system between turns of Opus 5", opus5, conversation(hello, `{"role":"system","content":[{"text":"s"}]}`, hello)},
		{"forced tool of Opus 5", opus5, choosing(`{"any":{}}`)},
		{"native output of Sonnet 4.5", sonnet45, output(closed)},
		{"native output of Qwen, open", qwen, output(`{"type":"object"}`)},
		{"min length", sonnet45, output(`{"type":"object","properties":{"a":{"type":"string","minLength":1}},"additionalProperties":false}`)},
		{"16 unions", sonnet45, output(`{"type":"object","additionalProperties":false,"properties":{` + unions(16) + `}}`)},
		{"temperature 1 of Opus 4.8", opus48, inference(`"temperature":1`)},
		{"topP next to 1", opus48, inference(`"topP":0.99`)},
		{"disabled for Opus 5", opus5, fields(`"thinking":{"type":"disabled"},"output_config":{"effort":"high"}`)},
		{"between tools for Sonnet 5.5", sonnet55, fields(`"thinking":{"type":"between_tools"},"output_config":{"effort":"high"}`)},
		{"nested effort for GPT", gpt56, fields(`"reasoning":{"effort":"none"}`)},
		{"flat effort for gpt-oss", gptOSS, fields(`"reasoning_effort":"high"`)},
		{"image in Llama 4's result", llama4, resulting(pictured)},
		{"video and S3 to Nova", nova2, conversation(user(text("x"), film, stored))},
		{"text to be cited", sonnet45, conversation(user(text("x"), `{"document":{"name":"a","format":"txt","source":{"text":"words"},"citations":{"enabled":true}}}`))},
		{"Bedrock's own field for thinking", haiku45, fields(`"reasoning_config":{"type":"enabled","budget_tokens":2048}`)},
		{"two calls of one id in two turns", novaMicro, with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1), assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1)), tools)},
		{"the newest of a line that is not known", "us.anthropic.claude-opus-7", conversation(hello)},
		{"a new model of a line that another door serves", "us.openai.gpt-7", conversation(hello)},
		{"a new model of a line whose newest another door serves", "google.gemma-5-9b-it", conversation(hello)},
		{"profile in India", "in.anthropic.claude-haiku-4-5-20251001-v1:0", conversation(hello)},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := ask(t, memory(always("ok"), nil), row.model, row.body); got.status != 200 {
				t.Errorf("status %d, %s", got.status, got.body)
			}
		})
	}
}

// TestDate checks that a rule changes on the day that the table gives.
func TestDate(t *testing.T) {
	day := func(year int, month time.Month, day int) *bedrocktest.Options {
		return &bedrocktest.Options{Date: time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
	}
	for _, row := range []struct {
		options *bedrocktest.Options
		status  int
	}{{nil, 400}, {day(2026, time.November, 11), 400}, {day(2026, time.November, 12), 200}} {
		if got := ask(t, memory(always("ok"), row.options), opus5, output(closed)); got.status != row.status {
			t.Errorf("%+v: status %d %s, want %d", row.options, got.status, got.body, row.status)
		}
	}
}

// TestPlay checks that an id can be played by the row of another model.
func TestPlay(t *testing.T) {
	const id = "us.anthropic.claude-opus-6"
	body := fields(`"thinking":{"type":"enabled","budget_tokens":2048}`)
	if got := ask(t, memory(always("ok"), nil), id, body); got.status != 400 {
		t.Errorf("played as its newest sibling: status %d, want 400", got.status)
	}
	for _, name := range []string{id, "anthropic.claude-opus-6"} {
		o := &bedrocktest.Options{Play: map[string]string{name: "anthropic.claude-opus-4-6-v1"}}
		if got := ask(t, memory(always("ok"), o), id, body); got.status != 200 {
			t.Errorf("played as Opus 4.6 by %q: %d %s", name, got.status, got.body)
		}
	}
	o := &bedrocktest.Options{Play: map[string]string{id: "anthropic.claude-of-nowhere"}}
	if got := ask(t, memory(always("ok"), o), id, body); got.status != 400 || !strings.Contains(string(got.body), "claude-of-nowhere") {
		t.Errorf("a row that is not there: %d %s", got.status, got.body)
	}
}

// TestOffUnknown checks that the name of a rule that does not exist is refused,
// since it would switch nothing off.
func TestOffUnknown(t *testing.T) {
	got := ask(t, memory(always("ok"), &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-txet"}}), novaMicro, conversation(hello))
	if got.status != 400 || !strings.Contains(string(got.body), `blank-txet`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestWording checks that a seed chooses among real wordings, always the same,
// and never drops the words that tell what is wrong.
func TestWording(t *testing.T) {
	said := func(seed uint64, model, body string) string {
		_, message := ask(t, memory(always("ok"), &bedrocktest.Options{Wording: seed}), model, body).failure(t)
		return message
	}
	for _, row := range []struct{ model, body, words string }{
		{opus48, inference(`"temperature":0.5`), "temperature"},
		{opus55, choosing(`{"any":{}}`), "tool_choice"},
		{gpt56, inference(`"temperature":0.5`), "doesn't support the temperature field"},
		{"zai.glm-5", conversation(user(text("x"), point)), "prompt caching"},
		{opus55, fields(`"thinking":{"type":"disabled"}`), "not supported for this model"},
		{sonnet45, conversation(hello, assistant(`{"reasoningContent":{"reasoningText":{"text":"t","signature":"EsgE"}}}`, text("x")), hello), "Invalid `signature` in `thinking` block"},
	} {
		forms := map[string]bool{}
		for seed := range uint64(40) {
			message := said(seed, row.model, row.body)
			if again := said(seed, row.model, row.body); again != message {
				t.Errorf("seed %d says %q, then %q", seed, message, again)
			}
			if !strings.Contains(message, row.words) {
				t.Errorf("seed %d says %q, which does not hold %q", seed, message, row.words)
			}
			forms[message] = true
		}
		if len(forms) < 2 {
			t.Errorf("all seeds say %v", forms)
		}
	}
}

// redactedOf is Claude's redacted thinking, as it comes.
func redactedOf(t *testing.T) string {
	s := memory(fake.New(fake.Redacted([]byte("secret"), model.Text("two"))), nil)
	block := content(t, ask(t, s, opus5, conversation(hello)))[0]
	return strings.TrimSuffix(strings.TrimPrefix(block, `{"reasoningContent":{"redactedContent":"`), `"}}`)
}

// TestHiddenThinking checks that GPT's thinking arrives encrypted, in one piece
// and in a stream.
func TestHiddenThinking(t *testing.T) {
	s := memory(thinker(), nil)
	if got := content(t, ask(t, s, gpt56, conversation(hello))); !strings.HasPrefix(got[0], `{"reasoningContent":{"redactedContent":"`) {
		t.Errorf("thinking is %s", got[0])
	}
	events := strings.Join(stream(t, s, gpt56, conversation(hello)), "\n")
	if strings.Contains(events, "hmm") || !strings.Contains(events, `"redactedContent":"`) {
		t.Errorf("a stream says %s", events)
	}
}

// TestBoundThinking replays thinking to models that are bound to themselves or
// to their account.
func TestBoundThinking(t *testing.T) {
	think := func(o *bedrocktest.Options, model string) string {
		s := memory(thinker(), o)
		return content(t, ask(t, s, model, conversation(hello)))[0]
	}
	replay := func(model, block string) answer {
		return ask(t, memory(always("ok"), nil), model, conversation(hello, assistant(block, text("x")), hello))
	}
	other := &bedrocktest.Options{Key: []byte("another account")}
	for _, row := range []struct {
		name, model, block string
		status             int
	}{
		{"its own", fable51, think(nil, fable51), 200},
		{"of another model", fable51, think(nil, opus5), 400},
		{"of another account, which is left out", fable51, think(other, fable51), 200},
		{"of another model, by one that reads it", haiku55, think(nil, fable51), 200},
		{"of another account", haiku55, think(other, haiku55), 200},
		{"of another account, by an older model", opus5, think(other, opus5), 400},
		{"GPT's own, by another GPT", astra, think(nil, gpt56), 200},
		{"Claude's to GPT", astra, `{"reasoningContent":{"redactedContent":"` + redactedOf(t) + `"}}`, 400},
		{"GPT's to Claude", opus5, think(nil, gpt56), 400},
		{"of no account", haiku55, `{"reasoningContent":{"reasoningText":{"text":"t","signature":"EsgE"}}}`, 400},
	} {
		if got := replay(row.model, row.block); got.status != row.status {
			t.Errorf("%s: %d %s, want %d", row.name, got.status, got.body, row.status)
		}
	}
}
