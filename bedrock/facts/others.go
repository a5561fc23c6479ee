package facts

import "slices"

// others are makers of few models: DeepSeek, Moonshot, Z.ai, MiniMax, NVIDIA,
// Google, xAI, Writer, Cohere, AI21.
var others = slices.Concat(deepseek, moonshot, zai, minimax, nvidia, google, xai, writer, cohere, ai21)

var deepseek = []row{
	{"deepseek", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"doors.invoke":          yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"deepseek", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     no,
	}},
	{"deepseek", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"deepseek", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":                yes,
		"tools.parallel_switch":    no,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": yes,
		"thinking.replay.redacted": yes,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"deepseek", inferred, "2026-10-08", "it sees no images", set{
		"results.image": no,
	}},
	{"deepseek", probe, "2026-09-05", "a named choice, and any while thinking, are accepted and not obeyed", set{
		"tools.named":           no,
		"tools.forced_thinking": no,
	}},
	{"deepseek", probe, "2026-08-22", "effort high gave thinking, on Converse; none, low and medium none, at the Chat door", set{
		"thinking.supported":  yes,
		"thinking.default":    ThinkingDefaultOff,
		"thinking.style":      ThinkingStyleEffort,
		"thinking.adaptive":   no,
		"thinking.budget":     no,
		"thinking.efforts":    []string{"low", "medium", "high"},
		"thinking.effort_ask": "high",
	}},

	{"deepseek deepseek-r", probe, "2026-10-08", "This model doesn't support tool use in streaming mode; an older table of AWS has no tools at all, catalogues have them", set{
		"tools.use":       no,
		"tools.streaming": no,
		"tools.any":       no,
		"tools.named":     no,
		"tools.strict":    no,
	}},
	{"deepseek deepseek-r", report, "2026-08-22", "other clients: it thinks unasked, and takes nothing of it back", set{
		"thinking.default":         ThinkingDefaultAlways,
		"thinking.style":           ThinkingStyleUnasked,
		"thinking.disabled":        no,
		"thinking.efforts":         []string{},
		"thinking.effort_ask":      "",
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"sampling.top_k":           no,
		"output.native":            no,
	}},
	{"deepseek.r1-v1:0", report, "2026-08-20", "catalogues; InvokeModel by AWS's model parameters", set{
		"model": "DeepSeek-R1", "launched": "2025-01-20", "doors.format": "deepseek",
		"limits.context": 128_000, "limits.max_output": 32_768, "ids.geographies": []string{"us"}, "ids.bare": no,
	}},
	{"deepseek.v3-v1:0", docs, "2025-12-01", "AWS: supported models", set{
		"model": "DeepSeek-V3.1", "launched": "2025-09-18", "limits.context": 128_000,
	}},
	{"deepseek.v3.1", probe, "2026-08-22", "the id of the mantle endpoint", set{
		"model": "DeepSeek-V3.1 (mantle)", "launched": "2025-09-18",
		"doors.converse":        no,
		"doors.converse_stream": no,
		"doors.invoke":          no,
		"doors.elsewhere":       []string{"the mantle endpoint"},
		"ids.bare":              unknown,
	}},
	{"deepseek.v3.2", report, "2026-08-20", "catalogues", set{
		"model": "DeepSeek-V3.2", "launched": "2026-02-06", "limits.context": 163_840, "limits.max_output": 81_920,
	}},
}

