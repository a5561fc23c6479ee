package recordings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"
)

// A taper is the deck that records. Requests are sent as the client made them.
// go-vcr gets scrubbed copies of request and response.
type taper struct {
	vcr       *recorder.Recorder
	file      *fileWriter
	said      Origin
	scrub     *scrubber
	transport http.RoundTripper
	own       bool   // the transport is the caller's
	release   func() // closes the idle connections of our own transport, or nil
	stop      context.Context
	cancel    context.CancelFunc

	mu     sync.Mutex
	seen   observation
	calls  int
	failed error // why a call was not answered
}

func newRecording(name string, o *Options) (*Tape, error) {
	scrub, err := newScrubber(o.Secrets, os.Environ())
	if err != nil {
		return nil, fmt.Errorf("recordings: %w", err)
	}
	r := &taper{
		file:      &fileWriter{dir: dirOf(o), name: name},
		said:      o.Origin,
		scrub:     scrub,
		transport: o.Transport,
		own:       o.Transport != nil,
	}
	if r.transport == nil {
		network := networkTransport()
		r.transport, r.release = network, network.CloseIdleConnections
	}
	r.stop, r.cancel = context.WithCancel(context.Background())
	r.vcr, err = recorder.New(name,
		recorder.WithMode(recorder.ModeRecordOnly),
		recorder.WithFS(r.file),
		recorder.WithMarshalFunc(r.file.marshal),
		recorder.WithRealTransport(liveTransport{r}),
		recorder.WithSkipRequestLatency(true))
	if err != nil {
		return nil, fmt.Errorf("recordings: %s: %w", name, err)
	}
	return &Tape{name: name, deck: r}, nil
}

// networkTransport returns a transport that certainly uses the network. It is
// not a copy of http.DefaultTransport, which a program may have replaced by one
// that makes up responses.
func networkTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     90 * time.Second,
	}
}

// A liveCall connects the request that is sent with the copy that go-vcr sees.
type liveCall struct {
	request  *http.Request  // as the client made it, with a body that can be read again
	response *http.Response // as the service sent it, with its body read
}

type liveCallInContext struct{}

func (r *taper) answer(req *http.Request, body []byte) (*http.Response, error) {
	r.scrub.learnRequest(req, body)
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel() // the body has arrived whole when this returns
	defer context.AfterFunc(r.stop, cancel)()

	call := &liveCall{request: withBody(req.Clone(ctx), body)}
	ctx = context.WithValue(ctx, liveCallInContext{}, call)
	clean, err := r.scrub.body(nil, body)
	if err != nil {
		return nil, r.giveUp(fmt.Errorf("scrubbing the request: %w", err))
	}
	shown := privateCopy(ctx, req, http.Header{}, clean)
	shown.URL = r.scrub.url(req.URL)
	shown.URL.RawQuery = "" // see liveTransport
	shown.Host = shown.URL.Host
	if _, err := r.vcr.RoundTrip(shown); err != nil {
		return nil, r.giveUp(fmt.Errorf("%s %s: %w", req.Method, shown.URL.Path, err))
	}
	call.response.Request = req
	return call.response, nil
}

// withBody returns the request with a body that can be read, and read again for
// a redirect.
func withBody(req *http.Request, body []byte) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		return req
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	return req
}

// giveUp records why the recording cannot be kept, and returns err for the
// client.
func (r *taper) giveUp(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
	return err
}

// A liveTransport takes the place of the network for go-vcr. It sends the
// client's own request instead of go-vcr's copy, and returns a scrubbed copy of
// the response.
type liveTransport struct{ r *taper }

func (l liveTransport) RoundTrip(shown *http.Request) (*http.Response, error) {
	call, ok := shown.Context().Value(liveCallInContext{}).(*liveCall)
	if !ok {
		return nil, errors.New("recordings: request did not come from a tape")
	}
	// go-vcr records the body that it sees read.
	if _, err := io.Copy(io.Discard, shown.Body); err != nil {
		return nil, err
	}
	resp, err := l.r.transport.RoundTrip(call.request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("reading the response: %w", err)
	}
	plain, err := plainBody(resp.Header, body)
	if err != nil {
		return nil, err
	}
	l.r.scrub.learnResponse(resp.Header, plain)
	id := l.r.note(call.request)
	call.response = resp
	call.response.Body = io.NopCloser(bytes.NewReader(body))

	// Before go-vcr records a request it parses it as a form, and fails if the
	// query or the content type is not a form's. So it gets them only now.
	sent := call.request
	shown.Header = keepHeaders(sent.Header, requestHeaders, l.r.scrub.text)
	shown.URL.RawQuery = l.r.scrub.url(sent.URL).RawQuery
	return l.r.shownResponse(resp, plain, id)
}

// note counts an answered call and observes where it went.
func (r *taper) note(req *http.Request) (id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen.observe(req.URL, req.UserAgent(), r.own)
	r.calls++
	return r.calls
}

func (r *taper) shownResponse(resp *http.Response, body []byte, id int) (*http.Response, error) {
	header := keepHeaders(resp.Header, responseHeaders, r.scrub.text)
	if header.Get(requestIDHeader) != "" {
		header.Set(requestIDHeader, fmt.Sprintf("00000000-0000-4000-8000-%012d", id))
	}
	body, err := r.scrub.body(header, body)
	if err != nil {
		return nil, fmt.Errorf("scrubbing the response: %w", err)
	}
	return &http.Response{
		Status:        resp.Status,
		StatusCode:    resp.StatusCode,
		Proto:         resp.Proto,
		ProtoMajor:    resp.ProtoMajor,
		ProtoMinor:    resp.ProtoMinor,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: contentLength(header, body),
	}, nil
}

func (r *taper) interrupt()      { r.cancel() }
func (r *taper) recording() bool { return true }

func (r *taper) origin() Origin {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, _ := r.seen.origin(r.said, time.Now())
	return o
}

// finish saves the cassette, unless there is a reason not to.
func (r *taper) finish(giveUp error) error {
	if r.release != nil {
		r.release()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case giveUp != nil:
		return fmt.Errorf("%w: %w", ErrNotRecorded, giveUp)
	case r.failed != nil:
		return fmt.Errorf("%w: a call was not answered, which a cassette can't hold: %w", ErrNotRecorded, r.failed)
	case r.calls == 0:
		return fmt.Errorf("%w: no request was sent", ErrNotRecorded)
	}
	origin, err := r.seen.origin(r.said, time.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotRecorded, err)
	}
	r.file.origin = origin
	r.file.secrets = r.scrub.known()
	if err := r.vcr.Stop(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotRecorded, err)
	}
	return nil
}
