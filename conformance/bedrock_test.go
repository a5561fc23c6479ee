package conformance_test

import (
	"context"
	"flag"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

// bedrockSubject is a model behind a local Bedrock that answers by the
// script, all rules of the service enforced.
func bedrockSubject(modelID string, edit func(*conformance.Capabilities), gaps map[conformance.ID]string) conformance.Subject {
	caps := conformance.Capabilities{
		Sampling: true, TopK: true, UnsignedThinking: true, RedactedThinking: true, ServerTools: true, Citations: true,
		MediaURIs: true, HTTP: true, Usage: true, CacheWrites: true, RequestIDs: true, Latency: true, RetryAfter: true, ErrorCodes: true,
		CacheTTLs:          []time.Duration{5 * time.Minute, time.Hour},
		StopReasons:        conformance.AllCapabilities().StopReasons,
		UnknownStopReasons: true,
		ErrorKinds: []model.ErrorKind{
			model.ErrInvalidRequest, model.ErrContextOverflow, model.ErrAuthentication, model.ErrPermission, model.ErrNotFound,
			model.ErrThrottled, model.ErrQuota, model.ErrTimeout, model.ErrUnavailable, model.ErrProvider,
		},
		StreamErrorKinds: []model.ErrorKind{model.ErrThrottled, model.ErrUnavailable, model.ErrInvalidRequest, model.ErrProvider},
	}
	m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{Credentials: aws.CredentialsProviderFunc(nobody)}), modelID, nil)
	if err != nil {
		panic(err)
	}
	caps.Capabilities = m.Capabilities()
	if edit != nil {
		edit(&caps)
	}
	return conformance.Subject{
		Name:         "bedrock on bedrocktest, " + modelID,
		Provider:     bedrock.Provider,
		Capabilities: caps,
		InMemory:     true,
		Secrets:      []string{bedrocktest.SecretAccessKey},
		Gaps:         gaps,
		New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			server := bedrocktest.InMemory(script, &bedrocktest.Options{KeepSignatures: true})
			return bedrock.New(clientOf(env, server), modelID, nil)
		},
	}
}

// clientOf returns a client of a server, over a wire that the suite watches.
func clientOf(env *conformance.Env, server *bedrocktest.Server) *bedrockruntime.Client {
	wire := &http.Client{Transport: conformance.NewTransport(env, server)}
	return server.Client(func(o *bedrockruntime.Options) { o.Retryer, o.HTTPClient = aws.NopRetryer{}, wire })
}

// nobody is whom nothing is sent for.
func nobody(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "nobody", SecretAccessKey: "nobody"}, nil
}

func claudeSubject() conformance.Subject {
	noURIs := func(c *conformance.Capabilities) { c.MediaURIs = false } // files in S3 are Nova's
	return bedrockSubject(claude, noURIs, nil)
}

func TestBedrockClaude(t *testing.T) { conformance.Test(t, pinned(claudeSubject(), "claude")) }

var repin = flag.Bool("repin", false, "write the files below testdata/pins anew")

// pinned is a subject whose requests and answers are kept in a file.
func pinned(s conformance.Subject, name string) conformance.Subject {
	s.Pins = &conformance.Pins{File: "testdata/pins/" + name + ".txt", Write: *repin}
	return s
}

// Nova claims less than Claude, and what it does not claim is refused.
func novaSubject() conformance.Subject {
	less := func(c *conformance.Capabilities) {
		c.RedactedThinking, c.UnsignedThinking = false, false
		c.CacheTTLs, c.CacheWrites = nil, false
	}
	return bedrockSubject("amazon.nova-pro-v1:0", less, nil)
}

// Without CHATMODEL_FULL=1 it runs every other case.
func TestBedrockNova(t *testing.T) {
	testSome(t, pinned(novaSubject(), "nova"), func(i int) bool { return i%2 == 0 })
}
