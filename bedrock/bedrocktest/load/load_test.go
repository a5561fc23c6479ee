package load_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
	"github.com/chatmodel-go/chatmodel/model"
)

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// bare makes a world on a clock that stands, without a spread.
func bare(t testing.TB, m load.Model, change ...func(*load.Options)) (*load.World, *load.Manual) {
	clock := load.NewManual(start)
	o := load.Options{Default: m, Clock: clock, Spread: -1}
	for _, c := range change {
		c(&o)
	}
	w, err := load.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w, clock
}

func arrive(t testing.TB, w *load.World, key string, input, most int) (*load.Attempt, *load.Refusal) {
	t.Helper()
	a, err := w.Arrive(t.Context(), load.Request{Model: claude, Key: []byte(key), Input: input, MaxTokens: most, Burndown: 5})
	if refusal, ok := errors.AsType[*load.Refusal](err); ok {
		return nil, refusal
	}
	if err != nil {
		t.Fatal(err)
	}
	return a, nil
}

// TestTokens follows the documentation's account of one bucket. At the start
// the prompt and max_tokens are deducted. At the end the charge is the prompt
// without its cached part, and five times the answer.
func TestTokens(t *testing.T) {
	w, clock := bare(t, load.Model{Tokens: 6000})
	a, refusal := arrive(t, w, "a", 1000, 4000) // 1000 left
	if refusal != nil {
		t.Fatal(refusal)
	}
	if _, refusal = arrive(t, w, "b", 1000, 1); refusal == nil {
		t.Fatal("1001 tokens fit into 1000")
	}
	want := load.Refusal{Code: "ThrottlingException", Message: "Too many tokens, please wait before trying again.", RetryAfter: 10 * time.Millisecond}
	if *refusal != want { // 6000 a minute are one in 10 ms
		t.Errorf("refused with %+v, want %+v", *refusal, want)
	}
	a.Done(load.Usage{Input: 1000, CacheRead: 600, Output: 100}) // 400 + 500 used: 5100 left
	a.Done(load.Usage{Input: 1000, Output: 1000})                // not a second time
	if b, refusal := arrive(t, w, "b", 5000, 100); refusal != nil {
		t.Error(refusal)
	} else {
		b.Fail(load.Usage{Input: 5000, Output: 400}) // 7000 used: 1900 in debt
	}
	if _, refusal = arrive(t, w, "c", 0, 0); refusal == nil || refusal.RetryAfter != 19*time.Second {
		t.Errorf("with a debt of 1900: %+v", refusal)
	}
	clock.Advance(19 * time.Second)
	if _, refusal = arrive(t, w, "c", 0, 0); refusal != nil {
		t.Error(refusal)
	}
	clock.Advance(time.Hour)
	if _, refusal = arrive(t, w, "d", 6001, 0); refusal == nil || refusal.RetryAfter != time.Minute {
		t.Errorf("more than there is in a minute: %+v", refusal)
	}
	if _, refusal = arrive(t, w, "d", 6000, 0); refusal != nil {
		t.Errorf("a full bucket: %+v", refusal)
	}
	s := w.Report().Total
	if s.Attempts != 7 || s.Retries != 3 || s.Answered != 1 || s.ThrottledTokens != 3 || s.Failed != 1 || s.Open != 2 || s.Burned != 900+7000 || s.Reserved != 5000+5100+6000 {
		t.Errorf("the report has %+v", s)
	}
}

func TestRequests(t *testing.T) {
	w, clock := bare(t, load.Model{Requests: 3})
	for i := range 3 {
		if _, refusal := arrive(t, w, fmt.Sprint(i), 1e6, 1e6); refusal != nil {
			t.Fatal(refusal)
		}
	}
	_, refusal := arrive(t, w, "3", 1, 1)
	want := load.Refusal{Code: "ThrottlingException", Message: "Too many requests, please wait before trying again.", RetryAfter: 20 * time.Second}
	if refusal == nil || *refusal != want {
		t.Errorf("refused with %+v, want %+v", refusal, want)
	}
	clock.Advance(20*time.Second - 1)
	if _, refusal := arrive(t, w, "3", 1, 1); refusal == nil || refusal.RetryAfter != 1 {
		t.Errorf("a nanosecond too early: %+v", refusal)
	}
	clock.Advance(1)
	if _, refusal := arrive(t, w, "3", 1, 1); refusal != nil {
		t.Error(refusal)
	}
	if _, err := w.Arrive(t.Context(), load.Request{Model: "eu.anthropic.other", Key: []byte("x")}); err != nil {
		t.Errorf("another model id has quotas of its own: %v", err)
	}
	w.Reset()
	if _, refusal := arrive(t, w, "3", 1, 1); refusal != nil {
		t.Errorf("after a reset: %v", refusal)
	}
	if n := w.Report().Total.Attempts; n != 1 {
		t.Errorf("after a reset the report knows %d attempts", n)
	}
}

