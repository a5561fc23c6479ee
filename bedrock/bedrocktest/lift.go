package bedrocktest

import (
	"encoding/json"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// liftFields moves the members of the model's own parameters that have a
// neutral field there. Only exact forms are lifted, those that the bedrock
// package itself writes: what says more, or is not valid, stays where it is.
func liftFields(family bedrock.Family, req *model.Request, x *bedrock.ProviderOptions) {
	var given map[string]json.RawMessage
	if json.Unmarshal(x.AdditionalFields, &given) != nil || len(given) == 0 {
		return
	}
	l := lifter{given: given, req: req}
	switch family.Thinking {
	case bedrock.ThinkingClaude:
		l.claude(family)
	case bedrock.ThinkingNova:
		l.nova()
	case bedrock.ThinkingEffort:
		l.effort("reasoning_effort")
	case bedrock.ThinkingQwen:
		l.effort("reasoning_config")
	}
	l.topK(family)
	l.parallel(family)
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

// take removes a member and reports whether it is exactly the value that v
// points to after decoding; if not, it stays.
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

func (l *lifter) claude(family bedrock.Family) {
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
	case t.Mode == model.ThinkingEnabled && family.BudgetThinking != bedrock.No && t.Budget >= 1024 && (limit == 0 || t.Budget < limit):
	case t.Mode == model.ThinkingAdaptive && family.AdaptiveThinking != bedrock.No && t.Budget == 0:
	case t.Mode == model.ThinkingDisabled && family.BudgetThinking != bedrock.No && t.Budget == 0:
	default:
		l.given["thinking"] = kept
		return
	}
	l.req.Thinking = t
	var output struct {
		Effort string `json:"effort"`
	}
	if t.Mode != model.ThinkingDisabled && family.EffortThinking != bedrock.No && l.take("output_config", &output) {
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
		l.req.Thinking = &model.ThinkingConfig{Effort: effort}
	}
}

func (l *lifter) topK(family bedrock.Family) {
	if family.Thinking == bedrock.ThinkingClaude {
		t := l.req.Thinking
		if _, own := l.given["thinking"]; own || t != nil && t.Mode != model.ThinkingDisabled {
			return // the bedrock package would not send it
		}
	}
	switch family.TopK {
	case bedrock.TopKPlain:
		l.positive("top_k")
	case bedrock.TopKShort:
		l.positive("k")
	case bedrock.TopKNested:
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

// parallel reads Anthropic's own tool choice, which Converse has no other
// place for.
func (l *lifter) parallel(family bedrock.Family) {
	if family.ParallelSwitch != bedrock.Yes || len(l.req.Tools) == 0 {
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

// sameJSON compares two values; a and b are known to be JSON.
func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	ca, _ := json.Marshal(x) // sorts keys
	cb, _ := json.Marshal(y)
	return string(ca) == string(cb)
}
