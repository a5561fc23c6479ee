package fake

import (
	"bytes"

	"github.com/chatmodel-go/chatmodel/model"
)

// render returns the events of a stream that brings resp. They leave the
// parts to be put together by the stream, as a provider's do, so that what a
// caller gets is what has arrived.
func render(resp *model.Response, provider string, c cutter) ([]model.Event, error) {
	r := renderer{cutter: c, provider: provider}
	for i, p := range resp.Message.Parts {
		r.index = i
		r.part(p)
	}
	if len(r.cutter.splits) > 0 {
		return nil, scriptErrorf("Split(%q): no part of the answer is what the pieces add up to", r.cutter.splits[0])
	}
	end := *resp
	end.Message.Parts = nil
	return append(r.events, model.Event{Kind: model.EventFinish, Response: &end}), nil
}

// A renderer turns parts into events.
type renderer struct {
	cutter   cutter
	provider string // whose thinking the stream takes it for
	index    int    // of the part
	events   []model.Event
}

func (r *renderer) part(p model.Part) {
	switch p := p.(type) {
	case model.Text:
		r.text(string(p))
		r.done(nil)
	case model.CitedText:
		r.citedText(p)
	case model.Thinking:
		r.thinking(p)
	case model.ToolCall:
		r.call(model.ToolCall{ID: p.ID, Name: p.Name}, string(p.Input)+p.InvalidInput)
	case model.ServerToolCall:
		r.call(model.ServerToolCall{ID: p.ID, Name: p.Name, Kind: p.Kind}, string(p.Input)+p.InvalidInput)
	default:
		r.whole(p)
	}
}

// text emits at least one event: an empty text begins by it.
func (r *renderer) text(text string) {
	if r.deltas(model.EventText, text) == 0 {
		r.emit(model.Event{Kind: model.EventText})
	}
}

// citedText emits citations before the text that they are for, as Bedrock does.
func (r *renderer) citedText(p model.CitedText) {
	for i := range p.Citations {
		r.emit(model.Event{Kind: model.EventCitation, Part: model.CitedText{Citations: p.Citations[i : i+1 : i+1]}})
	}
	r.text(p.Text)
	if len(p.Citations) == 0 {
		r.done(p) // put together from its events it would be plain text
		return
	}
	r.done(nil)
}

func (r *renderer) thinking(p model.Thinking) {
	redacted := len(p.Redacted) > 0
	switch {
	case redacted && (p.Text != "" || p.Signature != ""):
		r.whole(p) // no stream brings both
		return
	case redacted:
		for _, piece := range r.cutter.cut(model.EventRedacted, string(p.Redacted)) {
			r.emit(model.Event{Kind: model.EventRedacted, Part: model.Thinking{Redacted: []byte(piece)}})
		}
	default:
		n := r.deltas(model.EventThinking, p.Text) + r.deltas(model.EventSignature, p.Signature)
		if n == 0 {
			r.emit(model.Event{Kind: model.EventThinking})
		}
	}
	if p.Incomplete || p.Provider != r.provider {
		r.done(p) // no event brings these
		return
	}
	r.done(nil)
}

// call emits a tool call. A call without arguments has no input events.
func (r *renderer) call(head model.Part, input string) {
	r.emit(model.Event{Kind: model.EventToolCall, Part: head})
	r.deltas(model.EventToolInput, input)
	r.done(nil)
}

func (r *renderer) whole(p model.Part) {
	r.emit(model.Event{Kind: model.EventPart, Part: p})
	r.done(nil)
}

// deltas emits the pieces of a block and returns how many there are.
func (r *renderer) deltas(kind model.EventKind, block string) int {
	pieces := r.cutter.cut(kind, block)
	for _, piece := range pieces {
		r.emit(model.Event{Kind: kind, Text: piece})
	}
	return len(pieces)
}

func (r *renderer) done(p model.Part) {
	r.emit(model.Event{Kind: model.EventPartDone, Part: p})
}

func (r *renderer) emit(ev model.Event) {
	if ev.Kind != model.EventFinish {
		ev.Index = r.index
	}
	r.events = append(r.events, ev)
}

// blank reports whether a tool's input has nothing in it.
func blank(input []byte) bool { return len(bytes.TrimSpace(input)) == 0 }
