package bedrock

import (
	"encoding/json"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// decode makes an answer of Converse, which has a message, neutral. Nothing of
// that is left out: blocks that this version does not know become opaque parts.
func decode(w *wire.Response, modelID, requestID string, f *facts.Facts) *model.Response {
	resp := &model.Response{
		Message:    model.Message{Role: model.RoleAssistant, Parts: blocks.Parts(model.RoleAssistant, w.Message.Content)},
		StopReason: blocks.StopReason(w.StopReason),
		Model:      modelID,
		RequestID:  requestID,
	}
	about(resp, &w.Metadata, w.AdditionalModelResponseFields, f)
	return resp
}

// about fills in what an answer says about itself.
func about(resp *model.Response, m *wire.Metadata, additional json.RawMessage, f *facts.Facts) {
	x := &ProviderMetadata{AdditionalFields: additional, Trace: m.Trace}
	if m.Metrics != nil {
		resp.Latency = native.Milliseconds(m.Metrics.LatencyMs)
	}
	if m.PerformanceConfig != nil {
		x.Latency = m.PerformanceConfig.Latency
	}
	if m.ServiceTier != nil {
		x.ServiceTier = m.ServiceTier.Type
	}
	if m.Usage != nil {
		x.Usage = m.Usage.Raw
	}
	switch {
	case m.Usage == nil:
		resp.Usage = new(model.Usage)
	case m.Usage.Garbled:
		resp.Usage = new(model.Usage)
		resp.Warnings = append(resp.Warnings, garbledUsage)
	default:
		var fits bool
		if resp.Usage, fits = usage(m.Usage, f.Answers.CacheInInput); !fits {
			resp.Warnings = append(resp.Warnings, unfitUsage)
		}
		resp.Usage.ReasoningTokens = thinkingTokens(additional)
	}
	resp.ProviderMetadata = x
}

// thinkingTokens returns how much of an answer was thinking. Converse has no
// counter for it. Anthropic's models report it in a usage of their own, which
// comes if the request's ResponseFieldPaths have "/usage".
func thinkingTokens(additional json.RawMessage) int {
	if len(additional) == 0 {
		return 0
	}
	var own struct {
		Usage struct {
			Parts native.OutputParts `json:"output_tokens_details"`
		} `json:"usage"`
	}
	if json.Unmarshal(additional, &own) != nil {
		return 0
	}
	return own.Usage.Parts.Thinking.N()
}

// lateUsage warns of a usage that did not come in time.
var lateUsage = model.Warning{Action: model.WarningDropped, Field: "usage",
	Reason: "the service kept the connection open without sending the usage, which is unknown"}

// garbledUsage warns of counters that cannot be read.
var garbledUsage = model.Warning{Action: model.WarningDropped, Field: "usage",
	Reason: "the counters that came with the answer cannot be read, so that the usage is unknown"}

// unfitUsage warns of counters that contradict each other.
var unfitUsage = model.Warning{Action: model.WarningChanged, Field: "usage",
	Reason: "the counters do not add up to the total that came with them; the tokens of the prompt are the best reading of them"}

// usage converts the service's counters. Usually its inputTokens do not count
// what was read from and written to the cache, but with some models they do, and
// in streams alone. The total shows which it is. Without one, or if no sum fits
// it, which is reported, the facts of the model decide.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
func usage(u *wire.Usage, cacheInInput facts.Support) (out *model.Usage, fits bool) {
	out = &model.Usage{
		Known:            true,
		OutputTokens:     u.OutputTokens,
		CacheReadTokens:  deref(u.CacheReadInputTokens),
		CacheWriteTokens: deref(u.CacheWriteInputTokens),
	}
	out.InputTokens, fits = promptTokens(u.InputTokens, out, u.TotalTokens, cacheInInput)
	for _, d := range u.CacheDetails {
		ttl, err := time.ParseDuration(d.TTL)
		if err != nil {
			continue // a lifetime without a number; the sum is above
		}
		out.CacheWrites = append(out.CacheWrites, model.CacheWrite{TTL: ttl, Tokens: d.InputTokens})
	}
	return out, fits
}

// promptTokens returns the tokens of the whole prompt.
func promptTokens(input int, u *model.Usage, total int, cacheInInput facts.Support) (n int, fits bool) {
	read, written := u.CacheReadTokens, u.CacheWriteTokens
	beside, inside := input+read+written, max(input, read+written)
	switch {
	case beside == input: // nothing is cached
		return input, true
	case total > 0:
		for _, n := range []int{beside, input, input + read, input + written} {
			if n >= read+written && n+u.OutputTokens == total {
				return n, true
			}
		}
	}
	if cacheInInput.Yes() {
		return inside, total == 0
	}
	return beside, total == 0
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
