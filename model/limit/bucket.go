package limit

import (
	"errors"
	"math"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A bucket holds what is left of a quota a minute. It fills all the time, up
// to the quota, and may be in debt: what calls have used is known only when
// they end. (golang.org/x/time/rate knows neither debts nor refunds.)
type bucket struct {
	quota float64 // a minute; zero means no limit
	level float64
	at    time.Time // of level
}

// newBucket returns a full bucket.
func newBucket(quota int, now time.Time) bucket {
	return bucket{quota: float64(quota), level: float64(quota), at: now}
}

// add puts something back, or takes it if n is negative.
func (b *bucket) add(n float64) { b.level = min(b.level+n, b.quota) }

// advance fills the bucket until now, at a part of the quota.
func (b *bucket) advance(now time.Time, rate float64) {
	b.add(b.quota * rate * now.Sub(b.at).Minutes())
	b.at = now
}

// empty lowers the bucket to nothing, if there is anything in it.
func (b *bucket) empty() { b.level = min(b.level, 0) }

// until returns how long it takes until n can be taken; zero if it can.
func (b *bucket) until(n, rate float64) time.Duration {
	missing := n - b.level
	if b.quota == 0 || missing <= 1e-6 { // less is rounding
		return 0
	}
	return time.Duration(math.Ceil(missing / (b.quota * rate) * float64(time.Minute)))
}

// A ledger holds what was taken in each of the last sixty seconds, so that a
// refusal can be told apart: a provider that counts by the minute may refuse
// although the bucket, which fills all the time, has room.
type ledger struct {
	taken [60]float64
	last  int64 // the second up to which taken is current
}

// add enters n, or takes it back if n is negative.
func (l *ledger) add(now time.Time, n float64) {
	l.forget(now)
	l.taken[now.Unix()%60] += n
}

// sum returns what was taken in the last sixty seconds.
func (l *ledger) sum(now time.Time) float64 {
	l.forget(now)
	total := 0.0
	for _, n := range l.taken {
		total += n
	}
	return total
}

// forget clears the seconds that have passed since the last entry.
func (l *ledger) forget(now time.Time) {
	second := now.Unix()
	for s := max(l.last+1, second-59); s <= second; s++ {
		l.taken[s%60] = 0
	}
	l.last = max(l.last, second)
}

// A pace is the part of the quota that is used: all of it, unless the provider
// has refused calls.
type pace struct {
	rate   float64
	at     time.Time // of rate
	slowed time.Time // when it was slowed last
	until  time.Time // no call begins before
}

// How the pace changes. It grows by a part of the quota and shrinks by a part
// of itself, so that those who share a quota come to share it evenly.
const (
	growth   = 0.15 // of the quota, a minute
	decrease = 0.75 // of itself, at a refusal
	slowest  = 0.05 // of the quota
	patience = 15 * time.Second
	probing  = 2 * time.Second // between calls, where the minute's quota is used up
)

// newPace returns the pace of a provider that has not refused anything yet.
func newPace(now time.Time) pace { return pace{rate: 1, at: now} }

// advance lets the pace grow for the time that has passed.
func (p *pace) advance(now time.Time) {
	p.rate = min(1, p.rate+growth*now.Sub(p.at).Minutes())
	p.at = now
}

// slow reacts to the refusal of a call that began at the given time. Calls
// that were on their way when the pace was slowed say nothing new, nor do
// those shortly after, since a quota a minute is slow to recover.
func (p *pace) slow(begun, now time.Time, advice time.Duration) {
	if begun.Sub(p.slowed) >= patience {
		p.rate = max(p.rate*decrease, slowest)
		p.slowed = now
	}
	p.hold(now, advice)
}

// hold lets no call begin for d. It returns by how much that is longer than
// it was.
func (p *pace) hold(now time.Time, d time.Duration) time.Duration {
	before := p.held(now)
	if d <= before {
		return 0
	}
	p.until = now.Add(d)
	return d - before
}

// held returns how long no call may begin.
func (p *pace) held(now time.Time) time.Duration { return max(p.until.Sub(now), 0) }

// retryAfter returns how long the provider asks to wait, zero if it does not
// say.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}
