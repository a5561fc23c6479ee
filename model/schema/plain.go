package schema

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A plain is a schema of the few keywords that most tools' inputs are described
// with, and [For] describes types with: type, properties, required,
// additionalProperties, items, their number, minimum, maximum, and enum of strings
// or numbers. A value that matches one is found to match in its bytes, without
// a tree. What is not found to match may match all the same, and is left to the
// evaluator, as are all errors.
type plain struct {
	types      types
	enum       *enum // nil: any
	minimum    float64
	maximum    float64
	minItems   int
	maxItems   int
	properties map[string]*plain
	required   []string
	others     *plain // of properties that are not listed; nil: not known here
	items      *plain // nil: not known here
}

// plainOf returns s as a plain schema, or nil if it has other keywords.
func plainOf(s *jsonschema.Schema) *plain {
	if s == nil || !isPlain(*s) {
		return nil
	}
	p := &plain{types: typesOf(s), required: s.Required, minimum: math.Inf(-1), maximum: math.Inf(1), maxItems: math.MaxInt}
	or(&p.minimum, s.Minimum)
	or(&p.maximum, s.Maximum)
	or(&p.minItems, s.MinItems)
	or(&p.maxItems, s.MaxItems)
	var ok bool
	if p.enum, ok = enumOf(s.Enum); !ok {
		return nil
	}
	for name, property := range s.Properties {
		inner := plainOf(property)
		if inner == nil {
			return nil
		}
		if p.properties == nil {
			p.properties = make(map[string]*plain, len(s.Properties))
		}
		p.properties[name] = inner
	}
	if s.AdditionalProperties != nil {
		p.others = plainOf(s.AdditionalProperties) // false is not plain
	}
	if s.Items != nil {
		if p.items = plainOf(s.Items); p.items == nil {
			return nil
		}
	}
	return p
}

// isPlain reports whether a schema has no other keywords than those of a plain
// one and such that assert nothing.
func isPlain(s jsonschema.Schema) bool {
	s.Anchor, s.Type, s.Types, s.Enum, s.Required, s.Properties, s.AdditionalProperties, s.Items = "", "", nil, nil, nil, nil, nil, nil
	s.Title, s.Description, s.Comment, s.Default, s.Examples, s.PropertyOrder = "", "", "", nil, nil, nil
	s.Deprecated, s.ReadOnly, s.WriteOnly, s.Format, s.ContentEncoding, s.ContentMediaType = false, false, false, "", "", ""
	s.Minimum, s.Maximum, s.MinItems, s.MaxItems = nil, nil, nil, nil
	s.Defs, s.Definitions, s.Extra = nil, nil, nil
	return reflect.DeepEqual(s, jsonschema.Schema{})
}

// matches reports whether data is JSON that matches for certain.
func (p *plain) matches(data []byte) bool {
	return p != nil && rawjson.Valid(data) && p.value(bytes.TrimSpace(data))
}

// or sets a limit to what a keyword says, if it is there.
func or[T any](limit, keyword *T) {
	if keyword != nil {
		*limit = *keyword
	}
}

// An enum is the values of which one must be there.
type enum struct {
	texts   []string
	numbers []float64
}

// enumOf returns the values of an enum, and whether all are texts or numbers that
// a float64 holds exactly.
func enumOf(values []any) (*enum, bool) {
	if values == nil {
		return nil, true
	}
	e := &enum{}
	for _, v := range values {
		switch v := v.(type) {
		case string:
			e.texts = append(e.texts, v)
		case int64:
			if v != int64(float64(v)) {
				return nil, false
			}
			e.numbers = append(e.numbers, float64(v))
		case float64:
			e.numbers = append(e.numbers, v)
		default:
			return nil, false
		}
	}
	return e, true
}

// types are a set of the names of types, by their places in typeNames.
type types uint8

// typesOf returns the types of a schema. One without any allows all.
func typesOf(s *jsonschema.Schema) types {
	if s.Type == "" && s.Types == nil {
		return 1<<len(typeNames) - 1
	}
	var set types
	for i, name := range typeNames {
		if name == s.Type || slices.Contains(s.Types, name) {
			set |= 1 << i
		}
	}
	return set
}

// The types in the order of typeNames.
const (
	isNull types = 1 << iota
	isBoolean
	isObject
	isArray
	isNumber
	isInteger
	isString
)

// value reports whether a value, which is valid JSON, matches for certain. Of an
// object with a repeated name the last counts: all of them are looked at.
func (p *plain) value(b []byte) bool {
	switch b[0] {
	case '{':
		return p.types&isObject != 0 && p.enum == nil && p.object(b)
	case '[':
		return p.types&isArray != 0 && p.enum == nil && p.array(b)
	case '"':
		return p.types&isString != 0 && (p.enum == nil || p.enum.text(b[1:len(b)-1]))
	case 't', 'f':
		return p.types&isBoolean != 0 && p.enum == nil
	case 'n':
		return p.types&isNull != 0 && p.enum == nil
	}
	return p.number(b)
}

// text reports whether one is this string, which stands for itself.
func (e *enum) text(b []byte) bool {
	return bytes.IndexByte(b, '\\') < 0 && slices.ContainsFunc(e.texts, func(text string) bool { return text == string(b) })
}

// number reports whether a number matches. Up to 15 digits without an exponent
// are those of a float64; others are not looked at. Whether 1.0 is an integer is
// not either.
func (p *plain) number(b []byte) bool {
	kind := isNumber | isInteger
	for _, c := range b {
		switch c {
		case '.':
			kind = isNumber
		case 'e', 'E':
			return false
		}
	}
	if p.types&kind == 0 || len(b) > 15 {
		return false
	}
	if p.enum == nil && math.IsInf(p.minimum, -1) && math.IsInf(p.maximum, 1) {
		return true
	}
	n, err := strconv.ParseFloat(string(b), 64)
	return err == nil && n >= p.minimum && n <= p.maximum && (p.enum == nil || slices.Contains(p.enum.numbers, n))
}

// object reports whether the members of an object match.
func (p *plain) object(b []byte) bool {
	var there uint64 // of the required ones
	if len(p.required) > 64 {
		return false
	}
	all := true
	rawjson.EachMember(b, func(name, value []byte) {
		inner := p.properties[string(name)]
		if inner == nil {
			inner = p.others
		}
		if inner == nil || bytes.IndexByte(name, '\\') >= 0 || !utf8.Valid(name) { // or a name that does not stand for itself
			all = false
			return
		}
		all = all && inner.value(value)
		if i := slices.Index(p.required, string(name)); i >= 0 {
			there |= 1 << i
		}
	})
	return all && there == 1<<len(p.required)-1
}

// array reports whether the items of an array match.
func (p *plain) array(b []byte) bool {
	n := 0
	for i := 1; ; n++ {
		item, next, ok := rawjson.NextElement(b, i)
		switch {
		case !ok:
			return n >= p.minItems && n <= p.maxItems
		case p.items == nil || !p.items.value(item):
			return false
		}
		i = next
	}
}
