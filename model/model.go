package model

import "context"

// A ChatModel answers conversations.
//
// It is the whole contract between an application and a provider:
//
//  1. Both methods may be called concurrently.
//  2. Neither modifies the request, nor keeps it or anything it points to
//     once the call has returned (for Stream: once Stream has returned).
//  3. Whatever is wrong with a request that can be known without asking the
//     provider is an error of kind [ErrInvalidRequest] or [ErrUnsupported],
//     and nothing is sent.
//  4. Failures are an [*Error]; a context that ends is reported as the
//     context's own error, reachable by errors.Is.
//  5. [Response.Warnings] lists everything that had to be dropped, moved or
//     weakened to express the request.
//
// Abilities that not every provider has are optional interfaces, found by the
// free functions of this package: [CountTokens], [CapabilitiesOf], [LimitsOf],
// [InfoOf].
type ChatModel interface {
	// Generate sends the conversation and waits for the complete answer.
	Generate(ctx context.Context, req *Request) (*Response, error)

	// Stream prepares a call whose answer arrives in pieces. Nothing is sent
	// until the stream is ranged over; see [Stream] for the rules.
	Stream(ctx context.Context, req *Request) *Stream
}

// An unwrapper is a ChatModel around another one, as middleware makes it.
// The free functions of this package look through it for optional abilities.
type unwrapper interface {
	Unwrap() ChatModel
}

// A TokenCounter is a ChatModel whose provider can count a prompt's tokens
// without running it. Callers use [CountTokens].
type TokenCounter interface {
	CountTokens(ctx context.Context, req *Request) (int, error)
}

// CountTokens returns how many tokens the prompt in req has, as counted by
// the provider of m. A model that cannot count returns an error of kind
// [ErrUnsupported]. Tokens of a cached prefix are counted like all others.
func CountTokens(ctx context.Context, m ChatModel, req *Request) (int, error) {
	c, ok := find[TokenCounter](m)
	if !ok {
		return 0, &Error{Kind: ErrUnsupported, Op: "count tokens", Message: "this model cannot count tokens"}
	}
	return c.CountTokens(ctx, req)
}

// Capabilities says what a model can do, as far as its provider knows.
// The zero value claims nothing.
type Capabilities struct {
	Tools            bool // Request.Tools is honoured
	ForcedTools      bool // ToolChoice any and named are honoured
	ForcedToolsThink bool // ForcedTools holds while thinking is on, too
	ParallelTools    bool // several calls may come in one answer
	StructuredOutput bool // Request.Output is honoured natively
	StopSequences    bool // Request.StopSequences is honoured
	Thinking         bool // Request.Thinking is honoured
	SignedThinking   bool // thinking carries signatures that must come back
	PromptCaching    bool // CachePoint and Request.Cache are honoured
	Images           bool // Image parts are accepted
	Documents        bool // Document parts are accepted
	Video            bool // Video parts are accepted
	Audio            bool // Audio parts are accepted
	TokenCounting    bool // CountTokens works
}

// A CapabilityReporter is a ChatModel that knows its [Capabilities].
// Callers use [CapabilitiesOf].
type CapabilityReporter interface {
	Capabilities() Capabilities
}

// CapabilitiesOf returns what m says it can do, and whether it says anything.
func CapabilitiesOf(m ChatModel) (Capabilities, bool) {
	r, ok := find[CapabilityReporter](m)
	if !ok {
		return Capabilities{}, false
	}
	return r.Capabilities(), true
}

// and returns what both can do.
func (c Capabilities) and(d Capabilities) Capabilities {
	return Capabilities{
		Tools:            c.Tools && d.Tools,
		ForcedTools:      c.ForcedTools && d.ForcedTools,
		ForcedToolsThink: c.ForcedToolsThink && d.ForcedToolsThink,
		ParallelTools:    c.ParallelTools && d.ParallelTools,
		StructuredOutput: c.StructuredOutput && d.StructuredOutput,
		StopSequences:    c.StopSequences && d.StopSequences,
		Thinking:         c.Thinking && d.Thinking,
		SignedThinking:   c.SignedThinking && d.SignedThinking,
		PromptCaching:    c.PromptCaching && d.PromptCaching,
		Images:           c.Images && d.Images,
		Documents:        c.Documents && d.Documents,
		Video:            c.Video && d.Video,
		Audio:            c.Audio && d.Audio,
		TokenCounting:    c.TokenCounting && d.TokenCounting,
	}
}

// find looks for an optional interface on m and on what it wraps.
func find[T any](m ChatModel) (T, bool) {
	for m != nil {
		if t, ok := m.(T); ok {
			return t, true
		}
		if l, ok := m.(*link); ok {
			if t, ok := l.outer.(T); ok {
				return t, true
			}
		}
		u, ok := m.(unwrapper)
		if !ok {
			break
		}
		m = u.Unwrap()
	}
	var zero T
	return zero, false
}
