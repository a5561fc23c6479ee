package bedrock_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestFamilyOf holds which ids belong to which family, and what sets the
// members of a family apart.
func TestFamilyOf(t *testing.T) {
	const (
		yes = bedrock.Yes
		no  = bedrock.No
		any = bedrock.Unknown
	)
	for _, row := range []struct {
		id       string
		name     string
		thinking bedrock.ThinkingStyle
		// tools, adaptive thinking, budget, effort, forced thinking
		tools, adaptive, budget, effort, forced bedrock.Support
		// sampling, both, an hour of cache, native output
		sampling, both, hour, output bedrock.Support
	}{
		{"anthropic.claude-v2:1", "claude", bedrock.ThinkingNever, yes, any, any, any, no, any, any, no, any},
		{"anthropic.claude-instant-v1", "claude", bedrock.ThinkingNever, yes, any, any, any, no, any, any, no, any},
		{"anthropic.claude-3-haiku-20240307-v1:0", "claude", bedrock.ThinkingNever, yes, any, any, any, no, any, any, no, any},
		{"us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, any, no, any},
		{"us.anthropic.claude-opus-4-20250514-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, any, no, any},
		{"us.anthropic.claude-sonnet-4-20250514-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, any, no, any},
		{"us.anthropic.claude-opus-4-1-20250805-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, no, no, any},
		{"eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, no, yes, yes},
		{"global.anthropic.claude-haiku-4-5-20251001-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, no, no, any, no, yes, yes},
		{"global.anthropic.claude-opus-4-5-20251101-v1:0", "claude", bedrock.ThinkingClaude, yes, no, any, yes, no, any, no, yes, yes},
		{"jp.anthropic.claude-sonnet-4-6", "claude", bedrock.ThinkingClaude, yes, yes, any, any, no, any, no, yes, yes},
		{"au.anthropic.claude-opus-4-6-v1", "claude", bedrock.ThinkingClaude, yes, yes, any, any, no, any, no, yes, yes},
		{"amer.anthropic.claude-opus-4-7", "claude", bedrock.ThinkingClaude, yes, yes, no, any, no, no, any, yes, yes},
		{"apac.anthropic.claude-opus-4-8", "claude", bedrock.ThinkingClaude, yes, yes, no, any, yes, no, any, yes, yes},
		{"us-gov.anthropic.claude-opus-5", "claude", bedrock.ThinkingClaude, yes, yes, no, any, yes, no, any, yes, yes},
		{"ca.anthropic.claude-sonnet-5", "claude", bedrock.ThinkingClaude, yes, yes, no, any, yes, no, any, yes, yes},
		{"sa.anthropic.claude-fable-5", "claude", bedrock.ThinkingClaude, yes, yes, no, any, yes, no, any, yes, yes},
		{"anthropic.claude-mythos-preview", "claude", bedrock.ThinkingClaude, yes, yes, no, any, no, any, any, yes, any},
		{"anthropic.claude-next-9", "claude", bedrock.ThinkingClaude, yes, any, any, any, no, any, any, yes, any},
		{"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-7", "claude", bedrock.ThinkingClaude, yes, yes, no, any, no, no, any, yes, yes},
		{"arn:aws-cn:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "nova", bedrock.ThinkingNever, yes, any, any, any, any, any, any, no, no},
		{"us.amazon.nova-2-lite-v1:0", "nova", bedrock.ThinkingNova, yes, any, any, any, any, any, any, no, no},
		{"amazon.titan-text-express-v1", "titan", bedrock.ThinkingNever, no, any, any, any, any, any, any, any, any},
		{"meta.llama2-13b-chat-v1", "llama", bedrock.ThinkingNever, no, any, any, any, any, any, any, any, any},
		{"meta.llama3-8b-instruct-v1:0", "llama", bedrock.ThinkingNever, no, any, any, any, any, any, any, any, any},
		{"us.meta.llama3-1-70b-instruct-v1:0", "llama", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"us.meta.llama3-2-1b-instruct-v1:0", "llama", bedrock.ThinkingNever, no, any, any, any, any, any, any, any, any},
		{"us.meta.llama3-2-3b-instruct-v1:0", "llama", bedrock.ThinkingNever, no, any, any, any, any, any, any, any, any},
		{"us.meta.llama3-2-11b-instruct-v1:0", "llama", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"us.meta.llama3-3-70b-instruct-v1:0", "llama", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"us.meta.llama4-scout-17b-instruct-v1:0", "llama", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"mistral.mistral-large-2407-v1:0", "mistral", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, yes},
		{"us.deepseek.r1-v1:0", "deepseek", bedrock.ThinkingAlways, no, any, any, any, any, any, any, any, any},
		{"deepseek.v3.2", "deepseek", bedrock.ThinkingEffort, any, any, any, any, no, any, any, any, any},
		{"openai.gpt-oss-20b-1:0", "gpt-oss", bedrock.ThinkingEffort, any, any, any, any, any, any, any, any, yes},
		{"us.openai.gpt-5.6-sol", "openai", bedrock.ThinkingEffort, any, any, any, any, any, no, any, any, yes},
		{"openai.o9", "openai", bedrock.ThinkingEffort, any, any, any, any, any, any, any, any, yes},
		{"qwen.qwen3-32b-v1:0", "qwen", bedrock.ThinkingQwen, any, any, any, any, any, any, any, any, yes},
		{"moonshot.kimi-k2-thinking", "kimi", bedrock.ThinkingEffort, any, any, any, any, any, any, any, any, any},
		{"moonshotai.kimi-k2.5", "kimi", bedrock.ThinkingEffort, any, any, any, any, any, any, any, any, any},
		{"cohere.command-r-v1:0", "cohere", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"ai21.jamba-1-5-mini-v1:0", "ai21", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"us.writer.palmyra-x4-v1:0", "writer", bedrock.ThinkingNever, any, any, any, any, any, any, any, any, any},
		{"acme.new-model-v1:0", "", bedrock.ThinkingUnknown, any, any, any, any, any, any, any, any, any},
		{"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", "", bedrock.ThinkingUnknown, any, any, any, any, any, any, any, any, any},
		{"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/claude", "", bedrock.ThinkingUnknown, any, any, any, any, any, any, any, any, any},
		{"xx.anthropic.claude-opus-4-7", "", bedrock.ThinkingUnknown, any, any, any, any, any, any, any, any, any},
		{"", "", bedrock.ThinkingUnknown, any, any, any, any, any, any, any, any, any},
	} {
		f := bedrock.FamilyOf(row.id)
		got := row
		got.name, got.thinking, got.tools, got.adaptive, got.budget, got.effort, got.forced = f.Name, f.Thinking, f.Tools, f.AdaptiveThinking, f.BudgetThinking, f.EffortThinking, f.ForcedThinking
		got.sampling, got.both, got.hour, got.output = f.Sampling, f.BothSampling, f.CacheHour, f.NativeOutput
		if got != row {
			t.Errorf("FamilyOf(%q) = %+v, want %+v", row.id, got, row)
		}
	}
}

// TestFamilyOption holds that a family given by the caller counts, whatever
// the id says.
func TestFamilyOption(t *testing.T) {
	f := bedrock.FamilyOf(nova1)
	f.CacheTools, f.TopK = bedrock.Yes, bedrock.TopKNone
	var body []byte
	m := newModel(t, claude45, roundTrip(func(r *http.Request) (*http.Response, error) {
		body = make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		return answer([]byte(`{"output":{"message":{"content":[]}}}`), "application/json"), nil
	}), &bedrock.Options{Family: &f})
	req := withWeather(hi...)
	req.Cache, req.TopK = &model.CacheConfig{}, 3
	resp, err := m.Generate(t.Context(), &req)
	if err != nil {
		t.Fatal(err)
	}
	want := jsonValue(t, []byte(`{`+messagesJSON(turn(0, textJSON("Hi"), point))+`,"toolConfig":{"tools":[`+weatherJSON+`,`+point+`]}}`))
	if diff := cmp.Diff(want, jsonValue(t, body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dropped top_k"}, short(resp.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestCapabilities holds what models say of themselves.
func TestCapabilities(t *testing.T) {
	for id, want := range map[string]model.Capabilities{
		claude45: {Tools: true, ForcedTools: true, ParallelTools: true, StructuredOutput: true, StopSequences: true, Thinking: true, SignedThinking: true, PromptCaching: true, Images: true, Documents: true, TokenCounting: true},
		claude5:  {Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true, StructuredOutput: true, StopSequences: true, Thinking: true, SignedThinking: true, PromptCaching: true, Images: true, Documents: true, TokenCounting: true},
		claude3:  {Tools: true, ForcedTools: true, ParallelTools: true, StopSequences: true, PromptCaching: true, Images: true, Documents: true, TokenCounting: true},
		nova1:    {Tools: true, ForcedTools: true, ForcedToolsThink: true, ParallelTools: true, StopSequences: true, PromptCaching: true, Images: true, Documents: true, Video: true},
		llama:    {Tools: true, ParallelTools: true, StopSequences: true, Images: true},
		titan:    {StopSequences: true},
		unknown:  {Tools: true, ParallelTools: true, StopSequences: true},
	} {
		if diff := cmp.Diff(want, newModel(t, id, roundTrip(nil), nil).Capabilities()); diff != "" {
			t.Errorf("capabilities of %s (-want +got):\n%s", id, diff)
		}
	}
}
