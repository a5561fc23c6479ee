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

type recipe struct {
	Title   string   `json:"title" jsonschema:"what the dish is called"`
	Minutes int      `json:"minutes"`
	Steps   []string `json:"steps"`
}

var soup = recipe{"Soup", 20, []string{"boil", "eat"}}

const soupJSON = `{"title":"Soup","minutes":20,"steps":["boil","eat"]}`

// recipeSchema is written down, not generated.
const recipeSchema = `{"type":"object","properties":{"title":{"description":"what the dish is called","type":"string"},"minutes":{"type":"integer"},"steps":{"type":"array","items":{"type":"string"}}},"required":["title","minutes","steps"],"additionalProperties":false}`

func can(c model.Capabilities) *fake.Options { return &fake.Options{Capabilities: &c} }

// A dumb model does not say what it can do.
type dumb struct{ m model.ChatModel }

func (d dumb) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return d.m.Generate(ctx, req)
}
func (d dumb) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return d.m.Stream(ctx, req)
}

func TestStructuredAsks(t *testing.T) {
	text, call := fake.Text(soupJSON), fake.Calls(fake.Call("recipe", soupJSON))
	thinking := func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Budget: 1024} }
	tools := model.Capabilities{Tools: true, ForcedTools: true, Thinking: true}
	none := func(*model.Request) {}
	tests := []struct {
		name    string
		caps    *model.Capabilities // nil: the model does not say
		options *runnable.StructuredOptions
		edit    func(*model.Request)
		turn    fake.Turn
		choice  model.ToolChoice
		native  bool
	}{
		{"native", &model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true}, nil, none, text, model.ToolChoice{}, true},
		{"forced tool", &tools, nil, none, call, model.UseTool("recipe"), false},
		{"forced tool, thinking", &tools, nil, thinking, call, model.ToolChoice{Mode: model.ToolsAuto}, false},
		{"forced tool, thinking off", &tools, nil, func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled} }, call, model.UseTool("recipe"), false},
		{"forced tool, thinking allowed", &model.Capabilities{Tools: true, ForcedTools: true, ForcedToolsThink: true, Thinking: true}, nil, thinking, call, model.UseTool("recipe"), false},
		{"tool that cannot be forced", &model.Capabilities{Tools: true}, nil, none, call, model.ToolChoice{Mode: model.ToolsAuto}, false},
		{"unknown", nil, nil, none, call, model.UseTool("recipe"), false},
		{"unknown, thinking", nil, nil, thinking, call, model.UseTool("recipe"), false},
		{"unknown, native by option", nil, &runnable.StructuredOptions{Method: runnable.StructuredNative}, none, text, model.ToolChoice{}, true},
		{"tool by option", &model.Capabilities{StructuredOutput: true, Tools: true, ForcedTools: true}, &runnable.StructuredOptions{Method: runnable.StructuredTool}, none, call, model.UseTool("recipe"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m model.ChatModel
			var f *fake.Model
			if tt.caps == nil {
				f = fake.New(tt.turn)
				m = dumb{f}
			} else {
				f = fake.NewWith(can(*tt.caps), tt.turn)
				m = f
			}
			s, err := runnable.Structured[recipe](m, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			req := ask("soup?")
			tt.edit(req)
			before := req.Clone()
			got, err := s.Invoke(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "value", got, soup)
			diff(t, "the caller's request", req, before)

			want := before.Clone()
			if tt.native {
				want.Output = &model.OutputFormat{Name: "recipe", Schema: json.RawMessage(recipeSchema)}
			} else {
				want.Tools = []model.Tool{{Name: "recipe", Description: "Call this tool with the answer.", InputSchema: json.RawMessage(recipeSchema)}}
				want.ToolChoice = tt.choice
				if tt.choice.Mode == model.ToolsAuto {
					parts := &want.Messages[0].Parts
					*parts = append(*parts, model.Text(`Give the answer by calling the tool "recipe".`))
				}
			}
			sent := f.Request(0)
			if !tt.native {
				diff(t, "schema", canonical(t, sent.Tools[0].InputSchema), canonical(t, []byte(recipeSchema)))
				sent.Tools[0].InputSchema = want.Tools[0].InputSchema
			} else {
				diff(t, "schema", canonical(t, sent.Output.Schema), canonical(t, []byte(recipeSchema)))
				sent.Output.Schema = want.Output.Schema
			}
			diff(t, "request", sent, want)
		})
	}
}

