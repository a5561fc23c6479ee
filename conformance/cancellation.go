package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func cancellationCases() []Case {
	return []Case{
		{ID: "CAN-01", Name: "BeforeTheCall", check: cancelledBefore,
			Rule: "a call whose context has ended returns the context's error, and nothing is sent"},
		{ID: "CAN-02", Name: "BeforeTheRange", check: cancelledBeforeRange,
			Rule: "a context that ends between Stream and the loop keeps the request from being sent"},
		{ID: "CAN-03", Name: "DuringTheWait", check: cancelledDuringWait,
			Rule: "a call that waits for its answer ends when the context does"},
		{ID: "CAN-04", Name: "MidStream", check: cancelledMidStream, Needs: []Capability{capStreaming},
			Rule: "a stream that waits for its next event ends when the context does"},
		{ID: "CAN-05", Name: "BetweenEvents", check: cancelledBetweenEvents, Needs: []Capability{capStreaming},
			Rule: "no event is handed on once the context has ended, were it there already"},
		{ID: "CAN-06", Name: "KeepsPieces", check: cancelKeepsPieces, Needs: []Capability{capStreaming},
			Rule: "the error of a cancelled stream carries what had arrived, and no usage that nobody told"},
		{ID: "CAN-07", Name: "DeadlineIsNotCancel", check: deadlineIsNotCancel,
			Rule: "a deadline that passes is ErrDeadline and context.DeadlineExceeded, a cancelled context ErrCanceled and context.Canceled; never one for the other"},
		{ID: "CAN-08", Name: "Cause", check: cancelCause,
			Rule: "the cause that a context was cancelled with is reachable by errors.Is"},
		{ID: "CAN-09", Name: "Releases", check: cancelReleases,
			Rule: "a cancelled call holds nothing, and leaves no goroutine behind"},
		{ID: "CAN-10", Name: "AfterTheEnd", check: cancelAfterEnd,
			Rule: "a context that ends after the answer changes nothing about it"},
		{ID: "CAN-11", Name: "OneOfTwo", check: cancelOneOfTwo,
			Rule: "a context that ends ends its own call only"},
		{ID: "CAN-12", Name: "NotRetryable", check: cancelNotRetryable,
			Rule: "a call that its caller ended is not worth another one, and is labelled like all errors"},
		{ID: "CAN-13", Name: "DeadlineMidStream", check: deadlineMidStream, Needs: []Capability{capStreaming},
			Rule: "a deadline ends a stream when it passes, not when the answer does"},
		{ID: "CAN-14", Name: "InvalidRequestStillInvalid", check: doneContextNeverPanics,
			Rule: "a nil request with a context that has ended is an error, not a panic, and nothing is sent"},
		{ID: "CAN-15", Name: "CauseOfDeadline", check: causeOfDeadline,
			Rule: "the cause of a deadline is reachable by errors.Is"},
		{ID: "CAN-16", Name: "LeavesNothing", check: leavesNothing,
			Rule: "a call that is over leaves no goroutine behind, though its context lives on"},
	}
}

// hour is the time that no test waits and every provider may.
const hour = time.Hour

// ended checks that an error is that of a context, by all ways of asking.
func (p *probe) ended(what string, err error, kind model.ErrorKind) {
	ctxErr, other := context.Canceled, context.DeadlineExceeded
	if kind == model.ErrDeadline {
		ctxErr, other = other, ctxErr
	}
	switch {
	case err == nil:
		p.errorf("%s: no error, want %v", what, ctxErr)
	case !errors.Is(err, ctxErr):
		p.errorf("%s: error %v, want one that is %v", what, err, ctxErr)
	case errors.Is(err, other):
		p.errorf("%s: error %v is %v as well, want %v only", what, err, other, ctxErr)
	case model.KindOf(err) != kind:
		p.errorf("%s: error of kind %q, want %q", what, string(model.KindOf(err)), string(kind))
	case asError(err) == nil:
		p.errorf("%s: error of type %T, want a *model.Error", what, err)
	}
}

// promptly checks that no time has passed. That can be told in a bubble only,
// where time stands still while anything runs. Without one, a call that does
// not end with its context hangs, since its provider pauses for an hour.
func (p *probe) promptly(what string, since time.Time) {
	if took := time.Since(since); p.env.Bubble && took > 0 {
		p.errorf("%s took %v after the context had ended", what, took)
	}
}

// deadline returns a context whose deadline passes when the check has seen
// what it wants to see first, however long that takes: in a bubble by the
// clock, which stands still until then, otherwise by pass.
func (p *probe) deadline() (ctx context.Context, pass func(), stop func()) {
	if p.env.Bubble {
		ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
		return ctx, func() {}, cancel
	}
	d := &openDeadline{Context: p.ctx, at: time.Now().Add(hour), done: make(chan struct{})}
	ctx, cancel := context.WithCancel(d)
	var once sync.Once
	pass = func() { once.Do(func() { close(d.done) }) }
	return ctx, pass, func() { pass(); cancel() }
}

