package native

import (
	"bytes"
	"encoding/json"
	"time"
)

// serviceMembers is what Bedrock adds to the bodies of all models.
type serviceMembers struct {
	Action  json.RawMessage `json:"amazon-bedrock-guardrailAction"`
	Trace   json.RawMessage `json:"amazon-bedrock-trace"`
	Metrics json.RawMessage `json:"amazon-bedrock-invocationMetrics"`
}

// metrics are Bedrock's measurements as they come.
type metrics struct {
	InputTokens  Count `json:"inputTokenCount"`
	OutputTokens Count `json:"outputTokenCount"`
	CacheRead    Count `json:"cacheReadInputTokenCount"`
	CacheWrite   Count `json:"cacheWriteInputTokenCount"`
	Latency      Count `json:"invocationLatency"`
}

// Add takes in what Bedrock has added to a body or chunk. Most chunks have
// nothing of the kind, so that is found out first, without decoding. Members that
// cannot be read are left out: the answer beside them can be read all the same.
// What is no JSON object is left to the format's codec, which refuses it.
func (s *Service) Add(chunk []byte) {
	if !bytes.Contains(chunk, []byte("zon-bedrock-")) { // bytes.Index is quick if the first byte is rare
		return
	}
	var m serviceMembers
	if json.Unmarshal(chunk, &m) != nil {
		return
	}
	if string(m.Action) == `"INTERVENED"` {
		s.Intervened = true
	}
	if len(m.Trace) > 0 && string(m.Trace) != "null" {
		s.Trace = m.Trace
	}
	if len(m.Metrics) > 0 && string(m.Metrics) != "null" {
		var c metrics
		s.Metrics = &Metrics{Garbled: json.Unmarshal(m.Metrics, &c) != nil}
		if !s.Metrics.Garbled {
			*s.Metrics = Metrics{InputTokens: c.InputTokens, OutputTokens: c.OutputTokens,
				CacheRead: c.CacheRead, CacheWrite: c.CacheWrite, Latency: Milliseconds(c.Latency.N())}
		}
	}
}

// Milliseconds returns a duration of n milliseconds. It is zero if n cannot be
// the time that a call took.
func Milliseconds(n int) time.Duration {
	const most = 1e9 // some eleven days
	if n < 0 || n > most {
		return 0
	}
	return time.Duration(n) * time.Millisecond
}
