package facts

// zai is GLM.
func zai() []row {
	return []row{
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
}
