package facts

// writer is Palmyra.
var writer = []row{
	{"writer", docs, "2026-10-06", "AWS: model cards: streams of InvokeModel, tools", set{
		"doors.invoke": yes,
		"tools.use":    yes,
		"count_tokens": no,
		"guardrails":   yes,
	}},
	{"writer", report, "2026-08-22", "other clients on Bedrock: This model doesn't support the status field; tool use not in streams", set{
		"doors.converse":         yes,
		"doors.converse_stream":  yes,
		"tools.streaming":        no,
		"tools.result_status":    no,
		"tools.text_with_result": no,
	}},
	{"writer", report, "2026-08-20", "absent from another client's list; a catalogue", set{
		"tools.any":   no,
		"tools.named": no,
		"input.video": no,
		"input.audio": no,
	}},
	{"writer", inferred, "2026-08-22", "as other models that converse; the switch is Claude's; nobody saw thinking taken back", set{
		"turns.system":             yes,
		"tools.parallel_switch":    no,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"writer", probe, "2026-08-22", "modelparams.dev; cache points: your request did not allow prompt caching", set{
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
		"cache.points":            no,
	}},
	{"writer palmyra-x", report, "2026-08-20", "catalogues", set{
		"input.image": no,
	}},
	{"writer palmyra-x", inferred, "2026-10-06", "nothing is known that asks it to think, which catalogues have it do; its cards are silent on structured output", set{
		"thinking.supported": no,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.efforts":   []string{},
		"output.native":      no,
	}},
	{"writer palmyra-x", probe, "2026-08-22", "listed with a profile's prefix only", set{
		"ids.bare": no,
	}},
	{"writer palmyra-x", inferred, "2026-08-22", "the prefix of clients' ids", set{
		"ids.geographies": []string{"us"},
	}},
	{"writer.palmyra-x4-v1:0", report, "2026-04-13", "a catalogue", set{
		"model": "Palmyra X4", "limits.context": 122_880, "limits.max_output": 8192,
	}},
	{"writer.palmyra-x4-v1:0", inferred, "2026-08-20", "released with Palmyra X5; a catalogue has 2025-11-21", set{
		"launched": "2025-04-28",
	}},
	{"writer.palmyra-x5-v1:0", report, "2026-08-20", "catalogues", set{
		"model": "Palmyra X5", "launched": "2025-04-28", "limits.context": 1_040_000, "limits.max_output": 8192,
	}},
	{"writer palmyra-vision", probe, "2026-10-08", "refused on Converse: \"auto\" tool choice requires --enable-auto-tool-choice", set{
		"tools.use": no,
	}},
	{"writer palmyra-vision", probe, "2026-08-22", "notebooks; modelparams.dev", set{
		"turns.system": no,
		"input.image":  yes,
		"ids.bare":     yes,
	}},
	{"writer palmyra-vision", inferred, "2026-10-08", "without tools; nothing tells of thinking", set{
		"tools.strict":       no,
		"thinking.supported": no,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.efforts":   []string{},
	}},
	{"writer palmyra-vision", docs, "2026-10-06", "AWS: model card", set{"output.native": yes}},
	{"writer.palmyra-vision-7b", docs, "2026-10-06", "AWS: model card", set{"model": "Palmyra Vision 7B"}},
}