func canonical(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestStructuredDescription(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}), fake.Calls(fake.Call("recipe", soupJSON)))
	s := must(runnable.Structured[*recipe](m, &runnable.StructuredOptions{Description: "A recipe."}))
	got, err := s.Invoke(t.Context(), ask("soup?"))
	if err != nil || got == nil || got.Title != "Soup" {
		t.Errorf("Invoke = %v, %v, want the soup", got, err)
	}
	if d := m.Request(0).Tools[0].Description; !strings.HasPrefix(d, "A recipe.") {
		t.Errorf("description = %q, want the given one", d)
	}
}

func TestStructuredKeepsTheRequestsTools(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}), fake.Calls(fake.Call("recipe", soupJSON)))
	s := must(runnable.Structured[recipe](m, nil))
	req := ask("x")
	req.Tools = append(make([]model.Tool, 0, 4), model.Tool{Name: "other"})
	if _, err := s.Invoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if sent := m.Request(0); len(sent.Tools) != 2 || sent.Tools[0].Name != "other" || sent.Tools[1].Name != "recipe" {
		t.Errorf("tools = %v, want other and recipe", sent.Tools)
	}
	if spare := req.Tools[:2][1]; spare.Name != "" {
		t.Errorf("the caller's array now holds %v", spare)
	}
}

func TestStructuredOfWhatIsNoObject(t *testing.T) {
	native := model.Capabilities{StructuredOutput: true}
	m := fake.NewWith(can(native), fake.Text(`{"value":["a","b"]}`))
	list := must(runnable.Structured[[]string](m, nil))
	got, err := list.Invoke(t.Context(), ask("x"))
	diff(t, "value", got, []string{"a", "b"})
	if err != nil {
		t.Error(err)
	}
	diff(t, "schema", canonical(t, m.Request(0).Output.Schema), canonical(t,
		[]byte(`{"type":"object","properties":{"value":{"type":"array","items":{"type":"string"}}},"required":["value"],"additionalProperties":false}`)))
	if name := m.Request(0).Output.Name; name != "answer" {
		t.Errorf("name = %q, want answer", name)
	}
}

func TestStructuredWrongAnswers(t *testing.T) {
	native := model.Capabilities{StructuredOutput: true}
	tool := model.Capabilities{Tools: true, ForcedTools: true}
	cut := model.ToolCall{ID: "1", Name: "recipe", InvalidInput: `{"title":"So`}
	tests := []struct {
		name      string
		caps      model.Capabilities
		turn      fake.Turn
		truncated bool
		text      string
		reason    string
	}{
		{"native, prose", native, fake.Text("no"), false, "no", "there is no JSON"},
		{"native, missing property", native, fake.Text(`{"title":"x","steps":[]}`), false, `{"title":"x","steps":[]}`, "minutes"},
		{"native, wrong type", native, fake.Text(`{"title":"x","minutes":"20","steps":[]}`), false, `{"title":"x","minutes":"20","steps":[]}`, "/minutes: want integer, got string"},
		{"native, cut off", native, fake.Text(`{"title":"So`).StopReason(model.StopMaxTokens), true, `{"title":"So`, "not complete"},
		{"tool, no call", tool, fake.Text("I would rather not."), false, "I would rather not.", "there is no JSON"},
		{"tool, no call, cut off", tool, fake.Text("Thinking about").StopReason(model.StopMaxTokens), true, "Thinking about", `did not call`},
		{"tool, another call", tool, fake.Calls(fake.Call("other", `{}`)), false, "", `did not call`},
		{"tool, wrong input", tool, fake.Calls(fake.Call("recipe", `{"title":1}`)), false, `{"title":1}`, "/title: want string"},
		{"tool, no input", tool, fake.Calls(model.ToolCall{ID: "1", Name: "recipe"}), false, "{}", "title"},
		{"tool, cut off", tool, fake.Calls(cut).StopReason(model.StopMaxTokens), true, `{"title":"So`, "not JSON"},
		{"tool, malformed", tool, fake.Calls(cut).StopReason(model.StopMalformedTool), false, `{"title":"So`, "not JSON; it ended for malformed_tool_use"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := fake.NewWith(can(tt.caps), tt.turn.Always())
			got, err := must(runnable.Structured[recipe](m, nil)).Invoke(t.Context(), ask("x"))
			wantError(t, err, model.ErrOutput, tt.reason)
			e, ok := errors.AsType[*runnable.OutputError](err)
			if !ok || e.Truncated != tt.truncated || e.Text != tt.text || e.Response == nil || got.Title != "" {
				t.Errorf("error = %+v with value %v; want truncated %v and text %q", e, got, tt.truncated, tt.text)
			}
			raw, err := must(runnable.StructuredRaw[recipe](m, nil)).Invoke(t.Context(), ask("x"))
			if err != nil || raw.Response == nil || !errors.Is(raw.Err, model.ErrOutput) {
				t.Errorf("raw = %+v, %v; want the response and the same error in it", raw, err)
			}
		})
	}
}

