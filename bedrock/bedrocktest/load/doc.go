// Package load gives the test server quotas and time: requests and tokens a
// minute, a time to the first token, a speed, and hours of little capacity. A
// client's retries, limits and fallbacks can be tried on it in virtual time,
// and a [Report] tells how they did.
//
//	world, err := load.New(load.Options{Seed: 1, Default: load.Model{Requests: 200, Tokens: 400_000, Speed: 80}})
//	server := bedrocktest.InMemory(model, &bedrocktest.Options{Load: world})
//	// ... send requests, in a testing/synctest bubble for virtual time ...
//	fmt.Print(world.Report())
//
// # Quotas
//
// Each model id has a bucket of requests and one of tokens. A bucket holds a
// minute's quota, starts full, and fills at an even rate. A request takes its
// prompt and the tokens it may generate at the start; at the end it gets these
// back and pays for what it used: the prompt without what came from the cache,
// and the answer times the burn-down rate. So a request without a token limit
// takes as much as its model could generate, and an answer of Claude, which
// burns five tokens for one, may leave the bucket in debt. A request that does
// not fit is throttled, takes nothing, and is told when it would fit.
//
// The service documents what is taken and paid
// (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html),
// and not how a minute is measured; the even rate is this package's choice.
// CountTokens takes nothing. Quotas a day are not enforced.
//
// # Time
//
// An answer begins after [Model.FirstToken] and comes at [Model.Speed], both
// drawn anew for each attempt within [Model.Jitter]. A [Wave] takes capacity
// away and gives it back: while some is gone, answers are slower by as much,
// and as large a share of the requests is refused as unavailable.
//
// The clock is [time.Now], which a testing/synctest bubble makes virtual, or
// the [Clock] of the [Options].
//
// # The same for a seed
//
// Whatever is drawn depends on the seed, on the request and on how many times
// it came, never on which request came first. A request is known by its key:
// the header [Header] if it has one, else its model and body. Requests that
// are sent at one moment reach the quota one after the other, within
// [Options.Spread], in an order that is drawn. So the report of a test in
// virtual time is the same bytes each time it runs.
package load
