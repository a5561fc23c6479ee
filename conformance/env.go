package conformance

import (
	"context"
	"slices"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// An Env is what a check offers to the subject's functions.
type Env struct {
	// Context ends when the check does.
	Context context.Context

	// Case is the case being checked.
	Case ID

	// Bubble says that the check runs in a testing/synctest bubble.
	Bubble bool

	mu         sync.Mutex
	cleanups   []func()
	transports []*Transport
	notes      *probe.Notes // nil if nobody looks at them
}

// Cleanup arranges for f to be called when the check is over, last one first.
func (e *Env) Cleanup(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cleanups = append(e.cleanups, f)
}

func (e *Env) wires() []probe.Wire {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]probe.Wire, len(e.transports))
	for i, t := range e.transports {
		all[i] = watched{t}
	}
	return all
}

func (e *Env) close() {
	e.mu.Lock()
	all := e.cleanups
	e.cleanups = nil
	e.mu.Unlock()
	for _, f := range slices.Backward(all) {
		f()
	}
}
