package bedrock_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// invoked returns a model over InvokeModel whose requests go to client.
func invoked(t testing.TB, id string, format bedrock.Format, client roundTrip, options *bedrock.Options) *bedrock.Model {
	t.Helper()
	m, err := bedrock.NewInvoke(newClient(client), id, format, options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// chunkFrame is a frame with a piece of a model's own format.
func chunkFrame(piece string) []byte {
	return event("chunk", `{"bytes":"`+base64.StdEncoding.EncodeToString([]byte(piece))+`","p":"abcdef"}`)
}

func chunks(pieces ...string) []byte {
	var b bytes.Buffer
	for _, p := range pieces {
		b.Write(chunkFrame(p))
	}
	return b.Bytes()
}

// claudePieces is a whole answer of Claude's in pieces.
var claudePieces = []string{
	`{"type":"message_start","message":{"role":"assistant","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}`,
	`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
	`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Olá"}}`,
	`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!"}}`,
	`{"type":"content_block_stop","index":0}`,
	`{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}`,
	`{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4,"invocationLatency":7,"firstByteLatency":2}}`,
}

const claudeBody = `{"type":"message","role":"assistant","content":[{"type":"text","text":"Olá!"}],"stop_reason":"stop_sequence","stop_sequence":"END","usage":{"input_tokens":3,"output_tokens":4}}`

// TestInvokeFormat checks which format is chosen, by the body that is sent.
func TestInvokeFormat(t *testing.T) {
	const account = "arn:aws:bedrock:us-east-1:123456789012:"
	tests := []struct {
		id      string
		format  bedrock.Format
		options *bedrock.Options
		want    string // what the body holds; empty: an error
		err     string
	}{
		{"us.anthropic.claude-haiku-4-5-20251001-v1:0", "", nil, `"anthropic_version"`, ""},
		{"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", "", nil, `"anthropic_version"`, ""},
		{account + "inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0", "", nil, `"anthropic_version"`, ""},
		{"openai.gpt-oss-20b-1:0", "", nil, `{"messages":[{"role":"user","content":"Hello"}]}`, ""},
		{"qwen.qwen3-32b-v1:0", "", nil, `{"messages":[{"role":"user","content":"Hello"}]}`, ""},
		{"us.meta.llama3-1-8b-instruct-v1:0", "", nil, `<|start_header_id|>`, ""},
		{"meta.llama4-scout-17b-instruct-v1:0", "", nil, `<|header_start|>`, ""},
		{"mistral.mistral-7b-instruct-v0:2", "", nil, `[INST]`, ""},
		{"us.deepseek.r1-v1:0", "", nil, `<｜User｜>`, ""},
		{"amazon.titan-text-express-v1", "", nil, `"inputText"`, ""},
		{account + "imported-model/abc", bedrock.FormatOpenAI, nil, `{"messages":[{"role":"user","content":"Hello"}]}`, ""},
		{account + "provisioned-model/abc", "", &bedrock.Options{BaseModel: "anthropic.claude-3-haiku-20240307-v1:0"}, `"anthropic_version"`, ""},
		{account + "application-inference-profile/abc", bedrock.FormatAnthropic, nil, `"anthropic_version"`, ""},
		{account + "imported-model/abc", "", nil, "", "bedrock.FormatOpenAI"},
		{account + "custom-model/anthropic.claude-3-haiku-20240307-v1:0/abc", "", nil, `"anthropic_version"`, ""},
		{account + "provisioned-model/abc", "", nil, "", "Options.BaseModel"},
		{account + "application-inference-profile/abc", "", nil, "", "name it"},
		{"mistral.mistral-large-2407-v1:0", "", nil, "", "name it"},
		{"us.amazon.nova-micro-v1:0", "", nil, "", "Converse"},
		{"openai.gpt-oss-20b-1:0", "harmony", nil, "", "bedrock.FormatAnthropic"},
		{"", bedrock.FormatOpenAI, nil, "", "model id is empty"},
	}
	for _, tt := range tests {
		var body []byte
		var path string
		m, err := bedrock.NewInvoke(newClient(roundTrip(func(r *http.Request) (*http.Response, error) {
			body, _ = io.ReadAll(r.Body)
			path = r.URL.EscapedPath()
			return &http.Response{StatusCode: 418, Body: http.NoBody}, nil
		})), tt.id, tt.format, tt.options)
		if tt.err != "" {
			if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("NewInvoke(%q, %q) = %v, want an invalid request with %q", tt.id, tt.format, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("NewInvoke(%q, %q): %v", tt.id, tt.format, err)
			continue
		}
		m.Generate(context.Background(), hello)
		if text := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(body)); !strings.Contains(text, tt.want) {
			t.Errorf("%s sends %s, want %s in it", tt.id, text, tt.want)
		}
		if !strings.HasSuffix(path, "/invoke") {
			t.Errorf("%s is sent to %s, want the operation invoke", tt.id, path)
		}
	}
}

// TestInvokeSettings checks where InvokeModel is sent each of the
// ProviderOptions.
func TestInvokeSettings(t *testing.T) {
	req := &model.Request{MaxTokens: 10, Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{
		AdditionalFields: json.RawMessage(`{"anthropic_beta":["b-1"], "x":1.0}`),
		Guardrail:        &bedrock.Guardrail{ID: "g1", Version: "DRAFT", Trace: "enabled_full", StreamMode: "async"},
		Latency:          "optimized", ServiceTier: "flex", Metadata: map[string]string{"b": "2", "a": "1"}, OutputEffort: "low",
	}}}
	const settings = `"output_config":{"effort":"low"},%s"anthropic_beta":["b-1"],"x":1.0}`
	for _, stream := range []bool{false, true} {
		var got *http.Request
		var body []byte
		m := invoked(t, claude, "", func(r *http.Request) (*http.Response, error) {
			got = r
			body, _ = io.ReadAll(r.Body)
			return &http.Response{StatusCode: 418, Body: http.NoBody}, nil
		}, nil)
		config, accept, op := "", "Accept", "invoke"
		if stream {
			config, accept, op = `"amazon-bedrock-guardrailConfig":{"streamProcessingMode":"ASYNCHRONOUS"},`, "X-Amzn-Bedrock-Accept", "invoke-with-response-stream"
			m.Stream(context.Background(), req).Response()
		} else {
			m.Generate(context.Background(), req)
		}
		want := `{"anthropic_version":"bedrock-2023-05-31","max_tokens":10,"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}],` + fmt.Sprintf(settings, config)
		if diff := cmp.Diff(want, string(body)); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		if want := "/model/" + strings.ReplaceAll(claude, ":", "%3A") + "/" + op; got.URL.EscapedPath() != want {
			t.Errorf("path = %s, want %s", got.URL.EscapedPath(), want)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/json", accept: "application/json",
			"X-Amzn-Bedrock-GuardrailIdentifier": "g1", "X-Amzn-Bedrock-GuardrailVersion": "DRAFT", "X-Amzn-Bedrock-Trace": "ENABLED_FULL",
			"X-Amzn-Bedrock-PerformanceConfig-Latency": "optimized", "X-Amzn-Bedrock-Service-Tier": "flex",
			"X-Amzn-Bedrock-Request-Metadata": `{"a":"1","b":"2"}`,
		} {
			if got := got.Header.Get(name); got != want {
				t.Errorf("header %s = %q, want %q", name, got, want)
			}
		}
	}
}

// TestInvokeRefusals checks errors that come before anything is sent.
func TestInvokeRefusals(t *testing.T) {
	m := invoked(t, claude, "", func(*http.Request) (*http.Response, error) {
		t.Error("something was sent")
		return nil, errors.New("no")
	}, nil)
	with := func(x *bedrock.ProviderOptions) *model.Request {
		return &model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{x}}
	}
	for _, tt := range []struct {
		req  *model.Request
		kind model.ErrorKind
		text string
	}{
		{with(&bedrock.ProviderOptions{PromptVariables: map[string]string{"a": "b"}}), model.ErrUnsupported, "prompt_variables"},
		{with(&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g"}}), model.ErrInvalidRequest, "provider_options.guardrail"},
		{with(&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`1`)}), model.ErrInvalidRequest, "provider_options.additional_fields"},
		{&model.Request{}, model.ErrInvalidRequest, "messages"},
		{&model.Request{Messages: []model.Message{model.UserParts(model.Audio{Data: []byte("x")})}}, model.ErrUnsupported, "messages[0].parts[0]"},
	} {
		_, err := m.Generate(context.Background(), tt.req)
		_, streamed := m.Stream(context.Background(), tt.req).Response()
		for op, err := range map[string]error{"generate": err, "stream": streamed} {
			e, ok := errors.AsType[*model.Error](err)
			if !ok || e.Kind != tt.kind || !strings.Contains(e.Message, tt.text) || e.Provider != "bedrock" || e.Op != op || e.Model != claude {
				t.Errorf("%s: %v, want a labelled error of kind %q with %q", op, err, tt.kind, tt.text)
			}
		}
	}
}

