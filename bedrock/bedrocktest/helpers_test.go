package bedrocktest_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// The models of the tests, one a family.
const (
	claude37  = "us.anthropic.claude-3-7-sonnet-20250219-v1:0"
	sonnet4   = "us.anthropic.claude-sonnet-4-20250514-v1:0"
	sonnet45  = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
	sonnet5   = "us.anthropic.claude-sonnet-5"
	novaMicro = "us.amazon.nova-micro-v1:0"
	llama     = "us.meta.llama3-3-70b-instruct-v1:0"
	writer    = "us.writer.palmyra-x5-v1:0"
	deepseek  = "us.deepseek.r1-v1:0"
	gptOSS    = "openai.gpt-oss-120b-1:0"
	cohere    = "cohere.command-r-plus-v1:0"
	titan     = "amazon.titan-text-express-v1"
	kimi      = "moonshot.kimi-k2-thinking"
)

// An answer is what came back over HTTP.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// failure is an answer that is an exception, in the words of the wire.
func (a answer) failure(t *testing.T) (errorType, message string) {
	t.Helper()
	var v struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("the body %q is no JSON: %v", a.body, err)
	}
	return a.header.Get("X-Amzn-Errortype"), v.Message
}

// unsigned are options for requests that tests write by hand.
func unsigned(o *bedrocktest.Options) *bedrocktest.Options {
	if o == nil {
		o = &bedrocktest.Options{}
	}
	o.Off = append(o.Off, "authentication")
	return o
}

// memory serves m in memory for requests without a signature.
func memory(m model.ChatModel, o *bedrocktest.Options) *bedrocktest.Server {
	return bedrocktest.InMemory(m, unsigned(o))
}

// always answers every call with the same text.
func always(text string) *fake.Model { return fake.New(fake.Text(text).Usage(nil).Always()) }

// A says is a model that says the same each time and remembers nothing, for fuzz
// targets whose calls share a server.
type says string

func (s says) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Message: model.Assistant(string(s)), StopReason: model.StopEndTurn}, nil
}

func (s says) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		if emit(model.Event{Kind: model.EventText, Text: string(s)}) {
			emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}})
		}
		return nil
	})
}

// post sends a request as it stands.
func post(t *testing.T, s *bedrocktest.Server, modelID, operation, body string) answer {
	t.Helper()
	resp, err := s.HTTPClient().Post(s.URL+"/model/"+url.PathEscape(modelID)+"/"+operation, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) answer {
	t.Helper()
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, data}
}

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func asType[E error](err error) (E, bool) { return errors.AsType[E](err) }

// ask sends a request as Converse.
func ask(t *testing.T, s *bedrocktest.Server, modelID, body string) answer {
	t.Helper()
	return post(t, s, modelID, "converse", body)
}

// quote returns s as JSON.
func quote(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}
