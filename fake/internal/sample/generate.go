package sample

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// A generator finds a small value that satisfies a schema. It proposes
// values, likely and small ones first, and checks each against the whole
// schema; so a proposal may be naive.
type generator struct {
	reader   *schemaReader
	seed     uint64
	revisits int // how often a $ref may be followed within itself
	steps    int // left until it gives up
	blame    *place
	fatal    error // ends the search
}

// maxSteps bounds the search for one document, maxRevisits how often a schema
// that contains itself is entered again, maxRejected how many wrong proposals
// are made before another way is tried.
const (
	maxSteps    = 200_000
	maxRevisits = 3
	maxRejected = 100
)

// Document returns a small JSON document that satisfies the schema and, if
// kind is not empty, is of that type. The seed chooses among what enum, anyOf,
// oneOf, examples and a list of types offer. The error names the
// place in the schema that could not be satisfied.
func Document(schema []byte, kind string, seed uint64) (json.RawMessage, error) {
	reader, err := newSchemaReader(schema)
	if err != nil {
		return nil, err
	}
	root := reader.read(reader.doc, "#")
	if reader.err != nil {
		return nil, reader.err
	}
	reader.nodes["#"] = root
	all := []*schemaNode{root}
	if kind != "" {
		all = append(all, reader.read(map[string]any{"type": kind}, "#"))
	}
	g := &generator{reader: reader, seed: seed, steps: maxSteps}
	for g.revisits = 0; g.revisits <= maxRevisits && g.fatal == nil; g.revisits++ {
		if v, ok := g.next(all, trail{refs: []string{"#"}}, func(any) bool { return true }); ok {
			return json.Marshal(v)
		}
	}
	return nil, g.reason()
}

func (g *generator) reason() error {
	switch {
	case g.fatal != nil:
		return g.fatal
	case g.blame != nil:
		return g.blame
	}
	return &place{"#", "no value that satisfies the schema was found"}
}

// spend counts a step and reports whether the search may go on.
func (g *generator) spend() bool {
	if g.steps--; g.steps < 0 {
		text := "no value that satisfies the schema was found in many attempts"
		if g.blame != nil {
			text += "; " + g.blame.Error()
		}
		g.abort(&place{"#", text})
	}
	return g.fatal == nil
}

func (g *generator) abort(err error) {
	if g.fatal == nil {
		g.fatal = err
	}
}

// fault remembers why no value was found: the deepest place says most.
func (g *generator) fault(err error) {
	p, ok := err.(*place)
	if ok && (g.blame == nil || strings.Count(p.path, "/") > strings.Count(g.blame.path, "/")) {
		g.blame = p
	}
}

// A trail is the path of a value below the root.
type trail struct {
	refs  []string // followed so far
	depth int
}

func (t trail) below(refs []string) trail { return trail{refs, t.depth + 1} }

// values proposes values that satisfy all the given schemas.
func (g *generator) values(all []*schemaNode, t trail) iter.Seq[any] {
	return func(yield func(any) bool) {
		if t.depth > maxNesting {
			g.abort(&place{all[0].path, "the schema nests too deep"})
			return
		}
		g.expand(all, flat{refs: t.refs}, func(f flat) bool {
			rejected := 0
			for v := range g.proposals(f, t) {
				err := g.checkAll(all, v)
				switch {
				case g.fatal != nil:
					return false
				case err != nil:
					g.fault(err)
					if rejected++; rejected == maxRejected {
						return true
					}
				case !yield(v):
					return false
				}
			}
			return g.fatal == nil
		})
	}
}

func (g *generator) checkAll(all []*schemaNode, v any) error {
	for _, n := range all {
		if err := g.check(n, v); err != nil {
			return err
		}
	}
	return nil
}

// proposals proposes values for one way of satisfying a schema.
func (g *generator) proposals(f flat, t trail) iter.Seq[any] {
	return func(yield func(any) bool) {
		propose := func(v any) bool { return g.spend() && yield(v) }
		if enum, ok := f.enum(); ok { // nothing else can be right
			for _, v := range rotated(enum, g.seed) {
				if !propose(v) {
					return
				}
			}
			return
		}
		for _, n := range f.nodes {
			for _, v := range rotated(n.hints, g.seed) {
				if g.checkAll(f.nodes, v) == nil && !propose(v) {
					return
				}
			}
		}
		kinds := f.kinds(g.seed)
		if len(kinds) == 0 {
			g.fault(&place{f.path(), "no type satisfies all that is asked for"})
		}
		for _, kind := range kinds {
			for v := range g.ofKind(kind, f, t) {
				if !propose(v) {
					return
				}
			}
		}
	}
}

// enum returns the values of the first enum or const, if there is one.
func (f flat) enum() ([]any, bool) {
	for _, n := range f.nodes {
		if len(n.enums) > 0 {
			return n.enums[0], true
		}
	}
	return nil, false
}

func (g *generator) ofKind(kind string, f flat, t trail) iter.Seq[any] {
	switch kind {
	case "string":
		return g.strings(f)
	case "integer", "number":
		return numbers(f, kind == "integer")
	case "array":
		return g.arrays(f, t)
	case "object":
		return g.objects(f, t)
	case "boolean":
		return slices.Values([]any{true, false})
	}
	return slices.Values([]any{nil})
}

// rotated returns the options beginning with the one the seed chooses.
func rotated[T any](options []T, seed uint64) []T {
	if len(options) == 0 {
		return nil
	}
	i := int(seed % uint64(len(options)))
	return slices.Concat(options[i:], options[:i])
}

// tooLarge is the error for schemas that ask for more than a test would want.
func tooLarge(path, what string, limit int) error {
	return &place{path, fmt.Sprintf("%s must be %d or less here", what, limit)}
}
