package lower

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// maxDepth bounds how deep a schema nests.
const maxDepth = 200

// A value is a JSON value that remembers how it was written. What is changed
// is written anew, and the rest byte for byte.
type value struct {
	raw     []byte // as it was written; nil once it was changed
	kind    byte   // '{', '[', or 0 for anything else
	members []member
	items   []*value
	tail    []byte // the space before the closing bracket

	lead, trail []byte // the space around an item of an array
}

// A member is a name and a value of an object, with the space around them.
type member struct {
	name  string
	key   []byte // as it was written, with its quotes
	value *value

	lead, mid, trail []byte // what stands before the key, before and after the value; nil: nothing but a colon
}

// parse reads exactly one value.
func parse(raw []byte) (*value, error) {
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		return nil, &Error{Reason: "not JSON: " + err.Error()}
	}
	p := &parser{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	return p.value(0)
}

// A parser reads values and keeps the bytes that stand between them.
type parser struct {
	raw []byte
	dec *json.Decoder
}

// start skips to the next value or key.
func (p *parser) start() int {
	i := int(p.dec.InputOffset())
	for i < len(p.raw) && strings.IndexByte(" \t\r\n:,", p.raw[i]) >= 0 {
		i++
	}
	return i
}

// value reads a value and all that is in it. Depth is how many values are
// around it.
func (p *parser) value(depth int) (*value, error) {
	if depth > maxDepth {
		return nil, &Error{Reason: fmt.Sprintf("want at most %d levels of nesting", maxDepth)}
	}
	start := p.start()
	tok, err := p.dec.Token()
	if err != nil {
		return nil, &Error{Reason: "not JSON: " + err.Error()}
	}
	v := &value{}
	switch tok {
	case json.Delim('{'):
		v.kind = '{'
		end := p.dec.InputOffset()
		for p.dec.More() {
			at := p.start()
			name, err := p.dec.Token()
			if err != nil {
				return nil, &Error{Reason: "not JSON: " + err.Error()}
			}
			m := member{name: name.(string), key: p.raw[at:p.dec.InputOffset()], lead: spaceAfter(p.raw[end:at])}
			mid := p.dec.InputOffset()
			if m.value, err = p.value(depth + 1); err != nil {
				return nil, err
			}
			end = p.dec.InputOffset()
			m.mid = p.raw[mid : int(end)-len(m.value.raw)]
			m.trail = p.spaceFrom(end)
			v.members = append(v.members, m)
		}
		v.tail = p.spaceFrom(end)
		if n := len(v.members); n > 0 {
			v.members[n-1].trail = nil // it is the object's
		}
	case json.Delim('['):
		v.kind = '['
		end := p.dec.InputOffset()
		for p.dec.More() {
			at := p.start()
			item, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			item.lead = spaceAfter(p.raw[end:at])
			end = p.dec.InputOffset()
			item.trail = p.spaceFrom(end)
			v.items = append(v.items, item)
		}
	}
	if v.kind != 0 {
		p.dec.Token() // the bracket, whose presence has been checked
	}
	v.raw = p.raw[start:p.dec.InputOffset()]
	return v, nil
}

// spaceAfter returns what follows the comma in what stands between two values.
func spaceAfter(between []byte) []byte {
	return between[bytes.IndexByte(between, ',')+1:]
}

// spaceFrom returns the white space from an offset on.
func (p *parser) spaceFrom(offset int64) []byte {
	rest := p.raw[offset:]
	n := 0
	for n < len(rest) && strings.IndexByte(" \t\r\n", rest[n]) >= 0 {
		n++
	}
	return rest[:n]
}

// changed marks v, which is to be written anew.
func (v *value) changed() { v.raw = nil }

// bytes writes v.
func (v *value) bytes() []byte {
	if v.intact() {
		return v.raw
	}
	var b bytes.Buffer
	v.write(&b)
	return b.Bytes()
}

// intact reports whether neither v nor what is in it was changed.
func (v *value) intact() bool {
	if v.raw == nil {
		return false
	}
	for _, m := range v.members {
		if !m.value.intact() {
			return false
		}
	}
	for _, item := range v.items {
		if !item.intact() {
			return false
		}
	}
	return true
}

// write appends v to b: what was changed anew, the rest byte for byte.
func (v *value) write(b *bytes.Buffer) {
	if v.raw != nil && v.kind == 0 {
		b.Write(v.raw)
		return
	}
	if v.intact() {
		b.Write(v.raw)
		return
	}
	if v.kind == '{' {
		b.WriteByte('{')
		for i, m := range v.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(m.lead)
			b.Write(m.key)
			if m.mid == nil {
				b.WriteByte(':')
			}
			b.Write(m.mid)
			m.value.write(b)
			b.Write(m.trail)
		}
		b.Write(v.tail)
		b.WriteByte('}')
		return
	}
	b.WriteByte('[')
	for i, item := range v.items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(item.lead)
		item.write(b)
		b.Write(item.trail)
	}
	b.WriteByte(']')
}

// get returns the member of a name, nil if there is none. Of several, the last
// one counts, as in encoding/json.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return v.members[i].value
		}
	}
	return nil
}

// set replaces or appends a member.
func (v *value) set(name string, to *value) {
	v.changed()
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			v.members[i].value = to
			return
		}
	}
	v.members = append(v.members, member{name: name, key: quoted(name).raw, value: to})
}

// remove deletes every member of a name.
func (v *value) remove(name string) {
	kept := v.members[:0:0]
	for _, m := range v.members {
		if m.name != name {
			kept = append(kept, m)
		}
	}
	if len(kept) != len(v.members) {
		v.members = kept
		v.changed()
	}
}

// clone returns a copy that can be changed apart.
func (v *value) clone() *value {
	c := &value{raw: v.raw, kind: v.kind, tail: v.tail}
	for _, m := range v.members {
		m.value = m.value.clone()
		c.members = append(c.members, m)
	}
	for _, item := range v.items {
		c.items = append(c.items, item.clone())
	}
	return c
}

// text returns the string that v is, and whether it is one.
func (v *value) text() (string, bool) {
	if v == nil || v.kind != 0 || len(v.raw) == 0 || v.raw[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(v.raw, &s)
	return s, err == nil
}

// is reports whether v is a scalar that is written so.
func (v *value) is(text string) bool { return v != nil && v.kind == 0 && string(v.raw) == text }

// quoted returns a string, without HTML escapes.
func quoted(s string) *value {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // of a string there is always one
	return &value{raw: bytes.TrimSuffix(b.Bytes(), []byte("\n"))}
}

// list returns an array.
func list(items ...*value) *value { return &value{kind: '[', items: items} }

// object returns an object of one member.
func object(name string, v *value) *value {
	o := &value{kind: '{'}
	o.set(name, v)
	return o
}
