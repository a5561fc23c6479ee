package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// roundTrip is an HTTP client made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(req *http.Request) (*http.Response, error) { return f(req) }

// newModel returns a model whose requests go to client.
func newModel(t testing.TB, id string, client bedrockruntime.HTTPClient, options *bedrock.Options) *bedrock.Model {
	t.Helper()
	m, err := bedrock.New(newClient(client), id, options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// newClient returns an SDK client that does not depend on the environment and
// does not retry.
func newClient(client bedrockruntime.HTTPClient) *bedrockruntime.Client {
	return bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Credentials:          credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           client,
		Retryer:              aws.NopRetryer{},
	})
}

// play returns a client that gives the recorded answer of one exchange.
func play(x recordings.Exchange) roundTrip {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: x.Status,
			Header:     http.Header{"Content-Type": x.ResponseHeader["Content-Type"], "X-Amzn-Requestid": {"rid-1"}},
			Body:       io.NopCloser(bytes.NewReader(x.ResponseBody)),
		}, nil
	}
}

// operation splits the URL of an exchange into model id and operation.
func operation(t *testing.T, rawURL string) (modelID, op string) {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(u.EscapedPath(), "/")
	modelID, err = url.PathUnescape(parts[len(parts)-2])
	if err != nil {
		t.Fatal(err)
	}
	return modelID, parts[len(parts)-1]
}

var hello = &model.Request{Messages: []model.Message{model.User("Hello")}}

// TestRecordedAnswers decodes every recorded answer of the real service and
// compares it with the independent account of what it says.
func TestRecordedAnswers(t *testing.T) {
	for _, r := range recordedConversations(t) {
		for i, x := range r.cassette.Exchanges {
			id, op := operation(t, x.URL)
			t.Run(r.name, func(t *testing.T) {
				m := newModel(t, id, play(x), nil)
				switch want := r.expected[i]; op {
				case "converse":
					resp, err := m.Generate(context.Background(), hello)
					checkAnswer(t, resp, err, want)
				case "converse-stream":
					checkStream(t, m, want)
				case "count-tokens":
					checkCount(t, m, want)
				case "invoke", "invoke-with-response-stream":
					// these have tests of their own
				default:
					t.Fatalf("the recording holds an operation %q that this test does not know", op)
				}
			})
		}
	}
}

