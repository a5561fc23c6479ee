package lower

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// count counts the unions and the optional properties of a schema.
func count(root *value) (unions, optional int) {
	all(root, "", func(s *value, _ string) error {
		if isUnion(s) {
			unions++
		}
		optional += len(optionalOf(s))
		return nil
	})
	return unions, optional
}

// isUnion reports whether a schema is a choice between others, or has several
// types.
func isUnion(s *value) bool {
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if list := s.get(keyword); list != nil && len(list.items) > 1 {
			return true
		}
	}
	typ := s.get("type")
	return typ != nil && typ.kind == '[' && len(typ.items) > 1
}

// optionalOf lists the optional properties of a schema.
func optionalOf(s *value) []member {
	props := s.get("properties")
	if props == nil {
		return nil
	}
	var list []member
	for _, p := range props.members {
		if !isRequired(s, p.name) {
			list = append(list, p)
		}
	}
	return list
}

func isRequired(s *value, name string) bool {
	required := s.get("required")
	return required != nil && slices.ContainsFunc(required.items, func(v *value) bool {
		text, _ := v.text()
		return text == name
	})
}

// requireOptional makes the optional properties beyond a number of them
// required, and has them be null where they would have been left out.
func (l *lowering) requireOptional(most int) {
	n := 0
	all(l.root, "", func(s *value, path string) error {
		for _, p := range optionalOf(s) {
			if n++; n <= most {
				continue
			}
			allowNull(p.value)
			required := list()
			if old := s.get("required"); old != nil {
				required.items = slices.Clone(old.items)
			}
			required.items = append(required.items, quoted(p.name))
			s.set("required", required)
			l.note(path+"/properties/"+jsonpointer.Escape(p.name), "required, and null instead of left out")
		}
		return nil
	})
}

// allowNull makes a schema one that null matches, too.
func allowNull(s *value) {
	if s.kind != '{' || allowsNull(s) {
		return
	}
	typ := s.get("type")
	if text, ok := typ.text(); ok && s.get("enum") == nil && s.get("const") == nil {
		s.set("type", list(quoted(text), quoted("null")))
		return
	}
	inner := &value{kind: '{', members: s.members}
	s.members = nil
	if d := inner.get("description"); d != nil {
		inner.remove("description")
		s.set("description", d)
	}
	s.set("anyOf", list(inner, object("type", quoted("null"))))
}

// allowsNull reports whether a schema has null among its types or alternatives.
func allowsNull(s *value) bool {
	if typ := s.get("type"); typ != nil && slices.ContainsFunc(append(slices.Clone(typ.items), typ), isNullName) {
		return true
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if list := s.get(keyword); list != nil && slices.ContainsFunc(list.items, isNull) {
			return true
		}
	}
	return false
}

// isNullName reports whether v, found under type, is the name of null.
func isNullName(v *value) bool { text, _ := v.text(); return text == "null" }

// isNull reports whether a schema is that of null.
func isNull(s *value) bool {
	return s.kind == '{' && (isNullName(s.get("type")) || s.get("const").is("null"))
}

// reduceUnions takes null out of unions until no more than a number of them
// is left: first out of optional properties, which are left out instead, then
// out of the others.
func (l *lowering) reduceUnions(most int) error {
	left, _ := count(l.root)
	if left <= most {
		return nil
	}
	optional := map[*value]bool{}
	all(l.root, "", func(s *value, _ string) error {
		for _, p := range optionalOf(s) {
			optional[p.value] = true
		}
		return nil
	})
	for _, first := range []bool{true, false} {
		all(l.root, "", func(s *value, path string) error {
			if left > most && optional[s] == first && isUnion(s) && l.withoutNull(s, path) && !isUnion(s) {
				left--
			}
			return nil
		})
	}
	if left > most && !l.limits.bestEffort {
		return inexpressible("", "it has %d unions of types; at most %d are possible", left, most)
	}
	return nil
}

// withoutNull takes null out of a union.
func (l *lowering) withoutNull(s *value, path string) bool {
	reduced := false
	if typ := s.get("type"); typ != nil && typ.kind == '[' && slices.ContainsFunc(typ.items, isNullName) && len(typ.items) > 1 {
		rest := slices.DeleteFunc(slices.Clone(typ.items), isNullName)
		if len(rest) == 1 {
			s.set("type", rest[0])
		} else {
			s.set("type", list(rest...))
		}
		reduced = true
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		alternatives := s.get(keyword)
		if alternatives == nil || len(alternatives.items) < 2 || !slices.ContainsFunc(alternatives.items, isNull) {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(alternatives.items), isNull)
		if len(rest) == 0 {
			continue
		}
		if len(rest) != 1 || rest[0].kind != '{' || !l.inline(s, rest[0], keyword) {
			s.set(keyword, list(rest...))
		}
		reduced = true
	}
	if !reduced {
		return false
	}
	if s.get("default").is("null") {
		s.remove("default")
	}
	if e := s.get("enum"); e != nil {
		if rest := slices.DeleteFunc(slices.Clone(e.items), func(v *value) bool { return v.is("null") }); len(rest) != len(e.items) {
			s.set("enum", list(rest...))
		}
	}
	l.note(path, "null is left out of the alternatives")
	return true
}
