package model

import "context"

// Replay returns a stream that plays a complete answer: one event for each
// text, thinking, signature and call, and at last the answer itself. It is for
// answers that were not streamed, or not now: from a cache, or from a model
// that cannot stream what was asked. Resp is not modified; the stream's
// consumer is given it as it is.
func Replay(ctx context.Context, info StreamInfo, resp *Response) *Stream {
	return NewStream(ctx, info, func(_ context.Context, emit func(Event) bool) error {
		if resp == nil {
			return errNothing("stream")
		}
		if replay(resp, emit) {
			emit(Event{Kind: EventFinish, Response: resp})
		}
		return nil
	})
}

// replay emits the events of an answer's parts. It reports false if the
// consumer has left.
func replay(resp *Response, emit func(Event) bool) bool {
	for i, p := range resp.Message.Parts {
		for _, ev := range eventsOf(i, p) {
			if !emit(ev) {
				return false
			}
		}
	}
	return true
}

// eventsOf returns the events that bring a part in one piece. The last one
// holds the part itself, so that nothing depends on how it is put together.
func eventsOf(index int, p Part) []Event {
	done := Event{Kind: EventPartDone, Index: index, Part: p}
	piece := func(kind EventKind, text string) Event { return Event{Kind: kind, Index: index, Text: text} }
	switch p := p.(type) {
	case Text:
		return []Event{piece(EventText, string(p)), done}
	case CitedText:
		all := []Event{piece(EventText, p.Text)}
		for _, c := range p.Citations {
			all = append(all, Event{Kind: EventCitation, Index: index, Part: CitedText{Citations: []Citation{c}}})
		}
		return append(all, done)
	case Thinking:
		if len(p.Redacted) > 0 {
			return []Event{{Kind: EventRedacted, Index: index, Part: Thinking{Redacted: p.Redacted, Provider: p.Provider, Model: p.Model}}, done}
		}
		all := []Event{piece(EventThinking, p.Text)}
		if p.Signature != "" {
			all = append(all, piece(EventSignature, p.Signature))
		}
		return append(all, done)
	case ToolCall:
		input := string(p.Input) + p.InvalidInput
		p.Input, p.InvalidInput = nil, ""
		return []Event{{Kind: EventToolCall, Index: index, Part: p}, piece(EventToolInput, input), done}
	case ServerToolCall:
		input := string(p.Input) + p.InvalidInput
		p.Input, p.InvalidInput = nil, ""
		return []Event{{Kind: EventToolCall, Index: index, Part: p}, piece(EventToolInput, input), done}
	}
	return []Event{{Kind: EventPart, Index: index, Part: p}, done}
}
