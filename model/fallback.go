package model

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// FallbackOptions says how [FallbackWith] falls back. The zero value is a good
// choice, and what nil stands for.
type FallbackOptions struct {
	// If reports whether the next model is asked after a failure. Nil means
	// after every failure except an invalid request, which is invalid for
	// every model.
	If func(error) bool

	// OnFallback, if not nil, is called with each failure after which the next
	// model is asked. It may be called concurrently.
	OnFallback func(ctx context.Context, failed Attempt)
}

// Next is for writers of loops that do what [Fallback] does. It reports
// whether the next model, if there is one, should be asked after err, which
// is never the case once the context has ended. If so, it calls OnFallback.
func (o *FallbackOptions) Next(ctx context.Context, err error) bool {
	worth := KindOf(err) != ErrInvalidRequest
	if o != nil && o.If != nil {
		worth = o.If(err)
	}
	if !worth || ctx.Err() != nil {
		return false
	}
	if o != nil && o.OnFallback != nil {
		o.OnFallback(ctx, attemptOf(err, 0))
	}
	return true
}

// Fallback returns middleware that turns to other models, one after the
// other, when a call fails. A stream falls back only until its first event has
// been delivered. If all models fail, the error has the kind of the last one's
// and joins all their errors, each reachable by errors.Is and errors.As.
// [Response.Attempts] lists the failures before an answer.
//
// Fallback returns at once if the request is invalid for every model or the
// context has ended. Requests are sent unchanged; each provider reads only its
// own settings from [Request.ProviderOptions].
func Fallback(others ...ChatModel) Middleware { return FallbackWith(nil, others...) }

// FallbackWith is [Fallback] with options. Nil options mean the zero value.
func FallbackWith(options *FallbackOptions, others ...ChatModel) Middleware {
	var o FallbackOptions
	if options != nil {
		o = *options
	}
	rest := make([]ChatModel, len(others))
	for i, m := range others {
		rest[i] = present(m, fmt.Sprintf("Fallback's argument %d", i))
	}
	return func(m ChatModel) ChatModel {
		return &fallback{append([]ChatModel{present(m, "Fallback")}, rest...), o}
	}
}

// A fallback is the model that [Fallback] makes; there is always a first one.
type fallback struct {
	models []ChatModel
	o      FallbackOptions
}

// Unwrap returns the first model, so that tokens are counted by it.
func (f *fallback) Unwrap() ChatModel { return f.models[0] }

// Format makes every verb of fmt print the first model by name.
func (f *fallback) Format(s fmt.State, verb rune) { io.WriteString(s, describeModel(f.models[0])) }

// Capabilities returns what all of the models can do.
func (f *fallback) Capabilities() Capabilities {
	all, _ := CapabilitiesOf(f.models[0])
	for _, m := range f.models[1:] {
		c, _ := CapabilitiesOf(m)
		all = all.and(c)
	}
	return all
}

// Limits returns what a request must keep to be taken by all of the models.
func (f *fallback) Limits() Limits {
	all, _ := LimitsOf(f.models[0])
	for _, m := range f.models[1:] {
		l, _ := LimitsOf(m)
		all = all.and(l)
	}
	return all
}

func (f *fallback) Generate(ctx context.Context, req *Request) (*Response, error) {
	var before failures
	for i, m := range f.models {
		resp, err := m.Generate(ctx, req)
		if err == nil {
			return tried(resp, before), nil
		}
		if before = append(before, attemptOf(err, 0)); !f.next(ctx, i, err) {
			break
		}
	}
	return nil, before.joined()
}

// Stream relays the first model's stream, and turns to the next model only
// while no event has been delivered.
func (f *fallback) Stream(ctx context.Context, req *Request) *Stream {
	req = req.Clone() // the others' streams are made when this one is ranged over
	first := f.models[0].Stream(ctx, req)
	return relayed(ctx, first, func(ctx context.Context, relay relayer) error {
		var before failures
		for i, m := range f.models {
			stream := first
			if i > 0 {
				stream = m.Stream(ctx, req)
			}
			emitted, err := relay(stream, before)
			if err == nil {
				return nil
			}
			if before = append(before, attemptOf(err, 0)); emitted || !f.next(ctx, i, err) {
				break
			}
		}
		return before.joined()
	})
}

// next reports whether another model is to be asked after that of index i.
func (f *fallback) next(ctx context.Context, i int, err error) bool {
	return i+1 < len(f.models) && f.o.Next(ctx, err)
}

// failures are the calls of a chain that failed.
type failures []Attempt

// joined returns the only error as it is, and several as one of our own. That
// keeps the last model's kind and what it had answered, next to all the causes.
func (failed failures) joined() error {
	last := failed[len(failed)-1].Err
	if len(failed) == 1 {
		return last
	}
	texts, errs := make([]string, len(failed)), make([]error, len(failed))
	for i, a := range failed {
		texts[i], errs[i] = a.Err.Error(), a.Err
	}
	e := &Error{Kind: KindOf(last), Err: errors.Join(errs...),
		Message: fmt.Sprintf("%d models failed: %s", len(failed), strings.Join(texts, "; "))}
	if l, ok := errors.AsType[*Error](last); ok {
		e.Op, e.RetryAfter, e.Partial = l.Op, l.RetryAfter, l.Partial
	}
	return e
}
