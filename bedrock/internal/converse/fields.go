package converse

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// oneAtATime reports whether calls are to come one at a time. Converse has no
// place for that, so the choice then goes into Anthropic's own parameter. The
// plan leaves Parallel set only where the model has that parameter: the fact
// tools.parallel_switch.
// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use#parallel-tool-use
func oneAtATime(c plan.Choice) bool { return c.Parallel != nil && !*c.Parallel }

// additionalFields writes the model's own parameters: those that follow from
// the plan, and behind them the caller's. No name is written twice, since the
// service says nowhere which of two it takes: the caller's wins, and fields
// leaves the other out.
func (w *writer) additionalFields() {
	given := w.p.Additional
	before := w.Mark()
	w.Name("additionalModelRequestFields")
	w.Open('{')
	opened := len(w.Buf)
	// Whether there is anything to write is known only by writing it: each member
	// depends on the plan and on what the caller gives.
	f := fields{Writer: &w.Writer, p: w.p, given: given}
	f.thinking()
	f.topK()
	f.toolChoice()
	switch {
	case len(w.Buf) > opened:
		f.others()
		w.Close('}')
		return
	case len(given) > 0:
		// Nothing follows from the plan, so the caller's object goes as it is, with
		// the white space in it.
		w.Rewind(before)
		w.Name("additionalModelRequestFields")
		w.Raw(given)
		return
	}
	// An empty object says nothing, but it would make a difference between bodies
	// that are otherwise equal.
	w.Rewind(before)
}

// A fields writes the members that follow from the plan, except for those that
// the caller gives.
type fields struct {
	*rawjson.Writer
	p     *plan.Plan
	given []byte   // the caller's object, or empty
	nulls []string // members of it that have made way for those of the plan
}

// member begins a member and reports whether it did. It does not if the caller
// gives the member: the plan has warned of that already. A null says nothing to a
// model, so it makes way.
func (f *fields) member(name string) bool {
	switch value := rawjson.Member(f.given, name); {
	case string(value) == "null":
		f.nulls = append(f.nulls, name)
	case value != nil:
		return false
	}
	f.Name(name)
	return true
}

// others writes what the caller gives beside the members of the plan.
func (f *fields) others() {
	switch {
	case len(f.given) == 0:
	case f.nulls == nil: // as nearly always; with the white space in it
		f.Inner(f.given)
	default:
		rawjson.EachMember(f.given[rawjson.SkipSpace(f.given, 0):], func(name, value []byte) {
			if name := rawjson.Unquote(name); !slices.Contains(f.nulls, name) {
				f.Name(name)
				f.Raw(value)
			}
		})
	}
}

// thinking asks the model to think, in the way that its maker has invented for
// that. Converse has no member of its own for it. The plan has chosen the words;
// here they only find their places.
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

// claude writes the members of Claude: the type of thinking, and beside it, in
// another member, the effort. They are separate because effort bounds the whole
// answer, with or without thinking.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func (f *fields) claude(t plan.Thinking) {
	if t.Type != "" && f.member("thinking") {
		f.Open('{')
		if t.Type == "enabled" { // adaptive thinking has no budget, and is refused with one
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

// topK writes the model's own parameter for top-k, for which inferenceConfig of
// Converse has no member. Nova keeps it in an object of its own. If the caller
// gives that object, the plan has no TopK: the two are not put together.
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
// calls. It replaces Converse's own, since both set the same parameter of the
// model, so it says the mode as well. Without tools the model refuses a choice.
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
