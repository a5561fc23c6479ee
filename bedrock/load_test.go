package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestManyStreams reads streams from an HTTP/1.1 server that answers as fast as
// it can, all with one client. None may fail: the connection must not be closed
// when the end of an answer overtakes the end of its request. There are 100
// streams of 1,000 deltas, or 1,000 of them with CHATMODEL_FULL=1.
func TestManyStreams(t *testing.T) {
	streams, deltas := 100, 1000
	if full() {
		streams = 1000
	}
	body := manyDeltas(deltas)
	want := strings.Repeat("delta ", deltas)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", eventStream)
		for piece := range slices.Chunk(body, 4000) { // about 25 deltas
			w.Write(piece)
			http.NewResponseController(w).Flush()
		}
	}))
	t.Cleanup(srv.Close)
	m := at(t, srv.URL, plainClient(t))

	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range streams / 4 {
				resp, err := m.Stream(t.Context(), hello).Response()
				if err != nil {
					t.Error(err)
					continue
				}
				if resp.Text() != want || !resp.Usage.Known {
					t.Errorf("text of %d bytes with usage %v, want %d bytes", len(resp.Text()), resp.Usage, len(want))
				}
			}
		})
	}
	workers.Wait()
}

func manyDeltas(n int) []byte {
	return textStream(slices.Repeat([]string{"delta "}, n)...)
}

// TestConcurrentCalls makes 64 calls at a time with one client, streamed and
// not. Each caller must get the answer to its own question.
func TestConcurrentCalls(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(srv.Close)
	m := at(t, srv.URL, plainClient(t))
	var callers sync.WaitGroup
	for i := range 64 {
		callers.Go(func() {
			for round := range 5 {
				question := fmt.Sprintf("question %d of caller %d", round, i)
				req := &model.Request{Messages: []model.Message{model.User(question)}}
				streamed, err := m.Stream(t.Context(), req).Response()
				if err != nil || streamed.Text() != question {
					t.Errorf("streamed answer to %q = %v, %v", question, streamed, err)
				}
				whole, err := m.Generate(t.Context(), req)
				if err != nil || whole.Text() != question {
					t.Errorf("answer to %q = %v, %v", question, whole, err)
				}
			}
		})
	}
	callers.Wait()
}

// echo answers with the text of the question, a stream word by word.
func echo(w http.ResponseWriter, r *http.Request) {
	var req struct {
		Messages []struct{ Content []struct{ Text string } }
	}
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text := req.Messages[0].Content[0].Text
	if !strings.HasSuffix(r.URL.Path, "/converse-stream") {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, unaryText(text))
		return
	}
	w.Header().Set("Content-Type", eventStream)
	body := bytes.NewBuffer(textStream(strings.SplitAfter(text, " ")...))
	for body.Len() > 0 { // in pieces that do not respect frames
		w.Write(body.Next(50))
		http.NewResponseController(w).Flush()
	}
}

// TestConnectionsAreReused makes calls one after the other and counts the
// connections. An answer that is read to its end must leave its connection open
// for the next call. The clock stands still while any goroutine works, so it
// does not matter how long the server takes to end an answer.
func TestConnectionsAreReused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipes{make(chan net.Conn), make(chan struct{})}
		srv := &http.Server{Handler: http.HandlerFunc(echo)}
		go srv.Serve(l)
		connections := 0
		tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			connections++
			near, far := net.Pipe()
			select {
			case l.dialled <- far:
				return near, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		defer srv.Close()
		defer tr.CloseIdleConnections()
		m := at(t, "http://bedrock.test", &http.Client{Transport: tr})
		for i := range 20 {
			req := &model.Request{Messages: []model.Message{model.User("question " + strconv.Itoa(i))}}
			if _, err := m.Stream(t.Context(), req).Response(); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Generate(t.Context(), req); err != nil {
				t.Fatal(err)
			}
		}
		if connections != 1 {
			t.Errorf("40 calls took %d connections, want 1", connections)
		}
	})
}

// pipes is a listener in memory.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (l pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.dialled:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l pipes) Close() error {
	close(l.closed)
	return nil
}

func (l pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "pipe"} }
