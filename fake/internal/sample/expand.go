package sample

import (
	"maps"
	"slices"
)

// A flat is one way of satisfying a schema: schemas that must all be
// satisfied, with a choice made wherever there was one, so that their
// combining keywords need no further thought.
type flat struct {
	nodes []*schemaNode
	refs  []string // that were followed, those on the way here included
}

func (f flat) path() string {
	if len(f.nodes) == 0 {
		return "#"
	}
	return f.nodes[0].path
}

// expand calls use with the ways of satisfying all pending schemas besides
// those in done, until use returns false. It reports whether it never did.
func (g *generator) expand(pending []*schemaNode, done flat, use func(flat) bool) bool {
	if !g.spend() {
		return false
	}
	if len(pending) == 0 {
		return use(done)
	}
	n, pending := pending[0], pending[1:]
	switch {
	case slices.Contains(done.nodes, n):
		return g.expand(pending, done, use)
	case n.never:
		g.fault(&place{n.path, "the schema allows no value"})
		return true
	}
	done.nodes = append(slices.Clip(done.nodes), n)
	pending = slices.Concat(n.allOf, pending)
	if n.ref == "" {
		return g.choose(n.choices(g.seed), pending, done, use)
	}
	target, err := g.reader.resolve(n)
	if err != nil {
		g.abort(err)
		return false
	}
	if !slices.Contains(done.nodes, target) {
		if done.visits(n.ref) > g.revisits {
			g.fault(&place{n.path, "the schema contains itself without end"})
			return true
		}
		done.refs = append(slices.Clip(done.refs), n.ref)
		pending = slices.Concat([]*schemaNode{target}, pending)
	}
	return g.choose(n.choices(g.seed), pending, done, use)
}

func (f flat) visits(ref string) int {
	n := 0
	for _, r := range f.refs {
		if r == ref {
			n++
		}
	}
	return n
}

// choose goes through the combinations of choices.
func (g *generator) choose(choices [][][]*schemaNode, pending []*schemaNode, done flat, use func(flat) bool) bool {
	if len(choices) == 0 {
		return g.expand(pending, done, use)
	}
	for _, option := range choices[0] {
		if !g.choose(choices[1:], slices.Concat(option, pending), done, use) {
			return false
		}
	}
	return true
}

// choices returns the options of every combining keyword. Each option is what
// must be satisfied if it is taken.
func (n *schemaNode) choices(seed uint64) [][][]*schemaNode {
	var all [][][]*schemaNode
	for _, options := range [][]*schemaNode{n.anyOf, n.oneOf} {
		if options == nil {
			continue
		}
		var one [][]*schemaNode
		for _, o := range rotated(options, seed) {
			one = append(one, []*schemaNode{o})
		}
		all = append(all, one)
	}
	if n.when != nil {
		all = append(all, [][]*schemaNode{present(n.when, n.then), present(n.otherwise)})
	}
	for _, name := range slices.Sorted(maps.Keys(n.dependentSchemas)) {
		all = append(all, [][]*schemaNode{nil, {n.dependentSchemas[name]}})
	}
	return all
}

func present(nodes ...*schemaNode) []*schemaNode {
	return slices.DeleteFunc(nodes, func(n *schemaNode) bool { return n == nil })
}

// kinds returns the types that all nodes allow, in the order in which they
// are worth trying: as a schema lists them, or else what its keywords are
// about, or else all.
func (f flat) kinds(seed uint64) []string {
	var kinds []string
	for _, n := range f.nodes {
		if n.types != nil && (kinds == nil || len(n.types) < len(kinds)) {
			kinds = n.types
		}
	}
	if kinds == nil {
		kinds = append(f.hinted(), typeNames...)
	} else {
		kinds = rotated(kinds, seed)
	}
	var all []string
	for _, kind := range kinds {
		for _, narrow := range []string{kind, "integer"} { // of numbers, perhaps only integers are allowed
			if (narrow == kind || kind == "number") && f.allows(narrow) && !slices.Contains(all, narrow) {
				all = append(all, narrow)
			}
		}
	}
	return all
}

func (f flat) allows(kind string) bool {
	return !slices.ContainsFunc(f.nodes, func(n *schemaNode) bool {
		return n.types != nil && !slices.Contains(n.types, kind) && (kind != "integer" || !slices.Contains(n.types, "number"))
	})
}

// hinted returns the types that the keywords are about.
func (f flat) hinted() []string {
	var kinds []string
	for _, n := range f.nodes {
		if n.properties != nil || n.required != nil || n.patterns != nil || n.additional != nil || n.names != nil || n.minProps > 0 {
			kinds = append(kinds, "object")
		}
		if n.prefix != nil || n.items != nil || n.contains != nil || n.minItems > 0 || n.unique {
			kinds = append(kinds, "array")
		}
		if n.pattern != nil || n.format != "" || n.minLength > 0 || n.maxLength >= 0 {
			kinds = append(kinds, "string")
		}
		if n.low.value != nil || n.high.value != nil || n.multipleOf != nil {
			kinds = append(kinds, "number")
		}
	}
	return kinds
}
