package conformance_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// fakeSubject is the fake, playing itself.
func fakeSubject() conformance.Subject {
	return conformance.Subject{
		Name:         "fake",
		Provider:     "fake",
		Capabilities: conformance.AllCapabilities(),
		InMemory:     true,
		New: func(_ *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			return script, nil
		},
	}
}

func TestFake(t *testing.T) { conformance.Test(t, fakeSubject()) }
