package schema

import (
	"bytes"
	"encoding/json"

	"github.com/google/jsonschema-go/jsonschema"
)

// drop marks the members of i that count as left out under s, for an
// evaluator that is lenient. Schemas that i does not match have no say.
func (e *evaluator) drop(s *jsonschema.Schema, i *instance, done map[pair]bool) {
	key := pair{s, i.id}
	if done[key] || !e.valid(s, i) {
		return
	}
	done[key] = true
	for _, c := range sameValue(s, e.v.targets[s]) {
		if c != s.Not {
			e.drop(c, i, done)
		}
	}
	for _, name := range i.names {
		member := i.object[name]
		if e.omitted(s, name, member) {
			if i.dropped == nil {
				i.dropped = map[string]bool{}
			}
			i.dropped[name] = true
			continue
		}
		applied := false
		if c := s.Properties[name]; c != nil {
			applied = true
			e.drop(c, member, done)
		}
		for pattern, c := range s.PatternProperties {
			if e.v.patterns[pattern].MatchString(name) {
				applied = true
				e.drop(c, member, done)
			}
		}
		if !applied && s.AdditionalProperties != nil {
			e.drop(s.AdditionalProperties, member, done)
		}
	}
	for k, item := range i.array {
		if k < len(s.PrefixItems) {
			e.drop(s.PrefixItems[k], item, done)
		} else if s.Items != nil {
			e.drop(s.Items, item, done)
		}
	}
}

// without returns data, the JSON of i, without the members that were marked.
// What is kept is kept byte for byte. Of members of one name the last is kept,
// which is the one that was looked at.
func without(data []byte, i *instance) []byte {
	if !i.anyDropped() {
		return data
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.Token() // the bracket; data was read before, so nothing fails here
	var b bytes.Buffer
	if i.isArray {
		for k, item := range i.array {
			separate(&b, '[', k)
			var raw json.RawMessage
			dec.Decode(&raw)
			b.Write(without(raw, item))
		}
		b.WriteByte(']')
		return b.Bytes()
	}
	values := map[string]json.RawMessage{}
	var names []string
	for dec.More() {
		tok, _ := dec.Token()
		name, _ := tok.(string)
		var raw json.RawMessage
		dec.Decode(&raw)
		if _, again := values[name]; !again {
			names = append(names, name)
		}
		values[name] = raw
	}
	b.WriteByte('{')
	n := 0
	for _, name := range names {
		if i.dropped[name] {
			continue
		}
		if n++; n > 1 {
			b.WriteByte(',')
		}
		key, _ := encode(name)
		b.Write(key)
		b.WriteByte(':')
		b.Write(without(values[name], i.object[name]))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// separate begins an array, or goes on with it.
func separate(b *bytes.Buffer, open byte, k int) {
	if k > 0 {
		open = ','
	}
	b.WriteByte(open)
}

// anyDropped reports whether anything in i is to be left out, at any depth.
func (i *instance) anyDropped() bool {
	if len(i.dropped) > 0 {
		return true
	}
	for _, member := range i.object {
		if member.anyDropped() {
			return true
		}
	}
	for _, item := range i.array {
		if item.anyDropped() {
			return true
		}
	}
	return false
}