// moonshot is Kimi. Its ids begin with moonshot or moonshotai.
var moonshot = []row{
	{"moonshotai", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"moonshotai", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     yes,
	}},
	{"moonshotai", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":                yes,
		"tools.named":              yes,
		"tools.parallel_switch":    no,
		"results.image":            no,
		"turns.assistant_first":    yes,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"moonshotai", inferred, "2026-08-22", "as images", set{
		"results.document": no,
	}},
	{"moonshotai", probe, "2026-08-22", "your request did not allow prompt caching; Kimi K3 has points at the Responses and Chat doors", set{
		"cache.points": no,
	}},
	{"moonshotai", docs, "2026-09-15", "Moonshot: always thinks; efforts low, high, max", set{
		"thinking.supported": yes,
		"thinking.default":   ThinkingDefaultAlways,
		"thinking.disabled":  no,
		"thinking.adaptive":  no,
		"thinking.budget":    no,
		"thinking.efforts":   []string{"low", "high", "max"},
		"thinking.none":      no,
	}},
	{"moonshotai", report, "2026-08-22", "other clients", set{
		"thinking.style": ThinkingStyleEffort,
	}},
	{"moonshotai kimi-k* ..2.9", probe, "2026-08-22", "modelparams.dev", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
	}},
	{"moonshotai kimi-k* 3+", probe, "2026-10-10", "Converse refuses maxTokens below 16", set{
		"limits.min_output": 16,
	}},
	{"moonshotai kimi-k* 3+", docs, "2026-10-06", "AWS: model card", set{
		"ids.bare":        no,
		"ids.geographies": []string{"us", "global"},
	}},
	{"moonshotai kimi-k* 3+", inferred, "2026-10-10", "shares its least output with the models that take reasoning.effort", set{
		"thinking.style": ThinkingStyleNested,
	}},
	{"moonshot.kimi-k2-thinking", docs, "2026-09-15", "Moonshot", set{
		"model": "Kimi K2 Thinking", "launched": "2025-12-02", "limits.context": 262_143, "limits.max_output": 16_000,
	}},
	{"moonshot.kimi-k2-thinking", probe, "2026-08-22", "the answer after a tool result held the tag in its text", set{
		"answers.thinking_tags": []string{"think"},
		"input.image":           no,
	}},
	{"moonshotai.kimi-k2.5", docs, "2026-10-06", "AWS: model card", set{
		"model": "Kimi K2.5", "launched": "2026-02-06", "limits.context": 262_143,
		"thinking.default": ThinkingDefaultUnknown,
	}},
	{"moonshotai.kimi-k3", docs, "2026-09-15", "Moonshot", set{
		"model": "Kimi K3", "launched": "2026-09-15", "limits.context": 1_000_000,
	}},
}

// zai is GLM.
var zai = []row{
	{"zai", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"zai", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     no,
	}},
	{"zai", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"zai", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":             yes,
		"tools.named":           yes,
		"tools.parallel_switch": no,
		"turns.assistant_first": yes,
		"input.video":           no,
		"input.audio":           no,
	}},
	{"zai", probe, "2026-08-22", "reasoning_effort; at the Chat door high thinks, none, low and medium do not", set{
		"thinking.supported":  yes,
		"thinking.default":    ThinkingDefaultOff,
		"thinking.style":      ThinkingStyleEffort,
		"thinking.adaptive":   no,
		"thinking.budget":     no,
		"thinking.efforts":    []string{"low", "medium", "high"},
		"thinking.effort_ask": "high",
	}},
	{"zai", inferred, "2026-08-22", "nobody saw it taken back", set{
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"results.image":            no,
	}},
	{"zai.glm-4.6", probe, "2026-08-22", "mantle only in us-east-1 on that day", set{
		"model":                 "GLM-4.6",
		"doors.converse":        no,
		"doors.converse_stream": no,
		"doors.invoke":          no,
		"doors.elsewhere":       []string{"the mantle endpoint"},
		"ids.bare":              unknown,
	}},
	{"zai.glm-4.7", docs, "2026-10-06", "AWS: model card", set{
		"model": "GLM-4.7", "launched": "2026-01-19", "limits.context": 200_000,
	}},
	{"zai.glm-4.7-flash", report, "2026-08-20", "catalogues", set{
		"model": "GLM-4.7 Flash", "launched": "2026-01-19", "limits.context": 200_000, "limits.max_output": 131_072,
	}},
	{"zai.glm-5", docs, "2026-10-27", "AWS: model card; a catalogue has 202752 and 101376", set{
		"model": "GLM-5", "launched": "2026-03-18", "limits.context": 200_000, "limits.max_output": 128_000,
	}},
}

