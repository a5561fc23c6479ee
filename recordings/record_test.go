package recordings_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// A service answers recorded requests, on this machine.
type service struct {
	*httptest.Server
	mu   sync.Mutex
	auth []string // of the requests that really arrived
}

func newService(t *testing.T, answer http.HandlerFunc) *service {
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.auth = append(s.auth, r.Header.Get("Authorization"))
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// record runs a test that records the cassette c into dir, and returns it when
// it has ended.
func record(dir string, opts recordings.Options, test func(tape *recordings.Tape)) *fakeT {
	ft := &fakeT{name: "c"}
	opts.Dir, opts.Record = dir, true
	if tape := recordings.Open(ft, "", &opts); tape != nil {
		test(tape)
	}
	ft.end()
	return ft
}

func load(t *testing.T, dir string) *recordings.Cassette {
	t.Helper()
	c, err := recordings.Load(os.DirFS(dir), "c")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// doSigned sends a request that carries credentials wherever clients put them.
func doSigned(t *testing.T, tape *recordings.Tape, url, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type":         "application/json",
		"Authorization":        "AWS4-HMAC-SHA256 Credential=" + canaryKey + "/20260131/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0badcafe",
		"X-Amz-Security-Token": canarySession,
		"X-Unheard-Of":         canarySecret,
		"User-Agent":           "aws-sdk-go-v2/1.47.7 ua/2.1 os/linux#6.1 lang/go#1.26.8 api/bedrockruntime#1.63.11 m/E",
	} {
		req.Header.Set(name, value)
	}
	req.Header["x-raw-case"] = []string{canarySecret}
	resp, err := tape.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// allCanaries are values that must be in no file.
func allCanaries() []string {
	return []string{canaryKey, canarySecret, canarySession, canaryAccount, "0badcafe"}
}

func TestRecordHoldsNoSecret(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", canarySecret)
	stream := slices.Concat(
		testFrame("messageStart", `{"role":"assistant"}`),
		testFrame("contentBlockDelta", `{"text":"your secret is `+canarySecret+`"}`),
		testFrame("contentBlockDelta", `{"text":"in `+canaryARN+`, token `+strings.ReplaceAll(canarySession, "/", `\/`)+`"}`),
		testFrame("messageStop", `{}`))
	srv := newService(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		w.Header().Set("X-Amzn-Requestid", "f0000000-1111-2222-3333-444444444444")
		w.Header().Set("Set-Cookie", "session="+canarySecret)
		w.Header().Set("X-Amzn-Trace", canaryARN)
		w.Write(stream)
	})
	dir := t.TempDir()
	ft := record(dir, recordings.Options{Secrets: []string{"the secret project"}}, func(tape *recordings.Tape) {
		resp := doSigned(t, tape, srv.URL+"/model/"+strings.ReplaceAll(canaryARN, "/", "%2F")+"/converse-stream?X-Amz-Credential="+canaryKey+"&keep=1",
			`{"text":"`+canaryKey+` and `+canarySecret+` of the secret project"}`)
		got, err := io.ReadAll(resp.Body)
		if err != nil || !bytes.Equal(got, stream) || resp.Header.Get("X-Amzn-Requestid")[0] != 'f' {
			t.Errorf("while recording the client got %d bytes, %v, %v; want what the service sent", len(got), err, resp.Header)
		}
	})
	if len(ft.errors)+len(ft.fatals) > 0 {
		t.Fatalf("recording failed: %q %q", ft.errors, ft.fatals)
	}

	c := load(t, dir)
	want := []recordings.Exchange{{
		Method:         "POST",
		URL:            "http://localhost/model/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile%2Fx/converse-stream?keep=1",
		RequestHeader:  jsonHeader(),
		RequestBody:    []byte(`{"text":"scrubbed and scrubbed of scrubbed"}`),
		Status:         200,
		ResponseHeader: http.Header{"Content-Type": {"application/vnd.amazon.eventstream"}, "X-Amzn-Requestid": {"00000000-0000-4000-8000-000000000001"}},
		ResponseBody: slices.Concat(
			testFrame("messageStart", `{"role":"assistant"}`),
			testFrame("contentBlockDelta", `{"text":"your secret is scrubbed"}`),
			testFrame("contentBlockDelta", `{"text":"in `+strings.Replace(canaryARN, canaryAccount, "123456789012", 1)+`, token scrubbed"}`),
			testFrame("messageStop", `{}`)),
	}}
	if diff := cmp.Diff(want, c.Exchanges); diff != "" {
		t.Errorf("cassette (-want +got):\n%s", diff)
	}
	for _, file := range []string{"c.yaml", "c.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range append(allCanaries(), "secret project", "f0000000") {
			if bytes.Contains(data, []byte(canary)) {
				t.Errorf("%s holds %q", file, canary)
			}
		}
	}
	if err := recordings.Check(os.DirFS(dir), "c"); err != nil {
		t.Errorf("Check() = %v", err)
	}
	if err := recordings.Scan(os.DirFS(dir), allCanaries()...); err != nil {
		t.Errorf("Scan() = %v", err)
	}
	if c.Origin.Kind != recordings.Local || !strings.HasPrefix(c.Origin.Model, "arn:aws:bedrock:us-east-1:123456789012:") ||
		!slices.Equal(c.Origin.SDK, []string{"aws-sdk-go-v2/1.47.7", "lang/go#1.26.8", "api/bedrockruntime#1.63.11"}) {
		t.Errorf("Origin = %+v", c.Origin)
	}
	if srv.auth[0] == "" {
		t.Error("the request went out without its credentials")
	}
}

