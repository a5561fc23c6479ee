package anthropic

import (
	"encoding/json"
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
	req    *model.Request
	in     *native.Input
	rules  native.Rules
	guards native.Guards
	body   native.Fields

	tools  []tool
	system []block
	turns  []turn
}

// Encode returns the body for a request.
func (Codec) Encode(req *model.Request, in *native.Input) (*native.Encoded, error) {
	e := encoder{req: req, in: in, rules: in.Rules, guards: native.NewGuards(req, in.Guardrail)}
	e.readTools()
	e.conversation()
	e.cache()

	e.body.Text("anthropic_version", "", Version)
	e.maxTokens()
	e.body.List("system", "", e.renderAll(e.system))
	e.body.List("messages", "messages", e.renderTurns())
	e.writeTools()
	e.sampling()
	e.thinking()
	e.output()
	e.guards.Config(&e.body, in)
	e.body.Merge(in.Additional, &e.Report)
	if err := e.Err(); err != nil {
		return nil, err
	}
	return &native.Encoded{Body: e.body.Append(nil), Warnings: e.Warnings}, nil
}

// maxTokens sets the limit, which the format requires.
func (e *encoder) maxTokens() {
	if n := e.req.MaxTokens; n > 0 {
		e.body.Int("max_tokens", "max_tokens", n)
		return
	}
	n := DefaultMaxTokens
	if t := e.req.Thinking; t != nil && e.mode() == model.ThinkingEnabled {
		n += max(t.Budget, minBudget)
	}
	e.body.Int("max_tokens", "", n)
}

func (e *encoder) sampling() {
	req := e.req
	temperature, topP := e.Sampling(req, e.rules, e.thinks())
	e.body.Float("temperature", "temperature", temperature)
	e.body.Float("top_p", "top_p", topP)
	switch {
	case req.TopK == 0:
	case e.rules.NoTopK:
		e.Warn(model.WarningDropped, "top_k", "%s have no such parameter", e.rules.Name())
	case e.thinks():
		e.Warn(model.WarningDropped, "top_k", "not allowed while thinking is on")
	default:
		e.body.Int("top_k", "top_k", req.TopK)
	}
	e.StopSequences(req.StopSequences)
	e.body.Texts("stop_sequences", "stop_sequences", req.StopSequences)
}

// thinks reports whether the request turns thinking on, by the neutral field or
// by the format's own.
func (e *encoder) thinks() bool {
	if own := native.Member(e.in.Additional, "thinking"); own != nil {
		var v struct {
			Type string `json:"type"`
		}
		return json.Unmarshal(own, &v) == nil && (v.Type == "enabled" || v.Type == "adaptive")
	}
	return native.Thinks(e.req.Thinking) && e.rules.Thinking == native.ThinksAsked
}

// mode is the mode that the model has for what is asked for.
func (e *encoder) mode() model.ThinkingMode {
	t := e.req.Thinking
	mode := t.Mode
	if mode == model.ThinkingDefault {
		mode = model.ThinkingEnabled
		if t.Budget == 0 && (e.rules.Adaptive || t.Effort != "") && !e.rules.NoAdaptive {
			mode = model.ThinkingAdaptive
		}
	}
	switch {
	case mode == model.ThinkingAdaptive && e.rules.NoAdaptive:
		return model.ThinkingEnabled
	case mode == model.ThinkingEnabled && e.rules.NoBudget:
		return model.ThinkingAdaptive
	}
	return mode
}

// thinking asks for thinking.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func (e *encoder) thinking() {
	t := e.req.Thinking
	if !e.Thinking(t, e.rules) {
		return
	}
	mode := e.mode()
	if t.Mode == model.ThinkingAdaptive && mode != t.Mode {
		e.Warn(model.WarningChanged, "thinking.mode", "this model cannot decide how much to think; it gets a budget")
	}
	var f native.Fields
	switch mode {
	case model.ThinkingDisabled:
		f.Text("type", "", "disabled")
	case model.ThinkingAdaptive:
		if t.Budget != 0 {
			e.Warn(model.WarningDropped, "thinking.budget", "the model decides while thinking is adaptive")
		}
		f.Text("type", "", "adaptive")
	default:
		f.Text("type", "", "enabled")
		f.Int("budget_tokens", "", e.budget(t.Budget))
	}
	e.body.Object("thinking", "thinking", f)
}

func (e *encoder) budget(budget int) int {
	if budget == 0 {
		budget = minBudget
	}
	if budget < minBudget {
		e.Invalid("thinking.budget", "is %d; Claude takes %d or more", budget, minBudget)
	}
	if limit := e.req.MaxTokens; limit > 0 && budget >= limit {
		e.Invalid("thinking.budget", "is %d; it must be less than max_tokens, %d", budget, limit)
	}
	return budget
}

// output sets output_config: how hard to work, and the form of the answer.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
func (e *encoder) output() {
	var f native.Fields
	origin := "provider_options.output_effort"
	effort := e.in.Effort
	if t := e.req.Thinking; t != nil && t.Effort != "" && e.rules.Thinking == native.ThinksAsked {
		if e.rules.NoEffort {
			e.Warn(model.WarningDropped, "thinking.effort", "this model takes a budget, not an effort")
		} else {
			origin, effort = "thinking.effort", t.Effort
		}
	}
	if effort != "" {
		f.Text("effort", origin, effort)
	}
	if o := e.req.Output; o != nil {
		if format, ok := e.format(o); ok {
			f.Object("format", "output", format)
			origin = "output"
		}
	}
	e.body.Object("output_config", origin, f)
}

func (e *encoder) format(o *model.OutputFormat) (native.Fields, bool) {
	var f native.Fields
	if e.rules.NoOutput {
		e.Unsupported("output", "%s have no structured output of their own; have a tool called with the answer instead, as runnable.Structured does", e.rules.Name())
		return f, false
	}
	schema, err := outputschema.Close(o.Schema)
	if err != nil {
		e.Invalid("output.schema", "%v", err)
		return f, false
	}
	if o.Name != "" {
		e.Warn(model.WarningDropped, "output.name", "the format has no name for a schema")
	}
	if o.Description != "" {
		e.Warn(model.WarningDropped, "output.description", "the format has no description of a schema; the schema itself may have one")
	}
	f.Text("type", "", "json_schema")
	f.Raw("schema", "output.schema", schema)
	return f, true
}

// renderTurns writes the messages.
func (e *encoder) renderTurns() [][]byte {
	all := make([][]byte, 0, len(e.turns))
	for _, t := range e.turns {
		var f native.Fields
		f.Text("role", "", string(t.role))
		f.Raw("content", "", native.List(e.renderAll(t.blocks)))
		all = append(all, f.Append(nil))
	}
	return all
}

func (e *encoder) renderAll(blocks []block) [][]byte {
	all := make([][]byte, 0, len(blocks))
	for _, b := range blocks {
		all = append(all, e.render(b))
	}
	return all
}

func fieldOf(i int, j int) string { return fmt.Sprintf("messages[%d].parts[%d]", i, j) }
