package load

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// A Report describes how the requests of a world fared. Times are in seconds,
// as measured by the server. A report is a copy that the caller owns.
type Report struct {
	Seed    uint64       `json:"seed"`
	Elapsed float64      `json:"elapsed"` // from the first request to the report
	Total   Stats        `json:"total"`
	Models  []ModelStats `json:"models"` // by id
	Step    float64      `json:"step"`   // the length of each point
	Series  []Point      `json:"series"`
}

// A ModelStats describes how the requests for one model id fared.
type ModelStats struct {
	Model string `json:"model"` // as it was called
	Stats
}

// Stats counts attempts and tokens. An attempt is open, or it ended in one of
// five ways: answered, throttled for requests or for tokens, refused as
// unavailable, or failed.
type Stats struct {
	Attempts          int `json:"attempts"`
	Retries           int `json:"retries"` // attempts at a request whose previous attempt was not answered
	Open              int `json:"open"`
	Answered          int `json:"answered"`
	ThrottledRequests int `json:"throttledRequests"`
	ThrottledTokens   int `json:"throttledTokens"`
	Unavailable       int `json:"unavailable"`
	Failed            int `json:"failed"`

	RetriesPerSuccess float64 `json:"retriesPerSuccess"`
	Goodput           float64 `json:"goodput"`        // answers a second
	TokenGoodput      float64 `json:"tokenGoodput"`   // output tokens of answers a second
	ThrottledShare    float64 `json:"throttledShare"` // of the attempts

	FirstToken Percentiles `json:"firstToken"` // of answers, from their attempt's arrival
	Latency    Percentiles `json:"latency"`    // of answers, from their attempt's arrival
	Patience   Percentiles `json:"patience"`   // of answers, from the first attempt's arrival

	Input      int64 `json:"inputTokens"` // whole prompts
	CacheRead  int64 `json:"cacheReadTokens"`
	CacheWrite int64 `json:"cacheWriteTokens"`
	Output     int64 `json:"outputTokens"`
	Reserved   int64 `json:"reservedTokens"` // taken from the quota at the start
	Burned     int64 `json:"burnedTokens"`   // paid at the end
}

// Percentiles are times in seconds, at most 1.6 percent too long. All are zero
// if no time was measured.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"` // exact
}

// counts are the numbers behind Stats.
type counts struct {
	attempts, retries, open, answered, throttledRequests, throttledTokens, unavailable, failed int

	input, cacheRead, cacheWrite, output, answeredTokens, reserved, burned int64

	firstToken, latency, patience histogram
}

// Report returns a report on the time up to now.
func (w *World) Report() *Report {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &Report{Seed: w.options.Seed, Step: cmp.Or(w.series.step, time.Second).Seconds()}
	if !w.start.IsZero() {
		r.Elapsed = w.clock.Now().Sub(w.start).Seconds()
	}
	var total counts
	for _, id := range slices.Sorted(maps.Keys(w.models)) {
		c := &w.models[id].counts
		total.add(c)
		r.Models = append(r.Models, ModelStats{id, c.stats(r.Elapsed)})
	}
	r.Total = total.stats(r.Elapsed)
	r.Series = slices.Clone(w.series.points)
	for i := range r.Series {
		r.Series[i].Start = float64(i) * r.Step
	}
	return r
}

func (c *counts) add(o *counts) {
	c.attempts += o.attempts
	c.retries += o.retries
	c.open += o.open
	c.answered += o.answered
	c.throttledRequests += o.throttledRequests
	c.throttledTokens += o.throttledTokens
	c.unavailable += o.unavailable
	c.failed += o.failed
	c.input += o.input
	c.cacheRead += o.cacheRead
	c.cacheWrite += o.cacheWrite
	c.output += o.output
	c.answeredTokens += o.answeredTokens
	c.reserved += o.reserved
	c.burned += o.burned
	c.firstToken.merge(&o.firstToken)
	c.latency.merge(&o.latency)
	c.patience.merge(&o.patience)
}

func (c *counts) stats(elapsed float64) Stats {
	return Stats{
		Attempts: c.attempts, Retries: c.retries, Open: c.open, Answered: c.answered,
		ThrottledRequests: c.throttledRequests, ThrottledTokens: c.throttledTokens, Unavailable: c.unavailable, Failed: c.failed,
		RetriesPerSuccess: ratio(float64(c.retries), float64(c.answered)),
		Goodput:           ratio(float64(c.answered), elapsed),
		TokenGoodput:      ratio(float64(c.answeredTokens), elapsed),
		ThrottledShare:    ratio(float64(c.throttledRequests+c.throttledTokens), float64(c.attempts)),
		FirstToken:        c.firstToken.percentiles(), Latency: c.latency.percentiles(), Patience: c.patience.percentiles(),
		Input: c.input, CacheRead: c.cacheRead, CacheWrite: c.cacheWrite, Output: c.output, Reserved: c.reserved, Burned: c.burned,
	}
}

// ratio returns a/b, and zero if b is not positive.
func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// percentiles returns percentiles by the nearest rank.
func (h *histogram) percentiles() Percentiles {
	p := Percentiles{Max: h.longest.Seconds()}
	want := []struct {
		share int64 // percent
		out   *float64
	}{{50, &p.P50}, {90, &p.P90}, {99, &p.P99}}
	var seen int64
	for _, b := range slices.Sorted(maps.Keys(h.buckets)) {
		seen += h.buckets[b]
		for len(want) > 0 && seen*100 >= want[0].share*h.n {
			*want[0].out = min(time.Duration(limitOf(b)), h.longest).Seconds()
			want = want[1:]
		}
	}
	return p
}

// JSON returns the report as indented JSON, with a newline at its end.
func (r *Report) JSON() []byte {
	data, _ := json.MarshalIndent(r, "", "  ") // cannot fail: all numbers are finite
	return append(data, '\n')
}
