// Package langchain joins this library and langchaingo, both ways.
//
// [From] makes any chat model a langchaingo model, so that chains, agents and
// programs written for langchaingo run on package bedrock, and their tests on a
// scripted fake:
//
//	llm := langchain.From(fake.New(fake.Text("hello")))
//	text, err := llms.GenerateFromSinglePrompt(ctx, llm, "Say hello.")
//
// [New] makes a langchaingo model a chat model, so that package conformance can
// check it against the rules for every model. Its test lists the rules that
// langchaingo's provider does not keep; it fails as soon as one of them is
// kept.
//
// The conversion loses the values that langchaingo has no place for: signatures
// of thinking, citations and the order of texts and calls in an answer. A model
// that wants its thinking back while it uses tools, as Claude does, is better
// used as it is.
package langchain
