package facts

// ai21 is Jamba.
var ai21 = []row{
	{"ai21", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"tools.streaming":       yes,
		"input.document":        yes,
		"input.image":           no,
	}},
	{"ai21", docs, "2026-10-06", "AWS: model card of Jamba 1.5 Large", set{
		"output.native": no,
	}},
	{"ai21", report, "2026-08-20", "absent from other clients' lists", set{
		"tools.any":   no,
		"tools.named": no,
	}},
	{"ai21", inferred, "2026-08-20", "nothing tells of it, and it is older than most of that; not looked up", set{
		"doors.invoke":             yes,
		"input.video":              no,
		"input.audio":              no,
		"count_tokens":             no,
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
	{"ai21.jamba-instruct-v1:0", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy", set{
		"model":           "Jamba Instruct",
		"tools.use":       no,
		"tools.streaming": no,
		"input.document":  no,
		"guardrails":      no,
	}},
	{"ai21.jamba-1-5-mini-v1:0 ai21.jamba-1-5-large-v1:0", docs, "2025-12-01", "AWS: model lifecycle, an older copy; limits by a model card of the two, an undated copy of 2026", set{
		"launched": "2024-09-23", "limits.context": 256_000, "limits.max_output": 4096,
	}},
	{"ai21.jamba-1-5-mini-v1:0", docs, "2025-12-01", "AWS: model lifecycle, an older copy", set{"model": "Jamba 1.5 Mini"}},
	{"ai21.jamba-1-5-large-v1:0", docs, "2025-12-01", "AWS: model lifecycle, an older copy", set{"model": "Jamba 1.5 Large"}},
}
