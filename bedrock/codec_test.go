package bedrock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestCodecIsGenerate compares a codec with a call: the bytes that are sent,
// and the answer that is made of what comes back.
func TestCodecIsGenerate(t *testing.T) {
	tool := model.Tool{Name: "look", InputSchema: json.RawMessage("{\"type\":\"object\",\n\"properties\":{\"n\":{\"type\":\"integer\"}}}")}
	for _, tc := range []struct {
		name, id string
		format   bedrock.Format
		req      *model.Request
		answer   fake.Turn
	}{
		{"converse", "anthropic.claude-3-haiku-20240307-v1:0", bedrock.FormatConverse,
			&model.Request{Messages: []model.Message{model.System("Be brief."), model.User("Hi")}, MaxTokens: 64, TopK: 5},
			fake.Text("Hello")},
		{"tools over invoke", "anthropic.claude-3-haiku-20240307-v1:0", bedrock.FormatAuto,
			&model.Request{Messages: []model.Message{model.User("Look")}, Tools: []model.Tool{tool}, MaxTokens: 64},
			fake.Calls(model.ToolCall{ID: "toolu_1", Name: "look", Input: json.RawMessage(`{"n":12345678901234567890}`)})},
		{"warned", "us.anthropic.claude-opus-4-7", bedrock.FormatConverse,
			&model.Request{Messages: []model.Message{model.User("Hi")}, MaxTokens: 64, Temperature: new(0.5)},
			fake.Text("Hello")},
		{"openai", "openai.gpt-oss-20b-1:0", bedrock.FormatAuto,
			&model.Request{Messages: []model.Message{model.User("Hi")}, MaxTokens: 64}, fake.Text("Hello")},
		{"prompt", "us.deepseek.r1-v1:0", bedrock.FormatAuto,
			&model.Request{Messages: []model.Message{model.User("Hi")}, MaxTokens: 64}, fake.Text("Hello")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := bedrocktest.InMemory(fake.New(tc.answer), nil)
			var answered []byte
			options := &bedrock.Options{Format: tc.format}
			inner := server.HTTPClient().Transport
			keep := transport(func(r *http.Request) (*http.Response, error) {
				resp, err := inner.RoundTrip(r)
				if err == nil {
					answered, err = io.ReadAll(resp.Body)
					resp.Body = io.NopCloser(bytes.NewReader(answered))
				}
				return resp, err
			})
			m, err := bedrock.New(server.Client(func(o *bedrockruntime.Options) { o.HTTPClient = &http.Client{Transport: keep} }), tc.id, options)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.Generate(t.Context(), tc.req)
			if err != nil {
				t.Fatal(err)
			}
			codec, err := bedrock.NewCodec(tc.id, options)
			if err != nil {
				t.Fatal(err)
			}
			body, err := codec.Encode(tc.req)
			if err != nil {
				t.Fatal(err)
			}
			sent := strings.NewReplacer("\n", " ").Replace(string(server.Calls()[0].Body))
			if diff := cmp.Diff(sent, string(body.JSON)); diff != "" {
				t.Errorf("the body is not what is sent:\n%s", diff)
			}
			got, err := codec.Decode(body, answered)
			if err != nil {
				t.Fatal(err)
			}
			if tc.name == "prompt" { // this model counts in headers alone
				want.Usage = &model.Usage{}
			}
			inHeaders := cmpopts.IgnoreFields(model.Response{}, "RequestID", "Latency")
			if diff := cmp.Diff(want, got, inHeaders, cmpopts.IgnoreFields(bedrock.ProviderMetadata{}, "Latency", "ServiceTier")); diff != "" {
				t.Errorf("the answer is not that of a call:\n%s", diff)
			}
		})
	}
}

func TestCodecRefusesHeaders(t *testing.T) {
	codec, err := bedrock.NewCodec("anthropic.claude-3-haiku-20240307-v1:0", (*bedrock.Options)(nil).WithFormat(bedrock.FormatAnthropic))
	if err != nil {
		t.Fatal(err)
	}
	if f := codec.Format(); f != bedrock.FormatAnthropic {
		t.Errorf("the format is %q", f)
	}
	req := &model.Request{Messages: []model.Message{model.User("Hi")}, ProviderOptions: []model.ProviderOptions{
		&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}, ServiceTier: "flex"}}}
	_, err = codec.Encode(req)
	if !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), "provider_options.guardrail, provider_options.service_tier") {
		t.Errorf("got %v", err)
	}
	if _, err := codec.Encode(&model.Request{}); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("an empty request: %v", err)
	}
}

func TestCodecFailures(t *testing.T) {
	codec, err := bedrock.NewCodec("anthropic.claude-3-haiku-20240307-v1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		status        int
		code, message string
		want          model.ErrorKind
	}{
		{429, "", "Too many requests, please wait before trying again.", model.ErrThrottled},
		{400, "", "Input is too long for requested model.", model.ErrContextOverflow},
		{400, "ValidationException", "bad request", model.ErrInvalidRequest},
		{500, "", "", model.ErrProvider},
		{0, "ModelTimeoutException", "late", model.ErrTimeout},
	} {
		e := codec.Failure("batch", tc.status, tc.code, tc.message)
		if e.Kind != tc.want || e.Op != "batch" || e.Provider != bedrock.Provider || e.Status != tc.status || e.Message == "" {
			t.Errorf("%d %s %q: %+v", tc.status, tc.code, tc.message, e)
		}
	}
	if _, err := codec.Decode(nil, []byte(`{"output":`)); !errors.Is(err, model.ErrTruncated) {
		t.Errorf("a cut answer: %v", err)
	}
	if _, err := bedrock.NewCodec("", nil); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("no model: %v", err)
	}
}
