package facts

// amazon is Nova and Titan Text.
var amazon = []row{
	{"amazon nova*", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy, of the first generation; the second by probes of 2026", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
		"tools.use":             yes,
		"tools.streaming":       yes,
		"input.image":           yes,
		"input.document":        yes,
	}},
	{"amazon nova*", docs, "2026-10-06", "AWS: model card of Nova 2 Lite", set{
		"doors.invoke": yes,
		"input.video":  yes,
		"input.audio":  no,
	}},
	{"amazon nova*", inferred, "2026-10-06", "the bodies of Nova's own guide; not looked up", set{
		"doors.format": "nova",
	}},
	{"amazon nova*", probe, "2026-08-22", "recorded exchanges, undated", set{
		"tools.result_status":    yes,
		"tools.text_with_result": yes,
	}},
	{"amazon nova*", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":             yes,
		"tools.named":           yes,
		"tools.server_forced":   no,
		"results.image":         yes,
		"turns.assistant_first": no, // "A conversation must start with a user message."
	}},
	{"amazon nova*", inferred, "2026-08-22", "the switch is Claude's; results as the user's turns", set{
		"tools.parallel_switch": no,
		"results.document":      yes,
		"results.audio":         no,
	}},
	{"amazon nova*", probe, "2026-08-22", "modelparams.dev", set{
		"ids.bare":                yes,
		"sampling.temperature":    yes,
		"sampling.top_p":          yes,
		"sampling.top_k":          yes,
		"sampling.top_k_field":    "inferenceConfig.topK",
		"sampling.stop_sequences": yes,
		"limits.min_output":       1,
	}},
	{"amazon nova*", docs, "2026-10-06", "AWS: model cards; those of speech models deny guardrails", set{
		"guardrails":    yes,
		"output.native": no,
		"count_tokens":  no,
	}},
	{"amazon nova*", inferred, "2026-10-06", "comes with structured output, which it has not", set{
		"tools.strict": no,
	}},
	{"amazon nova*", docs, "2026-09-15", "AWS: prompt caching; an older copy has the limit of 32000 tokens", set{
		"cache.points":     yes,
		"cache.system":     yes,
		"cache.messages":   yes,
		"cache.lifetimes":  no, // 5 minutes, which cannot be asked for
		"cache.hour":       no,
		"cache.min_tokens": 1000,
		"cache.max_tokens": 32_000,
		"cache.max_points": 4,
		"cache.implicit":   yes,
	}},
	{"amazon nova*", report, "2026-08-01", "#/toolConfig/tools/0: extraneous key [cachePoint] is not permitted; of messages with tool results likewise", set{
		"cache.tools":       no,
		"cache.tool_blocks": no,
	}},
	{"amazon nova*", inferred, "2026-09-01", "nobody saw any form of thinking taken back", set{
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},

	// The first generation does not think, but for words in the text.
	{"amazon nova* ..1", report, "2026-09-01", "the provided reasoning config value is invalid", set{
		"thinking.supported": no,
	}},
	{"amazon nova* ..1", inferred, "2026-09-01", "it cannot be asked to think", set{
		"thinking.default": ThinkingDefaultOff,
		"thinking.efforts": []string{},
	}},
	{"amazon nova* ..1", probe, "2026-10-01", "<thinking> in the text, and now and then <response> and <answer>", set{
		"answers.thinking_tags": []string{"thinking"},
	}},
	{"amazon nova* ..1", report, "2026-10-06", "the service: exceeds the model limit of 10000; AWS's cards have 5K, catalogues 5120 to 8192", set{
		"limits.max_output": 10_000,
	}},

	// The second one thinks if it is told to.
	{"amazon nova* 2+", report, "2026-05-01", "other clients on Bedrock", set{
		"thinking.supported": yes,
		"thinking.default":   ThinkingDefaultOff,
		"thinking.style":     ThinkingStyleNova,
		"thinking.disabled":  yes,
		"thinking.efforts":   []string{"low", "medium", "high"},
	}},
	{"amazon nova* 2+", inferred, "2026-05-01", "its thinking has no such words; the effort between the others is asked for", set{
		"thinking.adaptive":   no,
		"thinking.budget":     no,
		"thinking.none":       no,
		"thinking.effort_ask": "medium",
	}},
	{"amazon nova* 2+", probe, "2026-08-22", "recorded exchanges, undated: grounding and code interpreter", set{
		"tools.server": yes,
	}},
	{"amazon nova* 2+", report, "2026-05-10", "must be unset at high effort", set{
		"thinking.high_without": []string{"max_tokens", "temperature", "top_p", "top_k"},
	}},
	{"amazon nova* 2+", inferred, "2026-05-10", "that is told of high effort only", set{
		"sampling.while_thinking": yes,
	}},
	{"amazon nova* 2+", probe, "2026-08-22", "called by its bare id in us-east-1; a catalogue has a profile only", set{
		"ids.bare":    unknown,
		"ids.regions": "bare in us-east-1",
	}},

	// Speech to speech has a door of its own.
	{"amazon nova-sonic", probe, "2026-10-08", "Converse refuses it, of the second generation", set{
		"doors.converse": no,
	}},
	{"amazon nova-sonic", docs, "2026-10-07", "AWS: model card of Nova 2 Sonic", set{
		"guardrails": no,
	}},
	{"amazon nova-sonic", inferred, "2026-10-08", "speech to speech has an operation of its own; not looked up", set{
		"doors.converse_stream": no,
		"doors.invoke":          no,
		"doors.format":          "",
		"doors.elsewhere":       []string{"InvokeModelWithBidirectionalStream"},
		"input.audio":           yes,
		"cache.points":          no,
	}},

	{"amazon nova-micro", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy", set{
		"input.image":    no,
		"input.document": no,
	}},
	{"amazon nova-micro", report, "2026-04-13", "a catalogue: text only", set{
		"input.video": no,
	}},
	{"amazon nova-micro", inferred, "2025-12-01", "it reads neither in the user's turn", set{
		"results.image":    no,
		"results.document": no,
	}},
	{"amazon.nova-micro-v1:0", report, "2026-04-13", "catalogues", set{
		"model": "Nova Micro", "launched": "2024-12-03", "limits.context": 128_000,
	}},
	{"amazon.nova-lite-v1:0", report, "2026-08-20", "catalogues", set{
		"model": "Nova Lite", "launched": "2024-12-03", "limits.context": 300_000,
	}},
	{"amazon.nova-pro-v1:0", docs, "2026-04-01", "AWS: model card, an undated copy of 2026", set{
		"model": "Nova Pro", "launched": "2024-12-05", "limits.context": 300_000,
	}},
	{"amazon.nova-premier-v1:0", docs, "2026-09-07", "AWS: model card, a copy of about September 2026; a probe of October found its life ended", set{
		"model": "Nova Premier", "end_of_life": "2026-09-14", "limits.context": 1_000_000, "limits.max_output": 25_000,
	}},
	{"amazon.nova-premier-v1:0", inferred, "2026-09-07", "not looked up", set{
		"ids.bare": no, "ids.geographies": []string{"us"}, "tools.server": yes,
	}},
	{"amazon.nova-2-lite-v1:0", docs, "2026-10-06", "AWS: model card: 1M and 64K tokens, of which other clients make 65535; a catalogue's 128000 and 4096 are what it has for want of better", set{
		"model": "Nova 2 Lite", "launched": "2025-12-02", "limits.context": 1_000_000, "limits.max_output": 65_535,
	}},
	{"amazon.nova-sonic-v1:0", report, "2026-04-13", "a catalogue", set{"model": "Nova Sonic"}},
	{"amazon.nova-2-sonic-v1:0", report, "2026-04-13", "a catalogue", set{"model": "Nova 2 Sonic", "launched": "2025-12-02"}},
	{"amazon.nova-2-5-sonic-v1:0", probe, "2026-10-08", "Converse refuses it", set{"model": "Nova 2.5 Sonic"}},

	{"amazon titan-text*", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          no,
		"tools.use":             no,
		"tools.streaming":       no,
		"input.image":           no,
		"input.document":        yes,
	}},
	{"amazon.titan-text-premier-v1:0", docs, "2025-12-01", "AWS: Converse, supported models and features: an older copy", set{
		"input.document": no,
	}},
	{"amazon titan-text*", probe, "2026-08-22", "recorded exchanges, undated", set{
		"doors.invoke": yes,
		"doors.format": "titan",
	}},
	{"amazon titan-text*", inferred, "2025-12-01", "without tools, and of text", set{
		"tools.any":             no,
		"tools.named":           no,
		"tools.parallel_switch": no,
		"input.video":           no,
		"input.audio":           no,
	}},
	{"amazon titan-text*", inferred, "2025-12-01", "older than the feature", set{
		"output.native":            no,
		"tools.strict":             no,
		"cache.points":             no,
		"count_tokens":             no,
		"sampling.top_k":           no,
		"thinking.supported":       no,
		"thinking.default":         ThinkingDefaultOff,
		"thinking.efforts":         []string{},
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"amazon.titan-text-lite-v1", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{"model": "Titan Text Lite"}},
	{"amazon.titan-text-express-v1", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{"model": "Titan Text Express"}},
	{"amazon.titan-text-premier-v1:0", report, "2024-07-01", "a client's table of Converse, of about July 2024", set{"model": "Titan Text Premier"}},
}
