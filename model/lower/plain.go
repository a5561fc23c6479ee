package lower

import (
	"slices"
	"strings"
)

// choices are the keywords by which a schema has alternatives or parts.
var choices = []string{"allOf", "anyOf", "oneOf"}

// plainRoot takes the alternatives and parts of the whole apart. The properties
// that only they describe become its own, so that the model knows them all; that
// they exclude or need one another, the description says. An alternative that
// is no object is none.
func (l *lowering) plainRoot() {
	if l.choiceReferred() {
		return // what refers into it would lead nowhere
	}
	for _, keyword := range choices {
		group := l.root.get(keyword)
		if group == nil {
			continue
		}
		group = list(slices.DeleteFunc(slices.Clone(group.items), func(item *value) bool { return l.noObject(item) != "" })...)
		if len(group.items) == 0 || len(group.items) == 1 && l.joins(group.items[0], keyword) {
			l.root.remove(keyword)
			l.note("", "%s of one schema was joined with the schema around it", keyword)
			continue
		}
		own := l.root.get("properties")
		found := &value{kind: '{'}
		for _, item := range group.items {
			if ref, ok := item.get("$ref").text(); ok {
				item = target(l.root, ref)
			}
			properties := item.get("properties")
			if properties == nil {
				continue
			}
			for _, m := range properties.members {
				if own.get(m.name) == nil {
					found.offer(m)
				}
			}
			if required := item.get("required"); keyword == "allOf" && required != nil {
				l.root.require(required.items)
			}
		}
		l.tell(l.root, sentence(keyword, group))
		l.root.remove(keyword)
		if len(found.members) > 0 {
			if own == nil {
				own = &value{kind: '{'}
				l.root.set("properties", own)
			}
			for _, m := range found.members {
				own.set(m.name, m.value)
			}
		}
		l.note("", "%s is in the description", keyword)
	}
}

// joins puts the only alternative there is into the whole, if they agree.
func (l *lowering) joins(only *value, keyword string) bool {
	if only.kind != '{' {
		return false
	}
	only = only.clone()
	for _, m := range l.root.members {
		if same := only.get(m.name); same != nil && string(same.bytes()) == string(m.value.bytes()) {
			only.remove(m.name)
		}
	}
	return l.inline(l.root, only, keyword)
}

// choiceReferred reports whether a reference leads into a choice of the root.
func (l *lowering) choiceReferred() bool {
	referred := false
	all(l.root, "", func(s *value, _ string) error {
		ref, _ := s.get("$ref").text()
		for _, keyword := range choices {
			referred = referred || strings.HasPrefix(ref, "#/"+keyword)
		}
		return nil
	})
	return referred
}

// offer adds a property, or another form of one that is there.
func (v *value) offer(m member) {
	before := v.get(m.name)
	switch {
	case before == nil:
		v.set(m.name, m.value.clone())
	case string(before.bytes()) == string(m.value.bytes()):
	case len(before.members) == 1 && before.get("anyOf") != nil:
		forms := before.get("anyOf")
		if !slices.ContainsFunc(forms.items, func(o *value) bool { return string(o.bytes()) == string(m.value.bytes()) }) {
			v.set(m.name, object("anyOf", list(append(slices.Clone(forms.items), m.value.clone())...)))
		}
	default:
		v.set(m.name, object("anyOf", list(before, m.value.clone())))
	}
}

// require adds names to those that are required.
func (v *value) require(names []*value) {
	all := list()
	if required := v.get("required"); required != nil {
		all = list(required.items...)
	}
	for _, name := range names {
		if !slices.ContainsFunc(all.items, func(o *value) bool {
			return strings.TrimSpace(string(o.bytes())) == strings.TrimSpace(string(name.bytes()))
		}) {
			all = list(append(all.items, name.clone())...)
		}
	}
	v.set("required", all)
}
