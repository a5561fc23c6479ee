package plan

import (
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
	"github.com/chatmodel-go/chatmodel/model"
)

// calls are the tool calls of a conversation: the ids that they have got, and
// those of the last turn of the assistant, whose results must come next. The
// service refuses a call whose result does not come in the next turn, and a
// result without a call in the turn before: "Expected toolResult blocks at
// messages.2.content for the following Ids".
//
// Ids of other providers may repeat, even within a turn. Calls of one id are
// answered in their order.
type calls struct {
	ids     names.IDs
	pending []pending
	byID    map[string]int // the first of the pending ones that has no result, by the id in the request
}

// A pending is a call of the last turn of the assistant.
type pending struct {
	id       string // as in the request
	legal    string
	field    string
	answered bool
	result   int // the index of its result among the blocks, once it is answered
	next     int // the next call of the same id; 0: none
}

// expect notes a call whose result must come in the next turn, and returns its
// id.
func (c *calls) expect(field, id string) (legal string) {
	legal = c.ids.Give(id)
	n := len(c.pending)
	c.pending = append(c.pending, pending{id: id, legal: legal, field: field})
	if c.byID == nil {
		c.byID = make(map[string]int)
	}
	if first, again := c.byID[id]; again {
		// The chain is short: it goes on from its last member, which the first
		// one remembers in result until it is answered.
		last := c.pending[first].result
		c.pending[last].next, c.pending[first].result = n, n
	} else {
		c.byID[id], c.pending[n].result = n, n
	}
	return legal
}

// answer finds the call that a result answers: the first of that id that has
// none. Where all have one, again is true, and the result belongs to the last.
func (c *calls) answer(id string) (call *pending, again bool) {
	i, ok := c.byID[id]
	if !ok {
		return nil, again
	}
	call = &c.pending[i]
	if call.answered && call.next > 0 {
		c.byID[id] = call.next
		call = &c.pending[call.next]
	}
	again = call.answered
	call.answered = true
	return call, again
}

// settle ends the expectation of results. It calls missing with each call that
// has none.
func (c *calls) settle(missing func(*pending)) {
	if len(c.pending) == 0 {
		return
	}
	for i := range c.pending {
		if !c.pending[i].answered {
			missing(&c.pending[i])
		}
	}
	c.pending = c.pending[:0]
	clear(c.byID)
}

// waiting reports whether a call has no result yet.
func (c *calls) waiting() bool {
	return slices.ContainsFunc(c.pending, func(call pending) bool { return !call.answered })
}

// label returns the name of a tool in the history in a form that the service
// takes. A name in the history is only a label, so it is changed and not refused,
// in contrast to that of a tool on offer, by which the model's calls come back.
func label(s *scope, field, name string) string {
	legal := names.Label(name)
	if legal != name {
		s.change("", field+".name", "%q is sent as %q: the name of a tool has letters, digits, _ and -, at most %d of them", name, legal, names.Max)
	}
	return legal
}

// arguments returns a call with its input, as an object where the format takes
// nothing else: "Provide a json object for the field and try again." A model can
// write anything there, and an answer must be accepted back.
func arguments(s *scope, field string, call model.ToolCall) model.ToolCall {
	switch {
	case call.InvalidInput == "" && len(call.Input) == 0:
		call.Input = emptyObject
	case s.format.AnyInput, call.InvalidInput == "" && isObject(call.Input):
	default:
		invalid := call.InvalidInput
		if invalid == "" {
			invalid = string(call.Input)
		}
		s.change("", field+".input", "Bedrock accepts only a JSON object; the input is sent as a string inside one")
		call.Input, call.InvalidInput = wrapped(invalid), ""
	}
	return call
}
