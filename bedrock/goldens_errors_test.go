package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A serviceMessage is a failure in the words of the service.
type serviceMessage struct {
	status int
	code   string // the exception; empty if the answer names none
	text   string
}

const upstream = "The model returned the following errors: "

// serviceMessages are what Amazon Bedrock says when it refuses or fails, as
// callers met it and as its documentation has it. The words are the service's.
var serviceMessages = []serviceMessage{
	// The service's own checks.
	{400, "ValidationException", "The provided model identifier is invalid."},
	{400, "ValidationException", "Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{403, "AccessDeniedException", "You don't have access to the model with the specified model ID."},
	{404, "ResourceNotFoundException", "This model version has reached the end of its life. Please refer to the AWS documentation for more details."},
	{400, "ValidationException", "This model version has reached the end of its life."},
	{400, "ValidationException", "A conversation must start with a user message. Try again with a conversation that starts with a user message."},
	{400, "ValidationException", "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again."},
	{400, "ValidationException", "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again."},
	{400, "ValidationException", "The text field in the ContentBlock object at messages.2.content.1 is blank. Add text to the text field, and try again."},
	{400, "ValidationException", "Expected toolResult blocks at messages.2.content for the following Ids: tooluse_S6hhcw36PqoKJAUBuu9hmw"},
	{400, "ValidationException", "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn."},
	{400, "ValidationException", "The toolConfig field must be defined when using toolUse and toolResult content blocks."},
	{400, "ValidationException", "Conversation blocks and tool result blocks cannot be provided in the same turn."},
	{400, "ValidationException", "The format of the value at messages.1.content.0.toolUse.input is invalid. Provide a json object for the field and try again."},
	{400, "ValidationException", "1 validation error detected: Value 'a.b' at 'toolConfig.tools.8.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"},
	{400, "ValidationException", "1 validation error detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1"},
	{400, "ValidationException", "1 validation error detected: Value '32424.0' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1"},
	{400, "ValidationException", "The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000."},
	{400, "ValidationException", "max_tokens: 999999 > 128000, which is the maximum allowed number of output tokens for anthropic.claude-sonnet-5"},
	{400, "ValidationException", "A maximum of 4 blocks with cache_control may be provided. Found 5."},
	{400, "ValidationException", "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again."},
	{400, "ValidationException", "#/messages/6/content/0: extraneous key [cachePoint] is not permitted"},
	{400, "ValidationException", "#/toolConfig/tools/0: extraneous key [cachePoint] is not permitted"},
	{400, "ValidationException", "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request."},
	{400, "ValidationException", "A text block must be included when using documents. Add a text block and retry your request."},
	{400, "ValidationException", "Messages can't contain duplicate document names. Rename the document and retry your request."},
	{400, "ValidationException", "You can't include more than 5 documents in a request. Reduce the number of documents and retry your request."},
	{400, "ValidationException", "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request."},
	{400, "ValidationException", "Unsupported MIME type: application/octet-stream. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx"},
	{400, "ValidationException", "the provided reasoning config value is invalid"},

	// What a model is said not to have.
	{400, "ValidationException", "This model doesn't support tool use."},
	{400, "ValidationException", "This model doesn't support tool use in streaming mode."},
	{400, "ValidationException", "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again."},
	{400, "ValidationException", "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again."},
	{400, "ValidationException", "This model doesn't support the topP field. Remove topP and try again."},
	{400, "ValidationException", "This model doesn't support the temperature field"},
	{400, "ValidationException", "This model doesn't support the stopSequences field. Remove stopSequences and try again."},
	{400, "ValidationException", "This model doesn't support the status field. Remove status and try again."},
	{400, "ValidationException", "This model doesn't support the image content block that you provided. Update the content block and try again."},
	{400, "ValidationException", "This model doesn't support the image field for user messages"},
	{400, "ValidationException", "The provided model doesn't support counting tokens."},
	{400, "ValidationException", "Unknown parameter: 'reasoning_effort'."},
	{400, "ValidationException", "Unknown parameter: 'thinking'"},
	{400, "ValidationException", "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"},
	{403, "AccessDeniedException", "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."},
	{403, "AccessDeniedException", "You invoked an unsupported model or your request did not allow prompt caching."},

	// Too long.
	{400, "ValidationException", "Input is too long for requested model."},
	{400, "ValidationException", "Too many input tokens. Max input tokens: 128000, request input token count: 130000"},
	{400, "ValidationException", "This model's maximum context length is 8192 tokens. Please reduce the length of the prompt"},
	{400, "ValidationException", "Your input exceeds the context window of this model."},
	{413, "", "Request Entity Too Large"},

	// Throttled, busy, broken.
	{429, "ThrottlingException", "Too many requests, please wait before trying again."},
	{429, "ThrottlingException", "Too many tokens, please wait before trying again."},
	{429, "ThrottlingException", "Too many tokens per day, please wait before trying again."},
	{503, "ServiceUnavailableException", "Bedrock is unable to process your request."},
	{503, "ServiceUnavailableException", "Too many connections, please wait before trying again."},
	{500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again."},
	{408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again."},
	{429, "ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."},
	{400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account."},
	{424, "ModelErrorException", "Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide."},
	{424, "ModelErrorException", "The system encountered an unexpected error during processing. Try your request again."},

	// Who asks.
	{403, "ExpiredTokenException", "The security token included in the request is expired"},
	{403, "UnrecognizedClientException", "The security token included in the request is invalid."},
	{403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST'"},
	{403, "InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z (20260101T001000Z - 5 min.)"},
	{403, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/u is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/x because no identity-based policy allows the bedrock:InvokeModel action"},
	{403, "AccessDeniedException", "Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A valid payment instrument must be provided."},
	{403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."},
	{403, "AccessDeniedException", "User is not authorized to perform: bedrock:InvokeTool"},

	// A user's own words in a refusal.
	{400, "ValidationException", "1 validation error detected: Value 'my prompt is too long' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"},
	{400, "ValidationException", "messages.0.content.0: invalid value 'this model does not support tool use'"},
}

// modelMessages are what Claude says; the service hands them on with words of
// its own before them, or bare.
var modelMessages = []string{
	"messages: text content blocks must be non-empty",
	"messages: text content blocks must contain non-whitespace text",
	"messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: tooluse_OBPy. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
	"messages.2: Did not find 1 `tool_result` block(s) at the beginning of this message.",
	"prompt is too long: 1750303 tokens > 1000000 maximum",
	"input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000, decrease input length or `max_tokens` and try again",
	"`temperature` is deprecated for this model.",
	"`top_p` is deprecated for this model.",
	"`top_k` is deprecated for this model.",
	"`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
	"Thinking may not be enabled when tool_choice forces tool use.",
	"tool_choice forces tool use is not compatible with this model",
	"tool_choice: type \"tool\" and \"any\" are not supported for this model.",
	"thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
	"`max_tokens` must be greater than `thinking.budget_tokens`.",
	"`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
	"\"thinking.type.disabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.",
	"adaptive thinking is not supported on this model",
	"messages.1.content.0: Invalid `signature` in `thinking` block",
	"messages.1.content.0: Invalid `data` in `redacted_thinking` block",
	"messages.1.content.0.thinking.signature: Field required",
	"messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block",
	"messages.9.content.20: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.",
	"thinking.adaptive.block_binding.prefix_mismatch_behavior: Extra inputs are not permitted",
	"messages.0.content.10.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
	"This model does not support assistant message prefill. The conversation must end with a user message.",
	"messages: final assistant content cannot end with trailing whitespace",
	"stop_sequences: each stop sequence must contain non-whitespace",
	"role 'system' is not supported on this model",
	"output_config: Extra inputs are not permitted",
	"output_config.format: Extra inputs are not permitted",
	"x: Extra inputs are not permitted",
	"anthropic_version: Field required",
	"Invalid API version: x",
	"messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6096280 bytes > 5242880 bytes",
	"Could not process image",
	"messages.4.content.0.image.source.base64.data: At least one of the image dimensions exceed max allowed size for many-image requests: 2000 pixels",
}

// TestGoldensErrors checks the kind, the retryability and the text that callers
// get for the service's own words, both as an answer at each door and as a
// frame that breaks off a stream.
func TestGoldensErrors(t *testing.T) {
	all := serviceMessages
	for _, text := range modelMessages {
		all = append(all, serviceMessage{400, "ValidationException", text}, serviceMessage{400, "ValidationException", upstream + text})
	}
	var blocks []block
	for i, m := range all {
		if !inSample(i) {
			continue
		}
		b := block{name: fmt.Sprintf("%d %s: %s", m.status, m.code, visible.Replace(m.text))}
		seen := make(map[string][]string)
		var order []string
		note := func(where, text string) {
			if seen[text] == nil {
				order = append(order, text)
			}
			seen[text] = append(seen[text], where)
		}
		for _, d := range []door{{op: "converse"}, {op: "converse-stream"}, {op: "count-tokens"}, {"invoke", bedrock.FormatAnthropic}, {"invoke-with-response-stream", bedrock.FormatAnthropic}} {
			note(d.String(), errorText(m.through(d)))
		}
		for _, d := range []door{{op: "converse-stream"}, {"invoke-with-response-stream", bedrock.FormatAnthropic}} {
			note(d.op+", as a frame", errorText(m.inStream(d)))
		}
		for _, text := range order {
			b.text += fmt.Sprintf("--- %s\n%s", strings.Join(seen[text], "; "), text)
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "errors", blocks)
}

// through answers a call with the message at a door.
func (m serviceMessage) through(d door) error {
	body, err := json.Marshal(map[string]string{"message": m.text})
	if err != nil {
		return err
	}
	headers := []string{"Content-Type", "application/json"}
	if m.code != "" {
		headers = append(headers, "X-Amzn-ErrorType", m.code+":http://internal.amazon.com/coral/com.amazon.bedrock/")
	}
	return d.fail(func(r *http.Request) (*http.Response, error) {
		return respond(m.status, bytes.NewReader(body), headers...)(r)
	})
}

// inStream has the message break a stream off after its first words.
func (m serviceMessage) inStream(d door) error {
	body, err := json.Marshal(map[string]string{"message": m.text})
	if err != nil {
		return err
	}
	name := m.code
	if name == "" {
		name = "InternalServerException"
	}
	begin := cat(event("messageStart", `{"role":"assistant"}`), event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`))
	if d.format != "" {
		begin = chunks(claudePieces[:3]...)
	}
	stream := cat(begin, exception(strings.ToLower(name[:1])+name[1:], string(body)))
	return d.fail(streamOf(bytes.NewReader(stream)))
}

func (d door) fail(client roundTrip) error {
	m, err := bedrock.New(newClient(client), claude, nil)
	if d.format != "" {
		m, err = bedrock.NewInvoke(newClient(client), claude, d.format, nil)
	}
	if err != nil {
		return err
	}
	switch {
	case d.op == "count-tokens":
		_, err = m.CountTokens(context.Background(), hello)
	case d.stream():
		_, err = m.Stream(context.Background(), hello).Response()
	default:
		_, err = m.Generate(context.Background(), hello)
	}
	return err
}

// errorText puts an error in lines: its kind, whether it may pass by itself,
// its text without the name of the operation, and what had arrived.
func errorText(err error) string {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return fmt.Sprintf("  %v is no *model.Error\n", err)
	}
	again := "final"
	if model.Retryable(err) {
		again = "retryable"
	}
	text := strings.Replace(e.Error(), "bedrock: "+e.Op+" ", "bedrock: … ", 1)
	lines := fmt.Sprintf("  %s, %s, code %q, status %d\n  %s\n", strings.TrimPrefix(e.Kind.Error(), "model: "), again, e.Code, e.Status, visible.Replace(text))
	if e.Partial != nil {
		lines += "  partial " + shown(e.Partial) + "\n"
	}
	return lines
}
