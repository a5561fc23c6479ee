package probe

import (
	"context"
	"errors"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/model"
)

// Hour is a pause of a provider that no test waits for.
const Hour = time.Hour

// Ended checks that an error is that of a context, by errors.Is, by its kind
// and by its type.
func (p *Probe) Ended(what string, err error, kind model.ErrorKind) {
	ctxErr, other := context.Canceled, context.DeadlineExceeded
	if kind == model.ErrDeadline {
		ctxErr, other = other, ctxErr
	}
	switch {
	case err == nil:
		p.Errorf("%s: no error, want %v", what, ctxErr)
	case !errors.Is(err, ctxErr):
		p.Errorf("%s: error %v, want one that is %v", what, err, ctxErr)
	case errors.Is(err, other):
		p.Errorf("%s: error %v is %v as well, want %v only", what, err, other, ctxErr)
	case model.KindOf(err) != kind:
		p.Errorf("%s: error of kind %q, want %q", what, string(model.KindOf(err)), string(kind))
	case AsError(err) == nil:
		p.Errorf("%s: error of type %T, want a *model.Error", what, err)
	}
}

// MidStream ranges over a slow stream and ends its context after n pieces of
// text.
func (p *Probe) MidStream(r *Rig, n int, ctx context.Context, end func()) laws.Observation {
	o := laws.Observation{Streamed: true, Provider: p.Subject.Provider}
	s := r.Stream(ctx, Ask("Count."))
	for ev, err := range s.Events() {
		if err != nil {
			o.Err = err
			continue
		}
		o.Events = append(o.Events, ev)
		if ev.Kind == model.EventText && ev.Text != "" {
			if n--; n == 0 {
				end()
			}
		}
	}
	o.Response, _ = s.Response()
	return o
}

var ErrCause = errors.New("the user went home")

// AsError returns the *model.Error in err's tree, nil if there is none.
func AsError(err error) *model.Error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return nil
	}
	return e
}

// Refusal returns a provider's failure of a kind, with the provider's own
// message.
func Refusal(kind model.ErrorKind) *model.Error {
	return &model.Error{Kind: kind} // the provider's own message is filled in later
}

// IsKind reports whether k is among kinds.
func IsKind(kinds []model.ErrorKind, k model.ErrorKind) bool {
	for _, have := range kinds {
		if have == k {
			return true
		}
	}
	return false
}

// Labelled checks that an error has its provider, operation and model.
func Labelled(p *Probe, what string, w Way, err error) {
	e := AsError(err)
	if e == nil {
		p.Errorf("%s: the error is a %T, want a *model.Error: %v", what, err, err)
		return
	}
	ops := map[Way]string{Generate: "generate", Stream: "stream"}
	if e.Provider == "" || p.Subject.Provider != "" && e.Provider != p.Subject.Provider {
		p.Errorf("%s: Error.Provider = %q, want %q", what, e.Provider, p.Subject.Provider)
	}
	if e.Op != ops[w] {
		p.Errorf("%s: Error.Op = %q, want %q", what, e.Op, ops[w])
	}
	if e.Model == "" {
		p.Errorf("%s: Error.Model is empty", what)
	}
	if err.Error() == "" {
		p.Errorf("%s: the error has no text", what)
	}
}
