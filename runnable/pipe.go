package runnable

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// Pipe runs first, and then second on the output of first.
//
// Pipes are associative: any grouping of the same steps does the same, costs
// the same and names its failing step the same way.
func Pipe[A, B, C any](first Runnable[A, B], second Runnable[B, C]) Runnable[A, C] {
	p := &pipe[A, B, C]{first: present(first), second: present(second)}
	p.head = placeOf(p.first, 0)
	p.tail = placeOf(p.second, p.head.steps)
	return p
}

// Pipe3 is a Pipe of three steps.
func Pipe3[A, B, C, D any](first Runnable[A, B], second Runnable[B, C], third Runnable[C, D]) Runnable[A, D] {
	return Pipe(Pipe(first, second), third)
}

// Pipe4 is a Pipe of four steps. Longer ones are pipes of pipes.
func Pipe4[A, B, C, D, E any](first Runnable[A, B], second Runnable[B, C], third Runnable[C, D], fourth Runnable[D, E]) Runnable[A, E] {
	return Pipe(Pipe3(first, second, third), fourth)
}

// A pipe is two steps, each of which may be a pipe, too.
type pipe[A, B, C any] struct {
	first      Runnable[A, B]
	second     Runnable[B, C]
	head, tail place
}

func (p *pipe[A, B, C]) Invoke(ctx context.Context, in A) (out C, err error) {
	mid, err := p.first.Invoke(ctx, in)
	if err != nil {
		return out, p.head.name(err)
	}
	if out, err = p.second.Invoke(ctx, mid); err != nil {
		return out, p.tail.name(err)
	}
	return out, nil
}

// length is the number of steps, those of inner pipes counted one by one.
func (p *pipe[A, B, C]) length() int { return p.head.steps + p.tail.steps }

// A place is where a part stands in a pipe. It is found when the pipe is
// built, so that naming a step costs nothing until it fails.
type place struct {
	before int // steps before the part
	steps  int // steps in the part
	inner  bool
	named  bool
}

// placeOf returns the place of a part that comes after a number of steps.
func placeOf(part any, before int) place {
	if p, ok := part.(interface{ length() int }); ok {
		return place{before: before, steps: p.length(), inner: true}
	}
	return place{before: before, steps: 1, named: isNamed(part)}
}

// name says which step of the pipe err comes from.
func (p place) name(err error) error {
	switch {
	case p.named:
		return err
	case p.inner:
		return shifted(p.before, err)
	}
	return at(p.before+1, err)
}

// Branch asks choose which step the input is for, and runs that one. The
// choice is an ordinary switch:
//
//	runnable.Branch(func(ctx context.Context, q Question) (runnable.Runnable[Question, string], error) {
//		switch {
//		case q.Topic == "code":
//			return coder, nil
//		case q.Urgent:
//			return fast, nil
//		}
//		return general, nil
//	})
//
// Choose may invoke a model to decide; its context is that of the run.
// Returning a nil step without an error is an error of kind
// [model.ErrInvalidRequest].
func Branch[I, O any](choose func(ctx context.Context, in I) (Runnable[I, O], error)) Runnable[I, O] {
	if choose == nil {
		return missing[I, O]("the choose function of a Branch")
	}
	return Func(func(ctx context.Context, in I) (out O, err error) {
		r, err := choose(ctx, in)
		switch {
		case err != nil:
			return out, err
		case r == nil:
			return out, &model.Error{Kind: model.ErrInvalidRequest, Op: "branch", Message: "no step was chosen for the input"}
		}
		return r.Invoke(ctx, in)
	})
}
