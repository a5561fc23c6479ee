package laws

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Usage returns the faults of an answer's usage. InputTokens is the whole
// prompt, including the tokens that were read from and written to the cache.
// The writes by lifetime add up to all writes. If the provider reported
// nothing, the usage is not known, rather than known zeros.
func Usage(o Observation) error {
	if o.Response == nil || !o.Response.TokenUsage().Known {
		return nil
	}
	u := o.Response.Usage
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if u.InputTokens < 0 || u.OutputTokens < 0 || u.CacheReadTokens < 0 || u.CacheWriteTokens < 0 {
		fault("a counter is negative: %s", show.Value(u))
	}
	if u.ReasoningTokens < 0 || u.ReasoningTokens > u.OutputTokens {
		fault("%d tokens went into thinking, of %d that were written", u.ReasoningTokens, u.OutputTokens)
	}
	if u.CacheReadTokens+u.CacheWriteTokens > u.InputTokens {
		fault("%d tokens were read from the cache and %d written, more than the whole prompt's %d", u.CacheReadTokens, u.CacheWriteTokens, u.InputTokens)
	}
	if sum := sumWrites(u.CacheWrites); u.CacheWrites != nil && sum != u.CacheWriteTokens {
		fault("the cache writes by lifetime add up to %d, all writes are %d", sum, u.CacheWriteTokens)
	}
	if u.Total() == 0 && made(o.Response) {
		fault("the usage counts nothing for an answer that says something; the Known of an unknown usage is false")
	}
	return broken("accounting", faults)
}

func sumWrites(writes []model.CacheWrite) int {
	sum := 0
	for _, w := range writes {
		sum += w.Tokens
	}
	return sum
}

// made reports whether the model itself has answered. A guardrail answers
// without the model.
func made(r *model.Response) bool {
	return len(SaidParts(r.Message.Parts)) > 0 && r.StopReason != model.StopGuardrail && r.StopReason != model.StopContentFiltered
}
