package recordings

import (
	"bytes"
	"errors"
	"hash/maphash"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

const (
	maxDepth  = 10  // the depth to which nested encodings are undone
	maxBeside = 512 // bytes of a string that are searched together with its key
)

var (
	errTooDeep   = errors.New("encoded too deeply to be scanned")
	errUnpacking = errors.New("compressed in a way that can't be unpacked")
)

// A revealer shows a detector a body and everything that is encoded in it, at
// any depth: compressed data, event-stream frames, server-sent events, UTF-16,
// texts with their escapes undone, base64, base32 and hex, and the joined
// pieces of a stream. The work is proportional to the size of the body.
type revealer struct {
	detector *detector
	leak     func(where, rule string) // called for each secret
	fail     func(where string, err error)

	steps    []step     // the way from the body to the current text
	walker   jsonWalker // its path is the last step
	joins    *joins     // the pieces of the current stream
	runs     memory     // runs of base64 that were searched
	texts    memory     // texts with escapes undone that were searched
	inflater inflater

	text []byte                          // the current text
	note func(rule string, from, to int) // called for each secret in it
	hits int                             // the number of secrets found
	work work                            // the work of the search
}

// A step is a piece of the way to a hidden text: "frame 3", "base64".
type step struct {
	name  string
	index int // or -1
}

func newRevealer(d *detector, leak func(where, rule string), fail func(where string, err error)) *revealer {
	r := &revealer{detector: d, leak: leak, fail: fail}
	r.note = func(rule string, from, to int) {
		r.hits++
		path := ""
		if isJSON(r.text) {
			path = pathAt(r.text, from)
		}
		r.leak(r.where(path), rule)
	}
	return r
}

// body searches a body, or another text that is complete by itself.
func (r *revealer) body(where string, data []byte) {
	r.steps, r.walker, r.joins = append(r.steps[:0], step{where, -1}), jsonWalker{}, newJoins()
	r.runs, r.texts = memory{}, memory{}
	r.work.allow(leastWork + len(data))
	r.data(data, 0)
	r.flush(0)
}

// where returns the place of the current text, in words that contain no secret.
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
	return b.String() + r.detector.shown(string(r.walker.path)+path)
}

// shown returns a path without the keys that may be secrets.
func (d *detector) shown(path string) string {
	keys := strings.SplitAfter(path, ".")
	for i, k := range keys {
		name, rest := k, ""
		if at := strings.IndexAny(k, "[(."); at >= 0 {
			name, rest = k[:at], k[at:]
		}
		secret := name != "" && !isName(name)
		d.find([]byte(k), func(string, int, int) { secret = true })
		if secret {
			keys[i] = "(key)" + ownMarks(rest)
		}
	}
	return strings.Join(keys, "")
}

func isName(s string) bool {
	return !digits[s[0]] && wordly.run([]byte(s), len(s)) == len(s)
}

