package load

import "time"

// A memory knows how many times each request came. It forgets those that have
// not come for a while, so that a server can run for days.
type memory struct {
	young, old map[uint64]visits
	since      time.Time // when the young ones began to be
}

// visits are those of a request.
type visits struct {
	times  int
	failed bool      // the latest one, so that the next is a retry
	first  time.Time // since the last one that was answered
}

// memorySpan is how long a request is remembered at least.
const memorySpan = 15 * time.Minute

// come counts a visit, and returns the visits with it.
func (m *memory) come(key uint64, now time.Time) visits {
	v := m.of(key, now)
	v.times++
	if !v.failed {
		v.first = now
	}
	m.young[key] = v
	return v
}

// went notes how the latest visit ended.
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
