package probe

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Claims reports whether the subject claims a capability.
func (p *Probe) Claims(what ...Capability) bool {
	return !slices.ContainsFunc(what, func(c Capability) bool { return !p.Subject.Capabilities.Has(c) })
}

// A Probe is the tool of a check. It makes models, collects symptoms, and gives
// up by ending its goroutine.
type Probe struct {
	Subject *Subject
	Bubble  bool
	Ctx     context.Context
	label   string
	Seams   Seams
	timeout time.Duration
	waiting chan struct{} // one caller of Soon at a time, in a bubble

	mu       sync.Mutex
	symptoms []string
}

// Errorf records a symptom.
func (p *Probe) Errorf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.symptoms = append(p.symptoms, fmt.Sprintf(format, args...))
}

// Fatalf records a symptom and ends the check.
func (p *Probe) Fatalf(format string, args ...any) {
	p.Errorf(format, args...)
	runtime.Goexit()
}

// Equal records a symptom unless got equals want.
func (p *Probe) Equal(what string, got, want any) bool {
	if p.Subject.Capabilities.OwnIDs {
		got, want = renumbered(got), renumbered(want)
	}
	if reflect.DeepEqual(got, want) {
		return true
	}
	g, w := show.Value(got), show.Value(want)
	text := fmt.Sprintf("%s\ngot:  %s\nwant: %s", what, show.Shorten(g), show.Shorten(w))
	if d := show.Difference(got, want); d != "" {
		text += "\ndiff: " + d
	}
	p.Errorf("%s", text)
	return false
}

// Failed reports whether a symptom was recorded.
func (p *Probe) Failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.symptoms) > 0
}

// Soon reports whether cond holds once everything that can run has run. Without
// a bubble that moment is not known, so Soon waits up to half of the check's
// time.
func (p *Probe) Soon(cond func() bool) bool {
	if p.Bubble {
		p.waiting <- struct{}{} // only one goroutine at a time may wait
		synctest.Wait()
		<-p.waiting
		return cond()
	}
	return wait(p.timeout/2, func() bool { return cond() || p.Ctx.Err() != nil }) && cond()
}

// Goroutines returns the number of goroutines of the check. Checks also count
// them in a bubble: leaving the bubble ends its context, and those that wait
// for it would go unnoticed.
func (p *Probe) Goroutines() int { return labelled(p.label) }

// renumbered returns parts or messages with the ids of calls replaced by
// numbers in the order of their appearance. So a comparison sees only which
// calls the ids distinguish.
func renumbered(v any) any {
	numbers := map[string]string{}
	number := func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("id-%d", len(numbers)+1)
		}
		return numbers[id]
	}
	renumber := func(parts []model.Part) []model.Part {
		parts = model.Message{Parts: parts}.Clone().Parts
		for i, p := range parts {
			switch p := p.(type) {
			case model.ToolCall:
				p.ID = number(p.ID)
				parts[i] = p
			case model.ToolResult:
				p.CallID = number(p.CallID)
				parts[i] = p
			}
		}
		return parts
	}
	switch v := v.(type) {
	case []model.Part:
		return renumber(v)
	case []model.Message:
		all := slices.Clone(v)
		for i, m := range all {
			all[i].Parts = renumber(m.Parts)
		}
		return all
	}
	return v
}