// TestModels checks the order in which options are looked up: by the id as it
// is called, then without its geography, then the default.
func TestModels(t *testing.T) {
	w, _ := bare(t, load.Model{}, func(o *load.Options) {
		o.Models = map[string]load.Model{"eu.amazon.nova-lite-v1:0": {Tokens: 10}, "amazon.nova-lite-v1:0": {Tokens: 20}}
	})
	for id, most := range map[string]int{"eu.amazon.nova-lite-v1:0": 10, "us.amazon.nova-lite-v1:0": 20, "amazon.nova-lite-v1:0": 20, claude: 1e6} {
		if _, err := w.Arrive(t.Context(), load.Request{Model: id, Input: most}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if _, err := w.Arrive(t.Context(), load.Request{Model: id, Input: 1}); (err == nil) != (id == claude) {
			t.Errorf("%s with one more: %v", id, err)
		}
	}
}

// TestTime checks that the first token arrives after a second, and ten tokens a
// second after that. Both are slower by half in the trough of a wave.
func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := load.New(load.Options{Spread: -1, Default: load.Model{FirstToken: time.Second, Speed: 10}})
		if err != nil {
			t.Fatal(err)
		}
		came := time.Now()
		a, _ := arrive(t, w, "a", 1, 1)
		if err := a.Begin(t.Context()); err != nil || time.Since(came) != time.Second {
			t.Errorf("the first token came after %v (%v)", time.Since(came), err)
		}
		if err := a.Pace(t.Context(), 25); err != nil || time.Since(came) != 3500*time.Millisecond {
			t.Errorf("25 tokens came after %v (%v)", time.Since(came), err)
		}
		if err := a.Pace(t.Context(), 10); err != nil || time.Since(came) != 3500*time.Millisecond {
			t.Errorf("10 tokens, which were there, took until %v (%v)", time.Since(came), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := a.Pace(ctx, 1000); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a client that left: %v", err)
		}
		a.Done(load.Usage{Output: 25})
		r := w.Report()
		if r.Total.FirstToken.Max != 1 || r.Total.Latency.Max != 4.5 || r.Elapsed != 4.5 {
			t.Errorf("the report has %+v", r.Total)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w, err := load.New(load.Options{Seed: 3, Spread: -1, Default: load.Model{FirstToken: time.Second,
			Waves: []load.Wave{{Period: time.Minute, Phase: 30 * time.Second, Depth: 0.5}}}})
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for i := range 1000 { // all at the trough
			a, refusal := arrive(t, w, fmt.Sprint(i), 1, 1)
			if refusal == nil {
				defer a.Done(load.Usage{})
				continue
			}
			if refused++; refusal.Code != "ServiceUnavailableException" || refusal.Message != "Bedrock is unable to process your request." {
				t.Fatalf("refused with %+v", refusal)
			}
		}
		if math.Abs(float64(refused)-500) > 50 {
			t.Errorf("%d of 1000 were refused, want about half", refused)
		}
		for i := range 100 {
			came := time.Now()
			if a, refusal := arrive(t, w, fmt.Sprint("late ", i), 1, 1); refusal == nil {
				if a.Begin(t.Context()); time.Since(came) != 2*time.Second {
					t.Errorf("the first token came after %v", time.Since(came))
				}
				return
			}
		}
		t.Error("everybody was refused")
	})
}

