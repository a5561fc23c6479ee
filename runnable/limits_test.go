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

// resultsOf returns the texts of all tool results of a conversation.
func resultsOf(c *runnable.Conversation) []string {
	var all []string
	for _, m := range c.Messages {
		for _, p := range m.Parts {
			if r, ok := p.(model.ToolResult); ok {
				text := ""
				if r.IsError {
					text = "error: "
				}
				all = append(all, text+fmt.Sprint(r.Parts[0]))
			}
		}
	}
	return all
}

// lost returns the conversation of a loop that failed.
func lost(t *testing.T, err error) *runnable.Conversation {
	t.Helper()
	e, ok := errors.AsType[*runnable.ToolLoopError](err)
	if !ok {
		t.Fatalf("error = %v, want a ToolLoopError", err)
	}
	// Whatever happened, the history can be sent again.
	next := fake.NewWith(&fake.Options{Strict: true}, fake.Text("go on"))
	if _, err := next.Generate(context.Background(), &model.Request{Messages: append(e.Conversation.Messages, model.User("Go on."))}); err != nil {
		t.Errorf("the history cannot be sent again: %v", err)
	}
	return e.Conversation
}

func twice() fake.Turn {
	return fake.Calls(fake.Call("weather", `{"name":"Rome"}`), fake.Call("weather", `{"name":"Oslo"}`))
}

func TestLoopKeepsTheConversation(t *testing.T) {
	calls := fake.Calls(fake.Call("weather", `{"name":"Rome"}`), fake.Call("fails", `{}`))
	fails := func(f func()) runnable.Tool {
		return tool("fails", func(ctx context.Context, _ struct{}) (string, error) { f(); return "", ctx.Err() })
	}
	one := &runnable.ToolLoopOptions{Sequential: true}

	t.Run("cancelled during the second tool", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := runnable.ToolLoop(fake.New(calls), set(weather(), fails(cancel)), one).Invoke(ctx, ask("x"))
		wantError(t, err, context.Canceled, "")
		got := resultsOf(lost(t, err))
		if len(got) != 2 || got[0] != "sunny in Rome" || !strings.HasPrefix(got[1], "error: not finished") {
			t.Errorf("results = %q", got)
		}
	})
	t.Run("the second tool ends the loop", func(t *testing.T) {
		s := must(runnable.NewToolSet([]runnable.Tool{weather(), tool("fails", func(context.Context, struct{}) (string, error) { return "", errBoom })},
			&runnable.ToolSetOptions{OnError: func(_ context.Context, _ model.ToolCall, err error) (string, error) { return "", err }}))
		_, err := runnable.ToolLoop(fake.New(calls), s, one).Invoke(t.Context(), ask("x"))
		wantError(t, err, errBoom, "loop/tools[1]/fails: ")
		if got := resultsOf(lost(t, err)); got[0] != "sunny in Rome" {
			t.Errorf("results = %q", got)
		}
	})
	t.Run("the model panics", func(t *testing.T) {
		m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Func(func(context.Context, *model.Request) (*model.Response, error) { panic("oops") }))
		_, err := runnable.ToolLoop(m, set(weather()), nil).Invoke(t.Context(), ask("x"))
		if p, ok := errors.AsType[*runnable.PanicError](err); !ok || p.Value != "oops" {
			t.Errorf("error = %v, want the panic", err)
		}
		diff(t, "results", resultsOf(lost(t, err)), []string{"sunny in Rome"})
	})
	t.Run("a hook panics", func(t *testing.T) {
		o := &runnable.ToolLoopOptions{Before: func(context.Context, runnable.ToolRequest) (runnable.Decision, error) { panic("oops") }}
		_, err := runnable.ToolLoop(fake.New(calls), set(weather()), o).Invoke(t.Context(), ask("x"))
		if got := resultsOf(lost(t, err)); len(got) != 2 || !strings.HasPrefix(got[0], "error: not finished") {
			t.Errorf("results = %q", got)
		}
	})
	for _, at := range []string{"text", "result", "progress"} {
		t.Run("the consumer panics at a "+at, func(t *testing.T) {
			reports := tool("weather", func(ctx context.Context, in city) (string, error) {
				return "sunny in " + in.Name, runnable.Progress(ctx, "half")
			})
			m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
			run := runnable.Stream(t.Context(), runnable.ToolLoop(m, set(reports), nil), ask("x"))
			func() {
				defer func() {
					if v := recover(); v != "mine" {
						t.Errorf("recovered %v, want the consumer's panic", v)
					}
				}()
				for ev := range run.Events() {
					if at == "text" && ev.Kind == model.EventText || at == "result" && ev.Kind == model.EventPart || at == "progress" && ev.Progress != nil {
						panic("mine")
					}
				}
			}()
			_, err := run.Result()
			wantError(t, err, model.ErrStopped, "")
			got := resultsOf(lost(t, err))
			if len(got) != 1 || (at == "progress") != strings.HasPrefix(got[0], "error: not finished") {
				t.Errorf("results = %q", got)
			}
			if m.Open() != 0 {
				t.Errorf("%d streams are open", m.Open())
			}
		})
	}
}

