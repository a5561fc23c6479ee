package model

import (
	"encoding/json"
	"log/slog"
)

// errorJSON is what an error shows of itself to machines: what its text shows,
// so neither the causes, which may hold what a library knows of a request, nor
// the answer so far.
type errorJSON struct {
	Kind         string `json:"kind"`
	Provider     string `json:"provider,omitempty"`
	Op           string `json:"op,omitempty"`
	Model        string `json:"model,omitempty"`
	Code         string `json:"code,omitempty"`
	Status       int    `json:"status,omitempty"`
	Message      string `json:"message,omitempty"`
	RequestID    string `json:"request_id,omitempty"`
	RetryAfterMS int64  `json:"retry_after_ms,omitempty"`
}

// MarshalJSON writes what the error's text says, member by member. Causes are
// in it as their text only, and Partial is left out.
func (e *Error) MarshalJSON() ([]byte, error) {
	v := errorJSON{string(e.kind()), e.Provider, e.Op, e.Model, e.Code, e.Status, e.Message, e.RequestID, e.RetryAfter.Milliseconds()}
	if v.Message == "" && e.Err != nil {
		v.Message = e.Err.Error()
	}
	return json.Marshal(v)
}

// LogValue makes log/slog show the error's text.
func (e *Error) LogValue() slog.Value { return slog.StringValue(e.Error()) }
