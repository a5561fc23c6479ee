package conformance

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/model"
)

// An Observation is what was seen of one call: the events of a stream, if it
// was one, and how it ended.
type Observation struct {
	Events []model.Event // nil for a call of Generate

	// Response is the complete answer, or with an error what had arrived of
	// one, if anything.
	Response *model.Response
	Err      error

	// Provider is the name that thinking and errors should carry. Empty means
	// any name.
	Provider string

	streamed bool     // the call was a stream, even if it had no events
	faults   []string // that ranging over the stream showed
}

// Observe ranges over a stream to its end and returns what it saw. The
// observation shares its parts with the stream's response.
func Observe(s *model.Stream) Observation {
	o := laws.Observe(s, "")
	return Observation{Events: o.Events, Response: o.Response, Err: o.Err, streamed: o.Streamed, faults: o.Faults}
}

func (o Observation) seen() laws.Observation {
	return laws.Observation{Events: o.Events, Response: o.Response, Err: o.Err, Provider: o.Provider, Streamed: o.streamed, Faults: o.faults}
}

// Laws returns what is wrong with an observation by any of the laws:
// CheckEvents, CheckPieces, CheckUsage and CheckThinking. They hold for every
// answer of every model, so they can be run over anybody's streams.
func Laws(o Observation) error { return laws.All(o.seen()) }

// CheckEvents returns what is wrong with the sequence of events: every part has
// one or more events and then one EventPartDone; after the last part comes one
// EventFinish and nothing else; an error ends an answer that has no finish,
// and comes last. It says nothing of a call that was not streamed.
func CheckEvents(o Observation) error { return laws.Events(o.seen()) }

// CheckPieces returns where an answer says something else than its events:
// the pieces of every part add up to the part, the parts by index are the
// answer, and an answer that broke off holds what had arrived, marked as
// incomplete.
func CheckPieces(o Observation) error { return laws.Pieces(o.seen()) }

// CheckUsage returns what is wrong with an answer's usage: InputTokens is the
// whole prompt, so what was read from and written to the cache is part of it;
// the writes by lifetime add up to all writes; and an answer whose provider
// told nothing has a usage that is not known rather than a usage of nothing.
func CheckUsage(o Observation) error { return laws.Usage(o.seen()) }

// CheckThinking returns what is wrong with an answer's thinking: each block
// names who made it, is of one of the forms that exist, and is complete in an
// answer that is; and no thinking shows in the answer's text.
func CheckThinking(o Observation) error { return laws.Thinking(o.seen()) }

// CheckSent returns what is wrong with a request as it was sent, by the law of
// conservation: everything that was asked for is in it, in its place and
// unchanged, or a warning is about it; and nothing is in it that was neither
// asked for nor warned of. The one other way out, to refuse the request, is
// the caller's to see.
//
// It passes over what providers have their own ways to say: where one turn of
// a role ends and the next begins, in which order system messages stand beside
// the others, a default that is spelled out.
func CheckSent(asked, sent *model.Request, warnings []model.Warning) error {
	return laws.Sent(asked, sent, warnings)
}

// CheckPrefix returns where a request does not begin with the whole of an
// earlier one of the same conversation, by the law that prompts grow at their
// end: tools, system messages and turns as they were, cache points aside.
// Without that, no provider's cache is of use.
func CheckPrefix(earlier, later *model.Request) error { return laws.Prefix(earlier, later) }

// CheckWire returns what was lost of a request on its way, by the law of
// conservation that [CheckSent] holds for requests that were read back: each part
// of its messages, each tool and each setting must be in the body that was sent,
// or a warning must name it. It knows no format: what counts is that the text,
// the bytes (as they are or in base64), the JSON and the numbers of a part are
// somewhere in the body, as often as the request holds them. A warning about
// "messages[2]" is about all parts of that message.
//
// A request that was refused before anything was sent has lost nothing; the law
// is about those that were sent. The body must be JSON. Wishes that
// nothing may be needed for are not looked for: automatic cache points, thinking
// that is switched off or of no certain amount, and tools that must not be
// called.
func CheckWire(req *model.Request, body []byte, warnings []model.Warning) error {
	return laws.Wire(req, body, warnings)
}
