package facts

// google is Gemma.
func google() []row {
	return []row{
		{"google", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"google", probe, "2026-10-08", "a client's live tests; a catalogue denies tools to one size", set{
			"tools.use":       yes,
			"tools.streaming": yes,
			"input.image":     yes,
		}},
		{"google", probe, "2026-08-22", "modelparams.dev", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
		}},
		{"google", report, "2026-08-22", "your request did not allow prompt caching; an image in a tool's result is refused", set{
			"cache.points":  no,
			"results.image": no,
		}},
		{"google", report, "2026-08-20", "catalogues", set{
			"thinking.supported":       no,
			"thinking.default":         ThinkingDefaultOff,
			"thinking.efforts":         []string{},
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
			"input.video":              no,
			"input.audio":              no,
		}},
		{"google", inferred, "2026-08-20", "as images, and as all but Claude", set{
			"results.document":      no,
			"tools.parallel_switch": no,
		}},
		{"google gemma 3", report, "2026-08-20", "catalogues", set{
			"limits.context":    131_072,
			"limits.max_output": 8192,
		}},
		{"google.gemma-3-4b-it", docs, "2026-10-06", "AWS: model card", set{"model": "Gemma 3 4B", "launched": "2025-12-02"}},
		{"google.gemma-3-12b-it", docs, "2026-10-06", "AWS: model card", set{"model": "Gemma 3 12B", "launched": "2025-12-02"}},
		{"google.gemma-3-27b-it", docs, "2026-10-06", "AWS: model card; a catalogue's context of 202752 is that of another model", set{"model": "Gemma 3 27B", "launched": "2025-12-02"}},
		{"google.gemma-4-31b", probe, "2026-08-22", "mantle only", set{
			"model":                 "Gemma 4 31B",
			"doors.converse":        no,
			"doors.converse_stream": no,
			"doors.invoke":          no,
			"doors.elsewhere":       []string{"the mantle endpoint"},
			"ids.bare":              unknown,
		}},
	}
}
