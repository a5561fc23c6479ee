package facts

// minimax is MiniMax.
func minimax() []row {
	return []row{
		{"minimax", docs, "2026-10-06", "AWS: model cards; a catalogue denies structured output", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"minimax", probe, "2026-10-08", "a client's live tests", set{
			"tools.use":       yes,
			"tools.streaming": yes,
			"input.image":     no,
		}},
		{"minimax", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.top_k":          yes,
			"sampling.top_k_field":    "top_k",
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
			"cache.points":            no,
		}},
		{"minimax", probe, "2026-08-22", "thinking came without asking; the budgets that a catalogue lists are likely those of another API", set{
			"thinking.supported": yes,
			"thinking.default":   ThinkingDefaultAlways,
			"thinking.style":     ThinkingStyleUnasked,
			"thinking.adaptive":  no,
			"thinking.disabled":  no,
			"thinking.efforts":   []string{},
		}},
		{"minimax", inferred, "2026-08-22", "nobody saw it", set{
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
			"results.image":            no,
			"tools.parallel_switch":    no,
			"input.video":              no,
			"input.audio":              no,
		}},
		{"minimax.minimax-m2", report, "2026-08-20", "catalogues", set{
			"model": "MiniMax M2", "launched": "2025-10-27", "limits.context": 204_608, "limits.max_output": 128_000,
		}},
		{"minimax.minimax-m2.1", docs, "2026-10-06", "AWS: model card", set{
			"model": "MiniMax M2.1", "launched": "2026-02-06", "limits.context": 196_608,
		}},
		{"minimax.minimax-m2.5", report, "2026-08-20", "catalogues", set{
			"model": "MiniMax M2.5", "launched": "2026-03-18", "limits.context": 196_608, "limits.max_output": 98_304,
		}},
	}
}
