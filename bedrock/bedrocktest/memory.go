package bedrocktest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"syscall"
)

// Transport returns a RoundTripper that calls the handler in memory, whatever
// host a request is for. It is safe for concurrent use. A request counts as
// sent over TLS if its URL says https.
func (h *Handler) Transport() http.RoundTripper { return &memory{h} }

type memory struct{ handler *Handler }

// RoundTrip starts the handler and waits for the header of its answer.
func (m *memory) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	pr, pw := io.Pipe()
	w := &memoryWriter{header: http.Header{}, ready: make(chan struct{}), pipe: pw, req: req}
	// When the client stops waiting, reads fail with its own reason.
	stop := context.AfterFunc(ctx, func() { pw.CloseWithError(context.Cause(ctx)) })
	go func() {
		defer stop()
		defer w.finish()
		m.handler.ServeHTTP(w, asServed(req.WithContext(ctx), body))
	}()
	select {
	case <-w.ready:
	case <-req.Context().Done():
		cancel(nil)
		pr.Close()
		return nil, context.Cause(req.Context())
	}
	if w.err != nil {
		cancel(nil)
		return nil, w.err
	}
	w.resp.Body = &memoryBody{PipeReader: pr, ctx: req.Context(), leave: cancel, left: w.resp.ContentLength}
	return w.resp, nil
}

// takeBody reads the request's body and closes it, as transports must.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	var body bytes.Buffer
	if n := req.ContentLength; n > 0 && n < 1<<20 { // whoever announces more has to send it first
		body.Grow(int(n) + bytes.MinRead)
	}
	_, err := body.ReadFrom(req.Body)
	return body.Bytes(), err
}

// A wholeBody is a body whose bytes are at hand.
type wholeBody struct {
	bytes.Reader
	data []byte
}

func (*wholeBody) Close() error { return nil }

// asServed returns a client's request in the form that a server gets.
func asServed(r *http.Request, body []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = &wholeBody{*bytes.NewReader(body), body}, int64(len(body))
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "memory"
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.URL.Scheme == "https" {
		r.TLS = inMemory
	}
	return r
}

// A memoryWriter passes a response to the client as it is written.
type memoryWriter struct {
	req    *http.Request
	header http.Header
	once   sync.Once
	ready  chan struct{}  // closed when resp or err is set
	resp   *http.Response // without its body
	err    error
	pipe   *io.PipeWriter
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	w.once.Do(func() {
		h := http.Header{}
		for name, values := range w.header {
			for _, v := range values {
				h.Add(name, v) // canonicalizes the names, as a connection does
			}
		}
		length := int64(-1)
		if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil {
			length = n
		}
		w.resp = &http.Response{
			Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: h, ContentLength: length, Request: w.req,
		}
		close(w.ready)
	})
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.pipe.Write(p)
}

// Flush sends the header; bytes do not wait.
func (w *memoryWriter) Flush() { w.WriteHeader(http.StatusOK) }

// breakOff acts as if the connection was lost.
func (w *memoryWriter) breakOff(how Ending) {
	err := io.ErrUnexpectedEOF
	switch how {
	case Reset:
		err = syscall.ECONNRESET
	case ResetStream:
		err = errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer")
	}
	w.once.Do(func() {
		if w.err = err; err == io.ErrUnexpectedEOF {
			w.err = io.EOF // no part of an answer was written
		}
		close(w.ready)
	})
	w.pipe.CloseWithError(err)
}

// finish ends the response when the handler has returned. If the handler
// panicked to abort the response, the response is broken off already. Other
// panics go on.
func (w *memoryWriter) finish() {
	switch p := recover(); p {
	case nil:
		w.WriteHeader(http.StatusOK)
		w.pipe.Close()
	case http.ErrAbortHandler:
		w.breakOff(Finished)
	default:
		panic(p)
	}
}

// A memoryBody is the reading end of a response. It notices if the body is
// shorter than announced.
type memoryBody struct {
	*io.PipeReader
	ctx   context.Context // of the request
	leave context.CancelCauseFunc
	left  int64 // bytes that are still to follow; negative: not known
}

func (b *memoryBody) Read(p []byte) (int, error) {
	if b.left >= 0 && int64(len(p)) > b.left {
		p = p[:b.left]
		if b.left == 0 {
			return 0, io.EOF
		}
	}
	n, err := b.PipeReader.Read(p)
	if err != nil && b.ctx.Err() != nil {
		return n, context.Cause(b.ctx) // even if the handler ended the body first
	}
	if b.left >= 0 {
		b.left -= int64(n)
		if err == io.EOF && b.left > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// Close tells the handler that the client has left.
func (b *memoryBody) Close() error {
	b.leave(nil)
	return b.PipeReader.Close()
}

// inMemory is the connection state of requests in memory whose URLs say https.
var inMemory = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
