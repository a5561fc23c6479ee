package probe

import (
	"fmt"
	"math"

	"github.com/chatmodel-go/chatmodel/model"
)

// Prices are what a million tokens cost, in any currency.
type Prices struct {
	Input  float64 `json:"input"`
	Output float64 `json:"output"`
}

// check refuses numbers that cannot be prices or a budget.
func (p Prices) check(budget float64) error {
	for _, n := range []float64{p.Input, p.Output, budget} {
		if n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("prices and budget are numbers from 0 on, not %g", n)
		}
	}
	if budget > 0 && p == (Prices{}) {
		return fmt.Errorf("a budget of %g bounds nothing without prices", budget)
	}
	return nil
}

// writing is how much more a token costs that is written to a cache: at most
// twice as much, for a lifetime of an hour.
const writing = 2

// An account counts what was spent.
type account struct {
	prices  Prices
	budget  float64 // 0: any
	spent   float64
	calls   int
	in, out int // tokens
}

// affords reports whether something of a price can be bought.
func (a *account) affords(price float64) bool { return a.budget == 0 || a.spent+price <= a.budget }

func (a *account) left() float64 { return max(a.budget-a.spent, 0) }

// add counts an answer. One without a usage counts as the most that it may have
// cost.
func (a *account) add(answer *answer, bound float64) {
	a.calls++
	switch u := answer.usage; {
	case !answer.ok(), answer.parts == nil && !u.known && len(answer.body) < 200: // refused, or counted
	case u.known:
		total := u.total()
		a.in, a.out = a.in+total, a.out+u.out
		a.spent += (float64(total+(writing-1)*u.written)*a.prices.Input + float64(u.out)*a.prices.Output) / 1e6
	default:
		a.spent += bound
	}
}

// hiddenPrompt is more than the service puts before a prompt with tools.
const hiddenPrompt = 1000

// pictureTokens is more than the picture counts.
const pictureTokens = 2000

// bound returns more than a call can cost. A token has at least one byte; files
// count in another way.
func (r *run) bound(k *ask) float64 {
	body, _, _, _ := r.body(k)
	in, out := len(body)+hiddenPrompt, k.MaxTokens
	for _, t := range k.Turns {
		for _, b := range t.Blocks {
			parts := []model.Part{b.Part}
			if res, ok := b.Part.(model.ToolResult); ok {
				parts = res.Parts
			}
			for _, p := range parts {
				if _, ok := p.(model.Image); ok {
					in += pictureTokens
				}
			}
			if b.Cache.Set {
				in *= writing
			}
		}
	}
	if k.count {
		return 0
	}
	if known := r.table.Limits.Context; out == tooMany && known > 0 {
		out = known
	}
	return (float64(in)*r.options.Prices.Input + float64(out)*r.options.Prices.Output) / 1e6
}
