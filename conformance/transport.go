package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// A Transport is an [http.RoundTripper] that hands requests to a handler in
// memory: no socket, no listener, so that a subject over HTTP can be
// [Subject.InMemory]. It counts the bodies of answers that nobody has closed,
// and breaks them off where a case says.
//
// It is made by [NewTransport] and safe for concurrent use.
type Transport struct {
	handler http.Handler
	open    atomic.Int64
	bytes   atomic.Int64 // read of the last body
	cut     atomic.Int64 // bytes after which bodies break off; negative: never
	asked   atomic.Pointer[[]byte]
	notes   *probe.Notes
}

// NewTransport returns a transport to a handler. Cases look at those that
// their Env has: a subject that makes its clients of them, and claims
// [Capabilities.HTTP], is also checked for bodies that are left open and
// answers that break off at any byte.
func NewTransport(env *Env, handler http.Handler) *Transport {
	t := &Transport{handler: handler}
	t.cut.Store(-1)
	if env != nil {
		t.notes = env.notes
		env.mu.Lock()
		env.transports = append(env.transports, t)
		env.mu.Unlock()
	}
	return t
}

// Open returns how many bodies of answers have not been closed.
func (t *Transport) Open() int { return int(t.open.Load()) }

// CutAfter makes the bodies of answers that begin from now on break off after
// n bytes, as a broken connection does. A negative n makes them whole again.
func (t *Transport) CutAfter(n int) { t.cut.Store(int64(n)) }

// watched is a transport as cases see it.
type watched struct{ *Transport }

func (w watched) Bytes() int { return int(w.bytes.Load()) }

func (w watched) Asked() []byte {
	if body := w.asked.Load(); body != nil {
		return *body
	}
	return nil
}

// RoundTrip serves a request. The handler runs on a goroutine of its own until
// it returns; its context ends with the request's, when the body of the answer
// is closed, and when that breaks off. What it writes is handed over piece by
// piece, so that a handler which flushes and one which does not look the same.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readAndClose(r.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the request's body: %w", err)
	}
	t.asked.Store(&body)
	t.notes.Add(requestLine(r, body))
	ctx, cancel := context.WithCancel(r.Context())
	served := r.Clone(ctx)
	served.Body, served.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	served.RequestURI = r.URL.RequestURI()
	if served.Host == "" {
		served.Host = r.URL.Host
	}
	reader, writer := io.Pipe()
	w := &answerWriter{header: http.Header{}, begun: make(chan struct{}), body: writer}
	go t.serve(w, served)
	select {
	case <-w.begun:
	case <-r.Context().Done():
		cancel()
		reader.CloseWithError(r.Context().Err())
		return nil, r.Context().Err()
	}
	if w.failed != nil {
		cancel()
		return nil, w.failed
	}
	t.open.Add(1)
	resp := &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, ContentLength: -1, Request: r,
		Body: &answerBody{transport: t, reader: reader, ctx: r.Context(), cancel: cancel, cut: t.cut.Load()},
	}
	return resp, nil
}

// requestLine describes a request by all of it but what changes by itself: the
// time, the signature, ids of calls.
func requestLine(r *http.Request, body []byte) string {
	line := r.Method + " " + r.URL.RequestURI()
	for _, key := range slices.Sorted(maps.Keys(r.Header)) {
		if key = http.CanonicalHeaderKey(key); key == "Accept" || key == "Content-Type" || strings.HasPrefix(key, "X-Amzn-Bedrock-") {
			line += "; " + key + ": " + r.Header.Get(key)
		}
	}
	return line + "\n" + string(body)
}

func readAndClose(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}

// serve runs the handler. Its panic breaks the connection.
func (t *Transport) serve(w *answerWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			w.abort(fmt.Errorf("the connection broke: %w", io.ErrUnexpectedEOF))
			if p != any(http.ErrAbortHandler) {
				panic(p)
			}
			return
		}
		w.WriteHeader(http.StatusOK)
		w.body.Close()
	}()
	t.handler.ServeHTTP(w, r)
}

// An answerWriter is the handler's side of an answer.
type answerWriter struct {
	header http.Header
	body   *io.PipeWriter

	once   sync.Once
	begun  chan struct{} // closed when what follows is settled
	status int
	sent   http.Header
	failed error
}

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, http.Header{}
		for key, values := range w.header { // as they are read off a wire
			for _, v := range values {
				w.sent.Add(key, v)
			}
		}
		close(w.begun)
	})
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if len(p) == 0 {
		return 0, nil
	}
	return w.body.Write(p)
}

// Flush sends the header if it has not been sent. Writes are never held back.
func (w *answerWriter) Flush() { w.WriteHeader(http.StatusOK) }

func (w *answerWriter) abort(err error) {
	w.once.Do(func() {
		w.failed = err
		close(w.begun)
	})
	w.body.CloseWithError(err)
}

// An answerBody is the client's side of an answer's body.
type answerBody struct {
	transport *Transport
	reader    *io.PipeReader
	ctx       context.Context
	cancel    context.CancelFunc
	cut, read int64

	once sync.Once
}

func (b *answerBody) Read(p []byte) (int, error) {
	if b.cut >= 0 && int64(len(p)) > b.cut-b.read {
		p = p[:max(0, b.cut-b.read)]
		if len(p) == 0 {
			b.cancel()
			b.reader.CloseWithError(io.ErrUnexpectedEOF)
			return 0, io.ErrUnexpectedEOF
		}
	}
	stop := context.AfterFunc(b.ctx, func() { b.reader.CloseWithError(b.ctx.Err()) })
	defer stop()
	n, err := b.reader.Read(p)
	b.read += int64(n)
	b.transport.bytes.Store(b.read)
	if err != nil && b.ctx.Err() != nil { // the handler may have seen it first, and returned
		err = b.ctx.Err()
	}
	return n, err
}

// Close lets go of the answer: the handler's context ends, its writes fail.
func (b *answerBody) Close() error {
	b.once.Do(func() {
		b.transport.open.Add(-1)
		b.cancel()
		b.reader.Close()
	})
	return nil
}
