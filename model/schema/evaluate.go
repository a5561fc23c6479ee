package schema

import (
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"
)

// stepsPerPair bounds the work of a validation: so many steps for every schema
// in the schema and every value in the value. What is found out about a pair of
// these is remembered, so that it takes a few. Without that, alternatives that
// go down the same way double the work with every level of the value.
const stepsPerPair = 64

// An evaluator decides whether values match schemas. It is used for one value.
type evaluator struct {
	v       *Validator
	seed    maphash.Seed
	counter *counter
	memory  map[pair]*outcome
	left    int // steps

	// lenient takes null for left out where a property is optional and may
	// not be null.
	lenient bool
}

// A pair is a schema and the id of a value that is held against it.
type pair struct {
	schema *jsonschema.Schema
	id     int
}

// An outcome is what is known about a pair.
type outcome struct {
	ok   bool
	seen *evaluated // nil if nothing, or if nobody asks
}

// An evaluated is what a schema has looked at in a value, for the
// unevaluated keywords.
type evaluated struct {
	allProperties bool
	properties    map[string]bool
	items         map[int]bool
	end           int // the items before it
}

// evaluator returns an evaluator for a value whose instances c has counted. The
// steps that it may take are in proportion to the value and to the schema.
func (v *Validator) evaluator(c *counter) *evaluator {
	pairs := float64(v.nodes) * float64(c.n)
	return &evaluator{
		v:       v,
		seed:    maphash.MakeSeed(),
		counter: c,
		memory:  map[pair]*outcome{},
		left:    int(min(stepsPerPair*pairs, math.MaxInt/2)),
	}
}

// step takes a step, and reports false if there are none left.
func (e *evaluator) step() bool {
	e.left--
	return e.left >= 0
}

// exhausted reports whether the steps were not enough.
func (e *evaluator) exhausted() bool { return e.left < 0 }

// valid reports whether i matches s.
func (e *evaluator) valid(s *jsonschema.Schema, i *instance) bool { return e.outcome(s, i).ok }

var failed = &outcome{}

// outcome evaluates a pair, or remembers what came of it. If there are no steps
// left, nothing matches.
func (e *evaluator) outcome(s *jsonschema.Schema, i *instance) *outcome {
	if !e.step() {
		return failed
	}
	key := pair{s, i.id}
	if o := e.memory[key]; o != nil {
		return o
	}
	o := &outcome{}
	if e.v.evaluates {
		o.seen = &evaluated{}
	}
	o.ok = e.assertions(s, i) && e.combined(s, i, o.seen) && e.inside(s, i, o.seen)
	if !o.ok {
		o = failed
	}
	e.memory[key] = o
	return o
}

// assertions evaluates the keywords that hold no other schema.
func (e *evaluator) assertions(s *jsonschema.Schema, i *instance) bool {
	for _, a := range e.v.assertions[s] {
		if !e.step() || !a.holds(e, i) {
			return false
		}
	}
	return true
}

// combined evaluates the keywords that apply other schemas to the same value.
func (e *evaluator) combined(s *jsonschema.Schema, i *instance, seen *evaluated) bool {
	apply := func(c *jsonschema.Schema) bool {
		o := e.outcome(c, i)
		if o.ok {
			e.merge(seen, o.seen)
		}
		return o.ok
	}
	if target := e.v.targets[s]; target != nil && !apply(target) {
		return false
	}
	for _, c := range s.AllOf {
		if !apply(c) {
			return false
		}
	}
	if s.AnyOf != nil {
		n := 0
		for _, c := range s.AnyOf {
			if apply(c) {
				if n++; seen == nil {
					break
				}
			}
		}
		if n == 0 {
			return false
		}
	}
	if s.OneOf != nil {
		n := 0
		for _, c := range s.OneOf {
			if apply(c) {
				if n++; n > 1 {
					return false
				}
			}
		}
		if n == 0 {
			return false
		}
	}
	if s.Not != nil && (e.valid(s.Not, i) || e.exhausted()) {
		return false
	}
	if s.If != nil {
		branch := s.Else
		if apply(s.If) {
			branch = s.Then
		}
		if branch != nil && !apply(branch) {
			return false
		}
	}
	return true
}

// inside evaluates the keywords about what is in a value.
func (e *evaluator) inside(s *jsonschema.Schema, i *instance, seen *evaluated) bool {
	switch {
	case i.isObject:
		return e.object(s, i, seen)
	case i.isArray:
		return e.array(s, i, seen)
	}
	return true
}

// object evaluates the keywords about the members of an object.
func (e *evaluator) object(s *jsonschema.Schema, i *instance, seen *evaluated) bool {
	for _, name := range i.names {
		if !e.step() {
			return false
		}
		member := i.object[name]
		if e.omitted(s, name, member) {
			seen.property(name)
			continue
		}
		if s.PropertyNames != nil && !e.valid(s.PropertyNames, e.key(i, name)) {
			return false
		}
		if !e.property(s, name, member, seen) {
			return false
		}
		for _, required := range s.DependentRequired[name] {
			if _, ok := i.object[required]; !ok || !e.step() {
				return false
			}
		}
		if dependent := s.DependentSchemas[name]; dependent != nil {
			o := e.outcome(dependent, i)
			if !o.ok {
				return false
			}
			e.merge(seen, o.seen)
		}
	}
	for _, name := range s.Required {
		if _, ok := i.object[name]; !ok || !e.step() {
			return false
		}
	}
	if s.UnevaluatedProperties != nil {
		for _, name := range i.names {
			if !seen.hasProperty(name) && !e.valid(s.UnevaluatedProperties, i.object[name]) {
				return false
			}
		}
		seen.allProperties = true
	}
	return true
}

