package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// The JSON of a message is flat, one object a part:
//
//	{"role":"assistant","parts":[{"type":"text","text":"Hi"}]}
//
// It is meant to be stored: documents written by one version decode in every
// later one, kinds of part that a version does not know survive, and decoding
// and encoding again gives the same bytes. Texts are written as UTF-8; what is
// not becomes U+FFFD.

// messageJSON is the form of a message. Its parts are read one by one, since
// each is read by its type.
type messageJSON struct {
	Role  Role              `json:"role"`
	Parts []json.RawMessage `json:"parts"`
}

// MarshalJSON writes the whole message, signatures and redacted thinking
// included.
func (m Message) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 64+sizeOf(m.Parts, 0))
	b = appendText(append(b, `{"role":`...), string(m.Role))
	b, err := appendParts(append(b, `,"parts":`...), m.Parts, 0)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON writes. A part of a kind that this
// version does not know becomes an [Opaque].
func (m *Message) UnmarshalJSON(data []byte) error {
	v, ok := plainMessage(data)
	if !ok {
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
	}
	if v.Parts == nil {
		if name := foreignMember(data); name != "" {
			return fmt.Errorf("model: a message has %q and no parts; that is the form of another library", name)
		}
	}
	parts, err := unmarshalParts(v.Parts, 0)
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	m.Role, m.Parts = v.Role, parts
	return nil
}

// foreignMember returns the first member of a JSON object, by name, that no
// message has, and an empty name if there is none.
func foreignMember(data []byte) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return "" // null
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !strings.EqualFold(name, "role") && !strings.EqualFold(name, "parts") {
			return name
		}
	}
	return ""
}

// maxNesting limits how deep results lie within results. Every level is read
// anew by the one around it, so that without a limit a small document would
// keep a decoder busy for seconds.
const maxNesting = 16

var errNested = errors.New("results are nested too deeply")

// marshalParts returns the JSON of parts. Depth is how many results are around
// them.
func marshalParts(parts []Part, depth int) (json.RawMessage, error) {
	return appendParts(nil, parts, depth)
}

// appendParts writes parts. Depth is how many results are around them.
func appendParts(b []byte, parts []Part, depth int) ([]byte, error) {
	b = append(b, '[')
	for i, p := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendPart(b, p, depth); err != nil {
			return nil, fmt.Errorf("parts[%d]: %w", i, err)
		}
	}
	return append(b, ']'), nil
}

// unmarshalParts reads parts. Depth is how many results are around them.
func unmarshalParts(all []json.RawMessage, depth int) ([]Part, error) {
	parts := make([]Part, len(all))
	for i, data := range all {
		p, err := unmarshalPart(data, depth)
		if err != nil {
			return nil, fmt.Errorf("parts[%d]: %w", i, err)
		}
		parts[i] = p
	}
	return parts, nil
}

// marshalPart returns the JSON of a part. Depth is how many results are around
// it.
func marshalPart(p Part, depth int) (json.RawMessage, error) { return appendPart(nil, p, depth) }

// appendPart writes a part: the kinds of which most conversations are made by
// hand, since they are stored and read again with every turn, the others by
// encoding/json.
func appendPart(b []byte, p Part, depth int) ([]byte, error) {
	switch {
	case p == nil:
		return nil, errors.New("the part is nil")
	case !known(p):
		return nil, fmt.Errorf("a part of type %T has no JSON form; parts are values of the types of this package", p)
	}
	switch p := p.(type) {
	case Text:
		return append(appendCut(append(b, `{"type":"text","text":`...), string(p)), '}'), nil
	case ToolCall:
		if p.InvalidInput == "" && (len(p.Input) == 0 || rawjson.Valid(p.Input)) {
			return appendCall(b, p), nil
		}
	case ToolResult:
		return appendResult(b, p, depth)
	case JSON:
		if rawjson.Valid(p) {
			b = append(b, `{"type":"json"`...)
			return append(appendExact(b, "value", p), '}'), nil
		}
	case Opaque:
		if p.Provider == "" {
			if kind, err := partType(p.Data); err != nil || kind == "" {
				return nil, errors.New("an opaque part without a provider needs as its data a JSON object with a type")
			}
			return rawjson.AppendCompact(b, p.Data), nil
		}
	}
	v, err := encodePart(p, depth)
	if err != nil {
		return nil, err
	}
	data, err := marshal(v)
	return append(b, data...), err
}

