package runnable

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Prompt makes a request of a V: it is a template in sections, such as
// [System], [User], [History] and [Each], whose fields are those of V, a
// struct or a map with string keys. It is a step named "prompt"; it does not
// change, so it may be used concurrently. It is made by [NewPrompt].
//
// The text of a section is in the syntax of text/template. Inserted values are
// never parsed as templates. A section whose text turns out empty has no text,
// and a message without parts is left out, so a section can be optional:
//
//	runnable.System("{{with .Style}}Answer in the style of {{.}}.{{end}}")
//
// Nothing is escaped or trimmed. A nil value is an error instead of the words
// <nil> or <no value> in a prompt.
type Prompt[V any] struct {
	sections []filler
	settings *model.Request
}

// NewPrompt returns a prompt of the given sections.
//
// Every section is parsed and checked against V here: a misspelt or missing
// field is an error that names the section and the field. The keys of a map and
// the value in an interface are not known from the type, so they are checked
// when the prompt is filled. Errors are of kind [model.ErrInvalidRequest].
func NewPrompt[V any](sections ...Section) (*Prompt[V], error) {
	p := &Prompt[V]{settings: new(model.Request)}
	fillers, err := compileSections(reflect.TypeFor[V](), "", sections)
	if err != nil {
		return nil, promptError(err)
	}
	p.sections = fillers
	return p, nil
}

// With returns a prompt whose requests have the given settings besides the
// messages of the prompt: tools, limits, thinking, output format, caching and
// all other fields of a [model.Request]. Messages in settings come before those
// of the prompt. The settings replace those of p.
func (p *Prompt[V]) With(settings *model.Request) *Prompt[V] {
	q := *p
	if q.settings = settings.Clone(); settings == nil {
		q.settings = new(model.Request)
	}
	return &q
}

// Invoke fills the prompt. The request belongs to the caller; the parts of
// inserted fields, such as images and a history's messages, are shared with v
// and not copied.
func (p *Prompt[V]) Invoke(ctx context.Context, v V) (*model.Request, error) {
	req := p.settings.Clone()
	req.Messages = slices.Grow(req.Messages, len(p.sections))
	value := reflect.ValueOf(&v).Elem() // addressable, so that methods of *V work
	for _, s := range p.sections {
		messages, err := s(value, req.Messages)
		if err != nil {
			return nil, within("prompt", &model.Error{Kind: model.ErrInvalidRequest, Message: err.Error(), Err: err})
		}
		req.Messages = messages
	}
	return req, nil
}

// selfNamed says that the errors of Invoke begin with the name.
func (p *Prompt[V]) selfNamed() bool { return true }

// promptError makes err one about the sections that [NewPrompt] was given.
func promptError(err error) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "prompt", Message: err.Error(), Err: err}
}

// A filler appends the messages of a section filled from v.
type filler func(v reflect.Value, messages []model.Message) ([]model.Message, error)

// compileSections prepares sections to be filled from values of type t.
func compileSections(t reflect.Type, outer string, sections []Section) ([]filler, error) {
	fillers := make([]filler, len(sections))
	for i, s := range sections {
		name := fmt.Sprintf("%ssection %d", outer, i+1)
		if s.compile == nil {
			return nil, fmt.Errorf("%s is empty; use System, User, Assistant, History or Each", name)
		}
		f, err := s.compile(t, fmt.Sprintf("%s (%s)", name, s.kind))
		if err != nil {
			return nil, err
		}
		fillers[i] = f
	}
	return fillers, nil
}
