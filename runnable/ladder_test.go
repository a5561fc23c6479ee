package runnable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// wayOf says how a request asks for a recipe.
func wayOf(req *model.Request) string {
	switch {
	case req.Output != nil:
		return "native"
	case req.ToolChoice.Mode == model.ToolsNamed:
		return "tool"
	case req.ToolChoice.Mode == model.ToolsAny:
		return "any"
	case req.ToolChoice.Mode == model.ToolsAuto:
		return "offered"
	}
	return "prompt"
}

// obeys is a model that answers in some ways, and otherwise refuses or rambles.
func obeys(caps model.Capabilities, outcome map[string]string) *fake.Model {
	return fake.NewWith(can(caps), fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		way := wayOf(req)
		usage := &model.Usage{Known: true, InputTokens: 10, OutputTokens: 1}
		switch outcome[way] {
		case "unsupported":
			return nil, &model.Error{Kind: model.ErrUnsupported, Message: way}
		case "400":
			return nil, &model.Error{Kind: model.ErrInvalidRequest, Status: 400, Message: way}
		case "rambles":
			return &model.Response{Message: model.Assistant("Well, soup."), StopReason: model.StopEndTurn, Usage: usage}, nil
		}
		if way == "native" || way == "prompt" {
			return &model.Response{Message: model.Assistant(soupJSON), Usage: usage}, nil
		}
		return &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "1", Name: "recipe", Input: json.RawMessage(soupJSON)}), StopReason: model.StopToolUse, Usage: usage}, nil
	}).Always())
}

func ways(m *fake.Model) string {
	var all []string
	for _, req := range m.Requests() {
		all = append(all, wayOf(req))
	}
	return strings.Join(all, " ")
}

func TestLadder(t *testing.T) {
	all := model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true, ForcedToolsThink: true, Thinking: true}
	for _, test := range []struct {
		name    string
		caps    model.Capabilities
		outcome map[string]string
		asked   string // by two calls
		method  runnable.StructuredMethod
		calls   int // of the first call that were answered
	}{
		{"the best", all, nil, "native native", "native", 1},
		{"native is refused", all, map[string]string{"native": "unsupported"}, "native tool tool", "tool", 1},
		{"the service refuses native", all, map[string]string{"native": "400"}, "native tool tool", "tool", 1},
		{"native is not obeyed", all, map[string]string{"native": "rambles"}, "native tool tool", "tool", 2},
		{"a named tool is refused", all, map[string]string{"native": "400", "tool": "unsupported"}, "native tool any any", "any", 1},
		{"a named tool is not obeyed", all, map[string]string{"native": "400", "tool": "rambles"}, "native tool any any", "any", 2},
		{"no tool can be forced", all, map[string]string{"native": "400", "tool": "400", "any": "400"}, "native tool any offered offered", "offered", 1},
		{"no tool is called", all, map[string]string{"native": "400", "tool": "rambles", "any": "rambles"}, "native tool any prompt prompt", "prompt", 3},
		{"no tools at all", model.Capabilities{}, nil, "prompt prompt", "prompt", 1},
		{"tools that are not called", model.Capabilities{Tools: true}, map[string]string{"offered": "rambles"}, "offered prompt prompt", "prompt", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := obeys(test.caps, test.outcome)
			s := must(runnable.StructuredRaw[recipe](m, nil))
			for i := range 2 {
				a, err := s.Invoke(t.Context(), ask("x"))
				if err != nil || a.Err != nil {
					t.Fatal(err, a.Err)
				}
				diff(t, "value", a.Value, soup)
				calls := test.calls
				if i > 0 {
					calls = 1 // what has served is remembered
				}
				if a.Method != test.method || a.Calls != calls || a.Usage.Total() != 11*calls {
					t.Errorf("answer by %s after %d calls, %v; want %s after %d", a.Method, a.Calls, a.Usage, test.method, calls)
				}
			}
			diff(t, "asked by", ways(m), test.asked)
			// The same in a stream.
			m = obeys(test.caps, test.outcome)
			run := runnable.Stream(t.Context(), must(runnable.Structured[recipe](m, nil)), ask("x"))
			got, err := run.Result()
			diff(t, "streamed value", got, soup)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLadderEnds(t *testing.T) {
	all := model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true}
	refuses := map[string]string{"native": "unsupported", "tool": "unsupported", "any": "400", "offered": "400", "prompt": "400"}
	m := obeys(all, refuses)
	_, err := must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrInvalidRequest, "structured: ")
	diff(t, "asked by", ways(m), "native tool any offered prompt")

	for _, kind := range []model.ErrorKind{model.ErrThrottled, model.ErrInvalidRequest, model.ErrPermission} {
		m := fake.NewWith(can(all), fake.Fail(kind))
		_, err := must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), ask("x"))
		wantError(t, err, kind, "")
		m.AssertCalls(t, 1)
	}
	m = obeys(all, map[string]string{"native": "unsupported"})
	_, err = must(runnable.Structured[recipe](m, &runnable.StructuredOptions{Method: runnable.StructuredNative})).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrUnsupported, "")
	m.AssertCalls(t, 1)

	// A refusal of a guardrail is not asked again.
	m = fake.NewWith(can(all), fake.Text("Sorry.").StopReason(model.StopGuardrail))
	_, err = must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrOutput, "guardrail_intervened")
	m.AssertCalls(t, 1)
}

