package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

const novaLite = "us.amazon.nova-lite-v1:0"

// TestInlineThinking checks that thinking that a model writes into its text
// becomes a part of its own, in answers of one piece and in streams cut
// anywhere.
func TestInlineThinking(t *testing.T) {
	thought := func(base, s string) model.Part { return model.Thinking{Text: s, Provider: "bedrock", Model: base} }
	const lite = "amazon.nova-lite-v1:0"
	for _, row := range []struct {
		model, text string
		want        []model.Part
	}{
		{novaLite, "<thinking> {\"a\":1} </thinking>\n\n{\"a\":2}", []model.Part{thought(lite, " {\"a\":1} "), model.Text(`{"a":2}`)}},
		{novaLite, "<thinking>a</thinking>\n", []model.Part{thought(lite, "a")}},
		{novaLite, "hi <thinking>a</thinking>", []model.Part{model.Text("hi <thinking>a</thinking>")}},
		{"amazon.nova-pro-v1:0", "<thinking>a</thinking>hi", []model.Part{thought("amazon.nova-pro-v1:0", "a"), model.Text("hi")}},
		{"moonshot.kimi-k2-thinking", "<think>a</think>hi", []model.Part{thought("moonshot.kimi-k2-thinking", "a"), model.Text("hi")}},
		{"moonshot.kimi-k2-thinking", "<thinking>a</thinking>hi", []model.Part{model.Text("<thinking>a</thinking>hi")}},
		{claude45, "<thinking>a</thinking>hi", []model.Part{model.Text("<thinking>a</thinking>hi")}},
		{"amazon.nova-2-lite-v1:0", "<thinking>a</thinking>hi", []model.Part{model.Text("<thinking>a</thinking>hi")}},
		{novaLite, "", []model.Part{model.Text("")}},
	} {
		resp, err := newModel(t, row.model, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer([]byte(unaryText(row.text)), "application/json"), nil
		}), nil).Generate(context.Background(), hello)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row.want, resp.Message.Parts); diff != "" {
			t.Errorf("%s, %q: in one piece: (-want +got)\n%s", row.model, row.text, diff)
		}
		for size := 1; size <= max(1, len(row.text)); size++ {
			var deltas []string
			for rest := row.text; ; {
				n := min(size, len(rest))
				deltas, rest = append(deltas, rest[:n]), rest[n:]
				if rest == "" {
					break
				}
			}
			resp, err := newModel(t, row.model, streamOf(bytes.NewReader(textStream(deltas...))), nil).Stream(context.Background(), hello).Response()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, resp.Message.Parts); diff != "" {
				t.Errorf("%s, %q: in deltas of %d: (-want +got)\n%s", row.model, row.text, size, diff)
			}
		}
	}
}

// TestInlineThinkingInvoke checks the same for InvokeModel's bodies, and that
// the names of the tags can be set.
func TestInlineThinkingInvoke(t *testing.T) {
	m := newModel(t, "qwen.qwen3-32b-v1:0", roundTrip(func(*http.Request) (*http.Response, error) {
		return answer([]byte(`{"choices":[{"message":{"role":"assistant","content":"<mull>a</mull> hi"},"finish_reason":"stop"}]}`), "application/json"), nil
	}), &bedrock.Options{Format: bedrock.FormatOpenAI, Facts: func(f *facts.Facts) { f.Answers.ThinkingTags = []string{"mull"} }})
	resp, err := m.Generate(context.Background(), hello)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]model.Part{model.Thinking{Text: "a", Provider: "bedrock", Model: "qwen.qwen3-32b-v1:0"}, model.Text("hi")}, resp.Message.Parts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestInlineThinkingJSON checks that an object in the thinking is not taken for
// the answer.
func TestInlineThinkingJSON(t *testing.T) {
	m := newModel(t, novaLite, roundTrip(func(*http.Request) (*http.Response, error) {
		return answer([]byte(unaryText(`<thinking>The user wants {"n":1}?</thinking> {"n":2}`)), "application/json"), nil
	}), nil)
	got, err := runnable.Pipe(runnable.Model(m), runnable.JSON[struct{ N int }]()).Invoke(context.Background(), hello)
	if err != nil || got.N != 2 {
		t.Errorf("%+v, %v; want 2", got, err)
	}
}

// TestInlineThinkingBrokenStream checks that text that could have become a tag
// is not lost when the stream breaks off.
func TestInlineThinkingBrokenStream(t *testing.T) {
	whole := textStream("<think")
	broken := whole[:bytes.Index(whole, []byte("messageStop"))-20]
	var text strings.Builder
	var failed error
	for ev, err := range newModel(t, novaLite, streamOf(bytes.NewReader(broken)), nil).Stream(context.Background(), hello).Events() {
		if err != nil {
			failed = err
		}
		if ev.Kind == model.EventText {
			text.WriteString(ev.Text)
		}
	}
	if text.String() != "<think" || !errors.Is(failed, model.ErrTruncated) {
		t.Errorf("text %q, error %v", text.String(), failed)
	}
}
