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
	OneText          bool // an answer has one text, in front of all calls: the provider's format has no place for more
	NoStreaming      bool // the provider can't stream: a stream is a call whose parts come out whole
	OwnIDs           bool // the model makes ids of calls of its own, and sends them back to the provider as they are
	HTTP             bool // the model talks to its server by clients of [NewTransport]

	Usage       bool // answers say how many tokens they took
	UsageGaps   bool // and some do not, or do not split cache writes: the script decides
	CacheWrites bool // usage splits cache writes by lifetime
	RequestIDs  bool // answers and errors carry the provider's id of the call
	Latency     bool // answers say how long the provider took
	RetryAfter  bool // errors carry the provider's advice to wait
	ErrorCodes  bool // errors carry the provider's own code and status

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
		ErrorCodes: true, CacheTTLs: []time.Duration{5 * time.Minute, time.Hour},
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

// What cases need.
const (
	capTools              Capability = "tools"
	capForcedTools        Capability = "forced tools"
	capForcedToolsThink   Capability = "forced tools while thinking"
	capParallelTools      Capability = "parallel tools"
	capStructuredOutput   Capability = "structured output"
	capStopSequences      Capability = "stop sequences"
	capThinking           Capability = "thinking"
	capSignedThinking     Capability = "signed thinking"
	capUnsignedThinking   Capability = "unsigned thinking"
	capRedactedThinking   Capability = "redacted thinking"
	capPromptCaching      Capability = "prompt caching"
	capCacheTTLs          Capability = "cache lifetimes"
	capCacheWrites        Capability = "cache writes by lifetime"
	capImages             Capability = "images"
	capDocuments          Capability = "documents"
	capVideo              Capability = "video"
	capAudio              Capability = "audio"
	capMediaURIs          Capability = "media by URI"
	capTokenCounting      Capability = "token counting"
	capSampling           Capability = "sampling"
	capTopK               Capability = "top k"
	capServerTools        Capability = "server tools"
	capCitations          Capability = "citations"
	capUsage              Capability = "usage"
	capUsageGaps          Capability = "usage that is not told"
	capRequestIDs         Capability = "request ids"
	capLatency            Capability = "latency"
	capRetryAfter         Capability = "retry after"
	capUnknownStopReasons Capability = "unknown stop reasons"
	capErrorKinds         Capability = "error kinds"
	capStreamErrorKinds   Capability = "error kinds within a stream"

	capSeveralTexts Capability = "several texts in an answer"
	capStreaming    Capability = "streaming"
	capGivenIDs     Capability = "ids of calls that the provider gives"
	capHTTP         Capability = "HTTP"
	capErrorCodes   Capability = "error codes"
)

// claims reports whether c claims a capability.
func (c *Capabilities) claims(what Capability) bool {
	switch what {
	case capTools:
		return c.Tools
	case capForcedTools:
		return c.ForcedTools
	case capForcedToolsThink:
		return c.ForcedToolsThink
	case capParallelTools:
		return c.ParallelTools
	case capStructuredOutput:
		return c.StructuredOutput
	case capStopSequences:
		return c.StopSequences
	case capThinking:
		return c.Thinking
	case capSignedThinking:
		return c.SignedThinking
	case capPromptCaching:
		return c.PromptCaching
	case capImages:
		return c.Images
	case capDocuments:
		return c.Documents
	case capVideo:
		return c.Video
	case capAudio:
		return c.Audio
	case capTokenCounting:
		return c.TokenCounting
	}
	return c.claimsMore(what)
}

// claimsMore is claims for what package model has no field for.
func (c *Capabilities) claimsMore(what Capability) bool {
	switch what {
	case capSampling:
		return c.Sampling
	case capTopK:
		return c.TopK
	case capUnsignedThinking:
		return c.UnsignedThinking
	case capRedactedThinking:
		return c.RedactedThinking
	case capServerTools:
		return c.ServerTools
	case capCitations:
		return c.Citations
	case capMediaURIs:
		return c.MediaURIs
	case capUsage:
		return c.Usage
	case capUsageGaps:
		return c.UsageGaps
	case capCacheTTLs:
		return c.PromptCaching && len(c.CacheTTLs) > 0
	case capCacheWrites:
		return c.CacheWrites
	case capRequestIDs:
		return c.RequestIDs
	case capLatency:
		return c.Latency
	case capRetryAfter:
		return c.RetryAfter
	case capUnknownStopReasons:
		return c.UnknownStopReasons
	case capErrorKinds:
		return len(c.ErrorKinds) > 0
	case capStreamErrorKinds:
		return len(c.StreamErrorKinds) > 0 && !c.NoStreaming
	case capSeveralTexts:
		return !c.OneText
	case capStreaming:
		return !c.NoStreaming
	case capGivenIDs:
		return !c.OwnIDs
	case capErrorCodes:
		return c.ErrorCodes
	case capHTTP:
		return c.HTTP
	}
	return false
}

// stops reports whether the provider can tell a stop reason.
func (c *Capabilities) stops(reason model.StopReason) bool {
	return reason == model.StopEndTurn || slices.Contains(c.StopReasons, reason)
}
