package plan_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// newer is a Claude that decides how much to think.
func newer(d facts.ThinkingDefault) *facts.Facts {
	return with(claude(), func(f *facts.Facts) {
		f.Thinking.Adaptive, f.Thinking.Budget, f.Thinking.Default = yes, no, d
		f.Thinking.Efforts = []string{"low", "medium", "high", "xhigh", "max"}
		f.Tools.ForcedThinking = yes
	})
}

func nova2() *facts.Facts {
	return &facts.Facts{Model: "Nova 2", Maker: "amazon", Thinking: facts.Thinking{Supported: yes, Style: facts.ThinkingStyleNova, Default: facts.ThinkingDefaultOff,
		Efforts: []string{"low", "medium", "high"}, EffortAsk: "medium", HighWithout: []string{"maxTokens", "temperature", "topP", "topK"}},
		Sampling: facts.Sampling{TopKField: "inferenceConfig.topK"}}
}

func effortful(style facts.ThinkingStyle, d facts.ThinkingDefault, none facts.Support) *facts.Facts {
	return &facts.Facts{Model: "GPT", Maker: "openai", Thinking: facts.Thinking{Supported: yes, Style: style, Default: d, None: none,
		Efforts: []string{"low", "medium", "high"}}}
}

func TestThinking(t *testing.T) {
	const hiTurn = `user["Hi"]`
	think := func(c model.ThinkingConfig) model.Request { return model.Request{Thinking: &c} }
	off := think(model.ThinkingConfig{Mode: model.ThinkingDisabled})
	effort := func(word string) model.Request { return think(model.ThinkingConfig{Effort: word}) }
	budget := func(n int) model.Request { return think(model.ThinkingConfig{Budget: n}) }
	options := func(r model.Request, set func(*model.Request)) model.Request { set(&r); return r }
	own := func(fields string) plan.Input {
		return plan.Input{Settings: plan.Settings{AdditionalFields: json.RawMessage(fields)}}
	}
	check(t, []row{
		{name: "a budget", req: budget(2000), want: hiTurn + ` think(enabled 2000)`},
		{name: "the least budget, unasked", req: think(model.ThinkingConfig{}), want: hiTurn + ` think(enabled 1024)`},
		{name: "too small a budget", req: budget(1023), says: []string{"refused invalid request thinking.budget"}},
		{name: "adaptive where there is none", req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), want: hiTurn + ` think(enabled 1024)`, says: []string{"changed thinking.mode"}},
		{name: "an effort where there is a budget alone", req: effort("high"), want: hiTurn + ` think(enabled 1024)`, says: []string{"dropped thinking.effort"}},
		{name: "a budget where the model decides", facts: newer(facts.ThinkingDefaultOn), req: budget(2000), want: hiTurn + ` think(adaptive)`, says: []string{"dropped thinking.budget"}},
		{name: "an effort", facts: newer(facts.ThinkingDefaultOn), req: effort("xhigh"), want: hiTurn + ` think(adaptive xhigh)`},
		{name: "an effort of another scale", facts: newer(facts.ThinkingDefaultOn), req: effort("minimal"), want: hiTurn + ` think(adaptive low)`, says: []string{"changed thinking.effort"}},
		{name: "a word that is none", facts: newer(facts.ThinkingDefaultOn), req: effort("bogus"), says: []string{"refused invalid request thinking.effort"}},
		{name: "a word that is none, for a model not known", facts: &facts.Facts{Thinking: facts.Thinking{Style: facts.ThinkingStyleEffort}}, req: effort("bogus"), says: []string{"refused invalid request thinking.effort"}},
		{name: "the caller's thinking wins", req: budget(2000), in: own(`{"thinking":{"type":"enabled","budget_tokens":5000}}`), want: hiTurn, says: []string{"dropped thinking"}},
		{
			name: "the caller's thinking decides", in: own(`{"thinking":{"type":"enabled","budget_tokens":5000}}`),
			req: model.Request{Tools: []model.Tool{okTool}, ToolChoice: model.UseTool("ok"), Temperature: new(0.5)}, want: hiTurn + ` tool(ok) choice=auto`,
			says: []string{"changed tool_choice", "dropped temperature"},
		},
		{name: "the caller's effort wins", facts: newer(facts.ThinkingDefaultOn), req: effort("low"), in: own(`{"output_config":{"effort":"max"}}`), want: hiTurn + ` think(adaptive)`, says: []string{"dropped thinking.effort"}},

		{name: "off", req: off, want: hiTurn + ` think(disabled)`},
		{name: "off, by default on", facts: with(newer(facts.ThinkingDefaultOn), func(f *facts.Facts) { f.Thinking.Disabled = yes }), req: off, want: hiTurn + ` think(disabled)`},
		{name: "off where a sibling does not think unasked", facts: with(newer(facts.ThinkingDefaultOff), func(f *facts.Facts) { f.Thinking.Disabled, f.Sibling = no, "a.b" }), req: off, want: hiTurn, says: []string{"changed model", "dropped thinking"}},
		{name: "off where a sibling cannot think", facts: with(newer(facts.ThinkingDefaultOff), func(f *facts.Facts) { f.Thinking.Supported, f.Sibling = no, "a.b" }), req: off, want: hiTurn, says: []string{"changed model", "dropped thinking"}},
		{name: "off where it is so and has no word", facts: with(newer(facts.ThinkingDefaultOff), func(f *facts.Facts) { f.Thinking.Disabled = no }), req: off, want: hiTurn, says: []string{"dropped thinking"}},
		{name: "off, the same over InvokeModel", format: plan.Anthropic(4096), facts: with(newer(facts.ThinkingDefaultOff), func(f *facts.Facts) { f.Thinking.Disabled = no }), req: off, want: hiTurn + ` max=4096`, says: []string{"dropped thinking"}},
		{name: "off where only less is had", facts: with(newer(facts.ThinkingDefaultOn), func(f *facts.Facts) { f.Thinking.Disabled, f.Thinking.BetweenTools = no, yes }), req: off, want: hiTurn + ` think(between_tools)`, says: []string{"changed thinking"}},
		{name: "off where it cannot be", facts: with(newer(facts.ThinkingDefaultAlways), func(f *facts.Facts) { f.Thinking.Disabled = no }), req: off, want: hiTurn, says: []string{"dropped thinking"}},
		{
			name: "off beside too high an effort", facts: with(newer(facts.ThinkingDefaultOn), func(f *facts.Facts) { f.Thinking.Disabled, f.Thinking.DisabledEffortMax = yes, "high" }),
			req: off, in: plan.Input{Settings: plan.Settings{OutputEffort: "max"}}, want: hiTurn + ` think(disabled) effort=high`, says: []string{"changed provider_options.output_effort"},
		},
		{name: "off for a model that does not think", facts: &facts.Facts{Thinking: facts.Thinking{Supported: no}}, req: off, want: hiTurn},
		{name: "off for a model not known", facts: noFacts(), req: off, want: hiTurn, says: []string{"dropped thinking"}},
		{name: "asked of a model that does not think", facts: &facts.Facts{Thinking: facts.Thinking{Supported: no}}, req: effort("low"), says: []string{"refused unsupported thinking"}},
		{name: "asked of a model not known", facts: noFacts(), req: effort("low"), says: []string{"refused unsupported thinking"}},

		{name: "Nova", facts: nova2(), req: think(model.ThinkingConfig{}), want: hiTurn + ` think(enabled medium)`},
		{name: "Nova off", facts: nova2(), req: off, want: hiTurn + ` think(disabled)`},
		{name: "Nova has no xhigh", facts: nova2(), req: effort("xhigh"), want: hiTurn + ` think(enabled high)`, says: []string{"changed thinking.effort"}},
		{
			name: "Nova's high effort excludes limits", facts: nova2(),
			req: options(effort("high"), func(r *model.Request) { r.MaxTokens, r.Temperature, r.TopP, r.TopK = 9, new(0.5), new(0.5), 3 }), want: hiTurn + ` think(enabled high)`,
			says: []string{"dropped temperature", "dropped top_p", "dropped top_k", "dropped max_tokens"},
		},
		{
			name: "and the caller's own", facts: nova2(), in: own(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}`),
			req: model.Request{MaxTokens: 9}, want: hiTurn, says: []string{"dropped max_tokens"},
		},
		{name: "a budget for Nova", facts: nova2(), req: budget(2000), want: hiTurn + ` think(enabled medium)`, says: []string{"dropped thinking.budget"}},

		{name: "nested", facts: effortful(facts.ThinkingStyleNested, facts.ThinkingDefaultOn, yes), req: effort("high"), want: hiTurn + ` think(high)`},
		{name: "nested none", facts: effortful(facts.ThinkingStyleNested, facts.ThinkingDefaultOn, yes), req: off, want: hiTurn + ` think(none)`},
		{name: "none by its name", facts: effortful(facts.ThinkingStyleNested, facts.ThinkingDefaultOn, yes), req: effort("none"), want: hiTurn + ` think(none)`},
		{name: "none where there is none", facts: effortful(facts.ThinkingStyleNested, facts.ThinkingDefaultAlways, no), req: effort("none"), want: hiTurn, says: []string{"dropped thinking"}},
		{name: "flat, always", facts: effortful(facts.ThinkingStyleEffort, facts.ThinkingDefaultAlways, no), req: off, want: hiTurn, says: []string{"dropped thinking"}},
		{name: "flat, off unasked", facts: effortful(facts.ThinkingStyleEffort, facts.ThinkingDefaultOff, no), req: off, want: hiTurn},
		{name: "flat, adaptive", facts: effortful(facts.ThinkingStyleEffort, facts.ThinkingDefaultOn, yes), req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), want: hiTurn, says: []string{"dropped thinking.mode"}},
		{name: "nested, adaptive with an effort", facts: effortful(facts.ThinkingStyleNested, facts.ThinkingDefaultOn, yes), req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "low"}), want: hiTurn + ` think(low)`, says: []string{"changed thinking.mode"}},
		{name: "Nova, adaptive", facts: nova2(), req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), want: hiTurn + ` think(enabled medium)`, says: []string{"changed thinking.mode"}},
		{name: "flat, on as by default", facts: effortful(facts.ThinkingStyleEffort, facts.ThinkingDefaultOn, yes), req: think(model.ThinkingConfig{Mode: model.ThinkingEnabled}), want: hiTurn},
		{name: "flat, on, and no effort is known for it", facts: effortful(facts.ThinkingStyleEffort, facts.ThinkingDefaultOff, yes), req: think(model.ThinkingConfig{Mode: model.ThinkingEnabled}), want: hiTurn, says: []string{"dropped thinking"}},
		{name: "adaptive, as it sees fit", facts: &facts.Facts{Thinking: facts.Thinking{Supported: yes, Style: facts.ThinkingStyleUnasked, Default: facts.ThinkingDefaultAlways}}, req: think(model.ThinkingConfig{Mode: model.ThinkingAdaptive}), want: hiTurn, says: []string{"dropped thinking"}},
		{name: "as it sees fit", facts: &facts.Facts{Thinking: facts.Thinking{Supported: yes, Style: facts.ThinkingStyleUnasked, Default: facts.ThinkingDefaultAlways}}, req: effort("low"), want: hiTurn, says: []string{"dropped thinking"}},

		{
			name: "a budget while another model's calls are answered",
			req:  options(called(call("c1"), result("c1", model.Text("x"))), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Budget: 2000} }),
			want: `user["hi"] assistant[call(c1 ok {"q":"x"})] user[result(c1 "x")] tool(ok)`, says: []string{"dropped thinking"},
		},
	})
}

// TestThinkingInWords checks the reasons in warnings. None may say that a model
// does not think unless this is known.
func TestThinkingInWords(t *testing.T) {
	req := &model.Request{Messages: hi, Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}
	for d, want := range map[facts.ThinkingDefault]string{
		facts.ThinkingDefaultOff:     "Claude cannot be told not to think, and thinks only when asked",
		facts.ThinkingDefaultOn:      "Claude cannot be kept from thinking",
		facts.ThinkingDefaultAlways:  "Claude always thinks",
		facts.ThinkingDefaultUnknown: "it is not known how Claude is told not to think",
	} {
		f := with(newer(d), func(f *facts.Facts) { f.Thinking.Disabled = no })
		p, err := plan.New(req, plan.Input{Facts: f, Format: plan.Converse()})
		if err != nil {
			t.Fatal(err)
		}
		if w := p.Warnings(); len(w) != 1 || w[0].Reason != want {
			t.Errorf("default %d: warnings %v, want %q", d, w, want)
		}
	}
}
