package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// A schemaNode is a JSON Schema with its keywords read. Sub-schemas are read
// along with it; what a $ref points to is read when it is needed.
type schemaNode struct {
	path  string // JSON pointer, such as "#/properties/when"
	never bool   // the schema false

	ref   string
	types []string // nil: all
	enums [][]any  // one for enum, one for const
	hints []any    // examples, then default

	low, high  bound
	multipleOf *big.Rat

	minLength, maxLength int // maxLength -1: none
	pattern              *regexp.Regexp
	format               string

	prefix                   []*schemaNode
	items, contains          *schemaNode
	minItems, maxItems       int
	minContains, maxContains int
	unique                   bool

	properties         map[string]*schemaNode
	patterns           []patternProperty
	additional, names  *schemaNode
	required           []string
	minProps, maxProps int
	dependent          map[string][]string
	dependentSchemas   map[string]*schemaNode

	allOf, anyOf, oneOf        []*schemaNode
	not, when, then, otherwise *schemaNode
}

// A bound is an end of a range of numbers; without a value there is none.
type bound struct {
	value     *big.Rat
	exclusive bool
}

type patternProperty struct {
	pattern *regexp.Regexp
	schema  *schemaNode
}

// A place is an error about a place in a schema.
type place struct {
	path string
	text string
}

func (p *place) Error() string { return "at " + p.path + ": " + p.text }

// A schemaReader reads the schemas of one document.
type schemaReader struct {
	doc    any
	draft7 bool // siblings of $ref are ignored
	nodes  map[string]*schemaNode
	err    error // the first one
}

func newSchemaReader(raw []byte) (*schemaReader, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, &place{"#", "the schema is not JSON"}
	}
	r := &schemaReader{doc: doc, nodes: make(map[string]*schemaNode)}
	if m, ok := doc.(map[string]any); ok {
		version, _ := m["$schema"].(string)
		r.draft7 = strings.Contains(version, "draft-07") || strings.Contains(version, "draft-06") || strings.Contains(version, "draft-04")
	}
	return r, nil
}

// resolve returns the schema that a $ref points to.
func (r *schemaReader) resolve(from *schemaNode) (*schemaNode, error) {
	if from.ref != "#" && !strings.HasPrefix(from.ref, "#/") {
		return nil, &place{from.path, fmt.Sprintf("$ref %q is not supported; it must point into the same document, as in #/$defs/name", from.ref)}
	}
	if n, ok := r.nodes[from.ref]; ok {
		return n, nil
	}
	v := r.doc
	for token := range pointerTokens(from.ref) {
		if v = child(v, token); v == nil {
			return nil, &place{from.path, fmt.Sprintf("$ref %q points to nothing", from.ref)}
		}
	}
	n := r.read(v, from.ref)
	r.nodes[from.ref] = n
	return n, r.err
}

func pointerTokens(ref string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for token := range strings.SplitSeq(strings.TrimPrefix(ref, "#"), "/") {
			if t, err := url.PathUnescape(token); err == nil {
				token = t
			}
			token = jsonpointer.Unescape(token)
			if token != "" && !yield(token) {
				return
			}
		}
	}
}

func child(v any, token string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[token]
	case []any:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// unsupportedKeywords change what a schema means in ways that this package
// does not follow.
var unsupportedKeywords = []string{
	"$dynamicRef", "$recursiveRef", "dependencies", "unevaluatedItems", "unevaluatedProperties", "disallow", "extends",
}

// read reads a schema and all below it but what is only referred to.
func (r *schemaReader) read(v any, path string) *schemaNode {
	n := &schemaNode{path: path, maxLength: -1, maxItems: -1, maxContains: -1, maxProps: -1, minContains: 1}
	switch v := v.(type) {
	case bool:
		n.never = !v
	case map[string]any:
		k := &keywords{r, v, path}
		if k.reference(n); r.draft7 && n.ref != "" {
			return n
		}
		for _, name := range unsupportedKeywords {
			if x, ok := v[name]; ok && x != true {
				k.fail(name, "is not supported")
			}
		}
		k.general(n)
		k.numbers(n)
		k.strings(n)
		k.arrays(n)
		k.objects(n)
		k.combinations(n)
	default:
		r.fail(path, "a schema must be an object, true or false")
	}
	return n
}

func (r *schemaReader) fail(path, text string) {
	if r.err == nil {
		r.err = &place{path, text}
	}
}

// equalJSON reports whether two JSON values are equal, numbers by value.
func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		if !ok {
			return false
		}
		x, errX := rational(a)
		y, errY := rational(b)
		return errX == nil && errY == nil && x.Cmp(y) == 0
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equalJSON)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			if w, ok := b[k]; !ok || !equalJSON(v, w) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case json.Number, []any, map[string]any:
		return false
	}
	return a == b
}
