package budget_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

func newBudget(t testing.TB, o budget.Options) *budget.Budget {
	t.Helper()
	b, err := budget.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exactly knows how many tokens a prompt has.
func exactly(n int) func(context.Context, *model.Request) (int, error) {
	return func(context.Context, *model.Request) (int, error) { return n, nil }
}

func request(maxTokens int) *model.Request {
	return &model.Request{Messages: []model.Message{model.User("Hi")}, MaxTokens: maxTokens}
}

var ways = map[string]func(context.Context, model.ChatModel, *model.Request) (*model.Response, error){
	"Generate": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Generate(ctx, req)
	},
	"Stream": func(ctx context.Context, m model.ChatModel, req *model.Request) (*model.Response, error) {
		return m.Stream(ctx, req).Response()
	},
}

// TestCost compares costs with results written by hand.
func TestCost(t *testing.T) {
	prices := budget.Prices{Input: 3, Output: 15, CacheRead: 0.3, CacheWrite: 3.75, CacheWrites: map[time.Duration]float64{time.Hour: 6}}
	for _, tt := range []struct {
		name  string
		usage model.Usage
		want  string
	}{
		{"nothing", model.Usage{}, "0.00"},
		{"a million in", model.Usage{InputTokens: 1_000_000}, "3.00"},
		{"a million out", model.Usage{OutputTokens: 1_000_000}, "15.00"},
		{"one in", model.Usage{InputTokens: 1}, "0.000003"},
		{"one read", model.Usage{InputTokens: 1, CacheReadTokens: 1}, "0.0000003"},
		// 1000 uncached, 8000 read, 1000 written: 0.003 + 0.0024 + 0.00375; 200 out: 0.003
		{"cache", model.Usage{InputTokens: 10_000, CacheReadTokens: 8000, CacheWriteTokens: 1000, OutputTokens: 200}, "0.01215"},
		// 600 of the writes live an hour: 0.0036, 400 do not: 0.0015
		{"lifetimes", model.Usage{InputTokens: 1000, CacheWriteTokens: 1000, CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 600}, {TTL: 5 * time.Minute, Tokens: 400}}}, "0.0051"},
		{"part of the writes told", model.Usage{InputTokens: 1000, CacheWriteTokens: 1000, CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 600}}}, "0.0051"},
		{"a provider's mistake", model.Usage{InputTokens: -5, OutputTokens: -1}, "0.00"},
	} {
		if got := prices.Cost(tt.usage).String(); got != tt.want {
			t.Errorf("%s costs %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := (budget.Prices{Input: 1e300}).Cost(model.Usage{InputTokens: 1}); got != math.MaxInt64 {
		t.Errorf("a cost beyond all amounts is %v, want the largest amount", got)
	}
	for units, want := range map[float64]string{1.5: "1.50", -0.25: "-0.25", 0.1: "0.10", 1e30: budget.Amount(math.MaxInt64).String(), math.NaN(): "0.00"} {
		if got := budget.Money(units).String(); got != want {
			t.Errorf("Money(%v) = %s, want %s", units, got, want)
		}
	}
	if got := budget.Money(12.5).Units(); got != 12.5 {
		t.Errorf("Money(12.5).Units() = %v", got)
	}
}

// TestConcurrent: of a thousand callers at once, on several keys, no moment
// sees more spent and reserved than the limit, however calls end, as long as
// reservations are the most that calls can cost; and the limit is used.
func TestConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := budget.Prices{Input: 2, Output: 10}
		limit := budget.Money(1)
		b := newBudget(t, budget.Options{Limit: limit, Estimate: exactly(100)})
		var served atomic.Int64 // in billionths, by the test's own arithmetic
		var n atomic.Int64
		inner := fake.New(fake.Func(func(ctx context.Context, req *model.Request) (*model.Response, error) {
			i := n.Add(1)
			time.Sleep(time.Duration(1+i%7) * time.Second)
			if i%5 == 0 {
				return nil, &model.Error{Kind: model.ErrThrottled}
			}
			out := int(i) % (req.MaxTokens + 1)
			served.Add(100*2000 + int64(out)*10_000)
			return &model.Response{Message: model.Assistant("one two three"), Usage: &model.Usage{Known: true, InputTokens: 100, OutputTokens: out}}, nil
		}).Always())
		m := model.Wrap(inner, b.Middleware(prices))

		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var watch sync.WaitGroup
		watch.Go(func() {
			for ctx.Err() == nil {
				for _, key := range []string{"", "a", "b"} {
					if left := b.Left(key); left < 0 || b.Spent(key) > limit {
						t.Errorf("key %q: spent %v, left %v, of %v", key, b.Spent(key), left, limit)
					}
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Go(func() {
				ctx := budget.WithKey(t.Context(), []string{"", "a", "b"}[i%3])
				way := ways[[]string{"Generate", "Stream"}[i%2]]
				for range 20 {
					if _, err := way(ctx, m, request(500)); errors.Is(err, model.ErrBudget) {
						time.Sleep(time.Second)
					}
				}
			})
		}
		wg.Wait()
		cancel()
		watch.Wait()
		total := budget.Amount(0)
		for _, key := range []string{"", "a", "b"} {
			spent := b.Spent(key)
			total += spent
			// A call can cost 0.0052, so less than that is left.
			if spent > limit || limit-spent >= budget.Money(0.0052) || b.Left(key) != limit-spent {
				t.Errorf("key %q: spent %v, left %v, want nearly all of %v and nothing reserved", key, spent, b.Left(key), limit)
			}
		}
		if total != budget.Amount(served.Load()) {
			t.Errorf("spent %v, want %v, what the provider would bill", total, budget.Amount(served.Load()))
		}
		t.Logf("%d calls for %v", n.Load(), total)
	})
}

// TestOverspending: what is spent beyond the limit is what calls cost beyond
// their reservations, and no more.
func TestOverspending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := budget.Money(1)
		b := newBudget(t, budget.Options{Limit: limit, Estimate: exactly(0)}) // says too little
		var beyond atomic.Int64
		inner := fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
			time.Sleep(time.Second)
			beyond.Add(50 * 1000)
			return &model.Response{Usage: &model.Usage{Known: true, InputTokens: 50, OutputTokens: req.MaxTokens}}, nil
		}).Always())
		m := model.Wrap(inner, b.Middleware(budget.Prices{Input: 1, Output: 10}))
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() { m.Generate(t.Context(), request(500)) })
		}
		wg.Wait()
		if spent := b.Spent(""); spent <= limit || spent > limit+budget.Amount(beyond.Load()) {
			t.Errorf("spent %v of %v, want at most %v more", spent, limit, budget.Amount(beyond.Load()))
		}
		if _, err := m.Generate(t.Context(), request(0)); errors.Is(err, model.ErrBudget) {
			t.Errorf("error = %v for a request without a limit", err)
		}
		if _, err := m.Generate(t.Context(), request(1)); !errors.Is(err, model.ErrBudget) {
			t.Errorf("error = %v, want ErrBudget: more than the limit is spent", err)
		}
	})
}

