package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/google/go-cmp/cmp"
)

func TestResponse(t *testing.T) {
	const usage = `{"inputTokens":13,"outputTokens":5,"serverToolUsage":{"n":1.0},"totalTokens":18}`
	for _, tt := range []struct {
		name, in string
		want     *wire.Response
		back     string // what AppendResponse gives, if not in
	}{
		{name: "nothing", in: `{}`, want: &wire.Response{}},
		{
			name: "text",
			in: `{"additionalModelResponseFields":{"z":1.0,"a":null},"metrics":{"latencyMs":3},"output":{"message":{"content":[{"text":"a"}],"role":"assistant"}},` +
				`"performanceConfig":{"latency":"standard"},"serviceTier":{"type":"default"},"stopReason":"end_turn","trace":{"guardrail":{}},"usage":` + usage + `}`,
			want: &wire.Response{
				AdditionalModelResponseFields: json.RawMessage(`{"z":1.0,"a":null}`),
				Message:                       &wire.Message{Role: "assistant", Content: []wire.ContentBlock{{Text: new("a")}}},
				StopReason:                    "end_turn",
				Metadata: wire.Metadata{
					Metrics:           &wire.Metrics{LatencyMs: 3},
					PerformanceConfig: &wire.PerformanceConfig{Latency: "standard"},
					ServiceTier:       &wire.ServiceTier{Type: "default"},
					Trace:             json.RawMessage(`{"guardrail":{}}`),
					Usage:             &wire.Usage{InputTokens: 13, OutputTokens: 5, TotalTokens: 18, Raw: json.RawMessage(usage)},
				},
			},
		},
		{
			name: "unknown things",
			in:   `{"new":1,"output":{"message":{"content":[{"hologram":{"x":[1.0]}},{"__type":"x","text":"a"}],"role":"assistant","new":1}}}`,
			want: &wire.Response{Message: &wire.Message{Role: "assistant", Content: []wire.ContentBlock{
				{Unknown: &wire.Unknown{Name: "hologram", Value: json.RawMessage(`{"x":[1.0]}`)}}, {Text: new("a")},
			}}},
			back: `{"output":{"message":{"content":[{"hologram":{"x":[1.0]}},{"text":"a"}],"role":"assistant"}}}`,
		},
		{
			name: "an unknown block among members that say nothing",
			in:   `{"output":{"message":{"content":[{"__type":"x","text":null,"new":null,"hologram":1.0,"second":2}],"role":"assistant"}}}`,
			want: &wire.Response{Message: &wire.Message{Role: "assistant", Content: []wire.ContentBlock{
				{Unknown: &wire.Unknown{Name: "hologram", Value: json.RawMessage(`1.0`)}},
			}}},
			back: `{"output":{"message":{"content":[{"hologram":1.0}],"role":"assistant"}}}`,
		},
		{name: "unknown output", in: `{"output":{"picture":{}}}`, want: &wire.Response{}, back: `{}`},
		{
			name: "a tool call with exact numbers",
			in:   `{"output":{"message":{"content":[{"toolUse":{"input":{"b":7006652.0, "a":12345678901234567890},"name":"f","toolUseId":"t","type":"tool_use"}}],"role":"assistant"}}}`,
			want: &wire.Response{Message: &wire.Message{Role: "assistant", Content: []wire.ContentBlock{
				{ToolUse: &wire.ToolUse{Input: json.RawMessage(`{"b":7006652.0, "a":12345678901234567890}`), Name: "f", ToolUseID: "t", Type: "tool_use"}},
			}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.ParseResponse([]byte(tt.in))
			if err != nil {
				t.Fatalf("ParseResponse: %v", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseResponse (-want +got):\n%s", diff)
			}
			back := tt.in
			if tt.back != "" {
				back = tt.back
			}
			if got := string(wire.AppendResponse(nil, tt.want)); got != back {
				t.Errorf("AppendResponse = %s\nwant %s", got, back)
			}
		})
	}
}

func TestParseResponseErrors(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"html", `<html>`, "invalid JSON: invalid character '<' looking for beginning of value"},
		{"content a map", `{"output":{"message":{"content":{}}}}`, "output.message.content: want an array, got an object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := wire.ParseResponse([]byte(tt.in))
			if err == nil || err.Error() != tt.want {
				t.Errorf("ParseResponse(%s): error %v, want %s", tt.in, err, tt.want)
			}
		})
	}
}