// minimax is MiniMax.
var minimax = []row{
	{"minimax", docs, "2026-10-06", "AWS: model cards; a catalogue denies structured output", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"minimax", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     no,
	}},
	{"minimax", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.top_k":          yes,
		"sampling.top_k_field":    "top_k",
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"minimax", probe, "2026-08-22", "thinking came without asking; the budgets that a catalogue lists are likely those of another API", set{
		"thinking.supported": yes,
		"thinking.default":   ThinkingDefaultAlways,
		"thinking.style":     ThinkingStyleUnasked,
		"thinking.adaptive":  no,
		"thinking.disabled":  no,
		"thinking.efforts":   []string{},
	}},
	{"minimax", inferred, "2026-08-22", "nobody saw it", set{
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"results.image":            no,
		"tools.parallel_switch":    no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"minimax.minimax-m2", report, "2026-08-20", "catalogues", set{
		"model": "MiniMax M2", "launched": "2025-10-27", "limits.context": 204_608, "limits.max_output": 128_000,
	}},
	{"minimax.minimax-m2.1", docs, "2026-10-06", "AWS: model card", set{
		"model": "MiniMax M2.1", "launched": "2026-02-06", "limits.context": 196_608,
	}},
	{"minimax.minimax-m2.5", report, "2026-08-20", "catalogues", set{
		"model": "MiniMax M2.5", "launched": "2026-03-18", "limits.context": 196_608, "limits.max_output": 98_304,
	}},
}

// nvidia is Nemotron.
var nvidia = []row{
	{"nvidia", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"nvidia", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     no,
	}},
	{"nvidia", probe, "2026-08-22", "modelparams.dev", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
	}},
	{"nvidia", report, "2026-08-22", "your request did not allow prompt caching", set{
		"cache.points": no,
	}},
	{"nvidia", inferred, "2026-08-22", "nobody saw it", set{
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"results.image":            no,
		"tools.parallel_switch":    no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"nvidia * ..2.9", report, "2026-08-20", "catalogues", set{
		"thinking.supported": no,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.efforts":   []string{},
	}},
	{"nvidia * 3+", report, "2026-08-20", "catalogues; nothing is known that asks it to", set{
		"thinking.supported": yes,
		"thinking.style":     ThinkingStyleUnasked,
		"thinking.efforts":   []string{},
		"thinking.disabled":  no,
	}},
	{"nvidia.nemotron-nano-9b-v2", docs, "2026-10-06", "AWS: model card", set{
		"model": "Nemotron Nano 2 9B", "launched": "2025-12-02", "limits.context": 128_000,
	}},
	{"nvidia.nemotron-nano-12b-v2", docs, "2026-10-06", "AWS: model card", set{
		"model": "Nemotron Nano 2 VL 12B", "launched": "2025-12-02", "limits.context": 128_000, "input.image": yes,
	}},
	{"nvidia.nemotron-nano-3-30b", report, "2026-08-20", "catalogues", set{
		"model": "Nemotron Nano 3 30B", "launched": "2025-12-23", "limits.context": 128_000,
	}},
	{"nvidia.nemotron-super-3-120b", docs, "2026-10-06", "AWS: model card", set{
		"model": "Nemotron Super 3 120B", "launched": "2026-03-18", "limits.context": 256_000,
	}},
}

// google is Gemma.
var google = []row{
	{"google", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"output.native":         yes,
		"count_tokens":          no,
	}},
	{"google", probe, "2026-10-08", "a client's live tests; a catalogue denies tools to one size", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     yes,
	}},
	{"google", probe, "2026-08-22", "modelparams.dev", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
	}},
	{"google", report, "2026-08-22", "your request did not allow prompt caching; an image in a tool's result is refused", set{
		"cache.points":  no,
		"results.image": no,
	}},
	{"google", report, "2026-08-20", "catalogues", set{
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.efforts":         []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"google", inferred, "2026-08-20", "as images, and as all but Claude", set{
		"results.document":      no,
		"tools.parallel_switch": no,
	}},
	{"google gemma 3", report, "2026-08-20", "catalogues", set{
		"limits.context":    131_072,
		"limits.max_output": 8192,
	}},
	{"google.gemma-3-4b-it", docs, "2026-10-06", "AWS: model card", set{"model": "Gemma 3 4B", "launched": "2025-12-02"}},
	{"google.gemma-3-12b-it", docs, "2026-10-06", "AWS: model card", set{"model": "Gemma 3 12B", "launched": "2025-12-02"}},
	{"google.gemma-3-27b-it", docs, "2026-10-06", "AWS: model card; a catalogue's context of 202752 is that of another model", set{"model": "Gemma 3 27B", "launched": "2025-12-02"}},
	{"google.gemma-4-31b", probe, "2026-08-22", "mantle only", set{
		"model":                 "Gemma 4 31B",
		"doors.converse":        no,
		"doors.converse_stream": no,
		"doors.invoke":          no,
		"doors.elsewhere":       []string{"the mantle endpoint"},
		"ids.bare":              unknown,
	}},
}

