package native

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Field is a member of a JSON object.
type Field struct {
	Name  string
	Value json.RawMessage
}

// Object writes an object of members. It is the reverse of [Members].
func Object(members []Field) json.RawMessage {
	var w rawjson.Writer
	w.Open('{')
	for _, m := range members {
		w.Name(m.Name)
		w.Raw(m.Value)
	}
	w.Close('}')
	return w.Buf
}

// Members takes an object apart. Of a repeated name the last value counts, at
// the place of the first. Values are slices of the object.
func Members(object []byte) ([]Field, error) {
	object = bytes.TrimSpace(object)
	if !rawjson.Valid(object) || object[0] != '{' {
		return nil, fmt.Errorf("not a JSON object")
	}
	const few = 16 // as many as a search from the front finds faster than a map
	var members []Field
	var index map[string]int // nil while there are few
	rawjson.EachMember(object, func(name, value []byte) {
		m := Field{Name: rawjson.Unquote(name), Value: value}
		at, again := index[m.Name]
		if index == nil {
			at = slices.IndexFunc(members, func(f Field) bool { return f.Name == m.Name })
			again = at >= 0
		}
		if again {
			members[at].Value = value
			return
		}
		members = append(members, m)
		switch {
		case index != nil:
			index[m.Name] = len(members) - 1
		case len(members) == few:
			index = make(map[string]int, 2*few)
			for i := range members {
				index[members[i].Name] = i
			}
		}
	})
	return members, nil
}

// Has reports whether an object has a member of that name other than null.
func Has(object json.RawMessage, name string) bool { return Member(object, name) != nil }

// Member returns the value of an object's member, nil if it has none or null.
func Member(object json.RawMessage, name string) json.RawMessage {
	members, err := Members(object)
	if err != nil {
		return nil
	}
	for _, m := range members {
		if m.Name == name && string(m.Value) != "null" {
			return m.Value
		}
	}
	return nil
}
