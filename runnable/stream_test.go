package runnable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func TestStreamTextAndResult(t *testing.T) {
	run := runnable.Stream(t.Context(), talk(echo()), "hello")
	text, err := texts(run)
	if text != "<hello>" || err != nil {
		t.Errorf("text = %q, %v, want <hello>", text, err)
	}
	if got, err := run.Result(); got != "<hello>" || err != nil {
		t.Errorf("Result = %q, %v, want <hello>", got, err)
	}
}

// Every piece comes out when the model says it, long before the chain ends.
func TestStreamComesOutBeforeTheChainEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fake.New(fake.Text("one two three").After(time.Second).Every(time.Second))
		slow := runnable.Func(func(_ context.Context, s string) (string, error) {
			time.Sleep(time.Minute)
			return s, nil
		})
		start := time.Now()
		var got []string
		run := runnable.Stream(t.Context(), runnable.Named("deep", runnable.Retry(runnable.Pipe(talk(m), slow), nil)), "go")
		for text, err := range run.Text() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(time.Since(start), " ", text))
		}
		diff(t, "pieces", got, []string{"1s one", "2s  two", "3s  three"})
		if took := time.Since(start); took < time.Minute {
			t.Errorf("the loop ended after %v, want the chain's whole time", took)
		}
	})
}

// A linear chain runs on the goroutine that ranges, and so does the loop.
func TestStreamOfALinearChainStartsNoGoroutine(t *testing.T) {
	chain := runnable.Named("a", runnable.Retry(runnable.Timeout(runnable.Fallback(talk(echo())), time.Hour), nil))
	before := runtime.NumGoroutine()
	for _, err := range runnable.Stream(t.Context(), chain, "hello").Events() {
		if err != nil {
			t.Fatal(err)
		}
		if n := runtime.NumGoroutine(); n > before {
			t.Fatalf("%d goroutines in the loop, want no more than the %d before", n, before)
		}
	}
}

func TestStreamEventsAreLabelled(t *testing.T) {
	m := echo()
	both := runnable.Named("both", runnable.Pipe(
		runnable.Named("first", talk(m)),
		runnable.Named("second", runnable.Pipe3(asking(), runnable.Named("judge", runnable.Model(m)), runnable.Text()))))
	hidden := runnable.Quiet(runnable.Named("hidden", talk(m)))
	fan := runnable.Named("fan", runnable.Parallel(talk(m), runnable.Named("b", talk(m))))
	one := runnable.Named("one", runnable.Parallel(runnable.Pipe(joined(""), talk(m))))

	said := map[string]string{}
	for ev, err := range runnable.Stream(t.Context(), runnable.Pipe4(both, hidden, fan, one), "x").Events() {
		if err != nil {
			t.Fatal(err)
		}
		if ev.Kind == model.EventText {
			said[ev.Step] += ev.Text
		}
	}
	diff(t, "texts by step", said, map[string]string{
		"both/first/model":  "<x>",
		"both/second/judge": "<<x>>",
		"fan[0]/model":      "<<<<x>>>>",
		"fan[1]/b/model":    "<<<<x>>>>",
		"one[0]/model":      "<<<<<x>>>><<<<x>>>>>",
	})
}

func TestStreamCanBeUsedOnce(t *testing.T) {
	m := echo()
	run := runnable.Stream(t.Context(), talk(m), "x")
	for range run.Events() {
		_, err := run.Result()
		wantError(t, err, model.ErrStreamUsed, "")
		for _, err := range run.Events() {
			wantError(t, err, model.ErrStreamUsed, "")
		}
	}
	_, err := texts(run)
	wantError(t, err, model.ErrStreamUsed, "ask Stream for a new one")
	if got, err := run.Result(); got != "<x>" || err != nil {
		t.Errorf("Result after a second range = %q, %v, want that of the first", got, err)
	}
	m.AssertCalls(t, 1)
}

func TestStreamNeverRangedDoesNothing(t *testing.T) {
	m := echo()
	runnable.Stream(t.Context(), talk(m), "x")
	m.AssertCalls(t, 0)
}

func TestStreamResultRunsTheChain(t *testing.T) {
	m := echo()
	if got, err := runnable.Stream(t.Context(), talk(m), "x").Result(); got != "<x>" || err != nil {
		t.Errorf("Result = %q, %v, want <x>", got, err)
	}
	m.AssertCalls(t, 1)
}

