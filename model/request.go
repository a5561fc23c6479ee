package model

import (
	"encoding/json"
	"slices"
	"time"
)

// A Request is one call: a conversation and how it should be answered.
//
// The zero value of every field except Messages leaves the choice to the
// provider. Numbers for which zero is meaningful are pointers:
//
//	req.Temperature = new(0.0)
//
// Its JSON keeps messages exactly. It keeps the value of schemas, but not their
// white space.
//
// A Request belongs to its caller. Models neither modify nor keep it, so one
// Request may be used for many calls, even concurrently.
type Request struct {
	// Messages is the conversation. System messages may stand anywhere; where
	// a provider has one place for all of them, they go there in order.
	Messages []Message `json:"messages"`

	Tools      []Tool     `json:"tools,omitempty"`
	ToolChoice ToolChoice `json:"tool_choice,omitzero"`

	MaxTokens     int      `json:"max_tokens,omitempty"`     // limit of the answer in tokens, thinking included
	Temperature   *float64 `json:"temperature,omitempty"`    // randomness; 0 is the least
	TopP          *float64 `json:"top_p,omitempty"`          // nucleus sampling, in 0..1
	TopK          int      `json:"top_k,omitempty"`          // sample from the K likeliest tokens
	StopSequences []string `json:"stop_sequences,omitempty"` // end the answer before any of these

	Thinking *ThinkingConfig `json:"thinking,omitempty"` // extended thinking
	Output   *OutputFormat   `json:"output,omitempty"`   // structured output
	Cache    *CacheConfig    `json:"cache,omitempty"`    // automatic cache points

	// ProviderOptions holds settings of single providers, such as bedrock.ProviderOptions. A
	// provider reads its own and passes over the others, so that one request
	// can serve a chain of fallbacks. It is not part of the JSON.
	ProviderOptions []ProviderOptions `json:"-"`
}

// ProviderOptions are a provider's own settings for a request. A provider defines one
// type for them; a request holds at most one value of it.
type ProviderOptions interface {
	// OptionsFor names the provider.
	OptionsFor() string

	// CloneOptions returns a copy that shares nothing with the original.
	CloneOptions() ProviderOptions
}

// A ThinkingMode switches extended thinking.
type ThinkingMode string

// The thinking modes.
const (
	// ThinkingDefault follows from the rest of a ThinkingConfig: a Budget
	// means enabled, an Effort whatever the provider takes it for.
	ThinkingDefault  ThinkingMode = ""
	ThinkingEnabled  ThinkingMode = "enabled"  // think before answering
	ThinkingAdaptive ThinkingMode = "adaptive" // the model decides how much
	ThinkingDisabled ThinkingMode = "disabled" // do not think
)

// A ThinkingConfig asks for extended thinking.
type ThinkingConfig struct {
	Mode ThinkingMode `json:"mode,omitempty"`

	// Budget limits the thinking in tokens. Zero means the provider's
	// default. It counts towards Request.MaxTokens.
	Budget int `json:"budget,omitempty"`

	// Effort says how hard to think: "low", "medium", "high", and what else
	// the provider knows. Empty means the provider's default.
	Effort string `json:"effort,omitempty"`
}

// An OutputFormat asks for an answer in JSON of a given schema.
type OutputFormat struct {
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	Schema      json.RawMessage `json:"schema"` // a JSON Schema; required
}

// A CacheConfig asks the provider to cache the prompt's stable prefix, with
// cache points placed automatically: after the tools, the system messages and
// the end of the conversation, as far as the model has them and allows them.
type CacheConfig struct {
	// TTL is how long the prefix should live. Zero means the provider's
	// default, usually 5 minutes.
	TTL time.Duration
}

// Clone returns a copy that shares nothing with req.
func (req *Request) Clone() *Request {
	if req == nil {
		return nil
	}
	c := *req
	c.Messages = slices.Clone(req.Messages)
	for i, m := range c.Messages {
		c.Messages[i] = m.Clone()
	}
	c.Tools = slices.Clone(req.Tools)
	for i, t := range c.Tools {
		c.Tools[i] = t.clone()
	}
	c.ToolChoice.Parallel = clonePointer(req.ToolChoice.Parallel)
	c.Temperature = clonePointer(req.Temperature)
	c.TopP = clonePointer(req.TopP)
	c.StopSequences = slices.Clone(req.StopSequences)
	c.Thinking = clonePointer(req.Thinking)
	c.Cache = clonePointer(req.Cache)
	if c.Output = clonePointer(req.Output); c.Output != nil {
		c.Output.Schema = slices.Clone(c.Output.Schema)
	}
	c.ProviderOptions = slices.Clone(req.ProviderOptions)
	for i, x := range c.ProviderOptions {
		if x != nil {
			c.ProviderOptions[i] = x.CloneOptions()
		}
	}
	return &c
}
