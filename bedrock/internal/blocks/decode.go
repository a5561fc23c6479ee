package blocks

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// Provider is the name that decoded thinking and opaque parts carry. By it a
// model takes back its own and leaves out what others have signed.
const Provider = "bedrock"

// The types of toolUse blocks. A type that is absent means ToolUse: some models
// write it and others do not.
const (
	ToolUse       = "tool_use"
	ServerToolUse = "server_tool_use"
)

// Parts decodes the content of a message of the given role. Nothing is left
// out: a block that is unknown becomes an opaque part. So a message that is
// appended to a history goes back complete, and the parts have the indices that
// the blocks have in warnings and in a stream.
func Parts(role model.Role, content []wire.ContentBlock) []model.Part {
	parts := make([]model.Part, 0, len(content))
	for i := range content {
		parts = append(parts, Part(role, &content[i]))
	}
	return parts
}

// Part decodes a content block. The role decides whose a tool result is: the
// caller's in a message of the user, the service's in one of the assistant. The
// wire has one block for both.
func Part(role model.Role, b *wire.ContentBlock) model.Part {
	// A block is a union: one of its fields is set, whichever comes first here.
	switch {
	case b.Text != nil:
		return model.Text(*b.Text) // empty, too: some models begin with such a block
	case b.ReasoningContent != nil:
		return thinking(b.ReasoningContent)
	case b.ToolUse != nil:
		return toolCall(b.ToolUse)
	case b.ToolResult != nil:
		return toolResult(role, b.ToolResult)
	case b.CitationsContent != nil:
		return citedText(b.CitationsContent)
	case b.CachePoint != nil:
		return CachePoint(b.CachePoint)
	case b.GuardContent != nil:
		return guard(b.GuardContent)
	case b.SearchResult != nil:
		return searchResult(b.SearchResult)
	case b.Audio != nil && empty(b.Audio.Source): // as when the model could not make it, and says why
		return asItCame("audio", b)
	case b.Audio != nil:
		data, uri, owner := fromSource(b.Audio.Source)
		return model.Audio{MediaType: media.Audio.Type(b.Audio.Format), Data: data, URI: uri, Owner: owner}
	case b.ToolAddition != nil:
		return toolChange("toolAddition", b.ToolAddition)
	case b.ToolRemoval != nil:
		return toolChange("toolRemoval", b.ToolRemoval)
	}
	return file(b.Image, b.Document, b.Video, b.Unknown)
}

// file decodes the members that messages and tool results have in common.
func file(i *wire.Image, d *wire.Document, v *wire.Video, u *wire.Unknown) model.Part {
	switch {
	case i != nil:
		return Image(i)
	case d != nil:
		return document(d)
	case v != nil && empty(v.Source):
		return asItCame("video", &wire.ContentBlock{Video: v})
	case v != nil:
		data, uri, owner := fromSource(v.Source)
		return model.Video{MediaType: media.Video.Type(v.Format), Data: data, URI: uri, Owner: owner}
	case u != nil:
		return opaque(u)
	}
	// A block without a member keeps its place, so that the indices of those
	// behind it stay what they are.
	return model.Opaque{Provider: Provider, Data: json.RawMessage("{}")}
}

// empty reports whether a file is at no place that the neutral model has: the
// service says why there is none, or names a place of an unknown kind. As an
// Image without data it would be a request that nobody accepts.
func empty(s *wire.MediaSource) bool { return s == nil || s.Bytes == nil && s.S3Location == nil }

// asItCame keeps a block of a known kind whose contents the neutral model has no
// place for. It is written and taken apart again, since the wire's structs keep
// the bytes of unknown members alone.
func asItCame(kind string, b *wire.ContentBlock) model.Part {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(wire.AppendContentBlock(nil, b), &members) // our own JSON
	return model.Opaque{Provider: Provider, Kind: kind, Data: members[kind]}
}

