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
	// ErrNoMatch reports that the cassette does not have a request that was
	// sent, or does not have it once more.
	ErrNoMatch = errors.New("recordings: no recorded request matches")
	// ErrUnused reports that some recorded exchanges were never played.
	ErrUnused = errors.New("recordings: recorded exchanges were not used")
	// ErrNotRecorded reports that a recording was given up: its test failed, or
	// a call was not answered. The previous cassette, if any, is untouched.
	ErrNotRecorded = errors.New("recordings: nothing was written")
	// ErrClosed is the error of a request after [Tape.Close].
	ErrClosed = errors.New("recordings: tape is closed")
)

// A Tape is an open cassette, for replay or recording. It is an
// [http.RoundTripper] and safe for concurrent use. If equal requests are sent
// concurrently, it is not defined which of them gets which response.
type Tape struct {
	name   string
	deck   deck
	tap    tap
	failed func(error) // reports to the test, or nil
	opened string      // the line of the test that opened it, if known

	mu       sync.RWMutex // held for reading by each call in progress, for writing by close
	closed   bool
	closeErr error
}

// A deck is a tape's mechanism for replay or for recording.
type deck interface {
	// answer may be called concurrently. The request's body has been read into
	// body.
	answer(req *http.Request, body []byte) (*http.Response, error)
	// interrupt makes the calls in progress return soon.
	interrupt()
	// finish ends the deck. No call is in progress. An error passed to it is
	// the reason not to keep the recording.
	finish(giveUp error) error
	origin() Origin
	recording() bool
}

// Client returns a new client that sends its requests to the tape.
func (t *Tape) Client() *http.Client { return &http.Client{Transport: t} }

// Requests returns the requests sent so far, in the order of arrival, including
// repeated attempts and requests that matched nothing. The caller owns it.
func (t *Tape) Requests() []Request { return t.tap.all() }

// Origin returns the origin of the responses. During recording it has the
// fields that are known so far.
func (t *Tape) Origin() Origin { return t.deck.origin() }

// Recording reports whether requests are really sent.
func (t *Tape) Recording() bool { return t.deck.recording() }

// RoundTrip implements [http.RoundTripper].
//
// During replay, a request that matches nothing gets a response with status 400
// and the error type RecordingMiss. Its message shows the nearest recorded
// request and how it differs. It is a response and not an error because clients
// retry errors of the transport for seconds, and would hide it.
//
// During recording, the response is the service's. Only its body has already
// arrived whole.
func (t *Tape) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, fmt.Errorf("recordings: reading the request body: %w", err)
	}
	if err := req.Context().Err(); err != nil {
		return nil, err // a real transport would not send it either
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed {
		return nil, ErrClosed
	}
	t.tap.add(req, body)
	return t.deck.answer(req, body)
}

// readBody reads and closes the request's body. A RoundTripper must do so, and
// go-vcr does not.
func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// privateCopy returns a copy of req that go-vcr may modify. It shares only the
// values of the URL with req.
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

// Close closes the tape. After replay it returns [ErrNoMatch] if a request
// matched nothing, or [ErrUnused] if an exchange was not played. After
// recording it writes the cassette. A tape of [Open] is closed at the end of
// the test; call Close earlier to see the error. A second Close returns the
// same error. Bodies that are being read stay readable.
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

// A tapeError is an error about a cassette, with its name. The errors inside it
// also begin with the package's name, because they are returned alone
// elsewhere; tapeError removes it.
type tapeError struct {
	name string
	err  error
}

func (e *tapeError) Error() string {
	return packagePrefix + e.name + ": " + strings.ReplaceAll(e.err.Error(), packagePrefix, "")
}

func (e *tapeError) Unwrap() error { return e.err }

const packagePrefix = "recordings: "

// end closes the tape at the end of its test. It does not report unused
// exchanges for a test that failed or was skipped.
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

// A Request is a request as the client sent it, before it was scrubbed or
// matched. Assert on it, never on the cassette: the cassette has the requests
// from the day of the recording.
type Request struct {
	Method      string
	Path        string   // escaped, with the query, if any
	HeaderNames []string // sorted; without values, because those contain credentials
	Body        []byte   // as sent
}

// Canonical returns the body in the form in which requests are compared: JSON
// with sorted keys, no space, numbers by value, and account ids in ARNs
// replaced by 123456789012. It returns a body that is not JSON unchanged.
func (r Request) Canonical() string { return canonicalBody(r.Body) }

// A tap remembers the requests that passed through it.
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

// all returns copies, so that a caller cannot change the requests of others.
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

// Format prints the name of the tape's cassette, whatever the verb.
func (t *Tape) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "recordings.Tape "+t.name) }
