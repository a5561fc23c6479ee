package runnable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
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

func TestLoopHook(t *testing.T) {
	calls := fake.Calls(fake.Call("weather", `{"name":"Rome"}`), fake.Call("weather", `{"name":"Oslo"}`), fake.Call("weather", `{"name":"Paris"}`), fake.Call("weather", `{"name":"Bern"}`), fake.Call("none", `{}`))
	var asked []string
	o := &runnable.ToolLoopOptions{Before: func(_ context.Context, r runnable.ToolRequest) (runnable.Decision, error) {
		asked = append(asked, fmt.Sprint(r.Call.Name, " ", r.Tool != nil, " ", r.Step))
		switch {
		case strings.Contains(string(r.Call.Input), "Oslo"):
			return runnable.RunWith(json.RawMessage(`{"name":"Bergen"}`)), nil
		case strings.Contains(string(r.Call.Input), "Paris"):
			return runnable.ReplyWith(model.Text("from the cache")), nil
		case strings.Contains(string(r.Call.Input), "Bern"):
			return runnable.Deny("not there"), nil
		}
		return runnable.Decision{}, nil
	}}
	c, err := runnable.ToolLoop(fake.New(calls, fake.Text("done")), set(weather()), o).Invoke(t.Context(), ask("x"))
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "results", resultsOf(c), []string{"sunny in Rome", "sunny in Bergen", "from the cache", "error: not there", `error: unknown tool "none"; the tools are weather`})
	diff(t, "asked", asked, []string{"weather true 1", "weather true 1", "weather true 1", "weather true 1", "none false 1"})
	if got := string(c.Messages[1].ToolCalls()[1].Input); got != `{"name":"Oslo"}` {
		t.Errorf("the history has %s, want what the model wrote", got)
	}
	o.Before = func(context.Context, runnable.ToolRequest) (runnable.Decision, error) {
		return runnable.Decision{}, errBoom
	}
	_, err = runnable.ToolLoop(fake.New(calls), set(weather()), o).Invoke(t.Context(), ask("x"))
	wantError(t, err, errBoom, "loop: ")
	lost(t, err)
}

