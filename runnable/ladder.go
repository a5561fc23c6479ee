package runnable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/lower"
)

// The marks around the schema in a prompt of [StructuredPrompt], each on a line
// of its own. A model for tests finds the schema between them.
const (
	SchemaBegin = "<json_schema>"
	SchemaEnd   = "</json_schema>"
)

// methods lists the ways to ask for req, best first.
func (s *structured[T]) methods(req *model.Request) []StructuredMethod {
	forces := !s.known || s.caps.Tools && s.caps.ForcedTools && (!thinks(req) || s.caps.ForcedToolsThink)
	ownChoice := req.ToolChoice.Mode != model.ToolsDefault
	has := func(m StructuredMethod) bool {
		switch m {
		case StructuredNative:
			return s.caps.StructuredOutput
		case StructuredTool, StructuredAny:
			return forces
		case StructuredOffered:
			return !s.known || s.caps.Tools
		}
		return true
	}
	switch s.method {
	case StructuredAuto:
		list := slices.DeleteFunc(slices.Clone(ladder), func(m StructuredMethod) bool { return !has(m) })
		if ownChoice && list[0] == StructuredNative { // the request's choice among its tools stays
			list = slices.DeleteFunc(list, usesTool)
		}
		return list
	case StructuredTool:
		if forces {
			return []StructuredMethod{StructuredTool, StructuredAny, StructuredOffered}
		}
		return []StructuredMethod{StructuredOffered}
	}
	return []StructuredMethod{s.method}
}

// usesTool reports whether the answer of a method is the input of a tool call.
func usesTool(m StructuredMethod) bool {
	return m == StructuredTool || m == StructuredAny || m == StructuredOffered
}

// thinks reports whether req asks the model to think, which rules out forced
// tool calls for some models.
func thinks(req *model.Request) bool {
	return req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled
}

// ask goes down the ladder until a method serves.
func (s *structured[T]) ask(ctx context.Context, req *model.Request) (Answer[T], error) {
	if err := s.check(req); err != nil {
		return Answer[T]{}, err
	}
	floor := &s.floors[0]
	if thinks(req) {
		floor = &s.floors[1]
	}
	methods := s.methods(req)
	if from := slices.IndexFunc(methods, func(m StructuredMethod) bool { return slices.Index(ladder, m) >= int(floor.Load()) }); from > 0 {
		methods = methods[from:]
	}
	var a Answer[T]
	var refused error
	for i, method := range methods {
		if method == StructuredOffered && a.Err != nil {
			continue // that the tool must be called did not help; that it may will not
		}
		before := seen(ctx)
		disobeyed, err := s.attempt(ctx, method, req, &a)
		if err != nil {
			if i == len(methods)-1 || ctx.Err() != nil || seen(ctx) != before || !refusal(err) {
				return Answer[T]{}, err
			}
			refused = err
			continue
		}
		if a.Err == nil {
			floor.Store(int32(slices.Index(ladder, method)))
		}
		if !disobeyed {
			return a, nil
		}
	}
	if a.Response == nil {
		return Answer[T]{}, refused
	}
	return a, nil
}

// refusal reports whether another method may fare better after an error.
func refusal(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && (e.Kind == model.ErrUnsupported || e.Kind == model.ErrInvalidRequest && e.Status == 400)
}

// attempt asks by one method, and shows the model what is wrong as often as
// the options say. It reports whether the model did not obey the method.
func (s *structured[T]) attempt(ctx context.Context, method StructuredMethod, req *model.Request, a *Answer[T]) (disobeyed bool, err error) {
	turn := s.request(method, req)
	for n := 0; ; n++ {
		resp, err := ask(ctx, s.model, turn)
		if err != nil {
			return false, err
		}
		a.Response, a.Method = resp, method
		a.Calls++
		a.Usage = sum(a.Usage, resp.TokenUsage())
		a.Value, disobeyed, a.Err = s.read(method, resp)
		if a.Err == nil || disobeyed || n >= s.repairs || !repairable(a.Err) {
			return disobeyed, nil
		}
		turn = s.repair(turn, resp, a.Err)
	}
}

// sum returns the usage so far, nil for none, and that of another call as a new
// total.
func sum(total *model.Usage, u model.Usage) *model.Usage {
	if total != nil {
		u = total.Add(u)
	}
	return &u
}

// check refuses requests that this step cannot ask with.
func (s *structured[T]) check(req *model.Request) error {
	switch {
	case req == nil:
		return structuredError("", "the request is nil")
	case req.Output != nil:
		return structuredError("", "the request has an output format of its own; leave output to this step")
	}
	if !slices.ContainsFunc(s.methods(req), usesTool) {
		return nil
	}
	if req.ToolChoice.Mode != model.ToolsDefault {
		return structuredError("", "the request has a tool choice of its own; leave tool_choice to this step")
	}
	for _, t := range req.Tools {
		if t.Name == s.name {
			return structuredError("", fmt.Sprintf("the request has a tool %q, a name that is reserved for the answer", s.name))
		}
	}
	return nil
}

