package native

import (
	"encoding/json"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// An Answer is what a body says. Only Parts and StopReason are the message;
// the rest is about it.
type Answer struct {
	Parts      []model.Part // of a complete body; nil from a Decoder
	StopReason model.StopReason
	Usage      *model.Usage    // nil if the body has none that can be read
	Garbled    bool            // the body has one that cannot be read
	RawUsage   json.RawMessage // the body's own counters

	// Sources are JSON objects to look for the caller's response fields in,
	// the best first.
	Sources []json.RawMessage

	Warnings []model.Warning
}

// A Service is what Bedrock itself added to a body, whatever its format.
type Service struct {
	Intervened bool            // a guardrail took the answer's place
	Trace      json.RawMessage // what guardrails did
	Metrics    *Metrics        // only in the last chunk of a stream
}

// Metrics are Bedrock's own measurements of a call.
type Metrics struct {
	InputTokens, OutputTokens, CacheRead, CacheWrite Count
	Latency                                          time.Duration
	Garbled                                          bool // they have a form that is not known
}

// A Decoder reads the chunks of one answer. It is used by one goroutine.
type Decoder interface {
	// Chunk takes in the next chunk. It keeps nothing of it.
	Chunk(chunk []byte) error

	// Progress returns how far the answer has come.
	Progress() Progress

	// Answer returns what is known about the answer so far. It is called at the
	// end of a stream, also of one that broke off.
	Answer() *Answer
}

// A Progress is how far an answer has come.
type Progress int8

// The degrees of progress.
const (
	Running  Progress = iota // more is to come
	Stopped                  // the message is complete; more may be said about it
	Complete                 // nothing more is to come
)

// A ServiceError is a failure that the model reports in a body or a chunk of a
// call that has succeeded otherwise.
type ServiceError struct {
	Type    string // the format's name for it, such as "overloaded_error"
	Message string
}

// Error returns the model's own words.
func (e *ServiceError) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}
