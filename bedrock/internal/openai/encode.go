package openai

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/outputschema"
	"github.com/chatmodel-go/chatmodel/model"
)

// Codec is the format. It has no state.
type Codec struct{}

// An encoder writes one request.
type encoder struct {
	native.Report
	req      *model.Request
	in       *native.Input
	rules    native.Rules
	guards   native.Guards
	body     native.Fields
	messages [][]byte
}

// Encode returns the body for a request. It leaves the member model out: the
// service fills it in.
func (Codec) Encode(req *model.Request, in *native.Input) (*native.Encoded, error) {
	e := encoder{req: req, in: in, rules: in.Rules, guards: native.NewGuards(req, in.Guardrail)}
	e.conversation()
	e.body.List("messages", "messages", e.messages)
	e.tools()
	e.limits()
	e.thinking()
	e.output()
	e.settings()
	e.guards.Config(&e.body, in)
	e.body.Merge(in.Additional, &e.Report)
	if err := e.Err(); err != nil {
		return nil, err
	}
	return &native.Encoded{Body: e.body.Append(nil), Warnings: e.Warnings}, nil
}

// limits sets what bounds and varies the answer.
func (e *encoder) limits() {
	req := e.req
	if req.MaxTokens > 0 {
		e.body.Int(e.limitName(), "max_tokens", req.MaxTokens)
	}
	temperature, topP := e.Sampling(req, e.rules, false)
	e.body.Float("temperature", "temperature", temperature)
	e.body.Float("top_p", "top_p", topP)
	switch {
	case req.TopK == 0:
	case e.rules.NoTopK:
		e.Warn(model.WarningDropped, "top_k", "%s have no such parameter", e.rules.Name())
	default:
		e.body.Int("top_k", "top_k", req.TopK)
	}
	e.StopSequences(req.StopSequences)
	e.body.Texts("stop", "stop_sequences", req.StopSequences)
}

// limitName is what the limit of the answer is called: OpenAI's own models have
// a newer name for it, which others do not know.
func (e *encoder) limitName() string {
	switch e.rules.Family {
	case "gpt-oss", "openai":
		return "max_completion_tokens"
	}
	return "max_tokens"
}

// thinking passes on the effort, all that models of this format take.
func (e *encoder) thinking() {
	t := e.req.Thinking
	if !e.Thinking(t, e.rules) {
		return
	}
	if t.Mode == model.ThinkingDisabled {
		if e.rules.DefaultEffort == "" { // else they think when they are told to
			e.Warn(model.WarningDropped, "thinking", "%s cannot be kept from thinking", e.rules.Name())
		}
		return
	}
	if t.Budget != 0 {
		e.Warn(model.WarningDropped, "thinking.budget", "the format has an effort, not a budget")
	}
	effort, name := t.Effort, e.rules.EffortMember
	if effort == "" {
		effort = e.rules.DefaultEffort
	}
	if name == "" {
		name = "reasoning_effort"
	}
	if effort != "" {
		e.body.Text(name, "thinking.effort", effort)
	}
}

// output asks for an answer by JSON Schema.
func (e *encoder) output() {
	o := e.req.Output
	if o == nil {
		return
	}
	if e.rules.NoOutput {
		e.Unsupported("output", "%s have no structured output of their own; have a tool called with the answer instead, as runnable.Structured does", e.rules.Name())
		return
	}
	schema, err := outputschema.Close(o.Schema)
	if err != nil {
		e.Invalid("output.schema", "%v", err)
		return
	}
	name := o.Name
	if name == "" {
		name = "answer" // the format requires one
	}
	var s, f native.Fields
	s.Text("name", "", name)
	if o.Description != "" {
		s.Text("description", "", o.Description)
	}
	s.Raw("schema", "", schema)
	s.Bool("strict", "", true)
	f.Text("type", "", "json_schema")
	f.Object("json_schema", "", s)
	e.body.Object("response_format", "output", f)
}

// settings sets what is left, and says what has no place.
func (e *encoder) settings() {
	if e.in.Stream {
		e.body.Bool("stream", "", true)
		e.body.Raw("stream_options", "", []byte(`{"include_usage":true}`))
	}
	if e.in.Effort != "" {
		e.Unsupported("provider_options.output_effort", "the format has no such parameter; use Thinking.Effort")
	}
	if e.req.Cache != nil {
		e.Warn(model.WarningDropped, "cache", "the format has no prompt caching")
	}
}

// tools writes the tools and the choice among them.
func (e *encoder) tools() {
	if len(e.req.Tools) > 0 && e.rules.NoTools {
		e.Unsupported("tools", "%s cannot use tools", e.rules.Name())
		return
	}
	var list [][]byte
	for i, t := range e.req.Tools {
		list = append(list, e.tool(fmt.Sprintf("tools[%d]", i), t))
	}
	e.body.List("tools", "tools", list)
	if e.offersTools() {
		e.choice()
	}
}

func (e *encoder) offersTools() bool {
	return len(e.req.Tools) > 0 || native.Has(e.in.Additional, "tools")
}

func (e *encoder) tool(field string, t model.Tool) []byte {
	if t.ServerSide {
		e.Unsupported(field, "the format has no tools that the service runs")
	}
	if t.Cache != nil {
		e.Warn(model.WarningDropped, field+".cache", "the format has no prompt caching")
	}
	e.ToolName(field, t.Name)
	var function, f native.Fields
	function.Text("name", "", t.Name)
	if t.Description != "" {
		function.Text("description", "", t.Description)
	}
	function.Raw("parameters", "", native.Schema(t))
	if t.Strict != nil {
		function.Bool("strict", "", *t.Strict)
	}
	f.Text("type", "", "function")
	f.Object("function", "", function)
	return f.Append(nil)
}

func (e *encoder) choice() {
	choice := e.req.ToolChoice
	forced := e.Forced(choice, e.rules, native.Thinks(e.req.Thinking))
	switch {
	case choice.Mode == model.ToolsNone:
		e.body.Text("tool_choice", "tool_choice", "none")
	case forced && choice.Mode == model.ToolsAny:
		e.body.Text("tool_choice", "tool_choice", "required")
	case forced:
		var name, f native.Fields
		name.Text("name", "", choice.Name)
		f.Text("type", "", "function")
		f.Object("function", "", name)
		e.body.Object("tool_choice", "tool_choice", f)
	case choice.Mode != model.ToolsDefault:
		e.body.Text("tool_choice", "tool_choice", "auto")
	}
	if p := choice.Parallel; p != nil {
		if !*p && e.rules.NoParallelSwitch {
			e.Unsupported("tool_choice.parallel", "%s cannot be kept from calling several tools at once", e.rules.Name())
		}
		e.body.Bool("parallel_tool_calls", "tool_choice.parallel", *p)
	}
}