// unmarshalPart reads a part of any kind. One that this version does not know
// is kept whole.
func unmarshalPart(data json.RawMessage, depth int) (Part, error) {
	if p, err := plainPart(data, depth); p != nil || err != nil {
		return p, err
	}
	kind, err := partType(data)
	if err != nil {
		return nil, err
	}
	var p Part
	decode, known := partDecoders[kind]
	switch {
	case known:
		p, err = decode(data)
	case kind == "":
		return nil, errors.New("a part is a JSON object with a type")
	case kind == (ToolResult{}).kind(), kind == (ServerToolResult{}).kind():
		p, err = decodeResult(data, depth)
	default:
		p = Opaque{Kind: kind, Data: compact(data)}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return p, nil
}

// partType returns the type of a part's JSON, empty if it has none.
func partType(data []byte) (string, error) {
	var head struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(data, &head)
	return head.Type, err
}

// marshal is json.Marshal without escaping <, > and &.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// An exact is a JSON value that keeps its bytes. What encoding/json makes of
// a raw value it embeds depends on the caller's encoder: white space comes and
// goes, and <, > and & may be escaped. Where that would show, the bytes are
// written a second time, as a string.
type exact struct {
	Value json.RawMessage
	Text  string // set if compacting Value does not give the bytes back
}

// exactly returns a value in the form that keeps its bytes.
func exactly(raw json.RawMessage) exact {
	if len(raw) == 0 {
		return exact{}
	}
	// A JSON string cannot hold bytes that are not UTF-8.
	if isSettled(raw) || !utf8.Valid(raw) {
		return exact{Value: raw}
	}
	return exact{Value: raw, Text: string(raw)}
}

// restore returns the exact bytes. A text that does not say the same as the
// value, because somebody has edited the document, is passed over.
func (x exact) restore() json.RawMessage {
	if x.Text != "" && len(x.Value) > 0 && sameJSON([]byte(x.Text), x.Value) {
		return json.RawMessage(x.Text)
	}
	return compact(x.Value)
}

// isSettled reports whether raw is what settled makes of it.
func isSettled(raw json.RawMessage) bool {
	return rawjson.Valid(raw) && rawjson.IsCompact(raw) && !isEscaped(raw)
}

// isEscaped reports whether raw has a character that some encoders escape.
func isEscaped(raw []byte) bool {
	return bytes.IndexByte(raw, '<') >= 0 || bytes.IndexByte(raw, '>') >= 0 || bytes.IndexByte(raw, '&') >= 0 ||
		bytes.IndexByte(raw, "\u2028"[0]) >= 0 && (bytes.Contains(raw, []byte("\u2028")) || bytes.Contains(raw, []byte("\u2029")))
}

// sameJSON reports whether two values are the same once they are settled. The
// second one is known to be JSON.
func sameJSON(a, b []byte) bool {
	if rawjson.Valid(a) {
		compact := rawjson.AppendCompact(make([]byte, 0, len(a)), a)
		if bytes.Equal(compact, b) {
			return true
		}
	}
	return bytes.Equal(settled(a), settled(b))
}

// settled returns raw in the form that survives every encoder, once it is
// compact. It returns nil if raw is not JSON.
func settled(raw json.RawMessage) []byte {
	data, err := json.Marshal(raw)
	if err != nil {
		return nil
	}
	return data
}

// compact returns a copy of a decoded value without the white space that an
// indenting encoder puts into it.
func compact(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	return rawjson.AppendCompact(make([]byte, 0, len(raw)), raw) // has been decoded, so it is JSON or missing
}

// cut returns a text that may have been cut off within a character in the
// form that encoding/json would give it the second time.
func cut(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// plainMessage takes a message apart that has its two members and no other. It
// leaves everything else, and everything that is wrong, to encoding/json.
func plainMessage(data []byte) (v messageJSON, ok bool) {
	if !rawjson.Valid(data) {
		return v, false
	}
	if data = data[rawjson.SkipSpace(data, 0):]; data[0] != '{' {
		return v, false
	}
	var role, parts []byte
	ok = true
	rawjson.EachMember(data, func(name, value []byte) {
		switch {
		case string(name) == "role" && role == nil && value[0] == '"':
			role = value
		case string(name) == "parts" && parts == nil && value[0] == '[':
			parts = value
		default:
			ok = false
		}
	})
	if !ok || role == nil || parts == nil {
		return messageJSON{}, false
	}
	return messageJSON{Role(unquote(role)), elements(parts)}, true
}

// unquote returns the text of a JSON string that is known to be valid.
func unquote(value []byte) string { return rawjson.Unquote(value[1 : len(value)-1]) }

// elements returns those of a list that is valid JSON.
func elements(list []byte) []json.RawMessage {
	all := []json.RawMessage{}
	for i := 1; ; {
		value, next, ok := rawjson.NextElement(list, i)
		if !ok {
			return all
		}
		all, i = append(all, value), next
	}
}

// members are those of the parts that plainPart reads.
type members struct {
	kind, text, id, name, callID, input, inputText, value, valueText, parts, isError []byte

	other bool // there is one more, or one twice
}

// take notes a member. One that plainPart does not read is only counted as
// another one.
func (m *members) take(name, value []byte) {
	var place *[]byte
	switch string(name) {
	case "type":
		place = &m.kind
	case "text":
		place = &m.text
	case "id":
		place = &m.id
	case "name":
		place = &m.name
	case "call_id":
		place = &m.callID
	case "input":
		place = &m.input
	case "input_text":
		place = &m.inputText
	case "value":
		place = &m.value
	case "value_text":
		place = &m.valueText
	case "parts":
		place = &m.parts
	case "is_error":
		place = &m.isError
	}
	if place == nil || *place != nil {
		m.other = true
		return
	}
	*place = value
}

// isString reports whether a member is there and is a string.
func isString(value []byte) bool { return value != nil && value[0] == '"' }

// plainPart reads a part of the kinds of which most conversations are made, in
// the form in which this package writes it. It returns nil for everything else,
// which is left to encoding/json. A member of another kind of part is passed over,
// as there. Data is valid JSON.
func plainPart(data []byte, depth int) (Part, error) {
	if data[0] != '{' {
		return nil, nil
	}
	var m members
	rawjson.EachMember(data, m.take)
	if m.other {
		return nil, nil
	}
	switch string(m.kind) {
	case `"text"`:
		if isString(m.text) {
			return Text(unquote(m.text)), nil
		}
	case `"tool_call"`:
		if isString(m.id) && isString(m.name) && (m.inputText == nil || isString(m.inputText)) {
			return ToolCall{ID: unquote(m.id), Name: unquote(m.name), Input: restored(m.input, m.inputText)}, nil
		}
	case `"json"`:
		if m.value != nil && (m.valueText == nil || isString(m.valueText)) {
			return JSON(restored(m.value, m.valueText)), nil
		}
	case `"tool_result"`:
		return m.result(depth)
	}
	return nil, nil
}

// result reads a result. Its parts are read here or nowhere: what is nested must
// not be tried twice at each level.
func (m *members) result(depth int) (Part, error) {
	flag := string(m.isError)
	switch {
	case !isString(m.callID), m.parts == nil || m.parts[0] != '[', depth == maxNesting:
		return nil, nil
	case m.isError != nil && flag != "true" && flag != "false":
		return nil, nil
	}
	parts, err := unmarshalParts(elements(m.parts), depth+1)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ToolResult{}.kind(), err)
	}
	return ToolResult{CallID: unquote(m.callID), Parts: parts, IsError: flag == "true"}, nil
}

// restored returns the bytes of an exact value from its two members.
func restored(value, text []byte) json.RawMessage {
	x := exact{Value: value}
	if text != nil {
		x.Text = unquote(text)
	}
	return x.restore()
}
