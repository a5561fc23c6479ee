package bedrock

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// A streamDecoder turns the frames of one answer of ConverseStream into events.
// It is used by the goroutine that ranges over the stream, and by no other.
//
// It takes blocks as they come. The service sends no start of text and thinking.
// Indices that are sparse or interleaved and stops that are missing were not seen,
// and are no reason to lose an answer.
type streamDecoder struct {
	frameReader
	emit  func(model.Event) bool // returns false if the consumer has left the loop
	facts *facts.Facts           // of the model

	ev         wire.Event    // the last event; its space is used again
	index      int           // of the last block, for events that name none
	whole      map[int]whole // blocks that are emitted when they are complete
	additional json.RawMessage
	stopped    bool           // messageStop was seen
	metadata   *wire.Metadata // nil until it was seen
	resp       model.Response
}

// A whole is a block that comes in pieces for which there is no kind of event. It
// is emitted as one part, once its stop or something else shows that it is
// complete.
type whole interface{ part() model.Part }

// progress implements streamedAnswer. The message ends with messageStop, which
// metadata follows.
func (d *streamDecoder) progress() (stopped, complete bool) {
	return d.stopped, d.stopped && d.metadata != nil
}

// finish implements streamedAnswer.
func (d *streamDecoder) finish(late bool) bool {
	if d.metadata == nil {
		d.metadata = &wire.Metadata{}
		if late {
			d.resp.Warnings = append(d.resp.Warnings, lateUsage)
		}
	}
	about(&d.resp, d.metadata, d.additional, d.facts)
	return d.emit(model.Event{Kind: model.EventFinish, Response: &d.resp})
}

// event implements streamedAnswer.
func (d *streamDecoder) event(eventType string, payload []byte) error {
	if err := wire.ParseEvent(eventType, payload, &d.ev); err != nil {
		return d.malformed(fmt.Sprintf("event %s: %v", eventType, err), err)
	}
	return d.translate()
}

// translate turns the event in d.ev into neutral events. Deltas come first: they
// are nearly all of a stream.
func (d *streamDecoder) translate() error {
	ev := &d.ev
	if ev.HasIndex {
		d.index = ev.Index
	}
	switch ev.Kind {
	case wire.EventBlockDelta:
		return d.delta(&ev.Delta)
	case wire.EventBlockStart:
		return d.start(ev.Start)
	case wire.EventBlockStop:
		return d.stop()
	case wire.EventMessageStop:
		d.stopped = true
		d.resp.StopReason = blocks.StopReason(ev.StopReason)
		d.additional = ev.AdditionalModelResponseFields
		return d.flush()
	case wire.EventMetadata:
		d.metadata = ev.Metadata
	}
	return nil // messageStart says nothing new; unknown events are passed over
}

// hand emits an event of the current block.
func (d *streamDecoder) hand(ev model.Event) error {
	ev.Index = d.index
	if !d.emit(ev) {
		return errLeft
	}
	return nil
}

// delta emits a piece of the current block, or keeps it if there is no event for
// it. An empty piece is emitted, too: it may be all that there is of a block.
func (d *streamDecoder) delta(delta *wire.Delta) error {
	if len(d.whole) > 0 && !d.goesOn(delta.Kind) {
		if err := d.handWhole(); err != nil {
			return err
		}
	}
	switch delta.Kind {
	case wire.DeltaText:
		return d.hand(model.Event{Kind: model.EventText, Text: delta.Text})
	case wire.DeltaToolInput:
		return d.hand(model.Event{Kind: model.EventToolInput, Text: delta.Text})
	case wire.DeltaReasoningText:
		return d.hand(model.Event{Kind: model.EventThinking, Text: delta.Text})
	case wire.DeltaReasoningSignature:
		return d.hand(model.Event{Kind: model.EventSignature, Text: delta.Text})
	case wire.DeltaRedactedContent:
		return d.hand(model.Event{Kind: model.EventRedacted, Part: model.Thinking{Redacted: delta.Redacted}})
	case wire.DeltaCitation:
		return d.hand(model.Event{Kind: model.EventCitation,
			Part: model.CitedText{Citations: []model.Citation{blocks.Citation(delta.Citation)}}})
	case wire.DeltaToolResult:
		w, ok := d.whole[d.index].(*wholeResult)
		if !ok {
			w = &wholeResult{}
			d.keep(w)
		}
		w.content = append(w.content, delta.ToolResult...)
	case wire.DeltaImage:
		w, ok := d.whole[d.index].(*wholeImage)
		if !ok {
			w = &wholeImage{}
			d.keep(w)
		}
		w.add(delta.Image)
	case wire.DeltaUnknown:
		d.skip(delta.Unknown.Name)
	}
	return nil
}

