package runnable_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type point struct{ X, Y int }

func TestJSON(t *testing.T) {
	tests := []struct {
		name string
		text string
		want point
	}{
		{"alone", `{"X":1,"Y":2}`, point{1, 2}},
		{"with white space", "\n {\"X\" : 1}\n\n", point{X: 1}},
		{"in a fence", "```json\n{\"X\":1}\n```", point{X: 1}},
		{"in a fence without a language", "```\n{\"X\":1}```", point{X: 1}},
		{"prose around", "Sure! Here it is: {\"X\":1} Anything else?", point{X: 1}},
		{"prose and fence", "Here:\n```json\n{\"X\":1}\n```\nI hope {that} helps.", point{X: 1}},
		{"the first of two", `{"X":1} or {"X":2}`, point{X: 1}},
		{"brackets in the prose", "a set {x, y} and [see above]: {\"X\":1}", point{X: 1}},
		{"another value first", `as in [1], it is {"X":1}`, point{X: 1}},
		{"brackets in a string", `{"X":1,"Z":"}{][\"\\"}`, point{X: 1}},
		{"nested", `{"Z":{"X":5},"X":1}`, point{X: 1}},
		{"broken in broken out", `{"a": {"X":5}, oops} {"X":1}`, point{X: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := runnable.JSON[point]().Invoke(t.Context(), &model.Response{Message: model.Assistant(tt.text)})
			if got != tt.want || err != nil {
				t.Errorf("JSON(%q) = %v, %v, want %v", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestJSONOfOtherTypes(t *testing.T) {
	check := func(name string, got any, err error, want any) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		diff(t, name, got, want)
	}
	say := func(text string) *model.Response { return &model.Response{Message: model.Assistant(text)} }
	ints, err := runnable.JSON[[]int]().Invoke(t.Context(), say("ok: [1, 2]"))
	check("a list", ints, err, []int{1, 2})
	text, err := runnable.JSON[string]().Invoke(t.Context(), say("```json\n\"yes\"\n```"))
	check("a string", text, err, "yes")
	number, err := runnable.JSON[int]().Invoke(t.Context(), say(" 42\n"))
	check("a number", number, err, 42)
	raw, err := runnable.JSON[json.RawMessage]().Invoke(t.Context(), say(`x {"n": 1.00000000000000000001} y`))
	check("raw", string(raw), err, `{"n": 1.00000000000000000001}`)
	nothing, err := runnable.JSON[*point]().Invoke(t.Context(), say("null"))
	check("null", nothing, err, (*point)(nil))
	cited, err := runnable.JSON[point]().Invoke(t.Context(), &model.Response{Message: model.AssistantParts(
		model.Thinking{Text: `{"X":9}`}, model.CitedText{Text: `{"X":`}, model.Text(`3}`))})
	check("of several parts", cited, err, point{X: 3})
}

func TestJSONErrors(t *testing.T) {
	tests := []struct {
		name      string
		text      string
		stop      model.StopReason
		truncated bool
		reason    string
	}{
		{"prose", "I cannot do that.", model.StopEndTurn, false, "there is no JSON in it"},
		{"nothing", " \n", model.StopEndTurn, false, "it has no text"},
		{"prose, cut off", "Let me first", model.StopMaxTokens, true, "there is no JSON in it"},
		{"not complete", `{"X":1,`, model.StopEndTurn, false, "its JSON is not complete"},
		{"cut off", `{"X":1,`, model.StopMaxTokens, true, "its JSON is not complete"},
		{"context window", `{"X":1,`, model.StopContextWindow, true, "its JSON is not complete"},
		{"cut off after a value inside", `{"P": {"X":1}, "Q`, model.StopMaxTokens, true, "its JSON is not complete"},
		{"broken around a value", `{"P": {"X":1}, Q}`, model.StopEndTurn, false, "there is no JSON in it"},
		{"another type", `{"X":"one"}`, model.StopEndTurn, false, "cannot unmarshal string"},
		{"a list", `[1]`, model.StopEndTurn, false, "cannot unmarshal array"},
		{"null", `null`, model.StopEndTurn, false, "null is not a runnable_test.point"},
		{"filtered", `Sorry`, model.StopContentFiltered, false, "it ended for content_filtered"},
		{"guardrail", `Sorry`, model.StopGuardrail, false, "it ended for guardrail_intervened"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := &model.Response{Message: model.Assistant(tt.text), StopReason: tt.stop}
			got, err := runnable.JSON[point]().Invoke(t.Context(), resp)
			wantError(t, err, model.ErrOutput, tt.reason)
			e, ok := errors.AsType[*runnable.OutputError](err)
			if !ok {
				t.Fatalf("error = %v, want an OutputError", err)
			}
			if e.Truncated != tt.truncated || e.Text != tt.text || e.Response != resp || got != (point{}) {
				t.Errorf("error = %+v, want truncated %v, the text and the response, and no value", e, tt.truncated)
			}
			if strings.Contains(err.Error(), "cut off") != tt.truncated {
				t.Errorf("text = %q, want it to tell the truncated from the wrong", err)
			}
			if model.KindOf(err) != model.ErrOutput || model.Retryable(err) {
				t.Errorf("kind = %v, retryable %v, want %v and false", model.KindOf(err), model.Retryable(err), model.ErrOutput)
			}
		})
	}
	_, err := runnable.JSON[point]().Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "json: ")
	_, err = runnable.Text().Invoke(t.Context(), nil)
	wantError(t, err, model.ErrInvalidRequest, "text: ")
}

// Looking for JSON in a text of brackets takes time in proportion to it.
func TestJSONIsLinear(t *testing.T) {
	for _, unit := range []string{"{", "[", "{x", "[[x", `{"a":[`, `{"a":{"b":1},x `, "[1,"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		done := make(chan struct{})
		go func() {
			defer close(done)
			runnable.JSON[point]().Invoke(t.Context(), &model.Response{Message: model.Assistant(text)})
		}()
		select {
		case <-done: // quadratic work would be some 10^12 steps
		case <-time.After(time.Minute):
			t.Fatalf("a megabyte of %q takes more than a minute", unit)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"X":1}`, "```json\n{\"X\":1}\n```", `a {b} [1] {"X":2} c`, `{"P":{"X":1},`, `{"a":"\ud83d\ude00"}`, `{"a":1e5,"b":[true,false,null]}`, "{\"a\":\"\x00\"}", `[01]`, `{"a":"\x"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		resp := &model.Response{Message: model.Assistant(text)}
		raw, err := runnable.JSON[json.RawMessage]().Invoke(t.Context(), resp)
		if err != nil {
			if !errors.Is(err, model.ErrOutput) {
				t.Errorf("error = %v, want one of output", err)
			}
			if json.Valid([]byte(text)) {
				t.Errorf("%q is JSON, but: %v", text, err)
			}
			return
		}
		if !json.Valid(raw) || !strings.Contains(text, string(raw)) {
			t.Errorf("JSON(%q) = %q, want JSON out of the text", text, raw)
		}
	})
}
