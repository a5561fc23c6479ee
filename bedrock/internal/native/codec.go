package native

import (
	"encoding/json"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Codec is one body format. It is safe for concurrent use.
type Codec interface {
	// Encode returns the body for a request that is valid. What cannot be
	// expressed is a [*model.Error].
	Encode(req *model.Request, in *Input) (*Encoded, error)

	// Decode reads the body of an answer. It keeps nothing of body.
	Decode(body []byte) (*Answer, error)

	// Stream returns a decoder for the chunks of one answer. Events go to
	// emit; its errors end the stream and come back as they are.
	Stream(emit func(model.Event) error) Decoder
}

// An Input is what decides on a body beside the request.
type Input struct {
	Rules  Rules
	Stream bool // the answer is to come in chunks

	// Additional is a JSON object of further members of the body, or empty.
	Additional json.RawMessage

	// Effort is how hard the answer should be worked on, apart from thinking.
	Effort string

	// Guardrail says that a guardrail is applied, by header.
	Guardrail *Guardrail
}

// A Guardrail is what of a guardrail's settings goes into the body.
type Guardrail struct {
	StreamMode string // "sync", "async" or empty
}

// An Encoded is a request ready to be sent.
type Encoded struct {
	Body     []byte
	Warnings []model.Warning
}

// An Answer is what a body says. Only Parts and StopReason are the message;
// the rest is about it.
type Answer struct {
	Parts      []model.Part // of a complete body; nil from a Decoder
	StopReason model.StopReason
	Usage      *model.Usage    // nil if the body does not tell
	Garbled    bool            // the body tells, but what it says cannot be read
	RawUsage   json.RawMessage // the body's own counters

	// Sources are JSON objects to look for the caller's response fields in,
	// the best first.
	Sources []json.RawMessage

	Warnings []model.Warning
}

// A Service is what Bedrock itself added to a body.
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

// A Decoder reads the chunks of one answer.
type Decoder interface {
	// Chunk takes in the next chunk. It keeps nothing of it.
	Chunk(chunk []byte) error

	// Progress says how far the answer has come.
	Progress() Progress

	// Answer returns what is known about the answer so far.
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

func (e *ServiceError) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}
