package eventstream_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct {
		name   string
		append func(dst []byte) ([]byte, error)
		want   string
	}{
		{"event", func(dst []byte) ([]byte, error) {
			return eventstream.AppendEvent(dst, "contentBlockDelta", []byte(deltaPayload))
		}, deltaFrame},
		{"exception", func(dst []byte) ([]byte, error) {
			return eventstream.AppendException(dst, "throttlingException", []byte(throttlePayload))
		}, throttleFrame},
		{"error", func(dst []byte) ([]byte, error) {
			return eventstream.AppendError(dst, "internalError", "try again")
		}, errorFrame},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.append([]byte("before"))
			if err != nil || string(got) != "before"+tt.want {
				t.Errorf("got %q, %v\nwant %q", got, err, "before"+tt.want)
			}
		})
	}
}

func TestAppendTooLong(t *testing.T) {
	many := make([]eventstream.Header, 5)
	for i := range many {
		many[i] = eventstream.Header{Name: "n", Value: strings.Repeat("v", 1<<15-1)}
	}
	for _, tt := range []struct {
		name    string
		headers []eventstream.Header
		payload []byte
	}{
		{"name", []eventstream.Header{{Name: strings.Repeat("n", 256)}}, nil},
		{"value", []eventstream.Header{{Name: "n", Value: strings.Repeat("v", 1<<15)}}, nil},
		{"headers", many, nil},
		{"payload", nil, make([]byte, eventstream.MaxFrame-15)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := eventstream.Append([]byte("before"), tt.headers, tt.payload)
			if !errors.Is(err, eventstream.ErrTooLong) || string(got) != "before" {
				t.Errorf("Append = %q, %v, want %q, an error that is ErrTooLong", got, err, "before")
			}
		})
	}
	if _, err := eventstream.Append(nil, nil, make([]byte, eventstream.MaxFrame-16)); err != nil {
		t.Errorf("Append of the longest payload: %v", err)
	}
}
