package model

import (
	"encoding/json"
	"slices"
	"time"
)

// A Response is a model's complete answer. It belongs to its receiver.
type Response struct {
	// Message is the answer, ready to be appended to the history.
	Message Message `json:"message"`

	// StopReason says why the answer ended.
	StopReason StopReason `json:"stop_reason,omitempty"`

	// Usage counts the tokens, if the provider reported them; see Usage.Known.
	// The models, streams and errors of this module always set it. Nil, in a
	// Response made by hand, means not known.
	Usage *Usage `json:"usage,omitempty"`

	Model     string        `json:"model,omitempty"`      // who answered, as asked for
	RequestID string        `json:"request_id,omitempty"` // the provider's id of the call
	Latency   time.Duration `json:"-"`                    // as the provider measured it; zero if it did not

	// Warnings lists what was dropped, moved or weakened to express the
	// request, in the order of the request.
	Warnings []Warning `json:"warnings,omitempty"`

	// Attempts lists the calls that failed before this answer came, in order,
	// where [Retry] or [Fallback] made them. It is not part of the JSON.
	Attempts []Attempt `json:"-"`

	// ProviderMetadata is what else the provider said, in a type of its own, such as
	// *bedrock.ProviderMetadata. Nil if nothing.
	ProviderMetadata any `json:"-"`
}

// Text returns the answer's text; see [Message.Text].
func (r *Response) Text() string { return r.Message.Text() }

// ToolCalls returns the calls to run; see [Message.ToolCalls].
func (r *Response) ToolCalls() []ToolCall { return r.Message.ToolCalls() }

// Thinking returns the answer's thinking; see [Message.Thinking].
func (r *Response) Thinking() []Thinking { return r.Message.Thinking() }

// Clone returns a copy that shares nothing with r but ProviderMetadata and the
// errors of Attempts.
func (r *Response) Clone() *Response {
	if r == nil {
		return nil
	}
	c := *r
	c.Message = r.Message.Clone()
	if c.Usage = clonePointer(r.Usage); c.Usage != nil {
		c.Usage.CacheWrites = slices.Clone(c.Usage.CacheWrites)
	}
	c.Warnings = slices.Clone(r.Warnings)
	c.Attempts = slices.Clone(r.Attempts)
	return &c
}

// settle makes Usage a pointer that can be followed.
func (r *Response) settle() {
	if r.Usage == nil {
		r.Usage = new(Usage)
	}
}

// A StopReason says why an answer ended. Stop reasons are answers, not
// errors. A reason that is not listed here passes through as the provider
// spells it.
type StopReason string

// The stop reasons.
const (
	StopEndTurn         StopReason = "end_turn"                // the model had said all
	StopToolUse         StopReason = "tool_use"                // the model waits for tool results
	StopMaxTokens       StopReason = "max_tokens"              // Request.MaxTokens or the model's limit
	StopSequence        StopReason = "stop_sequence"           // one of Request.StopSequences
	StopContentFiltered StopReason = "content_filtered"        // the provider's own filter
	StopGuardrail       StopReason = "guardrail_intervened"    // a guardrail of the caller's
	StopContextWindow   StopReason = "context_window_exceeded" // the model ran out of context
	StopMalformedOutput StopReason = "malformed_output"        // the model's output made no sense
	StopMalformedTool   StopReason = "malformed_tool_use"      // the model's tool call made no sense
)

// A Warning says that part of a request was not expressed as asked.
type Warning struct {
	Action WarningAction `json:"action"`
	Field  string        `json:"field"`  // such as "messages[2].parts[0]"
	Reason string        `json:"reason"` // in words
}

// String returns the warning as a line of text.
func (w Warning) String() string { return string(w.Action) + " " + w.Field + ": " + w.Reason }

// A WarningAction says what happened to a field.
type WarningAction string

// The actions.
const (
	WarningDropped WarningAction = "dropped" // left out
	WarningMoved   WarningAction = "moved"   // put elsewhere
	WarningChanged WarningAction = "changed" // weakened or rewritten
)

// TokenUsage returns the usage by value, and one that is not known for a nil
// Usage or Response.
func (r *Response) TokenUsage() Usage {
	if r == nil || r.Usage == nil {
		return Usage{}
	}
	return *r.Usage
}

// A plainResponse is a Response without its methods, so that encoding/json does
// not call them again.
type plainResponse Response

// responseJSON is the form of a response: encoding/json would write its latency
// in nanoseconds.
type responseJSON struct {
	*plainResponse
	LatencyMS int64 `json:"latency_ms,omitempty"`
}

// MarshalJSON writes the response in snake_case, latency in milliseconds and
// without ProviderMetadata. A usage that is not known is left out.
func (r Response) MarshalJSON() ([]byte, error) {
	if r.Usage != nil && !r.Usage.Known {
		r.Usage = nil
	}
	return json.Marshal(responseJSON{(*plainResponse)(&r), r.Latency.Milliseconds()})
}

// UnmarshalJSON reads what MarshalJSON writes. Unknown members are ignored.
func (r *Response) UnmarshalJSON(data []byte) error {
	v := responseJSON{plainResponse: (*plainResponse)(r)}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	r.Latency = time.Duration(v.LatencyMS) * time.Millisecond
	r.settle()
	return nil
}