func TestStreamBreakEndsTheChain(t *testing.T) {
	m := echo()
	later := 0
	chain := runnable.Retry(runnable.Fallback(runnable.Pipe(talk(m), runnable.Func(func(_ context.Context, s string) (string, error) {
		later++
		return s, nil
	})), talk(m)), &model.RetryOptions{If: func(error) bool { return true }})
	run := runnable.Stream(t.Context(), chain, "a long text")
	for range run.Text() {
		break
	}
	if m.Open() != 0 || m.Calls() != 1 || later != 0 {
		t.Errorf("after break: %d open streams, %d calls, %d later steps; want 0, 1, 0", m.Open(), m.Calls(), later)
	}
	got, err := run.Result()
	wantError(t, err, model.ErrStopped, "")
	if got != "" {
		t.Errorf("Result = %q, want nothing", got)
	}
}

// At every event that a break may come at, all is released and the result
// says that the loop was left.
func TestStreamBreakAnywhere(t *testing.T) {
	build := func(m model.ChatModel) runnable.Runnable[string, string] {
		return runnable.Pipe(runnable.Parallel(talk(m), talk(m), runnable.Pipe(talk(m), talk(m))), runnable.Func(
			func(_ context.Context, all []string) (string, error) { return strings.Join(all, " "), nil }))
	}
	total := 0
	for range runnable.Stream(t.Context(), build(echo()), "abc").Events() {
		total++
	}
	if total < 16 {
		t.Fatalf("%d events, want more", total)
	}
	for at := range total {
		synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
			m := echo()
			run := runnable.Stream(t.Context(), build(m), "abc")
			n := 0
			for range run.Events() {
				if n++; n > at {
					break
				}
			}
			if m.Open() != 0 {
				t.Errorf("break at event %d: %d streams are open", at, m.Open())
			}
			_, err := run.Result()
			wantError(t, err, model.ErrStopped, "")
		})
	}
}

func TestStreamErrorComesLast(t *testing.T) {
	m := fake.New(fake.Text("first "), fake.Text("se cond").FailAfter(1, errBoom))
	run := runnable.Stream(t.Context(), runnable.Pipe(runnable.Named("a", talk(m)), runnable.Named("b", talk(m))), "x")
	var text string
	var failed error
	for ev, err := range run.Events() {
		if failed != nil {
			t.Errorf("event %v, %v after the error", ev, err)
		}
		failed = err
		text += ev.Text
	}
	wantError(t, failed, errBoom, "b/model: ")
	if text != "first se" {
		t.Errorf("text = %q, want what came before the error", text)
	}
	if _, err := run.Result(); err != failed {
		t.Errorf("Result: error = %v, want the one that was yielded", err)
	}
}

func TestStreamContext(t *testing.T) {
	t.Run("ended before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := texts(runnable.Stream(ctx, runnable.Passthrough[int](), 1))
		wantError(t, err, model.ErrCanceled, "")
		wantError(t, err, context.Canceled, "")
	})
	t.Run("ends meanwhile", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		m := echo()
		run := runnable.Stream(ctx, talk(m), "a long text")
		for _, err := range run.Text() {
			if err != nil {
				break
			}
			cancel(errBoom)
		}
		_, err := run.Result()
		wantError(t, err, context.Canceled, "")
		wantError(t, err, errBoom, "model: ")
		if m.Open() != 0 {
			t.Errorf("%d streams are open", m.Open())
		}
	})
	t.Run("values are seen", func(t *testing.T) {
		type key struct{}
		see := runnable.Func(func(ctx context.Context, _ int) (any, error) { return ctx.Value(key{}), nil })
		ctx := context.WithValue(t.Context(), key{}, "seen")
		got, err := runnable.Stream(ctx, runnable.Named("a", runnable.Pipe(runnable.Quiet(add(1)), runnable.Named("b", see))), 1).Result()
		if got != "seen" || err != nil {
			t.Errorf("value = %v, %v, want seen", got, err)
		}
		add := runnable.Func(func(ctx context.Context, in int) (any, error) {
			return runnable.Named("b", see).Invoke(context.WithValue(ctx, key{}, "changed"), in)
		})
		got, err = runnable.Stream(ctx, runnable.Named("a", add), 1).Result()
		if got != "changed" || err != nil {
			t.Errorf("value = %v, %v, want the one that was set on the way", got, err)
		}
	})
}

func TestStreamPanicInTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := echo()
		run := runnable.Stream(t.Context(), runnable.Parallel(talk(m), talk(m)), "a long text")
		func() {
			defer func() {
				if v := recover(); v != "loop" {
					t.Errorf("recovered %v, want the loop's own panic", v)
				}
			}()
			for range run.Events() {
				panic("loop")
			}
		}()
		if m.Open() != 0 {
			t.Errorf("%d streams are open", m.Open())
		}
		_, err := run.Result()
		wantError(t, err, model.ErrStopped, "")
	})
}

