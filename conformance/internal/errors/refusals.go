package errors

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// firstKind returns a kind that the subject claims to distinguish, a temporary
// one if possible.
func firstKind(p *probe.Probe) model.ErrorKind {
	for _, k := range []model.ErrorKind{model.ErrThrottled, model.ErrUnavailable} {
		if probe.IsKind(p.Subject.Capabilities.ErrorKinds, k) {
			return k
		}
	}
	return p.Subject.Capabilities.ErrorKinds[0]
}

func errorTyped(p *probe.Probe) {
	p.EachFails(fake.Fail(probe.Refusal(model.ErrUnavailable)), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		probe.Labelled(p, string(w)+" of a failure", w, err)
	})
}

func errorKinds(p *probe.Probe) {
	for _, kind := range p.Subject.Capabilities.ErrorKinds {
		p.EachFails(fake.Fail(probe.Refusal(kind)), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
			if got := model.KindOf(err); got != kind {
				p.Errorf("%s of a failure %q returned an error of kind %q: %v", w, string(kind), string(got), err)
			}
		})
	}
}

// allKinds returns the kinds that a provider's failure can have.
func allKinds() []model.ErrorKind {
	return append(probe.RefusedKinds(), model.ErrUnknown, model.ErrTransport, model.ErrTruncated,
		model.ErrMalformed, model.ErrCanceled, model.ErrDeadline, model.ErrStopped, model.ErrStreamUsed, model.ErrOutput)
}

// passing are the kinds of failures that may be temporary.
var passing = []model.ErrorKind{model.ErrThrottled, model.ErrTimeout, model.ErrUnavailable, model.ErrProvider,
	model.ErrTransport, model.ErrTruncated, model.ErrMalformed}

func kindAndIsAgree(p *probe.Probe) {
	for _, kind := range p.Subject.Capabilities.ErrorKinds {
		p.EachFails(fake.Fail(probe.Refusal(kind)), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
			for _, k := range allKinds() {
				if got, want := errors.Is(err, k), k == model.KindOf(err); got != want {
					p.Errorf("%s of a failure %q: errors.Is(err, %q) = %v, want %v", w, string(kind), string(k), got, want)
				}
			}
			if got, want := model.Retryable(err), probe.IsKind(passing, kind); got != want {
				p.Errorf("%s of a failure %q: Retryable = %v, want %v", w, string(kind), got, want)
			}
		})
	}
}

func errorMessage(p *probe.Probe) {
	e := probe.Refusal(firstKind(p))
	e.Message = "the marmots are asleep"
	p.EachFails(fake.Fail(e), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		if !strings.Contains(err.Error(), e.Message) {
			p.Errorf("%s: the error reads %q, want the provider's words %q in it", w, err, e.Message)
		}
	})
}

func errorRetryAfter(p *probe.Probe) {
	for _, want := range []time.Duration{0, 7 * time.Second, 90 * time.Second} {
		e := probe.Refusal(firstKind(p))
		e.RetryAfter = want
		p.EachFails(fake.Fail(e), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
			if got := probe.AsError(err); got != nil {
				p.Equal(fmt.Sprintf("RetryAfter of %s's error", w), got.RetryAfter, want)
			}
		})
	}
}

func noAnswerWithError(p *probe.Probe) {
	r := p.Play(fake.Fail(probe.Refusal(firstKind(p))), fake.Text("Hello."))
	resp, err := r.Model.Generate(p.Ctx, probe.Ask("Hi"))
	if err == nil || resp != nil {
		p.Errorf("Generate of a failure = (%s), %v, want no response and an error", show.Value(resp), err)
	}
	resp, err = r.Model.Generate(p.Ctx, probe.Ask("Hi"))
	if err != nil || resp == nil {
		p.Errorf("Generate of an answer = (%s), %v, want a response and no error", show.Value(resp), err)
	}
}

func askedOnce(p *probe.Probe) {
	for _, kind := range p.Subject.Capabilities.ErrorKinds {
		for _, w := range probe.Ways {
			r := p.Play(fake.Fail(probe.Refusal(kind)).Always())
			r.Failure(p.Ctx, w, probe.Ask("Hi"))
			r.Calls(fmt.Sprintf("%s of a failure %q", w, string(kind)), 1)
		}
	}
}

func nextCallWorks(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Fail(probe.Refusal(firstKind(p))), fake.Text("Hello."))
		r.Failure(p.Ctx, w, probe.Ask("Hi"))
		p.Equal(fmt.Sprintf("text of %s's answer after a failure", w), r.Answer(w, probe.Ask("Hi")).Text(), "Hello.")
	}
}

func nothingArrived(p *probe.Probe) {
	p.EachFails(fake.Fail(probe.Refusal(firstKind(p))), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		if e := probe.AsError(err); e != nil && e.Partial != nil {
			p.Errorf("%s's error has a Partial although nothing had arrived: %s", w, show.Value(e.Partial))
		}
	})
	r := p.Play(fake.Fail(probe.Refusal(firstKind(p))))
	o := r.Observe(p.Ctx, probe.Ask("Hi"))
	if len(o.Events) > 0 || o.Response != nil {
		p.Errorf("a stream that failed at once has %d events and the response (%s)", len(o.Events), show.Value(o.Response))
	}
}

