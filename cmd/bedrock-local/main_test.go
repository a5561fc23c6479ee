//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A lockedBuffer collects what is printed, and hands on the first line.
type lockedBuffer struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	once sync.Once
	line chan string
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.once.Do(func() { b.line <- string(p) })
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// say sends a user's text without credentials of any worth, and returns the
// answer's status, and its text or message.
func say(t *testing.T, url, text string) (int, string) {
	t.Helper()
	return sayWith(t, url, text, "anything")
}

func sayAs(t *testing.T, url, text, key string, status int, want string) {
	t.Helper()
	if got, said := sayWith(t, url, text, key); got != status || said != want {
		t.Errorf("%d %q, want %d %q", got, said, status, want)
	}
}

func sayWith(t *testing.T, url, text, key string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"messages": []any{map[string]any{"role": "user", "content": []any{map[string]any{"text": text}}}}})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", url+"/model/amazon.nova-micro-v1:0/converse", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Message string
		Output  struct {
			Message struct{ Content []struct{ Text string } }
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if c := v.Output.Message.Content; len(c) > 0 {
		return resp.StatusCode, c[0].Text
	}
	return resp.StatusCode, v.Message
}

func TestEcho(t *testing.T) {
	url, log := startServe(t)
	if status, text := say(t, url, "hello <there>"); status != 200 || text != "hello <there>" {
		t.Errorf("%d %q", status, text)
	}
	if status, text := say(t, url, ""); status != 400 || !strings.Contains(text, "is blank") {
		t.Errorf("%d %q", status, text)
	}
	want := regexp.MustCompile(`^time=\S+ level=INFO msg=call world=default call=1 operation=Converse model=amazon\.nova-micro-v1:0 proto=HTTP/1\.1 status=200 duration=\S+ request_id=[0-9a-f-]{36}
time=\S+ level=WARN msg=call world=default call=2 operation=Converse model=amazon\.nova-micro-v1:0 proto=HTTP/1\.1 status=400 duration=\S+ request_id=\S+ exception=ValidationException message="The text field .*"
$`)
	for deadline := time.Now().Add(5 * time.Second); !want.MatchString(log.String()); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log is\n%s", log)
		}
	}
}

