package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// These tests have a server that keeps the connection open when the answer is
// complete, as gateways do that pad, or keep the last chunk back. The clock is
// the bubble's, which fails if a goroutine is left.

// The bounds of the wait, as documented.
const (
	drainTime    = 50 * time.Millisecond
	metadataTime = 2 * time.Second
)

// A deaf body does not look at the context while it waits.
type deaf struct{ *linkBody }

func newDeaf(l *link) deaf {
	return deaf{&linkBody{link: l, ctx: context.Background(), done: make(chan struct{})}}
}

// held returns clients that send a body and then keep it open.
func held(body []byte) map[string]func() (*link, roundTrip) {
	return map[string]func() (*link, roundTrip){
		"hears the context": func() (*link, roundTrip) {
			l := answers(body)
			return l, l.Do
		},
		"deaf to the context": func() (*link, roundTrip) {
			l := answers(body)
			return l, func(req *http.Request) (*http.Response, error) {
				l.opened.Add(1)
				return streamOf(newDeaf(l))(req)
			}
		},
	}
}

// doors are whole streams of each door and format, and how long the metadata is
// waited for in each.
var doors = map[string]struct {
	model func(t *testing.T, client roundTrip) *bedrock.Model
	body  []byte
}{
	"converse": {func(t *testing.T, c roundTrip) *bedrock.Model { return newModel(t, claude, c, nil) }, generated().body},
	"anthropic": {func(t *testing.T, c roundTrip) *bedrock.Model { return invoked(t, claude, "", c, nil) },
		chunks(claudePieces...)},
	"openai": {func(t *testing.T, c roundTrip) *bedrock.Model { return invoked(t, "x", bedrock.FormatOpenAI, c, nil) },
		chunks(`{"choices":[{"index":0,"delta":{"content":"Hi"}}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
			`{"choices":[],"amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}}`)},
	"llama": {func(t *testing.T, c roundTrip) *bedrock.Model { return invoked(t, "x", bedrock.FormatLlama3, c, nil) },
		chunks(`{"generation":"Hi"}`, `{"generation":"","stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}}`)},
}

// TestAnswerIsNotHeldBack: the last event comes when the answer is complete,
// and the loop ends a moment later.
func TestAnswerIsNotHeldBack(t *testing.T) {
	for door, d := range doors {
		for name, client := range held(d.body) {
			t.Run(door+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l, do := client()
					start, finish := time.Now(), time.Duration(-1)
					s := d.model(t, do).Stream(t.Context(), hello)
					for ev, err := range s.Events() {
						if err != nil {
							t.Fatal(err)
						}
						if ev.Kind == model.EventFinish {
							finish = time.Since(start)
						}
					}
					if over := time.Since(start); finish != 0 || over != drainTime {
						t.Errorf("finished after %v, the loop after %v; want 0 and %v", finish, over, drainTime)
					}
					if resp, err := s.Response(); err != nil || !resp.Usage.Known || len(resp.Warnings) != 0 {
						t.Errorf("Response = %+v, %v, want the answer with its usage and no warning", resp, err)
					}
					l.released(t)
				})
			})
		}
	}
}