// TestInvokeAnswer checks all that a response says beside the message.
func TestInvokeAnswer(t *testing.T) {
	req := &model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{ResponseFieldPaths: []string{"/stop_sequence", "/usage/input_tokens", "/nowhere", "/content/0/type"}}}}
	m := invoked(t, claude, "", respond(200, strings.NewReader(claudeBody), "Content-Type", "application/json",
		"X-Amzn-Bedrock-Invocation-Latency", "7", "X-Amzn-Bedrock-Service-Tier", "flex", "X-Amzn-Bedrock-PerformanceConfig-Latency", "standard",
		"X-Amzn-Bedrock-Input-Token-Count", "99"), nil)
	resp, err := m.Generate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Response{Message: model.Assistant("Olá!"), StopReason: model.StopSequence, Model: claude, RequestID: "rid-1", Latency: 7 * time.Millisecond,
		Usage: &model.Usage{Known: true, InputTokens: 3, OutputTokens: 4},
		ProviderMetadata: &bedrock.ProviderMetadata{ServiceTier: "flex", Latency: "standard", Usage: json.RawMessage(`{"input_tokens":3,"output_tokens":4}`),
			AdditionalFields: json.RawMessage(`{"stop_sequence":"END","usage":{"input_tokens":3},"content":{"0":{"type":"text"}}}`)}}
	if diff := cmp.Diff(want, resp); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}

	m = invoked(t, claude, "", streamOf(bytes.NewReader(chunks(claudePieces...))), nil)
	resp, err = m.Stream(context.Background(), req).Response()
	if err != nil {
		t.Fatal(err)
	}
	want.StopReason = model.StopEndTurn
	want.ProviderMetadata = &bedrock.ProviderMetadata{Usage: json.RawMessage(`{"input_tokens":3,"output_tokens":4}`),
		AdditionalFields: json.RawMessage(`{"stop_sequence":null,"usage":{"input_tokens":3}}`)}
	want.ProviderMetadata.(*bedrock.ProviderMetadata).AdditionalFields = json.RawMessage(`{"usage":{"input_tokens":3}}`)
	if diff := cmp.Diff(want, resp); diff != "" {
		t.Errorf("streamed response (-want +got):\n%s", diff)
	}
}

