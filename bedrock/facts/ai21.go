package facts

// ai21 is Jamba.
func ai21() []row {
	return []row{
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
			"turns.assistant_first":    no,
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
}
