package runnable_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func TestPipe(t *testing.T) {
	length := runnable.Func(func(_ context.Context, s string) (int, error) { return len(s), nil })
	half := runnable.Func(func(_ context.Context, n int) (float64, error) { return float64(n) / 2, nil })
	show := runnable.Func(func(_ context.Context, f float64) (string, error) { return strconv.FormatFloat(f, 'f', 1, 64), nil })
	shout := runnable.Func(func(_ context.Context, s string) (string, error) { return s + "!", nil })

	got, err := runnable.Pipe4(length, half, show, shout).Invoke(t.Context(), "seven..")
	if got != "3.5!" || err != nil {
		t.Errorf("Invoke = %q, %v, want 3.5!", got, err)
	}
}

func TestStepErrorPath(t *testing.T) {
	ok, bad := add(1), failing[int, int](errBoom)
	throttled := &model.Error{Kind: model.ErrThrottled, Message: "slow down"}
	toText := runnable.Func(func(_ context.Context, n int) (string, error) { return strconv.Itoa(n), nil })
	toInt := runnable.Func(func(_ context.Context, s string) (int, error) { return len(s), nil })
	askModel := runnable.Pipe3(toText, talk(fake.New(fake.Fail(throttled).Always())), toInt)

	tests := []struct {
		name  string
		chain runnable.Runnable[int, int]
		want  string
	}{
		{"the second of two", runnable.Pipe(ok, bad), "step 2"},
		{"the first of two", runnable.Pipe(bad, ok), "step 1"},
		{"pipes count on, left", runnable.Pipe(runnable.Pipe(ok, ok), bad), "step 3"},
		{"pipes count on, right", runnable.Pipe(ok, runnable.Pipe(ok, bad)), "step 3"},
		{"pipes count on, deep", runnable.Pipe(ok, runnable.Pipe(ok, runnable.Pipe(ok, bad))), "step 4"},
		{"named step", runnable.Pipe(ok, runnable.Named("bad", bad)), "bad"},
		{"named pipe", runnable.Pipe(ok, runnable.Named("inner", runnable.Pipe(ok, bad))), "inner/step 2"},
		{"model in a named chain", runnable.Named("translate", askModel), "translate/model"},
		{"model, renamed", runnable.Pipe(ok, runnable.Named("tower", runnable.Named("", askModel))), "tower/model"},
		{"names in names", runnable.Named("a", runnable.Named("b", bad)), "a/b"},
		{"retry is transparent for names", runnable.Pipe(ok, runnable.Retry(runnable.Named("bad", bad), nil)), "bad"},
		{"retry around a pipe is a step", runnable.Pipe(ok, runnable.Retry(runnable.Pipe(ok, bad), nil)), "step 2/step 2"},
		{"quiet named", runnable.Pipe(ok, runnable.Quiet(runnable.Named("bad", bad))), "bad"},
		{"assign named", runnable.Pipe(ok, runnable.Assign(runnable.Named("bad", bad), func(a, b int) int { return a + b })), "bad"},
		{"chain in a function", runnable.Pipe(ok, runnable.Func(runnable.Named("inner", bad).Invoke)), "step 2/inner"},
		{"branch of a parallel", runnable.Pipe(runnable.Named("fan", runnable.Parallel(ok, runnable.Named("bad", bad))),
			runnable.Func(func(context.Context, []int) (int, error) { return 0, nil })), "fan[1]/bad"},
		{"join", runnable.Pipe(ok, runnable.Join(bad, ok, func(a, b int) int { return a + b })), "step 2[0]"},
		{"a chosen branch", runnable.Named("route", runnable.Branch(func(context.Context, int) (runnable.Runnable[int, int], error) {
			return runnable.Named("bad", bad), nil
		})), "route/bad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.chain.Invoke(t.Context(), 1)
			step, ok := errors.AsType[*runnable.StepError](err)
			if !ok {
				t.Fatalf("error = %v, want a StepError", err)
			}
			if step.Step != tt.want {
				t.Errorf("Step = %q, want %q", step.Step, tt.want)
			}
			if !errors.Is(err, errBoom) && !errors.Is(err, model.ErrThrottled) {
				t.Errorf("error = %v, does not unwrap to its cause", err)
			}
			if _, again := step.Err.(*runnable.StepError); again {
				t.Errorf("Err = %v, a StepError in a StepError", step.Err)
			}
			if !strings.HasPrefix(err.Error(), tt.want+": ") {
				t.Errorf("text = %q, want it to begin with %q", err, tt.want)
			}
		})
	}
}

