package runnable

import (
	"context"
	"errors"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// StructuredLoop is a [ToolLoop] whose last answer is a T: the model calls the
// tools of the set as long as it wants, and then answers in the form of a T.
// Where the model has structured output of its own, that is asked for in every
// step; otherwise the answer is asked for as [Structured] does, in a further
// call, when the loop has ended.
//
// A failure in the loop is a [*ToolLoopError]. The step is named "structured".
// The options are those of ToolLoop and Structured, and may be nil; a
// [StructuredOptions.Method] other than native is used for the last call.
func StructuredLoop[T any](m model.ChatModel, tools *ToolSet, loop *ToolLoopOptions, options *StructuredOptions) (Runnable[*model.Request, Answer[T]], error) {
	s, err := structuredFor[T](m, options)
	if err != nil {
		return nil, err
	}
	l := newToolLoop(m, tools, loop)
	return namedByDefault("structured", Func(func(ctx context.Context, req *model.Request) (Answer[T], error) {
		return s.afterLoop(ctx, l, req)
	})), nil
}

// afterLoop runs the loop, and asks for the answer if the loop's last one is
// not one already. The request's own tool choice is the loop's, so the last
// call goes without it. If the model refuses native output in the first step,
// before any tool has run, the loop begins anew without it.
func (s *structured[T]) afterLoop(ctx context.Context, l *toolLoop, req *model.Request) (Answer[T], error) {
	bare := *cmpOr(req)
	bare.ToolChoice = model.ToolChoice{} // it is the loop's
	if err := s.check(&bare); req == nil || err != nil {
		if req == nil {
			err = structuredError("", "the request is nil")
		}
		return Answer[T]{}, err
	}
	native := s.methods(&bare)[0] == StructuredNative && s.floors[0].Load() == 0
	c, err := s.loop(ctx, l, req, native)
	if native && err != nil && refusedAtOnce(err) && ctx.Err() == nil {
		native = false
		c, err = s.loop(ctx, l, req, false)
	}
	if err != nil {
		return Answer[T]{}, within("loop", err)
	}
	a := Answer[T]{Response: c.Response, Method: StructuredNative, Usage: c.Usage, Calls: c.Steps, Conversation: c}
	if native {
		var disobeyed bool
		if a.Value, disobeyed, a.Err = s.read(StructuredNative, c.Response); !disobeyed {
			return a, nil
		}
	}
	last := bare
	last.Messages = append(slices.Clone(c.Messages), model.User("Now give the answer in the form that is asked for."))
	b, err := s.ask(ctx, &last)
	if err != nil {
		return Answer[T]{}, &ToolLoopError{Conversation: c, Err: err}
	}
	b.Usage, b.Calls, b.Conversation = sum(a.Usage, *b.Usage), a.Calls+b.Calls, c
	return b, nil
}

// cmpOr returns req, or an empty request in the place of a nil one.
func cmpOr(req *model.Request) *model.Request {
	if req == nil {
		return new(model.Request)
	}
	return req
}

// loop runs the loop, with the Output of a T in every step if native.
func (s *structured[T]) loop(ctx context.Context, l *toolLoop, req *model.Request, native bool) (*Conversation, error) {
	turn := *req
	if native {
		turn.Output = s.format()
	}
	return l.begin(&turn).run(labelled(ctx, "loop"))
}

// refusedAtOnce reports whether a loop failed in its first step because of how
// it asked.
func refusedAtOnce(err error) bool {
	e, ok := errors.AsType[*ToolLoopError](err)
	return ok && e.Conversation.Steps == 0 && refusal(e.Err)
}
