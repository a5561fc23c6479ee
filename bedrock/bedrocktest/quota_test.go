package bedrocktest_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func world(t testing.TB, o load.Options) *load.World {
	t.Helper()
	w, err := load.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestQuota checks that the server throttles in the service's words, with a
// hint, and that Claude's output tokens count five times.
func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := load.NewManual(time.Now())
		w := world(t, load.Options{Spread: -1, Clock: stopped, Default: load.Model{Tokens: 6000}})
		s := memory(fake.New(fake.Text(strings.Repeat("word", 100)).Usage(nil).Always()), &bedrocktest.Options{Load: w})
		body := func(most int) string {
			return fmt.Sprintf(`{"messages":[{"role":"user","content":[{"text":%s}]}],"inferenceConfig":{"maxTokens":%d}}`, quote(strings.Repeat("x", 400)), most)
		}
		if a := ask(t, s, sonnet45, body(5900)); a.status != 200 { // all of 6000 taken; 100 + 5*100 paid
			t.Fatalf("status %d: %s", a.status, a.body)
		}
		a := ask(t, s, sonnet45, body(5301))
		if kind, message := a.failure(t); a.status != 429 || !strings.HasPrefix(kind, "ThrottlingException:") || message != "Too many tokens, please wait before trying again." || a.header.Get("Retry-After") != "1" {
			t.Errorf("status %d, %s: %s, Retry-After %q", a.status, kind, message, a.header.Get("Retry-After"))
		}
		if a := post(t, s, "anthropic.claude-sonnet-4-5-20250929-v1:0", "count-tokens", `{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"x"}]}]}}}`); a.status != 200 {
			t.Errorf("counting tokens: status %d: %s", a.status, a.body)
		}
		if a := ask(t, s, sonnet45, `{"messages":[{"role":"user","content":[{"text":" "}]}]}`); a.status != 400 {
			t.Errorf("a refused request: status %d", a.status)
		}
		if a := ask(t, s, sonnet45, body(5300)); a.status != 200 {
			t.Errorf("status %d: %s", a.status, a.body)
		}
		if a := ask(t, s, novaMicro, body(5900)); a.status != 200 {
			t.Errorf("another model: status %d: %s", a.status, a.body)
		}
		if a := ask(t, s, novaMicro, body(5700)); a.status != 200 { // 200 were paid
			t.Errorf("Nova burns one for one: status %d: %s", a.status, a.body)
		}
		r := w.Report().Total
		if r.Attempts != 5 || r.Answered != 4 || r.ThrottledTokens != 1 || r.Open != 0 || r.Burned != 2*600+2*200 {
			t.Errorf("the report has %+v", r)
		}
		if a := ask(t, s, sonnet45, conversation(hello)); a.status != 429 {
			t.Errorf("without a limit, which takes 64000: status %d", a.status)
		}
	})
}

// TestQuotaCache checks that tokens read from the cache cost nothing, and that
// a throttled request leaves nothing in the cache.
func TestQuotaCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t, load.Options{Default: load.Model{Requests: 3}})
		s := memory(always("ok"), &bedrocktest.Options{Load: w})
		cached := func(word string) string {
			return conversation(user(tokensOf(2000, word), `{"cachePoint":{"type":"default"}}`))
		}
		for range 2 {
			ask(t, s, sonnet45, cached("a"))
		}
		r := w.Report().Total
		if r.CacheWrite != 2000 || r.CacheRead != 2000 || r.Input != 4000 || r.Burned != 2000+2*5 {
			t.Errorf("the report has %+v", r)
		}
		ask(t, s, sonnet45, conversation(hello))
		if a := ask(t, s, sonnet45, cached("b")); a.status != 429 {
			t.Fatalf("status %d", a.status)
		}
		time.Sleep(time.Minute)
		ask(t, s, sonnet45, cached("b"))
		if r := w.Report().Total; r.CacheWrite != 4000 || r.CacheRead != 2000 || r.ThrottledRequests != 1 || r.Retries != 1 {
			t.Errorf("after a throttled one: %+v", r)
		}
	})
}

