package cancellation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// deadline returns a context whose deadline passes after the check has seen
// what it waits for, however long that takes. In a bubble the clock does that,
// because it stands still until then. Otherwise pass does.
func deadline(p *probe.Probe) (ctx context.Context, pass func(), stop func()) {
	if p.Bubble {
		ctx, cancel := context.WithTimeout(p.Ctx, time.Minute)
		return ctx, func() {}, cancel
	}
	d := &openDeadline{Context: p.Ctx, at: time.Now().Add(probe.Hour), done: make(chan struct{})}
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

func (c *openDeadline) Done() <-chan struct{} { return c.done }

func (c *openDeadline) Err() error {
	select {
	case <-c.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func deadlineIsNotCancel(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").After(probe.Hour).Always())
		ctx, pass, stop := deadline(p)
		cancelSoon(p, r, pass)
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		p.Ended(fmt.Sprintf("%s whose deadline passes", w), err, model.ErrDeadline)
		stop()
		ctx, cancel := context.WithCancel(p.Ctx)
		cancelSoon(p, r, cancel)
		_, err = r.Ask(ctx, w, probe.Ask("Hi"))
		p.Ended(fmt.Sprintf("%s that is cancelled", w), err, model.ErrCanceled)
	}
}

func deadlineMidStream(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").Every(probe.Hour))
	start := time.Now()
	ctx, pass, stop := deadline(p)
	defer stop()
	o := p.MidStream(r, 1, ctx, pass)
	p.Ended("a stream whose deadline passes", o.Err, model.ErrDeadline)
	if took := time.Since(start); p.Bubble && took != time.Minute {
		p.Errorf("a stream with a deadline of a minute ended after %v", took)
	}
	if e := probe.AsError(o.Err); e != nil && (e.Partial == nil || e.Partial.Text() != probe.Said(o.Events)) {
		p.Errorf("Partial of a stream whose deadline passed is (%s), want the text %q", show.Value(e.Partial), probe.Said(o.Events))
	}
}

func causeOfDeadline(p *probe.Probe) {
	check := func(what string, err error) {
		if !errors.Is(err, probe.ErrCause) {
			p.Errorf("%s: the cause of the deadline can't be reached by errors.Is: %v", what, err)
		}
		p.Ended(what, err, model.ErrDeadline)
	}
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("Hello.").After(probe.Hour).Always())
		ctx, cancel := context.WithDeadlineCause(p.Ctx, time.Now().Add(-time.Second), probe.ErrCause)
		_, err := r.Ask(ctx, w, probe.Ask("Hi"))
		cancel()
		check(fmt.Sprintf("%s with a deadline that has passed", w), err)
		if !p.Bubble {
			continue // only a clock can pass this deadline
		}
		ctx, cancel = context.WithTimeoutCause(p.Ctx, time.Minute, probe.ErrCause)
		_, err = r.Ask(ctx, w, probe.Ask("Hi"))
		cancel()
		check(fmt.Sprintf("%s whose deadline passes", w), err)
	}
}
