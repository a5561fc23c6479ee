package budget

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// bytesPerToken is how a prompt is guessed, rather too long than too short.
const bytesPerToken = 2

// most returns what a call can cost at most.
func (b *Budget) most(ctx context.Context, m model.ChatModel, prices Prices, req *model.Request) (Amount, error) {
	if e := model.ContextError(ctx); e != nil {
		return 0, e
	}
	if req == nil {
		return 0, nil // what is wrong with no request, the model says
	}
	answer := req.MaxTokens
	if answer == 0 {
		limits, _ := model.LimitsOf(m)
		if answer = limits.MaxOutput; answer == 0 {
			return 0, invalid("MaxTokens is not set, and the model does not say how long its answers can be: " +
				"a budget needs one of the two to know what a call can cost")
		}
	}
	prompt := account.EstimatePrompt(req, bytesPerToken)
	if b.o.Estimate != nil {
		var err error
		if prompt, err = b.o.Estimate(ctx, req); err != nil {
			return 0, err
		}
	}
	return prices.most(prompt, answer), nil
}

// reserve takes what a call can cost from an account, or says why not.
func (b *Budget) reserve(key string, most Amount) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	a, limit := b.ledger(key), b.limit(key)
	if used := a.spent.plus(a.reserved); used > limit || most > limit-used {
		return &model.Error{Kind: model.ErrBudget, Op: "budget", Message: fmt.Sprintf(
			"the call can cost %v; of the limit of %v%s, %v is spent and %v reserved", most, limit, ofKey(key), a.spent, a.reserved)}
	}
	a.reserved += most
	return nil
}

// ofKey names the account in an error, unless it is the one without a name.
func ofKey(key string) string {
	if key == "" {
		return ""
	}
	return fmt.Sprintf(" of %q", key)
}

// settle puts what a call cost in the place of what was reserved for it.
func (b *Budget) settle(key string, reserved, cost Amount) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.ledger(key)
	a.reserved -= reserved
	a.spent = a.spent.plus(cost)
}

// cost returns what a call that has ended cost.
func (b *Budget) cost(prices Prices, c Charge, resp *model.Response, err error) Amount {
	switch {
	case c.Usage.Known:
		return prices.Cost(c.Usage)
	case account.NeverRan(err):
		return 0
	case b.o.Unknown != nil:
		return b.o.Unknown(c.Reserved, account.Partial(resp, err))
	}
	return c.Reserved
}
