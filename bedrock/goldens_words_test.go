package bedrock_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

func sortBlocks(blocks []block) {
	slices.SortFunc(blocks, func(a, b block) int { return strings.Compare(a.name, b.name) })
}

// furtherExceptions are names that the service and those in front of it have for
// failures, besides allExceptions.
var furtherExceptions = []string{
	"AccessDenied", "ExpiredToken", "IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "RequestInTheFuture",
	"InvalidAccessKeyId", "InvalidToken", "AuthFailure", "TokenRefreshRequired",
}

// reportedTypes are what models call failures that they report in bodies.
var reportedTypes = []string{
	"", "invalid_request_error", "authentication_error", "permission_error", "not_found_error", "rate_limit_error", "timeout_error", "overloaded_error",
	"billing_error", "request_too_large", "api_error", "server_error", "context_length_exceeded",
}

// tooLong are the words for a conversation that is too long, of the service, the
// models and the servers behind it.
var tooLong = []string{
	"Input is too long for requested model.", "Too many total text bytes: 30000000 > 25000000", "prompt is too long: 205000 tokens > 200000 maximum", "Prompt too long", "input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000",
	"Too many input tokens. Max input tokens: 24000", "The input tokens exceeded the limit.", "Input tokens exceeds maximum of 1000000", "Your input exceeds the context window of this model.", "These tokens exceed the context window.", "code: context_length_exceeded",
	"Context length exceeded.", "invalid params, context window exceeds limit", "This model's maximum context length is 131072 tokens.", "max context length is 32768", "The prompt is longer than the maximum model length of 8192.", "The input is longer than the model's context.", "This exceeds the model's context of 128000 tokens.",
	"The prompt exceeds context length.", "Please reduce the length of the messages.", "This model's maximum prompt length is 131072", "Your request exceeded model token limit: 262144", "The input exceeds the model token limit.", "Range of input length should be [1, 129024]",
	"Prompt contains 40000 tokens, too large for model with 32768 maximum", "the number of tokens in the prompt cannot exceed 4081", "The maximum number of tokens allowed is 8192.", "Tokens in request more than max tokens allowed: 256000", "The prompt exceeds maximum input length.", "It exceeds the maximum input length of 4096.",
}

// otherWords are words that say of what kind a failure is, and some that look so.
var otherWords = []string{
	"", "Words.", "The provided MODEL IDENTIFIER is invalid.", "Invocation with on-demand throughput isn't supported.", "It doesn't support that.", "It does not support that.", "Too many tokens PER DAY, please wait.", "The security token included is invalid.",
	"You don't have access to the model with the specified model ID.", "`temperature` is deprecated for this model.",
}

