package bedrock_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// countedUsage tells the usage of an answer, and what is warned of.
func countedUsage(resp *model.Response, err error) string {
	if err != nil {
		return failed(err)
	}
	u := resp.Usage
	text := fmt.Sprintf("known %t, in %d, out %d, read %d, written %d %v, thinking %d", u.Known, u.InputTokens, u.OutputTokens, u.CacheReadTokens, u.CacheWriteTokens, u.CacheWrites, u.ReasoningTokens)
	for _, w := range resp.Warnings {
		text += "; warned " + w.String()
	}
	return text
}

// saidBeside tells what only this package knows of an answer.
func saidBeside(resp *model.Response) string {
	x := bedrock.MetadataOf(resp)
	return fmt.Sprintf("fields %s, trace %s, usage %s, latency %q, tier %q", x.AdditionalFields, x.Trace, x.Usage, x.Latency, x.ServiceTier)
}

// TestGoldensUsage keeps how the counters of Converse are read, whether or not
// the input counts what was cached, with a total that shows it and without.
func TestGoldensUsage(t *testing.T) {
	var blocks []block
	for _, inside := range []facts.Support{facts.SupportUnknown, facts.SupportYes, facts.SupportNo} {
		b := block{name: fmt.Sprintf("cached tokens are in the input: %v", inside)}
		c, err := bedrock.NewCodec(claude, &bedrock.Options{Format: bedrock.FormatConverse, Facts: func(f *facts.Facts) { f.Answers.CacheInInput = inside }})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []int{0, 1, 10} {
			for _, cached := range [][2]int{{0, 0}, {4, 0}, {0, 6}, {4, 6}, {3, 6}, {12, 0}, {8, 1}} {
				read, written := cached[0], cached[1]
				sums := []int{0, 1, in + 5, in + read + 5, in + written + 5, in + read + written + 5, read + written + 5, in + read + written + 6}
				slices.Sort(sums)
				for _, total := range slices.Compact(sums) {
					resp, err := c.Decode(nil, fmt.Appendf(nil, `{"output":{"message":{}},"usage":{"inputTokens":%d,"outputTokens":5,"totalTokens":%d,"cacheReadInputTokens":%d,"cacheWriteInputTokens":%d}}`, in, total, read, written))
					b.text += fmt.Sprintf("  in %d, read %d, written %d, of %d: %s\n", in, read, written, total, countedUsage(resp, err))
				}
			}
		}
		blocks = append(blocks, b)
	}
	b := block{name: "what else an answer says"}
	c, err := bedrock.NewCodec(claude, &bedrock.Options{Format: bedrock.FormatConverse})
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{
		``, `,"usage":null`, `,"usage":{}`, `,"usage":{"inputTokens":1,"outputTokens":2}`, `,"usage":{"inputTokens":-1}`, `,"usage":{"cacheReadInputTokens":-1}`, `,"usage":{"cacheWriteInputTokens":-1}`, `,"usage":{"outputTokens":-1}`, `,"usage":{"totalTokens":-1}`, `,"usage":{"cacheDetails":[{"inputTokens":-1}]}`,
		`,"usage":{"inputTokens":1e15}`, `,"usage":{"inputTokens":1000000000000000}`, `,"usage":{"inputTokens":1125899906842624}`, `,"usage":{"inputTokens":1125899906842625}`, `,"usage":{"inputTokens":9007199254740992}`, `,"usage":{"inputTokens":9007199254740993}`, `,"usage":{"cacheDetails":[{"inputTokens":9007199254740992,"ttl":"5m"}]}`, `,"usage":{"cacheReadInputTokens":9007199254740993}`, `,"usage":{"inputTokens":"1"}`, `,"usage":[]`,
		`,"usage":{"cacheDetails":[{"inputTokens":1,"ttl":"5m"},{"inputTokens":2,"ttl":"1h"},{"inputTokens":3},{"inputTokens":4,"ttl":"5"},{"ttl":"1h"}]}`,
		`,"additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":3}}},"usage":{}`, `,"additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":3}}}`,
		`,"additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":3}},"usage":5},"usage":{}`, `,"additionalModelResponseFields":null,"usage":{}`, `,"additionalModelResponseFields":[],"usage":{}`, `,"additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":"3"}}},"usage":{}`,
		`,"metrics":{"latencyMs":1}`, `,"metrics":{"latencyMs":-1}`, `,"metrics":{"latencyMs":1000000000}`, `,"metrics":{"latencyMs":1000000001}`, `,"metrics":{}`, `,"metrics":null`, `,"metrics":5`, `,"metrics":{"latencyMs":"1"}`,
		`,"performanceConfig":{"latency":"x"}`, `,"performanceConfig":{}`, `,"performanceConfig":7`, `,"serviceTier":{"type":"x"}`, `,"serviceTier":{}`, `,"serviceTier":[]`, `,"trace":{"a":1}`, `,"trace":null`, `,"stopReason":"x"`, `,"stopReason":null`,
	} {
		resp, err := c.Decode(nil, []byte(`{"output":{"message":{"content":[{"text":"a"}]}}`+more+`}`))
		b.text += fmt.Sprintf("  %s: %s\n", more, became(resp, err))
		if err == nil {
			b.text += fmt.Sprintf("    %s; %s after %v, %s\n", countedUsage(resp, err), resp.StopReason, resp.Latency, saidBeside(resp))
		}
	}
	checkGoldens(t, "usage", append(blocks, b))
}

