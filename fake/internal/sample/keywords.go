package sample

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// keywords reads the members of one schema object. A keyword of the wrong
// form is an error: guessing what was meant would hide a broken schema.
type keywords struct {
	reader *schemaReader
	object map[string]any
	path   string
}

func (k *keywords) fail(name, format string, args ...any) {
	k.reader.fail(k.path, name+" "+fmt.Sprintf(format, args...))
}

func (k *keywords) reference(n *schemaNode) {
	n.ref = k.text("$ref")
	if _, ok := k.object["$id"]; ok && k.path != "#" && n.ref == "" {
		k.fail("$id", "inside a schema is not supported")
	}
}

var typeNames = []string{"string", "object", "array", "integer", "number", "boolean", "null"}

func (k *keywords) general(n *schemaNode) {
	switch t := k.object["type"].(type) {
	case nil:
	case string:
		n.types = []string{t}
	default:
		n.types = k.texts("type")
	}
	for _, t := range n.types {
		if !slices.Contains(typeNames, t) {
			k.fail("type", "is %q, which is not a type", t)
		}
	}
	if _, ok := k.object["enum"]; ok {
		n.enums = append(n.enums, k.list("enum"))
	}
	if c, ok := k.object["const"]; ok {
		n.enums = append(n.enums, []any{c})
	}
	n.hints, _ = k.object["examples"].([]any) // annotations: of any form
	n.hints = slices.Clone(n.hints)
	if d, ok := k.object["default"]; ok {
		n.hints = append(n.hints, d)
	}
}

func (k *keywords) numbers(n *schemaNode) {
	n.low = k.bound("minimum", "exclusiveMinimum", 1)
	n.high = k.bound("maximum", "exclusiveMaximum", -1)
	if n.multipleOf = k.number("multipleOf"); n.multipleOf != nil && n.multipleOf.Sign() <= 0 {
		k.fail("multipleOf", "must be more than 0")
		n.multipleOf = nil
	}
}

// bound returns the tighter of two bounds. Larger ones are tighter if sign is
// positive.
func (k *keywords) bound(name, exclusiveName string, sign int) bound {
	b := bound{value: k.number(name)}
	if x, ok := k.object[exclusiveName].(bool); ok { // as in draft 4
		b.exclusive = x
		return b
	}
	return tighter(b, bound{k.number(exclusiveName), true}, sign)
}

func tighter(a, b bound, sign int) bound {
	switch {
	case b.value == nil:
		return a
	case a.value == nil:
		return b
	}
	switch c := b.value.Cmp(a.value) * sign; {
	case c > 0:
		return b
	case c == 0:
		a.exclusive = a.exclusive || b.exclusive
	}
	return a
}

func (k *keywords) strings(n *schemaNode) {
	n.minLength = k.count("minLength", 0)
	n.maxLength = k.count("maxLength", -1)
	n.pattern = k.regexp("pattern", k.text("pattern"))
	n.format, _ = k.object["format"].(string)
	if encoding, _ := k.object["contentEncoding"].(string); n.format == "" && encoding == "base64" {
		n.format = encoding
	}
}

func (k *keywords) arrays(n *schemaNode) {
	n.prefix = k.schemas("prefixItems")
	if _, ok := k.object["items"].([]any); ok { // as up to draft 2019-09
		n.prefix = k.schemas("items")
		n.items = k.schema("additionalItems")
	} else {
		n.items = k.schema("items")
	}
	n.contains = k.schema("contains")
	n.minItems = k.count("minItems", 0)
	n.maxItems = k.count("maxItems", -1)
	n.minContains = k.count("minContains", 1)
	n.maxContains = k.count("maxContains", -1)
	n.unique = k.object["uniqueItems"] == true
}

