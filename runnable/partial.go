package runnable

import (
	"encoding/json"
	"iter"
	"reflect"

	"github.com/chatmodel-go/chatmodel/model"
)

// Partials returns an answer of type T while it arrives: every time more of
// it has, the T that can be read so far. It is for chains that end in
// [Structured] or [JSON]; the complete and validated T is the run's
// [Run.Result].
//
//	run := runnable.Stream(ctx, extract, text)
//	for recipe, err := range runnable.Partials[Recipe](run) { … }
//	recipe, err := run.Result()
//
// Texts are given as far as they go. Numbers, true and false, which mean
// something else until they are complete, are left out till then, and so are
// fields that have not come yet. What arrives is taken from the text of every
// model in the run that is not [Quiet], from its first { or [ on, and from the
// calls of the tool by which Structured asks for a T. Every T is read anew, so
// for an answer of many thousand pieces that is much work.
//
// The rules are those of [Run.Events]; the run's error is yielded last, with a
// zero T.
func Partials[T, O any](run *Run[O]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		answers := map[source]*partial[T]{}
		for ev, err := range run.Events() {
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			v, ok := follow(answers, ev)
			if ok && !yield(v, nil) {
				return
			}
		}
	}
}

// A source tells the answers apart that arrive at the same time.
type source struct {
	step  string
	index int
}

// follow takes in an event and reports whether there is more to read.
func follow[T any](answers map[source]*partial[T], ev Event) (v T, ok bool) {
	at := source{ev.Step, ev.Index}
	switch ev.Kind {
	case model.EventToolCall:
		if call, ok := ev.Part.(model.ToolCall); ok && call.Name == nameOf[T]() {
			answers[at] = new(partial[T])
		}
	case model.EventText:
		if answers[at] == nil {
			answers[at] = new(partial[T])
		}
		return answers[at].add(ev.Text)
	case model.EventToolInput:
		if p := answers[at]; p != nil {
			return p.add(ev.Text)
		}
	case model.EventPartDone:
		delete(answers, at)
	}
	return v, false
}

// A partial is an answer that arrives.
type partial[T any] struct {
	text  []byte // of the value, from its first byte
	c     completer
	last  string // what was read last
	ended bool
}

// add takes in a piece and reports whether more of the answer can be read.
func (p *partial[T]) add(piece string) (v T, ok bool) {
	for i := 0; i < len(piece) && !p.ended; i++ {
		if len(p.text) == 0 && piece[i] != '{' && piece[i] != '[' {
			continue
		}
		p.text = append(p.text, piece[i])
		switch p.c.step(piece[i]) {
		case stepDone:
			p.ended = true
		case stepWrong: // prose that looked like JSON
			p.text, p.c = p.text[:0], completer{}
		}
	}
	text, ok := p.c.complete(string(p.text))
	if !ok || text == p.last {
		return v, false
	}
	p.last = text
	return readPartial[T](text)
}

// readPartial decodes JSON into a T, or into a T that Structured has put into
// an object.
func readPartial[T any](text string) (v T, ok bool) {
	if text[0] == '{' && !isObject(reflect.TypeFor[T]()) {
		var b struct{ Value *T }
		if json.Unmarshal([]byte(text), &b) == nil && b.Value != nil {
			return *b.Value, true
		}
		return v, false
	}
	if json.Unmarshal([]byte(text), &v) != nil {
		var zero T
		return zero, false
	}
	return v, true
}

// isObject reports whether the JSON of a t is an object, or may be one.
func isObject(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Map || t.Kind() == reflect.Interface
}
