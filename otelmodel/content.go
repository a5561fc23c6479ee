package otelmodel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/chatmodel-go/chatmodel/model"
)

// The content of messages, in the form of the conventions. That form has no
// place for signatures, redacted thinking and the bytes of files.

// A contentPart is a part of a message, or an instruction. Its type decides
// which members it has.
type contentPart struct {
	Type      string `json:"type"`
	Content   string `json:"content,omitempty"`
	ID        string `json:"id,omitempty"`
	Name      string `json:"name,omitempty"`
	Arguments any    `json:"arguments,omitempty"`
	Response  any    `json:"response,omitempty"`
	Modality  string `json:"modality,omitempty"`
	MimeType  string `json:"mime_type,omitempty"`
	URI       string `json:"uri,omitempty"`
}

type contentMessage struct {
	Role  string        `json:"role"`
	Parts []contentPart `json:"parts"`
}

type contentTool struct {
	Type        string          `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"`
}

// A writer converts parts to content. It redacts and cuts each text.
type writer struct {
	ctx    context.Context
	redact func(ctx context.Context, text string) string
	limit  int // the limit of a text, in bytes
}

func (t *Instrumentation) writer(ctx context.Context, limit int) writer {
	return writer{ctx, t.o.Redact, limit}
}

func (w writer) text(s string) string {
	if w.redact != nil {
		s = w.redact(w.ctx, s)
	}
	if len(s) <= w.limit {
		return s
	}
	n := w.limit
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + fmt.Sprintf("… (%d more bytes)", len(s)-n)
}

// json returns a JSON text as a value if it need not be cut, else as a text.
func (w writer) json(s string) any {
	if out := w.text(s); out != s || !json.Valid([]byte(s)) {
		return out
	}
	return json.RawMessage(s)
}

func (w writer) parts(parts []model.Part) []contentPart {
	all := make([]contentPart, 0, len(parts))
	for _, p := range parts {
		if c, ok := w.part(p); ok {
			all = append(all, c)
		}
	}
	return all
}

// part returns the content of a part. It returns false for parts without
// content, such as cache points.
func (w writer) part(p model.Part) (contentPart, bool) {
	switch p := p.(type) {
	case model.Text:
		return contentPart{Type: "text", Content: w.text(string(p))}, true
	case model.CitedText:
		return contentPart{Type: "text", Content: w.text(p.Text)}, true
	case model.JSON:
		return contentPart{Type: "text", Content: w.text(string(p))}, true
	case model.Thinking:
		return contentPart{Type: "reasoning", Content: w.text(p.Text)}, p.Text != ""
	case model.ToolCall:
		return contentPart{Type: "tool_call", ID: p.ID, Name: p.Name, Arguments: w.json(string(p.Input) + p.InvalidInput)}, true
	case model.ToolResult:
		return contentPart{Type: "tool_call_response", ID: p.CallID, Response: w.result(p.Parts)}, true
	case model.ServerToolCall:
		return contentPart{Type: "server_tool_call", ID: p.ID, Name: p.Name, Arguments: w.json(string(p.Input) + p.InvalidInput)}, true
	case model.ServerToolResult:
		return contentPart{Type: "server_tool_call_response", ID: p.CallID, Response: w.result(p.Parts)}, true
	case model.Image:
		return w.file("image", p.MediaType, p.URI), true
	case model.Document:
		return w.file("document", p.MediaType, p.URI), true
	case model.Video:
		return w.file("video", p.MediaType, p.URI), true
	case model.Audio:
		return w.file("audio", p.MediaType, p.URI), true
	case model.SearchResult:
		return contentPart{Type: "search_result", Name: w.text(p.Title), Content: w.text(strings.Join(p.Content, "\n"))}, true
	case model.Guard:
		return contentPart{Type: "text", Content: w.text(p.Text)}, p.Text != ""
	}
	return contentPart{}, false
}

// file returns a file by its kind and address, without its bytes. It omits an
// address that begins with data:, because that contains the bytes.
func (w writer) file(modality, mediaType, uri string) contentPart {
	if strings.HasPrefix(uri, "data:") {
		uri = ""
	}
	return contentPart{Type: "uri", Modality: modality, MimeType: mediaType, URI: uri}
}

// result returns the result of a tool: its value if it is one text or object,
// else its parts.
func (w writer) result(parts []model.Part) any {
	if len(parts) == 1 {
		switch p := parts[0].(type) {
		case model.Text:
			return w.text(string(p))
		case model.JSON:
			return w.json(string(p))
		}
	}
	return w.parts(parts)
}

// messages returns the messages without those of the system, and the parts of
// the latter.
func (w writer) messages(all []model.Message) (said []contentMessage, system []contentPart) {
	for _, m := range all {
		if m.Role == model.RoleSystem {
			system = append(system, w.parts(m.Parts)...)
			continue
		}
		role := string(m.Role)
		if len(m.Parts) > 0 {
			if _, ok := m.Parts[0].(model.ToolResult); ok {
				role = "tool"
			}
		}
		said = append(said, contentMessage{role, w.parts(m.Parts)})
	}
	return said, system
}

