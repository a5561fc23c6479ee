package bedrock_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/model"
)

// A follower is an HTTP client of a type of the caller's own. It follows
// redirects, and nobody can tell it not to.
type follower struct{ c *http.Client }

func (f follower) Do(req *http.Request) (*http.Response, error) { return f.c.Do(req) }

// TestRedirects redirects from the endpoint to a stranger, who answers. Nobody
// may take that for an answer, and only a client of a type other than
// http.Client and the SDK's can be made to go there.
func TestRedirects(t *testing.T) {
	var asked atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for _, path := range []string{"/converse", "/converse-stream", "/count-tokens"} {
			if strings.HasSuffix(r.URL.Path, path) {
				contentType, answer := whole(r.URL.Path)
				w.Header().Set("Content-Type", contentType)
				w.Write([]byte(answer))
			}
		}
	}))
	t.Cleanup(stranger.Close)
	status := 0
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL+r.URL.Path, status)
	}))
	t.Cleanup(endpoint.Close)

	own := plainClient(t)
	own.Timeout = time.Hour // such a client copies its requests
	willing := plainClient(t)
	willing.CheckRedirect = func(*http.Request, []*http.Request) error { return nil }
	clients := map[string]bedrockruntime.HTTPClient{
		"http.Client": plainClient(t), "with a timeout": own, "that wants to follow": willing,
		"of the SDK": awshttp.NewBuildableClient(), "of another type": follower{plainClient(t)},
	}
	for name, client := range clients {
		for _, status = range []int{301, 302, 303, 307, 308} {
			for _, op := range operations {
				asked.Store(0)
				err := op.call(t, at(t, endpoint.URL, client))
				e := asError(t, err)
				if model.Retryable(err) || e.Op != labels[op.path] {
					t.Errorf("%s, %d, %s: %v, want an error that is not to be tried again", name, status, op.path, err)
				}
				_, follows := client.(follower)
				switch {
				case !follows && (asked.Load() != 0 || e.Status != status):
					t.Errorf("%s, %d, %s: the stranger was asked %d times: %v", name, status, op.path, asked.Load(), err)
				case follows && status < 304 && (e.Kind != model.ErrInvalidRequest || asked.Load() != 1 || !strings.Contains(err.Error(), "redirect")):
					t.Errorf("%s, %d, %s: %v, want an invalid request that names the redirect", name, status, op.path, err)
				}
			}
		}
	}
	if own.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}

// TestRewrittenRequests: where a transport of the caller's own sends requests is
// the caller's business.
func TestRewrittenRequests(t *testing.T) {
	srv := httptest.NewServer(&recorder{})
	t.Cleanup(srv.Close)
	base := plainClient(t).Transport
	client := &http.Client{Transport: transport(func(req *http.Request) (*http.Response, error) {
		there := req.Clone(req.Context())
		there.URL.Scheme, there.URL.Host = "http", strings.TrimPrefix(srv.URL, "http://")
		return base.RoundTrip(there)
	})}
	for _, op := range operations {
		if err := op.call(t, at(t, "http://gateway.example", client)); err != nil {
			t.Errorf("%s: %v", op.path, err)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// TestAnswersToOtherRequests checks that answers to other requests are refused,
// whether a redirect shows or not.
func TestAnswersToOtherRequests(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"host":   func(r *http.Request) { r.URL.Host = "stranger.example" },
		"path":   func(r *http.Request) { r.URL.Path += "x"; r.URL.RawPath += "x" },
		"scheme": func(r *http.Request) { r.URL.Scheme = "http" },
		"query":  func(r *http.Request) { r.URL.RawQuery = "a=b" },
	} {
		for _, op := range operations {
			n := 0
			client := roundTrip(func(req *http.Request) (*http.Response, error) {
				n++
				contentType, answer := whole(req.URL.Path)
				other := req.Clone(req.Context())
				change(other)
				resp, err := respond(200, strings.NewReader(answer), "Content-Type", contentType)(req)
				resp.Request = other
				return resp, err
			})
			err := op.call(t, newModel(t, claude, client, nil))
			if e := asError(t, err); e.Kind != model.ErrInvalidRequest || n != 1 {
				t.Errorf("%s, %s: %v after %d requests, want an invalid request after one", name, op.path, err, n)
			}
		}
	}
}
