package recordings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

var (
	// ErrNoMatch reports that a request was sent that the cassette does not
	// hold, or does not hold again.
	ErrNoMatch = errors.New("recordings: no recorded request matches")
	// ErrUnused reports that recorded exchanges were never asked for.
	ErrUnused = errors.New("recordings: recorded exchanges were not used")
	// ErrNotRecorded reports that a recording was given up: its test failed, or
	// a call was not answered. The cassette of before, if any, is untouched.
	ErrNotRecorded = errors.New("recordings: nothing was written")
	// ErrClosed is the error of a request after [Tape.Close].
	ErrClosed = errors.New("recordings: tape is closed")
)

// A Tape is an opened cassette, replaying or recording. It is an
// [http.RoundTripper]. It is safe for concurrent use; when equal requests are
// sent concurrently, which of them gets which of their responses is open.
type Tape struct {
	name   string
	deck   deck
	tap    tap
	failed func(error) // reports to the test, or nil
	opened string      // the line of the test that opened it, if known

	mu       sync.RWMutex // held for reading by each call under way, for writing to close
	closed   bool
	closeErr error
}

// A deck drives a tape: it replays or it records.
type deck interface {
	// answer is called concurrently. body is the request's body, read.
	answer(req *http.Request, body []byte) (*http.Response, error)
	// interrupt makes the calls under way return soon.
	interrupt()
	// finish ends the deck; no call is under way. An error given to it is the
	// reason not to keep what was recorded.
	finish(giveUp error) error
	origin() Origin
	recording() bool
}

// Client returns a new client that sends its requests to the tape.
func (t *Tape) Client() *http.Client { return &http.Client{Transport: t} }

// Requests returns the requests sent so far, in the order of arrival, including
// repeated attempts and requests that matched nothing. The caller owns it.
func (t *Tape) Requests() []Request { return t.tap.all() }

// Origin returns the origin of the responses. While recording, it has the
// fields known so far.
func (t *Tape) Origin() Origin { return t.deck.origin() }

// Recording reports whether requests really go out.
func (t *Tape) Recording() bool { return t.deck.recording() }

// RoundTrip implements [http.RoundTripper].
//
// When replaying, a request that matches nothing is answered with status 400
// and the error type RecordingMiss, whose message says which recorded request
// is nearest and how it differs. It is a response and not an error because
// clients retry errors of the transport, for seconds, and would bury it.
//
// When recording, the response is that of the service, unchanged except that
// its body has arrived whole.
func (t *Tape) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, fmt.Errorf("recordings: reading the request body: %w", err)
	}
	if err := req.Context().Err(); err != nil {
		return nil, err // a real transport would not have sent it either
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed {
		return nil, ErrClosed
	}
	t.tap.add(req, body)
	return t.deck.answer(req, body)
}

// readBody reads and closes the request's body, which a RoundTripper must do
// and go-vcr does not.
func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// privateCopy returns a request that shares nothing with req but its URL's
// values, so that go-vcr can do with it what it likes.
func privateCopy(ctx context.Context, req *http.Request, header http.Header, body []byte) *http.Request {
	u := *req.URL
	c := &http.Request{
		Method: req.Method, URL: &u, Host: u.Host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, ContentLength: int64(len(body)),
	}
	if c.Method == "" {
		c.Method = http.MethodGet
	}
	if len(body) > 0 {
		c.Body = io.NopCloser(bytes.NewReader(body))
	}
	return c.WithContext(ctx)
}

// Close ends the tape. When replaying it returns [ErrNoMatch] or [ErrUnused] if
// a request found no recording or a recording no request. When recording it
// writes the cassette. After [Open] the end of the test closes the tape; call
// Close earlier to see the error. Closing again returns the same error. Bodies
// that are being read stay readable.
func (t *Tape) Close() error { return t.close(nil) }

func (t *Tape) close(giveUp error) error {
	t.deck.interrupt()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return t.closeErr
	}
	t.closed = true
	if err := t.deck.finish(giveUp); err != nil {
		t.closeErr = &tapeError{t.name, err}
	}
	return t.closeErr
}

// A tapeError says which cassette an error is about. The errors in it name the
// package too, since they are returned by themselves elsewhere; once is enough.
type tapeError struct {
	name string
	err  error
}

func (e *tapeError) Error() string {
	return packagePrefix + e.name + ": " + strings.ReplaceAll(e.err.Error(), packagePrefix, "")
}

func (e *tapeError) Unwrap() error { return e.err }

const packagePrefix = "recordings: "

// end closes the tape at the end of its test. A test that failed or was skipped
// is not also blamed for what is left over.
func (t *Tape) end(test T) {
	test.Helper()
	giveUp := reasonNotToKeep(test)
	err := t.close(giveUp)
	switch {
	case err == nil:
	case giveUp == nil:
		test.Errorf("%s", at("the cassette opened at", t.opened, err))
	case t.Recording():
		test.Logf("%v", err)
	}
}

func reasonNotToKeep(test T) error {
	if test.Failed() {
		return errors.New("the test failed")
	}
	if s, ok := test.(interface{ Skipped() bool }); ok && s.Skipped() {
		return errors.New("the test was skipped")
	}
	return nil
}

// A Request is a request as the client really sent it, before it was scrubbed
// or matched. Assert on it, never on the cassette: the cassette holds the
// requests of the day of the recording.
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
