package facts

// everybody is what holds for all models, because the service itself sees to
// it.
func everybody() []row {
	return []row{
		{"*", docs, "2026-10-06", "Converse API reference", set{
			"turns.document_needs_text": true, // "A text block must be included when using documents."
			"sampling.stops_max":        2500,
			"guardrails":                yes,
			"turns.system_between":      no, // the roles are user and assistant
		}},
		{"*", docs, "2026-10-06", "AWS: API restrictions; the text of the refusal", set{
			"limits.document_bytes": 4_718_592, // "The maximum document size is 4.5 MB."
		}},
		{"*", docs, "2026-10-27", "AWS: structured outputs, a subset of JSON Schema 2020-12", set{
			"output.schema.keywords": []string{
				"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
				"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "patternProperties",
			},
			"output.schema.closed":    true,
			"output.schema.recursion": no,
		}},
	}
}

// noS3 is whose models read no files in S3.
func noS3() []row {
	return rowsOf(report, "2026-08-12", "AWS's service team names Nova alone; probes of Claude and Pixtral: This model doesn't support the s3Location field",
		set{"input.s3": no, "results.s3": no},
		"ai21", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral", "moonshot", "moonshotai", "nvidia", "openai", "qwen", "writer", "xai", "zai")
}

// rowsOf returns rows of the same facts.
func rowsOf(g Grade, date, text string, facts set, of ...string) []row {
	rows := make([]row, len(of))
	for i, pattern := range of {
		rows[i] = row{pattern, g, date, text, facts}
	}
	return rows
}
