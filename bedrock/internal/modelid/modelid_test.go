package modelid_test

import (
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// TestModels checks what is read from the ids of models.
func TestModels(t *testing.T) {
	for _, row := range []struct {
		id, maker, line    string
		generation, minor  int
		size, date, suffix string
	}{
		{"ai21.jamba-1-5-large-v1:0", "ai21", "jamba-large", 1, 5, "", "", "-v1:0"},
		{"ai21.jamba-instruct-v1:0", "ai21", "jamba", 1, 0, "", "", "-v1:0"},
		{"amazon.nova-2-5-sonic-v1:0", "amazon", "nova-sonic", 2, 5, "", "", "-v1:0"},
		{"amazon.nova-2-lite-v1:0", "amazon", "nova-lite", 2, 0, "", "", "-v1:0"},
		{"amazon.nova-2-sonic-v1:0", "amazon", "nova-sonic", 2, 0, "", "", "-v1:0"},
		{"amazon.nova-lite-v1:0", "amazon", "nova-lite", 1, 0, "", "", "-v1:0"},
		{"amazon.nova-premier-v1:0", "amazon", "nova-premier", 1, 0, "", "", "-v1:0"},
		{"anthropic.claude-3-5-sonnet-20240620-v1:0", "anthropic", "claude-sonnet", 3, 5, "", "20240620", "-v1:0"},
		{"anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic", "claude-sonnet", 3, 5, "", "20241022", "-v2:0"},
		{"anthropic.claude-3-7-sonnet-20250219-v1:0", "anthropic", "claude-sonnet", 3, 7, "", "20250219", "-v1:0"},
		{"anthropic.claude-3-opus-20240229-v1:0", "anthropic", "claude-opus", 3, 0, "", "20240229", "-v1:0"},
		{"anthropic.claude-fable-5", "anthropic", "claude-fable", 5, 0, "", "", ""},
		{"anthropic.claude-fable-5-1", "anthropic", "claude-fable", 5, 1, "", "", ""},
		{"anthropic.claude-fable-5-2", "anthropic", "claude-fable", 5, 2, "", "", ""},
		{"anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic", "claude-haiku", 4, 5, "", "20251001", "-v1:0"},
		{"anthropic.claude-haiku-5-5", "anthropic", "claude-haiku", 5, 5, "", "", ""},
		{"anthropic.claude-mythos-5", "anthropic", "claude-mythos", 5, 0, "", "", ""},
		{"anthropic.claude-mythos-5-1", "anthropic", "claude-mythos", 5, 1, "", "", ""},
		{"anthropic.claude-mythos-preview", "anthropic", "claude-mythos", 0, 0, "", "", ""},
		{"anthropic.claude-opus-4-1-20250805-v1:0", "anthropic", "claude-opus", 4, 1, "", "20250805", "-v1:0"},
		{"anthropic.claude-opus-4-6-v1", "anthropic", "claude-opus", 4, 6, "", "", "-v1"},
		{"anthropic.claude-opus-4-7", "anthropic", "claude-opus", 4, 7, "", "", ""},
		{"anthropic.claude-opus-4-8", "anthropic", "claude-opus", 4, 8, "", "", ""},
		{"anthropic.claude-opus-5", "anthropic", "claude-opus", 5, 0, "", "", ""},
		{"anthropic.claude-opus-5-5", "anthropic", "claude-opus", 5, 5, "", "", ""},
		{"anthropic.claude-sonnet-4-20250514-v1:0", "anthropic", "claude-sonnet", 4, 0, "", "20250514", "-v1:0"},
		{"anthropic.claude-sonnet-4-6", "anthropic", "claude-sonnet", 4, 6, "", "", ""},
		{"anthropic.claude-sonnet-5", "anthropic", "claude-sonnet", 5, 0, "", "", ""},
		{"anthropic.claude-sonnet-5-5", "anthropic", "claude-sonnet", 5, 5, "", "", ""},
		{"cohere.command-r-v1:0", "cohere", "command-r", 1, 0, "", "", "-v1:0"},
		{"deepseek.r1-v1:0", "deepseek", "deepseek-r", 1, 0, "", "", "-v1:0"},
		{"deepseek.v3.1", "deepseek", "deepseek-v", 3, 1, "", "", ""},
		{"deepseek.v3.2", "deepseek", "deepseek-v", 3, 2, "", "", ""},
		{"google.gemma-3-12b-it", "google", "gemma", 3, 0, "12b", "", ""},
		{"google.gemma-3-27b-it", "google", "gemma", 3, 0, "27b", "", ""},
		{"google.gemma-4-31b", "google", "gemma", 4, 0, "31b", "", ""},
		{"meta.llama3-1-8b-instruct-v1:0", "meta", "llama", 3, 1, "8b", "", "-v1:0"},
		{"meta.llama3-2-11b-instruct-v1:0", "meta", "llama", 3, 2, "11b", "", "-v1:0"},
		{"meta.llama3-2-1b-instruct-v1:0", "meta", "llama", 3, 2, "1b", "", "-v1:0"},
		{"meta.llama3-2-3b-instruct-v1:0", "meta", "llama", 3, 2, "3b", "", "-v1:0"},
		{"meta.llama3-3-70b-instruct-v1:0", "meta", "llama", 3, 3, "70b", "", "-v1:0"},
		{"meta.llama3-70b-instruct-v1:0", "meta", "llama", 3, 0, "70b", "", "-v1:0"},
		{"meta.llama3-8b-instruct-v1:0", "meta", "llama", 3, 0, "8b", "", "-v1:0"},
		{"meta.llama4-maverick-17b-instruct-v1:0", "meta", "llama-maverick", 4, 0, "17b", "", "-v1:0"},
		{"minimax.minimax-m2", "minimax", "minimax-m", 2, 0, "", "", ""},
		{"minimax.minimax-m2.5", "minimax", "minimax-m", 2, 5, "", "", ""},
		{"mistral.devstral-2-123b", "mistral", "devstral", 2, 0, "123b", "", ""},
		{"mistral.magistral-small-2509", "mistral", "magistral-small", 0, 0, "", "2509", ""},
		{"mistral.ministral-3-14b-instruct", "mistral", "ministral", 3, 0, "14b", "", ""},
		{"mistral.mistral-7b-instruct-v0:2", "mistral", "mistral", 0, 2, "7b", "", "-v0:2"},
		{"mistral.mistral-large-2402-v1:0", "mistral", "mistral-large", 1, 0, "", "2402", "-v1:0"},
		{"mistral.mistral-large-2407-v1:0", "mistral", "mistral-large", 1, 0, "", "2407", "-v1:0"},
		{"mistral.mistral-large-3-675b-instruct", "mistral", "mistral-large", 3, 0, "675b", "", ""},
		{"mistral.pixtral-large-2502-v1:0", "mistral", "pixtral-large", 1, 0, "", "2502", "-v1:0"},
		{"mistral.voxtral-mini-3b-2507", "mistral", "voxtral-mini", 0, 0, "3b", "2507", ""},
		{"moonshot.kimi-k2-thinking", "moonshotai", "kimi-k-thinking", 2, 0, "", "", ""},
		{"moonshotai.kimi-k3", "moonshotai", "kimi-k", 3, 0, "", "", ""},
		{"nvidia.nemotron-nano-12b-v2", "nvidia", "nemotron-nano", 2, 0, "12b", "", "-v2"},
		{"nvidia.nemotron-nano-3-30b", "nvidia", "nemotron-nano", 3, 0, "30b", "", ""},
		{"nvidia.nemotron-nano-9b-v2", "nvidia", "nemotron-nano", 2, 0, "9b", "", "-v2"},
		{"openai.gpt-5.4", "openai", "gpt", 5, 4, "", "", ""},
		{"openai.gpt-5.5", "openai", "gpt", 5, 5, "", "", ""},
		{"openai.gpt-5.6-luna", "openai", "gpt-luna", 5, 6, "", "", ""},
		{"openai.gpt-5.6-sol", "openai", "gpt-sol", 5, 6, "", "", ""},
		{"openai.gpt-5.6-terra", "openai", "gpt-terra", 5, 6, "", "", ""},
		{"openai.gpt-6-astra", "openai", "gpt-astra", 6, 0, "", "", ""},
		{"openai.gpt-6-luna", "openai", "gpt-luna", 6, 0, "", "", ""},
		{"openai.gpt-6-sol", "openai", "gpt-sol", 6, 0, "", "", ""},
		{"openai.gpt-6.1-sol", "openai", "gpt-sol", 6, 1, "", "", ""},
		{"openai.gpt-6.1-terra", "openai", "gpt-terra", 6, 1, "", "", ""},
		{"openai.gpt-oss-120b", "openai", "gpt-oss", 0, 0, "120b", "", ""},
		{"openai.gpt-oss-120b-1:0", "openai", "gpt-oss", 1, 0, "120b", "", "-1:0"},
		{"openai.gpt-oss-safeguard-20b", "openai", "gpt-oss-safeguard", 0, 0, "20b", "", ""},
		{"qwen.qwen3-235b-a22b-2507", "qwen", "qwen", 3, 0, "235b-a22b", "2507", ""},
		{"qwen.qwen3-235b-a22b-2507-v1:0", "qwen", "qwen", 3, 0, "235b-a22b", "2507", "-v1:0"},
		{"qwen.qwen3-32b-v1:0", "qwen", "qwen", 3, 0, "32b", "", "-v1:0"},
		{"qwen.qwen3-coder-30b-a3b-v1:0", "qwen", "qwen-coder", 3, 0, "30b-a3b", "", "-v1:0"},
		{"qwen.qwen3-coder-next", "qwen", "qwen-coder-next", 3, 0, "", "", ""},
		{"qwen.qwen3-next-80b-a3b", "qwen", "qwen-next", 3, 0, "80b-a3b", "", ""},
		{"writer.palmyra-vision-7b", "writer", "palmyra-vision", 0, 0, "7b", "", ""},
		{"writer.palmyra-x5-v1:0", "writer", "palmyra-x", 5, 0, "", "", "-v1:0"},
		{"xai.grok-4.6", "xai", "grok", 4, 6, "", "", ""},
		{"xai.grok-4.7", "xai", "grok", 4, 7, "", "", ""},
		{"zai.glm-4.6", "zai", "glm", 4, 6, "", "", ""},
		{"zai.glm-4.7-flash", "zai", "glm-flash", 4, 7, "", "", ""},
		{"zai.glm-5", "zai", "glm", 5, 0, "", "", ""},

		// The older models, and those of tests.
		{"anthropic.claude-v2:1", "anthropic", "claude", 2, 1, "", "", "-v2:1"},
		{"anthropic.claude-v2", "anthropic", "claude", 2, 0, "", "", "-v2"},
		{"anthropic.claude-instant-v1", "anthropic", "claude-instant", 1, 0, "", "", "-v1"},
		{"anthropic.claude-3-haiku-20240307-v1:0", "anthropic", "claude-haiku", 3, 0, "", "20240307", "-v1:0"},
		{"anthropic.claude-3-5-haiku-20241022-v1:0", "anthropic", "claude-haiku", 3, 5, "", "20241022", "-v1:0"},
		{"anthropic.claude-opus-4-20250514-v1:0", "anthropic", "claude-opus", 4, 0, "", "20250514", "-v1:0"},
		{"anthropic.claude-opus-4-5-20251101-v1:0", "anthropic", "claude-opus", 4, 5, "", "20251101", "-v1:0"},
		{"anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic", "claude-sonnet", 4, 5, "", "20250929", "-v1:0"},
		{"anthropic.claude-next-9", "anthropic", "claude-next", 9, 0, "", "", ""},
		{"amazon.nova-micro-v1:0", "amazon", "nova-micro", 1, 0, "", "", "-v1:0"},
		{"amazon.titan-text-express-v1", "amazon", "titan-text-express", 1, 0, "", "", "-v1"},
		{"amazon.titan-text-premier-v1:0", "amazon", "titan-text-premier", 1, 0, "", "", "-v1:0"},
		{"meta.llama2-13b-chat-v1", "meta", "llama", 2, 0, "13b", "", "-v1"},
		{"meta.llama3-2-90b-instruct-v1:0", "meta", "llama", 3, 2, "90b", "", "-v1:0"},
		{"mistral.mixtral-8x7b-instruct-v0:1", "mistral", "mixtral", 0, 1, "8x7b", "", "-v0:1"},
		{"mistral.mistral-small-2402-v1:0", "mistral", "mistral-small", 1, 0, "", "2402", "-v1:0"},
		{"deepseek.v3-v1:0", "deepseek", "deepseek-v", 3, 0, "", "", "-v1:0"},
		{"openai.gpt-oss-20b-1:0", "openai", "gpt-oss", 1, 0, "20b", "", "-1:0"},
		{"openai.o9", "openai", "openai-o", 9, 0, "", "", ""},
		{"moonshotai.kimi-k2.5", "moonshotai", "kimi-k", 2, 5, "", "", ""},
		{"nvidia.nemotron-super-3-120b", "nvidia", "nemotron-super", 3, 0, "120b", "", ""},
		{"cohere.command-r-plus-v1:0", "cohere", "command-r-plus", 1, 0, "", "", "-v1:0"},
		{"cohere.command-text-v14", "cohere", "command-text", 14, 0, "", "", "-v14"},
		{"qwen.qwen3-vl-235b-a22b", "qwen", "qwen-vl", 3, 0, "235b-a22b", "", ""},
		{"mistral.mistral-large-4-1t-instruct", "mistral", "mistral-large", 4, 0, "1t", "", ""},
		{"acme.new-model-v1:0", "acme", "new-model", 1, 0, "", "", "-v1:0"},
	} {
		got := modelid.Parse(row.id)
		want := got
		want.Kind, want.Base, want.Geography, want.Variant = modelid.Model, row.id, "", ""
		want.Maker, want.Line, want.Generation, want.Minor = row.maker, row.line, row.generation, row.minor
		want.Size, want.Date, want.Suffix = row.size, row.date, row.suffix
		if got != want {
			t.Errorf("Parse(%q) =\n%+v, want\n%+v", row.id, got, want)
		}
	}
}

// TestAround checks what is read from the text around a model's id.
func TestAround(t *testing.T) {
	const region, account = "us-east-1", "123456789012"
	arn := "arn:aws:bedrock:" + region + ":" + account + ":"
	for _, row := range []struct {
		id                       string
		kind                     modelid.Kind
		geography, base, variant string
	}{
		{"us.anthropic.claude-sonnet-5", modelid.Profile, "us", "anthropic.claude-sonnet-5", ""},
		{"us-gov.anthropic.claude-sonnet-5", modelid.Profile, "us-gov", "anthropic.claude-sonnet-5", ""},
		{"in.anthropic.claude-haiku-4-5-20251001-v1:0", modelid.Profile, "in", "anthropic.claude-haiku-4-5-20251001-v1:0", ""},
		{"global.openai.gpt-6.1-sol", modelid.Profile, "global", "openai.gpt-6.1-sol", ""},
		{"apac.deepseek.v3.2", modelid.Profile, "apac", "deepseek.v3.2", ""},
		{"mx.zai.glm-4.7-flash", modelid.Profile, "mx", "zai.glm-4.7-flash", ""},
		{"nordics.anthropic.claude-opus-6", modelid.Profile, "nordics", "anthropic.claude-opus-6", ""},
		{"jp.acme.thinker-1", modelid.Profile, "jp", "acme.thinker-1", ""},
		{"deepseek.v3.2", modelid.Model, "", "deepseek.v3.2", ""},
		{"acme.v3.2", modelid.Model, "", "acme.v3.2", ""},
		{"acme.thinker-1.5", modelid.Model, "", "acme.thinker-1.5", ""},
		{"amazon.nova-lite-v1:0:24k", modelid.Model, "", "amazon.nova-lite-v1:0", "24k"},
		{"us.amazon.nova-lite-v1:0:300k", modelid.Profile, "us", "amazon.nova-lite-v1:0", "300k"},
		{"anthropic.claude-opus-5:24k", modelid.Model, "", "anthropic.claude-opus-5", "24k"},
		{"arn:aws:bedrock:us-east-1::foundation-model/deepseek.v3.2", modelid.Model, "", "deepseek.v3.2", ""},
		{"arn:aws-cn:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", modelid.Model, "", "amazon.nova-pro-v1:0", ""},
		{arn + "inference-profile/eu.anthropic.claude-opus-4-7", modelid.Profile, "eu", "anthropic.claude-opus-4-7", ""},
		{arn + "application-inference-profile/mi1dadi0g15f", modelid.AppProfile, "", "", ""},
		{arn + "prompt/PROMPT12:3", modelid.Prompt, "", "", ""},
		{arn + "default-prompt-router/anthropic.claude:1", modelid.DefaultRouter, "", "", ""},
		{arn + "prompt-router/r", modelid.Router, "", "", ""},
		{arn + "provisioned-model/claude", modelid.Provisioned, "", "", ""},
		{arn + "custom-model/cohere.command-r-v1:0/My", modelid.Custom, "", "cohere.command-r-v1:0", ""},
		{arn + "custom-model/amazon.nova-lite-v1:0:300k/abc", modelid.Custom, "", "amazon.nova-lite-v1:0", "300k"},
		{arn + "custom-model/imported.x", modelid.Custom, "", "", ""},
		{arn + "custom-model-deployment/abc", modelid.CustomDeployment, "", "", ""},
		{arn + "imported-model/abc", modelid.Imported, "", "", ""},
		{"arn:aws:sagemaker:us-east-1:123456789012:endpoint/e", modelid.Endpoint, "", "", ""},
		{"arn:aws:s3:::bucket/x", modelid.Unknown, "", "arn:aws:s3:::bucket/x", ""},
		{"arn:", modelid.Unknown, "", "arn:", ""},
		{"mi1dadi0g15f", modelid.Unknown, "", "mi1dadi0g15f", ""},
		{"", modelid.Unknown, "", "", ""},
		{".", modelid.Unknown, "", ".", ""},
		{"us..x", modelid.Model, "", "us..x", ""},
	} {
		got := modelid.Parse(row.id)
		if got.Kind != row.kind || got.Geography != row.geography || got.Base != row.base || got.Variant != row.variant {
			t.Errorf("Parse(%q) = %+v, want %+v", row.id, got, row)
		}
	}
	got := modelid.Parse(arn + "custom-model/cohere.command-r-v1:0/My")
	if got.Region != region || got.Account != account || got.Resource != "cohere.command-r-v1:0/My" || got.Line != "command-r" {
		t.Errorf("custom model: %+v", got)
	}
}

// TestCompare checks the order of models within a line.
func TestCompare(t *testing.T) {
	for _, line := range [][]string{
		{"anthropic.claude-3-opus-20240229-v1:0", "anthropic.claude-opus-4-20250514-v1:0", "anthropic.claude-opus-4-1-20250805-v1:0",
			"anthropic.claude-opus-4-5-20251101-v1:0", "anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-8", "anthropic.claude-opus-5",
			"anthropic.claude-opus-5-5", "anthropic.claude-opus-5-10"},
		{"anthropic.claude-3-5-sonnet-20240620-v1:0", "anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-7-sonnet-20250219-v1:0"},
		{"anthropic.claude-mythos-preview", "anthropic.claude-mythos-5", "anthropic.claude-mythos-5-1"},
		{"amazon.nova-lite-v1:0", "amazon.nova-2-lite-v1:0"},
		{"mistral.mistral-large-2402-v1:0", "mistral.mistral-large-2407-v1:0", "mistral.mistral-large-3-675b-instruct"},
		{"openai.gpt-5.6-sol", "openai.gpt-6-sol", "openai.gpt-6.1-sol"},
		{"moonshotai.kimi-k2.5", "moonshotai.kimi-k3"},
	} {
		if !slices.IsSortedFunc(line, func(a, b string) int { return modelid.Parse(a).Compare(modelid.Parse(b)) }) {
			t.Errorf("not in order: %q", line)
		}
		for i, a := range line {
			for j, b := range line {
				ra, rb := modelid.Parse(a), modelid.Parse(b)
				if ra.Line != rb.Line || (ra.Compare(rb) == 0) != (i == j) || ra.Compare(rb) != -rb.Compare(ra) {
					t.Errorf("%s and %s: lines %q and %q, order %d", a, b, ra.Line, rb.Line, ra.Compare(rb))
				}
			}
		}
	}
}

// FuzzParse reads arbitrary ids. Each must be read, and the base id must give
// the same model.
func FuzzParse(f *testing.F) {
	for _, id := range []string{
		"us.anthropic.claude-3-5-sonnet-20240620-v1:0", "arn:aws:bedrock:us-east-1:1:custom-model/a.b-v1:0/My", "amazon.nova-lite-v1:0:24k",
		"deepseek.v3-v1:0", "a.-v1", "a.:1:x", "a.b::", "us.a.b.c", "openai.gpt-5.6-sol", "-.-", "a.-1:0",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		r := modelid.Parse(id)
		if r.Base == "" && id != "" && r.Resource == "" && r.Kind == modelid.Model {
			t.Errorf("Parse(%q) has no base: %+v", id, r)
		}
		if r.Kind != modelid.Model && r.Kind != modelid.Profile {
			return
		}
		again := modelid.Parse(r.Base)
		again.Kind, again.Geography, again.Region, again.Account, again.Resource, again.Variant = r.Kind, r.Geography, r.Region, r.Account, r.Resource, r.Variant
		if again != r {
			t.Errorf("Parse(%q) =\n%+v, and of its base\n%+v", id, r, again)
		}
	})
}
