package native

import (
	"bytes"
	"encoding/json"
	"time"
)

// serviceMembers is what Bedrock adds to the bodies of all models.
type serviceMembers struct {
	Action  string          `json:"amazon-bedrock-guardrailAction"`
	Trace   json.RawMessage `json:"amazon-bedrock-trace"`
	Metrics *struct {
		InputTokenCount           *int  `json:"inputTokenCount"`
		OutputTokenCount          *int  `json:"outputTokenCount"`
		CacheReadInputTokenCount  *int  `json:"cacheReadInputTokenCount"`
		CacheWriteInputTokenCount *int  `json:"cacheWriteInputTokenCount"`
		InvocationLatency         int64 `json:"invocationLatency"`
	} `json:"amazon-bedrock-invocationMetrics"`
}

// Add takes in what Bedrock has added to a body or chunk. Most chunks have
// nothing of the kind, so that is found out first.
func (s *Service) Add(chunk []byte) error {
	if !bytes.Contains(chunk, []byte("zon-bedrock-")) { // bytes.Index is quick if the first byte is rare
		return nil
	}
	var m serviceMembers
	if err := json.Unmarshal(chunk, &m); err != nil {
		return err
	}
	if m.Action == "INTERVENED" {
		s.Intervened = true
	}
	if len(m.Trace) > 0 && string(m.Trace) != "null" {
		s.Trace = m.Trace
	}
	if c := m.Metrics; c != nil {
		s.Metrics = &Metrics{InputTokens: c.InputTokenCount, OutputTokens: c.OutputTokenCount,
			CacheRead: c.CacheReadInputTokenCount, CacheWrite: c.CacheWriteInputTokenCount,
			Latency: time.Duration(c.InvocationLatency) * time.Millisecond}
	}
	return nil
}