// goesOn reports whether a delta may belong to the block that is kept at its
// index. If not, that block is complete, though its stop was not sent.
func (d *streamDecoder) goesOn(kind wire.DeltaKind) bool {
	switch d.whole[d.index].(type) {
	case *wholeResult:
		return kind == wire.DeltaToolResult || kind == wire.DeltaNone || kind == wire.DeltaUnknown
	case *wholeImage:
		return kind == wire.DeltaImage || kind == wire.DeltaNone || kind == wire.DeltaUnknown
	}
	return true
}

// start emits the beginning of a block. A call has its id and its name there.
func (d *streamDecoder) start(s *wire.BlockStart) error {
	if err := d.handWhole(); err != nil { // its stop was not sent
		return err
	}
	switch {
	case s == nil:
	case s.ToolUse != nil:
		return d.hand(model.Event{Kind: model.EventToolCall,
			Part: blocks.Call(s.ToolUse.ToolUseID, s.ToolUse.Name, s.ToolUse.Type, nil)})
	case s.ToolResult != nil:
		d.keep(&wholeResult{start: *s.ToolResult})
	case s.Image != nil:
		d.keep(&wholeImage{image: wire.Image{Format: s.Image.Format}})
	case s.Unknown != nil:
		d.skip(s.Unknown.Name)
	}
	return nil // other blocks begin with their first delta
}

// stop emits the end of the current block.
func (d *streamDecoder) stop() error {
	if err := d.handWhole(); err != nil {
		return err
	}
	return d.hand(model.Event{Kind: model.EventPartDone})
}

// keep keeps a block back, in its first piece.
func (d *streamDecoder) keep(w whole) {
	if d.whole == nil {
		d.whole = make(map[int]whole)
	}
	d.whole[d.index] = w
}

// handWhole emits the block of the current index, if it was kept back.
func (d *streamDecoder) handWhole() error {
	w, ok := d.whole[d.index]
	if !ok {
		return nil
	}
	delete(d.whole, d.index)
	return d.hand(model.Event{Kind: model.EventPart, Part: w.part()})
}

// flush emits the kept blocks whose stop was not sent. The answer is complete by
// then, so they are.
func (d *streamDecoder) flush() error {
	for _, index := range slices.Sorted(maps.Keys(d.whole)) {
		d.index = index
		if err := d.handWhole(); err != nil {
			return err
		}
	}
	return nil
}

// skip warns of a piece of the answer that this version does not know. Pieces
// cannot be kept as blocks can: how they fit together is not known.
func (d *streamDecoder) skip(name string) {
	field := fmt.Sprintf("answer block %d", d.index)
	for _, w := range d.resp.Warnings { // once a block, not once a piece
		if w.Field == field {
			return
		}
	}
	d.resp.Warnings = append(d.resp.Warnings, model.Warning{Action: model.WarningDropped, Field: field,
		Reason: fmt.Sprintf("a streamed block of the unknown kind %q", name)})
}

// A wholeResult is the result of a tool that the service ran.
type wholeResult struct {
	start   wire.ToolResultStart
	content []wire.ToolResultContent
}

// part implements whole.
func (w *wholeResult) part() model.Part {
	return blocks.ServerResult(w.start.ToolUseID, w.start.Type, w.start.Status, w.content)
}

// A wholeImage is an image that the model made.
type wholeImage struct{ image wire.Image }

// add takes in a piece of the image, or the reason why there is none. The bytes
// of a piece are the decoder's own, so the first one's may be appended to.
func (w *wholeImage) add(d *wire.ImageDelta) {
	switch {
	case d.Source == nil && d.Error != nil:
		w.image.Error = d.Error
	case d.Source == nil:
	case w.image.Source == nil:
		w.image.Source = d.Source
	default:
		w.image.Source.Bytes = append(w.image.Source.Bytes, d.Source.Bytes...)
	}
}

// part implements whole.
func (w *wholeImage) part() model.Part { return blocks.Image(&w.image) }
