package probe

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Refusals are the kinds of error with which a request may be refused.
var Refusals = []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest, model.ErrContextOverflow}

// Conserved checks, by Generate and Stream, that a request arrives whole, is
// refused, or that a warning describes each change; see [CheckSent]. It passes
// what was sent of a request that was not refused to more.
func (p *Probe) Conserved(what string, req *model.Request, more ...func(w Way, got *prompt.Prompt, resp *model.Response)) {
	if req.MaxTokens == 0 { // BAS-17 and THK-38 check that no limit is added
		req = With(req, func(r *model.Request) { r.MaxTokens = 8192 })
	}
	for _, w := range Ways {
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		if err != nil {
			if !IsAny(err, Refusals) {
				p.Errorf("%s of %s failed with kind %q, want it sent or an error of kind %s: %v", w, what, string(model.KindOf(err)), kindNames(Refusals), err)
			}
			r.Calls(string(w)+" of "+what+", which was refused", 0)
			continue
		}
		got := r.Prompt(0)
		if err := laws.Sent(req, got.Request, resp.Warnings); err != nil {
			p.Errorf("%s of %s: %v", w, what, err)
		}
		p.keptOnWire(string(w)+" of "+what, req, resp)
		for _, check := range more {
			check(w, got, resp)
		}
	}
}

// Each calls a fresh model by Generate and by Stream. The provider answers with
// turn. Each passes the answers to check.
func (p *Probe) Each(turn fake.Turn, req *model.Request, check func(w Way, resp *model.Response, r *Rig)) {
	for _, w := range Ways {
		r := p.Play(turn)
		resp := r.Answer(w, req)
		p.keptOnWire(string(w), req, resp)
		check(w, resp, r)
	}
}

// EachFails calls a fresh model by Generate and by Stream, and passes the
// errors to check.
func (p *Probe) EachFails(turn fake.Turn, req *model.Request, check func(w Way, err error, r *Rig)) {
	for _, w := range Ways {
		r := p.Play(turn)
		check(w, r.Failure(p.Ctx, w, req), r)
	}
}

// Sent calls a fresh model by Generate and by Stream, and passes the requests
// that its provider got to check.
func (p *Probe) Sent(req *model.Request, check func(w Way, got *prompt.Prompt, resp *model.Response)) {
	p.Each(fake.Text("ok"), req, func(w Way, resp *model.Response, r *Rig) {
		check(w, r.Prompt(0), resp)
	})
}

// Refused checks, by Generate and Stream, that a request is an error of one of
// the given kinds, and that nothing is sent.
func (p *Probe) Refused(what string, req *model.Request, kinds ...model.ErrorKind) {
	for _, w := range Ways {
		r := p.Play(fake.Text("this should not have been asked for").Always())
		_, err := r.Ask(p.Ctx, w, req)
		switch {
		case err == nil:
			p.Errorf("%s with %s succeeded, want an error of kind %s", w, what, kindNames(kinds))
		case !IsAny(err, kinds):
			p.Errorf("%s with %s failed with an error of kind %q, want %s: %v", w, what, string(model.KindOf(err)), kindNames(kinds), err)
		}
		if n := r.Script.Calls(); n > 0 {
			p.Errorf("%s with %s: %d calls reached the provider, want none", w, what, n)
		}
	}
}

// IsAny reports whether an error's kind is among kinds.
func IsAny(err error, kinds []model.ErrorKind) bool {
	for _, k := range kinds {
		if model.KindOf(err) == k {
			return true
		}
	}
	return false
}

func kindNames(kinds []model.ErrorKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = fmt.Sprintf("%q", string(k))
	}
	return strings.Join(words, " or ")
}

// keptOnWire reports the parts of a request that are not in the body that was
// sent. A server that misreads a body just as the model miswrites it would not
// show that. It checks subjects over HTTP with JSON bodies.
func (p *Probe) keptOnWire(what string, req *model.Request, resp *model.Response) {
	wires := p.Subject.Wires()
	if len(wires) == 0 {
		return
	}
	body := wires[len(wires)-1].Asked()
	if !json.Valid(body) {
		return
	}
	if err := laws.Wire(req, body, resp.Warnings); err != nil {
		p.Errorf("%s: %v", what, err)
	}
}
