package conformance

import (
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// Capabilities is what a subject claims to support. A case that needs more does
// not apply, and a request for more must be refused. The zero value claims plain
// text in both directions and nothing else.
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
	kinds := probe.RefusedKinds()
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

// claims returns what c claims as the rooms of cases know it.
func (c *Capabilities) claims() probe.Claims { return probe.Claims(*c) }

// claim reports whether c claims a capability.
func (c *Capabilities) claim(what Capability) bool {
	claims := c.claims()
	return claims.Has(probe.Capability(what))
}
