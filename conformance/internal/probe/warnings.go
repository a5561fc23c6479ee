package probe

import (
	"cmp"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Warned reports whether a warning is about a field or a part of it.
func Warned(resp *model.Response, field string) bool {
	for _, w := range resp.Warnings {
		if strings.HasPrefix(w.Field, field) && w.Action != "" && w.Reason != "" {
			return true
		}
	}
	return false
}

// WarnedAny reports whether there is any warning. It is for warnings under a
// name that only the provider knows, such as that of its own field.
func WarnedAny(resp *model.Response) bool {
	return Warned(resp, "")
}

// Silent records a symptom if an answer has a warning.
func (p *Probe) Silent(w Way, resp *model.Response) {
	if len(resp.Warnings) > 0 {
		p.Errorf("%s warns although all was expressed: %v", w, resp.Warnings)
	}
}

// ToldUnsupported checks that a call was refused as unsupported before
// anything was sent.
func ToldUnsupported(p *Probe, w Way, err error, r *Rig) {
	if !IsAny(err, []model.ErrorKind{model.ErrUnsupported}) {
		p.Errorf("%s failed with kind %q, want %q: %v", w, string(model.KindOf(err)), string(model.ErrUnsupported), err)
	}
	r.Calls(string(w)+" of an unsupported request", 0)
}

// NotSilent checks that a request is refused as unsupported or expressed with
// a warning about a field.
func NotSilent(p *Probe, what, field string, req *model.Request) {
	for _, w := range Ways {
		r := p.Play(fake.Text("ok"))
		resp, err := r.Ask(p.Ctx, w, req)
		switch {
		case err != nil:
			ToldUnsupported(p, w, err, r)
		case !Warned(resp, field):
			p.Errorf("%s with %s neither failed with %q nor warned about %s; warnings: %v", w, what, string(model.ErrUnsupported), cmp.Or(field, "it"), resp.Warnings)
		}
	}
}
