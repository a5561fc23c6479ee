package anthropic

import (
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// block writes a block, with the cache point behind it as a member of it. That
// is why a point may stand on a document here, which Converse refuses: there the
// point is a block of its own.
func (w writer) block(b *plan.Block) {
	w.Open('{')
	w.part(b.Part)
	w.point(b.Cache)
	w.Close('}')
}

// point writes a cache point, ephemeral being the one type that there is.
func (w writer) point(p plan.Point) {
	if !p.Set {
		return
	}
	w.Name("cache_control")
	w.Open('{')
	w.kind("ephemeral")
	w.TextIf("ttl", p.TTL)
	w.Close('}')
}

// kind writes the member that says what a block is. It comes first, as in the
// service's own answers.
func (w writer) kind(kind string) { w.Writer.Text("type", kind) }

// part writes the members of a block. It has no default: the plan has refused or
// replaced each part that the format has no block for.
func (w writer) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		w.text(string(p))
	case model.JSON:
		// Only in a tool's result. The format has no block for JSON there, so it goes
		// as text, straight from its bytes.
		w.kind("text")
		w.Name("text")
		w.StringOf(p)
	case model.CitedText:
		w.citedText(&p)
	case model.Thinking:
		w.thought(&p)
	case model.Image:
		w.kind("image")
		w.Name("source")
		w.base64(media.Base(p.MediaType), p.Data)
	case model.Document:
		w.document(&p)
	case model.SearchResult:
		w.searchResult(&p)
	case model.ToolCall:
		w.call("tool_use", p.ID, p.Name, p.Input)
	case model.ServerToolCall:
		// The format has this one type for all of them. A call whose result is of
		// another format has been taken back by the plan.
		w.call("server_tool_use", p.ID, p.Name, p.Input)
	case model.ToolResult:
		w.result(&p)
	case model.ServerToolResult:
		w.kind(p.Kind)
		w.Writer.Text("tool_use_id", p.CallID)
		w.Name("content")
		// One JSON value, whose form depends on the tool. The plan lets no other
		// results through, and isServerResult none of a server's.
		w.Raw(p.Parts[0].(model.JSON))
	case model.Opaque:
		// The whole block, type and all, goes back as it came. Inner leaves the
		// braces to block, which may have a cache point to add.
		w.Inner(p.Data)
	}
}

// text writes the members of a block of text.
func (w writer) text(s string) {
	w.kind("text")
	w.Writer.Text("text", s)
}

// textBlock writes a whole block of text, for lists that hold nothing else.
func (w writer) textBlock(s string) {
	w.Open('{')
	w.text(s)
	w.Close('}')
}

// thought writes a block of thinking. Both members are required, also when the
// text is empty: some models show none of it and sign all the same, and
// "thinking.signature: Field required" is the answer to a block without one. The
// plan drops thinking without a signature. Redacted data is text here, which the
// plan has checked, while Converse wraps it in base64 once more.
func (w writer) thought(p *model.Thinking) {
	if len(p.Redacted) > 0 { // a block of thinking is one or the other
		w.kind("redacted_thinking")
		w.Writer.Text("data", string(p.Redacted))
		return
	}
	w.kind("thinking")
	w.Writer.Text("thinking", p.Text)
	w.Writer.Text("signature", p.Signature)
}

// base64 writes the source of a file. The plan lets no files by URI through:
// InvokeModel takes the bytes themselves.
func (w writer) base64(mediaType string, data []byte) {
	w.Open('{')
	w.kind("base64")
	w.Writer.Text("media_type", mediaType)
	w.Name("data")
	w.Base64("", data)
	w.Close('}')
}

// document writes a document. The format takes PDFs as bytes, and plain text and
// lists of chunks as text. The plan has turned every other text into plain text
// and refused the rest. Names are optional here and need not differ.
func (w writer) document(p *model.Document) {
	w.kind("document")
	w.Name("source")
	switch text := p.Text; {
	case len(p.Chunks) > 0:
		w.Open('{')
		w.kind("content")
		w.Name("content")
		w.Open('[')
		for _, c := range p.Chunks {
			w.textBlock(c)
		}
		w.Close(']')
		w.Close('}')
	case text == "" && media.Base(p.MediaType) == "application/pdf":
		w.base64("application/pdf", p.Data)
	default:
		if text == "" { // a file of text, which the plan has found to be UTF-8
			text = string(p.Data)
		}
		w.Open('{')
		w.kind("text")
		w.Writer.Text("media_type", "text/plain")
		w.Writer.Text("data", text)
		w.Close('}')
	}
	w.TextIf("title", p.Name) // which citations repeat as document_title
	w.TextIf("context", p.Context)
	w.citationsWanted(p.Citations)
}

