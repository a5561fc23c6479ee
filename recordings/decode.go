package recordings

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

const (
	maxDepth   = 10      // encodings within encodings that are followed
	minEncoded = 16      // shorter texts in base64 or hex can't hold a secret
	maxShifted = 4 << 10 // longer ones are taken to begin where base64 does
	minLine    = 60      // shorter lines are no broken base64
	maxWord    = 64      // bytes of a run that is remembered
	maxWords   = 4 << 10 // and how many are
	maxBeside  = 512     // bytes of a string that are looked at beside its key
)

var (
	errTooDeep   = errors.New("encoded too deeply to be scanned")
	errUnpacking = errors.New("compressed in a way that can't be unpacked")
)

// A revealer shows a detector a body and everything that is encoded in it:
// compressed data, event-stream frames, server-sent events, strings with their
// escapes undone, base64 and hex, at whatever depth, and what the pieces of a
// stream spell together. The work grows with the size of the body.
type revealer struct {
	detector *detector
	leak     func(where, rule string) // called for each secret
	fail     func(where string, err error)

	steps  []step          // from the body to what is looked at
	walker jsonWalker      // its path is the last step
	joins  *joins          // of the stream that is looked at
	words  map[string]bool // of the body, that were looked into

	text   []byte                          // what is looked at
	looked int                             // how many bytes were, so far: the work that is done
	note   func(rule string, from, to int) // what is done with a secret in it
}

// A step is a piece of the way to a hidden text: "frame 3", "base64".
type step struct {
	name  string
	index int // or -1
}

func newRevealer(d *detector, leak func(where, rule string), fail func(where string, err error)) *revealer {
	r := &revealer{detector: d, leak: leak, fail: fail}
	r.note = func(rule string, from, to int) {
		path := ""
		if isJSON(r.text) {
			path = pathAt(r.text, from)
		}
		r.leak(r.where(path), rule)
	}
	return r
}

// body looks at a body, or at another text that stands for itself.
func (r *revealer) body(where string, data []byte) {
	r.steps, r.walker, r.joins = append(r.steps[:0], step{where, -1}), jsonWalker{}, newJoins()
	r.words = map[string]bool{}
	r.data(data, 0)
	r.flush(0)
}

// raw looks at a text as it is.
func (r *revealer) raw(where string, text []byte) {
	r.steps, r.walker = append(r.steps[:0], step{where, -1}), jsonWalker{}
	r.look(text)
}

// where says where the text lies that is looked at, in words that hold no
// secret themselves.
func (r *revealer) where(path string) string {
	var b strings.Builder
	for i, s := range r.steps {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.name)
		if s.index >= 0 {
			b.WriteString(" " + strconv.Itoa(s.index))
		}
	}
	return b.String() + r.shown(string(r.walker.path)+path)
}

// shown returns a path with those keys hidden that may be secrets.
func (r *revealer) shown(path string) string {
	keys := strings.SplitAfter(path, ".")
	for i, k := range keys {
		name, rest := k, ""
		if at := strings.IndexAny(k, "[(."); at >= 0 {
			name, rest = k[:at], k[at:]
		}
		secret := name != "" && !isName(name)
		r.detector.find([]byte(k), func(string, int, int) { secret = true })
		if secret {
			keys[i] = "(key)" + ownMarks(rest)
		}
	}
	return strings.Join(keys, "")
}

func isName(s string) bool {
	return !digits[s[0]] && wordly.run([]byte(s), len(s)) == len(s)
}

// ownMarks returns what this package has put behind a key, and nothing else.
func ownMarks(rest string) string {
	var b strings.Builder
	for rest != "" {
		mark := ""
		for _, m := range []string{"[]", "(json)", "(payload)", "(string)", "(unescaped)", "(unpacked)", "(unquoted)", "(hex)", "(base64)", "(key)", "."} {
			if strings.HasPrefix(rest, m) {
				mark = m
			}
		}
		if mark == "" {
			break
		}
		b.WriteString(mark)
		rest = rest[len(mark):]
	}
	return b.String()
}

// within does something with one more step on the way.
func (r *revealer) within(name string, index int, do func()) {
	r.steps = append(r.steps, step{name, index})
	do()
	r.steps = r.steps[:len(r.steps)-1]
}

// undone does something with what an encoding holds, whose name is part of the
// path.
func (r *revealer) undone(encoding string, do func()) {
	length := len(r.walker.path)
	r.walker.path = append(r.walker.path, encoding...)
	do()
	r.walker.path = r.walker.path[:length]
}

// look shows the detector a text as it is.
func (r *revealer) look(text []byte) {
	r.text = text
	r.looked += len(text)
	r.detector.find(text, r.note)
}

