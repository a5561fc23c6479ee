package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

func TestMain(m *testing.M) {
	for _, kv := range os.Environ() { // tests depend on no machine's AWS
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "AWS_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

var prices = budget.Prices{Input: 3, Output: 15, CacheRead: 0.3, CacheWrite: 3.75}

// start serves a model, whose slow tool takes a few pauses.
func start(t *testing.T, llm model.ChatModel, file string, pause time.Duration) *httptest.Server {
	t.Helper()
	kept, err := openStore(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newService(llm, kept, prices, pause)
	if err != nil {
		t.Fatal(err)
	}
	return listen(t, s.handler(), kept)
}

func listen(t *testing.T, h http.Handler, kept *store) *httptest.Server {
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		kept.close()
	})
	return server
}

func post(t *testing.T, ctx context.Context, url, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func begin(t *testing.T, server *httptest.Server) (chat string) {
	t.Helper()
	resp := post(t, t.Context(), server.URL+"/chats", "{}")
	var made struct{ ID int64 }
	if err := json.NewDecoder(resp.Body).Decode(&made); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("begin: %v, %v", resp.Status, err)
	}
	return fmt.Sprintf("%s/chats/%d", server.URL, made.ID)
}

// heard reads a stream of events: what they tell, in short.
func heard(t *testing.T, body io.Reader) (all []string) {
	t.Helper()
	name, text := "", ""
	say := func(line string) {
		if text != "" {
			all = append(all, "text: "+text)
			text = ""
		}
		if line != "" {
			all = append(all, line)
		}
	}
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		line := lines.Text()
		if rest, ok := strings.CutPrefix(line, "event: "); ok {
			name = rest
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var ev struct {
			Kind, Text, Error, Cost string
			Bytes                   []byte
			Progress                string
			Part                    struct {
				Type, Name string
				IsError    bool `json:"is_error"`
			}
		}
		if err := json.Unmarshal([]byte(data), &ev); err != nil {
			t.Errorf("%s: %v", data, err)
		}
		switch {
		case ev.Kind == "text":
			text += ev.Text + string(ev.Bytes)
		case name == "done":
			say("done: " + ev.Cost)
		case name == "failed":
			say("failed: " + ev.Error)
		case ev.Progress != "":
			say("progress: " + ev.Progress)
		case ev.Kind == "part":
			say(fmt.Sprintf("%s, failed: %t", ev.Part.Type, ev.Part.IsError))
		default:
			say(ev.Kind + ": " + ev.Part.Name)
		}
		if strings.Contains(data, "signature") {
			t.Errorf("a signature goes to the browser: %s", data)
		}
	}
	say("")
	return all
}

type shownChat struct {
	Messages []model.Message
	Bill     bill
}

func show(t *testing.T, chat string) (c shownChat) {
	t.Helper()
	resp, err := http.Get(chat)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func has(t *testing.T, all []string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		found := false
		for _, line := range all {
			found = found || strings.HasPrefix(line, want)
		}
		if !found {
			t.Errorf("heard:\n%s\nwant %q", strings.Join(all, "\n"), want)
		}
	}
}

// TestScripted runs the whole service with the scripted model alone.
func TestScripted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chat.db")
	server := start(t, scripted(), file, time.Millisecond)
	chat := begin(t, server)
	resp := post(t, t.Context(), chat+"/messages", `{"text":"Shall I go to Lisbon tomorrow?"}`)
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type = %s", got)
	}
	all := heard(t, resp.Body)
	has(t, all, "text: Let me look it up. ", "tool_call: forecast", "tool_call: flights", "progress: running the forecast (2 of 3)",
		"tool_result, failed: false", "tool_result, failed: true",
		"text: Tomorrow it is sunny in Lisbon, at 24 °C. About flights I know nothing: the flight plan is being updated; try again in an hour.", "done: 0.0")
	if got := show(t, chat); len(got.Messages) != 4 || !got.Bill.Usage.Known || got.Bill.Usage.CacheReadTokens == 0 {
		t.Errorf("stored: %v, %+v", got.Messages, got.Bill)
	}
	server.Close()

	// Another process goes on with it.
	again := start(t, scripted(), file, time.Millisecond)
	chat = again.URL + chat[strings.Index(chat, "/chats/"):]
	has(t, heard(t, post(t, t.Context(), chat+"/messages", `{"text":"Thanks"}`).Body), "text: Ask me about a trip", "done: ")
	if got := show(t, chat); len(got.Messages) != 6 || got.Messages[0].Text() != "Shall I go to Lisbon tomorrow?" {
		t.Errorf("stored: %v", got.Messages)
	}
}