func unknownFailure(p *probe.Probe) {
	p.EachFails(fake.Fail(errors.New("something odd")), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		probe.Labelled(p, string(w)+" of an odd failure", w, err)
		if probe.IsAny(err, []model.ErrorKind{model.ErrCanceled, model.ErrDeadline, model.ErrStopped, model.ErrInvalidRequest}) {
			p.Errorf("%s of an odd failure returned an error of kind %q", w, string(model.KindOf(err)))
		}
	})
}

func timeoutIsNotTheCallers(p *probe.Probe) {
	p.EachFails(fake.Fail(probe.Refusal(model.ErrTimeout)), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		if probe.IsAny(err, []model.ErrorKind{model.ErrCanceled, model.ErrDeadline}) || errors.Is(err, context.Canceled) {
			p.Errorf("%s of a provider's timeout returned the error of a context: %v", w, err)
		}
	})
}

func generateBrokenOff(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").FailAfter(2, probe.Refusal(streamKind(p))))
	resp, err := r.Ask(p.Ctx, probe.Generate, probe.Ask("Count."))
	if err == nil {
		p.Errorf("Generate of an answer that breaks off returns (%s) and no error", show.Value(resp))
	}
}

func noSecrets(p *probe.Probe) {
	const confession = "my-private-confession-4711"
	secrets := append([]string{confession}, p.Subject.Secrets...)
	check := func(what string, err error) {
		for _, s := range secrets {
			if err != nil && s != "" && strings.Contains(fmt.Sprintf("%v %+v", err, err), s) {
				p.Errorf("the error of %s holds a secret or the conversation's words", what)
			}
		}
	}
	req := probe.Ask(confession)
	for _, kind := range append([]model.ErrorKind{model.ErrUnavailable}, p.Subject.Capabilities.ErrorKinds...) {
		p.EachFails(fake.Fail(probe.Refusal(kind)), req, func(w probe.Way, err error, _ *probe.Rig) { check(fmt.Sprintf("%s of %q", w, string(kind)), err) })
	}
	for _, n := range []int{0, 1} {
		check("a broken stream", p.Play(fake.Text("one two").CutAfter(n)).Observe(p.Ctx, req).Err)
		_, err := p.Play(fake.Text("one two").CutAfter(n)).Ask(p.Ctx, probe.Generate, req)
		check("a broken call", err)
	}
	for _, kind := range p.Subject.Capabilities.StreamErrorKinds {
		check("a stream that failed", p.Play(fake.Text("one two").FailAfter(1, probe.Refusal(kind))).Observe(p.Ctx, req).Err)
	}
	ctx, cancel := context.WithCancel(p.Ctx)
	check("a cancelled stream", p.MidStream(p.Play(fake.Text("one two").Every(probe.Hour)), 1, ctx, cancel).Err)
	cancel()
	bad := probe.Ask(confession)
	bad.MaxTokens = -1
	p.EachFails(fake.Text("ok"), bad, func(w probe.Way, err error, _ *probe.Rig) { check(string(w)+" of an invalid request", err) })
}

func requestIDInError(p *probe.Probe) {
	const id = "7d0c9f7e-0000-4000-8000-2f4a5c1b7e90"
	e := probe.Refusal(firstKind(p))
	e.RequestID = id
	p.EachFails(fake.Fail(e), probe.Ask("Hi"), func(w probe.Way, err error, _ *probe.Rig) {
		if got := probe.AsError(err); got != nil && got.RequestID == "" {
			p.Errorf("%s's error has no request id", w)
		}
	})
}

func refusalIsLabelled(p *probe.Probe) {
	bad := probe.Ask("Hi")
	bad.MaxTokens = -1
	p.EachFails(fake.Text("ok"), bad, func(w probe.Way, err error, _ *probe.Rig) {
		probe.Labelled(p, string(w)+" of an invalid request", w, err)
	})
}

func stopIsNoError(p *probe.Probe) {
	for _, stop := range []model.StopReason{model.StopMaxTokens, model.StopContentFiltered, model.StopGuardrail, model.StopContextWindow} {
		if !p.Subject.Capabilities.Stops(stop) {
			continue
		}
		p.Each(fake.Text("one two").StopReason(stop), probe.Ask("Count."), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
			p.Equal(fmt.Sprintf("text of %s's answer that ended with %q", w, stop), resp.Text(), "one two")
		})
	}
	p.Each(fake.Text("one two"), probe.Ask("Count."), func(w probe.Way, resp *model.Response, _ *probe.Rig) {
		p.Equal(fmt.Sprintf("stop reason of %s's answer", w), resp.StopReason, model.StopEndTurn)
	})
}

func errorsAreTheCallers(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Fail(probe.Refusal(firstKind(p))).Times(2))
		first := probe.AsError(r.Failure(p.Ctx, w, probe.Ask("Hi")))
		if first == nil {
			p.Fatalf("%s of a failure returned no *model.Error", w)
		}
		kind := first.Kind
		first.Kind, first.Message = model.ErrOutput, "spoilt"
		second := probe.AsError(r.Failure(p.Ctx, w, probe.Ask("Hi")))
		if second == nil || second.Kind != kind || second.Message == "spoilt" {
			p.Errorf("changing %s's first error changed its second: %v", w, second)
		}
	}
}
