package limit

import (
	"context"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A ticket is a call that waits.
type ticket struct {
	d     demand
	ready chan struct{} // receives when it is first, or when there may be room
}

// acquire waits for the call's turn and for room in the quota, and takes what
// the call needs. It returns when that was.
func (l *Limiter) acquire(ctx context.Context, d demand) (time.Time, error) {
	t := &ticket{d: d, ready: make(chan struct{}, 1)}
	l.mu.Lock()
	l.queue = append(l.queue, t)
	l.mu.Unlock()
	for {
		now, wait, ok := l.try(t)
		if ok {
			return now, nil
		}
		if err := sleep(ctx, t.ready, wait); err != nil {
			l.leave(t)
			return time.Time{}, err
		}
	}
}

// try takes what the first call in the queue needs, if there is room. If there
// is not, it returns how long that takes at the present pace; for the calls
// behind the first one zero, since they are woken when they are first.
func (l *Limiter) try(t *ticket) (now time.Time, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now = time.Now()
	if l.queue[0] != t {
		return now, 0, false
	}
	l.advance(now)
	wait = max(l.pace.held(now), l.requests.until(1, l.pace.rate), l.tokens.until(t.d.tokens, l.pace.rate))
	if wait > 0 {
		return now, wait, false
	}
	l.requests.add(-1)
	l.tokens.add(-t.d.tokens)
	l.minute.requests.add(now, 1)
	l.minute.tokens.add(now, t.d.tokens)
	l.queue = l.queue[1:]
	l.wake()
	return now, 0, true
}

// advance moves the buckets and the pace to now.
func (l *Limiter) advance(now time.Time) {
	l.requests.advance(now, l.pace.rate)
	l.tokens.advance(now, l.pace.rate)
	l.pace.advance(now)
}

// wake makes the first call in the queue look again.
func (l *Limiter) wake() {
	if len(l.queue) > 0 {
		select {
		case l.queue[0].ready <- struct{}{}:
		default: // it has been woken
		}
	}
}

// leave takes a call out of the queue that does not wait any more.
func (l *Limiter) leave(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = slices.DeleteFunc(l.queue, func(o *ticket) bool { return o == t })
	l.wake()
}

// sleep waits until it is woken, or for a time if there is one.
func sleep(ctx context.Context, ready <-chan struct{}, wait time.Duration) error {
	var timeout <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-ready:
	case <-timeout:
	case <-ctx.Done():
		e := model.ContextError(ctx)
		e.Op, e.Message = "limit", "the context ended while the call waited for the quota"
		return e
	}
	return nil
}