// TestBedrock runs the service with the real provider and a local Bedrock. The
// prompt must be cached, and the bill must say what that saved.
func TestBedrock(t *testing.T) {
	usage := func(in, out, read, written int) *model.Usage {
		return &model.Usage{Known: true, InputTokens: in, OutputTokens: out, CacheReadTokens: read, CacheWriteTokens: written}
	}
	local := bedrocktest.Start(t, fake.New(
		fake.Reply(model.Thinking{Text: "Weather first.", Signature: "sig"}, fake.Call("forecast", `{"city":"Oslo"}`)).Usage(usage(2000, 100, 0, 1900)),
		fake.Text("It is sunny in Oslo.").Usage(usage(2200, 20, 1900, 200)),
	), nil)
	llm, err := bedrock.New(local.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	server := start(t, llm, ":memory:", time.Millisecond)
	chat := begin(t, server)
	// 100 uncached in, 1900 written, 100 out; then 100, 200 written, 1900 read, 20 out.
	has(t, heard(t, post(t, t.Context(), chat+"/messages", `{"text":"Oslo?"}`).Body),
		"tool_call: forecast", "progress: asking the stations", "tool_result, failed: false", "text: It is sunny in Oslo.", "done: 0.010845")
	calls := local.Calls()
	if len(calls) != 2 || !bytes.Contains(calls[0].Body, []byte(`"cachePoint"`)) {
		t.Errorf("%d calls; the first: %s", len(calls), calls[0].Body)
	}
	if got := show(t, chat); len(got.Messages[1].Thinking()) != 1 || got.Messages[1].Thinking()[0].Signature == "" {
		t.Errorf("thinking was not stored with its signature: %v", got.Messages)
	}
}

// TestDisconnect: a reader who leaves ends the run, and what had been done is
// kept: the next answer builds on it.
func TestDisconnect(t *testing.T) {
	llm := fake.New(fake.Calls(fake.Call("flights", `{"city":"Rome"}`), fake.Call("forecast", `{"city":"Rome"}`)), fake.Text("Welcome back."))
	kept, err := openStore(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newService(llm, kept, prices, time.Hour) // the forecast would take hours
	if err != nil {
		t.Fatal(err)
	}
	inner, answered := s.handler(), make(chan string, 10)
	chat := begin(t, listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(w, r)
		if strings.HasSuffix(r.URL.Path, "/messages") {
			answered <- r.URL.Path
		}
	}), kept))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	body := bufio.NewScanner(post(t, ctx, chat+"/messages", `{"text":"Rome?"}`).Body)
	result, progress := false, false
	for !(result && progress) && body.Scan() {
		result = result || strings.Contains(body.Text(), `"tool_result"`)
		progress = progress || strings.Contains(body.Text(), `"progress"`)
	}
	if resp := post(t, t.Context(), chat+"/messages", `{"text":"again"}`); resp.StatusCode != http.StatusConflict {
		t.Errorf("a second question meanwhile: %s, want a conflict", resp.Status)
	}
	<-answered
	leave()
	<-answered
	got := show(t, chat)
	if len(got.Messages) != 3 {
		t.Fatalf("stored: %v", got.Messages)
	}
	results := fmt.Sprint(got.Messages[2])
	if !strings.Contains(results, "flight plan is being updated") || !strings.Contains(results, "not finished") {
		t.Errorf("results = %s, want the one that was there, and one that says that it is not finished", results)
	}
	has(t, heard(t, post(t, t.Context(), chat+"/messages", `{"text":"Hello?"}`).Body), "text: Welcome back.", "done")
	if llm.Open() != 0 {
		t.Errorf("%d streams are open", llm.Open())
	}
}