// TestJitter checks that the delays drawn have the mean and the width asked
// for.
func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := load.New(load.Options{Spread: -1, Default: load.Model{FirstToken: time.Second, Jitter: 0.4}})
		if err != nil {
			t.Fatal(err)
		}
		var sum, least, most time.Duration
		for i := range 1000 {
			came := time.Now()
			a, _ := arrive(t, w, fmt.Sprint(i), 1, 1)
			_ = a.Begin(t.Context())
			d := time.Since(came)
			a.Done(load.Usage{})
			sum += d
			most = max(most, d)
			if least == 0 || d < least {
				least = d
			}
		}
		mean := sum / 1000
		if mean < 970*time.Millisecond || mean > 1030*time.Millisecond || least < 600*time.Millisecond || least > 610*time.Millisecond ||
			most > 1400*time.Millisecond || most < 1390*time.Millisecond {
			t.Errorf("mean %v, from %v to %v", mean, least, most)
		}
	})
}

// TestSeed sends bursts whose goroutines arrive in any order. One seed must
// give the same bytes each time, and another seed different ones.
func TestSeed(t *testing.T) {
	run := func(seed uint64) (text, plot string) {
		synctest.Test(t, func(t *testing.T) {
			w, err := load.New(load.Options{Seed: seed, Default: load.Model{Requests: 600, Tokens: 60_000, FirstToken: 300 * time.Millisecond,
				Speed: 50, Jitter: 0.5, Waves: []load.Wave{{Period: 20 * time.Second, Depth: 0.3}}}})
			if err != nil {
				t.Fatal(err)
			}
			for second := range 30 {
				for i := range 20 { // at one moment
					go func() {
						for range 3 {
							a, err := w.Arrive(t.Context(), load.Request{Model: claude, Key: fmt.Append(nil, second, i), Input: 100, MaxTokens: 100 + i, Burndown: 5})
							if err != nil {
								time.Sleep(time.Second)
								continue
							}
							_ = a.Pace(t.Context(), 10*i)
							a.Done(load.Usage{Input: 100, Output: 10 * i})
							return
						}
					}()
				}
				time.Sleep(time.Second)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			r := w.Report()
			text, plot = r.String()+string(r.JSON()), string(r.SVG())
		})
		return text, plot
	}
	text, plot := run(1)
	for range 3 {
		if again, plotAgain := run(1); again != text || plotAgain != plot {
			t.Fatalf("the reports of a seed differ:\n%s\n%s", text, again)
		}
	}
	if other, _ := run(2); other == text {
		t.Error("the reports of two seeds are the same")
	}
}

func TestReport(t *testing.T) {
	w, clock := bare(t, load.Model{Requests: 60})
	for i := range 200 {
		if a, _ := arrive(t, w, fmt.Sprint(i), 10, 10); a != nil {
			clock.Advance(time.Duration(i) * time.Millisecond)
			a.Done(load.Usage{Input: 10, CacheRead: 4, CacheWrite: 2, Output: 3})
		}
	}
	clock.Advance(time.Hour)
	r := w.Report()
	var back load.Report
	if err := json.Unmarshal(r.JSON(), &back); err != nil {
		t.Fatal(err)
	}
	if again := (&back).JSON(); string(again) != string(r.JSON()) {
		t.Error("the JSON of a report does not come back")
	}
	if len(r.Series) > 600 {
		t.Errorf("the series has %d points", len(r.Series))
	}
	var attempts, answered, refused int
	for _, p := range r.Series {
		attempts, answered, refused = attempts+p.Attempts, answered+p.Answered, refused+p.Refused
	}
	s := r.Total
	if attempts != s.Attempts || answered != s.Answered || refused != s.ThrottledRequests || s.Attempts != 200 || s.Answered+s.ThrottledRequests != 200 {
		t.Errorf("the series has %d, %d, %d, the total %+v", attempts, answered, refused, s)
	}
	if s.Burned != int64(s.Answered)*(10-4+3*5) || s.CacheRead != int64(s.Answered)*4 || s.CacheWrite != int64(s.Answered)*2 {
		t.Errorf("tokens: %+v", s)
	}
	d := xml.NewDecoder(strings.NewReader(string(r.SVG())))
	elements := map[string]int{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			elements[e.Name.Local]++
		}
	}
	if elements["polyline"] != 3 || elements["title"] != 1 {
		t.Errorf("the plot has %v", elements)
	}
	if plot := string(r.SVG()); strings.Contains(plot, "%!") || strings.Contains(r.String(), "%!") {
		t.Errorf("a verb has no value:\n%s", plot)
	}
	empty, _ := bare(t, load.Model{})
	if r := empty.Report(); r.String() == "" || len(r.SVG()) == 0 || strings.Contains(string(r.JSON()), "NaN") {
		t.Error("the report of nothing is none")
	}
}

