package conformance

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Capabilities is what a subject claims. A case that needs what is not
// claimed does not apply; what a request can ask for and is not claimed must
// be refused. The zero value claims nothing but plain text both ways.
type Capabilities struct {
	// Capabilities is what the model itself reports, if it is a
	// [model.CapabilityReporter]; a case compares the two.
	model.Capabilities

	Sampling         bool // Request.Temperature and TopP reach the provider, at least one at a time
	TopK             bool // Request.TopK reaches the provider
	UnsignedThinking bool // answers may hold thinking without a signature
	RedactedThinking bool // answers may hold redacted thinking
	RedactedText     bool // and it is text: the provider's format has no place for other bytes
	JSONAsText       bool // JSON in tool results is sent as text: the provider's format has no other place for it
	EffortOnly       bool // thinking is asked for by an effort; a budget can't be expressed
	ServerTools      bool // answers may hold calls of tools that the provider runs
	Citations        bool // answers may hold cited text
	MediaURIs        bool // images may be given by URI

	Usage       bool // answers say how many tokens they took
	UsageGaps   bool // and some do not, or do not split cache writes: the script decides
	CacheWrites bool // usage splits cache writes by lifetime
	RequestIDs  bool // answers and errors carry the provider's id of the call
	Latency     bool // answers say how long the provider took
	RetryAfter  bool // errors carry the provider's advice to wait

	// CacheTTLs are the lifetimes that cache points may ask for.
	CacheTTLs []time.Duration

	// StopReasons are those that the provider can tell; nil means end_turn
	// only. UnknownStopReasons says that reasons which this library has no
	// name for pass through.
	StopReasons        []model.StopReason
	UnknownStopReasons bool

	// ErrorKinds are the kinds of failure that the provider tells apart when
	// it refuses a call, StreamErrorKinds those that it can tell in the
	// middle of a stream.
	ErrorKinds, StreamErrorKinds []model.ErrorKind
}

// AllCapabilities returns a claim of everything, as the fake can make it:
// with cache lifetimes of 5 minutes and 1 hour, all stop reasons, and all
// kinds of failure that a provider can report.
func AllCapabilities() Capabilities {
	kinds := []model.ErrorKind{
		model.ErrInvalidRequest, model.ErrUnsupported, model.ErrContextOverflow, model.ErrAuthentication,
		model.ErrPermission, model.ErrNotFound, model.ErrThrottled, model.ErrQuota, model.ErrTimeout,
		model.ErrUnavailable, model.ErrProvider,
	}
	return Capabilities{
		Capabilities: model.Capabilities{
			Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true, StructuredOutput: true,
			StopSequences: true, Thinking: true, SignedThinking: true, PromptCaching: true,
			Images: true, Documents: true, Video: true, Audio: true, TokenCounting: true,
		},
		Sampling: true, TopK: true, UnsignedThinking: true, RedactedThinking: true, ServerTools: true, Citations: true,
		MediaURIs: true, Usage: true, UsageGaps: true, CacheWrites: true, RequestIDs: true, Latency: true, RetryAfter: true,
		CacheTTLs: []time.Duration{5 * time.Minute, time.Hour},
		StopReasons: []model.StopReason{
			model.StopEndTurn, model.StopToolUse, model.StopMaxTokens, model.StopSequence, model.StopContentFiltered,
			model.StopGuardrail, model.StopContextWindow, model.StopMalformedOutput, model.StopMalformedTool,
		},
		UnknownStopReasons: true,
		ErrorKinds:         kinds,
		StreamErrorKinds:   kinds,
	}
}

// A Capability names a field of [Capabilities], or something else that a case
// depends on.
type Capability string

// The capabilities that cases need.
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
)

// claims reports whether c claims a capability.
func (c *Capabilities) claims(what Capability) bool {
	switch what {
	case Tools:
		return c.Tools
	case ForcedTools:
		return c.ForcedTools
	case ForcedToolsThink:
		return c.ForcedToolsThink
	case ParallelTools:
		return c.ParallelTools
	case StructuredOutput:
		return c.StructuredOutput
	case StopSequences:
		return c.StopSequences
	case Thinking:
		return c.Thinking
	case SignedThinking:
		return c.SignedThinking
	case PromptCaching:
		return c.PromptCaching
	case Images:
		return c.Images
	case Documents:
		return c.Documents
	case Video:
		return c.Video
	case Audio:
		return c.Audio
	case TokenCounting:
		return c.TokenCounting
	}
	return c.claimsMore(what)
}

// claimsMore is claims for what package model has no field for.
func (c *Capabilities) claimsMore(what Capability) bool {
	switch what {
	case Sampling:
		return c.Sampling
	case TopK:
		return c.TopK
	case UnsignedThinking:
		return c.UnsignedThinking
	case RedactedThinking:
		return c.RedactedThinking
	case ServerTools:
		return c.ServerTools
	case Citations:
		return c.Citations
	case MediaURIs:
		return c.MediaURIs
	case Usage:
		return c.Usage
	case UsageGaps:
		return c.UsageGaps
	case CacheTTLs:
		return c.PromptCaching && len(c.CacheTTLs) > 0
	case CacheWrites:
		return c.CacheWrites
	case RequestIDs:
		return c.RequestIDs
	case Latency:
		return c.Latency
	case RetryAfter:
		return c.RetryAfter
	case UnknownStopReasons:
		return c.UnknownStopReasons
	case ErrorKinds:
		return len(c.ErrorKinds) > 0
	case StreamErrorKinds:
		return len(c.StreamErrorKinds) > 0
	}
	return false
}

// stops reports whether the provider can tell a stop reason.
func (c *Capabilities) stops(reason model.StopReason) bool {
	return reason == model.StopEndTurn || slices.Contains(c.StopReasons, reason)
}
