package bedrocktest

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// usage returns the counters of an answer. What the model behind the server
// says of its usage is sent; except that the server counts the input where its
// prompt cache was used, unless the model has cache counters of its own, and
// the output where it was cut by the request's limits. A model that says
// nothing is counted for.
func (c *call) usage(q *question, given *model.Usage) *wire.Usage {
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
	return c.wireUsage(q, u)
}

// wireUsage writes the counters in the service's way: its inputTokens leave
// out what was read from and written to the cache, and which cache counters
// there are depends on the model.
func (c *call) wireUsage(q *question, u model.Usage) *wire.Usage {
	w := &wire.Usage{
		InputTokens:  max(u.UncachedTokens(), 0),
		OutputTokens: u.OutputTokens,
	}
	w.TotalTokens = w.InputTokens + w.OutputTokens + u.CacheReadTokens + u.CacheWriteTokens
	shown := c.played.ZeroCounters
	switch {
	case u.CacheReadTokens+u.CacheWriteTokens > 0, hasPoint(q.neutral):
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
	if c.played.CacheDetails && u.CacheWriteTokens > 0 {
		w.CacheDetails = cacheDetails(u)
	}
	return w
}

// cacheDetails splits what was written by its lifetime, the longest first.
func cacheDetails(u model.Usage) []wire.CacheDetail {
	writes := slices.Clone(u.CacheWrites)
	if len(writes) == 0 {
		writes = []model.CacheWrite{{TTL: promptcache.DefaultTTL, Tokens: u.CacheWriteTokens}}
	}
	slices.SortStableFunc(writes, func(a, b model.CacheWrite) int { return cmp.Compare(b.TTL, a.TTL) })
	var details []wire.CacheDetail
	for _, w := range writes {
		details = append(details, wire.CacheDetail{InputTokens: w.Tokens, TTL: blocks.TTL(w.TTL)})
	}
	return details
}

// additional returns the fields of the model's own answer that the request
// asks for. The server knows one, which stop sequence ended the answer, and
// the two places where Claude says so: in an answer, and in an event.
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
