package plan

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// defaultBudgetMin is the least thinking budget of Claude, in tokens, where
// nothing else is known.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
const defaultBudgetMin = 1024

// The types of thinking, in the words of Claude and Nova.
const (
	typeEnabled      = "enabled"
	typeAdaptive     = "adaptive"
	typeDisabled     = "disabled"
	typeBetweenTools = "between_tools"
)

// An ownThinking is what the caller's additional fields say of thinking, in the
// model's own words.
type ownThinking struct {
	given  bool   // they say something
	member string // by this member
	on     bool
	effort string
}

// readOwnThinking reads the member that the model is asked to think by.
func (p *planner) readOwnThinking() ownThinking {
	if p.format.Text {
		return ownThinking{}
	}
	var own ownThinking
	switch p.facts.Thinking.Style {
	case facts.ThinkingStyleClaude:
		own.member = "thinking"
		if value := p.gives("thinking"); value != nil {
			t := textMember(value, "type")
			own.given, own.on = t != "", t != typeDisabled
		}
		own.effort = textMember(p.gives("output_config"), "effort")
	case facts.ThinkingStyleNova:
		own.member = "reasoningConfig"
		if value := p.gives("reasoningConfig"); value != nil {
			t := textMember(value, "type")
			own.given, own.on, own.effort = t != "", t != typeDisabled, textMember(value, "maxReasoningEffort")
		}
	case facts.ThinkingStyleNested:
		own.member = "reasoning"
		own.effort = textMember(p.gives("reasoning"), "effort")
		own.given, own.on = own.effort != "", own.effort != effortNone
	case facts.ThinkingStyleEffort:
		own.member = "reasoning_effort"
		own.effort = text(p.gives("reasoning_effort"))
		own.given, own.on = own.effort != "", own.effort != effortNone
	case facts.ThinkingStyleQwen:
		own.member = "reasoning_config"
		own.effort = text(p.gives("reasoning_config"))
		own.given, own.on = own.effort != "", own.effort != effortNone
	}
	return own
}

// textMember returns a member of an object if it is a string.
func textMember(object []byte, name string) string {
	if len(object) == 0 || object[0] != '{' {
		return ""
	}
	return text(rawjson.Member(object, name))
}

func text(value []byte) string {
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}

// thinks reports whether the model will think: because the caller's fields or
// the plan say so, or because it does where nothing is said.
func (p *planner) thinks() bool {
	t := &p.out.Thinking
	switch {
	case p.own.given:
		return p.own.on
	case t.Type != "" || t.Effort != "":
		return t.On()
	}
	d := p.facts.Thinking.Default
	return d == facts.ThinkingDefaultOn || d == facts.ThinkingDefaultAlways
}

// effort returns how hard the model will think, as far as that is known.
func (p *planner) effort() string {
	switch {
	case p.own.effort != "":
		return p.own.effort
	case p.out.Thinking.Effort != "":
		return p.out.Thinking.Effort
	}
	return p.facts.Thinking.EffortDefault
}

// thinking puts Request.Thinking in the model's own words.
func (p *planner) thinking() {
	t := p.req.Thinking
	if t == nil || p.in.Prompt {
		return
	}
	f := &p.facts.Thinking
	p.out.Thinking.Style = f.Style
	if p.own.given {
		p.drop("", "thinking", "provider_options.additional_fields sets %s itself", p.own.member)
		if f.Style == facts.ThinkingStyleClaude { // which has another member for the effort
			p.claudeEffort(t)
		}
		return
	}
	off := t.Mode == model.ThinkingDisabled || t.Effort == effortNone
	switch {
	case off:
		p.thinkNot()
	case f.Supported.No():
		p.unsupported("thinking.supported", "thinking", "%s cannot think", p.name())
	case p.format.Text && f.Style != facts.ThinkingStyleUnasked:
		p.unsupported("", "thinking", "%s", p.only())
	case f.Style == facts.ThinkingStyleClaude:
		p.thinkClaude(t)
	case f.Style == facts.ThinkingStyleNova:
		p.noBudget(t)
		p.out.Thinking.Effort = p.askEffort(t.Effort)
		if p.out.Thinking.Effort != "" {
			p.out.Thinking.Type = typeEnabled
		}
	case f.Style == facts.ThinkingStyleUnasked:
		if t.Budget != 0 || t.Effort != "" {
			p.drop("thinking.style", "thinking", "%s thinks as much as it sees fit", p.name())
		}
	case f.Style == facts.ThinkingStyleUnknown:
		p.unsupported("thinking.style", "thinking", "how this model is asked to think is not known; name its base model in Options.BaseModel, or use ProviderOptions.AdditionalFields")
	default: // a word is all that they take
		p.noBudget(t)
		p.out.Thinking.Effort = p.askEffort(t.Effort)
	}
}

