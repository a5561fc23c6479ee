package recordings

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// This file reads cassettes. Decoding YAML takes several times the memory of
// the text. So a file is decoded one interaction at a time, and base64 blocks,
// which are most of a file with streams, are removed before.

// parse parses a cassette file.
func parse(file string, data []byte) (*Cassette, error) {
	c, _, err := parseBeside(file, data)
	return c, err
}

// parseBeside reads a cassette file and returns the text of it, too, without
// bodies as far as they were taken out.
func parseBeside(file string, data []byte) (c *Cassette, beside [][]byte, err error) {
	if head, items, ok := cutInteractions(data); ok {
		if c, beside, err := parseItems(head, items); err == nil {
			return c, beside, nil
		}
	}
	// The file has a form that neither go-vcr nor this package writes, or it is
	// invalid. Only decoding all of it can tell.
	if c, err = parseWhole(data); err != nil {
		return nil, [][]byte{data}, fmt.Errorf("recordings: %s: %w", file, err)
	}
	return c, [][]byte{data}, nil
}

// A readDocument is the part of a cassette that this package reads.
type readDocument struct {
	Origin       originDoc          `yaml:"origin"`
	Version      int                `yaml:"version"`
	Interactions []*readInteraction `yaml:"interactions"`
}

type readInteraction struct {
	Request struct {
		Body    string      `yaml:"body"`
		Headers http.Header `yaml:"headers"`
		URL     string      `yaml:"url"`
		Method  string      `yaml:"method"`
	} `yaml:"request"`
	Response struct {
		Body    string      `yaml:"body"`
		Headers http.Header `yaml:"headers"`
		Code    int         `yaml:"code"`
	} `yaml:"response"`

	requestBody, responseBody []byte // that were taken out, or nil
}

func parseWhole(data []byte) (*Cassette, error) {
	var doc readDocument
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	return newCassette(&doc)
}

func newCassette(doc *readDocument) (*Cassette, error) {
	if doc.Version != cassette.CassetteFormatVersion {
		return nil, fmt.Errorf("%w: %d", cassette.ErrUnsupportedCassetteFormat, doc.Version)
	}
	c := &Cassette{Origin: Origin(doc.Origin), Exchanges: make([]Exchange, len(doc.Interactions))}
	for i, in := range doc.Interactions {
		if in == nil {
			return nil, fmt.Errorf("interaction %d is empty", i)
		}
		c.Exchanges[i] = in.exchange()
	}
	return c, nil
}

func (in *readInteraction) exchange() Exchange {
	e := Exchange{
		Method:         in.Request.Method,
		URL:            in.Request.URL,
		RequestHeader:  in.Request.Headers,
		RequestBody:    in.requestBody,
		Status:         in.Response.Code,
		ResponseHeader: in.Response.Headers,
		ResponseBody:   in.responseBody,
	}
	if e.RequestBody == nil {
		e.RequestBody = []byte(in.Request.Body)
	}
	if e.ResponseBody == nil {
		e.ResponseBody = []byte(in.Response.Body)
	}
	return e
}

// cutInteractions splits a cassette into its head and its interactions, if it
// has the form that go-vcr and this package write: the interactions are last,
// each begins with a hyphen, all have the same indentation, and their other
// lines have more. A line of a quoted text may look like the beginning of an
// interaction, but then its halves are not valid YAML.
func cutInteractions(data []byte) (head []byte, items [][]byte, ok bool) {
	const key = "\ninteractions:"
	i := bytes.Index(data, []byte(key))
	if i < 0 {
		return nil, nil, false
	}
	head, rest := data[:i+1], data[i+len(key):]
	if rest = bytes.TrimPrefix(rest, []byte("\r")); !bytes.HasPrefix(rest, []byte("\n")) {
		return nil, nil, false
	}
	rest = rest[1:]
	indent := indentOf(rest)
	start := 0
	for at := 0; at < len(rest); {
		line := rest[at:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n+1]
		}
		switch n := indentOf(line); {
		case n == indent && bytes.HasPrefix(line[n:], []byte("- ")):
			if at > start {
				items = append(items, rest[start:at])
			}
			start = at
		case n <= indent && len(bytes.TrimSpace(line)) > 0:
			return nil, nil, false
		}
		at += len(line)
	}
	if start < len(rest) {
		items = append(items, rest[start:])
	}
	return head, items, true
}

// indentOf returns the number of blanks at the beginning of a line.
func indentOf(line []byte) int {
	n := 0
	for n < len(line) && line[n] == ' ' {
		n++
	}
	return n
}

// parseItems decodes a cassette that was split.
func parseItems(head []byte, items [][]byte) (c *Cassette, beside [][]byte, err error) {
	var doc readDocument
	if err := yaml.Unmarshal(head, &doc); err != nil {
		return nil, nil, err
	}
	beside = append(beside, head)
	for _, item := range items {
		rest, bodies := cutBodies(item)
		in, err := parseItem(rest, bodies)
		if err != nil {
			return nil, nil, err
		}
		doc.Interactions = append(doc.Interactions, in)
		beside = append(beside, rest)
	}
	c, err = newCassette(&doc)
	return c, beside, err
}

