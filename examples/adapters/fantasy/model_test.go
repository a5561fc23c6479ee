package fantasy_test

import (
	"net/http"
	"testing"

	"charm.land/fantasy/providers/anthropic"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/examples/adapters/fantasy"
	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/messages"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const secret = "sk-ant-a-key-of-nobody"

// gaps are what fantasy's provider for Anthropic does not do. One that passes
// fails the test, and is to be taken out.
var gaps = map[conformance.ID]string{
	"BAS-17": limit,
	"THK-38": limit,
	"STR-08": limit + ", which is less than the piece",
	"TOL-11": floats,
	"SER-07": floats,
	"TOL-12": results,
	"TOL-22": schemas,
	"STR-26": open,
	"ERR-28": open,
	"THK-28": effort,
	"TOL-17": parallel,
	"TOL-18": parallel,
	"TOL-19": parallel,
	"THK-39": parallel,
}

// Why they are.
const (
	limit    = "a request without a limit is sent with one of 4096 tokens"
	floats   = "the inputs of calls are read into Go values and written anew: numbers become float64, and keys are sorted"
	results  = "a result is one text, so that its texts are joined; or one image, which a text may follow"
	schemas  = "of a tool's schema, the properties and the required names alone are sent, as Go values"
	parallel = "with a choice of a tool, parallel calls are sent as allowed, whether that was asked or not"
	effort   = "an effort is always sent as adaptive thinking, which the model refuses; older ones think by a budget"
	open     = "the body of a stream is never closed: a connection is let go when its context ends and it is read"
)

func TestConformance(t *testing.T) {
	caps := conformance.Capabilities{
		Capabilities: model.Capabilities{Tools: true, ForcedTools: true, ParallelTools: true, Images: true, Thinking: true, SignedThinking: true},
		Sampling:     true, TopK: true, RedactedThinking: true, RedactedText: true, JSONAsText: true, HTTP: true,
		Usage: true, RetryAfter: true, ErrorCodes: true,
		StopReasons: []model.StopReason{model.StopEndTurn, model.StopToolUse, model.StopMaxTokens},
		ErrorKinds: []model.ErrorKind{model.ErrInvalidRequest, model.ErrContextOverflow, model.ErrAuthentication, model.ErrPermission, model.ErrNotFound,
			model.ErrThrottled, model.ErrTimeout, model.ErrUnavailable, model.ErrProvider},
		StreamErrorKinds: []model.ErrorKind{model.ErrThrottled, model.ErrUnavailable, model.ErrInvalidRequest, model.ErrProvider},
	}
	conformance.Test(t, conformance.Subject{
		Name: "charm.land/fantasy, providers/anthropic", Provider: "fantasy", Model: messages.Model, Capabilities: caps, InMemory: true, Secrets: []string{secret},
		Gaps: gaps,
		New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			wire := &http.Client{Transport: conformance.NewTransport(env, messages.Serve(script))}
			p, err := anthropic.New(anthropic.WithAPIKey(secret), anthropic.WithBaseURL("https://api.anthropic.com"), anthropic.WithHTTPClient(wire))
			if err != nil {
				return nil, err
			}
			llm, err := p.LanguageModel(t.Context(), messages.Model)
			if err != nil {
				return nil, err
			}
			return fantasy.New(llm), nil
		},
	})
}
