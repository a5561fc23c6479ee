package model

import (
	"encoding/json"
	"slices"
)

// A Tool is a function that the model may ask the caller to run.
type Tool struct {
	// Name is what the model calls it: letters, digits, _ and -.
	Name string `json:"name"`

	// Description says what the tool does and when to use it, for the model.
	Description string `json:"description,omitempty"`

	// InputSchema is the JSON Schema of the tool's argument, an object. It is
	// sent byte for byte. Empty means an object without properties.
	InputSchema json.RawMessage `json:"input_schema,omitempty"`

	// Strict asks the provider to hold the model to the schema.
	// Nil means the provider's default.
	Strict *bool `json:"strict,omitempty"`

	// ServerSide marks a tool of the provider's own, found by its Name, that
	// the provider also runs; Description, InputSchema and Strict are unused.
	ServerSide bool `json:"server_side,omitempty"`

	// Cache, if not nil, ends a prefix to cache after this tool.
	Cache *CachePoint `json:"cache,omitempty"`
}

// clone returns a copy that shares no memory with t.
func (t Tool) clone() Tool {
	t.InputSchema = slices.Clone(t.InputSchema)
	t.Strict = clonePointer(t.Strict)
	t.Cache = clonePointer(t.Cache)
	return t
}

// A ToolMode says whether the model must call a tool.
type ToolMode string

// The tool modes.
const (
	ToolsDefault ToolMode = ""      // the provider's default, usually auto
	ToolsAuto    ToolMode = "auto"  // the model decides
	ToolsAny     ToolMode = "any"   // the model must call some tool
	ToolsNone    ToolMode = "none"  // the model must not call a tool
	ToolsNamed   ToolMode = "named" // the model must call the tool ToolChoice.Name
)

// A ToolChoice constrains the model's use of tools. The zero value leaves all
// to the provider.
type ToolChoice struct {
	Mode ToolMode `json:"mode,omitempty"`
	Name string   `json:"name,omitempty"` // for ToolsNamed

	// Parallel says whether several calls may come in one answer.
	// Nil means the provider's default.
	Parallel *bool `json:"parallel,omitempty"`
}

// UseTool returns the choice that makes the model call the named tool.
func UseTool(name string) ToolChoice { return ToolChoice{Mode: ToolsNamed, Name: name} }

// clonePointer returns a pointer to a copy of what p points at, nil for nil.
func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
