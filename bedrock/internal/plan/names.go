package plan

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// maxName is the service's limit for the names of tools and the ids of calls.
const maxName = 64

func isNameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// legalName reports whether a name is of the letters that the service takes.
func legalName(name string) bool {
	for _, c := range name {
		if !isNameRune(c) {
			return false
		}
	}
	return name != ""
}

// legalize replaces what is not legal in a name or an id.
func legalize(s string) string {
	return strings.Map(func(c rune) rune {
		if isNameRune(c) {
			return c
		}
		return '_'
	}, s)
}

// label returns the name of a tool in the history, where it is no more than a
// label, in a form that the service takes.
func (p *planner) label(field, name string) string {
	if legalName(name) && len(name) <= maxName {
		return name
	}
	legal := legalize(name)
	if legal = cut(legal, maxName); legal == "" {
		legal = "unnamed"
	}
	p.change("", field+".name", "%q is sent as %q: names of tools are of letters, digits, _ and -, at most %d of them", name, legal, maxName)
	return legal
}

// A callIDs gives the calls of a conversation ids that the model takes and that
// differ. What an id becomes depends on it and on the calls before it, so that a
// conversation keeps its ids, and with them its cached prefix, as it grows.
type callIDs struct {
	pattern *regexp.Regexp // nil: the service's own
	given   uniqueNames
}

func newCallIDs(pattern string, calls int) callIDs {
	ids := callIDs{given: uniqueNames{limit: maxName, open: "_", taken: make(map[string]bool, calls)}}
	if pattern != "" {
		ids.pattern, _ = regexp.Compile("^(?:" + pattern + ")$")
	}
	return ids
}

func (ids *callIDs) legal(id string) bool {
	switch {
	case id == "" || len(id) > maxName:
		return false
	case ids.pattern != nil:
		return ids.pattern.MatchString(id)
	}
	return legalName(id)
}

// give returns the id of the next call.
func (ids *callIDs) give(id string) string { return ids.given.give(ids.legalized(id)) }

// legalized returns an id in legal letters. One that is not legal gets a sum at
// its end, so that different ones stay different.
func (ids *callIDs) legalized(id string) string {
	switch {
	case id == "":
		return "call"
	case ids.legal(id):
		return id
	}
	sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(id)))
	return cut(legalize(id), maxName-len(sum)) + sum
}

// A pending is a call of the last turn of the assistant.
type pending struct {
	id       string // as in the request
	legal    string
	field    string
	answered bool
	result   int // the index of its result among the blocks, once it is answered
	next     int // the next call of the same id, -1: none
}

// expect notes a call whose result must come in the next turn, and returns its
// id.
func (c *conversation) expect(field, id string) (legal string) {
	legal = c.ids.give(id)
	n := len(c.pending)
	c.pending = append(c.pending, pending{id: id, legal: legal, field: field, next: -1})
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
func (c *conversation) answer(id string) (call *pending, again bool) {
	i, ok := c.byID[id]
	if !ok {
		return nil, false
	}
	call = &c.pending[i]
	if call.answered && call.next >= 0 {
		c.byID[id] = call.next
		call = &c.pending[call.next]
	}
	again = call.answered
	call.answered = true
	return call, again
}

// settle ends the expectation of results. It reports the calls that have none.
func (c *conversation) settle(missing func(*pending)) {
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

// call returns a call with an id and a name that the service takes.
func (p *planner) call(field, id, name string) (legalID, legalName string) {
	legalID = p.talk.expect(field, id)
	if legalID != id {
		p.change("turns.tool_id_pattern", field+".id", "%q is sent as %q: ids of calls must differ, and are of letters, digits, _ and -, at most %d of them", id, legalID, maxName)
	}
	return legalID, p.label(field, name)
}

// arguments returns the input of a call, as an object where the format takes
// nothing else.
func (p *planner) arguments(field string, call model.ToolCall) model.ToolCall {
	switch {
	case call.InvalidInput == "" && len(call.Input) == 0:
		call.Input = emptyObject
	case p.format.AnyInput, call.InvalidInput == "" && isObject(call.Input):
	default:
		invalid := call.InvalidInput
		if invalid == "" {
			invalid = string(call.Input)
		}
		p.change("", field+".input", "Bedrock takes nothing but a JSON object; the input is sent as a string inside one")
		call.Input, call.InvalidInput = wrapped(invalid), ""
	}
	return call
}
