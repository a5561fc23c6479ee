package runnable_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

//go:noinline
func increment(_ context.Context, n int) (int, error) { return n + 1, nil }

func tenStages() runnable.Runnable[int, int] {
	r := runnable.Func(increment)
	for range 9 {
		r = runnable.Pipe(r, runnable.Func(increment))
	}
	return r
}

// nested calls f ten times, the way somebody would write it by hand.
func nested(ctx context.Context, n int) (int, error) {
	var err error
	for range 10 {
		if n, err = increment(ctx, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// BenchmarkPipe compares a pipe of ten stages to ten calls by hand. The
// difference by ten is what a stage costs.
func BenchmarkPipe(b *testing.B) {
	ctx := b.Context()
	b.Run("by=hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if n, err := nested(ctx, 0); n != 10 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("by=pipe", func(b *testing.B) {
		chain := tenStages()
		b.ReportAllocs()
		for b.Loop() {
			if n, err := chain.Invoke(ctx, 0); n != 10 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("by=named", func(b *testing.B) { // every stage named
		chain := runnable.Named("0", runnable.Func(increment))
		for i := range 9 {
			chain = runnable.Pipe(chain, runnable.Named(strconv.Itoa(i+1), runnable.Func(increment)))
		}
		b.ReportAllocs()
		for b.Loop() {
			if n, err := chain.Invoke(ctx, 0); n != 10 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
}

func thousandDeltas() *script {
	m := says(strings.Repeat("word ", 1000))
	m.piece = 5
	return m
}

// BenchmarkStream compares ranging over a chain of prompt, model and text to
// ranging over the model's own stream of 1,000 deltas.
func BenchmarkStream(b *testing.B) {
	m := thousandDeltas()
	b.Run("by=model", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for ev, err := range m.Stream(b.Context(), ask("go")).Events() {
				if err != nil {
					b.Fatal(err)
				}
				n += len(ev.Text)
			}
			if n != 5000 {
				b.Fatal(n)
			}
		}
	})
	b.Run("by=chain", func(b *testing.B) {
		prompt := runnable.Func(func(_ context.Context, text string) (*model.Request, error) { return ask(text), nil })
		chain := runnable.Pipe3(prompt, runnable.Model(m), runnable.Text())
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for ev, err := range runnable.Stream(b.Context(), chain, "go").Events() {
				if err != nil {
					b.Fatal(err)
				}
				n += len(ev.Text)
			}
			if n != 5000 {
				b.Fatal(n)
			}
		}
	})
}

// BenchmarkBatch compares a Batch of 1,000 inputs, 16 at a time, to errgroup
// by hand.
func BenchmarkBatch(b *testing.B) {
	in := make([]int, 1000)
	work := func(_ context.Context, n int) (int, error) {
		for range 1000 {
			n = n*31 + 7
		}
		return n, nil
	}
	r := runnable.Func(work)
	b.Run("by=hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out := make([]runnable.Outcome[int], len(in))
			var g errgroup.Group
			g.SetLimit(16)
			for i := range in {
				g.Go(func() error {
					out[i].Value, out[i].Err = r.Invoke(b.Context(), in[i])
					return nil
				})
			}
			g.Wait()
		}
	})
	b.Run("by=batch", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			runnable.Batch(b.Context(), r, in, 16)
		}
	})
}