// TestInvokeUsage checks that the counters are found wherever a format has
// them, and that they follow one law.
func TestInvokeUsage(t *testing.T) {
	const llama = `{"generation":"Hi","stop_reason":"stop"}`
	counts := []string{"X-Amzn-Bedrock-Input-Token-Count", "5", "X-Amzn-Bedrock-Output-Token-Count", "2",
		"X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "100", "X-Amzn-Bedrock-Cache-Write-Input-Token-Count", "10"}
	want := &model.Usage{Known: true, InputTokens: 115, OutputTokens: 2, CacheReadTokens: 100, CacheWriteTokens: 10}
	resp, err := invoked(t, "x", bedrock.FormatLlama3, respond(200, strings.NewReader(llama), counts...), nil).Generate(context.Background(), hello)
	if err != nil || !cmp.Equal(resp.Usage, want) {
		t.Errorf("usage by headers = %v, %v, want %v", resp, err, want)
	}
	resp, err = invoked(t, "x", bedrock.FormatLlama3, respond(200, strings.NewReader(llama)), nil).Generate(context.Background(), hello)
	if err != nil || resp.Usage.Known {
		t.Errorf("usage that is not told = %v, %v, want none that is known", resp, err)
	}
	metrics := `{"generation":"Hi","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":5,"outputTokenCount":2,"cacheReadInputTokenCount":100,"cacheWriteInputTokenCount":10,"invocationLatency":9}}`
	resp, err = invoked(t, "x", bedrock.FormatLlama3, streamOf(bytes.NewReader(chunks(metrics))), nil).Stream(context.Background(), hello).Response()
	if err != nil || !cmp.Equal(resp.Usage, want) || resp.Latency != 9*time.Millisecond {
		t.Errorf("usage by metrics = %+v, %v, want %v", resp, err, want)
	}
	// OpenAI's chunk with the usage comes after the end of the message.
	late := chunks(`{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
		`{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}`)
	for name, body := range map[string][]byte{"metrics": append(bytes.Clone(late), chunkFrame(`{"choices":[],"amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}}`)...), "clean end": late} {
		resp, err = invoked(t, "x", bedrock.FormatOpenAI, streamOf(bytes.NewReader(body)), nil).Stream(context.Background(), hello).Response()
		if want := (&model.Usage{Known: true, InputTokens: 5, OutputTokens: 2}); err != nil || !cmp.Equal(resp.Usage, want) || resp.StopReason != model.StopEndTurn {
			t.Errorf("usage of OpenAI with %s = %+v, %v, want %v", name, resp, err, want)
		}
	}
}

// TestInvokeGuardrail reads an answer that a guardrail has replaced, in the
// form that the service documents.
func TestInvokeGuardrail(t *testing.T) {
	const trace = `{"guardrail":{"input":{"g1":{"topicPolicy":{"topics":[{"name":"t","type":"DENY","action":"BLOCKED"}]}}}}}`
	body := `{"type":"message","role":"assistant","content":[{"type":"text","text":"Sorry."}],"amazon-bedrock-trace":` + trace + `,"amazon-bedrock-guardrailAction":"INTERVENED"}`
	check := func(resp *model.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StopReason != model.StopGuardrail || resp.Text() != "Sorry." || string(bedrock.MetadataOf(resp).Trace) != trace {
			t.Errorf("response = %+v with trace %s, want Sorry., guardrail_intervened and the trace", resp, bedrock.MetadataOf(resp).Trace)
		}
	}
	check(invoked(t, claude, "", respond(200, strings.NewReader(body)), nil).Generate(context.Background(), hello))

	streamed := chunks(claudePieces[0], claudePieces[1], `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Sorry."}}`,
		`{"type":"message_delta","delta":{},"amazon-bedrock-trace":`+trace+`,"amazon-bedrock-guardrailAction":"INTERVENED"}`)
	check(invoked(t, claude, "", streamOf(bytes.NewReader(streamed)), nil).Stream(context.Background(), hello).Response())

	none := strings.Replace(claudeBody, `{`, `{"amazon-bedrock-guardrailAction":"NONE",`, 1)
	resp, err := invoked(t, claude, "", respond(200, strings.NewReader(none)), nil).Generate(context.Background(), hello)
	if err != nil || resp.StopReason != model.StopSequence {
		t.Errorf("with the action NONE = %+v, %v, want the model's own stop reason", resp, err)
	}
}

// TestInvokeCut cuts a stream at every byte; without CHATMODEL_FULL=1 at one of
// nine, and where the answer is complete. Only the whole of it may be an
// answer.
func TestInvokeCut(t *testing.T) {
	for name, tt := range map[string]struct {
		format bedrock.Format
		pieces []string
		ends   int // how many pieces make the answer, with a clean end behind them
	}{
		"anthropic": {bedrock.FormatAnthropic, claudePieces, 7},
		"openai": {bedrock.FormatOpenAI, []string{`{"choices":[{"index":0,"delta":{"content":"Ol"}}]}`, `{"choices":[{"index":0,"delta":{"content":"á!"}}]}`,
			`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`, `{"choices":[],"amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}}`}, 3},
		"llama": {bedrock.FormatLlama3, []string{`{"generation":"Ol"}`, `{"generation":"á!","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}}`}, 2},
	} {
		whole, complete := chunks(tt.pieces...), map[int]bool{}
		for n := tt.ends; n <= len(tt.pieces); n++ {
			complete[len(chunks(tt.pieces[:n]...))] = true
		}
		for n := range len(whole) + 1 {
			if !inSample(n) && !complete[n] {
				continue
			}
			closed := &onceCloser{Reader: bytes.NewReader(whole[:n])}
			resp, err := invoked(t, "x", tt.format, streamOf(closed), nil).Stream(context.Background(), hello).Response()
			switch {
			case complete[n]:
				if err != nil || resp.Text() != "Olá!" {
					t.Errorf("%s: cut at %d = %v, %v, want the answer", name, n, resp, err)
				}
			case !errors.Is(err, model.ErrTruncated):
				t.Errorf("%s: cut at %d of %d = %v, want truncated", name, n, len(whole), err)
			case resp != nil && !strings.HasPrefix("Olá!", resp.Text()):
				t.Errorf("%s: cut at %d, the part so far is %q", name, n, resp.Text())
			}
			if closed.n != 1 {
				t.Errorf("%s: cut at %d, the body was closed %d times, want once", name, n, closed.n)
			}
		}
	}
}

type onceCloser struct {
	io.Reader
	n int
}

func (c *onceCloser) Close() error { c.n++; return nil }

// TestInvokeLeft leaves the loop at every event. The body must be closed before
// the loop is left.
func TestInvokeLeft(t *testing.T) {
	for n := range 4 {
		body := &onceCloser{Reader: bytes.NewReader(chunks(claudePieces...))}
		i := 0
		for range invoked(t, claude, "", streamOf(body), nil).Stream(context.Background(), hello).Events() {
			if i++; i > n {
				break
			}
		}
		if body.n != 1 {
			t.Errorf("left after %d events: closed %d times, want once", i, body.n)
		}
	}
}

// TestInvokeErrors checks that failures are classified like those of Converse.
func TestInvokeErrors(t *testing.T) {
	throttled := respond(429, strings.NewReader(`{"message":"Too many"}`), "X-Amzn-Errortype", "ThrottlingException")
	overloaded := `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`
	tests := []struct {
		name   string
		client roundTrip
		stream bool
		kind   model.ErrorKind
		code   string
	}{
		{"status", throttled, false, model.ErrThrottled, "ThrottlingException"},
		{"status of a stream", throttled, true, model.ErrThrottled, "ThrottlingException"},
		{"in the body", respond(200, strings.NewReader(overloaded)), false, model.ErrUnavailable, "overloaded_error"},
		{"in a chunk", streamOf(bytes.NewReader(append(chunks(claudePieces[:3]...), chunkFrame(overloaded)...))), true, model.ErrUnavailable, "overloaded_error"},
		{"exception", streamOf(bytes.NewReader(append(chunks(claudePieces[:3]...), exception("modelTimeoutException", `{"message":"slow"}`)...))), true, model.ErrTimeout, "ModelTimeoutException"},
		{"too long", respond(400, strings.NewReader(`{"message":"prompt is too long: 9 tokens > 8 maximum"}`), "X-Amzn-Errortype", "ValidationException"), false, model.ErrContextOverflow, "ValidationException"},
		{"not the format", respond(200, strings.NewReader(`{"choices":[]}`)), false, model.ErrMalformed, ""},
		{"html", respond(200, strings.NewReader(`<html>`), "Content-Type", "text/html"), true, model.ErrMalformed, ""},
		{"no base64", streamOf(bytes.NewReader(event("chunk", `{"bytes":"%%"}`))), true, model.ErrMalformed, ""},
		{"no JSON", streamOf(bytes.NewReader(chunkFrame(`{`))), true, model.ErrMalformed, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := invoked(t, claude, "", tt.client, nil)
			var err error
			if tt.stream {
				_, err = m.Stream(context.Background(), hello).Response()
			} else {
				_, err = m.Generate(context.Background(), hello)
			}
			e, ok := errors.AsType[*model.Error](err)
			if !ok || e.Kind != tt.kind || e.Code != tt.code || e.RequestID != "rid-1" || e.Provider != "bedrock" || e.Model != claude {
				t.Errorf("error = %+v, want kind %q, code %q and the request id", err, tt.kind, tt.code)
			}
		})
	}
}

// TestInvokeChunks reads chunks in every form, and checks that other events are
// passed over.
func TestInvokeChunks(t *testing.T) {
	var body bytes.Buffer
	body.Write(event("weather", `{"sunny":true}`))
	body.Write(event("chunk", `{"bytes":""}`))
	for i, p := range claudePieces {
		encoded := base64.StdEncoding.EncodeToString([]byte(p))
		switch i % 3 {
		case 0:
			body.Write(event("chunk", ` { "p":"a", "bytes" : "`+encoded+`" }`))
		case 1:
			body.Write(event("chunk", `{"bytes":"`+strings.ReplaceAll(encoded, "/", `\/`)+`"}`))
		default:
			body.Write(chunkFrame(p))
		}
	}
	resp, err := invoked(t, claude, "", streamOf(&body), nil).Stream(context.Background(), hello).Response()
	if err != nil || resp.Text() != "Olá!" {
		t.Errorf("response = %v, %v, want Olá!", resp, err)
	}
}

// TestInvokeCount checks that CountTokens is asked with the same body.
func TestInvokeCount(t *testing.T) {
	var body []byte
	m := invoked(t, "us."+claude, "", func(r *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(r.Body)
		return respond(200, strings.NewReader(`{"inputTokens":11}`))(r)
	}, nil)
	n, err := m.CountTokens(context.Background(), &model.Request{MaxTokens: 5, Messages: hello.Messages})
	want := `{"input":{"invokeModel":{"body":"` + base64.StdEncoding.EncodeToString([]byte(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}`)) + `"}}}`
	if err != nil || n != 11 || string(body) != want {
		t.Errorf("CountTokens = %d, %v with the body %s, want 11 with %s", n, err, body, want)
	}
}

// FuzzInvokeStream reads arbitrary bytes as a stream of every format. It must
// not panic, and must never take a stream for more than it is.
func FuzzInvokeStream(f *testing.F) {
	f.Add(chunks(claudePieces...))
	f.Add(chunks(`{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"amazon-bedrock-invocationMetrics":{}}`))
	f.Add(chunks(`{"generation":"x","stop_reason":"stop"}`))
	f.Add(event("chunk", `{"bytes":null}`))
	formats := []bedrock.Format{bedrock.FormatAnthropic, bedrock.FormatOpenAI, bedrock.FormatLlama3, bedrock.FormatDeepSeek}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, format := range formats {
			resp, err := invoked(t, "x", format, streamOf(bytes.NewReader(body)), nil).Stream(context.Background(), hello).Response()
			if err == nil && resp == nil {
				t.Error("neither an answer nor an error")
			}
		}
	})
}