// TestLoopApproval holds back a call, stores the state, and goes on in another
// process.
func TestLoopApproval(t *testing.T) {
	var ran, asked []string
	type target struct{ Path string }
	remove := tool("remove", func(ctx context.Context, in target) (runnable.ToolOutput, error) {
		ran = append(ran, in.Path)
		return runnable.ToolOutput{Parts: []model.Part{model.Text("removed " + in.Path)}, Artifact: "kept " + in.Path}, nil
	})
	options := func() *runnable.ToolLoopOptions {
		return &runnable.ToolLoopOptions{MaxSteps: 3, MaxTime: time.Hour, Sequential: true, Before: func(_ context.Context, r runnable.ToolRequest) (runnable.Decision, error) {
			asked = append(asked, string(r.Call.Input))
			if strings.Contains(string(r.Call.Input), "/etc") {
				return runnable.Hold("it is outside of the home directory"), nil
			}
			return runnable.Decision{}, nil
		}}
	}
	m := fake.New(fake.Calls(fake.Call("remove", `{"Path":"/home/a"}`), fake.Call("remove", `{"Path":"/etc/b"}`), fake.Call("remove", `{"Path":"/home/c"}`)).Usage(&model.Usage{Known: true, InputTokens: 7, OutputTokens: 3}))
	req := ask("Tidy up.")
	req.MaxTokens, req.Temperature = 77, new(0.0)
	req.ToolChoice = model.ToolChoice{Mode: model.ToolsAny}
	_, err := runnable.ToolLoop(m, set(remove), options()).Invoke(t.Context(), req)
	p, ok := errors.AsType[*runnable.PausedError](err)
	if !ok {
		t.Fatalf("error = %v, want a PausedError", err)
	}
	diff(t, "ran", ran, []string{"/home/a"})
	c := lost(t, err)
	diff(t, "results", resultsOf(c), []string{"removed /home/a", "error: not run: it waits for approval", "error: not run: it waits for approval"})

	stored, err := json.Marshal(p.State)
	if err != nil {
		t.Fatal(err)
	}
	state := new(runnable.LoopState)
	if err := json.Unmarshal(stored, state); err != nil {
		t.Fatal(err)
	}
	if len(state.Pending) != 2 || state.Pending[0].Reason != "it is outside of the home directory" || state.Limits.Steps != 3 || state.Limits.Time != time.Hour {
		t.Errorf("state = %s", stored)
	}
	ids := []string{state.Pending[0].ID, state.Pending[1].ID}

	next := fake.New(fake.Text("Tidy.").Usage(&model.Usage{Known: true, InputTokens: 20, OutputTokens: 5}))
	resumed := runnable.ResumeToolLoop(next, set(remove), options())
	in := &runnable.Resumption{State: state, Decisions: map[string]runnable.Decision{ids[0]: runnable.Deny("No.")}, Artifacts: c.Artifacts}
	asked = nil
	got, err := resumed.Invoke(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "asked", asked, []string{`{"Path":"/home/c"}`}) // neither of what has finished nor of what was decided
	diff(t, "ran", ran, []string{"/home/a", "/home/c"})
	diff(t, "results", resultsOf(got), []string{"removed /home/a", "error: No.", "removed /home/c"})
	if got.Text() != "Tidy." || got.Steps != 2 || got.Calls != 2 || got.Usage.Total() != 35 {
		t.Errorf("conversation = %+v", got)
	}
	if len(got.Artifacts) != 2 || got.Artifacts[ids[1]] != "kept /home/c" {
		t.Errorf("artifacts = %v", got.Artifacts)
	}
	sent := next.Request(0)
	if sent.MaxTokens != 77 || *sent.Temperature != 0 || sent.ToolChoice.Mode != model.ToolsDefault || len(sent.Messages) != 3 {
		t.Errorf("the resumed request = %v", sent)
	}

	// Held again, the loop waits again; approved, it runs.
	_, err = resumed.Invoke(t.Context(), &runnable.Resumption{State: state})
	if p, ok := errors.AsType[*runnable.PausedError](err); !ok || len(p.State.Pending) != 2 {
		t.Errorf("error = %v, want another PausedError", err)
	}
	ran = nil
	next = fake.New(fake.Text("Tidy."))
	run := runnable.Stream(t.Context(), runnable.ResumeToolLoop(next, set(remove), options()), &runnable.Resumption{State: state, Decisions: map[string]runnable.Decision{ids[0]: {}}})
	if text, err := texts(run); err != nil || text != "Tidy." {
		t.Errorf("text = %q, %v", text, err)
	}
	diff(t, "ran", ran, []string{"/etc/b", "/home/c"})

	for name, from := range map[string]*runnable.Resumption{
		"nil":         nil,
		"empty":       {State: &runnable.LoopState{}},
		"no calls":    {State: &runnable.LoopState{Request: ask("x")}},
		"lost call":   {State: &runnable.LoopState{Request: ask("x"), Answer: state.Answer}},
		"no decision": {State: state, Decisions: map[string]runnable.Decision{"other": {}}},
	} {
		if _, err := resumed.Invoke(t.Context(), from); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("%s: error = %v, want ErrInvalidRequest", name, err)
		}
	}
}

func TestLoopPrepare(t *testing.T) {
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
	o := &runnable.ToolLoopOptions{Prepare: func(_ context.Context, step int, req *model.Request) error {
		if step == 2 {
			req.Tools, req.ToolChoice = nil, model.ToolChoice{Mode: model.ToolsNone}
		}
		return nil
	}}
	c, err := runnable.ToolLoop(m, set(weather()), o).Invoke(t.Context(), ask("x"))
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "results", resultsOf(c), []string{"sunny in Rome", `error: not run: the tool "weather" is not on offer now`})
	if len(m.Request(1).Tools) != 0 || len(m.Request(2).Tools) != 1 || m.Request(2).ToolChoice.Mode != model.ToolsDefault {
		t.Error("what Prepare changes must hold for one step")
	}
	o.Prepare = func(context.Context, int, *model.Request) error { return errBoom }
	_, err = runnable.ToolLoop(m, nil, o).Invoke(t.Context(), ask("x"))
	wantError(t, err, errBoom, "loop: ")
}

