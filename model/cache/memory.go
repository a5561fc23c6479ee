package cache

import (
	"context"
	"slices"
	"sync"
)

// Memory is a [Store] in the process. It is made by [NewMemory].
type Memory struct {
	mu     sync.Mutex
	values map[string][]byte
}

// NewMemory returns an empty store. It grows with what is put into it.
func NewMemory() *Memory { return &Memory{values: make(map[string][]byte)} }

// Get returns a copy of the value.
func (m *Memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, found := m.values[key]
	return slices.Clone(value), found, nil
}

// Put keeps a copy of the value.
func (m *Memory) Put(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[key] = slices.Clone(value)
	return nil
}

// Len returns how many values there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.values)
}
