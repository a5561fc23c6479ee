package openai

import (
	"bytes"
	"encoding/json"
	"math"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// The indices of the parts of a streamed answer. The format numbers nothing but
// calls, so the parts get the places that they have in a whole answer: see
// message.parts. Calls follow from callIndex on, by their own index.
const (
	thinkingIndex = 0
	textIndex     = 1
	otherIndex    = 2 // parts of the content that are no text; there is hardly ever one
	callIndex     = 3
)

// A decoder reads the chunks of one streamed answer. It keeps nothing of a
// chunk, whose buffer the next one overwrites: what it needs later is copied.
type decoder struct {
	emit     func(model.Event) error // an error of it ends the decoding: the consumer has left
	form     native.Form             // of the chunks that bring text alone; see learn
	split    splitter
	progress native.Progress
	refused  bool           // a piece of a refusal has come
	calls    map[int]string // the ids of the calls that have begun, by index
	lastCall int            // for pieces that name none

	stopReason string
	usage      *model.Usage
	garbled    bool
	raw        json.RawMessage
	source     json.RawMessage // the chunk that ended the message
}

// Stream returns a decoder of chunks.
func (Codec) Stream(emit func(model.Event) error) native.Decoder {
	return &decoder{emit: emit, calls: map[int]string{}}
}

// Progress is Stopped once the reason why the message ended has come. It never
// becomes Complete: the usage follows the reason or comes with it, so nothing
// marks the last chunk.
func (d *decoder) Progress() native.Progress { return d.progress }

// Answer returns what is known about the message, at any time: the answer to a
// stream that broke off is reported, too.
func (d *decoder) Answer() *native.Answer {
	return &native.Answer{StopReason: stopReason(d.stopReason, d.refused), Usage: d.usage, Garbled: d.garbled, RawUsage: d.raw, Sources: []json.RawMessage{d.source}}
}

// Chunk takes in a chunk. One in the learned form needs no decoding.
func (d *decoder) Chunk(chunk []byte) error {
	if text, ok := d.form.Cut(chunk); ok {
		return d.split.add(text, d.piece)
	}
	if string(bytes.TrimSpace(chunk)) == "[DONE]" { // the end by the format's own protocol, from models that keep to it
		return nil
	}
	var c completion
	if err := json.Unmarshal(chunk, &c); err != nil {
		return err
	}
	if err := reported(c.Error); err != nil {
		return err
	}
	// If several chunks have a usage, the last one counts.
	if u, raw, garbled := decodeUsage(c.Usage); u != nil || garbled {
		d.usage, d.raw, d.garbled = u, raw, garbled
	}
	for i := range c.Choices {
		if c.Choices[i].Index != 0 {
			continue // only one was asked for
		}
		if err := d.choice(&c.Choices[i], chunk); err != nil {
			return err
		}
	}
	d.learn(chunk) // decoded in full, and so known to be valid
	return nil
}

// choice takes in the one choice of a chunk.
func (d *decoder) choice(c *choice, chunk []byte) error {
	if c.Text != nil {
		return errCompletion
	}
	if c.Message != nil { // a whole answer in one chunk
		c.Delta = *c.Message
	}
	if err := d.delta(&c.Delta); err != nil {
		return err
	}
	if c.FinishReason == "" {
		return nil
	}
	d.stopReason, d.source, d.progress = c.FinishReason, bytes.Clone(chunk), native.Stopped
	return d.split.end(d.piece) // no text follows, so what may have become a tag is text
}

// delta emits what a piece of the message brings, in the order in which a model
// works. Most bring one thing.
func (d *decoder) delta(m *message) error {
	if t := m.reasoning(); t != "" {
		if err := d.piece(true, t); err != nil {
			return err
		}
	}
	text, others, err := splitContent(m.Content)
	if err != nil {
		return err
	}
	if err := d.split.add(text, d.piece); err != nil {
		return err
	}
	for _, p := range others { // two of them would be two parts at one index, which the stream keeps apart
		if err := d.emit(model.Event{Kind: model.EventPart, Index: otherIndex, Part: p}); err != nil {
			return err
		}
	}
	if m.Refusal != "" {
		d.refused = true
		if err := d.piece(false, m.Refusal); err != nil {
			return err
		}
	}
	for i := range m.ToolCalls {
		if err := d.call(&m.ToolCalls[i]); err != nil {
			return err
		}
	}
	return nil
}

// piece emits thinking or text.
func (d *decoder) piece(think bool, text string) error {
	if think {
		return d.emit(model.Event{Kind: model.EventThinking, Index: thinkingIndex, Text: text})
	}
	return d.emit(model.Event{Kind: model.EventText, Index: textIndex, Text: text})
}

// call emits a call's beginning, which has its id, and the pieces of its
// arguments. Some models do not number their calls, some number all of them
// alike, and some repeat the id with every piece.
func (d *decoder) call(c *toolCall) error {
	index := d.lastCall
	switch {
	case c.Index != nil:
		index = min(max(int(*c.Index), 0), math.MaxInt-callIndex) // no sum with it may wrap round
	case c.ID != "" && len(d.calls) > 0 && d.calls[d.lastCall] != c.ID:
		index++
	}
	d.lastCall = index
	// Another id at an index that is taken is another call, by a model that
	// numbers all of them alike.
	if id, begun := d.calls[index]; !begun || c.ID != "" && c.ID != id {
		d.calls[index] = c.ID
		if err := d.emit(model.Event{Kind: model.EventToolCall, Index: callIndex + index,
			Part: model.ToolCall{ID: c.ID, Name: c.Function.Name}}); err != nil {
			return err
		}
	}
	if c.Function.Arguments == "" {
		return nil
	}
	return d.emit(model.Event{Kind: model.EventToolInput, Index: callIndex + index, Text: c.Function.Arguments})
}
