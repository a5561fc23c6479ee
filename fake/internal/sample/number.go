package sample

import (
	"encoding/json"
	"iter"
	"math/big"
)

// maxVariants bounds how many values of one kind are proposed, as for items
// that must differ.
const maxVariants = 1000

// numbers proposes numbers: those nearest to zero first, and integers before
// fractions.
func numbers(f flat, integer bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		var low, high bound
		var step *big.Rat
		if integer {
			step = big.NewRat(1, 1)
		}
		for _, n := range f.nodes {
			low, high = tighter(low, n.low, 1), tighter(high, n.high, -1)
			step = commonMultiple(step, n.multipleOf)
		}
		free := step == nil
		if free {
			step = big.NewRat(1, 1)
		}
		if multiples(step, low, high, free, yield) && free && low.value != nil && high.value != nil {
			fractions(low.value, high.value, yield)
		}
	}
}

// commonMultiple returns the least number that is a multiple of both.
func commonMultiple(a, b *big.Rat) *big.Rat {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	gcd := new(big.Int).GCD(nil, nil, a.Num(), b.Num())
	num := new(big.Int).Mul(a.Num(), b.Num())
	den := new(big.Int).GCD(nil, nil, a.Denom(), b.Denom())
	return new(big.Rat).SetFrac(num.Quo(num, gcd), den)
}

// multiples yields the multiples of step within the bounds: a few upwards from
// the one next to zero and a few downwards, and then more of both. If the
// numbers are free to be fractions, it yields two in between.
func multiples(step *big.Rat, low, high bound, free bool, yield func(any) bool) bool {
	start := new(big.Rat)
	switch {
	case !low.admits(start, 1):
		start.Mul(step, nextMultiple(low, step, 1))
	case !high.admits(start, -1):
		start.Mul(step, nextMultiple(high, step, -1))
	}
	walk := func(from, to *big.Rat) bool { // counted in steps from start
		sign := big.NewRat(int64(to.Cmp(from)), 1)
		for k := from; k.Cmp(to) != 0; k = new(big.Rat).Add(k, sign) {
			x := new(big.Rat).Mul(k, step)
			x.Add(x, start)
			if !low.admits(x, 1) || !high.admits(x, -1) {
				return true
			}
			if !yieldNumber(x, yield) {
				return false
			}
		}
		return true
	}
	at := func(num, den int64) *big.Rat { return big.NewRat(num, den) }
	return walk(at(0, 1), at(8, 1)) && walk(at(-1, 1), at(-8, 1)) &&
		(!free || walk(at(1, 2), at(3, 2)) && walk(at(-1, 2), at(-3, 2))) &&
		walk(at(8, 1), at(maxVariants, 1)) && walk(at(-8, 1), at(-maxVariants, 1))
}

// nextMultiple returns how many steps it takes to the first multiple that the
// bound admits: above it if sign is positive.
func nextMultiple(b bound, step *big.Rat, sign int) *big.Rat {
	q := new(big.Rat).Quo(b.value, step)
	n := new(big.Int).Div(q.Num(), q.Denom()) // rounded down
	k := new(big.Rat).SetInt(n)
	one := big.NewRat(int64(sign), 1)
	if sign < 0 && !q.IsInt() {
		return k
	}
	for !b.admits(new(big.Rat).Mul(k, step), sign) {
		k.Add(k, one)
	}
	return k
}

// fractions yields numbers from low to high.
func fractions(low, high *big.Rat, yield func(any) bool) {
	part := new(big.Rat).Sub(high, low)
	part.Mul(part, big.NewRat(1, 16))
	for _, i := range []int64{8, 0, 16, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15} {
		x := new(big.Rat).Mul(part, big.NewRat(i, 1))
		if !yieldNumber(x.Add(x, low), yield) {
			return
		}
	}
}

// yieldNumber yields a number if it has a decimal form.
func yieldNumber(x *big.Rat, yield func(any) bool) bool {
	digits, exact := x.FloatPrec()
	if !exact {
		return true
	}
	return yield(json.Number(x.FloatString(digits)))
}
