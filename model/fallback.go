package model

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Fallback returns middleware that turns to other models, one after the
// other, when a call fails. A stream falls back only as long as no event of
// it has been handed on. If all fail, the error is of the last one's kind and
// joins all their errors, each reachable by errors.Is and errors.As.
//
// A request that is invalid whoever gets it, and a context that has ended,
// are returned at once. Requests go out as they are: settings in
// [Request.ProviderOptions] are read by their own providers only.
func Fallback(others ...ChatModel) Middleware {
	others = append([]ChatModel(nil), others...)
	return func(m ChatModel) ChatModel {
		return &fallback{append([]ChatModel{m}, others...)}
	}
}

type fallback struct{ models []ChatModel }

// Unwrap returns the first model, so that tokens are counted by it.
func (f *fallback) Unwrap() ChatModel { return f.models[0] }

// Capabilities returns what all of the models can do.
func (f *fallback) Capabilities() Capabilities {
	all, _ := CapabilitiesOf(f.models[0])
	for _, m := range f.models[1:] {
		c, _ := CapabilitiesOf(m)
		all = all.and(c)
	}
	return all
}

func (f *fallback) Generate(ctx context.Context, req *Request) (*Response, error) {
	var failed []error
	for _, m := range f.models {
		resp, err := m.Generate(ctx, req)
		if err == nil {
			return resp, nil
		}
		if failed = append(failed, err); !next(ctx, err) {
			break
		}
	}
	return nil, joined(failed)
}

func (f *fallback) Stream(ctx context.Context, req *Request) *Stream {
	req = req.Clone() // the others' streams are made when this one is ranged over
	first := f.models[0].Stream(ctx, req)
	return relayed(ctx, first, func(ctx context.Context, relay relayer) error {
		var failed []error
		for i, m := range f.models {
			stream := first
			if i > 0 {
				stream = m.Stream(ctx, req)
			}
			emitted, err := relay(stream)
			if err == nil {
				return nil
			}
			if failed = append(failed, err); emitted || !next(ctx, err) {
				break
			}
		}
		return joined(failed)
	})
}

// next reports whether another model may do better after a failure.
func next(ctx context.Context, err error) bool {
	return ctx.Err() == nil && KindOf(err) != ErrInvalidRequest
}

// joined returns the only error as it is, and several as one of our own. That
// keeps the last model's kind and what it had answered, next to all the causes.
func joined(failed []error) error {
	last := failed[len(failed)-1]
	if len(failed) == 1 {
		return last
	}
	texts := make([]string, len(failed))
	for i, err := range failed {
		texts[i] = err.Error()
	}
	e := &Error{Kind: KindOf(last), Err: errors.Join(failed...),
		Message: fmt.Sprintf("%d models failed: %s", len(failed), strings.Join(texts, "; "))}
	if l, ok := errors.AsType[*Error](last); ok {
		e.Op, e.RetryAfter, e.Partial = l.Op, l.RetryAfter, l.Partial
	}
	return e
}