// TestFailure: an answer that fails is told, and the question is kept.
func TestFailure(t *testing.T) {
	server := start(t, fake.New(fake.Text("Well, I").FailAfter(1, model.ErrUnavailable)), ":memory:", 0)
	chat := begin(t, server)
	has(t, heard(t, post(t, t.Context(), chat+"/messages", `{"text":"Rome?"}`).Body), "failed: loop/model: ")
	if got := show(t, chat); len(got.Messages) != 1 {
		t.Errorf("stored: %v", got.Messages)
	}
}

func TestBadRequests(t *testing.T) {
	server := start(t, fake.New(), ":memory:", 0)
	chat := begin(t, server)
	for _, tt := range []struct {
		url, body string
		status    int
	}{
		{chat + "/messages", `{`, 400},
		{chat + "/messages", `{"text":" "}`, 400},
		{chat + "/messages", `{"text":"` + strings.Repeat("x", maxQuestion) + `"}`, 400},
		{server.URL + "/chats/99/messages", `{"text":"x"}`, 404},
		{server.URL + "/chats/x/messages", `{"text":"x"}`, 404},
	} {
		if resp := post(t, t.Context(), tt.url, tt.body); resp.StatusCode != tt.status {
			t.Errorf("%s %.20s: %s, want %d", tt.url, tt.body, resp.Status, tt.status)
		}
	}
	resp, err := http.Post(server.URL+"/chats", "text/plain", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("a form of another site: %s", resp.Status)
	}
}

// TestRun starts the command, sends it a question, and stops it.
func TestRun(t *testing.T) {
	if err := run(t.Context(), io.Discard, []string{"-h"}); err != nil {
		t.Errorf("-h: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, w, []string{"-addr", "127.0.0.1:0", "-db", filepath.Join(t.TempDir(), "chat.db")})
		w.Close()
	}()
	url, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %v", err, <-ended)
	}
	resp, err := http.Get(strings.TrimSpace(url))
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !bytes.Contains(page, []byte("<title>Trips</title>")) {
		t.Errorf("page = %s", page)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// held serves the page with a picture that arrives when the answer has been
// shown. A browser that prints a page waits for its pictures, so it waits for
// the answer as well.
func held(t *testing.T, inner http.Handler) http.Handler {
	shown := make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("/", inner)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		page, err := files.ReadFile("page/index.html")
		if err != nil {
			t.Error(err)
		}
		w.Write(bytes.Replace(page, []byte("</html>"), []byte(`<script src="watch.js"></script><img src="picture" alt="" hidden></html>`), 1))
	})
	mux.HandleFunc("GET /watch.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		io.WriteString(w, `new MutationObserver(() => { if (document.body.dataset.state === "idle") fetch("shown", {method: "POST"}); }).observe(document.body, {attributes: true});`)
	})
	mux.HandleFunc("POST /shown", func(http.ResponseWriter, *http.Request) { close(shown) })
	mux.HandleFunc("GET /picture", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-shown:
		case <-r.Context().Done():
		}
	})
	return mux
}

// TestPage opens the page in a browser, which asks and shows the answer. With
// CHAT_SCREENSHOT=file.png it also leaves a picture.
func TestPage(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: the page is not opened")
	}
	look := func(how string) []byte {
		kept, err := openStore(":memory:")
		if err != nil {
			t.Fatal(err)
		}
		defer kept.close()
		s, err := newService(scripted(), kept, prices, 50*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(held(t, s.handler()))
		defer server.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=800,700",
			"--user-data-dir="+t.TempDir(), how, server.URL+"/?ask=Shall+I+go+to+Lisbon+tomorrow%3F")
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("chromium: %v", err)
		}
		return out
	}
	dom := string(look("--dump-dom"))
	for _, want := range []string{
		`data-state="idle"`,
		`<p class="user">Shall I go to Lisbon tomorrow?</p>`,
		`<p class="assistant">Let me look it up. </p>`,
		`<p class="tool">forecast: done</p>`,
		`<p class="tool error">flights failed: the flight plan is being updated; try again in an hour</p>`,
		`<p class="assistant">Tomorrow it is sunny in Lisbon, at 24 °C. About flights I know nothing: the flight plan is being updated; try again in an hour.</p>`,
		`so far: `,
	} {
		if !strings.Contains(dom, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
	if t.Failed() {
		t.Log(dom)
	}
	if file := os.Getenv("CHAT_SCREENSHOT"); file != "" {
		look("--screenshot=" + file)
	}
}
