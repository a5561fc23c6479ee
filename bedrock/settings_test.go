package bedrock_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestUnprintableSettings checks that unprintable settings are reported as the
// caller's mistake at each door, and that nothing is sent.
func TestUnprintableSettings(t *testing.T) {
	settings := map[string]func(x *bedrock.ProviderOptions, s string){
		"guardrail.id":            func(x *bedrock.ProviderOptions, s string) { x.Guardrail.ID = s },
		"guardrail.version":       func(x *bedrock.ProviderOptions, s string) { x.Guardrail.Version = s },
		"guardrail.trace":         func(x *bedrock.ProviderOptions, s string) { x.Guardrail.Trace = s },
		"guardrail.stream_mode":   func(x *bedrock.ProviderOptions, s string) { x.Guardrail.StreamMode = s },
		"latency":                 func(x *bedrock.ProviderOptions, s string) { x.Latency = s },
		"service_tier":            func(x *bedrock.ProviderOptions, s string) { x.ServiceTier = s },
		"output_effort":           func(x *bedrock.ProviderOptions, s string) { x.OutputEffort = s },
		"metadata":                func(x *bedrock.ProviderOptions, s string) { x.Metadata = map[string]string{s: "v"} },
		`metadata["k"]`:           func(x *bedrock.ProviderOptions, s string) { x.Metadata = map[string]string{"k": s} },
		"response_field_paths[0]": func(x *bedrock.ProviderOptions, s string) { x.ResponseFieldPaths = []string{s} },
	}
	nothing := roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("something was sent")
		return nil, errors.New("no")
	})
	doors := map[string]*bedrock.Model{"converse": newModel(t, claude, nothing, nil), "invoke": invoked(t, claude, "", nothing, nil)}
	for field, set := range settings {
		for _, s := range []string{"a\nb", "a\rX-Amz-Other: b", "a\x00", "\x7f", "\u0085", "a\tb", "\xff"} {
			x := &bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}}
			set(x, s)
			req := &model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{x}}
			for door, m := range doors {
				_, err := m.Generate(t.Context(), req)
				_, streamed := m.Stream(t.Context(), req).Response()
				for op, err := range map[string]error{"generate": err, "stream": streamed} {
					e := asError(t, err)
					if e.Kind != model.ErrInvalidRequest || model.Retryable(err) || e.Op != op || !strings.Contains(e.Message, "provider_options."+field+": ") {
						t.Errorf("%s of %q over %s, %s: %v, want an invalid request that names it", field, s, door, op, err)
					}
				}
			}
		}
	}
}

// TestAdditionalFieldsBesideTheRequest checks who wins where the additional
// fields and the request set the same: a null erases nothing that was asked for,
// and what gives way to another value is warned of.
func TestAdditionalFieldsBesideTheRequest(t *testing.T) {
	for _, tt := range []struct {
		fields, converse, invoke string // members that must be in the body
		warned                   string // fields that are dropped over invoke
	}{
		{`{"thinking":null,"output_config":null}`, `"output_config":{"effort":"high"}`, `"output_config":{"effort":"high"}`, ""},
		{`{"output_config":{"effort":null}}`, `"output_config":{"effort":null}`, `"output_config":{"effort":"high"}`, ""},
		{`{"thinking":null,"x":1,"output_config":null,"y":null}`, `{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"x":1,"y":null}`, `"x":1,"y":null}`, ""},
		{`{"output_config":{"effort":"low"}}`, `"output_config":{"effort":"low"}`, `"output_config":{"effort":"low"}`, "provider_options.output_effort thinking.effort"},
		{`{"output_config":7}`, `"output_config":7`, `"output_config":7`, "provider_options.output_effort thinking.effort"},
		{`{"tools":null}`, `"toolSpec":`, `"tools":[{"name":"weather"`, ""},
	} {
		req := withWeather(user(model.Text("Hi")))
		req.Thinking = &model.ThinkingConfig{Effort: "high"}
		req.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{OutputEffort: "medium", AdditionalFields: json.RawMessage(tt.fields)}}
		for format, want := range map[bedrock.Format]string{bedrock.FormatConverse: tt.converse, bedrock.FormatAnthropic: tt.invoke} {
			c, err := bedrock.NewCodec(claude46, &bedrock.Options{Format: format})
			if err != nil {
				t.Fatal(err)
			}
			body, err := c.Encode(&req)
			if err != nil {
				t.Fatalf("%s: %v", tt.fields, err)
			}
			if !strings.Contains(string(body.JSON), want) {
				t.Errorf("%s: the body of %q is %s, want %s in it", tt.fields, format, body.JSON, want)
			}
			if format == bedrock.FormatConverse {
				continue
			}
			var warned []string
			for _, w := range body.Warnings {
				warned = append(warned, w.Field)
			}
			if got := strings.Join(warned, " "); got != tt.warned {
				t.Errorf("%s: warned of %q, want %q", tt.fields, got, tt.warned)
			}
		}
	}
}

