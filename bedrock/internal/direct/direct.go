package direct

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A Doer is an HTTP client in the sense of the AWS SDK.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Do sends a request by a client. Where the client can be made to, it follows
// no redirect and returns the response that has it. The answer to another
// request than req is an [Error].
//
// The request is changed. The client is not.
func Do(client Doer, req *http.Request) (*http.Response, error) {
	hold(req)
	resp, err := unredirected(client).Do(req)
	if err != nil || resp == nil {
		return resp, err
	}
	if host := stranger(req, resp, client); host != "" {
		if resp.Body != nil {
			resp.Body.Close()
		}
		return nil, &Error{host}
	}
	return resp, nil
}

// Client returns a client whose method Do is [Do] by the given one.
func Client(client Doer) Doer { return direct{client} }

type direct struct{ client Doer }

func (d direct) Do(req *http.Request) (*http.Response, error) { return Do(d.client, req) }

// hold gives the request a body that cannot be sent a second time, which keeps
// net/http from following a redirect with status 307 or 308. One without a body
// gets an empty one, which is not sent.
func hold(req *http.Request) {
	req.GetBody = nil
	none := req.Body == nil || req.Body == http.NoBody
	if none && (req.Method == http.MethodGet || req.Method == http.MethodHead) { // others would be sent in chunks
		req.Body = io.NopCloser(strings.NewReader(""))
	}
}

// unredirected returns a client that follows no redirect, if it can be told.
func unredirected(client Doer) Doer {
	own, ok := client.(*http.Client)
	if !ok {
		return client
	}
	c := *own
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// stranger returns the host that has answered another request than the one
// that was sent, and the empty string if none has. A client of the caller's own
// type may follow redirects whatever the request says; the transport of an
// http.Client may send a request where it likes, as to a proxy.
func stranger(req *http.Request, resp *http.Response, client Doer) string {
	answered := resp.Request
	if answered == nil || answered == req || answered.URL == nil {
		return ""
	}
	_, own := client.(*http.Client)
	if answered.Response == nil && (own || answered.URL.String() == req.URL.String()) {
		return ""
	}
	return answered.URL.Host
}

// An Error is an answer to another request than the one that was sent.
type Error struct{ Host string }

func (e *Error) Error() string {
	return fmt.Sprintf("the HTTP client followed a redirect to %q, whose answer is not used; give the client an HTTP client that follows none, and the endpoint's own address", e.Host)
}

// RetryableError returns false: the SDK would ask the stranger again.
func (e *Error) RetryableError() bool { return false }