func TestRecordThenReplay(t *testing.T) {
	n := 0
	srv := newService(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		if n == 1 { // the client tries again, with the same request
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.Write(append([]byte("\n  "), body...))
	})
	dir := t.TempDir()
	run := func(tape *recordings.Tape) {
		req, _ := http.NewRequest("POST", srv.URL+"/x?a;b", strings.NewReader(`{"a": 1}`))
		req.Header.Set("Authorization", "Bearer "+canarySession)
		req.Header.Set("Content-Type", "a; bad; media; type")
		for i, want := range []int{503, 200} {
			req.Body, _ = req.GetBody()
			resp, err := tape.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if resp.StatusCode != want || err != nil {
				t.Errorf("response %d = %d, %v, want %d", i, resp.StatusCode, err, want)
			}
			if want == 200 && string(body) != "\n  {\"a\": 1}" {
				t.Errorf("body = %q", body)
			}
			if want == 503 && resp.Header.Get("Retry-After") != "1" {
				t.Errorf("header = %v", resp.Header)
			}
		}
	}
	if ft := record(dir, recordings.Options{Origin: recordings.Origin{Model: "echo"}}, run); ft.failed {
		t.Fatalf("recording failed: %q", ft.errors)
	}
	if srv.auth[0] == "" || srv.auth[1] != srv.auth[0] {
		t.Errorf("credentials that went out = %q, want the same twice", srv.auth)
	}
	srv.Close() // nothing may go out now
	run(recordings.Open(t, "c", &recordings.Options{Dir: dir}))
}

func TestRecordKeepsOldCassetteUnlessAllIsWell(t *testing.T) {
	reply := `{"ok":1}`
	srv := newService(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/dies" {
			panic(http.ErrAbortHandler)
		}
		if r.URL.Path == "/cut" {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("less"))
			return
		}
		if r.URL.Path == "/encoded" {
			w.Header().Set("Content-Encoding", "br")
		}
		io.WriteString(w, reply)
	})
	sent := func(path string) func(*recordings.Tape, *fakeT) {
		return func(tape *recordings.Tape, _ *fakeT) {
			if resp, err := tape.Client().Post(srv.URL+path, "", strings.NewReader("{}")); err == nil {
				resp.Body.Close()
			}
		}
	}
	secretReply := func(text string) func(*recordings.Tape, *fakeT) {
		return func(tape *recordings.Tape, ft *fakeT) {
			old := reply
			reply = text
			sent("/")(tape, ft)
			reply = old
		}
	}
	tests := []struct {
		name string
		opts recordings.Options
		run  func(*recordings.Tape, *fakeT)
		want string // in the error or, for a test that failed anyway, the log
	}{
		{name: "test failed", run: func(tape *recordings.Tape, ft *fakeT) { sent("/")(tape, ft); ft.failed = true }, want: "the test failed"},
		{name: "test skipped", run: func(tape *recordings.Tape, ft *fakeT) { sent("/")(tape, ft); ft.skipped = true }, want: "the test was skipped"},
		{name: "no request", run: func(*recordings.Tape, *fakeT) {}, want: "no request was sent"},
		{name: "connection died", run: sent("/dies"), want: "a call was not answered"},
		{name: "response cut", run: sent("/cut"), want: "reading the response"},
		{name: "unknown encoding", run: sent("/encoded"), want: "content encoding"},
		{name: "claims to be captured", run: sent("/"), opts: recordings.Options{Origin: recordings.Origin{Kind: recordings.Captured}}, want: "kind is captured, but the responses are local"},
		{name: "no model", run: sent("/"), opts: recordings.Options{Origin: recordings.Origin{Source: "none"}}, want: "model is missing"},
		{name: "key in response", run: secretReply(`{"k":"` + canaryOpenAI + `"}`), want: "exchange 0 response body.k: sk- key"},
		{name: "key in base64", run: secretReply(`{"k":"` + base64.StdEncoding.EncodeToString([]byte("key="+canaryGoogle)) + `"}`), want: "google api key"},
		{name: "known value in base64", run: secretReply(`{"k":"` + base64.RawURLEncoding.EncodeToString([]byte("so the secret project it is")) + `"}`), want: "a value known to be secret"},
		{name: "known value with escapes", run: secretReply(`{"k":"the s\u0065cret project"}`), want: "a value known to be secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := transcribe(t, exchange("old", "old"))
			if tt.opts.Origin.Source == "" {
				tt.opts.Origin.Model = "m"
			}
			tt.opts.Secrets = []string{"the secret project"}
			ft := &fakeT{name: "c"}
			tt.opts.Dir, tt.opts.Record = dir, true
			tape := recordings.Open(ft, "", &tt.opts)
			tt.run(tape, ft)
			ft.end()
			said := strings.Join(slices.Concat(ft.errors, ft.logs), "\n")
			if !strings.Contains(said, tt.want) {
				t.Errorf("reported %q, want %q in it", said, tt.want)
			}
			for _, secret := range []string{canaryOpenAI, canaryGoogle, "secret project"} {
				if strings.Contains(said, secret) {
					t.Errorf("the report holds a secret: %s", said)
				}
			}
			if ft.skipped && len(ft.errors) > 0 {
				t.Errorf("a skipped test was failed: %q", ft.errors)
			}
			if !errors.Is(tape.Close(), recordings.ErrNotRecorded) {
				t.Errorf("Close() = %v, want ErrNotRecorded", tape.Close())
			}
			if got := load(t, dir); string(got.Exchanges[0].ResponseBody) != "old" {
				t.Error("the old cassette was overwritten")
			}
			if entries, _ := os.ReadDir(dir); len(entries) != 1 {
				t.Errorf("folder holds %v, want the old cassette alone", entries)
			}
		})
	}
}

