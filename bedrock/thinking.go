package bedrock

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/model"
)

// minBudget is the least that Claude takes as a thinking budget, in tokens.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
const minBudget = 1024

// thinks reports whether the request turns thinking on, by the model's own
// parameters or else by the neutral field.
func (e *encoder) thinks() bool {
	if mode, _ := e.givenThinking(); mode != "" {
		return mode != string(model.ThinkingDisabled)
	}
	t := e.req.Thinking
	return t != nil && t.Mode != model.ThinkingDisabled
}

// effort returns how hard a request that turns thinking on asks to think.
func (e *encoder) effort() string {
	if mode, effort := e.givenThinking(); mode != "" {
		return effort
	}
	return e.effortOf(e.req.Thinking)
}

// effortOf returns the effort asked for, or the family's default.
func (e *encoder) effortOf(t *model.ThinkingConfig) string {
	if t.Effort == "" {
		return e.family.DefaultEffort
	}
	return t.Effort
}

// givenThinking returns what the caller's additional fields say of thinking,
// in the family's own words. Mode is empty if they do not.
func (e *encoder) givenThinking() (mode, effort string) {
	if len(e.extra.AdditionalFields) == 0 {
		return "", ""
	}
	var own struct {
		Claude struct {
			Type string `json:"type"`
		} `json:"thinking"`
		Nova struct {
			Type   string `json:"type"`
			Effort string `json:"maxReasoningEffort"`
		} `json:"reasoningConfig"`
	}
	if json.Unmarshal(e.extra.AdditionalFields, &own) != nil {
		return "", ""
	}
	switch e.family.Thinking {
	case ThinkingClaude:
		return own.Claude.Type, ""
	case ThinkingNova:
		return own.Nova.Type, own.Nova.Effort
	}
	return "", ""
}

// thinkingFields writes Request.Thinking in the family's own words.
func (e *encoder) thinkingFields(own *fields) {
	t := e.req.Thinking
	if t == nil {
		return
	}
	switch e.family.Thinking {
	case ThinkingClaude:
		e.claudeThinking(own, t)
	case ThinkingNova:
		e.novaThinking(own, t)
	case ThinkingEffort:
		e.effortThinking(own, t, "reasoning_effort")
	case ThinkingQwen:
		e.effortThinking(own, t, "reasoning_config")
	case ThinkingAlways:
		if t.Mode == model.ThinkingDisabled {
			e.warn(model.WarningDropped, "thinking", "%s always think", e.familyName())
		} else if t.Budget != 0 || t.Effort != "" {
			e.warn(model.WarningDropped, "thinking", "%s think as much as they see fit", e.familyName())
		}
	case ThinkingNever:
		if t.Mode != model.ThinkingDisabled {
			e.unsupported("thinking", "%s cannot think", e.familyName())
		}
	default:
		if t.Mode != model.ThinkingDisabled {
			e.unsupported("thinking", "how this model is asked to think is not known; name its base model in Options.BaseModel, or use ProviderOptions.AdditionalFields")
		}
	}
}

// claudeThinking writes a budget, or leaves it to the model to decide.
func (e *encoder) claudeThinking(own *fields, t *model.ThinkingConfig) {
	const field = "thinking"
	switch e.claudeMode(t) {
	case model.ThinkingDisabled:
		if e.family.BudgetThinking.no() {
			// Opus 4.7 and Fable 5 refuse to be told, and think when asked only.
			// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html
			e.warn(model.WarningDropped, "thinking", "this model has no word for not thinking, which it does not unless asked")
			return
		}
		own.set(field, "thinking", map[string]any{"type": "disabled"})
		return
	case model.ThinkingAdaptive:
		own.set(field, "thinking", map[string]any{"type": "adaptive"})
	default:
		budget := t.Budget
		if budget == 0 {
			budget = minBudget
		}
		e.checkBudget(budget)
		own.set(field, "thinking", map[string]any{"type": "enabled", "budget_tokens": budget})
	}
	switch {
	case t.Effort == "":
	case e.family.EffortThinking.no():
		e.warn(model.WarningDropped, "thinking.effort", "this model takes a budget, not an effort")
	default:
		own.set("output_config", "thinking.effort", map[string]any{"effort": t.Effort})
	}
}

