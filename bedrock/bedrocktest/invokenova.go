package bedrocktest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// decodeNova reads a body of Nova's messages-v1. It is like Converse's, with
// two differences: Nova's own parameters stand beside the common ones, and some
// members have two names.
// https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
func decodeNova(played *rules.Model, body []byte) (*model.Request, error) {
	w, err := wire.ParseRequest(body, false)
	if err != nil {
		return nil, err
	}
	var own struct {
		InferenceConfig struct {
			MaxTokens    *int     `json:"maxTokens"`
			MaxNewTokens *int     `json:"max_new_tokens"`
			TopP         *float64 `json:"top_p"`
			TopK         int      `json:"topK"`
			TopKSnake    int      `json:"top_k"`
		} `json:"inferenceConfig"`
	}
	if err := json.Unmarshal(body, &own); err != nil {
		return nil, err
	}
	req := neutral(played, w)
	c := own.InferenceConfig
	if c.MaxNewTokens != nil && c.MaxTokens == nil {
		req.MaxTokens = *c.MaxNewTokens
	}
	if c.TopP != nil {
		req.TopP = c.TopP
	}
	if req.TopK == 0 {
		req.TopK = c.TopK + c.TopKSnake
	}
	return req, nil
}

// novaFormat answers in Nova's messages-v1.
type novaFormat struct{}

// usage returns the counters as JSON. The input does not include the cached
// tokens.
func (f *novaFormat) usage(u *wire.Usage) string {
	read, write := intOf(u.CacheReadInputTokens), intOf(u.CacheWriteInputTokens)
	return fmt.Sprintf(`{"cacheReadInputTokenCount":%d,"cacheWriteInputTokenCount":%d,"inputTokens":%d,"outputTokens":%d,"totalTokens":%d}`,
		read, write, u.InputTokens, u.OutputTokens, u.TotalTokens)
}

func (f *novaFormat) answer(a *nativeAnswer) ([]byte, error) {
	var content []string
	for _, p := range a.parts {
		b, err := blocks.Encode(p)
		if err != nil {
			return nil, err
		}
		content = append(content, string(wire.AppendContentBlock(nil, &b)))
	}
	return fmt.Appendf(nil, `{"output":{"message":{"content":[%s],"role":"assistant"}},"stopReason":%s,"usage":%s%s}`,
		strings.Join(content, ","), quoted(a.stopReason), f.usage(a.about.Usage), serviceMembers(a.stopReason, a.about.Trace)), nil
}

// chunks encodes an event of ConverseStream as an object whose one member is
// named for the event.
func (f *novaFormat) chunks(ev *wire.Event) ([][]byte, error) {
	if ev.Kind == wire.EventMetadata {
		return one(`{"metadata":{"metrics":{},"trace":{},"usage":%s},%s}`, f.usage(ev.Metadata.Usage), metrics(ev.Metadata)), nil
	}
	if ev.Kind == wire.EventBlockStart && (ev.Start == nil || ev.Start.ToolUse == nil && ev.Start.ToolResult == nil) {
		return nil, nil
	}
	return one(`{%s:%s}`, quoted(ev.Kind.String()), withoutPadding(ev)), nil
}

// withoutPadding returns the payload of an event without the padding, which
// only Converse's frames have.
func withoutPadding(ev *wire.Event) []byte {
	payload := members(wire.AppendEvent(nil, ev, ""))
	delete(payload, "p")
	out, _ := json.Marshal(payload) // our own JSON
	return out
}
