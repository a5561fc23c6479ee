package load

import "time"

// A bucket holds what is left of a quota. It counts in units: a token has as
// many units as a minute has nanoseconds. So a bucket gains as many units each
// nanosecond as it has tokens a minute, and nothing is ever rounded.
type bucket struct {
	size  int64 // tokens a minute; zero: no limit
	level int64 // units; negative: in debt
	at    time.Time
}

const unit = int64(time.Minute)

func newBucket(size int, now time.Time) bucket {
	return bucket{size: int64(size), level: int64(size) * unit, at: now}
}

// fill adds the tokens that have accrued since the last call.
func (b *bucket) fill(now time.Time) {
	since := now.Sub(b.at)
	if b.size == 0 || since <= 0 {
		return // a clock that was set back changes nothing
	}
	b.at = now
	full := b.size * unit
	if minutes := int64(since / time.Minute); minutes > (full-b.level)/full {
		b.level = full
		return
	}
	b.level = min(b.level+b.size*int64(since), full)
}

// wait returns how long it takes until n tokens can be taken, zero if they can
// be taken now. For more tokens than the bucket can hold, it returns a minute.
func (b *bucket) wait(n int64) time.Duration {
	switch {
	case b.size == 0:
		return 0
	case n > b.size:
		return time.Minute
	}
	missing := n*unit - b.level
	if missing <= 0 {
		return 0
	}
	return time.Duration((missing + b.size - 1) / b.size)
}

// take takes tokens, or gives them back if n is negative. Debt is bounded.
func (b *bucket) take(n int64) {
	if b.size > 0 {
		n = max(min(n, maxQuota), -maxQuota)
		b.level = max(min(b.level-n*unit, b.size*unit), -maxQuota*unit)
	}
}
