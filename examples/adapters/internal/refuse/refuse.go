// Package refuse finds the settings of a request that an adapter cannot
// express, before anything is sent.
package refuse

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
)

// Claims are the features beyond text that an adapter supports.
type Claims struct {
	model.Capabilities
	Sampling, TopK, Strict, Parallel bool
}

// Request returns an error if a request is invalid or cannot be expressed.
func Request(req *model.Request, provider, op, modelID string, can Claims) error {
	if err := req.Validate(); err != nil {
		if e, ok := err.(*model.Error); ok {
			labelled := *e
			labelled.Provider, labelled.Op, labelled.Model = provider, op, modelID
			return &labelled
		}
		return err
	}
	c := check{can: can}
	c.request(req)
	if c.field == "" {
		return nil
	}
	return &model.Error{Kind: model.ErrUnsupported, Provider: provider, Op: op, Model: modelID,
		Message: c.field + ": the adapter cannot express this"}
}

// A check finds the first field that cannot be expressed.
type check struct {
	can   Claims
	field string
}

func (c *check) unless(can bool, format string, args ...any) {
	if !can && c.field == "" {
		c.field = fmt.Sprintf(format, args...)
	}
}

func (c *check) request(req *model.Request) {
	can := &c.can
	c.unless(can.Tools || len(req.Tools) == 0, "tools")
	for i, t := range req.Tools {
		c.unless(!t.ServerSide, "tools[%d].server_side", i)
		c.unless(can.Strict || t.Strict == nil, "tools[%d].strict", i)
		c.unless(can.PromptCaching || t.Cache == nil, "tools[%d].cache", i)
	}
	switch req.ToolChoice.Mode {
	case model.ToolsAny, model.ToolsNamed:
		c.unless(can.ForcedTools, "tool_choice")
	case model.ToolsNone:
		c.unless(can.Tools, "tool_choice")
	}
	c.unless(can.Parallel || req.ToolChoice.Parallel == nil, "tool_choice.parallel")
	c.unless(can.Sampling || req.Temperature == nil, "temperature")
	c.unless(can.Sampling || req.TopP == nil, "top_p")
	c.unless(can.TopK || req.TopK == 0, "top_k")
	c.unless(can.StopSequences || len(req.StopSequences) == 0, "stop_sequences")
	if t := req.Thinking; t != nil && t.Mode != model.ThinkingDisabled {
		c.unless(can.Thinking, "thinking")
	}
	c.unless(can.StructuredOutput || req.Output == nil, "output")
	c.unless(can.PromptCaching || req.Cache == nil, "cache")
	for i, m := range req.Messages {
		for j, p := range m.Parts {
			c.part(p, fmt.Sprintf("messages[%d].parts[%d]", i, j))
		}
	}
}

func (c *check) part(p model.Part, field string) {
	can := &c.can
	switch p := p.(type) {
	case model.Text, model.JSON:
	case model.Image:
		c.unless(can.Images && p.URI == "", "%s", field)
	case model.Document:
		c.unless(can.Documents && p.URI == "", "%s", field)
	case model.Thinking:
		c.unless(can.Thinking, "%s", field)
	case model.ToolCall:
		c.unless(can.Tools, "%s", field)
	case model.ToolResult:
		c.unless(can.Tools, "%s", field)
		for k, q := range p.Parts {
			c.part(q, fmt.Sprintf("%s.parts[%d]", field, k))
		}
	case model.Opaque: // of another provider; omitted with a warning
	default: // cache points, citations, guards, tools that the provider runs, and types of later versions
		c.unless(false, "%s", field)
	}
}
