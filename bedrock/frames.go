package bedrock

import (
	"errors"
	"fmt"
	"io"
	"mime"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
)

// A frameReader reads the frames of one streamed answer, of whatever operation,
// and judges how the stream ends.
type frameReader struct {
	call
	requestID string
}

// A streamedAnswer is what the frames of a stream add up to.
type streamedAnswer interface {
	// event takes in a frame of type event. The payload is valid during the
	// call, and may be changed.
	event(eventType string, payload []byte) error

	// progress reports whether the message is complete, so that the stream may
	// end, and whether all is said about it, so that nothing more is awaited.
	progress() (stopped, complete bool)

	// finish hands the complete answer on. It returns false if nobody wants it.
	finish() bool
}

// errLeft says that the consumer has left the loop.
var errLeft = errors.New("bedrock: the stream was left")

// read decodes frame after frame until the answer is complete, broken, or not
// wanted any more.
func (r *frameReader) read(x *exchange, a streamedAnswer) error {
	if err := r.checkType(x.resp.Get("Content-Type")); err != nil {
		return err
	}
	frames := eventstream.NewDecoder(x.reader)
	for {
		frame, err := frames.Next()
		stopped, _ := a.progress()
		switch {
		case err == io.EOF && stopped: // all there is
		case err != nil:
			return r.cutOff(err)
		default:
			if err := r.frame(&frame, a); err == errLeft {
				return nil
			} else if err != nil {
				return err
			}
			if _, complete := a.progress(); !complete {
				continue
			}
		}
		if a.finish() {
			drain(frames)
		}
		return nil
	}
}

// drain reads what is left of the body, the end that goes with it, so that the
// connection can be used again. The answer is complete, whatever comes.
func drain(frames *eventstream.Decoder) {
	const late = 16 // frames that may follow; none does today
	for range late {
		if _, err := frames.Next(); err != nil {
			return
		}
	}
}

// checkType refuses what is not an event stream at all, such as the HTML of a
// proxy, before its bytes are taken for lengths of frames.
func (r *frameReader) checkType(contentType string) error {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil || t == "application/vnd.amazon.eventstream" {
		return nil // right, or not told
	}
	return r.malformed(fmt.Sprintf("the answer is of type %q, not an event stream; is the endpoint that of Bedrock Runtime?", t), nil)
}

// malformed reports a stream that makes no sense.
func (r *frameReader) malformed(message string, err error) error {
	e := r.error(model.ErrMalformed, message)
	e.Status, e.RequestID, e.Err = 200, r.requestID, err
	return e
}

// cutOff judges the end of a stream before the answer was complete.
func (r *frameReader) cutOff(err error) error {
	kind, message := model.ErrTruncated, "the stream ended before the answer was complete"
	switch {
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	case errors.Is(err, eventstream.ErrChecksum), errors.Is(err, eventstream.ErrMalformed), errors.Is(err, eventstream.ErrTooLong):
		kind, message = model.ErrMalformed, err.Error()
	case isTimeout(err):
		kind, message = model.ErrTimeout, "no more of the stream came in time"
	case !errors.Is(err, io.ErrUnexpectedEOF):
		message = "the connection broke before the answer was complete: " + rootText(err)
	}
	e := r.error(kind, message)
	e.RequestID, e.Err = r.requestID, err
	return e
}

// frame handles one frame.
func (r *frameReader) frame(f *eventstream.Frame, a streamedAnswer) error {
	switch f.MessageType {
	case eventstream.MessageException:
		return r.exception(f.ExceptionType, r.requestID, wire.ParseError(f.Payload))
	case eventstream.MessageError:
		return r.exception(f.ErrorCode, r.requestID, wire.ErrorBody{Message: f.ErrorMessage})
	case eventstream.MessageEvent:
		return a.event(f.EventType, f.Payload)
	}
	return nil // a kind of frame that this version does not know
}
