package bedrock_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensSettings keeps what is refused of settings of the service's own, each
// alone, and of requests beside a prompt of Prompt management.
func TestGoldensSettings(t *testing.T) {
	ask := func(id string, format bedrock.Format, req model.Request) string {
		c, err := bedrock.NewCodec(id, &bedrock.Options{Format: format})
		if err != nil {
			return fmt.Sprintf("  %s: %v\n", format, err)
		}
		text := fmt.Sprintf("  %s: ", format)
		if body, err := c.Encode(&req); err != nil {
			text += strings.TrimPrefix(err.Error(), "bedrock: encode "+id+": ")
		} else {
			text += fmt.Sprint(body.Warnings, " ", string(body.JSON))
		}
		return visible.Replace(text) + "\n"
	}
	var blocks []block
	for i, x := range []bedrock.ProviderOptions{{Latency: "a\n"}, {ServiceTier: "a\x00"}, {OutputEffort: "lo\xffw"}, {ResponseFieldPaths: []string{"/a", "/\r"}}, {Metadata: map[string]string{"a\n": "b"}}, {Metadata: map[string]string{"c": "d\t", "b": "\x7f"}},
		{Guardrail: &bedrock.Guardrail{ID: "g"}}, {Guardrail: &bedrock.Guardrail{Version: "1"}}, {Guardrail: &bedrock.Guardrail{ID: "\n", Version: "1"}}, {Guardrail: &bedrock.Guardrail{ID: "g", Version: "\n"}}, {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", Trace: "\n"}},
		{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", StreamMode: "\n"}}, {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", StreamMode: "sync", Trace: "enabled"}}, {PromptVariables: map[string]string{"a": "1"}}, {OutputEffort: "max"}, {Latency: "optimized"}, {ServiceTier: "flex"},
		{OutputEffort: "max", AdditionalFields: json.RawMessage(`{"output_config":7}`)}, {OutputEffort: "max", AdditionalFields: json.RawMessage(`{"output_config":{"effort":"low","x":1.0}}`)}} {
		b := block{name: fmt.Sprint("options ", i)}
		for _, f := range codedFormats {
			req := extra(x)
			req.Messages = hi
			b.text += "  " + f.id + "\n" + ask(f.id, f.format, req)
		}
		blocks = append(blocks, b)
	}
	for i, req := range []model.Request{{}, {Tools: weather}, {Tools: []model.Tool{{Name: "a.b"}, {Name: "f", InputSchema: json.RawMessage(`{"const":3}`)}}}, {MaxTokens: 1}, {Temperature: new(0.0)}, {TopP: new(0.5)}, {TopK: 1}, {StopSequences: []string{"x"}}, {Thinking: &model.ThinkingConfig{}}, {Thinking: &model.ThinkingConfig{Budget: 1, Effort: "heroic"}},
		extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{`)}), extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{}`)}), extra(bedrock.ProviderOptions{PromptVariables: map[string]string{"a": "1"}}), talk(model.System("s")), talk(model.User("a"), model.System("s"), model.User("b"))} {
		b := block{name: fmt.Sprint("beside a prompt ", i)}
		for _, messages := range [][]model.Message{nil, hi} {
			if len(req.Messages) == 0 || messages == nil {
				if req.Messages == nil {
					req.Messages = messages
				}
				b.text += ask("arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1", bedrock.FormatConverse, req)
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "settings", blocks)
}
