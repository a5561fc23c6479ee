package load

import (
	"context"
	"sync"
	"time"
)

// A Clock returns the time and waits. It must be safe for concurrent use.
type Clock interface {
	Now() time.Time

	// Sleep returns nil after d, or the context's error if that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// system is the clock of the time package.
type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A Manual is a clock that moves only when Advance is called. It is made by
// [NewManual] and is safe for concurrent use.
type Manual struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[*sleeper]bool
}

type sleeper struct {
	until time.Time
	wake  chan struct{} // closed when the time has come
}

// NewManual returns a clock that shows the given time.
func NewManual(start time.Time) *Manual {
	return &Manual{now: start, waiting: map[*sleeper]bool{}}
}

// Now returns the time that the clock shows.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Sleep waits until the clock has advanced by d, or the context ends.
func (m *Manual) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	m.mu.Lock()
	s := &sleeper{until: m.now.Add(d), wake: make(chan struct{})}
	m.waiting[s] = true
	m.mu.Unlock()
	select {
	case <-s.wake:
		return nil
	case <-ctx.Done():
		m.mu.Lock()
		delete(m.waiting, s)
		m.mu.Unlock()
		return ctx.Err()
	}
}

// Advance moves the clock forward by d and wakes the sleepers whose time has
// come, all at once. If their order matters, advance in small steps. A negative
// d does nothing.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(max(d, 0))
	for s := range m.waiting {
		if !s.until.After(m.now) {
			close(s.wake)
			delete(m.waiting, s)
		}
	}
}
