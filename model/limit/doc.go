// Package limit keeps calls within a provider's quotas of requests and tokens
// a minute, so that they wait here and are not refused there.
//
// # Mental model
//
// A [Limiter] stands for one quota. Every model that draws on the quota gets
// its middleware, and all their calls wait in one queue, first come, first
// served:
//
//	limiter, err := limit.New(limit.Options{Requests: 200, Tokens: 400_000, Burndown: 5})
//	sonnet := model.Wrap(llm, limiter.Middleware())
//
// Tokens are counted as Amazon Bedrock counts them (user guide, "How tokens
// are counted in Amazon Bedrock"). When a call begins, its prompt and its
// limit of the answer, [model.Request.MaxTokens], are taken from the quota.
// When it has ended, its actual use replaces that: the prompt without the tokens
// read from the cache, and the answer times the model's burndown rate. So a
// MaxTokens close to the real length of answers lets more calls run at a
// time. A request without one takes the model's own maximum
// ([model.LimitsOf]); if that is not known, the call is refused with an error
// of kind [model.ErrInvalidRequest].
//
// The tokens of a prompt must be known before it is sent. [Options.Estimate]
// returns them. Without it they are estimated by size, and the usage of answers
// corrects the estimate.
//
// # Learning
//
// The provider's view is not always the configured one. When a call is refused
// with [model.ErrThrottled], the limiter compares it with what it has taken in
// the last minute.
//
// If the call would have fitted, others draw on the same quota. The limiter
// slows down by a quarter, once for all calls that were on their way, and
// speeds up again by a seventh of the quota a minute.
//
// If it would not have fitted, the provider counts by the minute and this
// minute is used up. The user guide says what a call takes from a quota a
// minute, but not whether the quota fills all the time or anew each minute. The
// limiter begins with a full quota that fills all the time. If the provider
// does not see it so, it tries one call every two seconds until the next minute
// has begun, and from then on spreads its calls over the minute.
//
// [model.Error.RetryAfter] holds all calls back for that long. A refused call
// is not made again here: put [model.Retry] around the limiter for that, so
// that each attempt waits for its turn.
//
// # One process
//
// A limiter knows of the calls of its own process only. For n processes, give
// each an n-th of the quota. Where their shares change, let each have more and
// learn from the refusals: the rates settle near what there is, with some
// refusals to retry.
//
// # Streams, errors, concurrency
//
// A stream waits when it is ranged over, and is settled when the loop is left.
// A call that waits ends with its context and returns the context's error. If an
// answer breaks off, so that its usage is unknown, the tokens taken for it stay
// taken. A Limiter is safe for concurrent use and starts no goroutine.
package limit
