package probe

import (
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// RefusedKinds returns all kinds of failure that a provider can report.
func RefusedKinds() []model.ErrorKind {
	return []model.ErrorKind{
		model.ErrInvalidRequest, model.ErrUnsupported, model.ErrContextOverflow, model.ErrAuthentication,
		model.ErrPermission, model.ErrNotFound, model.ErrThrottled, model.ErrQuota, model.ErrTimeout,
		model.ErrUnavailable, model.ErrProvider,
	}
}

// A Wire is a transport of the subject, as a check sees it.
type Wire interface {
	Open() int      // the number of open response bodies
	CutAfter(n int) // makes bodies break off after n bytes
	Bytes() int     // the number of bytes read of the last body
	Asked() []byte  // the body of the last request; must not be modified
}

// A Subject is a subject of package conformance, as cases see it.
type Subject struct {
	Provider, Model string // empty: any name, but always the same
	Capabilities    Claims

	New           func(script *fake.Model) (model.ChatModel, error)
	Conversations []Conversation
	Secrets       []string
	Wires         func() []Wire // the transports of its models
	Notes         *Notes        // of what its models send and return; may be nil
}

// A Conversation is one or more calls of a model whose answers are not
// scripted.
type Conversation struct {
	Name  string
	Open  func() (model.ChatModel, error)
	Turns []Call
}

// A Call is one of the calls of a [Conversation].
type Call struct {
	Request *model.Request
	Stream  bool            // call Stream instead of Generate
	Fails   model.ErrorKind // the kind of the expected error; empty for an answer
}