// opaque keeps a block of a kind that is new to this version.
func opaque(u *wire.Unknown) model.Part {
	return model.Opaque{Provider: Provider, Kind: u.Name, Data: u.Value}
}

// thinking decodes thinking: in the clear, redacted, or of a kind that is new to
// this version. Redacted bytes are base64 on the wire and mean nothing but to the
// model.
func thinking(r *wire.ReasoningContent) model.Part {
	switch {
	case r.ReasoningText != nil:
		return model.Thinking{Text: r.ReasoningText.Text, Signature: deref(r.ReasoningText.Signature), Provider: Provider}
	case r.Unknown != nil:
		// Known outside and unknown inside: the whole of it goes back as it came.
		value, _ := json.Marshal(map[string]json.RawMessage{r.Unknown.Name: r.Unknown.Value})
		return model.Opaque{Provider: Provider, Kind: "reasoningContent", Data: value}
	}
	return model.Thinking{Redacted: r.RedactedContent, Provider: Provider}
}

// toolCall decodes a toolUse block. A call without arguments may come without an
// input; the neutral form has {} there, as what is sent back must have.
func toolCall(t *wire.ToolUse) model.Part {
	input := t.Input
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	return Call(t.ToolUseID, t.Name, t.Type, input)
}

// Call returns the call of a toolUse block: of the caller's tool, or of one
// that the service runs itself. An unknown type counts as the service's, so that
// a caller is never asked to run what is not its tool.
func Call(id, name, kind string, input json.RawMessage) model.Part {
	if kind == "" || kind == ToolUse {
		return model.ToolCall{ID: id, Name: name, Input: input}
	}
	return model.ServerToolCall{ID: id, Name: name, Kind: kind, Input: input}
}

// toolResult decodes a toolResult block, by the role of its message.
func toolResult(role model.Role, t *wire.ToolResult) model.Part {
	if role == model.RoleAssistant { // only the service answers calls in the assistant's own turn
		return ServerResult(t.ToolUseID, t.Type, t.Status, t.Content)
	}
	return model.ToolResult{CallID: t.ToolUseID, Parts: resultParts(t.Content), IsError: t.Status == statusError}
}

// ServerResult decodes the result of a tool that the service ran.
func ServerResult(id, kind, status string, content []wire.ToolResultContent) model.ServerToolResult {
	return model.ServerToolResult{CallID: id, Kind: kind, Parts: resultParts(content), IsError: status == statusError}
}

// resultParts decodes the content of a tool's result. It is not a list of content
// blocks: the wire has a type of its own for it, with JSON and without most else.
func resultParts(content []wire.ToolResultContent) []model.Part {
	parts := make([]model.Part, 0, len(content))
	for i := range content {
		c := &content[i]
		switch {
		case c.Text != nil:
			parts = append(parts, model.Text(*c.Text))
		case c.JSON != nil: // its bytes: a number such as 7006652.0 stays what it is
			parts = append(parts, model.JSON(c.JSON))
		case c.SearchResult != nil:
			parts = append(parts, searchResult(c.SearchResult))
		default:
			parts = append(parts, file(c.Image, c.Document, c.Video, c.Unknown))
		}
	}
	return parts
}

// citedText joins the pieces of the text, of which the service sends one. All
// citations belong to all of it: the wire does not say more.
func citedText(c *wire.CitationsContent) model.Part {
	var text strings.Builder
	for _, t := range c.Content {
		text.WriteString(deref(t.Text))
	}
	out := model.CitedText{Text: text.String()}
	for i := range c.Citations {
		out.Citations = append(out.Citations, Citation(&c.Citations[i]))
	}
	return out
}

// CachePoint decodes a cache point. A lifetime that is not a duration counts
// as none; a server that checks it reads the wire's own text.
func CachePoint(p *wire.CachePoint) model.CachePoint {
	ttl, _ := time.ParseDuration(p.TTL)
	return model.CachePoint{TTL: ttl}
}

