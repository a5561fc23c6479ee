package facts

// writer is Palmyra.
func writer() []row {
	return []row{
		{"writer", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"turns.system":          yes,
			"tools.use":             yes,
			"count_tokens":          no,
		}},
		{"writer", report, "2026-08-22", "This model doesn't support the status field; tool use not in streams; other clients", set{
			"tools.streaming":          no,
			"turns.assistant_first":    no,
			"tools.result_status":      no,
			"tools.text_with_result":   no,
			"tools.any":                no,
			"tools.named":              no,
			"tools.parallel_switch":    no,
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
			"input.video":              no,
			"input.audio":              no,
		}},
		{"writer", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
			"cache.points":            no,
		}},
		{"writer palmyra-x", report, "2025-04-28", "Writer: models for text; a catalogue has it think", set{
			"input.image":        no,
			"thinking.supported": no,
			"thinking.default":   ThinkingDefaultOff,
			"thinking.efforts":   []string{},
			"output.native":      no,
		}},
		{"writer palmyra-x", probe, "2026-08-22", "listed with a profile's prefix only", set{
			"ids.bare":        no,
			"ids.geographies": []string{"us"},
		}},
		{"writer.palmyra-x4-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Palmyra X4", "launched": "2025-04-28", "limits.context": 128_000, "limits.max_output": 8192,
		}},
		{"writer.palmyra-x5-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Palmyra X5", "launched": "2025-04-28", "limits.context": 1_040_000, "limits.max_output": 8192,
		}},
		{"writer palmyra-vision", probe, "2026-10-08", "refused on Converse: \"auto\" tool choice requires --enable-auto-tool-choice", set{
			"turns.system":       no,
			"tools.use":          no,
			"tools.strict":       no,
			"thinking.supported": no,
			"thinking.default":   ThinkingDefaultOff,
			"thinking.efforts":   []string{},
			"input.image":        yes,
			"ids.bare":           yes,
		}},
		{"writer palmyra-vision", docs, "2026-10-06", "AWS: model card", set{"output.native": yes}},
		{"writer.palmyra-vision-7b", docs, "2026-10-06", "AWS: model card", set{"model": "Palmyra Vision 7B"}},
	}
}
