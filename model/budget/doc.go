// Package budget keeps what calls cost within limits: a call that could exceed
// its limit is refused before anything is sent.
//
// # Mental model
//
// A [Budget] has an account for each key: a customer, a job, or one for all. A
// model gets its middleware together with its prices, which are the caller's
// to know; there are none in this package:
//
//	b, err := budget.New(budget.Options{Limit: budget.Money(25)})
//	llm = model.Wrap(llm, b.Middleware(budget.Prices{Input: 3, Output: 15, CacheRead: 0.30, CacheWrite: 3.75}))
//
//	ctx = budget.WithKey(ctx, customer)
//	resp, err := llm.Generate(ctx, req) // errors.Is(err, model.ErrBudget): nothing was sent
//
// Before a call, the most that it can cost is reserved: its prompt, as
// estimated, at the dearest price that a prompt can have, and the longest
// answer that it allows ([model.Request.MaxTokens], or what [model.LimitsOf]
// tells). After it, what it cost by its usage takes the reservation's place.
// What was spent and what is reserved never exceed the limit when a call is
// let through; there is no waiting.
//
// # How much more than the limit can be spent
//
// Let through are only calls whose reservations fit, however many run at a
// time. So what is spent is at most the limit and, for each call, what it cost
// beyond its reservation. A call costs more than its reservation only if its
// prompt had more tokens than [Options.Estimate] said, or its answer more than
// it was allowed. With an estimate that never says too little, such as
// [model.CountTokens], nothing is spent beyond the limit. The estimate by size
// counts a token for every 2 bytes of text, which is too many for most
// prompts.
//
// # What is settled how
//
// Thinking is part of an answer, and paid as such. Reads and writes of the
// provider's cache have their prices, writes by lifetime. Each attempt of a
// [model.Retry] outside the budget is a call of its own, and so is each of a
// [model.Fallback] over models that have the budget each with its prices. A
// call that the provider refused costs nothing. For a call whose usage nobody
// tells, such as a stream that was left or broke off, the whole reservation is
// spent, since the provider may have done all the work; [Options.Unknown] can
// judge otherwise.
//
// Put the budget inside what may end a call before it is sent, such as
// [limit.Limiter], so that a call that only waited is not charged.
//
// # Concurrency
//
// A Budget is safe for concurrent use. It knows of the calls of its own process
// and forgets them with it: [Budget.Add] brings in what was spent elsewhere or
// before. Accounts are kept until [Budget.Reset].
//
// [limit.Limiter]: https://pkg.go.dev/github.com/chatmodel-go/chatmodel/model/limit#Limiter
package budget
