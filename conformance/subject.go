package conformance

import (
	"fmt"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Subject describes the model to check and how to make one: every check
// makes its own models. It needs New, Conversations, or both.
type Subject struct {
	// Name says what is checked, such as "bedrock on bedrocktest". Required.
	Name string

	// Provider is the name that the model's errors and thinking carry. Empty
	// means any name, as long as it is one.
	Provider string

	// Model is the name that answers give to the model. Empty means any name,
	// as long as it is one.
	Model string

	// Capabilities is what the model claims to support. A case that needs more
	// does not apply; a claim that does not hold is a failure. Claiming nothing
	// hides nothing: a feature that is not claimed must be refused with
	// [model.ErrUnsupported] before anything is sent.
	Capabilities Capabilities

	// New returns a model whose provider answers by script: for every call
	// that reaches it, the provider asks script the same way, by Generate or
	// Stream, and puts what it gets on the wire, an error as the error that
	// the real provider would send, an answer that breaks off as a broken
	// connection. What the provider was asked is then found in script's
	// requests. A model that repeats failed calls by itself must be told not
	// to.
	//
	// What the server does with the script:
	//
	//   - It asks the script as the model asked: by Stream for a stream, by
	//     Generate for a call, with r.Context(), once a request.
	//   - Events become pieces on the wire as they come, flushed one by one,
	//     with their indices if the wire has such. Text may be cut within a
	//     character; a wire of JSON strings holds the rest of the character
	//     back until the next piece brings it.
	//   - An error of kind [model.ErrTruncated] breaks the connection, by
	//     panic(http.ErrAbortHandler). Other errors become the error that the
	//     provider sends for their kind, in the middle of a stream the one
	//     that it sends there.
	//   - An error that is not the model's fault, such as a body that can't be
	//     read, fails loudly.
	//
	// New may be called several times in a check. What it opens is closed by
	// [Env.Cleanup].
	New func(env *Env, script *fake.Model) (model.ChatModel, error)

	// Conversations are calls whose answers no script decides: recorded ones,
	// or a live provider's. They are held against the [Laws].
	Conversations []Conversation

	// InMemory says that models and what they talk to use neither sockets nor
	// other things outside the process. [Test] then runs every check in a
	// testing/synctest bubble: waiting takes no time, a call that hangs and a
	// goroutine that is left behind are found at once.
	InMemory bool

	// Gaps lists the cases that are known to fail, with the reason. A gap
	// whose case passes is a failure, and so is one that names no case.
	Gaps map[ID]string

	// Secrets are the credentials that the model holds, if any. No error may
	// contain one. Reports never do.
	Secrets []string

	// Pins keeps the subject's requests and answers as they are; see [Pins]. Nil
	// keeps none.
	Pins *Pins

	// Timeout is how long a check may run before it is reported as hanging.
	// Only time spent waiting counts, so that a busy machine fails no check.
	// Zero means one minute; a second is enough while a provider is being
	// written. A server that does not flush its pieces shows as a hang.
	Timeout time.Duration
}

// A Conversation is one or more calls to a model whose answers are not
// scripted.
type Conversation struct {
	Name string // part of the subtest's name; required

	// Open returns a model that has not answered any of the turns yet, such
	// as one that replays a recording from its beginning.
	Open func(env *Env) (model.ChatModel, error)

	Turns []Call
}

// A Call is one of the calls of a [Conversation].
type Call struct {
	Request *model.Request
	Stream  bool // ask by Stream, not by Generate

	// Fails is the kind of the error that is expected, empty for an answer.
	// ErrUnknown stands for any kind.
	Fails model.ErrorKind
}

// known returns what cases know of the subject in an environment.
func (s *Subject) known(env *Env) *probe.Subject {
	k := &probe.Subject{
		Provider: s.Provider, Model: s.Model, Capabilities: s.Capabilities.claims(), Secrets: s.Secrets,
		New:   func(script *fake.Model) (model.ChatModel, error) { return s.New(env, script) },
		Wires: env.wires, Notes: env.notes,
	}
	for _, c := range s.Conversations {
		turns := make([]probe.Call, len(c.Turns))
		for i, t := range c.Turns {
			turns[i] = probe.Call(t)
		}
		open := func() (model.ChatModel, error) { return c.Open(env) }
		k.Conversations = append(k.Conversations, probe.Conversation{Name: c.Name, Open: open, Turns: turns})
	}
	return k
}

// problems returns what is wrong with the subject itself.
func (s *Subject) problems() []string {
	var all []string
	if s.Name == "" {
		all = append(all, "the subject has no name")
	}
	if s.New == nil && len(s.Conversations) == 0 {
		all = append(all, "the subject has neither New nor Conversations, so no case applies")
	}
	for _, c := range s.Conversations {
		if c.Name == "" || c.Open == nil || len(c.Turns) == 0 {
			all = append(all, fmt.Sprintf("conversation %q needs a name, Open and at least one turn", c.Name))
		}
	}
	if s.Pins != nil && !s.InMemory {
		all = append(all, "pins are for subjects in memory: elsewhere times and ports are part of what is seen")
	}
	return append(all, s.strayGaps()...)
}

// strayGaps returns what is wrong with the declared gaps, in order.
func (s *Subject) strayGaps() []string {
	known := make(map[ID]*Case)
	for _, c := range allCases() {
		known[c.ID] = &c
	}
	var all []string
	for id, reason := range s.Gaps {
		c, ok := known[id]
		switch {
		case !ok:
			all = append(all, fmt.Sprintf("gap %s is not the id of a case", id))
		case reason == "":
			all = append(all, fmt.Sprintf("gap %s has no reason", id))
		case c.applies(s) != "":
			all = append(all, fmt.Sprintf("gap %s is not needed: %s", id, c.applies(s)))
		}
	}
	slices.Sort(all)
	return all
}

func (s *Subject) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return time.Minute
}