// unmeasured are streams that lack what is said about a complete answer.
func unmeasured(door string, body []byte) []byte {
	switch door {
	case "converse":
		return body[:generated().stop]
	case "openai":
		return chunks(`{"choices":[{"index":0,"delta":{"content":"Hi"}}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)
	case "llama":
		return chunks(`{"generation":"Hi"}`, `{"generation":"","stop_reason":"stop"}`)
	}
	return nil // Anthropic's own end comes last
}

// TestMetadataIsNotWaitedFor: an answer whose usage does not come is handed
// over without it, with a warning.
func TestMetadataIsNotWaitedFor(t *testing.T) {
	for door, d := range doors {
		body := unmeasured(door, d.body)
		if body == nil {
			continue
		}
		for name, client := range held(body) {
			for deadline, want := range map[time.Duration]time.Duration{0: metadataTime, time.Hour: metadataTime, time.Second: time.Second / 2} {
				t.Run(fmt.Sprint(door, "/", name, "/", deadline), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						l, do := client()
						ctx := t.Context()
						if deadline != 0 {
							var cancel context.CancelFunc
							ctx, cancel = context.WithTimeout(ctx, deadline)
							defer cancel()
						}
						start := time.Now()
						resp, err := d.model(t, do).Stream(ctx, hello).Response()
						if took := time.Since(start); took != want {
							t.Errorf("took %v, want %v", took, want)
						}
						if err != nil || resp.Usage.Known || len(resp.Message.Parts) == 0 || len(resp.Warnings) != 1 || resp.Warnings[0].Field != "usage" {
							t.Errorf("Response = %+v, %v, want the answer without usage and a warning of that", resp, err)
						}
						l.released(t)
					})
				})
			}
		}
	}
}

// TestLateMetadata sends metadata late, while it is still waited for.
func TestLateMetadata(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := generated()
		l := newLink()
		close(l.header)
		go func() {
			l.pieces <- s.body[:s.stop]
			time.Sleep(metadataTime - time.Millisecond)
			l.pieces <- s.body[s.stop:]
			close(l.pieces)
		}()
		if err := s.complete(play1(linked(t, l)), true); err != nil {
			t.Error(err)
		}
		l.released(t)
	})
}

// TestCancelWhileMetadataIsAwaited: the consumer's wish counts.
func TestCancelWhileMetadataIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := generated()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		resp, err := linked(t, answers(s.body[:s.stop])).Stream(ctx, hello).Response()
		if !errors.Is(err, model.ErrCanceled) || time.Since(start) != time.Second || shown(resp) != s.at(s.stop) {
			t.Errorf("Response = %v, %v after %v, want the part so far and the context's error", resp, err, time.Since(start))
		}
	})
}

// TestDrainIsCancelled: a context that ends while the rest of a body is read
// ends that, and not the answer.
func TestDrainIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		start := time.Now()
		resp, err := linked(t, answers(generated().body)).Stream(ctx, hello).Response()
		if err != nil || !resp.Usage.Known || time.Since(start) != 10*time.Millisecond {
			t.Errorf("Response = %v, %v after %v, want the answer after 10 ms", resp, err, time.Since(start))
		}
	})
}

// TestDrainIsLimited: a server that goes on sending is not listened to.
func TestDrainIsLimited(t *testing.T) {
	read := 0
	padding := readerFunc(func(p []byte) (int, error) {
		read += len(p)
		return len(p), nil
	})
	body := io.MultiReader(bytes.NewReader(generated().body), padding)
	if err := generated().complete(play1(newModel(t, claude, streamOf(body), nil)), true); err != nil {
		t.Error(err)
	}
	if read > 100<<10 {
		t.Errorf("%d bytes were read after the answer, want at most 100 KiB", read)
	}
}

// TestUnknownEventsAndTheContext sends an endless stream of events that say
// nothing. It must end with the context.
func TestUnknownEventsAndTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ping := event("ping", `{}`)
	n := 0
	pings := readerFunc(func(p []byte) (int, error) {
		if n++; n == 1000 {
			cancel()
		}
		return copy(p, ping), nil
	})
	_, err := newModel(t, claude, streamOf(pings), nil).Stream(ctx, hello).Response()
	if e := asError(t, err); e.Kind != model.ErrCanceled || e.RequestID != "rid-1" {
		t.Errorf("error = %v, want the context's, with the request id", err)
	}
}

// TestWholeAnswerIsNotHeldBack: nor is an answer that comes in one body of no
// length, or a refusal.
func TestWholeAnswerIsNotHeldBack(t *testing.T) {
	for _, body := range []string{unaryText("Hi"), unaryText("Hi") + "\r\n ", `{"inputTokens":3}`, `{"message":"no"}`} {
		for name, client := range held([]byte(body)) {
			for status, op := range map[int]int{200: 0, 400: 0, 201: 2} {
				t.Run(fmt.Sprint(name, status, body[:9]), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						l, do := client()
						start := time.Now()
						err := operations[op].call(t, newModel(t, claude, roundTrip(func(req *http.Request) (*http.Response, error) {
							resp, err := do(req)
							resp.StatusCode = status
							return resp, err
						}), nil))
						fits := status == 200 && strings.Contains(body, "output") || status == 201 && strings.HasPrefix(body, `{"inputTokens`)
						if took := time.Since(start); took != drainTime || (err == nil) != fits || errors.Is(err, model.ErrTruncated) {
							t.Errorf("%v after %v, want the end after %v", err, took, drainTime)
						}
						l.released(t)
					})
				})
			}
		}
	}
}

