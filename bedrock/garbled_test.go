package bedrock_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A counted format is an answer "Hi" whose counters can be written in any way:
// a body, and the frames of a stream. $IN and $OUT stand for the counters, $IDX for
// a block's index.
type countedFormat struct {
	open   func(t *testing.T, client roundTrip) *bedrock.Model
	body   string
	stream []string
	chunks bool // the stream's frames are chunks
}

func overInvoke(id string, format bedrock.Format) func(t *testing.T, client roundTrip) *bedrock.Model {
	return func(t *testing.T, client roundTrip) *bedrock.Model { return invoked(t, id, format, client, nil) }
}

var countedFormats = map[string]countedFormat{
	"converse": {
		func(t *testing.T, client roundTrip) *bedrock.Model { return newModel(t, claude, client, nil) },
		`{"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":"Hi"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":$IN,"outputTokens":$OUT,"totalTokens":$OUT}}`,
		[]string{`contentBlockDelta {"contentBlockIndex":$IDX,"delta":{"text":"Hi"}}`, `messageStop {"stopReason":"end_turn"}`, `metadata {"metrics":{"latencyMs":7},"usage":{"inputTokens":$IN,"outputTokens":$OUT,"totalTokens":$OUT}}`}, false},
	"anthropic": {overInvoke(claude, ""),
		`{"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":$IN,"output_tokens":$OUT,"cache_creation":{"ephemeral_5m_input_tokens":0.0}}}`,
		[]string{`{"type":"message_start","message":{"usage":{"input_tokens":$IN,"output_tokens":1.0}}}`, `{"type":"content_block_delta","index":$IDX,"delta":{"type":"text_delta","text":"Hi"}}`,
			`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":$OUT}}`, `{"type":"message_stop"}`}, true},
	"openai": {overInvoke("x", bedrock.FormatOpenAI),
		`{"choices":[{"index":$IDX,"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":$IN,"completion_tokens":$OUT}}`,
		[]string{`{"choices":[{"index":$IDX,"delta":{"content":"Hi"}}]}`, `{"choices":[{"index":$IDX,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":$IN,"completion_tokens":$OUT}}`}, true},
	"llama": {overInvoke("x", bedrock.FormatLlama3),
		`{"generation":"Hi","stop_reason":"stop","prompt_token_count":$IN,"generation_token_count":$OUT}`,
		[]string{`{"generation":"H","prompt_token_count":$IN,"generation_token_count":1.0,"stop_reason":null}`, `{"generation":"i","prompt_token_count":null,"generation_token_count":$OUT,"stop_reason":"stop"}`}, true},
	"titan": {overInvoke("x", bedrock.FormatTitan),
		`{"inputTextTokenCount":$IN,"results":[{"tokenCount":$OUT,"outputText":"Hi","completionReason":"FINISH"}]}`,
		[]string{`{"outputText":"Hi","index":$IDX,"totalOutputTextTokenCount":$OUT,"completionReason":"FINISH","inputTextTokenCount":$IN}`}, true},
	"mistral": {overInvoke("x", bedrock.FormatMistral),
		`{"outputs":[{"text":"Hi","stop_reason":"stop"}],"amazon-bedrock-invocationMetrics":{"inputTokenCount":$IN,"outputTokenCount":$OUT,"invocationLatency":7.0}}`,
		[]string{`{"outputs":[{"text":"Hi","stop_reason":"stop"}],"amazon-bedrock-invocationMetrics":{"inputTokenCount":$IN,"outputTokenCount":$OUT,"invocationLatency":7.0}}`}, true},
}

// answers asks for the answer whole and streamed, with the counters written so.
func (f countedFormat) answers(t *testing.T, in, out, index string) map[string]*model.Response {
	t.Helper()
	write := strings.NewReplacer("$IN", in, "$OUT", out, "$IDX", index).Replace
	whole, err := f.open(t, respond(200, strings.NewReader(write(f.body)), "Content-Type", "application/json")).Generate(t.Context(), hello)
	if err != nil {
		t.Fatalf("the answer is lost: %v", err)
	}
	events := make([]string, len(f.stream))
	for i, ev := range f.stream {
		events[i] = write(ev)
	}
	body := chunks(events...)
	if !f.chunks {
		body = frames(events...)
	}
	streamed, err := f.open(t, streamOf(bytes.NewReader(body))).Stream(t.Context(), hello).Response()
	if err != nil {
		t.Fatalf("the streamed answer is lost: %v", err)
	}
	return map[string]*model.Response{"whole": whole, "streamed": streamed}
}

