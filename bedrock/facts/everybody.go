package facts

// everybody is what holds for all models, because the service itself sees to
// it.
var everybody = []row{
	{"*", docs, "2026-01-01", "Converse API reference: Message, InferenceConfiguration; a copy of 2026, undated", set{
		"turns.document_needs_text": true, // "A text block must be included when using documents."
		"sampling.stops_max":        2500,
		"turns.system_between":      no, // the roles are user and assistant
	}},
	{"*", inferred, "2026-10-07", "as nearly all models that have a card of AWS", set{
		"guardrails": yes,
	}},
	{"*", docs, "2026-08-28", "AWS: structured outputs: not supported", set{
		"output.schema.closed":    true,
		"output.schema.recursion": no,
	}},
	// AWS names minimum, maximum, multipleOf, minLength and maxLength, and allows
	// minItems of 0 and 1. Anthropic takes simple patterns.
	{"*", report, "2026-07-21", "AWS: structured outputs, of numbers and strings; maxItems was refused live; the rest is what other clients take out", set{
		"output.schema.keywords": []string{
			"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
			"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
		},
	}},
}
