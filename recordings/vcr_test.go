package recordings_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// These tests are about what go-vcr does when it is left to itself.

const slowCassette = `---
origin: {kind: local, model: m, date: "2026-01-31"}
version: 2
interactions:
- id: 0
  request: {host: h, url: "https://h/x", method: POST, body: "1"}
  response: {status: 200 OK, code: 200, content_length: 99, body: ok, duration: 700ms}
`

// go-vcr waits as long as the service took, whatever the context says.
func TestReplayDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tape, err := recordings.Replay(fstest.MapFS{"c.yaml": {Data: []byte(slowCassette)}}, "c", nil)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, got := post(t, tape.Client(), "https://h/x", "1"); got != "ok" {
			t.Errorf("response = %q, want ok", got)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("waited %v", waited)
		}
	})
}

// go-vcr believes a length that no longer fits an edited body.
func TestReplayLengthIsThatOfTheBody(t *testing.T) {
	tape, err := recordings.Replay(fstest.MapFS{"c.yaml": {Data: []byte(slowCassette)}}, "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tape.Client().Post("https://h/x", "", strings.NewReader("1"))
	if err != nil {
		t.Fatal(err)
	}
	if resp.ContentLength != 2 || resp.Header == nil {
		t.Errorf("ContentLength, Header = %d, %v, want 2, not nil", resp.ContentLength, resp.Header)
	}
}

// With VCR_DEBUG go-vcr prints every request that it sees.
func TestDebugOutputHoldsNoCredential(t *testing.T) {
	t.Setenv("VCR_DEBUG", "true")
	out, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = out
	t.Cleanup(func() { os.Stderr = stderr })

	srv := newService(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Set-Cookie", canarySecret) })
	dir := t.TempDir()
	ft := record(dir, recordings.Options{Origin: recordings.Origin{Model: "m"}, Secrets: []string{canarySecret}}, func(tape *recordings.Tape) {
		doSigned(t, tape, srv.URL, canarySecret)
	})
	if ft.failed {
		t.Fatalf("recording failed: %q", ft.errors)
	}
	ft = &fakeT{name: "c"}
	doSigned(t, recordings.Open(ft, "", &recordings.Options{Dir: dir}), srv.URL, "scrubbed")
	doSigned(t, recordings.Open(ft, "", &recordings.Options{Dir: dir}), srv.URL, "no match")
	os.Stderr = stderr

	printed, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(printed), "scrubbed") {
		t.Fatalf("go-vcr printed no request, so this test shows nothing: %s", printed)
	}
	for _, canary := range allCanaries() {
		if strings.Contains(string(printed), canary) {
			t.Errorf("go-vcr printed %q", canary)
		}
	}
}

// A YAML library that loses a byte must not do it unseen.
func TestWritingIsRefusedIfABodyDoesNotSurvive(t *testing.T) {
	dir := t.TempDir()
	want := []recordings.Exchange{{Method: "POST", URL: "https://h/x", RequestBody: []byte("1"), Status: 200, ResponseBody: []byte("ok")}}
	data := []byte(strings.Replace(slowCassette, "duration: 700ms", "duration: 0s", 1))
	if err := recordings.WriteFile(dir, data, want); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*recordings.Exchange){
		"exchange 0: request line would change in the file":    func(e *recordings.Exchange) { e.URL += "/" },
		"exchange 0: request header would change in the file":  func(e *recordings.Exchange) { e.RequestHeader = jsonHeader() },
		"exchange 0: request body would change in the file":    func(e *recordings.Exchange) { e.RequestBody = []byte("\n1") },
		"exchange 0: status would change in the file":          func(e *recordings.Exchange) { e.Status = 201 },
		"exchange 0: response header would change in the file": func(e *recordings.Exchange) { e.ResponseHeader = jsonHeader() },
		"exchange 0: response body would change in the file":   func(e *recordings.Exchange) { e.ResponseBody = []byte("\nok") },
	} {
		e := want[0]
		edit(&e)
		if err := recordings.WriteFile(dir, data, []recordings.Exchange{e}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("WriteFile error = %v, want %q in it", err, name)
		}
	}
	if err := recordings.WriteFile(dir, data, append(want, want...)); err == nil {
		t.Error("WriteFile accepted a file that lacks an exchange")
	}
}
