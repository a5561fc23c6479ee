package probe

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Claims are the claims of a subject. Capabilities of package conformance
// documents each field, and is converted to this type.
type Claims struct {
	model.Capabilities

	Sampling, TopK                                   bool
	UnsignedThinking, RedactedThinking, RedactedText bool
	JSONAsText, EffortOnly                           bool
	ServerTools, Citations, MediaURIs                bool
	OneText, NoStreaming, OwnIDs, HTTP               bool

	Usage, UsageGaps, CacheWrites, RequestIDs, Latency, RetryAfter, ErrorCodes bool

	CacheTTLs                    []time.Duration
	StopReasons                  []model.StopReason
	UnknownStopReasons           bool
	ErrorKinds, StreamErrorKinds []model.ErrorKind
}

// A Capability names a field of [Claims], or another condition of a case.
type Capability string

// The conditions of cases.
const (
	Tools              Capability = "tools"
	ForcedTools        Capability = "forced tools"
	ForcedToolsThink   Capability = "forced tools while thinking"
	ParallelTools      Capability = "parallel tools"
	StructuredOutput   Capability = "structured output"
	StopSequences      Capability = "stop sequences"
	Thinking           Capability = "thinking"
	SignedThinking     Capability = "signed thinking"
	UnsignedThinking   Capability = "unsigned thinking"
	RedactedThinking   Capability = "redacted thinking"
	PromptCaching      Capability = "prompt caching"
	CacheTTLs          Capability = "cache lifetimes"
	CacheWrites        Capability = "cache writes by lifetime"
	Images             Capability = "images"
	Documents          Capability = "documents"
	Video              Capability = "video"
	Audio              Capability = "audio"
	MediaURIs          Capability = "media by URI"
	TokenCounting      Capability = "token counting"
	Sampling           Capability = "sampling"
	TopK               Capability = "top k"
	ServerTools        Capability = "server tools"
	Citations          Capability = "citations"
	Usage              Capability = "usage"
	UsageGaps          Capability = "usage that is not told"
	RequestIDs         Capability = "request ids"
	Latency            Capability = "latency"
	RetryAfter         Capability = "retry after"
	UnknownStopReasons Capability = "unknown stop reasons"
	ErrorKinds         Capability = "error kinds"
	StreamErrorKinds   Capability = "error kinds within a stream"

	SeveralTexts Capability = "several texts in an answer"
	Streaming    Capability = "streaming"
	GivenIDs     Capability = "ids of calls that the provider gives"
	HTTP         Capability = "HTTP"
	ErrorCodes   Capability = "error codes"
)

// Has reports whether c claims a capability.
func (c *Claims) Has(what Capability) bool {
	switch what {
	case CacheTTLs:
		return c.PromptCaching && len(c.CacheTTLs) > 0
	case ErrorKinds:
		return len(c.ErrorKinds) > 0
	case StreamErrorKinds:
		return len(c.StreamErrorKinds) > 0 && !c.NoStreaming
	}
	return c.flags()[what]
}

// flags returns the capabilities that have a field of their own.
func (c *Claims) flags() map[Capability]bool {
	return map[Capability]bool{
		Tools:            c.Tools,
		ForcedTools:      c.ForcedTools,
		ForcedToolsThink: c.ForcedToolsThink,
		ParallelTools:    c.ParallelTools,
		StructuredOutput: c.StructuredOutput,
		StopSequences:    c.StopSequences,
		Thinking:         c.Thinking,
		SignedThinking:   c.SignedThinking,
		PromptCaching:    c.PromptCaching,
		Images:           c.Images,
		Documents:        c.Documents,
		Video:            c.Video,
		Audio:            c.Audio,
		TokenCounting:    c.TokenCounting,

		Sampling:           c.Sampling,
		TopK:               c.TopK,
		UnsignedThinking:   c.UnsignedThinking,
		RedactedThinking:   c.RedactedThinking,
		ServerTools:        c.ServerTools,
		Citations:          c.Citations,
		MediaURIs:          c.MediaURIs,
		Usage:              c.Usage,
		UsageGaps:          c.UsageGaps,
		CacheWrites:        c.CacheWrites,
		RequestIDs:         c.RequestIDs,
		Latency:            c.Latency,
		RetryAfter:         c.RetryAfter,
		ErrorCodes:         c.ErrorCodes,
		UnknownStopReasons: c.UnknownStopReasons,
		HTTP:               c.HTTP,

		SeveralTexts: !c.OneText,
		Streaming:    !c.NoStreaming,
		GivenIDs:     !c.OwnIDs,
	}
}

// Stops reports whether the provider can report a stop reason.
func (c *Claims) Stops(reason model.StopReason) bool {
	return reason == model.StopEndTurn || slices.Contains(c.StopReasons, reason)
}
