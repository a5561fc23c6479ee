package bedrock

import (
	"slices"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
)

// memoryTime is how long a refusal of the service counts as a fact. Facts
// change, usually for the better.
const memoryTime = time.Hour

// A lesson is what a refusal has taught, in whose words and until when.
type lesson struct {
	refusal.Lesson
	words string
	until time.Time
}

// A memory keeps what refusals have taught about the model. The zero value has
// learned nothing. It is safe for concurrent use.
type memory struct {
	mu      sync.Mutex
	lessons []lesson

	of    *subject // what the lessons were last applied to
	after *subject // and what came out; nil: to be worked out
}

// keep remembers lessons, each fact once.
func (m *memory) keep(learned []lesson) {
	if len(learned) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	until := time.Now().Add(memoryTime)
	for _, l := range learned {
		l.until = until
		m.lessons = append(m.lessons, l)
	}
	const most = 64 // lessons differ in their facts and in few values
	if n := len(m.lessons); n > most {
		m.lessons = slices.Clone(m.lessons[n-most:])
	}
	m.after = nil
}

// apply returns a subject as it is known after what was learned.
func (m *memory) apply(s *subject) *subject {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.lessons) == 0 {
		return s
	}
	now := time.Now()
	if m.lessons[0].until.Before(now) {
		m.lessons = slices.DeleteFunc(m.lessons, func(l lesson) bool { return l.until.Before(now) })
		m.after = nil
	}
	if m.after == nil || m.of != s {
		m.of, m.after = s, s.after(m.lessons)
	}
	return m.after
}

// after returns the subject as lessons change it. They are facts of the
// caller's account by now, so their source is the service.
func (s *subject) after(lessons []lesson) *subject {
	if len(lessons) == 0 {
		return s
	}
	changed := *s
	changed.facts = s.facts.Override(func(f *facts.Facts) {
		for _, l := range lessons {
			l.Learn(f)
		}
	})
	for _, l := range lessons {
		changed.facts = changed.facts.Confirm(l.Fact) // a sibling may have had it so already
	}
	return &changed
}