// data looks at data of any kind.
func (r *revealer) data(data []byte, depth int) {
	if isPacked(data) {
		plain, err := unpack(data)
		if err == nil {
			r.undone("(unpacked)", func() { r.deeper(plain, depth) })
			return
		}
		if isGzip(data) { // what only resembles zlib is looked at as it is
			r.fail(r.where(""), errUnpacking)
			return
		}
	}
	if eventstream.Begins(data) {
		if frames, rest, _ := eventstream.Split(data); len(frames) > 0 {
			r.frames(frames, rest, depth)
			return
		}
	}
	r.look(data)
	switch {
	case isEventText(data):
		r.eventText(data, depth)
	case isJSON(data):
		r.json(data, depth)
	default:
		r.prose(data, depth)
	}
}

// deeper looks at data that was encoded.
func (r *revealer) deeper(data []byte, depth int) {
	if depth < maxDepth {
		r.data(data, depth+1)
	} else if utf8.Valid(data) {
		r.fail(r.where(""), errTooDeep)
	}
}

func (r *revealer) frames(frames []eventstream.Message, rest []byte, depth int) {
	for i, f := range frames {
		r.steps = append(r.steps, step{"frame", i})
		for _, h := range f.Fields {
			if len(h.Value) > 0 {
				r.look(h.Value)
			}
		}
		r.joins.nextEvent(f.Payload)
		r.joins.add(r.walker.path, f.Payload)
		if isWholeJSON(f.Payload) {
			r.deeper(f.Payload, depth)
		} else {
			r.undone("(payload)", func() { r.deeper(f.Payload, depth) })
		}
		r.steps = r.steps[:len(r.steps)-1]
	}
	if len(rest) > 0 {
		r.within("after the last whole frame", -1, func() { r.deeper(rest, depth) })
	}
}

// isEventText reports whether a text holds server-sent events.
func isEventText(b []byte) bool {
	field := []byte("data:")
	for rest := b; ; {
		i := bytes.Index(rest, field)
		if i < 0 {
			return false
		}
		if at := len(b) - len(rest) + i; at == 0 || b[at-1] == '\n' || b[at-1] == '\r' {
			return true
		}
		rest = rest[i+len(field):]
	}
}

// eventText looks into server-sent events. All of the text has been looked at
// as it is.
func (r *revealer) eventText(text []byte, depth int) {
	var data []byte // of the event that has not ended
	lines, n := 0, 0
	end := func() {
		if lines > 0 {
			r.steps = append(r.steps, step{"event", n})
			r.event(data, depth)
			r.steps = r.steps[:len(r.steps)-1]
			n++
		}
		lines = 0
	}
	lineEnd := byte('\n')
	if bytes.IndexByte(text, '\n') < 0 {
		lineEnd = '\r'
	}
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, lineEnd); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		line = bytes.TrimSuffix(line, []byte("\r"))
		piece, ok := bytes.CutPrefix(line, []byte("data:"))
		if !ok {
			end()
			r.prose(line, depth)
			continue
		}
		piece = bytes.TrimPrefix(piece, []byte(" "))
		if lines > 0 && isJSON(piece) { // whoever left out the blank line
			end()
		}
		if lines++; lines == 1 {
			data = append(data[:0], piece...)
		} else {
			data = append(append(data, '\n'), piece...)
		}
	}
	end()
}

// event looks into the data of one event.
func (r *revealer) event(data []byte, depth int) {
	r.joins.nextEvent(data)
	r.joins.add(r.walker.path, data)
	switch {
	case isWholeJSON(data):
		r.json(data, depth)
	case isJSON(data):
		r.undone("(json)", func() { r.json(data, depth) })
	default:
		r.prose(data, depth)
	}
}

// json looks into the strings of a JSON text that has been looked at as it is.
func (r *revealer) json(text []byte, depth int) {
	if depth > 0 {
		r.joins.inEvent(text)
	}
	var name []byte // of the member that comes next
	done := 0
	clean := r.walker.walk(text, func(s jsonString, start int) bool {
		r.encoded(text[done:start-1], depth) // what is no string: nothing, in JSON
		done = min(len(text), start+len(s.raw)+1)
		plain := s.raw
		if s.escaped {
			plain = appendUnescaped(nil, s.raw)
		}
		if s.key {
			name = plain
			if s.escaped {
				r.look(plain)
			}
			r.encoded(plain, depth)
			return true
		}
		r.member(name, plain, s.escaped, depth)
		return true
	})
	r.encoded(text[done:], depth)
	if !clean { // and so no JSON
		r.escapes(text, depth)
	}
}

// member looks into a string of a JSON text.
func (r *revealer) member(name, plain []byte, escaped bool, depth int) {
	r.joins.add(r.walker.path, plain)
	if !escaped && (len(plain) < minEncoded || !isJSON(plain)) {
		r.encoded(plain, depth) // as it is, it has been looked at
		return
	}
	r.beside(name, plain)
	r.undone("(string)", func() { r.deeper(plain, depth) })
}

