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

// Refusals are the kinds of error that a request may be refused with.
var Refusals = []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest, model.ErrContextOverflow}

// Conserved checks, both ways, that a request arrives whole, is refused and
// not answered, or that what happened to it is told; see [CheckSent]. It hands
// on what was sent of a request that was not refused.
func (p *Probe) Conserved(what string, req *model.Request, more ...func(w Way, got *prompt.Prompt, resp *model.Response)) {
	if req.MaxTokens == 0 { // that none is made up is the concern of BAS-17 and THK-38
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

// Each asks a fresh model both ways, the provider answering with turn, and
// hands on the answers.
func (p *Probe) Each(turn fake.Turn, req *model.Request, check func(w Way, resp *model.Response, r *Rig)) {
	for _, w := range Ways {
		r := p.Play(turn)
		resp := r.Answer(w, req)
		p.keptOnWire(string(w), req, resp)
		check(w, resp, r)
	}
}

// EachFails asks a fresh model both ways and hands on the errors.
func (p *Probe) EachFails(turn fake.Turn, req *model.Request, check func(w Way, err error, r *Rig)) {
	for _, w := range Ways {
		r := p.Play(turn)
		check(w, r.Failure(p.Ctx, w, req), r)
	}
}

// Sent asks a fresh model both ways and hands on what its provider was asked.
func (p *Probe) Sent(req *model.Request, check func(w Way, got *prompt.Prompt, resp *model.Response)) {
	p.Each(fake.Text("ok"), req, func(w Way, resp *model.Response, r *Rig) {
		check(w, r.Prompt(0), resp)
	})
}

// Refused checks that a request is an error of one of the given kinds, both
// ways, and that nothing is sent.
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

// keptOnWire notes what was lost of a request in the body that was sent, which
// a server that misreads it as the model miswrites it would not show. It looks
// at subjects over HTTP whose bodies are JSON.
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
