package facts

// qwen is Qwen 3.
func qwen() []row {
	return []row{
		{"qwen", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"doors.format":          "openai",
			"turns.system":          yes,
			"tools.use":             yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"qwen", probe, "2026-10-08", "a client's live tests", set{
			"tools.streaming": yes,
			"input.image":     no,
		}},
		{"qwen", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
			"cache.points":            no,
		}},
		{"qwen", report, "2026-08-22", "other clients on Bedrock", set{
			"turns.assistant_first":    yes,
			"tools.parallel_switch":    no,
			"results.image":            no,
			"input.video":              no,
			"input.audio":              no,
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
		}},
		{"qwen", inferred, "2026-08-22", "as images", set{
			"results.document": no,
		}},
		{"qwen", report, "2026-08-20", "catalogues, and the names: instruct models do not think", set{
			"thinking.supported": no,
			"thinking.default":   ThinkingDefaultOff,
			"thinking.efforts":   []string{},
		}},
		{"qwen.qwen3-32b-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Qwen3 32B", "launched": "2025-09-18", "limits.max_output": 16_384,
			"thinking.supported": yes,
		}},
		{"qwen.qwen3-32b-v1:0", probe, "2026-08-22", "a recorded call of unknown date: reasoning_config high, and the answer thinks; reasoning_effort is accepted, too, but was not seen to change anything on Converse", set{
			"thinking.style":      ThinkingStyleQwen,
			"thinking.adaptive":   no,
			"thinking.budget":     no,
			"thinking.efforts":    []string{"low", "medium", "high"},
			"thinking.effort_ask": "high",
			"thinking.none":       unknown,
		}},
		{"qwen.qwen3-235b-a22b-2507-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Qwen3 235B", "launched": "2025-09-18", "limits.context": 262_144, "limits.max_output": 131_072,
		}},
		{"qwen.qwen3-235b-a22b-2507", probe, "2026-08-22", "the id of the mantle endpoint", set{
			"model": "Qwen3 235B (mantle)", "launched": "2025-09-18",
			"doors.converse":        no,
			"doors.converse_stream": no,
			"doors.invoke":          no,
			"doors.elsewhere":       []string{"the mantle endpoint"},
			"ids.bare":              unknown,
		}},
		{"qwen.qwen3-coder-30b-a3b-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Qwen3 Coder 30B", "launched": "2025-09-18", "limits.context": 262_144, "limits.max_output": 131_072,
		}},
		{"qwen.qwen3-coder-480b-a35b-v1:0", docs, "2026-10-06", "AWS: model card", set{
			"model": "Qwen3 Coder 480B", "launched": "2025-09-18", "limits.context": 262_144, "limits.max_output": 65_536,
		}},
		{"qwen.qwen3-coder-next", report, "2026-08-20", "catalogues, which have it think; its maker denies that", set{
			"model": "Qwen3 Coder Next", "launched": "2026-02-06", "limits.context": 131_072, "limits.max_output": 65_536,
		}},
		{"qwen.qwen3-next-80b-a3b", report, "2026-08-20", "catalogues", set{
			"model": "Qwen3 Next 80B", "launched": "2025-09-18", "limits.context": 262_000, "limits.max_output": 262_000,
		}},
		{"qwen.qwen3-vl-235b-a22b", docs, "2026-10-06", "AWS: model card", set{
			"model": "Qwen3 VL 235B", "launched": "2025-12-02", "limits.context": 262_000, "input.image": yes,
		}},
	}
}
