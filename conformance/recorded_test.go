package conformance_test

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// TestRecordedBedrock checks the laws on real traffic.
func TestRecordedBedrock(t *testing.T) { conformance.Test(t, recordedSubject(t)) }

func recordedSubject(t *testing.T) conformance.Subject {
	t.Helper()
	var all []conformance.Conversation
	for _, found := range outside.First(t) {
		c, err := recordings.Load(found.FS(), found.Name)
		if err != nil {
			t.Fatal(err)
		}
		if conv, ok := conversation(found.Name, c.Exchanges); ok {
			all = append(all, conv)
		}
	}
	return conversationsSubject(t, all, 44)
}

// TestShippedCassettes checks the laws on this project's cassettes.
func TestShippedCassettes(t *testing.T) {
	conformance.Test(t, pinned(cassettesSubject(t), "cassettes"))
}

func cassettesSubject(t *testing.T) conformance.Subject {
	t.Helper()
	var all []conformance.Conversation
	fsys := recordings.Cassettes()
	err := fs.WalkDir(fsys, ".", func(file string, _ fs.DirEntry, err error) error {
		name, isCassette := strings.CutSuffix(file, ".yaml")
		if err != nil || !isCassette {
			return err
		}
		c, err := recordings.Load(fsys, name)
		if err != nil {
			return err
		}
		if conv, ok := conversation(name, c.Exchanges); ok {
			all = append(all, conv)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return conversationsSubject(t, all, 27)
}

// conversationsSubject is bedrock on conversations, which are at least so many.
func conversationsSubject(t *testing.T, all []conformance.Conversation, atLeast int) conformance.Subject {
	t.Helper()
	if len(all) < atLeast {
		t.Fatalf("%d conversations found, want at least %d", len(all), atLeast)
	}
	return conformance.Subject{Name: "bedrock on recordings", Provider: bedrock.Provider, InMemory: true, Conversations: all}
}

// conversation makes calls of exchanges, those of one API; others are left out.
func conversation(name string, exchanges []recordings.Exchange) (conformance.Conversation, bool) {
	c := conformance.Conversation{Name: name}
	var modelID string
	var native bool
	var played []recordings.Exchange
	for _, x := range exchanges {
		id, op := operation(x.URL)
		stream := op == "converse-stream" || op == "invoke-with-response-stream"
		invoke := op == "invoke" || op == "invoke-with-response-stream"
		if !stream && !invoke && op != "converse" || len(played) > 0 && invoke != native {
			continue
		}
		turn := conformance.Turn{Request: request(id, invoke, x.RequestBody), Stream: stream}
		if x.Status >= 300 || op == "converse-stream" && !bytes.Contains(x.ResponseBody, []byte("messageStop")) {
			turn.Fails = model.ErrUnknown // which kind is another test's concern
		}
		modelID, native, played = id, invoke, append(played, x)
		c.Turns = append(c.Turns, turn)
	}
	c.Open = func(*conformance.Env) (model.ChatModel, error) {
		client := bedrockruntime.New(bedrockruntime.Options{
			Region: "us-east-1", Retryer: aws.NopRetryer{}, HTTPClient: &http.Client{Transport: &player{exchanges: played}},
			Credentials: aws.CredentialsProviderFunc(nobody),
		})
		if native {
			return bedrock.New(client, modelID, &bedrock.Options{Format: bedrock.FormatAuto})
		}
		return bedrock.New(client, modelID, nil)
	}
	return c, len(c.Turns) > 0
}

// request decodes a recorded request. Where that can't be done, as one recorder
// has lost the end of a request, any other will do: the answer is recorded.
func request(modelID string, invoke bool, body []byte) *model.Request {
	decode := func() (*model.Request, error) { return bedrocktest.DecodeRequest(modelID, body) }
	if format := bedrock.FormatAnthropic; invoke {
		if facts.Lookup(modelID).Maker != "anthropic" {
			format = bedrock.FormatOpenAI
		}
		decode = func() (*model.Request, error) { return bedrocktest.DecodeInvoke(format, body) }
	}
	req, err := decode()
	if err != nil {
		return &model.Request{Messages: []model.Message{model.User("What was it?")}}
	}
	return req
}

// operation returns the model's id and the operation of a URL.
func operation(rawURL string) (modelID, op string) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", ""
	}
	id, err := url.PathUnescape(path.Base(path.Dir(u.EscapedPath())))
	if err != nil {
		return "", ""
	}
	return id, path.Base(u.EscapedPath())
}

// A player answers with recorded responses, in order, in pieces of a few
// bytes.
type player struct {
	mu        sync.Mutex
	exchanges []recordings.Exchange
}

func (p *player) RoundTrip(req *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.exchanges) == 0 {
		return nil, io.EOF
	}
	x := p.exchanges[0]
	p.exchanges = p.exchanges[1:]
	return &http.Response{
		StatusCode: x.Status, Header: x.ResponseHeader.Clone(), Request: req, ContentLength: -1,
		Body: io.NopCloser(&pieces{bytes.NewReader(x.ResponseBody)}),
	}, nil
}

// pieces reads at most 7 bytes at a time.
type pieces struct{ r io.Reader }

func (p *pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(7, len(b))]) }
