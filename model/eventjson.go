package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// The JSON of an event is meant for the wire between a server and its front
// end, one object an event:
//
//	{"kind":"text","index":0,"text":"Hi"}

// eventJSON is an event as it is written.
type eventJSON struct {
	Kind     EventKind       `json:"kind"`
	Index    int             `json:"index"`
	Text     string          `json:"text,omitempty"`
	Bytes    []byte          `json:"bytes,omitempty"` // Text, where it is cut within a character
	Part     json.RawMessage `json:"part,omitempty"`
	Response *Response       `json:"response,omitempty"`
}

// MarshalJSON writes the whole event, signatures and redacted thinking
// included. A piece of text that ends within a character is written as the
// base64 of its bytes, in a member "bytes", so that nothing is lost.
func (e Event) MarshalJSON() ([]byte, error) {
	v := eventJSON{Kind: e.Kind, Index: e.Index, Response: e.Response}
	if utf8.ValidString(e.Text) {
		v.Text = e.Text
	} else {
		v.Bytes = []byte(e.Text)
	}
	if e.Part != nil {
		part, err := marshalPart(e.Part, 0)
		if err != nil {
			return nil, fmt.Errorf("model: an event's part: %w", err)
		}
		v.Part = part
	}
	return marshal(v)
}

// UnmarshalJSON reads what MarshalJSON writes. Unknown members are ignored.
func (e *Event) UnmarshalJSON(data []byte) error {
	var v eventJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	if v.Kind == 0 && string(data) != "null" {
		return errors.New("model: an event has no kind")
	}
	read := Event{Kind: v.Kind, Index: v.Index, Text: v.Text + string(v.Bytes), Response: v.Response}
	if len(v.Part) > 0 && string(v.Part) != "null" {
		part, err := unmarshalPart(v.Part, 0)
		if err != nil {
			return fmt.Errorf("model: an event's part: %w", err)
		}
		read.Part = part
	}
	*e = read
	return nil
}

// MarshalText writes the kind's name. A kind without one is an error.
func (k EventKind) MarshalText() ([]byte, error) {
	if name := k.String(); name != unknownEvent {
		return []byte(name), nil
	}
	return nil, fmt.Errorf("model: event kind %d has no name", uint8(k))
}

// UnmarshalText reads the name of a kind.
func (k *EventKind) UnmarshalText(text []byte) error {
	i := slices.Index(eventNames[:], string(text))
	if i < 1 {
		return fmt.Errorf("model: no event is of kind %q", text)
	}
	*k = EventKind(i)
	return nil
}
