package meter_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/meter"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func named(name string, turns ...fake.Turn) *fake.Model {
	return fake.NewWith(&fake.Options{Model: name}, turns...)
}

func used(in, out int) *model.Usage {
	return &model.Usage{Known: true, InputTokens: in, OutputTokens: out}
}

func show(lines []meter.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%s|%s|%s: %d calls, %d failed, %d unknown, %d retries, %d+%d", l.Model, l.Step, l.Tool, l.Calls, l.Failed, l.Unknown, l.Retries,
			l.Usage.InputTokens, l.Usage.OutputTokens))
	}
	return strings.Join(all, "\n")
}

func check(t *testing.T, what string, lines []meter.Line, want ...string) {
	t.Helper()
	if got := show(lines); got != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant\n%s", what, got, strings.Join(want, "\n"))
	}
}

var hello = &model.Request{Messages: []model.Message{model.User("Hi")}}

func TestEndings(t *testing.T) {
	m := meter.New()
	llm := model.Wrap(named("m", fake.Text("a").Usage(used(1, 2)), fake.Text("a").Usage(used(10, 20)), fake.Text("a").Usage(nil),
		fake.Text("one two").CutAfter(1), fake.Fail(model.ErrThrottled), fake.Text("one two three")), m.Middleware())
	llm.Generate(t.Context(), hello)
	llm.Stream(t.Context(), hello).Response()
	llm.Generate(t.Context(), hello)
	llm.Stream(t.Context(), hello).Response() // is cut
	llm.Generate(t.Context(), hello)          // is refused
	llm.Stream(t.Context(), hello)            // is not ranged over
	for range llm.Stream(t.Context(), hello).Events() {
		break
	}
	check(t, "lines", m.Lines(), "m||: 6 calls, 3 failed, 3 unknown, 0 retries, 11+22")
	m.Reset()
	if total := m.Total(); total.Calls != 0 || len(m.Lines()) != 0 {
		t.Errorf("after Reset: %+v", total)
	}
}

// TestRetries counts inside and outside of middleware that makes several calls
// of one.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inside, outside := meter.New(), meter.New()
		first := named("first", fake.Fail(model.ErrThrottled), fake.Fail(model.ErrThrottled), fake.Fail(model.ErrThrottled))
		second := named("second", fake.Text("a").Usage(used(1, 2)))
		llm := model.Wrap(first, outside.Middleware(), model.Fallback(model.Wrap(second, inside.Middleware())), model.Retry(nil), inside.Middleware())
		if _, err := llm.Generate(t.Context(), hello); err != nil {
			t.Fatal(err)
		}
		check(t, "inside", inside.Lines(), "first||: 3 calls, 3 failed, 0 unknown, 0 retries, 0+0", "second||: 1 calls, 0 failed, 0 unknown, 0 retries, 1+2")
		check(t, "outside", outside.Lines(), "second||: 1 calls, 0 failed, 0 unknown, 1 retries, 1+2")
	})
}

// TestSteps counts the calls of a chain with a loop, tools, and a model in a
// tool. It counts for the program and for each run, streamed and not.
func TestSteps(t *testing.T) {
	program := meter.New()
	inner := model.Wrap(named("small", fake.Text("sunny").Usage(used(3, 1)).Always()), program.Middleware())
	expert, err := runnable.NewTool("expert", "", func(ctx context.Context, _ struct{}) (string, error) {
		resp, err := inner.Generate(ctx, hello)
		if err != nil {
			return "", err
		}
		return resp.Text(), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	set, err := runnable.NewToolSet([]runnable.Tool{expert}, nil)
	if err != nil {
		t.Fatal(err)
	}
	run := func(ctx context.Context, streamed bool) *meter.Meter {
		llm := model.Wrap(named("large", fake.Calls(fake.Call("expert", "{}"), fake.Call("expert", "{}")).Usage(used(10, 5)), fake.Text("Done.").Usage(used(20, 5))), program.Middleware())
		chain := runnable.Named("agent", runnable.ToolLoop(llm, set, nil))
		own := meter.New()
		ctx = own.Context(ctx)
		var err error
		if streamed {
			_, err = runnable.Stream(ctx, chain, hello).Result()
		} else {
			_, err = chain.Invoke(ctx, hello)
		}
		if err != nil {
			t.Fatal(err)
		}
		return own
	}
	ctx := program.Context(t.Context())
	for _, streamed := range []bool{false, true} {
		check(t, fmt.Sprint("run, streamed: ", streamed), run(ctx, streamed).Lines(),
			"large|agent|: 2 calls, 0 failed, 0 unknown, 0 retries, 30+10", "small|agent|expert: 2 calls, 0 failed, 0 unknown, 0 retries, 6+2")
	}
	check(t, "program by model", program.ByModel(), "large||: 4 calls, 0 failed, 0 unknown, 0 retries, 60+20", "small||: 4 calls, 0 failed, 0 unknown, 0 retries, 12+4")
	check(t, "program by step", program.ByStep(), "|agent|: 8 calls, 0 failed, 0 unknown, 0 retries, 72+24")
	check(t, "program by tool", program.ByTool(), "||: 4 calls, 0 failed, 0 unknown, 0 retries, 60+20", "||expert: 4 calls, 0 failed, 0 unknown, 0 retries, 12+4")
	check(t, "total", []meter.Line{program.Total()}, "||: 8 calls, 0 failed, 0 unknown, 0 retries, 72+24")
}

func TestConcurrent(t *testing.T) {
	m := meter.New()
	llm := model.Wrap(named("m", fake.Text("a").Usage(used(1, 1)).Always()), m.Middleware())
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			llm.Generate(m.Context(t.Context()), hello) // counted once all the same
			m.Lines()
		})
	}
	wg.Wait()
	if got := m.Total(); got.Calls != 100 || got.Usage.Total() != 200 {
		t.Errorf("total = %+v, want 100 calls and 200 tokens", got)
	}
}
