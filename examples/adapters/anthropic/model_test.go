package anthropic_test

import (
	"net/http"
	"testing"

	sdk "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/examples/adapters/anthropic"
	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/messages"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const secret = "sk-ant-a-key-of-nobody"

const limit = "the API requires max_tokens, and the SDK refuses to wait for more than some 21,000 that do not come as a stream: a request without a limit is sent with one"

const encoder = "the SDK writes JSON that it is given anew: without white space, and with <, > and & escaped"

// gaps are what the SDK, or the API behind it, does not do. One that passes
// fails the test, and is to be taken out.
var gaps = map[conformance.ID]string{
	"BAS-17": limit,
	"THK-38": limit,
	"MUL-02": "an image without a media type is sent with an empty one, which the API refuses",
	"TOL-11": encoder,
	"TOL-22": encoder,
	"SER-07": encoder,
	"STR-08": limit + ", which is less than the piece",
}

func TestConformance(t *testing.T) {
	caps := conformance.Capabilities{
		Capabilities: new(anthropic.Model).Capabilities(),
		Sampling:     true, TopK: true, RedactedThinking: true, RedactedText: true, JSONAsText: true, HTTP: true,
		Usage: true, RetryAfter: true, ErrorCodes: true,
		StopReasons: []model.StopReason{model.StopEndTurn, model.StopToolUse, model.StopMaxTokens, model.StopSequence},
		ErrorKinds: []model.ErrorKind{model.ErrInvalidRequest, model.ErrContextOverflow, model.ErrAuthentication, model.ErrPermission, model.ErrNotFound,
			model.ErrThrottled, model.ErrTimeout, model.ErrUnavailable, model.ErrProvider},
		StreamErrorKinds: []model.ErrorKind{model.ErrThrottled, model.ErrUnavailable, model.ErrInvalidRequest, model.ErrProvider},
	}
	conformance.Test(t, conformance.Subject{
		Name: "anthropic-sdk-go", Provider: "anthropic", Model: messages.Model, Capabilities: caps, InMemory: true, Secrets: []string{secret},
		Gaps: gaps,
		New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			wire := &http.Client{Transport: conformance.NewTransport(env, messages.Serve(script))}
			client := sdk.NewClient(option.WithAPIKey(secret), option.WithBaseURL("https://api.anthropic.com"), option.WithHTTPClient(wire), option.WithMaxRetries(0))
			return anthropic.New(client, messages.Model), nil
		},
	})
}
