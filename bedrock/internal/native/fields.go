package native

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// Fields are the members of a JSON object in the making, in order. Values are
// copied into it byte for byte.
type Fields struct{ members []Field }

// A Field is a member of an object.
type Field struct {
	Name   string
	Value  json.RawMessage
	origin string // the field of the request that it comes from; empty: none
}

// Raw adds a member. The value must be JSON.
func (f *Fields) Raw(name, origin string, value []byte) {
	f.members = append(f.members, Field{name, value, origin})
}

// Text, Int, Float and Bool add a member of that kind.
func (f *Fields) Text(name, origin, value string) {
	f.Raw(name, origin, rawjson.AppendString(nil, value))
}

func (f *Fields) Int(name, origin string, value int) {
	f.Raw(name, origin, strconv.AppendInt(nil, int64(value), 10))
}

func (f *Fields) Float(name, origin string, value *float64) {
	if value != nil {
		f.Raw(name, origin, rawjson.AppendFloat(nil, *value))
	}
}

func (f *Fields) Bool(name, origin string, value bool) {
	f.Raw(name, origin, strconv.AppendBool(nil, value))
}

// Texts adds a list of strings, if there are any.
func (f *Fields) Texts(name, origin string, values []string) {
	if len(values) == 0 {
		return
	}
	list := []byte{'['}
	for i, v := range values {
		if i > 0 {
			list = append(list, ',')
		}
		list = rawjson.AppendString(list, v)
	}
	f.Raw(name, origin, append(list, ']'))
}

// Object adds an object, if it has members.
func (f *Fields) Object(name, origin string, value Fields) {
	if len(value.members) > 0 {
		f.Raw(name, origin, value.Append(nil))
	}
}

// List adds a list of values, if there are any.
func (f *Fields) List(name, origin string, values [][]byte) {
	if len(values) > 0 {
		f.Raw(name, origin, List(values))
	}
}

// List writes a JSON array.
func List(values [][]byte) []byte {
	size := 2
	for _, v := range values {
		size += len(v) + 1
	}
	list := append(make([]byte, 0, size), '[')
	for i, v := range values {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, v...)
	}
	return append(list, ']')
}

// Append appends the object to dst.
func (f *Fields) Append(dst []byte) []byte {
	size := 2
	for _, m := range f.members {
		size += len(m.Name) + len(m.Value) + 4
	}
	dst = append(slices.Grow(dst, size), '{')
	for i, m := range f.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(rawjson.AppendString(dst, m.Name), ':')
		dst = append(dst, m.Value...)
	}
	return append(dst, '}')
}

// Merge adds the caller's own members to a body. They win over those that follow
// from the request, which then are reported; but lists of tools and parts of
// output_config are put together.
func (f *Fields) Merge(given json.RawMessage, r *Report) {
	if len(bytes.TrimSpace(given)) == 0 {
		return
	}
	members, err := Members(given)
	if err != nil {
		r.Invalid("provider_options.additional_fields", "must be a JSON object")
		return
	}
	for _, m := range members {
		i := slices.IndexFunc(f.members, func(own Field) bool { return own.Name == m.Name })
		if i < 0 {
			f.members = append(f.members, m)
			continue
		}
		f.members[i].Value = joined(&f.members[i], m, r)
	}
}

// joined returns the value of a member that both the request and the caller set.
func joined(own *Field, given Field, r *Report) []byte {
	switch own.Name {
	case "tools":
		if list, ok := joinLists(own.Value, given.Value); ok {
			return list
		}
	case "output_config":
		inner := Fields{}
		if members, err := Members(own.Value); err == nil {
			for _, m := range members {
				inner.Raw(m.Name, own.origin, m.Value)
			}
			inner.Merge(given.Value, r)
			return inner.Append(nil)
		}
	}
	if own.origin != "" {
		r.Warn(model.WarningDropped, own.origin, "provider_options.additional_fields sets %s itself", own.Name)
	}
	return given.Value
}

func joinLists(a, b []byte) ([]byte, bool) {
	a, b = bytes.TrimSpace(a), bytes.TrimSpace(b)
	if len(a) < 2 || len(b) < 2 || a[0] != '[' || b[0] != '[' {
		return nil, false
	}
	left, right := bytes.TrimSpace(a[1:len(a)-1]), bytes.TrimSpace(b[1:len(b)-1])
	switch {
	case len(left) == 0:
		return b, true
	case len(right) == 0:
		return a, true
	}
	return slices.Concat([]byte{'['}, left, []byte{','}, right, []byte{']'}), true
}

// Members takes an object apart. Of a repeated name the last value counts, at
// the place of the first.
func Members(object []byte) ([]Field, error) {
	object = bytes.TrimSpace(object)
	if !json.Valid(object) || object[0] != '{' {
		return nil, fmt.Errorf("not a JSON object")
	}
	var members []Field
	rawjson.EachMember(object, func(name, value []byte) {
		m := Field{Name: rawjson.Unquote(name), Value: value}
		for i := range members {
			if members[i].Name == m.Name {
				members[i].Value = value
				return
			}
		}
		members = append(members, m)
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

// Add adds all members of g.
func (f *Fields) Add(g Fields) { f.members = append(f.members, g.members...) }
