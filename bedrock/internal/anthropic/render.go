package anthropic

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// render writes a block.
func (e *encoder) render(b block) []byte {
	if o, ok := b.part.(model.Opaque); ok && b.cache == nil {
		return o.Data
	}
	var f native.Fields
	e.renderPart(&f, b.field, b.part)
	cacheControl(&f, b.cache)
	return f.Append(nil)
}

func (e *encoder) renderPart(f *native.Fields, field string, p model.Part) {
	switch p := p.(type) {
	case model.Text:
		text(f, string(p))
	case model.CitedText:
		e.citedText(f, field, p)
	case model.Thinking:
		thinking(f, p)
	case model.Image:
		e.image(f, field, p)
	case model.Document:
		e.document(f, field, p)
	case model.SearchResult:
		searchResult(f, p)
	case model.ToolCall:
		e.call(f, field, "tool_use", p.ID, p.Name, p.Input, p.InvalidInput)
	case model.ServerToolCall:
		e.call(f, field, "server_tool_use", p.ID, p.Name, p.Input, p.InvalidInput)
	case model.ToolResult:
		e.result(f, field, p)
	case model.ServerToolResult:
		serverResult(f, p)
	case model.Guard:
		text(f, e.guards.Text(field, p, &e.Report))
	case model.Opaque:
		opaque(f, p)
	default:
		e.Unsupported(field, "Anthropic's format has no place for a part of type %T", p)
	}
}

func text(f *native.Fields, s string) {
	f.Text("type", "", "text")
	f.Text("text", "", s)
}

func thinking(f *native.Fields, p model.Thinking) {
	if len(p.Redacted) > 0 {
		f.Text("type", "", "redacted_thinking")
		f.Text("data", "", string(p.Redacted))
		return
	}
	f.Text("type", "", "thinking")
	f.Text("thinking", "", p.Text)
	f.Text("signature", "", p.Signature)
}

// opaque writes a block of the future that has got a cache point.
func opaque(f *native.Fields, p model.Opaque) {
	var r native.Report
	f.Merge(p.Data, &r)
}

func (e *encoder) image(f *native.Fields, field string, p model.Image) {
	mediaType, err := native.ImageType(p)
	if err != nil {
		e.Unsupported(field, "%v", err)
		return
	}
	f.Text("type", "", "image")
	f.Object("source", "", base64Source(mediaType, p.Data))
}

func base64Source(mediaType string, data []byte) native.Fields {
	var s native.Fields
	s.Text("type", "", "base64")
	s.Text("media_type", "", mediaType)
	s.Text("data", "", base64.StdEncoding.EncodeToString(data))
	return s
}

// document writes a document. The format has PDFs, plain text and lists of
// chunks.
func (e *encoder) document(f *native.Fields, field string, p model.Document) {
	source, ok := e.documentSource(field, p)
	if !ok {
		return
	}
	f.Text("type", "", "document")
	f.Object("source", "", source)
	if p.Name != "" {
		f.Text("title", "", p.Name)
	}
	if p.Context != "" {
		f.Text("context", "", p.Context)
	}
	if p.Citations {
		f.Raw("citations", "", []byte(`{"enabled":true}`))
	}
}

func (e *encoder) documentSource(field string, p model.Document) (s native.Fields, ok bool) {
	switch {
	case p.URI != "":
		e.Unsupported(field, "InvokeModel takes documents as data or text, not by URI")
		return s, false
	case len(p.Chunks) > 0:
		chunks := make([][]byte, len(p.Chunks))
		for i, c := range p.Chunks {
			var f native.Fields
			text(&f, c)
			chunks[i] = f.Append(nil)
		}
		s.Text("type", "", "content")
		s.List("content", "", chunks)
		return s, true
	case native.IsPDF(p):
		return base64Source("application/pdf", p.Data), true
	case p.Text == "" && !native.IsTextType(p.MediaType):
		e.Unsupported(field, "media type %q is neither application/pdf nor text", p.MediaType)
		return s, false
	}
	content := p.Text
	if content == "" {
		if content = string(p.Data); !utf8.ValidString(content) {
			e.Invalid(field, "is of media type %q, but its data is not UTF-8", p.MediaType)
			return s, false
		}
	}
	if t := p.MediaType; t != "" && !strings.HasPrefix(t, "text/plain") {
		e.Warn(model.WarningChanged, field+".media_type", "the format has one type of text; %q is sent as text/plain", t)
	}
	s.Text("type", "", "text")
	s.Text("media_type", "", "text/plain")
	s.Text("data", "", content)
	return s, true
}

func searchResult(f *native.Fields, p model.SearchResult) {
	content := make([][]byte, len(p.Content))
	for i, c := range p.Content {
		var t native.Fields
		text(&t, c)
		content[i] = t.Append(nil)
	}
	f.Text("type", "", "search_result")
	f.Text("source", "", p.Source)
	f.Text("title", "", p.Title)
	f.Raw("content", "", native.List(content))
	if p.Citations {
		f.Raw("citations", "", []byte(`{"enabled":true}`))
	}
}

func (e *encoder) callID(field, id string) string {
	legal, changed := native.CallID(id)
	if changed {
		e.Warn(model.WarningChanged, field+".id", "Claude takes ids of letters, digits, _ and -; %q is sent as %q", id, legal)
	}
	return legal
}

func (e *encoder) call(f *native.Fields, field, kind, id, name string, input json.RawMessage, invalid string) {
	object, wrapped := native.Arguments(input, invalid)
	if wrapped {
		e.Warn(model.WarningChanged, field+".input", "Claude takes nothing but a JSON object; the input is sent as a string inside one")
	}
	f.Text("type", "", kind)
	f.Text("id", "", e.callID(field, id))
	f.Text("name", "", name)
	f.Raw("input", "", object)
}

func (e *encoder) result(f *native.Fields, field string, p model.ToolResult) {
	f.Text("type", "", "tool_result")
	f.Text("tool_use_id", "", e.callID(field, p.CallID))
	f.List("content", "", e.resultParts(field, p.Parts))
	if p.IsError {
		f.Bool("is_error", "", true)
	}
}

func (e *encoder) resultParts(field string, parts []model.Part) [][]byte {
	var all [][]byte
	for i, p := range parts {
		field := fmt.Sprintf("%s.parts[%d]", field, i)
		if native.IsBlank(p) {
			e.Warn(model.WarningDropped, field, "blank text, which the format refuses")
			continue
		}
		switch q := p.(type) {
		case model.JSON:
			p = model.Text(q) // the format has no other place for it
		case model.Opaque:
			if !e.Opaque(field, q, Provider) {
				continue
			}
		}
		all = append(all, e.render(block{part: p, field: field}))
	}
	return all
}

// isServerResult reports whether a result is one of this format.
func isServerResult(p model.ServerToolResult) bool {
	if !strings.HasSuffix(p.Kind, resultSuffix) || len(p.Parts) != 1 {
		return false
	}
	j, ok := p.Parts[0].(model.JSON)
	return ok && json.Valid(j)
}

func serverResult(f *native.Fields, p model.ServerToolResult) {
	f.Text("type", "", p.Kind)
	f.Text("tool_use_id", "", p.CallID)
	f.Raw("content", "", []byte(p.Parts[0].(model.JSON)))
}