func (p *planner) noBudget(t *model.ThinkingConfig) {
	if t.Budget != 0 {
		p.drop("thinking.style", "thinking.budget", "%s takes an effort, not a budget", p.name())
	}
}

// thinkNot asks the model not to think. Where it cannot be kept from it, the
// warning says so, since thinking is paid for.
func (p *planner) thinkNot() {
	f, out := &p.facts.Thinking, &p.out.Thinking
	if f.Supported.No() {
		p.guessed()
		return
	}
	switch {
	case p.format.Text:
	case f.Style == facts.ThinkingStyleClaude && (f.Disabled.Yes() || !f.Disabled.No() && f.Default != facts.ThinkingDefaultAlways),
		f.Style == facts.ThinkingStyleNova && !f.Disabled.No():
		out.Type = typeDisabled
		p.easeDisabled()
		return
	case f.Style == facts.ThinkingStyleClaude && f.BetweenTools.Yes():
		out.Type = typeBetweenTools
		p.easeDisabled()
		p.change("thinking.between_tools", "thinking", "%s cannot be kept from thinking before its answer; it is asked not to think more than that", p.name())
		return
	case (f.Style == facts.ThinkingStyleEffort || f.Style == facts.ThinkingStyleNested) && f.None.Yes():
		out.Effort = effortNone
		if f.NoneStyle != facts.ThinkingStyleUnknown {
			out.Style = f.NoneStyle
		}
		return
	}
	switch f.Default {
	case facts.ThinkingDefaultAlways:
		p.drop("thinking.default", "thinking", "%s always thinks", p.name())
	case facts.ThinkingDefaultOff:
		switch {
		case p.facts.Sibling != "":
			p.guessed()
		case f.Disabled.No(), p.req.Thinking.Mode != model.ThinkingDisabled:
			p.drop("thinking.disabled", "thinking", "%s has no word for not thinking, which it does not unless asked", p.name())
		}
	case facts.ThinkingDefaultOn:
		p.drop("thinking.disabled", "thinking", "%s cannot be kept from thinking", p.name())
	default:
		p.drop("thinking.disabled", "thinking", "how %s is kept from thinking is not known", p.name())
	}
}

// guessed warns where nothing is sent because a sibling of the model does not
// think unless asked: the model may, and thinking is paid for.
func (p *planner) guessed() {
	if sibling := p.facts.Sibling; sibling != "" {
		p.drop("thinking.default", "thinking", "whether %s thinks unasked is not known; %s, after which it is treated, does not", p.name(), sibling)
	}
}

// easeDisabled lowers an effort beside which disabled thinking is refused.
func (p *planner) easeDisabled() {
	limit := p.facts.Thinking.DisabledEffortMax
	if limit == "" || p.out.Effort == "" || rank(p.out.Effort) <= rank(limit) {
		return
	}
	p.change("thinking.disabled", "provider_options.output_effort", "%s does not think at effort %s at most; %s is sent as that", p.name(), limit, p.out.Effort)
	p.out.Effort = limit
}

