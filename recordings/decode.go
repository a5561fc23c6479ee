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
	maxDepth  = 10  // encodings within encodings that are followed
	maxBeside = 512 // bytes of a string that are looked at beside its key
)

var (
	errTooDeep   = errors.New("encoded too deeply to be scanned")
	errUnpacking = errors.New("compressed in a way that can't be unpacked")
)

// A revealer shows a detector a body and everything that is encoded in it:
// compressed data, event-stream frames, server-sent events, UTF-16, texts with
// their escapes undone, base64, base32 and hex, at whatever depth, and what the
// pieces of a stream spell together. The work grows with the size of the body.
type revealer struct {
	detector *detector
	leak     func(where, rule string) // called for each secret
	fail     func(where string, err error)

	steps    []step     // from the body to what is looked at
	walker   jsonWalker // its path is the last step
	joins    *joins     // of the stream that is looked at
	runs     memory     // of base64 that were looked into
	texts    memory     // with escapes undone that were
	inflater inflater

	text []byte                          // what is looked at
	note func(rule string, from, to int) // what is done with a secret in it
	hits int                             // secrets that were found
	work work                            // that looking is
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

// body looks at a body, or at another text that stands for itself.
func (r *revealer) body(where string, data []byte) {
	r.steps, r.walker, r.joins = append(r.steps[:0], step{where, -1}), jsonWalker{}, newJoins()
	r.runs, r.texts = memory{}, memory{}
	r.work.allow(leastWork + len(data))
	r.data(data, 0)
	r.flush(0)
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
	return b.String() + r.detector.shown(string(r.walker.path)+path)
}

// shown returns a path with those keys hidden that may be secrets.
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

// ownMarks returns what this package has put behind a key, and nothing else.
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
	r.work.done += len(text)
	r.detector.find(text, r.note)
}

// data looks at data of any kind.
func (r *revealer) data(data []byte, depth int) {
	if isPacked(data) {
		plain, err := unpack(data)
		if err == nil {
			r.unpacked(plain, depth)
			return
		}
		if isGzip(data) { // what only resembles zlib is looked at as it is
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

// unpacked looks at data that was compressed.
func (r *revealer) unpacked(plain []byte, depth int) {
	r.work.allow(len(plain))
	r.undone("(unpacked)", func() { r.deeper(plain, depth) })
}

// deeper looks at data that was encoded.
func (r *revealer) deeper(data []byte, depth int) {
	if depth < maxDepth && r.work.left() {
		r.data(data, depth+1)
	} else if utf8.Valid(data) {
		r.fail(r.where(""), errTooDeep)
	}
}

// decoded looks at what a run decodes to, which is noise if it was none.
func (r *revealer) decoded(plain []byte, depth int) {
	if depth < maxDepth && r.work.left() {
		r.data(plain, depth+1)
	} else if isPrintable(plain) {
		r.fail(r.where(""), errTooDeep)
	}
}

// A work is how many bytes are looked at. A text can be written so that it has
// escapes of every kind at every depth, and the ways to undo them are without
// number. A body is given up that takes more than any that somebody would write.
type work struct{ done, allowed int }

const (
	workFactor = 200     // bytes that may be looked at for one of a body
	leastWork  = 4 << 10 // what a body is counted in addition
)

// allow lets a text of n bytes be looked at.
func (w *work) allow(n int) { w.allowed = max(w.allowed, w.done) + workFactor*n }

func (w *work) left() bool { return w.done < w.allowed }

func isPrintable(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && !bytes.ContainsFunc(b, func(c rune) bool { return isControl(c) && c != '\n' && c != '\t' && c != '\r' })
}

// maxRemembered is how many texts a memory holds.
const maxRemembered = 4 << 10

// A memory knows the texts that were looked into, and how deep they lay, by
// their hashes. It saves looking again, which finds the same again.
type memory map[uint64]int

var memorySeed = maphash.MakeSeed()

// once looks into a text unless m remembers it from no greater depth. It forgets
// a text with a piece of a stream in it, which counts every time.
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

// json looks into the strings of a JSON text that has been looked at as it is.
func (r *revealer) json(text []byte, depth int) {
	if depth > 0 {
		r.joins.inEvent(text)
	}
	encoded := r.encoded
	if isQuiet(text) { // as most are, and then their many strings are too
		encoded = r.alphabets
	}
	var name []byte // of the member that comes next
	done := 0
	clean := r.walker.walk(text, func(s jsonString, start int) bool {
		if start-1-done >= minEncoded {
			encoded(text[done:start-1], depth) // what is no string: nothing, in JSON
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
		default: // as it is, it has been looked at
			r.joins.add(r.walker.path, plain)
			encoded(plain, depth)
		}
		return true
	})
	encoded(text[done:], depth)
	if !clean { // and so no JSON
		r.undo(&backslashes, text, depth)
	}
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
	r.undo(&backslashes, text, depth)
	r.encoded(text, depth)
}

// encoded looks into what a text holds with the escapes of URLs, of HTML and of
// mail, in base64, in base32 and in hex.
func (r *revealer) encoded(text []byte, depth int) {
	for i := range escapings {
		r.undo(&escapings[i], text, depth)
	}
	r.spacedHex(text, depth)
	r.alphabets(text, depth)
}

// isQuiet reports whether a text holds nothing for encoded but what alphabets
// looks into.
func isQuiet(text []byte) bool {
	for i := range escapings {
		if bytes.IndexByte(text, escapings[i].mark) >= 0 {
			return false
		}
	}
	return spacedStart(text) < 0
}

// An escaping is a way to write some bytes of a text.
type escaping struct {
	mark byte                          // in every escape
	name string                        // in a path
	undo func(dst, text []byte) []byte // appends the text without escapes
}

// The ways to escape that are undone. They are never written.
var (
	backslashes = escaping{'\\', "(unescaped)", appendUnescaped}
	escapings   = []escaping{
		{'%', "(unquoted)", appendUnquoted},
		{'&', "(entities)", appendEntities},
		{'=', "(quoted-printable)", appendQuotedPrintable},
	}
)

// undo looks into a text with its escapes of one kind undone.
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
