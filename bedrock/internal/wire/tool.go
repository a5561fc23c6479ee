package wire

import "encoding/json"

// ToolConfig offers tools to the model. Tools is a required list: nil leaves it
// out, which the service refuses.
type ToolConfig struct {
	ToolChoice *ToolChoice
	Tools      []Tool
}

func (t *ToolConfig) fields(c *codec) {
	object(c, "toolChoice", &t.ToolChoice, (*ToolChoice).fields)
	list(c, "tools", &t.Tools, (*Tool).fields)
}

// Tool is an entry of the list of tools. Exactly one field is set.
type Tool struct {
	CachePoint *CachePoint
	SystemTool *SystemTool
	ToolSpec   *ToolSpec
	Unknown    *Unknown
}

func (t *Tool) fields(c *codec) {
	object(c, "cachePoint", &t.CachePoint, (*CachePoint).fields)
	object(c, "systemTool", &t.SystemTool, (*SystemTool).fields)
	object(c, "toolSpec", &t.ToolSpec, (*ToolSpec).fields)
	c.union(&t.Unknown)
}

// SystemTool is a tool that the service itself runs.
type SystemTool struct{ Name string }

func (s *SystemTool) fields(c *codec) { c.text("name", &s.Name) }

// ToolSpec is a tool that the caller runs.
type ToolSpec struct {
	Description *string
	InputSchema *InputSchema
	Name        string
	Strict      *bool
}

func (t *ToolSpec) fields(c *codec) {
	c.optional("description", &t.Description)
	object(c, "inputSchema", &t.InputSchema, (*InputSchema).fields)
	c.text("name", &t.Name)
	c.flag("strict", &t.Strict)
}

// InputSchema describes the input of a tool. Exactly one field is set.
type InputSchema struct {
	JSON    json.RawMessage // a document
	Unknown *Unknown
}

func (i *InputSchema) fields(c *codec) {
	c.document("json", &i.JSON)
	c.union(&i.Unknown)
}

// ToolChoice says whether the model must call a tool. Exactly one field is set.
type ToolChoice struct {
	Any     *Empty
	Auto    *Empty
	Tool    *ToolName
	Unknown *Unknown
}

func (t *ToolChoice) fields(c *codec) {
	object(c, "any", &t.Any, (*Empty).fields)
	object(c, "auto", &t.Auto, (*Empty).fields)
	object(c, "tool", &t.Tool, (*ToolName).fields)
	c.union(&t.Unknown)
}

// Empty is an object without members.
type Empty struct{}

func (*Empty) fields(*codec) {}

// ToolName names the tool that must be called.
type ToolName struct{ Name string }

func (t *ToolName) fields(c *codec) { c.text("name", &t.Name) }

// ToolUse is a call of a tool by the model. Some models write the type of a call
// of the caller's tool, others leave it out; both mean the same.
type ToolUse struct {
	Input     json.RawMessage // a document
	Name      string
	ToolUseID string
	Type      string // empty, tool_use or server_tool_use
}

func (t *ToolUse) fields(c *codec) {
	c.document("input", &t.Input)
	c.text("name", &t.Name)
	c.text("toolUseId", &t.ToolUseID)
	c.word("type", &t.Type)
}

// ToolResult is the answer to a call of a tool: of the caller's in messages of
// the user, of the service's in those of the assistant, where it has a type.
type ToolResult struct {
	Content   []ToolResultContent
	Status    string // empty, success or error
	ToolUseID string
	Type      string
}

func (t *ToolResult) fields(c *codec) {
	list(c, "content", &t.Content, (*ToolResultContent).fields)
	c.word("status", &t.Status)
	c.text("toolUseId", &t.ToolUseID)
	c.word("type", &t.Type)
}

// ToolResultContent is a part of a tool result. Exactly one field is set.
type ToolResultContent struct {
	Document     *Document
	Image        *Image
	JSON         json.RawMessage // a document
	SearchResult *SearchResult
	Text         *string
	Video        *Video
	Unknown      *Unknown
}

func (t *ToolResultContent) fields(c *codec) {
	object(c, "document", &t.Document, (*Document).fields)
	object(c, "image", &t.Image, (*Image).fields)
	c.document("json", &t.JSON)
	object(c, "searchResult", &t.SearchResult, (*SearchResult).fields)
	c.optional("text", &t.Text)
	object(c, "video", &t.Video, (*Video).fields)
	c.union(&t.Unknown)
}

// ToolChange adds a tool to the conversation, or removes one from it. The neutral
// form has no place for it, so it is read in order to go back as it came.
type ToolChange struct{ Tool *ToolReference }

func (t *ToolChange) fields(c *codec) {
	object(c, "tool", &t.Tool, (*ToolReference).fields)
}

// ToolReference points to a tool.
type ToolReference struct {
	Name       *string
	ServerName *string
	Type       *string
}

func (t *ToolReference) fields(c *codec) {
	c.optional("name", &t.Name)
	c.optional("serverName", &t.ServerName)
	c.optional("type", &t.Type)
}
