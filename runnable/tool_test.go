package runnable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type city struct {
	Name string `json:"name" jsonschema:"the city, in English"`
	Days *int   `json:"days" minimum:"1" maximum:"14"`
}

func tool[I, O any](name string, f func(ctx context.Context, in I) (O, error)) runnable.Tool {
	return must(runnable.NewTool(name, "does "+name, f))
}

func weather() runnable.Tool {
	return tool("weather", func(_ context.Context, c city) (string, error) { return "sunny in " + c.Name, nil })
}

func set(tools ...runnable.Tool) *runnable.ToolSet { return must(runnable.NewToolSet(tools, nil)) }

func TestToolDefinition(t *testing.T) {
	d := weather().Definition()
	if d.Name != "weather" || d.Description != "does weather" {
		t.Errorf("definition = %v, want the given name and description", d)
	}
	diff(t, "schema", canonical(t, d.InputSchema), canonical(t, []byte(`{"type":"object","properties":{
		"name":{"type":"string","description":"the city, in English"},"days":{"type":"integer","minimum":1,"maximum":14}},
		"required":["name"],"additionalProperties":false}`)))
	d.InputSchema[0] = 'X'
	if again := weather().Definition(); again.InputSchema[0] != '{' {
		t.Error("a change of the definition changed the tool")
	}
}

func TestNewToolErrors(t *testing.T) {
	ok := func(context.Context, city) (string, error) { return "", nil }
	for name, want := range map[string]string{"": "1 to 64", "a b": "letters", "ü": "letters", strings.Repeat("x", 65): "64"} {
		_, err := runnable.NewTool(name, "", ok)
		wantError(t, err, model.ErrInvalidRequest, want)
	}
	_, err := runnable.NewTool[city, string]("a", "", nil)
	wantError(t, err, model.ErrInvalidRequest, "function")
	_, err = runnable.NewTool("a", "", func(context.Context, string) (string, error) { return "", nil })
	wantError(t, err, model.ErrInvalidRequest, "must be a struct or a map")
	_, err = runnable.NewTool("a", "", func(context.Context, struct{ C chan int }) (string, error) { return "", nil })
	wantError(t, err, model.ErrInvalidRequest, "chan int")
	_, err = runnable.NewToolSet([]runnable.Tool{weather(), weather()}, nil)
	wantError(t, err, model.ErrInvalidRequest, `two tools "weather"`)
	_, err = runnable.NewToolSet([]runnable.Tool{nil}, nil)
	wantError(t, err, model.ErrInvalidRequest, "tool 0 is nil")
}

func TestToolResults(t *testing.T) {
	pic := image("x")
	tests := []struct {
		name string
		out  any
		want []model.Part
	}{
		{"text", "hello", []model.Part{model.Text("hello")}},
		{"part", pic, []model.Part{pic}},
		{"parts", []model.Part{model.Text("a"), pic}, []model.Part{model.Text("a"), pic}},
		{"object", map[string]any{"a": 1}, []model.Part{model.JSON(`{"a":1}`)}},
		{"struct", example{"q", "a"}, []model.Part{model.JSON(`{"Question":"q","Answer":"a"}`)}},
		{"raw", json.RawMessage(`{"n":1.0}`), []model.Part{model.JSON(`{"n":1.0}`)}},
		{"number", 7, []model.Part{model.Text("7")}},
		{"list", []int{1, 2}, []model.Part{model.Text("[1,2]")}},
		{"nil", nil, []model.Part{model.Text("null")}},
	}
	for _, tt := range tests {
		got, err := tool("t", func(context.Context, city) (any, error) { return tt.out, nil }).Call(t.Context(), []byte(`{"name":"x"}`))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		diff(t, tt.name, got, tt.want)
	}
	_, err := tool("t", func(context.Context, city) (any, error) { return make(chan int), nil }).Call(t.Context(), []byte(`{"name":"x"}`))
	if err == nil || !strings.Contains(err.Error(), "the result has no JSON") {
		t.Errorf("error = %v, want that the result has no JSON", err)
	}
	none, err := tool("t", func(context.Context, struct{}) (string, error) { return "ran", nil }).Call(t.Context(), nil)
	diff(t, "empty input", none, []model.Part{model.Text("ran")})
	if err != nil {
		t.Error(err)
	}
}

