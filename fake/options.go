package fake

import (
	"time"

	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options are the properties of a fake that hold for all its turns. The zero
// value is what [New] uses.
type Options struct {
	// Provider is the name that errors and thinking give as their source. Empty
	// means "fake".
	//
	// A fake with a name is that provider: it does not send opaque blocks and
	// thinking of other providers. A fake without a name stands for any
	// provider, as behind a test server of another, and takes the blocks of
	// all.
	Provider string

	// Model is the name of the model that answers. Empty means "fake".
	Model string

	// Capabilities are those that the fake reports. A request that asks for
	// more fails with an error of kind [model.ErrUnsupported]. Nil means
	// everything; prompt caching only together with Cache.
	Capabilities *model.Capabilities

	// Limits are those that the fake reports. It does not enforce them. Nil
	// means that none is known.
	Limits *model.Limits

	// Cache, if not nil, simulates a provider's prompt cache: the estimated
	// usage then reports the tokens written to it and read from it.
	Cache *CacheOptions

	// Tokens estimates the tokens of a piece of a prompt or an answer, which
	// is given in the JSON of package model: one call for every tool and every
	// part of a message. It must be safe for concurrent use. Nil counts one
	// token for every 4 bytes begun.
	Tokens func(json []byte) int

	// Strict rejects histories that [model.Request.Validate] accepts but most
	// providers reject: tool calls that the next message does not all answer,
	// and results without a call. An answer that calls a tool that the request
	// does not offer fails, too.
	Strict bool
}

// CacheOptions are the properties of a simulated prompt cache. The zero value
// is a cache that any prefix is long enough for.
type CacheOptions struct {
	// TTL is the lifetime of a prefix whose cache point sets none; each use
	// renews it. Zero means 5 minutes. The time is that of the time package, so
	// a testing/synctest bubble can move it.
	TTL time.Duration

	// MinTokens is the minimum length of a prefix that is cached. Shorter ones
	// are ignored without an error, as providers do.
	MinTokens int
}

// rules returns what the cache keeps.
func (o *CacheOptions) rules() promptcache.Rules {
	lifetime := func(asked time.Duration) time.Duration {
		switch {
		case asked != 0:
			return asked
		case o.TTL > 0:
			return o.TTL
		}
		return promptcache.DefaultTTL
	}
	return promptcache.Rules{MinTokens: o.MinTokens, Lifetime: lifetime}
}

// settled returns a copy with its defaults filled in.
func (o *Options) settled() Options {
	var s Options
	if o != nil {
		s = *o
	}
	if s.Provider == "" {
		s.Provider = "fake"
	}
	if s.Model == "" {
		s.Model = "fake"
	}
	if s.Tokens == nil {
		s.Tokens = func(json []byte) int { return tokensOf(len(json)) }
	}
	caps := model.Capabilities{
		Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true,
		StructuredOutput: true, StopSequences: true, Thinking: true, SignedThinking: true,
		PromptCaching: s.Cache != nil,
		Images:        true, Documents: true, Video: true, Audio: true, TokenCounting: true,
	}
	if s.Capabilities != nil {
		caps = *s.Capabilities
	}
	s.Capabilities = &caps
	if s.Cache != nil {
		s.Cache = new(*s.Cache)
	}
	var limits model.Limits
	if s.Limits != nil {
		limits = cloneLimits(*s.Limits)
	}
	s.Limits = &limits
	return s
}

// tokensOf is the estimate of tokens where [Options.Tokens] has none: one for
// every 4 bytes begun.
func tokensOf(bytes int) int { return (bytes + 3) / 4 }
