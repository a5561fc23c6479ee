package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// The methods of this file are the kinds of members. Each writes the member, or
// sets v from it if it is there; if not, v stays as it is.

// text is a string that is written even when it is empty, because the protocol
// requires it.
func (c *codec) text(name string, v *string) {
	if c.writing {
		c.key(name)
		c.buf = rawjson.AppendString(c.buf, *v)
	} else if value := c.wanted(name, '"', "a string"); value != nil {
		*v = rawjson.Unquote(value[1 : len(value)-1])
	}
}

// word is a string that is left out when it is empty: a name of an enumeration,
// for which the empty string is not one.
func (c *codec) word(name string, v *string) {
	if !c.writing || *v != "" {
		c.text(name, v)
	}
}

// optional is a string that may be absent or empty, which differ.
func (c *codec) optional(name string, v **string) {
	if c.writing {
		if *v != nil {
			c.text(name, *v)
		}
	} else if value := c.wanted(name, '"', "a string"); value != nil {
		*v = new(rawjson.Unquote(value[1 : len(value)-1]))
	}
}

// flag is a boolean that may be absent.
func (c *codec) flag(name string, v **bool) {
	if c.writing {
		if *v != nil {
			c.key(name)
			c.buf = strconv.AppendBool(c.buf, **v)
		}
		return
	}
	value := c.present(name)
	if value == nil {
		return
	}
	if value[0] != 't' && value[0] != 'f' {
		c.failAt(name, "want a boolean, got %s", rawjson.Kind(value))
		return
	}
	*v = new(value[0] == 't')
}

// whole is an integer that may be absent, where zero is a value.
func (c *codec) whole(name string, v **int) {
	if c.writing {
		if *v != nil {
			c.count(name, *v)
		}
	} else if n, ok := c.readInt(name); ok {
		*v = &n
	}
}

// count is an integer that is always written.
func (c *codec) count(name string, v *int) {
	if c.writing {
		c.key(name)
		c.buf = strconv.AppendInt(c.buf, int64(*v), 10)
	} else if n, ok := c.readInt(name); ok {
		*v = n
	}
}

// readInt returns an integer. It takes one that is written as a double, such as
// 5.0: when a guardrail intervenes, the service writes all its counters so.
func (c *codec) readInt(name string) (int, bool) {
	value := c.present(name)
	if value == nil {
		return 0, false
	}
	n, ok := rawjson.Int(value)
	if !ok {
		c.failAt(name, "want an integer, got %s", outside(value))
	}
	return n, ok
}

// tolerated reads an object that is about an answer, such as its counters. One that
// cannot be read is no reason to lose an answer that has been paid for. It
// reports whether the object could be read. After an earlier error it does
// nothing.
func tolerated[T any](c *codec, name string, v **T, fields func(*T, *codec)) bool {
	if c.err != nil {
		return true
	}
	object(c, name, v, fields)
	ok := c.err == nil
	c.err = nil
	return ok
}

// about is an object that is about an answer; nil is absent, or cannot be read.
func about[T any](c *codec, name string, v **T, fields func(*T, *codec)) {
	switch {
	case !has(c, name):
	case c.writing:
		object(c, name, v, fields)
	case !tolerated(c, name, v, fields):
		*v = nil
	}
}

// outside names a value that is not a number of the wanted kind.
func outside(value []byte) string {
	if k := rawjson.Kind(value); k != "a number" {
		return k
	}
	return "a number outside its range"
}

// blob is bytes in base64; nil is absent.
func (c *codec) blob(name string, v *[]byte) {
	if c.writing {
		if *v != nil {
			c.key(name)
			c.buf = append(c.buf, '"')
			c.buf = base64.StdEncoding.AppendEncode(c.buf, *v)
			c.buf = append(c.buf, '"')
		}
		return
	}
	value := c.wanted(name, '"', "a string")
	if value == nil {
		return
	}
	b, err := base64.StdEncoding.DecodeString(rawjson.Unquote(value[1 : len(value)-1]))
	if err != nil {
		c.failAt(name, "invalid base64")
		return
	}
	*v = b
}

// document is JSON that goes through byte for byte, also when it is null. Decoding
// it would lose the digits of large numbers, the order of members and the
// difference between 1 and 1.0, and with them the cached prefix of a prompt.
func (c *codec) document(name string, v *json.RawMessage) {
	if c.writing {
		if len(*v) > 0 {
			c.key(name)
			c.buf = append(c.buf, *v...)
		}
	} else if value := c.find(name); value != nil {
		*v = bytes.Clone(value)
	}
}

// words is a list of strings; nil is absent, empty is not.
func (c *codec) words(name string, v *[]string) {
	if c.writing {
		if *v == nil {
			return
		}
		c.key(name)
		c.buf = append(c.buf, '[')
		for i, s := range *v {
			if i > 0 {
				c.buf = append(c.buf, ',')
			}
			c.buf = rawjson.AppendString(c.buf, s)
		}
		c.buf = append(c.buf, ']')
		return
	}
	c.elements(name, func(value, _ []byte) {
		if value[0] != '"' {
			c.fail("want a string, got %s", rawjson.Kind(value))
			return
		}
		*v = append(*v, rawjson.Unquote(value[1:len(value)-1]))
	}, func() { *v = []string{} })
}

// elements calls start if the array name is there, and then each with every
// element of it and what stands behind that, the path leading there.
func (c *codec) elements(name string, each func(value, rest []byte), start func()) {
	array := c.wanted(name, '[', "an array")
	if array == nil {
		return
	}
	start()
	defer c.pop(c.push(name))
	n := 0
	for value, i, ok := rawjson.NextElement(array, 1); ok && c.err == nil; value, i, ok = rawjson.NextElement(array, i) {
		outer := c.push(strconv.Itoa(n))
		each(value, array[i:])
		c.pop(outer)
		n++
	}
}

// count returns the number of elements that the rest of an array has, or most if
// it has more.
func count(rest []byte, most int) (n int) {
	for _, i, ok := rawjson.NextElement(rest, 0); ok && n < most; _, i, ok = rawjson.NextElement(rest, i) {
		n++
	}
	return n
}
