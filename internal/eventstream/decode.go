package eventstream

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	// MaxFrame is the longest frame that is read or written, in bytes. The
	// format allows 4 GiB; no answer of a model comes near this limit, so a
	// longer frame is a fault and must not be allowed to claim the memory.
	MaxFrame = 24 << 20

	// MaxHeaders is the longest run of headers of one frame, in bytes.
	MaxHeaders = 128 << 10

	lengthsLen = 8              // total length and headers length
	preludeLen = lengthsLen + 4 // ... and their checksum
	minFrame   = preludeLen + 4 // ... and the message checksum
	firstBuf   = 4 << 10        // holds many text deltas, and as much as net/http reads at once
	maxIdle    = 100            // empty reads in a row before giving up, as in bufio
	copyChunk  = 256 << 10      // how far the buffer grows ahead of the bytes that arrived
)

// A Frame is one message of a stream. Fields whose header is missing, or is not
// a string, are empty. If a header is repeated the last one counts. A frame
// belongs to its decoder and is valid until the next call of [Decoder.Next].
type Frame struct {
	// MessageType is "event", "exception" or "error".
	MessageType string
	// EventType names the event, for example "contentBlockDelta".
	EventType string
	// ExceptionType names the exception, for example "throttlingException".
	ExceptionType string
	// ErrorCode and ErrorMessage describe a frame of type "error".
	ErrorCode, ErrorMessage string
	// ContentType is the media type of Payload.
	ContentType string
	// Payload may be changed; appending to it copies it.
	Payload []byte
}

// A Decoder reads the frames of one stream. It is made by [NewDecoder] and must
// not be used by two goroutines at once.
type Decoder struct {
	r          io.Reader
	buf        []byte // buf[start:end] has been read and not yet returned
	start, end int
	offset     int64 // of buf[start] in the stream
	frames     int
	readErr    error // why r will give no more bytes
	err        error // what every further Next returns

	// Nearly all frames of a stream have the same headers, so what those of the
	// last one say usually holds for the next.
	frame   Frame  // the last one
	headers []byte // of frame, if known is set
	known   bool
}

// NewDecoder returns a decoder of the stream r. It reads ahead of the current
// frame only what r has at hand. It does not close r.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{r: r}
}

// Next returns the next frame, whose fields must not be changed. At the end of
// the stream, if that lies between two frames, the error is [io.EOF]; every other
// error is an [*Error]. An error is final: Next goes on returning it.
func (d *Decoder) Next() (*Frame, error) {
	if d.err != nil {
		return nil, d.err
	}
	n, err := d.next()
	if err != nil {
		if err != io.EOF {
			err = &Error{Offset: d.offset, Frame: d.frames, Err: err}
		}
		d.err = err
		return nil, err
	}
	d.start += n
	d.offset += int64(n)
	d.frames++
	return &d.frame, nil
}

// next decodes the frame at d.start and returns its length. A plain io.EOF
// means that there is no further frame.
func (d *Decoder) next() (int, error) {
	if err := d.fill(preludeLen); err != nil {
		return 0, err
	}
	total, headers, err := parsePrelude(d.buf[d.start:d.end])
	if err != nil {
		return 0, err
	}
	if err := d.fill(total); err != nil {
		return 0, err
	}
	frame := d.buf[d.start : d.start+total]
	body := frame[:total-4]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(frame[total-4:]) {
		return 0, fmt.Errorf("message: %w", ErrChecksum)
	}
	split := preludeLen + headers
	if err := d.take(body[preludeLen:split]); err != nil {
		return 0, err
	}
	d.frame.Payload = body[split:len(body):len(body)]
	return total, nil
}

// take makes d.frame the one with the given headers.
func (d *Decoder) take(headers []byte) error {
	if d.known && bytes.Equal(headers, d.headers) {
		return nil
	}
	d.frame, d.known = Frame{}, false
	if err := d.frame.parseHeaders(headers); err != nil {
		return err
	}
	const most = 256 // more than those of a healthy stream take
	if len(headers) <= most {
		d.headers, d.known = append(d.headers[:0], headers...), true
	}
	return nil
}

// parsePrelude returns the length of the frame that starts with b and of its
// headers. The checksum comes first: lengths that are not the sender's must not
// be reported as if they were.
func parsePrelude(b []byte) (total, headers int, err error) {
	if crc32.ChecksumIEEE(b[:lengthsLen]) != binary.BigEndian.Uint32(b[lengthsLen:preludeLen]) {
		return 0, 0, fmt.Errorf("prelude: %w", ErrChecksum)
	}
	t, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	switch {
	case t > MaxFrame:
		return 0, 0, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLong, t, MaxFrame)
	case h > MaxHeaders:
		return 0, 0, fmt.Errorf("%w: %d bytes of headers, at most %d are read", ErrTooLong, h, MaxHeaders)
	case t < minFrame || t-minFrame < h:
		return 0, 0, fmt.Errorf("%w: %d bytes cannot hold %d bytes of headers", ErrMalformed, t, h)
	}
	return int(t), int(h), nil
}

// fill reads until n bytes are buffered. It returns io.EOF if the stream ended
// and nothing is buffered.
func (d *Decoder) fill(n int) error {
	for idle := 0; d.end-d.start < n; {
		if d.readErr != nil {
			return d.cut()
		}
		d.makeRoom(n)
		got, err := d.r.Read(d.buf[d.end:])
		if got < 0 || got > len(d.buf)-d.end {
			got, err = 0, errors.New("reader returned an impossible count")
		}
		d.end += got
		d.readErr = err
		if got > 0 {
			idle = 0
		} else if idle++; idle == maxIdle && err == nil {
			d.readErr = io.ErrNoProgress
		}
	}
	return nil
}

// cut is the error for a stream that ended before the frame was whole.
func (d *Decoder) cut() error {
	switch {
	case d.readErr != io.EOF:
		return d.readErr
	case d.start == d.end:
		return io.EOF
	}
	return cutAfter(d.end - d.start)
}

// makeRoom makes the buffer take at least one more byte of a frame of n bytes,
// moving what is buffered to the front first. The buffer grows with the bytes
// that arrive, not with the length that a frame claims.
func (d *Decoder) makeRoom(n int) {
	held := d.end - d.start
	if d.start > 0 && (held == 0 || d.start+n > len(d.buf)) {
		copy(d.buf, d.buf[d.start:d.end])
		d.start, d.end = 0, held
	}
	if d.start+n <= len(d.buf) || d.end < len(d.buf) {
		return
	}
	size := max(firstBuf, min(n, max(2*len(d.buf), held+copyChunk)))
	buf := make([]byte, size)
	copy(buf, d.buf[:d.end])
	d.buf = buf
}
