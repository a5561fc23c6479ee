package converse

import (
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// oneAtATime reports whether calls are to come one at a time, for which
// Converse has no place: the choice then goes into Anthropic's own parameter.
// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use#parallel-tool-use
func oneAtATime(c plan.Choice) bool { return c.Parallel != nil && !*c.Parallel }

// additionalFields writes the model's own parameters: those that follow from
// the plan, and behind them the caller's, which win.
func (w *writer) additionalFields() {
	given := w.p.Additional
	before := w.Mark()
	w.Name("additionalModelRequestFields")
	w.Open('{')
	opened := len(w.Buf)
	// Whether there is anything to write is known only by writing it: each member
	// depends on the plan and on what the caller gives.
	f := fields{&w.Writer, w.p, given}
	f.thinking()
	f.topK()
	f.toolChoice()
	switch {
	case len(w.Buf) > opened:
		if len(given) > 0 {
			w.Inner(given)
		}
		w.Close('}')
		return
	case len(given) > 0: // its bytes, and the white space between them
		w.Rewind(before)
		w.Name("additionalModelRequestFields")
		w.Raw(given)
		return
	}
	w.Rewind(before)
}

// fields are the members that follow from the plan, but for those that the
// caller gives.
type fields struct {
	*rawjson.Writer
	p     *plan.Plan
	given []byte
}

// member begins a member, unless the caller gives it.
func (f *fields) member(name string) bool {
	if rawjson.Member(f.given, name) != nil {
		return false
	}
	f.Name(name)
	return true
}

func (f *fields) thinking() {
	t := f.p.Thinking
	switch t.Style {
	case facts.ThinkingStyleClaude:
		f.claude(t)
	case facts.ThinkingStyleNova:
		if t.Type != "" && f.member("reasoningConfig") {
			f.Open('{')
			f.TextIf("maxReasoningEffort", t.Effort)
			f.Text("type", t.Type)
			f.Close('}')
		}
	case facts.ThinkingStyleNested:
		if t.Effort != "" && f.member("reasoning") {
			f.Open('{')
			f.Text("effort", t.Effort)
			f.Close('}')
		}
	case facts.ThinkingStyleQwen:
		if t.Effort != "" && f.member("reasoning_config") {
			f.String(t.Effort)
		}
	case facts.ThinkingStyleEffort:
		if t.Effort != "" && f.member("reasoning_effort") {
			f.String(t.Effort)
		}
	}
}

// claude writes what Claude is asked by: the type of thinking, and beside it, in
// another member, the effort.
func (f *fields) claude(t plan.Thinking) {
	if t.Type != "" && f.member("thinking") {
		f.Open('{')
		if t.Type == "enabled" {
			f.Name("budget_tokens")
			f.Int(t.Budget)
		}
		f.TextIf("display", t.Display)
		f.Text("type", t.Type)
		f.Close('}')
	}
	if t.Effort != "" && f.member("output_config") {
		f.Open('{')
		f.Text("effort", t.Effort)
		f.Close('}')
	}
}

// topK writes top_k, which Converse has no place for, under the model's own name.
func (f *fields) topK() {
	k := f.p.TopK
	switch name := f.p.TopKField; {
	case k == 0:
	case name == "inferenceConfig.topK":
		if f.member("inferenceConfig") {
			f.Open('{')
			f.Name("topK")
			f.Int(k)
			f.Close('}')
		}
	case f.member(name):
		f.Int(k)
	}
}

// toolChoice writes Anthropic's choice, which holds the switch for parallel
// calls. It replaces the one of Converse, so it says the mode as well.
func (f *fields) toolChoice() {
	c := f.p.Choice
	if !oneAtATime(c) || len(f.p.Tools) == 0 || !f.member("tool_choice") {
		return
	}
	f.Open('{')
	f.Name("disable_parallel_tool_use")
	f.Bool(true)
	switch c.Mode {
	case model.ToolsAny:
		f.Text("type", "any")
	case model.ToolsNamed:
		f.Text("name", c.Name)
		f.Text("type", "tool")
	default:
		f.Text("type", "auto")
	}
	f.Close('}')
}