// A consumer that panics while branches run loses the conversation of a branch
// as little as one that leaves the loop.
func TestConsumerPanicsInParallel(t *testing.T) {
	for name, end := range map[string]func(){"panics": func() { panic("mine") }, "exits": runtime.Goexit, "leaves": nil} {
		for _, wrap := range []string{"Parallel", "Join", "Map", "Parallel in Parallel"} {
			t.Run(name+" in "+wrap, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
					loop := runnable.ToolLoop(m, set(weather()), nil)
					waits := runnable.Func(func(ctx context.Context, _ *model.Request) (*runnable.Conversation, error) {
						<-ctx.Done()
						return nil, nil // says nothing, so that the loop's error is the first
					})
					var run *runnable.Run[[]*runnable.Conversation]
					switch both := runnable.Parallel(loop, waits); wrap {
					case "Parallel":
						run = runnable.Stream(t.Context(), both, ask("x"))
					case "Join":
						run = runnable.Stream(t.Context(), runnable.Join(waits, loop, func(a, b *runnable.Conversation) []*runnable.Conversation { return nil }), ask("x"))
					case "Map":
						run = runnable.Stream(t.Context(), runnable.Pipe(
							runnable.Func(func(_ context.Context, r *model.Request) ([]*model.Request, error) {
								return []*model.Request{nil, r}, nil
							}),
							runnable.Map(runnable.Branch(func(_ context.Context, r *model.Request) (runnable.Runnable[*model.Request, *runnable.Conversation], error) {
								if r == nil {
									return waits, nil
								}
								return loop, nil
							}), 2)), ask("x"))
					default:
						deep := runnable.Pipe(both, runnable.Func(func(context.Context, []*runnable.Conversation) (*runnable.Conversation, error) { return nil, nil }))
						run = runnable.Stream(t.Context(), runnable.Parallel(waits, deep), ask("x"))
					}
					ended := make(chan any)
					go func() {
						defer func() { ended <- recover() }()
						for ev := range run.Events() {
							if ev.Kind != model.EventPart {
								continue
							}
							if end == nil {
								break
							}
							end()
						}
					}()
					if v := <-ended; (v == "mine") != (name == "panics") {
						t.Errorf("recovered %v", v)
					}
					_, err := run.Result()
					wantError(t, err, model.ErrStopped, "")
					if got := resultsOf(lost(t, err)); len(got) != 1 || got[0] != "sunny in Rome" {
						t.Errorf("results = %q, want the one of the tool that has run", got)
					}
					if m.Open() != 0 {
						t.Errorf("%d streams are open", m.Open())
					}
				})
			})
		}
	}
}

func TestLoopLimits(t *testing.T) {
	call := twice().Usage(&model.Usage{Known: true, InputTokens: 60, OutputTokens: 40}).Always()
	t.Run("calls", func(t *testing.T) {
		_, err := runnable.ToolLoop(fake.New(call), set(weather()), &runnable.ToolLoopOptions{MaxCalls: 3}).Invoke(t.Context(), ask("x"))
		wantError(t, err, runnable.ErrCallLimit, "loop: ")
		c := lost(t, err)
		diff(t, "results", resultsOf(c), []string{"sunny in Rome", "sunny in Oslo", "sunny in Rome", "error: not run: 3 tool calls are allowed, and all were made"})
		if c.Calls != 3 || c.Steps != 2 {
			t.Errorf("conversation = %+v, want 3 calls in 2 steps", c)
		}
	})
	t.Run("tokens", func(t *testing.T) {
		_, err := runnable.ToolLoop(fake.New(call), set(weather()), &runnable.ToolLoopOptions{MaxTokens: 150}).Invoke(t.Context(), ask("x"))
		wantError(t, err, runnable.ErrTokenLimit, "")
		if c := lost(t, err); c.Steps != 2 || c.Usage.Total() != 200 || c.Calls != 2 || len(resultsOf(c)) != 4 {
			t.Errorf("conversation = %+v", c)
		}
	})
	t.Run("time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			sleeps := tool("weather", func(ctx context.Context, in city) (string, error) {
				select {
				case <-time.After(2 * time.Second):
					return "sunny in " + in.Name, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			})
			_, err := runnable.ToolLoop(fake.New(call), set(sleeps), &runnable.ToolLoopOptions{MaxTime: 3 * time.Second}).Invoke(t.Context(), ask("x"))
			wantError(t, err, runnable.ErrTimeLimit, "loop/tools")
			wantError(t, err, model.ErrTimeout, "")
			got := resultsOf(lost(t, err))
			if len(got) != 4 || got[1] != "sunny in Oslo" || !strings.HasPrefix(got[2], "error: not finished") {
				t.Errorf("results = %q", got)
			}
		})
	})
}
