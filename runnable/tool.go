package runnable

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/schema"
)

// A Tool is something that a model may ask to be run. [NewTool] makes one of
// a function; other implementations, such as one that forwards calls to a
// tool server, serve as well.
//
//  1. Both methods may be called concurrently.
//  2. Definition always returns the same; its receiver does not change it.
//  3. Call is given a JSON value as the model wrote it. What it returns becomes
//     a [model.ToolResult]; so does an error, since the model may mend it.
type Tool interface {
	Definition() model.Tool
	Call(ctx context.Context, input json.RawMessage) ([]model.Part, error)
}

// NewTool makes a tool of a function. The schema of its input is that of
// [schema.For], so struct tags describe the fields to the model; I must be a
// struct or a map. Input is validated before f is called, and what is wrong
// with it is told to the model.
//
// What f returns becomes the result's parts:
//
//   - a string: a text
//   - a [model.Part] or a slice of them: these
//   - anything else: its JSON, as a [model.JSON] if it is an object and as
//     text otherwise, since providers want objects
//
// The error is about the name, I, or a nil f.
func NewTool[I, O any](name, description string, f func(ctx context.Context, in I) (O, error)) (Tool, error) {
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
	return &tool[I, O]{model.Tool{Name: name, Description: description, InputSchema: raw}, validator, f}, nil
}

func toolError(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "tool", Message: fmt.Sprintf(format, args...)}
}

type tool[I, O any] struct {
	definition model.Tool
	validator  *schema.Validator
	f          func(ctx context.Context, in I) (O, error)
}

func (t *tool[I, O]) Definition() model.Tool {
	d := t.definition
	d.InputSchema = append(json.RawMessage(nil), d.InputSchema...)
	return d
}

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
	return partsOf(out)
}

// partsOf makes the parts of a tool's result.
func partsOf(out any) ([]model.Part, error) {
	switch out := out.(type) {
	case string:
		return []model.Part{model.Text(out)}, nil
	case model.Part:
		return []model.Part{out}, nil
	case []model.Part:
		return out, nil
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

func isToolName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return 0 < len(name) && len(name) <= 64
}
