package wire

import "encoding/json"

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
