package runnable_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func TestComplete(t *testing.T) {
	chain := func(m model.ChatModel) runnable.Runnable[*model.Request, string] {
		return runnable.Pipe3(runnable.Model(m), runnable.Complete(), runnable.Text())
	}
	for reason, fails := range map[model.StopReason]bool{
		model.StopEndTurn: false, model.StopSequence: false, "of_another_kind": false,
		model.StopMaxTokens: true, model.StopContextWindow: true, model.StopContentFiltered: true,
		model.StopGuardrail: true, model.StopMalformedOutput: true, model.StopMalformedTool: true,
	} {
		text, err := chain(fake.New(fake.Text("Sorry.").StopReason(reason))).Invoke(t.Context(), ask("x"))
		if !fails {
			if err != nil || text != "Sorry." {
				t.Errorf("%s: %q, %v; want the text", reason, text, err)
			}
			continue
		}
		wantError(t, err, model.ErrOutput, "complete: ")
		wantError(t, err, model.ErrOutput, string(reason))
		e, ok := errors.AsType[*runnable.OutputError](err)
		if !ok || text != "" || e.Text != "Sorry." || e.Response == nil || e.Truncated != (reason == model.StopMaxTokens || reason == model.StopContextWindow) {
			t.Errorf("%s: %q, error = %+v", reason, text, e)
		}
	}
	_, err := runnable.Complete().Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "")
}

func TestRunTextIsOfWholeCharacters(t *testing.T) {
	m := fake.New(fake.Text("Grüße, 世界 🙂!").Pieces(1))
	var all []string
	for text, err := range runnable.Stream(t.Context(), talk(m), "x").Text() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if strings.Join(all, "") != "Grüße, 世界 🙂!" || !slices.Equal(all, strings.Split("Grüße, 世界 🙂!", "")) {
		t.Errorf("text = %q, want one character at a time", all)
	}
}

func TestFallbackStopsAtTheCallersMistakes(t *testing.T) {
	second := fake.New(fake.Text("never"))
	first := fake.New(fake.Fail(model.ErrInvalidRequest), fake.Fail(model.ErrUnsupported), fake.Fail(model.ErrThrottled))
	both := runnable.Fallback(talk(first), talk(second))
	_, err := both.Invoke(t.Context(), "x")
	wantError(t, err, model.ErrInvalidRequest, "")
	second.AssertCalls(t, 0)
	if text, err := both.Invoke(t.Context(), "x"); err != nil || text != "never" {
		t.Errorf("%q, %v; another model may support it", text, err)
	}
	picky := runnable.FallbackIf(func(err error) bool { return errors.Is(err, model.ErrTimeout) }, talk(first), talk(second))
	_, err = picky.Invoke(t.Context(), "x")
	wantError(t, err, model.ErrThrottled, "")
	second.AssertCalls(t, 1)
	if text, err := runnable.FallbackIf(nil, failing[string, string](errBoom), runnable.Func(func(context.Context, string) (string, error) { return "ok", nil })).Invoke(t.Context(), "x"); err != nil || text != "ok" {
		t.Errorf("nil filter: %q, %v", text, err)
	}
}

func TestPromptOfAnotherLibrary(t *testing.T) {
	type in struct{ Input string }
	_, err := runnable.NewPrompt[map[string]string](runnable.User("{input}"))
	wantError(t, err, model.ErrInvalidRequest, "write {{.input}}")
	_, err = runnable.NewPrompt[in](runnable.System("Be brief."), runnable.User("Say {input}."))
	wantError(t, err, model.ErrInvalidRequest, "section 2 (user): {input}")
	for _, text := range []string{"{other}", "{{.Input}} and {input}", `{"input": 1}`, "{ input }", `{{"{input}"}}`} {
		if _, err := runnable.NewPrompt[in](runnable.User(text)); err != nil {
			t.Errorf("NewPrompt(%q): %v", text, err)
		}
	}
}

func TestErrorsSayNothingTwice(t *testing.T) {
	p := must(runnable.NewPrompt[map[string]string](runnable.User("{{.x}}")))
	_, err := p.Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "prompt: invalid request: ")
	_, errTools := set().Invoke(t.Context(), &model.Response{})
	_, errLoop := runnable.ToolLoop(fake.New(), nil, nil).Invoke(t.Context(), nil)
	_, errStructured := must(runnable.Structured[int](fake.New(), nil)).Invoke(t.Context(), nil)
	for _, err := range []error{err, errTools, errLoop, errStructured} {
		words := strings.Split(err.Error(), ": ")
		if len(slices.Compact(slices.Clone(words))) != len(words) || strings.Contains(err.Error(), "tools: tool") {
			t.Errorf("error = %q, which says something twice", err)
		}
	}
}
