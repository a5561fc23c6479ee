package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/lower"
	"github.com/chatmodel-go/chatmodel/model/schema"
)

// A StructuredMethod is a way to have a model answer in a given form.
type StructuredMethod string

// The methods, best first. [Structured] goes down them like a ladder.
const (
	StructuredAuto    StructuredMethod = ""        // the best that serves; see [Structured]
	StructuredNative  StructuredMethod = "native"  // by model.Request.Output
	StructuredTool    StructuredMethod = "tool"    // by a tool whose input is the answer and that must be called; as an option also any and offered
	StructuredAny     StructuredMethod = "any"     // by that tool alone, with the choice that some tool must be called
	StructuredOffered StructuredMethod = "offered" // by that tool, which the prompt asks the model to call
	StructuredPrompt  StructuredMethod = "prompt"  // by the schema in the prompt, and JSON in the text
)

// ladder is all methods, best first.
var ladder = []StructuredMethod{StructuredNative, StructuredTool, StructuredAny, StructuredOffered, StructuredPrompt}

// StructuredOptions says how [Structured] asks. The zero value is a good
// choice.
type StructuredOptions struct {
	// Description describes the answer to the model. If it is empty, the model
	// has only the names and descriptions of the schema.
	Description string

	// Method is the way to ask. Empty means the best that works.
	Method StructuredMethod

	// Strict asks the provider to hold the model to the schema where the
	// answer is the input of a tool; see [model.Tool.Strict]. Nil means the
	// provider's default.
	Strict *bool

	// Repairs is how often to ask again after an answer that does not have the
	// form asked for. The model is shown that answer and its faults. Each
	// repair is a further call. Zero means never.
	Repairs int
}

// Structured is the step that asks m for a T. The schema is that of
// [schema.For], so struct tags describe the fields to the model; a T that is
// not an object is asked for in one. Answers are validated before they are
// decoded; null for an optional field counts as left out.
//
// There are several ways to ask, from [StructuredNative] down to
// [StructuredPrompt], which every model understands. The first is the best that
// m has by [model.CapabilitiesOf] for the request. Structured goes down when
//
//   - m refuses the way, with an error of kind [model.ErrUnsupported], or the
//     service refuses the request as invalid, as it does with schemas that it
//     cannot express, or
//   - m does not obey: it answers without a call, or without any JSON. The
//     answer of the next call is then the answer.
//
// The step remembers the way that worked for later calls. [StructuredRaw]
// reports it. A model that does not report its capabilities is asked by a tool
// that it must call, which most models support. If [StructuredOptions.Method]
// names a way, no other is used.
//
// An answer of another form is an [*OutputError], which distinguishes an answer
// that was cut off from one that is wrong. A request that has an Output or,
// where tools are used, a ToolChoice of its own is refused with an error of
// kind [model.ErrInvalidRequest]; if the model calls the request's own tools
// instead of answering, that is an error, too. The step is named "structured".
// Nil options mean the zero value. The error is about T, m or the options.
//
// [Partials] reads the answer while it arrives.
func Structured[T any](m model.ChatModel, options *StructuredOptions) (Runnable[*model.Request, T], error) {
	s, err := structuredFor[T](m, options)
	if err != nil {
		return nil, err
	}
	return namedByDefault("structured", Func(func(ctx context.Context, req *model.Request) (T, error) {
		a, err := s.ask(ctx, req)
		if err == nil {
			err = a.Err
		}
		return a.Value, err
	})), nil
}

// An Answer is a structured answer together with where it comes from.
type Answer[T any] struct {
	Value    T
	Response *model.Response // the last one

	// Method is the way in which the answer was asked for.
	Method StructuredMethod

	// Usage is the sum over all calls that reported their usage. Its Known is
	// false if none did. Usage is nil if there was no call. Calls counts the
	// calls.
	Usage *model.Usage
	Calls int

	// Conversation is the conversation of a [StructuredLoop], and nil
	// otherwise.
	Conversation *Conversation

	// Err is the [*OutputError] if the answer does not have the form of a T.
	Err error
}

// StructuredRaw is like [Structured] but also returns the response, even if the
// answer does not have the form of a T. A failure before there is an answer is
// an error as usual.
func StructuredRaw[T any](m model.ChatModel, options *StructuredOptions) (Runnable[*model.Request, Answer[T]], error) {
	s, err := structuredFor[T](m, options)
	if err != nil {
		return nil, err
	}
	return namedByDefault("structured", Func(s.ask)), nil
}

