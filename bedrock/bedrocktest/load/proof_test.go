package load_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
)

// A flood sends 50 requests a second by the world's clock, and has at most 50
// unanswered.
type flood struct {
	testing.TB
	world *load.World
	clock *load.Manual
	open  [50]*load.Attempt
	sent  int
}

func newFlood(tb testing.TB) *flood {
	f := &flood{TB: tb}
	f.world, f.clock = bare(tb, load.Model{Requests: 2400, Tokens: 600_000, Jitter: 0.3, Waves: []load.Wave{{Period: time.Minute, Depth: 0.1}}})
	return f
}

// send sends a request, and ends the one that was sent 50 before.
func (f *flood) send() {
	f.clock.Advance(20 * time.Millisecond)
	place := &f.open[f.sent%len(f.open)]
	if *place != nil {
		(*place).Done(load.Usage{Input: 200, CacheRead: 50, Output: 40})
	}
	*place, _ = arrive(f, f.world, strconv.Itoa(f.sent), 200, 400)
	f.sent++
}

func flooded(t *testing.T, n int) *load.Report {
	f := newFlood(t)
	for range n {
		f.send()
	}
	return f.world.Report()
}

// TestDecisions runs the engine alone on ten hours of 50 requests a second with
// CHATMODEL_FULL, and on six minutes of them without. However long it runs, no
// more gets through than the quotas allow.
func TestDecisions(t *testing.T) {
	n := 18_000
	if os.Getenv("CHATMODEL_FULL") != "" {
		n = 1_800_000
	}
	began := time.Now()
	first := flooded(t, n)
	t.Logf("%d decisions in %v", n, time.Since(began))
	minutes := float64(n) / 50 / 60
	s := first.Total
	if through := float64(s.Answered + s.Open); through > 2400*(minutes+1) || through < 2000*minutes && s.ThrottledTokens == 0 {
		t.Errorf("%v of %d came through in %v minutes", through, n, minutes)
	}
	if burned := float64(s.Burned); burned > 600_000*(minutes+1) {
		t.Errorf("%v tokens were burned in %v minutes", burned, minutes)
	}
	if s.Burned != int64(s.Answered)*(150+40*5) || s.Attempts != n || s.Answered+s.Open+s.ThrottledRequests+s.ThrottledTokens+s.Unavailable != n {
		t.Errorf("the report has %+v", s)
	}
	if again := flooded(t, n); string(again.JSON()) != string(first.JSON()) {
		t.Error("the same requests have another report")
	}
}

// BenchmarkDecisions measures what a request costs the engine, from its arrival
// to its settlement.
func BenchmarkDecisions(b *testing.B) {
	f := newFlood(b)
	b.ReportAllocs()
	for b.Loop() {
		f.send()
	}
}
