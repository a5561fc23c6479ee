package model

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// A Middleware puts behaviour around a model. [Around] makes one of a
// function. Middleware that defines a type of its own should give it a method
// Unwrap() ChatModel, so that the optional abilities of the inner model stay
// reachable. [Wrap] keeps them reachable in any case.
type Middleware func(ChatModel) ChatModel

// Wrap returns m with the given middleware around it. The first one is the
// outermost: it sees a call first and its outcome last.
//
// The optional abilities of m stay reachable by the functions of this package,
// such as [CountTokens], even through middleware without a method Unwrap.
//
// Wrap never returns nil. If m or a middleware is nil, or a middleware returns
// nil, every call of the result fails with an error of kind
// [ErrInvalidRequest] that says so, and nothing is sent.
func Wrap(m ChatModel, around ...Middleware) ChatModel {
	if m == nil {
		return missing("Wrap was given no model: it is nil")
	}
	for i, mw := range slices.Backward(around) {
		if mw == nil {
			return missing(fmt.Sprintf("middleware %d of Wrap is nil", i))
		}
		outer := mw(m)
		if outer == nil {
			return missing(fmt.Sprintf("middleware %d of Wrap returned no model: it is nil", i))
		}
		m = linked(outer, m)
	}
	return m
}

// linked returns outer so that inner can be reached from it.
func linked(outer, inner ChatModel) ChatModel {
	if _, ok := outer.(unwrapper); ok || same(outer, inner) {
		return outer
	}
	return &link{outer, inner}
}

// same reports whether a middleware has returned the model it was given.
func same(a, b ChatModel) bool {
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.TypeOf(a).Comparable() && a == b
}

// A link is a middleware's model that does not say what it is around.
type link struct{ outer, inner ChatModel }

func (l *link) Generate(ctx context.Context, req *Request) (*Response, error) {
	return l.outer.Generate(ctx, req)
}

func (l *link) Stream(ctx context.Context, req *Request) *Stream { return l.outer.Stream(ctx, req) }

// Unwrap returns the model inside; [find] looks at the outer one first.
func (l *link) Unwrap() ChatModel { return l.inner }

// Format makes every verb of fmt print what is inside by name.
func (l *link) Format(f fmt.State, verb rune) { io.WriteString(f, describeModel(l.inner)) }

// present returns m, or if that is nil a model that says who was given none.
func present(m ChatModel, who string) ChatModel {
	if m == nil {
		return missing(who + " was given no model: it is nil")
	}
	return m
}

// A missing model fails every call, with what is wrong in words.
type missing string

// err returns the error of a call.
func (m missing) err(op string) error {
	return &Error{Kind: ErrInvalidRequest, Op: op, Message: string(m)}
}

func (m missing) Generate(context.Context, *Request) (*Response, error) {
	return nil, m.err("generate")
}

func (m missing) Stream(ctx context.Context, _ *Request) *Stream {
	return FailedStream(ctx, StreamInfo{}, m.err("stream"))
}

// describeModel names a model for people. Middleware prints itself by what it
// is around, since a model may hold credentials.
func describeModel(m ChatModel) string {
	if info, ok := InfoOf(m); ok {
		return describeAs("model", info.Provider, info.Model)
	}
	return fmt.Sprintf("model(%T)", m)
}
