package runnable_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type step = runnable.Runnable[string, string]

// combinators makes chains of chains, one way for every combinator. A chain is
// a function, so that each run gets models with their scripts unplayed.
var combinators = map[string]func(r *rand.Rand, a, b func() step) func() step{
	"Pipe": func(_ *rand.Rand, a, b func() step) func() step {
		return func() step { return runnable.Pipe(a(), b()) }
	},
	"Pipe3": func(_ *rand.Rand, a, b func() step) func() step {
		return func() step { return runnable.Pipe3(a(), b(), a()) }
	},
	"Pipe4": func(_ *rand.Rand, a, b func() step) func() step {
		return func() step { return runnable.Pipe4(a(), runnable.Passthrough[string](), b(), a()) }
	},
	"Func": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step { return runnable.Func(a().Invoke) }
	},
	"Named": func(r *rand.Rand, a, _ func() step) func() step {
		name := fmt.Sprint("n", r.IntN(10))
		return func() step { return runnable.Named(name, a()) }
	},
	"Quiet": func(_ *rand.Rand, a, _ func() step) func() step { return func() step { return runnable.Quiet(a()) } },
	"Assign": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step { return runnable.Assign(a(), func(in, out string) string { return in + "=" + out }) }
	},
	"Join": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step { // one side fails at most, so that the error is always the same
			return runnable.Join(a(), runnable.Passthrough[string](), func(a, b string) string { return a + "&" + b })
		}
	},
	"Parallel": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			return runnable.Pipe(runnable.Parallel(runnable.Passthrough[string](), a()), joined("|"))
		}
	},
	"Map": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			words := runnable.Func(func(_ context.Context, s string) ([]string, error) { return []string{s}, nil })
			return runnable.Pipe3(words, runnable.Map(a(), 2), joined(","))
		}
	},
	"Batch": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			inner := a()
			return runnable.Func(func(ctx context.Context, in string) (string, error) {
				var b strings.Builder
				for _, o := range runnable.Batch(ctx, inner, []string{in, in + "'", in + "''"}, 2) {
					fmt.Fprint(&b, o.Value, o.Err, ";")
				}
				return b.String(), nil
			})
		}
	},
	"Branch": func(_ *rand.Rand, a, b func() step) func() step {
		return func() step {
			left, right := a(), b()
			return runnable.Branch(func(_ context.Context, in string) (step, error) {
				if len(in)%2 == 0 {
					return left, nil
				}
				return right, nil
			})
		}
	},
	"Retry": func(r *rand.Rand, a, _ func() step) func() step {
		failures := r.IntN(3) // fewer than attempts, so that it does not matter whose they are
		return func() step {
			var left atomic.Int32
			left.Store(int32(failures))
			return runnable.Retry(runnable.Pipe(runnable.Func(func(_ context.Context, in string) (string, error) {
				if left.Add(-1) >= 0 {
					return "", &model.Error{Kind: model.ErrThrottled}
				}
				return in, nil
			}), a()), &model.RetryOptions{MinDelay: 1, MaxDelay: 1})
		}
	},
	"Fallback": func(_ *rand.Rand, a, b func() step) func() step {
		return func() step {
			return runnable.Fallback(failing[string, string](errBoom), runnable.Quiet(a()), b())
		}
	},
	"Timeout": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step { return runnable.Timeout(a(), time.Hour) }
	},
	"Model": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step { return runnable.Pipe(talk(echo()), a()) }
	},
	"Prompt": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			p := runnable.Must(runnable.NewPrompt[string](runnable.System("sys"), runnable.User("say {{.}}")))
			return runnable.Pipe(runnable.Pipe3(p, runnable.Model(echo()), runnable.Text()), a())
		}
	},
	"Structured": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			m := fake.New(fake.Text(`{"value":"structured"}`).Always())
			s := runnable.Must(runnable.Structured[string](m, nil))
			return runnable.Pipe(a(), runnable.Pipe(asking(), s))
		}
	},
	"JSON": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			m := fake.New(fake.Text("```json\n[\"x\",\"y\"]\n```").Always())
			return runnable.Pipe(a(), runnable.Pipe(runnable.Pipe3(asking(), runnable.Model(m), runnable.JSON[[]string]()), joined("")))
		}
	},
	"ToolLoop": func(_ *rand.Rand, a, _ func() step) func() step {
		return func() step {
			inner := a()
			type input struct{ Text string }
			tool := runnable.Must(runnable.NewTool("inner", "", func(ctx context.Context, in input) (string, error) { return inner.Invoke(ctx, in.Text) }))
			m := fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
				if len(req.Messages) > 1 {
					return &model.Response{Message: model.Assistant("end")}, nil
				}
				call := fake.Call("inner", `{"Text":"t"}`)
				call.ID = "1"
				return &model.Response{Message: model.AssistantParts(call)}, nil
			}).Always())
			loop := runnable.ToolLoop(m, runnable.Must(runnable.NewToolSet([]runnable.Tool{tool}, nil)), nil)
			show := runnable.Func(func(_ context.Context, c *runnable.Conversation) (string, error) { return fmt.Sprint(c.Messages), nil })
			return runnable.Pipe3(asking(), loop, show)
		}
	},
}

