package rules

// The sources of the facts about other makers.
const (
	docConverse = "AWS: features of Converse by model, 2025-12"
	profiles    = "profiles of clients, 2026-08"
)

func of(maker string, lines ...string) whom { return whom{maker: maker, lines: lines} }

func bare(m *Model)        { m.ProfileOnly = false } // in one region at least
func toolless(m *Model)    { m.NoTools = true }
func streamless(m *Model)  { m.NoStreamTools = true }
func noOutput(m *Model)    { m.NoOutput = true }
func atLeast16(m *Model)   { m.MinOutput = 16 }
func unnamed(m *Model)     { m.NoChoiceNamed = true }
func mantle(m *Model)      { m.NotServed = "mantle" }
func strictTurns(m *Model) { m.UserFirst, m.Alternate = true, true }
func unsampled(m *Model)   { m.NoTemperature, m.NoTopP = true, true }
func profiled(m *Model)    { m.ProfileOnly, m.Geographies = true, []string{"us", "global"} }
func encrypted(m *Model)   { m.NoTextReplay = true }
func levels(words ...string) func(*Model) {
	return func(m *Model) { m.Thinking.Efforts = words }
}

// foreign are the fields by which models of other makers are asked to think.
var foreign = []string{"thinking", "reasoning_effort", "reasoning_config", "reasoningConfig", "output_config"}

