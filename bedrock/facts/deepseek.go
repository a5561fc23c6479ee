package facts

// deepseek is DeepSeek.
func deepseek() []row {
	return []row{
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
}
