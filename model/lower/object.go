package lower

import "slices"

// noObject says what a schema is that no object matches, such as "is of type
// string". It is empty if objects may match.
func (l *lowering) noObject(s *value) string { return objects{l.root, map[*value]string{}}.none(s) }

// objects looks for objects among what schemas allow. What was found out about
// a schema is kept, so that each is looked at once, and those that contain
// themselves end.
type objects struct {
	root  *value
	known map[*value]string
}

// none is noObject for a schema within the root. While a schema is looked at,
// it counts as one that objects match, so that its own references to it decide
// nothing.
func (o objects) none(s *value) string {
	if s == nil {
		return "" // a reference that leads elsewhere
	}
	if wrong, ok := o.known[s]; ok {
		return wrong
	}
	o.known[s] = ""
	wrong := o.byType(s)
	for _, of := range []func(*value) string{o.byValues, o.byParts, o.byChoice} {
		if wrong == "" {
			wrong = of(s)
		}
	}
	o.known[s] = wrong
	return wrong
}

const nothing = "allows nothing"

// byType judges a schema by its type.
func (o objects) byType(s *value) string {
	if s.is("false") {
		return nothing
	}
	typ := s.get("type")
	if typ == nil || isText(typ, "object") || typ.kind == '[' && slices.ContainsFunc(typ.items, func(t *value) bool { return isText(t, "object") }) {
		return ""
	}
	if text, ok := typ.text(); ok {
		return "is of type " + text
	}
	return "is of type " + shown(typ)
}

// byValues judges a schema by the values that it names.
func (o objects) byValues(s *value) string {
	isObject := func(v *value) bool { return v.kind == '{' }
	if c := s.get("const"); c != nil && !isObject(c) {
		return "is always " + shown(c)
	}
	if e := s.get("enum"); e != nil && e.kind == '[' && !slices.ContainsFunc(e.items, isObject) {
		return "is one of " + shown(e)
	}
	return ""
}

// byParts judges a schema by those that have to match, too, or must not.
func (o objects) byParts(s *value) string {
	if ref, ok := s.get("$ref").text(); ok {
		if wrong := o.none(target(o.root, ref)); wrong != "" {
			return wrong
		}
	}
	if all := s.get("allOf"); all != nil {
		for _, item := range all.items {
			if wrong := o.none(item); wrong != "" {
				return wrong
			}
		}
	}
	not := s.get("not")
	if not != nil && (not.is("true") || not.kind == '{' && (len(not.members) == 0 || len(not.members) == 1 && isText(not.get("type"), "object"))) {
		return "allows no object"
	}
	return ""
}

// byChoice judges a schema by its alternatives.
func (o objects) byChoice(s *value) string {
	for _, keyword := range []string{"anyOf", "oneOf"} {
		choice := s.get(keyword)
		if choice == nil {
			continue
		}
		wrong := nothing
		for _, item := range choice.items {
			if wrong = o.none(item); wrong == "" {
				break
			}
		}
		if wrong != "" {
			return wrong
		}
	}
	return ""
}

// isText reports whether v is the string want.
func isText(v *value, want string) bool {
	text, ok := v.text()
	return ok && text == want
}

// shown writes a value for the text of an error.
func shown(v *value) string {
	const most = 60
	text := compact(v.bytes())
	if len(text) <= most {
		return text
	}
	cut := most
	for text[cut]&0xc0 == 0x80 { // in the middle of a character
		cut--
	}
	return text[:cut] + "…"
}
