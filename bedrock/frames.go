package bedrock

import (
	"context"
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

	// finish emits the end of the complete answer. Late says that the rest, which
	// is about the answer, did not come in time. It returns false if the consumer
	// has left.
	finish(late bool) bool
}

// errLeft says that the consumer has left the loop.
var errLeft = errors.New("bedrock: the stream was left")

// read decodes frame after frame until the answer is complete, broken, or not
// wanted any more.
func (r *frameReader) read(ctx context.Context, x *exchange, a streamedAnswer) error {
	if err := r.checkType(x.resp.Get("Content-Type")); err != nil {
		return err
	}
	frames := eventstream.NewDecoder(x.reader)
	waiting := false // for no more than what is said about the answer
	late := false
	stopped, complete := false, false
	for {
		frame, err := frames.Next()
		switch {
		case err == io.EOF && stopped: // all there is
		case err != nil && stopped && ctx.Err() == nil && (x.expired.Load() || isTimeout(err)):
			late = true
		case err != nil:
			return r.cutOff(err)
		default:
			if err := r.frame(x, frame, a); err == errLeft {
				if ctx.Err() != nil { // the stream was left by its context, between two events of a frame
					return r.cutOff(ctx.Err())
				}
				return nil
			} else if err != nil {
				return err
			}
			stopped, complete = a.progress()
			switch {
			case complete:
			case ctx.Err() != nil:
				return r.cutOff(ctx.Err())
			case stopped && !waiting:
				waiting = true
				defer x.within(metadataTime(ctx))()
				continue
			default:
				continue
			}
		}
		if a.finish(late) && !late {
			x.drain()
		}
		return nil
	}
}

// checkType refuses what is not an event stream at all, such as the HTML of a
// proxy, before its bytes are taken for lengths of frames.
func (r *frameReader) checkType(contentType string) error {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil || t == "application/vnd.amazon.eventstream" {
		return nil // right, or not given
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
func (r *frameReader) frame(x *exchange, f *eventstream.Frame, a streamedAnswer) error {
	switch f.MessageType {
	case eventstream.MessageEvent: // nearly always
		return a.event(f.EventType, f.Payload)
	case eventstream.MessageException:
		return r.exception(x.secrets.hide(f.ExceptionType), r.requestID, wire.ParseError(x.secrets.hideBody(f.Payload)))
	case eventstream.MessageError:
		return r.exception(x.secrets.hide(f.ErrorCode), r.requestID, wire.ErrorBody{Message: x.secrets.hide(f.ErrorMessage)})
	}
	return nil // a kind of frame that this version does not know
}
