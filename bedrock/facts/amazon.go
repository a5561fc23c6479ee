package facts

// amazon is Nova and Titan Text.
func amazon() []row {
	return []row{
		{"amazon nova*", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"doors.format":          "nova",
			"turns.system":          yes,
			"tools.use":             yes,
			"tools.streaming":       yes,
			"tools.result_status":   yes,
			"input.image":           yes,
			"input.document":        yes,
			"input.video":           yes,
			"input.audio":           no,
			"input.s3":              yes,
		}},
		{"amazon nova*", report, "2026-10-06", "This model doesn't support the s3Location field; of tool results", set{
			"results.s3": no,
		}},
		{"amazon nova*", docs, "2026-10-06", "AWS: API restrictions; the limit does not apply to PDF and DOCX for Nova", set{
			"limits.large_documents": []string{"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		}},
		{"amazon nova*", report, "2026-08-22", "other clients on Bedrock", set{
			"tools.any":              yes,
			"tools.named":            yes,
			"tools.parallel_switch":  no,
			"tools.server_forced":    no,
			"results.image":          yes,
			"results.document":       yes,
			"results.audio":          no,
			"tools.text_with_result": yes,
			"turns.assistant_first":  no, // "A conversation must start with a user message."
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
		{"amazon nova*", docs, "2026-10-06", "AWS: model cards", set{
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
		{"amazon nova*", report, "2026-09-01", "no form of thinking is taken back", set{
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
		}},

		// The first generation does not think, apart from words in its text.
		{"amazon nova* ..1", report, "2026-09-01", "the provided reasoning config value is invalid", set{
			"thinking.supported": no,
			"thinking.default":   ThinkingDefaultOff,
			"thinking.efforts":   []string{},
		}},
		{"amazon nova* ..1", probe, "2026-10-01", "<thinking> in the text, and now and then <response> and <answer>", set{
			"answers.thinking_tags": []string{"thinking"},
		}},
		{"amazon nova* ..1", docs, "2026-10-06", "\"exceeds the model limit of 10000\"", set{
			"limits.max_output": 10_000,
		}},

		// The second one thinks on request.
		{"amazon nova* 2+", report, "2026-05-01", "AWS: Nova 2 extended thinking; other clients", set{
			"thinking.supported":  yes,
			"thinking.default":    ThinkingDefaultOff,
			"thinking.style":      ThinkingStyleNova,
			"thinking.adaptive":   no,
			"thinking.budget":     no,
			"thinking.disabled":   yes,
			"thinking.efforts":    []string{"low", "medium", "high"},
			"thinking.effort_ask": "medium",
			"thinking.none":       no,
			"tools.server":        yes, // grounding and code interpreter
		}},
		{"amazon nova* 2+", report, "2026-05-10", "must be unset at high effort", set{
			"thinking.high_without":   []string{"max_tokens", "temperature", "top_p", "top_k"},
			"sampling.while_thinking": yes,
		}},
		{"amazon nova* 2+", probe, "2026-08-22", "called by its bare id in us-east-1; a catalogue has a profile only", set{
			"ids.bare":    unknown,
			"ids.regions": "bare in us-east-1",
		}},

		// Speech to speech has a door of its own.
		{"amazon nova-sonic", probe, "2026-10-08", "Converse refuses it", set{
			"doors.converse":        no,
			"doors.converse_stream": no,
			"doors.invoke":          no,
			"doors.format":          "",
			"doors.elsewhere":       []string{"InvokeModelWithBidirectionalStream"},
			"input.audio":           yes,
			"cache.points":          no,
		}},

		{"amazon nova-micro", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"input.image":      no,
			"input.document":   no,
			"input.video":      no,
			"results.image":    no,
			"results.document": no,
		}},
		{"amazon.nova-micro-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Nova Micro", "launched": "2024-12-03", "limits.context": 128_000,
		}},
		{"amazon.nova-lite-v1:0", report, "2026-08-20", "catalogues", set{
			"model": "Nova Lite", "launched": "2024-12-03", "limits.context": 300_000,
		}},
		{"amazon.nova-pro-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Nova Pro", "launched": "2024-12-03", "limits.context": 300_000,
		}},
		{"amazon.nova-premier-v1:0", probe, "2026-10-08", "This model version has reached the end of its life", set{
			"model": "Nova Premier", "launched": "2025-04-30", "end_of_life": "2026-10-08", "limits.context": 1_000_000,
			"ids.bare": no, "ids.geographies": []string{"us"}, "tools.server": yes,
		}},
		{"amazon.nova-2-lite-v1:0", docs, "2025-12-02", "AWS: model card; the catalogues' 128000 and 4096 are what they have for want of better", set{
			"model": "Nova 2 Lite", "launched": "2025-12-02", "limits.context": 1_000_000, "limits.max_output": 65_535,
		}},
		{"amazon.nova-sonic-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Nova Sonic", "launched": "2025-04-08",
		}},
		{"amazon.nova-2-sonic-v1:0", probe, "2026-10-08", "Converse refuses it", set{"model": "Nova 2 Sonic", "launched": "2025-12-02"}},
		{"amazon.nova-2-5-sonic-v1:0", probe, "2026-10-08", "Converse refuses it", set{"model": "Nova 2.5 Sonic"}},

		{"amazon titan-text*", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"doors.format":          "titan",
			"turns.system":          no,
			"turns.assistant_first": no, // "A conversation must start with a user message."
			"tools.use":             no,
			"tools.streaming":       no,
			"tools.any":             no,
			"tools.named":           no,
			"tools.parallel_switch": no,
			"input.image":           no,
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
		{"amazon.titan-text-lite-v1", docs, "2025-12-01", "AWS: supported models", set{"model": "Titan Text Lite", "launched": "2023-11-29"}},
		{"amazon.titan-text-express-v1", docs, "2025-12-01", "AWS: supported models", set{"model": "Titan Text Express", "launched": "2023-11-29"}},
		{"amazon.titan-text-premier-v1:0", docs, "2025-12-01", "AWS: supported models", set{"model": "Titan Text Premier", "launched": "2024-05-07"}},
	}
}
