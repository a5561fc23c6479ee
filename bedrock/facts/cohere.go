package facts

// cohere is Command.
func cohere() []row {
	return []row{
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
			"turns.assistant_first":    no,
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
}