// otherLayers describe how the models of other makers differ.
var otherLayers = []layer{
	{about: "a cache from 1000 to 32,000 tokens, of system and messages without results; no native output; no document beside a result", source: docCaching + "; " + docCards,
		whom: of("amazon"), change: func(m *Model) {
			m.Context, m.MaxOutput = 300_000, 10_000
			m.UserFirst, m.WholeInput = true, true
			m.CacheMin, m.CacheMax, m.NoCacheResults = 1000, 32_000, true
			m.NoOutput, m.Format, m.TopK = true, FormatNova, "inferenceConfig.topK"
			m.Thinking.Field, m.Thinking.None = "reasoningConfig", true
		}},
	{about: "thinks when asked, at three efforts; high goes without a token limit and sampling", source: "UKGovernmentBEIS/inspect_ai#3848; " + clients,
		whom: whom{maker: "amazon", lines: []string{"nova-lite", "nova-pro", "nova-omni"}, from: [2]int{2, 0}}, change: func(m *Model) {
			m.Context, m.MaxOutput, m.Thinking.None = 1_000_000, 0, false
			m.Thinking.Efforts = effortsOf45
			m.Thinking.HighAlone = []string{"maxTokens", "temperature", "topP"}
			m.SystemToolType = true
		}},
	{about: "no tools, cache, system prompt or files", source: docConverse, whom: of("amazon", "titan-text-express", "titan-text-lite", "titan-text-premier"),
		change: func(m *Model) {
			*m = Model{ID: m.ID, Row: m.Row, Known: m.Known, NoTools: true, NoSystem: true, UserFirst: true, NoOutput: true,
				Media: MediaKnown | Documents, Format: FormatPrompt}
		}},
	{about: "speech; served by a bidirectional stream only", source: probes, whom: of("amazon", "nova-sonic"),
		change: func(m *Model) { m.NotServed = "InvokeModelWithBidirectionalStream" }},

	{about: "results stand alone; no forced tool; no tools in streams; no native output", source: docConverse + "; " + docCards + "; " + probes,
		whom: of("meta"), change: func(m *Model) {
			strictTurns(m)
			m.SeparateResults, m.NoChoiceAny, m.NoChoiceNamed, m.WholeInput = true, true, true, true
			m.NoStreamTools, m.NoOutput = true, true
			m.Format = FormatPrompt
			m.Media, m.ResultMedia = MediaKnown|Documents, MediaKnown|Documents
		}},
	{about: "no tools", source: docConverse, whom: of("meta").before(3, 1), change: toolless},
	{about: "needs a profile", source: probes, whom: of("meta").since(3, 1), change: profile},
	{about: "images, in results too", source: probes + "; " + clients, whom: of("meta", "llama-maverick", "llama-scout"), change: func(m *Model) {
		m.Media, m.ResultMedia = m.Media|Images, m.ResultMedia|Images
	}},

	{about: "results stand alone; no named tool; no image in a result; no video or audio", source: docConverse + "; " + clients,
		whom: of("mistral"), change: func(m *Model) {
			strictTurns(m)
			m.SeparateResults, m.NoChoiceNamed, m.WholeInput = true, true, true
			m.Media = MediaKnown | Images | Documents
			m.ResultMedia, m.Format = MediaKnown|Documents, FormatOpenAI
		}},
	{about: "no tools in streams", source: probes, whom: of("mistral", "mistral", "mixtral", "pixtral-large", "mistral-small"), change: streamless},
	{about: "no tools in streams", source: probes, whom: of("mistral", "mistral-large").before(3, 0), change: streamless},
	{about: "no tools, system prompt or native output; native bodies hold one prompt", source: docConverse + "; " + docCards, whom: of("mistral", "mistral", "mixtral"), change: func(m *Model) {
		m.NoTools, m.NoSystem, m.NoOutput, m.Format = true, true, true, FormatPrompt
	}},
	{about: "no native output", source: docCards, whom: of("mistral", "pixtral-large", "mistral-small"), change: noOutput},
	{about: "no native output", source: docCards, whom: of("mistral", "mistral-large").before(3, 0), change: noOutput},

	{about: "tool inputs come in one piece", source: "recordings", whom: of("deepseek"), change: func(m *Model) {
		m.WholeInput, m.Format, m.Thinking.Field = true, FormatOpenAI, "reasoning_effort"
		m.Media, m.ResultMedia = MediaKnown|Documents, MediaKnown|Documents
	}},
	{about: "no tools, takes no thinking back, no native output", source: probes + "; Strands Agents", whom: of("deepseek", "deepseek-r"), change: func(m *Model) {
		m.NoTools, m.NoReplay, m.NoOutput, m.ProfileOnly, m.NoStreamTools = true, true, true, true, true
	}},
	{about: "no named tool", source: "langchain-aws", whom: of("deepseek", "deepseek-v").before(3, 1), change: unnamed},

	{about: "tool inputs come in one piece; reasoning_effort", source: "recordings; " + probes, whom: of("openai"), change: func(m *Model) {
		m.WholeInput, m.Format = true, FormatOpenAI
		m.Thinking.Field = "reasoning_effort"
	}},
	{about: "open weights: text only", source: probes, whom: of("openai", "gpt-oss", "gpt-oss-safeguard"), change: func(m *Model) {
		m.Media, m.ResultMedia = MediaKnown|Documents, MediaKnown|Documents
	}},
	{about: "reasoning.effort; no sampling; needs a profile of us or global; maxTokens of at least 16; thinking in encrypted form", source: probes,
		whom: whom{maker: "openai", lines: gpt, from: [2]int{5, 0}},
		change: func(m *Model) {
			m.Thinking.Field, m.Thinking.Foreign = "reasoning.effort", foreign
			unsampled(m)
			profiled(m)
			atLeast16(m)
			encrypted(m)
			m.Context, m.MaxOutput = 1_050_000, 128_000
			m.ResultMedia = MediaKnown | Documents
			m.NoInvoke = true
		}},
	{about: "no video or audio; schemas without alternatives at the root of a tool's, and without optional members where they must be obeyed", source: profiles + "; " + sourceOpenAI,
		whom: whom{maker: "openai", lines: gpt, from: [2]int{5, 0}}, change: func(m *Model) {
			m.Media = MediaKnown | Images | Documents
			m.PlainSchemas, m.AllRequired = true, true
		}},
	{about: "served by another API only", source: probes, whom: whom{maker: "openai", lines: gpt, till: [2]int{5, 6}}, change: mantle},
	{about: "effort none is refused", source: probes, whom: of("openai", "gpt-astra").since(6, 0), change: levels("minimal", "low", "medium", "high", "xhigh", "max")},
	{about: "effort none is refused", source: probes, whom: whom{maker: "openai", lines: gpt, from: [2]int{6, 1}}, change: levels("minimal", "low", "medium", "high", "xhigh", "max")},

	{about: "text only; no image in a result", source: probes + "; " + clients, whom: of("qwen"), change: func(m *Model) {
		m.WholeInput, m.Format, m.Thinking.Field = true, FormatOpenAI, "reasoning_config"
		m.Media, m.ResultMedia = MediaKnown|Documents, MediaKnown|Documents
	}},
	{about: "images and video", source: profiles, whom: of("qwen", "qwen-vl"), change: takes(Images | Documents | Videos)},
	{about: "no image in a result; no video or audio", source: clients + "; " + profiles, whom: of("moonshotai"), change: func(m *Model) {
		m.WholeInput, m.Format, m.Thinking.Field = true, FormatOpenAI, "reasoning_effort"
		m.Media, m.ResultMedia = MediaKnown|Images|Documents, MediaKnown|Documents
	}},
	{about: "text only", source: probes, whom: of("moonshotai", "kimi-k-thinking"), change: takes(Documents)},
	{about: "needs a profile; maxTokens of at least 16", source: probes + "; " + docCards, whom: of("moonshotai").since(3, 0), change: func(m *Model) {
		profiled(m)
		atLeast16(m)
	}},

	{about: "no image in a result", source: clients, whom: of("google"), change: func(m *Model) {
		m.Format, m.ResultMedia, m.WholeInput = FormatOpenAI, MediaKnown|Documents, true
		m.Media = MediaKnown | Images | Documents
	}},
	{about: "served by another API only", source: probes, whom: of("google").since(4, 0), change: mantle},
	{about: "text only", source: probes, whom: of("nvidia"), change: func(m *Model) { m.Format, m.WholeInput, m.Media = FormatOpenAI, true, MediaKnown|Documents }},
	{about: "text only", source: probes, whom: of("minimax"), change: func(m *Model) {
		m.Format, m.WholeInput, m.Media, m.TopK = FormatOpenAI, true, MediaKnown|Documents, "top_k"
	}},
	{about: "text only", source: probes, whom: of("zai"), change: func(m *Model) {
		m.Format, m.WholeInput, m.Media, m.Thinking.Field = FormatOpenAI, true, MediaKnown|Documents, "reasoning_effort"
	}},
	{about: "needs a profile of us or global; no sampling; no native output; no video or audio", source: probes + "; " + docCards + "; " + profiles, whom: of("xai"), change: func(m *Model) {
		profiled(m)
		m.Media = MediaKnown | Images | Documents
		unsampled(m)
		m.Format, m.WholeInput, m.NoOutput, m.Context = FormatOpenAI, true, true, 500_000
		m.Thinking.Field, m.Thinking.Efforts = "reasoning.effort", []string{"low", "medium", "high", "xhigh"}
	}},
	{about: "native output; always thinks; maxTokens of at least 16; thinking in encrypted form", source: "AWS: news, 2026-10-15; " + probes, whom: of("xai").since(4, 7), change: func(m *Model) {
		atLeast16(m)
		encrypted(m)
		m.NoOutput = false
		m.Thinking.Field, m.Thinking.Efforts = "reasoning_effort", []string{"low", "medium", "high", "xhigh"}
	}},

	{about: "no forced tool; no native output; text only", source: docConverse + "; " + docCards, whom: of("cohere"), change: func(m *Model) {
		strictTurns(m)
		m.NoChoiceAny, m.NoChoiceNamed, m.WholeInput, m.NoOutput = true, true, true, true
		m.Media, m.TopK, m.Format = MediaKnown|Documents, "k", FormatPrompt
	}},
	{about: "no tools, no system prompt", source: docConverse, whom: of("cohere", "command-text", "command-light-text"), change: func(m *Model) { m.NoTools, m.NoSystem, m.NoStreamTools = true, true, true }},
	{about: "no forced tool; no native output; text only", source: docConverse + "; " + docCards, whom: of("ai21"), change: func(m *Model) {
		strictTurns(m)
		m.NoChoiceAny, m.NoChoiceNamed, m.WholeInput, m.NoOutput = true, true, true, true
		m.Media, m.Format = MediaKnown|Documents, FormatOpenAI
	}},
	{about: "no forced tool; no status; no tools in streams; results stand alone; text only", source: docConverse + "; " + clients, whom: of("writer"), change: func(m *Model) {
		strictTurns(m)
		m.NoStatus, m.NoChoiceAny, m.NoChoiceNamed, m.WholeInput, m.NoStreamTools, m.SeparateResults = true, true, true, true, true, true
		m.Media, m.Format, m.ProfileOnly = MediaKnown|Documents, FormatOpenAI, true
	}},
}

