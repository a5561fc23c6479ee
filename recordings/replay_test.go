package recordings_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/recordings"
)

func TestReplayEqualRequestsInOrderOnceEach(t *testing.T) {
	dir := transcribe(t, exchange(`{"q":1}`, `"first"`), exchange(`{"q":2}`, `"other"`), exchange(`{"q":1}`, `"second"`))
	ft := &fakeT{name: "c"}
	tape := recordings.Open(ft, "", &recordings.Options{Dir: dir})
	for i, want := range []string{`"first"`, `"second"`} {
		if _, got := post(t, tape.Client(), converseURL, `{"q":1}`); got != want {
			t.Errorf("response %d = %s, want %s", i, got, want)
		}
	}
	status, got := post(t, tape.Client(), converseURL, `{"q":1}`)
	if status != 400 || !strings.Contains(got, "recorded 2 times and has been played as often") {
		t.Errorf("third response = %d %s, want 400 and the reason", status, got)
	}
}

func TestReplayMatching(t *testing.T) {
	const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
	tests := []struct {
		name              string
		recordedURL, url  string
		recorded, sent    string
		recordedM, method string
		want              bool
	}{
		{name: "same", recorded: `{"a":1}`, sent: `{"a":1}`, want: true},
		{name: "key order and space", recorded: `{"a":1,"b":[1,2]}`, sent: "{ \"b\": [1,\t2],\r\n\"a\": 1 }", want: true},
		{name: "number spelling", recorded: `{"a":2.50,"b":100}`, sent: `{"a":25e-1,"b":1e2}`, want: true},
		{name: "integer and float", recorded: `{"a":1}`, sent: `{"a":1.0}`, want: true},
		{name: "negative zero", recorded: `{"a":-0.0}`, sent: `{"a":0}`, want: true},
		{name: "beyond float64", recorded: `{"a":9007199254740992}`, sent: `{"a":9007199254740993}`, want: false},
		{name: "sign", recorded: `{"a":-1}`, sent: `{"a":1}`, want: false},
		{name: "power of ten", recorded: `{"a":10}`, sent: `{"a":1}`, want: false},
		{name: "number and string", recorded: `{"a":1}`, sent: `{"a":"1"}`, want: false},
		{name: "null and absent", recorded: `{"a":null}`, sent: `{}`, want: false},
		{name: "empty object and null", recorded: `{"a":{}}`, sent: `{"a":null}`, want: false},
		{name: "array order", recorded: `[1,2]`, sent: `[2,1]`, want: false},
		{name: "escapes", recorded: `{"a":"\u00e9<"}`, sent: `{"a":"é\u003c"}`, want: true},
		{name: "line ends in strings", recorded: `{"a":"x\r\ny"}`, sent: `{"a":"x\ny"}`, want: false},
		{name: "two values", recorded: `{}`, sent: `{}{}`, want: false},
		{name: "not json", recorded: "plain", sent: "plain", want: true},
		{name: "not json and other", recorded: "plain", sent: "plain ", want: false},
		{name: "invalid utf-8", recorded: "{\"a\":\"\xff\"}", sent: "{\"a\":\"\xfe\"}", want: false},
		{name: "empty", recorded: "", sent: "", want: true},
		{name: "empty and object", recorded: "", sent: "{}", want: false},
		{name: "account in body", recorded: `{"m":"` + arn + `"}`, sent: `{"m":"` + strings.Replace(arn, "123456789012", "999988887777", 1) + `"}`, want: true},
		{name: "other arn in body", recorded: `{"m":"` + arn + `"}`, sent: `{"m":"` + arn + `x"}`, want: false},
		{name: "host", url: "http://127.0.0.1:1/model/m-1/converse", want: true},
		{name: "other path", url: "https://h/model/m-2/converse", want: false},
		{name: "escaping of path", recordedURL: "https://h/model/a%3A0/converse", url: "https://h/model/a:0/converse", want: true},
		{name: "escaped slash", recordedURL: "https://h/model/a%2Fb/converse", url: "https://h/model/a/b/converse", want: false},
		{name: "account in path", recordedURL: "https://h/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aprompt%2FX/converse",
			url: "https://h/model/arn:aws:bedrock:us-east-1:999988887777:prompt%2FX/converse", want: true},
		{name: "query order", recordedURL: "https://h/x?a=1&b=2", url: "https://h/x?b=2&a=1", want: true},
		{name: "query value", recordedURL: "https://h/x?a=1", url: "https://h/x?a=2", want: false},
		{name: "presigned query", recordedURL: "https://h/x?a=1", url: "https://h/x?a=1&X-Amz-Signature=0f&X-Amz-Date=d", want: true},
		{name: "query that is no form", recordedURL: "https://h/x?a;b", url: "https://h/x?a;b", want: true},
		{name: "owner of a bucket", recorded: `{"bucketOwner":"123456789012"}`, sent: `{"bucketOwner":"999988887777"}`, want: true},
		{name: "account of an arn by itself", recorded: `{"a":"` + arn + `","b":"123456789012"}`, sent: `{"a":"` + strings.Replace(arn, "123456789012", "999988887777", 1) + `","b":"999988887777"}`, want: true},
		{name: "twelve digits", recorded: `{"b":"123456789012"}`, sent: `{"b":"999988887777"}`, want: false},
		{name: "user of an arn", recorded: `{"a":"arn:aws:sts::123456789012:assumed-role/scrubbed/scrubbed"}`, sent: `{"a":"arn:aws:sts::999988887777:assumed-role/Admin/somebody@corp.test"}`, want: true},
		{name: "token in a query", recordedURL: "https://h/x?token=scrubbed&n=1", url: "https://h/x?token=0123456789abcdef&n=1", want: true},
		{name: "token in a query and another value", recordedURL: "https://h/x?token=scrubbed&n=1", url: "https://h/x?token=0123456789abcdef&n=2", want: false},
		{name: "method", recordedM: "PUT", method: "POST", want: false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := exchange(tt.recorded, `"ok"`)
			e.Method = tt.recordedM
			url := converseURL
			if tt.recordedURL != "" {
				e.URL = tt.recordedURL
			}
			if tt.url != "" {
				url = tt.url
			}
			method := tt.method
			if method == "" {
				method = "POST"
			}
			tape, err := recordings.Replay(os.DirFS(transcribe(t, e)), "c", nil)
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequest(method, url, strings.NewReader(tt.sent))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "not a; media; type") // no part of matching
			resp, err := tape.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if got := resp.StatusCode == 200; got != tt.want {
				t.Errorf("request matches = %t, want %t", got, tt.want)
			}
			if err := tape.Close(); errors.Is(err, recordings.ErrNoMatch) == tt.want {
				t.Errorf("Close() = %v", err)
			}
		})
	}
}

