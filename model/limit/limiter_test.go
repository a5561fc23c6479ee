package limit_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/limit"
)

// A server is a provider with a quota of tokens and requests a minute. It
// counts as the user guide of Amazon Bedrock says, by its own arithmetic.
type server struct {
	terms

	mu       sync.Mutex
	begun    time.Time
	level    float64
	calls    float64
	at       time.Time
	begins   int // calls that were not refused
	served   int // tokens of the quota that answers took
	answered int
	refused  int
}

// The terms of a server, and what its calls are like.
type terms struct {
	tokens, requests int           // a minute; zero: no limit
	windows          bool          // the quota is of each minute by the clock; or else it fills all the time
	since            time.Duration // that the first minute has lasted when the first call comes
	burndown         int
	prompt, cached   int // tokens of each call
	answer           int
	latency          time.Duration
	retryAfter       time.Duration
}

func (s *server) refill(now time.Time) {
	if s.begun.IsZero() {
		s.begun, s.at, s.level, s.calls = now, now, float64(s.tokens), float64(s.requests)
	}
	if s.windows {
		if start := s.begun.Add(-s.since); now.Sub(start)/time.Minute != s.at.Sub(start)/time.Minute {
			s.level, s.calls = float64(s.tokens), float64(s.requests)
		}
	} else {
		minutes := now.Sub(s.at).Minutes()
		s.level = math.Min(float64(s.tokens), s.level+float64(s.tokens)*minutes)
		s.calls = math.Min(float64(s.requests), s.calls+float64(s.requests)*minutes)
	}
	s.at = now
}

func (s *server) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	s.mu.Lock()
	s.refill(time.Now())
	taken := float64(s.prompt + req.MaxTokens)
	const rounding = 1e-3
	if s.tokens > 0 && s.level+rounding < taken || s.requests > 0 && s.calls+rounding < 1 {
		s.refused++
		s.mu.Unlock()
		return nil, &model.Error{Kind: model.ErrThrottled, Provider: "server", RetryAfter: s.retryAfter}
	}
	s.level -= taken
	s.calls--
	s.begins++
	// No two calls that begin at one moment end at one moment.
	latency := s.latency + time.Duration(s.begins)*time.Microsecond
	s.mu.Unlock()

	time.Sleep(latency)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.refill(time.Now())
	used := s.prompt - s.cached + s.answer*max(s.burndown, 1)
	s.level += taken - float64(used)
	s.served += used
	s.answered++
	return &model.Response{Message: model.Assistant("ok"), StopReason: model.StopEndTurn,
		Usage: &model.Usage{Known: true, InputTokens: s.prompt, CacheReadTokens: s.cached, OutputTokens: s.answer}}, nil
}

func (s *server) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{Provider: "server"}, func(ctx context.Context, emit func(model.Event) bool) error {
		resp, err := s.Generate(ctx, req)
		if err != nil {
			return err
		}
		emit(model.Event{Kind: model.EventText, Text: "ok"})
		emit(model.Event{Kind: model.EventFinish, Response: resp})
		return nil
	})
}

func newLimiter(t testing.TB, o limit.Options) *limit.Limiter {
	t.Helper()
	l, err := limit.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// exactly knows how many tokens a prompt has.
func exactly(n int) func(context.Context, *model.Request) (int, error) {
	return func(context.Context, *model.Request) (int, error) { return n, nil }
}

func request(maxTokens int) *model.Request {
	return &model.Request{Messages: []model.Message{model.User("Hi")}, MaxTokens: maxTokens}
}

// load has callers ask m again and again for a while, streamed every other
// time, and pause for a second after a failure.
func load(t *testing.T, m model.ChatModel, callers, maxTokens int, d time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				var err error
				if n%2 == 0 {
					_, err = m.Generate(ctx, request(maxTokens))
				} else {
					_, err = m.Stream(ctx, request(maxTokens)).Response()
				}
				if err != nil {
					time.Sleep(time.Second)
				}
			}
		})
	}
	wg.Wait()
}

