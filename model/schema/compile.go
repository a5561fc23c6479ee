package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// A Validator checks JSON against one schema. It is made by [Compile]; the zero
// value refuses everything. It does not change, so it is safe for concurrent
// use.
type Validator struct {
	root       *jsonschema.Schema
	nodes      int                                       // JSON values in the schema
	targets    map[*jsonschema.Schema]*jsonschema.Schema // what each $ref points at
	patterns   map[string]*regexp.Regexp                 // of patternProperties
	assertions map[*jsonschema.Schema][]assertion
	evaluates  bool   // there is an unevaluated keyword
	plain      *plain // the root, if it is so simple; else nil
}

// Compile prepares a schema: a JSON object, or true or false, in draft 2020-12
// or draft-07. What it does not support is listed in the package comment. The
// error names the place in the schema, as a JSON pointer. Compile keeps nothing
// of raw.
func Compile(raw json.RawMessage) (*Validator, error) {
	document, root, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("schema: compile: %w", err)
	}
	c := &compiler{
		document:  document,
		byPointer: map[string]*jsonschema.Schema{},
		byAnchor:  map[string]*jsonschema.Schema{},
		v: &Validator{
			root:       root,
			nodes:      countValues(document),
			targets:    map[*jsonschema.Schema]*jsonschema.Schema{},
			patterns:   map[string]*regexp.Regexp{},
			assertions: map[*jsonschema.Schema][]assertion{},
		},
	}
	if err := c.compile(); err != nil {
		return nil, fmt.Errorf("schema: compile: %w", err)
	}
	return c.v, nil
}

// parse reads raw twice: as a schema, and as plain values with exact numbers.
func parse(raw json.RawMessage) (any, *jsonschema.Schema, error) {
	document, err := decodeExact(raw)
	if err != nil {
		return nil, nil, err
	}
	switch document.(type) {
	case map[string]any, bool:
	default:
		return nil, nil, fmt.Errorf("the schema is of type %s; want an object", typeOf(document))
	}
	if countValues(document) > maxSchemaValues || len(raw)*levels(document) > maxSchemaWork {
		return nil, nil, errors.New("the schema is too large or too deep")
	}
	root := new(jsonschema.Schema)
	if err := json.Unmarshal(raw, root); err != nil {
		return nil, nil, err
	}
	return document, root, nil
}

// A compiler brings a schema into one form: draft 2020-12, every schema with an
// anchor of its own, every reference to such an anchor. Then any part of it can
// be validated alone, and only one draft has to be explained.
type compiler struct {
	document  any
	v         *Validator
	pointers  []string // of schemas, in the order of the document's walk
	byPointer map[string]*jsonschema.Schema
	byAnchor  map[string]*jsonschema.Schema
}

// compile brings the schema into that form and finds out all that a validation
// needs.
func (c *compiler) compile() error {
	draft7, err := isDraft7(c.v.root.Schema)
	if err != nil {
		return err
	}
	if err := c.index("", c.v.root); err != nil {
		return err
	}
	for _, p := range c.pointers {
		if err := c.link(p); err != nil {
			return at(p, err)
		}
	}
	for _, p := range c.pointers {
		if err := c.check(p); err != nil {
			return at(p, err)
		}
	}
	for i, p := range c.pointers {
		modernize(c.byPointer[p], draft7, fmt.Sprintf("s%d", i))
	}
	c.v.root.Schema, c.v.root.ID = "", ""
	for s, target := range c.v.targets {
		s.Ref = "#" + target.Anchor
	}
	if err := c.refuseEndless(); err != nil {
		return err
	}
	if _, err := c.v.root.Resolve(nil); err != nil {
		return err
	}
	for _, p := range c.pointers {
		s := c.byPointer[p]
		c.v.assertions[s] = assertionsOf(s)
		c.v.evaluates = c.v.evaluates || s.UnevaluatedProperties != nil || s.UnevaluatedItems != nil
	}
	c.v.plain = plainOf(c.v.root)
	return nil
}

// The largest schemas that are compiled. To compile one takes time in
// proportion to its length and its depth.
const (
	maxSchemaValues = 1 << 16
	maxSchemaWork   = 1 << 25 // bytes times levels
)

// countValues counts the JSON values in a document, itself included.
func countValues(document any) int {
	n := 1
	switch v := document.(type) {
	case map[string]any:
		for _, member := range v {
			n += countValues(member)
		}
	case []any:
		for _, item := range v {
			n += countValues(item)
		}
	}
	return n
}

// levels returns how deep a document nests.
func levels(document any) int {
	n := 0
	switch v := document.(type) {
	case map[string]any:
		for _, member := range v {
			n = max(n, levels(member))
		}
	case []any:
		for _, item := range v {
			n = max(n, levels(item))
		}
	default:
		return 0
	}
	return n + 1
}

// isDraft7 reports which of the two drafts a $schema names.
func isDraft7(uri string) (bool, error) {
	_, name, _ := strings.Cut(strings.TrimSuffix(uri, "#"), "://")
	switch name {
	case "json-schema.org/draft-07/schema":
		return true, nil
	case "json-schema.org/draft/2020-12/schema":
		return false, nil
	}
	if uri == "" {
		return false, nil
	}
	return false, fmt.Errorf("$schema %q is not supported; want draft 2020-12 or draft-07", uri)
}

