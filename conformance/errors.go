package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// asError returns the *model.Error in err's tree, nil if there is none.
func asError(err error) *model.Error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return nil
	}
	return e
}

func refusal(kind model.ErrorKind) *model.Error {
	return &model.Error{Kind: kind} // the words are the provider's own
}

// firstKind is one that the subject claims to tell apart.
func (p *probe) firstKind() model.ErrorKind {
	for _, k := range []model.ErrorKind{model.ErrThrottled, model.ErrUnavailable} {
		if isKind(p.subject.Capabilities.ErrorKinds, k) {
			return k
		}
	}
	return p.subject.Capabilities.ErrorKinds[0]
}

func isKind(kinds []model.ErrorKind, k model.ErrorKind) bool {
	for _, have := range kinds {
		if have == k {
			return true
		}
	}
	return false
}

// labelledError checks that an error says where it comes from.
func (p *probe) labelledError(what string, w way, err error) {
	e := asError(err)
	if e == nil {
		p.errorf("%s: the error is a %T, want a *model.Error: %v", what, err, err)
		return
	}
	ops := map[way]string{generate: "generate", streaming: "stream"}
	if e.Provider == "" || p.subject.Provider != "" && e.Provider != p.subject.Provider {
		p.errorf("%s: Error.Provider = %q, want %q", what, e.Provider, p.subject.Provider)
	}
	if e.Op != ops[w] {
		p.errorf("%s: Error.Op = %q, want %q", what, e.Op, ops[w])
	}
	if e.Model == "" {
		p.errorf("%s: Error.Model is empty", what)
	}
	if err.Error() == "" {
		p.errorf("%s: the error has no text", what)
	}
}

func errorTyped(p *probe) {
	p.eachFails(fake.Fail(refusal(model.ErrUnavailable)), ask("Hi"), func(w way, err error, _ *rig) {
		p.labelledError(string(w)+" of a failure", w, err)
	})
}

func errorKinds(p *probe) {
	for _, kind := range p.subject.Capabilities.ErrorKinds {
		p.eachFails(fake.Fail(refusal(kind)), ask("Hi"), func(w way, err error, _ *rig) {
			if got := model.KindOf(err); got != kind {
				p.errorf("%s of a failure %q returned an error of kind %q: %v", w, string(kind), string(got), err)
			}
		})
	}
}

// allKinds are the kinds that a provider's failure can have.
func allKinds() []model.ErrorKind {
	return append(AllCapabilities().ErrorKinds, model.ErrUnknown, model.ErrTransport, model.ErrTruncated,
		model.ErrMalformed, model.ErrCanceled, model.ErrDeadline, model.ErrStopped, model.ErrStreamUsed, model.ErrOutput)
}

// passing are the failures that another call may not meet.
var passing = []model.ErrorKind{model.ErrThrottled, model.ErrTimeout, model.ErrUnavailable, model.ErrProvider,
	model.ErrTransport, model.ErrTruncated, model.ErrMalformed}

func kindAndIsAgree(p *probe) {
	for _, kind := range p.subject.Capabilities.ErrorKinds {
		p.eachFails(fake.Fail(refusal(kind)), ask("Hi"), func(w way, err error, _ *rig) {
			for _, k := range allKinds() {
				if got, want := errors.Is(err, k), k == model.KindOf(err); got != want {
					p.errorf("%s of a failure %q: errors.Is(err, %q) = %v, want %v", w, string(kind), string(k), got, want)
				}
			}
			if got, want := model.Retryable(err), isKind(passing, kind); got != want {
				p.errorf("%s of a failure %q: Retryable = %v, want %v", w, string(kind), got, want)
			}
		})
	}
}

func errorMessage(p *probe) {
	e := refusal(p.firstKind())
	e.Message = "the marmots are asleep"
	p.eachFails(fake.Fail(e), ask("Hi"), func(w way, err error, _ *rig) {
		if !strings.Contains(err.Error(), e.Message) {
			p.errorf("%s: the error reads %q, want the provider's words %q in it", w, err, e.Message)
		}
	})
}