// TestSettlement checks the cost of each ending of a call against values
// written by hand.
func TestSettlement(t *testing.T) {
	usage := &model.Usage{Known: true, InputTokens: 100, OutputTokens: 50}
	const reserved = "0.0016" // 100*1 + 150*10 millionths
	prices := budget.Prices{Input: 1, Output: 10, CacheRead: 0.1}
	for name, tt := range map[string]struct {
		turn fake.Turn
		want string
	}{
		"answered":      {fake.Text("one two").Usage(usage), "0.0006"}, // 100 + 500 millionths
		"usage unknown": {fake.Text("one two").Usage(nil), reserved},
		"cut":           {fake.Text("one two three").CutAfter(1), reserved},
		"timed out":     {fake.Fail(model.ErrTimeout), reserved},
		"refused":       {fake.Fail(model.ErrThrottled), "0.00"},
		"invalid":       {fake.Fail(model.ErrInvalidRequest), "0.00"},
		"cache": {fake.Text("x").Usage(&model.Usage{Known: true, InputTokens: 100, CacheReadTokens: 90, OutputTokens: 50}),
			"0.000519"}, // 10 + 9 + 500
	} {
		for way, call := range ways {
			b := newBudget(t, budget.Options{Limit: budget.Money(1), Estimate: exactly(100)})
			call(t.Context(), model.Wrap(fake.New(tt.turn), b.Middleware(prices)), request(150))
			if got := b.Spent("").String(); got != tt.want {
				t.Errorf("%s, %s: spent %s, want %s", name, way, got, tt.want)
			}
			if got := b.Left(""); got != budget.Money(1)-b.Spent("") {
				t.Errorf("%s, %s: %v left, so something is still reserved", name, way, got)
			}
		}
	}
	// A stream that is left costs its reservation, unless Unknown says less.
	for _, unknown := range []func(budget.Amount, *model.Response) budget.Amount{nil, func(reserved budget.Amount, partial *model.Response) budget.Amount {
		if partial.Text() != "one" {
			t.Errorf("partial = %v, want what had arrived", partial)
		}
		return reserved / 2
	}} {
		b := newBudget(t, budget.Options{Limit: budget.Money(1), Estimate: exactly(100), Unknown: unknown})
		m := model.Wrap(fake.New(fake.Text("one two three")), b.Middleware(prices))
		for range m.Stream(t.Context(), request(150)).Events() {
			break
		}
		if want := map[bool]string{true: reserved, false: "0.0008"}[unknown == nil]; b.Spent("").String() != want {
			t.Errorf("a stream that was left costs %v, want %s", b.Spent(""), want)
		}
		m.Stream(t.Context(), request(150)) // never ranged over
		if left := b.Left(""); left != budget.Money(1)-b.Spent("") {
			t.Errorf("%v left: a stream that was not ranged over reserved something", left)
		}
	}
}

