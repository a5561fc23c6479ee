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

// A Wire is what a check knows of a transport of its subject.
type Wire interface {
	Open() int      // how many bodies of answers are open
	CutAfter(n int) // bodies break off after n bytes
	Bytes() int     // how many were read of the last body
	Asked() []byte  // the body of the last request, not to be changed
}

// A Subject is what cases know of a subject of package conformance.
type Subject struct {
	Provider, Model string // empty: any name, as long as it is one
	Capabilities    Claims

	New           func(script *fake.Model) (model.ChatModel, error)
	Conversations []Conversation
	Secrets       []string
	Wires         func() []Wire // the transports that its models have made
}

// A Conversation is one or more calls to a model whose answers are not
// scripted.
type Conversation struct {
	Name  string
	Open  func() (model.ChatModel, error)
	Turns []Call
}

// A Call is one of the calls of a [Conversation].
type Call struct {
	Request *model.Request
	Stream  bool            // ask by Stream, not by Generate
	Fails   model.ErrorKind // the kind of the error that is expected, empty for an answer
}
