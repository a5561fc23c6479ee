package bedrocktest

import (
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/model"
)

// liftFields moves members of the model's own parameters to their neutral
// fields. It moves only the exact forms that the bedrock package writes.
// Members that hold more than that, or are not valid, stay where they are.
func liftFields(played *rules.Model, req *model.Request, x *bedrock.ProviderOptions) {
	var given map[string]json.RawMessage
	if json.Unmarshal(x.AdditionalFields, &given) != nil || len(given) == 0 {
		return
	}
	l := lifter{given: given, req: req}
	switch field := played.Thinking.Field; {
	case played.Thinking.None:
	case field == "thinking":
		l.claude(&played.Thinking)
	case field == "reasoningConfig":
		l.nova()
	case field == "reasoning.effort":
		l.nested()
	case field != "":
		l.effort(field)
	}
	l.topK(played)
	l.parallel(played)
	switch {
	case !l.lifted:
	case len(given) == 0:
		x.AdditionalFields = nil
	default:
		x.AdditionalFields, _ = json.Marshal(given)
	}
}

type lifter struct {
	given  map[string]json.RawMessage
	req    *model.Request
	lifted bool
}

// take decodes a member into v and removes it. It reports whether it did: a
// member that holds more than that value, or something else, stays.
func (l *lifter) take(name string, v any) bool {
	raw, ok := l.given[name]
	if !ok || json.Unmarshal(raw, v) != nil {
		return false
	}
	again, err := json.Marshal(v)
	if err != nil || !sameJSON(raw, again) {
		return false
	}
	delete(l.given, name)
	l.lifted = true
	return true
}

func (l *lifter) claude(own *rules.Thinking) {
	var thinking struct {
		Type   string `json:"type"`
		Budget int    `json:"budget_tokens,omitempty"`
	}
	kept := l.given["thinking"]
	if !l.take("thinking", &thinking) {
		return
	}
	t := &model.ThinkingConfig{Mode: model.ThinkingMode(thinking.Type), Budget: thinking.Budget}
	limit := l.req.MaxTokens
	switch {
	case t.Mode == model.ThinkingEnabled && !own.NoBudget && t.Budget >= 1024 && (limit == 0 || t.Budget < limit):
	case t.Mode == model.ThinkingAdaptive && !own.NoAdaptive && t.Budget == 0:
	case t.Mode == model.ThinkingDisabled && !own.NoDisabled && t.Budget == 0:
	default:
		l.given["thinking"] = kept
		return
	}
	l.req.Thinking = t
	var output struct {
		Effort string `json:"effort"`
	}
	if t.Mode != model.ThinkingDisabled && !own.NoEffort && l.take("output_config", &output) {
		t.Effort = output.Effort
	}
}

func (l *lifter) nova() {
	var config struct {
		Type   string `json:"type"`
		Effort string `json:"maxReasoningEffort,omitempty"`
	}
	kept := l.given["reasoningConfig"]
	if !l.take("reasoningConfig", &config) {
		return
	}
	t := &model.ThinkingConfig{Mode: model.ThinkingMode(config.Type), Effort: config.Effort}
	switch {
	case t.Mode == model.ThinkingDisabled && t.Effort == "":
	case t.Mode == model.ThinkingEnabled && (t.Effort == "low" || t.Effort == "medium" || t.Effort == "high"):
	default:
		l.given["reasoningConfig"] = kept
		return
	}
	l.req.Thinking = t
}

func (l *lifter) effort(name string) {
	var effort string
	kept := l.given[name]
	if l.take(name, &effort) {
		if effort == "" {
			l.given[name] = kept
			return
		}
		l.req.Thinking = asksFor(effort)
	}
}

// nested reads an effort that stands in an object of its own.
func (l *lifter) nested() {
	var reasoning struct {
		Effort string `json:"effort"`
	}
	kept := l.given["reasoning"]
	if !l.take("reasoning", &reasoning) {
		return
	}
	if reasoning.Effort == "" {
		l.given["reasoning"] = kept
		return
	}
	l.req.Thinking = asksFor(reasoning.Effort)
}

// asksFor returns the thinking that an effort asks for. The effort "none" asks
// for no thinking.
func asksFor(effort string) *model.ThinkingConfig {
	if effort == "none" {
		return &model.ThinkingConfig{Mode: model.ThinkingDisabled}
	}
	return &model.ThinkingConfig{Effort: effort}
}

func (l *lifter) topK(played *rules.Model) {
	if played.NoTopK {
		return // it would not be sent
	}
	if played.IsClaude() && !played.Thinking.None {
		t := l.req.Thinking
		if _, own := l.given["thinking"]; own || t != nil && t.Mode != model.ThinkingDisabled {
			return // the bedrock package would not send this either
		}
	}
	switch field := played.TopK; field {
	default:
		l.positive(field)
	case "":
		l.positive("top_k")
	case "inferenceConfig.topK":
		var nested struct {
			TopK int `json:"topK"`
		}
		kept := l.given["inferenceConfig"]
		if l.take("inferenceConfig", &nested) {
			if l.req.TopK = nested.TopK; nested.TopK <= 0 {
				l.req.TopK, l.given["inferenceConfig"] = 0, kept
			}
		}
	}
}

func (l *lifter) positive(name string) {
	var k int
	kept := l.given[name]
	if l.take(name, &k) {
		if l.req.TopK = k; k <= 0 {
			l.req.TopK, l.given[name] = 0, kept
		}
	}
}

// parallel reads Anthropic's own tool choice. It is an additional field,
// because Converse has no place for it.
func (l *lifter) parallel(played *rules.Model) {
	if !played.IsClaude() || len(l.req.Tools) == 0 {
		return
	}
	var choice struct {
		Type    string `json:"type"`
		Name    string `json:"name,omitempty"`
		Disable bool   `json:"disable_parallel_tool_use"`
	}
	kept := l.given["tool_choice"]
	if !l.take("tool_choice", &choice) {
		return
	}
	modes := map[string]model.ToolMode{"auto": model.ToolsAuto, "any": model.ToolsAny, "tool": model.ToolsNamed}
	mode, ok := modes[choice.Type]
	if mode == model.ToolsNamed {
		ok = slices.ContainsFunc(l.req.Tools, func(t model.Tool) bool { return t.Name == choice.Name })
	} else if choice.Name != "" {
		ok = false
	}
	if !ok || !choice.Disable || l.req.ToolChoice.Mode != model.ToolsDefault {
		l.given["tool_choice"] = kept
		return
	}
	l.req.ToolChoice = model.ToolChoice{Mode: mode, Name: choice.Name, Parallel: new(false)}
}

// sameJSON reports whether two JSON values are equal. Both must be valid.
func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	ca, _ := json.Marshal(x) // sorts keys
	cb, _ := json.Marshal(y)
	return string(ca) == string(cb)
}
