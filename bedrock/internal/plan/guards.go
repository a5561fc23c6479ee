package plan

// Guards marks the parts of a prompt that a guardrail should look at, by tags
// with a suffix, in formats without a place for guard content.
// https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html
type Guards struct {
	Suffix string // empty: nothing is marked
}
