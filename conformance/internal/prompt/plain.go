package prompt

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Plain returns copies of parts in one of several equivalent forms: without the
// name of the provider, and with the empty object for no input.
func Plain(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range (model.Message{Parts: parts}).Clone().Parts {
		all = append(all, Part(p))
	}
	return all
}

// Part is Plain for one part. It may share memory with p.
func Part(p model.Part) model.Part {
	switch p := p.(type) {
	case model.Thinking:
		p.Provider, p.Model = "", ""
		if len(p.Redacted) == 0 {
			p.Redacted = nil
		}
		return p
	case model.ToolCall:
		p.Input = plainInput(p.Input, p.InvalidInput)
		return p
	case model.ServerToolCall:
		p.Input = plainInput(p.Input, p.InvalidInput)
		return p
	case model.ToolResult:
		p.Parts = Plain(p.Parts)
		return p
	case model.ServerToolResult:
		p.Parts = Plain(p.Parts)
		return p
	case model.CitedText:
		if len(p.Citations) == 0 {
			return model.Text(p.Text)
		}
	}
	return p
}

func plainInput(input json.RawMessage, invalid string) json.RawMessage {
	if len(input) == 0 && invalid == "" {
		return json.RawMessage("{}")
	}
	return input
}

// Thinking returns settings for thinking in one of several equivalent forms.
func Thinking(t *model.ThinkingConfig) model.ThinkingConfig {
	if t == nil {
		return model.ThinkingConfig{}
	}
	p := *t
	switch {
	case p.Mode == model.ThinkingDefault && p.Budget > 0:
		p.Mode = model.ThinkingEnabled
	case p.Mode == model.ThinkingDefault && p.Effort == "none":
		p.Mode, p.Effort = model.ThinkingDisabled, ""
	}
	return p
}

// Tool returns the parts of a tool that must arrive, in one form.
func Tool(t model.Tool) string {
	if t.Cache != nil { // with automatic points it may be present or not
		t.Cache = &model.CachePoint{TTL: t.Cache.TTL}
	}
	schema := SchemaValue(t.InputSchema)
	if t.InputSchema = nil; t.ServerSide {
		schema = ""
	}
	return show.JSON(t) + " " + schema
}

// SchemaValue returns a schema in a canonical spelling: keys sorted, no white
// space, numbers digit for digit. Another case checks that a schema is sent as
// it was spelled.
func SchemaValue(schema json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(schema))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(schema)
	}
	return show.JSON(v)
}

// Tools returns tools with their schemas in the canonical spelling.
func Tools(tools []model.Tool) []model.Tool {
	tools = slices.Clone(tools)
	for i, t := range tools {
		if len(t.InputSchema) > 0 {
			tools[i].InputSchema = json.RawMessage(SchemaValue(t.InputSchema))
		}
	}
	return tools
}
