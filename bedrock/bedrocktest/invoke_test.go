package bedrocktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// told is an answer with every kind of part that both formats have a place for.
var told = []model.Part{
	model.Thinking{Text: "hm", Signature: "sig", Provider: bedrock.Provider},
	model.Text("Olá <b>!"),
	model.ToolCall{ID: "t1", Name: "w", Input: json.RawMessage(`{"n":2.50}`)},
}

// TestInvoke calls InvokeModel and checks that it answers what the script says,
// in one piece and as a stream.
func TestInvoke(t *testing.T) {
	untold := told[0].(model.Thinking)
	untold.Signature = "" // OpenAI's format has none
	tests := []struct {
		modelID string
		want    []model.Part
	}{
		{sonnet45, told},
		{gptOSS, []model.Part{untold, told[1], told[2]}},
		{"qwen.qwen3-32b-v1:0", []model.Part{untold, told[1], told[2]}},
	}
	req := &model.Request{MaxTokens: 100, TopP: new(0.5), StopSequences: []string{"END"}, Messages: []model.Message{model.System("s"), model.User("Hi")},
		Tools:           []model.Tool{{Name: "w", InputSchema: json.RawMessage(`{"type":"object"}`)}},
		ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g1", Version: "1", Trace: "enabled"}, Latency: "optimized", ServiceTier: "flex", Metadata: map[string]string{"a": "b"}}}}
	for _, tt := range tests {
		t.Run(tt.modelID, func(t *testing.T) {
			turn := fake.Reply(told...).Usage(&model.Usage{Known: true, InputTokens: 7, OutputTokens: 3})
			s := bedrocktest.InMemory(fake.New(turn, turn), &bedrocktest.Options{KeepSignatures: true})
			m, err := bedrock.New(s.Client(), tt.modelID, &bedrock.Options{Format: bedrock.FormatAuto})
			if err != nil {
				t.Fatal(err)
			}
			for op, ask := range map[string]func() (*model.Response, error){
				"InvokeModel":                   func() (*model.Response, error) { return m.Generate(context.Background(), req) },
				"InvokeModelWithResponseStream": func() (*model.Response, error) { return m.Stream(context.Background(), req).Response() },
			} {
				resp, err := ask()
				if err != nil {
					t.Fatalf("%s: %v", op, err)
				}
				if diff := cmp.Diff(namedBy(tt.modelID, tt.want), resp.Message.Parts); diff != "" {
					t.Errorf("%s: parts (-want +got):\n%s", op, diff)
				}
				if resp.StopReason != model.StopToolUse || !cmp.Equal(resp.Usage, &model.Usage{Known: true, InputTokens: 7, OutputTokens: 3}) || resp.Latency == 0 {
					t.Errorf("%s: stop reason %q, usage %v, latency %v, want tool_use, 7 and 3, and some", op, resp.StopReason, resp.Usage, resp.Latency)
				}
				calls := s.Calls()
				last := calls[len(calls)-1]
				if diff := cmp.Diff(req, last.Request); last.Operation != op || diff != "" {
					t.Errorf("%s: the server saw %s (-sent +seen):\n%s", op, last.Operation, diff)
				}
			}
		})
	}
}

// TestInvokeSDK reads the same with the SDK's own client.
func TestInvokeSDK(t *testing.T) {
	turn := fake.Reply(model.Text("Hello.")).Usage(&model.Usage{Known: true, InputTokens: 7, OutputTokens: 3})
	s := bedrocktest.InMemory(fake.New(turn, turn), nil)
	body := []byte(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}`)
	out, err := s.Client().InvokeModel(context.Background(), &bedrockruntime.InvokeModelInput{ModelId: aws.String(sonnet45), Body: body, ContentType: aws.String("application/json")})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out.Body), `"content":[{"type":"text","text":"Hello."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,`) {
		t.Errorf("body = %s", out.Body)
	}
	stream, err := s.Client().InvokeModelWithResponseStream(context.Background(), &bedrockruntime.InvokeModelWithResponseStreamInput{ModelId: aws.String(sonnet45), Body: body, ContentType: aws.String("application/json")})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.GetStream().Close()
	var kinds []string
	for ev := range stream.GetStream().Events() {
		var v struct{ Type string }
		if err := json.Unmarshal(ev.(*types.ResponseStreamMemberChunk).Value.Bytes, &v); err != nil {
			t.Fatal(err)
		}
		if n := len(kinds); n == 0 || kinds[n-1] != v.Type {
			kinds = append(kinds, v.Type)
		}
	}
	want := []string{"message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestInvokeFaults applies the faults of the server to both formats.
func TestInvokeFaults(t *testing.T) {
	for _, id := range []string{sonnet45, gptOSS} {
		s := bedrocktest.InMemory(fake.New(fake.Text("Hello.").Always()), nil)
		m, err := bedrock.New(s.Client(func(o *bedrockruntime.Options) { o.Retryer = aws.NopRetryer{} }), id, &bedrock.Options{Format: bedrock.FormatAuto})
		if err != nil {
			t.Fatal(err)
		}
		req := &model.Request{MaxTokens: 50, Messages: []model.Message{model.User("Hi")}}
		s.Inject(bedrocktest.Cut(300, bedrocktest.Clean))
		if _, err := m.Stream(context.Background(), req).Response(); !errors.Is(err, model.ErrTruncated) {
			t.Errorf("%s: a cut stream = %v, want truncated", id, err)
		}
		s.Inject(bedrocktest.Throttle())
		if _, err := m.Generate(context.Background(), req); !errors.Is(err, model.ErrThrottled) {
			t.Errorf("%s: a throttled call = %v, want throttled", id, err)
		}
		if resp, err := m.Generate(context.Background(), req); err != nil || resp.Text() != "Hello." {
			t.Errorf("%s: after the faults = %v, %v, want Hello.", id, resp, err)
		}
	}
}

// TestInvokeRefused checks that the error says what is wrong with a body.
func TestInvokeRefused(t *testing.T) {
	s := memory(always("x"), nil)
	for _, body := range []string{``, `{`, `[]`, `{}`, `{"prompt":"x"}`, `{"messages":5}`, `{"messages":[{"role":"user","content":5}]}`} {
		a := post(t, s, gptOSS, "invoke", body)
		code, message := a.failure(t)
		if a.status != 400 || !strings.HasPrefix(code, "ValidationException") || !strings.HasPrefix(message, "Malformed input request") {
			t.Errorf("%s = %d %s %q, want a ValidationException", body, a.status, code, message)
		}
	}
	if _, err := bedrocktest.DecodeInvoke(bedrock.FormatLlama3, nil); err == nil {
		t.Error("a prompt is decoded, want an error")
	}
}

func FuzzDecodeInvoke(f *testing.F) {
	f.Add([]byte(`{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"Hi"}],"x":1}`))
	f.Add([]byte(`{"messages":[{"role":"tool","tool_call_id":"1","content":[{"type":"text","text":"x"}]}],"stop":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, format := range []bedrock.Format{bedrock.FormatAnthropic, bedrock.FormatOpenAI} {
			before := bytes.Clone(body)
			bedrocktest.DecodeInvoke(format, body)
			if !bytes.Equal(before, body) {
				t.Error("the body was changed")
			}
		}
	})
}

// namedBy returns parts whose thinking names the model that made it.
func namedBy(modelID string, parts []model.Part) []model.Part {
	named := slices.Clone(parts)
	for i, p := range named {
		if t, ok := p.(model.Thinking); ok {
			t.Model = strings.TrimPrefix(modelID, "us.")
			named[i] = t
		}
	}
	return named
}
