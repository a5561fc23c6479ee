package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// mostDepth limits how deep values may be nested.
const mostDepth = 100

// A Node is a value of a document.
type Node struct {
	Field string // its place, such as "answers[0].when.text"; empty for the root

	data    []byte // the whole document
	at, end int
	members []member
	items   []*Node
}

type member struct {
	name  string
	at    int // of the name
	value *Node
}

// A Problem is an error in a document, with its place.
type Problem struct {
	Field        string // as in Node
	Line, Column int    // from 1; the column counts bytes
	Text         string // the error, and how to fix it
}

// Error returns the place and the text in one line.
func (p *Problem) Error() string {
	where := fmt.Sprintf("line %d, column %d: ", p.Line, p.Column)
	if p.Field != "" {
		where += p.Field + ": "
	}
	return where + p.Text
}

// Parse reads a document. Errors are of type [*Problem].
func Parse(data []byte) (*Node, error) {
	if err := valid(data); err != nil {
		return nil, err
	}
	p := &parser{data: data, tokens: json.NewDecoder(bytes.NewReader(data))}
	p.tokens.UseNumber()
	return p.value("", 0)
}

// valid returns a problem with the place where a text stops being JSON, or nil.
func valid(data []byte) error {
	var whole json.RawMessage
	err := json.Unmarshal(data, &whole)
	e, ok := errors.AsType[*json.SyntaxError](err)
	switch {
	case err == nil:
		return nil
	case !ok, strings.Contains(err.Error(), "unexpected end"):
		return problem(data, len(data), "", "it is not JSON: it ends too early")
	}
	return problem(data, max(int(e.Offset)-1, 0), "", "it is not JSON: "+err.Error()) // the offset counts the bytes read
}

type parser struct {
	data   []byte
	tokens *json.Decoder
}

// skip returns where the next token begins.
func (p *parser) skip() int {
	i := int(p.tokens.InputOffset())
	for i < len(p.data) && bytes.IndexByte([]byte(" \t\r\n,:"), p.data[i]) >= 0 {
		i++
	}
	return i
}

func (p *parser) token(field string) (json.Token, int, error) {
	at := p.skip()
	t, err := p.tokens.Token()
	if err == nil {
		return t, at, nil
	}
	return nil, at, problem(p.data, at, field, "it is not JSON: "+err.Error()) // valid finds this before
}

func (p *parser) value(field string, depth int) (*Node, error) {
	t, at, err := p.token(field)
	if err != nil {
		return nil, err
	}
	n := &Node{Field: field, data: p.data, at: at}
	switch d, _ := t.(json.Delim); {
	case d != 0 && depth == mostDepth:
		return nil, problem(p.data, at, field, fmt.Sprintf("values are nested more than %d deep", mostDepth))
	case d == '{':
		err = p.object(n, depth)
	case d == '[':
		err = p.list(n, depth)
	}
	n.end = int(p.tokens.InputOffset())
	return n, err
}

func (p *parser) object(n *Node, depth int) error {
	names := map[string]bool{}
	for {
		t, at, err := p.token(n.Field)
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok { // the end: the decoder accepts nothing else here
			return nil
		}
		field := name
		if n.Field != "" {
			field = n.Field + "." + name
		}
		if names[name] {
			return problem(p.data, at, field, "the object has this name twice")
		}
		names[name] = true
		v, err := p.value(field, depth+1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name, at, v})
	}
}

func (p *parser) list(n *Node, depth int) error {
	for p.tokens.More() {
		v, err := p.value(fmt.Sprintf("%s[%d]", n.Field, len(n.items)), depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	_, _, err := p.token(n.Field)
	return err
}

// problem returns a problem at a place in a document.
func problem(data []byte, at int, field, text string) *Problem {
	before := data[:min(at, len(data))]
	return &Problem{Field: field, Line: bytes.Count(before, []byte{'\n'}) + 1, Column: len(before) - bytes.LastIndexByte(before, '\n'), Text: text}
}
