package laws

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Wire returns the parts of a request that were lost on its way, by the same
// law of conservation as [CheckSent], which is for requests that were decoded
// again. Each part of its messages, each tool and each setting must be in the
// body that was sent, or a warning must name it. Wire knows no format. It only
// requires that the text, the bytes (as they are or in base64), the JSON and
// the numbers of a part are somewhere in the body, as often as in the request.
// A warning about "messages[2]" is about all parts of that message.
//
// Wire is only about requests that were sent: a request that was refused before
// has lost nothing. The body must be JSON. Wire does not look for settings that
// a body may express by nothing: automatic cache points, thinking that is
// switched off or without an amount, and tools that must not be called.
func Wire(req *model.Request, body []byte, warnings []model.Warning) error {
	if !json.Valid(body) {
		return errors.New("conservation on the wire: the body is not JSON")
	}
	sent := readWire(body)
	c := &wireCheck{wire: sent, warnings: warnings, needed: map[string]*need{}}
	for i, m := range req.Messages {
		for j, p := range m.Parts {
			c.part(fmt.Sprintf("messages[%d].parts[%d]", i, j), p)
		}
	}
	c.tools(req)
	c.settings(req)
	c.count()
	return broken("conservation on the wire", c.faults)
}

// A wireCheck looks for the parts of a request in a body.
type wireCheck struct {
	wire     *wireText
	warnings []model.Warning
	needed   map[string]*need
	order    []string
	points   int
	faults   []string
}

// A need is a text and the number of times that it must be in the body.
type need struct {
	field string // the field of the first part that needs it
	what  string
	times int
}

// told reports whether a warning names a field, a part of it, or a field that
// contains it.
func (c *wireCheck) told(field string) bool {
	return slices.ContainsFunc(c.warnings, func(w model.Warning) bool { return Within(w.Field, field) || Within(field, w.Field) })
}

func (c *wireCheck) lost(field, format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf("%s: %s is neither in the body nor in a warning", field, fmt.Sprintf(format, args...)))
}

// text records that the body must contain a text.
func (c *wireCheck) text(field, what, text string) {
	text = string([]rune(text)) // as JSON encodes it
	if strings.TrimSpace(text) == "" {
		return
	}
	n := c.needed[text]
	if n == nil {
		n = &need{field: field, what: what}
		c.needed[text] = n
		c.order = append(c.order, text)
	}
	n.times++
}

// count looks for all recorded texts.
func (c *wireCheck) count() {
	for _, text := range c.order {
		n := c.needed[text]
		if got := c.wire.times(text); got < n.times {
			c.lost(n.field, "%s %s (%d of %d times)", n.what, show.Text(text), got, n.times)
		}
	}
	if c.points > c.wire.points {
		c.lost("cache points", "%d of %d", c.points-c.wire.points, c.points)
	}
}

// part looks for a part of a message or of a tool result.
func (c *wireCheck) part(field string, p model.Part) {
	if c.told(field) {
		return
	}
	switch p := p.(type) {
	case model.Text:
		if strings.TrimSpace(string(p)) == "" && c.wire.times(string(p)) == 0 {
			c.lost(field, "a blank text")
		}
		c.text(field, "text", string(p))
	case model.CitedText:
		c.text(field, "text", p.Text)
		for _, cited := range p.Citations {
			c.text(field, "a citation's title", cited.Title)
			c.text(field, "a citation's URL", cited.Location.URL)
		}
	case model.Thinking:
		c.text(field, "thinking", p.Text)
		c.text(field, "the signature", p.Signature)
		c.bytes(field, "redacted thinking", p.Redacted)
	case model.Image:
		c.file(field, "the image", p.Data, p.URI)
	case model.Video:
		c.file(field, "the video", p.Data, p.URI)
	case model.Audio:
		c.file(field, "the sound", p.Data, p.URI)
	case model.Document:
		c.file(field, "the document", p.Data, p.URI)
		c.file(field, "the document", []byte(p.Text), "")
		for _, chunk := range p.Chunks {
			c.text(field, "a chunk", chunk)
		}
		c.text(field, "the context", p.Context)
	case model.ToolCall:
		c.call(field, p.ID, p.Name, p.Input, p.InvalidInput)
	case model.ServerToolCall:
		c.call(field, p.ID, p.Name, p.Input, p.InvalidInput)
	case model.ToolResult:
		c.text(field, "the id", p.CallID)
		c.parts(field, p.Parts)
	case model.ServerToolResult:
		c.text(field, "the id", p.CallID)
		c.parts(field, p.Parts)
	case model.JSON:
		c.json(field, "JSON", []byte(p))
	case model.SearchResult:
		c.text(field, "the source", p.Source)
		c.text(field, "the title", p.Title)
		for _, content := range p.Content {
			c.text(field, "content", content)
		}
	case model.Guard:
		c.text(field, "guarded text", p.Text)
		if p.Image != nil {
			c.file(field, "the guarded image", p.Image.Data, p.Image.URI)
		}
	case model.CachePoint:
		c.points++
	case model.Opaque:
		c.json(field, "the block", p.Data)
	default:
		c.lost(field, "a part of the unknown type %T", p)
	}
}

