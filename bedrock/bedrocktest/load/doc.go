// Package load gives the test server quotas and time: requests and tokens per
// minute, a time to the first token, a speed, and waves of low capacity. It
// lets a client's retries, limits and fallbacks be tested in virtual time, and
// a [Report] shows how they fared.
//
//	world, err := load.New(load.Options{Seed: 1, Default: load.Model{Requests: 200, Tokens: 400_000, Speed: 80}})
//	server := bedrocktest.InMemory(model, &bedrocktest.Options{Load: world})
//	// ... send requests, in a testing/synctest bubble for virtual time ...
//	fmt.Print(world.Report())
//
// # Quotas
//
// Each model id has a bucket of requests and a bucket of tokens. A bucket holds
// the quota of one minute, starts full, and refills at a constant rate. At the
// start a request takes its prompt and the tokens it may generate. At the end
// it gets these back and pays for the tokens that it used: the prompt without
// the part read from the cache, and the answer times the burn-down rate. So a
// request without a token limit takes as much as its model could generate, and
// an answer of Claude, which burns five tokens for each of its own, may leave
// the bucket in debt. A request that does not fit is throttled. It takes
// nothing, and its refusal says when it would fit.
//
// The service documents which tokens are taken and paid
// (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html),
// but not how it measures a minute; the constant rate is this package's choice.
// CountTokens takes nothing. Daily quotas are not enforced.
//
// # Time
//
// An answer begins after [Model.FirstToken] and arrives at [Model.Speed]. Both
// are drawn for each attempt, within [Model.Jitter]. A [Wave] takes capacity
// away and gives it back. While a share of the capacity is gone, answers are
// slower by that share, and the same share of the requests is refused as
// unavailable.
//
// The clock is [time.Now], which is virtual in a testing/synctest bubble, or the
// [Clock] of the [Options].
//
// # Reproducible reports
//
// Every draw depends on the seed, on the request, and on the number of times
// that the request has arrived. It never depends on the order of different
// requests. The header [Header] identifies a request; without it, its model and
// body do. Requests that are sent at the same moment reach the quota one by
// one, within [Options.Spread], in an order that is drawn. So a test in virtual
// time makes the same report, byte for byte, every time it runs.
package load
