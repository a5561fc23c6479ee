package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// An accumulator puts the parts of an answer together from events, keyed by
// block index. Its cost is linear in the size of the answer.
type accumulator struct {
	provider string
	blocks   []*block       // ordered by index; equal indices in order of arrival
	open     map[int]*block // the blocks that deltas go to
	last     *block         // the open block of the last event, mostly the next one's too
}

// A block is a part that is being put together.
type block struct {
	index     int
	shape     blockShape
	text      strings.Builder // text, thinking or a tool call's input
	signature strings.Builder
	redacted  []byte
	citations []Citation
	head      Part // the call without input, or a part that came whole
	done      bool
	final     Part // set when done
}

type blockShape uint8

const (
	shapeText blockShape = iota + 1
	shapeThinking
	shapeRedacted
	shapeCall
	shapeWhole
)

// shapeOf returns the shape of the block that an event belongs to.
func shapeOf(ev Event) (blockShape, error) {
	switch ev.Kind {
	case EventText, EventCitation:
		return shapeText, nil
	case EventThinking, EventSignature:
		return shapeThinking, nil
	case EventRedacted:
		return shapeRedacted, nil
	case EventToolCall, EventToolInput:
		return shapeCall, nil
	case EventPart:
		return shapeWhole, nil
	}
	return 0, &Error{Kind: ErrMalformed, Message: fmt.Sprintf("the provider emitted an event of kind %d, which does not exist", ev.Kind)}
}

func (a *accumulator) lookup(index int) *block {
	if a.last != nil && a.last.index == index && !a.last.done {
		return a.last
	}
	return a.open[index]
}

// closes returns the end of the open block at the event's index if the event
// begins another one there, as from a provider that does not count.
func (a *accumulator) closes(ev Event) (Event, bool) {
	b := a.lookup(ev.Index)
	if b == nil {
		return Event{}, false
	}
	shape, err := shapeOf(ev)
	begins := ev.Kind == EventToolCall || ev.Kind == EventPart
	if err != nil || (shape == b.shape && !begins) {
		return Event{}, false
	}
	part, _ := a.finish(ev.Index, nil)
	return Event{Kind: EventPartDone, Index: ev.Index, Part: part}, true
}

// add takes in an event that is neither the end of a part nor of the answer.
func (a *accumulator) add(ev Event) error {
	b := a.lookup(ev.Index)
	if b == nil {
		shape, err := shapeOf(ev)
		if err != nil {
			return err
		}
		b = a.begin(ev.Index, shape)
	}
	a.last = b
	return b.add(ev)
}

// begin opens a block at its place in the order of indices.
func (a *accumulator) begin(index int, shape blockShape) *block {
	b := &block{index: index, shape: shape}
	if a.open == nil {
		a.open = make(map[int]*block)
	}
	a.open[index] = b
	i := len(a.blocks)
	for i > 0 && a.blocks[i-1].index > index {
		i--
	}
	a.blocks = slices.Insert(a.blocks, i, b)
	return b
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
		b.final = b.part(a.provider)
	}
	return b.final, true
}

// snapshot returns all parts so far. Parts that are not done say so.
func (a *accumulator) snapshot() []Part {
	if len(a.blocks) == 0 {
		return nil
	}
	parts := make([]Part, len(a.blocks))
	for i, b := range a.blocks {
		if parts[i] = b.final; !b.done {
			parts[i] = incomplete(b.part(a.provider))
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
		if string(p.Input) == "{}" { // so far; more may have been to come
			p.Input = nil
		}
		return p
	}
	return p
}

func (b *block) add(ev Event) error {
	switch ev.Kind {
	case EventText, EventThinking, EventToolInput:
		b.text.WriteString(ev.Text)
	case EventSignature:
		b.signature.WriteString(ev.Text)
	case EventRedacted:
		t, ok := ev.Part.(Thinking)
		if !ok {
			return unfit(ev)
		}
		b.redacted = append(b.redacted, t.Redacted...)
	case EventCitation:
		t, ok := ev.Part.(CitedText)
		if !ok {
			return unfit(ev)
		}
		b.citations = append(b.citations, t.Citations...)
	case EventToolCall:
		switch ev.Part.(type) {
		case ToolCall, ServerToolCall:
			b.head = ev.Part
		default:
			return unfit(ev)
		}
	case EventPart:
		if ev.Part == nil {
			return unfit(ev)
		}
		b.head = ev.Part
	}
	return nil
}

func unfit(ev Event) error {
	return &Error{Kind: ErrMalformed, Message: fmt.Sprintf("the provider emitted an event %s with a part of type %T", ev.Kind, ev.Part)}
}

// part puts the block together.
func (b *block) part(provider string) Part {
	switch b.shape {
	case shapeThinking:
		return Thinking{Text: b.text.String(), Signature: b.signature.String(), Provider: provider}
	case shapeRedacted:
		return Thinking{Redacted: slices.Clone(b.redacted), Provider: provider}
	case shapeCall:
		return b.call()
	case shapeWhole:
		return b.head
	}
	if len(b.citations) > 0 {
		return CitedText{Text: b.text.String(), Citations: cloneCitations(b.citations)}
	}
	return Text(b.text.String())
}

// call completes the tool call of a block. Input that never began is the
// empty object; input that is not JSON is kept apart.
func (b *block) call() Part {
	input, invalid := toolInput(b.text.String())
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

func toolInput(text string) (input json.RawMessage, invalid string) {
	raw := []byte(text)
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return json.RawMessage("{}"), ""
	case json.Valid(raw):
		return raw, ""
	}
	return nil, text
}
