package prompt

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// The marks of thinking, and what is left out around it.
const (
	openThink  = "<think>"
	closeThink = "</think>"
	space      = " \t\r\n"
)

// The indices of the parts of a streamed answer.
const (
	thinkingIndex = 0
	textIndex     = 1
)

// A decoder reads the chunks of one streamed answer. Chunks look like bodies. It
// keeps nothing of a chunk, whose buffer the next one overwrites.
type decoder struct {
	emit     func(model.Event) error // an error of it ends the decoding: the consumer has left
	state    state
	rest     string // not emitted yet: the beginning of a mark, or space that may be the last
	progress native.Progress
	texts    bool // a chunk has brought text, if only an empty one

	before, after []byte // the bytes around the text of a chunk that says nothing else; see learn
	counted       bool   // the bytes behind it hold a running count
	scratch       []byte

	stop          string
	input, output native.Count
	source        json.RawMessage
}

// A state is what may come next. Families that do not think are in the last one
// from the beginning.
type state uint8

const (
	beforeTag state = iota // the opening mark may come
	afterTag               // the space between it and the thinking
	thinking
	beforeText // the space between thinking and text
	text
)

// Stream returns a decoder of chunks.
func (f Codec) Stream(emit func(model.Event) error) native.Decoder {
	d := &decoder{emit: emit, state: text, before: []byte(f.before)}
	if f.thinks {
		d.state = beforeTag
	}
	return d
}

// Progress is Stopped once the reason why the answer ended has come. It never
// becomes Complete: the service's metrics may follow.
func (d *decoder) Progress() native.Progress { return d.progress }

// Answer returns what is known about the answer, at any time.
func (d *decoder) Answer() *native.Answer {
	a := &native.Answer{StopReason: stopReason(d.stop), Sources: []json.RawMessage{d.source}}
	count(a, d.input, d.output)
	return a
}

// Chunk takes in a chunk.
func (d *decoder) Chunk(chunk []byte) error {
	if text, ok := d.cutText(chunk); ok { // which has learned from another
		return d.add(text)
	}
	a, err := parse(chunk)
	if err == errNoText {
		return nil // it is about something else, such as the service's metrics
	}
	if err != nil {
		return err
	}
	if !a.input.Absent() {
		d.input = a.input
	}
	if !a.output.Absent() {
		d.output = a.output
	}
	if d.texts = d.texts || a.text != nil; !d.texts {
		return errNoText // the reason why it ended is not the answer
	}
	if err := d.add(deref(a.text)); err != nil {
		return err
	}
	if a.stop == "" {
		d.learn(chunk, a)
		return nil
	}
	d.stop, d.source, d.progress = a.stop, bytes.Clone(chunk), native.Stopped
	return d.flush()
}

// add separates thinking from text and emits what is certain. At most the
// beginning of a mark is kept back, and white space that may be the last.
func (d *decoder) add(piece string) error {
	if d.state == text { // always, but for families that think
		return d.say(piece)
	}
	piece, d.rest = d.rest+piece, ""
	if d.state == beforeTag {
		piece = strings.TrimLeft(piece, space)
		if len(piece) < len(openThink) && strings.HasPrefix(openThink, piece) {
			d.rest = piece
			return nil
		}
		piece = strings.TrimPrefix(piece, openThink)
		d.state = afterTag
	}
	if d.state == afterTag {
		if piece = strings.TrimLeft(piece, space); piece == "" {
			return nil
		}
		d.state = thinking
	}
	if d.state == thinking {
		thought, said, closed := strings.Cut(piece, closeThink)
		if !closed {
			n := keep(piece)
			d.rest = piece[n:]
			return d.think(piece[:n])
		}
		d.state = beforeText
		if err := d.think(strings.TrimRight(thought, space)); err != nil {
			return err
		}
		piece = said
	}
	if piece = strings.TrimLeft(piece, space); piece == "" {
		return nil
	}
	d.state = text
	return d.say(piece)
}

// keep returns the index in a piece of thinking from which on it may be the end:
// white space, or a beginning of the closing mark, or both.
func keep(piece string) int {
	n := len(piece)
	for k := min(n, len(closeThink)-1); k > 0; k-- {
		if strings.HasSuffix(piece, closeThink[:k]) {
			n -= k
			break
		}
	}
	return len(strings.TrimRight(piece[:n], space))
}

// flush emits what was kept back: it is no mark. Space at the end of thinking
// stays out.
func (d *decoder) flush() error {
	rest := strings.TrimRight(d.rest, space)
	d.rest = ""
	if d.state == text {
		return nil
	}
	return d.think(rest)
}

// think emits thinking, if there is any.
func (d *decoder) think(s string) error {
	if s == "" {
		return nil
	}
	return d.emit(model.Event{Kind: model.EventThinking, Index: thinkingIndex, Text: s})
}

// say emits text, if there is any.
func (d *decoder) say(s string) error {
	if s == "" {
		return nil
	}
	return d.emit(model.Event{Kind: model.EventText, Index: textIndex, Text: s})
}
