package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A codec takes one value to JSON or from it. Each type of the wire lists its
// members once, in a method called fields, in alphabetical order; the codec
// either writes them or looks them up. So the two directions cannot drift apart,
// and a test that walks the model of the service finds a member that is missing.
// Struct tags and reflection would list them once, too, but they cannot keep
// unknown members of unions or bytes of documents without a decoding of their
// own.
//
// While reading, the first error stays and turns what follows into no-ops, so
// that a list of members needs no error handling between them. A codec is used
// for one value, by one goroutine.
type codec struct {
	writing bool
	buf     []byte // what has been written
	comma   bool   // whether the object being written has a member

	strict bool
	stack  []member // members of the objects being read, innermost last: one allocation for all of them
	base   int      // where those of the innermost object start
	known  int      // how many of them have been asked for and were there
	path   []byte   // of the innermost object
	err    error

	padding string // member p of an event, see AppendEvent
}

// A member of an object that is being read. Its bytes are those of the input: a
// field that keeps some copies them, so that a value never holds on to a body.
type member struct {
	name  []byte // without quotes and escapes
	value []byte
	seen  bool // a field has asked for it
}

// A FieldError says where a JSON value does not have the form of the wire.
type FieldError struct {
	// Path leads to the member, for example "messages.0.content.1.text". It is
	// empty for the whole value.
	Path string
	// Problem says what is wrong, without any contents.
	Problem string
}

func (e *FieldError) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

// A Space is the memory that parsing takes. A caller that parses often keeps one
// and uses it again. What is parsed shares no memory with it. The zero value is
// ready to use. A Space is not safe for concurrent use.
type Space struct {
	codec codec
	stack [8]member // all that a usual value takes
	path  [64]byte
}

// decode reads the object data into v.
func decode[T any](data []byte, strict bool, v *T, fields func(*T, *codec)) error {
	return decodeIn(new(Space), data, strict, v, fields)
}

// decodeIn is decode in a given space, which it leaves empty. The whole of data
// is found valid first, so that everything below may look for the ends of values
// and check nothing.
func decodeIn[T any](s *Space, data []byte, strict bool, v *T, fields func(*T, *codec)) error {
	if !rawjson.Valid(data) {
		// Only encoding/json knows what is wrong and where; it quotes no more than
		// a character.
		return &FieldError{Problem: "invalid JSON: " + json.Unmarshal(data, &struct{}{}).Error()}
	}
	c := &s.codec
	c.strict, c.stack, c.path = strict, s.stack[:0], s.path[:0]
	readObject(c, data[rawjson.SkipSpace(data, 0):], v, fields)
	err := c.err
	*s = Space{}
	return err
}

// encode appends the object v to dst.
func encode[T any](dst []byte, v *T, fields func(*T, *codec)) []byte {
	c := codec{writing: true, buf: dst}
	writeObject(&c, v, fields)
	return c.buf
}

// writeObject writes v, whether or not it has any member.
func writeObject[T any](c *codec, v *T, fields func(*T, *codec)) {
	c.buf = append(c.buf, '{')
	c.comma = false
	fields(v, c)
	c.buf = append(c.buf, '}')
	c.comma = true
}

// readObject reads an object: it lists the members, and the fields of v then ask
// for theirs. A name that is written with escapes is the same name.
func readObject[T any](c *codec, value []byte, v *T, fields func(*T, *codec)) {
	if value[0] != '{' {
		c.fail("want an object, got %s", rawjson.Kind(value))
		return
	}
	base, known := c.base, c.known
	c.base, c.known = len(c.stack), 0
	rawjson.EachMember(value, func(name, value []byte) {
		if !plain(name) {
			name = []byte(rawjson.Unquote(name))
		}
		c.stack = append(c.stack, member{name: name, value: value})
	})
	fields(v, c)
	c.refuseUnknown()
	c.stack = c.stack[:c.base]
	c.base, c.known = base, known
}

