package conformance

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// refusals are the kinds of error that a request may be refused with.
var refusals = []model.ErrorKind{model.ErrUnsupported, model.ErrInvalidRequest, model.ErrContextOverflow}

// conserved checks, both ways, that a request arrives whole, is refused and
// not answered, or that what happened to it is told; see [CheckSent]. It hands
// on what was sent of a request that was not refused.
func (p *probe) conserved(what string, req *model.Request, more ...func(w way, got *prompt, resp *model.Response)) {
	if req.MaxTokens == 0 { // that none is made up is the concern of BAS-17 and THK-38
		req = with(req, func(r *model.Request) { r.MaxTokens = 8192 })
	}
	for _, w := range ways {
		r := p.play(fake.Text("ok"))
		resp, err := r.ask(p.ctx, w, req)
		if err != nil {
			if !isAny(err, refusals) {
				p.errorf("%s of %s failed with kind %q, want it sent or an error of kind %s: %v", w, what, string(model.KindOf(err)), kindNames(refusals), err)
			}
			r.calls(string(w)+" of "+what+", which was refused", 0)
			continue
		}
		got := r.prompt(0)
		if err := CheckSent(req, got.Request, resp.Warnings); err != nil {
			p.errorf("%s of %s: %v", w, what, err)
		}
		for _, check := range more {
			check(w, got, resp)
		}
	}
}

// says returns a request of one message of the user.
func says(parts ...model.Part) *model.Request {
	return &model.Request{Messages: []model.Message{model.UserParts(parts...)}}
}

// with returns a copy of a request with something done to it.
func with(req *model.Request, edit func(*model.Request)) *model.Request {
	c := req.Clone()
	edit(c)
	return c
}

// claims reports whether the subject claims a capability.
func (p *probe) claims(what ...Capability) bool {
	return !slices.ContainsFunc(what, func(c Capability) bool { return !p.subject.Capabilities.claims(c) })
}
