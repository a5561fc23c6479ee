package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A link is an HTTP connection in memory. It behaves like net/http: reads
// wait for the service, and fail when the context ends or the body is closed.
//
// The tests below run in synctest bubbles, which fail if a goroutine is left
// when the test is over.
type link struct {
	header chan struct{} // closed when the headers are there
	pieces chan []byte   // what the service sends; closed at its end

	requests, opened, closed, drained atomic.Int32
}

func newLink() *link { return &link{header: make(chan struct{}), pieces: make(chan []byte)} }

// answers is a link that has its headers at once and sends body in pieces.
func answers(body []byte) *link {
	l := &link{header: make(chan struct{}), pieces: make(chan []byte, len(body)/50+1)}
	close(l.header)
	for len(body) > 0 {
		n := min(50, len(body))
		l.pieces <- body[:n]
		body = body[n:]
	}
	return l
}

func (l *link) Do(req *http.Request) (*http.Response, error) {
	l.requests.Add(1)
	select {
	case <-l.header:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	l.opened.Add(1)
	return streamOf(&linkBody{link: l, ctx: req.Context(), done: make(chan struct{})})(req)
}

type linkBody struct {
	*link
	ctx  context.Context
	done chan struct{}
	rest []byte
}

func (b *linkBody) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		select {
		case <-b.done:
			return 0, errors.New("read on a closed body")
		case <-b.ctx.Done():
			return 0, b.ctx.Err()
		case piece, ok := <-b.pieces:
			if !ok {
				b.drained.Add(1)
				return 0, io.EOF
			}
			b.rest = piece
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *linkBody) Close() error {
	b.closed.Add(1)
	close(b.done) // a second time would be a panic
	return nil
}

// released fails unless every body that was opened has been closed.
func (l *link) released(t *testing.T) {
	t.Helper()
	if o, c := l.opened.Load(), l.closed.Load(); o != c {
		t.Errorf("%d bodies opened, %d closed", o, c)
	}
}

func linked(t *testing.T, l *link) *bedrock.Model { return newModel(t, claude, l, nil) }

func TestStreamNeverRanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLink()
		linked(t, l).Stream(t.Context(), hello)
		if n := l.requests.Load(); n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

// TestStreamLeft leaves the loop after every number of events. The body must be
// closed by then.
func TestStreamLeft(t *testing.T) {
	body := generated().body
	for n := 1; ; n++ {
		finished := false
		synctest.Test(t, func(t *testing.T) {
			l := answers(body)
			s := linked(t, l).Stream(t.Context(), hello)
			seen := 0
			for ev, err := range s.Events() {
				if err != nil {
					t.Fatal(err)
				}
				finished = ev.Kind == model.EventFinish
				if seen++; seen == n {
					break
				}
			}
			l.released(t)
			if l.requests.Load() != 1 || seen != n {
				t.Errorf("%d requests, %d events", l.requests.Load(), seen)
			}
			_, err := s.Response()
			if finished != (err == nil) || (err != nil && !errors.Is(err, model.ErrStopped)) {
				t.Errorf("after %d events: Response = %v", n, err)
			}
		})
		if finished {
			if want := 14 + 2 + 8 + 1; n != want { // deltas and starts, whole parts, ends of parts, finish
				t.Errorf("%d events, want %d", n, want)
			}
			return
		}
	}
}

// TestStreamPanics panics in the consumer's loop.
func TestStreamPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := answers(generated().body)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			for range linked(t, l).Stream(t.Context(), hello).Events() {
				panic("in the consumer")
			}
		}()
		l.released(t)
	})
}

// TestStreamFails counts the bodies of streams that end with an error.
func TestStreamFails(t *testing.T) {
	whole := generated().body
	for name, body := range map[string][]byte{
		"cut":       whole[:len(whole)/2],
		"flipped":   append(bytes.Repeat([]byte{1}, 20), whole...),
		"exception": exception("throttlingException", `{"message":"slow down"}`),
		"malformed": event("contentBlockDelta", `{"delta":5}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := answers(body)
				close(l.pieces)
				if _, err := linked(t, l).Stream(t.Context(), hello).Response(); err == nil {
					t.Error("no error")
				}
				l.released(t)
			})
		})
	}
}

// TestStreamIsReadToItsEnd sends the end of the body in a piece of its own, as
// the last chunk of HTTP/1.1 may be.
func TestStreamIsReadToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := answers(generated().body)
		close(l.pieces)
		if _, err := linked(t, l).Stream(t.Context(), hello).Response(); err != nil {
			t.Fatal(err)
		}
		l.released(t)
		if l.drained.Load() != 1 {
			t.Error("the body was closed before its end was read, so its connection is lost")
		}
	})
}

// TestStreamThatGoesOn sends an endless stream of frames after the end of the
// answer.
func TestStreamThatGoesOn(t *testing.T) {
	ping := event("ping", `{}`)
	endless := readerFunc(func(p []byte) (int, error) { return copy(p, ping), nil })
	body := &closeCounter{Reader: io.MultiReader(bytes.NewReader(generated().body), endless)}
	if err := generated().complete(play1(newModel(t, claude, streamOf(body), nil)), true); err != nil {
		t.Error(err)
	}
	if body.closed != 1 {
		t.Errorf("the body was closed %d times, want once", body.closed)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// cancelled are the moments at which a context can end.
var cancelled = []struct {
	name  string
	sent  [][]byte // pieces that arrive before
	mute  bool     // not even headers arrive
	want  string   // the part so far
	event int      // cancel inside the loop, at this event; 0: while waiting
}{
	{name: "before headers", mute: true},
	{name: "before the first frame"},
	{name: "inside a frame", sent: [][]byte{cat(event("messageStart", `{"role":"assistant"}`), event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`)[:40])}},
	{name: "between frames", sent: [][]byte{event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`)}, want: `text "Hi"`},
	{name: "between frames, in the loop", event: 1, want: `text "Hi"`, sent: [][]byte{
		cat(event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`), event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":" you"}}`)),
	}},
}

