package recordings

import (
	"bytes"
	"net/http"
	"slices"
	"sync"
)

// A Request is what a client really sent, seen before anything was scrubbed or
// matched. Assert on it, never on the cassette: the cassette holds what was
// sent on the day of the recording.
type Request struct {
	Method      string
	Path        string   // escaped, with the query if there is one
	HeaderNames []string // sorted; values are not kept, since they hold credentials
	Body        []byte   // as sent
}

// Canonical returns the body in the form in which requests are compared: JSON
// with sorted keys, no space, numbers by value, and account ids in ARNs
// replaced by 123456789012. A body that is not JSON is returned as it is.
func (r Request) Canonical() string { return canonicalBody(r.Body) }

// A tap keeps the requests that passed through it.
type tap struct {
	mu       sync.Mutex
	requests []Request
}

func (t *tap) add(req *http.Request, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = append(t.requests, Request{
		Method:      req.Method,
		Path:        req.URL.RequestURI(),
		HeaderNames: headerNames(req.Header),
		Body:        bytes.Clone(body),
	})
}

// all returns copies, so that a caller can't change what others see.
func (t *tap) all() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	requests := slices.Clone(t.requests)
	for i := range requests {
		requests[i].HeaderNames = slices.Clone(requests[i].HeaderNames)
		requests[i].Body = bytes.Clone(requests[i].Body)
	}
	return requests
}
