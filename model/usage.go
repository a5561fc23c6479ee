package model

import (
	"encoding/json"
	"fmt"
	"time"
)

// Usage counts the tokens of a call.
//
// InputTokens is the whole prompt, however it was served, and OutputTokens
// the whole answer, thinking included; the cache counters say how much of the
// prompt was read from and written to the provider's cache. Providers differ
// in what they call input; their numbers are converted to this rule:
//
//	InputTokens = uncached + CacheReadTokens + CacheWriteTokens
//
// The provider may not report a usage, for example when a stream broke off.
// Known is then false and the counters mean nothing.
type Usage struct {
	// Known reports whether the provider reported the counters. It is not part
	// of the JSON, in which an unknown usage is null or absent.
	Known bool `json:"-"`

	InputTokens      int `json:"input_tokens"`
	OutputTokens     int `json:"output_tokens"`
	CacheReadTokens  int `json:"cache_read_tokens,omitempty"`
	CacheWriteTokens int `json:"cache_write_tokens,omitempty"`

	// ReasoningTokens is the part of OutputTokens that went into thinking.
	// Zero may also mean that the provider does not report it.
	ReasoningTokens int `json:"reasoning_tokens,omitempty"`

	// CacheWrites splits CacheWriteTokens by lifetime. It is nil if the
	// provider does not report that.
	CacheWrites []CacheWrite `json:"cache_writes,omitempty"`
}

// A CacheWrite counts the tokens that were written to live for TTL.
type CacheWrite struct {
	TTL    time.Duration
	Tokens int
}

// Total returns InputTokens + OutputTokens.
func (u Usage) Total() int { return u.InputTokens + u.OutputTokens }

// UncachedTokens returns the part of the prompt that was neither read from
// nor written to the cache.
func (u Usage) UncachedTokens() int {
	return u.InputTokens - u.CacheReadTokens - u.CacheWriteTokens
}

// Add returns the sum of two usages, as for the turns of a tool loop. Cache
// writes of the same lifetime are added up. The sum is known if either usage
// is, so a sum can start from the zero value. A usage that a provider did not
// report has no counters and adds nothing. To find out whether something is
// missing, count the calls.
func (u Usage) Add(v Usage) Usage {
	u.Known = u.Known || v.Known
	u.InputTokens += v.InputTokens
	u.OutputTokens += v.OutputTokens
	u.CacheReadTokens += v.CacheReadTokens
	u.CacheWriteTokens += v.CacheWriteTokens
	u.ReasoningTokens += v.ReasoningTokens
	u.CacheWrites = addWrites(u.CacheWrites, v.CacheWrites)
	return u
}

// addWrites sums by lifetime, longest first, so that the order of addition
// does not show.
func addWrites(a, b []CacheWrite) []CacheWrite {
	if len(a)+len(b) == 0 {
		return nil
	}
	var sum []CacheWrite
	for _, w := range append(append([]CacheWrite(nil), a...), b...) {
		sum = addWrite(sum, w)
	}
	return sum
}

// addWrite adds a count to that of the same lifetime.
func addWrite(sum []CacheWrite, w CacheWrite) []CacheWrite {
	for i := range sum {
		switch {
		case sum[i].TTL == w.TTL:
			sum[i].Tokens += w.Tokens
			return sum
		case sum[i].TTL < w.TTL:
			return append(sum[:i], append([]CacheWrite{w}, sum[i:]...)...)
		}
	}
	return append(sum, w)
}

// A plainUsage is a Usage without its methods, so that encoding/json does not
// call them again.
type plainUsage Usage

// MarshalJSON writes the counters, and null if they are not known.
func (u Usage) MarshalJSON() ([]byte, error) {
	if !u.Known {
		return []byte("null"), nil
	}
	return json.Marshal(plainUsage(u))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (u *Usage) UnmarshalJSON(data []byte) error {
	*u = Usage{}
	if string(data) == "null" {
		return nil
	}
	u.Known = true
	return json.Unmarshal(data, (*plainUsage)(u))
}

// cacheWriteJSON is the form of a [CacheWrite], with its lifetime as a text.
type cacheWriteJSON struct {
	TTL    string `json:"ttl"`
	Tokens int    `json:"tokens"`
}

// MarshalJSON writes the lifetime as in "5m" or "1h".
func (w CacheWrite) MarshalJSON() ([]byte, error) {
	return json.Marshal(cacheWriteJSON{formatTTL(w.TTL), w.Tokens})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *CacheWrite) UnmarshalJSON(data []byte) (err error) {
	var v cacheWriteJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	w.Tokens = v.Tokens
	if w.TTL, err = parseTTL(v.TTL); err != nil {
		return fmt.Errorf("model: usage: cache_writes: %w", err)
	}
	return nil
}
