package converse

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A content writes blocks of content and the parts in them, into the buffer of
// the body's writer. It is a type of its own because blocks stand in three
// places, in messages, in the system prompt and in tool results, and none of
// them needs the rest of a plan.
type content struct {
	*rawjson.Writer
	status bool // results say whether the tool succeeded: plan.Plan.ResultStatus
}

// block writes a block and the cache point behind it. A plan has no block for a
// point, since Converse caches the prefix that ends at the block before it.
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
// result, which are unions on the wire. The plan has already refused or replaced
// each part that Converse has no member for, so there is no default: a part that
// is none of these is a mistake of the plan's.
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
		// A block that this version does not know goes back with the bytes that it
		// came with. The plan has checked that they are JSON, since others could
		// close the body.
		c.Name(p.Kind)
		c.Raw(p.Data)
	}
}

// thinking writes a block of thinking. The model checks its signature against
// the text and refuses the turn if either has changed, so both go back as they
// came. Redacted bytes are opaque to everybody but the model that made them;
// they go back untouched, and without text. Which of the two a model takes back
// is for the plan to say: the facts thinking.replay.
func (c *content) thinking(p *model.Thinking) {
	c.Name("reasoningContent")
	c.Open('{')
	if len(p.Redacted) > 0 {
		c.Name("redactedContent")
		c.Base64("", p.Redacted)
	} else {
		c.Name("reasoningText")
		c.Open('{')
		c.TextIf("signature", p.Signature) // models other than Claude do not sign
		c.Text("text", p.Text)             // empty where thinking came unseen
		c.Close('}')
	}
	c.Close('}')
}

// toolUse writes a call. The kind is empty for a tool of the caller's: the
// service writes tool_use there in some answers and nothing in others, and takes
// a call without it. The input goes byte for byte, so that a number keeps its
// digits and a cached prefix its bytes.
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
// service ran itself, empty for the caller's. There is no place for cache points
// among the parts: the service refuses one there, so the plan sets it behind the
// result.
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
	case !c.status:
		// Only some models read the member, and Writer's refuse a request that
		// has it, whatever it says: the fact tools.result_status.
		// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html
	case failed:
		c.Text("status", "error")
	default:
		c.Text("status", "success")
	}
	c.Text("toolUseId", id)
	c.TextIf("type", kind)
	c.Close('}')
}

// searchResult writes a source for the model to cite.
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

// textObject writes an object with the one member text, of which several lists
// of Converse consist.
func (c *content) textObject(text string) {
	c.Open('{')
	c.Text("text", text)
	c.Close('}')
}

// citationsWanted asks for citations of a document or of a search result. They
// are off unless they are asked for, so false is not written.
func (c *content) citationsWanted(wanted bool) {
	if wanted {
		c.Name("citations")
		c.Literal(`{"enabled":true}`)
	}
}

// guard writes what a guardrail should look at. Its images have no place for a
// URI: the plan has refused images that are not given as data.
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
