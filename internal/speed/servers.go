package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// serverRows are the test server beside net/http's own, client and server in
// one process, over a socket.
var serverRows = []row{
	{work: "bedrocktest, call", against: "net/http, the same bytes", measure: served(false, 1, 3)},
	{work: "bedrocktest, stream of 200 deltas", against: "net/http, the same bytes", measure: served(true, 200, 2)},
	{work: "bedrocktest, open stream, both ends", against: "", measure: openStreams},
}

// said is a model that costs next to nothing: it says the same each time.
type said []string

func (s said) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Message: model.Assistant(strings.Join(s, "")), StopReason: model.StopEndTurn}, nil
}

func (s said) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		for _, text := range s {
			if !emit(model.Event{Kind: model.EventText, Text: text}) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}})
		return nil
	})
}

// closers are what a row has to close when it is done.
type closers []func()

// Cleanup keeps f for later, as [bedrocktest.Start] asks of a test.
func (c *closers) Cleanup(f func()) { *c = append(*c, f) }

// close closes everything, in the order in which it was opened.
func (c *closers) close() {
	for _, f := range *c {
		f()
	}
}

// served compares a call, or a stream of deltas, with one that is answered by a
// plain server with the same bytes. Both have the same client. Most is the
// ratio that is wanted.
func served(stream bool, deltas int, most float64) func(*lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		var done closers
		defer done.close()
		words := make(said, deltas)
		for i := range words {
			words[i] = "word "
		}
		s := bedrocktest.Start(&done, words, &bedrocktest.Options{Keep: -1})
		ask := func(m model.ChatModel) (err error) {
			if stream {
				_, err = m.Stream(context.Background(), hello).Response()
			} else {
				_, err = m.Generate(context.Background(), hello)
			}
			return err
		}
		bare, err := player(&done, s, ask)
		if err != nil {
			return nil, err
		}
		ours, err := at(s, s.URL)
		if err != nil {
			return nil, err
		}
		reference, err := at(s, bare)
		if err != nil {
			return nil, err
		}
		ratio, err := l.ratio(func() error { return ask(ours) }, func() error { return ask(reference) })
		return []figure{{value: ratio, unit: "times", wanted: most}}, err
	}
}

// at returns a client of the server at an address.
func at(s *bedrocktest.Server, url string) (model.ChatModel, error) {
	return bedrock.New(s.Client(func(o *bedrockruntime.Options) { o.BaseEndpoint = &url }), claude, nil)
}

// player returns the address of a server that does nothing but write what
// another one wrote for a call, in as many pieces.
func player(done *closers, s *bedrocktest.Server, ask func(model.ChatModel) error) (string, error) {
	t := &tape{}
	recorder := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.ResponseWriter = w
		s.ServeHTTP(t, r)
	}))
	defer recorder.Close()
	m, err := at(s, recorder.URL)
	if err != nil {
		return "", err
	}
	if err := ask(m); err != nil {
		return "", err
	}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		maps.Copy(w.Header(), t.header)
		for _, p := range t.writes {
			_, _ = w.Write(p)
			if len(t.writes) > 1 {
				_ = http.NewResponseController(w).Flush()
			}
		}
	}))
	done.Cleanup(ts.Close)
	return ts.URL, nil
}

// tape keeps what is written.
type tape struct {
	http.ResponseWriter
	header http.Header
	writes [][]byte
}

// Unwrap lets an [http.ResponseController] flush through the tape.
func (t *tape) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// WriteHeader keeps the header as it is sent, without what is set later.
func (t *tape) WriteHeader(status int) {
	t.header = t.Header().Clone()
	t.ResponseWriter.WriteHeader(status)
}

// Write keeps each piece by itself, so that it can be sent as it was.
func (t *tape) Write(p []byte) (int, error) {
	t.writes = append(t.writes, bytes.Clone(p))
	return t.ResponseWriter.Write(p)
}

// waits is a model that says a word and then nothing until the caller leaves.
type waits struct{ said }

func (waits) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(ctx context.Context, emit func(model.Event) bool) error {
		if emit(model.Event{Kind: model.EventText, Text: "word"}) {
			<-ctx.Done()
		}
		return ctx.Err()
	})
}

// openStreams measures what streams hold that have begun and wait: client and
// server, and the buffers between them that are this process's. Beside it
// stands what a plain client and server of net/http hold.
func openStreams(l *lab) ([]figure, error) {
	n := 50
	switch {
	case os.Getenv("CHATMODEL_FULL") != "":
		n = 5000
	case l.sample > 0:
		n = 1000
	}
	var done closers
	defer done.close()
	s := bedrocktest.Start(&done, waits{}, &bedrocktest.Options{Keep: -1, MaxCalls: n})
	m, err := at(s, s.URL)
	if err != nil {
		return nil, err
	}
	objects, stacks, err := hold(n, func(ctx context.Context, begun func()) error {
		for _, err := range m.Stream(ctx, hello).Text() {
			if err != nil {
				return err
			}
			begun()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write([]byte("word"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer plain.Close()
	plainObjects, plainStacks, err := hold(n, func(ctx context.Context, begun func()) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, plain.URL, strings.NewReader("{}"))
		if err != nil {
			return err
		}
		resp, err := plain.Client().Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		for buf := make([]byte, 100); ; begun() {
			if _, err := resp.Body.Read(buf); err != nil {
				return err
			}
		}
	})
	return []figure{
		{value: objects, unit: fmt.Sprintf("KB of objects (net/http: %.1f)", plainObjects), wanted: 40},
		{value: stacks, unit: fmt.Sprintf("KB of stacks (net/http: %.1f)", plainStacks)},
	}, err
}

// hold has n streams begin and wait, and returns what each holds, in KB. A
// stream calls begun with each piece, of which there is one.
func hold(n int, stream func(ctx context.Context, begun func()) error) (objects, stacks float64, err error) {
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	objects, stacks = live(), stackBytes()
	var left sync.WaitGroup
	ready := make(chan error, n)
	for range n {
		left.Go(func() {
			began := false
			err := stream(ctx, func() { began = true; ready <- nil })
			if !began {
				ready <- cmp.Or(err, errors.New("a stream ended before it began"))
			}
		})
	}
	for range n {
		err = cmp.Or(err, <-ready)
	}
	each := float64(n) * 1024
	objects, stacks = (live()-objects)/each, (stackBytes()-stacks)/each
	leave()
	left.Wait()
	return objects, stacks, err
}

// stackBytes returns the bytes of goroutines' stacks.
func stackBytes() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.StackInuse)
}