// ownMarks returns the part of rest that this package appends to a key, and
// nothing else.
func ownMarks(rest string) string {
	var b strings.Builder
	for rest != "" {
		mark := ""
		for _, m := range []string{"[]", "(json)", "(payload)", "(string)", "(unescaped)", "(unpacked)", "(unquoted)", "(entities)", "(quoted-printable)", "(hex)", "(base32)", "(base64)", "(wide)", "(key)", "."} {
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

// undone calls do with one more encoding in the path.
func (r *revealer) undone(encoding string, do func()) {
	length := len(r.walker.path)
	r.walker.path = append(r.walker.path, encoding...)
	do()
	r.walker.path = r.walker.path[:length]
}

// look shows the detector a text unchanged.
func (r *revealer) look(text []byte) {
	r.text = text
	r.work.done += len(text)
	r.detector.find(text, r.note)
}

// data searches data of any kind.
func (r *revealer) data(data []byte, depth int) {
	if isPacked(data) {
		plain, err := unpack(data)
		if err == nil {
			r.unpacked(plain, depth)
			return
		}
		if isGzip(data) { // data that only resembles zlib is also searched unchanged
			r.fail(r.where(""), errUnpacking)
			return
		}
	}
	if eventstream.Begins(data) {
		if _, err := eventstream.Parse(data); err == nil {
			r.frames(data, depth)
			return
		}
	}
	r.look(data)
	r.wide(data, depth)
	if !utf8.Valid(data) {
		if plain, ok := r.inflater.inflate(data); ok {
			r.unpacked(plain, depth)
		}
	}
	switch {
	case isEventText(data):
		r.eventText(data, depth)
	case isJSON(data):
		r.json(data, depth)
	default:
		r.prose(data, depth)
	}
}

// unpacked searches data that was compressed.
func (r *revealer) unpacked(plain []byte, depth int) {
	r.work.allow(len(plain))
	r.undone("(unpacked)", func() { r.deeper(plain, depth) })
}

// deeper searches data that was encoded.
func (r *revealer) deeper(data []byte, depth int) {
	if depth < maxDepth && r.work.left() {
		r.data(data, depth+1)
	} else if utf8.Valid(data) {
		r.fail(r.where(""), errTooDeep)
	}
}

// decoded searches the decoded bytes of a run. They are noise if the run was
// not encoded.
func (r *revealer) decoded(plain []byte, depth int) {
	if depth < maxDepth && r.work.left() {
		r.data(plain, depth+1)
	} else if isPrintable(plain) {
		r.fail(r.where(""), errTooDeep)
	}
}

// A work counts the bytes that are searched. A text can be made with escapes of
// every kind at every depth, which can be undone in countless ways. So a body
// that takes more work than any real one is given up.
type work struct{ done, allowed int }

const (
	workFactor = 200     // bytes that may be searched for each byte of a body
	leastWork  = 4 << 10 // bytes that are added to the size of a body
)

// allow permits the work for a text of n bytes.
func (w *work) allow(n int) { w.allowed = max(w.allowed, w.done) + workFactor*n }

func (w *work) left() bool { return w.done < w.allowed }

func isPrintable(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && !bytes.ContainsFunc(b, func(c rune) bool { return isControl(c) && c != '\n' && c != '\t' && c != '\r' })
}

// maxRemembered limits the texts in a memory.
const maxRemembered = 4 << 10

// A memory has the hashes of the texts that were searched, with their depth. It
// saves searching them again, which would find the same secrets.
type memory map[uint64]int

var memorySeed = maphash.MakeSeed()

// once calls look for a text unless m remembers it from the same depth or a
// smaller one. It does not remember a text with a piece of a stream, because
// each of these counts.
func (m memory) once(text []byte, depth int, js *joins, look func()) {
	key := maphash.Bytes(memorySeed, text)
	if d, ok := m[key]; ok && d <= depth {
		return
	}
	pieces := js.pieces
	look()
	if js.pieces == pieces && len(m) < maxRemembered {
		m[key] = depth
	}
}

// json searches the strings of a JSON text. The text itself was searched
// before.
func (r *revealer) json(text []byte, depth int) {
	if depth > 0 {
		r.joins.inEvent(text)
	}
	encoded := r.encoded
	if isQuiet(text) { // most texts are, and then all their strings are too
		encoded = r.alphabets
	}
	var name []byte // the name of the next member
	done := 0
	clean := r.walker.walk(text, func(s jsonString, start int) bool {
		if start-1-done >= minEncoded {
			encoded(text[done:start-1], depth) // bytes outside strings; valid JSON has no such run
		}
		done = min(len(text), start+len(s.raw)+1)
		plain := s.raw
		if s.escaped {
			plain = appendUnescaped(nil, s.raw)
		}
		switch {
		case s.key:
			if name = plain; s.escaped {
				r.look(plain)
				r.encoded(plain, depth)
			} else {
				encoded(plain, depth)
			}
		case s.escaped || len(plain) >= minEncoded && isJSON(plain):
			r.joins.add(r.walker.path, plain)
			r.beside(name, plain)
			r.undone("(string)", func() { r.deeper(plain, depth) })
		default: // the string itself was searched before
			r.joins.add(r.walker.path, plain)
			encoded(plain, depth)
		}
		return true
	})
	encoded(text[done:], depth)
	if !clean { // so it is not JSON
		r.undo(&backslashes, text, depth)
	}
}

// beside searches a string together with its key, which some patterns need.
func (r *revealer) beside(name, plain []byte) {
	if len(name) == 0 {
		return
	}
	both := append(append(append(append([]byte(nil), '"'), name...), `":"`...), plain[:min(len(plain), maxBeside)]...)
	r.look(append(both, '"'))
}

// prose searches a text that is not JSON. The text itself was searched before.
func (r *revealer) prose(text []byte, depth int) {
	r.undo(&backslashes, text, depth)
	r.encoded(text, depth)
}

// encoded searches everything that is encoded in a text by the escapes of URLs,
// of HTML and of mail, by base64, base32 and hex.
func (r *revealer) encoded(text []byte, depth int) {
	for i := range escapings {
		r.undo(&escapings[i], text, depth)
	}
	r.spacedHex(text, depth)
	r.alphabets(text, depth)
}

// isQuiet reports whether encoded would find nothing in a text except runs,
// which alphabets searches.
func isQuiet(text []byte) bool {
	for i := range escapings {
		if bytes.IndexByte(text, escapings[i].mark) >= 0 {
			return false
		}
	}
	return spacedStart(text) < 0
}

// An escaping is a way to escape bytes of a text.
type escaping struct {
	mark byte                          // a byte of every escape
	name string                        // its name in a path
	undo func(dst, text []byte) []byte // appends the text without escapes
}

// The escapings that are undone. They are never modified.
var (
	backslashes = escaping{'\\', "(unescaped)", appendUnescaped}
	escapings   = []escaping{
		{'%', "(unquoted)", appendUnquoted},
		{'&', "(entities)", appendEntities},
		{'=', "(quoted-printable)", appendQuotedPrintable},
	}
)

// undo searches a text with its escapes of one kind undone.
func (r *revealer) undo(e *escaping, text []byte, depth int) {
	if bytes.IndexByte(text, e.mark) < 0 || !utf8.Valid(text) {
		return
	}
	plain := e.undo(nil, text)
	if bytes.Equal(plain, text) {
		return
	}
	r.texts.once(plain, depth, r.joins, func() {
		r.undone(e.name, func() { r.deeper(plain, depth) })
	})
}
