package eventstream_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/google/go-cmp/cmp"
)

var (
	deltaWant = eventstream.Frame{
		MessageType: "event", EventType: "contentBlockDelta",
		ContentType: "application/json", Payload: []byte(deltaPayload),
	}
	stopWant = eventstream.Frame{
		MessageType: "event", EventType: "messageStop",
		ContentType: "application/json", Payload: []byte(stopPayload),
	}
	throttleWant = eventstream.Frame{
		MessageType: "exception", ExceptionType: "throttlingException",
		ContentType: "application/json", Payload: []byte(throttlePayload),
	}
	errorWant = eventstream.Frame{
		MessageType: "error", ErrorCode: "internalError", ErrorMessage: "try again",
		Payload: []byte{},
	}
)

// readAll returns copies of all frames of r and the error that ended it.
func readAll(r io.Reader) ([]eventstream.Frame, error) {
	var frames []eventstream.Frame
	d := eventstream.NewDecoder(r)
	for {
		f, err := d.Next()
		if err != nil {
			return frames, err
		}
		kept := *f
		kept.Payload = bytes.Clone(f.Payload)
		frames = append(frames, kept)
	}
}

func TestDecode(t *testing.T) {
	// Some frames have the headers of the frame before, some others.
	stream := deltaFrame + deltaFrame + throttleFrame + throttleFrame + errorFrame + stopFrame + deltaFrame
	want := []eventstream.Frame{deltaWant, deltaWant, throttleWant, throttleWant, errorWant, stopWant, deltaWant}
	for _, tt := range []struct {
		name string
		r    io.Reader
	}{
		{"at once", strings.NewReader(stream)},
		{"byte by byte", iotest.OneByteReader(strings.NewReader(stream))},
		{"half reads", iotest.HalfReader(strings.NewReader(stream))},
		{"end told with the last bytes", iotest.DataErrReader(strings.NewReader(stream))},
		{"byte by byte, end told with the last", iotest.DataErrReader(iotest.OneByteReader(strings.NewReader(stream)))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll(tt.r)
			if err != io.EOF {
				t.Errorf("Next at the end: error %v, want io.EOF itself", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeEmptyStream(t *testing.T) {
	frames, err := readAll(strings.NewReader(""))
	if len(frames) != 0 || err != io.EOF {
		t.Errorf("Next = %v, %v, want no frame, io.EOF", frames, err)
	}
}

// TestDecodeCut ends a stream of two frames at every byte, cleanly and by a
// failed read.
func TestDecodeCut(t *testing.T) {
	stream := deltaFrame + stopFrame
	reset := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	for cut := range len(stream) + 1 {
		wantFrames := 0
		for _, end := range []int{len(deltaFrame), len(stream)} {
			if cut >= end {
				wantFrames++
			}
		}
		atBoundary := cut == 0 || cut == len(deltaFrame) || cut == len(stream)

		for _, chunk := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader} {
			frames, err := readAll(chunk(strings.NewReader(stream[:cut])))
			if len(frames) != wantFrames {
				t.Errorf("cut at %d: %d frames, want %d", cut, len(frames), wantFrames)
			}
			if atBoundary && err != io.EOF {
				t.Errorf("cut at %d, between frames: error %v, want io.EOF", cut, err)
			}
			if !atBoundary && (errors.Is(err, io.EOF) || !errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Errorf("cut at %d, inside a frame: error %v, want io.ErrUnexpectedEOF", cut, err)
			}
		}

		for _, cause := range []error{context.Canceled, reset, io.ErrUnexpectedEOF} {
			r := io.MultiReader(strings.NewReader(stream[:cut]), iotest.ErrReader(cause))
			frames, err := readAll(r)
			if len(frames) != wantFrames || !errors.Is(err, cause) || errors.Is(err, io.EOF) {
				t.Errorf("read fails at %d with %v: %d frames, error %v, want %d frames", cut, cause, len(frames), err, wantFrames)
			}
			e, ok := errors.AsType[*eventstream.Error](err)
			if !ok {
				t.Fatalf("read fails at %d: error is %T, want *eventstream.Error", cut, err)
			}
			wantOffset := []int{0, len(deltaFrame), len(stream)}[wantFrames]
			if e.Frame != wantFrames || e.Offset != int64(wantOffset) {
				t.Errorf("read fails at %d: Frame %d, Offset %d, want %d, %d", cut, e.Frame, e.Offset, wantFrames, wantOffset)
			}
		}
	}
}

// TestDecodeBitFlips flips each bit of the first of two frames. Both checksums
// together see every single flip.
func TestDecodeBitFlips(t *testing.T) {
	for i := range len(deltaFrame) {
		for bit := range 8 {
			b := []byte(deltaFrame + stopFrame)
			b[i] ^= 1 << bit
			frames, err := readAll(bytes.NewReader(b))
			if len(frames) != 0 || !errors.Is(err, eventstream.ErrChecksum) {
				t.Errorf("bit %d of byte %d flipped: %d frames, error %v, want none, a checksum error", bit, i, len(frames), err)
			}
		}
	}
}

// frameOf builds a frame with right checksums around anything.
func frameOf(headers, payload string) string {
	return frameWith(uint32(16+len(headers)+len(payload)), uint32(len(headers)), headers+payload)
}

func frameWith(total, headersLen uint32, rest string) string {
	b := binary.BigEndian.AppendUint32(nil, total)
	b = binary.BigEndian.AppendUint32(b, headersLen)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	b = append(b, rest...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b)))
}

// allTypes is a run of headers with one of each type of the format.
const allTypes = "\x01a\x00" + "\x01b\x01" + "\x01c\x02\x7f" + "\x01d\x03\x00\x01" +
	"\x01e\x04\x00\x00\x00\x01" + "\x01f\x05\x00\x00\x00\x00\x00\x00\x00\x01" +
	"\x01g\x06\x00\x02hi" + "\x01h\x07\x00\x02hi" +
	"\x01i\x08\x00\x00\x00\x00\x00\x00\x00\x01" + "\x01j\x09" + "0123456789abcdef"

func TestDecodeHeaders(t *testing.T) {
	for _, tt := range []struct {
		name    string
		headers string
		want    eventstream.Frame
	}{
		{"none", "", eventstream.Frame{}},
		{
			"every type before a known one", allTypes + "\x0d:message-type\x07\x00\x05event",
			eventstream.Frame{MessageType: "event"},
		},
		{"empty name", "\x00\x07\x00\x01x" + "\x0b:event-type\x07\x00\x01x", eventstream.Frame{EventType: "x"}},
		{"empty value", "\x0b:event-type\x07\x00\x00", eventstream.Frame{}},
		{
			"repeated: the last counts", "\x0b:event-type\x07\x00\x01x" + "\x0b:event-type\x07\x00\x01y",
			eventstream.Frame{EventType: "y"},
		},
		{
			"repeated as a bool: none", "\x0b:event-type\x07\x00\x01x" + "\x0b:event-type\x00",
			eventstream.Frame{},
		},
		{"not a string", "\x0d:message-type\x06\x00\x05event", eventstream.Frame{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := readAll(strings.NewReader(frameOf(tt.headers, "{}")))
			if err != io.EOF {
				t.Fatalf("Next: %v", err)
			}
			tt.want.Payload = []byte("{}")
			if diff := cmp.Diff([]eventstream.Frame{tt.want}, frames); diff != "" {
				t.Errorf("frame (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDecodeHeadersInTurn sends frames with headers of several lengths in every
// order of three. A frame says what its own headers say, and nothing of those
// before it.
func TestDecodeHeadersInTurn(t *testing.T) {
	kinds := []struct{ headers, eventType string }{
		{"", ""},
		{"\x0b:event-type\x07\x00\x05first", "first"},
		{"\x0b:event-type\x07\x00\x05other", "other"},
		{"\x0b:event-type\x07\x00\x04long\x01x\x07\x01\x2c" + strings.Repeat("x", 300), "long"},
	}
	var stream strings.Builder
	var want []string
	for _, a := range kinds {
		for _, b := range kinds {
			for _, c := range kinds {
				stream.WriteString(frameOf(a.headers, "") + frameOf(b.headers, "") + frameOf(c.headers, ""))
				want = append(want, a.eventType, b.eventType, c.eventType)
			}
		}
	}
	frames, err := readAll(strings.NewReader(stream.String()))
	if err != io.EOF || len(frames) != len(want) {
		t.Fatalf("%d frames, error %v, want %d, io.EOF", len(frames), err, len(want))
	}
	for i, f := range frames {
		if f.EventType != want[i] {
			t.Errorf("frame %d is of type %q, want %q", i, f.EventType, want[i])
		}
	}
}

func TestDecodeBad(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"html", "<!DOCTYPE html><html><body>Bad Gateway</body></html>", eventstream.ErrChecksum},
		{"json", `{"message":"no"}`, eventstream.ErrChecksum},
		{"zeros", strings.Repeat("\x00", 64), eventstream.ErrChecksum},
		{"total of zero", frameWith(0, 0, ""), eventstream.ErrMalformed},
		{"total of fifteen", frameWith(15, 0, ""), eventstream.ErrMalformed},
		{"headers longer than frame", frameWith(20, 5, "1234"), eventstream.ErrMalformed},
		{"headers length wraps round", frameWith(16, 0xfffffff0, ""), eventstream.ErrTooLong},
		{"frame too long", frameWith(eventstream.MaxFrame+1, 0, ""), eventstream.ErrTooLong},
		{"headers too long", frameWith(eventstream.MaxFrame, eventstream.MaxHeaders+1, ""), eventstream.ErrTooLong},
		{"long frame that does not come", frameWith(eventstream.MaxFrame, 0, ""), io.ErrUnexpectedEOF},
		{"lone name length", frameOf("\x05", ""), eventstream.ErrMalformed},
		{"name without type", frameOf("\x01a", ""), eventstream.ErrMalformed},
		{"name over the end", frameOf("\x05ab", ""), eventstream.ErrMalformed},
		{"unknown type", frameOf("\x01a\x0a", ""), eventstream.ErrMalformed},
		{"short int", frameOf("\x01a\x04\x00", ""), eventstream.ErrMalformed},
		{"short uuid", frameOf("\x01a\x09"+"0123", ""), eventstream.ErrMalformed},
		{"string without length", frameOf("\x01a\x07\x00", ""), eventstream.ErrMalformed},
		{"string over the end", frameOf("\x01a\x07\x00\x05abcd", "e"), eventstream.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := eventstream.NewDecoder(strings.NewReader(tt.in))
			_, err := d.Next()
			if !errors.Is(err, tt.want) {
				t.Fatalf("Next: error %v, want %v", err, tt.want)
			}
			if _, again := d.Next(); again != err {
				t.Errorf("second Next: error %v, want the same again", again)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	_, err := readAll(strings.NewReader(deltaFrame + stopFrame[:20]))
	const want = "eventstream: frame 1 at byte 164: stream ends after 20 bytes of the frame: unexpected EOF"
	if got := err.Error(); got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

// stalling gives its bytes and then fails the test on any further read, where a
// real connection would block.
type stalling struct {
	t    *testing.T
	left string
	max  int
}

func (s *stalling) Read(p []byte) (int, error) {
	if s.left == "" {
		s.t.Fatal("Next reads on although the frame has arrived")
	}
	n := copy(p[:min(len(p), s.max)], s.left)
	s.left = s.left[n:]
	return n, nil
}

func TestDecodeDoesNotWait(t *testing.T) {
	for _, chunk := range []int{1, 7, 164, 165, 4096} {
		d := eventstream.NewDecoder(&stalling{t, deltaFrame + stopFrame + throttleFrame[:30], chunk})
		for i := range 2 {
			if _, err := d.Next(); err != nil {
				t.Fatalf("chunks of %d: frame %d: %v", chunk, i, err)
			}
		}
	}
}

// TestPayloadAppend appends to a payload, which must not reach the bytes behind
// it: they are the next frame.
func TestPayloadAppend(t *testing.T) {
	d := eventstream.NewDecoder(strings.NewReader(deltaFrame + stopFrame))
	f, err := d.Next()
	if err != nil {
		t.Fatal(err)
	}
	_ = append(f.Payload, "overwritten!"...)
	if f, err = d.Next(); err != nil || string(f.Payload) != stopPayload {
		t.Errorf("Next = %q, %v, want %q", f.Payload, err, stopPayload)
	}
}

type funcReader func(p []byte) (int, error)

func (f funcReader) Read(p []byte) (int, error) { return f(p) }

func TestDecodeOddReaders(t *testing.T) {
	_, err := readAll(funcReader(func([]byte) (int, error) { return 0, nil }))
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("reader without progress: error %v, want io.ErrNoProgress", err)
	}
	for _, n := range []int{-1, 1 << 30} {
		if _, err := readAll(funcReader(func([]byte) (int, error) { return n, nil })); err == nil || err == io.EOF {
			t.Errorf("reader that returns %d: error %v, want one", n, err)
		}
	}
}

// TestDecodeSizes sends frames around the sizes at which the buffer moves and
// grows. Each payload has its own contents.
func TestDecodeSizes(t *testing.T) {
	sizes := []int{0, 1, 8170, 8175, 8176, 8177, 100, 8192, 16383, 3, 300_000, 5, 2_000_000, 0, 700_000, 9000}
	var stream bytes.Buffer
	for i, size := range sizes {
		stream.WriteString(frameOf("", strings.Repeat(string(rune('a'+i)), size)))
	}
	for _, chunk := range []int{1000, 1 << 20} {
		frames, err := readAll(&limited{bytes.NewReader(stream.Bytes()), chunk})
		if err != io.EOF || len(frames) != len(sizes) {
			t.Fatalf("chunks of %d: %d frames, error %v, want %d, io.EOF", chunk, len(frames), err, len(sizes))
		}
		for i, f := range frames {
			if want := strings.Repeat(string(rune('a'+i)), sizes[i]); string(f.Payload) != want {
				t.Errorf("chunks of %d: frame %d has a payload of %d bytes, not the %d bytes sent", chunk, i, len(f.Payload), len(want))
			}
		}
	}
}

type limited struct {
	r   io.Reader
	max int
}

func (l *limited) Read(p []byte) (int, error) { return l.r.Read(p[:min(len(p), l.max)]) }

// TestDecodeClaimedLength checks that a decoder allocates for the bytes that
// arrived: a frame that claims the maximum must not cost the maximum.
func TestDecodeClaimedLength(t *testing.T) {
	claim := frameWith(eventstream.MaxFrame, 0, "x")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	readAll(strings.NewReader(claim))
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("a frame that claims %d bytes and sends 17 costs %d bytes", eventstream.MaxFrame, got)
	}
}

// endless repeats its bytes for ever.
type endless struct {
	b   []byte
	pos int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], e.b[e.pos:])
		n += c
		e.pos = (e.pos + c) % len(e.b)
	}
	return n, nil
}

func TestDecodeAllocs(t *testing.T) {
	d := eventstream.NewDecoder(&endless{b: []byte(deltaFrame + stopFrame)})
	if _, err := d.Next(); err != nil {
		t.Fatal(err)
	}
	got := testing.AllocsPerRun(1000, func() {
		if _, err := d.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("a frame costs %v allocations, want 0", got)
	}
}
