// Package budget keeps what calls cost within limits: a call that could exceed
// its limit is refused before anything is sent.
//
// # Mental model
//
// A [Budget] has an account for each key: a customer, a job, or one for all.
// Its middleware takes the prices of the model, which the caller supplies; this
// package has none:
//
//	b, err := budget.New(budget.Options{Limit: budget.Money(25)})
//	llm = model.Wrap(llm, b.Middleware(budget.Prices{Input: 3, Output: 15, CacheRead: 0.30, CacheWrite: 3.75}))
//
//	ctx = budget.WithKey(ctx, customer)
//	resp, err := llm.Generate(ctx, req) // errors.Is(err, model.ErrBudget): nothing was sent
//
// Before a call, the most that it can cost is reserved: the estimated prompt at
// its highest price, and the longest answer that the call allows
// ([model.Request.MaxTokens], or the model's limit by [model.LimitsOf]). After
// the call, its cost by usage replaces the reservation. A call is let through
// only if the money spent and reserved stays within the limit. Calls never wait.
//
// # How much more than the limit can be spent
//
// A call is let through only if its reservation fits, however many calls run at
// a time. So the total is at most the limit plus, for each call, its cost beyond
// its reservation. A call costs more than its reservation only if its prompt had
// more tokens than [Options.Estimate] returned, or its answer more than it was
// allowed. With an estimate that is never too low, such as [model.CountTokens],
// nothing is spent beyond the limit. The estimate by size counts a token for
// every 2 bytes of text, which is too many for most prompts.
//
// # How calls are charged
//
// Thinking is part of an answer and is charged like it. Reads and writes of the
// provider's cache have their prices, writes by lifetime. Each attempt of a
// [model.Retry] outside the budget is a call of its own, and so is each of a
// [model.Fallback] over models that have the budget each with its prices. A
// call that the provider refused costs nothing. A call of unknown usage, such as
// a stream that was left or broke off, costs its whole reservation, because the
// provider may have done all the work; [Options.Unknown] can change that.
//
// Put the budget inside middleware that may end a call before it is sent, such
// as [limit.Limiter], so that a call that only waited is not charged.
//
// # Concurrency
//
// A Budget is safe for concurrent use. It knows of the calls of its own process
// and forgets them with it: [Budget.Add] brings in what was spent elsewhere or
// before. Accounts are kept until [Budget.Reset].
//
// [limit.Limiter]: https://pkg.go.dev/github.com/chatmodel-go/chatmodel/model/limit#Limiter
package budget