func (k *keywords) objects(n *schemaNode) {
	n.properties = k.schemaMap("properties")
	for _, p := range slices.Sorted(maps.Keys(k.schemaMap("patternProperties"))) {
		if re := k.regexp("patternProperties", p); re != nil {
			n.patterns = append(n.patterns, patternProperty{re, k.schemaMap("patternProperties")[p]})
		}
	}
	n.additional = k.schema("additionalProperties")
	n.names = k.schema("propertyNames")
	if _, ok := k.object["required"].(bool); !ok { // a property's own mark in draft 3, still seen
		n.required = k.texts("required")
	}
	n.minProps = k.count("minProperties", 0)
	n.maxProps = k.count("maxProperties", -1)
	n.dependentSchemas = k.schemaMap("dependentSchemas")
	for name := range k.members("dependentRequired") {
		inner := &keywords{k.reader, k.members("dependentRequired"), k.path + "/dependentRequired"}
		if n.dependent == nil {
			n.dependent = make(map[string][]string)
		}
		n.dependent[name] = inner.texts(name)
	}
}

func (k *keywords) combinations(n *schemaNode) {
	n.allOf, n.anyOf, n.oneOf = k.schemas("allOf"), k.schemas("anyOf"), k.schemas("oneOf")
	n.not, n.when, n.then, n.otherwise = k.schema("not"), k.schema("if"), k.schema("then"), k.schema("else")
}

func (k *keywords) text(name string) string {
	v, ok := k.object[name]
	s, isText := v.(string)
	if ok && !isText {
		k.fail(name, "must be a string")
	}
	return s
}

func (k *keywords) list(name string) []any {
	v, ok := k.object[name]
	l, isList := v.([]any)
	if ok && !isList {
		k.fail(name, "must be an array")
	}
	return l
}

func (k *keywords) texts(name string) []string {
	var all []string
	for _, v := range k.list(name) {
		s, ok := v.(string)
		if !ok {
			k.fail(name, "must hold strings only")
		}
		all = append(all, s)
	}
	return all
}

func (k *keywords) members(name string) map[string]any {
	v, ok := k.object[name]
	m, isMap := v.(map[string]any)
	if ok && !isMap {
		k.fail(name, "must be an object")
	}
	return m
}

func (k *keywords) number(name string) *big.Rat {
	v, ok := k.object[name]
	if !ok {
		return nil
	}
	n, isNumber := v.(json.Number)
	if !isNumber {
		k.fail(name, "must be a number")
		return nil
	}
	r, err := rational(n)
	if err != nil {
		k.fail(name, "is too large or too small a number")
		return nil
	}
	return r
}

// count returns a size, or absent if there is none.
func (k *keywords) count(name string, absent int) int {
	r := k.number(name)
	switch {
	case r == nil:
		return absent
	case !r.IsInt() || r.Sign() < 0:
		k.fail(name, "must be an integer of 0 or more")
		return absent
	case !r.Num().IsInt64() || r.Num().Int64() > 1<<31-1:
		return 1<<31 - 1
	}
	return int(r.Num().Int64())
}

func (k *keywords) regexp(name, pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		k.fail(name, "%q is not supported: it is not a regular expression of Go", pattern)
	}
	return re
}

func (k *keywords) schema(name string) *schemaNode {
	v, ok := k.object[name]
	if !ok {
		return nil
	}
	return k.reader.read(v, k.path+"/"+name)
}

func (k *keywords) schemas(name string) []*schemaNode {
	var all []*schemaNode
	for i, v := range k.list(name) {
		all = append(all, k.reader.read(v, k.path+"/"+name+"/"+strconv.Itoa(i)))
	}
	return all
}

func (k *keywords) schemaMap(name string) map[string]*schemaNode {
	m := k.members(name)
	if m == nil {
		return nil
	}
	all := make(map[string]*schemaNode, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all[key] = k.reader.read(m[key], k.path+"/"+name+"/"+jsonpointer.Escape(key))
	}
	return all
}

// maxExponent keeps numbers to what can be computed with exactly.
const maxExponent = 400

func rational(n json.Number) (*big.Rat, error) {
	if i := strings.IndexAny(string(n), "eE"); i >= 0 {
		if e, err := strconv.Atoi(string(n[i+1:])); err != nil || e > maxExponent || e < -maxExponent {
			return nil, strconv.ErrRange
		}
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil, strconv.ErrSyntax
	}
	return r, nil
}
