package lower

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Schema returns raw as it may be sent within the limits. An empty schema
// counts as {}. The error is an [*Error].
func Schema(raw json.RawMessage, limits Limits) (*Result, error) {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	root, err := parse(raw)
	if err != nil {
		return nil, err
	}
	if err := check(root, ""); err != nil {
		return nil, err
	}
	l := &lowering{limits: limits, root: root}
	if err := l.lower(); err != nil {
		return nil, err
	}
	r := &Result{Schema: raw, Changes: l.changes}
	if !l.root.intact() {
		r.Schema = l.root.bytes()
	}
	r.Unions, r.Optional = count(l.root)
	return r, nil
}

// NoNulls returns raw without the unions with null that it can do without: a
// type of ["integer","null"], or an anyOf of a schema and null, becomes the
// other one. A model that has nothing to say leaves the property out instead;
// one that is required must then be said. It is for the schemas of others,
// such as those of tool servers, where a provider counts unions.
func NoNulls(raw json.RawMessage) (*Result, error) {
	return Schema(raw, Limits{MaxUnions: -1, bestEffort: true})
}

// A lowering is a schema on its way to its limits.
type lowering struct {
	limits  Limits
	root    *value
	changes []Change
}

// note reports a change.
func (l *lowering) note(path, format string, args ...any) {
	l.changes = append(l.changes, Change{Path: path, Reason: fmt.Sprintf(format, args...)})
}

// inexpressible returns the error of a sound schema that the limits have no form
// for.
func inexpressible(path, format string, args ...any) error {
	return &Error{Path: path, Reason: fmt.Sprintf(format, args...), sound: true}
}

// lower applies the limits, one after the other. What one of them adds, a
// later one must find.
func (l *lowering) lower() error {
	if l.limits.ObjectRoot {
		if err := l.objectRoot(); err != nil {
			return err
		}
	}
	if l.limits.PlainRoot {
		l.plainRoot()
	}
	if l.limits.NoRecursion {
		if err := refuseRecursion(l.root); err != nil {
			return err
		}
	}
	if err := all(l.root, "", l.keywords); err != nil {
		return err
	}
	if l.limits.MaxOptional != 0 {
		l.requireOptional(max(l.limits.MaxOptional, 0))
	}
	if l.limits.MaxUnions != 0 {
		if err := l.reduceUnions(max(l.limits.MaxUnions, 0)); err != nil {
			return err
		}
	}
	return nil
}

// objectRoot makes the whole a schema of objects.
func (l *lowering) objectRoot() error {
	root := l.root
	if wrong := l.noObject(root); wrong != "" {
		return inexpressible("", "the schema %s; want object", wrong)
	}
	if root.is("true") {
		l.root = object("type", quoted("object"))
		l.note("", "the type object was added")
		return nil
	}
	switch typ := root.get("type"); {
	case typ == nil:
		root.changed()
		root.members = slices.Insert(root.members, 0, member{name: "type", key: quoted("type").raw, value: quoted("object")})
		l.note("", "the type object was added")
	case typ.kind == '[':
		root.set("type", quoted("object"))
		l.note("", "the types other than object are left out")
	}
	return nil
}

// keywords lowers one schema, before those in it.
func (l *lowering) keywords(s *value, path string) error {
	if s.kind != '{' {
		if l.limits.Typed && s.is("true") && !strings.HasSuffix(path, "/additionalProperties") {
			return inexpressible(path, "the schema allows any value; say which type")
		}
		return nil
	}
	if l.limits.refuses("prefixItems") {
		l.oneItem(s, path)
	}
	if l.limits.refuses("oneOf") && s.get("oneOf") != nil && s.get("anyOf") == nil {
		l.rename(s, "oneOf", "anyOf", path)
	}
	if l.limits.ScalarEnums {
		l.scalarEnums(s, path)
	}
	if l.limits.Closed {
		if err := l.close(s, path); err != nil {
			return err
		}
	}
	l.describe(s, path)
	if l.limits.Typed && !typed(s) {
		return inexpressible(path, "the schema allows any value; say which type")
	}
	return nil
}

// typed reports whether a schema says what kind of value it is about.
func typed(s *value) bool {
	for _, keyword := range []string{"type", "$ref", "enum", "const", "anyOf", "allOf", "oneOf", "properties"} {
		if s.get(keyword) != nil {
			return true
		}
	}
	return false
}

// rename gives a keyword another name and leaves it in its place.
func (l *lowering) rename(s *value, from, to, path string) {
	for i, m := range s.members {
		if m.name == from {
			s.members[i].name, s.members[i].key = to, quoted(to).raw
		}
	}
	s.changed()
	l.note(path, "%s has become %s", from, to)
}

