package bedrock_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

const megabyte = 1 << 20

// zeros is a body of n megabytes, and how much of it was read.
type zeros struct{ n, read int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.read >= z.n*megabyte {
		return 0, io.EOF
	}
	n := copy(p, blanks)
	z.read += n
	return n, nil
}

// blanks are what zeros read: copied, which the race detector watches once.
var blanks = bytes.Repeat([]byte{' '}, 64<<10)

// TestBodiesHaveALimit sends endless bodies to every operation that reads a
// body whole.
func TestBodiesHaveALimit(t *testing.T) {
	for _, status := range []int{200, 400, 503} {
		for _, op := range operations {
			if op.path == "converse-stream" && status == 200 {
				continue // frames have a limit each
			}
			body := &zeros{n: 1 << 20}
			err := op.call(t, newModel(t, claude, respond(status, body, "Content-Type", "application/json"), nil))
			e := asError(t, err)
			if status == 200 && (e.Kind != model.ErrMalformed || !strings.Contains(e.Message, "longer than")) {
				t.Errorf("%s: %v, want a malformed answer that is too long", op.path, err)
			}
			if most := 40; body.read > most*megabyte {
				t.Errorf("%s with status %d: %d MB were read, want at most %d", op.path, status, body.read/megabyte, most)
			}
		}
	}
	body := &zeros{n: 1 << 20}
	_, err := invoked(t, claude, "", respond(200, body), nil).Generate(t.Context(), hello)
	if !errors.Is(err, model.ErrMalformed) || body.read > 40*megabyte {
		t.Errorf("InvokeModel: %v after %d MB, want a malformed answer", err, body.read/megabyte)
	}
}

// TestLongAnswers reads answers that are as long as the service's own limit.
// They must arrive whole.
func TestLongAnswers(t *testing.T) {
	text := strings.Repeat("a", 25_000_000)
	resp, err := newModel(t, claude, respond(200, strings.NewReader(unaryText(text))), nil).Generate(t.Context(), hello)
	if err != nil || resp.Text() != text {
		t.Errorf("an answer of 25 MB: %v", err)
	}
}

// TestCompressedBodies: what counts is the length of what is read, not of what
// is sent.
func TestCompressedBodies(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	io.Copy(zip, &zeros{n: 48})
	zip.Close()
	small := func(text string) []byte {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		io.WriteString(zip, text)
		zip.Close()
		return b.Bytes()
	}
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "-stream") {
			w.Header().Set("Content-Type", eventStream)
		}
		w.Write(body)
	}))
	t.Cleanup(srv.Close)
	m := at(t, srv.URL, plainClient(t))
	body = bomb.Bytes()
	if _, err := m.Generate(t.Context(), hello); !errors.Is(err, model.ErrMalformed) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("48 MB in %d bytes: %v, want a malformed answer that is too long", len(body), err)
	}
	body = small(unaryText("Hi"))
	if resp, err := m.Generate(t.Context(), hello); err != nil || resp.Text() != "Hi" {
		t.Errorf("compressed answer = %v, %v", resp, err)
	}
	body = small(string(generated().body))
	if err := generated().complete(play1(m), true); err != nil {
		t.Errorf("compressed stream: %v", err)
	}
}

// TestContextEndsReading: a body that trickles, and does not look at the
// context, is not read on when the context has ended; nor is one that stalls.
func TestContextEndsReading(t *testing.T) {
	calls := map[string]func(ctx context.Context, m *bedrock.Model) error{
		"generate": func(ctx context.Context, m *bedrock.Model) error { _, err := m.Generate(ctx, hello); return err },
		"stream": func(ctx context.Context, m *bedrock.Model) error {
			_, err := m.Stream(ctx, hello).Response()
			return err
		},
		"count tokens": func(ctx context.Context, m *bedrock.Model) error { _, err := m.CountTokens(ctx, hello); return err },
	}
	for name, call := range calls {
		for _, status := range []int{200, 503} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
					sent, ping := 0, event("ping", `{}`)
					if name != "stream" {
						ping = []byte(" ")
					}
					trickle := readerFunc(func(p []byte) (int, error) {
						time.Sleep(10 * time.Millisecond)
						p[0] = ping[sent%len(ping)]
						sent++
						return 1, nil
					})
					start := time.Now()
					err := call(ctx, newModel(t, claude, respond(status, trickle, "Content-Type", eventStream), nil))
					if !errors.Is(err, model.ErrCanceled) || time.Since(start) > time.Second+20*time.Millisecond {
						t.Errorf("trickle: %v after %v, want the context's error after a second", err, time.Since(start))
					}

					ctx, cancel = context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
					start = time.Now()
					l := newLink()
					err = call(ctx, newModel(t, claude, respond(status, newDeaf(l), "Content-Type", eventStream), nil))
					if !errors.Is(err, model.ErrCanceled) || time.Since(start) != time.Second {
						t.Errorf("stall: %v after %v, want the context's error after a second", err, time.Since(start))
					}
					if l.closed.Load() != 1 {
						t.Errorf("the body was closed %d times, want once", l.closed.Load())
					}
				})
			})
		}
	}
}
