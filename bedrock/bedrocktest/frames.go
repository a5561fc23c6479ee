package bedrocktest

import (
	"math/rand/v2"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

const (
	streamType     = "application/vnd.amazon.eventstream"
	paddingLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// Frames sends the events of a stream, and applies the faults that are due.
type frames struct {
	*reply
	format         format     // nil for Converse
	rand           *rand.Rand // the call's
	payload, frame []byte     // reused
}

// send sends an event. The error is errOver.
func (f *frames) send(ev *wire.Event) error {
	if f.format != nil {
		return f.sendChunks(ev)
	}
	f.payload = wire.AppendEvent(f.payload[:0], ev, f.padding())
	return f.sendPayload(ev.Kind.String())
}

// begin sends the header. InvokeModel's states the media type of the chunks.
func (f *frames) begin() {
	if f.format != nil && !f.written {
		f.w.Header().Set("X-Amzn-Bedrock-Content-Type", "application/json")
	}
	f.header(200, streamType)
}

// sendPayload sends the payload as an event.
func (f *frames) sendPayload(eventType string) error {
	f.begin()
	if err := f.before(f.record.Frames); err != nil {
		return err
	}
	frame, err := eventstream.AppendEvent(f.frame[:0], eventType, f.payload)
	if err != nil { // the piece of the answer is too long for a frame
		return f.exception(&Exception{Message: err.Error()})
	}
	f.frame = frame
	for _, fault := range f.fault.frames {
		if fault.at == f.record.Frames {
			frame = fault.flip.damage(frame)
		}
	}
	f.record.note(func(r *Call) { r.Frames++ })
	return f.reply.send(frame)
}

// before applies the faults that strike before the frame k.
func (f *frames) before(k int) error {
	for _, fault := range f.fault.frames {
		if fault.at != k {
			continue
		}
		if fault.stall != 0 && !f.sleep(fault.stall) {
			return errOver
		}
		if len(fault.insert) > 0 {
			if err := f.reply.send(fault.insert); err != nil {
				return err
			}
		}
		if fault.end {
			return errOver
		}
	}
	return nil
}

// exception ends the stream with an exception.
func (f *frames) exception(e *Exception) error {
	f.begin()
	s := e.inStream()
	f.record.note(func(r *Call) { r.Exception = &s })
	frame, err := eventstream.AppendException(nil, s.frameName(), s.appendBody(nil))
	if err != nil {
		frame, _ = eventstream.AppendError(nil, s.Code, "")
	}
	_ = f.reply.send(frame) // the stream is over in any case
	return errOver
}

// padding returns padding like the service's: 2 to 61 letters.
func (f *frames) padding() string { return paddingLetters[:2+f.rand.IntN(60)] }
