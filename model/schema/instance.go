package schema

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
)

// An instance is a JSON value in the form in which it is looked at: every value
// in it has an identity, so that what was found out about it can be remembered.
type instance struct {
	id     int
	scalar any // of a value that is neither object nor array
	object map[string]*instance
	names  []string // of the object's members, sorted
	keys   map[string]*instance
	array  []*instance

	isObject, isArray bool
	dropped           map[string]bool // members that count as left out
	hash              uint64          // zero if not known yet
}

// A counter gives out identities. What it gives out in the end is how many
// values there are.
type counter struct{ n int }

// instances makes the instance of a value from decodeExact.
func (c *counter) instance(value any) *instance {
	i := &instance{id: c.n}
	c.n++
	switch v := value.(type) {
	case map[string]any:
		i.isObject = true
		i.object = make(map[string]*instance, len(v))
		i.names = slices.Sorted(maps.Keys(v))
		for _, name := range i.names {
			i.object[name] = c.instance(v[name])
		}
	case []any:
		i.isArray = true
		i.array = make([]*instance, len(v))
		for k, item := range v {
			i.array[k] = c.instance(item)
		}
	default:
		i.scalar = v
	}
	return i
}

// typeName names the instance's type in JSON Schema.
func (i *instance) typeName() string {
	switch {
	case i.isObject:
		return "object"
	case i.isArray:
		return "array"
	}
	return typeOf(i.scalar)
}

func (i *instance) isNull() bool { return !i.isObject && !i.isArray && i.scalar == nil }

// number returns the instance as a number, and whether it is one.
func (i *instance) number() (any, bool) {
	switch i.scalar.(type) {
	case int64, uint64, float64:
		return i.scalar, true
	}
	return nil, false
}

// rational returns a number of decodeExact.
func rational(n any) *big.Rat {
	r := new(big.Rat)
	switch n := n.(type) {
	case int64:
		r.SetInt64(n)
	case uint64:
		r.SetUint64(n)
	case float64:
		r.SetFloat64(n)
	}
	return r
}

// float returns a number of decodeExact as a float64, which may round it.
func float(n any) float64 {
	switch n := n.(type) {
	case int64:
		return float64(n)
	case uint64:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// compare compares two numbers exactly.
func compare(a, b any) int {
	const exact = 1 << 53
	x, y := float(a), float(b)
	if math.Abs(x) < exact && math.Abs(y) < exact {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return rational(a).Cmp(rational(b))
}

// equal reports whether two instances are equal, numbers by value.
func (e *evaluator) equal(a, b *instance) bool {
	if !e.step() {
		return false
	}
	switch {
	case a.isObject || b.isObject:
		if !a.isObject || !b.isObject || len(a.object) != len(b.object) {
			return false
		}
		for name, v := range a.object {
			w, ok := b.object[name]
			if !ok || !e.equal(v, w) {
				return false
			}
		}
		return true
	case a.isArray || b.isArray:
		if !a.isArray || !b.isArray || len(a.array) != len(b.array) {
			return false
		}
		for k, v := range a.array {
			if !e.equal(v, b.array[k]) {
				return false
			}
		}
		return true
	}
	x, isX := a.number()
	y, isY := b.number()
	if isX && isY {
		return compare(x, y) == 0
	}
	return isX == isY && a.scalar == b.scalar
}

// hashOf returns a hash that is the same for equal instances.
func (e *evaluator) hashOf(i *instance) uint64 {
	if i.hash != 0 || !e.step() {
		return i.hash
	}
	var h maphash.Hash
	h.SetSeed(e.seed)
	write := func(n uint64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], n)
		h.Write(b[:])
	}
	switch {
	case i.isObject:
		h.WriteByte('{')
		for _, name := range i.names {
			h.WriteString(strconv.Quote(name))
			write(e.hashOf(i.object[name]))
		}
	case i.isArray:
		h.WriteByte('[')
		for _, item := range i.array {
			write(e.hashOf(item))
		}
	default:
		switch v := i.scalar.(type) {
		case string:
			h.WriteByte('"')
			h.WriteString(v)
		case bool:
			h.WriteByte('b')
			if v {
				h.WriteByte('t')
			}
		case nil:
			h.WriteByte('n')
		default:
			h.WriteByte('0')
			write(math.Float64bits(float(v) + 0)) // -0 is 0
		}
	}
	i.hash = h.Sum64() | 1
	return i.hash
}