// request returns req with the wish for a T.
func (s *structured[T]) request(method StructuredMethod, req *model.Request) *model.Request {
	c := *req
	switch method {
	case StructuredNative:
		c.Output = s.format()
		return &c
	case StructuredPrompt:
		c.Messages = instructed(req.Messages, s.promptText())
		return &c
	}
	answer := model.Tool{Name: s.name, Description: s.toolDescription(), InputSchema: s.schema, Strict: s.strict}
	c.Tools = append(slices.Clone(req.Tools), answer)
	c.ToolChoice = model.ToolChoice{Parallel: req.ToolChoice.Parallel}
	switch method {
	case StructuredTool:
		c.ToolChoice.Mode, c.ToolChoice.Name = model.ToolsNamed, s.name
	case StructuredAny:
		c.Tools = []model.Tool{answer} // so that there is no other to call
		c.ToolChoice.Mode = model.ToolsAny
	default:
		c.ToolChoice.Mode = model.ToolsAuto
		c.Messages = instructed(req.Messages, fmt.Sprintf("Give the answer by calling the tool %q.", s.name))
	}
	return &c
}

// format is the Output that asks for a T natively.
func (s *structured[T]) format() *model.OutputFormat {
	return &model.OutputFormat{Name: s.name, Description: s.description, Schema: s.schema}
}

// toolDescription describes the tool whose input is the answer.
func (s *structured[T]) toolDescription() string {
	if s.description == "" {
		return "Call this tool with the answer."
	}
	return s.description + "\n\nCall this tool with the answer."
}

// promptText asks for the answer in words, with the schema between the marks.
func (s *structured[T]) promptText() string {
	text := "Answer with nothing but JSON that matches this JSON Schema. Do not repeat the schema, and write nothing before or after the JSON.\n" +
		SchemaBegin + "\n" + string(s.schema) + "\n" + SchemaEnd
	if s.description != "" {
		text = s.description + "\n\n" + text
	}
	return text
}

// instructed adds a text to the end of a conversation, without changing it:
// there the prefix that is cached stays the same, and every model has a place
// for it.
func instructed(messages []model.Message, text string) []model.Message {
	messages = slices.Clone(messages)
	if n := len(messages); n > 0 && messages[n-1].Role == model.RoleUser {
		last := &messages[n-1]
		last.Parts = append(slices.Clone(last.Parts), model.Text(text))
		return messages
	}
	return append(messages, model.User(text))
}

// read reads the answer, and reports whether the model did not obey: it had
// its say, and there is nothing in it that could be one.
func (s *structured[T]) read(method StructuredMethod, resp *model.Response) (v T, disobeyed bool, err error) {
	calls := resp.ToolCalls()
	if usesTool(method) {
		if i := slices.IndexFunc(calls, func(c model.ToolCall) bool { return c.Name == s.name }); i >= 0 {
			v, err = s.readCall(resp, calls[i])
			return v, false, err
		}
		// Some models write the input instead of calling the tool with it.
		if v, err := readJSON(resp, resp.Text(), s.decode); err == nil {
			return v, false, nil
		}
		return v, len(calls) == 0 && hadItsSay(resp), wrong(resp, resp.Text(), fmt.Sprintf("the model did not call the tool %q", s.name), nil)
	}
	v, err = readJSON(resp, resp.Text(), s.decode)
	e, ok := errors.AsType[*OutputError](err)
	return v, ok && e.none && len(calls) == 0 && hadItsSay(resp), err
}

// hadItsSay reports whether the model ended its answer itself. If it was cut
// short, nothing follows from what is missing.
func hadItsSay(resp *model.Response) bool { return incomplete(resp) == nil }

// readCall reads the answer from the call of its tool.
func (s *structured[T]) readCall(resp *model.Response, call model.ToolCall) (v T, err error) {
	if call.InvalidInput != "" {
		return v, wrong(resp, call.InvalidInput, "the input of its tool call is not JSON", nil)
	}
	if len(call.Input) == 0 {
		call.Input = json.RawMessage("{}")
	}
	if v, err = s.decode(call.Input); err != nil {
		return v, wrong(resp, string(call.Input), err.Error(), err)
	}
	return v, nil
}

// repairable reports whether showing the model what is wrong may help.
func repairable(err error) bool {
	e, ok := errors.AsType[*OutputError](err)
	return ok && !e.Truncated && hadItsSay(e.Response)
}

// repair returns the request that shows the model its answer and what is wrong
// with it.
func (s *structured[T]) repair(turn *model.Request, resp *model.Response, err error) *model.Request {
	c := *turn
	reason := err.Error()
	if e, ok := errors.AsType[*OutputError](err); ok {
		reason = e.Reason
	}
	var results []model.ToolResult
	for _, call := range resp.ToolCalls() {
		text := "not run: give the answer first"
		if call.Name == s.name {
			text = "invalid input: " + reason + "\nCall the tool again with the whole answer."
		}
		results = append(results, model.ToolResult{CallID: call.ID, IsError: true, Parts: []model.Part{model.Text(text)}})
	}
	reply := model.ToolResults(results...)
	if len(results) == 0 {
		reply = model.User("That is not as asked for: " + reason + "\nWrite the whole answer again, as JSON and nothing else.")
	}
	c.Messages = append(slices.Clone(turn.Messages), resp.Message, reply)
	return &c
}

// errorIsInexpressible reports whether a schema was refused only because its
// root is not an object, so that a box around it helps.
func errorIsInexpressible(err error) bool { return errors.Is(err, lower.ErrInexpressible) }

// hasProperties reports whether a schema without a type is one of objects.
func hasProperties(schema json.RawMessage) bool {
	var s struct {
		Type       json.RawMessage `json:"type"`
		Properties json.RawMessage `json:"properties"`
	}
	return json.Unmarshal(schema, &s) == nil && s.Type == nil && s.Properties != nil
}