func TestStructuredRaw(t *testing.T) {
	m := fake.NewWith(can(model.Capabilities{StructuredOutput: true}), fake.Text("Here: "+soupJSON), fake.Fail(model.ErrThrottled))
	s := must(runnable.StructuredRaw[recipe](m, nil))
	got, err := s.Invoke(t.Context(), ask("x"))
	if err != nil || got.Err != nil || got.Response.Text() != "Here: "+soupJSON {
		t.Errorf("raw = %+v, %v; want the response", got, err)
	}
	diff(t, "value", got.Value, soup)
	_, err = s.Invoke(t.Context(), ask("x"))
	wantError(t, err, model.ErrThrottled, "structured: ")
}

func TestStructuredRefusals(t *testing.T) {
	tool := fake.NewWith(can(model.Capabilities{Tools: true, ForcedTools: true}))
	s := must(runnable.Structured[recipe](tool, nil))
	refused := map[string]func(*model.Request){
		"output format of its own": func(r *model.Request) { r.Output = &model.OutputFormat{Schema: json.RawMessage(`{}`)} },
		"tool choice of its own":   func(r *model.Request) { r.ToolChoice.Mode = model.ToolsAny },
		"reserved for the answer":  func(r *model.Request) { r.Tools = []model.Tool{{Name: "recipe"}} },
	}
	for text, edit := range refused {
		req := ask("x")
		edit(req)
		_, err := s.Invoke(t.Context(), req)
		wantError(t, err, model.ErrInvalidRequest, text)
	}
	_, err := s.Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "the request is nil")
	tool.AssertCalls(t, 0)

	_, err = runnable.Structured[recipe](nil, nil)
	wantError(t, err, model.ErrInvalidRequest, "the model is nil")
	_, err = runnable.Structured[func()](tool, nil)
	wantError(t, err, model.ErrInvalidRequest, "func()")
	_, err = runnable.StructuredRaw[recipe](tool, &runnable.StructuredOptions{Method: "magic"})
	wantError(t, err, model.ErrInvalidRequest, `method "magic"`)
}