// claudeMode returns the mode that the model has for what is asked for.
func (e *encoder) claudeMode(t *model.ThinkingConfig) model.ThinkingMode {
	mode := t.Mode
	if mode == model.ThinkingDefault {
		mode = model.ThinkingEnabled
		adaptive := e.family.AdaptiveThinking
		if t.Budget == 0 && (adaptive == Yes || t.Effort != "" && !adaptive.no()) {
			mode = model.ThinkingAdaptive
		}
	}
	switch {
	case mode == model.ThinkingAdaptive && e.family.AdaptiveThinking.no():
		e.warn(model.WarningChanged, "thinking.mode", "this model cannot decide how much to think; it gets a budget")
		return model.ThinkingEnabled
	case mode == model.ThinkingEnabled && e.family.BudgetThinking.no():
		mode = model.ThinkingAdaptive
	}
	if mode == model.ThinkingAdaptive && t.Budget != 0 {
		e.warn(model.WarningDropped, "thinking.budget", "the model decides while thinking is adaptive")
	}
	return mode
}

func (e *encoder) checkBudget(budget int) {
	if budget < minBudget {
		e.invalid("thinking.budget", "is %d; Claude takes %d or more", budget, minBudget)
	}
	if limit := e.req.MaxTokens; limit > 0 && budget >= limit {
		e.invalid("thinking.budget", "is %d; it must be less than max_tokens, %d", budget, limit)
	}
}

// novaThinking writes Nova 2's reasoning effort.
// https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
func (e *encoder) novaThinking(own *fields, t *model.ThinkingConfig) {
	const field = "reasoningConfig"
	if t.Mode == model.ThinkingDisabled {
		own.set(field, "thinking", map[string]any{"type": "disabled"})
		return
	}
	e.noBudget(t)
	switch effort := e.effortOf(t); effort {
	case "low", "medium", "high":
		own.set(field, "thinking", map[string]any{"type": "enabled", "maxReasoningEffort": effort})
	default:
		e.invalid("thinking.effort", "is %q; Nova takes low, medium or high", effort)
	}
}

// effortThinking is for models that take one word. They have no word for not
// thinking: some think anyhow, others only when they are told an effort.
func (e *encoder) effortThinking(own *fields, t *model.ThinkingConfig, field string) {
	if t.Mode == model.ThinkingDisabled {
		if e.family.DefaultEffort == "" {
			e.warn(model.WarningDropped, "thinking", "%s cannot be kept from thinking", e.familyName())
		}
		return
	}
	e.noBudget(t)
	if effort := e.effortOf(t); effort != "" {
		own.set(field, "thinking.effort", effort)
	}
}

func (e *encoder) noBudget(t *model.ThinkingConfig) {
	if t.Budget != 0 {
		e.warn(model.WarningDropped, "thinking.budget", "%s take an effort, not a budget", e.familyName())
	}
}

// replays reports whether a thinking block of the history goes back to the
// model, and if not, why.
func (e *encoder) replays(p model.Thinking) (bool, string) {
	switch {
	case p.Incomplete:
		return false, "the block was cut off; its signature is missing"
	case p.Provider != "" && p.Provider != Provider:
		return false, "it was made by another provider, " + p.Provider
	case e.family.Replay == ReplayNone:
		return false, e.familyName() + " do not take thinking back"
	case len(p.Redacted) > 0:
		return true, ""
	case e.family.Replay == ReplayRedacted:
		return false, e.familyName() + " take back redacted thinking only"
	case e.family.Replay == ReplaySigned && p.Signature == "":
		return false, e.familyName() + " take back signed thinking only"
	case e.family.Replay == ReplayUnsigned && p.Signature != "":
		return false, "it was signed by a model of another family"
	case p.Text == "" && p.Signature == "":
		return false, "the block is empty"
	}
	return true, ""
}
