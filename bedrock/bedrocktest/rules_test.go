package bedrocktest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	goimage "image"
	"image/color"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	fromModel = "The model returned the following errors: "
	hello     = `{"role":"user","content":[{"text":"hello"}]}`
	called    = `{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"f","input":{}}},{"toolUse":{"toolUseId":"t2","name":"f","input":{}}}]}`
	result1   = `{"toolResult":{"toolUseId":"t1","content":[{"text":"r"}]}}`
	result2   = `{"toolResult":{"toolUseId":"t2","content":[{"text":"r"}]}}`
	tools     = `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}]}`
	point     = `{"cachePoint":{"type":"default"}}`
	hourPoint = `{"cachePoint":{"type":"default","ttl":"1h"}}`
	think     = `"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}`
)

func conversation(messages ...string) string {
	return `{"messages":[` + strings.Join(messages, ",") + `]}`
}

// with adds members to a request.
func with(request string, members ...string) string {
	return strings.TrimSuffix(request, "}") + "," + strings.Join(members, ",") + "}"
}

func user(blocks ...string) string {
	return `{"role":"user","content":[` + strings.Join(blocks, ",") + `]}`
}

func assistant(blocks ...string) string {
	return `{"role":"assistant","content":[` + strings.Join(blocks, ",") + `]}`
}

func text(s string) string { return `{"text":` + quote(s) + `}` }

func document(name, format string, size int) string {
	data := base64.StdEncoding.EncodeToString(make([]byte, size))
	return fmt.Sprintf(`{"document":{"name":%q,"format":%q,"source":{"bytes":"%s"}}}`, name, format, data)
}

func image(size int) string {
	data := make([]byte, size)
	copy(data, "\x89PNG\r\n\x1a\n")
	return fmt.Sprintf(`{"image":{"format":"png","source":{"bytes":%q}}}`, base64.StdEncoding.EncodeToString(data))
}

// picturing is an image of a size.
func picturing(w, h int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, goimage.NewPaletted(goimage.Rect(0, 0, w, h), color.Palette{color.Black})); err != nil {
		panic(err) // of sizes below one
	}
	return fmt.Sprintf(`{"image":{"format":"png","source":{"bytes":%q}}}`, base64.StdEncoding.EncodeToString(b.Bytes()))
}

// A refusal is a request that breaks a rule, and how the service says so.
type refusal struct {
	name      string
	rule      bedrocktest.Rule
	model     string
	operation string // converse if empty
	body      string
	long      func() string // makes the body in its place, if that is long
	status    int           // 400 if zero
	errorType string        // ValidationException if empty
	message   string
	still     bool // another rule refuses the request when this one is off
}