func BenchmarkInvokeStream(b *testing.B) {
	const text = "TEXT" // stands for words of all lengths
	words := func(i int) string { return "some words of what the model says"[:1+i%30] }
	pieces := map[bedrock.Format][]string{
		bedrock.FormatAnthropic: {claudePieces[0], `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + text + `"}}`, claudePieces[5], claudePieces[6]},
		bedrock.FormatOpenAI: {`{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`,
			`{"choices":[{"delta":{"content":"` + text + `"},"finish_reason":null,"index":0,"logprobs":null}],"created":1755,"id":"chatcmpl-1","model":"openai.gpt-oss-20b-1:0","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":""}`,
			`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`, `{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2},"amazon-bedrock-invocationMetrics":{"inputTokenCount":5,"outputTokenCount":2}}`},
		bedrock.FormatLlama3: {`{"generation":""}`, `{"generation":"` + text + `","prompt_token_count":null,"generation_token_count":7,"stop_reason":null}`, `{"generation":""}`,
			`{"generation":"","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":5,"outputTokenCount":2}}`},
	}
	converse := func() []byte {
		deltas := make([]string, benchDeltas)
		for i := range deltas {
			deltas[i] = words(i)
		}
		return textStream(deltas...)
	}()
	run := func(b *testing.B, m *bedrock.Model) {
		perDelta(b, func() int {
			n := 0
			for ev, err := range m.Stream(b.Context(), hello).Events() {
				if err != nil {
					b.Fatal(err)
				}
				if ev.Kind == model.EventText {
					n++
				}
			}
			return n
		})
	}
	b.Run("converse", func(b *testing.B) { run(b, newModel(b, claude, streamBytes(converse), nil)) })
	for format, p := range pieces {
		body := chunkFrame(p[0])
		for i := range benchDeltas {
			body = append(body, chunkFrame(strings.Replace(p[1], text, words(i), 1))...)
		}
		body = append(body, chunks(p[2:]...)...)
		b.Run(string(format), func(b *testing.B) { run(b, invoked(b, "x", format, streamBytes(body), nil)) })
	}
}
