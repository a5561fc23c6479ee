package eventstream_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

func TestSplitKeepsEveryHeader(t *testing.T) {
	stream := deltaFrame + throttleFrame + errorFrame
	got, rest, err := eventstream.Split([]byte(stream + deltaFrame[:50]))
	if len(got) != 3 || string(rest) != deltaFrame[:50] || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("Split = %d frames, rest %q, %v; want 3, the cut frame, unexpected EOF", len(got), rest, err)
	}
	for i, want := range []struct{ label, field, value, payload string }{
		{"contentBlockDelta", ":content-type", "application/json", deltaPayload},
		{"throttlingException", ":message-type", "exception", throttlePayload},
		{"internalError", ":error-message", "try again", ""},
	} {
		m := got[i]
		if m.Label() != want.label || m.Text(want.field) != want.value || string(m.Payload) != want.payload || len(m.Fields) != 3 {
			t.Errorf("frame %d: label %q, %s %q, payload %q, %d fields", i, m.Label(), want.field, m.Text(want.field), m.Payload, len(m.Fields))
		}
	}
	var again []byte
	for _, m := range got {
		if again, err = eventstream.AppendMessage(again, m.Fields, m.Payload); err != nil {
			t.Fatal(err)
		}
	}
	if string(again) != stream {
		t.Errorf("written again the frames differ:\n got %q\nwant %q", again, stream)
	}
}

func TestBegins(t *testing.T) {
	for text, want := range map[string]bool{deltaFrame: true, deltaFrame[:12]: true, deltaFrame[:11]: false, "\x01" + deltaFrame: false, "": false, "{\"a\":\"some text\"}": false} {
		if got := eventstream.Begins([]byte(text)); got != want {
			t.Errorf("Begins(%.20q) = %v, want %v", text, got, want)
		}
	}
}

func TestMessageFieldTypes(t *testing.T) {
	fields := []eventstream.Field{
		{"yes", 0, nil}, {"no", 1, nil}, {"byte", 2, []byte{1}}, {"short", 3, []byte{1, 2}}, {"int", 4, []byte{1, 2, 3, 4}},
		{"long", 5, make([]byte, 8)}, {"bytes", eventstream.TypeBytes, []byte{0xff, 0}}, {"text", eventstream.TypeString, []byte(strings.Repeat("x", 65535))},
		{"when", 8, make([]byte, 8)}, {"id", 9, make([]byte, 16)},
	}
	raw, err := eventstream.AppendMessage(nil, fields, []byte("p"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := eventstream.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Fields) != len(fields) || string(m.Payload) != "p" {
		t.Fatalf("%d fields and payload %q", len(m.Fields), m.Payload)
	}
	for i, f := range m.Fields {
		if want := fields[i]; f.Name != want.Name || f.Type != want.Type || !bytes.Equal(f.Value, want.Value) {
			t.Errorf("field %d = %s of type %d, want %s of type %d", i, f.Name, f.Type, want.Name, want.Type)
		}
	}
	if m.Text("bytes") != "" || len(m.Text("text")) != 65535 {
		t.Error("Text returns something for bytes, or not the whole string")
	}
}

func TestAppendMessageRefusesWhatDoesNotFit(t *testing.T) {
	long := eventstream.Field{Name: "a", Type: eventstream.TypeString, Value: make([]byte, 65536)}
	half := eventstream.Field{Name: "a", Type: eventstream.TypeString, Value: make([]byte, 65535)}
	for name, fields := range map[string][]eventstream.Field{
		"value":   {long},
		"name":    {{Name: strings.Repeat("n", 256), Type: eventstream.TypeString}},
		"headers": {half, half, half},
	} {
		got, err := eventstream.AppendMessage([]byte("before"), fields, nil)
		if !errors.Is(err, eventstream.ErrTooLong) || string(got) != "before" {
			t.Errorf("%s: AppendMessage = %d bytes, %v; want what was there and ErrTooLong", name, len(got), err)
		}
	}
	if _, err := eventstream.AppendMessage(nil, nil, make([]byte, eventstream.MaxFrame)); !errors.Is(err, eventstream.ErrTooLong) {
		t.Errorf("a payload of MaxFrame: %v", err)
	}
}

// A stream in memory and one that arrives are the same frames, and end alike.
func FuzzSplitAgainstDecoder(f *testing.F) {
	f.Add([]byte(deltaFrame + stopFrame))
	f.Add([]byte(throttleFrame + errorFrame[:20]))
	f.Add([]byte(errorFrame[:11]))
	f.Fuzz(func(t *testing.T, stream []byte) {
		messages, _, err := eventstream.Split(stream)
		d := eventstream.NewDecoder(bytes.NewReader(stream))
		for i, m := range messages {
			frame, err := d.Next()
			if err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			if !bytes.Equal(frame.Payload, m.Payload) || frame.EventType != m.Text(":event-type") || frame.MessageType != m.Text(":message-type") {
				t.Errorf("frame %d differs", i)
			}
		}
		_, last := d.Next()
		if err == nil && last != io.EOF || err != nil && last.(*eventstream.Error).Err.Error() != err.Error() {
			t.Errorf("Split ends with %v, the decoder with %v", err, last)
		}
	})
}
