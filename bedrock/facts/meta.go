package facts

// meta is Llama.
var meta = []row{
	{"meta", probe, "2026-08-22", "recorded exchanges, undated: of Llama 3, 3.2, 3.3 and 4", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"doors.invoke":          yes,
		"turns.system":          yes,
	}},
	{"meta", report, "2024-07-01", "a client's table of Converse, of about July 2024: of Llama 3", set{
		"input.document": yes,
	}},
	{"meta", report, "2026-08-20", "catalogues", set{
		"input.image": no,
		"input.video": no,
		"input.audio": no,
	}},
	{"meta", docs, "2026-10-06", "AWS: model cards of Llama 3.1 and 4", set{
		"tools.use": yes,
	}},
	{"meta", probe, "2026-10-08", "This model doesn't support tool use in streaming mode", set{
		"tools.streaming": no,
	}},
	{"meta", docs, "2026-10-06", "AWS: model cards", set{
		"guardrails":    yes,
		"output.native": no,
		"count_tokens":  no,
	}},
	{"meta", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":              no, // "This model doesn't support the toolConfig.toolChoice.any field."
		"tools.named":            no,
		"tools.text_with_call":   no,
		"tools.text_with_result": no, // "Conversation blocks and tool result blocks cannot be provided in the same turn."
		"results.image":          yes,
		"turns.assistant_first":  no,
	}},
	{"meta", probe, "2026-08-22", "modelparams.dev", set{
		"sampling.temperature": yes,
		"sampling.top_p":       yes,
		"limits.min_output":    1,
	}},
	{"meta * ..3", probe, "2026-08-22", "modelparams.dev", set{"sampling.stop_sequences": yes}},
	{"meta * 3.1..3.9", probe, "2026-08-22", "modelparams.dev", set{"sampling.stop_sequences": yes}},
	{"meta", inferred, "2026-08-22", "no client sends it any of them; not looked up", set{
		"sampling.top_k":           no,
		"tools.parallel_switch":    no,
		"tools.strict":             no,
		"cache.points":             no,
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.efforts":         []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"meta * ..3.0", report, "2024-07-01", "a client's table of Converse, of about July 2024: of Llama 3", set{
		"tools.use": no,
	}},
	{"meta * ..3.0", inferred, "2024-07-01", "without tools", set{
		"results.image": no,
	}},
	{"meta * 3.0", probe, "2026-08-22", "ON_DEMAND", set{"ids.bare": yes}},
	{"meta * 3.1+", probe, "2026-08-22", "listed with a profile's prefix; older AWS pages let some be called bare in us-west-2", set{
		"ids.bare":        no,
		"ids.regions":     "some were once callable bare in us-west-2",
		"ids.geographies": []string{"us"},
	}},
	{"meta * 3.1..3.9", docs, "2026-04-01", "AWS: model card of Llama 3.1 70B, an undated copy of 2026; catalogues have the same of others", set{
		"limits.context":    128_000,
		"limits.max_output": 4096,
	}},
	{"meta * 3.0..3.9", probe, "2026-08-22", "recorded exchanges, undated: of Llama 3 and 3.3", set{"doors.format": "llama3"}},
	{"meta * 4+", inferred, "2026-08-22", "AWS's parameters of Meta's models; not looked up", set{"doors.format": "llama4"}},
	{"meta * 4+", report, "2026-08-20", "catalogues", set{
		"input.image":       yes,
		"limits.max_output": 16_384,
	}},

	{"meta.llama2-13b-chat-v1", inferred, "2024-07-01", "a client's list of ids has it; nothing else looked up", set{"model": "Llama 2 13B"}},
	{"meta.llama2-70b-chat-v1", inferred, "2024-07-01", "a client's list of ids has it; nothing else looked up", set{"model": "Llama 2 70B"}},
	{"meta.llama3-8b-instruct-v1:0", docs, "2026-10-07", "AWS: model card", set{"model": "Llama 3 8B"}},
	{"meta.llama3-70b-instruct-v1:0", report, "2026-04-13", "a catalogue", set{"model": "Llama 3 70B", "launched": "2024-04-23"}},
	{"meta.llama3-1-8b-instruct-v1:0", report, "2026-08-20", "catalogues", set{"model": "Llama 3.1 8B", "launched": "2024-07-23"}},
	{"meta.llama3-1-70b-instruct-v1:0", docs, "2026-04-01", "AWS: model card, an undated copy of 2026", set{"model": "Llama 3.1 70B", "launched": "2024-07-23"}},
	{"meta.llama3-1-405b-instruct-v1:0", inferred, "2024-07-23", "as the smaller ones of Llama 3.1; not looked up", set{"model": "Llama 3.1 405B"}},
	{"meta.llama3-2-1b-instruct-v1:0", probe, "2026-08-22", "recorded exchanges, undated", set{"model": "Llama 3.2 1B"}},
	{"meta.llama3-2-3b-instruct-v1:0", report, "2026-10-08", "a client's table", set{"model": "Llama 3.2 3B"}},
	{"meta.llama3-2-1b-instruct-v1:0 meta.llama3-2-3b-instruct-v1:0", report, "2026-08-20", "absent from another client's list of models with tools, which has the larger ones", set{
		"tools.use": no,
	}},
	{"meta.llama3-2-1b-instruct-v1:0 meta.llama3-2-3b-instruct-v1:0", inferred, "2026-08-20", "without tools", set{
		"results.image": no,
	}},
	{"meta.llama3-2-11b-instruct-v1:0", report, "2026-04-13", "a catalogue", set{"model": "Llama 3.2 11B"}},
	{"meta.llama3-2-90b-instruct-v1:0", report, "2026-04-13", "a catalogue", set{"model": "Llama 3.2 90B"}},
	{"meta.llama3-2-11b-instruct-v1:0 meta.llama3-2-90b-instruct-v1:0", report, "2026-04-13", "a catalogue, of the smaller one", set{
		"input.image": yes,
	}},
	{"meta llama 3.2", probe, "2026-10-08", "This model version has reached the end of its life; of 1B, 3B and 11B. The day is that of the probe", set{
		"end_of_life": "2026-10-08",
	}},
	{"meta.llama3-3-70b-instruct-v1:0", report, "2026-08-20", "catalogues", set{"model": "Llama 3.3 70B", "launched": "2024-12-06"}},
	{"meta.llama4-scout-17b-instruct-v1:0", report, "2026-04-13", "a catalogue", set{
		"model": "Llama 4 Scout", "limits.context": 3_500_000,
	}},
	{"meta.llama4-scout-17b-instruct-v1:0", inferred, "2026-08-20", "released with Maverick; a catalogue has 2025-04-28, likely of Bedrock", set{
		"launched": "2025-04-05",
	}},
	{"meta.llama4-maverick-17b-instruct-v1:0", report, "2026-08-20", "catalogues", set{
		"model": "Llama 4 Maverick", "launched": "2025-04-05", "limits.context": 1_000_000,
	}},
}
