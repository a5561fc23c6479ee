package openai

import (
	"encoding/base64"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A piece is a part of a message's content.
type piece struct {
	text  string
	image []byte // the part as JSON, if it is no text
}

// conversation writes the messages. A system message may stand anywhere. A
// user's turn with tool results becomes several messages: one for each result,
// straight behind the calls, and one for what else the turn holds.
func (e *encoder) conversation() {
	turns := 0
	for i, m := range e.req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		before := len(e.messages)
		switch m.Role {
		case model.RoleSystem:
			e.add("system", e.content(field, m.Parts))
		case model.RoleAssistant:
			e.assistant(field, m)
		default:
			e.user(field, m)
		}
		switch {
		case len(e.messages) > before:
			if m.Role != model.RoleSystem {
				turns++
			}
		case m.Role == model.RoleUser && i == len(e.req.Messages)-1:
			e.Invalid(field, "has nothing to send; the last turn needs text or other content")
		default:
			e.Warn(model.WarningDropped, field, "a turn without content")
		}
	}
	if turns == 0 {
		e.Invalid("messages", "hold nothing to send; a conversation needs text or other content")
	}
}

// add writes a message of contents, unless there are none.
func (e *encoder) add(role string, content []piece) {
	if len(content) == 0 {
		return
	}
	var f native.Fields
	f.Text("role", "", role)
	f.Raw("content", "", renderContent(content))
	e.messages = append(e.messages, f.Append(nil))
}

// renderContent writes content as a string, which every model takes, if it is a
// single text, and as a list of parts otherwise.
func renderContent(content []piece) []byte {
	if len(content) == 1 && content[0].image == nil {
		return rawjson.AppendString(nil, content[0].text)
	}
	all := make([][]byte, len(content))
	for i, p := range content {
		if all[i] = p.image; p.image == nil {
			var f native.Fields
			f.Text("type", "", "text")
			f.Text("text", "", p.text)
			all[i] = f.Append(nil)
		}
	}
	return native.List(all)
}

// content translates parts that are said by somebody.
func (e *encoder) content(field string, parts []model.Part) []piece {
	var all []piece
	for j, p := range parts {
		if c, ok := e.piece(fmt.Sprintf("%s.parts[%d]", field, j), p); ok {
			all = append(all, c)
		}
	}
	return all
}

// piece translates one part; ok is false if nothing is sent for it.
func (e *encoder) piece(field string, p model.Part) (c piece, ok bool) {
	if native.IsBlank(p) {
		e.Warn(model.WarningDropped, field, "blank text")
		return c, false
	}
	switch p := p.(type) {
	case model.Text:
		return piece{text: string(p)}, true
	case model.JSON:
		return piece{text: string(p)}, true
	case model.CitedText:
		if len(p.Citations) > 0 {
			e.Warn(model.WarningDropped, field+".citations", "the format has no citations")
		}
		return piece{text: p.Text}, true
	case model.Guard:
		return piece{text: e.guards.Text(field, p, &e.Report)}, true
	case model.Image:
		return e.image(field, p)
	case model.CachePoint:
		e.Warn(model.WarningDropped, field, "the format has no prompt caching")
	case model.Opaque:
		return piece{image: p.Data}, e.Opaque(field, p, Provider)
	case model.Document:
		e.Unsupported(field, "the format has no place for documents; send the document's text as text")
	default:
		e.Unsupported(field, "OpenAI's format has no place for a part of type %T", p)
	}
	return c, false
}

func (e *encoder) image(field string, p model.Image) (c piece, ok bool) {
	mediaType, err := native.ImageType(p)
	if err != nil {
		e.Unsupported(field, "%v", err)
		return c, false
	}
	var url, f native.Fields
	url.Text("url", "", "data:"+mediaType+";base64,"+base64.StdEncoding.EncodeToString(p.Data))
	f.Text("type", "", "image_url")
	f.Object("image_url", "", url)
	return piece{image: f.Append(nil)}, true
}

// assistant writes the model's own turn. Its content is null if it only called
// tools.
func (e *encoder) assistant(field string, m model.Message) {
	var content []piece
	var calls [][]byte
	for j, p := range m.Parts {
		field := fmt.Sprintf("%s.parts[%d]", field, j)
		switch q := p.(type) {
		case model.Thinking:
			_, why := native.Replays(q)
			if why == "" {
				why = "the format has no place for thinking of the history"
			}
			e.Warn(model.WarningDropped, field, "%s", why)
			continue
		case model.ToolCall:
			if e.offersTools() {
				calls = append(calls, call(q))
				continue
			}
			e.Warn(model.WarningChanged, field, "without tools in the request the call is sent as text")
			p = native.AsText(q)[0]
		case model.ServerToolCall, model.ServerToolResult:
			e.Warn(model.WarningChanged, field, "the format has no tools that the service runs; it is sent as text")
			p = native.AsText(p)[0]
		}
		if c, ok := e.piece(field, p); ok {
			content = append(content, c)
		}
	}
	if len(calls) == 0 {
		e.add("assistant", content)
		return
	}
	var f native.Fields
	f.Text("role", "", "assistant")
	if len(content) > 0 {
		f.Raw("content", "", renderContent(content))
	} else {
		f.Raw("content", "", []byte("null"))
	}
	f.List("tool_calls", "", calls)
	e.messages = append(e.messages, f.Append(nil))
}

// call writes a call. Its arguments are a string, so what is not JSON needs no
// wrapping.
func call(p model.ToolCall) []byte {
	arguments := p.InvalidInput
	if arguments == "" {
		if arguments = string(p.Input); arguments == "" {
			arguments = "{}"
		}
	}
	var function, f native.Fields
	function.Text("name", "", p.Name)
	function.Text("arguments", "", arguments)
	f.Text("id", "", p.ID)
	f.Text("type", "", "function")
	f.Object("function", "", function)
	return f.Append(nil)
}

// user writes a user's turn: tool results first, where they must be.
func (e *encoder) user(field string, m model.Message) {
	var rest []piece
	for j, p := range m.Parts {
		field := fmt.Sprintf("%s.parts[%d]", field, j)
		r, ok := p.(model.ToolResult)
		switch {
		case !ok:
			if c, ok := e.piece(field, p); ok {
				rest = append(rest, c)
			}
		case e.offersTools():
			if len(rest) > 0 {
				e.Warn(model.WarningMoved, field, "tool results stand straight behind their calls")
			}
			rest = append(rest, e.result(field, r)...)
		default:
			e.Warn(model.WarningChanged, field, "without tools in the request the result is sent as text")
			rest = append(rest, e.content(field, native.AsText(r))...)
		}
	}
	e.add("user", rest)
}

// result writes a tool result as a message of its own. It returns the images in
// it, for which that message has no place.
func (e *encoder) result(field string, r model.ToolResult) (images []piece) {
	var texts []piece
	for i, c := range e.content(field, r.Parts) {
		if c.image == nil {
			texts = append(texts, c)
			continue
		}
		e.Warn(model.WarningMoved, fmt.Sprintf("%s.parts[%d]", field, i), "the format has text alone in tool results; it is sent behind the results")
		images = append(images, c)
	}
	if r.IsError {
		e.Warn(model.WarningDropped, field+".is_error", "the format has no mark for tools that failed; the result's text should say so")
	}
	if len(texts) == 0 {
		texts = []piece{{}} // the format requires content
	}
	var f native.Fields
	f.Text("role", "", "tool")
	f.Text("tool_call_id", "", r.CallID)
	f.Raw("content", "", renderContent(texts))
	e.messages = append(e.messages, f.Append(nil))
	return images
}
