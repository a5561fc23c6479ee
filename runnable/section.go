package runnable

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Section is a piece of a [Prompt]. It is made by [System], [User],
// [Assistant], [History] and [Each].
type Section struct {
	kind    string // for errors
	compile func(t reflect.Type, name string) (filler, error)
}

// System is a section of instructions to the model.
func System(text string, more ...Piece) Section { return message(model.RoleSystem, text, more) }

// User is a section of the user's message: a text followed by other pieces, in
// order. To begin with an image, leave the text empty:
//
//	runnable.User("", runnable.Field("Photo"), runnable.Template("What is on the {{.Side}} side?"))
func User(text string, more ...Piece) Section { return message(model.RoleUser, text, more) }

// Assistant is a section of an earlier answer of the model, such as in few-shot
// examples.
func Assistant(text string, more ...Piece) Section { return message(model.RoleAssistant, text, more) }

// History inserts messages: the field is a [model.Message] or a slice of them.
// A path such as "Session.Messages" leads to a field of a field.
func History(field string) Section {
	return Section{"history " + field, func(t reflect.Type, name string) (filler, error) {
		path, err := compilePath(t, field, holds[model.Message], "a model.Message or a slice of them")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return func(v reflect.Value, messages []model.Message) ([]model.Message, error) {
			v, err := path.find(v)
			if err == nil {
				messages, err = appendAll(messages, v)
			}
			return messages, inSection(name, err)
		}, nil
	}}
}

// Each repeats sections for every item of a field, which is a slice or an
// array. The fields in these sections are the item's. It is how few-shot
// examples are inserted:
//
//	runnable.Each("Examples", runnable.User("{{.Question}}"), runnable.Assistant("{{.Answer}}"))
func Each(field string, sections ...Section) Section {
	return Section{"each " + field, func(t reflect.Type, name string) (filler, error) {
		path, err := compilePath(t, field, isList, "a slice or an array")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fillers, err := compileSections(elemOf(path.typ), name+", ", sections)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value, messages []model.Message) ([]model.Message, error) {
			list, err := path.find(v)
			if err != nil || !list.IsValid() {
				return messages, inSection(name, err)
			}
			if !isList(list.Type()) {
				return messages, inSection(name, fmt.Errorf("field %s is a %s, want a slice or an array", field, list.Type()))
			}
			for i := range list.Len() {
				for _, f := range fillers {
					if messages, err = f(list.Index(i), messages); err != nil {
						return messages, fmt.Errorf("item %d: %w", i, err)
					}
				}
			}
			return messages, nil
		}, nil
	}}
}

// A Piece is a part of the message that a [Section] makes. It is made by
// [Template], [Field] and [CachePoint].
type Piece struct {
	compile func(t reflect.Type, name string) (pieceFiller, error)
}

// A pieceFiller appends the parts of a piece filled from v.
type pieceFiller func(v reflect.Value, parts []model.Part) ([]model.Part, error)

// Template is a text in the syntax of text/template.
func Template(text string) Piece {
	return Piece{func(t reflect.Type, name string) (pieceFiller, error) {
		parsed, err := parseTemplate(t, name, text)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value, parts []model.Part) ([]model.Part, error) {
			text, err := parsed.fill(v)
			if err != nil || text == "" {
				return parts, err
			}
			return append(parts, model.Text(text)), nil
		}, nil
	}}
}

// Field inserts parts: images, documents or any other [model.Part]. The field
// is a part, a pointer to one, or a slice of parts; nil and empty insert
// nothing. A path such as "Form.Scans" leads to a field of a field.
func Field(field string) Piece {
	return Piece{func(t reflect.Type, name string) (pieceFiller, error) {
		path, err := compilePath(t, field, holds[model.Part], "a model.Part, such as a model.Image, or a slice of them; for text, use a template")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return func(v reflect.Value, parts []model.Part) ([]model.Part, error) {
			v, err := path.find(v)
			if err != nil {
				return parts, inSection(name, err)
			}
			parts, err = appendAll(parts, v)
			return parts, inSection(name, err)
		}, nil
	}}
}

// CachePoint ends a prefix of the prompt that the provider should cache. Zero
// means the provider's own lifetime; see [model.CachePoint].
func CachePoint(ttl time.Duration) Piece {
	return Piece{func(reflect.Type, string) (pieceFiller, error) {
		return func(_ reflect.Value, parts []model.Part) ([]model.Part, error) {
			return append(parts, model.CachePoint{TTL: ttl}), nil
		}, nil
	}}
}

// message is the section of one message.
func message(role model.Role, text string, more []Piece) Section {
	pieces := append([]Piece{Template(text)}, more...)
	return Section{string(role), func(t reflect.Type, name string) (filler, error) {
		fillers := make([]pieceFiller, len(pieces))
		for i, p := range pieces {
			if p.compile == nil {
				return nil, fmt.Errorf("%s: piece %d is empty; use Template, Field or CachePoint", name, i)
			}
			f, err := p.compile(t, name)
			if err != nil {
				return nil, err
			}
			fillers[i] = f
		}
		return func(v reflect.Value, messages []model.Message) (_ []model.Message, err error) {
			m := model.Message{Role: role}
			for _, f := range fillers {
				if m.Parts, err = f(v, m.Parts); err != nil {
					return nil, err
				}
			}
			if len(m.Parts) == 0 {
				return messages, nil
			}
			return append(messages, m), nil
		}, nil
	}}
}

// fill fills the text. Of the error of text/template, what is left is the
// section, the field and the reason.
func (s *sectionText) fill(v reflect.Value) (string, error) {
	if s.plain != nil {
		if text, ok := s.plain.fill(v); ok {
			return text, nil
		}
	}
	var b strings.Builder
	var data any
	if v.CanAddr() {
		data = v.Addr().Interface()
	} else if v.IsValid() {
		data = v.Interface()
	}
	if err := s.tmpl.Execute(&b, data); err != nil {
		return "", &fillError{s.tmpl.Name(), err}
	}
	return b.String(), nil
}

// A fillError shows the error of text/template without what it repeats.
type fillError struct {
	section string
	err     error
}

// Error leaves out the position in the template; the section's name stands in
// its place.
func (e *fillError) Error() string {
	text := e.err.Error()
	if _, after, ok := strings.Cut(text, " at <"); ok {
		text = "<" + after
	}
	return e.section + ": " + text
}

func (e *fillError) Unwrap() error { return e.err }

// inSection puts the section's name before an error, if there is one.
func inSection(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}
