package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// An accumulator puts the parts of an answer together from events, keyed by
// block index. Its cost is linear in the size of the answer.
type accumulator struct {
	provider string         // who thinks
	base     string         // by which model
	blocks   []*block       // in order of arrival
	open     map[int]*block // the blocks that deltas go to
	last     *block         // the open block of the last event, usually the next one's too
}

// A block is a part that is being put together.
type block struct {
	index     int
	shape     blockShape
	text      pieces // text, thinking or a tool call's input
	signature strings.Builder
	redacted  []byte
	citations []Citation
	head      Part // the call without input, or a part that came whole
	done      bool
	final     Part // set when done
}

// A blockShape is what a block becomes. Events of another shape at its index
// belong to another block.
type blockShape uint8

const (
	shapeText blockShape = iota + 1
	shapeThinking
	shapeRedacted
	shapeCall
	shapeWhole
)

// shapeOf returns the shape of the block that an event belongs to, or an
// error if the event is not one that a provider may emit.
func shapeOf(ev *Event) (blockShape, error) {
	var shape blockShape
	var fits bool
	switch ev.Kind {
	case EventText:
		return shapeText, nil
	case EventThinking, EventSignature:
		return shapeThinking, nil
	case EventToolInput:
		return shapeCall, nil
	case EventCitation:
		shape = shapeText
		_, fits = ev.Part.(CitedText)
	case EventRedacted:
		shape = shapeRedacted
		_, fits = ev.Part.(Thinking)
	case EventToolCall:
		shape = shapeCall
		switch ev.Part.(type) {
		case ToolCall, ServerToolCall:
			fits = true
		}
	case EventPart:
		shape, fits = shapeWhole, ev.Part != nil
	default:
		return 0, &Error{Kind: ErrMalformed, Message: fmt.Sprintf("the provider emitted an event of kind %d, which does not exist", ev.Kind)}
	}
	if !fits {
		return 0, &Error{Kind: ErrMalformed, Message: fmt.Sprintf("the provider emitted an event %s with a part of type %T", ev.Kind, ev.Part)}
	}
	return shape, nil
}

// lookup returns the open block at an index, nil if there is none. Nearly all
// events go to the block of the one before, which spares the map.
func (a *accumulator) lookup(index int) *block {
	if a.last != nil && a.last.index == index && !a.last.done {
		return a.last
	}
	return a.open[index]
}

// closes ends the open block at the event's index and returns its part if the
// event begins another one there, as from a provider that does not count.
func (a *accumulator) closes(ev *Event, shape blockShape) (Part, bool) {
	b := a.lookup(ev.Index)
	begins := ev.Kind == EventToolCall || ev.Kind == EventPart
	if b == nil || (shape == b.shape && !begins) {
		return nil, false
	}
	return a.finish(ev.Index, nil)
}

// add takes in an event that is neither the end of a part nor of the answer.
func (a *accumulator) add(ev *Event, shape blockShape) {
	b := a.lookup(ev.Index)
	if b == nil {
		b = a.begin(ev.Index, shape)
	}
	a.last = b
	b.add(ev)
}

// begin opens a block.
func (a *accumulator) begin(index int, shape blockShape) *block {
	b := &block{index: index, shape: shape}
	if a.open == nil {
		a.open = make(map[int]*block)
	}
	a.open[index] = b
	a.blocks = append(a.blocks, b)
	return b
}

// ordered returns the blocks by index; those of one index in order of arrival.
func (a *accumulator) ordered() []*block {
	slices.SortStableFunc(a.blocks, func(x, y *block) int { return cmp.Compare(x.index, y.index) })
	return a.blocks
}

// finish completes the block at index and returns its part; given overrides
// what was put together. It reports false if there is no open block.
func (a *accumulator) finish(index int, given Part) (Part, bool) {
	b := a.lookup(index)
	if b == nil {
		return nil, false
	}
	delete(a.open, index)
	b.done = true
	if b.final = given; given == nil {
		b.final = b.part(a.provider, a.base)
	}
	return b.final, true
}

// snapshot returns all parts so far. Parts that are not done say so.
func (a *accumulator) snapshot() []Part {
	if len(a.blocks) == 0 {
		return nil
	}
	parts := make([]Part, len(a.blocks))
	for i, b := range a.ordered() {
		if parts[i] = b.final; !b.done {
			parts[i] = incomplete(b.part(a.provider, a.base))
		}
	}
	return parts
}

