package runnable_test

import (
	"context"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

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