// TestLoopPrepareWrites checks that Prepare may write to the slices of the
// request without changing any other step.
func TestLoopPrepareWrites(t *testing.T) {
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
	o := &runnable.ToolLoopOptions{Prepare: func(_ context.Context, step int, req *model.Request) error {
		if step == 1 {
			req.Messages[0] = model.User("other")
			req.Tools = slices.DeleteFunc(req.Tools, func(t model.Tool) bool { return t.Name == "time" })
		}
		return nil
	}}
	other := tool("time", func(context.Context, struct{}) (string, error) { return "noon", nil })
	c, err := runnable.ToolLoop(m, set(other, weather()), o).Invoke(t.Context(), ask("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Request(1); len(got.Tools) != 2 || got.Tools[0].Name != "time" || got.Messages[0].Text() != "x" || c.Messages[0].Text() != "x" {
		t.Errorf("the second step has tools %v and begins with %q, the conversation with %q", got.Tools, got.Messages[0].Text(), c.Messages[0].Text())
	}
}

func TestSequential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		sleeps := tool("weather", func(ctx context.Context, _ city) (int, error) { return slow(&g).Invoke(ctx, 1) })
		_, err := runnable.ToolLoop(fake.New(twice(), fake.Text("done")), set(sleeps), &runnable.ToolLoopOptions{Sequential: true}).Invoke(t.Context(), ask("x"))
		if err != nil || g.most.Load() != 1 || g.total.Load() != 2 {
			t.Errorf("%v, %d at once of %d", err, g.most.Load(), g.total.Load())
		}
	})
}

func TestCallAndProgress(t *testing.T) {
	var seen atomic.Value
	reports := tool("weather", func(ctx context.Context, in city) (runnable.ToolOutput, error) {
		call, ok := runnable.CallOf(ctx)
		if !ok {
			return runnable.ToolOutput{}, errBoom
		}
		seen.Store(call)
		if err := runnable.Progress(ctx, "half of "+in.Name); err != nil {
			return runnable.ToolOutput{}, err
		}
		return runnable.ToolOutput{
			Parts:    []model.Part{model.JSON(`{"t":1}`), model.Image{MediaType: "image/png", Data: []byte{1}}, model.Document{Name: "d", MediaType: "text/plain", Data: []byte("x")}},
			Artifact: 42,
		}, nil
	})
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
	chain := runnable.Pipe(runnable.Func(func(ctx context.Context, in *model.Request) (*model.Request, error) {
		return in, runnable.Progress(ctx, 1)
	}), runnable.ToolLoop(m, set(reports), nil))
	run := runnable.Stream(t.Context(), chain, ask("x"))
	var got []string
	for ev, err := range run.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if ev.Progress != nil {
			got = append(got, ev.String())
		}
	}
	diff(t, "progress", got, []string{"progress 1", "loop/tools[0]/weather: progress half of Rome"})
	diff(t, "call", seen.Load(), runnable.Call{ID: "call_1_1", Name: "weather", Model: "fake", Step: 1})
	c, err := run.Result()
	if err != nil || c.Artifacts["call_1_1"] != 42 || c.Calls != 1 {
		t.Errorf("conversation = %+v, %v", c, err)
	}
	if r := c.Messages[2].Parts[0].(model.ToolResult); len(r.Parts) != 3 {
		t.Errorf("result = %v, want its three parts", r)
	}
	if _, ok := runnable.CallOf(t.Context()); ok {
		t.Error("there is a call outside of a tool")
	}
	runnable.KeepArtifact(t.Context(), 1)
	if err := runnable.Progress(t.Context(), 1); err != nil {
		t.Errorf("Progress where nobody listens: %v", err)
	}
}

