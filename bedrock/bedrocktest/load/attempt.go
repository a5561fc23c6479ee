package load

import (
	"cmp"
	"context"
	"time"
)

// An Attempt is a request that is being answered. It must not be used by
// several goroutines at the same time.
type Attempt struct {
	world    *World
	place    *place
	request  Request
	key      uint64
	draw     draw
	retry    bool
	first    time.Time // when the first attempt at the request arrived
	came     time.Time
	begun    time.Time // when the first token is due; zero: not computed yet
	capacity float64
	reserved int64
	ended    bool
}

// decide takes the request's tokens from the quotas, or returns why not. The
// caller must hold the world's lock.
func (a *Attempt) decide(now time.Time) *Refusal {
	w, p := a.world, a.place
	need := int64(a.request.Input) + int64(a.request.MaxTokens)
	p.requests.fill(now)
	p.tokens.fill(now)
	point := w.series.at(now.Sub(w.start))
	p.counts.attempts++
	point.Attempts++
	if a.retry {
		p.counts.retries++
	}
	var refusal *Refusal
	switch requests, tokens := p.requests.wait(1), p.tokens.wait(need); {
	case a.draw.share(drawCapacity) >= a.capacity:
		refusal = &Refusal{Code: "ServiceUnavailableException", Message: textUnavailable}
		p.counts.unavailable++
	case requests > 0:
		refusal = &Refusal{Code: "ThrottlingException", Message: textRequests, RetryAfter: max(requests, tokens)}
		p.counts.throttledRequests++
	case tokens > 0:
		refusal = &Refusal{Code: "ThrottlingException", Message: textTokens, RetryAfter: tokens}
		p.counts.throttledTokens++
	default:
		p.requests.take(1)
		p.tokens.take(need)
		a.reserved = need
		p.counts.reserved += need
		p.counts.open++
		return nil
	}
	point.Refused++
	w.keys.went(a.key, true, now)
	return refusal
}

// Begin waits for the first token. It returns the context's error if the
// context ends first.
func (a *Attempt) Begin(ctx context.Context) error { return a.Pace(ctx, 0) }

// Pace waits until the answer may have the given number of output tokens in
// all. It returns the context's error if the context ends first.
func (a *Attempt) Pace(ctx context.Context, output int) error {
	return a.world.clock.Sleep(ctx, a.due(output).Sub(a.world.clock.Now()))
}

// due returns the time at which the answer has the given number of tokens.
func (a *Attempt) due(output int) time.Time {
	p, left := a.place, max(a.capacity, 0.01)
	if a.begun.IsZero() {
		a.begun = a.came.Add(time.Duration(float64(p.FirstToken) * a.draw.around(drawFirstToken, p.Jitter) / left))
	}
	if p.Speed == 0 {
		return a.begun
	}
	seconds := float64(output) / float64(p.Speed*a.draw.around(drawSpeed, p.Jitter)*left)
	return a.begun.Add(time.Duration(min(seconds, 1e6) * float64(time.Second)))
}

// Done ends an attempt that was answered in full, and pays for it. Reserved
// tokens that were not used go back to the quota. After the attempt has ended,
// Done does nothing.
func (a *Attempt) Done(u Usage) { a.end(u, true) }

// Fail ends an attempt that broke off, because of the client, the model or a
// fault, and pays for the tokens used. After the attempt has ended, Fail does
// nothing.
func (a *Attempt) Fail(u Usage) { a.end(u, false) }

func (a *Attempt) end(u Usage, answered bool) {
	if a.ended {
		return
	}
	a.ended = true
	w, p := a.world, a.place
	now := w.clock.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	burned := int64(max(u.Input-u.CacheRead, 0)) + int64(max(u.Output, 0))*int64(cmp.Or(p.Burndown, a.request.Burndown, 1))
	p.tokens.fill(now)
	p.tokens.take(burned - a.reserved)
	c := &p.counts
	c.open--
	c.burned += burned
	c.input, c.cacheRead = c.input+int64(u.Input), c.cacheRead+int64(u.CacheRead)
	c.cacheWrite, c.output = c.cacheWrite+int64(u.CacheWrite), c.output+int64(u.Output)
	point := &Point{}
	if w.models[a.request.Model] == p { // the world was not reset meanwhile
		w.keys.went(a.key, !answered, now)
		point = w.series.at(now.Sub(w.start))
	}
	if !answered {
		c.failed++
		point.Failed++
		return
	}
	c.answered++
	point.Answered++
	c.answeredTokens += int64(u.Output)
	c.latency.add(now.Sub(a.came))
	c.patience.add(now.Sub(a.first))
	if !a.begun.IsZero() {
		c.firstToken.add(a.begun.Sub(a.came))
	}
}