// TestGoldensHeaders keeps what headers say about the answers of InvokeModel, by
// themselves, and beside what the answer says.
func TestGoldensHeaders(t *testing.T) {
	names := []string{"Input-Token-Count", "Output-Token-Count", "Cache-Read-Input-Token-Count", "Cache-Write-Input-Token-Count", "Invocation-Latency"}
	right := []string{"10", "5", "4", "6", "7"}
	bodies := map[string][2]string{ // in one piece, and in chunks
		"nothing counted": {`{"generation":"a","stop_reason":"stop"}`, `{"generation":"a","stop_reason":"stop"}`},
		"counted":         {`{"generation":"a","stop_reason":"stop","prompt_token_count":1,"generation_token_count":2}`, `{"generation":"a","stop_reason":"stop","prompt_token_count":1,"generation_token_count":2}`},
		"garbled":         {`{"generation":"a","stop_reason":"stop","prompt_token_count":"x"}`, `{"generation":"a","stop_reason":"stop","prompt_token_count":"x"}`},
		"measured": {`{"generation":"a","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":6,"cacheReadInputTokenCount":3,"cacheWriteInputTokenCount":2,"invocationLatency":9}}`,
			`{"generation":"a","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":6,"cacheReadInputTokenCount":3,"cacheWriteInputTokenCount":2,"invocationLatency":9}}`},
		"intervened, traced": {`{"generation":"a","amazon-bedrock-guardrailAction":"INTERVENED","amazon-bedrock-trace":{"x":1.0}}`, `{"generation":"a","amazon-bedrock-guardrailAction":"INTERVENED","amazon-bedrock-trace":{"x":1.0},"amazon-bedrock-invocationMetrics":null}`},
		"measured in vain":   {`{"generation":"a","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":"x","outputTokenCount":6}}`, `{"generation":"a","stop_reason":"stop","amazon-bedrock-invocationMetrics":5}`},
		"no answer":          {`["amazon-bedrock-trace"]`, `["amazon-bedrock-trace"]`},
		"half of it":         {`{"generation":"a","amazon-bedrock-trace":`, `{"generation":"a","amazon-bedrock-trace":`},
		"garbled behind":     {`{"generation":"a","amazon-bedrock-trace":x}`, `{"generation":"a","amazon-bedrock-trace":x}`},
	}
	var rows [][]string
	rows = append(rows, nil)
	for i, name := range names {
		for _, value := range []string{"", "0", "1", "7.0", "x", "-1"} {
			row := []string{"X-Amzn-Bedrock-PerformanceConfig-Latency", "optimized", "X-Amzn-Bedrock-Service-Tier", "flex"}
			for j := range names {
				if v := right[j]; j != i {
					row = append(row, "X-Amzn-Bedrock-"+names[j], v)
				}
			}
			if value != "" {
				row = append(row, "X-Amzn-Bedrock-"+name, value)
			}
			rows = append(rows, row)
		}
		rows = append(rows, []string{"X-Amzn-Bedrock-" + name, "3"})
	}
	var blocks []block
	for what, body := range bodies {
		for _, inside := range []facts.Support{facts.SupportYes, facts.SupportNo} {
			b := block{name: fmt.Sprintf("%s, cached tokens are in the input: %v", what, inside)}
			for _, row := range rows {
				for _, stream := range []bool{false, true} {
					m := invoked(t, "x", bedrock.FormatLlama3, roundTrip(func(r *http.Request) (*http.Response, error) {
						kind, answer := "application/json", io.Reader(strings.NewReader(body[0]))
						if stream {
							kind, answer = eventStream, bytes.NewReader(chunks(body[1]))
						}
						return respond(200, answer, append([]string{"Content-Type", kind}, row...)...)(r)
					}), &bedrock.Options{Facts: func(f *facts.Facts) { f.Answers.CacheInInput = inside }})
					resp, err := answerOf(m, hello, stream)
					text := became(resp, err)
					if err == nil {
						text = fmt.Sprintf("%s; %s after %v, %s", countedUsage(resp, err), resp.StopReason, resp.Latency, saidBeside(resp))
					}
					b.text += fmt.Sprintf("  %s, stream %t: %s\n", strings.ReplaceAll(strings.Join(row, " "), "X-Amzn-Bedrock-", ""), stream, text)
				}
				if what != "nothing counted" && len(row) > 4 && row[0] == "X-Amzn-Bedrock-PerformanceConfig-Latency" {
					break // the others differ in headers that are not looked at
				}
			}
			blocks = append(blocks, b)
		}
	}
	sortBlocks(blocks)
	checkGoldens(t, "headers", blocks)
}
