package fake

import (
	"context"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// An ending says where an answer breaks off.
type ending struct {
	after int   // events
	err   error // nil: the answer just ends
}

// A performance is what one call gets to see, and when.
type performance struct {
	events       []model.Event
	cut          bool  // the answer ends after the events without being complete
	err          error // and by this error
	first, every time.Duration
	requestID    string // of the call, for errors; the answer has its own
}

// breakOff shortens the performance to its given end.
func (p *performance) breakOff(e *ending) error {
	if e.err == errNoFailure {
		return scriptErrorf("FailAfter was given a nil error")
	}
	if e.after < 0 || e.after >= len(p.events) {
		return scriptErrorf("the answer cannot break off after %d events: it has %d", e.after, len(p.events))
	}
	p.events, p.cut, p.err = p.events[:e.after], true, e.err
	return nil
}

// play emits the events in their time. It holds nothing, so it may return
// as soon as nobody listens any more.
func (p *performance) play(ctx context.Context, emit func(model.Event) bool) error {
	delay := p.first
	for _, ev := range p.events {
		if err := pause(ctx, delay); err != nil {
			return p.named(err)
		}
		if !emit(ev) {
			return nil
		}
		delay = p.every
	}
	if p.cut {
		if err := pause(ctx, delay); err != nil {
			return p.named(err)
		}
		if p.err == nil {
			return p.named(&model.Error{Kind: model.ErrTruncated, Message: "the stream ended before the answer was complete"})
		}
	}
	return p.err
}

// named returns an error with the id of the call.
func (p *performance) named(err error) error {
	if e, ok := err.(*model.Error); ok && e.RequestID == "" {
		e.RequestID = p.requestID
	}
	return err
}

// pause waits, or returns the context's error if that ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return model.ContextError(ctx)
	}
}