// TestPlot reads the line of the answers from the plot: one answer a second for
// four seconds, then two.
func TestPlot(t *testing.T) {
	w, clock := bare(t, load.Model{})
	for i, step := range []time.Duration{0, 1000, 1000, 1000, 1000, 500, 500, 500} {
		clock.Advance(step * time.Millisecond)
		a, _ := arrive(t, w, fmt.Sprint(i), 1, 1)
		a.Done(load.Usage{})
	}
	// 8 answers in the seconds 0 to 5: 1, 1, 1, 1, 2, 2. The plot is 800 pixels
	// wide from 60 on, and 260 high from 310 up, which are two a second.
	want := `points="126.7,180.0 260.0,180.0 393.3,180.0 526.7,180.0 660.0,50.0 793.3,50.0 "`
	if plot := string(w.Report().SVG()); strings.Count(plot, want) != 2 {
		t.Errorf("load and goodput are not %s in\n%s", want, plot)
	}
}

// TestPercentiles checks that percentiles are at most 1.6 percent above the
// nearest rank.
func TestPercentiles(t *testing.T) {
	w, clock := bare(t, load.Model{})
	for i := range 1000 {
		a, _ := arrive(t, w, fmt.Sprint(i), 1, 1)
		clock.Advance(time.Duration(i+1) * time.Millisecond)
		a.Done(load.Usage{})
	}
	p := w.Report().Total.Latency
	for _, c := range []struct{ got, want float64 }{{p.P50, 0.5}, {p.P90, 0.9}, {p.P99, 0.99}} {
		if c.got < c.want || c.got > c.want*1.016 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if p.Max != 1 {
		t.Errorf("the longest is %v", p.Max)
	}
}

func TestInvalid(t *testing.T) {
	for want, m := range map[string]load.Model{
		"Default.Requests must be from 0 to 50000000":    {Requests: -1},
		"Default.Tokens must be from 0 to 50000000":      {Tokens: 50_000_001},
		"Default.Burndown must be from 0 to 100":         {Burndown: 101},
		"Default.FirstToken must be zero or more":        {FirstToken: -1},
		"Default.Speed must be from 0 to 1e9":            {Speed: math.NaN()},
		"Default.Jitter must be from 0 to 1":             {Jitter: 1.1},
		"Default.Waves[0].Period must be more than zero": {Waves: []load.Wave{{}}},
		"Default.Waves[1].Depth must be from 0 to 1":     {Waves: []load.Wave{{Period: 1}, {Period: 1, Depth: 2}}},
	} {
		_, err := load.New(load.Options{Default: m})
		if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := load.New(load.Options{Models: map[string]load.Model{"x": {Tokens: -1}}}); err == nil || !strings.Contains(err.Error(), `Models["x"].Tokens`) {
		t.Errorf("got %v", err)
	}
	w, _ := bare(t, load.Model{})
	if _, err := w.Arrive(t.Context(), load.Request{Input: -1}); err == nil {
		t.Error("a prompt of less than nothing")
	}
}

// TestManual checks that callers wake when the clock is moved, and not before.
func TestManual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := load.NewManual(start)
		woken := make(chan int, 2)
		for _, n := range []int{1, 2} {
			go func() {
				if clock.Sleep(t.Context(), time.Duration(n)*time.Second) == nil {
					woken <- n
				}
			}()
		}
		synctest.Wait()
		clock.Advance(time.Second)
		synctest.Wait()
		if len(woken) != 1 || <-woken != 1 {
			t.Error("the first was not woken alone")
		}
		clock.Advance(-time.Hour)
		if !clock.Now().Equal(start.Add(time.Second)) {
			t.Errorf("the clock stands at %v", clock.Now())
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("a canceled wait: %v", err)
		}
		clock.Advance(time.Second)
		synctest.Wait()
		if len(woken) != 1 {
			t.Error("the second was not woken")
		}
	})
}