func TestLenient(t *testing.T) {
	url, _ := startServe(t, "-strict=false")
	resp, err := http.Post(url+"/model/anything/converse", "application/json", strings.NewReader(`{"messages":[{"role":"user","content":[{"text":"x"}]}],"more":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestScript(t *testing.T) {
	url, _ := startServe(t, "-answers", "testdata/turns.json")
	ends := func(round int) {
		for i, want := range []struct {
			status int
			text   string
		}{{200, ""}, {200, "Sunny, 20 °C."}, {429, "Too many requests, please wait before trying again."}, {200, "again"},
			{400, "The script testdata/turns.json is at its end: all of its 4 answers have been played."},
			{400, "The script testdata/turns.json is at its end: all of its 4 answers have been played."}} {
			if status, text := say(t, url, "x"); status != want.status || want.text != text {
				t.Errorf("round %d, call %d: %d %q, want %d %q", round, i, status, text, want.status, want.text)
			}
		}
	}
	ends(1)
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(syscall.SIGHUP)
	}
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		status, _ := say(t, url, "x") // the first answer, once the signal has come
		if status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a hangup does not restart the script")
		}
	}
	if _, text := say(t, url, "x"); text != "Sunny, 20 °C." {
		t.Errorf("the second answer is %q", text)
	}
}

func TestBadArguments(t *testing.T) {
	folder := t.TempDir()
	write := func(name, data string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no file", []string{"-answers", filepath.Join(folder, "none")}, "no such file"},
		{"no document", []string{"-answers", write("a", `5`)}, "a: line 1, column 1: it should be an object"},
		{"bad answer", []string{"-answers", write("b", "[\"x\",\n{}]")}, "b: line 2, column 1: [1]: an answer should have one of"},
		{"rule", []string{"-off", "blank-text,blank-txet"}, `-off: there is no rule "blank-txet"`},
		{"date", []string{"-date", "tomorrow"}, `-date: "tomorrow" is not a day`},
		{"log", []string{"-log", "loud"}, `-log: "loud" is not text, json or off`},
		{"keep", []string{"-keep", "0"}, "-keep is 0"},
		{"record alone", []string{"-record", folder}, "-record and -upstream must both be set"},
		{"record for others", []string{"-record", folder, "-upstream", "us-west-2", "-addr", "0.0.0.0:0"}, "Options.Loopback must be set"},
		{"no region", []string{"-record", folder, "-upstream", "us west"}, `"us west" is not a region`},
		{"no recording", []string{"-replay", t.TempDir()}, "there is no recording"},
		{"back end", []string{"-backend", "localhost"}, "the URL should have the form"},
		{"back end's model", []string{"-backend-model", "x"}, "-backend-model needs -backend"},
		{"no quotas", []string{"-load", write("l", `{"default":{"speed":"x"}}`)}, "l: line 1, column 21: default.speed"},
		{"address", []string{"-addr", "nowhere:x"}, "listen"},
		{"argument", []string{"more"}, `unexpected argument "more"`},
		{"flag", []string{"-more"}, "not defined"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := run(context.Background(), row.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("run gives %v, want %q", err, row.want)
			}
		})
	}
}

// TestHelp checks that asking for help is no failure.
func TestHelp(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-h"}, io.Discard, &out); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "-answers file") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestLogIsSilent searches a log for what must not be in it: keys, tokens and
// the text of conversations.
func TestLogIsSilent(t *testing.T) {
	url, log := startServe(t, "-log", "json", "-explain")
	say(t, url, "the password is hunter2")
	say(t, url, "")
	post := func(path string) {
		t.Helper()
		req, err := http.NewRequest("POST", url+path, strings.NewReader(`{"hunter2":"hunter2"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer hunter2")
		req.Header.Set("X-Amz-Security-Token", "hunter2")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	post("/_local/v1/reset")
	post("/model/amazon.nova-micro-v1:0/converse-stream?x=hunter2")
	post("/nowhere?token=hunter2")
	for deadline := time.Now().Add(5 * time.Second); strings.Count(log.String(), `"msg":"call"`) < 4; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log is\n%s", log)
		}
	}
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if strings.Contains(line, "hunter2") && !strings.Contains(line, "Extra inputs are not permitted") { // which names a member of the body
			t.Errorf("the log says %s", line)
		}
	}
	if !strings.Contains(log.String(), `"msg":"violation"`) || !strings.Contains(log.String(), `"rule":"blank-text"`) {
		t.Errorf("nothing is explained:\n%s", log)
	}
}

// TestBackend checks the model for which a server of chat completions is asked:
// the one that was called, or the one that -backend-model names.
func TestBackend(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var v struct{ Model string }
		if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%q},"finish_reason":"stop"}]}`, "I am "+v.Model)
	}))
	defer behind.Close()
	url, _ := startServe(t, "-backend", behind.URL)
	if status, text := say(t, url, "x"); status != 200 || text != "I am amazon.nova-micro-v1:0" {
		t.Errorf("%d %q", status, text)
	}
	url, _ = startServe(t, "-backend", behind.URL, "-backend-model", "llama3.2")
	if status, text := say(t, url, "x"); status != 200 || text != "I am llama3.2" {
		t.Errorf("%d %q", status, text)
	}
	if status, text := say(t, url, ""); status != 400 || !strings.Contains(text, "is blank") {
		t.Errorf("the rules stand before it: %d %q", status, text)
	}
}

// TestRecord records one of these servers with another, using the credentials
// of the environment, and plays the recording.
func TestRecord(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("AWS_ACCESS_KEY_ID", "bedrocktest-access-key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "bedrocktest-secret-key")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(folder, "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(folder, "none"))
	t.Setenv("BEDROCK_LOCAL_API_KEY", "anything, but long enough")
	upstream, _ := startServe(t)
	t.Run("record", func(t *testing.T) {
		url, _ := startServe(t, "-record", filepath.Join(folder, "tapes"), "-upstream", upstream)
		if status, _ := say(t, url, "x"); status != 403 {
			t.Errorf("another key: %d", status)
		}
		sayAs(t, url, "hello", "anything, but long enough", 200, "hello")
	})
	url, _ := startServe(t, "-replay", filepath.Join(folder, "tapes"))
	if status, text := say(t, url, "hello"); status != 200 || text != "hello" {
		t.Errorf("%d %q", status, text)
	}
}