func TestCountTokensResponse(t *testing.T) {
	r, err := wire.ParseCountTokensResponse([]byte(`{"inputTokens": 375, "new": 1}`))
	if err != nil || r.InputTokens != 375 {
		t.Errorf("ParseCountTokensResponse = %+v, %v, want 375", r, err)
	}
	if got := string(wire.AppendCountTokensResponse(nil, r)); got != `{"inputTokens":375}` {
		t.Errorf("AppendCountTokensResponse = %s", got)
	}
	for _, in := range []string{`{}`, `{"inputTokens":null}`, `{"inputTokens":-1}`, `{"inputTokens":"1"}`, ``} {
		if r, err := wire.ParseCountTokensResponse([]byte(in)); err == nil {
			t.Errorf("ParseCountTokensResponse(%s) = %+v, want an error", in, r)
		}
	}
}

func TestParseCountTokensRequest(t *testing.T) {
	for _, tt := range []struct {
		name, in, strict string
		want             *wire.CountTokensRequest // of the lenient way
	}{
		{
			"converse", `{"input":{"converse":{"messages":[]}}}`, "",
			&wire.CountTokensRequest{Converse: &wire.Request{Messages: []wire.Message{}}},
		},
		{
			"a field of Converse only", `{"input":{"converse":{"inferenceConfig":{}}}}`, "input.converse.inferenceConfig: unknown member",
			&wire.CountTokensRequest{Converse: &wire.Request{}},
		},
		{"invokeModel", `{"input":{"invokeModel":{"body":"e30="}}}`, "", &wire.CountTokensRequest{InvokeModel: []byte("{}")}},
		{
			"unknown", `{"input":{"new":{}}}`, "input.new: unknown member",
			&wire.CountTokensRequest{Unknown: &wire.Unknown{Name: "new", Value: json.RawMessage("{}")}},
		},
		{"nothing", `{}`, "input: missing", &wire.CountTokensRequest{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := wire.ParseCountTokensRequest([]byte(tt.in), true)
			if (err == nil) != (tt.strict == "") || err != nil && err.Error() != tt.strict {
				t.Errorf("strict: error %v, want %q", err, tt.strict)
			}
			got, err := wire.ParseCountTokensRequest([]byte(tt.in), false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("lenient (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseError(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     wire.ErrorBody
	}{
		{"message", `{"message":"no"}`, wire.ErrorBody{Message: "no"}},
		{"Message", `{"Message":"no"}`, wire.ErrorBody{Message: "no"}},
		{"type", `{"__type":"com.amazon#ValidationException:http://x","message":"no"}`, wire.ErrorBody{Code: "ValidationException", Message: "no"}},
		{"code", `{"code":"ThrottlingException"}`, wire.ErrorBody{Code: "ThrottlingException"}},
		{
			"model error", `{"message":"m","originalMessage":"Overloaded","originalStatusCode":529,"resourceName":"r"}`,
			wire.ErrorBody{Message: "m", OriginalMessage: "Overloaded", OriginalStatusCode: 529, ResourceName: "r"},
		},
		{"wrong types", `{"message":{},"code":5,"originalStatusCode":"529"}`, wire.ErrorBody{}},
		{"null", `null`, wire.ErrorBody{}},
		{"html", `<html>`, wire.ErrorBody{}},
		{"empty", ``, wire.ErrorBody{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, wire.ParseError([]byte(tt.in))); diff != "" {
				t.Errorf("ParseError(%s) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestAppendError(t *testing.T) {
	e := wire.ErrorBody{Message: "m<", Code: "c", OriginalMessage: "o", OriginalStatusCode: 529, ResourceName: "r"}
	const want = `{"message":"m<","originalMessage":"o","originalStatusCode":529}`
	if got := string(wire.AppendError(nil, &e)); got != want {
		t.Errorf("AppendError = %s, want %s", got, want)
	}
	if got := string(wire.AppendError(nil, &wire.ErrorBody{})); got != `{"message":""}` {
		t.Errorf("AppendError of nothing = %s", got)
	}
}