// TestCountersAsDoubles: with a guardrail that intervenes, the service writes
// every number of InvokeModel as a double.
func TestCountersAsDoubles(t *testing.T) {
	for name, f := range countedFormats {
		for _, n := range [][3]string{{"5", "2", "0"}, {"5.0", "2.0", "0.0"}, {"5e0", "20E-1", "0"}} {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				for way, resp := range f.answers(t, n[0], n[1], n[2]) {
					want := &model.Usage{Known: true, InputTokens: 5, OutputTokens: 2}
					if diff := cmp.Diff(want, resp.Usage); diff != "" || resp.Text() != "Hi" || len(resp.Warnings) != 0 {
						t.Errorf("%s: %q with warnings %v, usage (-want +got):\n%s", way, resp.Text(), resp.Warnings, diff)
					}
				}
			})
		}
	}
}

// TestCountersThatAreNone sends counters that make no sense. They cost the
// usage, with a warning, but never the answer, and they must not wrap around.
func TestCountersThatAreNone(t *testing.T) {
	for name, f := range countedFormats {
		for _, garbage := range []string{"5.5", "-1", "-1.0", `"5"`, "[5]", "{}", "true", "1e300", "9223372036854775807", "9223372036854775808", "4611686018427387904", "123456789012345678901234567890"} {
			t.Run(name+" "+garbage, func(t *testing.T) {
				for _, n := range [][2]string{{garbage, "2"}, {"5", garbage}, {garbage, garbage}} {
					for way, resp := range f.answers(t, n[0], n[1], "0") {
						if resp.Usage == nil || resp.Usage.Known || resp.Usage.Total() != 0 || resp.Text() != "Hi" {
							t.Errorf("%s: %q with usage %+v, want Hi with an unknown one", way, resp.Text(), resp.Usage)
						}
						if len(resp.Warnings) != 1 || resp.Warnings[0].Field != "usage" {
							t.Errorf("%s: warnings = %v, want one of the usage", way, resp.Warnings)
						}
					}
				}
			})
		}
	}
}

// TestAboutThatIsNone: nothing that is said about an answer costs the answer.
func TestAboutThatIsNone(t *testing.T) {
	for _, about := range []string{`"usage":5`, `"usage":[]`, `"usage":{"inputTokens":1,"outputTokens":1,"cacheReadInputTokens":"x"}`, `"usage":{"cacheDetails":[{"inputTokens":-5}]}`,
		`"metrics":5`, `"metrics":{"latencyMs":"x"}`, `"metrics":{"latencyMs":9223372036854775807}`, `"metrics":{"latencyMs":-5}`, `"performanceConfig":5`, `"serviceTier":{"type":5}`} {
		unary := unaryAnswer(t, `{"output":{"message":{"role":"assistant","content":[{"text":"a"}]}},"stopReason":"end_turn",`+about+`}`)
		streamed := collect(t, frames(`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}`, `messageStop {"stopReason":"end_turn"}`, `metadata {`+about+`}`))
		for _, resp := range []*model.Response{unary, streamed} {
			if resp.Text() != "a" || resp.Usage.Known || resp.Latency != 0 || (len(resp.Warnings) == 1) != strings.HasPrefix(about, `"usage"`) {
				t.Errorf("%s: %q with usage %+v, latency %v and warnings %v", about, resp.Text(), resp.Usage, resp.Latency, resp.Warnings)
			}
		}
	}
	const llama = `{"generation":"Hi","stop_reason":"stop",`
	for _, about := range []string{`"amazon-bedrock-invocationMetrics":5`, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":[]}`, `"amazon-bedrock-guardrailAction":5`, `"amazon-bedrock-trace":5`} {
		resp, err := invoked(t, "x", bedrock.FormatLlama3, respond(200, strings.NewReader(llama+about+"}")), nil).Generate(t.Context(), hello)
		if err != nil || resp.Text() != "Hi" || resp.Usage.Known || (len(resp.Warnings) == 1) != strings.Contains(about, "Metrics") {
			t.Errorf("%s: %+v, %v", about, resp, err)
		}
	}
	for header, want := range map[string]time.Duration{"7": 7 * time.Millisecond, "7.0": 7 * time.Millisecond, "9223372036854775807": 0, "-1": 0, "x": 0} {
		resp, err := invoked(t, "x", bedrock.FormatLlama3, respond(200, strings.NewReader(`{"generation":"Hi"}`), "X-Amzn-Bedrock-Invocation-Latency", header), nil).Generate(t.Context(), hello)
		if err != nil || resp.Latency != want {
			t.Errorf("latency %s: %+v, %v, want %v", header, resp, err, want)
		}
	}
	resp, err := invoked(t, "x", bedrock.FormatLlama3, respond(200, strings.NewReader(`{"generation":"Hi"}`), "X-Amzn-Bedrock-Input-Token-Count", "9223372036854775807", "X-Amzn-Bedrock-Output-Token-Count", "1"), nil).Generate(t.Context(), hello)
	if err != nil || resp.Usage.Known || len(resp.Warnings) != 1 {
		t.Errorf("huge count in a header: %+v, %v", resp, err)
	}
}

