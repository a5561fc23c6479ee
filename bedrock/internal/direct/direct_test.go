package direct_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/direct"
)

// TestEmptyBody checks that the body which keeps a request from being sent
// again is not itself sent.
func TestEmptyBody(t *testing.T) {
	var seen *http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r }))
	t.Cleanup(srv.Close)
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
		req, err := http.NewRequestWithContext(t.Context(), method, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := direct.Do(srv.Client(), req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if seen.ContentLength != 0 || len(seen.TransferEncoding) != 0 {
			t.Errorf("%s was sent with %d bytes, encoded as %v, want none", method, seen.ContentLength, seen.TransferEncoding)
		}
	}
}

// follower follows redirects and cannot be told not to.
type follower struct{ http.Client }

// TestStranger checks who is taken for the one that was asked.
func TestStranger(t *testing.T) {
	asked := 0
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	t.Cleanup(stranger.Close)
	var status int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL, status)
	}))
	t.Cleanup(srv.Close)
	for _, status = range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{"GET", "POST"} {
			for name, client := range map[string]direct.Doer{"net/http": srv.Client(), "SDK": awshttp.NewBuildableClient(), "other": &follower{}} {
				asked = 0
				req, err := http.NewRequestWithContext(t.Context(), method, srv.URL, io.NopCloser(strings.NewReader("body")))
				if err != nil {
					t.Fatal(err)
				}
				resp, err := direct.Client(client).Do(req)
				if name == "other" && status < 304 {
					e, ok := errors.AsType[*direct.Error](err)
					if !ok || resp != nil || e.RetryableError() || "http://"+e.Host != stranger.URL {
						t.Errorf("%s, %s, %d: %v, %v; want the stranger's host", name, method, status, resp, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if resp.StatusCode != status || asked != 0 {
					t.Errorf("%s, %s: status %d after the stranger was asked %d times, want %d and none", name, method, resp.StatusCode, asked, status)
				}
			}
		}
	}
}
