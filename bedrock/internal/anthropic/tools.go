package anthropic

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// A tool is one of the request's tools and the cache point behind it.
type tool struct {
	model.Tool
	field string
	cache *model.CachePoint
}

// readTools takes the tools that are to be offered.
func (e *encoder) readTools() {
	if len(e.req.Tools) > 0 && e.rules.NoTools {
		e.Unsupported("tools", "%s cannot use tools", e.rules.Name())
		return
	}
	for i, t := range e.req.Tools {
		field := fmt.Sprintf("tools[%d]", i)
		if t.ServerSide {
			e.Unsupported(field, "the format knows the tools of its own by type, not by name; give them in ProviderOptions.AdditionalFields, as in {\"tools\":[{\"type\":\"…\",\"name\":%q}]}", t.Name)
			continue
		}
		e.ToolName(field, t.Name)
		e.tools = append(e.tools, tool{t, field, t.Cache})
	}
}

// offersTools reports whether the body has tools, the request's or others.
func (e *encoder) offersTools() bool {
	return len(e.tools) > 0 || native.Has(e.in.Additional, "tools")
}

// writeTools writes the tools and the choice among them.
func (e *encoder) writeTools() {
	list := make([][]byte, 0, len(e.tools))
	for _, t := range e.tools {
		var f native.Fields
		f.Text("name", "", t.Name)
		if t.Description != "" {
			f.Text("description", "", t.Description)
		}
		f.Raw("input_schema", "", native.Schema(t.Tool))
		if t.Strict != nil {
			f.Bool("strict", "", *t.Strict)
		}
		cacheControl(&f, t.cache)
		list = append(list, f.Append(nil))
	}
	e.body.List("tools", "tools", list)
	if e.offersTools() {
		e.body.Object("tool_choice", "tool_choice", e.choice())
	}
}

// choice writes the tool choice, which holds the switch for parallel calls too.
func (e *encoder) choice() native.Fields {
	choice := e.req.ToolChoice
	forced := e.Forced(choice, e.rules, e.thinks())
	oneAtATime := choice.Parallel != nil && !*choice.Parallel
	var f native.Fields
	switch {
	case choice.Mode == model.ToolsNone:
		f.Text("type", "", "none")
		return f
	case forced && choice.Mode == model.ToolsAny:
		f.Text("type", "", "any")
	case forced:
		f.Text("type", "", "tool")
		f.Text("name", "", choice.Name)
	case choice.Mode != model.ToolsDefault || oneAtATime:
		f.Text("type", "", "auto")
	}
	if oneAtATime {
		if e.rules.NoParallelSwitch {
			e.Unsupported("tool_choice.parallel", "%s cannot be kept from calling several tools at once", e.rules.Name())
		}
		f.Bool("disable_parallel_tool_use", "", true)
	}
	return f
}
