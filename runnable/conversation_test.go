package runnable_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func spent(in, out int) *model.Usage {
	return &model.Usage{Known: true, InputTokens: in, OutputTokens: out}
}

// TestConversationPrints: a conversation reads like one, whatever the verb, and
// shows neither signatures nor artifacts.
func TestConversationPrints(t *testing.T) {
	keeps := tool("weather", func(ctx context.Context, in city) (runnable.ToolOutput, error) {
		return runnable.ToolOutput{Parts: []model.Part{model.Text("sunny")}, Artifact: "HUSHartifact"}, nil
	})
	m := fake.New(
		fake.Thinking("Which city?", "HUSHsignature", fake.Call("weather", `{"name":"Rome"}`)).Usage(spent(60, 40)),
		fake.Text("It is sunny.").Usage(spent(120, 8)))
	c, err := runnable.ToolLoop(m, set(keeps), nil).Invoke(t.Context(), ask("How is Rome?"))
	if err != nil {
		t.Fatal(err)
	}
	want := `user: "How is Rome?"
assistant: thinking("Which city?", signature of 13 bytes) tool_call(call_1_2 weather {"name":"Rome"})
user: tool_result(call_1_2 "sunny")
assistant: "It is sunny."
(steps: 2, calls: 1, tokens: 180 in, 48 out)`
	for _, verb := range []string{"%v", "%+v", "%s", "%#v"} {
		diff(t, verb, fmt.Sprintf(verb, c), want)
		diff(t, verb+" of a value", fmt.Sprintf(verb, *c), want)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("done", "conversation", c)
	if got := b.String(); strings.Contains(got, "HUSH") || !strings.Contains(got, "conversation.steps=2") || !strings.Contains(got, "sunny") {
		t.Errorf("slog shows %s", got)
	}
	var none *runnable.Conversation
	if fmt.Sprint(none) != "<nil>" || none.String() != "no conversation" {
		t.Errorf("nil prints as %v and %s", none, none.String())
	}
	if got := fmt.Sprint(&runnable.Conversation{}); got != "(steps: 0, calls: 0, no answer yet)" {
		t.Errorf("the zero value prints as %s", got)
	}
}

// TestStepUsage: a conversation says what each call of the model used, also one
// that was paused and resumed.
func TestStepUsage(t *testing.T) {
	m := fake.New(
		fake.Calls(fake.Call("weather", `{"name":"Rome"}`)).Usage(spent(60, 40)),
		fake.Calls(fake.Call("weather", `{"name":"Oslo"}`)).Usage(nil),
		fake.Text("done").Usage(spent(120, 8)))
	holds := &runnable.ToolLoopOptions{Before: func(_ context.Context, c runnable.ToolRequest) (runnable.Decision, error) {
		if strings.Contains(string(c.Call.Input), "Oslo") {
			return runnable.Hold("far"), nil
		}
		return runnable.Decision{}, nil
	}}
	_, err := runnable.ToolLoop(m, set(weather()), holds).Invoke(t.Context(), ask("x"))
	p, ok := errors.AsType[*runnable.PausedError](err)
	if !ok {
		t.Fatalf("error = %v, want a pause", err)
	}
	diff(t, "usage until the pause", lost(t, err).StepUsage, []model.Usage{*spent(60, 40), {}})
	stored, err := json.Marshal(p.State)
	if err != nil {
		t.Fatal(err)
	}
	var state runnable.LoopState
	if err := json.Unmarshal(stored, &state); err != nil {
		t.Fatal(err)
	}
	c, err := runnable.ResumeToolLoop(m, set(weather()), nil).Invoke(t.Context(), &runnable.Resumption{State: &state})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "usage", c.StepUsage, []model.Usage{*spent(60, 40), {}, *spent(120, 8)})
	diff(t, "sum", *c.Usage, *spent(180, 48))
}

type stepKinds struct{ seen []observe.Kind }

func (k *stepKinds) BeginStep(ctx context.Context, s observe.Step) (context.Context, func(observe.Result)) {
	k.seen = append(k.seen, s.Kind)
	return ctx, func(observe.Result) {}
}

// TestResumedLoopIsObserved: who watches sees a resumed loop as a loop.
func TestResumedLoopIsObserved(t *testing.T) {
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Oslo"}`)), fake.Text("done"))
	holds := &runnable.ToolLoopOptions{Before: func(context.Context, runnable.ToolRequest) (runnable.Decision, error) {
		return runnable.Hold("far"), nil
	}}
	_, err := runnable.ToolLoop(m, set(weather()), holds).Invoke(t.Context(), ask("x"))
	p, ok := errors.AsType[*runnable.PausedError](err)
	if !ok {
		t.Fatalf("error = %v, want a pause", err)
	}
	var k stepKinds
	if _, err := runnable.ResumeToolLoop(m, set(weather()), nil).Invoke(observe.With(t.Context(), &k), &runnable.Resumption{State: p.State}); err != nil {
		t.Fatal(err)
	}
	diff(t, "kinds of steps", k.seen, []observe.Kind{observe.Loop, observe.Tool})
}

// TestEventJSON: what a run sends can be written to a front end and read there.
func TestEventJSON(t *testing.T) {
	for _, tt := range []struct {
		event runnable.Event
		want  string
	}{
		{runnable.Event{Step: "loop/model", Event: model.Event{Kind: model.EventText, Index: 1, Text: "Hi"}}, `{"step":"loop/model","kind":"text","index":1,"text":"Hi"}`},
		{runnable.Event{Event: model.Event{Kind: model.EventText, Text: "Hi"}}, `{"kind":"text","index":0,"text":"Hi"}`},
		{runnable.Event{Step: "loop/tools[0]/weather", Progress: "half"}, `{"step":"loop/tools[0]/weather","progress":"half"}`},
		{runnable.Event{Progress: map[string]any{"done": 0.5}}, `{"progress":{"done":0.5}}`},
		{runnable.Event{Step: "tools", Event: model.Event{Kind: model.EventPart, Part: model.ToolResult{CallID: "c", Parts: []model.Part{model.Text("ok")}}}},
			`{"step":"tools","kind":"part","index":0,"part":{"type":"tool_result","call_id":"c","parts":[{"type":"text","text":"ok"}]}}`},
	} {
		got, err := json.Marshal(tt.event)
		if err != nil || string(got) != tt.want {
			t.Errorf("%v:\n got %s, %v\nwant %s", tt.event, got, err, tt.want)
		}
		var back runnable.Event
		if err := json.Unmarshal([]byte(tt.want), &back); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
		diff(t, tt.want, back, tt.event)
	}
	if err := json.Unmarshal([]byte(`{"step":"x"}`), new(runnable.Event)); err == nil {
		t.Error("an event of no kind was read")
	}
	if _, err := json.Marshal(runnable.Event{Step: "x", Progress: func() {}}); err == nil {
		t.Error("progress without a JSON was written")
	}
}