// TestGoodput measures throughput in virtual time: for ten minutes callers want
// far more than the quota. The server must serve within 5 % of its quota and
// refuse next to nothing. Without a limiter it refuses nearly everything. With
// a burndown above one, the server charges at an answer's end, and a call that
// begins in the same moment may come before that. Calls therefore end one by
// one, so that what is refused does not depend on the order of goroutines. The
// guide does not say whether the quota fills all the time or anew each minute,
// so the limiter must do well with both.
func TestGoodput(t *testing.T) {
	const minutes = 10
	for _, tt := range []struct {
		name      string
		terms     terms
		maxTokens int
		least     float64 // of the quota
		refused   int     // at most
	}{
		{"tokens", terms{tokens: 100_000, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 0},
		{"tokens, a wasteful limit of the answer", terms{tokens: 100_000, prompt: 400, answer: 300, latency: 3 * time.Second}, 4000, 0.95, 0},
		{"burndown of 5", terms{tokens: 200_000, burndown: 5, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 10},
		{"cache", terms{tokens: 100_000, prompt: 4000, cached: 3800, answer: 300, latency: 3 * time.Second}, 500, 0.95, 0},
		{"requests", terms{requests: 60, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 0},
		{"windows by the clock", terms{tokens: 100_000, windows: true, prompt: 400, answer: 300, latency: 3 * time.Second, retryAfter: 2 * time.Second}, 500, 0.95, 50},
		{"windows without advice", terms{tokens: 100_000, windows: true, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 50},
		{"windows that begin at another second", terms{tokens: 100_000, windows: true, since: 23 * time.Second, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 50},
		{"windows and a burndown of 5", terms{tokens: 200_000, windows: true, since: 41 * time.Second, burndown: 5, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 50},
		{"windows of requests", terms{requests: 60, windows: true, since: 41 * time.Second, prompt: 400, answer: 300, latency: 3 * time.Second}, 500, 0.95, 50},
	} {
		synctest.Test(t, func(t *testing.T) {
			limited := &server{terms: tt.terms}
			l := newLimiter(t, limit.Options{Tokens: limited.tokens, Requests: limited.requests, Burndown: limited.burndown, Estimate: exactly(limited.prompt)})
			load(t, model.Wrap(limited, l.Middleware()), 100, tt.maxTokens, minutes*time.Minute-tt.terms.since)
			free := &server{terms: tt.terms}
			load(t, free, 100, tt.maxTokens, 2*time.Minute)

			served, quota := limited.served, limited.tokens*minutes
			if limited.requests > 0 {
				served, quota = limited.answered, limited.requests*minutes
			}
			if !limited.windows {
				quota += quota / minutes // a full quota was there at the start
			}
			part := float64(served) / float64(quota)
			t.Logf("%s: %.1f %% of the quota with %d refused; unlimited for two minutes %d served and %d refused, limited %d", tt.name, 100*part, limited.refused, free.answered, free.refused, limited.answered)
			if part < tt.least || part > 1.05 || limited.refused > tt.refused {
				t.Errorf("%s: %.1f %% of the quota was used and %d calls refused, want at least %.0f %% and at most %d", tt.name, 100*part, limited.refused, 100*tt.least, tt.refused)
			}
			if free.refused < 10*max(limited.refused, 10) {
				t.Errorf("%s: %d calls without a limiter were refused, so the test asks for too little", tt.name, free.refused)
			}
		})
	}
}

// TestShared: the provider allows half of what is configured, since somebody
// else draws on the quota. The limiter learns that from the refusals.
func TestShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{terms: terms{tokens: 50_000, prompt: 400, answer: 300, latency: 3 * time.Second}}
		l := newLimiter(t, limit.Options{Tokens: 100_000, Estimate: exactly(400)})
		load(t, model.Wrap(s, l.Middleware()), 100, 500, 20*time.Minute)
		part := float64(s.served) / float64(20*s.tokens)
		t.Logf("%.1f %% of the quota with %d of %d refused", 100*part, s.refused, s.refused+s.answered)
		if part < 0.75 || s.refused > s.answered/4 {
			t.Errorf("%.1f %% of what there was has been used, and %d of %d calls were refused", 100*part, s.refused, s.refused+s.answered)
		}
	})
}

// TestFair: calls begin in the order in which they came, large or small.
func TestFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Tokens: 1000, Estimate: exactly(0)})
		var mu sync.Mutex
		var order []int
		m := model.Wrap(fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, req.TopK)
			return &model.Response{Usage: &model.Usage{Known: true, OutputTokens: req.MaxTokens}}, nil
		}).Always()), l.Middleware())
		var wg sync.WaitGroup
		for i, size := range []int{1000, 900, 1, 500, 1, 1, 999} {
			wg.Go(func() {
				req := request(size)
				req.TopK = i + 1
				if _, err := m.Generate(t.Context(), req); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if got := fmt.Sprint(order); got != "[1 2 3 4 5 6 7]" {
			t.Errorf("order = %v, want that in which the calls came", got)
		}
	})
}

