package bedrock_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapOutput checks structured output.
func TestMapOutput(t *testing.T) { checkMappings(t, mapOutput()) }

func mapOutput() []mapping {
	format := func(schema string) model.Request {
		return model.Request{Output: &model.OutputFormat{Name: "n", Description: "d", Schema: json.RawMessage(schema)}}
	}
	wire := func(schema string) string {
		quoted, _ := json.Marshal(schema)
		return `{"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"n","description":"d","schema":` + string(quoted) + `}}}}}`
	}
	return []mapping{
		{
			name: "objects are closed at every depth", why: "ChatBedrockConverse misses objects that may be null, and those without a type", model: claude45,
			req:   format(`{"type":"object","properties":{"a":{"type":["object","null"],"properties":{}},"b":{"type":"array","items":{"properties":{"x":{"type":"string"}}}}},"$defs":{"d":{"type":"object"}}}`),
			want:  wire(`{"type":"object","properties":{"a":{"type":["object","null"],"properties":{},"additionalProperties":false},"b":{"type":"array","items":{"properties":{"x":{"type":"string"}},"additionalProperties":false}}},"$defs":{"d":{"type":"object","additionalProperties":false}},"additionalProperties":false}`),
			warns: []string{"changed output.schema"}, // d described nothing, and now allows nothing
		},
		{
			name: "a map has no closed form", model: claude45,
			req:   format(`{"type":"object","additionalProperties":{"type":"object"}}`),
			fails: model.ErrUnsupported, field: "output.schema",
		},
		{
			name: "bounds of a schema become words, digit by digit", model: claude45,
			req:   format(`{"type":"integer","maximum":9007199254740993,"multipleOf":2.50,"description":"日本<&>"}`),
			want:  wire(`{"type":"integer","description":"日本<&>. At most 9007199254740993. A multiple of 2.50."}`),
			warns: []string{"changed output.schema", "changed output.schema"},
		},
		{
			name: "no name, no description", model: gptOSS, req: model.Request{Output: &model.OutputFormat{Schema: json.RawMessage(`{"type":"string"}`)}},
			want: `{"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"string\"}"}}}}}`,
		},
		{name: "a schema that is none", model: claude45, req: format(`{"type":"object","properties":{"a":1}}`), fails: model.ErrInvalidRequest, field: "output.schema"},
		{name: "a schema that is no object", model: claude45, req: format(`true`), fails: model.ErrInvalidRequest, field: "output.schema"},
		{name: "a schema that is no JSON", model: claude45, req: format(`{`), fails: model.ErrInvalidRequest, field: "output.schema"},
		{name: "for Nova, which has none", model: nova1, req: format(`{}`), fails: model.ErrUnsupported, field: "output"},
		{name: "for a model not known", model: unknown, req: format(`{}`), want: wire(`{}`)},
		{
			name: "with an effort", model: claude45,
			req: with(format(`{}`), func(r *model.Request) {
				r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{OutputEffort: "high"}}
			}),
			want: `{"outputConfig":{"effort":"high","textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"n","description":"d","schema":"{}"}}}}}`,
		},
		{name: "an effort alone", model: claude45, req: extra(bedrock.ProviderOptions{OutputEffort: "high"}), want: `{"outputConfig":{"effort":"high"}}`},
	}
}

// otherOptions is the ProviderOptions of another provider.
type otherOptions struct{}

func (otherOptions) OptionsFor() string                  { return "other" }
func (otherOptions) CloneOptions() model.ProviderOptions { return otherOptions{} }

// TestMapSettings checks Bedrock's own settings.
func TestMapSettings(t *testing.T) { checkMappings(t, mapSettings()) }