// openDeadline is a context with a deadline that passes when done is closed.
type openDeadline struct {
	context.Context
	at   time.Time
	done chan struct{}
}

func (c *openDeadline) Deadline() (time.Time, bool) { return c.at, true }
func (c *openDeadline) Done() <-chan struct{}       { return c.done }

func (c *openDeadline) Err() error {
	select {
	case <-c.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func cancelledBefore(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").Always())
		ctx, cancel := context.WithCancel(p.ctx)
		cancel()
		_, err := r.ask(ctx, w, ask("Hi"))
		p.ended(fmt.Sprintf("%s with a cancelled context", w), err, model.ErrCanceled)
		ctx, cancel = context.WithDeadline(p.ctx, time.Now().Add(-time.Second))
		_, err = r.ask(ctx, w, ask("Hi"))
		cancel()
		p.ended(fmt.Sprintf("%s with a deadline that has passed", w), err, model.ErrDeadline)
		r.calls(fmt.Sprintf("%s with a context that has ended", w), 0)
	}
}

func cancelledBeforeRange(p *probe) {
	r := p.play(fake.Text("Hello."))
	ctx, cancel := context.WithCancel(p.ctx)
	s := r.stream(ctx, ask("Hi"))
	cancel()
	o := observe(s, "")
	p.ended("a stream whose context ended before the loop", o.Err, model.ErrCanceled)
	if len(o.Events) > 0 {
		p.errorf("a stream whose context ended before the loop has %d events", len(o.Events))
	}
	r.calls("a stream whose context ended before the loop", 0)
}

// cancelSoon cancels when one more call has reached the provider. It returns
// when that was.
func (p *probe) cancelSoon(r *rig, cancel context.CancelFunc) (at func() time.Time) {
	before := r.script.Calls()
	var when atomic.Pointer[time.Time]
	go func() {
		p.soon(func() bool { return r.script.Calls() > before })
		when.Store(new(time.Now()))
		cancel()
	}()
	return func() time.Time {
		if t := when.Load(); t != nil {
			return *t
		}
		return time.Now()
	}
}

func cancelledDuringWait(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").After(hour))
		ctx, cancel := context.WithCancel(p.ctx)
		at := p.cancelSoon(r, cancel)
		_, err := r.ask(ctx, w, ask("Hi"))
		p.ended(fmt.Sprintf("%s, cancelled while it waited", w), err, model.ErrCanceled)
		p.promptly(string(w), at())
		cancel()
	}
}

// midStream ranges over a slow stream and ends its context after n pieces of
// text.
func (p *probe) midStream(r *rig, n int, ctx context.Context, end func()) Observation {
	o := Observation{streamed: true, Provider: p.subject.Provider}
	s := r.stream(ctx, ask("Count."))
	for ev, err := range s.Events() {
		if err != nil {
			o.Err = err
			continue
		}
		o.Events = append(o.Events, ev)
		if ev.Kind == model.EventText && ev.Text != "" {
			if n--; n == 0 {
				end()
			}
		}
	}
	o.Response, _ = s.Response()
	return o
}

func cancelledMidStream(p *probe) {
	for n := 1; n <= 2; n++ {
		r := p.play(fake.Text("one two three four").Every(hour))
		if n > 1 && !p.env.Bubble {
			return // the second piece is an hour away
		}
		ctx, cancel := context.WithCancel(p.ctx)
		var at time.Time
		o := p.midStream(r, n, ctx, func() { at = time.Now(); cancel() })
		p.ended(fmt.Sprintf("a stream cancelled after piece %d", n), o.Err, model.ErrCanceled)
		p.promptly("a stream", at)
		cancel()
	}
}

func cancelledBetweenEvents(p *probe) {
	for _, n := range []int{1, 2, 3, 24} {
		r := p.play(fake.Text(strings.Repeat("word ", n+1)))
		ctx, cancel := context.WithCancel(p.ctx)
		o := p.midStream(r, n, ctx, cancel)
		p.ended(fmt.Sprintf("a stream cancelled after piece %d", n), o.Err, model.ErrCanceled)
		got := 0
		for _, ev := range o.Events {
			if ev.Kind == model.EventText && ev.Text != "" {
				got++
			}
		}
		if got != n {
			p.errorf("a stream cancelled after piece %d handed on %d", n, got)
		}
		cancel()
	}
}

func cancelKeepsPieces(p *probe) {
	r := p.play(fake.Text("one two three four").Usage(&model.Usage{InputTokens: 5, OutputTokens: 5}))
	ctx, cancel := context.WithCancel(p.ctx)
	o := p.midStream(r, 2, ctx, cancel)
	cancel()
	e := asError(o.Err)
	if e == nil || e.Partial == nil {
		p.fatalf("a cancelled stream ended with %v, want an error with a Partial", o.Err)
	}
	p.equal("text of a cancelled stream's Partial", e.Partial.Text(), said(o.Events))
	p.equal("usage of a cancelled stream's Partial", e.Partial.Usage, new(model.Usage))
}

