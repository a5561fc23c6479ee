package main

import (
	"math"
	"runtime"
	"time"
)

// How the table is measured. A sample is long enough for the garbage collector
// to run in it: shorter ones leave out what one side pays for its garbage. What
// shares a core with this process slows it for a while. With eight samples all
// were disturbed at times, and a ratio then varied by a third.
const (
	sample = 20 * time.Millisecond
	rounds = 24
)

// A lab measures.
type lab struct {
	sample time.Duration // how long a sample takes at the least
	rounds int           // samples of each kind
}

// trial reports whether the work is only tried, for the test: less of it will do.
func (l *lab) trial() bool { return l.sample == 0 }

// long returns a lab with few samples that are so long that the garbage collector
// has as many cycles in them as it deserves.
func (l *lab) long() *lab { return &lab{sample: 5 * l.sample, rounds: max(1, l.rounds/3)} }

// op does a piece of work once.
type op func() error

// ratio returns how many times as long as the reference the work takes. Both
// may do several units of work; ratio gets the number of them in each.
func (l *lab) ratio(ours, reference op) (float64, error) {
	a, b, err := l.times(ours, reference)
	return a / b, err
}

// times returns the least time of each, in seconds.
func (l *lab) times(ours, reference op) (a, b float64, err error) {
	n, err := l.calibrate(ours)
	if err != nil {
		return 0, 0, err
	}
	m, err := l.calibrate(reference)
	if err != nil {
		return 0, 0, err
	}
	a, b = math.Inf(1), math.Inf(1)
	for range l.rounds {
		t, err := spent(ours, n)
		if err != nil {
			return 0, 0, err
		}
		a = min(a, t)
		if t, err = spent(reference, m); err != nil {
			return 0, 0, err
		}
		b = min(b, t)
	}
	return a, b, nil
}

// calibrate returns how often f has to run for a sample. What f makes at its
// first run is made by then.
func (l *lab) calibrate(f op) (int, error) {
	for n := 1; ; {
		t, err := spent(f, n)
		if err != nil {
			return 0, err
		}
		if t *= float64(n); t >= l.sample.Seconds() || n >= 1<<20 {
			return n, nil
		}
		n = max(2*n, min(100*n, int(1.2*l.sample.Seconds()*float64(n)/max(t, 1e-7))))
	}
}

// spent returns the seconds that one of n runs of f takes.
func spent(f op, n int) (float64, error) {
	runtime.GC() // the collector's debts are paid by who makes them
	start := processor()
	for range n {
		if err := f(); err != nil {
			return 0, err
		}
	}
	return max((processor()-start).Seconds(), 1e-9) / float64(n), nil
}

// allocated returns how many allocations a run of f makes, and of how many
// bytes.
func (l *lab) allocated(f op) (allocations, bytes float64, err error) {
	allocations, bytes = math.Inf(1), math.Inf(1)
	for range 1 + l.rounds/6 { // others, such as the collector, may allocate meanwhile
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := f(); err != nil {
			return 0, 0, err
		}
		runtime.ReadMemStats(&after)
		allocations = min(allocations, float64(after.Mallocs-before.Mallocs))
		bytes = min(bytes, float64(after.TotalAlloc-before.TotalAlloc))
	}
	return allocations, bytes, nil
}

// live returns the bytes of live objects.
func live() float64 {
	runtime.GC()
	runtime.GC() // what finalizers and pools have let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
