package bedrocktest

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A Fault is what goes wrong with a call. Faults are values: [Handler.Inject]
// queues them for the next calls, and [Options.Fault] picks one by call. The
// zero Fault does nothing, and uses up a call.
//
// Frames of a stream are counted from 0, the frame of messageStart; those that
// a fault inserts are not counted.
type Fault struct {
	skip   int // uses beyond the first; negative: no use at all
	delay  time.Duration
	refuse *Exception
	body   *foreignBody
	frames []frameFault
	cut    *cut
	slow   *slow

	dropStarts, dropStops, interleave bool
}

type foreignBody struct {
	status      int
	contentType string
	text        string
}

// A frameFault happens to one frame, or before it is sent.
type frameFault struct {
	at     int
	stall  time.Duration // wait before the frame
	insert []byte        // send these bytes before the frame
	end    bool          // end the stream after them
	flip   flip
}

// A flip names the bit of a frame that is inverted.
type flip uint8

const (
	flipNone    flip = iota
	flipPrelude      // in the checksum of the lengths
	flipMessage      // in the checksum at the end
	flipPayload      // in the last byte of the payload
)

type cut struct {
	at  int // the number of bytes of the body to send first
	how Ending
}

type slow struct {
	size  int
	every time.Duration
}

// An Ending is a way for a response to end early.
type Ending uint8

// The endings. The ones that break the connection need a server made by this
// package, see [Handler.HTTPServer], or one in memory. Elsewhere they all act
// as Finished.
const (
	// Clean ends the body as if it were complete. Only its contents show that
	// it is not.
	Clean Ending = iota

	// Finished closes the connection in the middle of the body: a TCP FIN.
	Finished

	// Reset resets the connection: a TCP RST.
	Reset

	// ShortLength announces a longer body by its Content-Length than it sends.
	ShortLength

	// ResetStream resets the HTTP/2 stream and keeps the connection open. With
	// HTTP/1.1 it is Finished.
	ResetStream
)

// Times makes the fault happen to n calls in a row. With zero or less it
// happens to none.
func (f Fault) Times(n int) Fault {
	f.skip = max(n, 0) - 1
	return f
}

// And returns a fault that does both. If both answer in place of the model, or
// both cut the body, f takes precedence.
func (f Fault) And(g Fault) Fault {
	f.delay += g.delay
	if f.refuse == nil && f.body == nil {
		f.refuse, f.body = g.refuse, g.body
	}
	f.frames = slices.Concat(f.frames, g.frames)
	if f.cut == nil {
		f.cut = g.cut
	}
	if f.slow == nil {
		f.slow = g.slow
	}
	f.dropStarts = f.dropStarts || g.dropStarts
	f.dropStops = f.dropStops || g.dropStops
	f.interleave = f.interleave || g.interleave
	return f
}

// Fail refuses the call with an exception instead of answering it.
func Fail(e Exception) Fault { return Fault{refuse: &e} }

// Throttle refuses the call with a ThrottlingException.
func Throttle() Fault { return Fail(Exception{Code: "ThrottlingException"}) }

// Respond answers with a body that is not the service's, such as the HTML of
// a proxy with status 200, or nothing at all.
func Respond(status int, contentType, body string) Fault {
	return Fault{body: &foreignBody{status, contentType, body}}
}

// Delay waits before the answer begins. A negative d waits until the client
// leaves.
func Delay(d time.Duration) Fault { return Fault{delay: d} }

// ExceptionAt sends an exception in place of the frame k of a stream and ends
// it.
func ExceptionAt(k int, e Exception) Fault {
	s := e.settled()
	frame, err := eventstream.AppendException(nil, s.frameName(), s.appendBody(nil))
	return endAt(k, frame, err)
}

// ErrorFrameAt sends an error that is not a modelled exception in place of
// frame k of a stream and ends it.
func ErrorFrameAt(k int, code, message string) Fault {
	frame, err := eventstream.AppendError(nil, code, message)
	return endAt(k, frame, err)
}

func endAt(k int, frame []byte, err error) Fault {
	if err != nil { // the text is too long for a frame
		frame, _ = eventstream.AppendError(nil, "InternalFailure", err.Error())
	}
	return Fault{frames: []frameFault{{at: k, insert: frame, end: true}}}
}

// EventAt sends an event before the frame k of a stream. Its type may be one
// that clients don't know, or its payload one that they don't expect, such as
// contentBlockDelta with {"contentBlockIndex":0,"delta":{"hologram":{}}}.
func EventAt(k int, eventType, payload string) Fault {
	frame, err := eventstream.AppendEvent(nil, eventType, []byte(payload))
	if err != nil {
		return endAt(k, nil, err)
	}
	return Fault{frames: []frameFault{{at: k, insert: frame}}}
}

// BytesAt sends bytes before the frame k of a stream. They need not be a frame.
func BytesAt(k int, data []byte) Fault {
	return Fault{frames: []frameFault{{at: k, insert: slices.Clone(data)}}}
}

// FlipPrelude damages the first checksum of the frame k of a stream.
func FlipPrelude(k int) Fault { return Fault{frames: []frameFault{{at: k, flip: flipPrelude}}} }

// FlipMessage damages the last checksum of the frame k of a stream.
func FlipMessage(k int) Fault { return Fault{frames: []frameFault{{at: k, flip: flipMessage}}} }

// FlipPayload damages the payload of the frame k of a stream.
func FlipPayload(k int) Fault { return Fault{frames: []frameFault{{at: k, flip: flipPayload}}} }

// StallAt waits before the frame k of a stream. A negative d waits until the
// client leaves.
func StallAt(k int, d time.Duration) Fault {
	return Fault{frames: []frameFault{{at: k, stall: d}}}
}

// Cut ends the body after n bytes, whatever the operation.
func Cut(n int, how Ending) Fault { return Fault{cut: &cut{max(n, 0), how}} }

// Slow sends the body n bytes at a time, and waits between them.
func Slow(n int, every time.Duration) Fault { return Fault{slow: &slow{max(n, 1), every}} }

// DropStarts omits the contentBlockStart events of a stream.
func DropStarts() Fault { return Fault{dropStarts: true} }

// DropStops omits the contentBlockStop events of a stream.
func DropStops() Fault { return Fault{dropStops: true} }

// Interleave sends the events of the content blocks of a stream in turns: the
// first of every block, then the second of every block, and so on. The blocks
// are collected before any is sent.
func Interleave() Fault { return Fault{interleave: true} }

// damage returns the frame with one bit inverted.
func (f flip) damage(frame []byte) []byte {
	at := 0
	switch f {
	case flipNone:
		return frame
	case flipPrelude:
		at = 11
	case flipMessage:
		at = len(frame) - 1
	case flipPayload:
		at = len(frame) - 5
	}
	frame = slices.Clone(frame)
	frame[at] ^= 1
	return frame
}