// TestPace checks that events arrive when their tokens are due, through either
// door.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t, load.Options{Spread: -1, Default: load.Model{FirstToken: time.Second, Speed: 10}})
		s := memory(fake.New(fake.Text(strings.Repeat("abcd", 50)).Pieces(40).Usage(nil).Always()), &bedrocktest.Options{Load: w})
		m, err := bedrock.New(s.Client(), novaMicro, nil)
		if err != nil {
			t.Fatal(err)
		}
		hello := &model.Request{Messages: []model.Message{model.User("hello")}}
		began := time.Now()
		var times []time.Duration
		for _, err := range m.Stream(t.Context(), hello).Text() {
			if err != nil {
				t.Fatal(err)
			}
			times = append(times, time.Since(began))
		}
		if want := "[2s 3s 4s 5s 6s]"; fmt.Sprint(times) != want { // ten tokens each
			t.Errorf("pieces came after %v, want %v", times, want)
		}
		began = time.Now()
		if _, err := m.Generate(t.Context(), hello); err != nil || time.Since(began) != 6*time.Second {
			t.Errorf("the answer came after %v: %v", time.Since(began), err)
		}
		began = time.Now()
		if a := post(t, s, llama, "invoke", `{"prompt":"x"}`); a.status != 200 || time.Since(began) != 6*time.Second {
			t.Errorf("InvokeModel: status %d after %v: %s", a.status, time.Since(began), a.body)
		}
		if r := w.Report().Total; r.Answered != 3 || r.FirstToken.Max != 1 || r.Output != 150 {
			t.Errorf("the report has %+v", r)
		}

		// A client that leaves pays for what it got, and is no success.
		for range m.Stream(t.Context(), hello).Text() {
			break
		}
		time.Sleep(time.Hour)
		if r := w.Report().Total; r.Failed != 1 || r.Open != 0 || r.Output >= 200 || r.Output < 160 {
			t.Errorf("after a client that left: %+v", r)
		}
	})
}

// TestLoadReport sends 50 requests a second, half of them as streams, and tries
// each again when it is throttled. A seed must give the same bytes of the
// report each time, though goroutines that start at the same moment run in any
// order. With CHATMODEL_FULL a run is ten minutes long, otherwise five seconds.
func TestLoadReport(t *testing.T) {
	seconds, quota := 5, 200
	if os.Getenv("CHATMODEL_FULL") != "" {
		seconds, quota = 600, 2400
	}
	began := time.Now()
	first := sendFor(t, 1, seconds, quota)
	t.Logf("%d s with %d requests a second through the handler: %v of this machine's time", seconds, 50, time.Since(began))
	if seconds == 600 {
		t.Log("\n" + first.String())
	}
	short := first
	if seconds > 5 {
		short = sendFor(t, 1, 5, 200)
	}
	again, other := sendFor(t, 1, 5, 200), sendFor(t, 2, 5, 200)
	if string(again.JSON()) != string(short.JSON()) || string(again.SVG()) != string(short.SVG()) {
		t.Errorf("the reports of a seed differ:\n%s\n%s", short, again)
	}
	if other.String() == again.String() {
		t.Error("the reports of two seeds are the same")
	}
	if s := first.Total; s.Answered == 0 || s.ThrottledRequests == 0 || s.Retries == 0 || s.Unavailable == 0 || s.Failed > 0 || s.Open > 0 {
		t.Errorf("the report has %+v", s)
	}
}

func sendFor(t *testing.T, seed uint64, seconds, quota int) (report *load.Report) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t, load.Options{Seed: seed, Default: load.Model{Requests: quota, FirstToken: 400 * time.Millisecond,
			Speed: 80, Jitter: 0.5, Waves: []load.Wave{{Period: 8 * time.Second, Depth: 0.2}}}})
		s := bedrocktest.InMemory(fake.New(fake.Text(strings.Repeat("word ", 40)).Pieces(20).Usage(nil).Always()), &bedrocktest.Options{Load: w, Keep: -1})
		m, err := bedrock.New(s.Client(func(o *bedrockruntime.Options) { o.Retryer = aws.NopRetryer{} }), novaMicro, nil)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for n := range 50 * seconds {
			if n%10 == 0 && n > 0 {
				time.Sleep(200 * time.Millisecond) // ten at a moment
			}
			all.Go(func() { send(t, m, n) })
		}
		all.Wait()
		report = w.Report()
	})
	return report
}

// send sends a request, up to four times.
func send(t *testing.T, m model.ChatModel, n int) {
	req := &model.Request{MaxTokens: 100, Messages: []model.Message{model.User(fmt.Sprint("request ", n))}}
	for attempt := range 4 {
		var err error
		if n%2 == 0 {
			_, err = m.Generate(t.Context(), req)
		} else {
			_, err = m.Stream(t.Context(), req).Response()
		}
		var e *model.Error
		switch {
		case err == nil:
			return
		case !errors.As(err, &e) || !model.Retryable(err):
			t.Errorf("request %d: %v", n, err)
			return
		}
		time.Sleep(max(e.RetryAfter, time.Second<<attempt))
	}
}
