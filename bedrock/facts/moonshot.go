package facts

// moonshot is Kimi. Its ids begin with moonshot or moonshotai.
var moonshot = []row{
	{"moonshotai", probe, "2026-08-22", "notebooks, recorded exchanges, and a client's live tests of October", set{
		"doors.converse":        yes,
		"doors.converse_stream": yes,
		"turns.system":          yes,
	}},
	{"moonshotai", docs, "2026-10-06", "AWS: model cards", set{
		"output.native": yes,
		"count_tokens":  no,
		"guardrails":    yes,
	}},
	{"moonshotai", probe, "2026-10-08", "a client's live tests", set{
		"tools.use":       yes,
		"tools.streaming": yes,
		"input.image":     yes,
	}},
	{"moonshotai", report, "2026-08-22", "other clients on Bedrock", set{
		"tools.any":                yes,
		"tools.named":              yes,
		"results.image":            no,
		"turns.assistant_first":    yes,
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
		"input.video":              no,
		"input.audio":              no,
	}},
	{"moonshotai kimi-k* 3+", report, "2026-09-22", "AWS's card, as an issue tells it: Converse fails with thinking in the history", set{
		"thinking.replay.signed":   no,
		"thinking.replay.unsigned": no,
		"thinking.replay.redacted": no,
	}},
	{"moonshotai", inferred, "2026-08-22", "as images; the switch is Claude's", set{
		"results.document":      no,
		"tools.parallel_switch": no,
	}},
	{"moonshotai", probe, "2026-08-22", "your request did not allow prompt caching; Kimi K3 has points at the Responses and Chat doors", set{
		"cache.points": no,
	}},
	{"moonshotai", report, "2026-08-20", "catalogues, of Kimi K2 Thinking; a client sends it to all of Kimi K2", set{
		"thinking.supported": yes,
		"thinking.efforts":   []string{"low", "high", "max"},
		"thinking.style":     ThinkingStyleEffort,
	}},
	{"moonshotai", probe, "2026-08-22", "Kimi K2 Thinking always did", set{
		"thinking.default": ThinkingDefaultAlways,
	}},
	{"moonshotai kimi-k* 3+", docs, "2026-09-15", "Moonshot: Kimi K3 always thinks; efforts low, high, max", set{
		"thinking.supported": yes,
		"thinking.default":   ThinkingDefaultAlways,
		"thinking.efforts":   []string{"low", "high", "max"},
	}},
	{"moonshotai", inferred, "2026-09-15", "it always thinks, and the others are words of Claude's", set{
		"thinking.disabled": no,
		"thinking.adaptive": no,
		"thinking.budget":   no,
		"thinking.none":     no,
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
	{"moonshotai kimi-k* 3+", inferred, "2026-10-10", "shares its least output with the models that take reasoning.effort and refuse reasoning_effort; that is the field of its maker's API and of a catalogue. Nobody showed either on Converse", set{
		"thinking.style": ThinkingStyleNested,
	}},
	{"moonshot.kimi-k2-thinking", docs, "2026-09-15", "Moonshot; the launch by catalogues", set{
		"model": "Kimi K2 Thinking", "launched": "2025-12-02", "limits.context": 262_143, "limits.max_output": 16_000,
	}},
	{"moonshot.kimi-k2-thinking", probe, "2026-08-22", "the answer after a tool result held the tag in its text", set{
		"answers.thinking_tags": []string{"think"},
	}},
	{"moonshot.kimi-k2-thinking", probe, "2026-10-08", "refused", set{
		"input.image": no,
	}},
	{"moonshotai.kimi-k2.5", report, "2026-07-02", "a catalogue; of its thinking unasked nothing is known", set{
		"model": "Kimi K2.5", "launched": "2026-02-06", "limits.context": 262_143, "limits.max_output": 16_000,
		"thinking.default": ThinkingDefaultUnknown,
	}},
	{"moonshotai.kimi-k3", docs, "2026-09-15", "Moonshot", set{
		"model": "Kimi K3", "limits.context": 1_000_000,
	}},
	{"moonshotai.kimi-k3", report, "2026-09-22", "an issue, from AWS's announcement", set{
		"launched": "2026-09-18",
	}},
}
