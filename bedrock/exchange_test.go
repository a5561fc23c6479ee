package bedrock_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// operations are the calls that send requests, by the last label of the path.
var operations = []struct {
	path string
	call func(t *testing.T, m *bedrock.Model) error
}{
	{"converse", func(t *testing.T, m *bedrock.Model) error {
		_, err := m.Generate(t.Context(), hello)
		return err
	}},
	{"converse-stream", func(t *testing.T, m *bedrock.Model) error {
		_, err := m.Stream(t.Context(), hello).Response()
		return err
	}},
	{"count-tokens", func(t *testing.T, m *bedrock.Model) error {
		_, err := m.CountTokens(t.Context(), hello)
		return err
	}},
}

// whole returns a good answer to any operation.
func whole(path string) (contentType, body string) {
	switch {
	case strings.HasSuffix(path, "/converse-stream"):
		return eventStream, string(textStream("Hi"))
	case strings.HasSuffix(path, "/count-tokens"):
		return "application/json", `{"inputTokens":3}`
	}
	return "application/json", unaryText("Hi")
}

// TestRequestBodyAfterTheAnswer reads the request's body after the call is over
// and the SDK has closed it, since net/http may still be looking for its end
// then. It must find the end and not a failure, which would close the
// connection in the middle of the answer.
func TestRequestBodyAfterTheAnswer(t *testing.T) {
	for _, op := range operations {
		t.Run(op.path, func(t *testing.T) {
			var body io.ReadCloser
			m := newModel(t, claude, roundTrip(func(req *http.Request) (*http.Response, error) {
				body = req.Body
				contentType, answer := whole(req.URL.Path)
				return respond(200, strings.NewReader(answer), "Content-Type", contentType)(req)
			}), nil)
			if err := op.call(t, m); err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, body); n != 0 || err != nil {
				t.Errorf("reading on: %d bytes, %v; want the end", n, err)
			}
		})
	}
}

// An attempt is a request as a server saw it.
type attempt struct {
	path, contentType, authorization, date, token string
	length                                        int64
	chunked                                       bool
	body                                          string
}

// recorder keeps what was sent, and answers with failures first.
type recorder struct {
	mu       sync.Mutex
	requests []attempt
	failures int
}

func (s *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, attempt{
		r.URL.EscapedPath(), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), r.Header.Get("X-Amz-Date"),
		r.Header.Get("X-Amz-Security-Token"), r.ContentLength, len(r.TransferEncoding) > 0, string(body),
	})
	w.Header().Set("X-Amzn-RequestId", "rid-1")
	if s.failures--; s.failures >= 0 {
		w.Header().Set("X-Amzn-ErrorType", "ServiceUnavailableException:http://internal.amazon.com/coral/com.amazon.bedrock/")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, `{"message":"busy"}`)
		return
	}
	contentType, answer := whole(r.URL.Path)
	w.Header().Set("Content-Type", contentType)
	io.WriteString(w, answer)
}

// TestRetries refuses two attempts of the SDK and answers the third. Each
// attempt must carry the same body and a signature of its own.
func TestRetries(t *testing.T) {
	const converse = `{"messages":[{"content":[{"text":"Hello"}],"role":"user"}]}`
	bodies := map[string]string{
		"converse":        converse,
		"converse-stream": converse,
		"count-tokens":    `{"input":{"converse":` + converse + `}}`,
	}
	for _, op := range operations {
		t.Run(op.path, func(t *testing.T) {
			rec := &recorder{failures: 2}
			srv := httptest.NewServer(rec)
			t.Cleanup(srv.Close)
			m := retrying(t, srv.URL, plainClient(t))
			if err := op.call(t, m); err != nil {
				t.Fatal(err)
			}
			if len(rec.requests) != 3 {
				t.Fatalf("%d requests, want 3", len(rec.requests))
			}
			for i, r := range rec.requests {
				want := bodies[op.path]
				if r.body != want || r.length != int64(len(want)) || r.chunked {
					t.Errorf("request %d: body %s of length %d (chunked: %v)\nwant %s of length %d", i, r.body, r.length, r.chunked, want, len(want))
				}
				if r.contentType != "application/json" || r.path != "/model/anthropic.claude-3-7-sonnet-20250219-v1%3A0/"+op.path {
					t.Errorf("request %d: path %s, content type %s", i, r.path, r.contentType)
				}
				if !strings.HasPrefix(r.authorization, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") {
					t.Errorf("request %d: authorization %q", i, r.authorization)
				}
			}
			if a, b := rec.requests[0].authorization, rec.requests[2].authorization; a == b {
				t.Errorf("the third attempt has the first one's signature: %q", a)
			}
		})
	}
}

// TestRetriesGiveUp refuses every attempt.
func TestRetriesGiveUp(t *testing.T) {
	for _, op := range operations {
		t.Run(op.path, func(t *testing.T) {
			rec := &recorder{failures: 100}
			srv := httptest.NewServer(rec)
			t.Cleanup(srv.Close)
			err := op.call(t, retrying(t, srv.URL, plainClient(t)))
			if len(rec.requests) != 3 || model.KindOf(err) != model.ErrUnavailable {
				t.Errorf("%d requests, %v; want 3 and the service unavailable", len(rec.requests), err)
			}
		})
	}
}

// retrying returns a model on a client with the SDK's retries, without their
// pauses.
func retrying(t *testing.T, url string, client bedrockruntime.HTTPClient) *bedrock.Model {
	t.Helper()
	m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		BaseEndpoint:         aws.String(url),
		Credentials:          credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           client,
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	}), claude, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCallerKeepsTheRequest changes a request as soon as Stream has returned.
// The request must be sent as it was before.
func TestCallerKeepsTheRequest(t *testing.T) {
	var body []byte
	m := newModel(t, claude, roundTrip(func(req *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(req.Body)
		return streamOf(bytes.NewReader(textStream("Hi")))(req)
	}), nil)
	req := &model.Request{Messages: []model.Message{model.User("before")}}
	s := m.Stream(t.Context(), req)
	req.Messages[0] = model.User("after")
	if _, err := s.Response(); err != nil {
		t.Fatal(err)
	}
	if want := `{"messages":[{"content":[{"text":"before"}],"role":"user"}]}`; string(body) != want {
		t.Errorf("sent %s, want %s", body, want)
	}
}
