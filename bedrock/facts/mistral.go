package facts

// mistral is Mistral's models: those of today, and what was different of those
// up to 2025.
func mistral() []row {
	return []row{
		{"mistral", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"turns.system":          yes,
			"input.document":        yes,
			"input.video":           no,
			"input.audio":           no,
			"tools.use":             yes,
		}},
		{"mistral", probe, "2026-10-08", "a client's live tests", set{
			"tools.streaming": yes,
		}},
		{"mistral", docs, "2026-10-06", "AWS: model cards", set{
			"output.native": yes,
			"count_tokens":  no,
		}},
		{"mistral", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.top_k":          yes,
			"sampling.top_k_field":    "top_k",
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
			"cache.points":            no,
		}},
		{"mistral", report, "2026-08-22", "other clients on Bedrock", set{
			"tools.named":            no,
			"tools.parallel_switch":  no,
			"tools.text_with_call":   no,
			"tools.text_with_result": no,
			"results.image":          no,
			"results.document":       yes,
			"turns.assistant_first":  no,
		}},
		{"mistral mistral-large", report, "2026-08-20", "other clients: auto and any", set{
			"tools.any": yes,
		}},
		{"mistral", report, "2026-08-20", "catalogues", set{
			"thinking.supported":       no,
			"thinking.default":         ThinkingDefaultOff,
			"thinking.efforts":         []string{},
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
		}},
		{"mistral magistral*", report, "2026-08-20", "catalogues; nothing is known that asks it to", set{
			"thinking.supported": yes,
			"thinking.default":   ThinkingDefaultUnknown,
			"thinking.style":     ThinkingStyleUnasked,
			"thinking.disabled":  no,
			"input.image":        yes,
		}},

		// Up to 2025.
		{"mistral mistral|mixtral", docs, "2026-10-06", "AWS: model card: neither tools nor structured output; older table: no system prompt", set{
			"turns.system":    no,
			"tools.use":       no,
			"tools.streaming": no,
			"tools.any":       no,
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
			"ids.bare":        no,
			"ids.geographies": []string{"us", "eu"},
			"input.image":     yes,
		}},
		{"mistral.mistral-7b-instruct-v0:2", docs, "2025-12-01", "AWS: model parameters", set{
			"model": "Mistral 7B", "launched": "2024-03-01", "doors.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
		}},
		{"mistral.mixtral-8x7b-instruct-v0:1", docs, "2025-12-01", "AWS: model parameters", set{
			"model": "Mixtral 8x7B", "launched": "2024-03-01", "doors.format": "mistral", "limits.context": 32_000, "limits.max_output": 4096,
		}},
		{"mistral.mistral-small-2402-v1:0", docs, "2025-12-01", "AWS: model parameters", set{
			"model": "Mistral Small (24.02)", "launched": "2024-05-24", "doors.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
		}},
		{"mistral.mistral-large-2402-v1:0", docs, "2025-12-01", "AWS: model parameters", set{
			"model": "Mistral Large (24.02)", "launched": "2024-04-03", "doors.format": "mistral", "limits.context": 32_000, "limits.max_output": 8192,
		}},
		{"mistral.mistral-large-2407-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Mistral Large (24.07)", "launched": "2024-07-24", "limits.context": 128_000, "limits.max_output": 8192,
		}},
		{"mistral.pixtral-large-2502-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Pixtral Large", "launched": "2025-04-08", "limits.context": 128_000, "limits.max_output": 8192,
		}},

		// Of today.
		{"mistral.ministral-3-3b-instruct", docs, "2026-10-06", "AWS: model card", set{"model": "Ministral 3B", "launched": "2025-12-02", "limits.context": 128_000}},
		{"mistral.ministral-3-8b-instruct", docs, "2026-10-06", "AWS: model card", set{"model": "Ministral 8B", "launched": "2025-12-02", "limits.context": 128_000}},
		{"mistral.ministral-3-14b-instruct", docs, "2026-10-06", "AWS: model card", set{"model": "Ministral 14B", "launched": "2025-12-02", "limits.context": 128_000}},
		{"mistral ministral", probe, "2026-10-08", "a client's live tests; a catalogue denies it", set{"input.image": yes}},
		{"mistral.magistral-small-2509", report, "2026-08-20", "catalogues", set{
			"model": "Magistral Small", "launched": "2025-12-02", "limits.context": 128_000, "limits.max_output": 40_000,
		}},
		{"mistral.voxtral-mini-3b-2507", docs, "2026-10-06", "AWS: model card", set{"model": "Voxtral Mini", "launched": "2025-12-02", "limits.context": 128_000}},
		{"mistral.voxtral-small-24b-2507", docs, "2026-10-06", "AWS: model card", set{"model": "Voxtral Small", "launched": "2025-12-02", "limits.context": 32_000}},
		{"mistral voxtral*", probe, "2026-10-08", "a client's live tests; audio by the catalogues", set{
			"input.image": no,
			"input.audio": yes,
		}},
		{"mistral.mistral-large-3-675b-instruct", report, "2026-08-20", "catalogues", set{
			"model": "Mistral Large 3", "launched": "2025-12-02", "limits.context": 256_000, "limits.max_output": 8192,
		}},
		{"mistral mistral-large 3+", probe, "2026-10-08", "a client's live tests; caches by itself, by AWS's card", set{
			"input.image":    yes,
			"cache.implicit": yes,
		}},
		{"mistral mistral-large 3+", probe, "2026-08-22", "reasoning_effort is accepted on Converse; low gave no thinking", set{
			"thinking.supported": unknown,
			"thinking.style":     ThinkingStyleEffort,
			"thinking.efforts":   []string{"low", "medium", "high"},
		}},
		{"mistral.devstral-2-123b", report, "2026-08-20", "catalogues", set{
			"model": "Devstral 2", "launched": "2026-02-17", "limits.context": 256_000, "limits.max_output": 8192,
		}},
		{"mistral devstral", probe, "2026-10-08", "refused", set{"input.image": no}},
	}
}
