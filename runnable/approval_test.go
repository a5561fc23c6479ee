package runnable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

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
