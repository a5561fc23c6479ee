package lower

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// Where schemas are in a schema.
var (
	named  = []string{"$defs", "definitions", "properties", "patternProperties", "dependentSchemas"}
	listed = []string{"prefixItems", "allOf", "anyOf", "oneOf"}
	single = []string{"items", "additionalProperties", "additionalItems", "contains", "not", "if", "then", "else",
		"propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"}
)

// check refuses what is no schema, wherever one has to be.
func check(v *value, path string) error {
	if v.is("true") || v.is("false") {
		return nil
	}
	if v.kind != '{' {
		return &Error{Path: path, Reason: "want an object, true or false"}
	}
	for _, m := range v.members {
		if err := checkMember(m, path+"/"+jsonpointer.Escape(m.name)); err != nil {
			return err
		}
	}
	return nil
}

// checkMember refuses a keyword that does not hold what the lowering will look
// for in it: schemas, or under required the names of properties.
func checkMember(m member, path string) error {
	switch {
	case slices.Contains(named, m.name):
		if m.value.kind != '{' {
			return &Error{Path: path, Reason: "want an object"}
		}
		for _, inner := range m.value.members {
			if err := check(inner.value, path+"/"+jsonpointer.Escape(inner.name)); err != nil {
				return err
			}
		}
	case slices.Contains(listed, m.name) || m.name == "items" && m.value.kind == '[':
		if m.value.kind != '[' {
			return &Error{Path: path, Reason: "want an array"}
		}
		for i, item := range m.value.items {
			if err := check(item, path+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
	case slices.Contains(single, m.name):
		return check(m.value, path)
	case m.name == "required":
		if m.value.kind != '[' {
			return &Error{Path: path, Reason: "want an array"}
		}
		for _, item := range m.value.items {
			if _, ok := item.text(); !ok {
				return &Error{Path: path, Reason: "want names of properties"}
			}
		}
	}
	return nil
}

// each calls f for every schema directly in s, in the order in which they are
// written.
func each(s *value, path string, f func(c *value, path string) error) error {
	for _, m := range s.members {
		at := path + "/" + jsonpointer.Escape(m.name)
		switch {
		case slices.Contains(named, m.name) && m.value.kind == '{':
			for _, inner := range m.value.members {
				if err := f(inner.value, at+"/"+jsonpointer.Escape(inner.name)); err != nil {
					return err
				}
			}
		case m.value.kind == '[' && (slices.Contains(listed, m.name) || m.name == "items"):
			for i, item := range m.value.items {
				if err := f(item, at+"/"+strconv.Itoa(i)); err != nil {
					return err
				}
			}
		case slices.Contains(single, m.name):
			if err := f(m.value, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// all calls f for s and every schema in it, outside in.
func all(s *value, path string, f func(s *value, path string) error) error {
	if err := f(s, path); err != nil {
		return err
	}
	return each(s, path, func(c *value, at string) error { return all(c, at, f) })
}

// target finds what a reference points at, nil if that is nothing here.
func target(root *value, ref string) *value {
	fragment, local := strings.CutPrefix(ref, "#")
	if !local {
		return nil
	}
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil
	}
	if fragment == "" {
		return root
	}
	if fragment[0] != '/' {
		return anchored(root, fragment)
	}
	v := root
	for part := range jsonpointer.Names(fragment) {
		if v.kind == '[' {
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v.items) {
				return nil
			}
			v = v.items[i]
		} else if v = v.get(part); v == nil {
			return nil
		}
	}
	return v
}

// anchored returns the first schema with an $anchor of the name, nil if there
// is none.
func anchored(root *value, name string) *value {
	var found *value
	all(root, "", func(s *value, _ string) error {
		if text, ok := s.get("$anchor").text(); ok && text == name && found == nil {
			found = s
		}
		return nil
	})
	return found
}

// refuseRecursion returns an error for a schema that contains itself.
func refuseRecursion(root *value) error {
	const (
		inside = 1
		done   = 2
	)
	state := map[*value]int{}
	var visit func(s *value, path string) error
	visit = func(s *value, path string) error {
		switch state[s] {
		case inside:
			return &Error{Path: path, Reason: "the schema contains itself, which is not possible here", sound: true}
		case done:
			return nil
		}
		state[s] = inside
		if ref, ok := s.get("$ref").text(); ok {
			if t := target(root, ref); t != nil {
				if err := visit(t, path); err != nil {
					return err
				}
			}
		}
		err := each(s, path, func(c *value, at string) error {
			if strings.HasPrefix(at[len(path):], "/$defs/") || strings.HasPrefix(at[len(path):], "/definitions/") {
				return nil // looked at where it is referred to
			}
			return visit(c, at)
		})
		state[s] = done
		return err
	}
	return visit(root, "")
}
