package conformance

import (
	"context"
	"errors"
	"reflect"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func textOK() fake.Turn { return fake.Text("ok") }

func errorCodes(p *probe) {
	e := refusal(p.firstKind())
	e.Code, e.Status = "TooManyMarmots", 429
	p.eachFails(fake.Fail(e), ask("Hi"), func(w way, err error, _ *rig) {
		if got := asError(err); got == nil || got.Code == "" || got.Status < 400 {
			p.errorf("%s's error = %v, want one with the provider's code and status", w, err)
		}
	})
	if !p.claims(capStreamErrorKinds) {
		return
	}
	e = refusal(p.streamKind())
	e.Code, e.Status = "TooManyMarmots", 429
	o := p.play(fake.Text("one two three").FailAfter(2, e)).observe(p.ctx, ask("Count."))
	if got := asError(o.Err); got == nil || got.Code == "" {
		p.errorf("a stream that failed in the middle ended with %v, want an error with the provider's code", o.Err)
	}
}

// misleading are words that a message may quote, of every kind but the right
// one.
const misleading = "the user wrote: throttled, access denied, too many tokens, context canceled, deadline exceeded, quota, not found, timed out"

func wordsAreNoKinds(p *probe) {
	check := func(what string, kind model.ErrorKind, err error) {
		if got := model.KindOf(err); got != kind {
			p.errorf("%s of a failure %q whose message quotes other words is of kind %q", what, string(kind), string(got))
		}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			p.errorf("%s of a failure %q is the error of a context, though none has ended", what, string(kind))
		}
	}
	for _, kind := range p.subject.Capabilities.ErrorKinds {
		if kind == model.ErrContextOverflow || kind == model.ErrQuota {
			continue // these some providers tell by words only
		}
		e := refusal(kind)
		e.Message = misleading
		p.eachFails(fake.Fail(e), ask("Hi"), func(w way, err error, _ *rig) { check(string(w), kind, err) })
	}
	for _, kind := range p.subject.Capabilities.StreamErrorKinds {
		if p.claims(capStreaming) && kind != model.ErrContextOverflow && kind != model.ErrQuota {
			e := refusal(kind)
			e.Message = misleading
			check("a stream", kind, p.play(fake.Text("one two three").FailAfter(2, e)).observe(p.ctx, ask("Count.")).Err)
		}
	}
}

func cutCarriesRequestID(p *probe) {
	id := func(what string, err error) {
		if e := asError(err); e == nil || e.RequestID == "" {
			p.errorf("%s ended with %v, want an error with a request id", what, err)
		}
	}
	id("a stream that was cut", p.play(fake.Text("one two three").CutAfter(2)).observe(p.ctx, ask("Count.")).Err)
	if !p.env.Bubble {
		return // nobody can tell when the stream waits for its provider
	}
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	whenItWaits := func() {
		go func() {
			p.soon(func() bool { return true })
			cancel()
		}()
	}
	id("a stream that was cancelled while it waited", p.midStream(p.play(fake.Text("one two three").Every(hour)), 1, ctx, whenItWaits).Err)
}

// bodies returns how many bodies of answers are open on the subject's
// transports.
func (p *probe) bodies() int {
	n := 0
	for _, t := range p.transports() {
		n += t.Open()
	}
	return n
}

func (p *probe) transports() []*Transport {
	p.env.mu.Lock()
	defer p.env.mu.Unlock()
	return append([]*Transport(nil), p.env.transports...)
}

func bodiesClosed(p *probe) {
	bad := with(ask("Hi"), func(r *model.Request) { r.MaxTokens = -1 })
	for _, c := range []struct {
		what string
		turn fake.Turn
		req  *model.Request
	}{
		{"an answer", fake.Text("one two three"), ask("Count.")},
		{"a failure", fake.Fail(refusal(model.ErrUnavailable)), ask("Count.")},
		{"a refusal", fake.Text("ok"), bad},
		{"an answer that breaks off", fake.Text("one two three").CutAfter(2), ask("Count.")},
		{"a failure in the middle", fake.Text("one two three").FailAfter(2, refusal(model.ErrUnavailable)), ask("Count.")},
	} {
		for _, w := range ways {
			p.play(c.turn).ask(p.ctx, w, c.req)
			if !p.soon(func() bool { return p.bodies() == 0 }) {
				p.errorf("%s that brought %s left %d bodies open", w, c.what, p.bodies())
				return
			}
		}
	}
	r := p.play(fake.Text("one two three"))
	for range r.stream(p.ctx, ask("Count.")).Events() {
		break
	}
	if !p.soon(func() bool { return p.bodies() == 0 }) {
		p.errorf("a loop that was left keeps %d bodies open", p.bodies())
	}
	if len(p.transports()) == 0 {
		p.errorf("HTTP is claimed, but New made no transport by NewTransport")
	}
}

// cutAtBytes breaks an answer off within its body. Nothing of it may
// pass for the whole, but when all that matters had come.
func cutAtBytes(p *probe) {
	usage := &model.Usage{Known: true, InputTokens: 1234, OutputTokens: 5678}
	turn := fake.Text("one two").Always()
	if p.claims(capUsage) {
		turn = fake.Text("one two").Usage(usage).Always()
	}
	for _, w := range ways {
		r := p.play(turn)
		whole := r.answer(w, ask("Count."))
		all := p.transports()
		if len(all) == 0 {
			p.fatalf("HTTP is claimed, but New made no transport by NewTransport")
		}
		wire := all[len(all)-1]
		size := int(wire.bytes.Load())
		if size == 0 {
			p.fatalf("%s read nothing of the body of its answer", w)
		}
		for n := range size {
			if n < size-300 && n%11 != 0 {
				continue // at its end, where stop reason and usage are, every byte counts
			}
			wire.CutAfter(n)
			resp, err := r.ask(p.ctx, w, ask("Count."))
			switch {
			case err == nil && (resp.Text() != whole.Text() || resp.StopReason != whole.StopReason):
				p.errorf("%s of an answer of %d bytes that was cut after %d returns (%s) and no error", w, size, n, show(resp))
			case err == nil && resp.TokenUsage().Known && !reflect.DeepEqual(resp.Usage, whole.Usage):
				p.errorf("%s of an answer of %d bytes that was cut after %d has the usage %s, want %s or none", w, size, n, show(resp.Usage), show(whole.Usage))
			case err != nil && !isAny(err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport, model.ErrMalformed}):
				p.errorf("%s of an answer that was cut after %d bytes failed with kind %q: %v", w, n, string(model.KindOf(err)), err)
			}
			if p.failed() {
				return
			}
		}
	}
}