func checkStream(t *testing.T, m *bedrock.Model, want expected) {
	t.Helper()
	var texts, thoughts []string
	s := m.Stream(context.Background(), hello)
	for ev, err := range s.Events() {
		if err != nil {
			break
		}
		switch ev.Kind {
		case model.EventText:
			texts = append(texts, ev.Text)
		case model.EventThinking:
			thoughts = append(thoughts, ev.Text)
		}
	}
	resp, err := s.Response()
	checkAnswer(t, resp, err, want)
	if want.Error != nil {
		return
	}
	if diff := cmp.Diff(want.deltas(want.TextDeltas), want.deltas(texts)); diff != "" {
		t.Errorf("text deltas (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.deltas(want.ReasoningDeltas), want.deltas(thoughts)); diff != "" {
		t.Errorf("thinking deltas (-want +got):\n%s", diff)
	}

	// The same blocks in one piece give the same message.
	unary, err := newModel(t, m.ID(), play(recordings.Exchange{Status: 200, ResponseBody: unaryForm(t, want)}), nil).
		Generate(context.Background(), hello)
	if err != nil {
		t.Fatalf("the unary form: %v", err)
	}
	if diff := cmp.Diff(lines(t, unary), lines(t, resp)); diff != "" {
		t.Errorf("streamed and unary message (-unary +streamed):\n%s", diff)
	}
}

// nonEmpty leaves empty deltas out, which the account does not list.
func nonEmpty(all []string) []string {
	kept := []string{}
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// unaryForm writes the account of a streamed answer as Converse would have
// answered.
func unaryForm(t *testing.T, want expected) []byte {
	t.Helper()
	type object = map[string]any
	var content []object
	for _, b := range want.Blocks {
		switch b.Type {
		case "text":
			content = append(content, object{"text": b.Text})
		case "reasoning":
			text := object{"text": b.Text}
			if b.Signature != "" {
				text["signature"] = b.Signature
			}
			content = append(content, object{"reasoningContent": object{"reasoningText": text}})
		case "redacted_reasoning":
			content = append(content, object{"reasoningContent": object{"redactedContent": b.Data}})
		case "tool_call":
			content = append(content, object{"toolUse": object{"toolUseId": b.ID, "name": b.Name, "input": b.Input, "type": b.ToolType}})
		case "citations":
			content = append(content, object{"citationsContent": object{"content": []object{{"text": b.Text}}, "citations": b.Citations}})
		case "other":
			var raw struct {
				Start struct{ ToolResult object }
				Other []struct{ ToolResult json.RawMessage }
			}
			if err := json.Unmarshal(b.Raw, &raw); err != nil {
				t.Fatal(err)
			}
			raw.Start.ToolResult["content"] = raw.Other[0].ToolResult
			content = append(content, object{"toolResult": raw.Start.ToolResult})
		default:
			t.Fatalf("the account has a block of type %q, which this test does not know", b.Type)
		}
	}
	data, err := json.Marshal(object{
		"output":     object{"message": object{"role": "assistant", "content": content}},
		"stopReason": want.StopReason,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func lines(t *testing.T, resp *model.Response) []string {
	t.Helper()
	all := []string{}
	for _, p := range resp.Message.Parts {
		all = append(all, describe(t, p))
	}
	return all
}

func checkAnswer(t *testing.T, resp *model.Response, err error, want expected) {
	t.Helper()
	if want.Error != nil {
		checkError(t, err, want)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	blocks := []string{}
	for _, b := range want.Blocks {
		blocks = append(blocks, b.line(t))
	}
	if diff := cmp.Diff(blocks, lines(t, resp)); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if got := string(resp.StopReason); got != want.StopReason {
		t.Errorf("stop reason = %q, want %q", got, want.StopReason)
	}
	if got := resp.Latency; got != time.Duration(want.LatencyMS)*time.Millisecond {
		t.Errorf("latency = %v, want %d ms", got, want.LatencyMS)
	}
	if resp.RequestID != "rid-1" {
		t.Errorf("request id = %q, want that of the response's header", resp.RequestID)
	}
	checkUsage(t, resp.Usage, want.Usage)
	checkMetadata(t, bedrock.MetadataOf(resp), want)
}

func checkUsage(t *testing.T, got *model.Usage, want *expectedUsage) {
	t.Helper()
	if want == nil || got == nil {
		t.Fatalf("usage = %v, want %v", got, want)
	}
	neutral := model.Usage{
		Known:            true,
		InputTokens:      want.Input + want.CacheRead + want.CacheWrite,
		OutputTokens:     want.Output,
		CacheReadTokens:  want.CacheRead,
		CacheWriteTokens: want.CacheWrite,
	}
	for _, d := range want.CacheDetails {
		ttl, err := time.ParseDuration(d.TTL)
		if err != nil {
			t.Fatal(err)
		}
		neutral.CacheWrites = append(neutral.CacheWrites, model.CacheWrite{TTL: ttl, Tokens: d.InputTokens})
	}
	if diff := cmp.Diff(neutral, *got); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if got.Total() != want.Total {
		t.Errorf("total = %d, want the service's own %d", got.Total(), want.Total)
	}
}

func checkMetadata(t *testing.T, got *bedrock.ProviderMetadata, want expected) {
	t.Helper()
	if got == nil {
		t.Fatal("the response has no extra")
	}
	if want.Additional != nil && canonical(t, got.AdditionalFields) != canonical(t, want.Additional) {
		t.Errorf("additional fields = %s, want %s", got.AdditionalFields, want.Additional)
	}
	if want.Trace != nil {
		checkTrace(t, got, want.Trace)
	}
	if want.PerformanceConfig != nil && got.Latency != want.PerformanceConfig.Latency {
		t.Errorf("latency = %q, want %q", got.Latency, want.PerformanceConfig.Latency)
	}
	if want.ServiceTier != nil && got.ServiceTier != want.ServiceTier.Type {
		t.Errorf("service tier = %q, want %q", got.ServiceTier, want.ServiceTier.Type)
	}
}

func checkError(t *testing.T, err error, want expected) {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		t.Fatalf("error = %v, want a *model.Error", err)
	}
	if e.Message != want.Error.Message || e.Status != want.Status || e.Provider != "bedrock" {
		t.Errorf("error = %q with status %d of %q, want %q with status %d of bedrock", e.Message, e.Status, e.Provider, want.Error.Message, want.Status)
	}
	if model.Retryable(err) {
		t.Errorf("the error %v counts as retryable", err)
	}
}

func checkCount(t *testing.T, m *bedrock.Model, want expected) {
	t.Helper()
	n, err := m.CountTokens(context.Background(), hello)
	if want.Error != nil {
		checkError(t, err, want)
		return
	}
	if err != nil || n != want.InputTokens {
		t.Errorf("CountTokens = %d, %v, want %d", n, err, want.InputTokens)
	}
}

// checkTrace compares the raw trace, and of the typed one what every guardrail
// trace has.
func checkTrace(t *testing.T, got *bedrock.ProviderMetadata, want json.RawMessage) {
	t.Helper()
	if canonical(t, got.Trace) != canonical(t, want) {
		t.Errorf("trace = %s, want %s", got.Trace, want)
	}
	var raw struct {
		Guardrail *struct {
			ActionReason    *string
			InputAssessment map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(want, &raw); err != nil || raw.Guardrail == nil {
		return
	}
	typed, err := got.GuardrailTrace()
	if err != nil || typed == nil {
		t.Fatalf("GuardrailTrace() = %v, %v", typed, err)
	}
	if !cmp.Equal(typed.ActionReason, raw.Guardrail.ActionReason) || len(typed.InputAssessment) != len(raw.Guardrail.InputAssessment) {
		t.Errorf("typed trace: reason %v and %d input assessments, want %v and %d",
			typed.ActionReason, len(typed.InputAssessment), raw.Guardrail.ActionReason, len(raw.Guardrail.InputAssessment))
	}
}
