package facts

// moonshot is Kimi. Its ids begin with moonshot or moonshotai.
func moonshot() []row {
	return []row{
		{"moonshotai", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"moonshotai", probe, "2026-10-08", "a client's live tests", set{
			"tools.use":       yes,
			"tools.streaming": yes,
			"input.image":     yes,
		}},
		{"moonshotai", report, "2026-08-22", "other clients on Bedrock", set{
			"tools.any":                yes,
			"tools.named":              yes,
			"tools.parallel_switch":    no,
			"results.image":            no,
			"turns.assistant_first":    yes,
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
			"thinking.replay.redacted": no,
			"input.video":              no,
			"input.audio":              no,
		}},
		{"moonshotai", probe, "2026-08-22", "a recorded call of unknown date: ids such as functions.get_temperature:0 came and went back", set{
			"turns.tool_id_pattern": "[a-zA-Z0-9_.:-]+",
		}},
		{"moonshotai", inferred, "2026-08-22", "as images", set{
			"results.document": no,
		}},
		{"moonshotai", probe, "2026-08-22", "your request did not allow prompt caching; Kimi K3 has points at the Responses and Chat doors", set{
			"cache.points": no,
		}},
		{"moonshotai", docs, "2026-09-15", "Moonshot: always thinks; efforts low, high, max", set{
			"thinking.supported": yes,
			"thinking.default":   ThinkingDefaultAlways,
			"thinking.disabled":  no,
			"thinking.adaptive":  no,
			"thinking.budget":    no,
			"thinking.efforts":   []string{"low", "high", "max"},
			"thinking.none":      no,
		}},
		{"moonshotai", report, "2026-08-22", "other clients", set{
			"thinking.style": ThinkingStyleEffort,
		}},
		{"moonshotai kimi-k* ..2.9", probe, "2026-08-22", "modelparams.dev", set{
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
		}},
		{"moonshotai kimi-k* 3+", probe, "2026-10-10", "Converse refuses maxTokens below 16", set{
			"limits.min_output": 16,
		}},
		{"moonshotai kimi-k* 3+", docs, "2026-10-06", "AWS: model card", set{
			"ids.bare":        no,
			"ids.geographies": []string{"us", "global"},
		}},
		{"moonshotai kimi-k* 3+", inferred, "2026-10-10", "shares its least output with the models that take reasoning.effort", set{
			"thinking.style": ThinkingStyleNested,
		}},
		{"moonshot.kimi-k2-thinking", docs, "2026-09-15", "Moonshot", set{
			"model": "Kimi K2 Thinking", "launched": "2025-12-02", "limits.context": 262_143, "limits.max_output": 16_000,
		}},
		{"moonshot.kimi-k2-thinking", probe, "2026-08-22", "the answer after a tool result held the tag in its text", set{
			"answers.thinking_tags": []string{"think"},
			"input.image":           no,
		}},
		{"moonshotai.kimi-k2.5", docs, "2026-10-06", "AWS: model card", set{
			"model": "Kimi K2.5", "launched": "2026-02-06", "limits.context": 262_143,
			"thinking.default": ThinkingDefaultUnknown,
		}},
		{"moonshotai.kimi-k3", docs, "2026-09-15", "Moonshot", set{
			"model": "Kimi K3", "launched": "2026-09-15", "limits.context": 1_000_000,
		}},
	}
}