var refusals = []refusal{
	{name: "unknown provider", rule: "model-id", model: "us.does-not-exist-model-v1:0", body: conversation(hello),
		message: "The provided model identifier is invalid."},
	{name: "no dot", rule: "model-id", model: "claude", body: conversation(hello),
		message: "The provided model identifier is invalid."},
	{name: "ARN of another service", rule: "model-id", model: "arn:aws:s3:us-east-1:123456789012:bucket/x", body: conversation(hello),
		message: "The provided model identifier is invalid."},
	{name: "no access", rule: "access", model: "us.anthropic.denied", body: conversation(hello), status: 403, errorType: "AccessDeniedException",
		message: "You don't have access to the model with the specified model ID."},
	{name: "retired", rule: "end-of-life", model: "us.anthropic.retired", body: conversation(hello), status: 404, errorType: "ResourceNotFoundException",
		message: "This model version has reached the end of its life. Please refer to the AWS documentation for more details."},
	{name: "bare id", rule: "inference-profile", model: "anthropic.claude-sonnet-4-6", body: conversation(hello),
		message: "Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{name: "count for a profile", rule: "count-tokens", model: sonnet4, operation: "count-tokens", body: `{"input":{"converse":` + conversation(hello) + `}}`,
		message: "The provided model doesn't support counting tokens."},
	{name: "count for another family", rule: "count-tokens", model: "amazon.nova-micro-v1:0", operation: "count-tokens", body: `{"input":{"converse":` + conversation(hello) + `}}`,
		message: "The provided model doesn't support counting tokens."},
	{name: "count of an invoke body for a profile", rule: "count-tokens", model: sonnet4, operation: "count-tokens", body: `{"input":{"invokeModel":{"body":"e30="}}}`,
		message: "The provided model doesn't support counting tokens.", still: true},

	{name: "unknown member", rule: "unknown-member", model: sonnet45, body: with(conversation(hello), `"max_tokens":5`),
		message: "max_tokens: Extra inputs are not permitted"},
	{name: "unknown member inside", rule: "unknown-member", model: sonnet45, body: conversation(`{"role":"user","content":[{"text":"x"}],"name":"bob"}`),
		message: "messages.0.name: Extra inputs are not permitted"},
	{name: "unknown kind of block", rule: "unknown-member", model: sonnet45, body: conversation(user(`{"hologram":{}}`)),
		message: "messages.0.content.0.hologram: Extra inputs are not permitted"},
	{name: "unknown member of a count", rule: "unknown-member", model: "anthropic.claude-sonnet-4-20250514-v1:0", operation: "count-tokens",
		body:    `{"input":{"converse":` + with(conversation(hello), `"inferenceConfig":{}`) + `}}`,
		message: "input.converse.inferenceConfig: Extra inputs are not permitted"},

	{name: "max tokens 0", rule: "max-tokens", model: sonnet45, body: with(conversation(hello), `"inferenceConfig":{"maxTokens":0}`),
		message: "1 validation error detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1"},
	{name: "temperature above 1", rule: "sampling-range", model: novaMicro, body: with(conversation(hello), `"inferenceConfig":{"temperature":32424}`),
		message: "1 validation error detected: Value '32424.0' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1"},
	{name: "topP below 0", rule: "sampling-range", model: novaMicro, body: with(conversation(hello), `"inferenceConfig":{"topP":-0.5}`),
		message: "1 validation error detected: Value '-0.5' at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value greater than or equal to 0", still: true},
	{name: "tool name", rule: "tool-name", model: sonnet45, body: with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"a.b","inputSchema":{"json":{"type":"object"}}}}]}`),
		message: "1 validation error detected: Value 'a.b' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"},
	{name: "tool name too long", rule: "tool-name-length", model: sonnet45, body: with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"`+strings.Repeat("a", 65)+`","inputSchema":{"json":{"type":"object"}}}}]}`),
		message: "1 validation error detected: Value '" + strings.Repeat("a", 65) + "' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must have length less than or equal to 64"},
	{name: "no tools in the list", rule: "tool-list", model: sonnet45, body: with(conversation(hello), `"toolConfig":{"tools":[]}`),
		message: "1 validation error detected: Value '[]' at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1"},
	{name: "role", rule: "role", model: sonnet45, body: conversation(hello, `{"role":"tool","content":[{"text":"x"}]}`),
		message: "1 validation error detected: Value 'tool' at 'messages.2.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant, system]", still: true},

	{name: "no messages", rule: "no-messages", model: sonnet45, body: `{}`,
		message: "A conversation must start with a user message. Try again with a conversation that starts with a user message.", still: true},
	{name: "assistant first", rule: "user-first", model: novaMicro, body: conversation(assistant(text("hi")), hello),
		message: "A conversation must start with a user message. Try again with a conversation that starts with a user message."},
	{name: "two users", rule: "alternate", model: llama, body: conversation(hello, hello),
		message: "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again."},
	{name: "empty content", rule: "empty-content", model: sonnet45, body: conversation(user(), hello),
		message: "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again."},
	{name: "blank text", rule: "blank-text", model: novaMicro, body: conversation(hello, assistant(text("x")), user(text("y"), text(""))),
		message: "The text field in the ContentBlock object at messages.2.content.1 is blank. Add text to the text field, and try again."},
	{name: "white space to Claude", rule: "blank-text", model: sonnet45, body: conversation(user(text(" \n"))),
		message: fromModel + "messages: text content blocks must contain non-whitespace text"},

	{name: "no tool config", rule: "tool-config", model: sonnet45, body: conversation(hello, called, user(result1, result2)),
		message: "The toolConfig field must be defined when using toolUse and toolResult content blocks."},
	{name: "tools", rule: "tool-support", model: titan, body: with(conversation(hello), tools),
		message: "This model doesn't support tool use."},
	{name: "tools in a stream", rule: "tool-support", model: llama, operation: "converse-stream", body: with(conversation(hello), tools),
		message: "This model doesn't support tool use in streaming mode."},
	{name: "choice any", rule: "tool-choice", model: llama, body: with(conversation(hello), strings.Replace(tools, `{"tools"`, `{"toolChoice":{"any":{}},"tools"`, 1)),
		message: "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again."},
	{name: "choice tool", rule: "tool-choice", model: llama, body: with(conversation(hello), strings.Replace(tools, `{"tools"`, `{"toolChoice":{"tool":{"name":"f"}},"tools"`, 1)),
		message: "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again."},
	{name: "input no object", rule: "tool-json", model: sonnet45,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":[1]}}`), user(result1)), tools),
		message: "The format of the value at messages.1.content.0.toolUse.input is invalid. Provide a json object for the field and try again."},
	{name: "result no object", rule: "tool-json", model: sonnet45,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"t1","content":[{"text":"a"},{"json":null}]}}`)), tools),
		message: "The format of the value at messages.2.content.0.toolResult.content.1.json is invalid. Provide a json object for the field and try again."},
	{name: "missing results", rule: "tool-results", model: sonnet45, body: with(conversation(hello, called, hello), tools),
		message: "Expected toolResult blocks at messages.2.content for the following Ids: t1, t2"},
	{name: "one missing result", rule: "tool-results", model: novaMicro, body: with(conversation(hello, called, user(result1)), tools),
		message: "Expected toolResult blocks at messages.2.content for the following Ids: t2"},
	{name: "calls at the end", rule: "tool-results", model: sonnet45, body: with(conversation(hello, called), tools),
		message: fromModel + "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1, t2. Each `tool_use` block must have a corresponding `tool_result` block in the next message."},
	{name: "extra results", rule: "tool-result-count", model: sonnet45,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(result1, result2)), tools),
		message: "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn."},
	{name: "result first", rule: "tool-result-count", model: sonnet45, body: with(conversation(user(result1)), tools),
		message: "The number of toolResult blocks at messages.0.content exceeds the number of toolUse blocks of previous turn."},
	{name: "result and text", rule: "tool-turn", model: llama, body: with(conversation(hello, called, user(result1, result2, text("and"))), tools),
		message: "Conversation blocks and tool result blocks cannot be provided in the same turn."},
	{name: "status", rule: "unsupported-field", model: writer,
		body:    with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"t1","status":"error","content":[{"text":"r"}]}}`)), tools),
		message: "This model doesn't support the status field. Remove status and try again."},

	{name: "document name", rule: "document-name", model: sonnet45, body: conversation(user(text("x"), document("a.pdf", "pdf", 9))),
		message: "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request."},
	{name: "document name with two spaces", rule: "document-name", model: sonnet45, body: conversation(user(text("x"), document("a  b", "pdf", 9))),
		message: "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request."},
	{name: "same name in two turns", rule: "document-unique", model: sonnet45,
		body:    conversation(user(text("x"), document("a", "pdf", 9)), assistant(text("y")), user(text("x"), document("a", "pdf", 9))),
		message: "Messages can't contain duplicate document names. Rename the document and retry your request."},
	{name: "six documents", rule: "document-count", model: sonnet45,
		body:    conversation(user(text("x"), document("a", "pdf", 9), document("b", "pdf", 9), document("c", "pdf", 9), document("d", "pdf", 9), document("e", "pdf", 9), document("f", "pdf", 9))),
		message: "You can't include more than 5 documents in a request. Reduce the number of documents and retry your request."},
	{name: "document too large", rule: "document-size", model: sonnet45, long: func() string { return conversation(user(text("x"), document("a", "csv", 4_718_593))) },
		message: "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request."},
	{name: "document without text", rule: "document-text", model: sonnet45, body: conversation(user(document("a", "pdf", 9))),
		message: "A text block must be included when using documents. Add a text block and retry your request."},
	{name: "document format", rule: "document-type", model: sonnet45, body: conversation(user(text("x"), document("a", "exe", 9))),
		message: "Unsupported MIME type: application/octet-stream. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx"},
	{name: "image from the assistant", rule: "media-role", model: sonnet45, body: conversation(hello, assistant(image(9)), hello),
		message: "The ContentBlock object at messages.1.content.0 is not supported for the assistant role. Remove it and try again."},
	{name: "21 images", rule: "image-count", model: sonnet45, body: conversation(user(strings.TrimSuffix(strings.Repeat(image(9)+",", 21), ","))),
		message: "You can't include more than 20 images in a request. Reduce the number of images and retry your request."},
	{name: "image too large", rule: "image-size", model: sonnet45, long: func() string { return conversation(user(text("x"), image(3_932_161))) },
		message: fromModel + "messages.0.content.1.image.source.bytes: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes"},
	{name: "no image", rule: "image-data", model: sonnet45, body: conversation(user(`{"image":{"format":"png","source":{"bytes":"aGVsbG8="}}}`)),
		message: fromModel + "Could not process image"},
	{name: "another image than its format says", rule: "image-match", model: sonnet45, body: conversation(user(text("x"), strings.Replace(image(9), "png", "jpeg", 1))),
		message: fromModel + "messages.0.content.1.image.source.base64: The image was specified using the image/jpeg media type, but the image appears to be a image/png image"},
	{name: "another image in a result", rule: "image-match", model: sonnet45, body: resulting(`{"toolResult":{"toolUseId":"t1","content":[` + strings.Replace(image(9), "png", "gif", 1) + `]}}`),
		message: fromModel + "messages.2.content.0.tool_result.content.0.image.source.base64: The image was specified using the image/gif media type, but the image appears to be a image/png image"},
	{name: "a wide image", rule: "image-pixels", model: sonnet45, long: func() string { return conversation(user(text("x"), picturing(8001, 1))) },
		message: fromModel + "messages.0.content.1.image.source.base64.data: At least one of the image dimensions exceed max allowed size: 8000 pixels"},

	{name: "cache point", rule: "cache-support", model: cohere, body: conversation(user(text("x"), point)), status: 403, errorType: "AccessDeniedException",
		message: "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."},
	{name: "cache point of Nova's tools", rule: "cache-tools", model: novaMicro, body: with(conversation(hello), strings.Replace(tools, "]", ","+point+"]", 1)),
		message: fromModel + "Malformed input request: #/toolConfig/tools/0: extraneous key [cachePoint] is not permitted, please reformat your input and try again."},
	{name: "five cache points", rule: "cache-points", model: sonnet45,
		body:    with(conversation(user(text("a"), point, text("b"), point, text("c"), point)), strings.Replace(tools, "]", ","+point+"]", 1), `"system":[{"text":"s"},`+point+`]`),
		message: "A maximum of 4 blocks with cache_control may be provided. Found 5."},
	{name: "cache point after a document", rule: "cache-document", model: sonnet45, body: conversation(user(text("x"), document("a", "pdf", 9), point)),
		message: fromModel + "messages.0.content.2: a cache point must not follow a document or video"},
	{name: "hour after five minutes", rule: "cache-ttl-order", model: sonnet45,
		body:    with(conversation(user(text("a"), text("b"), hourPoint)), `"system":[{"text":"s"},`+point+`]`),
		message: fromModel + "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`."},

	{name: "max tokens of Claude", rule: "max-tokens-limit", model: sonnet5, body: with(conversation(hello), `"inferenceConfig":{"maxTokens":999999}`),
		message: fromModel + "max_tokens: 999999 > 128000, which is the maximum allowed number of output tokens for anthropic.claude-sonnet-5"},
	{name: "max tokens of Nova", rule: "max-tokens-limit", model: novaMicro, body: with(conversation(hello), `"inferenceConfig":{"maxTokens":10001}`),
		message: "The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000."},
	{name: "temperature is gone", rule: "sampling", model: sonnet5, body: with(conversation(hello), `"inferenceConfig":{"temperature":0.5}`),
		message: fromModel + "`temperature` is deprecated for this model."},
	{name: "both sampling parameters", rule: "sampling", model: sonnet45, body: with(conversation(hello), `"inferenceConfig":{"temperature":0.5,"topP":0.5}`),
		message: fromModel + "`temperature` and `top_p` cannot both be specified for this model. Please use only one."},
	{name: "blank stop sequence", rule: "blank-stop", model: sonnet45, body: with(conversation(hello), `"inferenceConfig":{"stopSequences":["\n"]}`),
		message: fromModel + "stop_sequences: each stop sequence must contain non-whitespace"},
	{name: "prefill", rule: "prefill", model: sonnet5, body: conversation(hello, assistant(text("I"))),
		message: fromModel + "This model does not support assistant message prefill. The conversation must end with a user message."},
	{name: "trailing space", rule: "trailing-space", model: sonnet45, body: conversation(hello, assistant(text("I "))),
		message: fromModel + "messages: final assistant content cannot end with trailing whitespace"},

	{name: "forced tool while thinking", rule: "forced-thinking", model: sonnet45, body: with(conversation(hello), think, strings.Replace(tools, `{"tools"`, `{"toolChoice":{"any":{}},"tools"`, 1)),
		message: fromModel + "Thinking may not be enabled when tool_choice forces tool use."},
	{name: "small budget", rule: "budget", model: sonnet45, body: with(conversation(hello), strings.Replace(think, "1024", "1023", 1)),
		message: fromModel + "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"},
	{name: "budget of all tokens", rule: "budget-max-tokens", model: sonnet45, body: with(conversation(hello), think, `"inferenceConfig":{"maxTokens":1024}`),
		message: fromModel + "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size"},
	{name: "temperature while thinking", rule: "thinking-temperature", model: sonnet45, body: with(conversation(hello), think, `"inferenceConfig":{"temperature":0.5}`),
		message: fromModel + "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking"},
	{name: "reasoning to DeepSeek R1", rule: "reasoning-replay", model: deepseek,
		body:    conversation(hello, assistant(text("x"), `{"reasoningContent":{"reasoningText":{"text":"t"}}}`), hello),
		message: "This model doesn't support the reasoningContent field. Remove reasoningContent and try again."},
	{name: "no signature", rule: "thinking-signature", model: sonnet45,
		body:    conversation(hello, assistant(`{"reasoningContent":{"reasoningText":{"text":"t"}}}`, text("x")), hello),
		message: fromModel + "messages.1.content.0.thinking.signature: Field required"},
	{name: "foreign signature after a cache point", rule: "thinking-signature", model: sonnet45,
		body:    conversation(hello, assistant(text("x"), point, `{"reasoningContent":{"reasoningText":{"text":"t","signature":"EsgE"}}}`), hello),
		message: fromModel + "messages.1.content.1: Invalid `signature` in `thinking` block"},
	{name: "foreign redacted thinking", rule: "thinking-signature", model: sonnet45,
		body:    conversation(hello, assistant(`{"reasoningContent":{"redactedContent":"RXRr"}}`, text("x")), hello),
		message: fromModel + "messages.1.content.0: Invalid `data` in `redacted_thinking` block"},
	{name: "thinking dropped", rule: "thinking-first", model: sonnet45, body: with(conversation(hello, called, user(result1, result2)), think, tools),
		message: fromModel + "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking"},
	{name: "prompt too long for Claude", rule: "context", model: sonnet45, long: func() string { return conversation(user(text(strings.Repeat("word", 200_001)))) },
		message: fromModel + "prompt is too long: 200001 tokens > 200000 maximum"},
	{name: "prompt and answer too long for Claude", rule: "context", model: sonnet45, long: func() string {
		return with(conversation(user(text(strings.Repeat("word", 188_059)))), `"inferenceConfig":{"maxTokens":20000}`)
	},
		message: fromModel + "input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000, decrease input length or `max_tokens` and try again"},
	{name: "prompt too long", rule: "context", model: novaMicro, long: func() string { return conversation(user(text(strings.Repeat("word", 128_001)))) },
		message: "Input is too long for requested model."},
}

