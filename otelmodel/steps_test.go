package otelmodel_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type query struct {
	City string `json:"city"`
}

func tools(t testing.TB, expert model.ChatModel) *runnable.ToolSet {
	t.Helper()
	weather, err := runnable.NewTool("weather", "Tells the weather.", func(_ context.Context, q query) (string, error) {
		if q.City == "Atlantis" {
			return "", errors.New("no weather station in Atlantis")
		}
		return "sunny", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ask, err := runnable.NewTool("expert", "Asks an expert.", func(ctx context.Context, q query) (string, error) {
		resp, err := expert.Generate(ctx, hello())
		if err != nil {
			return "", err
		}
		return resp.Text(), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	set, err := runnable.NewToolSet([]runnable.Tool{weather, ask}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// runs invokes a step in both ways.
func runs[I, O any](t *testing.T, r runnable.Runnable[I, O], in I) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Invoke": func(ctx context.Context) error { _, err := r.Invoke(ctx, in); return err },
		"Stream": func(ctx context.Context) error { _, err := runnable.Stream(ctx, r, in).Result(); return err },
	}
}

// TestLoop: the trace of an agent is complete, with a tool that asks a model,
// one that fails, and calls that run at the same time.
func TestLoop(t *testing.T) {
	var b *backend
	build := func(o otelmodel.Options) runnable.Runnable[*model.Request, *runnable.Conversation] {
		b = record(t, o)
		expert := model.Wrap(fake.NewWith(&fake.Options{Model: "small"}, fake.Text("ask me").Usage(used).Always()), b.t.Middleware())
		llm := model.Wrap(claude(
			fake.Calls(fake.Call("weather", `{"city":"Rome"}`), fake.Call("expert", `{"city":"Rome"}`), fake.Call("weather", `{"city":"Atlantis"}`)).Usage(used),
			fake.Text("Sunny.").Usage(used)), b.t.Middleware())
		return runnable.Named("trip", runnable.ToolLoop(llm, tools(t, expert), nil))
	}
	for way := range runs[*model.Request, *runnable.Conversation](t, nil, nil) {
		loop := build(otelmodel.Options{LangSmith: true})
		if err := runs(t, loop, hello())[way](b.t.Context(b.t.Context(t.Context()))); err != nil {
			t.Fatal(err)
		}
		want := `invoke_agent trip
  chat us.claude
  chat us.claude
  execute_tool expert
    chat small
  execute_tool weather
  execute_tool weather !_OTHER
`
		if got := b.tree(); got != want {
			t.Errorf("%s: spans:\n%swant:\n%s", way, got, want)
		}
		for _, span := range b.spans.Ended() {
			a := attrs(span.Attributes())
			switch span.Name() {
			case "invoke_agent trip":
				has(t, "agent", a, map[string]string{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "trip", "gen_ai.usage.input_tokens": "200",
					"gen_ai.usage.output_tokens": "40", "gen_ai.response.finish_reasons": `["end_turn"]`, "langsmith.span.kind": "chain"})
			case "execute_tool expert":
				has(t, "tool", a, map[string]string{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "expert", "gen_ai.tool.type": "function",
					"gen_ai.tool.description": "Asks an expert.", "gen_ai.tool.call.id": "call_1_2", "gen_ai.tool.call.arguments": "", "langsmith.span.kind": "tool"})
			case "chat small":
				has(t, "call in a tool", a, map[string]string{"langsmith.span.kind": "llm", "gen_ai.system": "fake"})
			}
		}
		all := strings.Join(b.metrics(t), "\n")
		for _, want := range []string{
			"gen_ai.invoke_agent.duration{name=trip} 1", "gen_ai.invoke_agent.inference_calls{name=trip} 1 2", "gen_ai.invoke_agent.tool_calls{name=trip} 1 3",
			"gen_ai.execute_tool.duration{name=execute_tool,name=weather,type=function} 1", "gen_ai.execute_tool.duration{type=_OTHER,name=execute_tool,name=weather,type=function} 1",
		} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: metrics:\n%s\nwant %s", way, all, want)
			}
		}
	}
}

// TestGoroutines: steps in the goroutines of concurrent steps have the right
// parents.
func TestGoroutines(t *testing.T) {
	for _, way := range []string{"Invoke", "Stream"} {
		b := record(t, otelmodel.Options{})
		llm := model.Wrap(claude(fake.Text("x").Usage(used).Always()), b.t.Middleware())
		ask := func(name string) runnable.Runnable[string, string] {
			return runnable.Named(name, runnable.Pipe3(
				runnable.Func(func(context.Context, string) (*model.Request, error) { return hello(), nil }), runnable.Model(llm), runnable.Text()))
		}
		each := runnable.Named("each", runnable.Map(ask("item"), 0))
		both := runnable.Named("both", runnable.Parallel(ask("left"), ask("right")))
		chain := otelmodel.Step(b.t, "chain", runnable.Pipe(both, each))
		if err := runs(t, chain, "q")[way](t.Context()); err != nil {
			t.Fatal(err)
		}
		want := `chain
  both
    left
      chat us.claude
    right
      chat us.claude
  each
    item
      chat us.claude
    item
      chat us.claude
`
		if got := b.tree(); got != want {
			t.Errorf("%s: spans:\n%swant:\n%s", way, got, want)
		}
	}
}

// TestStepFails: a step that fails ends its span, and those around it, with the
// error.
func TestStepFails(t *testing.T) {
	b := record(t, otelmodel.Options{})
	llm := model.Wrap(claude(fake.Fail(model.ErrThrottled)), b.t.Middleware())
	loop := otelmodel.Step(b.t, "outer", runnable.Named("trip", runnable.ToolLoop(llm, nil, nil)))
	if _, err := loop.Invoke(t.Context(), hello()); !errors.Is(err, model.ErrThrottled) {
		t.Fatal(err)
	}
	// Step renames the loop that it is given.
	if want := "outer\n  invoke_agent trip !throttled\n    chat us.claude !throttled\n"; b.tree() != strings.Replace(want, "outer", "outer !throttled", 1) {
		t.Errorf("spans:\n%s", b.tree())
	}
}

// TestRunLeft: leaving a run ends all spans.
func TestRunLeft(t *testing.T) {
	b := record(t, otelmodel.Options{})
	llm := model.Wrap(claude(fake.Text("one two three")), b.t.Middleware())
	for range runnable.Stream(b.t.Context(t.Context()), runnable.ToolLoop(llm, nil, nil), hello()).Events() {
		break
	}
	if len(b.spans.Started()) != 2 || len(b.spans.Ended()) != 2 {
		t.Errorf("%d spans began and %d ended, want 2", len(b.spans.Started()), len(b.spans.Ended()))
	}
	if got := fmt.Sprint(attrs(b.spans.Ended()[0].Attributes())["chatmodel.stream.left"]); got != "true" {
		t.Errorf("the stream does not say that it was left")
	}
}
