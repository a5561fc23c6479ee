package errors

import (
	"context"
	"errors"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func errorCodes(p *probe.Probe) {
	e := probe.Refusal(firstKind(p))
	e.Code, e.Status = "TooManyMarmots", 429
	p.EachFails(fake.Fail(e), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		if got := probe.AsError(err); got == nil || got.Code == "" || got.Status < 400 {
			p.Errorf("%s's error = %v, want one with the provider's code and status", w, err)
		}
	})
	if !p.Claims(probe.StreamErrorKinds) {
		return
	}
	e = probe.Refusal(streamKind(p))
	e.Code, e.Status = "TooManyMarmots", 429
	o := p.Play(fake.Text("one two three").FailAfter(2, e)).Observe(p.Ctx, probe.Ask("Count."))
	if got := probe.AsError(o.Err); got == nil || got.Code == "" {
		p.Errorf("a stream that failed in the middle ended with %v, want an error with the provider's code", o.Err)
	}
}

// misleading has the words of all kinds of failure, which a message may quote.
const misleading = "the user wrote: throttled, access denied, too many tokens, context canceled, deadline exceeded, quota, not found, timed out"

func wordsAreNoKinds(p *probe.Probe) {
	check := func(what string, kind model.ErrorKind, err error) {
		if got := model.KindOf(err); got != kind {
			p.Errorf("%s of a failure %q whose message quotes other words is of kind %q", what, string(kind), string(got))
		}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			p.Errorf("%s of a failure %q is the error of a context, though none has ended", what, string(kind))
		}
	}
	for _, kind := range p.Subject.Capabilities.ErrorKinds {
		if kind == model.ErrContextOverflow || kind == model.ErrQuota {
			continue // some providers report these only in words
		}
		e := probe.Refusal(kind)
		e.Message = misleading
		p.EachFails(fake.Fail(e), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) { check(string(w), kind, err) })
	}
	for _, kind := range p.Subject.Capabilities.StreamErrorKinds {
		if p.Claims(probe.Streaming) && kind != model.ErrContextOverflow && kind != model.ErrQuota {
			e := probe.Refusal(kind)
			e.Message = misleading
			check("a stream", kind, p.Play(fake.Text("one two three").FailAfter(2, e)).Observe(p.Ctx, probe.Ask("Count.")).Err)
		}
	}
}
