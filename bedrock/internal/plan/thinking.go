package plan

import (
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
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

// A thinker puts Request.Thinking in the model's own words. A wish that the model
// has no word for becomes the nearest that it has, with a warning; one that would
// cost more than was asked for is never made up.
type thinker struct {
	*scope
	given     *additional
	wish      *model.ThinkingConfig
	maxTokens int // of the request

	asked  Thinking
	effort string // of the answer, apart from thinking
}

// think returns how the model is asked to think, and how hard to work on its
// answer: the effort given, or less where no thinking goes with that.
func think(s *scope, req *model.Request, given *additional, effort string) (Thinking, string) {
	if req.Thinking == nil {
		return Thinking{}, effort
	}
	t := thinker{scope: s, given: given, wish: req.Thinking, maxTokens: req.MaxTokens, effort: effort}
	t.asked.Style = s.facts.Thinking.Style
	t.ask()
	return t.asked, t.effort
}

// ask chooses the words. What the caller's own fields say of thinking comes
// first, and then the warning is all.
func (t *thinker) ask() {
	f, wish := &t.facts.Thinking, t.wish
	if own := &t.given.thinking; own.given {
		t.drop("", "thinking", "provider_options.additional_fields sets %s itself", own.member)
		if f.Style == facts.ThinkingStyleClaude { // which has another member for the effort
			t.claudeEffort()
		}
		return
	}
	off := wish.Mode == model.ThinkingDisabled || wish.Effort == effortNone
	switch {
	case off:
		t.thinkNot()
	case f.Supported.No():
		t.unsupported("thinking.supported", "thinking", "%s cannot think", t.name())
	case t.format.Text && f.Style != facts.ThinkingStyleUnasked:
		t.unsupported("", "thinking", "%s", t.only())
	case f.Style == facts.ThinkingStyleClaude:
		t.claude()
	case f.Style == facts.ThinkingStyleNova:
		t.byEffort()
		if t.asked.Effort != "" { // reasoningConfig takes an effort only with a type
			t.asked.Type = typeEnabled
		}
	case f.Style == facts.ThinkingStyleUnasked:
		if wish.Budget != 0 || wish.Effort != "" || wish.Mode == model.ThinkingAdaptive {
			t.drop("thinking.style", "thinking", "%s thinks as much as it sees fit", t.name())
		}
	case f.Style == facts.ThinkingStyleUnknown:
		t.unsupported("thinking.style", "thinking", "it is not known how this model is asked to think; name its base model in Options.BaseModel, or use ProviderOptions.AdditionalFields")
	default:
		t.byEffort()
	}
}

// byEffort asks a model that takes a word and nothing else.
func (t *thinker) byEffort() {
	if t.wish.Budget != 0 {
		t.drop("thinking.style", "thinking.budget", "%s takes an effort, not a budget", t.name())
	}
	t.asked.Effort = t.askEffort(t.wish.Effort)
	switch effort := t.asked.Effort; {
	case effort == "" && t.wish.Effort == "" && t.facts.Thinking.Default == facts.ThinkingDefaultOff:
		t.drop("thinking.default", "thinking", "%s thinks only if an effort is asked for; name one", t.name())
	case t.wish.Mode != model.ThinkingAdaptive:
	case effort == "":
		t.drop("thinking.style", "thinking.mode", "%s takes an effort, and thinks as it does by default without one", t.name())
	default:
		t.change("thinking.style", "thinking.mode", "%s takes an effort, and does not decide itself how much to think; it is asked for %s", t.name(), effort)
	}
}

// thinkNot asks the model not to think. Where it cannot be kept from it, the
// warning says so, since thinking is paid for.
func (t *thinker) thinkNot() {
	f, out := &t.facts.Thinking, &t.asked
	if f.Supported.No() {
		t.guessed()
		return
	}
	switch {
	case t.format.Text: // the prompt decides, whatever the model
	case f.Style == facts.ThinkingStyleClaude && (f.Disabled.Yes() || !f.Disabled.No() && f.Default != facts.ThinkingDefaultAlways),
		f.Style == facts.ThinkingStyleNova && !f.Disabled.No():
		out.Type = typeDisabled
		t.easeDisabled()
		return
	case f.Style == facts.ThinkingStyleClaude && f.BetweenTools.Yes():
		out.Type = typeBetweenTools
		t.easeDisabled()
		t.change("thinking.between_tools", "thinking", "%s cannot be kept from thinking before its answer; it is asked not to think after that", t.name())
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
		t.drop("thinking.default", "thinking", "%s always thinks", t.name())
	case facts.ThinkingDefaultOff:
		switch {
		case t.facts.Sibling != "":
			t.guessed()
		case f.Disabled.No(), t.wish.Mode != model.ThinkingDisabled:
			t.drop("thinking.disabled", "thinking", "%s cannot be told not to think, and thinks only when asked", t.name())
		}
	case facts.ThinkingDefaultOn:
		t.drop("thinking.disabled", "thinking", "%s cannot be kept from thinking", t.name())
	default:
		t.drop("thinking.disabled", "thinking", "it is not known how %s is told not to think", t.name())
	}
}

// guessed warns where nothing is sent because a sibling of the model does not
// think unless asked: the model may, and thinking is paid for.
func (t *thinker) guessed() {
	if sibling := t.facts.Sibling; sibling != "" {
		t.drop("thinking.default", "thinking", "it is not known whether %s thinks without being asked; %s, whose facts stand in for it, does not", t.name(), sibling)
	}
}

// easeDisabled lowers an effort beside which disabled thinking is refused.
func (t *thinker) easeDisabled() {
	limit := t.facts.Thinking.DisabledEffortMax
	if limit == "" || t.effort == "" || rank(t.effort) <= rank(limit) {
		return
	}
	t.change("thinking.disabled", "provider_options.output_effort", "%s can be told not to think at effort %s at most; %s is lowered to it", t.name(), limit, t.effort)
	t.effort = limit
}

// claude asks for a budget, or leaves it to the model to decide.
func (t *thinker) claude() {
	out := &t.asked
	out.Type = t.claudeType()
	if out.Type == typeEnabled {
		out.Budget = t.budget(t.wish.Budget)
	}
	t.claudeEffort()
}

// claudeEffort sets how hard to think, beside the type of thinking.
func (t *thinker) claudeEffort() {
	f := &t.facts.Thinking
	switch {
	case t.wish.Effort == "":
	case f.Efforts != nil && len(f.Efforts) == 0:
		t.drop("thinking.efforts", "thinking.effort", "this model takes a budget, not an effort")
	case t.effortGiven():
	default:
		t.asked.Effort = t.word(t.wish.Effort)
	}
}

// effortGiven reports whether the caller's fields hold Claude's effort.
func (t *thinker) effortGiven() bool {
	if !t.given.givesEffort() {
		return false
	}
	t.drop("", "thinking.effort", "provider_options.additional_fields sets output_config itself")
	return true
}

// claudeType returns the type that the model has for what is asked for.
func (t *thinker) claudeType() string {
	f := &t.facts.Thinking
	adaptive := t.wish.Mode == model.ThinkingAdaptive
	if t.wish.Mode == model.ThinkingDefault {
		// A budget names a type by itself. Without one, the newer type is asked for
		// where it is known to exist, and an effort asks for it where it may.
		adaptive = t.wish.Budget == 0 && (f.Adaptive.Yes() || t.wish.Effort != "" && !f.Adaptive.No())
	}
	switch {
	case f.Adaptive.No() && f.Budget.No():
		if t.wish.Budget != 0 {
			t.drop("thinking.budget", "thinking.budget", "%s takes no budget", t.name())
		}
		if t.wish.Mode != model.ThinkingDefault {
			t.drop("thinking.adaptive", "thinking.mode", "%s has no modes of thinking; it thinks as much as it sees fit", t.name())
		}
		return ""
	case adaptive && f.Adaptive.No():
		if t.wish.Mode == model.ThinkingAdaptive {
			t.change("thinking.adaptive", "thinking.mode", "this model cannot decide how much to think; it gets a budget")
		}
		return typeEnabled
	case !adaptive && !f.Budget.No():
		return typeEnabled
	}
	if t.wish.Budget != 0 {
		t.drop("thinking.budget", "thinking.budget", "the model decides while thinking is adaptive")
	}
	return typeAdaptive
}

// budget returns the budget that is sent, the least one where none is asked for.
func (t *thinker) budget(budget int) int {
	least := t.facts.Thinking.BudgetMin
	if least == 0 {
		least = defaultBudgetMin
	}
	if budget == 0 {
		budget = least
	}
	// Neither is mended: a budget is money, and which of the two numbers is meant
	// is the caller's to say.
	if budget < least {
		t.invalid("thinking.budget", "is %d; Claude takes %d or more", budget, least)
	}
	if limit := t.maxTokens; limit > 0 && budget >= limit {
		t.invalid("thinking.budget", "is %d; it must be less than max_tokens, %d", budget, limit)
	}
	return budget
}

// A mind is what the model will do: think or not, and how hard, as far as that
// is known. Choices of tools and sampling depend on it: "Thinking may not be
// enabled when tool_choice forces tool use."
type mind struct {
	facts *facts.Facts
	own   *ownThinking // what the caller's fields say, which counts first
	asked Thinking
}

// thinks reports whether the model will think: because the caller's fields or
// the plan say so, or because it does where nothing is said.
func (m *mind) thinks() bool {
	switch {
	case m.own.given:
		return m.own.on
	case m.asked.Type != "" || m.asked.Effort != "":
		return m.asked.On()
	}
	d := m.facts.Thinking.Default
	return d == facts.ThinkingDefaultOn || d == facts.ThinkingDefaultAlways
}

// effort returns how hard the model will think, as far as that is known.
func (m *mind) effort() string {
	switch {
	case m.own.effort != "":
		return m.own.effort
	case m.asked.Effort != "":
		return m.asked.Effort
	}
	return m.facts.Thinking.EffortDefault
}

// mindsSampling reports whether the model thinks and then minds sampling.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func (m *mind) mindsSampling() bool {
	s := m.facts.Sampling.WhileThinking
	return m.thinks() && (s.No() || s == facts.SupportUnknown && m.facts.Thinking.Style == facts.ThinkingStyleClaude)
}