// index finds the schemas in s, by pointer and by anchor.
func (c *compiler) index(pointer string, s *jsonschema.Schema) error {
	if s == nil {
		return at(pointer, errors.New("null is not a schema"))
	}
	c.pointers = append(c.pointers, pointer)
	c.byPointer[pointer] = s
	for _, name := range []string{s.Anchor, s.DynamicAnchor} {
		if name == "" {
			continue
		}
		if c.byAnchor[name] != nil {
			return at(pointer, fmt.Errorf("anchor %q is there twice", name))
		}
		c.byAnchor[name] = s
	}
	for _, child := range children(s) {
		if err := c.index(pointer+child.pointer, child.schema); err != nil {
			return err
		}
	}
	return nil
}

// link finds the target of a reference.
func (c *compiler) link(pointer string) error {
	s := c.byPointer[pointer]
	if s.DynamicRef != "" {
		return errors.New("$dynamicRef is not supported; use $ref")
	}
	if s.ID != "" && pointer != "" {
		return errors.New("$id below the top of a schema is not supported; use $defs and $ref")
	}
	if s.Ref == "" {
		return nil
	}
	fragment, local := strings.CutPrefix(s.Ref, "#")
	if !local {
		return fmt.Errorf("$ref %q leads out of the schema; want a reference that starts with #", s.Ref)
	}
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return fmt.Errorf("$ref %q: %w", s.Ref, err)
	}
	target := c.byAnchor[fragment]
	if fragment == "" || fragment[0] == '/' {
		target = c.byPointer[fragment]
	}
	if target == nil {
		return fmt.Errorf("$ref %q: there is no such schema", s.Ref)
	}
	c.v.targets[s] = target
	return nil
}

// check looks at what the library does not, and restores the exact numbers that
// it has rounded.
func (c *compiler) check(pointer string) error {
	s := c.byPointer[pointer]
	for _, name := range append(slices.Clone(s.Types), s.Type) {
		if name != "" && !slices.Contains(typeNames, name) {
			return fmt.Errorf("type %q; want one of %s", name, strings.Join(typeNames, ", "))
		}
	}
	if s.MultipleOf != nil && *s.MultipleOf <= 0 {
		return errors.New("multipleOf: want a number above 0")
	}
	if s.ItemsArray != nil && s.PrefixItems != nil {
		return errors.New("both prefixItems and items as an array; want one of them")
	}
	older := s.DependencyStrings != nil || s.DependencySchemas != nil
	if older && (s.DependentRequired != nil || s.DependentSchemas != nil) {
		return errors.New("dependencies beside dependentRequired or dependentSchemas; want one form")
	}
	if s.Pattern != "" {
		if _, err := regexp.Compile(s.Pattern); err != nil {
			return fmt.Errorf("pattern: %w", err)
		}
	}
	for pattern := range s.PatternProperties {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return fmt.Errorf("patternProperties: %w", err)
		}
		c.v.patterns[pattern] = re
	}
	if values, ok := lookup(c.document, pointer+"/enum").([]any); ok && s.Enum != nil {
		s.Enum = values
	}
	if s.Const != nil {
		value := lookup(c.document, pointer+"/const")
		s.Const = &value
	}
	return nil
}

// modernize rewrites what draft-07 spelled in another way.
func modernize(s *jsonschema.Schema, draft7 bool, anchor string) {
	if draft7 && s.Ref != "" { // there, a reference hides what is beside it
		*s = jsonschema.Schema{Schema: s.Schema, Ref: s.Ref, Defs: s.Defs, Definitions: s.Definitions}
	}
	s.Anchor, s.DynamicAnchor = anchor, ""
	if s.ItemsArray != nil {
		s.PrefixItems, s.Items = s.ItemsArray, s.AdditionalItems
		s.ItemsArray = nil
	}
	s.AdditionalItems = nil // without an array of items it has no meaning
	if s.DependencyStrings != nil || s.DependencySchemas != nil {
		s.DependentRequired, s.DependentSchemas = s.DependencyStrings, s.DependencySchemas
		s.DependencyStrings, s.DependencySchemas = nil, nil
	}
}

// refuseEndless reports a schema that would apply itself to the same value
// again: validation would not end.
func (c *compiler) refuseEndless() error {
	const (
		inside = 1
		done   = 2
	)
	state := map[*jsonschema.Schema]int{}
	var visit func(s *jsonschema.Schema) bool
	visit = func(s *jsonschema.Schema) bool {
		if state[s] != 0 {
			return state[s] == done
		}
		state[s] = inside
		for _, next := range sameValue(s, c.v.targets[s]) {
			if !visit(next) {
				return false
			}
		}
		state[s] = done
		return true
	}
	for _, p := range c.pointers {
		if s := c.byPointer[p]; !visit(s) {
			return at(p, errors.New("the schema refers back to itself without entering a property or an item, so validation would never end"))
		}
	}
	return nil
}

// at adds the place in the schema to an error.
func at(pointer string, err error) error {
	if pointer == "" {
		return err
	}
	return fmt.Errorf("at %s: %w", pointer, err)
}