// oneItem makes one schema for all items of those for the first ones.
func (l *lowering) oneItem(s *value, path string) {
	for _, keyword := range []string{"prefixItems", "items"} {
		prefix := s.get(keyword)
		if prefix == nil || prefix.kind != '[' {
			continue
		}
		var kinds []*value
		for _, item := range prefix.items {
			if !slices.ContainsFunc(kinds, func(k *value) bool { return string(k.bytes()) == string(item.bytes()) }) {
				kinds = append(kinds, item.clone())
			}
		}
		if rest := s.get("items"); keyword == "prefixItems" && rest != nil && rest.kind == '{' {
			kinds = append(kinds, rest)
		}
		l.tell(s, "The first items in order: "+compact(prefix.bytes())+".")
		s.remove(keyword)
		switch len(kinds) {
		case 0:
		case 1:
			s.set("items", kinds[0])
		default:
			s.set("items", object("anyOf", list(kinds...)))
		}
		l.note(path, "%s is in the description", keyword)
		return
	}
}

// scalarEnums moves enum and const with arrays or objects into the
// description.
func (l *lowering) scalarEnums(s *value, path string) {
	if c := s.get("const"); c != nil && c.kind != 0 {
		l.tell(s, "Always "+compact(c.bytes())+".")
		s.remove("const")
		l.note(path, "const is in the description")
	}
	if e := s.get("enum"); e != nil && slices.ContainsFunc(e.items, func(v *value) bool { return v.kind != 0 }) {
		l.tell(s, "One of "+compact(e.bytes())+".")
		s.remove("enum")
		l.note(path, "enum is in the description")
	}
}

// close gives a schema of objects additionalProperties: false.
func (l *lowering) close(s *value, path string) error {
	if err := l.joinAllOf(s, path); err != nil {
		return err
	}
	extra, props := s.get("additionalProperties"), s.get("properties")
	if !isObject(s) || extra.is("false") && (props != nil || s.get("patternProperties") == nil) {
		return nil
	}
	if props == nil && extra == nil && s.get("patternProperties") == nil {
		l.note(path, "no properties are described, so none are allowed")
		s.set("additionalProperties", &value{raw: []byte("false")})
		return nil
	}
	if props == nil || len(props.members) == 0 && extra != nil {
		return inexpressible(path, "the names of the properties are not said, so the object cannot be closed")
	}
	if extra != nil && !extra.is("false") {
		l.note(path, "further properties are not allowed")
	} else {
		l.note(path, "additionalProperties: false was added")
		l.changes[len(l.changes)-1].Closing = true
	}
	s.set("additionalProperties", &value{raw: []byte("false")})
	return nil
}

// isObject reports whether a schema is one of objects: by its type, or without
// a type by its properties.
func isObject(s *value) bool {
	typ := s.get("type")
	if typ == nil {
		return s.get("properties") != nil || s.get("additionalProperties") != nil || s.get("patternProperties") != nil
	}
	if text, ok := typ.text(); ok {
		return text == "object"
	}
	return slices.ContainsFunc(typ.items, func(v *value) bool { text, _ := v.text(); return text == "object" })
}

// joinAllOf puts the only schema of an allOf into the schema around it. Of
// several, those that share an object's properties out among them could not
// be closed.
func (l *lowering) joinAllOf(s *value, path string) error {
	list := s.get("allOf")
	if list == nil {
		return nil
	}
	if len(list.items) == 1 && list.items[0].kind == '{' && l.inline(s, list.items[0], "allOf") {
		l.note(path, "allOf of one schema was joined with the schema around it")
		return nil
	}
	for _, item := range list.items {
		if ref, ok := item.get("$ref").text(); ok {
			item = target(l.root, ref)
		}
		if item == nil || item.kind == '{' && isObject(item) {
			return inexpressible(path+"/allOf", "the parts of the object cannot be closed one by one")
		}
	}
	return nil
}

// inline puts the members of inner into s in the place of a keyword. It
// reports false, and does nothing, if they say the same thing twice.
func (l *lowering) inline(s, inner *value, keyword string) bool {
	for _, m := range inner.members {
		if m.name != "description" && m.name != "title" && m.name != keyword && s.get(m.name) != nil {
			return false
		}
	}
	s.remove(keyword)
	for _, m := range inner.members {
		if s.get(m.name) == nil {
			s.set(m.name, m.value)
		}
	}
	return true
}
