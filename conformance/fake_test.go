package conformance_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// fakeGaps are what the fake does not do, because it has no wire: what it
// remembers of a request is the request as it was given.
var fakeGaps = map[conformance.ID]string{
	"BAS-38": "blocks of other providers stay in what the fake remembers",
	"THK-22": "thinking of other providers stays in what the fake remembers",
	"THK-23": "thinking that was cut off stays in what the fake remembers",
}

// fakeSubject is the fake, playing itself.
func fakeSubject() conformance.Subject {
	return conformance.Subject{
		Name:         "fake",
		Provider:     "fake",
		Capabilities: conformance.AllCapabilities(),
		InMemory:     true,
		Gaps:         fakeGaps,
		New: func(_ *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			return script, nil
		},
	}
}

func TestFake(t *testing.T) { conformance.Test(t, fakeSubject()) }
