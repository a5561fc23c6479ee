package mcptools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/lower"
	"github.com/chatmodel-go/chatmodel/model/schema"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A Tool is one tool of a server. It is a [runnable.Tool].
type Tool struct {
	source     *Source
	remote     *mcp.Tool
	definition model.Tool
	validator  *schema.Validator // nil: the server alone validates
	lowered    []lower.Change
}

// Definition returns the definition that a model receives.
func (t *Tool) Definition() model.Tool {
	return (&model.Request{Tools: []model.Tool{t.definition}}).Clone().Tools[0]
}

// Remote returns the tool as the server describes it. It must not be changed.
func (t *Tool) Remote() *mcp.Tool { return t.remote }

// Lowered returns the changes that were made to the schema for models.
func (t *Tool) Lowered() []lower.Change { return append([]lower.Change(nil), t.lowered...) }

// ReadOnly reports whether the server says that the tool changes nothing.
func (t *Tool) ReadOnly() bool {
	return t.remote.Annotations != nil && t.remote.Annotations.ReadOnlyHint
}

// Destructive reports whether the tool may destroy something, as far as the
// server says: by the protocol that is so unless it says otherwise.
func (t *Tool) Destructive() bool {
	a := t.remote.Annotations
	return !t.ReadOnly() && (a == nil || a.DestructiveHint == nil || *a.DestructiveHint)
}

// Annotations returns the server's hints, nil if it gives none. A hook finds
// them by the tool of its request:
//
//	Before: func(ctx context.Context, r runnable.ToolRequest) (runnable.Decision, error) {
//		if t, ok := r.Tool.(*mcptools.Tool); ok && t.Destructive() {
//			return runnable.Hold("it may destroy something"), nil
//		}
//		return runnable.Decision{}, nil
//	}
func (t *Tool) Annotations() *mcp.ToolAnnotations { return t.remote.Annotations }

// tool makes a tool of the server's description.
func (s *Source) tool(remote *mcp.Tool, names *namer) (*Tool, error) {
	if remote.Name == "" {
		return nil, errors.New("it has no name")
	}
	var raw json.RawMessage
	if remote.InputSchema != nil {
		data, err := json.Marshal(remote.InputSchema)
		if err != nil {
			return nil, fmt.Errorf("its schema: %w", err)
		}
		raw = data
	}
	low, err := lower.Schema(raw, lower.Tool())
	if err != nil {
		return nil, fmt.Errorf("its %w", err)
	}
	t := &Tool{source: s, remote: remote, lowered: low.Changes, definition: model.Tool{
		Name:        names.name(remote.Name),
		Description: describe(remote),
		InputSchema: low.Schema,
		Strict:      s.o.Strict,
	}}
	// A schema that is not understood here may be sound; the server knows.
	if v, err := schema.Compile(raw); err == nil {
		t.validator = v
	}
	return t, nil
}

// describe returns the description, or else the title.
func describe(t *mcp.Tool) string {
	switch {
	case t.Description != "":
		return t.Description
	case t.Title != "":
		return t.Title
	case t.Annotations != nil:
		return t.Annotations.Title
	}
	return ""
}

// Call runs the tool on its server. While it runs, progress is passed on.
func (t *Tool) Call(ctx context.Context, input json.RawMessage) ([]model.Part, error) {
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	if t.validator != nil {
		normal, err := t.validator.Normalize(input)
		if err != nil {
			return nil, fmt.Errorf("invalid input: %w", err)
		}
		input = normal
	}
	result, err := t.ask(ctx, &mcp.CallToolParams{Name: t.remote.Name, Arguments: input})
	if err != nil {
		if e := model.ContextError(ctx); e != nil {
			return nil, e
		}
		return nil, fmt.Errorf("mcptools: %s: tool %q: %w", t.source.name, t.remote.Name, err)
	}
	runnable.KeepArtifact(ctx, result)
	if len(result.InputRequests) > 0 {
		return nil, fmt.Errorf("mcptools: %s: tool %q asks for input of the user, for which the client has no handler", t.source.name, t.remote.Name)
	}
	parts := partsOf(result)
	if result.IsError {
		return nil, &runnable.ToolError{Parts: parts}
	}
	return parts, nil
}

// ask makes the call on a goroutine of its own, so that progress goes out on
// that of the tool, and waits for it whatever happens.
func (t *Tool) ask(ctx context.Context, params *mcp.CallToolParams) (*mcp.CallToolResult, error) {
	if t.source.progress == nil {
		return answer(t.source.session.CallTool(ctx, params))
	}
	r, done := t.source.progress.begin()
	defer done()
	params.SetProgressToken(r.token)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type outcome struct {
		result *mcp.CallToolResult
		err    error
	}
	answered := make(chan outcome, 1)
	go func() {
		result, err := answer(t.source.session.CallTool(ctx, params))
		answered <- outcome{result, err}
	}()
	var left error
	for {
		select {
		case o := <-answered:
			if left == nil {
				left = r.send(ctx) // what came last
			}
			if left != nil {
				return nil, left
			}
			return o.result, o.err
		case <-r.news:
			if left == nil {
				if left = r.send(ctx); left != nil {
					cancel() // and wait for the answer
				}
			}
		}
	}
}

// answer makes a result without content of a server's nothing.
func answer(result *mcp.CallToolResult, err error) (*mcp.CallToolResult, error) {
	if err == nil && result == nil {
		return nil, errors.New("the server returned no result")
	}
	return result, err
}