func TestRules(t *testing.T) {
	for _, row := range slices.Concat(refusals, beliefs, bodies) {
		t.Run(string(row.rule)+"/"+row.name, func(t *testing.T) {
			options := bedrocktest.Options{Denied: []string{"us.anthropic.denied"}, Retired: []string{"us.anthropic.retired"}}
			got := row.send(t, memory(always("ok"), &options))
			row.check(t, got)

			options.Off = []bedrocktest.Rule{row.rule}
			off := row.send(t, memory(always("ok"), &options))
			switch {
			case off.status == 200 && !row.still:
			case off.status == 200:
				t.Errorf("with the rule off: status 200, want another refusal")
			default:
				if _, message := off.failure(t); message == row.message || !row.still {
					t.Errorf("with the rule off: %d %s", off.status, off.body)
				}
			}
		})
	}
}

// sent returns the body.
func (row refusal) sent() string {
	if row.long != nil {
		return row.long()
	}
	return row.body
}

func (row refusal) send(t *testing.T, s *bedrocktest.Server) answer {
	t.Helper()
	operation := row.operation
	if operation == "" {
		operation = "converse"
	}
	return post(t, s, row.model, operation, row.sent())
}

func (row refusal) check(t *testing.T, got answer) {
	t.Helper()
	status, errorType := row.status, row.errorType
	if status == 0 {
		status = 400
	}
	if errorType == "" {
		errorType = "ValidationException"
	}
	gotType, message := got.failure(t)
	if want := errorType + ":http://internal.amazon.com/coral/com.amazon.bedrock/"; got.status != status || gotType != want {
		t.Errorf("got %d %s, want %d %s", got.status, gotType, status, want)
	}
	if message != row.message {
		t.Errorf("message\n got %s\nwant %s", message, row.message)
	}
}

