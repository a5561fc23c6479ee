package eventstream

import (
	"errors"
	"fmt"
)

var (
	// ErrChecksum says that one of the two checksums of a frame does not match
	// its bytes. A body that is no event stream at all, such as an HTML page,
	// ends with this error too.
	ErrChecksum = errors.New("checksum mismatch")

	// ErrMalformed says that the lengths or headers of a frame contradict each
	// other although its checksums are right.
	ErrMalformed = errors.New("malformed frame")

	// ErrTooLong says that a frame is longer than [MaxFrame], its headers are
	// longer than [MaxHeaders], or that a header to be written does not fit.
	ErrTooLong = errors.New("too long")
)

// An Error says where and why reading a stream failed. It is the type of every
// error of [Decoder.Next] except [io.EOF].
//
// Err matches, by [errors.Is], one of [ErrChecksum], [ErrMalformed] and
// [ErrTooLong]; or [io.ErrUnexpectedEOF] for a stream cut inside a frame; or the
// reader's error.
type Error struct {
	// Offset is where the failed frame starts, in bytes from the start of the stream.
	Offset int64
	// Frame counts the frames before the failed one.
	Frame int
	// Err is the cause. It holds no bytes of the frame.
	Err error
}

// Error says where the stream failed and why.
func (e *Error) Error() string {
	return fmt.Sprintf("eventstream: frame %d at byte %d: %v", e.Frame, e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
