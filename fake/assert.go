package fake

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// TB is the part of [testing.TB] that assertions need.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Calls returns how many calls have gone out, those that failed included.
func (m *Model) Calls() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.requests)
}

// Requests returns copies of the requests of all calls, in the order in which
// the calls went out. The caller may change them.
func (m *Model) Requests() []*model.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*model.Request, len(m.requests))
	for i, req := range m.requests {
		all[i] = req.Clone()
	}
	return all
}

// Request returns a copy of the request of call i, from 0; negative numbers
// count from the last call, -1. It returns nil if there was no such call.
func (m *Model) Request(i int) *model.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i < 0 {
		i += len(m.requests)
	}
	if i < 0 || i >= len(m.requests) {
		return nil
	}
	return m.requests[i].Clone()
}

// Open returns how many streams have been opened and not yet released: those
// that are being ranged over right now. After a test it should be zero.
func (m *Model) Open() int { return int(m.open.Load()) }

// AssertDrained fails the test unless the script was played to its end, every
// call fitted it, and no stream is left open. A turn with [Turn.Always] may
// have been used any number of times.
func (m *Model) AssertDrained(t TB) {
	t.Helper()
	m.mu.Lock()
	left := m.script.left()
	faults := append([]error(nil), m.faults...)
	calls := len(m.requests)
	m.mu.Unlock()
	if len(left) > 0 {
		t.Errorf("fake: after %d calls the script still has: %s", calls, strings.Join(left, "; "))
	}
	for _, err := range faults {
		t.Errorf("fake: %v", err)
	}
	switch n := m.Open(); {
	case n == 1:
		t.Errorf("fake: 1 stream is still open")
	case n > 1:
		t.Errorf("fake: %d streams are still open", n)
	}
}

// AssertCalls fails the test unless n calls have gone out.
func (m *Model) AssertCalls(t TB, n int) {
	t.Helper()
	if got := m.Calls(); got != n {
		t.Errorf("fake: got %d calls, want %d", got, n)
	}
}
