package bedrock_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

// serviceMembers are what Bedrock adds to bodies and chunks, and what it might.
var serviceMembers = []string{
	`"amazon-bedrock-guardrailAction":"INTERVENED"`, `"amazon-bedrock-guardrailAction":"NONE"`, `"amazon-bedrock-guardrailAction":null`, `"amazon-bedrock-guardrailAction":["INTERVENED"]`,
	`"amazon-bedrock-trace":{"x": 1.0}`, `"amazon-bedrock-trace":null`, `"amazon-bedrock-trace":"x"`, `"amazon-bedrock-trace":{}`,
	`"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"cacheReadInputTokenCount":4,"cacheWriteInputTokenCount":2,"invocationLatency":7,"firstByteLatency":3}`,
	`"amazon-bedrock-invocationMetrics":{"inputTokenCount":13.0,"outputTokenCount":10.0,"invocationLatency":7.0}`, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"invocationLatency":0}`, `"amazon-bedrock-invocationMetrics":{"outputTokenCount":10,"invocationLatency":-1}`,
	`"amazon-bedrock-invocationMetrics":{"inputTokenCount":"x","outputTokenCount":10,"invocationLatency":1}`, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"invocationLatency":"x"}`,
	`"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"invocationLatency":1000000000}`, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"invocationLatency":1000000001}`,
	`"amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":2,"cacheReadInputTokenCount":-4}`, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":null,"outputTokenCount":null}`,
	`"amazon-bedrock-invocationMetrics":{}`, `"amazon-bedrock-invocationMetrics":null`, `"amazon-bedrock-invocationMetrics":7`, `"amazon-bedrock-hologram":1`, `"amazon-bedrock-trace":{"text":"zon-bedrock-"}`, `"x":1`,
}

// TestGoldensService keeps what becomes of what Bedrock adds to bodies and
// chunks: each member alone, and after each other one.
func TestGoldensService(t *testing.T) {
	bodies := map[bedrock.Format]string{
		bedrock.FormatAnthropic: `{"content":[{"type":"text","text":"a"}],"stop_reason":"end_turn",%s}`, bedrock.FormatOpenAI: `{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],%s}`, bedrock.FormatLlama3: `{"generation":"a","stop_reason":"stop",%s}`,
	}
	streams := map[bedrock.Format][2]string{
		bedrock.FormatAnthropic: {`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"},%s}`, `{"type":"message_stop",%s}`},
		bedrock.FormatOpenAI:    {`{"choices":[{"delta":{"content":"a"}}],%s}`, `{"choices":[{"delta":{},"finish_reason":"stop"}],%s}`},
		bedrock.FormatLlama3:    {`{"generation":"a","stop_reason":null,%s}`, `{"generation":"","stop_reason":"stop",%s}`},
	}
	var blocks []block
	for format, body := range bodies {
		whole := answering{id: "unheard-of", format: format}
		whole.open(t)
		pieces := answering{id: "unheard-of", format: format, stream: true}
		pieces.open(t)
		for at, m := range serviceMembers {
			b := block{name: fmt.Sprintf("%s member %02d, %s", format, at, m)}
			whole.body = []byte(strings.ReplaceAll(body, "%s", m))
			resp, err := whole.m.Generate(context.Background(), hello)
			b.text = fmt.Sprintf("  %s %s\n", answered(resp), failed(err))
			for i, next := range serviceMembers {
				if format != bedrock.FormatOpenAI && m != next {
					continue // the formats differ in where a member stands
				}
				pieces.body = chunks(strings.ReplaceAll(streams[format][0], "%s", m), strings.ReplaceAll(streams[format][1], "%s", next))
				resp, err := pieces.m.Stream(context.Background(), hello).Response()
				b.text += fmt.Sprintf("  then member %d: ", i)
				if resp != nil {
					b.text += fmt.Sprintf("%s, %v, trace %s, usage known %t, %d in with %d read and %d written, %d out, %d warnings", resp.StopReason, resp.Latency, resp.ProviderMetadata.(*bedrock.ProviderMetadata).Trace,
						resp.Usage.Known, resp.Usage.InputTokens, resp.Usage.CacheReadTokens, resp.Usage.CacheWriteTokens, resp.Usage.OutputTokens, len(resp.Warnings))
				}
				b.text += " " + failed(err) + "\n"
			}
			blocks = append(blocks, b)
		}
	}
	sortBlocks(blocks)
	checkGoldens(t, "service", blocks)
}