func TestMissIsReportedOnceWithDifference(t *testing.T) {
	dir := transcribe(t,
		exchange(`{"messages":[{"role":"user","content":[{"text":"Good morning"}]}],"inferenceConfig":{"maxTokens":5}}`, `1`),
		exchange(`{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}`, `2`))
	ft := &fakeT{name: "c"}
	tape := recordings.Open(ft, "", &recordings.Options{Dir: dir})
	for range 3 {
		post(t, tape.Client(), converseURL, `{"messages":[{"role":"user","content":[{"text":"Hullo"}]}],"system":[{"text":"short"}]}`)
	}
	ft.end()
	want := `recordings: no recorded request matches POST /model/m-1/converse
nearest is exchange 1 of 2, not played yet (-recorded +sent):
  - messages[0].content[0].text: "Hello"
  + messages[0].content[0].text: "Hullo"
  + system[0].text: "short"`
	if len(ft.errors) != 1 || !strings.HasPrefix(ft.errors[0], "the request at replay_test.go:") || ft.errors[0][strings.Index(ft.errors[0], ": ")+2:] != want {
		t.Errorf("reported %d errors:\n%s\nwant one:\n%s", len(ft.errors), strings.Join(ft.errors, "\n---\n"), want)
	}
	if len(tape.Requests()) != 3 {
		t.Errorf("len(Requests()) = %d, want 3", len(tape.Requests()))
	}
}

func TestMissShowsNoSecretAndCutsLongValues(t *testing.T) {
	long := strings.Repeat("x", 5000)
	dir := transcribe(t, exchange(`{"a":"`+long+`END","k":"none"}`, `1`))
	ft := &fakeT{name: "c"}
	tape := recordings.Open(ft, "", &recordings.Options{Dir: dir})
	post(t, tape.Client(), converseURL, `{"a":"`+long+`end","k":"key `+canaryKey+`"}`)
	if len(ft.errors) != 1 {
		t.Fatalf("errors = %q", ft.errors)
	}
	if got := ft.errors[0]; strings.Contains(got, canaryKey) || len(got) > 1000 || !strings.Contains(got, `END"`) || !strings.Contains(got, `end"`) {
		t.Errorf("error shows a secret, is long, or lacks the difference:\n%s", got)
	}
}

