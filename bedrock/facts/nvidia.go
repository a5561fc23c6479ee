package facts

// nvidia is Nemotron.
func nvidia() []row {
	return []row{
		{"nvidia", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"nvidia", probe, "2026-10-08", "a client's live tests", set{
			"tools.use":       yes,
			"tools.streaming": yes,
			"input.image":     no,
		}},
		{"nvidia", probe, "2026-08-22", "modelparams.dev", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
		}},
		{"nvidia", report, "2026-08-22", "your request did not allow prompt caching", set{
			"cache.points": no,
		}},
		{"nvidia", inferred, "2026-08-22", "nobody saw it", set{
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
			"results.image":            no,
			"tools.parallel_switch":    no,
			"input.video":              no,
			"input.audio":              no,
		}},
		{"nvidia * ..2.9", report, "2026-08-20", "catalogues", set{
			"thinking.supported": no,
			"thinking.default":   ThinkingDefaultOff,
			"thinking.efforts":   []string{},
		}},
		{"nvidia * 3+", report, "2026-08-20", "catalogues; nothing is known that asks it to", set{
			"thinking.supported": yes,
			"thinking.style":     ThinkingStyleUnasked,
			"thinking.efforts":   []string{},
			"thinking.disabled":  no,
		}},
		{"nvidia.nemotron-nano-9b-v2", docs, "2026-10-06", "AWS: model card", set{
			"model": "Nemotron Nano 2 9B", "launched": "2025-12-02", "limits.context": 128_000,
		}},
		{"nvidia.nemotron-nano-12b-v2", docs, "2026-10-06", "AWS: model card", set{
			"model": "Nemotron Nano 2 VL 12B", "launched": "2025-12-02", "limits.context": 128_000, "input.image": yes,
		}},
		{"nvidia.nemotron-nano-3-30b", report, "2026-08-20", "catalogues", set{
			"model": "Nemotron Nano 3 30B", "launched": "2025-12-23", "limits.context": 128_000,
		}},
		{"nvidia.nemotron-super-3-120b", docs, "2026-10-06", "AWS: model card", set{
			"model": "Nemotron Super 3 120B", "launched": "2026-03-18", "limits.context": 256_000,
		}},
	}
}