// gpt are the lines of OpenAI's closed models.
var gpt = []string{"gpt", "gpt-sol", "gpt-luna", "gpt-terra", "gpt-astra", "gpt-mini", "gpt-nano", "gpt-pro", "gpt-codex"}

// otherRows are the models of other makers.
var otherRows = []row{
	{"amazon.titan-text-lite-v1", "2023-11", nil},
	{"amazon.titan-text-express-v1", "2023-11", nil},
	{"amazon.titan-text-premier-v1:0", "2024-05", nil},
	{"amazon.nova-micro-v1:0", "2024-12", []func(*Model){window(128_000), takes(Documents)}},
	{"amazon.nova-lite-v1:0", "2024-12", nil},
	{"amazon.nova-pro-v1:0", "2024-12", nil},
	{"amazon.nova-premier-v1:0", "2025-04", []func(*Model){window(1_000_000), profile, output(0)}},
	{"amazon.nova-sonic-v1:0", "2025-04", nil},
	{"amazon.nova-2-sonic-v1:0", "2025-12", nil},
	{"amazon.nova-2-5-sonic-v1:0", "2025-12", nil},
	{"amazon.nova-2-lite-v1:0", "2025-12", nil},

	{"meta.llama2-13b-chat-v1", "2023-11", nil},
	{"meta.llama2-70b-chat-v1", "2023-11", nil},
	{"meta.llama3-8b-instruct-v1:0", "2024-04", nil},
	{"meta.llama3-70b-instruct-v1:0", "2024-04", nil},
	{"meta.llama3-1-8b-instruct-v1:0", "2024-07", []func(*Model){window(128_000)}},
	{"meta.llama3-1-70b-instruct-v1:0", "2024-07", []func(*Model){window(128_000)}},
	{"meta.llama3-1-405b-instruct-v1:0", "2024-07", []func(*Model){window(128_000)}},
	{"meta.llama3-2-1b-instruct-v1:0", "2024-09", []func(*Model){toolless, bare}},
	{"meta.llama3-2-3b-instruct-v1:0", "2024-09", []func(*Model){toolless, bare}},
	{"meta.llama3-2-11b-instruct-v1:0", "2024-09", []func(*Model){takes(Images | Documents), imagesInResults, bare}},
	{"meta.llama3-2-90b-instruct-v1:0", "2024-09", []func(*Model){takes(Images | Documents), imagesInResults, bare}},
	{"meta.llama3-3-70b-instruct-v1:0", "2024-12", []func(*Model){window(128_000)}},
	{"meta.llama4-scout-17b-instruct-v1:0", "2025-04", nil},
	{"meta.llama4-maverick-17b-instruct-v1:0", "2025-04", nil},

	{"mistral.mistral-7b-instruct-v0:2", "2024-03", []func(*Model){takes(Documents)}},
	{"mistral.mixtral-8x7b-instruct-v0:1", "2024-03", []func(*Model){takes(Documents)}},
	{"mistral.mistral-large-2402-v1:0", "2024-04", []func(*Model){takes(Documents)}},
	{"mistral.mistral-small-2402-v1:0", "2024-05", []func(*Model){takes(Documents)}},
	{"mistral.mistral-large-2407-v1:0", "2024-07", []func(*Model){takes(Documents)}},
	{"mistral.pixtral-large-2502-v1:0", "2025-04", []func(*Model){profile}},
	{"mistral.magistral-small-2509", "2025-12", nil},
	{"mistral.ministral-3-3b-instruct", "2025-12", nil},
	{"mistral.ministral-3-8b-instruct", "2025-12", nil},
	{"mistral.ministral-3-14b-instruct", "2025-12", nil},
	{"mistral.voxtral-mini-3b-2507", "2025-12", []func(*Model){takes(Documents | Audios)}},
	{"mistral.voxtral-small-24b-2507", "2025-12", []func(*Model){takes(Documents | Audios)}},
	{"mistral.mistral-large-3-675b-instruct", "2025-12", nil},
	{"mistral.devstral-2-123b", "2026-02", []func(*Model){takes(Documents)}},

	{"deepseek.r1-v1:0", "2025-01", nil},
	{"deepseek.v3-v1:0", "2025-09", nil},
	{"deepseek.v3.1", "2025-09", []func(*Model){mantle}},
	{"deepseek.v3.2", "2026-02", nil},

	{"openai.gpt-oss-20b-1:0", "2025-08", nil},
	{"openai.gpt-oss-120b-1:0", "2025-08", nil},
	{"openai.gpt-oss-20b", "2025-08", []func(*Model){mantle}},
	{"openai.gpt-oss-120b", "2025-08", []func(*Model){mantle}},
	{"openai.gpt-oss-safeguard-20b", "2025-10", nil},
	{"openai.gpt-oss-safeguard-120b", "2025-10", nil},
	{"openai.gpt-5.4", "2026-03", nil},
	{"openai.gpt-5.5", "2026-04", nil},
	{"openai.gpt-5.6-sol", "2026-07", nil},
	{"openai.gpt-5.6-luna", "2026-07", nil},
	{"openai.gpt-5.6-terra", "2026-07", nil},
	{"openai.gpt-6-astra", "2026-09", nil},
	{"openai.gpt-6-luna", "2026-09", nil},
	{"openai.gpt-6-sol", "2026-09", nil},
	{"openai.gpt-6.1-sol", "2026-09", []func(*Model){output(131_072)}},
	{"openai.gpt-6.1-terra", "2026-10", nil},

	{"qwen.qwen3-32b-v1:0", "2025-09", nil},
	{"qwen.qwen3-235b-a22b-2507-v1:0", "2025-09", nil},
	{"qwen.qwen3-235b-a22b-2507", "2025-09", []func(*Model){mantle}},
	{"qwen.qwen3-coder-30b-a3b-v1:0", "2025-09", nil},
	{"qwen.qwen3-coder-480b-a35b-v1:0", "2025-09", nil},
	{"qwen.qwen3-next-80b-a3b", "2025-12", nil},
	{"qwen.qwen3-vl-235b-a22b", "2025-12", nil},
	{"qwen.qwen3-coder-next", "2026-02", nil},

	{"moonshot.kimi-k2-thinking", "2025-12", nil},
	{"moonshotai.kimi-k2.5", "2026-02", nil},
	{"moonshotai.kimi-k3", "2026-09", nil},

	{"google.gemma-3-4b-it", "2025-12", nil},
	{"google.gemma-3-12b-it", "2025-12", nil},
	{"google.gemma-3-27b-it", "2025-12", nil},
	{"google.gemma-4-31b", "2026-06", nil},

	{"nvidia.nemotron-nano-9b-v2", "2025-12", nil},
	{"nvidia.nemotron-nano-12b-v2", "2025-12", []func(*Model){takes(Images | Documents)}},
	{"nvidia.nemotron-nano-3-30b", "2025-12", nil},
	{"nvidia.nemotron-super-3-120b", "2026-03", nil},

	{"minimax.minimax-m2", "2025-12", nil},
	{"minimax.minimax-m2.1", "2026-02", nil},
	{"minimax.minimax-m2.5", "2026-03", nil},

	{"zai.glm-4.6", "2026-01", []func(*Model){mantle}},
	{"zai.glm-4.7-flash", "2026-01", nil},
	{"zai.glm-4.7", "2026-02", nil},
	{"zai.glm-5", "2026-03", nil},

	{"xai.grok-4.6", "2026-08", nil},
	{"xai.grok-4.7", "2026-10", nil},

	{"cohere.command-text-v14", "2023-11", nil},
	{"cohere.command-light-text-v14", "2023-11", nil},
	{"cohere.command-r-v1:0", "2024-04", nil},
	{"cohere.command-r-plus-v1:0", "2024-04", nil},
	{"ai21.jamba-instruct-v1:0", "2024-06", []func(*Model){toolless}},
	{"ai21.jamba-1-5-mini-v1:0", "2024-09", nil},
	{"ai21.jamba-1-5-large-v1:0", "2024-09", nil},
	{"writer.palmyra-x4-v1:0", "2025-04", nil},
	{"writer.palmyra-vision-7b", "2025-12", []func(*Model){func(m *Model) {
		m.NoTools, m.NoSystem, m.ProfileOnly = true, true, false
		m.Media = MediaKnown | Images | Documents
	}}},
	{"writer.palmyra-x5-v1:0", "2025-04", nil},
}

var (
	rows   = append(append([]row(nil), claudeRows...), otherRows...)
	layers = append(append([]layer(nil), claudeLayers...), otherLayers...)
)
