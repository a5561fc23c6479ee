package bedrock

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// ProviderOptions are the settings of a request that only Bedrock has. Put a
// pointer to one into [model.Request.ProviderOptions]. Zero fields are left to
// the service.
type ProviderOptions struct {
	// AdditionalFields is a JSON object of the model's own parameters
	// (additionalModelRequestFields), sent byte for byte unless TopK or
	// Thinking of the request add members to it. Members given here win, with a
	// warning if the request sets the same; a null makes way instead.
	AdditionalFields json.RawMessage

	// ResponseFieldPaths are JSON Pointers to fields of the model's own
	// answer, to be returned in ProviderMetadata.AdditionalFields.
	ResponseFieldPaths []string

	Guardrail *Guardrail

	// Latency is "standard" or "optimized" (performanceConfig).
	Latency string

	// ServiceTier is "default", "priority", "flex" or "reserved".
	ServiceTier string

	// Metadata are key-value pairs for filtering invocation logs.
	Metadata map[string]string

	// PromptVariables fill in a prompt of Prompt management, whose ARN then is
	// the model id.
	PromptVariables map[string]string

	// OutputEffort is outputConfig.effort, such as "high". Where Claude's
	// thinking is meant, use Request.Thinking.Effort.
	OutputEffort string
}

// A Guardrail is a guardrail of the caller's account to apply.
// https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html
type Guardrail struct {
	ID      string // or its ARN
	Version string // such as "DRAFT" or "1"

	// Trace is "enabled", "disabled" or "enabled_full"; empty: the service's
	// default. The trace comes in [ProviderMetadata].
	Trace string

	// StreamMode is "sync" or "async"; empty: the service's default. It is for
	// streams, and left out of other calls.
	StreamMode string
}

// OptionsFor returns [Provider].
func (*ProviderOptions) OptionsFor() string { return Provider }

// CloneOptions returns a copy that shares nothing with x.
func (x *ProviderOptions) CloneOptions() model.ProviderOptions {
	if x == nil {
		return x
	}
	c := *x
	c.AdditionalFields = bytes.Clone(x.AdditionalFields)
	c.ResponseFieldPaths = slices.Clone(x.ResponseFieldPaths)
	c.Metadata = maps.Clone(x.Metadata)
	c.PromptVariables = maps.Clone(x.PromptVariables)
	if x.Guardrail != nil {
		g := *x.Guardrail
		c.Guardrail = &g
	}
	return &c
}

// optionsOf returns the request's own ProviderOptions, an empty one if there is none.
func optionsOf(req *model.Request) *ProviderOptions {
	if req == nil { // which the plan refuses
		return &ProviderOptions{}
	}
	for _, x := range req.ProviderOptions {
		if x, ok := x.(*ProviderOptions); ok && x != nil {
			return x
		}
	}
	return &ProviderOptions{}
}

// A ProviderMetadata is the part of an answer that only Bedrock has. It is the
// type behind [model.Response.ProviderMetadata]; see [MetadataOf]. Raw members
// are as the service sent them, byte for byte, or nil if it did not.
type ProviderMetadata struct {
	// AdditionalFields answers ProviderOptions.ResponseFieldPaths.
	AdditionalFields json.RawMessage

	// Trace is the raw trace of guardrails and prompt routers; see
	// [ProviderMetadata.GuardrailTrace].
	Trace json.RawMessage

	// Usage is the service's own token count, next to the normalised one.
	Usage json.RawMessage

	Latency     string // the performance configuration that was applied
	ServiceTier string // the service tier that was used
}

// MetadataOf returns Bedrock's part of an answer, nil if it is not Bedrock's.
func MetadataOf(resp *model.Response) *ProviderMetadata {
	if resp == nil {
		return nil
	}
	x, _ := resp.ProviderMetadata.(*ProviderMetadata)
	return x
}