// thinkClaude asks for a budget, or leaves it to the model to decide.
func (p *planner) thinkClaude(t *model.ThinkingConfig) {
	out := &p.out.Thinking
	out.Type = p.claudeType(t)
	if out.Type == typeEnabled {
		out.Budget = p.budget(t.Budget)
	}
	p.claudeEffort(t)
}

// claudeEffort sets how hard to think, beside the type of thinking.
func (p *planner) claudeEffort(t *model.ThinkingConfig) {
	f := &p.facts.Thinking
	switch {
	case t.Effort == "":
	case f.Efforts != nil && len(f.Efforts) == 0:
		p.drop("thinking.efforts", "thinking.effort", "this model takes a budget, not an effort")
	case p.effortGiven():
	default:
		p.out.Thinking.Effort = p.word(t.Effort)
	}
}

// effortGiven reports whether the caller's fields hold Claude's effort.
func (p *planner) effortGiven() bool {
	member := p.gives("output_config")
	if member == nil || p.format.Merges && p.own.effort == "" {
		return false
	}
	p.drop("", "thinking.effort", "provider_options.additional_fields sets output_config itself")
	return true
}

// claudeType returns the type that the model has for what is asked for.
func (p *planner) claudeType(t *model.ThinkingConfig) string {
	f := &p.facts.Thinking
	adaptive := t.Mode == model.ThinkingAdaptive
	if t.Mode == model.ThinkingDefault {
		adaptive = t.Budget == 0 && (f.Adaptive.Yes() || t.Effort != "" && !f.Adaptive.No())
	}
	switch {
	case f.Adaptive.No() && f.Budget.No():
		if t.Budget != 0 {
			p.drop("thinking.budget", "thinking.budget", "%s takes no budget", p.name())
		}
		if t.Mode != model.ThinkingDefault {
			p.drop("thinking.adaptive", "thinking.mode", "%s takes none; it thinks as much as it sees fit", p.name())
		}
		return ""
	case adaptive && f.Adaptive.No():
		if t.Mode == model.ThinkingAdaptive {
			p.change("thinking.adaptive", "thinking.mode", "this model cannot decide how much to think; it gets a budget")
		}
		return typeEnabled
	case !adaptive && !f.Budget.No():
		return typeEnabled
	}
	if t.Budget != 0 {
		p.drop("thinking.budget", "thinking.budget", "the model decides while thinking is adaptive")
	}
	return typeAdaptive
}

func (p *planner) budget(budget int) int {
	least := p.facts.Thinking.BudgetMin
	if least == 0 {
		least = defaultBudgetMin
	}
	if budget == 0 {
		budget = least
	}
	if budget < least {
		p.invalid("thinking.budget", "is %d; Claude takes %d or more", budget, least)
	}
	if limit := p.req.MaxTokens; limit > 0 && budget >= limit {
		p.invalid("thinking.budget", "is %d; it must be less than max_tokens, %d", budget, limit)
	}
	return budget
}

// replayed gives up a budget of Claude's where the tool calls that are being
// answered do not begin with the thinking that led to them, as when another
// model made them: the service would refuse the request.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func (p *planner) replayed() {
	n := len(p.out.Turns)
	if p.out.Thinking.Style != facts.ThinkingStyleClaude || p.out.Thinking.Type != typeEnabled || n < 2 {
		return
	}
	before := p.out.Turns[n-2].Blocks
	if p.out.Turns[n-1].Role != model.RoleUser || !hasPart[model.ToolResult](p.out.Turns[n-1].Blocks) || !hasPart[model.ToolCall](before) {
		return
	}
	if _, ok := before[0].Part.(model.Thinking); ok {
		return
	}
	p.drop("thinking.budget", "thinking", "the thinking that led to the last tool calls is not in the conversation, without which %s does not think on", p.name())
	p.out.Thinking.Type, p.out.Thinking.Budget = "", 0
	if p.facts.Thinking.Default == facts.ThinkingDefaultOn && p.facts.Thinking.Disabled.Yes() {
		p.out.Thinking.Type = typeDisabled
	}
}
