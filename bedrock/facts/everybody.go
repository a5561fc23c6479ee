package facts

// everybody is what holds for all models, because the service itself sees to
// it.
var everybody = []row{
	{"*", docs, "2026-10-06", "Converse API reference", set{
		"turns.document_needs_text": true, // "A text block must be included when using documents."
		"sampling.stops_max":        2500,
		"guardrails":                yes,
		"turns.system_between":      no, // the roles are user and assistant
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