func (c *wireCheck) parts(field string, parts []model.Part) {
	for k, p := range parts {
		c.part(fmt.Sprintf("%s.parts[%d]", field, k), p)
	}
}

func (c *wireCheck) call(field, id, name string, input json.RawMessage, invalid string) {
	c.text(field, "the id", id)
	c.text(field, "the name", name)
	c.json(field, "the input", input)
	c.text(field, "the input", invalid)
}

// bytes looks for data, as text or in base64.
func (c *wireCheck) bytes(field, what string, data []byte) {
	if len(data) > 0 && !c.wire.holds(data) {
		c.lost(field, "%s of %d bytes", what, len(data))
	}
}

func (c *wireCheck) file(field, what string, data []byte, uri string) {
	if inline, ok := inlined(uri); ok {
		data, uri = inline, ""
	}
	c.bytes(field, what, data)
	c.text(field, "the URI", uri)
}

// inlined returns the data in a data: URL. Its base64 may arrive in another
// form: in the other alphabet, with or without padding, or in lines.
func inlined(uri string) ([]byte, bool) {
	head, body, ok := strings.Cut(uri, ",")
	head = strings.ToLower(head)
	if !ok || !strings.HasPrefix(head, "data:") {
		return nil, false
	}
	if unescaped, err := url.PathUnescape(body); err == nil {
		body = unescaped
	}
	if !strings.HasSuffix(head, ";base64") {
		return []byte(body), true
	}
	body = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(body)
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
	return data, err == nil
}

// json looks for JSON byte for byte, except for white space between tokens. The
// JSON may be in the body or in a text of it.
func (c *wireCheck) json(field, what string, data []byte) {
	data = bytes.TrimSpace(data)
	var compact bytes.Buffer
	if len(data) == 0 || c.wire.json(data) || json.Compact(&compact, data) == nil && c.wire.json(compact.Bytes()) {
		return
	}
	c.lost(field, "%s %s", what, show.Text(string(data)))
}

func (c *wireCheck) tools(req *model.Request) {
	if req.ToolChoice.Mode == model.ToolsNone {
		return // not offering the tools is one way to prevent calls
	}
	if c.told("tools") && !slices.ContainsFunc(c.warnings, func(w model.Warning) bool { return strings.HasPrefix(w.Field, "tools[") }) {
		return
	}
	for i, t := range req.Tools {
		field := fmt.Sprintf("tools[%d]", i)
		if c.told(field) {
			continue
		}
		if !slices.Contains(c.wire.texts, t.Name) {
			c.lost(field, "the tool %s", show.Text(t.Name))
		}
		if !t.ServerSide { // the provider describes those itself
			c.text(field, "the description", t.Description)
		}
		if t.Cache != nil {
			c.points++
		}
	}
}

// settings looks for the settings.
func (c *wireCheck) settings(req *model.Request) {
	number := func(field string, value float64) {
		if !c.told(field) && !slices.Contains(c.wire.numbers, value) {
			c.lost(field, "%v", value)
		}
	}
	member := func(field string, asked bool, names ...string) {
		if asked && !c.told(field) && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(c.wire.members, n) }) {
			c.lost(field, "what was asked for")
		}
	}
	if req.MaxTokens != 0 {
		number("max_tokens", float64(req.MaxTokens))
	}
	if req.Temperature != nil {
		number("temperature", *req.Temperature)
	}
	if req.TopP != nil {
		number("top_p", *req.TopP)
	}
	if req.TopK != 0 {
		number("top_k", float64(req.TopK))
	}
	for i, stop := range req.StopSequences {
		if field := fmt.Sprintf("stop_sequences[%d]", i); !c.told(field) && !slices.Contains(c.wire.texts, string([]rune(stop))) {
			c.lost(field, "%s", show.Text(stop))
		}
	}
	choice := req.ToolChoice.Mode
	member("tool_choice", choice == model.ToolsAny || choice == model.ToolsNamed, "toolChoice", "tool_choice")
	think := req.Thinking
	member("thinking", think != nil && think.Mode != model.ThinkingDisabled && think.Effort != "none" && (think.Effort != "" || think.Budget != 0),
		"thinking", "reasoning", "reasoningConfig", "reasoning_config", "reasoning_effort", "output_config")
	member("output", req.Output != nil, "outputConfig", "output_config", "output_format", "response_format")
}
