package facts

// mistral is Mistral's models: those of today, and what was different of those
// up to 2025.
var mistral = []row{
	{"mistral", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
		"api.converse":        yes,
		"api.converse_stream": yes,
		"api.invoke":          yes,
		"system":              yes,
		"input.document":      yes,
		"input.video":         no,
		"input.audio":         no,
		"tools":               yes,
	}},
	{"mistral", probe, "2026-10-08", "a client's live tests", set{
		"tools.streaming": yes,
	}},
	{"mistral", docs, "2026-10-06", "AWS: model cards", set{
		"output.native": yes,
		"count_tokens":  no,
	}},
	{"mistral", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"id.bare":                 yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.top_k":          yes,
		"sampling.top_k.field":    "top_k",
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"mistral", report, "2026-08-22", "other clients on Bedrock", set{
		"tool_choice.named":            no,
		"tool_choice.parallel":         no,
		"tools.text_with_call":         no,
		"tools.text_with_result":       no,
		"tools.result.image":           no,
		"tools.result.document":        yes,
		"conversation.assistant_first": no,
	}},
	{"mistral mistral-large", report, "2026-08-20", "other clients: auto and any", set{
		"tool_choice.any": yes,
	}},
	{"mistral", report, "2026-08-20", "catalogues", set{
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.effort":          []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"mistral magistral*", report, "2026-08-20", "catalogues; nothing is known that asks it to", set{
		"thinking.supported": yes,
		"thinking.default":   ThinkingDefaultUnknown,
		"thinking.field":     ThinkingStyleUnasked,
		"input.image":        yes,
	}},

	// Up to 2025.
	{"mistral mistral|mixtral", docs, "2026-10-06", "AWS: model card: neither tools nor structured output; older table: no system prompt", set{
		"system":          no,
		"tools":           no,
		"tools.streaming": no,
		"tool_choice.any": no,
		"input.image":     no,
		"output.native":   no,
		"tools.strict":    no,
	}},
	{"mistral mistral-small|mistral-large|pixtral-large ..1.9", probe, "2026-10-08", "This model doesn't support tool use in streaming mode", set{
		"tools.streaming": no,
	}},
	{"mistral mistral-small|mistral-large|pixtral-large ..1.9", docs, "2026-10-06", "AWS: model card of Pixtral: no structured output", set{
		"output.native": no,
		"tools.strict":  no,
	}},
	{"mistral mistral-small|mistral-large ..1.9", report, "2026-08-20", "catalogues", set{
		"input.image": no,
	}},
	{"mistral pixtral-large", probe, "2026-08-22", "listed with a profile's prefix only", set{
		"id.bare":      no,
		"id.geography": []string{"us", "eu"},
		"input.image":  yes,
	}},
	{"mistral.mistral-7b-instruct-v0:2", docs, "2025-12-01", "AWS: model parameters", set{
		"name": "Mistral 7B", "lifecycle.launch": "2024-03-01", "api.invoke.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
	}},
	{"mistral.mixtral-8x7b-instruct-v0:1", docs, "2025-12-01", "AWS: model parameters", set{
		"name": "Mixtral 8x7B", "lifecycle.launch": "2024-03-01", "api.invoke.format": "mistral", "limits.context": 32_000, "limits.max_output": 4096,
	}},
	{"mistral.mistral-small-2402-v1:0", docs, "2025-12-01", "AWS: model parameters", set{
		"name": "Mistral Small (24.02)", "lifecycle.launch": "2024-05-24", "api.invoke.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
	}},
	{"mistral.mistral-large-2402-v1:0", docs, "2025-12-01", "AWS: model parameters", set{
		"name": "Mistral Large (24.02)", "lifecycle.launch": "2024-04-03", "api.invoke.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
	}},
	{"mistral.mistral-large-2407-v1:0", docs, "2025-12-01", "AWS: supported models", set{
		"name": "Mistral Large (24.07)", "lifecycle.launch": "2024-07-24", "limits.context": 128_000, "limits.max_output": 8192,
	}},
	{"mistral.pixtral-large-2502-v1:0", report, "2026-08-20", "catalogues", set{
		"name": "Pixtral Large", "lifecycle.launch": "2025-04-08", "limits.context": 128_000, "limits.max_output": 8192,
	}},

	// Of today.
	{"mistral.ministral-3-3b-instruct", docs, "2026-10-06", "AWS: model card", set{"name": "Ministral 3B", "lifecycle.launch": "2025-12-02", "limits.context": 128_000}},
	{"mistral.ministral-3-8b-instruct", docs, "2026-10-06", "AWS: model card", set{"name": "Ministral 8B", "lifecycle.launch": "2025-12-02", "limits.context": 128_000}},
	{"mistral.ministral-3-14b-instruct", docs, "2026-10-06", "AWS: model card", set{"name": "Ministral 14B", "lifecycle.launch": "2025-12-02", "limits.context": 128_000}},
	{"mistral ministral", probe, "2026-10-08", "a client's live tests; a catalogue denies it", set{"input.image": yes}},
	{"mistral.magistral-small-2509", report, "2026-08-20", "catalogues", set{
		"name": "Magistral Small", "lifecycle.launch": "2025-12-02", "limits.context": 128_000, "limits.max_output": 40_000,
	}},
	{"mistral.voxtral-mini-3b-2507", docs, "2026-10-06", "AWS: model card", set{"name": "Voxtral Mini", "lifecycle.launch": "2025-12-02", "limits.context": 128_000}},
	{"mistral.voxtral-small-24b-2507", docs, "2026-10-06", "AWS: model card", set{"name": "Voxtral Small", "lifecycle.launch": "2025-12-02", "limits.context": 32_000}},
	{"mistral voxtral*", probe, "2026-10-08", "a client's live tests; audio by the catalogues", set{
		"input.image": no,
		"input.audio": yes,
	}},
	{"mistral.mistral-large-3-675b-instruct", report, "2026-08-20", "catalogues", set{
		"name": "Mistral Large 3", "lifecycle.launch": "2025-12-02", "limits.context": 256_000, "limits.max_output": 8192,
	}},
	{"mistral mistral-large 3+", probe, "2026-10-08", "a client's live tests; caches by itself, by AWS's card", set{
		"input.image":    yes,
		"cache.implicit": yes,
	}},
	{"mistral mistral-large 3+", probe, "2026-08-22", "reasoning_effort is accepted on Converse; low gave no thinking", set{
		"thinking.supported": unknown,
		"thinking.field":     ThinkingStyleEffort,
		"thinking.effort":    []string{"low", "medium", "high"},
	}},
	{"mistral.devstral-2-123b", report, "2026-08-20", "catalogues", set{
		"name": "Devstral 2", "lifecycle.launch": "2026-02-17", "limits.context": 256_000, "limits.max_output": 8192,
	}},
	{"mistral devstral", probe, "2026-10-08", "refused", set{"input.image": no}},
}
