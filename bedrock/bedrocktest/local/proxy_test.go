package local_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/recordings"
)

const apiKey = "a-key-of-more-than-16-bytes"

var withKey = []string{"Authorization", "Bearer " + apiKey}

// upstream is a second Bedrock, which verifies signatures.
func upstream(t *testing.T, turns ...fake.Turn) (*bedrocktest.Server, *local.Upstream) {
	t.Helper()
	up := bedrocktest.Start(t, fake.New(turns...), nil)
	return up, &local.Upstream{Endpoint: up.URL, Region: "eu-west-1", APIKey: apiKey,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: bedrocktest.AccessKeyID, SecretAccessKey: bedrocktest.SecretAccessKey}, nil
		})}
}

// TestRecord records a conversation with another server through the proxy. It
// is then replayed by a server, by package recordings, and as a script.
func TestRecord(t *testing.T) {
	folder := t.TempDir()
	up, to := upstream(t, fake.Text("first").Usage(nil), fake.Text("second").Usage(nil), fake.Fail(&bedrocktest.Exception{Code: "ThrottlingException"}), fake.Text("later").Usage(nil))
	var log bytes.Buffer
	s, err := local.New(&local.Options{Record: folder, Upstream: to, Loopback: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if got := say(t, s, nova, "one", withKey...); got != "first" {
		t.Errorf("%q", got)
	}
	stream := `{"messages":[{"role":"user","content":[{"text":"two"}]}]}`
	send(t, s, "POST", "/model/"+strings.ReplaceAll(nova, ":", "%3A")+"/converse-stream", stream, withKey...).want(200, "second")
	if got := say(t, s, nova, "three", withKey...); got != "Too many requests, please wait before trying again." {
		t.Errorf("%q", got)
	}
	control(t, s, "GET", "recording", "", withKey...).want(200, `"exchanges": 3`).want(200, `"kind": "local"`)
	control(t, s, "POST", "recording", "", withKey...).want(200, `"name": "default"`)
	if got := say(t, s, nova, "four", append([]string{"X-Bedrock-Local-Key", apiKey}, "Authorization", "AWS4-HMAC-SHA256 Credential=x/y")...); got != "later" {
		t.Errorf("%q", got)
	}
	for _, call := range up.Calls() {
		if !strings.Contains(call.Header.Get("Authorization"), "/eu-west-1/bedrock/aws4_request") || strings.Contains(call.Header.Get("Authorization"), apiKey) || call.Header.Get("X-Bedrock-Local-Key") != "" {
			t.Errorf("upstream was sent %v", call.Header)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"default", "default-2"} {
		data, err := os.ReadFile(filepath.Join(folder, name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if text := string(data) + log.String(); strings.Contains(text, apiKey) || strings.Contains(text, bedrocktest.SecretAccessKey) || !strings.Contains(string(data), "kind: local") {
			t.Errorf("%s holds a secret, or is not marked as local:\n%s", name, data)
		}
	}

	played := server(t, &local.Options{Replay: folder})
	for range 2 {
		if got := say(t, played, nova, "one"); got != "first" {
			t.Errorf("replayed: %q", got)
		}
		send(t, played, "POST", "/model/"+nova+"/converse-stream", stream).want(200, "second")
		if got := say(t, played, nova, "one"); !strings.Contains(got, "no recorded request matches") {
			t.Errorf("replayed once too often: %q", got)
		}
		send(t, played, "POST", "/model/"+nova+"/converse", `{"messages":[{"role":"user","content":[{"text":"three"}]}]}`).want(429, "Too many requests")
		if got := say(t, played, nova, "four"); got != "later" {
			t.Errorf("of the second recording: %q", got)
		}
		control(t, played, "POST", "reset", "").want(200, "")
	}
	if got := say(t, played, nova, "one", local.WorldHeader, "another"); got != "first" {
		t.Errorf("in another world: %q", got)
	}
	control(t, played, "GET", "counters", "").want(200, `"calls": 11`)
	control(t, played, "PUT", "script", "[]").refused(409, "path", "answer by themselves")

	scripted := server(t, &local.Options{Recordings: folder})
	control(t, scripted, "PUT", "script", `[{"recording":"default.yaml"}]`).want(200, `"answers": 3`)
	if got := say(t, scripted, nova, "whatever"); got != "first" {
		t.Errorf("as a script: %q", got)
	}
	tape, err := recordings.Replay(os.DirFS(folder), "default", nil)
	if err != nil || tape.Origin().Kind != recordings.Local || tape.Origin().Model != nova {
		t.Errorf("%v, %v", tape.Origin(), err)
	}
}

// TestRecordGuards checks that requests are refused if they are not allowed to
// spend the caller's money.
func TestRecordGuards(t *testing.T) {
	up, to := upstream(t, fake.Text("x").Always())
	s := server(t, &local.Options{Record: t.TempDir(), Upstream: to, Loopback: true})
	body := `{"messages":[{"role":"user","content":[{"text":"x"}]}]}`
	for _, header := range [][]string{nil, {"Authorization", "Bearer wrong"}, {"Authorization", "Bearer "}, {"X-Bedrock-Local-Key", apiKey + "x"},
		append([]string{"Origin", "https://evil.example"}, withKey...)} {
		send(t, s, "POST", "/model/"+nova+"/converse", body, header...).want(403, "message")
		control(t, s, "GET", "health", "", header...).want(403, "message")
	}
	r := httptest.NewRequest("POST", "/model/"+nova+"/converse", strings.NewReader(body))
	r.Host = "rebound.example"
	r.Header.Set(withKey[0], withKey[1])
	w := newRecorder()
	if s.ServeHTTP(w, r); w.Code != 403 {
		t.Errorf("another host: %d", w.Code)
	}
	for _, path := range []string{"/foundation-models", "/model/x", "/model/../../etc/passwd/converse", "/"} {
		send(t, s, "POST", path, body, withKey...).want(404, "Only calls of Bedrock Runtime are forwarded.")
	}
	if n := len(up.Calls()); n != 0 {
		t.Errorf("%d calls went on", n)
	}
	control(t, s, "GET", "recording", "", withKey...).want(200, `"name": ""`)

	for name, change := range map[string]func(*local.Options, *local.Upstream){
		"no loopback":  func(o *local.Options, _ *local.Upstream) { o.Loopback = false },
		"short key":    func(_ *local.Options, u *local.Upstream) { u.APIKey = "short" },
		"no region":    func(_ *local.Options, u *local.Upstream) { u.Region = "" },
		"plain text":   func(_ *local.Options, u *local.Upstream) { u.Endpoint = "http://bedrock.example" },
		"a path":       func(_ *local.Options, u *local.Upstream) { u.Endpoint = "https://bedrock.example/x" },
		"no upstream":  func(o *local.Options, _ *local.Upstream) { o.Upstream = nil },
		"a script too": func(o *local.Options, _ *local.Upstream) { o.Answers = "x" },
		"a replay too": func(o *local.Options, _ *local.Upstream) { o.Replay = "x" },
	} {
		u := *to
		o := local.Options{Record: t.TempDir(), Upstream: &u, Loopback: true}
		change(&o, &u)
		if _, err := local.New(&o); err == nil {
			t.Errorf("%s makes a server", name)
		}
	}
}

// TestDeadUpstream checks that an upstream which cannot be reached becomes one
// of the service's own errors, and that the recording fails loudly.
func TestDeadUpstream(t *testing.T) {
	folder := t.TempDir()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, to := upstream(t)
	to.Endpoint = gone.URL
	s, err := local.New(&local.Options{Record: folder, Upstream: to, Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := say(t, s, nova, "x", withKey...); got != "Bedrock is unable to process your request." {
		t.Errorf("%q", got)
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("closing gives %v", err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
}

// TestReplayFolder checks that folders with no recordings, or with broken ones,
// are refused.
func TestReplayFolder(t *testing.T) {
	folder := t.TempDir()
	if _, err := local.New(&local.Options{Replay: folder}); err == nil || !strings.Contains(err.Error(), "there is no recording") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "x.yaml"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.New(&local.Options{Replay: folder}); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("a broken one: %v", err)
	}
	if _, err := local.New(&local.Options{Replay: filepath.Join(folder, "none")}); err == nil {
		t.Error("no folder makes a server")
	}
}

// FuzzReplay sends arbitrary paths and bodies. Each must be answered from the
// recording or with an error in the service's form.
func FuzzReplay(f *testing.F) {
	folder := f.TempDir()
	if err := os.CopyFS(folder, recordings.Cassettes()); err != nil {
		f.Fatal(err)
	}
	s, err := local.New(&local.Options{Replay: filepath.Join(folder, "seed")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("/model/x/converse", "{}")
	f.Add("/model/arn:aws:bedrock:us-east-1:1:inference-profile%2Fx/converse-stream", `{"messages":[]}`)
	f.Add("/", "")
	f.Fuzz(func(t *testing.T, path, body string) {
		r, err := http.NewRequest("POST", "http://localhost/"+strings.TrimPrefix(path, "/"), strings.NewReader(body))
		if err != nil || strings.HasPrefix(r.URL.Path, "/_local/") {
			return
		}
		w := newRecorder()
		s.ServeHTTP(w, r)
		data, err := io.ReadAll(w.Result().Body)
		if err != nil || len(data) == 0 || w.Code >= 500 {
			t.Errorf("%d %s %v", w.Code, data, err)
		}
	})
}
