package runnable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

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