// Whatever goes wrong with a call, the model is told by a result in its place.
func TestToolSetAnswers(t *testing.T) {
	s := set(weather(),
		tool("fails", func(context.Context, struct{}) (string, error) { return "", errBoom }),
		tool("panics", func(context.Context, struct{}) (string, error) { panic("secret detail") }))
	calls := []model.ToolCall{
		{ID: "1", Name: "weather", Input: []byte(`{"name":"Rome"}`)},
		{ID: "2", Name: "wether", Input: []byte(`{}`)},
		{ID: "3", Name: "weather", Input: []byte(`{"name":5}`)},
		{ID: "4", Name: "weather", Input: []byte(`{"name":"x","days":99}`)},
		{ID: "5", Name: "weather", InvalidInput: `{"name":"Ro`},
		{ID: "6", Name: "fails"},
		{ID: "7", Name: "panics"},
		{ID: "8", Name: "weather", Input: []byte(`{"name":"Oslo"}`)},
	}
	want := []struct {
		text    string
		isError bool
	}{
		{"sunny in Rome", false},
		{`unknown tool "wether"; the tools are weather, fails, panics`, true},
		{"/name: want string, got integer", true},
		{"/days: want at most 14", true},
		{"not complete JSON", true},
		{"boom", true},
		{`the tool "panics" failed unexpectedly`, true},
		{"sunny in Oslo", false},
	}
	msg, err := s.Invoke(t.Context(), &model.Response{Message: model.AssistantParts(model.Text("let me see"), calls[0], calls[1],
		model.ServerToolCall{ID: "s", Name: "search"}, calls[2], calls[3], calls[4], calls[5], calls[6], calls[7])})
	if err != nil {
		t.Fatal(err)
	}
	if msg.Role != model.RoleUser || len(msg.Parts) != len(want) {
		t.Fatalf("message = %v, want a user message of %d results", msg, len(want))
	}
	for i, w := range want {
		r := msg.Parts[i].(model.ToolResult)
		text := fmt.Sprint(r.Parts)
		if r.CallID != calls[i].ID || r.IsError != w.isError || !strings.Contains(text, w.text) || strings.Contains(text, "secret") {
			t.Errorf("result %d = %v, want %q of call %s, error %v", i, r, w.text, calls[i].ID, w.isError)
		}
	}
	req := &model.Request{Messages: []model.Message{model.User("x"), {Role: model.RoleAssistant, Parts: []model.Part{calls[0]}}, msg}}
	if err := req.Validate(); err != nil {
		t.Errorf("the results cannot be sent: %v", err)
	}
	_, err = s.Invoke(t.Context(), &model.Response{Message: model.Assistant("no calls")})
	wantError(t, err, model.ErrInvalidRequest, "no tool calls")
	_, err = s.Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "tools: ")
	empty, err := new(runnable.ToolSet).Invoke(t.Context(), &model.Response{Message: model.AssistantParts(calls[0])})
	if err != nil || !strings.Contains(empty.String(), "there are no tools") {
		t.Errorf("the empty set says %v, %v, want that there are no tools", empty, err)
	}
}

func TestToolSetOnError(t *testing.T) {
	var seen []error
	s := must(runnable.NewToolSet([]runnable.Tool{
		tool("fails", func(context.Context, struct{}) (string, error) { return "", errBoom }),
		// The panic of a branch, which is a PanicError already.
		tool("panics", func(ctx context.Context, _ struct{}) ([]string, error) {
			panics := runnable.Func(func(context.Context, int) (string, error) { panic("why") })
			return runnable.Map(panics, 2).Invoke(ctx, []int{1, 2})
		}),
	}, &runnable.ToolSetOptions{Limit: 1, OnError: func(_ context.Context, call model.ToolCall, err error) (string, error) {
		seen = append(seen, err)
		if errors.Is(err, errBoom) {
			return "", fmt.Errorf("%s must not fail: %w", call.Name, err)
		}
		return "sorry", nil
	}}))
	msg, err := s.Invoke(t.Context(), &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "1", Name: "panics"}, model.ToolCall{ID: "2", Name: "none"})})
	if err != nil || strings.Count(msg.String(), "sorry") != 2 {
		t.Errorf("message = %v, %v, want two apologies", msg, err)
	}
	p, ok := errors.AsType[*runnable.PanicError](seen[0])
	if !ok || p.Value != "why" || len(p.Stack) == 0 {
		t.Errorf("error of a panic = %v, want a PanicError with a stack", seen[0])
	}
	if !errors.Is(seen[1], runnable.ErrUnknownTool) {
		t.Errorf("error = %v, want ErrUnknownTool", seen[1])
	}
	_, err = s.Invoke(t.Context(), &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "1", Name: "fails"})})
	wantError(t, err, errBoom, "tools[0]/fails: fails must not fail")
}

func TestToolSetRunsConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		sleeps := tool("sleep", func(ctx context.Context, in struct{ N int }) (int, error) { return slow(&g).Invoke(ctx, in.N) })
		s := must(runnable.NewToolSet([]runnable.Tool{sleeps}, &runnable.ToolSetOptions{Limit: 2}))
		resp := &model.Response{Message: model.Message{Role: model.RoleAssistant}}
		for i, n := range []int{4, 1, 3, 2} {
			resp.Message.Parts = append(resp.Message.Parts, model.ToolCall{ID: fmt.Sprint(i), Name: "sleep", Input: fmt.Appendf(nil, `{"N":%d}`, n)})
		}
		start := time.Now()
		msg, err := s.Invoke(t.Context(), resp)
		if err != nil || time.Since(start) != 6*time.Second || g.most.Load() != 2 {
			t.Errorf("%v after %v, %d at once; want no error after 6s, 2 at once", err, time.Since(start), g.most.Load())
		}
		var got []string
		for _, p := range msg.Parts {
			got = append(got, fmt.Sprint(p.(model.ToolResult).CallID, " ", p.(model.ToolResult).Parts[0]))
		}
		diff(t, "results", got, []string{"0 40", "1 10", "2 30", "3 20"})

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = s.Invoke(ctx, resp)
		wantError(t, err, context.DeadlineExceeded, "tools")
		if g.now.Load() != 0 {
			t.Errorf("%d tools have not ended", g.now.Load())
		}
	})
}

func TestToolLoop(t *testing.T) {
	m := fake.New(
		fake.Reply(model.Thinking{Text: "hm", Signature: "sig"}, model.Text("Looking. "), fake.Call("weather", `{"name":"Rome"}`), fake.Call("weather", `{"name":"Oslo"}`)).Usage(&model.Usage{Known: true, InputTokens: 10, OutputTokens: 5, CacheWriteTokens: 3}),
		fake.Calls(fake.Call("wether", `{}`)).Usage(nil),
		fake.Text("Sunny in both.").Usage(&model.Usage{Known: true, InputTokens: 20, OutputTokens: 7, CacheReadTokens: 3}))
	req := ask("Where is it sunny?")
	req.MaxTokens = 99
	req.Messages = append(make([]model.Message, 0, 9), req.Messages...)
	req.Tools = make([]model.Tool, 0, 9)
	before := req.Clone()
	c, err := runnable.ToolLoop(m, set(weather()), nil).Invoke(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "the caller's request", req, before)
	if spare := req.Messages[:2][1]; spare.Role != "" {
		t.Errorf("the caller's messages are followed by %v", spare)
	}
	if spare := req.Tools[:1][0]; spare.Name != "" {
		t.Errorf("the caller's tools are followed by %v", spare)
	}
	if c.Text() != "Sunny in both." || c.Steps != 3 || c.Response.Text() != c.Text() {
		t.Errorf("conversation = %+v, want the last answer after 3 steps", c)
	}
	diff(t, "usage", c.Usage, &model.Usage{Known: true, InputTokens: 30, OutputTokens: 12, CacheReadTokens: 3, CacheWriteTokens: 3})
	diff(t, "messages", c.Messages, []model.Message{
		model.User("Where is it sunny?"),
		model.AssistantParts(model.Thinking{Text: "hm", Signature: "sig", Provider: "fake"}, model.Text("Looking. "),
			model.ToolCall{ID: "call_1_3", Name: "weather", Input: []byte(`{"name":"Rome"}`)}, model.ToolCall{ID: "call_1_4", Name: "weather", Input: []byte(`{"name":"Oslo"}`)}),
		model.ToolResults(model.ToolResult{CallID: "call_1_3", Parts: []model.Part{model.Text("sunny in Rome")}},
			model.ToolResult{CallID: "call_1_4", Parts: []model.Part{model.Text("sunny in Oslo")}}),
		model.AssistantParts(model.ToolCall{ID: "call_2_1", Name: "wether", Input: []byte(`{}`)}),
		model.ToolResults(model.ToolResult{CallID: "call_2_1", IsError: true, Parts: []model.Part{model.Text(`unknown tool "wether"; the tools are weather`)}}),
		model.Assistant("Sunny in both."),
	})
	for i, sent := range m.Requests() {
		if len(sent.Tools) != 1 || sent.Tools[0].Name != "weather" || sent.MaxTokens != 99 || len(sent.Messages) != 1+2*i {
			t.Errorf("request %d = %v", i, sent)
		}
	}
	// The history goes on.
	m = fake.NewWith(&fake.Options{Strict: true}, fake.Text("Bye."))
	if _, err := runnable.ToolLoop(m, set(weather()), nil).Invoke(t.Context(), &model.Request{Messages: append(c.Messages, model.User("Thanks."))}); err != nil {
		t.Error(err)
	}
}

