package facts

// nvidia is Nemotron.
var nvidia = []row{
	{"nvidia", docs, "2026-10-06", "AWS: model cards", set{
		"output.native": yes,
		"count_tokens":  no,
		"guardrails":    yes,
	}},
	{"nvidia", probe, "2026-10-08", "a client's live tests, in streams", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"tools.use":             yes,
		"tools.streaming":       yes,
		"input.image":           no,
	}},
	{"nvidia", inferred, "2026-10-08", "as other models that converse", set{
		"turns.system": yes,
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
	{"nvidia", inferred, "2026-08-22", "nobody saw it; video and audio by catalogues", set{
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
	}},
	{"nvidia * ..2.9", inferred, "2026-08-20", "it does not think", set{
		"thinking.default": ThinkingDefaultOff,
		"thinking.efforts": []string{},
	}},
	{"nvidia * 3+", report, "2026-08-20", "catalogues", set{
		"thinking.supported": yes,
	}},
	{"nvidia * 3+", inferred, "2026-08-20", "nothing is known that asks it to think", set{
		"thinking.style":    ThinkingStyleUnasked,
		"thinking.efforts":  []string{},
		"thinking.disabled": no,
	}},
	{"nvidia.nemotron-nano-9b-v2 nvidia.nemotron-nano-12b-v2", report, "2026-08-20", "catalogues", set{
		"limits.context": 128_000,
	}},
	{"nvidia.nemotron-nano-9b-v2 nvidia.nemotron-nano-12b-v2", inferred, "2026-08-20", "as other models that AWS has had since then; a catalogue has 2024-12-01, before they were made", set{
		"launched": "2025-12-02",
	}},
	{"nvidia.nemotron-nano-9b-v2", docs, "2026-10-07", "AWS: model card", set{"model": "Nemotron Nano 2 9B"}},
	{"nvidia.nemotron-nano-12b-v2", probe, "2026-10-08", "a client's live tests", set{
		"model": "Nemotron Nano 2 VL 12B", "input.image": yes,
	}},
	{"nvidia.nemotron-nano-3-30b", report, "2026-08-20", "catalogues", set{
		"model": "Nemotron Nano 3 30B", "launched": "2025-12-23", "limits.context": 128_000,
	}},
	{"nvidia.nemotron-super-3-120b", report, "2026-04-13", "a catalogue", set{
		"model": "Nemotron Super 3 120B", "launched": "2026-03-18", "limits.context": 262_144, "limits.max_output": 131_072,
	}},
}
