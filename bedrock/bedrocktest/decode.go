package bedrocktest

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// DecodeRequest returns the neutral form of a request body of Converse or
// ConverseStream for the given model: the request for which the bedrock package
// would send that body. Settings that only Bedrock has are in a
// *bedrock.ProviderOptions. Members that this version does not know are
// skipped.
//
// The error names the place in the body that has the wrong form.
func DecodeRequest(modelID string, body []byte) (*model.Request, error) {
	w, err := wire.ParseRequest(body, false)
	if err != nil {
		return nil, err
	}
	return neutral(new(rules.Table).Model(modelID), w), nil
}

// neutral translates a request. System messages become the first message.
func neutral(played *rules.Model, w *wire.Request) *model.Request {
	req := &model.Request{}
	if len(w.Messages) > 0 {
		req.Messages = make([]model.Message, 0, 1+len(w.Messages))
	}
	if len(w.System) > 0 {
		m := model.Message{Role: model.RoleSystem}
		for i := range w.System {
			m.Parts = append(m.Parts, blocks.System(&w.System[i]))
		}
		req.Messages = append(req.Messages, m)
	}
	for _, m := range w.Messages {
		role := model.Role(m.Role)
		req.Messages = append(req.Messages, model.Message{Role: role, Parts: blocks.Parts(role, m.Content)})
	}
	if w.ToolConfig != nil {
		req.Tools = neutralTools(w.ToolConfig.Tools)
		req.ToolChoice = neutralChoice(w.ToolConfig.ToolChoice)
	}
	if c := w.InferenceConfig; c != nil {
		req.Temperature, req.TopP, req.StopSequences = c.Temperature, c.TopP, c.StopSequences
		if c.MaxTokens != nil {
			req.MaxTokens = *c.MaxTokens
		}
	}
	x := neutralExtra(w)
	if o := w.OutputConfig; o != nil {
		x.OutputEffort = o.Effort
		req.Output = neutralOutput(o)
	}
	liftFields(played, req, x)
	if !isZero(x) {
		req.ProviderOptions = []model.ProviderOptions{x}
	}
	return req
}

// neutralTools converts the tools. A cache point becomes a member of the tool
// before it.
func neutralTools(tools []wire.Tool) []model.Tool {
	var all []model.Tool
	for _, t := range tools {
		switch {
		case t.ToolSpec != nil:
			s := t.ToolSpec
			tool := model.Tool{Name: s.Name, Strict: s.Strict}
			if s.Description != nil {
				tool.Description = *s.Description
			}
			if s.InputSchema != nil {
				tool.InputSchema = s.InputSchema.JSON
			}
			all = append(all, tool)
		case t.SystemTool != nil:
			all = append(all, model.Tool{Name: t.SystemTool.Name, ServerSide: true})
		case t.CachePoint != nil && len(all) > 0:
			p := blocks.CachePoint(t.CachePoint)
			all[len(all)-1].Cache = &p
		}
	}
	return all
}

func neutralChoice(c *wire.ToolChoice) model.ToolChoice {
	switch {
	case c == nil:
	case c.Auto != nil:
		return model.ToolChoice{Mode: model.ToolsAuto}
	case c.Any != nil:
		return model.ToolChoice{Mode: model.ToolsAny}
	case c.Tool != nil:
		return model.UseTool(c.Tool.Name)
	}
	return model.ToolChoice{}
}

func neutralOutput(o *wire.OutputConfig) *model.OutputFormat {
	if o.TextFormat == nil || o.TextFormat.Structure == nil || o.TextFormat.Structure.JSONSchema == nil {
		return nil
	}
	s := o.TextFormat.Structure.JSONSchema
	out := &model.OutputFormat{Schema: json.RawMessage(s.Schema)}
	if s.Name != nil {
		out.Name = *s.Name
	}
	if s.Description != nil {
		out.Description = *s.Description
	}
	return out
}

func neutralExtra(w *wire.Request) *bedrock.ProviderOptions {
	x := &bedrock.ProviderOptions{
		ResponseFieldPaths: w.AdditionalModelResponseFieldPaths,
		Metadata:           w.RequestMetadata,
	}
	if string(w.AdditionalModelRequestFields) != "null" {
		x.AdditionalFields = w.AdditionalModelRequestFields
	}
	if g := w.GuardrailConfig; g != nil {
		x.Guardrail = &bedrock.Guardrail{ID: g.GuardrailIdentifier, Version: g.GuardrailVersion, Trace: g.Trace, StreamMode: g.StreamProcessingMode}
	}
	if w.PerformanceConfig != nil {
		x.Latency = w.PerformanceConfig.Latency
	}
	if w.ServiceTier != nil {
		x.ServiceTier = w.ServiceTier.Type
	}
	for name, v := range w.PromptVariables {
		if v.Text == nil {
			continue
		}
		if x.PromptVariables == nil {
			x.PromptVariables = make(map[string]string)
		}
		x.PromptVariables[name] = *v.Text
	}
	return x
}

func isZero(x *bedrock.ProviderOptions) bool {
	return x.AdditionalFields == nil && x.ResponseFieldPaths == nil && x.Guardrail == nil && x.Latency == "" &&
		x.ServiceTier == "" && x.Metadata == nil && x.PromptVariables == nil && x.OutputEffort == ""
}
