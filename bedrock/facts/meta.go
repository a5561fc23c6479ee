package facts

// meta is Llama.
func meta() []row {
	return []row{
		{"meta", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"turns.system":          yes,
			"input.document":        yes,
			"input.image":           no,
			"input.video":           no,
			"input.audio":           no,
			"tools.use":             yes,
		}},
		{"meta", probe, "2026-10-08", "This model doesn't support tool use in streaming mode", set{
			"tools.streaming": no,
		}},
		{"meta", docs, "2026-10-06", "AWS: model cards", set{
			"output.native": no,
			"count_tokens":  no,
		}},
		{"meta", report, "2026-08-22", "other clients on Bedrock", set{
			"tools.any":              no, // "This model doesn't support the toolConfig.toolChoice.any field."
			"tools.named":            no,
			"tools.parallel_switch":  no,
			"tools.text_with_call":   no,
			"tools.text_with_result": no, // "Conversation blocks and tool result blocks cannot be provided in the same turn."
			"results.image":          yes,
			"turns.assistant_first":  no,
		}},
		{"meta", probe, "2026-08-22", "modelparams.dev", set{
			"sampling.temperature": yes,
			"sampling.top_p":       yes,
			"limits.min_output":    1,
		}},
		{"meta * ..3", probe, "2026-08-22", "modelparams.dev", set{"sampling.stop_sequences": yes}},
		{"meta * 3.1..3.9", probe, "2026-08-22", "modelparams.dev", set{"sampling.stop_sequences": yes}},
		{"meta", inferred, "2026-08-22", "not among the parameters that AWS has for it", set{
			"sampling.top_k":           no,
			"tools.strict":             no,
			"cache.points":             no,
			"thinking.supported":       no,
			"thinking.default":         ThinkingDefaultOff,
			"thinking.efforts":         []string{},
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
		}},
		{"meta * ..3.0", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"tools.use":      no,
			"results.image":  no,
			"limits.context": 8192,
		}},
		{"meta * ..2.9", docs, "2025-12-01", "AWS: supported models", set{"limits.context": 4096}},
		{"meta * 3.0", probe, "2026-08-22", "ON_DEMAND", set{"ids.bare": yes}},
		{"meta * 3.1+", probe, "2026-08-22", "listed with a profile's prefix; older AWS pages let some be called bare in us-west-2", set{
			"ids.bare":        no,
			"ids.regions":     "some were once callable bare in us-west-2",
			"ids.geographies": []string{"us"},
		}},
		{"meta * 3.1..3.9", report, "2026-08-20", "catalogues have 4096 of output, AWS's cards more", set{
			"limits.context":    128_000,
			"limits.max_output": 8192,
		}},
		{"meta * 3.0..3.9", docs, "2025-12-01", "AWS: model parameters", set{"doors.format": "llama3"}},
		{"meta * 4+", docs, "2025-12-01", "AWS: model parameters", set{"doors.format": "llama4"}},
		{"meta * 4+", report, "2026-08-20", "catalogues", set{
			"input.image":       yes,
			"limits.max_output": 16_384,
		}},

		{"meta.llama2-13b-chat-v1", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 2 13B", "launched": "2023-11-13"}},
		{"meta.llama2-70b-chat-v1", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 2 70B", "launched": "2023-11-29"}},
		{"meta.llama3-8b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3 8B", "launched": "2024-04-18"}},
		{"meta.llama3-70b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3 70B", "launched": "2024-04-18"}},
		{"meta.llama3-1-8b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.1 8B", "launched": "2024-07-23"}},
		{"meta.llama3-1-70b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.1 70B", "launched": "2024-07-23"}},
		{"meta.llama3-1-405b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.1 405B", "launched": "2024-07-23"}},
		{"meta.llama3-2-1b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.2 1B"}},
		{"meta.llama3-2-3b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.2 3B"}},
		{"meta.llama3-2-1b-instruct-v1:0 meta.llama3-2-3b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"tools.use":     no,
			"results.image": no,
		}},
		{"meta.llama3-2-11b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.2 11B"}},
		{"meta.llama3-2-90b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Llama 3.2 90B"}},
		{"meta.llama3-2-11b-instruct-v1:0 meta.llama3-2-90b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"input.image": yes,
		}},
		{"meta llama 3.2", probe, "2026-10-08", "This model version has reached the end of its life", set{
			"launched":    "2024-09-25",
			"end_of_life": "2026-10-08",
		}},
		{"meta.llama3-3-70b-instruct-v1:0", report, "2026-08-20", "catalogues", set{"model": "Llama 3.3 70B", "launched": "2024-12-06"}},
		{"meta.llama4-scout-17b-instruct-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Llama 4 Scout", "launched": "2025-04-05", "limits.context": 3_500_000,
		}},
		{"meta.llama4-maverick-17b-instruct-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Llama 4 Maverick", "launched": "2025-04-05", "limits.context": 1_000_000,
		}},
	}
}