func TestRecordUnpacksGzip(t *testing.T) {
	srv := newService(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zw := gzip.NewWriter(w)
		io.WriteString(zw, `{"a":1}`)
		zw.Close()
	})
	dir := t.TempDir()
	ft := record(dir, recordings.Options{Origin: recordings.Origin{Model: "m"}}, func(tape *recordings.Tape) {
		req, _ := http.NewRequest("GET", srv.URL, nil)
		req.Header.Set("Accept-Encoding", "gzip") // so that net/http leaves it to us
		req.URL.User = url.UserPassword("me", "pw")
		resp, err := tape.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gzip.NewReader(resp.Body); err != nil || resp.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("while recording the client got %v, %v; want what the service sent", resp.Header, err)
		}
	})
	if ft.failed {
		t.Fatalf("recording failed: %q", ft.errors)
	}
	if got := load(t, dir).Exchanges[0].URL; got != "http://localhost" {
		t.Errorf("recorded URL = %q, want no user and no port", got)
	}
	if got := string(load(t, dir).Exchanges[0].ResponseBody); got != `{"a":1}` {
		t.Errorf("recorded body = %q, want it unpacked", got)
	}
}

func TestRecordConcurrently(t *testing.T) {
	srv := newService(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	dir := t.TempDir()
	const n = 32
	ft := record(dir, recordings.Options{Origin: recordings.Origin{Model: "m"}}, func(tape *recordings.Tape) {
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				resp := doSigned(t, tape, srv.URL, `{"n":`+itoa(i)+`}`)
				resp.Header.Set("X", "mine")
				tape.Origin()
			})
		}
		wg.Wait()
	})
	if ft.failed {
		t.Fatalf("recording failed: %q", ft.errors)
	}
	if got := len(load(t, dir).Exchanges); got != n {
		t.Errorf("%d exchanges, want %d", got, n)
	}
}

// Close ends a call that hangs; it does not wait for the service.
func TestCloseInterruptsRecording(t *testing.T) {
	arrived := make(chan struct{})
	transport := roundTripFunc(func(req *http.Request) (*http.Response, error) {
		close(arrived)
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	ft := &fakeT{name: "c"}
	tape := recordings.Open(ft, "", &recordings.Options{Dir: t.TempDir(), Record: true, Transport: transport})
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := tape.Client().Post("http://x.test/", "", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("Post error = %v, want context canceled", err)
		}
	})
	<-arrived
	if err := tape.Close(); !errors.Is(err, recordings.ErrNotRecorded) {
		t.Errorf("Close() = %v, want ErrNotRecorded", err)
	}
	wg.Wait()
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRecordVariable(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(recordings.RecordVariable, "1")
	tape := recordings.Open(&fakeT{name: "c"}, "", &recordings.Options{Dir: dir})
	if !tape.Recording() {
		t.Error("Recording() = false although the variable is set")
	}
	ft := &fakeT{name: "c"}
	recordings.Open(ft, "", &recordings.Options{FS: os.DirFS(dir)})
	if len(ft.fatals) != 1 || !strings.Contains(ft.fatals[0], "Options.Dir") {
		t.Errorf("Fatalf calls = %q, want one about Options.Dir", ft.fatals)
	}
	t.Setenv(recordings.RecordVariable, "perhaps")
	ft = &fakeT{name: "c"}
	recordings.Open(ft, "", nil)
	if len(ft.fatals) != 1 || !strings.Contains(ft.fatals[0], "is not a bool") {
		t.Errorf("Fatalf calls = %q, want one about the value", ft.fatals)
	}
	ft = &fakeT{name: "c"}
	recordings.Open(ft, "", &recordings.Options{Record: true, Secrets: []string{"abc"}})
	if len(ft.fatals) != 1 || strings.Contains(ft.fatals[0], "abc") {
		t.Errorf("Fatalf calls = %q, want one about a short secret, without it", ft.fatals)
	}
}