// TestGoldensWords keeps the kind of failure that is recognized in every name,
// status and wording. A codec answers here as a call would.
func TestGoldensWords(t *testing.T) {
	c, err := bedrock.NewCodec(claude, &bedrock.Options{Format: bedrock.FormatAnthropic})
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	for _, code := range slices.Concat(allExceptions, furtherExceptions) {
		b := block{name: "exception " + code}
		words := slices.Concat(otherWords, tooLong[:3])
		if code == "ValidationException" || code == "ModelErrorException" {
			words = slices.Concat(otherWords, tooLong)
		}
		for _, message := range words {
			e := c.Failure("batch", 0, code, message)
			b.text += fmt.Sprintf("  %s: %s\n", message, strings.TrimPrefix(e.Kind.Error(), "model: "))
		}
		blocks = append(blocks, b)
	}
	b := block{name: "statuses"}
	for status := 400; status < 540; status++ {
		e := c.Failure("batch", status, "", "")
		b.text += fmt.Sprintf("  %d: %s: %s\n", status, strings.TrimPrefix(e.Kind.Error(), "model: "), e.Message)
	}
	blocks = append(blocks, b)
	for _, kind := range reportedTypes {
		b := block{name: "reported " + kind}
		for _, message := range slices.Concat(otherWords, tooLong[:3]) {
			_, err := c.Decode(nil, fmt.Appendf(nil, `{"type":"error","error":{"type":%q,"message":%q}}`, kind, message))
			b.text += fmt.Sprintf("  %s: %s\n", message, became(nil, err))
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "words", blocks)
}

// TestGoldensFrames keeps the errors of exceptions that break off a stream,
// with everything that an exception may hold, and with names in several
// spellings.
func TestGoldensFrames(t *testing.T) {
	var blocks []block
	bodies := []string{`{"message":"Words."}`, `{"Message":"Words."}`, `{"message":5,"Message":"Words."}`, `{"message":""}`, `["Words."]`, `<html>`, ``,
		`{"message":"Words.","originalStatusCode":529,"originalMessage":"Further words.","resourceName":"r"}`,
		`{"message":"Words.","originalStatusCode":99}`, `{"message":"Words.","originalStatusCode":100}`, `{"message":"Words.","originalStatusCode":999.0}`, `{"message":"Words.","originalStatusCode":1000}`, `{"message":"Words.","originalStatusCode":"x"}`, `{"message":"Words.","originalStatusCode":0}`}
	for _, code := range slices.Concat(allExceptions[1:], furtherExceptions) {
		b := block{name: code}
		bodies := bodies
		if !strings.HasPrefix(code, "Model") { // which alone hold more than a message
			bodies = bodies[:1]
		}
		for _, body := range bodies {
			stream := cat(event("messageStart", `{"role":"assistant"}`), exception(strings.ToLower(code[:1])+code[1:], body))
			m := newModel(t, claude, streamOf(strings.NewReader(string(stream))), nil)
			_, err := m.Stream(context.Background(), hello).Response()
			b.text += fmt.Sprintf("  %s: %s%s\n", body, became(nil, err), original(err))
		}
		blocks = append(blocks, b)
	}
	b := block{name: "in refusals"}
	for _, header := range []string{"ValidationException", "com.amazon#ValidationException:http://x/", "ValidationException:x#y", ""} {
		for _, body := range append(bodies, `{"__type":"com.amazon#ThrottlingException","message":"Words."}`, `{"code":"ThrottlingException"}`, `{"__type":"a#b#c"}`) {
			m := newModel(t, claude, respond(400, strings.NewReader(body), "X-Amzn-ErrorType", header, "Content-Type", "application/json"), nil)
			_, err := m.Generate(context.Background(), hello)
			b.text += fmt.Sprintf("  %s, %s: %s%s\n", header, body, became(nil, err), original(err))
		}
	}
	blocks = append(blocks, b, block{name: "chunks", text: oddChunks(t)})
	checkGoldens(t, "frames", blocks)
}

// oddChunks tells what becomes of chunks in forms that the service does not send, and
// of those of many lengths that end alike.
func oddChunks(t *testing.T) (text string) {
	t.Helper()
	encode := base64.StdEncoding.EncodeToString
	first := `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}`
	for _, payload := range []string{
		`{"bytes":"` + encode([]byte(first)) + `"}`, `{"p":"x","bytes":"` + encode([]byte(first)) + `"}`, `{"bytes":"` + strings.ReplaceAll(encode([]byte(first)), "=", `\u003d`) + `"}`,
		`{"bytes":"` + encode([]byte(first))[:40] + `\n` + encode([]byte(first))[40:] + `"}`, `{"bytes":"` + encode([]byte(first))[:40] + "\n" + encode([]byte(first))[40:] + `"}`,
		`{"bytes":"????"}`, `{"bytes":"YQ"}`, `{"bytes":""}`, `{"bytes":null}`, `{"bytes":5}`, `{}`, `[]`, `{"bytes":"`, ``,
	} {
		m := invoked(t, claude, "", streamOf(bytes.NewReader(cat(event("chunk", payload), event("hologram", payload), chunks(`{"type":"message_stop"}`)))), nil)
		resp, err := m.Stream(context.Background(), hello).Response()
		text += fmt.Sprintf("  %s: %s\n", visible.Replace(payload), became(resp, err))
	}
	var pieces []string
	for i := range 40 { // with ends that are learned, and then others
		end := `,"prompt_token_count":null,"generation_token_count":null,"stop_reason":null,"x":"` + strings.Repeat("y", i/10*7) + `"}`
		pieces = append(pieces, `{"generation":"`+strings.Repeat("a", i%7)+`b"`+end)
	}
	m := invoked(t, "x", bedrock.FormatLlama3, streamOf(bytes.NewReader(chunks(append(pieces, `{"generation":"","stop_reason":"stop"}`)...))), nil)
	resp, err := m.Stream(context.Background(), hello).Response()
	return text + "  many: " + became(resp, err) + "\n"
}
