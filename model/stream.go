package model

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Stream is a call that has not been made yet. The request is sent when the
// stream is ranged over, by [Stream.Events] or [Stream.Text], or drained by
// [Stream.Response].
//
//   - It can be ranged over once. A second range yields an error of kind
//     [ErrStreamUsed].
//   - A stream that is never ranged over opens nothing; there is nothing to
//     close.
//   - Leaving the loop releases the connection before the loop is left.
//   - An error is yielded last, with a zero Event; nothing follows it.
//   - Only EventFinish makes an answer complete. An end without it is an
//     error of kind [ErrTruncated].
//   - When the context ends, so does the stream, with the context's error.
//   - An error that broke off an answer carries what had arrived in
//     [Error.Partial].
//
// No goroutine is started: the provider's work is done inside the loop. A
// Stream is meant for one goroutine.
type Stream struct {
	ctx   context.Context
	info  StreamInfo
	run   func(ctx context.Context, emit func(Event) bool) error
	used  atomic.Bool
	parts accumulator
	resp  *Response // set by EventFinish
	err   *Error    // set when the stream has ended without one

	begins  []func(context.Context) (context.Context, func(Event), func(*Response, error)) // the outermost last
	watches []watch                                                                        // the innermost first
}

// StreamInfo identifies the model behind a stream. It labels the stream's errors
// and thinking.
type StreamInfo struct {
	Provider string
	Model    string

	// Base is what [Thinking.Model] and [Opaque.Model] say of the blocks in the
	// answer: the id of the model without a geography. Empty means that it is not
	// known.
	Base string
}

// NewStream is for writers of providers and middleware. It returns a stream
// that calls run when it is ranged over.
//
// Run makes the call and passes each event to emit, on the goroutine that calls
// it. When emit returns false, run must release its resources and return; its
// error is then ignored. Run returns an error if the answer broke
// off, and nil after it has emitted EventFinish. The stream keeps the rules
// that are listed at [Stream], so run need not:
//
//   - It checks the context before run is called and with every event.
//   - It collects the deltas by Index; indices may interleave, have gaps and
//     come without a beginning. Run may leave Part out of an EventPartDone and
//     Message.Parts out of an EventFinish's Response: the stream fills them in.
//     What run does set is taken as it is, without copying it.
//   - Parts that were not done when EventFinish comes are done by it.
func NewStream(ctx context.Context, info StreamInfo, run func(ctx context.Context, emit func(Event) bool) error) *Stream {
	return &Stream{ctx: ctx, info: info, run: run, parts: accumulator{provider: info.Provider, base: info.Base}}
}

// Relabel is for writers of providers that know who answers only once the call
// is under way. It replaces the info of [NewStream]. It must be called by run,
// or a function that run calls, before the first event.
func (s *Stream) Relabel(info StreamInfo) {
	s.info, s.parts.provider, s.parts.base = info, info.Provider, info.Base
}

// FailedStream returns a stream that yields err when it is ranged over.
func FailedStream(ctx context.Context, info StreamInfo, err error) *Stream {
	return NewStream(ctx, info, func(context.Context, func(Event) bool) error { return err })
}

// Events returns the answer's events, and at last its error if it has one.
// See [Stream] for the rules.
func (s *Stream) Events() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if s.used.Swap(true) {
			yield(Event{}, s.usedError())
			return
		}
		d := delivery{stream: s, yield: yield}
		defer d.end()
		s.begin()
		if err := d.play(); err != nil {
			s.err = err
			yield(Event{}, err)
		}
	}
}

// Text returns the answer's text as it arrives, and at last its error if it
// has one. It yields whole characters: the bytes of one that was cut wait for
// the rest. Thinking and tool calls are passed over; [Stream.Response] has
// them when the loop has ended.
func (s *Stream) Text() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var cut map[int]string // the beginning of a character, by part
		for ev, err := range s.Events() {
			if err != nil {
				yield("", err)
				return
			}
			text := cut[ev.Index] + textOf(ev)
			delete(cut, ev.Index)
			if ev.Kind != EventPartDone { // after which no rest can come
				var rest string
				if text, rest = rawjson.CutCharacter(text); rest != "" {
					if cut == nil {
						cut = map[int]string{}
					}
					cut[ev.Index] = rest
				}
			}
			if text != "" && !yield(text, nil) {
				return
			}
		}
	}
}

// textOf returns what an event adds to the answer's text.
func textOf(ev Event) string {
	switch ev.Kind {
	case EventText:
		return ev.Text
	case EventPart:
		return Message{Parts: []Part{ev.Part}}.Text()
	}
	return ""
}

// Response returns the complete answer, asking for it first if that has not
// been done. If the answer broke off, it returns the error and, unless
// nothing had arrived, the part so far. After a loop that was left early, the
// error is of kind [ErrStopped]; called inside the loop before the last
// iteration, Response returns the part so far and an error of kind
// [ErrStreamUsed].
func (s *Stream) Response() (*Response, error) {
	if !s.used.Load() {
		for range s.Events() { // the error is kept in s.err
		}
	}
	switch {
	case s.resp != nil:
		return s.resp, nil
	case s.err != nil:
		return s.err.Partial, s.err
	}
	return s.partial(), s.usedError()
}

// usedError is the error of a stream that is ranged over a second time, or
// asked for its answer within the loop.
func (s *Stream) usedError() error {
	return &Error{Kind: ErrStreamUsed, Provider: s.info.Provider, Op: "stream", Model: s.info.Model,
		Message: "a stream can be ranged over once; ask the model for a new one"}
}

