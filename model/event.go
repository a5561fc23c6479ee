package model

// An Event is a piece of a streamed answer. It is a flat value, so that a
// delta costs its string and nothing else.
//
// A complete stream reads, for every part of the answer, one or more events
// with the part's Index and then an EventPartDone; after the last part one
// EventFinish, and nothing after it. Events of several parts may interleave.
type Event struct {
	Kind EventKind

	// Index says which part of the answer it is. Indices grow with the parts'
	// order in the answer and may have gaps. It is zero for EventFinish.
	Index int

	// Text is the piece of an EventText, EventThinking, EventSignature or
	// EventToolInput. Pieces are cut anywhere, even within a character.
	Text string

	// Part is what an EventRedacted (Thinking), EventCitation (CitedText),
	// EventToolCall (ToolCall or ServerToolCall, without input) or EventPart
	// brings, and the complete part of an EventPartDone.
	Part Part

	// Response is the complete answer of an EventFinish.
	Response *Response
}

// An EventKind says what an [Event] brings.
type EventKind uint8

// The kinds of event. Later versions may add some: pass over those you do not
// know.
const (
	EventText      EventKind = iota + 1 // a piece of text
	EventThinking                       // a piece of thinking
	EventSignature                      // a piece of a thinking block's signature
	EventRedacted                       // a piece of redacted thinking
	EventToolCall                       // a tool call begins
	EventToolInput                      // a piece of a tool call's JSON
	EventCitation                       // a citation for the text of the same index
	EventPart                           // a part that came in one piece
	EventPartDone                       // a part is complete
	EventFinish                         // the answer is complete
)

var eventNames = [...]string{
	EventText:      "text",
	EventThinking:  "thinking",
	EventSignature: "signature",
	EventRedacted:  "redacted",
	EventToolCall:  "tool_call",
	EventToolInput: "tool_input",
	EventCitation:  "citation",
	EventPart:      "part",
	EventPartDone:  "part_done",
	EventFinish:    "finish",
}

const unknownEvent = "unknown"

// String returns the kind's name, such as "tool_input".
func (k EventKind) String() string {
	if int(k) < len(eventNames) && eventNames[k] != "" {
		return eventNames[k]
	}
	return unknownEvent
}
