package sample

import (
	"iter"
	"slices"
)

// maxItems is the longest array that is generated, and the largest object.
const maxItems = 1000

// arrays proposes arrays, the shortest possible first.
func (g *generator) arrays(f flat, t trail) iter.Seq[any] {
	return func(yield func(any) bool) {
		least, wanted, unique := 0, 0, false
		for _, n := range f.nodes {
			least = max(least, n.minItems)
			unique = unique || n.unique
			if n.contains != nil {
				wanted += n.minContains
			}
		}
		least = max(least, wanted)
		if least > maxItems {
			g.fault(tooLarge(f.path(), "minItems", maxItems))
			return
		}
		for length := least; length <= least+3; length++ {
			for skip := range maxVariants {
				all, ok := g.items(f, t, length, skip, unique)
				if !ok || !g.spend() {
					break
				}
				if !yield(all) {
					return
				}
				if length == 0 {
					break
				}
			}
			if g.fatal != nil {
				return
			}
		}
	}
}

// items returns an array of the given length whose first item is the one
// after skip others.
func (g *generator) items(f flat, t trail, length, skip int, unique bool) ([]any, bool) {
	all := make([]any, 0, length)
	for i := range length {
		item, ok := g.next(f.item(i), t.below(f.refs), func(v any) bool {
			if skip > 0 {
				skip--
				return false
			}
			return !unique || !slices.ContainsFunc(all, func(w any) bool { return equalJSON(v, w) })
		})
		if !ok {
			return nil, false
		}
		skip = 0
		all = append(all, item)
	}
	return all, true
}

// next returns the first proposal that is accepted.
func (g *generator) next(nodes []*schemaNode, t trail, accept func(any) bool) (any, bool) {
	for v := range g.values(nodes, t) {
		if accept(v) {
			return v, true
		}
	}
	return nil, false
}

// item returns the schemas of the item i. The first items are those that
// contains asks for.
func (f flat) item(i int) []*schemaNode {
	var all []*schemaNode
	for _, n := range f.nodes {
		if item := n.item(i); item != nil {
			all = append(all, item)
		}
	}
	taken := 0
	for _, n := range f.nodes {
		if n.contains != nil {
			if i >= taken && i < taken+n.minContains {
				all = append(all, n.contains)
			}
			taken += n.minContains
		}
	}
	return orAny(all, f.path())
}

// orAny returns the schemas, or the one that allows everything if there is
// none.
func orAny(all []*schemaNode, path string) []*schemaNode {
	if len(all) == 0 {
		return []*schemaNode{anything(path)}
	}
	return all
}

func anything(path string) *schemaNode {
	return &schemaNode{path: path, maxLength: -1, maxItems: -1, maxContains: -1, maxProps: -1}
}