// guard decodes content for a guardrail.
func guard(g *wire.GuardContent) model.Part {
	switch {
	case g.Text != nil:
		return model.Guard{Text: g.Text.Text, Qualifiers: g.Text.Qualifiers}
	case g.Image != nil:
		img := model.Image{MediaType: media.Image.Type(g.Image.Format)}
		if g.Image.Source != nil { // bytes are the only source that a guardrail's image has
			img.Data = g.Image.Source.Bytes
		}
		return model.Guard{Image: &img}
	case g.Unknown != nil:
		value, _ := json.Marshal(map[string]json.RawMessage{g.Unknown.Name: g.Unknown.Value})
		return model.Opaque{Provider: Provider, Kind: "guardContent", Data: value}
	}
	return model.Guard{} // an empty union, from a client that has made a mistake
}

// System decodes a block of the system prompt.
func System(b *wire.SystemBlock) model.Part {
	switch {
	case b.Text != nil:
		return model.Text(*b.Text)
	case b.CachePoint != nil:
		return CachePoint(b.CachePoint)
	case b.GuardContent != nil:
		return guard(b.GuardContent)
	case b.Unknown != nil:
		return opaque(b.Unknown)
	}
	return model.Opaque{Provider: Provider, Data: json.RawMessage("{}")}
}

// searchResult decodes a source for the model to cite.
func searchResult(s *wire.SearchResult) model.Part {
	out := model.SearchResult{Source: s.Source, Title: s.Title, Citations: enabled(s.Citations)}
	for _, c := range s.Content {
		out.Content = append(out.Content, c.Text)
	}
	return out
}

// Image decodes an image. If there is none, the part is a [model.Opaque].
func Image(i *wire.Image) model.Part {
	if empty(i.Source) {
		return asItCame("image", &wire.ContentBlock{Image: i})
	}
	data, uri, owner := fromSource(i.Source)
	return model.Image{MediaType: media.Image.Type(i.Format), Data: data, URI: uri, Owner: owner}
}

// document decodes a document by the place of its contents.
func document(d *wire.Document) model.Part {
	out := model.Document{Name: d.Name, Context: deref(d.Context), Citations: enabled(d.Citations),
		MediaType: media.Document.Type(d.Format)}
	switch s := d.Source; {
	case s == nil, s.Unknown != nil: // an answer's document may come without a source
		return asItCame("document", &wire.ContentBlock{Document: d})
	case s.S3Location != nil:
		out.URI, out.Owner = fromLocation(s.S3Location)
	case s.Text != nil:
		out.Text = *s.Text
	case s.Content != nil:
		for _, c := range s.Content {
			out.Chunks = append(out.Chunks, deref(c.Text))
		}
	default:
		out.Data = s.Bytes
	}
	return out
}

// enabled reports whether citations are on. They are off where nothing is said.
func enabled(c *wire.CitationsConfig) bool { return c != nil && deref(c.Enabled) }

// toolChange keeps the blocks that add and remove tools in mid conversation,
// for which the neutral model has no place. Its struct has the wire's names, in
// alphabetical order.
func toolChange(kind string, t *wire.ToolChange) model.Part {
	type tool struct {
		Name       string `json:"name,omitempty"`
		ServerName string `json:"serverName,omitempty"`
		Type       string `json:"type,omitempty"`
	}
	var v struct {
		Tool *tool `json:"tool,omitempty"`
	}
	if t.Tool != nil {
		v.Tool = &tool{deref(t.Tool.Name), deref(t.Tool.ServerName), deref(t.Tool.Type)}
	}
	data, _ := json.Marshal(v)
	return model.Opaque{Provider: Provider, Kind: kind, Data: data}
}

// StopReason returns the neutral stop reason. Most have the name that they have
// in Converse and in Claude's own format, so one that is new to this version
// passes through.
func StopReason(s string) model.StopReason {
	switch s {
	case "model_context_window_exceeded":
		return model.StopContextWindow
	case "malformed_model_output":
		return model.StopMalformedOutput
	}
	return model.StopReason(s)
}