// TestOptionsOfOpen checks that options take the place of the environment.
func TestOptionsOfOpen(t *testing.T) {
	rec := &recorder{}
	srv := httptest.NewServer(rec)
	t.Cleanup(srv.Close)
	dir := isolate(t)
	write(t, dir, "config", "[profile there]\nregion = eu-central-1\n[profile nowhere]\noutput = json\n")
	write(t, dir, "credentials", "[there]\naws_access_key_id = AKIDTHERE\naws_secret_access_key = x\n[nowhere]\naws_access_key_id = AKIDNOWHERE\naws_secret_access_key = x\n")
	for _, tt := range []struct {
		options bedrock.Options
		env     string // AWS_REGION
		signed  string // a part of what requests are signed with; empty: an error
		says    string
	}{
		{bedrock.Options{Region: "us-west-2", Profile: "there"}, "", "Credential=AKIDTHERE/DATE/us-west-2/bedrock/", ""},
		{bedrock.Options{Region: "us-west-2", Profile: "there"}, "ap-south-1", "Credential=AKIDTHERE/DATE/us-west-2/bedrock/", ""},
		{bedrock.Options{Profile: "there"}, "", "Credential=AKIDTHERE/DATE/eu-central-1/bedrock/", ""},
		{bedrock.Options{Profile: "nowhere", Region: "us-east-1"}, "", "Credential=AKIDNOWHERE/DATE/us-east-1/bedrock/", ""},
		{bedrock.Options{Profile: "nowhere"}, "", "", "Options.Region"},
		{bedrock.Options{Profile: "nobody"}, "us-east-1", "", "Options.Profile"},
		{bedrock.Options{Region: "us west", Profile: "there"}, "us-east-1", "", `"us west" is not an AWS region`},
	} {
		t.Setenv("AWS_REGION", tt.env)
		t.Setenv("AWS_ENDPOINT_URL", "")
		if tt.signed != "" {
			t.Setenv("AWS_ENDPOINT_URL", srv.URL)
		}
		m, err := bedrock.Open(t.Context(), claude, &tt.options)
		invoke, errInvoke := bedrock.OpenInvoke(t.Context(), claude, "", &tt.options)
		if tt.signed == "" {
			for _, err := range []error{err, errInvoke} {
				if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("Open(%v) = %v, want an invalid request that says %s", tt.options, err, tt.says)
				}
			}
			continue
		}
		if err != nil || errInvoke != nil {
			t.Errorf("Open(%v): %v, %v", tt.options, err, errInvoke)
			continue
		}
		for _, m := range []*bedrock.Model{m, invoke} {
			m.Generate(t.Context(), hello)
			got := regexp.MustCompile(`/\d{8}/`).ReplaceAllString(rec.requests[len(rec.requests)-1].authorization, "/DATE/")
			if !strings.Contains(got, tt.signed) {
				t.Errorf("Open(%v) signs with %s, want %s", tt.options, got, tt.signed)
			}
		}
	}
	for _, options := range []bedrock.Options{{Region: "us-east-1"}, {Profile: "there"}} {
		_, err := bedrock.New(newClient(nil), claude, &options)
		_, errInvoke := bedrock.NewInvoke(newClient(nil), claude, "", &options)
		for _, err := range []error{err, errInvoke} {
			if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), "for Open") {
				t.Errorf("New(%v) = %v, want an invalid request: the client has what they say", options, err)
			}
		}
	}
}

