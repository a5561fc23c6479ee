package sample

import (
	"iter"
	"maps"
	"slices"
)

// objects proposes objects: with the required members first, then with more.
func (g *generator) objects(f flat, t trail) iter.Seq[any] {
	return func(yield func(any) bool) {
		required, least := f.required()
		if max(least, len(required)) > maxItems {
			g.fault(tooLarge(f.path(), "minProperties", maxItems))
			return
		}
		names := required
		for extra := range g.optional(f, t) {
			if len(names) >= least && !g.variants(f, t, names, yield) {
				return
			}
			if g.fatal != nil || len(names) > least+formatVariants {
				return
			}
			if !slices.Contains(names, extra) {
				names = f.withDependent(append(slices.Clip(names), extra))
			}
		}
		if len(names) >= least {
			g.variants(f, t, names, yield)
			return
		}
		g.fault(&place{f.path(), "no names were found for as many members as minProperties asks for"})
	}
}

// required returns the names that an object must have, and how many at least.
func (f flat) required() (names []string, least int) {
	for _, n := range f.nodes {
		least = max(least, n.minProps)
		for _, name := range n.required {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return f.withDependent(names), least
}

// withDependent adds the names that others depend on.
func (f flat) withDependent(names []string) []string {
	for i := 0; i < len(names); i++ {
		for _, n := range f.nodes {
			for _, other := range n.dependent[names[i]] {
				if !slices.Contains(names, other) {
					names = append(slices.Clip(names), other)
				}
			}
		}
	}
	return names
}

// optional returns names that an object may also have: those the schema
// knows, those by its patterns, and letters.
func (g *generator) optional(f flat, t trail) iter.Seq[string] {
	return func(yield func(string) bool) {
		var spelling []*schemaNode // of names
		for _, n := range f.nodes {
			for _, name := range slices.Sorted(maps.Keys(n.properties)) {
				if !yield(name) {
					return
				}
			}
			if n.names != nil {
				spelling = append(spelling, n.names)
			}
		}
		for _, n := range f.nodes {
			for _, p := range n.patterns {
				if !matching(p.pattern.String(), 0, yield) {
					return
				}
			}
		}
		for v := range g.values(orAny(spelling, f.path()), t.below(f.refs)) {
			if name, ok := v.(string); ok && !yield(name) {
				return
			}
		}
	}
}

// variants yields objects with members of the given names: each with its
// first value, then each with its second, and so on. It reports whether to go on
// with more names, which is no use if one of these has no value at all.
func (g *generator) variants(f flat, t trail, names []string, yield func(any) bool) bool {
	for i := range maxVariants {
		m := make(map[string]any, len(names))
		fresh := i == 0 // some member has a value i
		for _, name := range names {
			v, nth, ok := g.nth(f.member(name), t.below(f.refs), i)
			if !ok {
				return false
			}
			m[name] = v
			fresh = fresh || nth
		}
		if !fresh || !g.spend() {
			return true
		}
		if !yield(m) {
			return false
		}
	}
	return true
}

// nth returns the proposal i, or the last one if there are fewer.
func (g *generator) nth(nodes []*schemaNode, t trail, i int) (v any, exact, ok bool) {
	for v = range g.values(nodes, t) {
		ok = true
		if i == 0 {
			return v, true, true
		}
		i--
	}
	return v, false, ok
}

// member returns the schemas of a member.
func (f flat) member(name string) []*schemaNode {
	var all []*schemaNode
	for _, n := range f.nodes {
		all = append(all, n.member(name)...)
	}
	return orAny(all, f.path()+"/properties/"+name)
}
