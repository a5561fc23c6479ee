package bedrocktest

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/prompt"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/ttl"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// A question is a request that has been accepted, and is being answered.
type question struct {
	voice
	start   time.Time     // when the call came
	wire    *wire.Request // members of Converse's body that the neutral form lacks; empty for other doors
	neutral *model.Request
	stream  bool
	limits  *limits
	cached  model.Usage   // the input, and what the cache did for it
	attempt *load.Attempt // the attempt at the quota; nil: there is no quota
}

// stopReason returns why the answer ended, in the service's words.
func (q *question) stopReason(resp *model.Response) string {
	reason := resp.StopReason
	if q.limits.reached() {
		reason = q.limits.reason
	}
	switch reason {
	case "":
		if len(resp.Message.ToolCalls()) > 0 {
			return string(model.StopToolUse)
		}
		return string(model.StopEndTurn)
	case model.StopContextWindow:
		return "model_context_window_exceeded"
	case model.StopMalformedOutput:
		return "malformed_model_output"
	}
	return string(reason)
}

// about returns the metadata of an answer, and the additional fields that the
// request asks for.
func (q *question) about(resp *model.Response) (wire.Metadata, []byte) {
	m := wire.Metadata{Usage: q.usage(resp.Usage), Metrics: &wire.Metrics{LatencyMs: q.latency(resp)},
		PerformanceConfig: q.wire.PerformanceConfig, ServiceTier: q.wire.ServiceTier}
	x := bedrock.MetadataOf(resp)
	if x == nil {
		x = &bedrock.ProviderMetadata{}
	}
	if x.Latency != "" {
		m.PerformanceConfig = &wire.PerformanceConfig{Latency: x.Latency}
	}
	if x.ServiceTier != "" {
		m.ServiceTier = &wire.ServiceTier{Type: x.ServiceTier}
	}
	m.Trace = x.Trace
	if len(x.AdditionalFields) > 0 {
		return m, x.AdditionalFields
	}
	return m, q.additional()
}

func (q *question) latency(resp *model.Response) int {
	if resp.Latency > 0 {
		return int(resp.Latency.Milliseconds())
	}
	return max(int(time.Since(q.start).Milliseconds()), 1)
}

// usage returns the counters of an answer. It uses those of the model behind
// the server if there are any, with two exceptions. If the prompt cache was
// used and the model did not count that, the server counts the input. If the
// request's limits cut the answer, the server counts the output.
func (q *question) usage(given *model.Usage) *wire.Usage {
	u := model.Usage{InputTokens: q.cached.InputTokens, OutputTokens: q.limits.tokens()}
	if given != nil && given.Known {
		u = *given
	}
	if q.cached.CacheReadTokens+q.cached.CacheWriteTokens > 0 && u.CacheReadTokens+u.CacheWriteTokens == 0 {
		out := u.OutputTokens
		u = q.cached
		u.OutputTokens = out
	}
	if q.limits.reached() {
		u.OutputTokens = q.limits.tokens()
	}
	return q.wireUsage(u)
}

// wireUsage returns the service's counters. Its inputTokens excludes tokens
// that were read from or written to the cache. Which cache counters there are
// depends on the model.
func (q *question) wireUsage(u model.Usage) *wire.Usage {
	w := &wire.Usage{
		InputTokens:  max(u.UncachedTokens(), 0),
		OutputTokens: u.OutputTokens,
	}
	w.TotalTokens = w.InputTokens + w.OutputTokens + u.CacheReadTokens + u.CacheWriteTokens
	shown := q.played.ZeroCounters
	switch {
	case u.CacheReadTokens+u.CacheWriteTokens > 0, prompt.HasPoint(q.neutral):
		shown = rules.CounterBoth
	case q.stream:
		shown = rules.CounterNone
	}
	if shown >= rules.CounterRead {
		w.CacheReadInputTokens = &u.CacheReadTokens
	}
	if shown == rules.CounterBoth {
		w.CacheWriteInputTokens = &u.CacheWriteTokens
	}
	if q.played.CacheDetails && u.CacheWriteTokens > 0 {
		w.CacheDetails = cacheDetails(u)
	}
	return w
}

// cacheDetails splits the written tokens by lifetime, the longest first.
func cacheDetails(u model.Usage) []wire.CacheDetail {
	writes := slices.Clone(u.CacheWrites)
	if len(writes) == 0 {
		writes = []model.CacheWrite{{TTL: promptcache.DefaultTTL, Tokens: u.CacheWriteTokens}}
	}
	slices.SortStableFunc(writes, func(a, b model.CacheWrite) int { return cmp.Compare(b.TTL, a.TTL) })
	var details []wire.CacheDetail
	for _, w := range writes {
		details = append(details, wire.CacheDetail{InputTokens: w.Tokens, TTL: ttl.Format(w.TTL)})
	}
	return details
}

// additional returns the fields of the model's native answer that the request
// asks for. The server knows only one of them, the stop sequence that ended the
// answer. It has one place in an answer and another in an event.
func (q *question) additional() []byte {
	var stop *string
	if q.limits.reason == model.StopSequence {
		stop = &q.limits.matched
	}
	value := map[string]*string{"stop_sequence": stop}
	var fields any
	for _, path := range q.wire.AdditionalModelResponseFieldPaths {
		switch path {
		case "/stop_sequence":
			fields = value
		case "/delta/stop_sequence":
			if q.stream {
				fields = map[string]any{"delta": value}
			}
		}
	}
	if fields == nil {
		return nil
	}
	data, _ := json.Marshal(fields) // strings cannot fail
	return data
}

// pace waits until the tokens spent so far are due. It reports false if the
// client left while it waited.
func (q *question) pace(ctx context.Context) bool {
	return q.attempt == nil || q.attempt.Pace(ctx, q.limits.tokens()) == nil
}

// settle waits until the whole answer is due, and settles its quota. It reports
// false if the client left while it waited.
func (q *question) settle(ctx context.Context, u *wire.Usage) bool {
	if q.attempt == nil {
		return true
	}
	if q.attempt.Pace(ctx, u.OutputTokens) != nil {
		return false
	}
	read, write := intOf(u.CacheReadInputTokens), intOf(u.CacheWriteInputTokens)
	q.attempt.Done(load.Usage{Input: u.InputTokens + read + write, CacheRead: read, CacheWrite: write, Output: u.OutputTokens})
	return true
}

// quit settles the quota of an answer that broke off. After settle it does
// nothing.
func (q *question) quit() {
	if q.attempt != nil {
		q.attempt.Fail(load.Usage{Input: q.cached.InputTokens, CacheRead: q.cached.CacheReadTokens, CacheWrite: q.cached.CacheWriteTokens, Output: q.limits.tokens()})
	}
}