// asked returns the attributes for the content of a request.
func (t *Instrumentation) asked(ctx context.Context, req *model.Request) []attribute.KeyValue {
	var attrs []attribute.KeyValue
	_, system := t.writer(ctx, t.o.MaxContent/2).messages(req.Messages)
	if len(system) > 0 {
		attrs = t.attach(attrs, systemInstructions, func(limit int) any {
			_, system := t.writer(ctx, limit).messages(req.Messages)
			return system
		})
	}
	attrs = append(attrs, inputMessages.String(t.fit(ctx, req.Messages)))
	if len(req.Tools) > 0 {
		attrs = t.attach(attrs, toolDefinitions, func(limit int) any { return t.writer(ctx, limit).tools(req.Tools) })
	}
	if t.o.LangSmith {
		attrs = append(attrs, t.numbered(ctx, langsmithPromptN, req.Messages)...)
	}
	return attrs
}

func (w writer) tools(tools []model.Tool) []contentTool {
	all := make([]contentTool, len(tools))
	for i, tool := range tools {
		all[i] = contentTool{Type: "function", Name: tool.Name, Description: w.text(tool.Description)}
		if len(tool.InputSchema) <= w.limit {
			all[i].Parameters = tool.InputSchema
		}
	}
	return all
}

// answered returns the attributes for the content of an answer.
func (t *Instrumentation) answered(ctx context.Context, m model.Message) []attribute.KeyValue {
	attrs := t.attach(nil, outputMessages, func(limit int) any {
		said, _ := t.writer(ctx, limit).messages([]model.Message{m})
		return said
	})
	if t.o.LangSmith {
		attrs = append(attrs, t.numbered(ctx, langsmithAnswerN, []model.Message{m})...)
	}
	return attrs
}

// toolInput and toolOutput return the attributes for the arguments and the
// result of a tool.
func (t *Instrumentation) toolInput(ctx context.Context, c *model.ToolCall) []attribute.KeyValue {
	input := t.writer(ctx, t.o.MaxContent).text(string(c.Input) + c.InvalidInput)
	attrs := []attribute.KeyValue{toolArguments.String(input)}
	if t.o.LangSmith {
		attrs = append(attrs, genAIPrompt.String(input))
	}
	return attrs
}

func (t *Instrumentation) toolOutput(ctx context.Context, parts []model.Part) []attribute.KeyValue {
	attrs := t.attach(nil, toolResult, func(limit int) any { return t.writer(ctx, limit).result(parts) })
	if t.o.LangSmith && len(attrs) > 0 {
		attrs = append(attrs, genAICompletion.String(attrs[0].Value.AsString()))
	}
	return attrs
}

// attach appends content as JSON. It cuts texts until the content fits.
func (t *Instrumentation) attach(attrs []attribute.KeyValue, key attribute.Key, content func(limit int) any) []attribute.KeyValue {
	for limit := t.o.MaxContent; limit >= 8; limit /= 2 {
		if data, err := json.Marshal(content(limit)); err == nil && len(data) <= t.o.MaxContent {
			return append(attrs, key.String(string(data)))
		}
	}
	return attrs // too long even with all texts cut
}

// fit returns messages as JSON. If they are too long, it leaves out the oldest
// ones. If the last one alone is too long, it cuts texts.
func (t *Instrumentation) fit(ctx context.Context, messages []model.Message) string {
	for limit := t.o.MaxContent; limit >= 8; limit /= 2 {
		said, _ := t.writer(ctx, limit).messages(messages)
		for n := 0; n < max(len(said), 1); n++ {
			data, err := json.Marshal(withoutFirst(said, n))
			if err == nil && len(data) <= t.o.MaxContent {
				return string(data)
			}
		}
	}
	return "[]"
}

// withoutFirst leaves out the first n messages and puts a note in their place.
func withoutFirst(said []contentMessage, n int) []contentMessage {
	if n == 0 {
		return said
	}
	note := contentMessage{"user", []contentPart{{Type: "text", Content: fmt.Sprintf("(%d earlier messages)", n)}}}
	return append([]contentMessage{note}, said[n:]...)
}

// numbered returns an attribute for the role and for the text of each message.
func (t *Instrumentation) numbered(ctx context.Context, prefix string, messages []model.Message) []attribute.KeyValue {
	var attrs []attribute.KeyValue
	w, room := t.writer(ctx, t.o.MaxContent), t.o.MaxContent
	for i, m := range messages {
		text := w.text(strings.TrimSpace(m.Text()))
		if room -= len(text); room < 0 {
			break
		}
		key := fmt.Sprintf("%s%d.", prefix, i)
		attrs = append(attrs, attribute.String(key+"role", string(m.Role)), attribute.String(key+"content", text))
	}
	return attrs
}