// A model that is made of a chain must not have its events come out twice.
func TestStreamOfAModelMadeOfAChain(t *testing.T) {
	outer := fake.New(fake.Func(func(ctx context.Context, req *model.Request) (*model.Response, error) {
		text, err := talk(echo()).Invoke(ctx, req.Messages[0].Text())
		return &model.Response{Message: model.Assistant(text)}, err
	}).Always())
	for name, chain := range map[string]step{
		"plain":  talk(outer),
		"nested": runnable.Named("a", runnable.Timeout(runnable.Named("b", talk(outer)), time.Hour)),
	} {
		if got, err := texts(runnable.Stream(t.Context(), chain, "x")); got != "<x>" || err != nil {
			t.Errorf("%s: text = %q, %v, want <x>", name, got, err)
		}
	}
}

// A step that goes on although the loop was left has a context that has ended,
// and so has whatever keeps the context after the run.
func TestStreamEndsItsContext(t *testing.T) {
	m := echo()
	var inside, kept context.Context
	chain := runnable.Func(func(ctx context.Context, in string) (string, error) {
		kept = ctx
		talk(m).Invoke(ctx, in)
		if ctx.Err() != nil {
			inside = ctx
		}
		return "", nil
	})
	run := runnable.Stream(t.Context(), chain, "x")
	for range run.Events() {
		break
	}
	if inside == nil || !errors.Is(context.Cause(inside), model.ErrStopped) {
		t.Error("the context goes on after the loop was left, or does not say why it ended")
	}
	_, err := run.Result()
	wantError(t, err, model.ErrStopped, "")
	if _, err := runnable.Stream(t.Context(), chain, "x").Result(); err != nil || kept.Err() == nil {
		t.Errorf("error %v; after the run its context has not ended", err)
	}
}

// Branches end when the loop is left, even if the step hides from them that
// the run has ended.
func TestStreamBreakWithoutCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fake.New(fake.Text("a b c d").Every(time.Second).Always())
		chain := runnable.Func(func(ctx context.Context, in string) ([]string, error) {
			return runnable.Parallel(talk(m), talk(m)).Invoke(context.WithoutCancel(ctx), in)
		})
		start := time.Now()
		for range runnable.Stream(t.Context(), chain, "x").Events() {
			break
		}
		if took := time.Since(start); took > 2*time.Second || m.Open() != 0 {
			t.Errorf("%d streams are open after %v, want none as soon as the loop was left", m.Open(), took)
		}
	})
}

func TestStreamTextIsTextOnly(t *testing.T) {
	m := fake.New(fake.Thinking("hmm", "sig", model.Text("yes"), fake.Call("f", `{"a":1}`)))
	if got, err := texts(runnable.Stream(t.Context(), talk(m), "x")); got != "yes" || err != nil {
		t.Errorf("text = %q, %v, want yes", got, err)
	}
}

// A model is asked for a stream only where somebody listens.
func TestModelAsksForWhatIsWanted(t *testing.T) {
	m := &counting{ChatModel: echo()}
	talk(m).Invoke(t.Context(), "x")
	diff(t, "calls by Invoke", [2]int{m.generated, m.streamed}, [2]int{1, 0})
	texts(runnable.Stream(t.Context(), talk(m), "x"))
	diff(t, "calls with Stream", [2]int{m.generated, m.streamed}, [2]int{1, 1})
	texts(runnable.Stream(t.Context(), runnable.Quiet(talk(m)), "x"))
	diff(t, "calls with Quiet", [2]int{m.generated, m.streamed}, [2]int{2, 1})
}

type counting struct {
	model.ChatModel
	generated, streamed int
}

func (c *counting) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	c.generated++
	return c.ChatModel.Generate(ctx, req)
}

func (c *counting) Stream(ctx context.Context, req *model.Request) *model.Stream {
	c.streamed++
	return c.ChatModel.Stream(ctx, req)
}

func TestEventString(t *testing.T) {
	ev := runnable.Event{Step: "a/model", Event: model.Event{Kind: model.EventSignature, Text: "secret"}}
	for _, got := range []string{fmt.Sprint(ev), fmt.Sprintf("%+v", ev), fmt.Sprintf("%#v", ev), ev.LogValue().String()} {
		if got != "a/model: signature[0] 6 bytes" {
			t.Errorf("event = %q, want the step and no signature", got)
		}
	}
	if got := fmt.Sprint(runnable.Event{Event: model.Event{Kind: model.EventText, Text: "x"}}); got != `text[0] "x"` {
		t.Errorf("event = %q, want it without a step", got)
	}
}
