package budget

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// An Amount is a sum of money in billionths of a currency's unit. The currency
// is the one of the caller's prices.
type Amount int64

// Money returns an amount of so many units, such as dollars, rounded to a
// billionth. What is too large becomes the largest amount.
func Money(units float64) Amount { return toAmount(math.Round(units * unit)) }

const unit = 1e9

// toAmount returns the amount nearest to a whole number of billionths, and zero
// for what is not a number. Where a number does not fit, Go leaves open what a
// plain conversion makes of it.
func toAmount(billionths float64) Amount {
	switch {
	case math.IsNaN(billionths):
		return 0
	case billionths >= math.MaxInt64:
		return math.MaxInt64
	case billionths <= math.MinInt64:
		return math.MinInt64
	}
	return Amount(billionths)
}

// Units returns the amount in units of the currency.
func (a Amount) Units() float64 { return float64(a) / unit }

// String returns the amount in units, with as many decimals as it needs and at
// least two.
func (a Amount) String() string {
	s := strconv.FormatFloat(a.Units(), 'f', 9, 64)
	s = strings.TrimRight(s, "0")
	if i := strings.IndexByte(s, '.'); len(s)-i < 3 {
		s += "00"[:3-(len(s)-i)]
	}
	return s
}

// plus returns the sum, the largest amount if that is too large.
func (a Amount) plus(b Amount) Amount {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// Prices are what a model's tokens cost, in units of a currency for a million
// of them. Zero means that they cost nothing.
type Prices struct {
	Input  float64 // of the prompt that is neither read from nor written to the cache
	Output float64 // of the answer, thinking included

	// CacheRead and CacheWrite are for the prompt that is read from and
	// written to the provider's cache. CacheWrite holds for all lifetimes that
	// CacheWrites does not list, and where the provider does not report it.
	CacheRead, CacheWrite float64
	CacheWrites           map[time.Duration]float64
}

// Cost returns what a usage costs, rounded up to a billionth.
func (p Prices) Cost(u model.Usage) Amount {
	total := price(u.UncachedTokens(), p.Input) + price(u.OutputTokens, p.Output) + price(u.CacheReadTokens, p.CacheRead)
	written := u.CacheWriteTokens
	for _, w := range u.CacheWrites {
		total += price(w.Tokens, p.write(w.TTL))
		written -= w.Tokens
	}
	return toAmount(math.Ceil(total + price(written, p.CacheWrite)))
}

// write returns the price of what is written to live for ttl.
func (p Prices) write(ttl time.Duration) float64 {
	if v, ok := p.CacheWrites[ttl]; ok {
		return v
	}
	return p.CacheWrite
}

// price returns what so many tokens cost, in billionths. No tokens, or fewer,
// cost nothing: a provider's mistake must not fill an account.
func price(tokens int, million float64) float64 {
	return float64(max(tokens, 0)) * million * unit / 1e6
}

// most returns what a call can cost at most: every token of the prompt at the
// dearest price there is for it.
func (p Prices) most(prompt, answer int) Amount {
	dearest := max(p.Input, p.CacheRead, p.CacheWrite)
	for _, v := range p.CacheWrites {
		dearest = max(dearest, v)
	}
	return toAmount(math.Ceil(price(prompt, dearest) + price(answer, p.Output)))
}

// valid reports whether the prices are prices.
func (p Prices) valid() bool {
	ok := func(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }
	for _, v := range p.CacheWrites {
		if !ok(v) {
			return false
		}
	}
	return ok(p.Input) && ok(p.Output) && ok(p.CacheRead) && ok(p.CacheWrite)
}