func TestUnusedExchangeFails(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `1`), exchange(`2`, `2`))
	tests := []struct {
		name      string
		opts      recordings.Options
		all       bool
		fail      bool
		wantError bool
	}{
		{name: "one left", wantError: true},
		{name: "none left", all: true},
		{name: "allowed", opts: recordings.Options{AllowUnused: true}},
		{name: "test failed anyway", fail: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ft := &fakeT{name: "x"}
			tt.opts.Dir = dir
			tape := recordings.Open(ft, "c", &tt.opts)
			post(t, tape.Client(), converseURL, `1`)
			if tt.all {
				post(t, tape.Client(), converseURL, `2`)
			}
			ft.failed = tt.fail
			ft.end()
			if got := len(ft.errors) > 0; got != tt.wantError {
				t.Errorf("errors = %q, want some: %t", ft.errors, tt.wantError)
			}
			if tt.wantError && !strings.Contains(ft.errors[0], "exchange 1, POST /model/m-1/converse") {
				t.Errorf("error does not name the exchange: %s", ft.errors[0])
			}
		})
	}
}

// Which exchange was played goes by content; equal ones count one by one.
func TestUnusedExchangeIsTheRightOne(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `1`), exchange(`2`, `2`), exchange(`2`, `2`))
	tape, err := recordings.Replay(os.DirFS(dir), "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	post(t, tape.Client(), converseURL, `2`)
	post(t, tape.Client(), converseURL, `2`)
	err = tape.Close()
	if !errors.Is(err, recordings.ErrUnused) || !strings.Contains(err.Error(), "exchange 0,") || strings.Contains(err.Error(), "exchange 1,") || strings.Contains(err.Error(), "exchange 2,") {
		t.Errorf("Close() = %v, want ErrUnused for exchange 0 alone", err)
	}
}

func TestReplayMissingCassette(t *testing.T) {
	_, err := recordings.Replay(fstest.MapFS{}, "none", nil)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Replay error = %v, want fs.ErrNotExist", err)
	}
	ft := &fakeT{name: "none"}
	recordings.Open(ft, "", &recordings.Options{Dir: t.TempDir()})
	if len(ft.fatals) != 1 || !strings.Contains(ft.fatals[0], "RECORDINGS_RECORD=1") {
		t.Errorf("Fatalf calls = %q, want one that says how to record", ft.fatals)
	}
}

func TestReplayNeedsOrigin(t *testing.T) {
	fsys := fstest.MapFS{"c.yaml": {Data: []byte(`---
version: 2
interactions:
- id: 7
  request: {proto: HTTP/1.1, host: h, url: "https://h/x", method: POST, body: "1"}
  response: {status: 200 OK, code: 200, body: ok, duration: 700ms}
`)}}
	if _, err := recordings.Replay(fsys, "c", nil); err == nil || !strings.Contains(err.Error(), "origin: missing") {
		t.Errorf("Replay error = %v, want origin: missing", err)
	}
	origin := recordings.Origin{Kind: recordings.Local, Model: "m", Date: "2026-01-31"}
	tape, err := recordings.Replay(fsys, "c", &recordings.Options{Origin: origin})
	if err != nil {
		t.Fatal(err)
	}
	if _, got := post(t, tape.Client(), "https://h/x", "1"); got != "ok" {
		t.Errorf("response = %q, want ok", got)
	}
	if err := tape.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if tape.Origin().Kind != recordings.Local {
		t.Errorf("Origin() = %+v", tape.Origin())
	}
}

func TestReplayedResponseIsTheCallersOwn(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `1`))
	tape, err := recordings.Replay(os.DirFS(dir), "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest("POST", converseURL, strings.NewReader("1"))
	resp, err := tape.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Request != req {
		t.Error("Response.Request is not the request that was sent")
	}
	if resp.ContentLength != 1 || resp.Close {
		t.Errorf("ContentLength, Close = %d, %t, want 1, false", resp.ContentLength, resp.Close)
	}
}

