package bedrock_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapThinking checks Request.Thinking for every family.
func TestMapThinking(t *testing.T) { checkMappings(t, mapThinking()) }

func mapThinking() []mapping {
	think := func(c model.ThinkingConfig) model.Request { return model.Request{Thinking: &c} }
	const (
		enabled  = model.ThinkingEnabled
		adaptive = model.ThinkingAdaptive
		disabled = model.ThinkingDisabled
	)
	fields := func(object string) string { return `{"additionalModelRequestFields":` + object + `}` }
	budget := []string{"dropped thinking.budget"}
	return []mapping{
		// Claude that thinks by budget.
		{name: "claude 4.5 default", model: claude45, req: think(model.ThinkingConfig{}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`)},
		{name: "claude 4.5 enabled", model: claude45, req: think(model.ThinkingConfig{Mode: enabled}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`)},
		{name: "claude 4.5 budget", model: claude45, req: think(model.ThinkingConfig{Budget: 4000}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":4000}}`)},
		{name: "claude 4.5 disabled", model: claude45, req: think(model.ThinkingConfig{Mode: disabled}), want: fields(`{"thinking":{"type":"disabled"}}`)},
		{
			name: "claude 4.5 adaptive", why: "documented: models before 4.6 refuse it", model: claude45,
			req:  think(model.ThinkingConfig{Mode: adaptive}),
			want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`), warns: []string{"changed thinking.mode"},
		},
		{
			name: "claude 4.5 effort", why: "ChatBedrockConverse warns and sends nothing; it was asked to think, though", model: claude45,
			req:  think(model.ThinkingConfig{Effort: "high"}),
			want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`), warns: []string{"dropped thinking.effort"},
		},
		{name: "claude 4.5 opus effort and budget", model: "us.anthropic.claude-opus-4-5-20251101-v1:0", req: think(model.ThinkingConfig{Effort: "low", Budget: 2000}),
			want: fields(`{"thinking":{"type":"enabled","budget_tokens":2000},"output_config":{"effort":"low"}}`)},
		{name: "claude 3.7 default", model: claude37, req: think(model.ThinkingConfig{}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`)},
		{name: "the least budget", model: claude45, req: think(model.ThinkingConfig{Budget: 1024}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`)},
		{name: "less than that", model: claude45, req: think(model.ThinkingConfig{Budget: 1023}), fails: model.ErrInvalidRequest, field: "thinking.budget"},
		{
			name: "the default budget is more than max_tokens", model: claude45,
			req:   with(think(model.ThinkingConfig{}), func(r *model.Request) { r.MaxTokens = 1024 }),
			fails: model.ErrInvalidRequest, field: "thinking.budget",
		},
		{
			name: "max_tokens just above the budget", model: claude45,
			req:  with(think(model.ThinkingConfig{}), func(r *model.Request) { r.MaxTokens = 1025 }),
			want: `{"inferenceConfig":{"maxTokens":1025},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}}`,
		},
		{
			name: "max_tokens that is the budget", model: claude45,
			req:   with(think(model.ThinkingConfig{Budget: 2000}), func(r *model.Request) { r.MaxTokens = 2000 }),
			fails: model.ErrInvalidRequest, field: "thinking.budget",
		},

		// Claude that thinks either way.
		{name: "claude 4.6 default", model: claude46, req: think(model.ThinkingConfig{}), want: fields(`{"thinking":{"type":"adaptive"}}`)},
		{name: "claude 4.6 enabled", model: claude46, req: think(model.ThinkingConfig{Mode: enabled}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":1024}}`)},
		{name: "claude 4.6 budget", model: claude46, req: think(model.ThinkingConfig{Budget: 4000}), want: fields(`{"thinking":{"type":"enabled","budget_tokens":4000}}`)},
		{name: "claude 4.6 effort", model: claude46, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}`)},
		{name: "claude 4.6 adaptive with a budget", model: claude46, req: think(model.ThinkingConfig{Mode: adaptive, Budget: 4000}), want: fields(`{"thinking":{"type":"adaptive"}}`), warns: budget},

		// Claude that thinks as it likes.
		{name: "claude 5 default", model: claude5, req: think(model.ThinkingConfig{}), want: fields(`{"thinking":{"type":"adaptive"}}`)},
		{name: "claude 5 effort", model: claude5, req: think(model.ThinkingConfig{Effort: "max"}), want: fields(`{"thinking":{"type":"adaptive"},"output_config":{"effort":"max"}}`)},
		{name: "claude 5 adaptive", model: claude5, req: think(model.ThinkingConfig{Mode: adaptive, Effort: "high"}), want: fields(`{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}`)},
		{name: "claude 5 enabled", model: claude5, req: think(model.ThinkingConfig{Mode: enabled}), want: fields(`{"thinking":{"type":"adaptive"}}`)},
		{name: "claude 5 budget", why: "documented: it refuses one", model: claude5, req: think(model.ThinkingConfig{Budget: 4000}), want: fields(`{"thinking":{"type":"adaptive"}}`), warns: budget},
		{name: "claude 5 small budget", why: "it is not sent, so it need not be legal", model: claude5, req: think(model.ThinkingConfig{Budget: 1}), want: fields(`{"thinking":{"type":"adaptive"}}`), warns: budget},
		{name: "claude 5 disabled", why: "it thinks unless it is told not to", model: claude5, req: think(model.ThinkingConfig{Mode: disabled}), want: fields(`{"thinking":{"type":"disabled"}}`)},
		{name: "claude 4.7 budget", model: claude47, req: think(model.ThinkingConfig{Mode: enabled, Budget: 4000}), want: fields(`{"thinking":{"type":"adaptive"}}`), warns: budget},
		{name: "a claude not known yet, effort", model: "anthropic.claude-haiku-4-9", req: think(model.ThinkingConfig{Effort: "high"}), want: fields(`{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}`), warns: []string{"changed model"}},
		{name: "a claude not known yet, default", model: "anthropic.claude-haiku-4-9", why: "as the newest of its line", req: think(model.ThinkingConfig{}), want: fields(`{"thinking":{"type":"adaptive"}}`), warns: []string{"changed model"}},

		// Nova 2.
		{name: "nova 2 default", model: nova2, req: think(model.ThinkingConfig{}), want: fields(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}`)},
		{name: "nova 2 low", model: nova2, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}`)},
		{name: "nova 2 adaptive", model: nova2, why: "it takes an effort, and has none of its own choice", req: think(model.ThinkingConfig{Mode: adaptive}), want: fields(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}`), warns: []string{"changed thinking.mode"}},
		{name: "nova 2 disabled", model: nova2, req: think(model.ThinkingConfig{Mode: disabled}), want: fields(`{"reasoningConfig":{"type":"disabled"}}`)},
		{name: "nova 2 budget", model: nova2, req: think(model.ThinkingConfig{Budget: 4000, Effort: "high"}), want: fields(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}`), warns: budget},
		{name: "nova 2 xhigh", model: nova2, why: "a word of other models' scale becomes the nearest", req: think(model.ThinkingConfig{Effort: "xhigh"}), want: fields(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}`), warns: []string{"changed thinking.effort"}},
		{name: "nova 2, a word that is none", model: nova2, req: think(model.ThinkingConfig{Effort: "bogus"}), fails: model.ErrInvalidRequest, field: "thinking.effort"},

		// One word.
		{name: "gpt-oss default", why: "it thinks anyhow", model: gptOSS, req: think(model.ThinkingConfig{}), want: `{}`},
		{name: "gpt-oss effort", model: gptOSS, req: think(model.ThinkingConfig{Mode: enabled, Effort: "low"}), want: fields(`{"reasoning_effort":"low"}`)},
		{name: "gpt-oss, a word of another scale", model: gptOSS, req: think(model.ThinkingConfig{Effort: "xhigh"}), want: fields(`{"reasoning_effort":"high"}`), warns: []string{"changed thinking.effort"}},
		{name: "gpt-oss budget", model: gptOSS, req: think(model.ThinkingConfig{Budget: 4000}), want: `{}`, warns: budget},
		{name: "gpt-oss disabled", model: gptOSS, req: think(model.ThinkingConfig{Mode: disabled}), want: fields(`{"reasoning":{"effort":"none"}}`)},
		{name: "gpt-5 effort", model: gpt5, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"reasoning":{"effort":"low"}}`)},
		{name: "kimi effort", model: kimi, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"reasoning_effort":"low"}`)},
		{name: "deepseek v3 default", model: deepseekV3, req: think(model.ThinkingConfig{}), want: fields(`{"reasoning_effort":"high"}`)},
		{name: "deepseek v3 effort", model: deepseekV3, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"reasoning_effort":"low"}`)},
		{name: "deepseek v3 disabled", why: "without an effort it does not think", model: deepseekV3, req: think(model.ThinkingConfig{Mode: disabled}), want: `{}`},
		{name: "qwen default", model: qwen, req: think(model.ThinkingConfig{}), want: fields(`{"reasoning_config":"high"}`)},
		{name: "qwen effort", model: qwen, req: think(model.ThinkingConfig{Effort: "low"}), want: fields(`{"reasoning_config":"low"}`)},
		{name: "qwen disabled", model: qwen, req: think(model.ThinkingConfig{Mode: disabled}), want: `{}`},

		// Always, never, not known.
		{name: "deepseek r1 default", model: deepseekR1, req: think(model.ThinkingConfig{}), want: `{}`},
		{name: "deepseek r1 effort", model: deepseekR1, req: think(model.ThinkingConfig{Effort: "low"}), want: `{}`, warns: []string{"dropped thinking"}},
		{name: "deepseek r1 budget", model: deepseekR1, req: think(model.ThinkingConfig{Budget: 1}), want: `{}`, warns: []string{"dropped thinking"}},
		{name: "deepseek r1 disabled", model: deepseekR1, req: think(model.ThinkingConfig{Mode: disabled}), want: `{}`, warns: []string{"dropped thinking"}},
		{name: "claude 3", model: claude3, req: think(model.ThinkingConfig{}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "claude 3 disabled", model: claude3, req: think(model.ThinkingConfig{Mode: disabled}), want: `{}`},
		{name: "nova 1", model: nova1, req: think(model.ThinkingConfig{Effort: "low"}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "llama", why: "ChatBedrockConverse warns and goes on; an answer without the thinking asked for is another answer", model: llama, req: think(model.ThinkingConfig{Effort: "low"}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "mistral", model: mistral, req: think(model.ThinkingConfig{}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "cohere", model: cohere, req: think(model.ThinkingConfig{}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "a model not known", model: unknown, req: think(model.ThinkingConfig{Effort: "low"}), fails: model.ErrUnsupported, field: "thinking"},
		{name: "a model not known, disabled", model: unknown, req: think(model.ThinkingConfig{Mode: disabled}), want: `{}`, warns: []string{"dropped thinking"}},
	}
}

// TestMapSampling checks temperature, top_p, top_k and limits.
func TestMapSampling(t *testing.T) { checkMappings(t, mapSampling()) }

func mapSampling() []mapping {
	sample := func(temperature, topP float64, topK int) model.Request {
		return model.Request{Temperature: new(temperature), TopP: new(topP), TopK: topK}
	}
	thinking := func(r model.Request) model.Request {
		r.Thinking = &model.ThinkingConfig{Effort: "high"}
		return r
	}
	const claudeThinks = `"additionalModelRequestFields":{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}`
	return []mapping{
		{
			name: "all of it", model: claude37,
			req:  model.Request{MaxTokens: 7, Temperature: new(0.0), TopP: new(0.25), TopK: 3, StopSequences: []string{"a", "b"}},
			want: `{"inferenceConfig":{"maxTokens":7,"temperature":0,"topP":0.25,"stopSequences":["a","b"]},"additionalModelRequestFields":{"top_k":3}}`,
		},
		{
			name: "nothing of it", why: "ChatBedrockConverse sends an empty inferenceConfig; it says nothing", model: claude37,
			req: model.Request{StopSequences: []string{}}, want: `{}`,
		},
		{name: "temperature above one", why: "the service has its own limit per model", model: mistral, req: model.Request{Temperature: new(1.5)}, want: `{"inferenceConfig":{"temperature":1.5}}`},
		{name: "tiny temperature", model: claude45, req: model.Request{Temperature: new(1e-7)}, want: `{"inferenceConfig":{"temperature":1e-7}}`},
		{name: "a blank stop sequence", model: claude45, req: model.Request{StopSequences: []string{"x", " \n"}}, fails: model.ErrInvalidRequest, field: "stop_sequences[1]"},
		{name: "claude 4.5 takes one of two", model: claude45, req: sample(0.5, 0.9, 0), want: `{"inferenceConfig":{"temperature":0.5}}`, warns: []string{"dropped top_p"}},
		{name: "claude 4.6 temperature 0", model: claude46, req: model.Request{Temperature: new(0.0)}, want: `{"inferenceConfig":{"temperature":0}}`},
		{name: "claude 4.6 top_p alone", model: claude46, req: model.Request{TopP: new(0.9)}, want: `{"inferenceConfig":{"topP":0.9}}`},
		{name: "claude 4.8 takes none", model: "us.anthropic.claude-opus-4-8", req: sample(0, 0.9, 0), want: `{}`, warns: []string{"dropped temperature", "dropped top_p"}},
		{name: "claude 5 takes no top_k", model: claude5, req: model.Request{TopK: 5, MaxTokens: 9}, want: `{"inferenceConfig":{"maxTokens":9}}`, warns: []string{"dropped top_k"}},
		{name: "gpt 5 takes none", model: gpt5, req: sample(0, 0.9, 5), want: `{}`, warns: []string{"dropped temperature", "dropped top_p", "dropped top_k"}},
		{
			name: "claude thinking", why: "documented: temperature 1 only, top_p from 0.95, no top_k", model: claude46, req: thinking(sample(0.5, 0.9, 5)),
			want: `{` + claudeThinks + `}`, warns: []string{"dropped temperature", "dropped top_p", "dropped top_k"},
		},
		{name: "claude thinking, temperature 1", model: claude46, req: thinking(model.Request{Temperature: new(1.0)}), want: `{"inferenceConfig":{"temperature":1},` + claudeThinks + `}`},
		{name: "claude thinking, top_p 0.95", model: claude46, req: thinking(model.Request{TopP: new(0.95)}), want: `{"inferenceConfig":{"topP":0.95},` + claudeThinks + `}`},
		{
			name: "claude not thinking", model: claude37,
			req:  with(sample(0.5, 0.9, 5), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled} }),
			want: `{"inferenceConfig":{"temperature":0.5,"topP":0.9},"additionalModelRequestFields":{"thinking":{"type":"disabled"},"top_k":5}}`,
		},
		{
			name: "claude thinking by its own fields", model: claude46,
			req: with(sample(0.5, 0.96, 5), func(r *model.Request) {
				r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"thinking":{"type":"adaptive"}}`)}}
			}),
			want:  `{"inferenceConfig":{"topP":0.96},"additionalModelRequestFields":{"thinking":{"type":"adaptive"}}}`,
			warns: []string{"dropped temperature", "dropped top_k"},
		},
		{
			name: "claude kept from thinking by its own fields", why: "they win, and what follows from thinking does not", model: claude46,
			req: with(thinking(model.Request{Temperature: new(0.5)}), func(r *model.Request) {
				r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"thinking":{"type":"disabled"}}`)}}
			}),
			want:  `{"inferenceConfig":{"temperature":0.5},"additionalModelRequestFields":{"output_config":{"effort":"high"},"thinking":{"type":"disabled"}}}`,
			warns: []string{"dropped thinking"},
		},
		{
			name: "nova thinking hard", model: nova2,
			req:   with(thinking(sample(0.5, 0.9, 5)), func(r *model.Request) { r.MaxTokens = 9; r.StopSequences = []string{"x"} }),
			want:  `{"inferenceConfig":{"stopSequences":["x"]},"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}}`,
			warns: []string{"dropped temperature", "dropped top_p", "dropped top_k", "dropped max_tokens"},
		},
		{
			name: "nova thinking hard by its own fields", model: nova2,
			req:  with(extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}`)}), func(r *model.Request) { r.MaxTokens = 9 }),
			want: `{"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}}`, warns: []string{"dropped max_tokens"},
		},
		{
			name: "nova thinking a little", model: nova2,
			req:  with(sample(0.5, 0.9, 0), func(r *model.Request) { r.MaxTokens = 9; r.Thinking = &model.ThinkingConfig{Effort: "low"} }),
			want: `{"inferenceConfig":{"maxTokens":9,"temperature":0.5,"topP":0.9},"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}}`,
		},
		{
			name: "nova kept from thinking by its own fields", model: nova2,
			req: with(extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"reasoningConfig":{"type":"disabled"}}`)}), func(r *model.Request) {
				r.MaxTokens, r.Thinking = 9, &model.ThinkingConfig{Effort: "high"}
			}),
			want: `{"inferenceConfig":{"maxTokens":9},"additionalModelRequestFields":{"reasoningConfig":{"type":"disabled"}}}`, warns: []string{"dropped thinking"},
		},
		{name: "top_k nova", model: nova1, req: model.Request{TopK: 5}, want: `{"additionalModelRequestFields":{"inferenceConfig":{"topK":5}}}`},
		{name: "top_k cohere", model: cohere, req: model.Request{TopK: 5}, want: `{"additionalModelRequestFields":{"k":5}}`},
		{name: "top_k llama", model: llama, req: model.Request{TopK: 5}, want: `{}`, warns: []string{"dropped top_k"}},
		{name: "top_k titan", model: titan, req: model.Request{TopK: 5}, want: `{}`, warns: []string{"dropped top_k"}},
		{name: "top_k deepseek r1", model: deepseekR1, req: model.Request{TopK: 5}, want: `{}`, warns: []string{"dropped top_k"}},
		{name: "top_k mistral", model: mistral, req: model.Request{TopK: 5}, want: `{"additionalModelRequestFields":{"top_k":5}}`},
		{name: "top_k qwen", model: qwen, req: model.Request{TopK: 5}, want: `{"additionalModelRequestFields":{"top_k":5}}`},
		{name: "top_k of a model not known", model: unknown, req: model.Request{TopK: 5}, want: `{"additionalModelRequestFields":{"top_k":5}}`},
	}
}

// TestMapReplay checks which thinking of the history goes back to which family:
// (s)igned, signature (o)nly, (u)nsigned, (r)edacted.
func TestMapReplay(t *testing.T) { runMappings(t, mapReplay()) }

func mapReplay() (rows []mapping) {
	const past = `{"role":"user","content":[{"text":"Hi"}]}`
	forms := map[byte]struct {
		part model.Thinking
		wire string
	}{
		's': {model.Thinking{Text: "t", Signature: "sig"}, `{"reasoningContent":{"reasoningText":{"text":"t","signature":"sig"}}}`},
		'o': {model.Thinking{Signature: "sig"}, `{"reasoningContent":{"reasoningText":{"text":"","signature":"sig"}}}`},
		'u': {model.Thinking{Text: "t"}, `{"reasoningContent":{"reasoningText":{"text":"t"}}}`},
		'r': {model.Thinking{Redacted: []byte{0xff, 0}}, `{"reasoningContent":{"redactedContent":"/wA="}}`},
	}
	for _, row := range []struct{ model, replayed string }{
		{claude3, ""}, {claude37, "sor"}, {claude45, "sor"}, {claude46, "sor"}, {claude47, "sor"}, {claude5, "sor"},
		{nova1, ""}, {nova2, ""}, {llama, ""}, {mistral, ""}, {deepseekR1, ""}, {qwen, ""}, {kimi, ""},
		{cohere, ""}, {ai21, ""}, {writer, ""}, {titan, ""},
		{deepseekV3, "ur"}, {gptOSS, "ur"}, {gpt5, "r"}, {unknown, "sour"},
	} {
		for form, f := range forms {
			for _, provider := range []string{"", "bedrock", "other"} {
				for _, incomplete := range []bool{false, true} {
					part := f.part
					part.Provider, part.Incomplete = provider, incomplete
					m := mapping{
						name:  row.model + " " + string(form) + " " + provider,
						model: row.model, req: talk(hi[0], assistant(part, model.Text("a")), model.User("So")),
						want:  `{"messages":[` + past + `,{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"So"}]}]}`,
						warns: []string{"dropped messages[1].parts[0]"},
					}
					if incomplete {
						m.name += " incomplete"
					}
					if !incomplete && provider != "other" && contains(row.replayed, form) {
						m.want = `{"messages":[` + past + `,{"role":"assistant","content":[` + f.wire + `,{"text":"a"}]},{"role":"user","content":[{"text":"So"}]}]}`
						m.warns = nil
					}
					rows = append(rows, m)
				}
			}
		}
	}
	return append(rows, []mapping{
		{
			name: "an empty block", model: unknown, req: talk(hi[0], assistant(model.Thinking{}, model.Text("a")), model.User("So")),
			want:  `{"messages":[` + past + `,{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"dropped messages[1].parts[0]"},
		},
		{
			name: "thinking between calls keeps its place", model: claude5,
			req: withWeather(hi[0], assistant(model.Thinking{Text: "a", Signature: "1"}, model.Text("x"), model.Thinking{Text: "b", Signature: "2"}, call("c1")), user(result("c1", model.Text("y")))),
			want: `{"messages":[` + past + `,{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"a","signature":"1"}}},{"text":"x"},
				{"reasoningContent":{"reasoningText":{"text":"b","signature":"2"}}},{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[{"toolResult":{"toolUseId":"c1","status":"success","content":[{"text":"y"}]}}]}],` + weatherOnly + `}`,
		},
	}...)
}

func contains(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}