// xai is Grok.
var xai = []row{
	{"xai", docs, "2026-10-15", "AWS: model cards and blog", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"cache.implicit":        yes,
		"count_tokens":          no,
		"ids.bare":              no,
		"ids.geographies":       []string{"us", "global"},
		"limits.context":        500_000,
		"thinking.supported":    yes,
		"thinking.efforts":      []string{"low", "medium", "high", "xhigh"},
		"output.native":         yes,
	}},
	{"xai", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     yes,
	}},
	{"xai", probe, "2026-09-02", "a client's live tests", set{
		"tools.any":   yes,
		"tools.named": yes,
	}},
	{"xai", probe, "2026-09-15", "This model doesn't support the temperature field; top_p is dropped beside it", set{
		"sampling.temperature": no,
		"sampling.top_p":       no,
	}},
	{"xai", inferred, "2026-09-15", "no sampling at all; all but Claude", set{
		"sampling.top_k":        no,
		"tools.parallel_switch": no,
		"results.image":         no,
		"results.document":      no,
		"input.video":           no,
		"input.audio":           no,
	}},
	{"xai", probe, "2026-08-28", "InvokeModel with a body as for OpenAI's chat", set{
		"doors.invoke": yes,
		"doors.format": "openai",
	}},
	{"xai", probe, "2026-08-19", "reasoning.effort, on Converse; cache points: your request did not allow prompt caching", set{
		"thinking.style": ThinkingStyleNested,
		"cache.points":   no,
	}},
	{"xai", docs, "2026-10-15", "AWS: blog: always thinks", set{
		"thinking.default":         ThinkingDefaultAlways,
		"thinking.disabled":        no,
		"thinking.adaptive":        no,
		"thinking.budget":          no,
		"thinking.none":            no,
		"thinking.replay.redacted": yes,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
	}},
	{"xai", probe, "2026-10-10", "Converse refuses maxTokens below 16", set{
		"limits.min_output": 16,
	}},
	{"xai", report, "2026-08-22", "inputTokens holds the tokens that were cached", set{
		"answers.cache_in_input": yes,
	}},
	{"xai.grok-4.6", docs, "2026-10-27", "AWS: model card: not on the runtime endpoint; effort low by default", set{
		"model": "Grok 4.6", "launched": "2026-08-12", "limits.max_output": 500_000,
		"output.native":           no,
		"thinking.effort_default": "low",
	}},
	{"xai.grok-4.7", docs, "2026-10-15", "AWS: blog", set{
		"model": "Grok 4.7", "launched": "2026-10-15",
		"thinking.effort_default": "high",
	}},
}