// incomplete marks a part whose end was not seen, as far as its kind can.
func incomplete(p Part) Part {
	switch p := p.(type) {
	case Thinking:
		p.Incomplete = true
		return p
	case ToolCall:
		p.Input = begun(p.Input)
		return p
	case ServerToolCall:
		p.Input = begun(p.Input)
		return p
	}
	return p
}

// begun returns a call's input so far. It is nil for the empty object: that may
// be the input of a call without arguments, or one that was cut off before them.
func begun(input json.RawMessage) json.RawMessage {
	if string(input) == "{}" {
		return nil
	}
	return input
}

// add takes in an event. Which part it holds has been checked by shapeOf.
func (b *block) add(ev *Event) {
	switch ev.Kind {
	case EventText, EventThinking, EventToolInput:
		b.text.add(ev.Text)
	case EventSignature:
		b.signature.WriteString(ev.Text)
	case EventRedacted:
		b.redacted = append(b.redacted, ev.Part.(Thinking).Redacted...)
	case EventCitation:
		b.citations = append(b.citations, ev.Part.(CitedText).Citations...)
	case EventToolCall, EventPart:
		b.head = ev.Part
	}
}

// part puts the block together.
func (b *block) part(provider, base string) Part {
	switch b.shape {
	case shapeThinking:
		return Thinking{Text: b.text.join(), Signature: b.signature.String(), Provider: provider, Model: base}
	case shapeRedacted:
		return Thinking{Redacted: slices.Clone(b.redacted), Provider: provider, Model: base}
	case shapeCall:
		return b.call()
	case shapeWhole:
		if q, ok := b.head.(Opaque); ok && q.Model == "" && q.Provider != "" {
			q.Model = base
			return q
		}
		return b.head
	}
	if len(b.citations) > 0 {
		return CitedText{Text: b.text.join(), Citations: cloneCitations(b.citations)}
	}
	return Text(b.text.join())
}

// call completes the tool call of a block. Input that never began is the
// empty object; input that is not JSON is kept apart.
func (b *block) call() Part {
	input, invalid := toolInput(b.text.join())
	switch c := b.head.(type) {
	case ServerToolCall:
		c.Input, c.InvalidInput = input, invalid
		return c
	case ToolCall:
		c.Input, c.InvalidInput = input, invalid
		return c
	}
	return ToolCall{Input: input, InvalidInput: invalid} // deltas without a beginning
}

// toolInput returns a call's input if the text is JSON, and the text otherwise.
func toolInput(text string) (input json.RawMessage, invalid string) {
	raw := []byte(text)
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return json.RawMessage("{}"), ""
	case rawjson.Valid(raw):
		return raw, ""
	}
	return nil, text
}

// Pieces put a text together that comes bit by bit. A long piece is kept as it
// is, short ones are copied into chunks that are filled and never grown, and
// all are joined once, so that a text is copied once or twice. The zero value
// is the empty text.
type pieces struct {
	full  []string // what stands before the last chunk
	size  int      // of full, in bytes
	chunk strings.Builder

	joined bool // before
}

const (
	firstChunk = 64
	lastChunk  = 4 << 10 // chunks double up to this
	longPiece  = 1 << 10 // is not copied into a chunk
)

// add adds a piece. It never copies what is there already.
func (p *pieces) add(s string) {
	if p.chunk.Cap()-p.chunk.Len() < len(s) {
		next := max(firstChunk, min(2*p.chunk.Cap(), lastChunk))
		p.close()
		if len(s) >= longPiece {
			p.keep(s)
			return
		}
		p.chunk.Grow(max(next, len(s)))
	}
	p.chunk.WriteString(s)
}

// close ends the chunk.
func (p *pieces) close() {
	if p.chunk.Len() > 0 {
		p.keep(p.chunk.String())
		p.chunk.Reset()
	}
}

// keep adds a piece as it is.
func (p *pieces) keep(s string) {
	p.full = append(p.full, s)
	p.size += len(s)
}

// join returns the text so far. What is added later does not change it.
func (p *pieces) join() string {
	if len(p.full) == 0 {
		return p.chunk.String()
	}
	p.close()
	full, room := p.full, p.size
	if p.joined { // somebody looks at it while it grows; that must not take a copy each time
		room *= 2
	}
	p.full, p.size, p.joined = nil, 0, true
	p.chunk.Grow(room)
	for _, s := range full {
		p.chunk.WriteString(s)
	}
	return p.chunk.String()
}
