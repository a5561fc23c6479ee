package probe

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// EventsOf returns the number of events of a turn.
func EventsOf(p *Probe, turn fake.Turn) int {
	n := 0
	for range fake.New(turn).Stream(p.Ctx, Ask("Hi")).Events() {
		n++
	}
	return n
}

// Said returns the thinking and the text of events, in order.
func Said(events []model.Event) string {
	var b strings.Builder
	for _, ev := range events {
		if ev.Kind == model.EventText || ev.Kind == model.EventThinking {
			b.WriteString(ev.Text)
		}
	}
	return b.String()
}

// SaidAfter returns the text and thinking of the first k events of an answer.
func SaidAfter(p *Probe, parts []model.Part, k int) string {
	var events []model.Event
	for ev := range fake.New(fake.Reply(parts...)).Stream(p.Ctx, Ask("Hi")).Events() {
		if len(events) < k {
			events = append(events, ev)
		}
	}
	return Said(events)
}

// OpenInputs returns parts with comparable inputs of calls. If a call was cut
// off before its input began, the input is empty, which is the same as none.
func OpenInputs(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range parts {
		if c, ok := p.(model.ToolCall); ok && string(c.Input) == "{}" {
			c.Input = nil
			p = c
		}
		all = append(all, p)
	}
	return all
}
