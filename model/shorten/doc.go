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
// A conversation is cut between exchanges: a question of the user, every call and
// result after it, and the answer. So a call never loses its result. The oldest
// exchanges go first. All system messages stay, and so does the user's last
// turn; where that answers calls, they and the question that led to them stay,
// too, and the steps between go, the oldest first. What the user said between
// these steps, in messages without results, stays. An answer at the end that the
// model is to continue stays with the turn before it. A limit that this does not
// reach is an error of kind [model.ErrContextOverflow].
//
// # The cached prefix
//
// Exchanges up to the last explicit [model.CachePoint] are cached, and go after
// all others, the latest of them first. The others go by fours as long as four
// are left, so that what stands behind the cut is the same for some turns and is
// found in the cache; in shorter conversations no more goes than must.
//
// # Thinking
//
// Some models bind their thinking to the conversation before it, and refuse it
// after any other. So the thinking behind a cut is left out, unless
// [Options.KeepThinking] is set.
//
// # How tokens are counted
//
// By [Options.Count], else, in [Middleware], by [model.CountTokens] where the
// model has it and it succeeds, else by [Estimate]. That was held against 66 prompts that Amazon Bedrock has
// counted, of Claude, Nova and others. Those of over 1,000 tokens are estimated
// at 0.7 to 1.2 times the count. Below that the error is a number rather than a
// factor: a service adds 300 to 900 hidden tokens for tools and for citations,
// and a small document counts 2,000 tokens less than its estimate. [Middleware]
// makes up for it: a prompt that a model refused as too long counts as too long,
// whatever its estimate.
//
// # Concurrency
//
// All functions are safe for concurrent use. No request is modified.
package shorten