// TestInterventionInDoubles reads the answer of a guardrail to a Titan model as
// the service writes it.
func TestInterventionInDoubles(t *testing.T) {
	body := `{"inputTextTokenCount":5.0,"results":[{"tokenCount":3.0,"outputText":"Sorry.","completionReason":"CONTENT_FILTERED"}],"amazon-bedrock-guardrailAction":"INTERVENED"}`
	resp, err := invoked(t, "amazon.titan-text-express-v1", "", respond(200, strings.NewReader(body)), nil).Generate(t.Context(), hello)
	if err != nil || resp.StopReason != model.StopGuardrail || resp.Text() != "Sorry." || !resp.Usage.Known || resp.Usage.InputTokens != 5 {
		t.Errorf("Generate = %+v, %v", resp, err)
	}
}

// TestOtherFormats: an answer in a format that was not asked for is malformed,
// and never an empty answer.
func TestOtherFormats(t *testing.T) {
	bodies := map[string]string{
		"legacy completion": `{"type":"completion","id":"compl_1","completion":" hi","stop_reason":"stop_sequence","stop":"\n\nHuman:","log_id":"compl_1"}`,
		"text completion":   `{"object":"text_completion","choices":[{"index":0,"text":" hi","finish_reason":"stop"}]}`,
		"messages":          `{"type":"message","role":"assistant","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}`,
		"chat completion":   `{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}`,
		"nova":              `{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn"}`,
		"cohere":            `{"generations":[{"text":"hi","finish_reason":"COMPLETE"}]}`,
		"llama":             `{"generation":"hi","stop_reason":"stop"}`,
		"only the reason":   `{"stop_reason":"end_turn","finish_reason":"stop","completionReason":"FINISH"}`,
	}
	own := map[bedrock.Format][]string{
		bedrock.FormatAnthropic: {"messages"},
		bedrock.FormatOpenAI:    {"chat completion"},
		// The prompt formats take each other's bodies for their own.
		bedrock.FormatLlama3:   {"llama", "text completion"},
		bedrock.FormatMistral:  {"llama", "text completion"},
		bedrock.FormatDeepSeek: {"llama", "text completion"},
		bedrock.FormatTitan:    {"llama", "text completion"},
	}
	for format, mine := range own {
		for name, body := range bodies {
			resp, err := invoked(t, "x", format, respond(200, strings.NewReader(body)), nil).Generate(t.Context(), hello)
			if strings.Contains(strings.Join(mine, " "), name) {
				if err != nil {
					t.Errorf("%s as %s: %v", name, format, err)
				}
			} else if model.KindOf(err) != model.ErrMalformed {
				t.Errorf("%s as %s = %v, %v, want a malformed answer", name, format, resp, err)
			}
			streamed, err := invoked(t, "x", format, streamOf(bytes.NewReader(chunks(body))), nil).Stream(t.Context(), hello).Response()
			if err == nil && len(streamed.Message.Parts) == 0 {
				t.Errorf("%s as %s, streamed: an empty answer", name, format)
			}
		}
	}
}
