package runnable

import (
	"iter"
	"reflect"

	"github.com/chatmodel-go/chatmodel/model"
)

// Partials returns an answer of type T while it arrives. Each time more of it
// has arrived, Partials yields the T that can be read so far. It is for chains
// that end in [Structured] or [JSON]; the complete and validated T is the run's
// [Run.Result].
//
//	run := runnable.Stream(ctx, extract, text)
//	for recipe, err := range runnable.Partials[Recipe](run) { … }
//	recipe, err := run.Result()
//
// A text holds what has arrived of it. Numbers, true and false are left out
// until they are complete, because until then they may mean something else.
// Values that only their own methods can read, such as a time, are left out,
// too. Partials reads the text of every model in the run that is not [Quiet],
// from its first { or [ on, and the calls of the tool by which Structured asks
// for a T.
//
// Each byte is read once: each T is the previous one, filled further. They
// therefore share the contents of slices, maps and pointers, which keep
// changing. Copy a T to keep it beyond the loop body.
//
// The rules are those of [Run.Events]; the run's error is yielded last, with a
// zero T.
func Partials[T, O any](run *Run[O]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		answers := answers[T]{all: map[source]*partial[T]{}}
		for ev, err := range run.Events() {
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			v, ok := answers.follow(ev)
			if ok && !yield(v, nil) {
				return
			}
		}
	}
}

// A source distinguishes answers that arrive at the same time.
type source struct {
	step  string
	index int
}

// An answers holds the answers that arrive at the same time.
type answers[T any] struct {
	all map[source]*partial[T]

	// The answer of the last event, which is usually that of the next one, too.
	at   source
	last *partial[T]
}

// follow takes in an event and reports whether there is more to read.
func (a *answers[T]) follow(ev Event) (v T, ok bool) {
	switch ev.Kind {
	case model.EventToolCall:
		if call, ok := ev.Part.(model.ToolCall); ok && call.Name == nameOf[T]() {
			a.begin(source{ev.Step, ev.Index})
		}
	case model.EventText:
		p := a.find(ev)
		if p == nil {
			p = a.begin(source{ev.Step, ev.Index})
		}
		return p.add(ev.Text)
	case model.EventToolInput:
		if p := a.find(ev); p != nil {
			return p.add(ev.Text)
		}
	case model.EventPartDone:
		delete(a.all, source{ev.Step, ev.Index})
		a.last = nil
	}
	return v, false
}

// begin starts an answer, in the place of an earlier one of the same source.
func (a *answers[T]) begin(at source) *partial[T] {
	a.at, a.last = at, new(partial[T])
	a.all[at] = a.last
	return a.last
}

// find returns the answer that an event belongs to, nil if none has begun.
func (a *answers[T]) find(ev Event) *partial[T] {
	if at := (source{ev.Step, ev.Index}); a.last == nil || at != a.at {
		a.at, a.last = at, a.all[at]
	}
	return a.last
}

// A partial is an answer that arrives.
type partial[T any] struct {
	grower *grower // nil before the first { or [
	boxed  *struct{ Value *T }
	value  *T
	ended  bool
}

// add takes in a piece and reports whether more of the answer can be read.
func (p *partial[T]) add(piece string) (v T, ok bool) {
	for i := 0; i < len(piece) && !p.ended; i++ {
		if p.grower == nil {
			if piece[i] != '{' && piece[i] != '[' {
				continue
			}
			p.begin(piece[i])
		}
		if n := p.grower.plain(piece[i:]); n > 0 {
			i += n - 1
			continue
		}
		switch p.grower.step(piece[i]) {
		case stepDone:
			p.ended = true
		case stepWrong: // prose that looked like JSON
			p.grower = nil
		}
	}
	if p.grower == nil || !p.grower.grown() {
		return v, false
	}
	if p.boxed != nil {
		if p.boxed.Value == nil {
			return v, false
		}
		p.value = p.boxed.Value
	}
	if reflect.TypeFor[T]().Kind() == reflect.Pointer {
		return copied(*p.value), true
	}
	return *p.value, true
}

// begin prepares for a T, or for one that Structured has put into an object.
func (p *partial[T]) begin(first byte) {
	p.value, p.boxed = new(T), nil
	target := reflect.ValueOf(p.value).Elem()
	if first == '{' && !isObject(reflect.TypeFor[T]()) {
		p.boxed = new(struct{ Value *T })
		target = reflect.ValueOf(p.boxed).Elem()
	}
	p.grower = &grower{root: target}
}

// copied returns a pointer to a copy of what v points at, whose fields do not
// change any more.
func copied[T any](v T) T {
	rv := reflect.ValueOf(&v).Elem()
	if rv.Kind() == reflect.Pointer && !rv.IsNil() {
		c := reflect.New(rv.Type().Elem())
		c.Elem().Set(rv.Elem())
		rv.Set(c)
	}
	return v
}

// isObject reports whether the JSON of a t is an object, or may be one.
func isObject(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Map || t.Kind() == reflect.Interface
}
