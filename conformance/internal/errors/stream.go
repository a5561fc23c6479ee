package errors

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// failEverywhere plays an answer that fails after k events, for every k.
func failEverywhere(p *probe.Probe, kind model.ErrorKind, check func(k int, o laws.Observation, r *probe.Rig)) {
	failEvery(p, 1, kind, check)
}

// failEvery is failEverywhere for every step-th k.
func failEvery(p *probe.Probe, step int, kind model.ErrorKind, check func(k int, o laws.Observation, r *probe.Rig)) {
	parts, req := p.Sample()
	for k := 1; k < probe.EventsOf(p, fake.Reply(parts...)); k += step {
		r := p.Play(fake.Reply(parts...).FailAfter(k, probe.Refusal(kind)))
		check(k, r.Observe(p.Ctx, req), r)
		if p.Failed() {
			return
		}
	}
}

func errorInStream(p *probe.Probe) {
	for _, kind := range p.Subject.Capabilities.StreamErrorKinds {
		failEvery(p, 5, kind, func(k int, o laws.Observation, r *probe.Rig) {
			if got := model.KindOf(o.Err); o.Err == nil || got != kind {
				p.Errorf("a failure %q after %d events arrived as %v, of kind %q", string(kind), k, o.Err, string(got))
				return
			}
			probe.Labelled(p, "a stream that failed", probe.Stream, o.Err)
		})
	}
}

// streamKind returns a kind that the subject claims to distinguish within a
// stream.
func streamKind(p *probe.Probe) model.ErrorKind {
	if kinds := p.Subject.Capabilities.StreamErrorKinds; !probe.IsKind(kinds, model.ErrThrottled) {
		return kinds[0]
	}
	return model.ErrThrottled
}

func inStreamKeepsPieces(p *probe.Probe) {
	parts, _ := p.Sample()
	failEverywhere(p, streamKind(p), func(k int, o laws.Observation, _ *probe.Rig) {
		if want := probe.SaidAfter(p, parts, k); probe.Said(o.Events) != want {
			p.Errorf("before it failed the provider had said %s, %s arrived", show.Text(want), show.Text(probe.Said(o.Events)))
		}
		e := probe.AsError(o.Err)
		if e == nil {
			p.Fatalf("a failure after %d events arrived as %v", k, o.Err)
		}
		var got []model.Part
		if e.Partial != nil {
			got = prompt.Plain(e.Partial.Message.Parts)
		}
		p.Equal(fmt.Sprintf("Partial of a failure after %d events, compared with those", k),
			laws.SaidParts(probe.OpenInputs(got)), laws.SaidParts(probe.OpenInputs(laws.TallyOf(o.Events).Parts())))
		if (o.Response == nil) != (e.Partial == nil) || o.Response != nil && o.Response.Text() != e.Partial.Text() {
			p.Errorf("after a failure Response returns (%s), Partial is (%s)", show.Value(o.Response), show.Value(e.Partial))
		}
	})
}

func inStreamAskedOnce(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").FailAfter(2, probe.Refusal(streamKind(p))).Always())
	if o := r.Observe(p.Ctx, probe.Ask("Count.")); o.Err == nil {
		p.Errorf("a stream that failed in the middle was completed")
	}
	r.Calls("a stream that failed in the middle", 1)
}

func inStreamReleases(p *probe.Probe) {
	r := p.Play(fake.Text("one two three").FailAfter(2, probe.Refusal(streamKind(p))).Always())
	before := p.Goroutines()
	const n = 8
	for range n {
		r.Observe(p.Ctx, probe.Ask("Count."))
	}
	r.Released("streams that failed")
	if !r.Soon(func() bool { return p.Goroutines() < before+n/2 }) {
		p.Errorf("%d streams that failed left %d goroutines behind", n, p.Goroutines()-before)
	}
}

func errorIsLast(p *probe.Probe) {
	failEverywhere(p, streamKind(p), func(k int, o laws.Observation, _ *probe.Rig) {
		if err := laws.Events(o); err != nil {
			p.Errorf("a failure after %d events: %v", k, err)
		}
	})
}

func partialIsIncomplete(p *probe.Probe) {
	block := probe.SignedBlock("Two words, and more.", "sig-0123456789")
	r := p.Play(fake.Reply(block, model.Text("Hello.")).Pieces(0).FailAfter(1, probe.Refusal(streamKind(p))))
	o := r.Observe(p.Ctx, p.Think(probe.Ask("Hi")))
	e := probe.AsError(o.Err)
	if e == nil || e.Partial == nil || len(e.Partial.Thinking()) != 1 {
		p.Fatalf("thinking that broke off: got %v, want an error whose Partial holds the block", o.Err)
	}
	if !e.Partial.Thinking()[0].Incomplete {
		p.Errorf("Partial has thinking without its signature that is not marked as incomplete: %s", show.Parts(e.Partial.Message.Parts))
	}
}

func inStreamRequestID(p *probe.Probe) {
	e := probe.Refusal(streamKind(p))
	e.RequestID = "7d0c9f7e-0000-4000-8000-2f4a5c1b7e90"
	o := p.Play(fake.Text("one two three").FailAfter(2, e)).Observe(p.Ctx, probe.Ask("Count."))
	if got := probe.AsError(o.Err); got == nil || got.RequestID == "" {
		p.Errorf("a stream that failed in the middle ended with %v, want an error with a request id", o.Err)
	}
}