func joined(sep string) runnable.Runnable[[]string, string] {
	return runnable.Func(func(_ context.Context, all []string) (string, error) { return strings.Join(all, sep), nil })
}

// leaves are the steps that chains are made of.
var leaves = []func() step{
	func() step { return runnable.Passthrough[string]() },
	func() step {
		return runnable.Func(func(_ context.Context, s string) (string, error) { return s + ".", nil })
	},
	func() step { return talk(echo()) },
	func() step { return runnable.Named("talk", talk(echo())) },
	func() step { return talk(fake.New(fake.Fail(errBoom).Always())) },
	func() step { return failing[string, string](errBoom) },
}

// chain makes a random chain.
func chain(r *rand.Rand, depth int) func() step {
	if depth == 0 || r.IntN(6) == 0 {
		// Failures are rarer than the rest, or most chains would fail.
		return leaves[min(r.IntN(2*len(leaves)), r.IntN(len(leaves)))]
	}
	names := combinatorNames()
	return combinators[names[r.IntN(len(names))]](r, chain(r, depth-1), chain(r, depth-1))
}

// same compares outcomes, but for the name of the call that a model's error
// tells, also where a step has made text of the error.
func same(got string, gotErr error, want string, wantErr error) bool {
	plain := func(v any) string { return strings.ReplaceAll(fmt.Sprint(v), "generate fake", "stream fake") }
	return plain(got) == plain(want) && plain(gotErr) == plain(wantErr) && errors.Is(gotErr, errBoom) == errors.Is(wantErr, errBoom)
}

// What a run returns is what Invoke returns, whatever the chain is made of.
func TestStreamReturnsWhatInvokeReturns(t *testing.T) {
	check := func(t *testing.T, build func() step) (failed bool) {
		t.Helper()
		want, wantErr := build().Invoke(t.Context(), "in")
		unranged, unrangedErr := runnable.Stream(t.Context(), build(), "in").Result()
		run := runnable.Stream(t.Context(), build(), "in")
		var last error
		for _, err := range run.Events() {
			last = err
		}
		got, gotErr := run.Result()
		if !same(got, gotErr, want, wantErr) || !same(unranged, unrangedErr, want, wantErr) {
			t.Errorf("ranged: %q, %v\nnot ranged: %q, %v\nInvoke: %q, %v", got, gotErr, unranged, unrangedErr, want, wantErr)
		}
		if last != gotErr {
			t.Errorf("the last event has error %v, the result %v", last, gotErr)
		}
		return wantErr != nil
	}
	for name, combine := range combinators {
		t.Run(name, func(t *testing.T) {
			for i, a := range leaves {
				for _, b := range leaves {
					check(t, combine(rand.New(rand.NewPCG(uint64(i), 1)), a, b))
				}
			}
		})
	}
	t.Run("random", func(t *testing.T) {
		failures := 0
		const n = 500
		for seed := range uint64(n) {
			r := rand.New(rand.NewPCG(seed, 2))
			if check(t, chain(r, 4)) {
				failures++
			}
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
		if failures < n/20 || failures > n*19/20 {
			t.Errorf("%d of %d chains fail, want some of both", failures, n)
		}
	})
}

func combinatorNames() []string {
	return []string{"Pipe", "Pipe3", "Pipe4", "Func", "Named", "Quiet", "Assign", "Join", "Parallel", "Map", "Batch", "Branch",
		"Retry", "Fallback", "Timeout", "Model", "Prompt", "Structured", "JSON", "ToolLoop"}
}

// The list of names is there to have an order; it must be complete.
func TestCombinatorNames(t *testing.T) {
	for _, name := range combinatorNames() {
		if combinators[name] == nil {
			t.Errorf("no combinator %s", name)
		}
	}
	if len(combinatorNames()) != len(combinators) {
		t.Errorf("%d names for %d combinators", len(combinatorNames()), len(combinators))
	}
}

// However a row of steps is put together, it returns the same, says the same
// of its failure, and sends the same events with the same labels.
func TestPipeIsAssociative(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		row := make([]func() step, 2+r.IntN(5))
		for i := range row {
			row[i] = chain(r, 1)
		}
		var want string
		for range 5 {
			got := played(t, association(r, row))
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("seed %d: two associations of the same row do\n%s\nand\n%s", seed, got, want)
			}
		}
	}
}

// association puts a row of steps together in a random way.
func association(r *rand.Rand, row []func() step) step {
	if len(row) == 1 {
		return row[0]()
	}
	cut := 1 + r.IntN(len(row)-1)
	return runnable.Pipe(association(r, row[:cut]), association(r, row[cut:]))
}

func played(t *testing.T, s step) string {
	var b strings.Builder
	said := map[string]string{} // by step: those of concurrent steps mix
	run := runnable.Stream(t.Context(), s, "in")
	for ev := range run.Events() {
		if ev.Kind == model.EventText {
			said[ev.Step] += ev.Text
		}
	}
	out, err := run.Result()
	fmt.Fprintf(&b, "%q %v %v", out, err, said)
	return b.String()
}