// parseItem decodes an interaction whose bodies were taken out.
func parseItem(rest []byte, bodies [][]byte) (*readInteraction, error) {
	var list []*readInteraction
	if err := yaml.Unmarshal(rest, &list); err != nil {
		return nil, err
	}
	if len(list) != 1 || list[0] == nil {
		return nil, fmt.Errorf("%d interactions where one was expected", len(list))
	}
	in := list[0]
	for i, body := range bodies {
		switch standIn(i) {
		case in.Request.Body:
			in.requestBody = body
		case in.Response.Body:
			in.responseBody = body
		default:
			return nil, errors.New("a body at another place")
		}
	}
	return in, nil
}

// standIn returns the placeholder for a body that was removed.
func standIn(i int) string { return standInStart + strconv.Itoa(i) }

const standInStart = "taken out, body "

// cutBodies removes the bodies from an interaction that have the form in which
// go-vcr and this package write long ones: a block of base64, or single quotes
// on one line. Placeholders with their numbers take their places.
func cutBodies(item []byte) (rest []byte, bodies [][]byte) {
	indent := strings.Repeat(" ", indentOf(item)+4)
	key := []byte("\n" + indent + "body: ")
	if bytes.Contains(item, []byte(standInStart)) {
		return item, nil
	}
	at := 0
	for {
		i := bytes.Index(item[at:], key)
		if i < 0 {
			return append(rest, item[at:]...), bodies
		}
		value := at + i + len(key)
		rest = append(rest, item[at:value]...)
		at = value
		if body, end, ok := cutBody(item, value, indent+" "); ok {
			rest = append(rest, standIn(len(bodies))...)
			bodies = append(bodies, body)
			at = end
		}
	}
}

// cutBody returns the body whose value starts at item[at:], and the end of its
// last line. The lines of a block begin with the given text.
func cutBody(item []byte, at int, block string) (body []byte, end int, ok bool) {
	n := bytes.IndexByte(item[at:], '\n')
	if n < 0 {
		return nil, 0, false
	}
	line, end := bytes.TrimSuffix(item[at:at+n], []byte("\r")), at+n
	switch {
	case string(line) == "!!binary |" || string(line) == "!!binary |-":
		return cutBase64(item, end, block)
	case len(line) > 1 && line[0] == '\'' && line[len(line)-1] == '\'':
		body, ok = unquote(line[1 : len(line)-1])
		return body, end, ok
	}
	return nil, 0, false
}

// unquote undoes the single quotes of YAML. It fails if a quote ends the text
// early.
func unquote(quoted []byte) ([]byte, bool) {
	plain := make([]byte, 0, len(quoted))
	for {
		i := bytes.IndexByte(quoted, '\'')
		if i < 0 {
			return append(plain, quoted...), true
		}
		if i+1 == len(quoted) || quoted[i+1] != '\'' {
			return nil, false
		}
		plain = append(plain, quoted[:i+1]...)
		quoted = quoted[i+2:]
	}
}

// cutBase64 decodes the lines after the one that ends at item[at].
func cutBase64(item []byte, at int, block string) (body []byte, end int, ok bool) {
	end = at
	for bytes.HasPrefix(item[end+1:], []byte(block)) {
		n := bytes.IndexByte(item[end+1:], '\n')
		if n < 0 {
			return nil, 0, false
		}
		end += n + 1
	}
	body, ok = fromBase64(item[at:end])
	return body, end, ok && end > at
}

// fromBase64 decodes base64 that contains blanks and line breaks. It decodes
// line by line, so that the text is not in memory twice, unless some line does
// not consist of whole groups.
func fromBase64(text []byte) ([]byte, bool) {
	plain := make([]byte, 0, base64.StdEncoding.DecodedLen(len(text)))
	for rest := text; len(rest) > 0; {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		line = bytes.TrimSuffix(bytes.TrimLeft(line, " "), []byte("\r"))
		if len(line)%4 != 0 {
			return fromOddBase64(text)
		}
		n, err := base64.StdEncoding.Decode(plain[len(plain):cap(plain)], line)
		if err != nil || n%3 != 0 && len(bytes.TrimLeft(rest, " \r\n")) > 0 { // padding, and not at the end
			return fromOddBase64(text)
		}
		plain = plain[:len(plain)+n]
	}
	return plain, true
}

// fromOddBase64 is fromBase64 for lines of any length.
func fromOddBase64(text []byte) ([]byte, bool) {
	plain, err := base64.StdEncoding.AppendDecode(nil, bytes.ReplaceAll(text, []byte(" "), nil))
	return plain, err == nil
}
