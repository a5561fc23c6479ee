package anthropic

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// A decoder reads the events of one streamed answer. It keeps nothing of a
// chunk, whose buffer the next one overwrites: what it needs later is copied.
// Blocks are told apart by their index alone, so they may interleave.
type decoder struct {
	emit     func(model.Event) error // an error of it ends the decoding: the consumer has left
	scratch  []byte                  // for texts with escapes; used again for each chunk
	progress native.Progress
	held     map[int]*held // blocks that are emitted when they are complete

	stopReason model.StopReason
	usage      json.RawMessage
	start, end json.RawMessage // the message's members at its beginning and end, for response fields
	warnings   []model.Warning
}

// A held is a block that may come in pieces for which the stream of events has
// no kind. It is emitted as one part at its end.
type held struct {
	kind  string
	raw   json.RawMessage
	input strings.Builder // of a block whose input comes in pieces
}

// Stream returns a decoder of chunks, each of which is one event.
func (Codec) Stream(emit func(model.Event) error) native.Decoder { return &decoder{emit: emit} }

// Progress reports whether message_stop was seen. Nothing comes after it, since
// Bedrock's own measurements ride in that chunk. A stream that ends before it is
// cut off, however complete its blocks look.
func (d *decoder) Progress() native.Progress { return d.progress }

// Answer returns what is known about the message, at any time: the answer to a
// stream that broke off is reported, too. The members at the end come before
// those at the beginning, which has them as null.
func (d *decoder) Answer() *native.Answer {
	a := &native.Answer{StopReason: d.stopReason, Warnings: d.warnings, Sources: []json.RawMessage{d.end, d.start}}
	a.Usage, a.RawUsage, a.Garbled = decodeUsage(d.usage) // once, of all that came
	return a
}

// An event is any of the format's, all members in one struct. What depends on
// the type of event stays raw.
type event struct {
	Type         string          `json:"type"`
	Index        native.Index    `json:"index"`
	Message      json.RawMessage `json:"message"`
	ContentBlock json.RawMessage `json:"content_block"`
	Delta        json.RawMessage `json:"delta"`
	Usage        json.RawMessage `json:"usage"`
	Error        *apiError       `json:"error"`
	Completion   json.RawMessage `json:"completion"`
}

// Chunk takes in an event. Nearly all of them are deltas in one of a few forms,
// which are read without decoding; see cutDelta.
func (d *decoder) Chunk(chunk []byte) error {
	if ev, ok := d.cutDelta(chunk); ok {
		return d.emit(ev)
	}
	var ev event
	if err := json.Unmarshal(chunk, &ev); err != nil {
		return err
	}
	switch ev.Type {
	case "message_start":
		return d.begin(ev.Message)
	case "content_block_start":
		return d.beginBlock(int(ev.Index), ev.ContentBlock)
	case "content_block_delta":
		return d.delta(int(ev.Index), ev.Delta)
	case "content_block_stop":
		return d.endBlock(int(ev.Index))
	case "message_delta":
		return d.about(ev.Delta, ev.Usage)
	case "message_stop":
		d.progress = native.Complete
	case "error": // after a 200, as when the model is overloaded in mid-answer
		if ev.Error == nil {
			ev.Error = &apiError{Message: "the model broke off with an error that it does not name"}
		}
		return &native.ServiceError{Type: ev.Error.Type, Message: ev.Error.Message}
	}
	if ev.Completion != nil { // with a type of event or without one
		return errCompletion
	}
	return nil // a ping, or an event of the future
}

// begin reads the message as it is at its beginning: no content yet, and the
// counters of the prompt.
func (d *decoder) begin(raw json.RawMessage) error {
	var m struct {
		Usage json.RawMessage `json:"usage"`
	}
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("message_start: %w", err)
	}
	d.start = clone(raw)
	d.count(m.Usage)
	return nil
}

// about reads the end of a message: why it stopped, and the counters of the
// answer.
func (d *decoder) about(delta, usage json.RawMessage) error {
	var v struct {
		StopReason string `json:"stop_reason"`
	}
	if len(delta) > 0 {
		if err := json.Unmarshal(delta, &v); err != nil {
			return fmt.Errorf("message_delta: %w", err)
		}
		d.end = clone(delta)
	}
	if v.StopReason != "" { // a later delta may bring counters alone
		d.stopReason = blocks.StopReason(v.StopReason)
	}
	d.count(usage)
	return nil
}

// count takes in counters over those that have come before.
func (d *decoder) count(raw json.RawMessage) {
	if len(raw) > 0 && string(raw) != "null" {
		d.usage = mergeUsage(d.usage, raw)
	}
}

