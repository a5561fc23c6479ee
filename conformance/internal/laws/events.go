package laws

import (
	"errors"
	"fmt"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// Events returns the faults in the sequence of events. Every part has one or
// more events and then one EventPartDone. After the last part comes one
// EventFinish and nothing else. An error ends an answer without a finish, and
// comes last. Events accepts any call that was not streamed.
func Events(o Observation) error {
	if !o.Streamed && o.Events == nil {
		return nil
	}
	g := grammar{faults: slices.Clone(o.Faults), open: map[int]model.EventKind{}}
	for i, ev := range o.Events {
		g.event(i, ev)
	}
	switch {
	case o.Err == nil && !g.finished:
		g.fault("the stream ended without a finish event and without an error")
	case o.Err != nil && g.finished:
		g.fault("the answer was finished, and then failed: %v", o.Err)
	}
	if o.Err != nil {
		if _, ok := errors.AsType[*model.Error](o.Err); !ok {
			g.fault("the error is a %T, want a *model.Error", o.Err)
		}
	}
	return broken("grammar", g.faults)
}

type grammar struct {
	open     map[int]model.EventKind // by index, the kind of event that began the open part
	finished bool
	faults   []string
}

func (g *grammar) fault(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

func (g *grammar) event(i int, ev model.Event) {
	if g.finished {
		g.fault("event %d, %v, comes after the finish event", i, ev.Kind)
	}
	switch ev.Kind {
	case model.EventPartDone:
		g.done(i, ev)
	case model.EventFinish:
		g.finish(i, ev)
	case model.EventText, model.EventThinking, model.EventSignature, model.EventToolInput:
		g.piece(i, ev)
	case model.EventRedacted, model.EventToolCall, model.EventCitation, model.EventPart:
		if !carries(ev) {
			g.fault("event %d, %v, carries a part of type %T", i, ev.Kind, ev.Part)
		}
		g.piece(i, ev)
	case 0:
		g.fault("event %d has no kind", i)
	} // later versions may add kinds; they are ignored
}

// piece checks an event of a part.
func (g *grammar) piece(i int, ev model.Event) {
	first, open := g.open[ev.Index]
	switch {
	case !open:
		g.open[ev.Index] = ev.Kind
	case family(first) != family(ev.Kind):
		g.fault("event %d, %v, lies within a part of index %d that began with %v", i, ev.Kind, ev.Index, first)
	case ev.Kind == model.EventToolCall, ev.Kind == model.EventPart:
		g.fault("event %d, %v, begins a part at index %d before the one before it was done", i, ev.Kind, ev.Index)
	}
}

func (g *grammar) done(i int, ev model.Event) {
	first, open := g.open[ev.Index]
	switch {
	case !open:
		g.fault("event %d says that a part of index %d is done, but none is open there", i, ev.Index)
	case ev.Part == nil:
		g.fault("event %d, %v, has no part", i, ev.Kind)
	case !fits(first, ev.Part):
		g.fault("event %d completes a part that began with %v as a %T", i, first, ev.Part)
	}
	delete(g.open, ev.Index)
}

func (g *grammar) finish(i int, ev model.Event) {
	g.finished = true
	if len(g.open) > 0 {
		g.fault("event %d is the finish, but %d parts are not done", i, len(g.open))
	}
	switch {
	case ev.Response == nil:
		g.fault("event %d, the finish, has no response", i)
	case ev.Response.Message.Role != model.RoleAssistant:
		g.fault("the answer has the role %q, want %q", ev.Response.Message.Role, model.RoleAssistant)
	}
	if ev.Index != 0 {
		g.fault("event %d, the finish, has the index %d, want 0", i, ev.Index)
	}
}

// carries reports whether an event's part has the type for its kind.
func carries(ev model.Event) bool {
	switch ev.Part.(type) {
	case nil:
		return false
	case model.Thinking:
		return ev.Kind == model.EventRedacted || ev.Kind == model.EventPart
	case model.CitedText:
		return ev.Kind == model.EventCitation || ev.Kind == model.EventPart
	case model.ToolCall, model.ServerToolCall:
		return ev.Kind == model.EventToolCall || ev.Kind == model.EventPart
	}
	return ev.Kind == model.EventPart
}

// family returns one kind for all the kinds that may build the same part.
func family(k model.EventKind) model.EventKind {
	switch k {
	case model.EventSignature:
		return model.EventThinking
	case model.EventToolInput:
		return model.EventToolCall
	case model.EventCitation:
		return model.EventText
	}
	return k
}

// fits reports whether a part can be the one that began with an event of the
// given kind.
func fits(first model.EventKind, p model.Part) bool {
	switch family(first) {
	case model.EventText:
		switch p.(type) {
		case model.Text, model.CitedText:
			return true
		}
	case model.EventThinking, model.EventRedacted:
		_, ok := p.(model.Thinking)
		return ok
	case model.EventToolCall:
		switch p.(type) {
		case model.ToolCall, model.ServerToolCall:
			return true
		}
	case model.EventPart:
		return true
	}
	return false
}