func errorRetryAfter(p *probe) {
	for _, want := range []time.Duration{0, 7 * time.Second, 90 * time.Second} {
		e := refusal(p.firstKind())
		e.RetryAfter = want
		p.eachFails(fake.Fail(e), ask("Hi"), func(w way, err error, _ *rig) {
			if got := asError(err); got != nil {
				p.equal(fmt.Sprintf("RetryAfter of %s's error", w), got.RetryAfter, want)
			}
		})
	}
}

func noAnswerWithError(p *probe) {
	r := p.play(fake.Fail(refusal(p.firstKind())), fake.Text("Hello."))
	resp, err := r.model.Generate(p.ctx, ask("Hi"))
	if err == nil || resp != nil {
		p.errorf("Generate of a failure = (%s), %v, want no response and an error", show(resp), err)
	}
	resp, err = r.model.Generate(p.ctx, ask("Hi"))
	if err != nil || resp == nil {
		p.errorf("Generate of an answer = (%s), %v, want a response and no error", show(resp), err)
	}
}

func askedOnce(p *probe) {
	for _, kind := range p.subject.Capabilities.ErrorKinds {
		for _, w := range ways {
			r := p.play(fake.Fail(refusal(kind)).Always())
			r.failure(p.ctx, w, ask("Hi"))
			r.calls(fmt.Sprintf("%s of a failure %q", w, string(kind)), 1)
		}
	}
}

func nextCallWorks(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Fail(refusal(p.firstKind())), fake.Text("Hello."))
		r.failure(p.ctx, w, ask("Hi"))
		p.equal(fmt.Sprintf("text of %s's answer after a failure", w), r.answer(w, ask("Hi")).Text(), "Hello.")
	}
}

func nothingArrived(p *probe) {
	p.eachFails(fake.Fail(refusal(p.firstKind())), ask("Hi"), func(w way, err error, _ *rig) {
		if e := asError(err); e != nil && e.Partial != nil {
			p.errorf("%s's error has a Partial although nothing had arrived: %s", w, show(e.Partial))
		}
	})
	r := p.play(fake.Fail(refusal(p.firstKind())))
	o := r.observe(p.ctx, ask("Hi"))
	if len(o.Events) > 0 || o.Response != nil {
		p.errorf("a stream that failed at once has %d events and the response (%s)", len(o.Events), show(o.Response))
	}
}

func unknownFailure(p *probe) {
	p.eachFails(fake.Fail(errors.New("something odd")), ask("Hi"), func(w way, err error, _ *rig) {
		p.labelledError(string(w)+" of an odd failure", w, err)
		if isAny(err, []model.ErrorKind{model.ErrCanceled, model.ErrDeadline, model.ErrStopped, model.ErrInvalidRequest}) {
			p.errorf("%s of an odd failure returned an error of kind %q", w, string(model.KindOf(err)))
		}
	})
}

func timeoutIsNotTheCallers(p *probe) {
	p.eachFails(fake.Fail(refusal(model.ErrTimeout)), ask("Hi"), func(w way, err error, _ *rig) {
		if isAny(err, []model.ErrorKind{model.ErrCanceled, model.ErrDeadline}) || errors.Is(err, context.Canceled) {
			p.errorf("%s of a provider's timeout returned the error of a context: %v", w, err)
		}
	})
}

// failEverywhere plays an answer that fails after k events, for all k.
func (p *probe) failEverywhere(kind model.ErrorKind, check func(k int, o Observation, r *rig)) {
	p.failEvery(1, kind, check)
}

// failEvery is failEverywhere for every step-th k.
func (p *probe) failEvery(step int, kind model.ErrorKind, check func(k int, o Observation, r *rig)) {
	parts, req := p.sample()
	for k := 1; k < eventsOf(p, fake.Reply(parts...)); k += step {
		r := p.play(fake.Reply(parts...).FailAfter(k, refusal(kind)))
		check(k, r.observe(p.ctx, req), r)
		if p.failed() {
			return
		}
	}
}

