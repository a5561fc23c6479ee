package runnable

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/lower"
	"github.com/chatmodel-go/chatmodel/model/schema"
)

// A Tool is something that a model may ask to be run. [NewTool] makes one of a
// function; other implementations, such as one that forwards calls to a tool
// server, work as well.
//
//  1. Both methods may be called concurrently.
//  2. Definition always returns the same definition, which its caller does not
//     change.
//  3. Call receives a JSON value as the model wrote it. The parts that it
//     returns become a [model.ToolResult]. So does an error, because the model
//     may correct its call.
//  4. Call may ask its context for the call ([CallOf]), report progress
//     ([Progress]) and keep a value for the program ([KeepArtifact]).
type Tool interface {
	Definition() model.Tool
	Call(ctx context.Context, input json.RawMessage) ([]model.Part, error)
}

// ToolOptions says more about a tool. The zero value is a good choice.
type ToolOptions struct {
	// Strict asks the provider to hold the model to the schema; see
	// [model.Tool.Strict]. Nil means the provider's default.
	Strict *bool
}

// A ToolOutput is the result of a tool that returns more than one value.
type ToolOutput struct {
	// Parts are sent to the model.
	Parts []model.Part

	// Artifact stays with the program: it is found in
	// [Conversation.Artifacts] and never sent. Nil means none.
	Artifact any
}

// NewTool makes a tool of a function. The schema of its input is that of
// [schema.For], so struct tags describe the fields to the model; I must be a
// struct or a map. Input is validated before f is called, and the model is sent
// the errors found.
//
// The value that f returns becomes the result's parts:
//
//   - a string: a text
//   - a [model.Part] or a slice of them: these
//   - a [ToolOutput]: its parts
//   - anything else: its JSON, as a [model.JSON] if it is an object and as
//     text otherwise, since providers want objects
//
// Options are none or one; nil means the zero value. The error is about the
// name, I, or a nil f.
func NewTool[I, O any](name, description string, f func(ctx context.Context, in I) (O, error), options ...*ToolOptions) (Tool, error) {
	if !isToolName(name) {
		return nil, toolError("the name %q of a tool must be of 1 to 64 letters, digits, _ and -", name)
	}
	if f == nil {
		return nil, toolError("the function of tool %q is nil", name)
	}
	raw, err := schema.For[I]()
	if err != nil {
		return nil, toolError("tool %q: %v", name, err)
	}
	if !isObjectSchema(raw) {
		return nil, toolError("tool %q: its input must be a struct or a map", name)
	}
	validator, err := schema.Compile(raw)
	if err != nil {
		return nil, toolError("tool %q: %v", name, err)
	}
	t := &tool[I, O]{model.Tool{Name: name, Description: description, InputSchema: raw}, validator, f}
	for _, o := range options {
		if o != nil {
			t.definition.Strict = clone(o.Strict)
		}
	}
	return t, nil
}

// clone returns a pointer to a copy, so that a caller's later writes do not
// show.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// ToolOf makes a tool of a definition whose schema is known only when the
// program runs, such as one that was read from a file. The schema must be one
// of objects; where it does not say so, it is made to. F is given input that
// was validated, without properties that are null and may be left out; an
// empty schema is that of any object. The error is about the name, the schema,
// a tool of the provider's own, or a nil f.
func ToolOf(definition model.Tool, f func(ctx context.Context, input json.RawMessage) (ToolOutput, error)) (Tool, error) {
	name := definition.Name
	switch {
	case !isToolName(name):
		return nil, toolError("the name %q of a tool must be of 1 to 64 letters, digits, _ and -", name)
	case definition.ServerSide:
		return nil, toolError("tool %q is run by the provider; put it into the request", name)
	case f == nil:
		return nil, toolError("the function of tool %q is nil", name)
	}
	low, err := lower.Schema(definition.InputSchema, lower.Limits{ObjectRoot: true})
	if err != nil {
		return nil, toolError("tool %q: its input: %v", name, err)
	}
	validator, err := schema.Compile(low.Schema)
	if err != nil {
		return nil, toolError("tool %q: %v", name, err)
	}
	definition.InputSchema = bytes.Clone(low.Schema)
	definition.Strict = clone(definition.Strict)
	definition.Cache = clone(definition.Cache)
	return &rawTool{definition, validator, f}, nil
}

// A rawTool is a tool whose schema is known only when the program runs.
type rawTool struct {
	definition model.Tool
	validator  *schema.Validator
	f          func(ctx context.Context, input json.RawMessage) (ToolOutput, error)
}

func (t *rawTool) Definition() model.Tool { return cloneTool(t.definition) }

// Call validates the input and runs the function. No input counts as {}, which
// models mean by it.
func (t *rawTool) Call(ctx context.Context, input json.RawMessage) ([]model.Part, error) {
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	input, err := t.validator.Normalize(input)
	if err != nil {
		return nil, fmt.Errorf("invalid input: %w", err)
	}
	out, err := t.f(ctx, input)
	if err != nil {
		return nil, err
	}
	return partsOf(ctx, out)
}

// cloneTool returns a copy that shares nothing with t.
func cloneTool(t model.Tool) model.Tool {
	return (&model.Request{Tools: []model.Tool{t}}).Clone().Tools[0]
}

// toolError is an error about how a tool was made, of kind ErrInvalidRequest.
func toolError(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "tool", Message: fmt.Sprintf(format, args...)}
}

// A tool is a Go function with the schema and the validator of its input.
type tool[I, O any] struct {
	definition model.Tool
	validator  *schema.Validator
	f          func(ctx context.Context, in I) (O, error)
}

func (t *tool[I, O]) Definition() model.Tool { return cloneTool(t.definition) }

// Call validates and decodes the input, runs the function, and makes parts of
// its result. No input counts as {}, which models mean by it.
func (t *tool[I, O]) Call(ctx context.Context, input json.RawMessage) ([]model.Part, error) {
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	in, err := schema.Decode[I](t.validator, input)
	if err != nil {
		return nil, fmt.Errorf("invalid input: %w", err)
	}
	out, err := t.f(ctx, in)
	if err != nil {
		return nil, err
	}
	return partsOf(ctx, out)
}

// partsOf makes the parts of a tool's result.
func partsOf(ctx context.Context, out any) ([]model.Part, error) {
	switch out := out.(type) {
	case string:
		return []model.Part{model.Text(out)}, nil
	case model.Part:
		return []model.Part{out}, nil
	case []model.Part:
		return out, nil
	case ToolOutput:
		KeepArtifact(ctx, out.Artifact)
		return out.Parts, nil
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("the result has no JSON: %w", err)
	}
	if data[0] == '{' {
		return []model.Part{model.JSON(data)}, nil
	}
	return []model.Part{model.Text(data)}, nil
}

// isToolName reports whether the services accept name as a tool's.
func isToolName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return 0 < len(name) && len(name) <= 64
}
