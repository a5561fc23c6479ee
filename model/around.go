package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
)

// Next asks the model that a middleware is around.
type Next func(ctx context.Context, req *Request) (*Response, error)

// Around returns middleware that calls f in place of each call, by Generate or
// by Stream. F asks the model inside by next, and what it returns is what the
// caller gets:
//
//	timed := model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
//		start := time.Now()
//		resp, err := next(ctx, req)
//		record(time.Since(start), resp, err)
//		return resp, err
//	})
//
// For a stream, f runs inside the caller's loop, when the stream is ranged
// over. Next delivers the events as they arrive, except the last, and returns
// the complete answer. The result of f becomes the last event or the error. So
// f can change the metadata of a streamed answer, but not the parts that were
// delivered. If the caller leaves the loop, next returns an error of kind
// [ErrStopped] with the answer so far in [Error.Partial], so that f can settle
// its accounts; the result of f is then ignored.
//
// F may answer without calling next; a stream then plays the parts of its
// response. F may call next again after a failure. Once a stream has delivered
// events, which cannot be taken back, next returns an error of kind
// [ErrStreamUsed].
//
// F must not modify the request: one that should differ is a Clone. It is
// called concurrently if the model is.
func Around(f func(ctx context.Context, req *Request, next Next) (*Response, error)) Middleware {
	return func(m ChatModel) ChatModel {
		if f == nil {
			return missing("Around was given no function: it is nil")
		}
		return &around{present(m, "Around"), f}
	}
}

// An around is the model that [Around] makes.
type around struct {
	inner ChatModel
	f     func(ctx context.Context, req *Request, next Next) (*Response, error)
}

func (a *around) Unwrap() ChatModel { return a.inner }

// Format makes every verb of fmt print what is inside by name.
func (a *around) Format(f fmt.State, verb rune) { io.WriteString(f, describeModel(a.inner)) }

// Generate calls f around the call, and refuses to return nothing at all.
func (a *around) Generate(ctx context.Context, req *Request) (*Response, error) {
	resp, err := a.f(ctx, req, a.inner.Generate)
	if err == nil && resp == nil {
		err = errNothing("generate")
	}
	if err != nil {
		return nil, a.label(err)
	}
	return resp, nil
}

// label says which model the function's own errors are about.
func (a *around) label(err error) error {
	e, ok := err.(*Error)
	if !ok || e == nil || e.Provider != "" && e.Op != "" {
		return err
	}
	info, _ := InfoOf(a.inner)
	c := *e
	c.Provider, c.Op, c.Model = cmp.Or(e.Provider, info.Provider), cmp.Or(e.Op, "generate"), cmp.Or(e.Model, info.Model)
	return &c
}

// Stream returns a stream that calls f when it is ranged over. If next has
// delivered no event, the parts of f's response are played.
func (a *around) Stream(ctx context.Context, req *Request) *Stream {
	req = req.Clone() // the model inside is asked when this stream is ranged over
	info, _ := InfoOf(a.inner)
	var s *Stream
	s = NewStream(ctx, info.stream(), func(ctx context.Context, emit func(Event) bool) error {
		c := &streamCall{s: s, model: a.inner, emit: emit}
		resp, err := a.f(ctx, req, c.next)
		switch {
		case err != nil:
			return err
		case resp == nil:
			return errNothing("stream")
		case !c.emitted && !c.left && !replay(resp, emit):
			return nil
		}
		emit(Event{Kind: EventFinish, Response: resp})
		return nil
	})
	return s
}

// errNothing is the error of a function that returns nothing at all. The caller
// would otherwise find a nil response without an error.
func errNothing(op string) error {
	return &Error{Kind: ErrMalformed, Op: op, Message: "a middleware returned neither a response nor an error"}
}

// A streamCall is a call by Stream that a function is around.
type streamCall struct {
	s       *Stream
	model   ChatModel
	emit    func(Event) bool
	emitted bool // an event has been delivered
	left    bool // the caller has left the loop
}

// next relays a stream of the model inside and returns its answer.
func (c *streamCall) next(ctx context.Context, req *Request) (*Response, error) {
	if c.emitted || c.left {
		return nil, &Error{Kind: ErrStreamUsed, Provider: c.s.info.Provider, Op: "stream", Model: c.s.info.Model,
			Message: "events of this stream have been delivered; it cannot begin again"}
	}
	inner := c.model.Stream(ctx, req)
	for ev, err := range inner.Events() {
		c.s.relabel(inner)
		if err != nil {
			return nil, err
		}
		if ev.Kind == EventFinish {
			continue // the function around may have something to say
		}
		c.emitted = true
		if !c.emit(ev) {
			c.left = true
			break
		}
	}
	resp, err := inner.Response()
	if err != nil {
		return nil, c.ended(err)
	}
	return resp, nil
}

// ended returns the error of a stream that was not relayed to its end: if the
// context has ended, emit refused an event for that.
func (c *streamCall) ended(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == ErrStopped && c.s.ctx.Err() != nil {
		ended := ContextError(c.s.ctx)
		ended.Provider, ended.Op, ended.Model, ended.Partial = e.Provider, e.Op, e.Model, e.Partial
		return ended
	}
	return err
}

// Strict returns middleware that turns warnings into errors. It is for programs
// that prefer no answer to an answer to a changed request. It
// refuses an answer with a warning for which refuse reports true; nil refuses
// all warnings.
//
// The error is of kind [ErrUnsupported] and names the warning. The answer, which
// has been paid for, is in [Error.Partial]. The warnings of a stream arrive at
// its end, and so does the error. [Response.Attempts] are not warnings: an
// answer that took a second call is not refused.
func Strict(refuse func(Warning) bool) Middleware {
	return Around(func(ctx context.Context, req *Request, next Next) (*Response, error) {
		resp, err := next(ctx, req)
		if err != nil {
			return nil, err
		}
		for _, w := range resp.Warnings {
			if refuse == nil || refuse(w) {
				return nil, &Error{Kind: ErrUnsupported, Op: "check warnings", Model: resp.Model, RequestID: resp.RequestID,
					Message: w.String(), Partial: resp}
			}
		}
		return resp, nil
	})
}
