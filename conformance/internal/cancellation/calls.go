package cancellation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// promptly checks that no time has passed. Only a bubble shows that, because
// time stands still there while anything runs. Outside a bubble, a call that
// does not end with its context hangs instead, because its provider pauses for
// an hour.
func promptly(p *probe.Probe, what string, since time.Time) {
	if took := time.Since(since); p.Bubble && took > 0 {
		p.Errorf("%s took %v after the context had ended", what, took)
	}
}

func cancelledBefore(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").Always())
		ctx, cancel := context.WithCancel(p.Ctx)
		cancel()
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		p.Ended(fmt.Sprintf("%s with a cancelled context", w), err, model.ErrCanceled)
		ctx, cancel = context.WithDeadline(p.Ctx, time.Now().Add(-time.Second))
		_, err = r.Ask(ctx, w, probe.Ask("Hi"))
		cancel()
		p.Ended(fmt.Sprintf("%s with a deadline that has passed", w), err, model.ErrDeadline)
		r.Calls(fmt.Sprintf("%s with a context that has ended", w), 0)
	}
}

func cancelledBeforeRange(p *probe.Probe) {
	r := p.Play(fake.Text("Hello."))
	ctx, cancel := context.WithCancel(p.Ctx)
	s := r.Stream(ctx, probe.Ask("Hi"))
	cancel()
	o := laws.Observe(s, "")
	p.Ended("a stream whose context ended before the loop", o.Err, model.ErrCanceled)
	if len(o.Events) > 0 {
		p.Errorf("a stream whose context ended before the loop has %d events", len(o.Events))
	}
	r.Calls("a stream whose context ended before the loop", 0)
}

// cancelSoon cancels the context when one more call has reached the provider.
// It returns the time of that.
func cancelSoon(p *probe.Probe, r *probe.Rig, cancel context.CancelFunc) (at func() time.Time) {
	before := r.Script.Calls()
	var when atomic.Pointer[time.Time]
	go func() {
		p.Soon(func() bool { return r.Script.Calls() > before })
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

func cancelledDuringWait(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").After(probe.Hour))
		ctx, cancel := context.WithCancel(p.Ctx)
		at := cancelSoon(p, r, cancel)
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		p.Ended(fmt.Sprintf("%s, cancelled while it waited", w), err, model.ErrCanceled)
		promptly(p, string(w), at())
		cancel()
	}
}

func cancelledMidStream(p *probe.Probe) {
	for n := 1; n <= 2; n++ {
		r := p.Play(fake.Text("one two three four").Every(probe.Hour))
		if n > 1 && !p.Bubble {
			return // the second piece is an hour away
		}
		ctx, cancel := context.WithCancel(p.Ctx)
		var at time.Time
		o := p.MidStream(r, n, ctx, func() { at = time.Now(); cancel() })
		p.Ended(fmt.Sprintf("a stream cancelled after piece %d", n), o.Err, model.ErrCanceled)
		promptly(p, "a stream", at)
		cancel()
	}
}

func cancelledBetweenEvents(p *probe.Probe) {
	for _, n := range []int{1, 2, 3, 24} {
		r := p.Play(fake.Text(strings.Repeat("word ", n+1)))
		ctx, cancel := context.WithCancel(p.Ctx)
		o := p.MidStream(r, n, ctx, cancel)
		p.Ended(fmt.Sprintf("a stream cancelled after piece %d", n), o.Err, model.ErrCanceled)
		got := 0
		for _, ev := range o.Events {
			if ev.Kind == model.EventText && ev.Text != "" {
				got++
			}
		}
		if got != n {
			p.Errorf("a stream cancelled after piece %d handed on %d", n, got)
		}
		cancel()
	}
}

func cancelKeepsPieces(p *probe.Probe) {
	r := p.Play(fake.Text("one two three four").Usage(&model.Usage{InputTokens: 5, OutputTokens: 5}))
	ctx, cancel := context.WithCancel(p.Ctx)
	o := p.MidStream(r, 2, ctx, cancel)
	cancel()
	e := probe.AsError(o.Err)
	if e == nil || e.Partial == nil {
		p.Fatalf("a cancelled stream ended with %v, want an error with a Partial", o.Err)
	}
	p.Equal("text of a cancelled stream's Partial", e.Partial.Text(), probe.Said(o.Events))
	p.Equal("usage of a cancelled stream's Partial", e.Partial.Usage, new(model.Usage))
}

func cancelCause(p *probe.Probe) {
	check := func(what string, err error) {
		if !errors.Is(err, probe.ErrCause) {
			p.Errorf("%s: the cause of the cancellation can't be reached by errors.Is: %v", what, err)
		}
		p.Ended(what, err, model.ErrCanceled)
	}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").After(probe.Hour).Always())
		ctx, cancel := context.WithCancelCause(p.Ctx)
		cancel(probe.ErrCause)
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		check(fmt.Sprintf("%s, cancelled with a cause before", w), err)
		ctx, cancel = context.WithCancelCause(p.Ctx)
		cancelSoon(p, r, func() { cancel(probe.ErrCause) })
		_, err = r.Ask(ctx, w, probe.Ask("Hi"))
		check(fmt.Sprintf("%s, cancelled with a cause while it waited", w), err)
	}
	r := p.Play(fake.Text("one two three"))
	ctx, cancel := context.WithCancelCause(p.Ctx)
	check("a stream cancelled with a cause", p.MidStream(r, 1, ctx, func() { cancel(probe.ErrCause) }).Err)
}

func cancelAfterEnd(p *probe.Probe) {
	r := p.Play(fake.Text("Hello."))
	ctx, cancel := context.WithCancel(p.Ctx)
	s := r.Stream(ctx, probe.Ask("Hi"))
	for range s.Events() { // until its end
	}
	cancel()
	resp, err := s.Response()
	if err != nil || resp == nil || resp.Text() != "Hello." {
		p.Errorf("Response, after the context of a complete answer ended = (%s), %v, want the answer", show.Value(resp), err)
	}
}

func cancelOneOfTwo(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").Times(2))
	ctx, cancel := context.WithCancel(p.Ctx)
	other := r.Stream(p.Ctx, probe.Ask("Count."))
	o := p.MidStream(r, 1, ctx, cancel)
	p.Ended("the stream that was cancelled", o.Err, model.ErrCanceled)
	resp, err := other.Response()
	if err != nil || resp == nil || resp.Text() != "one two three" {
		p.Errorf("the stream that was not cancelled = (%s), %v, want its answer", show.Value(resp), err)
	}
}

func cancelNotRetryable(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello."))
		ctx, cancel := context.WithCancel(p.Ctx)
		cancel()
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		if model.Retryable(err) {
			p.Errorf("%s: the error of a cancelled call is retryable: %v", w, err)
		}
		probe.Labelled(p, string(w)+" with a cancelled context", w, err)
	}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").After(probe.Hour))
		ctx, cancel := context.WithCancel(p.Ctx)
		cancelSoon(p, r, cancel)
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		probe.Labelled(p, string(w)+", cancelled while it waited", w, err)
		r.Calls(string(w)+", cancelled while it waited", 1)
		cancel()
	}
}

func doneContextNeverPanics(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello."))
		ctx, cancel := context.WithCancel(p.Ctx)
		cancel()
		r.Failure(ctx, w, nil)
		r.Calls(string(w), 0)
	}
}
