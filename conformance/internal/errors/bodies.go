package errors

import (
	"context"
	"reflect"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func cutCarriesRequestID(p *probe.Probe) {
	id := func(what string, err error) {
		if e := probe.AsError(err); e == nil || e.RequestID == "" {
			p.Errorf("%s ended with %v, want an error with a request id", what, err)
		}
	}
	id("a stream that was cut", p.Play(fake.Text("one two three").CutAfter(2)).Observe(p.Ctx, probe.Ask("Count.")).Err)
	if !p.Bubble {
		return // without a bubble it is not known when the stream waits for its provider
	}
	ctx, cancel := context.WithCancel(p.Ctx)
	defer cancel()
	whenItWaits := func() {
		go func() {
			p.Soon(func() bool { return true })
			cancel()
		}()
	}
	id("a stream that was cancelled while it waited", p.MidStream(p.Play(fake.Text("one two three").Every(probe.Hour)), 1, ctx, whenItWaits).Err)
}

// bodies returns the number of open response bodies on the subject's
// transports.
func bodies(p *probe.Probe) int {
	n := 0
	for _, t := range p.Subject.Wires() {
		n += t.Open()
	}
	return n
}

func bodiesClosed(p *probe.Probe) {
	bad := probe.With(probe.Ask("Hi"), func(r *model.Request) { r.MaxTokens = -1 })
	for _, c := range []struct {
		what string
		turn fake.Turn
		req  *model.Request
	}{
		{"an answer", fake.Text("one two three"), probe.Ask("Count.")},
		{"a failure", fake.Fail(probe.Refusal(model.ErrUnavailable)), probe.Ask("Count.")},
		{"a refusal", fake.Text("ok"), bad},
		{"an answer that breaks off", fake.Text("one two three").CutAfter(2), probe.Ask("Count.")},
		{"a failure in the middle", fake.Text("one two three").FailAfter(2, probe.Refusal(model.ErrUnavailable)), probe.Ask("Count.")},
	} {
		for _, w := range probe.Ways {
			p.Play(c.turn).Ask(p.Ctx, w, c.req)
			if !p.Soon(func() bool { return bodies(p) == 0 }) {
				p.Errorf("%s that brought %s left %d bodies open", w, c.what, bodies(p))
				return
			}
		}
	}
	r := p.Play(fake.Text("one two three"))
	for range r.Stream(p.Ctx, probe.Ask("Count.")).Events() {
		break
	}
	if !p.Soon(func() bool { return bodies(p) == 0 }) {
		p.Errorf("a loop that was left keeps %d bodies open", bodies(p))
	}
	if len(p.Subject.Wires()) == 0 {
		p.Errorf("HTTP is claimed, but New made no transport by NewTransport")
	}
}

// cutAtBytes breaks off an answer within its body. No part of it may pass for
// the whole answer, unless only trailing bytes without meaning are missing.
func cutAtBytes(p *probe.Probe) {
	usage := &model.Usage{Known: true, InputTokens: 1234, OutputTokens: 5678}
	turn := fake.Text("one two").Always()
	if p.Claims(probe.Usage) {
		turn = fake.Text("one two").Usage(usage).Always()
	}
	for _, w := range probe.Ways {
		r := p.Play(turn)
		whole := r.Answer(w, probe.Ask("Count."))
		all := p.Subject.Wires()
		if len(all) == 0 {
			p.Fatalf("HTTP is claimed, but New made no transport by NewTransport")
		}
		wire := all[len(all)-1]
		size := wire.Bytes()
		if size == 0 {
			p.Fatalf("%s read nothing of the body of its answer", w)
		}
		for n := range size {
			if n < size-300 && n%11 != 0 {
				continue // near its end, where stop reason and usage are, every byte matters
			}
			wire.CutAfter(n)
			resp, err := r.Ask(p.Ctx, w, probe.Ask("Count."))
			switch {
			case err == nil && (resp.Text() != whole.Text() || resp.StopReason != whole.StopReason):
				p.Errorf("%s of an answer of %d bytes that was cut after %d returns (%s) and no error", w, size, n, show.Value(resp))
			case err == nil && resp.TokenUsage().Known && !reflect.DeepEqual(resp.Usage, whole.Usage):
				p.Errorf("%s of an answer of %d bytes that was cut after %d has the usage %s, want %s or none", w, size, n, show.Value(resp.Usage), show.Value(whole.Usage))
			case err != nil && !probe.IsAny(err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport, model.ErrMalformed}):
				p.Errorf("%s of an answer that was cut after %d bytes failed with kind %q: %v", w, n, string(model.KindOf(err)), err)
			}
			if p.Failed() {
				return
			}
		}
	}
}
