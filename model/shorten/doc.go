// Package shorten cuts conversations that have grown too long for a model.
//
// # Mental model
//
// [Request] cuts a request to a number of tokens and says what it left out.
// [Middleware] does so when a call overflows, and asks again:
//
//	llm = model.Wrap(llm, shorten.Middleware(nil))
//	resp, err := llm.Generate(ctx, req) // resp.Warnings names the messages that were left out
//
// A conversation is cut between exchanges: what the user asked, all that came
// of it, and the answer. So a call is never parted from its result. The oldest
// exchanges go first. All system messages stay, and so does the user's last
// turn; where that answers calls, they and the question that led to them stay,
// too, and the steps between go, the oldest first. A limit that this does not
// reach is an error of kind [model.ErrContextOverflow].
//
// # The cached prefix
//
// Exchanges up to the last explicit [model.CachePoint] are cached, and go after
// all others, the latest of them first. Where there is none, the cut moves in
// steps of four exchanges, so that what stands behind it is the same for some
// turns and is found in the cache.
//
// # Thinking
//
// Some models seal their thinking together with the conversation before it, and
// refuse it behind another one. So the thinking behind a cut is left out,
// unless [Options.KeepThinking] says that the model's is not bound so.
//
// # How tokens are counted
//
// By [Options.Count], else by [model.CountTokens] where the model has it, else
// by [Estimate]. That was held against 66 prompts that Amazon Bedrock has
// counted, of Claude, Nova and others. Those of over 1,000 tokens are estimated
// at 0.7 to 1.2 times the count. Below that the error is a number rather than a
// factor: for tools and for citations, a service adds 300 to 900 tokens that
// nobody sees, and a small document counts for 2,000 tokens less than the
// estimate says. [Middleware] makes up for it: what a model has found too long
// counts as too long, whatever the estimate says.
//
// # Concurrency
//
// All functions are safe for concurrent use. No request is modified.
package shorten