// beside looks at a string beside its key, which some patterns need.
func (r *revealer) beside(name, plain []byte) {
	if len(name) == 0 {
		return
	}
	both := append(append(append(append([]byte(nil), '"'), name...), `":"`...), plain[:min(len(plain), maxBeside)]...)
	r.look(append(both, '"'))
}

// prose looks into a text that is no JSON and has been looked at as it is.
func (r *revealer) prose(text []byte, depth int) {
	r.escapes(text, depth)
	r.encoded(text, depth)
}

func (r *revealer) escapes(text []byte, depth int) {
	if bytes.IndexByte(text, '\\') < 0 || !utf8.Valid(text) {
		return
	}
	if plain := appendUnescaped(nil, text); len(plain) < len(text) {
		r.undone("(unescaped)", func() { r.deeper(plain, depth) })
	}
}

// encoded looks into what a text holds in the encoding of URLs, in base64 and
// in hex.
func (r *revealer) encoded(text []byte, depth int) {
	if bytes.IndexByte(text, '%') >= 0 && utf8.Valid(text) {
		if plain := appendUnquoted(nil, text); len(plain) < len(text) {
			r.undone("(unquoted)", func() { r.deeper(plain, depth) })
		}
	}
	for {
		start := runStart(text)
		if start < 0 {
			return
		}
		end := runEnd(text, start)
		r.run(text[start:end], depth)
		text = text[end:]
	}
}

// runStart returns where the first run of base64 starts that has minEncoded bytes
// or more, or -1. It looks backwards from the last byte that a run needs to have,
// and so passes over most of a text.
func runStart(text []byte) int {
	start := 0
	for start+minEncoded <= len(text) {
		i := start + minEncoded - 1
		for i >= start && sextets[text[i]] <= 63 {
			i--
		}
		if i < start {
			return start
		}
		start = i + 1
	}
	return -1
}

// runEnd returns where the run of base64 at text[start] ends, line breaks between
// long lines included.
func runEnd(text []byte, start int) int {
	end, line := start, start
	for end < len(text) {
		if sextets[text[end]] <= 63 {
			end++
			continue
		}
		next := end
		if text[next] == '\r' {
			next++
		}
		if end-line < minLine || next >= len(text)-1 || text[next] != '\n' || sextets[text[next+1]] > 63 {
			break
		}
		end, line = next+1, next+1
	}
	return end
}

// run looks into a run of base64, which may be one of hex. Most are words, and
// most words come again and again.
func (r *revealer) run(run []byte, depth int) {
	if len(run) <= maxWord {
		if r.words[string(run)] {
			return
		}
		if len(r.words) < maxWords {
			r.words[string(run)] = true
		}
	}
	for rest := run; len(rest) >= minEncoded; {
		n := hexly.run(rest, len(rest))
		if n >= minEncoded {
			r.hex(rest[:n], depth)
		}
		rest = rest[min(len(rest), n+1):]
	}
	r.undone("(base64)", func() {
		shifts := 4
		if len(run) > maxShifted {
			shifts = 1
		}
		for shift := range shifts {
			plain := appendBase64(make([]byte, 0, len(run)*3/4), run[shift:])
			r.decoded(plain, depth)
			if isPrintable(plain) { // and so no noise
				break
			}
		}
	})
}

// hex looks into a run of hexadecimal digits.
func (r *revealer) hex(run []byte, depth int) {
	r.undone("(hex)", func() {
		r.decoded(appendHex(nil, run), depth)
		if len(run)%2 == 1 {
			r.decoded(appendHex(nil, run[1:]), depth)
		}
	})
}

// decoded looks at what a run decodes to, which is noise if it was none.
func (r *revealer) decoded(plain []byte, depth int) {
	if depth < maxDepth {
		r.data(plain, depth+1)
	} else if isPrintable(plain) {
		r.fail(r.where(""), errTooDeep)
	}
}

func isPrintable(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && !bytes.ContainsFunc(b, func(c rune) bool { return isControl(c) && c != '\n' && c != '\t' && c != '\r' })
}

// flush looks at what the pieces seen so far spell together, and at what that
// spells in turn.
func (r *revealer) flush(depth int) {
	joined := r.joins.all
	for _, j := range joined {
		for _, text := range j.spelt() {
			r.joins = newJoins()
			r.within("joined "+r.shown(j.path), -1, func() {
				r.walker = jsonWalker{}
				if _, name, ok := cutLast(j.path, '.'); ok {
					r.beside([]byte(name), text)
				}
				r.deeper(text, depth)
				if depth < maxDepth {
					r.flush(depth + 1)
				}
			})
		}
	}
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