// plain reports whether a name stands for itself: it is ASCII without escapes.
func plain(name []byte) bool {
	for _, c := range name {
		if c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// refuseUnknown fails for the first member that no field asked for. The service
// does so for requests; answers may always have more than is known here.
func (c *codec) refuseUnknown() {
	if !c.strict || c.err != nil {
		return
	}
	for _, m := range c.stack[c.base:] {
		if !m.seen {
			c.failAt(string(m.name), "unknown member")
			return
		}
	}
}

// find returns the value of a member of the object being read, or nil. Of a
// repeated member the last counts, as in encoding/json. Objects have few members,
// so a search from the front costs less than a map.
func (c *codec) find(name string) []byte {
	if c.err != nil {
		return nil
	}
	var value []byte
	for i := c.base; i < len(c.stack); i++ {
		if m := &c.stack[i]; string(m.name) == name {
			m.seen = true
			value = m.value
		}
	}
	if value != nil {
		c.known++
	}
	return value
}

// alone reports whether the object being read has one member, of that name, that
// is a string.
func alone(c *codec, name string) bool {
	if len(c.stack) != c.base+1 { // none is read while writing
		return false
	}
	m := &c.stack[c.base]
	return string(m.name) == name && m.value[0] == '"'
}

// has reports whether the object being read has a member, or the one being
// written may.
func has(c *codec, name string) bool {
	return c.writing || slices.ContainsFunc(c.stack[c.base:], func(m member) bool { return string(m.name) == name })
}

// present is find, with null for absent as the protocol has it. So a null does
// not count as the member of a union that is set.
func (c *codec) present(name string) []byte {
	value := c.find(name)
	if value != nil && value[0] == 'n' {
		c.known--
		return nil
	}
	return value
}

// wanted is present for a value whose first byte must be first.
func (c *codec) wanted(name string, first byte, what string) []byte {
	value := c.present(name)
	if value != nil && value[0] != first {
		c.failAt(name, "want %s, got %s", what, rawjson.Kind(value))
		return nil
	}
	return value
}

// push makes name the end of the path and returns what pop needs.
func (c *codec) push(name string) int {
	n := len(c.path)
	if n > 0 {
		c.path = append(c.path, '.')
	}
	c.path = append(c.path, name...)
	return n
}

// pop takes back what push has added.
func (c *codec) pop(n int) { c.path = c.path[:n] }

// fail notes a problem with the object at the path. The first one stays. Its
// text must hold no contents: those of a body are the caller's.
func (c *codec) fail(format string, args ...any) {
	if c.err == nil {
		c.err = &FieldError{Path: string(c.path), Problem: fmt.Sprintf(format, args...)}
	}
}

// failAt is fail for a member of the object at the path.
func (c *codec) failAt(name, format string, args ...any) {
	defer c.pop(c.push(name))
	c.fail(format, args...)
}

// key writes the name of a member.
func (c *codec) key(name string) {
	if c.comma {
		c.buf = append(c.buf, ',')
	}
	c.comma = true
	c.buf = append(rawjson.AppendString(c.buf, name), ':')
}

// object is a member with members of its own; nil is absent.
func object[T any](c *codec, name string, v **T, fields func(*T, *codec)) {
	if c.writing {
		if *v != nil {
			c.key(name)
			writeObject(c, *v, fields)
		}
		return
	}
	value := c.present(name)
	if value == nil {
		return
	}
	defer c.pop(c.push(name))
	*v = new(T)
	readObject(c, value, *v, fields)
}

// inside is a member with members of its own that are fields of v. If it is
// absent, so are they.
func inside[T any](c *codec, name string, v *T, fields func(*T, *codec)) {
	if c.writing {
		c.key(name)
		writeObject(c, v, fields)
		return
	}
	value := c.present(name)
	if value == nil {
		return
	}
	defer c.pop(c.push(name))
	readObject(c, value, v, fields)
}

// list is a list of objects; nil is absent, empty is not.
func list[T any](c *codec, name string, v *[]T, fields func(*T, *codec)) {
	if c.writing {
		if *v == nil {
			return
		}
		c.key(name)
		c.buf = append(c.buf, '[')
		for i := range *v {
			if i > 0 {
				c.buf = append(c.buf, ',')
			}
			writeObject(c, &(*v)[i], fields)
		}
		c.buf = append(c.buf, ']')
		return
	}
	c.elements(name, func(value, rest []byte) {
		if len(*v) == 1 { // most lists have one element, and the others many
			*v = slices.Grow(*v, 1+count(rest, 1<<10))
		}
		*v = append(*v, *new(T))
		readObject(c, value, &(*v)[len(*v)-1], fields)
	}, func() { *v = []T{} })
}

// An Unknown is the one member of a union that this version does not know, kept
// as it came and written back byte for byte.
type Unknown struct {
	Name  string
	Value json.RawMessage
}

// union ends the fields of a type of which exactly one member may be set. It must
// come last: it takes what no field before it has asked for.
func (c *codec) union(u **Unknown) {
	switch {
	case c.writing:
		if *u != nil {
			c.key((*u).Name)
			c.buf = append(c.buf, (*u).Value...)
		}
	case c.known > 1:
		c.fail("want one member, got %d", c.known)
	case c.known == 1:
	case c.strict:
		// An unknown member is found by refuseUnknown, which names it.
		if !slices.ContainsFunc(c.stack[c.base:], func(m member) bool { return !m.seen }) {
			c.fail("want one member, got none")
		}
	default:
		c.keepUnknown(u)
	}
}

// keepUnknown keeps the first member that nobody asked for. The SDK's decoder
// gives nil here, so that a block of a new kind would be lost from the history.
// The protocol allows a member __type in any union, which says nothing.
func (c *codec) keepUnknown(u **Unknown) {
	for i := c.base; i < len(c.stack); i++ {
		m := &c.stack[i]
		if !m.seen && m.value[0] != 'n' && string(m.name) != "__type" {
			*u = &Unknown{Name: string(m.name), Value: bytes.Clone(m.value)}
			return
		}
	}
}
