package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	sdkstream "github.com/aws/smithy-go/eventstream"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// invokeExchange is a recorded exchange of InvokeModel and what an independent
// account says of its answer.
type invokeExchange struct {
	name string
	recordings.Exchange
	modelID string
	stream  bool
	want    expected
}

// recordedInvocations loads the conversations over InvokeModel.
func recordedInvocations(t *testing.T) (all [][]invokeExchange) {
	t.Helper()
	for _, r := range recordedConversations(t) {
		var turns []invokeExchange
		for i, x := range r.cassette.Exchanges {
			id, op := operation(t, x.URL)
			if strings.HasPrefix(op, "invoke") {
				turns = append(turns, invokeExchange{r.name, x, id, op == "invoke-with-response-stream", r.expected[i]})
			}
		}
		if len(turns) > 0 {
			all = append(all, turns)
		}
	}
	if len(all) == 0 {
		t.Fatal("no recording is of InvokeModel")
	}
	return all
}

// formatOf tells the format of a recorded body.
func formatOf(body []byte) bedrock.Format {
	if strings.Contains(string(body), `"anthropic_version"`) {
		return bedrock.FormatAnthropic
	}
	return bedrock.FormatOpenAI
}

func askInvoke(m *bedrock.Model, req *model.Request, stream bool) (*model.Response, error) {
	if stream {
		return m.Stream(context.Background(), req).Response()
	}
	return m.Generate(context.Background(), req)
}

// TestRecordedInvocations decodes every recorded answer of InvokeModel and
// compares it with the independent account.
func TestRecordedInvocations(t *testing.T) {
	for _, turns := range recordedInvocations(t) {
		for _, x := range turns {
			t.Run(x.name, func(t *testing.T) {
				m := invoked(t, x.modelID, formatOf(x.RequestBody), play(x.Exchange), nil)
				if x.stream && x.want.Error == nil {
					var texts []string
					for ev, err := range m.Stream(context.Background(), hello).Events() {
						if err != nil {
							t.Fatal(err)
						}
						if ev.Kind == model.EventText {
							texts = append(texts, ev.Text)
						}
					}
					if diff := cmp.Diff(x.want.TextDeltas, nonEmpty(texts)); diff != "" {
						t.Errorf("text deltas (-want +got):\n%s", diff)
					}
				}
				resp, err := askInvoke(m, hello, x.stream)
				if err == nil {
					checkLatency(t, x, resp)
				}
				checkAnswer(t, resp, err, x.want)
			})
		}
	}
}

// checkLatency checks the latency, of which the account says nothing, against
// the recorded metrics, and takes it out of the response.
func checkLatency(t *testing.T, x invokeExchange, resp *model.Response) {
	t.Helper()
	want := time.Duration(0) // the recordings have no headers
	if x.stream {
		want = lastMetrics(t, x.ResponseBody)
	}
	if resp.Latency != want {
		t.Errorf("latency = %v, want %v", resp.Latency, want)
	}
	resp.Latency = time.Duration(x.want.LatencyMS) * time.Millisecond
}

// TestRecordedInvokeRequests decodes every recorded request to its neutral form
// and sends that again. The body must be the recorded one, as JSON values.
func TestRecordedInvokeRequests(t *testing.T) {
	for _, turns := range recordedInvocations(t) {
		for _, x := range turns {
			t.Run(x.name, func(t *testing.T) {
				req, err := bedrocktest.DecodeInvoke(formatOf(x.RequestBody), x.RequestBody)
				if err != nil {
					t.Fatal(err)
				}
				got := sentInvoke(t, x, req)
				if diff := cmp.Diff(jsonValue(t, x.RequestBody), jsonValue(t, got)); diff != "" {
					t.Errorf("request (-recorded +sent):\n%s", diff)
				}
			})
		}
	}
}

// sentInvoke returns the body that is sent for a request.
func sentInvoke(t *testing.T, x invokeExchange, req *model.Request) []byte {
	t.Helper()
	var body []byte
	m := invoked(t, x.modelID, formatOf(x.RequestBody), func(r *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(r.Body)
		return &http.Response{StatusCode: 418, Body: http.NoBody}, nil
	}, nil)
	if _, err := askInvoke(m, req, x.stream); body == nil {
		t.Fatalf("nothing was sent: %v", err)
	}
	return body
}

// TestRecordedInvokeConversations continues from our own answer to the first
// recorded request. The second request must be the recorded one.
func TestRecordedInvokeConversations(t *testing.T) {
	continued := 0
	for _, turns := range recordedInvocations(t) {
		for i := 1; i < len(turns); i++ {
			before, after := turns[i-1], turns[i]
			first, err := bedrocktest.DecodeInvoke(formatOf(before.RequestBody), before.RequestBody)
			if err != nil {
				t.Fatal(err)
			}
			second, err := bedrocktest.DecodeInvoke(formatOf(after.RequestBody), after.RequestBody)
			if err != nil {
				t.Fatal(err)
			}
			rest, ok := continues(first.Messages, second.Messages)
			if !ok {
				continue
			}
			continued++
			t.Run(before.name, func(t *testing.T) {
				resp, err := askInvoke(invoked(t, before.modelID, formatOf(before.RequestBody), play(before.Exchange), nil), first, before.stream)
				if err != nil {
					t.Fatal(err)
				}
				second.Messages = append(append(first.Messages, resp.Message), rest...)
				if diff := cmp.Diff(jsonValue(t, after.RequestBody), jsonValue(t, sentInvoke(t, after, second))); diff != "" {
					t.Errorf("second request (-recorded +sent):\n%s", diff)
				}
			})
		}
	}
	if continued == 0 {
		t.Error("no recorded conversation goes on after its first turn")
	}
}

// lastMetrics reads the service's measurements out of a stream by the SDK's
// decoder.
func lastMetrics(t *testing.T, body []byte) time.Duration {
	t.Helper()
	var last struct {
		Metrics struct {
			InvocationLatency int64 `json:"invocationLatency"`
		} `json:"amazon-bedrock-invocationMetrics"`
	}
	for _, payload := range sdkPayloads(t, body) {
		var chunk struct{ Bytes []byte }
		if err := json.Unmarshal(payload, &chunk); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(chunk.Bytes, &last); err != nil {
			t.Fatal(err)
		}
	}
	return time.Duration(last.Metrics.InvocationLatency) * time.Millisecond
}

// sdkPayloads returns the payloads of a stream's frames.
func sdkPayloads(t *testing.T, body []byte) (all [][]byte) {
	t.Helper()
	r, d := bytes.NewReader(body), sdkstream.NewDecoder()
	for {
		m, err := d.Decode(r, nil)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m.Payload)
	}
}