// closing is a body that remembers being closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestRequestIsLeftAlone(t *testing.T) {
	tape, err := recordings.Replay(os.DirFS(transcribe(t, exchange(`1`, `1`))), "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	body := &closing{Reader: strings.NewReader("1")}
	req, _ := http.NewRequest("POST", converseURL, body)
	req.Header.Set("Authorization", "Bearer x")
	if _, err := tape.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if !body.closed {
		t.Error("request body was not closed")
	}
	if req.Body != io.ReadCloser(body) || req.Header.Get("Authorization") != "Bearer x" || len(req.Header) != 1 {
		t.Error("request was modified")
	}
}

func TestReplayContext(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `"long response"`))
	tape, err := recordings.Replay(os.DirFS(dir), "c", &recordings.Options{PieceSize: 3})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, "POST", converseURL, strings.NewReader("1"))
	resp, err := tape.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	if n, err := resp.Body.Read(buf); n != 3 || err != nil {
		t.Errorf("Read() = %d, %v, want 3, nil", n, err)
	}
	cancel()
	if n, err := resp.Body.Read(buf); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("Read() after cancel = %d, %v, want 0, context canceled", n, err)
	}

	// A call whose context is done is not a call.
	req, _ = http.NewRequestWithContext(ctx, "POST", converseURL, strings.NewReader("1"))
	if _, err := tape.Client().Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("Do(canceled) error = %v, want context canceled", err)
	}
	if got := len(tape.Requests()); got != 1 {
		t.Errorf("len(Requests()) = %d, want 1", got)
	}
}

func TestReplayDeadline(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `"x"`))
	synctest.Test(t, func(t *testing.T) {
		tape, err := recordings.Replay(os.DirFS(dir), "c", nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, "POST", converseURL, strings.NewReader("1"))
		resp, err := tape.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		if _, err := resp.Body.Read(make([]byte, 9)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Read() error = %v, want deadline exceeded", err)
		}
	})
}

