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
)

// The JSON of a message is flat, one object a part:
//
//	{"role":"assistant","parts":[{"type":"text","text":"Hi"}]}
//
// It is meant to be stored: documents written by one version decode in every
// later one, kinds of part that a version does not know survive, and decoding
// and encoding again gives the same bytes. Texts are written as UTF-8; what is
// not becomes U+FFFD.

type messageJSON struct {
	Role  Role              `json:"role"`
	Parts []json.RawMessage `json:"parts"`
}

// MarshalJSON writes the whole message, signatures and redacted thinking
// included.
func (m Message) MarshalJSON() ([]byte, error) {
	parts, err := marshalParts(m.Parts, 0)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return marshal(messageJSON{m.Role, parts})
}

// UnmarshalJSON reads what MarshalJSON writes. A part of a kind that this
// version does not know becomes an [Opaque].
func (m *Message) UnmarshalJSON(data []byte) error {
	var v messageJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return err
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

func marshalParts(parts []Part, depth int) ([]json.RawMessage, error) {
	all := make([]json.RawMessage, len(parts))
	for i, p := range parts {
		data, err := marshalPart(p, depth)
		if err != nil {
			return nil, fmt.Errorf("parts[%d]: %w", i, err)
		}
		all[i] = data
	}
	return all, nil
}

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

func marshalPart(p Part, depth int) (json.RawMessage, error) {
	switch {
	case p == nil:
		return nil, errors.New("the part is nil")
	case !known(p):
		return nil, fmt.Errorf("a part of type %T has no JSON form; parts are values of the types of this package", p)
	}
	if o, ok := p.(Opaque); ok && o.Provider == "" {
		if kind, err := partType(o.Data); err != nil || kind == "" {
			return nil, errors.New("an opaque part without a provider needs as its data a JSON object with a type")
		}
		return o.Data, nil
	}
	v, err := encodePart(p, depth)
	if err != nil {
		return nil, err
	}
	return marshal(v)
}

func unmarshalPart(data json.RawMessage, depth int) (Part, error) {
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

func exactly(raw json.RawMessage) exact {
	if len(raw) == 0 {
		return exact{}
	}
	// A JSON string cannot hold bytes that are not UTF-8.
	if bytes.Equal(raw, settled(raw)) || !utf8.Valid(raw) {
		return exact{Value: raw}
	}
	return exact{Value: raw, Text: string(raw)}
}

// restore returns the exact bytes. A text that does not say the same as the
// value, because somebody has edited the document, is passed over.
func (x exact) restore() json.RawMessage {
	if x.Text != "" && len(x.Value) > 0 && bytes.Equal(settled(json.RawMessage(x.Text)), settled(x.Value)) {
		return json.RawMessage(x.Text)
	}
	return compact(x.Value)
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
	var b bytes.Buffer
	b.Grow(len(raw))
	json.Compact(&b, raw) // has been decoded, so it is JSON or missing
	return b.Bytes()
}

// cut returns a text that may have been cut off within a character in the
// form that encoding/json would give it the second time.
func cut(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