// elsewhere are rules whose rows are in other tests.
var elsewhere = map[bedrocktest.Rule]string{
	"authentication":  "TestAuthentication",
	"signature-v4":    "TestAuthentication",
	"bearer-tls":      "TestBearer",
	"thinking-edited": "TestThinkingReplay",
}

func TestEveryRuleHasARow(t *testing.T) {
	rows := map[bedrocktest.Rule]bool{}
	for _, row := range slices.Concat(refusals, beliefs, bodies) {
		rows[row.rule] = true
	}
	for _, r := range bedrocktest.Rules() {
		if !rows[r.Rule] && elsewhere[r.Rule] == "" {
			t.Errorf("no row of refusals, beliefs or bodies breaks the rule %q", r.Rule)
		}
		if r.About == "" || r.Code == "" || r.Status < 400 || len(r.Texts) == 0 {
			t.Errorf("the rule %q says too little of itself: %+v", r.Rule, r)
		}
		delete(rows, r.Rule)
	}
	for rule := range rows {
		t.Errorf("a test breaks %q, which is no rule", rule)
	}
}

func TestLenient(t *testing.T) {
	s := memory(always("ok"), &bedrocktest.Options{Lenient: true})
	body := with(conversation(user(text("x")), user(text("y"))), `"max_tokens":5`, `"inferenceConfig":{"temperature":0.5}`)
	if got := ask(t, s, "no-such-model", body); got.status != 200 {
		t.Errorf("status %d, %s", got.status, got.body)
	}
}