func TestLadderRemembersThinkingApart(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true, ForcedToolsThink: true, Thinking: true}), fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		if req.Thinking != nil && wayOf(req) != "offered" {
			return nil, &model.Error{Kind: model.ErrInvalidRequest, Status: 400}
		}
		return &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "1", Name: "recipe", Input: json.RawMessage(soupJSON)})}, nil
	}).Always())
	s := must(runnable.Structured[recipe](m, nil))
	thinking := ask("x")
	thinking.Thinking = &model.ThinkingConfig{Effort: "high"}
	for _, req := range []*model.Request{thinking, ask("x"), thinking} {
		if _, err := s.Invoke(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	diff(t, "asked by", ways(m), "tool any offered tool offered")
}

func TestLadderPrompts(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{}), fake.Text("Sure! Here it is:\n```json\n"+soupJSON+"\n```\nEnjoy."))
	req := &model.Request{Messages: []model.Message{model.System("Be brief."), model.User("soup?")}}
	before := req.Clone()
	got, err := must(runnable.Structured[recipe](m, &runnable.StructuredOptions{Description: "A recipe."})).Invoke(t.Context(), req)
	diff(t, "value", got, soup)
	diff(t, "the caller's request", req, before)
	if err != nil {
		t.Error(err)
	}
	text := m.Request(0).Messages[1].Text()
	_, rest, ok := strings.Cut(text, "\n"+runnable.SchemaBegin+"\n")
	raw, _, ok2 := strings.Cut(rest, "\n"+runnable.SchemaEnd)
	if !ok || !ok2 || !strings.HasPrefix(text, "soup?A recipe.") {
		t.Fatalf("prompt = %q", text)
	}
	diff(t, "schema", canonical(t, []byte(raw)), canonical(t, []byte(recipeSchema)))

	// Where the user does not speak last, a turn is added.
	m = fake.NewWith(can(model.Capabilities{}), fake.Text(soupJSON))
	req = &model.Request{Messages: []model.Message{model.User("x"), model.Assistant("y")}}
	if _, err := must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if sent := m.Request(0).Messages; len(sent) != 3 || sent[2].Role != model.RoleUser {
		t.Errorf("messages = %v", sent)
	}
}