func TestModelErrorStaysReachable(t *testing.T) {
	chain := runnable.Named("translate", talk(fake.New(fake.Text("cut off here").FailAfter(1, &model.Error{Kind: model.ErrTransport}).Times(2))))
	_, invoked := chain.Invoke(t.Context(), "x")
	_, streamed := texts(runnable.Stream(t.Context(), chain, "x"))
	for name, err := range map[string]error{"Invoke": invoked, "Stream": streamed} {
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Kind != model.ErrTransport {
			t.Fatalf("%s: error = %v, want a transport error", name, err)
		}
		if e.Partial == nil || e.Partial.Text() != "cut" {
			t.Errorf("%s: partial = %v, want the text before the failure", name, e.Partial)
		}
	}
}

func TestNilStepsFail(t *testing.T) {
	var nothing runnable.Runnable[int, int]
	number := func(r runnable.Runnable[int, []int]) runnable.Runnable[int, int] {
		return runnable.Pipe(r, runnable.Func(func(context.Context, []int) (int, error) { return 0, nil }))
	}
	for name, r := range map[string]runnable.Runnable[int, int]{
		"Pipe":     runnable.Pipe(add(1), nothing),
		"Func":     runnable.Func[int, int](nil),
		"Named":    runnable.Named("x", nothing),
		"Quiet":    runnable.Quiet(nothing),
		"Retry":    runnable.Retry(nothing, nil),
		"Fallback": runnable.Fallback(nothing),
		"Timeout":  runnable.Timeout(nothing, 1),
		"Branch":   runnable.Branch[int, int](nil),
		"Assign":   runnable.Assign[int, int, int](add(1), nil),
		"Join":     runnable.Join[int, int, int, int](nothing, add(1), nil),
		"Parallel": number(runnable.Parallel(nothing)),
	} {
		if _, err := r.Invoke(t.Context(), 1); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("%s of nil: error = %v, want an invalid request", name, err)
		}
	}
	if _, err := runnable.Model(nil).Invoke(t.Context(), ask("x")); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("Model of nil: error = %v, want an invalid request", err)
	}
}

// A linear chain costs no memory: what a step is called is found out when it
// fails.
func TestPipeAllocatesNothing(t *testing.T) {
	ctx := context.WithValue(t.Context(), errBoom, "some value to look through")
	for name, chain := range map[string]runnable.Runnable[int, int]{
		"unnamed": tenStages(func(int) string { return "" }),
		"named":   tenStages(strconv.Itoa),
	} {
		if n := testing.AllocsPerRun(100, func() { chain.Invoke(ctx, 1) }); n != 0 {
			t.Errorf("%s: a ten-stage pipe makes %v allocations, want none", name, n)
		}
	}
}

func TestAssignAndPassthrough(t *testing.T) {
	type both struct{ in, out int }
	got, err := runnable.Assign(add(10), func(in, out int) both { return both{in, out} }).Invoke(t.Context(), 1)
	if want := (both{1, 11}); got != want || err != nil {
		t.Errorf("Assign = %v, %v, want %v", got, err, want)
	}
	if got, err := runnable.Passthrough[int]().Invoke(t.Context(), 7); got != 7 || err != nil {
		t.Errorf("Passthrough = %v, %v, want 7", got, err)
	}
}

func TestBranch(t *testing.T) {
	chain := runnable.Branch(func(_ context.Context, n int) (runnable.Runnable[int, int], error) {
		switch {
		case n < 0:
			return nil, errBoom
		case n == 0:
			return nil, nil
		case n < 10:
			return add(100), nil
		}
		return add(1000), nil
	})
	for in, want := range map[int]int{5: 105, 50: 1050} {
		if got, err := chain.Invoke(t.Context(), in); got != want || err != nil {
			t.Errorf("Invoke(%d) = %d, %v, want %d", in, got, err, want)
		}
	}
	if _, err := chain.Invoke(t.Context(), -1); err != errBoom {
		t.Errorf("Invoke(-1): error = %v, want that of the choice as it is", err)
	}
	_, err := chain.Invoke(t.Context(), 0)
	wantError(t, err, model.ErrInvalidRequest, "no step was chosen")
}

func TestMust(t *testing.T) {
	if got := runnable.Must(7, nil); got != 7 {
		t.Errorf("Must = %d, want 7", got)
	}
	defer func() {
		if v := recover(); v != errBoom {
			t.Errorf("Must panicked with %v, want %v", v, errBoom)
		}
	}()
	runnable.Must(7, errBoom)
}
