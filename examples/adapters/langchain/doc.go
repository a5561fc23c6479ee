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
// hold it against what is asked of every model. Its test says which rules
// langchaingo's provider does not keep; such a gap fails as soon as it passes.
//
// What langchaingo has no place for is lost on the way: signatures of thinking,
// citations and the order of texts and calls in an answer. A model that wants
// its thinking back while it uses tools, as Claude does, is better used as it is.
package langchain