// writer is Palmyra.
var writer = []row{
	{"writer", docs, "2026-10-06", "AWS: model cards", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"doors.invoke":          yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"count_tokens":          no,
	}},
	{"writer", report, "2026-08-22", "This model doesn't support the status field; tool use not in streams; other clients", set{
		"tools.streaming":          no,
		"tools.result_status":      no,
		"tools.text_with_result":   no,
		"tools.any":                no,
		"tools.named":              no,
		"tools.parallel_switch":    no,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"writer", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"writer palmyra-x", report, "2025-04-28", "Writer: models for text; a catalogue has it think", set{
		"input.image":        no,
		"thinking.supported": no,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.efforts":   []string{},
		"output.native":      no,
	}},
	{"writer palmyra-x", probe, "2026-08-22", "listed with a profile's prefix only", set{
		"ids.bare":        no,
		"ids.geographies": []string{"us"},
	}},
	{"writer.palmyra-x4-v1:0", docs, "2025-12-01", "AWS: supported models", set{
		"model": "Palmyra X4", "launched": "2025-04-28", "limits.context": 128_000, "limits.max_output": 8192,
	}},
	{"writer.palmyra-x5-v1:0", report, "2026-08-20", "catalogues", set{
		"model": "Palmyra X5", "launched": "2025-04-28", "limits.context": 1_040_000, "limits.max_output": 8192,
	}},
	{"writer palmyra-vision", probe, "2026-10-08", "refused on Converse: \"auto\" tool choice requires --enable-auto-tool-choice", set{
		"turns.system":       no,
		"tools.use":          no,
		"tools.strict":       no,
		"thinking.supported": no,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.efforts":   []string{},
		"input.image":        yes,
		"ids.bare":           yes,
	}},
	{"writer palmyra-vision", docs, "2026-10-06", "AWS: model card", set{"output.native": yes}},
	{"writer.palmyra-vision-7b", docs, "2026-10-06", "AWS: model card", set{"model": "Palmyra Vision 7B"}},
}

// cohere is Command.
var cohere = []row{
	{"cohere", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"doors.invoke":          yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"tools.streaming":       yes,
		"input.document":        yes,
		"input.image":           no,
		"input.video":           no,
		"input.audio":           no,
	}},
	{"cohere", report, "2026-08-20", "other clients on Bedrock", set{
		"tools.any":                no,
		"tools.named":              no,
		"tools.parallel_switch":    no,
		"sampling.temperature":     yes,
		"sampling.top_p":           yes,
		"sampling.top_k":           yes,
		"sampling.top_k_field":     "k",
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.efforts":         []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"cohere", inferred, "2025-12-01", "older than the feature", set{
		"output.native": no,
		"tools.strict":  no,
		"cache.points":  no,
		"count_tokens":  no,
	}},
	{"cohere command-text|command-light-text", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
		"turns.system":    no,
		"tools.use":       no,
		"tools.streaming": no,
	}},
	{"cohere.command-text-v14", docs, "2025-12-01", "AWS: supported models", set{"model": "Command", "launched": "2023-09-28", "limits.context": 4096}},
	{"cohere.command-light-text-v14", docs, "2025-12-01", "AWS: supported models", set{"model": "Command Light", "launched": "2023-09-28", "limits.context": 4096}},
	{"cohere.command-r-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Command R", "launched": "2024-04-29", "limits.context": 128_000, "limits.max_output": 4096}},
	{"cohere.command-r-plus-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Command R+", "launched": "2024-04-29", "limits.context": 128_000, "limits.max_output": 4096}},
}

// ai21 is Jamba.
var ai21 = []row{
	{"ai21", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"doors.invoke":          yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"tools.streaming":       yes,
		"input.document":        yes,
		"input.image":           no,
		"input.video":           no,
		"input.audio":           no,
	}},
	{"ai21", docs, "2026-10-06", "AWS: model card", set{
		"output.native": no,
		"count_tokens":  no,
	}},
	{"ai21", report, "2026-08-20", "absent from other clients' lists", set{
		"tools.any":                no,
		"tools.named":              no,
		"tools.parallel_switch":    no,
		"tools.strict":             no,
		"cache.points":             no,
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.efforts":         []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"ai21.jamba-instruct-v1:0", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
		"model": "Jamba Instruct", "launched": "2024-06-25",
		"tools.use":       no,
		"tools.streaming": no,
		"input.document":  no,
		"limits.context":  256_000,
	}},
	{"ai21.jamba-1-5-mini-v1:0", docs, "2025-12-01", "AWS: supported models", set{
		"model": "Jamba 1.5 Mini", "launched": "2024-09-23", "limits.context": 256_000, "limits.max_output": 4096,
	}},
	{"ai21.jamba-1-5-large-v1:0", docs, "2025-12-01", "AWS: supported models", set{
		"model": "Jamba 1.5 Large", "launched": "2024-09-23", "limits.context": 256_000, "limits.max_output": 4096,
	}},
}
