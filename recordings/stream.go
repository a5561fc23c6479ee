package recordings

import (
	"bytes"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// This file searches the pieces of streams, and the texts that they form
// together.

// frames searches the frames at the beginning of a body, and the bytes after
// them.
func (r *revealer) frames(body []byte, depth int) {
	var clean []eventstream.Field // the headers of the previous frame, if they contain no secret
	var room [2][8]eventstream.Field
	for i := 0; len(body) > 0; i++ {
		f, err := eventstream.ParseInto(body, room[i%2][:])
		if err != nil {
			r.steps = append(r.steps, step{"after the last whole frame", -1})
			r.deeper(body, depth)
			r.steps = r.steps[:len(r.steps)-1]
			return
		}
		r.steps = append(r.steps, step{"frame", i})
		clean = r.fields(f.Fields, clean)
		r.joins.nextEvent(f.Payload)
		r.joins.add(r.walker.path, f.Payload)
		if isWholeJSON(f.Payload) {
			r.deeper(f.Payload, depth)
		} else {
			r.undone("(payload)", func() { r.deeper(f.Payload, depth) })
		}
		r.steps = r.steps[:len(r.steps)-1]
		body = body[len(f.Raw):]
	}
}

// fields searches the headers of a frame. Most of them are those of the
// previous frame. It returns them if they contain no secret.
func (r *revealer) fields(fields, clean []eventstream.Field) []eventstream.Field {
	hits := r.hits
	for i, h := range fields {
		if len(h.Value) > 0 && (i >= len(clean) || !bytes.Equal(h.Value, clean[i].Value)) {
			r.look(h.Value)
		}
	}
	if r.hits > hits {
		return nil
	}
	return fields
}

// isEventText reports whether a text contains server-sent events.
func isEventText(b []byte) bool {
	field := []byte("data:")
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 { // as most payloads of frames
		return bytes.HasPrefix(b, field)
	}
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

// eventText searches server-sent events. The text itself was searched before.
func (r *revealer) eventText(text []byte, depth int) {
	var data []byte // the data of the current event
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
		if lines > 0 && isJSON(piece) { // for servers that omit the blank line
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

// event searches the data of one event.
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

// flush searches the texts that the pieces so far form together, and the texts
// that pieces in these form in turn.
func (r *revealer) flush(depth int) {
	joined := r.joins.all
	for _, j := range joined {
		for _, text := range j.spelt() {
			r.joins = newJoins()
			r.steps, r.walker = append(r.steps, step{"joined " + r.detector.shown(j.path), -1}), jsonWalker{}
			if _, name, ok := cutLast(j.path, '.'); ok {
				r.beside([]byte(name), text)
			}
			r.deeper(text, depth)
			if depth < maxDepth {
				r.flush(depth + 1)
			}
			r.steps = r.steps[:len(r.steps)-1]
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

// A joins joins the strings that the events of a stream, or the elements of an
// array, have at the same path. A model that writes a key sends it in pieces.
type joins struct {
	all    []*join
	byPath map[string]*join
	block  string // the part of the answer that the current event belongs to
	noted  []byte // the text that block was last looked for in
	pieces int    // the number of pieces so far
	last   *join  // the join of the previous piece
}

func newJoins() *joins { return &joins{byPath: map[string]*join{}} }

// A join has the pieces at one path.
type join struct {
	path   string
	next   *join // the join that got the piece after the last one of this join
	pieces []piece
	text   []byte // all pieces
	plain  []byte // all pieces, each decoded from base64, as long as each is base64
	base64 bool
}

// A piece ends at its end, and starts at the end of the previous one.
type piece struct {
	block       string
	text, plain int
}

// nextEvent records that the following pieces belong to another event.
func (js *joins) nextEvent(event []byte) {
	js.block, js.noted = "", nil
	js.inEvent(event)
}

// maxBlock limits the length of the name of a block.
const maxBlock = 32

// inEvent records the block that an event belongs to, because deltas of blocks
// may be interleaved. The text is the event or contains it in encoded form. The
// name of the block has all numbers that the text gives as an index, under any
// name. A text that comes twice in a row, as a frame's payload and as the JSON
// that it is, is looked at once.
func (js *joins) inEvent(text []byte) {
	if len(text) > 0 && len(text) == len(js.noted) && &text[0] == &js.noted[0] {
		return
	}
	js.noted = text
	var room [2 * maxBlock]byte
	block := room[:0]
	for len(block) < maxBlock {
		i := bytes.Index(text, []byte(`ndex":`))
		if i < 0 {
			break
		}
		text = bytes.TrimLeft(text[i+len(`ndex":`):], " ")
		block = append(append(block, text[:digits.run(text, maxBlock-1)]...), ',')
	}
	if len(block) > 0 && string(block) != js.block {
		js.block = string(block)
	}
}

// Only the two ends of a long piece can be part of a secret that it forms with
// other pieces.
const (
	maxPiece = 8 << 10
	pieceEnd = 4 << 10 // a multiple of four, as base64 needs it
)

// add adds a piece at a path. JSON texts are not pieces, but their strings are.
func (js *joins) add(path, text []byte) {
	js.pieces++
	if len(text) == 0 || isWholeJSON(text) || isPadding(path, text) {
		return
	}
	j := js.at(path)
	head, tail := text, []byte(nil)
	if len(text) > maxPiece {
		head, tail = text[:pieceEnd], text[(len(text)-pieceEnd)&^3:]
	}
	plain := len(j.plain)
	if j.base64 = j.base64 && isBase64(text); j.base64 {
		j.plain = appendBase64(j.plain, head)
		if isWholeJSON(j.plain[plain:]) { // such as the chunks of InvokeModel
			j.plain = j.plain[:plain]
			if bytes.HasSuffix(path, []byte(".bytes")) {
				return
			}
		}
	}
	j.text = append(j.text, head...)
	if tail != nil {
		j.text = append(append(j.text, '\n'), tail...)
		if j.base64 {
			j.plain = appendBase64(append(j.plain, '\n'), tail)
		}
	}
	j.pieces = append(j.pieces, piece{js.block, len(j.text), len(j.plain)})
}

// padding is Bedrock's padding of events, or as much of it as an event needs.
// It hides the lengths of their contents.
const padding = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func isPadding(path, text []byte) bool {
	return string(path) == ".p" && strings.HasPrefix(padding, string(text))
}

// at returns the join of a path. Events resemble one another, so their pieces
// take turns.
func (js *joins) at(path []byte) *join {
	before := js.last
	if before != nil && before.next != nil && before.next.path == string(path) {
		js.last = before.next
		return js.last
	}
	j := js.byPath[string(path)]
	if j == nil {
		j = &join{path: string(path), base64: true}
		js.byPath[j.path] = j
		js.all = append(js.all, j)
	}
	if before != nil {
		before.next = j
	}
	js.last = j
	return j
}

// isWholeJSON reports whether a text begins and ends as an object or an array.
func isWholeJSON(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 1 && (b[0] == '{' && b[len(b)-1] == '}' || b[0] == '[' && b[len(b)-1] == ']')
}

// isBase64 reports whether a piece can be base64 by itself.
func isBase64(text []byte) bool {
	text = bytes.TrimRight(text, "=")
	if len(text)%4 == 1 {
		return false
	}
	for _, c := range text {
		if sextets[c] > 63 {
			return false
		}
	}
	return true
}

// spelt returns the texts that the pieces form, if there are several pieces: in
// the order of arrival, and, if blocks are interleaved, by block.
func (j *join) spelt() [][]byte {
	if len(j.pieces) < 2 {
		return nil
	}
	texts := [][]byte{j.text}
	if j.base64 {
		texts = append(texts, j.plain)
	}
	return append(texts, j.byBlock()...)
}

func (j *join) byBlock() [][]byte {
	interleaved := false
	last := map[string]int{}
	for i, p := range j.pieces {
		if before, ok := last[p.block]; ok && before != i-1 {
			interleaved = true
		}
		last[p.block] = i
	}
	if !interleaved {
		return nil
	}
	var order []string
	texts, plains := map[string][]byte{}, map[string][]byte{}
	from := piece{}
	for _, p := range j.pieces {
		if _, ok := texts[p.block]; !ok {
			order = append(order, p.block)
		}
		texts[p.block] = append(texts[p.block], j.text[from.text:p.text]...)
		if j.base64 {
			plains[p.block] = append(plains[p.block], j.plain[from.plain:p.plain]...)
		}
		from = p
	}
	var all [][]byte
	for _, block := range order {
		all = append(all, texts[block])
		if j.base64 {
			all = append(all, plains[block])
		}
	}
	return all
}
