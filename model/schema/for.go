package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/internal/jsonfield"
)

// For returns the JSON Schema of T, as described in the package comment.
// The same type gives the same bytes; properties are in the order of the
// fields. The top level is an object if T is a struct or a map, or a pointer
// to one, which is what providers ask of a tool's input.
//
// For uses reflection: call it once for a type and keep the result, which
// belongs to the caller. The error names the field that has no schema.
func For[T any]() (json.RawMessage, error) {
	t := reflect.TypeFor[T]()
	root, err := indirect(t)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	b := &builder{
		root:    root,
		open:    map[reflect.Type]bool{},
		names:   map[reflect.Type]string{},
		defs:    map[string]*node{},
		defined: map[reflect.Type]bool{},
	}
	n, err := b.describe(root, root.String())
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	n.Defs = b.defs
	return encode(n)
}

// A builder describes the types reachable from root.
type builder struct {
	root    reflect.Type
	open    map[reflect.Type]bool   // being described, outside in
	names   map[reflect.Type]string // recursive types below root, by name in $defs
	defs    map[string]*node
	defined map[reflect.Type]bool // whose definition is complete
}

// describe returns a new node for t. The path names t in errors.
func (b *builder) describe(t reflect.Type, path string) (*node, error) {
	t, err := indirect(t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if n := wellKnown(t); n != nil {
		return n, nil
	}
	if unmarshals[json.Unmarshaler](t) {
		return nil, fmt.Errorf("%s: %s has its own UnmarshalJSON, so its schema is unknown; use json.RawMessage, or write the schema by hand", path, t)
	}
	if unmarshals[encoding.TextUnmarshaler](t) {
		return &node{Type: "string"}, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return &node{Type: "boolean"}, nil
	case reflect.String:
		return &node{Type: "string"}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return &node{Type: "integer"}, nil
	case reflect.Float32, reflect.Float64:
		return &node{Type: "number"}, nil
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		if t.Name() == "" {
			return b.composite(t, path)
		}
		return b.named(t, path)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return &node{}, nil
		}
	}
	return nil, fmt.Errorf("%s: %s cannot be read from JSON, so it has no schema", path, t)
}

// named describes a composite type that might contain itself.
func (b *builder) named(t reflect.Type, path string) (*node, error) {
	if b.open[t] || b.defined[t] {
		return b.reference(t), nil
	}
	b.open[t] = true
	n, err := b.composite(t, path)
	delete(b.open, t)
	if err != nil {
		return nil, err
	}
	if name, recursive := b.names[t]; recursive {
		b.defs[name] = n
		b.defined[t] = true
		return b.reference(t), nil
	}
	return n, nil
}

// reference points at t, which is therefore recursive.
func (b *builder) reference(t reflect.Type) *node {
	if t == b.root {
		return &node{Ref: "#"}
	}
	name, ok := b.names[t]
	if !ok {
		name = b.unused(t.Name())
		b.names[t] = name
	}
	return &node{Ref: "#/$defs/" + name}
}

// unused makes a name for $defs that needs no escaping in a reference: types
// of different packages share names, and those of generic types hold brackets.
func (b *builder) unused(typeName string) string {
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, typeName)
	taken := map[string]bool{}
	for _, name := range b.names {
		taken[name] = true
	}
	name := base
	for i := 2; taken[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	return name
}

// composite describes a type that is made of others. Path says where it is, for
// errors.
func (b *builder) composite(t reflect.Type, path string) (*node, error) {
	switch t.Kind() {
	case reflect.Struct:
		return b.object(t, path)
	case reflect.Map:
		if k := t.Key(); k.Kind() != reflect.String && !unmarshals[encoding.TextUnmarshaler](k) {
			return nil, fmt.Errorf("%s: map key %s is not supported; use a string", path, k)
		}
		elem, err := b.describe(t.Elem(), path+"[]")
		if err != nil {
			return nil, err
		}
		return &node{Type: "object", AdditionalProperties: elem}, nil
	default:
		return b.list(t, path)
	}
}

// list describes a slice or an array. Bytes are a string, as in encoding/json.
func (b *builder) list(t reflect.Type, path string) (*node, error) {
	if isBytes(t) {
		return &node{Type: "string", ContentEncoding: "base64"}, nil
	}
	items, err := b.describe(t.Elem(), path+"[]")
	if err != nil {
		return nil, err
	}
	n := &node{Type: "array", Items: items}
	if t.Kind() == reflect.Array {
		length := t.Len()
		n.MinItems, n.MaxItems = &length, &length
	}
	return n, nil
}

// object describes a struct by the fields that encoding/json fills.
func (b *builder) object(t reflect.Type, path string) (*node, error) {
	fields, err := jsonfield.Of(t, path)
	if err != nil {
		return nil, err
	}
	n := &node{Type: "object", Properties: &properties{}, AdditionalProperties: false}
	for _, f := range fields {
		at := path + "." + f.Name
		value, err := b.describe(f.Type, at)
		if err != nil {
			return nil, err
		}
		if f.Quoted {
			value = &node{Type: "string"}
		}
		if err := applyTags(value, f.Tag); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		*n.Properties = append(*n.Properties, property{f.Key, value})
		if !f.Optional {
			n.Required = append(n.Required, f.Key)
		}
	}
	return n, nil
}

// indirect removes pointers, and refuses a pointer type that points at itself.
func indirect(t reflect.Type) (reflect.Type, error) {
	seen := map[reflect.Type]bool{}
	for t.Kind() == reflect.Pointer {
		if seen[t] {
			return nil, fmt.Errorf("%s is a pointer to itself, so it has no schema", t)
		}
		seen[t] = true
		t = t.Elem()
	}
	return t, nil
}

// wellKnown describes the standard library's types whose JSON does not follow
// from their kind, and returns nil for others.
func wellKnown(t reflect.Type) *node {
	switch t {
	case reflect.TypeFor[time.Time]():
		return &node{Type: "string", Format: "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return &node{}
	case reflect.TypeFor[json.Number]():
		return &node{Type: "number"}
	case reflect.TypeFor[big.Int]():
		return &node{Type: "integer"}
	}
	return nil
}

// unmarshals reports whether a *t has the methods of I.
func unmarshals[I any](t reflect.Type) bool {
	return t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(reflect.TypeFor[I]())
}

// isBytes reports whether encoding/json reads t from a base64 string. A byte
// array, and a slice of bytes that read themselves, are arrays.
func isBytes(t reflect.Type) bool {
	e := t.Elem()
	return t.Kind() == reflect.Slice && e.Kind() == reflect.Uint8 &&
		!unmarshals[json.Unmarshaler](e) && !unmarshals[encoding.TextUnmarshaler](e)
}
