package bedrock

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// emptySchema is the schema of a tool without arguments.
const emptySchema = `{"type":"object","properties":{}}`

// tools sets the tools and the choice among them. The service has no choice
// "none": tools that must not be used are not offered.
func (e *encoder) tools() {
	req := e.req
	if len(req.Tools) == 0 || req.ToolChoice.Mode == model.ToolsNone {
		return
	}
	if e.family.Tools.no() {
		e.unsupported("tools", "%s cannot use tools", e.familyName())
		return
	}
	e.out.ToolConfig = &wire.ToolConfig{ToolChoice: e.toolChoice()}
	for i, t := range req.Tools {
		e.tool(at("tools", i), t)
	}
}

func (e *encoder) tool(field string, t model.Tool) {
	c := e.out.ToolConfig
	if t.ServerSide {
		c.Tools = append(c.Tools, wire.Tool{SystemTool: &wire.SystemTool{Name: t.Name}})
	} else {
		e.toolName(field, t.Name)
		spec := &wire.ToolSpec{Name: t.Name, Description: optional(t.Description), Strict: t.Strict,
			InputSchema: &wire.InputSchema{JSON: t.InputSchema}}
		if len(t.InputSchema) == 0 {
			spec.InputSchema.JSON = json.RawMessage(emptySchema)
		}
		c.Tools = append(c.Tools, wire.Tool{ToolSpec: spec})
	}
	if t.Cache != nil {
		c.Tools = append(c.Tools, wire.Tool{CachePoint: blocks.EncodeCachePoint(*t.Cache)})
	}
}

// toolName checks the service's rule for names.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html
func (e *encoder) toolName(field, name string) {
	if len(name) > 64 {
		e.invalid(field+".name", "has %d characters; Bedrock takes at most 64", len(name))
	}
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			e.invalid(field+".name", "is %q; Bedrock takes letters, digits, _ and -", name)
			return
		}
	}
}

// toolChoice returns the choice on the wire, nil for the service's default.
func (e *encoder) toolChoice() *wire.ToolChoice {
	choice := e.req.ToolChoice
	if choice.Mode == model.ToolsDefault || e.oneAtATime() && e.family.ParallelSwitch == Yes {
		return nil // by way of parallelField, if at all
	}
	auto := &wire.ToolChoice{Auto: &wire.Empty{}}
	forced := choice.Mode == model.ToolsAny || choice.Mode == model.ToolsNamed
	switch {
	case !forced:
		return auto
	case e.family.ForcedThinking.no() && e.thinks():
		e.warn(model.WarningChanged, "tool_choice", "%s cannot be made to call a tool while they think; the model decides", e.familyName())
		return auto
	case e.family.Name == "nova" && forcesServerSide(choice, e.req.Tools):
		e.warn(model.WarningChanged, "tool_choice", "tools that the service runs cannot be forced; the model decides")
		return auto
	case choice.Mode == model.ToolsAny:
		if e.family.ChoiceAny.no() {
			e.unsupported("tool_choice", "%s cannot be made to call a tool; use auto", e.familyName())
		}
		return &wire.ToolChoice{Any: &wire.Empty{}}
	}
	if e.family.ChoiceNamed.no() {
		e.unsupported("tool_choice", "%s cannot be made to call a certain tool; use %s", e.familyName(), e.otherChoice())
	}
	return &wire.ToolChoice{Tool: &wire.ToolName{Name: choice.Name}}
}

func (e *encoder) otherChoice() string {
	if e.family.ChoiceAny.no() {
		return "auto"
	}
	return "any, with that tool alone"
}

// forcesServerSide reports whether a choice leaves nothing but tools that the
// service runs.
func forcesServerSide(c model.ToolChoice, tools []model.Tool) bool {
	for _, t := range tools {
		if !t.ServerSide && (c.Mode == model.ToolsAny || t.Name == c.Name) {
			return false
		}
	}
	return true
}

// oneAtATime reports whether calls are to come one at a time. That several may
// come is every model's default.
func (e *encoder) oneAtATime() bool {
	p := e.req.ToolChoice.Parallel
	return p != nil && !*p
}

// parallelField asks for one call at a time. Converse has no place for that,
// Anthropic's own parameters do; they then hold the whole choice.
// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use#parallel-tool-use
func (e *encoder) parallelField(own *fields) {
	if !e.oneAtATime() || e.out.ToolConfig == nil {
		return
	}
	if e.family.ParallelSwitch != Yes {
		e.unsupported("tool_choice.parallel", "%s cannot be kept from calling several tools at once", e.familyName())
		return
	}
	choice := map[string]any{"type": "auto", "disable_parallel_tool_use": true}
	switch mode := e.req.ToolChoice.Mode; {
	case mode != model.ToolsAny && mode != model.ToolsNamed:
	case e.family.ForcedThinking.no() && e.thinks():
		e.warn(model.WarningChanged, "tool_choice", "%s cannot be made to call a tool while they think; the model decides", e.familyName())
	case mode == model.ToolsAny:
		choice["type"] = "any"
	default:
		choice["type"], choice["name"] = "tool", e.req.ToolChoice.Name
	}
	own.set("tool_choice", "tool_choice", choice)
}
