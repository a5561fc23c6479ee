package model

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The JSON of a message is flat, one object a part:
//
//	{"role":"assistant","parts":[{"type":"text","text":"Hi"}]}
//
// It is meant to be stored: documents written by one version decode in every
// later one, kinds of part that a version does not know survive, and decoding
// and encoding again gives the same bytes.

type messageJSON struct {
	Role  Role              `json:"role"`
	Parts []json.RawMessage `json:"parts"`
}

// MarshalJSON writes the whole message, signatures and redacted thinking
// included.
func (m Message) MarshalJSON() ([]byte, error) {
	parts, err := marshalParts(m.Parts)
	if err != nil {
		return nil, err
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
	parts, err := unmarshalParts(v.Parts)
	if err != nil {
		return err
	}
	m.Role, m.Parts = v.Role, parts
	return nil
}

func marshalParts(parts []Part) ([]json.RawMessage, error) {
	all := make([]json.RawMessage, len(parts))
	for i, p := range parts {
		data, err := marshalPart(p)
		if err != nil {
			return nil, fmt.Errorf("model: parts[%d]: %w", i, err)
		}
		all[i] = data
	}
	return all, nil
}

func unmarshalParts(all []json.RawMessage) ([]Part, error) {
	parts := make([]Part, len(all))
	for i, data := range all {
		p, err := unmarshalPart(data)
		if err != nil {
			return nil, fmt.Errorf("model: parts[%d]: %w", i, err)
		}
		parts[i] = p
	}
	return parts, nil
}

func marshalPart(p Part) (json.RawMessage, error) {
	if p == nil {
		return nil, fmt.Errorf("the part is nil")
	}
	if o, ok := p.(Opaque); ok && o.Provider == "" {
		if !json.Valid(o.Data) {
			return nil, fmt.Errorf("an opaque part without a provider needs a JSON object as its data")
		}
		return o.Data, nil
	}
	v, err := encodePart(p)
	if err != nil {
		return nil, err
	}
	return marshal(v)
}

func unmarshalPart(data json.RawMessage) (Part, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	decode := partDecoders[head.Type]
	switch {
	case head.Type == (ToolResult{}).kind(), head.Type == (ServerToolResult{}).kind():
		decode = decodeResult // not in the table, which it would refer back to
	case decode == nil:
		return Opaque{Kind: head.Type, Data: bytes.Clone(data)}, nil
	}
	p, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", head.Type, err)
	}
	return p, nil
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
// a raw value it embeds depends on the caller's encoder: white space goes and
// <, > and & may be escaped. Where the bytes could change, they are written a
// second time, as a string.
type exact struct {
	Value json.RawMessage
	Text  string // set if Value may come back with other bytes
}

func exactly(raw json.RawMessage) exact {
	if len(raw) == 0 {
		return exact{}
	}
	if bytes.Equal(raw, settled(raw)) {
		return exact{Value: raw}
	}
	return exact{Value: raw, Text: string(raw)}
}

// restore returns the exact bytes. A text that does not say the same as the
// value, because somebody has edited the document, is passed over.
func (x exact) restore() json.RawMessage {
	if x.Text != "" && bytes.Equal(settled(json.RawMessage(x.Text)), settled(x.Value)) {
		return json.RawMessage(x.Text)
	}
	return bytes.Clone(x.Value)
}

// settled returns raw in the form that survives every encoder, nil if it is
// not JSON.
func settled(raw json.RawMessage) []byte {
	data, err := json.Marshal(raw)
	if err != nil {
		return nil
	}
	return data
}
