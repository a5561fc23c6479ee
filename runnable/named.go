package runnable

import "context"

// Named gives a step a name, which errors ([StepError]) and events ([Event])
// then show. The names of nested steps make up a path, such as
// "translate/model".
//
// The steps of this package that have names of their own, such as that of
// [Model], are renamed. An empty name changes nothing.
func Named[I, O any](name string, r Runnable[I, O]) Runnable[I, O] {
	r = present(r)
	if name == "" {
		return r
	}
	if n, ok := r.(*named[I, O]); ok && n.byDefault {
		r = n.inner
	}
	return &named[I, O]{name: name, inner: r}
}

// namedByDefault names a step after what it is.
func namedByDefault[I, O any](name string, r Runnable[I, O]) Runnable[I, O] {
	return &named[I, O]{name: name, inner: r, byDefault: true}
}

type named[I, O any] struct {
	name      string
	inner     Runnable[I, O]
	byDefault bool
}

func (n *named[I, O]) selfNamed() bool { return true }

func (n *named[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	out, err := n.inner.Invoke(labelled(ctx, n.name), in)
	if err != nil {
		return out, within(n.name, err)
	}
	return out, nil
}

// isNamed reports whether a step says its name in its errors.
func isNamed(r any) bool {
	n, ok := r.(interface{ selfNamed() bool })
	return ok && n.selfNamed()
}

// Quiet keeps the events of a step out of the stream: models in it are asked
// for complete answers. It is for the steps of a chain whose text is not for
// the reader, such as a model that rewrites the question.
//
// Since nothing of a quiet step has been seen, [Retry] and [Fallback] around
// it can always act.
func Quiet[I, O any](r Runnable[I, O]) Runnable[I, O] { return &quiet[I, O]{present(r)} }

type quiet[I, O any] struct{ inner Runnable[I, O] }

func (q *quiet[I, O]) selfNamed() bool { return isNamed(q.inner) }

func (q *quiet[I, O]) Invoke(ctx context.Context, in I) (O, error) {
	return q.inner.Invoke(silenced(ctx), in)
}
