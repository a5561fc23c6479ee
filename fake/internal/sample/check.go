package sample

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"
)

// maxNesting bounds how deep values and references may be nested.
const maxNesting = 100

// check returns an error unless the value satisfies the schema. Everything
// that is generated goes through it, so a generated document is valid by the
// rules written here, however it was come by.
func (g *generator) check(n *schemaNode, v any) error { return g.checkAt(n, v, 0) }

func (g *generator) checkAt(n *schemaNode, v any, depth int) error {
	if depth > maxNesting {
		g.abort(&place{n.path, "the schema refers to itself without end"})
	}
	if !g.spend() {
		return g.fatal
	}
	if n.never {
		return &place{n.path, "the schema allows no value"}
	}
	if n.ref != "" {
		target, err := g.reader.resolve(n)
		if err != nil {
			g.abort(err)
			return err
		}
		if err := g.checkAt(target, v, depth+1); err != nil {
			return err
		}
	}
	if !n.allowsType(v) {
		return &place{n.path, fmt.Sprintf("the type must be one of %v", n.types)}
	}
	for _, enum := range n.enums {
		if !slices.ContainsFunc(enum, func(e any) bool { return equalJSON(e, v) }) {
			return &place{n.path, "the value must be one of enum or const"}
		}
	}
	if err := g.checkKind(n, v, depth); err != nil {
		return err
	}
	return g.checkCombinations(n, v, depth)
}

// checkKind checks the keywords that concern one type of value only.
func (g *generator) checkKind(n *schemaNode, v any, depth int) error {
	switch v := v.(type) {
	case json.Number:
		return n.checkNumber(v)
	case string:
		return n.checkString(v)
	case []any:
		return g.checkArray(n, v, depth)
	case map[string]any:
		return g.checkObject(n, v, depth)
	}
	return nil
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		if r, err := rational(v); err == nil && r.IsInt() {
			return "integer"
		}
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func (n *schemaNode) allowsType(v any) bool {
	t := typeOf(v)
	return n.types == nil || slices.Contains(n.types, t) || t == "integer" && slices.Contains(n.types, "number")
}

func (n *schemaNode) checkNumber(v json.Number) error {
	r, err := rational(v)
	switch {
	case err != nil:
		return &place{n.path, "the number is too large or too small"}
	case !n.low.admits(r, 1) || !n.high.admits(r, -1):
		return &place{n.path, "the number is out of its bounds"}
	case n.multipleOf != nil && !new(big.Rat).Quo(r, n.multipleOf).IsInt():
		return &place{n.path, "the number must be a multiple of multipleOf"}
	}
	return nil
}

// admits reports whether r is on the right side of the bound: above it if
// sign is positive.
func (b bound) admits(r *big.Rat, sign int) bool {
	if b.value == nil {
		return true
	}
	c := r.Cmp(b.value) * sign
	return c > 0 || c == 0 && !b.exclusive
}

func (n *schemaNode) checkString(s string) error {
	length := utf8.RuneCountInString(s)
	switch f, known := formats[n.format]; {
	case length < n.minLength:
		return &place{n.path, fmt.Sprintf("the string must have %d characters or more", n.minLength)}
	case n.maxLength >= 0 && length > n.maxLength:
		return &place{n.path, fmt.Sprintf("the string must have %d characters or fewer", n.maxLength)}
	case n.pattern != nil && !n.pattern.MatchString(s):
		return &place{n.path, fmt.Sprintf("the string must match the pattern %q", n.pattern)}
	case known && !f.valid(s):
		return &place{n.path, "the string must be of format " + n.format}
	}
	return nil
}

func (g *generator) checkArray(n *schemaNode, all []any, depth int) error {
	if len(all) < n.minItems || n.maxItems >= 0 && len(all) > n.maxItems {
		return &place{n.path, "the array must have as many items as minItems and maxItems say"}
	}
	found := 0
	for i, v := range all {
		if item := n.item(i); item != nil {
			if err := g.checkAt(item, v, depth+1); err != nil {
				return err
			}
		}
		if n.contains != nil && g.checkAt(n.contains, v, depth+1) == nil {
			found++
		}
		if n.unique && slices.ContainsFunc(all[:i], func(w any) bool { return equalJSON(v, w) }) {
			return &place{n.path, "the items must differ"}
		}
	}
	if n.contains != nil && (found < n.minContains || n.maxContains >= 0 && found > n.maxContains) {
		return &place{n.path, "the array must contain as many items as contains asks for"}
	}
	return nil
}

// item returns the schema of the item i, nil if it may be anything.
func (n *schemaNode) item(i int) *schemaNode {
	if i < len(n.prefix) {
		return n.prefix[i]
	}
	return n.items
}

func (g *generator) checkObject(n *schemaNode, m map[string]any, depth int) error {
	if len(m) < n.minProps || n.maxProps >= 0 && len(m) > n.maxProps {
		return &place{n.path, "the object must have as many members as minProperties and maxProperties say"}
	}
	for _, name := range n.required {
		if _, ok := m[name]; !ok {
			return &place{n.path, fmt.Sprintf("the member %q is required", name)}
		}
	}
	for name, v := range m {
		for _, s := range n.member(name) {
			if err := g.checkAt(s, v, depth+1); err != nil {
				return err
			}
		}
		if n.names != nil {
			if err := g.checkAt(n.names, name, depth+1); err != nil {
				return err
			}
		}
		for _, other := range n.dependent[name] {
			if _, ok := m[other]; !ok {
				return &place{n.path, fmt.Sprintf("the member %q is required by %q", other, name)}
			}
		}
		if s := n.dependentSchemas[name]; s != nil {
			if err := g.checkAt(s, m, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// member returns the schemas that a member of that name must satisfy.
func (n *schemaNode) member(name string) []*schemaNode {
	var all []*schemaNode
	if s := n.properties[name]; s != nil {
		all = append(all, s)
	}
	for _, p := range n.patterns {
		if p.pattern.MatchString(name) {
			all = append(all, p.schema)
		}
	}
	if len(all) == 0 && n.additional != nil {
		all = append(all, n.additional)
	}
	return all
}

func (g *generator) checkCombinations(n *schemaNode, v any, depth int) error {
	satisfies := func(s *schemaNode) bool { return g.checkAt(s, v, depth+1) == nil }
	for _, s := range n.allOf {
		if err := g.checkAt(s, v, depth+1); err != nil {
			return err
		}
	}
	if n.anyOf != nil && !slices.ContainsFunc(n.anyOf, satisfies) {
		return &place{n.path, "the value must satisfy one of anyOf"}
	}
	if n.oneOf != nil {
		if satisfied := slices.DeleteFunc(slices.Clone(n.oneOf), func(s *schemaNode) bool { return !satisfies(s) }); len(satisfied) != 1 {
			return &place{n.path, fmt.Sprintf("the value must satisfy exactly one of oneOf; the ones found satisfy %d", len(satisfied))}
		}
	}
	if n.not != nil && satisfies(n.not) {
		return &place{n.path, "the value must not be what the schema excludes by not"}
	}
	if n.when != nil {
		branch := n.otherwise
		if satisfies(n.when) {
			branch = n.then
		}
		if branch != nil {
			return g.checkAt(branch, v, depth+1)
		}
	}
	return nil
}
