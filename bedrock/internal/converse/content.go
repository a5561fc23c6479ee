package converse

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// block writes a block and the cache point behind it.
func (w *writer) block(b *plan.Block) {
	w.Open('{')
	w.part(b.Part)
	w.Close('}')
	w.point(b.Cache)
}

func (w *writer) point(p plan.Point) {
	if !p.Set {
		return
	}
	w.Open('{')
	w.Name("cachePoint")
	w.Open('{')
	w.TextIf("ttl", p.TTL)
	w.Text("type", "default")
	w.Close('}')
	w.Close('}')
}

// part writes the one member of a content block, or of a part of a tool's
// result.
func (w *writer) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		w.Text("text", string(p))
	case model.JSON:
		w.Name("json")
		w.Raw(p)
	case model.CitedText:
		w.citedText(&p)
	case model.Thinking:
		w.thinking(&p)
	case model.Image:
		w.file("image", imageFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Video:
		w.file("video", videoFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Audio:
		w.file("audio", audioFormat(p.MediaType), p.Data, p.URI, p.Owner)
	case model.Document:
		w.document(&p)
	case model.SearchResult:
		w.searchResult(&p)
	case model.Guard:
		w.guard(&p)
	case model.ToolCall:
		w.toolUse(p.ID, p.Name, "", p.Input)
	case model.ServerToolCall:
		w.toolUse(p.ID, p.Name, p.Kind, p.Input)
	case model.ToolResult:
		w.toolResult(p.CallID, "", p.Parts, p.IsError)
	case model.ServerToolResult:
		w.toolResult(p.CallID, p.Kind, p.Parts, p.IsError)
	case model.Opaque:
		w.Name(p.Kind)
		w.Raw(p.Data)
	}
}

func (w *writer) thinking(p *model.Thinking) {
	w.Name("reasoningContent")
	w.Open('{')
	if len(p.Redacted) > 0 {
		w.Name("redactedContent")
		w.Base64("", p.Redacted)
	} else {
		w.Name("reasoningText")
		w.Open('{')
		w.TextIf("signature", p.Signature)
		w.Text("text", p.Text)
		w.Close('}')
	}
	w.Close('}')
}

func (w *writer) toolUse(id, name, kind string, input json.RawMessage) {
	w.Name("toolUse")
	w.Open('{')
	w.Name("input")
	w.Raw(input)
	w.Text("name", name)
	w.Text("toolUseId", id)
	w.TextIf("type", kind)
	w.Close('}')
}

// toolResult writes the result of a tool. The kind is that of a tool that the
// service ran.
func (w *writer) toolResult(id, kind string, parts []model.Part, failed bool) {
	w.Name("toolResult")
	w.Open('{')
	w.Name("content")
	w.Open('[')
	for _, p := range parts {
		w.Open('{')
		w.part(p)
		w.Close('}')
	}
	w.Close(']')
	switch {
	case !w.p.ResultStatus:
	case failed:
		w.Text("status", "error")
	default:
		w.Text("status", "success")
	}
	w.Text("toolUseId", id)
	w.TextIf("type", kind)
	w.Close('}')
}

func (w *writer) searchResult(p *model.SearchResult) {
	w.Name("searchResult")
	w.Open('{')
	w.citationsWanted(p.Citations)
	w.Name("content")
	w.Open('[')
	for _, text := range p.Content {
		w.textObject(text)
	}
	w.Close(']')
	w.Text("source", p.Source)
	w.Text("title", p.Title)
	w.Close('}')
}

// textObject writes an object that is a text.
func (w *writer) textObject(text string) {
	w.Open('{')
	w.Text("text", text)
	w.Close('}')
}

func (w *writer) citationsWanted(wanted bool) {
	if wanted {
		w.Name("citations")
		w.Literal(`{"enabled":true}`)
	}
}

func (w *writer) guard(p *model.Guard) {
	w.Name("guardContent")
	w.Open('{')
	if p.Image != nil {
		w.file("image", imageFormat(p.Image.MediaType), p.Image.Data, "", "")
	} else {
		w.Name("text")
		w.Open('{')
		w.Texts("qualifiers", p.Qualifiers)
		w.Text("text", p.Text)
		w.Close('}')
	}
	w.Close('}')
}
