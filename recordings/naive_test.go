package recordings

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A naive search is the scan of a body as plain as can be: it has no index, skips
// nothing, remembers nothing, and takes texts apart with regular expressions and
// the standard library. It is slow, and what it finds is right. What a match of a
// pattern is, once its hint is found, is told by the patterns to both.
type naive struct {
	values  []string
	found   map[Finding]bool
	refused bool
	work    int // bytes that were looked at

	strands []*strand
	block   string
}

// A Finding is a secret and the rule that found it.
type Finding struct{ Rule, Secret string }

// maxNaive is how many bytes a naive search looks at before it gives up.
const maxNaive = 1 << 20

func naiveScan(body []byte, values []string) *naive {
	n := &naive{values: values, found: map[Finding]bool{}}
	n.data("", 0, string(body), 0)
	n.flush(0)
	return n
}

func (n *naive) gaveUp() bool { return n.work >= maxNaive }

func (n *naive) look(text string) {
	n.work += 100 + len(text)
	b := []byte(text)
	for i, c := range b {
		b[i] = lower(c)
	}
	small := string(b)
	for i := range secretPatterns() {
		p := &secretPatterns()[i]
		for _, hint := range p.hints {
			everywhere(small, hint, func(at int) {
				if from, to := p.match([]byte(text), at, at+len(hint)); to > from {
					n.found[Finding{p.rule, text[from:to]}] = true
				}
			})
		}
	}
	for _, v := range n.values {
		if strings.Contains(text, v) {
			n.found[Finding{valueRule, v}] = true
		}
	}
}

// everywhere calls yield with every place where a word stands in a text.
func everywhere(text, word string, yield func(at int)) {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return
		}
		at += i
		yield(at)
	}
}

// data looks at data below a path, in as many containers of JSON.
func (n *naive) data(path string, open int, text string, depth int) {
	if n.gaveUp() {
		return
	}
	if isPacked([]byte(text)) {
		plain, err := unpack([]byte(text))
		if err == nil {
			n.deeper(path+"(unpacked)", open, string(plain), depth)
			return
		}
		if isGzip([]byte(text)) {
			n.refused = true
			return
		}
	}
	if _, err := eventstream.Parse([]byte(text)); err == nil {
		n.frames(path, open, text, depth)
		return
	}
	n.look(text)
	n.wide(path, open, text, depth)
	if !utf8.ValidString(text) && len(text) >= 8 {
		if plain, err := inflated(text); err == nil && len(plain) >= 8 {
			n.deeper(path+"(unpacked)", open, string(plain), depth)
		}
	}
	switch {
	case rx(`(?:^|[\r\n])data:`).MatchString(text):
		n.events(path, open, text, depth)
	case rx(`^[ \t\r\n]*[{\["]`).MatchString(text):
		n.json(path, open, text, depth)
	default:
		n.prose(path, open, text, depth)
	}
}

// inflated undoes a text's compression. Its window is made once.
func inflated(text string) ([]byte, error) {
	if err := window.(flate.Resetter).Reset(strings.NewReader(text), nil); err != nil {
		return nil, err
	}
	return io.ReadAll(window)
}

var window = flate.NewReader(strings.NewReader(""))

func (n *naive) deeper(path string, open int, text string, depth int) {
	if depth < maxDepth {
		n.data(path, open, text, depth+1)
	} else if utf8.ValidString(text) {
		n.refused = true
	}
}

func (n *naive) decoded(path string, open int, text string, depth int) {
	if depth < maxDepth {
		n.data(path, open, text, depth+1)
	} else if isPrintable([]byte(text)) {
		n.refused = true
	}
}

func (n *naive) frames(path string, open int, text string, depth int) {
	rest := []byte(text)
	for len(rest) > 0 {
		m, err := eventstream.Parse(rest)
		if err != nil {
			n.deeper(path, open, string(rest), depth)
			return
		}
		for _, f := range m.Fields {
			n.look(string(f.Value))
		}
		payload := string(m.Payload)
		n.nextEvent(payload)
		n.piece(path, payload)
		if wholeJSON(payload) {
			n.deeper(path, open, payload, depth)
		} else {
			n.deeper(path+"(payload)", open, payload, depth)
		}
		rest = rest[len(m.Raw):]
	}
}

func wholeJSON(text string) bool {
	return rx(`(?s)^(?:\{.*\}|\[.*\])$`).MatchString(string(bytes.TrimSpace([]byte(text))))
}

func (n *naive) events(path string, open int, text string, depth int) {
	lineEnd := "\n"
	if !strings.Contains(text, "\n") {
		lineEnd = "\r"
	}
	var data []string
	end := func() {
		if len(data) > 0 {
			n.event(path, open, strings.Join(data, "\n"), depth)
		}
		data = nil
	}
	for line := range strings.SplitSeq(text, lineEnd) {
		line = strings.TrimSuffix(line, "\r")
		piece, ok := strings.CutPrefix(line, "data:")
		if !ok {
			end()
			n.prose(path, open, line, depth)
			continue
		}
		piece = strings.TrimPrefix(piece, " ")
		if len(data) > 0 && isJSON([]byte(piece)) {
			end()
		}
		data = append(data, piece)
	}
	end()
}

func (n *naive) event(path string, open int, data string, depth int) {
	n.nextEvent(data)
	n.piece(path, data)
	switch {
	case wholeJSON(data):
		n.json(path, open, data, depth)
	case isJSON([]byte(data)):
		n.json(path+"(json)", open, data, depth)
	default:
		n.prose(path, open, data, depth)
	}
}

func (n *naive) json(path string, open int, text string, depth int) {
	if depth > 0 {
		n.inEvent(text)
	}
	name, done := "", 0
	all, clean := naiveStrings(path, open, text)
	for _, s := range all {
		n.encoded(s.path, s.open, text[done:s.start-1], depth)
		done = min(len(text), s.start+len(s.raw)+1)
		plain, escaped := s.raw, strings.Contains(s.raw, `\`)
		if escaped {
			plain = naiveUnescape(s.raw)
		}
		if s.key {
			if name = plain; escaped {
				n.look(plain)
			}
			n.encoded(s.path, s.open, plain, depth)
			continue
		}
		n.piece(s.path, plain)
		if !escaped && (len(plain) < minEncoded || !isJSON([]byte(plain))) {
			n.encoded(s.path, s.open, plain, depth)
			continue
		}
		n.beside(name, plain)
		n.deeper(s.path+"(string)", s.open, plain, depth)
	}
	n.encoded(path, open, text[done:], depth)
	if !clean && utf8.ValidString(text) {
		n.unescape(path, open, text, depth)
	}
}

func (n *naive) beside(name, plain string) {
	if name != "" {
		n.look(`"` + name + `":"` + plain[:min(len(plain), maxBeside)] + `"`)
	}
}

func (n *naive) prose(path string, open int, text string, depth int) {
	if utf8.ValidString(text) {
		n.unescape(path, open, text, depth)
	}
	n.encoded(path, open, text, depth)
}

func (n *naive) unescape(path string, open int, text string, depth int) {
	if plain := naiveUnescape(text); plain != text {
		n.deeper(path+"(unescaped)", open, plain, depth)
	}
}

// String names a finding without its secret's bytes being lost on a terminal.
func (f Finding) String() string { return fmt.Sprintf("%s %q", f.Rule, f.Secret) }
