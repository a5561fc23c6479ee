package eventstream_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	sdk "github.com/aws/smithy-go/eventstream"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/google/go-cmp/cmp"
)

// sdkFrame reads one frame with the decoder of smithy-go. Headers of other
// types than string read as empty, as they do here.
func sdkFrame(r io.Reader) (eventstream.Frame, error) {
	m, err := sdk.NewDecoder().Decode(r, nil)
	if err != nil {
		return eventstream.Frame{}, err
	}
	str := func(name string) string {
		s, _ := m.Headers.Get(name).(sdk.StringValue)
		return string(s)
	}
	return eventstream.Frame{
		MessageType:   str(":message-type"),
		EventType:     str(":event-type"),
		ExceptionType: str(":exception-type"),
		ErrorCode:     str(":error-code"),
		ErrorMessage:  str(":error-message"),
		ContentType:   str(":content-type"),
		Payload:       append([]byte{}, m.Payload...),
	}, nil
}

// FuzzDecode reads the same bytes with smithy-go. Both must accept the same
// frames with the same contents. Three differences are meant:
//
//   - smithy-go has no limits, see MaxFrame and MaxHeaders;
//   - it takes the length of a header name at the very end of the headers,
//     without the name, for the end of the headers; here it is malformed;
//   - it cannot tell a cut from the end (both are io.EOF to its caller).
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		deltaFrame, stopFrame, throttleFrame, errorFrame, deltaFrame + stopFrame, deltaFrame[:90],
		frameOf(allTypes, "{}"), frameOf("\x05", ""), frameOf("\x01a\x0a", ""), frameWith(0, 0, ""),
		frameWith(20, 5, "1234"), frameOf("\x00\x07\x00\x01x", ""), "<html></html>",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, repair bool) {
		if repair {
			data = repaired(data)
		}
		compare(t, data)
	})
}

func compare(t *testing.T, data []byte) {
	theirs := bytes.NewReader(data)
	ours := eventstream.NewDecoder(bytes.NewReader(data))
	for {
		got, err := ours.Next()
		if err == io.EOF && theirs.Len() != 0 {
			t.Fatalf("io.EOF with %d bytes left", theirs.Len())
		}
		if errors.Is(err, eventstream.ErrTooLong) {
			return
		}
		start := len(data) - theirs.Len()
		want, sdkErr := sdkFrame(theirs)
		if (err == nil) != (sdkErr == nil) {
			if errors.Is(err, eventstream.ErrMalformed) && loneNameLength(data[start:]) {
				return
			}
			t.Fatalf("Next: error %v, smithy-go: %v", err, sdkErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Fatalf("frame differs from smithy-go (-want +got):\n%s", diff)
		}
	}
}

// loneNameLength reports whether the frame ends its headers with the length of
// a name, and is well formed without that byte.
func loneNameLength(frame []byte) bool {
	headers := int(binary.BigEndian.Uint32(frame[4:]))
	if headers == 0 {
		return false
	}
	total := int(binary.BigEndian.Uint32(frame))
	last := 12 + headers - 1
	without := frameOf(string(frame[12:last]), string(frame[last+1:total-4]))
	_, err := eventstream.NewDecoder(strings.NewReader(without)).Next()
	return frame[last] != 0 && err == nil
}

// repaired rewrites the lengths and checksums of data as one frame, so that the
// fuzzer gets past them to the headers.
func repaired(data []byte) []byte {
	if len(data) < 16 {
		return data
	}
	body := data[12 : len(data)-4]
	headers := int(binary.BigEndian.Uint16(data[6:])) % (len(body) + 1)
	return []byte(frameOf(string(body[:headers]), string(body[headers:])))
}

// FuzzAppend writes the same frame with smithy-go and reads it back.
func FuzzAppend(f *testing.F) {
	f.Add("contentBlockDelta", []byte(deltaPayload))
	f.Add("", []byte{})
	f.Add("\xff\x00", []byte("\x00"))
	f.Fuzz(func(t *testing.T, value string, payload []byte) {
		got, err := eventstream.AppendEvent(nil, value, payload)
		m := sdk.Message{Payload: payload}
		m.Headers.Set(":event-type", sdk.StringValue(value))
		m.Headers.Set(":content-type", sdk.StringValue("application/json"))
		m.Headers.Set(":message-type", sdk.StringValue("event"))
		var want bytes.Buffer
		if sdkErr := sdk.NewEncoder().Encode(&want, m); (err == nil) != (sdkErr == nil) {
			t.Fatalf("AppendEvent: error %v, smithy-go: %v", err, sdkErr)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("AppendEvent = %x\nsmithy-go    %x", got, want.Bytes())
		}
		frame, err := eventstream.NewDecoder(bytes.NewReader(got)).Next()
		if err != nil || frame.EventType != value || !bytes.Equal(frame.Payload, payload) {
			t.Fatalf("Next = %+v, %v, want what was written", frame, err)
		}
	})
}