// citationsWanted asks for citations, which are off by default.
func (w writer) citationsWanted(wanted bool) {
	if wanted {
		w.Name("citations")
		w.Literal(`{"enabled":true}`)
	}
}

// searchResult writes a source for the model to cite.
func (w writer) searchResult(p *model.SearchResult) {
	w.kind("search_result")
	w.Writer.Text("source", p.Source)
	w.Writer.Text("title", p.Title)
	w.Name("content")
	w.Open('[')
	for _, c := range p.Content {
		w.textBlock(c)
	}
	w.Close(']')
	w.citationsWanted(p.Citations)
}

// call writes a tool call, of the caller's tool or of one that the provider ran.
// The input is required, even where there is none.
func (w writer) call(kind, id, name string, input json.RawMessage) {
	w.kind(kind)
	w.Writer.Text("id", id)
	w.Writer.Text("name", name)
	w.Name("input")
	if len(input) == 0 { // of a server's answer; a plan's calls always have one
		input = json.RawMessage("{}")
	}
	w.Raw(input) // byte for byte, for the sake of numbers and the prompt cache
}

// result writes the result of a tool. Content is optional here, and success is
// not said, in contrast to Converse.
func (w writer) result(p *model.ToolResult) {
	w.kind("tool_result")
	w.Writer.Text("tool_use_id", p.CallID)
	if len(p.Parts) > 0 {
		w.Name("content")
		w.Open('[')
		for _, part := range p.Parts {
			w.Open('{')
			w.part(part)
			w.Close('}')
		}
		w.Close(']')
	}
	if p.IsError {
		w.Name("is_error")
		w.Bool(true)
	}
}

// citedText writes text with its citations. Without any it is plain text: an
// empty list would be one more form of the same block, and a prompt cache goes
// by bytes.
func (w writer) citedText(p *model.CitedText) {
	w.text(p.Text)
	if len(p.Citations) == 0 {
		return
	}
	w.Name("citations")
	w.Open('[')
	for i := range p.Citations {
		w.citation(&p.Citations[i])
	}
	w.Close(']')
}

// citation is the reverse of decodeCitation. A citation that came with data of
// its own goes back as it came: a web citation has an encrypted index, which the
// neutral form has no place for and which the model needs in order to read it.
func (w writer) citation(c *model.Citation) {
	switch l := c.Location; l.Kind {
	case model.LocationChar:
		w.span(c, citeChar, "start_char_index", "end_char_index")
	case model.LocationPage:
		w.span(c, citePage, "start_page_number", "end_page_number")
	case model.LocationChunk:
		w.span(c, citeBlock, "start_block_index", "end_block_index")
	case model.LocationSearchResult:
		w.Open('{')
		w.kind(citeSearch)
		w.Writer.Text("cited_text", strings.Join(c.Quotes, "")) // Converse has a list here
		w.number("search_result_index", l.Index)
		w.Writer.Text("source", c.Source)
		w.orNull("title", c.Title)
		w.number("start_block_index", l.Start)
		w.number("end_block_index", l.End)
		w.Close('}')
	default: // of the web, or of a kind that is not known; Converse's have no form here
		if isOwn(l.Data) {
			w.Raw(l.Data)
		}
	}
}

// span writes a citation of a range of a document. Its members are required, and
// zero is a legal index.
func (w writer) span(c *model.Citation, kind, start, end string) {
	w.Open('{')
	w.kind(kind)
	w.Writer.Text("cited_text", strings.Join(c.Quotes, ""))
	w.number("document_index", c.Location.Index)
	w.orNull("document_title", c.Title)
	w.number(start, c.Location.Start)
	w.number(end, c.Location.End)
	w.Close('}')
}

// number writes a member that is an integer. Unlike Body.Int it writes zero.
func (w writer) number(name string, n int) {
	w.Name(name)
	w.Writer.Int(n)
}

// orNull writes a string that is required and may be null, as the title of a
// document that was sent without one.
func (w writer) orNull(name, s string) {
	w.Name(name)
	if s == "" {
		w.Literal("null")
		return
	}
	w.String(s)
}

// isOwn reports whether the data of a citation are a citation of this format.
// They may be the caller's, or come from another format.
func isOwn(data json.RawMessage) bool {
	var own citation
	return json.Unmarshal(data, &own) == nil && own.Type != ""
}
