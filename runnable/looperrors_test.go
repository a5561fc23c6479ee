package runnable_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// waits is an agent that runs a tool, and then waits for its context to end.
func waits(waiting chan<- bool) runnable.Runnable[*model.Request, *runnable.Conversation] {
	m := fake.New(
		fake.Calls(fake.Call("weather", `{"name":"Rome"}`)),
		fake.Func(func(ctx context.Context, _ *model.Request) (*model.Response, error) {
			if waiting != nil {
				waiting <- true
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}))
	return runnable.ToolLoop(m, set(weather()), nil)
}

// kept returns the paths of the loops that err has, and checks that each has
// the result of its tool.
func kept(t *testing.T, err error) (paths []string) {
	t.Helper()
	for path, e := range runnable.LoopErrors(err) {
		paths = append(paths, path)
		if got := resultsOf(e.Conversation); !slices.Equal(got, []string{"sunny in Rome"}) {
			t.Errorf("the conversation of %s has the results %q", path, got)
		}
	}
	return paths
}

// TestLoopErrors: whatever ends loops that run at the same time, none of their
// conversations is lost.
func TestLoopErrors(t *testing.T) {
	agents := func() runnable.Runnable[string, []*runnable.Conversation] {
		three := runnable.Parallel(waits(nil), runnable.Named("second", waits(nil)), waits(nil))
		return runnable.Named("fan", runnable.Pipe(asking(), runnable.Pipe(runnable.Passthrough[*model.Request](), three)))
	}
	check := func(t *testing.T, err error, above string) {
		t.Helper()
		if kind := model.KindOf(err); kind != model.ErrStopped {
			t.Errorf("kind %v of %v", kind, err)
		}
		got := kept(t, err)
		if first, ok := errors.AsType[*runnable.StepError](err); !ok || len(got) == 0 || got[0] != first.Step {
			t.Errorf("the first of %q is not the error's own path, %v", got, err)
		}
		slices.Sort(got)
		diff(t, "paths", got, []string{above + "[0]/loop/model", above + "[1]/second/model", above + "[2]/loop/model"})
	}
	// allRan ranges over a run until all three tools have run.
	allRan := func(run *runnable.Run[[]*runnable.Conversation], then func()) {
		n := 0
		for ev := range run.Events() {
			if _, ok := ev.Part.(model.ToolResult); ok {
				n++
			}
			if n == 3 {
				then()
				return
			}
		}
	}
	t.Run("left", func(t *testing.T) {
		run := runnable.Stream(t.Context(), agents(), "x")
		allRan(run, func() {})
		_, err := run.Result()
		check(t, err, "fan/step 3")
	})
	t.Run("the consumer panics", func(t *testing.T) {
		run := runnable.Stream(t.Context(), agents(), "x")
		func() {
			defer func() { _ = recover() }()
			allRan(run, func() { panic("boom") })
		}()
		_, err := run.Result()
		check(t, err, "") // the steps above did not return to say their names
	})
	t.Run("another branch fails", func(t *testing.T) {
		waiting := make(chan bool)
		fails := runnable.Func(func(context.Context, *model.Request) (*runnable.Conversation, error) {
			<-waiting
			<-waiting
			return nil, errBoom
		})
		_, err := runnable.Parallel(waits(waiting), fails, waits(waiting)).Invoke(t.Context(), ask("x"))
		wantError(t, err, errBoom, "[1]: boom")
		if errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "loop") {
			t.Errorf("the cause became another one: %v", err)
		}
		diff(t, "paths", kept(t, err), []string{"[0]/loop/model", "[2]/loop/model"})
	})
	t.Run("wrapped and joined", func(t *testing.T) {
		waiting := make(chan bool)
		inner := runnable.Parallel(waits(waiting), waits(waiting))
		outer := runnable.Func(func(ctx context.Context, in *model.Request) (int, error) {
			ctx, cancel := context.WithCancel(ctx)
			go func() { <-waiting; <-waiting; cancel() }()
			_, err := inner.Invoke(ctx, in)
			return 0, errors.Join(errBoom, err)
		})
		_, err := runnable.Named("outer", outer).Invoke(t.Context(), ask("x"))
		got := kept(t, err)
		slices.Sort(got)
		diff(t, "paths", got, []string{"outer[0]/loop/model", "outer[1]/loop/model"})
		for range runnable.LoopErrors(err) {
			break // which is allowed
		}
	})
	for path, e := range runnable.LoopErrors(errors.Join(nil, errBoom)) {
		t.Errorf("an error without a loop has %s, %v", path, e)
	}
	for range runnable.LoopErrors(nil) {
		t.Error("no error has a loop")
	}
}

// TestLoopErrorsOfATool checks that the conversation of an agent that is a tool
// is not lost with the loop that has called it, whether that is cancelled or
// its time is up.
func TestLoopErrorsOfATool(t *testing.T) {
	loop := func(waiting chan<- bool) runnable.Runnable[*model.Request, *runnable.Conversation] {
		agent := waits(waiting)
		return runnable.ToolLoop(fake.New(fake.Calls(fake.Call("agent", `{}`))), set(tool("agent", func(ctx context.Context, _ struct{}) (string, error) {
			c, err := agent.Invoke(ctx, &model.Request{Messages: []model.Message{model.User("Rome?")}})
			if err != nil {
				return "", fmt.Errorf("the agent: %w", err)
			}
			return c.Text(), nil
		})), nil)
	}
	check := func(t *testing.T, err error, kind model.ErrorKind) {
		t.Helper()
		var paths []string
		var results [][]string
		for path, e := range runnable.LoopErrors(err) {
			paths, results = append(paths, path), append(results, resultsOf(e.Conversation))
		}
		diff(t, "paths", paths, []string{"loop/tools[0]/agent", "loop/tools[0]/agent/loop/model"})
		if model.KindOf(err) != kind || len(results) != 2 || !slices.Equal(results[1], []string{"sunny in Rome"}) {
			t.Errorf("%v with the results %q, want kind %v and the agent's result", err, results, kind)
		}
	}
	ask := &model.Request{Messages: []model.Message{model.User("What is it like in Rome?")}}
	t.Run("cancelled", func(t *testing.T) {
		waiting := make(chan bool, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-waiting; cancel() }()
		_, err := loop(waiting).Invoke(ctx, ask)
		check(t, err, model.ErrCanceled)
	})
	t.Run("deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := loop(nil).Invoke(ctx, ask)
			check(t, err, model.ErrDeadline)
		})
	})
}