func cat(all ...[]byte) []byte { return bytes.Join(all, nil) }

func TestCancel(t *testing.T) {
	for _, tt := range cancelled {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cause := errors.New("the user closed the window")
				ctx, cancel := context.WithCancelCause(t.Context())
				if tt.event == 0 {
					time.AfterFunc(time.Minute, func() { cancel(cause) })
				}
				start := time.Now()
				err := rangeUntil(t, ctx, tt.sent, tt.mute, tt.want, func(n int) {
					if n == tt.event {
						cancel(cause)
					}
				})
				if !errors.Is(err, model.ErrCanceled) || !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
					t.Errorf("error = %v, want that of the context with its cause", err)
				}
				if tt.event == 0 && time.Since(start) != time.Minute {
					t.Errorf("took %v, want a minute", time.Since(start))
				}
				if tt.event == 0 && !tt.mute && err.RequestID != "rid-1" {
					t.Errorf("request id = %q, want that of the headers", err.RequestID)
				}
			})
		})
	}
}

func TestDeadline(t *testing.T) {
	for _, tt := range cancelled {
		if tt.event != 0 {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				err := rangeUntil(t, ctx, tt.sent, tt.mute, tt.want, func(int) {})
				if !errors.Is(err, model.ErrDeadline) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error = %v, want that of the context", err)
				}
				if time.Since(start) != time.Minute {
					t.Errorf("took %v, want a minute", time.Since(start))
				}
			})
		})
	}
}

// rangeUntil ranges over a stream that sends the pieces and then stalls, and
// returns its error.
func rangeUntil(t *testing.T, ctx context.Context, sent [][]byte, mute bool, want string, each func(n int)) *model.Error {
	t.Helper()
	l := newLink()
	l.pieces = make(chan []byte, len(sent))
	for _, p := range sent {
		l.pieces <- p
	}
	if !mute {
		close(l.header)
	}
	s := linked(t, l).Stream(ctx, hello)
	n := 0
	var last error
	for _, err := range s.Events() {
		if last != nil {
			t.Error("something follows the error")
		}
		last = err
		n++
		each(n)
	}
	l.released(t)
	e, ok := errors.AsType[*model.Error](last)
	if !ok {
		t.Fatalf("error = %v, want a *model.Error", last)
	}
	if e.Provider != "bedrock" || e.Op != "stream" || e.Model != claude || shown(e.Partial) != want {
		t.Errorf("error %v of %s %s with partial %q, want %q", e, e.Provider, e.Op, shown(e.Partial), want)
	}
	return e
}

// TestCancelledBeforehand calls with a context that has already ended. Nothing
// may be sent.
func TestCancelledBeforehand(t *testing.T) {
	for _, op := range operations {
		l := newLink()
		m := linked(t, l)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var err error
		switch op.path {
		case "converse":
			_, err = m.Generate(ctx, hello)
		case "converse-stream":
			_, err = m.Stream(ctx, hello).Response()
		case "count-tokens":
			_, err = m.CountTokens(ctx, hello)
		}
		if !errors.Is(err, model.ErrCanceled) || l.requests.Load() != 0 {
			t.Errorf("%s: %v after %d requests, want none", op.path, err, l.requests.Load())
		}
	}
}

// TestGenerateCancelled cancels a call that waits for its answer.
func TestGenerateCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := linked(t, newLink()).Generate(ctx, hello)
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Kind != model.ErrCanceled || e.Provider != "bedrock" || e.Op != "generate" {
			t.Errorf("error = %v, want the context's, labelled", err)
		}
	})
}

// TestServerSeesTheEnd leaves streams of a real server in three ways. The
// server's request must end each time.
func TestServerSeesTheEnd(t *testing.T) {
	gone := make(chan bool, 1)
	handler := func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", eventStream)
		w.Write(event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`))
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		gone <- true
	}
	h1 := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(h1.Close)
	h2 := h2Server(t, handler)
	for name, srv := range map[string]*httptest.Server{"HTTP/1.1": h1, "HTTP/2": h2} {
		m := at(t, srv.URL, srv.Client())
		t.Run(name+" break", func(t *testing.T) {
			for range m.Stream(t.Context(), hello).Events() {
				break
			}
			<-gone
		})
		t.Run(name+" cancel", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, err := range m.Stream(ctx, hello).Events() {
				cancel()
				if err != nil && !errors.Is(err, model.ErrCanceled) {
					t.Error(err)
				}
			}
			<-gone
		})
		t.Run(name+" deadline", func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			timeout, stop := context.WithTimeout(ctx, time.Hour)
			defer stop()
			var last error
			for _, err := range m.Stream(timeout, hello).Events() {
				cancel(context.DeadlineExceeded)
				last = err
			}
			if !errors.Is(last, context.DeadlineExceeded) {
				t.Errorf("error = %v, want the context's cause", last)
			}
			<-gone
		})
	}
}
