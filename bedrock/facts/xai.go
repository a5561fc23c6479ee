package facts

// xai is Grok.
func xai() []row {
	return []row{
		{"xai", docs, "2026-10-15", "AWS: model cards and blog", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"cache.implicit":        yes,
			"count_tokens":          no,
			"ids.bare":              no,
			"ids.geographies":       []string{"us", "global"},
			"limits.context":        500_000,
			"thinking.supported":    yes,
			"thinking.efforts":      []string{"low", "medium", "high", "xhigh"},
			"output.native":         yes,
		}},
		{"xai", probe, "2026-10-08", "a client's live tests", set{
			"tools.use":       yes,
			"tools.streaming": yes,
			"input.image":     yes,
		}},
		{"xai", probe, "2026-09-02", "a client's live tests", set{
			"tools.any":   yes,
			"tools.named": yes,
		}},
		{"xai", probe, "2026-09-15", "This model doesn't support the temperature field; top_p is dropped beside it", set{
			"sampling.temperature": no,
			"sampling.top_p":       no,
		}},
		{"xai", inferred, "2026-09-15", "no sampling at all; all but Claude", set{
			"sampling.top_k":        no,
			"tools.parallel_switch": no,
			"results.image":         no,
			"results.document":      no,
			"input.video":           no,
			"input.audio":           no,
		}},
		{"xai", probe, "2026-08-28", "InvokeModel with a body as for OpenAI's chat", set{
			"doors.invoke": yes,
			"doors.format": "openai",
		}},
		{"xai", probe, "2026-08-19", "reasoning.effort, on Converse; cache points: your request did not allow prompt caching", set{
			"thinking.style": ThinkingStyleNested,
			"cache.points":   no,
		}},
		{"xai", docs, "2026-10-15", "AWS: blog: always thinks", set{
			"thinking.default":         ThinkingDefaultAlways,
			"thinking.disabled":        no,
			"thinking.adaptive":        no,
			"thinking.budget":          no,
			"thinking.none":            no,
			"thinking.replay.redacted": yes,
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
		}},
		{"xai", inferred, "2026-10-15", "encrypted forms are known of Grok 4.7 only; nothing says that one opens what another sealed", set{
			"thinking.bound.model": true,
		}},
		{"xai", probe, "2026-10-10", "Converse refuses maxTokens below 16", set{
			"limits.min_output": 16,
		}},
		{"xai", report, "2026-08-22", "inputTokens holds the tokens that were cached", set{
			"answers.cache_in_input": yes,
		}},
		{"xai.grok-4.6", docs, "2026-10-27", "AWS: model card: not on the runtime endpoint; effort low by default", set{
			"model": "Grok 4.6", "launched": "2026-08-12", "limits.max_output": 500_000,
			"output.native":           no,
			"thinking.effort_default": "low",
		}},
		{"xai.grok-4.7", docs, "2026-10-15", "AWS: blog", set{
			"model": "Grok 4.7", "launched": "2026-10-15",
			"thinking.effort_default": "high",
		}},
	}
}
