package runnable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A gauge counts how many calls go on at once.
type gauge struct{ now, most, total atomic.Int32 }

func (g *gauge) enter() {
	g.total.Add(1)
	for n := g.now.Add(1); ; {
		most := g.most.Load()
		if n <= most || g.most.CompareAndSwap(most, n) {
			return
		}
	}
}

func (g *gauge) leave() { g.now.Add(-1) }

// slow sleeps for n seconds and returns 10n; it fails for negative n, at once.
func slow(g *gauge) runnable.Runnable[int, int] {
	return runnable.Func(func(ctx context.Context, n int) (int, error) {
		g.enter()
		defer g.leave()
		if n < 0 {
			return 0, fmt.Errorf("%d: %w", n, errBoom)
		}
		select {
		case <-time.After(time.Duration(n) * time.Second):
			return 10 * n, nil
		case <-ctx.Done():
			time.Sleep(time.Second) // takes its time to end
			return 0, ctx.Err()
		}
	})
}

func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		start := time.Now()
		out := runnable.Batch(t.Context(), slow(&g), []int{3, -1, 1, -2, 2, 3}, 2)
		var got []string
		for _, o := range out {
			got = append(got, fmt.Sprint(o.Value, o.Err))
		}
		diff(t, "outcomes", got, []string{"30 <nil>", "0 [1]: -1: boom", "10 <nil>", "0 [3]: -2: boom", "20 <nil>", "30 <nil>"})
		if g.most.Load() != 2 {
			t.Errorf("%d calls at once, want 2", g.most.Load())
		}
		// 3 beside 1+2, then 3.
		if took := time.Since(start); took != 6*time.Second {
			t.Errorf("took %v, want 6s", took)
		}
		if !errors.Is(out[1].Err, errBoom) {
			t.Errorf("error = %v, want it to unwrap to its cause", out[1].Err)
		}
	})
}

func TestBatchEmptyAndDefaultLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		if out := runnable.Batch(t.Context(), slow(&g), nil, 0); len(out) != 0 {
			t.Errorf("outcomes of nothing = %v, want none", out)
		}
		in := make([]int, 50)
		for i := range in {
			in[i] = 1
		}
		runnable.Batch(t.Context(), slow(&g), in, 0)
		if g.most.Load() != 8 || g.total.Load() != 50 {
			t.Errorf("%d calls, %d at once, want 50 and 8", g.total.Load(), g.most.Load())
		}
	})
}

// Cancelling waits for what was started, and starts nothing more.
func TestBatchCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var g gauge
		start := time.Now()
		out := runnable.Batch(ctx, slow(&g), []int{1, 100, 100, 100}, 2)
		if took := time.Since(start); took != 6*time.Second {
			t.Errorf("took %v, want the 5s of the context and the second that a call takes to end", took)
		}
		if g.total.Load() != 3 || g.now.Load() != 0 {
			t.Errorf("%d calls started, %d not ended, want 3 and 0", g.total.Load(), g.now.Load())
		}
		if out[0].Value != 10 || out[0].Err != nil {
			t.Errorf("outcome 0 = %v, want 10", out[0])
		}
		for i, o := range out[1:] {
			wantError(t, o.Err, context.DeadlineExceeded, fmt.Sprintf("[%d]: ", i+1))
		}
		wantError(t, out[3].Err, model.ErrDeadline, "")
	})
}

func TestMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		got, err := runnable.Map(slow(&g), 2).Invoke(t.Context(), []int{3, 1, 2})
		diff(t, "outputs", got, []int{30, 10, 20})
		if err != nil || g.most.Load() != 2 {
			t.Errorf("error %v, %d at once; want none, 2", err, g.most.Load())
		}
		if got, err := runnable.Map(slow(&g), 2).Invoke(t.Context(), nil); len(got) != 0 || err != nil {
			t.Errorf("Map of nothing = %v, %v, want nothing", got, err)
		}
	})
}

// Once the context has ended, no further item is begun.
func TestMapCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := 0
		deaf := runnable.Func(func(context.Context, int) (int, error) {
			begun++
			time.Sleep(3 * time.Second)
			return 0, nil
		})
		_, err := runnable.Map(deaf, 1).Invoke(ctx, make([]int, 10))
		wantError(t, err, context.DeadlineExceeded, "[2]: ")
		if begun != 2 {
			t.Errorf("%d items were begun, want 2", begun)
		}
	})
}