// TestPiecesOfAnAnswer: what could be the end of an answer need not be it.
func TestPiecesOfAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLink()
		close(l.header)
		go func() {
			for _, piece := range strings.SplitAfter(unaryText("a } b } c"), "}") {
				time.Sleep(10 * drainTime)
				if piece != "" {
					l.pieces <- []byte(piece)
				}
			}
			close(l.pieces)
		}()
		resp, err := linked(t, l).Generate(t.Context(), hello)
		if err != nil || resp.Text() != "a } b } c" {
			t.Errorf("Generate = %v, %v", resp, err)
		}
		time.Sleep(time.Second)
	})
}

// TestStalls fails reads with the timeouts of all kinds of HTTP clients: those
// of package net, and those that have only the method Timeout.
func TestStalls(t *testing.T) {
	whole := generated()
	for name, stall := range map[string]error{
		"net.Error":       slow{},
		"Timeout alone":   patience{},
		"deadline":        context.DeadlineExceeded,
		"given up":        fmt.Errorf("read: %w", context.Canceled), // by a transport that watches over its requests
		"wrapped":         fmt.Errorf("read: %w", patience{}),
		"among others":    errors.Join(errors.New("reset"), patience{}),
		"behind an error": &impatient{patience{}},
	} {
		t.Run(name, func(t *testing.T) {
			p := play1(newModel(t, claude, streamOf(io.MultiReader(bytes.NewReader(whole.body[:whole.ends[3]]), errorReader{stall})), nil))
			if err := whole.incomplete(p, whole.ends[3], true, model.ErrTimeout); err != nil {
				t.Error(err)
			}
			m := newModel(t, claude, respond(200, io.MultiReader(strings.NewReader(unaryText("Hi")[:40]), errorReader{stall})), nil)
			if _, err := m.Generate(t.Context(), hello); !errors.Is(err, model.ErrTimeout) {
				t.Errorf("Generate = %v, want a timeout", err)
			}
			m = newModel(t, claude, roundTrip(func(*http.Request) (*http.Response, error) { return nil, stall }), nil)
			for _, op := range operations {
				if err := op.call(t, m); !errors.Is(err, model.ErrTimeout) || !model.Retryable(err) {
					t.Errorf("%s = %v, want a timeout", op.path, err)
				}
			}
		})
	}
}

// patience is a timeout that is no net.Error.
type patience struct{}

func (patience) Error() string { return "read on body reach timeout limit" }
func (patience) Timeout() bool { return true }

// impatient says that it is none, and has one for a cause.
type impatient struct{ error }

func (i *impatient) Timeout() bool { return false }
func (i *impatient) Unwrap() error { return i.error }

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// TestStalledConnection stalls a real connection, with the idle timeout of the
// SDK's HTTP client that the documentation recommends.
func TestStalledConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLink()
		close(l.header)
		l.pieces = make(chan []byte, 1)
		l.pieces <- event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hi"}}`)
		start := time.Now()
		resp, err := newModel(t, claude, roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := l.Do(req)
			if err == nil {
				resp.Body = idle{resp.Body}
			}
			return resp, err
		}), nil).Stream(t.Context(), hello).Response()
		if !errors.Is(err, model.ErrTimeout) || resp.Text() != "Hi" || time.Since(start) != time.Minute {
			t.Errorf("Response = %v, %v after %v, want a timeout with the part so far after a minute", resp, err, time.Since(start))
		}
		l.released(t)
	})
}

// idle is a body whose reads time out after a minute, in the way of the SDK's.
type idle struct{ io.ReadCloser }

func (b idle) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	go func() {
		n, err := b.ReadCloser.Read(p)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return r.n, r.err
	case <-timer.C:
		return 0, patience{}
	}
}