func errorInStream(p *probe) {
	for _, kind := range p.subject.Capabilities.StreamErrorKinds {
		p.failEvery(5, kind, func(k int, o Observation, r *rig) {
			if got := model.KindOf(o.Err); o.Err == nil || got != kind {
				p.errorf("a failure %q after %d events arrived as %v, of kind %q", string(kind), k, o.Err, string(got))
				return
			}
			p.labelledError("a stream that failed", streaming, o.Err)
		})
	}
}

// streamKind is one that the subject claims to tell within a stream.
func (p *probe) streamKind() model.ErrorKind {
	if kinds := p.subject.Capabilities.StreamErrorKinds; !isKind(kinds, model.ErrThrottled) {
		return kinds[0]
	}
	return model.ErrThrottled
}

func inStreamKeepsPieces(p *probe) {
	parts, _ := p.sample()
	p.failEverywhere(p.streamKind(), func(k int, o Observation, _ *rig) {
		if want := p.saidAfter(parts, k); said(o.Events) != want {
			p.errorf("before it failed the provider had said %s, %s arrived", showText(want), showText(said(o.Events)))
		}
		e := asError(o.Err)
		if e == nil {
			p.fatalf("a failure after %d events arrived as %v", k, o.Err)
		}
		var got []model.Part
		if e.Partial != nil {
			got = plainParts(e.Partial.Message.Parts)
		}
		p.equal(fmt.Sprintf("Partial of a failure after %d events, compared with those", k),
			saidParts(openInputs(got)), saidParts(openInputs(tallyOf(o.Events).parts())))
		if (o.Response == nil) != (e.Partial == nil) || o.Response != nil && o.Response.Text() != e.Partial.Text() {
			p.errorf("after a failure Response returns (%s), Partial is (%s)", show(o.Response), show(e.Partial))
		}
	})
}

func inStreamAskedOnce(p *probe) {
	r := p.play(fake.Text("one two three").FailAfter(2, refusal(p.streamKind())).Always())
	if o := r.observe(p.ctx, ask("Count.")); o.Err == nil {
		p.errorf("a stream that failed in the middle was completed")
	}
	r.calls("a stream that failed in the middle", 1)
}

func inStreamReleases(p *probe) {
	r := p.play(fake.Text("one two three").FailAfter(2, refusal(p.streamKind())).Always())
	before := p.goroutines()
	const n = 8
	for range n {
		r.observe(p.ctx, ask("Count."))
	}
	r.released("streams that failed")
	if !r.soon(func() bool { return p.goroutines() < before+n/2 }) {
		p.errorf("%d streams that failed left %d goroutines behind", n, p.goroutines()-before)
	}
}

func errorIsLast(p *probe) {
	p.failEverywhere(p.streamKind(), func(k int, o Observation, _ *rig) {
		if err := CheckEvents(o); err != nil {
			p.errorf("a failure after %d events: %v", k, err)
		}
	})
}

func generateBrokenOff(p *probe) {
	r := p.play(fake.Text("one two three").FailAfter(2, refusal(p.streamKind())))
	resp, err := r.ask(p.ctx, generate, ask("Count."))
	if err == nil {
		p.errorf("Generate of an answer that breaks off returns (%s) and no error", show(resp))
	}
}

func partialIsIncomplete(p *probe) {
	block := signedBlock("Two words, and more.", "sig-0123456789")
	r := p.play(fake.Reply(block, model.Text("Hello.")).Pieces(0).FailAfter(1, refusal(p.streamKind())))
	o := r.observe(p.ctx, p.think(ask("Hi")))
	e := asError(o.Err)
	if e == nil || e.Partial == nil || len(e.Partial.Thinking()) != 1 {
		p.fatalf("thinking that broke off: got %v, want an error whose Partial holds the block", o.Err)
	}
	if !e.Partial.Thinking()[0].Incomplete {
		p.errorf("Partial has thinking without its signature that is not marked as incomplete: %s", describeParts(e.Partial.Message.Parts))
	}
}

