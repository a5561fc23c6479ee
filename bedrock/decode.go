package bedrock

import (
	"encoding/json"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// decode makes an answer of Converse neutral. Nothing of the message is left
// out: blocks that this version does not know become opaque parts.
func decode(w *wire.Response, modelID, requestID string) *model.Response {
	resp := &model.Response{
		Message:    model.Message{Role: model.RoleAssistant},
		StopReason: stopReason(w.StopReason),
		Model:      modelID,
		RequestID:  requestID,
	}
	if w.Message != nil {
		resp.Message.Parts = blocks.Parts(model.RoleAssistant, w.Message.Content)
	}
	about(resp, &w.Metadata, w.AdditionalModelResponseFields)
	return resp
}

// about fills in what an answer says about itself.
func about(resp *model.Response, m *wire.Metadata, additional json.RawMessage) {
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
	resp.Usage = new(model.Usage)
	if m.Usage != nil {
		x.Usage = m.Usage.Raw
		if m.Usage.Garbled {
			resp.Warnings = append(resp.Warnings, garbledUsage)
		} else {
			resp.Usage = usage(m.Usage)
		}
	}
	resp.ProviderMetadata = x
}

// lateUsage warns of a usage that did not come in time.
var lateUsage = model.Warning{Action: model.WarningDropped, Field: "usage",
	Reason: "the service kept the connection open without telling the usage, which is unknown"}

// garbledUsage warns of counters that are none.
var garbledUsage = model.Warning{Action: model.WarningDropped, Field: "usage",
	Reason: "the counters that came with the answer cannot be read, so that the usage is unknown"}

// usage converts the service's counters: its inputTokens leave out what was
// read from and written to the cache.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
func usage(u *wire.Usage) *model.Usage {
	out := &model.Usage{
		Known:            true,
		OutputTokens:     u.OutputTokens,
		CacheReadTokens:  deref(u.CacheReadInputTokens),
		CacheWriteTokens: deref(u.CacheWriteInputTokens),
	}
	out.InputTokens = u.InputTokens + out.CacheReadTokens + out.CacheWriteTokens
	for _, d := range u.CacheDetails {
		ttl, err := time.ParseDuration(d.TTL)
		if err != nil {
			continue // a lifetime without a number; the sum is told above
		}
		out.CacheWrites = append(out.CacheWrites, model.CacheWrite{TTL: ttl, Tokens: d.InputTokens})
	}
	return out
}

// stopReason renames the reasons that have other names here.
func stopReason(s string) model.StopReason {
	switch s {
	case "model_context_window_exceeded":
		return model.StopContextWindow
	case "malformed_model_output":
		return model.StopMalformedOutput
	}
	return model.StopReason(s)
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