func TestClosedBodyAndTape(t *testing.T) {
	dir := transcribe(t, exchange(`1`, `"x"`), exchange(`2`, `"y"`))
	tape, err := recordings.Replay(os.DirFS(dir), "c", &recordings.Options{AllowUnused: true})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tape.Client().Post(converseURL, "", strings.NewReader("1"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	resp.Body.Close()
	if n, err := resp.Body.Read(make([]byte, 9)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("Read() after Close = %d, %v, want 0, http.ErrBodyReadAfterClose", n, err)
	}
	for range 2 {
		if err := tape.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	}
	if _, err := tape.Client().Post(converseURL, "", strings.NewReader("2")); !errors.Is(err, recordings.ErrClosed) {
		t.Errorf("Post after Close error = %v, want ErrClosed", err)
	}
}

func TestPieces(t *testing.T) {
	a, b := testFrame("messageStart", `{"role":"assistant"}`), testFrame("messageStop", `{"stopReason":"end_turn"}`)
	whole := string(a) + string(b)
	e := recordings.Exchange{URL: streamURL, ResponseHeader: streamHeader(), ResponseBody: []byte(whole)}
	cut := e
	cut.ResponseBody = []byte(whole[:len(whole)-5])
	tests := []struct {
		name string
		e    recordings.Exchange
		opts recordings.Options
		want []int
	}{
		{"whole", e, recordings.Options{}, []int{len(whole)}},
		{"by frame", e, recordings.Options{FrameByFrame: true}, []int{len(a), len(b)}},
		{"by frame, cut stream", cut, recordings.Options{FrameByFrame: true}, []int{len(a), len(b) - 5}},
		{"by size", e, recordings.Options{PieceSize: len(whole) - 1}, []int{len(whole) - 1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tape, err := recordings.Replay(os.DirFS(transcribe(t, tt.e)), "c", &tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := tape.Client().Post(streamURL, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp.ContentLength != -1 {
				t.Errorf("ContentLength = %d, want -1 for a stream", resp.ContentLength)
			}
			var got []int
			var all []byte
			buf := make([]byte, 4096)
			for {
				n, err := resp.Body.Read(buf)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got, all = append(got, n), append(all, buf[:n]...)
			}
			if string(all) != string(tt.e.ResponseBody) {
				t.Error("the pieces do not make up the body")
			}
			if len(got) != len(tt.want) || got[0] != tt.want[0] || got[len(got)-1] != tt.want[len(tt.want)-1] {
				t.Errorf("reads = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestReplayConcurrently(t *testing.T) {
	const n = 64
	var exchanges []recordings.Exchange
	for i := range n {
		exchanges = append(exchanges, exchange(`{"n":`+itoa(i)+`}`, `"r`+itoa(i)+`"`))
	}
	ft := &fakeT{name: "c"}
	tape := recordings.Open(ft, "", &recordings.Options{Dir: transcribe(t, exchanges...)})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			resp, err := tape.Client().Post(converseURL, "", strings.NewReader(`{"n":`+itoa(i)+`}`))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Header.Set("X", "mine") // a shared map would race
			body, _ := io.ReadAll(resp.Body)
			if want := `"r` + itoa(i) + `"`; string(body) != want {
				t.Errorf("response %d = %s, want %s", i, body, want)
			}
			tape.Requests()
		})
	}
	wg.Go(func() { post(t, tape.Client(), converseURL, `{"n":-1}`) })
	wg.Wait()
	ft.end()
	if len(ft.errors) != 1 {
		t.Errorf("errors = %q, want one miss", ft.errors)
	}
}

func TestCloseWhileReplaying(t *testing.T) {
	tape, err := recordings.Replay(os.DirFS(transcribe(t, exchange(`1`, `1`))), "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if resp, err := tape.Client().Post(converseURL, "", strings.NewReader("1")); err == nil {
				resp.Body.Close()
			}
		})
		wg.Go(func() { tape.Close() })
	}
	wg.Wait()
}

func TestRequestsAreWhatWasSent(t *testing.T) {
	tape, err := recordings.Replay(os.DirFS(transcribe(t, exchange(`{"a":1,"b":2}`, `1`))), "c", nil)
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest("POST", converseURL, strings.NewReader(`{"b": 2.0, "a": 1}`))
	req.Header.Set("Authorization", "Bearer hidden")
	if _, err := tape.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	got := tape.Requests()[0]
	if got.Method != "POST" || got.Path != "/model/m-1/converse" || string(got.Body) != `{"b": 2.0, "a": 1}` ||
		got.Canonical() != `{"a":1,"b":2}` || len(got.HeaderNames) != 1 || got.HeaderNames[0] != "Authorization" {
		t.Errorf("Requests()[0] = %+v", got)
	}
	got.Body[0], got.HeaderNames[0] = 'x', "x"
	if again := tape.Requests()[0]; again.Body[0] == 'x' || again.HeaderNames[0] == "x" {
		t.Error("Requests() shares memory with the tape")
	}
}

func TestOptionsErrors(t *testing.T) {
	fsys := os.DirFS(transcribe(t, exchange(`1`, `1`)))
	for _, name := range []string{"", ".", "/c", "../c", "a//b", "c.yaml", "a:b", "a\nb", `a\b`} {
		if _, err := recordings.Replay(fsys, name, nil); err == nil {
			t.Errorf("Replay(%q) error = nil", name)
		}
	}
	for _, o := range []recordings.Options{{PieceSize: -1}, {PieceSize: 1, FrameByFrame: true}} {
		if _, err := recordings.Replay(fsys, "c", &o); err == nil {
			t.Errorf("Replay(%+v) error = nil", o)
		}
	}
}

// TestFailuresNameTheLine: what is wrong with a request, and what is left over
// at the end, is told with the line of the test and not that of a helper.
func TestFailuresNameTheLine(t *testing.T) {
	opts := &recordings.Options{Dir: transcribe(t, exchange(`1`, `1`))}
	ft, unused := &fakeT{name: "c"}, &fakeT{name: "c"}
	_, _, here, _ := runtime.Caller(0)
	recordings.Open(unused, "", opts)
	post(t, recordings.Open(ft, "", opts).Client(), converseURL, `2`)
	ft.end()
	unused.end()
	for _, tt := range []struct {
		got  []string
		want string
	}{
		{ft.errors, fmt.Sprintf("the request at replay_test.go:%d: recordings: no recorded request matches", here+2)},
		{unused.errors, fmt.Sprintf("the cassette opened at replay_test.go:%d: recordings: c: ", here+1)},
	} {
		if len(tt.got) != 1 || !strings.HasPrefix(tt.got[0], tt.want) {
			t.Errorf("errors = %q, want one that begins with %q", tt.got, tt.want)
		}
	}
}
