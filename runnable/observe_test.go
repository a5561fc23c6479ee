package runnable_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model/observe"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A watcher writes down the steps it is told of, each with the path to it.
type watcher struct {
	mu  sync.Mutex
	log []string
}

type pathKey struct{}

func (w *watcher) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, fmt.Sprintf(format, args...))
}

func (w *watcher) BeginStep(ctx context.Context, s observe.Step) (context.Context, func(observe.Result)) {
	before, _ := ctx.Value(pathKey{}).(string)
	path := before + "/" + s.Name
	if (s.Kind == observe.Tool) != (s.Call != nil) {
		w.note("%s is a %s with the call %v", path, s.Kind, s.Call)
	}
	return context.WithValue(ctx, pathKey{}, path), func(r observe.Result) {
		w.note("%s %s %v %v", s.Kind, path, r.Output, r.Err)
	}
}

// TestObserver: an observer of the context is told of every named step, loop
// and tool, with the right parents, streamed or not.
func TestObserver(t *testing.T) {
	for _, way := range []string{"Invoke", "Stream"} {
		inner := fake.New(fake.Text("from inside").Always())
		expert := tool("expert", func(ctx context.Context, c city) (string, error) {
			return runnable.Named("inner", talk(inner)).Invoke(ctx, c.Name)
		})
		m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`), fake.Call("expert", `{"name":"Rome"}`), fake.Call("none", `{}`)), fake.Text("Done."))
		loop := runnable.Named("agent", runnable.ToolLoop(m, set(weather(), expert), nil))
		short := runnable.Func(func(_ context.Context, c *runnable.Conversation) (string, error) { return c.Text(), nil })
		chain := runnable.Named("outer", runnable.Pipe(loop, short))

		var w watcher
		ctx := observe.With(t.Context(), &w)
		var err error
		if way == "Invoke" {
			_, err = chain.Invoke(ctx, ask("x"))
		} else {
			_, err = runnable.Stream(ctx, chain, ask("x")).Result()
		}
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range w.log {
			if len(line) > 60 {
				line = line[:60]
			}
			got = append(got, line)
		}
		slices.Sort(got)
		want := []string{
			"loop /outer/agent user: \"x\"",
			"step /outer Done. <nil>",
			"step /outer/agent/expert/inner from inside <nil>",
			"tool /outer/agent/expert [from inside] <nil>",
			`tool /outer/agent/none [] unknown tool "none"`,
			"tool /outer/agent/weather [sunny in Rome] <nil>",
		}
		if len(got) != len(want) {
			t.Fatalf("%s: log =\n%q\nwant\n%q", way, got, want)
		}
		for i := range want {
			if len(got[i]) < len(want[i]) || got[i][:len(want[i])] != want[i] {
				t.Errorf("%s: line %q, want it to begin with %q", way, got[i], want[i])
			}
		}
	}
}

func TestObserverPanic(t *testing.T) {
	var w watcher
	defer func() {
		if recover() == nil || len(w.log) != 1 || w.log[0] != "step /a 0 the step panicked" {
			t.Errorf("log = %q, want a step that panicked", w.log)
		}
	}()
	boom := runnable.Func(func(context.Context, int) (int, error) { panic("boom") })
	runnable.Named("a", boom).Invoke(observe.With(t.Context(), &w), 1)
}

// TestNoObserver: steps cost nothing more where nobody looks.
func TestNoObserver(t *testing.T) {
	same := runnable.Func(func(_ context.Context, i int) (int, error) { return i, nil })
	step, ctx := runnable.Named("a", same), t.Context()
	if n := testing.AllocsPerRun(100, func() { step.Invoke(ctx, 1) }); n != 0 {
		t.Errorf("%v allocations for a step that nobody observes, want 0", n)
	}
}
