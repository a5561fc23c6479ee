package facts

// cohere is Command.
var cohere = []row{
	{"cohere", docs, "2026-08-19", "AWS: model card of Command R+", set{
		"doors.converse": yes,
		"doors.invoke":   yes,
		"input.image":    no,
		"input.video":    no,
		"input.audio":    no,
	}},
	{"cohere", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"input.document":        yes,
	}},
	{"cohere", report, "2026-08-20", "another client streams Command R with tools; one of 2024 did not", set{
		"tools.streaming": yes,
	}},
	{"cohere", report, "2026-08-20", "absent from another client's list", set{
		"tools.any":   no,
		"tools.named": no,
	}},
	{"cohere", inferred, "2026-08-20", "Command's own parameters, and nothing tells of thinking; not looked up", set{
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
	{"cohere command-text|command-light-text", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{
		"turns.system":    no,
		"tools.use":       no,
		"tools.streaming": no,
	}},
	{"cohere.command-text-v14", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{"model": "Command"}},
	{"cohere.command-light-text-v14", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{"model": "Command Light", "input.document": no}},
	{"cohere.command-r-v1:0", docs, "2026-04-01", "AWS: model card, an undated copy of 2026; of the launch the month is told", set{"model": "Command R", "launched": "2024-08-01", "end_of_life": "2026-08-19", "limits.context": 128_000, "limits.max_output": 4096}},
	{"cohere.command-r-plus-v1:0", docs, "2026-08-19", "AWS: model card; of the launch the month is told", set{"model": "Command R+", "launched": "2024-08-01", "end_of_life": "2026-08-19", "limits.context": 128_000, "limits.max_output": 4096}},
}
