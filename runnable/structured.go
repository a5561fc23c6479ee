package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/schema"
)

// A StructuredMethod is a way to have a model answer in a given form.
type StructuredMethod string

// The methods.
const (
	StructuredAuto   StructuredMethod = ""       // what the model can do; see [Structured]
	StructuredNative StructuredMethod = "native" // by model.Request.Output
	StructuredTool   StructuredMethod = "tool"   // by a tool whose input is the answer
)

// StructuredOptions says how [Structured] asks. The zero value is a good
// choice.
type StructuredOptions struct {
	// Description tells the model what the answer is. Empty means that the
	// names and descriptions of the schema have to do.
	Description string

	// Method is how to ask. Empty means that the model's capabilities decide.
	Method StructuredMethod
}

// Structured is the step that asks m for a T. The schema is that of
// [schema.For], so struct tags describe the fields to the model; a T that is
// not an object is asked for in one. Answers are validated before they are
// decoded.
//
// How m is asked follows from [model.CapabilitiesOf]:
//
//   - If m has StructuredOutput, by [model.Request.Output].
//   - Otherwise by a tool, named after T, that m must call. Where m cannot be
//     made to call a tool, because it has no ForcedTools, or thinks and has no
//     ForcedToolsThink, the tool is on offer, and an answer without a call is
//     an error.
//   - A model that does not say what it can do is asked by a tool that it must
//     call, which most can.
//   - A model that says that it has no tools either is an error of kind
//     [model.ErrUnsupported].
//
// An answer of another form is an [*OutputError], which tells an answer that
// was cut off from one that is wrong. A request that has an Output or a
// ToolChoice of its own is refused with an error of kind
// [model.ErrInvalidRequest]; tools of its own may be called instead of
// answering, which is an error, too. The step is named "structured". Nil
// options mean the zero value. The error is about T, m or the options.
//
// [Partials] reads the answer while it arrives.
func Structured[T any](m model.ChatModel, options *StructuredOptions) (Runnable[*model.Request, T], error) {
	s, err := newStructured[T](m, options)
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
	Response *model.Response

	// Err is the [*OutputError] if the answer does not have the form of a T.
	Err error
}

// StructuredRaw is like [Structured] but keeps the response, also that of an
// answer which does not have the form of a T. What fails before there is an
// answer is an error as usual.
func StructuredRaw[T any](m model.ChatModel, options *StructuredOptions) (Runnable[*model.Request, Answer[T]], error) {
	s, err := newStructured[T](m, options)
	if err != nil {
		return nil, err
	}
	return namedByDefault("structured", Func(s.ask)), nil
}

type structured[T any] struct {
	model       model.ChatModel
	caps        model.Capabilities
	known       bool // caps is what the model says
	native      bool
	boxed       bool // T is asked for as the value of an object
	name        string
	description string
	schema      json.RawMessage
	validator   *schema.Validator
}

// A box is the object around an answer that is none.
type box[T any] struct {
	Value T `json:"value"`
}

func newStructured[T any](m model.ChatModel, options *StructuredOptions) (*structured[T], error) {
	if m == nil {
		return nil, structuredError(model.ErrInvalidRequest, "the model is nil")
	}
	var o StructuredOptions
	if options != nil {
		o = *options
	}
	s := &structured[T]{model: m, name: nameOf[T](), description: o.Description}
	s.caps, s.known = model.CapabilitiesOf(m)
	switch o.Method {
	case StructuredAuto:
		s.native = s.caps.StructuredOutput
		if s.known && !s.native && !s.caps.Tools {
			return nil, structuredError(model.ErrUnsupported, "the model has neither structured output nor tools; use JSON")
		}
	case StructuredNative:
		s.native = true
	case StructuredTool:
	default:
		return nil, structuredError(model.ErrInvalidRequest, fmt.Sprintf("method %q; use native, tool, or none for the best", o.Method))
	}
	return s, s.compile()
}