func TestToolLoopForcesTheFirstCallOnly(t *testing.T) {
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)), fake.Text("done"))
	req := ask("x")
	req.ToolChoice = model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}
	req.Tools = []model.Tool{{Name: "search", ServerSide: true}}
	if _, err := runnable.ToolLoop(m, set(weather()), nil).Invoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	diff(t, "first choice", m.Request(0).ToolChoice, model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)})
	diff(t, "second choice", m.Request(1).ToolChoice, model.ToolChoice{Parallel: new(false)})
	if tools := m.Request(1).Tools; len(tools) != 2 || tools[0].Name != "search" {
		t.Errorf("tools = %v, want the request's own and the set's", tools)
	}
}

func TestToolLoopStepLimit(t *testing.T) {
	m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)).Usage(&model.Usage{Known: true, InputTokens: 1, OutputTokens: 2}).Always())
	_, err := runnable.ToolLoop(m, set(weather()), &runnable.ToolLoopOptions{MaxSteps: 2}).Invoke(t.Context(), ask("x"))
	wantError(t, err, runnable.ErrStepLimit, "loop: ")
	e, ok := errors.AsType[*runnable.ToolLoopError](err)
	if !ok {
		t.Fatalf("error = %v, want a ToolLoopError", err)
	}
	c := e.Conversation
	if c.Steps != 2 || len(c.Messages) != 5 || c.Usage.Total() != 6 || c.Response != nil || c.Text() != "" {
		t.Errorf("conversation = %+v, want 2 steps with their results", c)
	}
	// A further loop goes on from there.
	rest := fake.NewWith(&fake.Options{Strict: true}, fake.Text("done"))
	if _, err := runnable.ToolLoop(rest, set(weather()), nil).Invoke(t.Context(), &model.Request{Messages: c.Messages}); err != nil {
		t.Error(err)
	}
	m = fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`)).Always())
	_, err = runnable.ToolLoop(m, set(weather()), nil).Invoke(t.Context(), ask("x"))
	wantError(t, err, runnable.ErrStepLimit, "")
	m.AssertCalls(t, 10)
}

func TestToolLoopFailures(t *testing.T) {
	call := fake.Calls(fake.Call("weather", `{"name":"Rome"}`))
	t.Run("model", func(t *testing.T) {
		m := fake.New(call, fake.Fail(model.ErrThrottled))
		_, err := runnable.Named("agent", runnable.ToolLoop(m, set(weather()), nil)).Invoke(t.Context(), ask("x"))
		wantError(t, err, model.ErrThrottled, "agent/model: ")
		e, ok := errors.AsType[*runnable.ToolLoopError](err)
		if !ok || e.Conversation.Steps != 1 || len(e.Conversation.Messages) != 3 {
			t.Errorf("error = %v, want what there was after the first step", err)
		}
	})
	t.Run("tool, cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ends := tool("weather", func(ctx context.Context, _ city) (string, error) { cancel(); return "", ctx.Err() })
		_, err := runnable.ToolLoop(fake.New(call), set(ends), nil).Invoke(ctx, ask("x"))
		wantError(t, err, context.Canceled, "loop/tools[0]/weather: ")
		e, ok := errors.AsType[*runnable.ToolLoopError](err)
		if !ok || e.Conversation.Steps != 1 || len(e.Conversation.Messages) != 3 || e.Conversation.Usage == nil {
			t.Fatalf("error = %v, want a history in which the call is answered as not finished", err)
		}
		if r := resultsOf(e.Conversation)[0]; !strings.HasPrefix(r, "error: not finished") {
			t.Errorf("result = %q, want one that says that it is not finished", r)
		}
	})
	t.Run("nil", func(t *testing.T) {
		_, err := runnable.ToolLoop(nil, nil, nil).Invoke(t.Context(), ask("x"))
		wantError(t, err, model.ErrInvalidRequest, "the model is nil")
		_, err = runnable.ToolLoop(fake.New(), nil, nil).Invoke(t.Context(), nil)
		wantError(t, err, model.ErrInvalidRequest, "the request is nil")
	})
	t.Run("no tools", func(t *testing.T) {
		c, err := runnable.ToolLoop(fake.New(fake.Text("hi")), nil, nil).Invoke(t.Context(), ask("x"))
		if err != nil || c.Text() != "hi" || c.Steps != 1 {
			t.Errorf("conversation = %v, %v, want one answer", c, err)
		}
	})
}

func TestToolLoopStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := fake.New(fake.Text("from inside").Always())
		expert := tool("expert", func(ctx context.Context, c city) (string, error) {
			time.Sleep(time.Second)
			return runnable.Named("chain", talk(inner)).Invoke(ctx, c.Name)
		})
		m := fake.New(fake.Reply(model.Text("One moment. "), fake.Call("weather", `{"name":"Rome"}`), fake.Call("expert", `{"name":"Rome"}`)), fake.Text("Done."))
		run := runnable.Stream(t.Context(), runnable.ToolLoop(m, set(weather(), expert), nil), ask("x"))
		var got []string
		said := map[string]string{}
		for ev, err := range run.Events() {
			switch {
			case err != nil:
				t.Fatal(err)
			case ev.Kind == model.EventText:
				said[ev.Step] += ev.Text
			case ev.Kind == model.EventPart:
				r := ev.Part.(model.ToolResult)
				got = append(got, fmt.Sprint(ev.Step, " ", r.CallID, " ", r.Parts[0]))
			case ev.Kind == model.EventFinish:
				got = append(got, ev.Step+" finish")
			}
		}
		diff(t, "events", got, []string{
			"loop/model finish",
			"loop/tools[0]/weather call_1_2 sunny in Rome",
			"loop/tools[1]/expert/chain/model finish",
			"loop/tools[1]/expert call_1_3 from inside",
			"loop/model finish",
		})
		diff(t, "texts", said, map[string]string{"loop/model": "One moment. Done.", "loop/tools[1]/expert/chain/model": "from inside"})
		c, err := run.Result()
		if err != nil || c.Text() != "Done." || len(c.Messages) != 4 {
			t.Errorf("result = %v, %v, want the whole conversation", c, err)
		}
	})
}

// Leaving the loop while tools run ends them, and waits for them.
func TestToolLoopBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gauge
		late := tool("weather", func(context.Context, city) (string, error) {
			time.Sleep(time.Second) // until the others have begun
			return "sunny", nil
		})
		waits := tool("wait", func(ctx context.Context, _ struct{}) (int, error) { return slow(&g).Invoke(ctx, 1000) })
		m := fake.New(fake.Calls(fake.Call("weather", `{"name":"Rome"}`), fake.Call("wait", `{}`), fake.Call("wait", `{}`)))
		run := runnable.Stream(t.Context(), runnable.ToolLoop(m, set(late, waits), nil), ask("x"))
		for ev := range run.Events() {
			if ev.Kind == model.EventPart {
				break
			}
		}
		if g.total.Load() != 2 || g.now.Load() != 0 || m.Calls() != 1 {
			t.Errorf("%d tools started, %d not ended, %d calls of the model", g.total.Load(), g.now.Load(), m.Calls())
		}
		_, err := run.Result()
		wantError(t, err, model.ErrStopped, "")
		e, ok := errors.AsType[*runnable.ToolLoopError](err)
		if !ok || len(e.Conversation.Messages) != 3 {
			t.Fatalf("error = %v, want the conversation so far", err)
		}
		got := resultsOf(e.Conversation)
		if len(got) != 3 || got[0] != "sunny" || !strings.HasPrefix(got[1], "error: not finished") || !strings.HasPrefix(got[2], "error: not finished") {
			t.Errorf("results = %q, want that of the tool that has finished, and the others as not finished", got)
		}
	})
}