func noSecrets(p *probe) {
	const confession = "my-private-confession-4711"
	secrets := append([]string{confession}, p.subject.Secrets...)
	check := func(what string, err error) {
		for _, s := range secrets {
			if err != nil && s != "" && strings.Contains(fmt.Sprintf("%v %+v", err, err), s) {
				p.errorf("the error of %s holds a secret or the conversation's words", what)
			}
		}
	}
	req := ask(confession)
	for _, kind := range append([]model.ErrorKind{model.ErrUnavailable}, p.subject.Capabilities.ErrorKinds...) {
		p.eachFails(fake.Fail(refusal(kind)), req, func(w way, err error, _ *rig) { check(fmt.Sprintf("%s of %q", w, string(kind)), err) })
	}
	for _, n := range []int{0, 1} {
		check("a broken stream", p.play(fake.Text("one two").CutAfter(n)).observe(p.ctx, req).Err)
		_, err := p.play(fake.Text("one two").CutAfter(n)).ask(p.ctx, generate, req)
		check("a broken call", err)
	}
	for _, kind := range p.subject.Capabilities.StreamErrorKinds {
		check("a stream that failed", p.play(fake.Text("one two").FailAfter(1, refusal(kind))).observe(p.ctx, req).Err)
	}
	ctx, cancel := context.WithCancel(p.ctx)
	check("a cancelled stream", p.midStream(p.play(fake.Text("one two").Every(hour)), 1, ctx, cancel).Err)
	cancel()
	bad := ask(confession)
	bad.MaxTokens = -1
	p.eachFails(fake.Text("ok"), bad, func(w way, err error, _ *rig) { check(string(w)+" of an invalid request", err) })
}

func requestIDInError(p *probe) {
	const id = "7d0c9f7e-0000-4000-8000-2f4a5c1b7e90"
	e := refusal(p.firstKind())
	e.RequestID = id
	p.eachFails(fake.Fail(e), ask("Hi"), func(w way, err error, _ *rig) {
		if got := asError(err); got != nil && got.RequestID == "" {
			p.errorf("%s's error has no request id", w)
		}
	})
}

func inStreamRequestID(p *probe) {
	e := refusal(p.streamKind())
	e.RequestID = "7d0c9f7e-0000-4000-8000-2f4a5c1b7e90"
	o := p.play(fake.Text("one two three").FailAfter(2, e)).observe(p.ctx, ask("Count."))
	if got := asError(o.Err); got == nil || got.RequestID == "" {
		p.errorf("a stream that failed in the middle ended with %v, want an error with a request id", o.Err)
	}
}

func refusalIsLabelled(p *probe) {
	bad := ask("Hi")
	bad.MaxTokens = -1
	p.eachFails(fake.Text("ok"), bad, func(w way, err error, _ *rig) {
		p.labelledError(string(w)+" of an invalid request", w, err)
	})
}

func stopIsNoError(p *probe) {
	for _, stop := range []model.StopReason{model.StopMaxTokens, model.StopContentFiltered, model.StopGuardrail, model.StopContextWindow} {
		if !p.subject.Capabilities.stops(stop) {
			continue
		}
		p.each(fake.Text("one two").StopReason(stop), ask("Count."), func(w way, resp *model.Response, _ *rig) {
			p.equal(fmt.Sprintf("text of %s's answer that ended with %q", w, stop), resp.Text(), "one two")
		})
	}
	p.each(fake.Text("one two"), ask("Count."), func(w way, resp *model.Response, _ *rig) {
		p.equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopEndTurn)
	})
}

func errorsAreTheCallers(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Fail(refusal(p.firstKind())).Times(2))
		first := asError(r.failure(p.ctx, w, ask("Hi")))
		if first == nil {
			p.fatalf("%s of a failure returned no *model.Error", w)
		}
		kind := first.Kind
		first.Kind, first.Message = model.ErrOutput, "spoilt"
		second := asError(r.failure(p.ctx, w, ask("Hi")))
		if second == nil || second.Kind != kind || second.Message == "spoilt" {
			p.errorf("changing %s's first error changed its second: %v", w, second)
		}
	}
}