// compile makes the schema and its validator.
func (s *structured[T]) compile() (err error) {
	if s.schema, err = schema.For[T](); err != nil {
		return structuredError(model.ErrInvalidRequest, err.Error())
	}
	if !isObjectSchema(s.schema) {
		s.boxed = true
		if s.schema, err = schema.For[box[T]](); err != nil {
			return structuredError(model.ErrInvalidRequest, err.Error())
		}
	}
	if s.validator, err = schema.Compile(s.schema); err != nil {
		return structuredError(model.ErrInvalidRequest, err.Error())
	}
	return nil
}

func structuredError(kind model.ErrorKind, message string) error {
	return &model.Error{Kind: kind, Op: "structured", Message: message}
}

func (s *structured[T]) ask(ctx context.Context, req *model.Request) (Answer[T], error) {
	req, err := s.request(req)
	if err != nil {
		return Answer[T]{}, err
	}
	resp, err := ask(ctx, s.model, req)
	if err != nil {
		return Answer[T]{}, err
	}
	a := Answer[T]{Response: resp}
	if s.native {
		a.Value, a.Err = readJSON(resp, resp.Text(), s.decode)
	} else {
		a.Value, a.Err = s.readCall(resp)
	}
	return a, nil
}

// request returns req with the wish for a T.
func (s *structured[T]) request(req *model.Request) (*model.Request, error) {
	switch {
	case req == nil:
		return nil, structuredError(model.ErrInvalidRequest, "the request is nil")
	case req.Output != nil:
		return nil, structuredError(model.ErrInvalidRequest, "the request has an output format of its own; leave output to this step")
	}
	c := *req
	if s.native {
		c.Output = &model.OutputFormat{Name: s.name, Description: s.description, Schema: s.schema}
		return &c, nil
	}
	if req.ToolChoice.Mode != model.ToolsDefault {
		return nil, structuredError(model.ErrInvalidRequest, "the request has a tool choice of its own; leave tool_choice to this step")
	}
	for _, t := range req.Tools {
		if t.Name == s.name {
			return nil, structuredError(model.ErrInvalidRequest, fmt.Sprintf("the request has a tool %q, which is the name of the answer", s.name))
		}
	}
	c.Tools = append(slices.Clone(req.Tools), model.Tool{Name: s.name, Description: s.toolDescription(), InputSchema: s.schema})
	c.ToolChoice.Mode = model.ToolsAuto
	if s.forces(req) {
		c.ToolChoice = model.ToolChoice{Mode: model.ToolsNamed, Name: s.name, Parallel: req.ToolChoice.Parallel}
	}
	return &c, nil
}

func (s *structured[T]) toolDescription() string {
	if s.description == "" {
		return "Call this tool with the answer."
	}
	return s.description + "\n\nCall this tool with the answer."
}

// forces reports whether the model can be made to call a tool for req.
func (s *structured[T]) forces(req *model.Request) bool {
	thinks := req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled
	return !s.known || s.caps.ForcedTools && (!thinks || s.caps.ForcedToolsThink)
}

// readCall reads the answer from the call of its tool.
func (s *structured[T]) readCall(resp *model.Response) (v T, err error) {
	for _, call := range resp.ToolCalls() {
		switch {
		case call.Name != s.name:
			continue
		case call.InvalidInput != "":
			return v, wrong(resp, call.InvalidInput, "the input of its tool call is not JSON", nil)
		case len(call.Input) == 0:
			call.Input = json.RawMessage("{}")
		}
		if v, err = s.decode(call.Input); err != nil {
			return v, wrong(resp, string(call.Input), err.Error(), err)
		}
		return v, nil
	}
	return v, wrong(resp, resp.Text(), fmt.Sprintf("the model did not call the tool %q", s.name), nil)
}

func (s *structured[T]) decode(data []byte) (T, error) {
	if s.boxed {
		b, err := schema.Decode[box[T]](s.validator, data)
		return b.Value, err
	}
	return schema.Decode[T](s.validator, data)
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
	if t.PkgPath() == "" || name == "" { // unnamed, or a type such as string
		return "answer"
	}
	return name[:min(len(name), 64)]
}
