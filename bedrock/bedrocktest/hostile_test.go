package bedrocktest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
)

// pipes is a listener whose connections are in memory, with deadlines, so that
// net/http's server runs in a bubble.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	p.conns <- server
	return client, nil
}

// overPipes serves a handler, and ends with the test.
func overPipes(t *testing.T, h *bedrocktest.Handler) (*pipes, *http.Client) {
	p := &pipes{make(chan net.Conn), make(chan struct{})}
	server := h.HTTPServer()
	go server.Serve(p)
	client := &http.Client{Transport: &http.Transport{DialContext: p.dial}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return p, client
}

// half sends the head of a request and a part of its body.
func half(t *testing.T, p *pipes, announced int, header, body string) net.Conn {
	t.Helper()
	c, _ := p.dial(t.Context(), "", "")
	head := fmt.Sprintf("POST /model/%s/converse HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n", novaMicro, announced, header)
	if _, err := io.WriteString(c, head+body); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestHalfBodies opens 1,000 connections that send half a body and wait. A
// client that sends a whole body, small or large, is still answered without
// waiting, though the halves are more bytes than the server takes at a time and
// more calls than it answers at a time.
func TestHalfBodies(t *testing.T) {
	for name, piece := range map[string]int{"small": 50, "large": 100_000} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := unsigned(&bedrocktest.Options{MaxBody: 300_000, MaxBodies: 4 << 20, MaxCalls: 10, Keep: -1})
				p, client := overPipes(t, bedrocktest.New(always("ok"), o))
				var hostile []net.Conn
				var givenUp atomic.Int32
				for range 1000 {
					c := half(t, p, 2*piece, "", strings.Repeat(" ", piece))
					hostile = append(hostile, c)
					go func() {
						if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && resp.StatusCode == http.StatusServiceUnavailable {
							givenUp.Add(1)
						}
					}()
				}
				synctest.Wait()
				began := time.Now()
				for _, size := range []int{10, 250_000} {
					resp, err := client.Post("http://x/model/"+novaMicro+"/converse", "application/json", strings.NewReader(conversation(user(text(strings.Repeat("x", size))))))
					if err != nil {
						t.Fatal(err)
					}
					if got := read(t, resp); got.status != 200 {
						t.Errorf("%d bytes: status %d, %s", size, got.status, got.body)
					}
				}
				if d := time.Since(began); d != 0 {
					t.Errorf("the others waited for %v", d)
				}
				fit := (4 << 20) / piece
				if n := int(givenUp.Load()); n < 1000-fit || fit >= 1000 && n > 0 {
					t.Errorf("%d were given up, of 1000 where %d fit", n, fit)
				}
				for _, c := range hostile {
					c.Close()
				}
			})
		})
	}
}

// TestBodyTimeout checks that a request whose body does not arrive is answered
// when its time is up.
func TestBodyTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := fake.New(fake.Text("ok").After(time.Minute).Always())
		p, client := overPipes(t, bedrocktest.New(slow, unsigned(&bedrocktest.Options{BodyTimeout: 3 * time.Second})))
		began := time.Now()
		c := half(t, p, 100, "", "{")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		a := read(t, resp)
		if kind, message := a.failure(t); a.status != http.StatusRequestTimeout || !strings.HasPrefix(kind, "RequestTimeoutException:") || message != "The request body did not arrive in time." {
			t.Errorf("status %d, %s: %s", a.status, kind, message)
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("after %v", d)
		}
		c.Close()

		// One that came in time has all the time it wants for its answer.
		for range 2 {
			resp, err := client.Post("http://x/model/"+novaMicro+"/converse", "application/json", strings.NewReader(conversation(hello)))
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, resp); got.status != 200 {
				t.Errorf("status %d", got.status)
			}
		}
	})
}

// TestAuthorizationBeforeBody checks that a caller is refused by the headers
// before the body has arrived.
func TestAuthorizationBeforeBody(t *testing.T) {
	for name, header := range map[string]string{
		"none":       "",
		"no scheme":  "Authorization: Basic eDp5\r\n",
		"incomplete": "Authorization: AWS4-HMAC-SHA256 Credential=x\r\n",
		"a key":      "Authorization: Bearer x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := overPipes(t, bedrocktest.New(always("ok"), nil))
				began := time.Now()
				c := half(t, p, 1000, header, `{"messages":`)
				defer c.Close()
				resp, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil {
					t.Fatal(err)
				}
				if a := read(t, resp); a.status != http.StatusForbidden || time.Since(began) != 0 {
					t.Errorf("status %d after %v: %s", a.status, time.Since(began), a.body)
				}
			})
		})
	}
}

// TestAnnouncedTooLong checks that a body is refused by its announced length
// before it arrives.
func TestAnnouncedTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := overPipes(t, bedrocktest.New(always("ok"), unsigned(&bedrocktest.Options{MaxBody: 1000})))
		c := half(t, p, 1001, "", "{")
		defer c.Close()
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if a := read(t, resp); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d: %s", a.status, a.body)
		}
	})
}