// beginBlock emits the beginning of a block. Text and thinking usually begin
// empty, and so without an event; if they do not, nothing is lost.
func (d *decoder) beginBlock(index int, raw json.RawMessage) error {
	kind, err := typeOf(raw)
	if err != nil {
		return fmt.Errorf("content_block_start: %w", err)
	}
	if !known(kind) || strings.HasSuffix(kind, resultSuffix) {
		// There are no events for pieces of these, so each is emitted once, as a
		// part. Its input may still come in pieces.
		d.hold(index, &held{kind: kind, raw: clone(raw)})
		return nil
	}
	var b contentBlock
	if err := json.Unmarshal(raw, &b); err != nil {
		return fmt.Errorf("content_block_start: %w", err)
	}
	switch kind {
	case "text":
		return d.beginText(index, &b)
	case "thinking":
		if err := d.some(model.EventThinking, index, b.Thinking); err != nil {
			return err
		}
		return d.some(model.EventSignature, index, b.Signature) // of thinking that is not shown
	case "redacted_thinking": // it comes whole: there are no deltas for it
		return d.emit(model.Event{Kind: model.EventRedacted, Index: index,
			Part: model.Thinking{Redacted: []byte(b.Data), Provider: blocks.Provider}})
	}
	if err := d.emit(model.Event{Kind: model.EventToolCall, Index: index, Part: b.call(nil)}); err != nil {
		return err
	}
	// A call begins with the input {}, which stands for none so far. An object
	// with members is the whole input, sent at once.
	if members, err := native.Members(b.Input); err == nil && len(members) > 0 {
		return d.some(model.EventToolInput, index, string(b.Input))
	}
	return nil
}

// beginText emits the citations and the text that a block begins with.
func (d *decoder) beginText(index int, b *contentBlock) error {
	for _, raw := range b.Citations {
		if err := d.cite(index, raw); err != nil {
			return err
		}
	}
	return d.some(model.EventText, index, b.Text)
}

// some emits a piece unless it is empty.
func (d *decoder) some(kind model.EventKind, index int, text string) error {
	if text == "" {
		return nil
	}
	return d.emit(model.Event{Kind: kind, Index: index, Text: text})
}

// A delta holds the members of all kinds of delta.
type delta struct {
	Type        string          `json:"type"`
	Text        string          `json:"text"`
	PartialJSON string          `json:"partial_json"`
	Thinking    string          `json:"thinking"`
	Signature   string          `json:"signature"`
	Citation    json.RawMessage `json:"citation"`
}

// delta emits a piece of a block.
func (d *decoder) delta(index int, raw json.RawMessage) error {
	kind, err := typeOf(raw)
	if err != nil {
		return fmt.Errorf("content_block_delta: %w", err)
	}
	var v delta
	switch kind { // the members of unknown kinds may have any form
	case "text_delta", "input_json_delta", "thinking_delta", "signature_delta", "citations_delta":
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("content_block_delta: %w", err)
		}
	}
	h := d.held[index]
	switch {
	case kind == "input_json_delta" && h != nil: // such as that of mcp_tool_use
		h.input.WriteString(v.PartialJSON)
		return nil
	// Empty pieces are emitted, too: a call begins with one.
	case kind == "text_delta":
		return d.emit(model.Event{Kind: model.EventText, Index: index, Text: v.Text})
	case kind == "input_json_delta":
		return d.emit(model.Event{Kind: model.EventToolInput, Index: index, Text: v.PartialJSON})
	case kind == "thinking_delta":
		return d.emit(model.Event{Kind: model.EventThinking, Index: index, Text: v.Thinking})
	case kind == "signature_delta":
		return d.emit(model.Event{Kind: model.EventSignature, Index: index, Text: v.Signature})
	case kind == "citations_delta":
		return d.cite(index, v.Citation)
	}
	d.skip(index, kind)
	return nil
}

// cite emits a citation of the text of its block. Citations come before the text.
func (d *decoder) cite(index int, raw json.RawMessage) error {
	c, err := decodeCitation(raw)
	if err != nil {
		return fmt.Errorf("citation: %w", err)
	}
	return d.emit(model.Event{Kind: model.EventCitation, Index: index,
		Part: model.CitedText{Citations: []model.Citation{c}}})
}

// skip warns of a piece of the answer that this version does not know. Pieces
// cannot be kept as blocks can: how they fit together is not known.
func (d *decoder) skip(index int, kind string) {
	field := fmt.Sprintf("answer block %d", index)
	for _, w := range d.warnings { // once a block, not once a piece
		if w.Field == field {
			return
		}
	}
	d.warnings = append(d.warnings, model.Warning{Action: model.WarningDropped, Field: field,
		Reason: fmt.Sprintf("pieces of the unknown kind %q", kind)})
}

// hold keeps a block until its end. A block at the same index is replaced: its
// end has not come, and cannot come any more.
func (d *decoder) hold(index int, h *held) {
	if d.held == nil {
		d.held = make(map[int]*held)
	}
	d.held[index] = h
}

// endBlock emits a block that was held, and the end of any block.
func (d *decoder) endBlock(index int) error {
	if h, ok := d.held[index]; ok {
		delete(d.held, index)
		p, err := h.part()
		if err != nil {
			return fmt.Errorf("content block %d: %w", index, err)
		}
		if err := d.emit(model.Event{Kind: model.EventPart, Index: index, Part: p}); err != nil {
			return err
		}
	}
	// Also for an index that has not begun: the stream passes over such an end.
	return d.emit(model.Event{Kind: model.EventPartDone, Index: index})
}

// part returns the complete block. Input that came in pieces takes the place of
// the empty one that the block began with, unless it is not JSON: the block then
// keeps the input that it came with.
func (h *held) part() (model.Part, error) {
	raw := h.raw
	if input := h.input.String(); rawjson.Valid([]byte(input)) {
		raw = overlay(raw, json.RawMessage(`{"input":`+input+`}`))
	}
	return decodeBlock(raw)
}
