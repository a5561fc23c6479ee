package load

import "time"

// A memory counts how many times each request came. It forgets requests that
// have not come for a while, so that a server can run for days.
type memory struct {
	young, old map[uint64]visits
	since      time.Time // when the young ones began to be
}

// visits are the arrivals of a request.
type visits struct {
	times  int
	failed bool      // the latest one, so that the next is a retry
	first  time.Time // since the last one that was answered
}

// memorySpan is the least time for which a request is remembered.
const memorySpan = 15 * time.Minute

// come counts a visit and returns the visits so far.
func (m *memory) come(key uint64, now time.Time) visits {
	v := m.of(key, now)
	v.times++
	if !v.failed {
		v.first = now
	}
	m.young[key] = v
	return v
}

// went notes the outcome of the latest visit.
func (m *memory) went(key uint64, failed bool, now time.Time) {
	v := m.of(key, now)
	v.failed = failed
	m.young[key] = v
}

func (m *memory) of(key uint64, now time.Time) visits {
	if m.young == nil || now.Sub(m.since) > memorySpan {
		m.old, m.young, m.since = m.young, map[uint64]visits{}, now
	}
	if v, ok := m.young[key]; ok {
		return v
	}
	return m.old[key]
}
