// Package outputschema prepares JSON Schemas for structured output.
//
// Bedrock's native structured output accepts an object schema only if it says
// additionalProperties: false. [Close] adds that where it is missing, so that
// callers need not know.
package outputschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Close returns a copy of a schema in which every object schema has
// "additionalProperties": false. All bytes of raw are kept, in their order; the
// additions are at the end of their object.
//
// A schema is an object schema if its type is, or includes, "object", or if it
// has properties and no type. One that has additionalProperties already, of
// whatever value, keeps it, and that value is not looked into.
//
// Close follows properties, patternProperties, items, prefixItems, allOf,
// anyOf, oneOf, $defs and definitions. It leaves not, if, then, else, contains
// and the like alone, because what they forbid would change. Closing the parts
// of an allOf that share an object out among them makes it impossible to match;
// such a schema has no closed form.
//
// A schema may be true or false, and then stays so. The error names the place
// of a schema that is neither that nor an object, as a JSON pointer.
func Close(raw json.RawMessage) (json.RawMessage, error) {
	// This also bounds the depth of what follows.
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		return nil, fmt.Errorf("schema is not JSON: %w", err)
	}
	c := &closer{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw))}
	c.dec.UseNumber()
	if err := c.schema(""); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	c.out.Write(raw[c.copied:])
	return c.out.Bytes(), nil
}

// A closer reads raw once and copies it, with additions, to out.
type closer struct {
	raw    []byte
	dec    *json.Decoder
	out    bytes.Buffer
	copied int // how much of raw is in out
}

// schema reads one schema. The path is a JSON pointer to it.
func (c *closer) schema(path string) error {
	switch tok, err := c.dec.Token(); {
	case err != nil:
		return err
	case tok == json.Delim('{'):
		return c.keywords(path)
	case tok == true || tok == false:
		return nil
	default:
		return at(path, "want an object, true or false")
	}
}

// keywords reads a schema that is an object, after its first brace.
func (c *closer) keywords(path string) error {
	var typed, object, properties, closed bool
	for c.dec.More() {
		keyword, err := c.name()
		if err != nil {
			return err
		}
		inner := path + "/" + keyword
		switch keyword {
		case "type":
			typed = true
			object, err = c.namesObject()
		case "additionalProperties":
			closed = true
			err = c.skip()
		case "properties":
			properties = true
			err = c.named(inner)
		case "patternProperties", "$defs", "definitions":
			err = c.named(inner)
		case "prefixItems", "allOf", "anyOf", "oneOf":
			err = c.list(inner)
		case "items":
			err = c.items(inner)
		default:
			err = c.skip()
		}
		if err != nil {
			return err
		}
	}
	if _, err := c.dec.Token(); err != nil {
		return err
	}
	if !closed && (object || !typed && properties) {
		c.insert()
	}
	return nil
}

// insert adds the keyword before the brace that was read last. The object is not
// empty: something made it an object schema.
func (c *closer) insert() {
	brace := int(c.dec.InputOffset()) - 1
	last := bytes.TrimRight(c.raw[c.copied:brace], " \t\r\n")
	space := c.raw[c.copied+len(last) : brace]
	c.out.Write(last)
	c.out.WriteString(`,"additionalProperties":false`)
	c.out.Write(space)
	c.copied = brace
}

// name reads the name of a member of an object.
func (c *closer) name() (string, error) {
	tok, err := c.dec.Token()
	if err != nil {
		return "", err
	}
	name, ok := tok.(string)
	if !ok {
		return "", errors.New("a name in an object is not a string")
	}
	return name, nil
}

// skip reads any value.
func (c *closer) skip() error {
	return c.dec.Decode(new(json.RawMessage))
}

// namesObject reads the value of type.
func (c *closer) namesObject() (bool, error) {
	var value any
	if err := c.dec.Decode(&value); err != nil {
		return false, err
	}
	if value == "object" {
		return true, nil
	}
	list, _ := value.([]any)
	for _, name := range list {
		if name == "object" {
			return true, nil
		}
	}
	return false, nil
}

// named reads an object whose values are schemas.
func (c *closer) named(path string) error {
	tok, err := c.dec.Token()
	if err != nil {
		return err
	}
	if tok != json.Delim('{') {
		return at(path, "want an object")
	}
	for c.dec.More() {
		name, err := c.name()
		if err != nil {
			return err
		}
		if err := c.schema(path + "/" + escape(name)); err != nil {
			return err
		}
	}
	_, err = c.dec.Token()
	return err
}

// list reads an array of schemas.
func (c *closer) list(path string) error {
	tok, err := c.dec.Token()
	if err != nil {
		return err
	}
	if tok != json.Delim('[') {
		return at(path, "want an array")
	}
	return c.rest(path)
}

// items reads a schema or, as in older drafts, an array of them.
func (c *closer) items(path string) error {
	switch tok, err := c.dec.Token(); {
	case err != nil:
		return err
	case tok == json.Delim('['):
		return c.rest(path)
	case tok == json.Delim('{'):
		return c.keywords(path)
	case tok == true || tok == false:
		return nil
	default:
		return at(path, "want an object, an array, true or false")
	}
}

// rest reads an array of schemas, after its first bracket.
func (c *closer) rest(path string) error {
	for i := 0; c.dec.More(); i++ {
		if err := c.schema(path + "/" + strconv.Itoa(i)); err != nil {
			return err
		}
	}
	_, err := c.dec.Token()
	return err
}

func at(path, want string) error {
	if path == "" {
		return errors.New(want)
	}
	return fmt.Errorf("%s: %s", path, want)
}

// escape writes a name as part of a JSON pointer.
func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