// The first failure ends the others, which are waited for.
func TestFailureEndsTheOthers(t *testing.T) {
	late := runnable.Func(func(ctx context.Context, _ int) (int, error) {
		time.Sleep(time.Second)
		return 0, errBoom
	})
	for name, build := range map[string]func(g *gauge) runnable.Runnable[int, []int]{
		"Parallel": func(g *gauge) runnable.Runnable[int, []int] { return runnable.Parallel(slow(g), late) },
		"Join": func(g *gauge) runnable.Runnable[int, []int] {
			return runnable.Join(slow(g), late, func(a, b int) []int { return []int{a, b} })
		},
		"Map": func(g *gauge) runnable.Runnable[int, []int] {
			items := runnable.Func(func(context.Context, int) ([]int, error) { return []int{100, 1, 100}, nil })
			return runnable.Pipe(items, runnable.Map(runnable.Branch(func(_ context.Context, n int) (runnable.Runnable[int, int], error) {
				if n == 1 {
					return late, nil
				}
				return slow(g), nil
			}), 2))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var g gauge
			start := time.Now()
			_, err := build(&g).Invoke(t.Context(), 100)
			wantError(t, err, errBoom, "[1]: boom")
			if took := time.Since(start); took != 2*time.Second || g.now.Load() != 0 || g.total.Load() != 1 {
				t.Errorf("%s: took %v with %d of %d calls not ended, want 2s, 0 of 1", name, took, g.now.Load(), g.total.Load())
			}
		})
	}
}

func TestParallelAndJoin(t *testing.T) {
	got, err := runnable.Parallel(add(1), add(2), add(3)).Invoke(t.Context(), 10)
	diff(t, "Parallel", got, []int{11, 12, 13})
	text := runnable.Func(func(_ context.Context, n int) (string, error) { return fmt.Sprint(n), nil })
	join, err2 := runnable.Join(text, add(1), func(a string, b int) string { return fmt.Sprint(a, "/", b) }).Invoke(t.Context(), 10)
	diff(t, "Join", join, "10/11")
	if err != nil || err2 != nil {
		t.Error(err, err2)
	}
}

// A panic in a branch comes out where the step was called, after the others
// have ended, as it would if they ran one after the other.
func TestPanicInABranch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		start := time.Now()
		panics := runnable.Func(func(context.Context, int) (int, error) {
			time.Sleep(time.Second)
			panic(errBoom)
		})
		defer func() {
			p, ok := recover().(*runnable.PanicError)
			if !ok || p.Value != errBoom || !errors.Is(p, errBoom) || !strings.Contains(p.Error(), "TestPanicInABranch") {
				t.Errorf("recovered %v, want a PanicError of the branch with its stack", p)
			}
			if took := time.Since(start); g.now.Load() != 0 || took > 10*time.Second {
				t.Errorf("%d calls have not ended after %v", g.now.Load(), took)
			}
		}()
		// Nested, so that it passes through two groups.
		runnable.Parallel(slow(&g), runnable.Pipe(runnable.Parallel(panics, slow(&g)), runnable.Func(
			func(context.Context, []int) (int, error) { return 0, nil }))).Invoke(t.Context(), 100)
		t.Error("Invoke returned")
	})
}

// A runtime.Goexit, as of t.FailNow, ends the goroutine that called the step.
func TestGoexitInABranch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		exits := runnable.Func(func(context.Context, int) (int, error) { runtime.Goexit(); return 0, nil })
		returned := make(chan bool, 1)
		go func() {
			done := false
			defer func() { returned <- done }()
			runnable.Batch(t.Context(), runnable.Branch(func(_ context.Context, n int) (runnable.Runnable[int, int], error) {
				if n == 7 {
					return exits, nil
				}
				return slow(&g), nil
			}), []int{100, 7, 100, 100}, 2)
			done = true
		}()
		if <-returned || g.now.Load() != 0 {
			t.Errorf("Batch returned, or %d calls have not ended", g.now.Load())
		}
	})
}

// Events of concurrent branches reach the loop one at a time, on the goroutine
// that ranges, in order within a branch, while the branches go on.
func TestConcurrentEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fake.New(fake.Text("a b c").After(time.Second).Every(time.Second).Always())
		chain := runnable.Named("all", runnable.Map(talk(m), 3))
		start := time.Now()
		self := goroutine()
		pieces := map[string][]string{}
		inside := false
		for ev, err := range runnable.Stream(t.Context(), chain, []string{"x", "y", "z"}).Events() {
			if err != nil {
				t.Fatal(err)
			}
			if goroutine() != self || inside {
				t.Fatal("the loop body runs on another goroutine, or twice at once")
			}
			inside = true
			runtime.Gosched()
			if ev.Kind == model.EventText {
				pieces[ev.Step] = append(pieces[ev.Step], fmt.Sprint(time.Since(start), ev.Text))
			}
			inside = false
		}
		want := []string{"1sa", "2s b", "3s c"}
		diff(t, "pieces", pieces, map[string][]string{"all[0]/model": want, "all[1]/model": want, "all[2]/model": want})
	})
}

// goroutine returns the id of the current goroutine.
func goroutine() string {
	var b [64]byte
	return strings.Fields(string(b[:runtime.Stack(b[:], false)]))[1]
}