func TestToolOf(t *testing.T) {
	echo := func(_ context.Context, in json.RawMessage) (runnable.ToolOutput, error) {
		return runnable.ToolOutput{Parts: []model.Part{model.JSON(in)}}, nil
	}
	raw := json.RawMessage(`{"properties":{"n":{"type":"integer"},"o":{"type":"string"}},"required":["n"]}`)
	tl, err := runnable.ToolOf(model.Tool{Name: "t", InputSchema: raw, Strict: new(true)}, echo)
	if err != nil {
		t.Fatal(err)
	}
	d := tl.Definition()
	if !strings.HasPrefix(string(d.InputSchema), `{"type":"object",`) || !*d.Strict {
		t.Errorf("definition = %s", d.InputSchema)
	}
	parts, err := tl.Call(t.Context(), json.RawMessage(`{"n":12345678901234567890,"o":null}`))
	if err != nil || string(parts[0].(model.JSON)) != `{"n":12345678901234567890}` {
		t.Errorf("parts = %s, %v", parts, err)
	}
	if _, err := tl.Call(t.Context(), nil); err == nil {
		t.Error("a required property may be missing")
	}
	for name, d := range map[string]model.Tool{
		"name":          {Name: "a b"},
		"run by others": {Name: "t", ServerSide: true},
		"root":          {Name: "t", InputSchema: json.RawMessage(`{"type":"string"}`)},
		"no schema":     {Name: "t", InputSchema: json.RawMessage(`7`)},
		"reference":     {Name: "t", InputSchema: json.RawMessage(`{"$ref":"#/x"}`)},
	} {
		if _, err := runnable.ToolOf(d, echo); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("%s: error = %v, want ErrInvalidRequest", name, err)
		}
	}
	if _, err := runnable.ToolOf(model.Tool{Name: "t"}, nil); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("no function: %v", err)
	}
}

func TestToolSetThatChanges(t *testing.T) {
	var step atomic.Int32
	other := tool("other", func(context.Context, struct{}) (string, error) {
		return "", &runnable.ToolError{Parts: []model.Part{model.Text("see"), model.Image{MediaType: "image/png", Data: []byte{1}}}}
	})
	s := runnable.ToolSetOf(func(context.Context) ([]runnable.Tool, error) {
		switch step.Add(1) {
		case 1:
			return []runnable.Tool{weather()}, nil
		case 4:
			return nil, errBoom
		}
		return []runnable.Tool{weather(), other}, nil
	}, &runnable.ToolSetOptions{Limit: 2})
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Calls(fake.Call("other", `{}`)), fake.Text("done"), fake.Text("done"))
	loop := runnable.ToolLoop(m, s, nil)
	c, err := loop.Invoke(t.Context(), ask("x"))
	if err != nil || len(m.Request(0).Tools) != 1 || len(m.Request(1).Tools) != 2 {
		t.Errorf("%v, tools %v and %v", err, m.Request(0).Tools, m.Request(1).Tools)
	}
	diff(t, "results", resultsOf(c), []string{"sunny in Rome", "error: see"})
	if r := c.Messages[4].Parts[0].(model.ToolResult); len(r.Parts) != 2 {
		t.Errorf("result = %v, want both parts of the error", r)
	}
	_, err = loop.Invoke(t.Context(), ask("x"))
	wantError(t, err, errBoom, "loop: ")
	if _, err := s.Invoke(t.Context(), &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "1", Name: "other"})}); err != nil {
		t.Error(err)
	}
}

func TestNewToolStrict(t *testing.T) {
	f := func(context.Context, city) (string, error) { return "", nil }
	strict := must(runnable.NewTool("t", "", f, &runnable.ToolOptions{Strict: new(true)}))
	if s := strict.Definition().Strict; s == nil || !*s {
		t.Error("the tool is not strict")
	}
	if s := must(runnable.NewTool("t", "", f, nil)).Definition().Strict; s != nil {
		t.Error("the tool says strict although nobody asked")
	}
	if _, err := runnable.NewTool("t", "", func(context.Context, []string) (string, error) { return "", nil }); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("a slice as input: %v", err)
	}
}

// Models write null for what is optional.
func TestToolInputNull(t *testing.T) {
	type in struct {
		Name string `json:"name"`
		Days *int   `json:"days"`
	}
	tl := tool("t", func(_ context.Context, in in) (string, error) { return fmt.Sprint(in.Name, in.Days == nil), nil })
	parts, err := tl.Call(t.Context(), json.RawMessage(`{"name":"x","days":null}`))
	if err != nil || parts[0] != model.Text("xtrue") {
		t.Errorf("parts = %v, %v", parts, err)
	}
}
