package facts

// openai is GPT and gpt-oss.
func openai() []row {
	return []row{
		{"openai", docs, "2026-10-06", "AWS: model cards", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"turns.system":          yes,
			"tools.use":             yes,
			"tools.streaming":       yes,
			"output.native":         yes,
			"count_tokens":          no,
		}},
		{"openai", report, "2026-09-15", "no explicit points on Converse; the Responses API has them", set{
			"cache.points": no,
		}},
		{"openai", report, "2026-08-20", "catalogues and other clients", set{
			"doors.format":          "openai",
			"thinking.supported":    yes,
			"thinking.adaptive":     no,
			"thinking.budget":       no,
			"tools.any":             yes,
			"tools.named":           yes,
			"tools.parallel_switch": no,
			"input.video":           no,
			"input.audio":           no,
		}},

		// GPT.
		{"openai gpt*|!gpt-oss*", docs, "2026-10-06", "AWS: model cards; seen in answers", set{
			"cache.implicit": yes,
			"input.image":    yes,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-10-08", "This model doesn't support the image field for user messages; an image in the user turn passes", set{
			"results.image": no,
		}},
		{"openai gpt*|!gpt-oss*", inferred, "2026-10-08", "as images", set{
			"results.document": no,
			"results.video":    no,
			"results.audio":    no,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-09-23", "This model doesn't support the temperature field; live, all of GPT-5 and GPT-6", set{
			"sampling.temperature": no,
			"sampling.top_p":       no,
		}},
		{"openai gpt*|!gpt-oss*", inferred, "2026-09-23", "no sampling at all", set{
			"sampling.top_k": no,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-10-08", "an object reasoning with effort; of reasoning_effort: Unknown parameter", set{
			"thinking.style": ThinkingStyleNested,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-09-09", "tried: low, high, xhigh and max", set{
			"thinking.efforts": []string{"low", "medium", "high", "xhigh", "max"},
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-09-09", "encrypted blocks come back across steps; text without them is refused", set{
			"thinking.replay.redacted": yes,
			"thinking.replay.signed":   no,
			"thinking.replay.unsigned": no,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-10-10", "Converse refuses maxTokens below 16", set{
			"limits.min_output": 16,
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-09-23", "refused; us. and global. only", set{
			"ids.bare":        no,
			"ids.geographies": []string{"us", "global"},
		}},
		{"openai gpt*|!gpt-oss*", probe, "2026-10-08", "a client's table of live limits", set{
			"limits.context":    1_050_000,
			"limits.max_output": 128_000,
		}},
		{"openai gpt*|!gpt-oss*", inferred, "2026-11-01", "OpenAI's own API: 'required' is required to be supplied and to be an array including every key in properties", set{
			"output.schema.optional": -1,
		}},
		{"openai gpt*|!gpt-oss* ..5.5", probe, "2026-10-08", "mantle only, in us-east-1", set{
			"doors.converse":        no,
			"doors.converse_stream": no,
			"doors.invoke":          no,
			"doors.elsewhere":       []string{"Responses at the mantle endpoint"},
			"ids.bare":              unknown,
			"ids.geographies":       []string{},
			"limits.context":        272_000,
			"limits.min_output":     0,
		}},
		{"openai gpt*|!gpt-oss* ..5.5", report, "2026-07-02", "a catalogue", set{
			"thinking.efforts": []string{"low", "medium", "high", "xhigh"},
			"thinking.none":    yes,
			"input.document":   yes,
		}},
		{"openai gpt*|!gpt-oss* 5.6", probe, "2026-09-09", "the effort none is taken", set{
			"thinking.none": yes,
		}},
		{"openai gpt*|!gpt-oss* ..5.6", inferred, "2026-09-09", "the effort none switches it off", set{
			"thinking.default":  ThinkingDefaultOn,
			"thinking.disabled": yes,
		}},
		{"openai gpt*|!gpt-oss* 6+", probe, "2026-10-04", "the effort none is refused", set{
			"thinking.none": no,
		}},
		{"openai gpt*|!gpt-oss* 6+", inferred, "2026-10-04", "nothing switches it off", set{
			"thinking.default":  ThinkingDefaultAlways,
			"thinking.disabled": no,
		}},
		{"openai gpt*|!gpt-oss* 6+", docs, "2026-10-27", "AWS: model card of GPT-6 Sol: Converse, Chat and Responses", set{
			"doors.invoke": no,
		}},
		{"openai.gpt-5.4", report, "2026-08-20", "catalogues", set{"model": "GPT-5.4", "launched": "2026-03-05"}},
		{"openai.gpt-5.5", report, "2026-08-20", "catalogues", set{"model": "GPT-5.5", "launched": "2026-04-23"}},
		{"openai.gpt-5.6-luna", report, "2026-08-20", "catalogues", set{"model": "GPT-5.6 Luna", "launched": "2026-07-09", "ids.geographies": []string{"global"}}},
		{"openai.gpt-5.6-sol", report, "2026-08-20", "catalogues", set{"model": "GPT-5.6 Sol", "launched": "2026-07-09"}},
		{"openai.gpt-5.6-terra", report, "2026-08-20", "catalogues", set{"model": "GPT-5.6 Terra", "launched": "2026-07-09", "ids.geographies": []string{"global"}}},
		{"openai.gpt-6-astra", probe, "2026-09-09", "a client's live tests", set{"model": "GPT-6 Astra", "launched": "2026-09-09"}},
		{"openai.gpt-6-luna", probe, "2026-09-23", "a client's live tests", set{"model": "GPT-6 Luna", "launched": "2026-09-22"}},
		{"openai.gpt-6-sol", docs, "2026-10-27", "AWS: model card", set{"model": "GPT-6 Sol", "launched": "2026-09-22"}},
		{"openai.gpt-6.1-sol", docs, "2026-10-27", "AWS: model card", set{
			"model": "GPT-6.1 Sol", "launched": "2026-09-29", "limits.context": 1_000_000, "limits.max_output": 131_072,
		}},
		{"openai.gpt-6.1-terra", docs, "2026-10-27", "AWS: model card", set{"model": "GPT-6.1 Terra", "launched": "2026-10-26"}},

		// gpt-oss.
		{"openai gpt-oss*", probe, "2026-08-22", "modelparams.dev; InvokeModel by AWS's pages", set{
			"doors.invoke":            yes,
			"ids.bare":                yes,
			"sampling.temperature":    yes,
			"sampling.top_p":          yes,
			"sampling.stop_sequences": yes,
			"limits.min_output":       1,
			"limits.context":          128_000,
			"limits.max_output":       16_384,
		}},
		{"openai gpt-oss*", probe, "2026-09-09", "reasoning_effort gave thinking; reasoning.effort passes, too", set{
			"thinking.style":   ThinkingStyleEffort,
			"thinking.efforts": []string{"low", "medium", "high"},
		}},
		{"openai gpt-oss*", probe, "2026-10-01", "none passes as reasoning.effort; a client's rule refuses it as reasoning_effort", set{
			"thinking.none":       yes,
			"thinking.none_style": ThinkingStyleNested,
		}},
		{"openai gpt-oss*", inferred, "2026-10-01", "it thinks, and none passes", set{
			"thinking.default": ThinkingDefaultOn,
		}},
		{"openai gpt-oss*", report, "2026-08-22", "other clients: thinking is taken back without a signature", set{
			"thinking.replay.unsigned": yes,
			"thinking.replay.redacted": yes,
			"thinking.replay.signed":   no,
		}},
		{"openai gpt-oss*", probe, "2026-10-08", "refused", set{
			"input.image":   no,
			"results.image": no,
		}},
		{"openai.gpt-oss-20b-1:0", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-20b", "launched": "2025-08-05"}},
		{"openai.gpt-oss-120b-1:0", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-120b", "launched": "2025-08-05"}},
		{"openai.gpt-oss-20b", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-20b (mantle)"}},
		{"openai.gpt-oss-120b", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-120b (mantle)"}},
		{"openai.gpt-oss-20b openai.gpt-oss-120b", probe, "2026-08-22", "the id of the mantle endpoint", set{
			"doors.converse":        unknown,
			"doors.converse_stream": unknown,
			"doors.invoke":          unknown,
			"launched":              "2025-08-05",
			"ids.bare":              unknown,
		}},
		{"openai.gpt-oss-safeguard-20b", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-safeguard-20b", "launched": "2025-10-29"}},
		{"openai.gpt-oss-safeguard-120b", docs, "2026-10-06", "AWS: model card", set{"model": "gpt-oss-safeguard-120b", "launched": "2025-10-29"}},
	}
}