// TestReservation: a prompt is reserved at the dearest price that it can have.
func TestReservation(t *testing.T) {
	for want, prices := range map[string]budget.Prices{
		"0.0025": {Input: 1, Output: 10},
		"0.0035": {Input: 1, Output: 10, CacheRead: 2},
		"0.0055": {Input: 1, Output: 10, CacheRead: 2, CacheWrite: 4},
		"0.0075": {Input: 1, Output: 10, CacheWrite: 4, CacheWrites: map[time.Duration]float64{time.Hour: 6}},
	} {
		b := newBudget(t, budget.Options{Limit: budget.Money(1), Estimate: exactly(1000)})
		model.Wrap(fake.New(fake.Text("x").Usage(nil)), b.Middleware(prices)).Generate(t.Context(), request(150))
		if got := b.Spent("").String(); got != want {
			t.Errorf("%+v reserve %s, want %s", prices, got, want)
		}
	}
}

// TestRetriesAndFallbacks: every attempt is charged, each at its model's prices.
func TestRetriesAndFallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var charges []budget.Charge
		b := newBudget(t, budget.Options{Limit: budget.Money(1), Estimate: exactly(100),
			OnCharge: func(_ context.Context, c budget.Charge) { charges = append(charges, c) }})
		cheap := fake.NewWith(&fake.Options{Model: "cheap"}, fake.Fail(model.ErrThrottled), fake.Fail(model.ErrTimeout), fake.Fail(model.ErrTimeout))
		dear := fake.NewWith(&fake.Options{Model: "dear"}, fake.Text("x").Usage(&model.Usage{Known: true, InputTokens: 100, OutputTokens: 1}))
		m := model.Wrap(cheap,
			model.Fallback(model.Wrap(dear, b.Middleware(budget.Prices{Input: 10, Output: 100}))),
			model.Retry(nil), b.Middleware(budget.Prices{Input: 1, Output: 10}))
		if _, err := m.Generate(t.Context(), request(150)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range charges {
			got = append(got, c.Model+" "+c.Amount.String())
		}
		want := "cheap 0.00, cheap 0.0016, cheap 0.0016, dear 0.0011"
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("charges = %s, want %s", s, want)
		}
		if got := b.Spent("").String(); got != "0.0043" {
			t.Errorf("spent %s, want 0.0043", got)
		}
	})
}

