package runnable_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// compare runs both functions by turns, so that whatever else the machine does
// hits both, and reports their medians and the ratio of these.
func compare(b *testing.B, hand, ours func(b *testing.B)) {
	times := [2][]time.Duration{}
	for b.Loop() {
		for i, f := range []func(b *testing.B){hand, ours} {
			start := time.Now()
			f(b)
			times[i] = append(times[i], time.Since(start))
		}
	}
	var medians [2]float64
	for i := range times {
		slices.Sort(times[i])
		medians[i] = float64(times[i][len(times[i])/2])
	}
	b.ReportMetric(medians[0], "ns/hand")
	b.ReportMetric(medians[1], "ns/ours")
	b.ReportMetric(medians[1]/medians[0], "ratio")
}

//go:noinline
func increment(_ context.Context, n int) (int, error) { return n + 1, nil }

// nested calls increment ten times, the way somebody would write it by hand.
func nested(ctx context.Context, n int) (int, error) {
	var err error
	for range 10 {
		if n, err = increment(ctx, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func tenStages(name func(stage int) string) runnable.Runnable[int, int] {
	chain := runnable.Named(name(0), runnable.Func(increment))
	for i := range 9 {
		chain = runnable.Pipe(chain, runnable.Named(name(i+1), runnable.Func(increment)))
	}
	return chain
}

// BenchmarkPipe compares a pipe of ten stages, built once, with ten calls by
// hand. A sample is 1,000 invocations, so the difference divided by 10,000 is
// what a stage costs on top of its call.
func BenchmarkPipe(b *testing.B) {
	repeat := func(f func(context.Context, int) (int, error)) func(b *testing.B) {
		return func(b *testing.B) {
			ctx := b.Context()
			for range 1000 {
				if n, err := f(ctx, 0); n != 10 || err != nil {
					b.Fatal(n, err)
				}
			}
		}
	}
	run := func(b *testing.B, chain runnable.Runnable[int, int]) {
		b.ReportAllocs()
		compare(b, repeat(nested), repeat(chain.Invoke))
	}
	b.Run("unnamed", func(b *testing.B) { run(b, tenStages(func(int) string { return "" })) })
	b.Run("named", func(b *testing.B) { run(b, tenStages(strconv.Itoa)) })
}

// BenchmarkStream compares ranging over a chain of three steps with ranging
// over the model's own stream of 1,000 deltas.
func BenchmarkStream(b *testing.B) {
	text := strings.Repeat("word ", 1000)
	b.Run("fake", func(b *testing.B) { compareStreams(b, fake.New(fake.Text(text).Pieces(5).Always())) })
	b.Run("bare", func(b *testing.B) { compareStreams(b, bare(text)) })
}

// bare is the model whose events cost the least: it does nothing but emit.
type bare string

func (m bare) Generate(context.Context, *model.Request) (*model.Response, error) {
	return &model.Response{Message: model.Assistant(string(m))}, nil
}

func (m bare) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		for i := 0; i < len(m); i += 5 {
			if !emit(model.Event{Kind: model.EventText, Text: string(m[i : i+5])}) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish})
		return nil
	})
}

func compareStreams(b *testing.B, m model.ChatModel) {
	chain := talk(m)
	b.ReportAllocs()
	compare(b,
		func(b *testing.B) {
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
		},
		func(b *testing.B) {
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
		})
}

// BenchmarkBatch compares a Batch of 1,000 inputs, 16 at a time, with errgroup
// by hand.
func BenchmarkBatch(b *testing.B) {
	in := make([]int, 1000)
	r := runnable.Func(func(_ context.Context, n int) (int, error) {
		for range 1000 {
			n = n*31 + 7
		}
		return n, nil
	})
	b.ReportAllocs()
	compare(b,
		func(b *testing.B) {
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
		},
		func(b *testing.B) { runnable.Batch(b.Context(), r, in, 16) })
}