func TestRepair(t *testing.T) {
	usage := &model.Usage{Known: true, InputTokens: 10, OutputTokens: 1}
	bad, good := `{"title":"Soup","minutes":"20","steps":["boil","eat"]}`, soupJSON
	tool := can(model.Capabilities{Tools: true, ForcedTools: true})
	native := can(model.Capabilities{StructuredOutput: true})

	m := fake.NewWith(tool, fake.Calls(fake.Call("recipe", bad)).Usage(usage), fake.Calls(fake.Call("recipe", good)).Usage(usage))
	a, err := must(runnable.StructuredRaw[recipe](m, &runnable.StructuredOptions{Repairs: 1})).Invoke(t.Context(), ask("x"))
	if err != nil || a.Err != nil || a.Calls != 2 || a.Usage.Total() != 22 {
		t.Errorf("answer = %+v, %v", a, err)
	}
	diff(t, "value", a.Value, soup)
	shown := m.Request(1).Messages
	if r, ok := shown[2].Parts[0].(model.ToolResult); !ok || !r.IsError || !strings.Contains(fmt.Sprint(r.Parts[0]), "/minutes: want integer, got string") {
		t.Errorf("the model is shown %v", shown[2])
	}

	m = fake.NewWith(native, fake.Text(bad), fake.Text(bad), fake.Text(good))
	a, err = must(runnable.StructuredRaw[recipe](m, &runnable.StructuredOptions{Repairs: 2})).Invoke(t.Context(), ask("x"))
	if err != nil || a.Err != nil || a.Calls != 3 || len(m.Request(2).Messages) != 5 {
		t.Errorf("answer = %+v, %v", a, err)
	}
	m = fake.NewWith(native, fake.Text(bad).Always())
	_, err = must(runnable.Structured[recipe](m, &runnable.StructuredOptions{Repairs: 1})).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrOutput, "/minutes")
	m.AssertCalls(t, 2)
	m = fake.NewWith(native, fake.Text(bad).Always()) // off by default
	_, err = must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrOutput, "/minutes")
	m.AssertCalls(t, 1)
	m = fake.NewWith(native, fake.Text(`{"title":`).StopReason(model.StopMaxTokens)) // not what was cut off
	_, err = must(runnable.Structured[recipe](m, &runnable.StructuredOptions{Repairs: 1})).Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrOutput, "cut off")
}

func TestStructuredSchema(t *testing.T) {
	native := can(model.Capabilities{StructuredOutput: true})
	raw := json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer","minimum":1},"o":{"type":"string"}},"required":["n"]}`)
	m := fake.NewWith(native, fake.Text(`{"n":12345678901234567890,"o":null}`), fake.Text(`{"n":0}`))
	s := must(runnable.StructuredSchema[json.RawMessage](m, raw, nil))
	a, err := s.Invoke(t.Context(), ask("x"))
	if err != nil || a.Err != nil || string(a.Value) != `{"n":12345678901234567890}` {
		t.Errorf("answer = %s, %v, %v", a.Value, err, a.Err)
	}
	if sent := m.Request(0).Output; string(sent.Schema) != string(raw) || sent.Name != "answer" {
		t.Errorf("output = %s", sent.Schema)
	}
	a, _ = s.Invoke(t.Context(), ask("x"))
	wantError(t, a.Err, model.ErrOutput, "/n: want at least 1")

	m = fake.NewWith(native, fake.Text(`{"value":[1,[2]]}`))
	list, err := must(runnable.StructuredSchema[[]any](m, json.RawMessage(`{"type":"array","items":{"anyOf":[{"type":"integer"},{"$ref":"#"}]}}`), nil)).Invoke(t.Context(), ask("x"))
	diff(t, "list", list.Value, []any{1.0, []any{2.0}})
	if err != nil || list.Err != nil {
		t.Error(err, list.Err)
	}
	m = fake.NewWith(native, fake.Text(`{"a":1}`))
	object, err := must(runnable.StructuredSchema[map[string]any](m, json.RawMessage(`{"properties":{"a":{}}}`), nil)).Invoke(t.Context(), ask("x"))
	diff(t, "map", object.Value, map[string]any{"a": 1.0})
	if err != nil {
		t.Error(err)
	}
	for _, bad := range []string{``, `[]`, `{"type":"objekt"}`, `{"$ref":"#/x"}`} {
		if _, err := runnable.StructuredSchema[any](m, json.RawMessage(bad), nil); !errors.Is(err, model.ErrInvalidRequest) {
			t.Errorf("StructuredSchema(%s) error = %v, want ErrInvalidRequest", bad, err)
		}
	}
}

