package model

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
)

// fmt and log/slog show messages for people: texts in full, binary data by
// size, and neither signatures nor redacted bytes, which are for the provider
// alone. The types that hold them are Formatters, because fmt calls String for
// some of its verbs only.

// String returns the message in a line of text.
func (m Message) String() string {
	return strings.TrimSpace(string(m.Role) + ": " + strings.Join(describeAll(m.Parts), " "))
}

// Format makes every verb of fmt print what String returns.
func (m Message) Format(f fmt.State, verb rune) { io.WriteString(f, m.String()) }

// LogValue makes log/slog show what String shows.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("role", string(m.Role)), slog.Any("parts", describeAll(m.Parts)))
}

// String returns the block without signature and redacted bytes.
func (p Thinking) String() string { return describe(p) }

// Format makes every verb of fmt print what String returns.
func (p Thinking) Format(f fmt.State, verb rune) { io.WriteString(f, describe(p)) }

// LogValue makes log/slog show what String shows.
func (p Thinking) LogValue() slog.Value { return slog.StringValue(describe(p)) }

// String returns the event in a line of text, signatures and redacted bytes
// left out.
func (e Event) String() string {
	switch e.Kind {
	case EventSignature:
		return fmt.Sprintf("%v[%d] %d bytes", e.Kind, e.Index, len(e.Text))
	case EventText, EventThinking, EventToolInput:
		return fmt.Sprintf("%v[%d] %q", e.Kind, e.Index, e.Text)
	case EventFinish:
		return e.Kind.String() + " " + e.Response.String()
	}
	return fmt.Sprintf("%v[%d] %s", e.Kind, e.Index, describe(e.Part))
}

// Format makes every verb of fmt print what String returns.
func (e Event) Format(f fmt.State, verb rune) { io.WriteString(f, e.String()) }

// LogValue makes log/slog show what String shows.
func (e Event) LogValue() slog.Value { return slog.StringValue(e.String()) }

// Format makes every verb of fmt print the stream's name.
func (s *Stream) Format(f fmt.State, verb rune) {
	io.WriteString(f, describeAs("stream", s.info.Provider, s.info.Model))
}

// String returns the response in a line of text.
func (r *Response) String() string {
	if r == nil {
		return "no response"
	}
	s := fmt.Sprintf("%s (%s", r.Message, r.StopReason)
	if u := r.TokenUsage(); u.Known {
		s += fmt.Sprintf(", %d in, %d out", u.InputTokens, u.OutputTokens)
	}
	return s + ")"
}

// Format makes every verb of fmt print what String returns.
func (r Response) Format(f fmt.State, verb rune) { io.WriteString(f, r.String()) }

// LogValue makes log/slog show the message as String does, and the numbers.
func (r *Response) LogValue() slog.Value {
	if r == nil {
		return slog.StringValue("no response")
	}
	attrs := []slog.Attr{
		slog.Any("message", r.Message),
		slog.String("stop_reason", string(r.StopReason)),
		slog.String("model", r.Model),
		slog.String("request_id", r.RequestID),
	}
	if u := r.TokenUsage(); u.Known {
		attrs = append(attrs, slog.Any("usage", u))
	}
	return slog.GroupValue(attrs...)
}

// LogValue makes log/slog show the messages as String does, and how many
// tools there are.
func (req *Request) LogValue() slog.Value {
	if req == nil {
		return slog.StringValue("no request")
	}
	lines := make([]string, len(req.Messages))
	for i, m := range req.Messages {
		lines[i] = m.String()
	}
	return slog.GroupValue(slog.Any("messages", lines), slog.Int("tools", len(req.Tools)))
}

// describeAll returns each part in a line of text.
func describeAll(parts []Part) []string {
	all := make([]string, len(parts))
	for i, p := range parts {
		all[i] = describe(p)
	}
	return all
}

// describe returns a part in a line of text.
func describe(p Part) string {
	switch p := p.(type) {
	case nil:
		return "nil"
	case Text:
		return fmt.Sprintf("%q", string(p))
	case CitedText:
		return fmt.Sprintf("%q with %d citations", p.Text, len(p.Citations))
	case Thinking:
		return "thinking(" + describeThinking(p) + ")"
	case Image:
		return describeMedia("image", p.MediaType, p.Data, p.URI)
	case Video:
		return describeMedia("video", p.MediaType, p.Data, p.URI)
	case Audio:
		return describeMedia("audio", p.MediaType, p.Data, p.URI)
	case Document:
		return describeAs("document", strconv.Quote(p.Name), p.MediaType)
	case ToolCall:
		return describeCall(p.kind(), p.ID, p.Name, p.Input, p.InvalidInput)
	case ServerToolCall:
		return describeCall(p.kind(), p.ID, p.Name, p.Input, p.InvalidInput)
	case ToolResult:
		return describeResult(p.kind(), p.CallID, p.IsError, p.Parts)
	case ServerToolResult:
		return describeResult(p.kind(), p.CallID, p.IsError, p.Parts)
	case JSON:
		return string(p)
	case CachePoint:
		return describeAs("cache_point", formatTTL(p.TTL))
	case SearchResult:
		return fmt.Sprintf("search_result(%q)", p.Title)
	case Guard:
		if p.Image != nil {
			return describeAs("guard", describe(*p.Image))
		}
		return describeAs("guard", strconv.Quote(p.Text))
	case Opaque:
		return describeAs("opaque", p.Provider, p.Kind, size(p.Data))
	}
	return fmt.Sprintf("%T", p)
}

// describeThinking returns thinking without its signature and without redacted
// bytes, which mean nothing to people.
func describeThinking(p Thinking) string {
	var d []string
	if p.Text != "" {
		d = append(d, fmt.Sprintf("%q", p.Text))
	}
	if n := len(p.Signature); n > 0 {
		d = append(d, fmt.Sprintf("signature of %d bytes", n))
	}
	if n := len(p.Redacted); n > 0 {
		d = append(d, fmt.Sprintf("redacted %d bytes", n))
	}
	if p.Incomplete {
		d = append(d, "incomplete")
	}
	return strings.Join(d, ", ")
}

// describeMedia shows where a file lies or, if it is there itself, its size.
func describeMedia(kind, mediaType string, data []byte, uri string) string {
	if uri != "" {
		return describeAs(kind, mediaType, uri)
	}
	return describeAs(kind, mediaType, size(data))
}

// describeCall shows a call with its input or, if that is not JSON, with what
// the model wrote.
func describeCall(kind, id, name string, input json.RawMessage, invalid string) string {
	if invalid != "" {
		return describeAs(kind, id, name, "invalid", strconv.Quote(invalid))
	}
	return describeAs(kind, id, name, string(input))
}

// describeResult shows a result with its parts.
func describeResult(kind, id string, isError bool, parts []Part) string {
	if isError {
		kind += " error"
	}
	return describeAs(kind, append([]string{id}, describeAll(parts)...)...)
}

// describeAs returns "kind(piece piece)", without the pieces that are empty.
func describeAs(kind string, pieces ...string) string {
	pieces = slices.DeleteFunc(pieces, func(s string) bool { return s == "" })
	return kind + "(" + strings.Join(pieces, " ") + ")"
}

func size(data []byte) string { return fmt.Sprintf("%d bytes", len(data)) }