func TestKeys(t *testing.T) {
	b := newBudget(t, budget.Options{Limit: budget.Money(0.01), Limits: map[string]budget.Amount{"rich": budget.Money(5)}, Estimate: exactly(0)})
	m := model.Wrap(fake.New(fake.Text("x").Usage(&model.Usage{Known: true, OutputTokens: 1000}).Always()), b.Middleware(budget.Prices{Output: 10}))
	ask := func(key string) error {
		_, err := m.Generate(budget.WithKey(t.Context(), key), request(1000))
		return err
	}
	if err := errors.Join(ask("poor"), ask("rich"), ask("rich")); err != nil {
		t.Fatal(err)
	}
	err := ask("poor")
	if !errors.Is(err, model.ErrBudget) || model.Retryable(err) || !strings.Contains(err.Error(), `of the limit of 0.01 of "poor", 0.01 is spent`) {
		t.Errorf("error = %v, want ErrBudget with the numbers", err)
	}
	b.Add("rich", budget.Money(4.975))
	if err := ask("rich"); !errors.Is(err, model.ErrBudget) {
		t.Errorf("error = %v, want ErrBudget after more was spent elsewhere", err)
	}
	b.Reset("poor")
	b.Reset("nobody")
	if err := ask("poor"); err != nil || b.Spent("poor") != budget.Money(0.01) {
		t.Errorf("after Reset: %v, spent %v", err, b.Spent("poor"))
	}
}

func TestRefuses(t *testing.T) {
	for _, o := range []budget.Options{{Limit: -1}, {Limits: map[string]budget.Amount{"a": -1}}} {
		if _, err := budget.New(o); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("New(%+v) error = %v, want an invalid request", o, err)
		}
	}
	inner := fake.New()
	b := newBudget(t, budget.Options{Limit: budget.Money(1)})
	for what, m := range map[string]model.ChatModel{
		"MaxTokens": model.Wrap(inner, b.Middleware(budget.Prices{})),
		"prices":    model.Wrap(inner, b.Middleware(budget.Prices{Input: -1})),
	} {
		for way, call := range ways {
			if _, err := call(t.Context(), m, request(0)); !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), what) {
				t.Errorf("%s error = %v, want an invalid request about %s", way, err, what)
			}
		}
	}
	empty := newBudget(t, budget.Options{})
	if _, err := model.Wrap(inner, empty.Middleware(budget.Prices{Input: 1})).Generate(t.Context(), request(1)); !errors.Is(err, model.ErrBudget) {
		t.Errorf("error of the zero budget = %v, want ErrBudget", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := model.Wrap(inner, b.Middleware(budget.Prices{Input: 1})).Generate(ctx, request(1)); !errors.Is(err, context.Canceled) || b.Spent("") != 0 {
		t.Errorf("error = %v, spent %v, want the context's and nothing", err, b.Spent(""))
	}
	if inner.Calls() != 0 {
		t.Errorf("%d calls went out, want none", inner.Calls())
	}
}

// TestEstimateBySize: without an estimate of its own, the budget guesses a
// prompt rather too long than too short.
func TestEstimateBySize(t *testing.T) {
	b := newBudget(t, budget.Options{Limit: budget.Money(1)})
	m := model.Wrap(fake.New(fake.Text("x").Usage(nil).Always()), b.Middleware(budget.Prices{Input: 1}))
	m.Generate(t.Context(), &model.Request{MaxTokens: 1, Messages: []model.Message{model.User(strings.Repeat("word ", 2000))}})
	if got := b.Spent("").Units() * 1e6; got < 2500 || got > 10_000 {
		t.Errorf("10000 bytes are reserved as %v tokens, want more than the 2500 that they may be", got)
	}
}
