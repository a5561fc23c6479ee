package load

import "time"

// A memory counts the arrivals of each request. It forgets requests that have
// not arrived for a while, so that a server can run for days.
type memory struct {
	young, old map[uint64]visits
	since      time.Time // when young was begun
}

// visits are the arrivals of a request.
type visits struct {
	times  int
	failed bool      // the latest one failed, so the next is a retry
	first  time.Time // the first arrival since the request was last answered
}

// memorySpan is the shortest time for which a request is remembered.
const memorySpan = 15 * time.Minute

// come counts an arrival and returns the arrivals so far.
func (m *memory) come(key uint64, now time.Time) visits {
	v := m.of(key, now)
	v.times++
	if !v.failed {
		v.first = now
	}
	m.young[key] = v
	return v
}

// went records the outcome of the latest arrival.
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