// TestOverflows checks the words of each maker for a conversation that is too
// long, as quoted in public reports, on each way that a refusal can arrive.
func TestOverflows(t *testing.T) {
	for _, text := range []string{
		"Input is too long for requested model.",
		"The model returned the following errors: Input is too long for requested model.",
		"The model returned the following errors: prompt is too long: 200082 tokens > 200000 maximum",
		"The model returned the following errors: input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000, decrease input length or `max_tokens` and try again",
		"Too many input tokens. Max input tokens: 128000, request input token count: 130000 ",
		"The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.",
		"Your input exceeds the context window of this model. Please adjust your input and try again.",
		"This model's maximum context length is 131072 tokens. However, you requested 1008004 tokens (1000004 in the messages, 8000 in the completion). Please reduce the length of the messages or completion.",
		"This model's maximum context length is 8192 tokens. Please reduce the length of the prompt",
		"The model returned the following errors: This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
		"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
		"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.",
		"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
		"Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)",
		"invalid params, context window exceeds limit (2013)",
		"Range of input length should be [1, 258048]",
		"The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
		"Input length 9000 exceeds the maximum input length of 8192 tokens",
		"too many total text bytes: 30000000 > 20000000",
	} {
		quote := strings.ReplaceAll(text, `"`, `\"`)
		ways := map[string]*bedrock.Model{
			"validation":     newModel(t, claude, respond(400, strings.NewReader(`{"message":"`+quote+`"}`), "X-Amzn-Errortype", "ValidationException"), nil),
			"without a name": newModel(t, claude, respond(400, strings.NewReader(`{"message":"`+quote+`"}`)), nil),
			"model error":    newModel(t, claude, respond(424, strings.NewReader(`{"message":"`+quote+`"}`), "X-Amzn-Errortype", "ModelErrorException"), nil),
			"body":           invoked(t, claude, "", respond(200, strings.NewReader(`{"type":"error","error":{"type":"invalid_request_error","message":"`+quote+`"}}`)), nil),
			"body, OpenAI":   invoked(t, "x", bedrock.FormatOpenAI, respond(200, strings.NewReader(`{"error":"`+quote+`"}`)), nil),
		}
		for way, m := range ways {
			if _, err := m.Generate(t.Context(), hello); !errors.Is(err, model.ErrContextOverflow) || model.Retryable(err) {
				t.Errorf("%q by %s: %v, want a context overflow", text, way, err)
			}
		}
		for name, frame := range map[string][]byte{"validation": exception("validationException", `{"message":"`+quote+`"}`), "model": exception("modelStreamErrorException", `{"message":"`+quote+`"}`)} {
			if _, err := newModel(t, claude, streamBytes(frame), nil).Stream(t.Context(), hello).Response(); !errors.Is(err, model.ErrContextOverflow) {
				t.Errorf("%q by an exception of %s: %v, want a context overflow", text, name, err)
			}
		}
	}
	for _, text := range []string{
		"The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000.",
		"max_tokens: 999999 > 128000, which is the maximum allowed number of output tokens for anthropic.claude-sonnet-5",
		"Too many tokens, please wait before trying again.",
		"messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6096280 bytes > 5242880 bytes",
		"1 validation error detected: Value 'x' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must have length less than or equal to 64",
	} {
		m := newModel(t, claude, respond(400, strings.NewReader(`{"message":"`+text+`"}`), "X-Amzn-Errortype", "ValidationException"), nil)
		if _, err := m.Generate(t.Context(), hello); model.KindOf(err) != model.ErrInvalidRequest {
			t.Errorf("%q: %v, want an invalid request", text, err)
		}
	}
}
