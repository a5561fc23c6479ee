package converse

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// content writes blocks of content and the parts in them.
type content struct {
	*rawjson.Writer
	status bool // results tell whether the tool succeeded
}

// block writes a block and the cache point behind it.
func (c *content) block(b *plan.Block) {
	c.Open('{')
	c.part(b.Part)
	c.Close('}')
	c.point(b.Cache)
}

// point writes a cache point. It is a block of its own, of a type that has one
// value so far.
func (c *content) point(p plan.Point) {
	if !p.Set {
		return
	}
	c.Open('{')
	c.Name("cachePoint")
	c.Open('{')
	c.TextIf("ttl", p.TTL)
	c.Text("type", "default")
	c.Close('}')
	c.Close('}')
}

// part writes the one member of a content block, or of a part of a tool's
// result.
func (c *content) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		c.Text("text", string(p))
	case model.JSON:
		c.Name("json")
		c.Raw(p)
	case model.CitedText:
		c.citedText(&p)
	case model.Thinking:
		c.thinking(&p)
	case model.Image:
		c.file("image", imageFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Video:
		c.file("video", videoFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Audio:
		c.file("audio", audioFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Document:
		c.document(&p)
	case model.SearchResult:
		c.searchResult(&p)
	case model.Guard:
		c.guard(&p)
	case model.ToolCall:
		c.toolUse(p.ID, p.Name, "", p.Input)
	case model.ServerToolCall:
		c.toolUse(p.ID, p.Name, p.Kind, p.Input)
	case model.ToolResult:
		c.toolResult(p.CallID, "", p.Parts, p.IsError)
	case model.ServerToolResult:
		c.toolResult(p.CallID, p.Kind, p.Parts, p.IsError)
	case model.Opaque:
		c.Name(p.Kind)
		c.Raw(p.Data)
	}
}

// thinking writes a block of thinking. Redacted bytes are opaque to everybody but
// the model that made them, so they go back untouched, and without text.
func (c *content) thinking(p *model.Thinking) {
	c.Name("reasoningContent")
	c.Open('{')
	if len(p.Redacted) > 0 {
		c.Name("redactedContent")
		c.Base64("", p.Redacted)
	} else {
		c.Name("reasoningText")
		c.Open('{')
		c.TextIf("signature", p.Signature)
		c.Text("text", p.Text)
		c.Close('}')
	}
	c.Close('}')
}

func (c *content) toolUse(id, name, kind string, input json.RawMessage) {
	c.Name("toolUse")
	c.Open('{')
	c.Name("input")
	c.Raw(input)
	c.Text("name", name)
	c.Text("toolUseId", id)
	c.TextIf("type", kind)
	c.Close('}')
}

// toolResult writes the result of a tool. The kind is that of a tool that the
// service ran.
func (c *content) toolResult(id, kind string, parts []model.Part, failed bool) {
	c.Name("toolResult")
	c.Open('{')
	c.Name("content")
	c.Open('[')
	for _, p := range parts {
		c.Open('{')
		c.part(p)
		c.Close('}')
	}
	c.Close(']')
	switch {
	case !c.status: // some models refuse the member, whatever it says
	case failed:
		c.Text("status", "error")
	default:
		c.Text("status", "success")
	}
	c.Text("toolUseId", id)
	c.TextIf("type", kind)
	c.Close('}')
}

func (c *content) searchResult(p *model.SearchResult) {
	c.Name("searchResult")
	c.Open('{')
	c.citationsWanted(p.Citations)
	c.Name("content")
	c.Open('[')
	for _, text := range p.Content {
		c.textObject(text)
	}
	c.Close(']')
	c.Text("source", p.Source)
	c.Text("title", p.Title)
	c.Close('}')
}

// textObject writes an object that is a text.
func (c *content) textObject(text string) {
	c.Open('{')
	c.Text("text", text)
	c.Close('}')
}

func (c *content) citationsWanted(wanted bool) {
	if wanted {
		c.Name("citations")
		c.Literal(`{"enabled":true}`)
	}
}

func (c *content) guard(p *model.Guard) {
	c.Name("guardContent")
	c.Open('{')
	if p.Image != nil {
		c.file("image", imageFormat(p.Image.MediaType), p.Image.Data, "", "")
	} else {
		c.Name("text")
		c.Open('{')
		c.Texts("qualifiers", p.Qualifiers)
		c.Text("text", p.Text)
		c.Close('}')
	}
	c.Close('}')
}