// StructuredSchema is like [StructuredRaw] for a JSON Schema that is known only
// when the program runs. T is what to decode into: [json.RawMessage] for the
// answer as it came, or map[string]any. A schema that is not one of objects is
// asked for in one. The error is about the schema, m or the options.
func StructuredSchema[T any](m model.ChatModel, raw json.RawMessage, options *StructuredOptions) (Runnable[*model.Request, Answer[T]], error) {
	s, err := newStructured[T](m, options)
	if err != nil {
		return nil, err
	}
	if s.schema, s.decode, err = compileSchema[T](raw); err != nil {
		return nil, structuredError("structured", err.Error())
	}
	return namedByDefault("structured", Func(s.ask)), nil
}

// A structured asks one model for answers of one form. It is shared by all
// calls of its step; only floors change.
type structured[T any] struct {
	model       model.ChatModel
	method      StructuredMethod
	caps        model.Capabilities
	known       bool // caps is what the model says
	name        string
	description string
	strict      *bool
	repairs     int
	schema      json.RawMessage
	decode      func(data []byte) (T, error)

	// floors are the first methods to try, as indices of ladder: those that
	// have served, for requests without and with thinking.
	floors [2]atomic.Int32
}

// A box is the object around an answer that is not an object.
type box[T any] struct {
	Value T `json:"value"`
}

// newStructured checks the model and the options. Schema and decode are still
// to be set.
func newStructured[T any](m model.ChatModel, options *StructuredOptions) (*structured[T], error) {
	if m == nil {
		return nil, structuredError("structured", "the model is nil")
	}
	var o StructuredOptions
	if options != nil {
		o = *options
	}
	s := &structured[T]{model: m, method: o.Method, name: nameOf[T](), description: o.Description, strict: clone(o.Strict), repairs: o.Repairs}
	s.caps, s.known = model.CapabilitiesOf(m)
	switch o.Method {
	case StructuredAuto, StructuredNative, StructuredTool, StructuredAny, StructuredOffered, StructuredPrompt:
	default:
		return nil, structuredError("structured", fmt.Sprintf("method %q; use native, tool, any, offered, prompt, or none for the best", o.Method))
	}
	return s, nil
}

// structuredFor makes the schema of T and its validator.
func structuredFor[T any](m model.ChatModel, options *StructuredOptions) (*structured[T], error) {
	s, err := newStructured[T](m, options)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*structured[T], error) { return nil, structuredError("structured", err.Error()) }
	raw, err := schema.For[T]()
	if err != nil {
		return fail(err)
	}
	boxed := !isObjectSchema(raw)
	if boxed {
		if raw, err = schema.For[box[T]](); err != nil {
			return fail(err)
		}
	}
	validator, err := schema.Compile(raw)
	if err != nil {
		return fail(err)
	}
	s.schema = raw
	s.decode = func(data []byte) (T, error) {
		if boxed {
			b, err := schema.Decode[box[T]](validator, data)
			return b.Value, err
		}
		return schema.Decode[T](validator, data)
	}
	return s, nil
}

// compileSchema returns the schema to ask with, and the decoder of answers.
func compileSchema[T any](raw json.RawMessage) (json.RawMessage, func([]byte) (T, error), error) {
	if len(raw) == 0 {
		return nil, nil, fmt.Errorf("the schema is empty")
	}
	boxed := false
	low, err := lower.Schema(raw, lower.Limits{ObjectRoot: true})
	switch {
	case err == nil && (isObjectSchema(raw) || hasProperties(raw)):
		raw = low.Schema
	case err == nil || errorIsInexpressible(err):
		boxed = true
		if raw, err = lower.Wrap(raw, "value"); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, err
	}
	raw = append(json.RawMessage(nil), raw...)
	validator, err := schema.Compile(raw)
	if err != nil {
		return nil, nil, err
	}
	return raw, func(data []byte) (v T, err error) {
		data, err = validator.Normalize(data)
		if err != nil {
			return v, err
		}
		if boxed {
			var b box[json.RawMessage]
			if err := json.Unmarshal(data, &b); err != nil {
				return v, err
			}
			data = b.Value
		}
		err = json.Unmarshal(data, &v)
		return v, err
	}, nil
}

// structuredError is an error of kind ErrInvalidRequest. Op is left out where
// the step's name says the same.
func structuredError(op, message string) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: op, Message: message}
}

// nameOf returns T's name in the letters that a tool's name may have, and
// "answer" if it has none.
func nameOf[T any]() string {
	t := reflect.TypeFor[T]()
	for t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	name, _, _ := strings.Cut(t.Name(), "[") // without type arguments
	name = strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, name)
	if t.PkgPath() == "" || name == "" || t == reflect.TypeFor[json.RawMessage]() { // unnamed, or a type such as string
		return "answer"
	}
	return name[:min(len(name), 64)]
}
