package facts

// anthropic is Claude. What changed with a version stands where it changed.
func anthropic() []row {
	return []row{
		// All of them.
		{"anthropic", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"doors.converse":        yes,
			"doors.converse_stream": yes,
			"doors.invoke":          yes,
			"doors.format":          "anthropic",
			"turns.system":          yes,
			"tools.use":             yes,
			"tools.streaming":       yes,
			"tools.result_status":   yes,
			"input.image":           yes,
			"input.document":        yes,
			"input.video":           no,
			"input.audio":           no,
			"limits.context":        200_000,
		}},
		{"anthropic", probe, "2026-08-22", "modelparams.dev", set{
			"sampling.temperature":     yes,
			"sampling.temperature_max": 1,
			"sampling.top_p":           yes,
			"sampling.top_k":           yes,
			"sampling.top_k_field":     "top_k",
			"sampling.stop_sequences":  yes,
			"limits.min_output":        1,
		}},
		{"anthropic", docs, "2026-08-20", "Anthropic: Messages API; other clients on Bedrock", set{
			"tools.any":              yes,
			"tools.named":            yes,
			"tools.parallel_switch":  yes, // tool_choice.disable_parallel_tool_use
			"tools.text_with_call":   yes,
			"tools.text_with_result": yes,
			"turns.results_first":    true,
			"results.image":          yes,
			"results.document":       yes,
			"results.video":          no,
			"results.audio":          no,
			"turns.prefill":          yes,
			"turns.prefill_space":    no, // "final assistant content cannot end with trailing whitespace"
			"turns.blank_stop":       no, // "each stop sequence must contain non-whitespace"
			"turns.assistant_first":  yes,
		}},
		{"anthropic", probe, "2026-09-10", "an image of 4,184,278 bytes: image exceeds 5 MB maximum: 5579040 bytes > 5242880 bytes; one of 3,607,448 bytes was read", set{
			"limits.image_bytes": 5_242_880,
		}},
		{"anthropic", docs, "2026-10-06", "AWS: API restrictions; Claude reads images of at most 8000x8000 pixels", set{
			"limits.image_pixels": 8000,
		}},
		{"anthropic * 4+", docs, "2026-10-06", "AWS: API restrictions; the limit does not apply to PDF for Claude 4 and later", set{
			"limits.large_documents": []string{"application/pdf"},
		}},
		{"anthropic", probe, "2026-10-08", "totalTokens is the sum of input, output, read and written tokens", set{
			"answers.cache_in_input": no,
		}},
		{"anthropic", docs, "2026-10-10", "Anthropic: role 'system' is not supported on Claude 4.6 and older; what it says of later ones is for its own API, and on Bedrock the role was found switched off", set{
			"turns.system_between": no,
		}},
		{"anthropic", inferred, "2026-10-06", "structured output came with Claude 4.5", set{
			"output.native": no,
			"tools.strict":  no,
		}},
		{"anthropic * ..3.6", docs, "2025-12-01", "Anthropic: extended thinking came with Claude 3.7", set{
			"thinking.supported":       no,
			"thinking.default":         ThinkingDefaultOff,
			"tools.forced_thinking":    no,
			"thinking.adaptive":        no,
			"thinking.budget":          no,
			"thinking.between_tools":   no,
			"thinking.efforts":         []string{},
			"thinking.replay.signed":   yes,
			"thinking.replay.redacted": yes,
			"thinking.replay.unsigned": no,
		}},
		{"anthropic * 3.7+", docs, "2026-10-01", "Anthropic: extended thinking", set{
			"thinking.supported":       yes,
			"thinking.style":           ThinkingStyleClaude,
			"thinking.default":         ThinkingDefaultOff,
			"thinking.adaptive":        no,
			"thinking.budget":          yes,
			"thinking.budget_min":      1024,
			"thinking.disabled":        yes,
			"thinking.between_tools":   no,
			"thinking.efforts":         []string{},
			"thinking.none":            no,
			"thinking.replay.signed":   yes,
			"thinking.replay.redacted": yes,
			"tools.forced_thinking":    no, // "Thinking may not be enabled when tool_choice forces tool use."
			"sampling.while_thinking":  no, // temperature 1 and top_p of 0.95 and more only
		}},
		{"anthropic * 3.7+", report, "2026-08-01", "thinking.signature: Field required", set{
			"thinking.replay.unsigned": no,
		}},
		{"anthropic * 3.7+", probe, "2026-08-22", "INFERENCE_PROFILE only", set{
			"ids.bare": no,
		}},

		// Before Claude 3.
		{"anthropic * ..2.9", docs, "2025-12-01", "AWS: supported models and features of Converse", set{
			"input.image":      no,
			"tools.use":        no,
			"tools.streaming":  no,
			"results.image":    no,
			"results.document": no,
			"tools.any":        no,
			"tools.named":      no,
			"limits.context":   100_000,
		}},

		// The cache. The list of models is AWS's.
		{"anthropic", docs, "2026-09-15", "AWS: prompt caching, supported models: it is not on the list", set{
			"cache.points": no,
		}},
		{"anthropic claude-sonnet|claude-haiku 3.5", docs, "2026-09-15", "AWS: prompt caching, supported models: Claude 3.5 Sonnet v2 and Haiku", set{
			"cache.points": yes,
		}},
		{"anthropic.claude-3-5-sonnet-20240620-v1:0", docs, "2026-09-15", "AWS: prompt caching, supported models: of Claude 3.5 Sonnet only v2", set{
			"cache.points": no,
		}},
		{"anthropic * 3.7+", docs, "2026-09-15", "AWS: prompt caching, supported models", set{
			"cache.points": yes,
		}},
		{"anthropic * 3.5+", docs, "2026-09-15", "AWS: prompt caching", set{
			"cache.system":      yes,
			"cache.tools":       yes,
			"cache.messages":    yes,
			"cache.tool_blocks": yes,
			"cache.lifetimes":   yes,
			"cache.hour":        no,
			"cache.max_points":  4,
			"cache.min_tokens":  1024,
			"cache.lookback":    20,
		}},
		{"anthropic * 3.5+", report, "2026-05-01", "Cache point cannot be inserted after reasoning block", set{
			"cache.after_thinking": no,
			"cache.after_document": no,
		}},
		{"anthropic claude-haiku 3.5", docs, "2026-06-01", "AWS: prompt caching", set{
			"cache.min_tokens": 2048,
		}},
		{"anthropic * 4.5+", docs, "2026-09-15", "AWS: prompt caching", set{
			"cache.hour": yes,
		}},
		{"anthropic claude-opus|claude-sonnet 4.6", docs, "2026-09-15", "AWS: prompt caching; its copy of June had 5 minutes only", set{
			"cache.hour": changed{yes, "2026-09-15", no},
		}},
		{"anthropic claude-haiku|claude-opus 4.5..4.7", docs, "2026-09-15", "AWS: prompt caching", set{
			"cache.min_tokens": 4096,
		}},
		{"anthropic * 5+", docs, "2026-10-08", "AWS and Anthropic: prompt caching", set{
			"cache.min_tokens": 512,
		}},
		{"anthropic claude-sonnet 5.0", docs, "2026-09-15", "AWS: prompt caching", set{
			"cache.min_tokens": 1024,
		}},

		// Counting tokens.
		{"anthropic * 3.5+", docs, "2026-10-06", "AWS: count tokens, supported models", set{
			"count_tokens": yes,
		}},
		{"anthropic.claude-3-5-sonnet-20240620-v1:0", docs, "2026-10-06", "AWS: count tokens, supported models: it is not on the list", set{
			"count_tokens": no,
		}},
		{"anthropic * ..3.4", inferred, "2026-10-06", "AWS: count tokens, supported models: it is not on the list", set{
			"count_tokens": no,
		}},

		// Claude 4.1 to 4.6.
		{"anthropic * 4.1..4.6", probe, "2026-07-13", "`temperature` and `top_p` cannot both be specified", set{
			"sampling.both": no,
		}},
		{"anthropic * 4.5..4.6", docs, "2026-10-06", "AWS: structured outputs, supported models", set{
			"output.native":          yes,
			"tools.strict":           yes,
			"output.schema.unions":   16,
			"output.schema.optional": 24,
		}},
		{"anthropic *", report, "2026-08-10", "Too many strict tools (28). The maximum number of strict tools supported is 20; usestrix/strix#1050, pydantic/pydantic-ai#5579", set{
			"tools.strict_max": 20,
		}},
		{"anthropic claude-opus 4.5", docs, "2026-10-01", "Anthropic: effort", set{
			"thinking.efforts": []string{"low", "medium", "high"},
		}},
		{"anthropic * 4.6+", docs, "2026-10-27", "AWS and Anthropic: adaptive thinking, effort; one catalogue has it refused for 4.6, which a probe of October contradicts", set{
			"thinking.adaptive":       yes,
			"thinking.efforts":        []string{"low", "medium", "high", "max"},
			"thinking.effort_default": "high",
			"limits.context":          1_000_000,
			"limits.max_output":       128_000,
		}},
		{"anthropic * 4.6+", probe, "2026-08-15", "This model does not support assistant message prefill", set{
			"turns.prefill": no,
		}},

		// Since Opus 4.7.
		{"anthropic * 4.7+", docs, "2026-10-27", "Anthropic: adaptive thinking, effort", set{
			"thinking.budget":          no,
			"thinking.budget_min":      0,
			"thinking.efforts":         []string{"low", "medium", "high", "xhigh", "max"},
			"thinking.display":         yes,
			"thinking.display_default": "omitted",
		}},
		{"anthropic * 4.7+", probe, "2026-08-22", "`temperature` is deprecated for this model, and top_k; of top_p only 0.99 and more was taken, by some", set{
			"sampling.temperature": no,
			"sampling.top_p":       no,
			"sampling.top_k":       no,
		}},
		{"anthropic * 4.7+", docs, "2026-10-27", "AWS: count tokens: models with profiles only are counted at mantle", set{
			"count_tokens": no,
		}},
		{"anthropic * 4.7+", docs, "2026-10-06", "AWS: model cards: not on the runtime endpoint; probes of June to October: output_config.format: Extra inputs are not permitted. A client's changelog of November has it for Claude 5, without a call", set{
			"output.native": no,
			"tools.strict":  no,
		}},
		{"anthropic claude-opus 4.8", probe, "2026-07-02", "a forced choice beside adaptive thinking was accepted", set{
			"tools.forced_thinking": yes,
		}},

		// The fifth generation. It thinks unless a request switches that off, or always.
		{"anthropic * 5+", probe, "2026-07-02", "a forced choice beside adaptive thinking was accepted, of Fable 5 and Sonnet 5", set{
			"tools.forced_thinking": yes,
		}},
		{"anthropic * 5+", docs, "2026-10-01", "Anthropic: adaptive thinking", set{
			"thinking.default": ThinkingDefaultOn,
		}},
		{"anthropic * 5+", docs, "2026-10-07", "Anthropic: disabled up to effort high; xhigh and max: 400", set{
			"thinking.disabled_effort_max": "high",
		}},
		{"anthropic claude-sonnet 5.0", probe, "2026-10-08", "accepted; an issue of August says: without effect, and AWS's card that thinking cannot be turned off", set{
			"thinking.disabled": yes,
		}},
		{"anthropic claude-opus|claude-sonnet 5.5", docs, "2026-10-01", "Anthropic: adaptive thinking cannot be turned off", set{
			"thinking.default":             ThinkingDefaultAlways,
			"thinking.disabled":            no,
			"thinking.disabled_effort_max": "",
		}},
		{"anthropic claude-sonnet 5.5", docs, "2026-10-01", "Anthropic: between_tools in place of disabled, beside low, medium and high only", set{
			"thinking.between_tools":       yes,
			"thinking.disabled_effort_max": "high",
		}},
		{"anthropic claude-opus 5.5", docs, "2026-10-27", "AWS: model card", set{
			"thinking.effort_default": "medium",
		}},
		{"anthropic claude-fable|claude-mythos", docs, "2026-10-27", "AWS: model cards: thinking is always on", set{
			"thinking.supported":           yes,
			"thinking.style":               ThinkingStyleClaude,
			"thinking.default":             ThinkingDefaultAlways,
			"thinking.adaptive":            yes,
			"thinking.budget":              no,
			"thinking.disabled":            no,
			"thinking.disabled_effort_max": "",
			"thinking.efforts":             []string{"low", "medium", "high", "xhigh", "max"},
			"thinking.effort_default":      "high",
		}},

		// Forced choices went with the releases after the first of the generation.
		{"anthropic * 5.1+", probe, "2026-09-23", "tool_choice: type \"tool\" and \"any\" are not supported for this model", set{
			"tools.any":             no,
			"tools.named":           no,
			"tools.forced_thinking": no,
		}},
		{"anthropic claude-mythos", report, "2026-10-20", "other clients fall back to auto", set{
			"tools.any":             no,
			"tools.named":           no,
			"tools.forced_thinking": no,
		}},
		{"anthropic claude-fable 5.0", docs, "2026-09-10", "a gateway: worked on Fable 5, refused since 5.1; a client has it refused at Anthropic's own API", set{
			"tools.any":   changed{yes, "2026-09-10", no},
			"tools.named": changed{yes, "2026-09-10", no},
		}},
		{"anthropic * 5.1+", docs, "2026-10-27", "AWS: blocks of other accounts are dropped", set{
			"thinking.bound.account": true,
		}},
		{"anthropic claude-fable|claude-mythos 5.1+", docs, "2026-10-27", "AWS: bound to prefix, model and account", set{
			"thinking.bound.model":  true,
			"thinking.bound.prefix": true,
		}},

		// The models, the oldest first.
		{"anthropic.claude-instant-v1", docs, "2024-06-01", "AWS: supported models", set{
			"model": "Claude Instant", "limits.max_output": 4096,
		}},
		{"anthropic.claude-v2", docs, "2024-06-01", "AWS: supported models", set{
			"model": "Claude 2", "launched": "2023-07-11", "limits.max_output": 4096,
		}},
		{"anthropic.claude-v2:1", docs, "2024-06-01", "AWS: supported models", set{
			"model": "Claude 2.1", "launched": "2023-11-21", "limits.context": 200_000, "limits.max_output": 4096,
		}},
		{"anthropic.claude-3-sonnet-20240229-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3 Sonnet", "launched": "2024-03-04", "limits.max_output": 4096,
		}},
		{"anthropic.claude-3-haiku-20240307-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3 Haiku", "launched": "2024-03-13", "limits.max_output": 4096,
		}},
		{"anthropic.claude-3-opus-20240229-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3 Opus", "launched": "2024-04-16", "limits.max_output": 4096,
		}},
		{"anthropic.claude-3-5-sonnet-20240620-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3.5 Sonnet", "launched": "2024-06-20", "limits.max_output": 8192,
		}},
		{"anthropic.claude-3-5-sonnet-20241022-v2:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3.5 Sonnet v2", "launched": "2024-10-22", "limits.max_output": 8192,
		}},
		{"anthropic.claude-3-5-haiku-20241022-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3.5 Haiku", "launched": "2024-11-04", "limits.max_output": 8192,
		}},
		{"anthropic.claude-3-7-sonnet-20250219-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude 3.7 Sonnet", "launched": "2025-02-24", "limits.max_output": 64_000,
		}},
		{"anthropic.claude-opus-4-20250514-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude Opus 4", "launched": "2025-05-22", "limits.max_output": 32_000,
		}},
		{"anthropic.claude-sonnet-4-20250514-v1:0", probe, "2026-10-08", "a client's table of live limits", set{
			"model": "Claude Sonnet 4", "launched": "2025-05-22", "limits.max_output": 64_000,
		}},
		{"anthropic.claude-opus-4-1-20250805-v1:0", probe, "2026-10-08", "a client's table of live limits", set{
			"model": "Claude Opus 4.1", "launched": "2025-08-05", "limits.max_output": 32_000, "ids.geographies": []string{"us"},
		}},
		{"anthropic.claude-sonnet-4-5-20250929-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude Sonnet 4.5", "launched": "2025-09-29", "limits.max_output": 64_000,
			"ids.geographies": []string{"us", "eu", "jp", "global"},
		}},
		{"anthropic.claude-haiku-4-5-20251001-v1:0", report, "2026-08-21", "catalogues", set{
			"model": "Claude Haiku 4.5", "launched": "2025-10-15", "limits.max_output": 64_000,
			"ids.geographies": []string{"us", "eu", "jp", "au", "in", "global"},
		}},
		{"anthropic.claude-opus-4-5-20251101-v1:0", docs, "2025-12-01", "AWS: supported models", set{
			"model": "Claude Opus 4.5", "launched": "2025-11-24", "limits.max_output": 64_000,
			"ids.geographies": []string{"us", "eu", "global"},
		}},
		{"anthropic.claude-opus-4-6-v1", docs, "2026-10-27", "AWS: model card", set{
			"model": "Claude Opus 4.6", "launched": "2026-02-05", "ids.geographies": []string{"us", "eu", "au", "global"},
		}},
		{"anthropic.claude-sonnet-4-6", report, "2026-08-20", "catalogues; two of them and a probe have 64000 tokens of output, one 128000", set{
			"model": "Claude Sonnet 4.6", "launched": "2026-02-17", "limits.max_output": 128_000,
			"ids.geographies": []string{"us", "eu", "jp", "au", "global"},
		}},
		{"anthropic.claude-mythos-preview", docs, "2026-09-15", "AWS: prompt caching", set{
			"model": "Claude Mythos Preview", "cache.min_tokens": 4096,
		}},
		{"anthropic.claude-mythos-preview", inferred, "2026-10-27", "AWS tells it of 5.1 and later only", set{
			"thinking.bound.model":   false,
			"thinking.bound.prefix":  false,
			"thinking.bound.account": false,
		}},
		{"anthropic.claude-opus-4-7", docs, "2026-10-27", "AWS: model card; profiles as catalogues have them", set{
			"model": "Claude Opus 4.7", "launched": "2026-04-16", "ids.geographies": []string{"us", "eu", "jp", "global"},
		}},
		{"anthropic.claude-opus-4-8", report, "2026-08-20", "catalogues", set{
			"model": "Claude Opus 4.8", "launched": "2026-05-28", "ids.geographies": []string{"us", "eu", "jp", "au", "global"},
		}},
		{"anthropic.claude-fable-5", docs, "2026-10-27", "AWS: model card", set{
			"model": "Claude Fable 5", "launched": "2026-06-09", "ids.geographies": []string{"us", "eu", "global"},
		}},
		{"anthropic.claude-mythos-5", docs, "2026-09-15", "AWS: prompt caching, supported models", set{"model": "Claude Mythos 5"}},
		{"anthropic.claude-sonnet-5", report, "2026-08-20", "catalogues", set{
			"model": "Claude Sonnet 5", "launched": "2026-06-30", "ids.geographies": []string{"us", "eu", "jp", "au", "global"},
		}},
		{"anthropic.claude-opus-5", docs, "2026-10-27", "AWS: model card", set{
			"model": "Claude Opus 5", "launched": "2026-07-24", "ids.geographies": []string{"us", "eu", "jp", "au", "global"},
		}},
		{"anthropic.claude-fable-5-1", docs, "2026-09-15", "AWS: prompt caching, supported models", set{"model": "Claude Fable 5.1"}},
		{"anthropic.claude-mythos-5-1", docs, "2026-09-15", "AWS: prompt caching, supported models", set{"model": "Claude Mythos 5.1"}},
		{"anthropic.claude-opus-5-5", docs, "2026-10-27", "AWS: model card", set{
			"model": "Claude Opus 5.5", "launched": "2026-09-22", "ids.geographies": []string{"us", "eu", "jp", "au", "global"},
		}},
		{"anthropic.claude-sonnet-5-5", report, "2026-09-28", "a client's changelog", set{
			"model": "Claude Sonnet 5.5", "launched": "2026-09-28",
		}},
		{"anthropic.claude-haiku-5-5", report, "2026-10-07", "a client's changelog", set{
			"model": "Claude Haiku 5.5", "launched": "2026-10-07",
		}},
		{"anthropic.claude-fable-5-2", report, "2026-11-09", "a client's changelog", set{
			"model": "Claude Fable 5.2", "launched": "2026-11-09",
		}},
	}
}