// partial returns the part of the answer that has arrived, nil if nothing has.
func (s *Stream) partial() *Response {
	parts := s.parts.snapshot()
	if len(parts) == 0 {
		return nil
	}
	return &Response{Message: Message{Role: RoleAssistant, Parts: parts}, Model: s.info.Model, Usage: new(Usage)}
}

// A delivery is one range over a stream.
type delivery struct {
	stream *Stream
	yield  func(Event, error) bool
	closed bool  // emit accepts nothing more
	left   bool  // the consumer left the loop
	err    error // why emit refused an event
}

// play runs the provider and returns the error to yield, nil if the stream
// has been finished or left.
func (d *delivery) play() *Error {
	s := d.stream
	if e := ContextError(s.ctx); e != nil {
		return s.failure(e)
	}
	err := s.run(s.ctx, d.emit)
	d.closed = true
	if e, ok := err.(*Error); ok && e == nil {
		err = nil // run returned the nil of ContextError
	}
	switch {
	case d.left, s.resp != nil:
		return nil
	case d.err != nil && (err == nil || s.ctx.Err() == nil): // else run says more of the context's end
		err = d.err
	case err == nil:
		err = &Error{Kind: ErrTruncated, Message: "the stream ended before the answer was complete"}
	}
	return s.failure(err)
}

// end settles the stream, also when the consumer's loop panics.
func (d *delivery) end() {
	s := d.stream
	if s.resp == nil && s.err == nil {
		s.err = &Error{Kind: ErrStopped, Provider: s.info.Provider, Op: "stream", Model: s.info.Model,
			Message: "the loop over the stream was left before the answer was complete", Partial: s.partial()}
	}
	s.ended()
}

// failure makes err the stream's error: the context's if that has ended,
// labelled, and with the part of the answer that has arrived.
func (s *Stream) failure(err error) *Error {
	var e Error
	if given, ok := err.(*Error); ok {
		e = *given // a provider may hand out one error value many times
	} else {
		e = Error{Kind: KindOf(err), Err: err}
		if inner, ok := errors.AsType[*Error](err); ok {
			e.RetryAfter, e.Partial = inner.RetryAfter, inner.Partial
		}
	}
	if ended := ContextError(s.ctx); ended != nil && !tells(&e, ended.Kind, s.ctx) {
		// The provider saw a connection break, or worse. Where is still true.
		e = Error{Kind: ended.Kind, Provider: e.Provider, Op: e.Op, Model: e.Model, RequestID: e.RequestID,
			Partial: e.Partial, Err: ended.Err}
	}
	if e.Provider == "" {
		e.Provider = s.info.Provider
	}
	if e.Op == "" {
		e.Op = "stream"
	}
	if e.Model == "" {
		e.Model = s.info.Model
	}
	switch {
	case e.Partial == nil:
		e.Partial = s.partial()
	case e.Partial.Usage == nil:
		e.Partial = new(*e.Partial)
		e.Partial.settle()
	}
	return &e
}

// tells reports whether e is an error of the given kind, that of the ended
// context's error, from which the context's cause can be reached.
func tells(e *Error, kind ErrorKind, ctx context.Context) bool {
	return e.Kind == kind && errors.Is(e, context.Cause(ctx))
}

// emit takes an event from the provider and hands it to the consumer.
func (d *delivery) emit(ev Event) bool {
	s := d.stream
	if d.closed {
		return false
	}
	if s.ctx.Err() != nil {
		return d.refuse(ContextError(s.ctx))
	}
	switch ev.Kind {
	case EventFinish:
		return d.finish(ev)
	case EventPartDone:
		part, ok := s.parts.finish(ev.Index, ev.Part)
		switch {
		case !ok && ev.Part == nil:
			return true // the end of a part that never began
		case !ok: // the whole part
			return d.emit(Event{Kind: EventPart, Index: ev.Index, Part: ev.Part}) && d.emit(ev)
		}
		ev.Part = part
	default:
		shape, err := shapeOf(&ev)
		if err != nil {
			return d.refuse(err)
		}
		if part, ok := s.parts.closes(&ev, shape); ok && !d.hand(Event{Kind: EventPartDone, Index: ev.Index, Part: part}) {
			return false
		}
		s.parts.add(&ev, shape)
	}
	return d.hand(ev)
}

// finish completes the parts that are still open and the answer.
func (d *delivery) finish(ev Event) bool {
	s := d.stream
	for _, b := range s.parts.ordered() {
		if b.done {
			continue
		}
		part, _ := s.parts.finish(b.index, nil)
		if !d.hand(Event{Kind: EventPartDone, Index: b.index, Part: part}) {
			return false
		}
	}
	resp := &Response{}
	if ev.Response != nil {
		*resp = *ev.Response
	}
	if resp.Message.Role == "" {
		resp.Message.Role = RoleAssistant
	}
	if resp.Message.Parts == nil {
		resp.Message.Parts = s.parts.snapshot()
	}
	if resp.Model == "" {
		resp.Model = s.info.Model
	}
	resp.settle()
	s.resp = resp
	d.closed = true
	return d.hand(Event{Kind: EventFinish, Response: resp})
}

// hand gives an event to those who watch and to the consumer.
func (d *delivery) hand(ev Event) bool {
	d.stream.see(&ev)
	if !d.yield(ev, nil) {
		d.closed, d.left = true, true
		return false
	}
	return true
}

// refuse ends the delivery because of an event that is not one.
func (d *delivery) refuse(err error) bool {
	d.closed, d.err = true, err
	return false
}
