package bedrock

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// Extra is what Bedrock knows beyond the neutral request. Put a pointer to
// one into [model.Request.Extra]. Zero fields are left to the service.
type Extra struct {
	// AdditionalFields is a JSON object of the model's own parameters
	// (additionalModelRequestFields), sent byte for byte unless TopK or
	// Thinking of the request add members to it. Members given here win.
	AdditionalFields json.RawMessage

	// ResponseFieldPaths are JSON Pointers to fields of the model's own
	// answer, to be returned in ResponseExtra.AdditionalFields.
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
	// default. The trace comes in [ResponseExtra].
	Trace string

	// StreamMode is "sync" or "async"; empty: the service's default. It is for
	// streams, and left out of other calls.
	StreamMode string
}

// ExtraFor returns [Provider].
func (*Extra) ExtraFor() string { return Provider }

// CloneExtra returns a copy that shares nothing with x.
func (x *Extra) CloneExtra() model.Extra {
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

// extraOf returns the request's own Extra, an empty one if there is none.
func extraOf(req *model.Request) *Extra {
	for _, x := range req.Extra {
		if x, ok := x.(*Extra); ok && x != nil {
			return x
		}
	}
	return &Extra{}
}

// A ResponseExtra is what Bedrock says beyond the neutral answer. It is the
// type behind [model.Response.Extra]; see [ExtraOf]. Raw members are as the
// service sent them, byte for byte, and nil if it did not.
type ResponseExtra struct {
	// AdditionalFields answers Extra.ResponseFieldPaths.
	AdditionalFields json.RawMessage

	// Trace is what guardrails and prompt routers did, raw; see
	// [ResponseExtra.GuardrailTrace].
	Trace json.RawMessage

	// Usage is the service's own token count, next to the normalised one.
	Usage json.RawMessage

	Latency     string // the performance configuration that was applied
	ServiceTier string // the service tier that was used
}

// ExtraOf returns Bedrock's part of an answer, nil if it is not Bedrock's.
func ExtraOf(resp *model.Response) *ResponseExtra {
	if resp == nil {
		return nil
	}
	x, _ := resp.Extra.(*ResponseExtra)
	return x
}
