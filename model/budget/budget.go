package budget

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// Options bound what may be spent. The zero value lets nothing through.
type Options struct {
	// Limit is the most that each key may spend. Limits holds the keys with
	// limits of their own.
	Limit  Amount
	Limits map[string]Amount

	// Key returns the account of a call. Nil means the key of [WithKey], which
	// is empty if none is set.
	Key func(ctx context.Context) string

	// Estimate returns the tokens of a prompt before it is sent, such as by
	// [model.CountTokens]. An error ends the call. Nil guesses by the
	// prompt's size, rather too many than too few.
	Estimate func(ctx context.Context, req *model.Request) (int, error)

	// Unknown returns the cost of a call of unknown usage. Partial is the part of
	// the answer that arrived, or nil. A nil Unknown charges the whole
	// reservation.
	Unknown func(reserved Amount, partial *model.Response) Amount

	// OnCharge, if not nil, is called with the cost of each call. It may be
	// called concurrently.
	OnCharge func(ctx context.Context, c Charge)
}

// A Charge is the cost of a call.
type Charge struct {
	Key      string
	Model    string // who answered, or was asked
	Amount   Amount
	Reserved Amount
	Usage    model.Usage // Known is false if the provider did not report it
}

// A Budget keeps accounts. It is made by [New] and may be used for many models
// at once.
type Budget struct {
	o Options

	mu       sync.Mutex
	accounts map[string]*ledger
}

// A ledger is a key's money.
type ledger struct{ spent, reserved Amount }

// New returns a budget of which nothing is spent.
func New(o Options) (*Budget, error) {
	if o.Limit < 0 {
		return nil, invalid("Limit is %v; what may be spent cannot be negative", o.Limit)
	}
	for key, limit := range o.Limits {
		if limit < 0 {
			return nil, invalid("Limits[%q] is %v; what may be spent cannot be negative", key, limit)
		}
	}
	o.Limits = maps.Clone(o.Limits)
	if o.Key == nil {
		o.Key = keyOf
	}
	return &Budget{o: o, accounts: make(map[string]*ledger)}, nil
}

// invalid returns an error of kind ErrInvalidRequest.
func invalid(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "budget", Message: fmt.Sprintf(format, args...)}
}

// contextKey is the key of an account's key in a context.
type contextKey struct{}

// WithKey returns a context whose calls are on the account of key.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, contextKey{}, key)
}

// keyOf returns the key that [WithKey] has set, empty if none is.
func keyOf(ctx context.Context) string {
	key, _ := ctx.Value(contextKey{}).(string)
	return key
}

// Spent returns what the calls of a key cost so far, without those that are
// under way.
func (b *Budget) Spent(key string) Amount {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[key]; a != nil {
		return a.spent
	}
	return 0
}

// Left returns what a key may still spend: its limit less what was spent and
// what is reserved for calls under way. It is negative if more was spent.
func (b *Budget) Left(key string) Amount {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := b.limit(key)
	if a := b.accounts[key]; a != nil {
		left -= a.spent.plus(a.reserved)
	}
	return left
}

// Add books what was spent elsewhere, or before; a negative amount gives some
// back.
func (b *Budget) Add(key string, spent Amount) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.ledger(key)
	a.spent = a.spent.plus(spent)
}

// Reset forgets what a key has spent, such as at the end of a month. Calls
// under way are booked when they end.
func (b *Budget) Reset(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.ledger(key)
	if a.spent = 0; a.reserved == 0 {
		delete(b.accounts, key)
	}
}

// limit returns what a key may spend in all.
func (b *Budget) limit(key string) Amount {
	if limit, ok := b.o.Limits[key]; ok {
		return limit
	}
	return b.o.Limit
}

// ledger returns the account of a key, and opens it if there is none. The
// caller holds the lock.
func (b *Budget) ledger(key string) *ledger {
	a := b.accounts[key]
	if a == nil {
		a = new(ledger)
		b.accounts[key] = a
	}
	return a
}

// Middleware returns what puts the budget around a model of the given prices.
// Prices that are negative or not a number make every call fail with
// [model.ErrInvalidRequest].
func (b *Budget) Middleware(prices Prices) model.Middleware {
	prices.CacheWrites = maps.Clone(prices.CacheWrites)
	return func(m model.ChatModel) model.ChatModel {
		return model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			if !prices.valid() {
				return nil, invalid("the prices %+v are not all numbers from zero", prices)
			}
			return b.call(ctx, m, prices, req, next)
		})(m)
	}
}

// call reserves what a call can cost at most, makes the call, and then books
// what it did cost.
func (b *Budget) call(ctx context.Context, m model.ChatModel, prices Prices, req *model.Request, next model.Next) (*model.Response, error) {
	most, err := b.most(ctx, m, prices, req)
	if err != nil {
		return nil, err
	}
	key := b.o.Key(ctx)
	if err := b.reserve(key, most); err != nil {
		return nil, err
	}
	settled := false
	defer func() {
		if !settled { // a panic: what the call cost nobody knows
			b.settle(key, most, most)
		}
	}()
	resp, err := next(ctx, req)
	settled = true
	c := Charge{Key: key, Model: account.Model(m, resp, err), Reserved: most, Usage: account.Usage(resp, err)}
	c.Amount = b.cost(prices, c, resp, err)
	b.settle(key, most, c.Amount)
	if b.o.OnCharge != nil {
		b.o.OnCharge(ctx, c)
	}
	return resp, err
}
