package conformance_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
)

func TestTransport(t *testing.T) {
	ended := make(chan error, 1)
	wire := conformance.NewTransport(nil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/echo":
			w.Header()["x-lower"] = []string{"yes"}
			w.WriteHeader(http.StatusTeapot)
			io.Copy(w, r.Body)
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/half":
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		case "/wait":
			io.WriteString(w, "first")
			<-r.Context().Done()
			ended <- r.Context().Err()
		}
	}))
	client := &http.Client{Transport: wire}
	get := func(path string) (*http.Response, error) {
		return client.Post("http://wire"+path, "text/plain", strings.NewReader("0123456789"))
	}

	resp, err := get("/echo")
	if err != nil {
		t.Fatal(err)
	}
	if wire.Open() != 1 {
		t.Errorf("Open() = %d before the body is closed, want 1", wire.Open())
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body.Close() // counts once
	if string(body) != "0123456789" || err != nil || resp.StatusCode != http.StatusTeapot || resp.Header.Get("X-Lower") != "yes" {
		t.Errorf("echo = %d %q, %v, header %v", resp.StatusCode, body, err, resp.Header)
	}
	if wire.Open() != 0 {
		t.Errorf("Open() = %d after the body is closed, want 0", wire.Open())
	}

	wire.CutAfter(4)
	resp, err = get("/echo")
	if err != nil {
		t.Fatal(err)
	}
	body, err = io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(body) != "0123" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("an answer cut after 4 bytes = %q, %v", body, err)
	}
	wire.CutAfter(-1)

	if _, err := get("/abort"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("an aborted call = %v, want an unexpected end", err)
	}
	resp, err = get("/half")
	if err != nil {
		t.Fatal(err)
	}
	body, err = io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(body) != "half" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("an aborted answer = %q, %v", body, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://wire/wait", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err = client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" {
		t.Errorf("the first piece = %q, %v", first, err)
	}
	cancel()
	if _, err := resp.Body.Read(first); !errors.Is(err, context.Canceled) {
		t.Errorf("Read after the context has ended = %v", err)
	}
	resp.Body.Close()
	if err := <-ended; err == nil {
		t.Error("the handler's context has not ended")
	}
	if wire.Open() != 0 {
		t.Errorf("Open() = %d at the end, want 0", wire.Open())
	}
}