func TestStructuredOverFallback(t *testing.T) {
	first := obeys(model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true}, map[string]string{"offered": "unsupported"})
	second := obeys(model.Capabilities{Tools: true}, nil)
	both := model.Wrap(first, model.Fallback(second))
	got, err := must(runnable.Structured[recipe](both, nil)).Invoke(t.Context(), ask("x"))
	diff(t, "value", got, soup)
	if err != nil {
		t.Error(err)
	}
}

func TestStructuredLoop(t *testing.T) {
	usage := &model.Usage{Known: true, InputTokens: 10, OutputTokens: 1}
	call := fake.Calls(fake.Call("weather", `{"name":"Rome"}`)).Usage(usage)
	t.Run("native", func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{StructuredOutput: true, Tools: true}), call, fake.Text(soupJSON).Usage(usage))
		a, err := must(runnable.StructuredLoop[recipe](m, set(weather()), nil, nil)).Invoke(t.Context(), ask("x"))
		if err != nil || a.Err != nil || a.Method != "native" || a.Calls != 2 || a.Usage.Total() != 22 {
			t.Errorf("answer = %+v, %v", a, err)
		}
		diff(t, "value", a.Value, soup)
		diff(t, "results", resultsOf(a.Conversation), []string{"sunny in Rome"})
	})
	t.Run("by a tool at the end", func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}), call, fake.Text("Sunny, so soup.").Usage(usage), fake.Calls(fake.Call("recipe", soupJSON)).Usage(usage))
		req := ask("x")
		req.ToolChoice.Mode = model.ToolsAny
		a, err := must(runnable.StructuredLoop[recipe](m, set(weather()), nil, nil)).Invoke(t.Context(), req)
		if err != nil || a.Err != nil || a.Method != "tool" || a.Calls != 3 || a.Usage.Total() != 33 {
			t.Errorf("answer = %+v, %v", a, err)
		}
		diff(t, "value", a.Value, soup)
	})
	t.Run("native is refused", func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true}),
			fake.Fail(model.ErrUnsupported), call, fake.Text("Sunny."), fake.Fail(model.ErrUnsupported), fake.Calls(fake.Call("recipe", soupJSON)))
		a, err := must(runnable.StructuredLoop[recipe](m, set(weather()), nil, nil)).Invoke(t.Context(), ask("x"))
		if err != nil || a.Err != nil || a.Method != "tool" {
			t.Errorf("answer = %+v, %v", a, err)
		}
	})
	t.Run("fails", func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}), call, fake.Fail(model.ErrThrottled))
		_, err := must(runnable.StructuredLoop[recipe](m, set(weather()), nil, nil)).Invoke(t.Context(), ask("x"))
		wantError(t, err, model.ErrThrottled, "structured/loop/model: ")
		lost(t, err)
		_, err = must(runnable.StructuredLoop[recipe](m, nil, nil, nil)).Invoke(t.Context(), nil)
		wantError(t, err, model.ErrInvalidRequest, "the request is nil")
	})
}

func TestStructuredStrict(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}), fake.Calls(fake.Call("recipe", soupJSON)))
	if _, err := must(runnable.Structured[recipe](m, &runnable.StructuredOptions{Strict: new(true)})).Invoke(t.Context(), ask("x")); err != nil {
		t.Fatal(err)
	}
	if s := m.Request(0).Tools[0].Strict; s == nil || !*s {
		t.Error("the tool is not strict")
	}
}
