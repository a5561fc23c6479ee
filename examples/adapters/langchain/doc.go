// Package langchain connects this library and langchaingo, in both directions.
//
// [From] makes any chat model a langchaingo model. So chains, agents and
// programs written for langchaingo run on package bedrock, and their tests on a
// scripted fake:
//
//	llm := langchain.From(fake.New(fake.Text("hello")))
//	text, err := llms.GenerateFromSinglePrompt(ctx, llm, "Say hello.")
//
// [New] makes a langchaingo model a chat model, so that package conformance can
// check it against the rules for every model. Its test lists the rules that
// langchaingo's provider breaks. It fails as soon as one of them is kept.
//
// The conversion loses values that langchaingo has no place for: signatures of
// thinking, citations, and the order of texts and calls in an answer. Do not
// use it with tools for a model that requires its thinking back, as Claude
// does.
package langchain