// property evaluates a member by the schemas for its name.
func (e *evaluator) property(s *jsonschema.Schema, name string, member *instance, seen *evaluated) bool {
	applied := false
	if c := s.Properties[name]; c != nil {
		applied = true
		if !e.valid(c, member) {
			return false
		}
	}
	for pattern, c := range s.PatternProperties {
		if !e.step() {
			return false
		}
		if e.v.patterns[pattern].MatchString(name) {
			applied = true
			if !e.valid(c, member) {
				return false
			}
		}
	}
	if !applied && s.AdditionalProperties != nil {
		applied = true
		if !e.valid(s.AdditionalProperties, member) {
			return false
		}
	}
	if applied {
		seen.property(name)
	}
	return true
}

// omitted reports whether a member that is null counts as left out.
func (e *evaluator) omitted(s *jsonschema.Schema, name string, member *instance) bool {
	if !e.lenient || !member.isNull() {
		return false
	}
	c := s.Properties[name]
	if c == nil {
		return false
	}
	for _, required := range s.Required {
		if !e.step() || required == name {
			return false
		}
	}
	return !e.valid(c, member)
}

// key returns the instance of a member's name.
func (e *evaluator) key(i *instance, name string) *instance {
	if i.keys == nil {
		i.keys = map[string]*instance{}
	}
	if i.keys[name] == nil {
		i.keys[name] = e.counter.instance(name)
	}
	return i.keys[name]
}

// array evaluates the keywords about the items of an array.
func (e *evaluator) array(s *jsonschema.Schema, i *instance, seen *evaluated) bool {
	matching := 0
	for k, item := range i.array {
		if !e.step() {
			return false
		}
		switch {
		case k < len(s.PrefixItems):
			if !e.valid(s.PrefixItems[k], item) {
				return false
			}
		case s.Items != nil:
			if !e.valid(s.Items, item) {
				return false
			}
		}
		if s.Contains != nil && e.valid(s.Contains, item) {
			matching++
			seen.item(k)
		}
	}
	seen.upTo(min(len(s.PrefixItems), len(i.array)))
	if s.Items != nil {
		seen.upTo(len(i.array))
	}
	if s.Contains != nil && (matching < leastContained(s) || s.MaxContains != nil && matching > *s.MaxContains) {
		return false
	}
	if s.UnevaluatedItems != nil {
		for k, item := range i.array {
			if !seen.hasItem(k) && !e.valid(s.UnevaluatedItems, item) {
				return false
			}
		}
		seen.upTo(len(i.array))
	}
	return true
}

// leastContained returns minContains, or 1 if it is not set: contains alone
// wants an item.
func leastContained(s *jsonschema.Schema) int {
	if s.MinContains != nil {
		return *s.MinContains
	}
	return 1
}

// unique reports whether items all differ.
func (e *evaluator) unique(items []*instance) bool {
	byHash := make(map[uint64][]*instance, len(items))
	for _, item := range items {
		h := e.hashOf(item)
		if !e.step() || slices.ContainsFunc(byHash[h], func(other *instance) bool { return e.equal(other, item) }) {
			return false
		}
		byHash[h] = append(byHash[h], item)
	}
	return true
}

// merge adds what another schema has looked at in the same value.
func (e *evaluator) merge(into, from *evaluated) {
	if into == nil || from == nil {
		return
	}
	into.allProperties = into.allProperties || from.allProperties
	into.end = max(into.end, from.end)
	if len(from.properties) > 0 && into.properties == nil {
		into.properties = map[string]bool{}
	}
	if len(from.items) > 0 && into.items == nil {
		into.items = map[int]bool{}
	}
	e.left -= len(from.properties) + len(from.items)
	maps.Copy(into.properties, from.properties)
	maps.Copy(into.items, from.items)
}

// property notes that a member was looked at. A nil v, for which nobody asks,
// notes nothing.
func (v *evaluated) property(name string) {
	if v == nil {
		return
	}
	if v.properties == nil {
		v.properties = map[string]bool{}
	}
	v.properties[name] = true
}

func (v *evaluated) hasProperty(name string) bool { return v.allProperties || v.properties[name] }

// item notes that an item was looked at, as property does a member.
func (v *evaluated) item(k int) {
	if v == nil {
		return
	}
	if v.items == nil {
		v.items = map[int]bool{}
	}
	v.items[k] = true
}

// upTo notes that all items before end were looked at.
func (v *evaluated) upTo(end int) {
	if v != nil {
		v.end = max(v.end, end)
	}
}

func (v *evaluated) hasItem(k int) bool { return k < v.end || v.items[k] }

// characters returns the length of a string, and whether i is one.
func characters(i *instance) (int, bool) {
	s, ok := i.scalar.(string)
	return utf8.RuneCountInString(s), ok
}