func deadlineIsNotCancel(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").After(hour).Always())
		ctx, pass, stop := p.deadline()
		p.cancelSoon(r, pass)
		_, err := r.ask(ctx, w, ask("Hi"))
		p.ended(fmt.Sprintf("%s whose deadline passes", w), err, model.ErrDeadline)
		stop()
		ctx, cancel := context.WithCancel(p.ctx)
		p.cancelSoon(r, cancel)
		_, err = r.ask(ctx, w, ask("Hi"))
		p.ended(fmt.Sprintf("%s that is cancelled", w), err, model.ErrCanceled)
	}
}

var errCause = errors.New("the user went home")

func cancelCause(p *probe) {
	check := func(what string, err error) {
		if !errors.Is(err, errCause) {
			p.errorf("%s: the cause of the cancellation can't be reached by errors.Is: %v", what, err)
		}
		p.ended(what, err, model.ErrCanceled)
	}
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").After(hour).Always())
		ctx, cancel := context.WithCancelCause(p.ctx)
		cancel(errCause)
		_, err := r.ask(ctx, w, ask("Hi"))
		check(fmt.Sprintf("%s, cancelled with a cause before", w), err)
		ctx, cancel = context.WithCancelCause(p.ctx)
		p.cancelSoon(r, func() { cancel(errCause) })
		_, err = r.ask(ctx, w, ask("Hi"))
		check(fmt.Sprintf("%s, cancelled with a cause while it waited", w), err)
	}
	r := p.play(fake.Text("one two three"))
	ctx, cancel := context.WithCancelCause(p.ctx)
	check("a stream cancelled with a cause", p.midStream(r, 1, ctx, func() { cancel(errCause) }).Err)
}

func cancelReleases(p *probe) {
	const n = 8
	r := p.play(fake.Text("one two three").Every(hour).Always())
	before := p.goroutines()
	for range n {
		ctx, cancel := context.WithCancel(p.ctx)
		p.midStream(r, 1, ctx, cancel)
	}
	r.released("cancelled streams")
	if !r.soon(func() bool { return p.goroutines() < before+n/2 }) {
		p.errorf("%d cancelled streams left %d goroutines behind", n, p.goroutines()-before)
	}
}

func cancelAfterEnd(p *probe) {
	r := p.play(fake.Text("Hello."))
	ctx, cancel := context.WithCancel(p.ctx)
	s := r.stream(ctx, ask("Hi"))
	for range s.Events() { // to its end
	}
	cancel()
	resp, err := s.Response()
	if err != nil || resp == nil || resp.Text() != "Hello." {
		p.errorf("Response, after the context of a complete answer ended = (%s), %v, want the answer", show(resp), err)
	}
}

func cancelOneOfTwo(p *probe) {
	r := p.play(fake.Text("one two three").Times(2))
	ctx, cancel := context.WithCancel(p.ctx)
	other := r.stream(p.ctx, ask("Count."))
	o := p.midStream(r, 1, ctx, cancel)
	p.ended("the stream that was cancelled", o.Err, model.ErrCanceled)
	resp, err := other.Response()
	if err != nil || resp == nil || resp.Text() != "one two three" {
		p.errorf("the stream that was not cancelled = (%s), %v, want its answer", show(resp), err)
	}
}

func cancelNotRetryable(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("Hello."))
		ctx, cancel := context.WithCancel(p.ctx)
		cancel()
		_, err := r.ask(ctx, w, ask("Hi"))
		if model.Retryable(err) {
			p.errorf("%s: the error of a cancelled call is retryable: %v", w, err)
		}
		p.labelledError(string(w)+" with a cancelled context", w, err)
	}
	for _, w := range ways {
		r := p.play(fake.Text("Hello.").After(hour))
		ctx, cancel := context.WithCancel(p.ctx)
		p.cancelSoon(r, cancel)
		_, err := r.ask(ctx, w, ask("Hi"))
		p.labelledError(string(w)+", cancelled while it waited", w, err)
		r.calls(string(w)+", cancelled while it waited", 1)
		cancel()
	}
}

func deadlineMidStream(p *probe) {
	r := p.play(fake.Text("one two three").Every(hour))
	start := time.Now()
	ctx, pass, stop := p.deadline()
	defer stop()
	o := p.midStream(r, 1, ctx, pass)
	p.ended("a stream whose deadline passes", o.Err, model.ErrDeadline)
	if took := time.Since(start); p.env.Bubble && took != time.Minute {
		p.errorf("a stream with a deadline of a minute ended after %v", took)
	}
	if e := asError(o.Err); e != nil && (e.Partial == nil || e.Partial.Text() != said(o.Events)) {
		p.errorf("Partial of a stream whose deadline passed is (%s), want the text %q", show(e.Partial), said(o.Events))
	}
}

func doneContextNeverPanics(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("Hello."))
		ctx, cancel := context.WithCancel(p.ctx)
		cancel()
		r.failure(ctx, w, nil)
		r.calls(string(w), 0)
	}
}
