package bedrocktest

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Call is a request that the server received, and the outcome.
type Call struct {
	Number    int       // from 1
	At        time.Time // when the request arrived
	Operation string    // such as "ConverseStream"; empty for a path that the service does not have
	ModelID   string
	Method    string
	Path      string // escaped, as it arrived
	Proto     string // such as "HTTP/2.0"

	// Header holds the request's headers. Signatures, tokens, keys and cookies
	// are replaced by a placeholder, so that they do not end up in a test's
	// output.
	Header http.Header

	// Body is the request's body, byte for byte.
	Body []byte

	// Request is the neutral form of the body. It is nil if the body could not
	// be read.
	Request *model.Request

	// Tokens is the estimated size of the prompt, its cached part included.
	Tokens int

	RequestID string        // as sent to the client
	Status    int           // of the answer; zero if no answer was sent
	Frames    int           // the number of frames sent, for a stream
	Exception *Exception    // why the call failed; nil if it did not
	Duration  time.Duration // zero while the call is in progress
}

func (c *Call) clone() Call {
	d := *c
	d.Header = withoutSecrets(c.Header)
	d.Body = bytes.Clone(c.Body)
	d.Request = c.Request.Clone()
	if c.Exception != nil {
		e := *c.Exception
		d.Exception = &e
	}
	return d
}

// A record is a call that may still be in progress. Only the call itself writes
// to it, by note, and before its client can see the effect. Its headers are the
// request's own; copies are made without secrets.
type record struct {
	mu sync.Mutex
	Call
}

func (r *record) note(what func(*Call)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	what(&r.Call)
}

func (r *record) copy() Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clone()
}

// Calls returns copies of the calls, in the order in which they arrived. They
// include calls in progress, with the number of frames sent so far.
func (h *Handler) Calls() []Call {
	h.mu.Lock()
	records := slices.Clone(h.calls)
	h.mu.Unlock()
	calls := make([]Call, len(records))
	for i, r := range records {
		calls[i] = r.copy()
	}
	return calls
}

// Requests returns the neutral requests of all calls whose bodies could be
// read, in the order of [Handler.Calls].
func (h *Handler) Requests() []*model.Request {
	var requests []*model.Request
	for _, c := range h.Calls() {
		if c.Request != nil {
			requests = append(requests, c.Request)
		}
	}
	return requests
}

// Serving returns the number of calls in progress. At the end of a test it
// should be zero: a client that leaves a stream must release the connection.
func (h *Handler) Serving() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.serving
}

// Forget drops the remembered calls, the injected faults and the contents of
// the prompt cache.
func (h *Handler) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls, h.faults = nil, nil
	h.cache.Forget()
}

const redacted = "REDACTED"

// withoutSecrets returns a copy of the headers that is safe to print.
func withoutSecrets(h http.Header) http.Header {
	h = h.Clone()
	if v := h.Get("Authorization"); v != "" {
		scheme, _, _ := strings.Cut(v, " ")
		if before, _, ok := strings.Cut(v, "Signature="); ok {
			h.Set("Authorization", before+"Signature="+redacted)
		} else {
			h.Set("Authorization", scheme+" "+redacted)
		}
	}
	for _, name := range []string{"X-Amz-Security-Token", "Cookie", "Proxy-Authorization", "X-Api-Key"} {
		if h.Get(name) != "" {
			h.Set(name, redacted)
		}
	}
	return h
}