// accepted are requests at the right side of a rule.
func TestAccepted(t *testing.T) {
	for _, row := range []struct{ name, model, body string }{
		{"assistant first for Claude", sonnet45, conversation(assistant(text("hi")), hello)},
		{"same roles for Claude", sonnet45, conversation(hello, hello)},
		{"white space before a cache point", sonnet45, conversation(user(text("a"), text("\n"), point))},
		{"results and text for Claude", sonnet45, with(conversation(hello, called, user(result1, result2, text("and"))), tools)},
		{"text before a result for Nova", novaMicro, with(conversation(hello, called, user(text("and"), result1, result2)), tools)},
		{"a cache point between results for Claude", sonnet45, with(conversation(hello, called, user(result1, point, result2)), tools)},
		{"alternatives of a tool for Qwen", qwen, with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","anyOf":[{}]}}}}]}`)},
		{"alternatives within a tool for Claude", sonnet45, with(conversation(hello), `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{"a":{"anyOf":[{}]}}}}}}]}`)},
		{"a large image for Nova", novaLite, conversation(user(text("x"), image(3_932_161)))},
		{"an image of 8000 pixels", sonnet45, conversation(user(text("x"), picturing(8000, 1)))},
		{"20 strict tools, 24 optional members", sonnet45, with(output(`{"type":"object","additionalProperties":false,"properties":{`+members(24)+`}}`), `"toolConfig":{"tools":[`+strictTools(20)+`]}`)},
		{"optional members of a tool that is not strict", gpt56, schema(`{"type":"object","properties":{"a":{"type":"string"}}}`)},
		{"audio for Voxtral", "mistral.voxtral-mini-3b-2507", conversation(user(text("x"), sound))},
		{"video for Nova", novaLite, conversation(user(text("x"), film))},
		{"webp and gif", novaLite, conversation(user(strings.Replace(picture, "png", "webp", 1), strings.Replace(picture, "png", "gif", 1)))},
		{"results alone for Llama", llama, with(conversation(hello, called, user(result1, result2)), tools)},
		{"underscore in a document's name", sonnet45, conversation(user(text("x"), document("a_b (1) [2]", "pdf", 9)))},
		{"five documents", sonnet45, conversation(user(text("x"), document("a", "pdf", 9), document("b", "pdf", 9), document("c", "pdf", 9), document("d", "pdf", 9), document("e", "pdf", 9)))},
		{"large PDF for Claude 4", sonnet45, conversation(user(text("x"), document("a", "pdf", 4_718_593)))},
		{"forced tool while thinking", sonnet5, with(conversation(hello), `"additionalModelRequestFields":{"thinking":{"type":"adaptive"}}`, strings.Replace(tools, `{"tools"`, `{"toolChoice":{"any":{}},"tools"`, 1))},
		{"temperature 1 while thinking", sonnet45, with(conversation(hello), think, `"inferenceConfig":{"temperature":1}`)},
		{"five minutes after an hour", sonnet45, with(conversation(user(text("a"), point)), `"system":[{"text":"s"},`+hourPoint+`]`)},
		{"unsigned reasoning", gptOSS, conversation(hello, assistant(`{"reasoningContent":{"reasoningText":{"text":"t"}}}`, text("x")), hello)},
		{"prefill", sonnet45, conversation(hello, assistant(text("I")))},
		{"empty system, empty inference", sonnet45, with(conversation(hello), `"system":[]`, `"inferenceConfig":{}`)},
		{"unknown family", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1dadi0g15f", conversation(user(text("x"), point))},
		{"server tool without a result", novaMicro, with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"s","name":"nova_code_interpreter","input":{},"type":"server_tool_use"}}`), hello), tools)},
		{"ids as Kimi makes them", kimi, with(conversation(hello, assistant(`{"toolUse":{"toolUseId":"functions.f:0","name":"f","input":{}}}`), user(`{"toolResult":{"toolUseId":"functions.f:0","content":[{"text":"r"}]}}`)), tools)},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := ask(t, memory(always("ok"), nil), row.model, row.body); got.status != 200 {
				t.Errorf("status %d, %s", got.status, got.body)
			}
		})
	}
}

// content returns the blocks of an answer of Converse, each as its JSON.
func content(t *testing.T, a answer) []string {
	t.Helper()
	var v struct {
		Output struct {
			Message struct {
				Content []json.RawMessage `json:"content"`
			} `json:"message"`
		} `json:"output"`
	}
	if err := json.Unmarshal(a.body, &v); err != nil || a.status != 200 {
		t.Fatalf("status %d, %s (%v)", a.status, a.body, err)
	}
	blocks := make([]string, len(v.Output.Message.Content))
	for i, b := range v.Output.Message.Content {
		blocks[i] = string(b)
	}
	return blocks
}

func TestThinkingReplay(t *testing.T) {
	script := func() *fake.Model {
		return fake.New(
			fake.Thinking("hmm", "scripted", model.Text("one"), fake.Call("f", `{}`)),
			fake.Redacted([]byte("secret"), model.Text("two")),
			fake.Text("three").Always())
	}
	s := memory(script(), nil)
	first := content(t, ask(t, s, sonnet45, with(conversation(hello), tools)))
	second := content(t, ask(t, s, sonnet45, conversation(hello)))
	thought, redacted := first[0], second[0]
	if !regexp.MustCompile(`^\{"reasoningContent":\{"reasoningText":\{"signature":"E[A-Za-z0-9+/]{100,}={0,2}","text":"hmm"\}\}\}$`).MatchString(thought) {
		t.Errorf("thinking is %s", thought)
	}
	if strings.Contains(redacted, base64.StdEncoding.EncodeToString([]byte("secret"))) || !strings.HasPrefix(redacted, `{"reasoningContent":{"redactedContent":"`) {
		t.Errorf("redacted thinking is %s", redacted)
	}
	other := content(t, ask(t, memory(script(), &bedrocktest.Options{Key: []byte("other")}), sonnet45, with(conversation(hello), tools)))[0]
	if other == thought {
		t.Errorf("another key gives the same signature")
	}
	ofOtherModel := content(t, ask(t, memory(script(), nil), sonnet4, with(conversation(hello), tools)))[0]
	if again := content(t, ask(t, memory(script(), nil), sonnet45, with(conversation(hello), tools)))[0]; again != thought {
		t.Errorf("the same thinking is signed differently")
	}
	editedText := strings.Replace(thought, `"hmm"`, `"hmm!"`, 1)
	tool := strings.Replace(first[2], `"call_1_3"`, `"t1"`, 1)

	const (
		invalid = fromModel + "messages.1.content.0: Invalid `signature` in `thinking` block"
		cannot  = fromModel + "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response."
	)
	for _, row := range []struct {
		name, body, want string // want is empty for 200
	}{
		{"as it came", conversation(hello, assistant(thought, text("one")), hello), ""},
		{"redacted as it came", conversation(hello, assistant(redacted, text("two")), hello), ""},
		{"with its call, thinking on", with(conversation(hello, assistant(thought, tool), user(result1)), tools, think), ""},
		{"edited, latest", conversation(hello, assistant(editedText, text("one")), hello), cannot},
		{"edited, of the same length", conversation(hello, assistant(strings.Replace(thought, `"hmm"`, `"hum"`, 1), text("one")), hello), cannot},
		{"edited, earlier", conversation(hello, assistant(editedText, text("one")), hello, assistant(text("x")), hello), invalid},
		{"signed by another server", conversation(hello, assistant(other, text("one")), hello), invalid},
		{"signed for another model", conversation(hello, assistant(ofOtherModel, text("one")), hello), ""},
		{"signature cut", conversation(hello, assistant(strings.Replace(thought, `=","text"`, `","text"`, 1), text("one")), hello), invalid},
		{"redacted, one letter changed", conversation(hello, assistant(flipLetter(redacted), text("two")), hello),
			fromModel + "messages.1.content.0: Invalid `data` in `redacted_thinking` block"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ask(t, s, sonnet45, row.body)
			if row.want == "" {
				content(t, got)
				return
			}
			if _, message := got.failure(t); message != row.want {
				t.Errorf("%d %s\nwant %s", got.status, message, row.want)
			}
		})
	}
}

// flipLetter changes a letter in the middle of redacted thinking, below both
// layers of base64.
func flipLetter(block string) string {
	start := strings.LastIndex(block, `:"`) + 2
	end := strings.LastIndex(block, `"`)
	inner, err := base64.StdEncoding.DecodeString(block[start:end])
	if err != nil {
		panic(err)
	}
	if i := len(inner) / 2; inner[i] == 'A' {
		inner[i] = 'B'
	} else {
		inner[i] = 'A'
	}
	return block[:start] + base64.StdEncoding.EncodeToString(inner) + block[end:]
}

// TestCutThinking sends back thinking that was cut off. Its signature must be
// that of the text that was sent.
func TestCutThinking(t *testing.T) {
	s := memory(fake.New(fake.Thinking("0123456789", "", model.Text("x")).Times(2), fake.Text("ok").Always()), nil)
	body := with(conversation(hello), `"inferenceConfig":{"maxTokens":2}`)
	unary := content(t, ask(t, s, sonnet45, body))
	if len(unary) != 1 || !strings.Contains(unary[0], `"text":"01234567"`) {
		t.Fatalf("content %s", unary)
	}
	streamed := strings.Join(stream(t, s, sonnet45, body), "\n")
	sent := regexp.MustCompile(`"signature":"([^"]*)"`).FindStringSubmatch(streamed)
	if sent == nil || !strings.Contains(unary[0], `"`+sent[1]+`"`) {
		t.Errorf("a stream is signed in another way: %s", streamed)
	}
	if got := ask(t, s, sonnet45, conversation(hello, assistant(unary[0], text("x")), hello)); got.status != 200 {
		t.Errorf("refused: %s", got.body)
	}
}

func TestKeepSignatures(t *testing.T) {
	s := memory(fake.New(
		fake.Thinking("hmm", "scripted", model.Text("one")),
		fake.Thinking("bare", "", model.Text("two")),
		fake.Redacted([]byte("secret"), model.Text("three")),
		fake.Text("four").Always()), &bedrocktest.Options{KeepSignatures: true})
	want := []string{
		`{"reasoningContent":{"reasoningText":{"signature":"scripted","text":"hmm"}}}`,
		`{"reasoningContent":{"reasoningText":{"text":"bare"}}}`,
		`{"reasoningContent":{"redactedContent":"c2VjcmV0"}}`,
	}
	for _, w := range want {
		if got := content(t, ask(t, s, sonnet45, conversation(hello)))[0]; got != w {
			t.Errorf("thinking is %s, want %s", got, w)
		}
	}
	if got := ask(t, s, sonnet45, conversation(hello, assistant(want[0], want[2], text("x")), hello)); got.status != 200 {
		t.Errorf("kept thinking is refused: %s", got.body)
	}
	if got := ask(t, s, sonnet45, conversation(hello, assistant(strings.Replace(want[0], "hmm", "no", 1), text("x")), hello)); got.status != 400 {
		t.Errorf("kept thinking that was edited is accepted")
	}
}