// TestWaits compares how long calls wait with values written by hand.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Tokens: 6000, Burndown: 5, Estimate: exactly(100)})
		usage := &model.Usage{Known: true, InputTokens: 200, CacheReadTokens: 150, CacheWriteTokens: 20, OutputTokens: 190}
		m := model.Wrap(fake.New(fake.Text("ok").Usage(usage).Always()), l.Middleware())
		start := time.Now()
		ask := func(maxTokens int, want time.Duration) {
			t.Helper()
			if _, err := m.Generate(t.Context(), request(maxTokens)); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start).Round(time.Millisecond); got != want {
				t.Errorf("the call began after %v, want %v", got, want)
			}
		}
		// Takes 5900+100 of 6000, and used 200-150+190*5 = 1000.
		ask(5900, 0)
		// 5000 are left. The guess at the prompt, 100, has been corrected by a
		// fifth of the way to 200: 120. So this takes 4880+120.
		ask(4880, 0)
		// 4000 are left, and the guess is 136; 4864+136 are there after 10 s,
		// since 100 come a second.
		ask(4864, 10*time.Second)
	})
}

// TestDebt: what calls used beyond what they took is waited for.
func TestDebt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Tokens: 600, Burndown: 5, Estimate: exactly(0)})
		m := model.Wrap(fake.New(fake.Text("ok").Usage(&model.Usage{Known: true, OutputTokens: 240}).Always()), l.Middleware())
		start := time.Now()
		for _, want := range []time.Duration{0, 84 * time.Second} { // 1200 of 600 are used; 240 are there after 840 more have come
			if _, err := m.Generate(t.Context(), request(240)); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start).Round(time.Millisecond); got != want {
				t.Errorf("a call began after %v, want %v", got, want)
			}
		}
	})
}

func TestRetryAfterHoldsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Requests: 600})
		advice := &model.Error{Kind: model.ErrThrottled, RetryAfter: 7 * time.Second}
		m := model.Wrap(fake.New(fake.Fail(advice), fake.Text("ok").Always()), l.Middleware())
		start := time.Now()
		if _, err := m.Generate(t.Context(), request(0)); !errors.Is(err, model.ErrThrottled) {
			t.Fatalf("error = %v, want the model's", err)
		}
		if _, err := m.Stream(t.Context(), request(0)).Response(); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 7*time.Second {
			t.Errorf("the next call began after %v, want the 7s that the provider asked for", got)
		}
	})
}

// TestContextEnds: a call that waits ends with its context, leaves the queue,
// and sends nothing.
func TestContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Requests: 1})
		inner := fake.New(fake.Text("ok").Always())
		m := model.Wrap(inner, l.Middleware())
		if _, err := m.Generate(t.Context(), request(0)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := m.Generate(ctx, request(0))
			if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.ErrDeadline || e.Provider != "fake" || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error = %v, want the context's, with the model's name", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if _, err := m.Generate(t.Context(), request(0)); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if inner.Calls() != 2 {
			t.Errorf("%d calls went out, want 2", inner.Calls())
		}
	})
}

func TestStreamsWaitWhenRanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Options{Requests: 1})
		m := model.Wrap(fake.New(fake.Text("one two").Always()), l.Middleware())
		start := time.Now()
		first, second := m.Stream(t.Context(), request(0)), m.Stream(t.Context(), request(0))
		m.Stream(t.Context(), request(0)) // never ranged over, takes nothing
		for range first.Events() {
			break
		}
		if _, err := second.Response(); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != time.Minute {
			t.Errorf("two streams took %v, want a minute", got)
		}
	})
}

// TestUnknownUsage: what was taken for a call whose usage nobody tells stays
// taken, and what was taken for one that never ran does not.
func TestUnknownUsage(t *testing.T) {
	for name, tt := range map[string]struct {
		turn  fake.Turn
		after time.Duration
	}{
		"not told":  {fake.Text("ok").Usage(nil), time.Minute},
		"cut":       {fake.Text("one two three").CutAfter(1), time.Minute},
		"refused":   {fake.Fail(model.ErrPermission), 0},
		"timed out": {fake.Fail(model.ErrTimeout), time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(t, limit.Options{Tokens: 100, Estimate: exactly(0)})
			m := model.Wrap(fake.New(tt.turn, fake.Text("ok")), l.Middleware())
			start := time.Now()
			m.Generate(t.Context(), request(100))
			if _, err := m.Generate(t.Context(), request(100)); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start).Round(time.Millisecond); got != tt.after {
				t.Errorf("%s: the next call began after %v, want %v", name, got, tt.after)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	for _, o := range []limit.Options{{}, {Burndown: 5}, {Requests: -1}, {Tokens: -1, Requests: 1}, {Tokens: 1, Burndown: -1}} {
		if _, err := limit.New(o); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("New(%+v) error = %v, want an invalid request", o, err)
		}
	}
	l := newLimiter(t, limit.Options{Tokens: 1000, Estimate: exactly(10)})
	inner := fake.New()
	_, err := model.Wrap(inner, l.Middleware()).Generate(t.Context(), request(0))
	if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), "MaxTokens") {
		t.Errorf("error without a limit of the answer = %v, want one that names MaxTokens", err)
	}
	_, err = model.Wrap(inner, l.Middleware()).Stream(t.Context(), request(991)).Response()
	if !errors.Is(err, model.ErrQuota) {
		t.Errorf("error of a call above the quota = %v, want ErrQuota", err)
	}
	known := fake.NewWith(&fake.Options{Limits: &model.Limits{MaxOutput: 990}}, fake.Text("ok"))
	if _, err := model.Wrap(known, model.Retry(nil), l.Middleware()).Generate(t.Context(), request(0)); err != nil {
		t.Errorf("error where the model knows its limit = %v", err)
	}
	broken := newLimiter(t, limit.Options{Tokens: 1000, Estimate: func(context.Context, *model.Request) (int, error) { return 0, errBoom }})
	if _, err := model.Wrap(inner, broken.Middleware()).Generate(t.Context(), request(1)); !errors.Is(err, errBoom) {
		t.Errorf("error of a failed estimate = %v, want it", err)
	}
	if inner.Calls() != 0 {
		t.Errorf("%d calls went out, want none", inner.Calls())
	}
}

var errBoom = errors.New("boom")

// TestPanic: a call that panics leaves the limiter usable.
func TestPanic(t *testing.T) {
	l := newLimiter(t, limit.Options{Requests: 10})
	m := model.Wrap(fake.New(fake.Func(func(context.Context, *model.Request) (*model.Response, error) { panic("boom") }), fake.Text("ok")), l.Middleware())
	func() {
		defer func() { recover() }()
		m.Generate(t.Context(), request(0))
	}()
	if _, err := m.Generate(t.Context(), request(0)); err != nil {
		t.Error(err)
	}
}
