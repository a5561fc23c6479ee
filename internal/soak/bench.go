package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

// A bench is a server and its clients.
type bench struct {
	handler *bedrocktest.Handler
	server  *http.Server
	served  chan error

	transports []*http.Transport
	models     []door // of every transport, Converse and InvokeModel

	bodies atomic.Int64 // that are open
	mu     sync.Mutex
	conns  map[net.Conn]http.ConnState
}

// A door is one of the ways to reach the server, and its name for errors.
type door struct {
	name  string
	model model.ChatModel
}

// newBench starts a server on a free port, with two clients of HTTP/1.1 and
// then two of HTTP/2: newCall counts on that order.
func newBench() (*bench, error) {
	b := &bench{served: make(chan error, 1), conns: map[net.Conn]http.ConnState{}}
	b.handler = bedrocktest.New(echo{}, &bedrocktest.Options{Keep: -1, Fault: faultOf})
	b.server = b.handler.HTTPServer()
	b.server.ConnState = b.note
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { b.served <- b.server.Serve(l) }()
	for _, h2 := range []bool{false, true} {
		var p http.Protocols
		p.SetHTTP1(!h2)
		p.SetUnencryptedHTTP2(h2)
		t := &http.Transport{Protocols: &p, MaxIdleConnsPerHost: 64}
		b.transports = append(b.transports, t)
		for _, format := range []bedrock.Format{"", bedrock.FormatAnthropic} {
			m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{
				Region:               bedrocktest.Region,
				BaseEndpoint:         aws.String("http://" + l.Addr().String()),
				Credentials:          credentials.NewStaticCredentialsProvider(bedrocktest.AccessKeyID, bedrocktest.SecretAccessKey, ""),
				AuthSchemePreference: []string{"sigv4"},
				HTTPClient:           &http.Client{Transport: watched{t, b}},
				Retryer:              aws.NopRetryer{},
			}), claude, &bedrock.Options{Format: format})
			if err != nil {
				return nil, err
			}
			b.models = append(b.models, door{fmt.Sprintf("h2 %v %s", h2, format), m})
		}
	}
	return b, nil
}

// note keeps what the server says of its connections.
func (b *bench) note(c net.Conn, s http.ConnState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s == http.StateClosed || s == http.StateHijacked {
		delete(b.conns, c)
	} else {
		b.conns[c] = s
	}
}

// connections returns how many connections the server holds.
func (b *bench) connections() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.conns)
}

// settle looks at what is left when every call has returned. The client holds
// nothing then; the server may take a moment to notice.
func (b *bench) settle(r *report) {
	r.left("bodies", int(b.bodies.Load()))
	r.left("calls", goneWithin(5*time.Second, b.handler.Serving))
	for _, t := range b.transports {
		t.CloseIdleConnections()
	}
	r.left("connections", goneWithin(5*time.Second, b.connections))
}

// close stops the server and waits for it.
func (b *bench) close() {
	b.server.Close()
	if err := <-b.served; !errors.Is(err, http.ErrServerClosed) {
		panic(err) // the listener is ours
	}
}

// A watched transport counts the bodies that are open.
type watched struct {
	http.RoundTripper
	bench *bench
}

// RoundTrip counts the response's body as open until it is closed.
func (w watched) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	w.bench.bodies.Add(1)
	resp.Body = &watchedBody{ReadCloser: resp.Body, open: &w.bench.bodies}
	return resp, nil
}

// A watchedBody counts down once, however often it is closed.
type watchedBody struct {
	io.ReadCloser
	open *atomic.Int64
	once sync.Once
}

func (b *watchedBody) Close() error {
	b.once.Do(func() { b.open.Add(-1) })
	return b.ReadCloser.Close()
}
