package bedrocktest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// messages is a body of Claude's with more members.
func messages(content string, more ...string) string {
	return with(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":4000}`, append(more, `"messages":[`+content+`]`)...)
}

const (
	asks        = `{"role":"user","content":"hi"}`
	calls       = `{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}`
	nativeTools = `"tools":[{"name":"f","input_schema":{"type":"object"}}]`
	cachedText  = `{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}`
)

func thinker() *fake.Model {
	return fake.New(fake.Thinking("hmm", "scripted", model.Text("one")).Always())
}

// bodies are native bodies that the service refuses.
var bodies = []refusal{
	{name: "unknown id", rule: "model-id", model: "nonsense", operation: "invoke", body: messages(asks), message: "The provided model identifier is invalid."},
	{name: "bare id", rule: "inference-profile", model: "anthropic.claude-sonnet-4-6", operation: "invoke", body: messages(asks),
		message: "Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{name: "GPT", rule: "invoke-model", model: gpt56, operation: "invoke", body: `{"messages":[{"role":"user","content":"hi"}]}`,
		message: "The provided model doesn't support the InvokeModel operation."},
	{name: "no JSON", rule: "body-form", model: sonnet45, operation: "invoke", body: `nonsense`, still: true,
		message: "Malformed input request, please reformat your input and try again."},
	{name: "no messages", rule: "body-form", model: gptOSS, operation: "invoke", body: `{"prompt":"x"}`, still: true,
		message: "Malformed input request: #: required key [messages] not found, please reformat your input and try again."},
	{name: "no version", rule: "body-version", model: sonnet45, operation: "invoke", body: `{"max_tokens":9,"messages":[` + asks + `]}`,
		message: "anthropic_version: Field required"},
	{name: "another version", rule: "body-version", model: sonnet45, operation: "invoke", body: `{"anthropic_version":"x","max_tokens":9,"messages":[` + asks + `]}`,
		message: "Invalid API version: x"},
	{name: "no max_tokens", rule: "body-max-tokens", model: sonnet45, operation: "invoke-with-response-stream", body: `{"anthropic_version":"bedrock-2023-05-31","messages":[` + asks + `]}`,
		message: "max_tokens: Field required"},
	{name: "unknown member", rule: "body-member", model: sonnet45, operation: "invoke", body: messages(asks, `"n":2`),
		message: "n: Extra inputs are not permitted"},
	{name: "unknown member of Nova", rule: "body-member", model: novaMicro, operation: "invoke", body: `{"messages":[{"role":"user","content":[{"text":"hi"}]}],"max_tokens":9}`,
		message: "Malformed input request: #: extraneous key [max_tokens] is not permitted, please reformat your input and try again."},
	{name: "temperature 2", rule: "sampling-range", model: sonnet45, operation: "invoke", body: messages(asks, `"temperature":2`),
		message: "temperature: Input should be less than or equal to 1"},
	{name: "no messages in the list", rule: "no-messages", model: sonnet45, operation: "invoke", body: messages(""), still: true,
		message: "messages: at least one message is required"},
	{name: "empty text", rule: "blank-text", model: sonnet45, operation: "invoke", body: messages(`{"role":"user","content":[{"type":"text","text":""}]}`),
		message: "messages: text content blocks must be non-empty"},
	{name: "no result", rule: "tool-results", model: sonnet45, operation: "invoke", body: messages(asks+","+calls+","+asks, nativeTools),
		message: "messages.2: Did not find 1 `tool_result` block(s) at the beginning of this message. Messages following `tool_use` blocks must begin with a matching number of `tool_result` blocks."},
	{name: "orphan result", rule: "tool-result-count", model: sonnet45, operation: "invoke", body: messages(`{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"x"}]}`, nativeTools),
		message: "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message."},
	{name: "foreign signature", rule: "thinking-signature", model: sonnet45, operation: "invoke",
		body:    messages(asks + `,{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"EsgE"},{"type":"text","text":"x"}]},` + asks),
		message: "messages.1.content.0: Invalid `signature` in `thinking` block"},
	{name: "budget of 10", rule: "budget", model: sonnet45, operation: "invoke", body: messages(asks, `"thinking":{"type":"enabled","budget_tokens":10}`),
		message: "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"},
	{name: "forced while thinking", rule: "forced-thinking", model: sonnet45, operation: "invoke", body: messages(asks, nativeTools, `"tool_choice":{"type":"any"}`, `"thinking":{"type":"enabled","budget_tokens":1024}`),
		message: "Thinking may not be enabled when tool_choice forces tool use."},
	{name: "five cache points", rule: "cache-points", model: sonnet45, operation: "invoke", body: messages(`{"role":"user","content":[` + strings.Repeat(cachedText+",", 4) + cachedText + `]}`),
		message: "A maximum of 4 blocks with cache_control may be provided. Found 5."},
	{name: "disabled for Opus 5.5", rule: "thinking-type", model: opus55, operation: "invoke", body: messages(asks, `"thinking":{"type":"disabled"}`), message: noOffType},
	{name: "strict tool", rule: "strict", model: opus48, operation: "invoke", body: messages(asks, `"tools":[{"name":"f","strict":true,"input_schema":`+closed+`}]`),
		message: "tools.0.custom.strict: Extra inputs are not permitted"},
	{name: "native output", rule: "native-output", model: opus48, operation: "invoke", body: messages(asks, `"output_config":{"format":{"type":"json_schema","schema":`+closed+`}}`),
		message: "output_config.format: Extra inputs are not permitted"},
	{name: "text before a result", rule: "results-first", model: sonnet45, operation: "invoke", body: messages(asks+","+calls+`,{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"t1","content":"r"}]}`, nativeTools),
		message: "messages.2: Did not find 1 `tool_result` block(s) at the beginning of this message. Messages following `tool_use` blocks must begin with a matching number of `tool_result` blocks."},
	{name: "alternatives of a tool", rule: "tool-schema-root", model: sonnet45, operation: "invoke", body: messages(asks, `"tools":[{"name":"f","input_schema":{"type":"object","oneOf":[{}]}}]`),
		message: "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level"},
	{name: "a bitmap", rule: "image-type", model: sonnet45, operation: "invoke", body: messages(`{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"iVBORw0KGgoA"}}]}`),
		message: "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'"},
	{name: "another image than its type says", rule: "image-match", model: sonnet45, operation: "invoke", body: messages(`{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/webp","data":"iVBORw0KGgoA"}}]}`),
		message: "messages.0.content.0.image.source.base64: The image was specified using the image/webp media type, but the image appears to be a image/png image"},
	{name: "a bitmap to Mistral", rule: "image-type", model: pixtral, operation: "invoke", body: `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/bmp;base64,Qk0="}}]}]}`,
		message: "Failed to sanitize image: Invalid or unsupported image format"},
	{name: "image to a text model", rule: "media-support", model: qwen, operation: "invoke", body: `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoA"}}]}]}`,
		message: "This model doesn't support the image content block that you provided. Update the content block and try again."},
}

// TestInvokeName checks that the answer names its model as the maker does.
func TestInvokeName(t *testing.T) {
	for id, want := range map[string]string{
		sonnet4: "claude-sonnet-4-20250514", opus46: "claude-opus-4-6", opus55: "claude-opus-5-5",
	} {
		got := post(t, memory(always("ok"), nil), id, "invoke", messages(asks))
		var v struct{ Model string }
		if err := json.Unmarshal(got.body, &v); err != nil || v.Model != want {
			t.Errorf("%s: %d %s, want the model %s", id, got.status, got.body, want)
		}
		stream := post(t, memory(always("ok"), nil), id, "invoke-with-response-stream", messages(asks))
		if h := stream.header.Get("X-Amzn-Bedrock-Content-Type"); h != "application/json" {
			t.Errorf("%s: the stream's content is %q, want application/json", id, h)
		}
		if first := chunks(t, stream.body)[0]; !strings.Contains(first, `"model":"`+want+`"`) {
			t.Errorf("%s: the stream begins with %s", id, first)
		}
	}
}

// chunks returns what is in the frames of a native stream.
func chunks(t *testing.T, body []byte) (all []string) {
	t.Helper()
	d := eventstream.NewDecoder(bytes.NewReader(body))
	for {
		f, err := d.Next()
		if err != nil {
			return all
		}
		var v struct{ Bytes []byte }
		if err := json.Unmarshal(f.Payload, &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(v.Bytes))
	}
}

// TestInvokeNova checks that bodies of Nova are answered in Nova's own form.
func TestInvokeNova(t *testing.T) {
	s := memory(fake.New(fake.Reply(model.Text("ok"), fake.Call("f", `{"a":1}`)).Usage(&model.Usage{InputTokens: 7, OutputTokens: 3}).Always()), nil)
	body := `{"schemaVersion":"messages-v1","system":[{"text":"s"}],"messages":[{"role":"user","content":[{"text":"hi"}]}],` +
		`"inferenceConfig":{"max_new_tokens":50,"top_p":0.5,"topK":3,"stopSequences":["END"]},` + tools + `}`
	got := post(t, s, novaMicro, "invoke", body)
	want := `{"output":{"message":{"content":[{"text":"ok"},{"toolUse":{"input":{"a":1},"name":"f","toolUseId":"call_1_2"}}],"role":"assistant"}},"stopReason":"tool_use",` +
		`"usage":{"cacheReadInputTokenCount":0,"cacheWriteInputTokenCount":0,"inputTokens":7,"outputTokens":3,"totalTokens":10}}`
	if string(got.body) != want {
		t.Errorf("answer\n got %s\nwant %s", got.body, want)
	}
	req := s.Requests()[0]
	if req.MaxTokens != 50 || *req.TopP != 0.5 || req.TopK != 3 || req.StopSequences[0] != "END" || len(req.Tools) != 1 || req.Messages[0].Role != model.RoleSystem {
		t.Errorf("the server saw %+v", req)
	}
	var events []string
	for _, c := range chunks(t, post(t, s, novaMicro, "invoke-with-response-stream", body).body) {
		name, _, _ := strings.Cut(strings.TrimPrefix(c, `{"`), `"`)
		events = append(events, name)
		if name == "contentBlockDelta" && len(events) == 2 && c != `{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"ok"}}}` {
			t.Errorf("the first delta is %s", c)
		}
	}
	if diff := cmp.Diff([]string{"messageStart", "contentBlockDelta", "contentBlockStop", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestInvokeCalls reads the records of calls while the calls are in progress.
func TestInvokeCalls(t *testing.T) {
	s := memory(always("ok"), &bedrocktest.Options{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 20 {
			post(t, s, sonnet45, "invoke", messages(asks))
			post(t, s, "anthropic.claude-sonnet-4-20250514-v1:0", "count-tokens", `{"input":{"invokeModel":{"body":"`+base64.StdEncoding.EncodeToString([]byte(messages(asks)))+`"}}}`)
		}
	}()
	for range 200 {
		s.Calls()
	}
	<-done
	for _, c := range s.Calls() {
		if c.Request == nil || c.Tokens == 0 {
			t.Errorf("the call %d says %+v", c.Number, c)
		}
	}
}

// TestBodyVersions checks that every known anthropic_version is accepted.
func TestBodyVersions(t *testing.T) {
	for _, version := range []string{"bedrock-2023-05-31", "2026-10-21"} {
		body := `{"anthropic_version":"` + version + `","max_tokens":9,"messages":[` + asks + `]}`
		if got := post(t, memory(always("ok"), nil), sonnet45, "invoke", body); got.status != 200 {
			t.Errorf("%s: %d %s", version, got.status, got.body)
		}
	}
}