func TestPartials(t *testing.T) {
	list := `{"value":["a","b"]}`
	tool := can(model.Capabilities{Tools: true, ForcedTools: true})
	t.Run("tool", func(t *testing.T) {
		m := fake.NewWith(tool, fake.Reply(model.Text("Here is {it}"), fake.Call("recipe", soupJSON)).Pieces(7))
		checkPartials(t, must(runnable.Structured[recipe](m, nil)))
	})
	t.Run("native", func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{StructuredOutput: true}), fake.Text(soupJSON).Pieces(7))
		checkPartials(t, must(runnable.Structured[recipe](m, nil)))
	})
	t.Run("JSON in prose", func(t *testing.T) {
		m := fake.New(fake.Text("A {set}:\n```json\n" + soupJSON + "\n```\n{}").Pieces(7))
		checkPartials(t, runnable.Pipe(runnable.Model(m), runnable.JSON[recipe]()))
	})
	t.Run("not an object", func(t *testing.T) {
		m := fake.NewWith(tool, fake.Calls(fake.Call("answer", list)).Pieces(1))
		var got []string
		for v, err := range runnable.Partials[[]string](runnable.Stream(t.Context(), must(runnable.Structured[[]string](m, nil)), ask("x"))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%q", v))
		}
		diff(t, "partials", got, []string{`[]`, `[""]`, `["a"]`, `["a" ""]`, `["a" "b"]`})
	})
	t.Run("two answers of a step", func(t *testing.T) {
		m := fake.New(fake.Text(`{"title":"first"}`), fake.Text(`{"title":"second"}`))
		chain := runnable.Pipe(talk(m), runnable.Pipe3(asking(), runnable.Model(m), runnable.JSON[recipe]()))
		var got []string
		for v, err := range runnable.Partials[recipe](runnable.Stream(t.Context(), chain, "x")) {
			if err != nil {
				t.Fatal(err)
			}
			if n := len(got); v.Title != "" && (n == 0 || got[n-1] != v.Title) {
				got = append(got, v.Title)
			}
		}
		diff(t, "titles", got, []string{"first", "second"})
	})
	t.Run("calls of other tools", func(t *testing.T) {
		m := fake.New(fake.Reply(fake.Call("other", `{"title":"no"}`), fake.Call("recipe", `{"title":"yes"}`)))
		for v, err := range runnable.Partials[recipe](runnable.Stream(t.Context(), runnable.Model(m), ask("x"))) {
			if err != nil || strings.HasPrefix(v.Title, "n") {
				t.Errorf("partial = %v, %v, want those of the answer's tool only", v, err)
			}
		}
	})
	t.Run("error", func(t *testing.T) {
		m := fake.New(fake.Text(soupJSON).Pieces(7).FailAfter(3, model.ErrTransport))
		var n int
		var last error
		for v, err := range runnable.Partials[recipe](runnable.Stream(t.Context(), runnable.Pipe(runnable.Model(m), runnable.JSON[recipe]()), ask("x"))) {
			if last = err; err == nil {
				n++
			} else if v.Title != "" {
				t.Errorf("value beside the error: %v", v)
			}
		}
		wantError(t, last, model.ErrTransport, "")
		if n == 0 {
			t.Error("no partial before the error")
		}
	})
	t.Run("break", func(t *testing.T) {
		m := fake.New(fake.Text(soupJSON).Pieces(7))
		for range runnable.Partials[recipe](runnable.Stream(t.Context(), runnable.Pipe(runnable.Model(m), runnable.JSON[recipe]()), ask("x"))) {
			break
		}
		if m.Open() != 0 {
			t.Errorf("%d streams are open", m.Open())
		}
	})
}

// checkPartials checks that every partial holds what the one before holds and
// more, and that the last is the whole.
func checkPartials(t *testing.T, r runnable.Runnable[*model.Request, recipe]) {
	t.Helper()
	run := runnable.Stream(t.Context(), r, ask("x"))
	var all []recipe
	for v, err := range runnable.Partials[recipe](run) {
		if err != nil {
			t.Fatal(err)
		}
		if n := len(all); n > 0 {
			last := all[n-1]
			if !strings.HasPrefix(v.Title, last.Title) || len(v.Steps) < len(last.Steps) || last.Minutes != 0 && v.Minutes != last.Minutes {
				t.Errorf("%v after %v", v, last)
			}
		}
		if v.Minutes != 0 && v.Minutes != 20 {
			t.Errorf("minutes = %d, want them whole or not at all", v.Minutes)
		}
		all = append(all, v)
	}
	if len(all) < 5 {
		t.Fatalf("%d partials, want more", len(all))
	}
	diff(t, "last partial", all[len(all)-1], soup)
	got, err := run.Result()
	diff(t, "result", got, soup)
	if err != nil {
		t.Error(err)
	}
}

// Partial values come while the answer is still being written.
func TestPartialsComeEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fake.NewWith(can(model.Capabilities{StructuredOutput: true}), fake.Text(soupJSON).Pieces(13).Every(time.Second))
		start := time.Now()
		first := time.Duration(-1)
		run := runnable.Stream(t.Context(), must(runnable.Structured[recipe](m, nil)), ask("x"))
		for v, err := range runnable.Partials[recipe](run) {
			if err != nil {
				t.Fatal(err)
			}
			if first < 0 && v.Title != "" {
				first = time.Since(start)
			}
		}
		if whole := time.Since(start); first < 0 || first > whole/2 {
			t.Errorf("the title came after %v of %v", first, whole)
		}
	})
}