func mapSettings() []mapping {
	fields := func(object string) bedrock.ProviderOptions {
		return bedrock.ProviderOptions{AdditionalFields: json.RawMessage(object)}
	}
	sampled := func(object string) model.Request {
		return with(extra(fields(object)), func(r *model.Request) { r.TopK = 5 })
	}
	g := bedrock.Guardrail{ID: "g1", Version: "DRAFT", Trace: "enabled_full", StreamMode: "async"}
	return []mapping{
		{name: "nothing", model: claude45, req: extra(bedrock.ProviderOptions{}), want: `{}`},
		{name: "a nil one", model: claude45, req: model.Request{ProviderOptions: []model.ProviderOptions{(*bedrock.ProviderOptions)(nil)}}, want: `{}`},
		{name: "another provider's", model: claude45, req: model.Request{ProviderOptions: []model.ProviderOptions{otherOptions{}, &bedrock.ProviderOptions{Latency: "optimized"}}}, want: `{"performanceConfig":{"latency":"optimized"}}`},
		{name: "guardrail", why: "streamProcessingMode is sent to ConverseStream only", model: claude45, req: extra(bedrock.ProviderOptions{Guardrail: &g}),
			want: `{"guardrailConfig":{"guardrailIdentifier":"g1","guardrailVersion":"DRAFT","trace":"enabled_full","streamProcessingMode":"async"}}`},
		{name: "guardrail with nothing else", model: claude45, req: extra(bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g1", Version: "1"}}), want: `{"guardrailConfig":{"guardrailIdentifier":"g1","guardrailVersion":"1"}}`},
		{name: "guardrail without version", model: claude45, req: extra(bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g1"}}), fails: model.ErrInvalidRequest, field: "provider_options.guardrail"},
		{name: "guardrail without id", model: claude45, req: extra(bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{Version: "1"}}), fails: model.ErrInvalidRequest, field: "provider_options.guardrail"},
		{name: "performance and tier", model: claude45, req: extra(bedrock.ProviderOptions{Latency: "standard", ServiceTier: "priority"}), want: `{"performanceConfig":{"latency":"standard"},"serviceTier":{"type":"priority"}}`},
		{name: "metadata keys stay as they are", why: "ChatBedrockConverse rewrites cost_center to costCenter", model: claude45, req: extra(bedrock.ProviderOptions{Metadata: map[string]string{"cost_center": "a", "B": ""}}), want: `{"requestMetadata":{"cost_center":"a","B":""}}`},
		{name: "prompt variables", model: claude45, req: extra(bedrock.ProviderOptions{PromptVariables: map[string]string{"a": "1", "b": ""}}), want: `{"promptVariables":{"a":{"text":"1"},"b":{"text":""}}}`},
		{name: "response field paths", model: claude45, req: extra(bedrock.ProviderOptions{ResponseFieldPaths: []string{"/stop_sequence", "/a/b"}}), want: `{"additionalModelResponseFieldPaths":["/stop_sequence","/a/b"]}`},
		{name: "additional fields", model: claude45, req: extra(fields(`{"inferenceConfig":{"topK":50},"custom_param":1,"a_b":{"cD":2.50}}`)), want: `{"additionalModelRequestFields":{"inferenceConfig":{"topK":50},"custom_param":1,"a_b":{"cD":2.50}}}`},
		{name: "additional fields and ours", model: claude37, req: sampled(` {"custom_param" : 1} `), want: `{"additionalModelRequestFields":{"top_k":5,"custom_param":1}}`},
		{name: "no additional fields but ours", model: claude37, req: sampled(` { } `), want: `{"additionalModelRequestFields":{"top_k":5}}`},
		{name: "additional fields win", model: claude37, req: sampled(`{"top_k":7}`), want: `{"additionalModelRequestFields":{"top_k":7}}`, warns: []string{"dropped top_k"}},
		{
			name: "some of the additional fields win", model: claude37,
			req: with(sampled(`{"tool_choice":{"type":"any"},"x":1}`), func(r *model.Request) {
				r.Tools, r.ToolChoice.Parallel = weather, new(false)
			}),
			want:  `{` + weatherOnly + `,"additionalModelRequestFields":{"top_k":5,"tool_choice":{"type":"any"},"x":1}}`,
			warns: []string{"dropped tool_choice"},
		},
		{
			name: "additional fields win by member, not below", model: nova2,
			req:   with(sampled(`{"inferenceConfig":{"other":1}}`), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{} }),
			want:  `{"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"},"inferenceConfig":{"other":1}}}`,
			warns: []string{"dropped top_k"},
		},
		{
			name: "thinking of the additional fields wins", model: claude5,
			req:   with(extra(fields(`{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}`)), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "high"} }),
			want:  `{"additionalModelRequestFields":{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}}`,
			warns: []string{"dropped thinking", "dropped thinking.effort"},
		},
		{name: "additional fields that are a list", model: claude45, req: extra(fields(`[1]`)), fails: model.ErrInvalidRequest, field: "provider_options.additional_fields"},
		{name: "additional fields that are null", model: claude45, req: extra(fields(`null`)), fails: model.ErrInvalidRequest, field: "provider_options.additional_fields"},
		{name: "additional fields that are no JSON", model: claude45, req: extra(fields(`{"a":}`)), fails: model.ErrInvalidRequest, field: "provider_options.additional_fields"},
		{name: "additional fields with more behind them", model: claude45, req: extra(fields(`{},"messages":[]`)), fails: model.ErrInvalidRequest, field: "provider_options.additional_fields"},
		{name: "several problems", why: "the first decides on the kind, all are told", model: llama,
			req: model.Request{Tools: []model.Tool{{Name: "a.b"}}, Thinking: &model.ThinkingConfig{}}, fails: model.ErrInvalidRequest, field: "thinking"},
	}
}
