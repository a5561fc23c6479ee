// Package facts describes the models on Amazon Bedrock: what each accepts,
// refuses and does by default.
//
// [Lookup] returns the facts of a model by its id. They come from one table of
// rows. A row has a pattern of models, a source and what that source says:
//
//	{"anthropic * 4.7+", probe, "2026-08-22", "temperature is deprecated for this model", set{
//		"sampling.temperature": no,
//	}},
//
// Rows apply in order, so that general ones come first and what is said of a
// single model last. A pattern is a maker, a line of models and versions, or
// whole ids:
//
//	anthropic                      all of a maker; * alone is all models
//	anthropic claude-opus          a line
//	anthropic claude-opus 4.7+     since a version; 4.5 alone, ..4.5 up to it, 4.5..4.8 between them
//	qwen qwen-next|qwen-coder      one line or another; * is any end, ! is but not
//	amazon.nova-lite-v1:0          models, by their base ids, with blanks between them
//
// To add a model, add a row with its base id. The model then has all the facts of
// its line, generation and maker. A model without such a row behaves as its
// newest known sibling; see [Lookup].
//
// Every fact has a name, such as "sampling.temperature" for
// Facts.Sampling.Temperature. [Facts.Source] returns its source by that name. The
// date of a row is the day on which its evidence was seen or published. Sources
// err, and the service changes: newer evidence counts more than older, and a
// probe more than a document. Where they contradict one another, the table holds
// the reading that hurts a caller least.
//
// MODELS.md in package bedrock is made from the table by go generate.
package facts

//go:generate go test -count=1 -run ^TestPage$ . -update
