package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/model"
)

var messageTests = []struct {
	name    string
	message string
	want    []model.Part
}{
	{"text", `{"role":"assistant","content":"Olá <&>"}`, []model.Part{model.Text("Olá <&>")}},
	{"nothing", `{"role":"assistant","content":null}`, []model.Part{}},
	{"tags", `{"content":"<reasoning>hm</reasoning>Hi"}`, []model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi")}},
	{"tags around pieces", `{"content":"<reasoning>h</reasoning><reasoning>m</reasoning>Hi <reasoning>x</reasoning>"}`,
		[]model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi <reasoning>x</reasoning>")}},
	{"tag not closed", `{"content":"<reasoning>hm</reason"}`, []model.Part{model.Thinking{Text: "hm</reason", Provider: "bedrock"}}},
	{"no tag", `{"content":"<reason"}`, []model.Part{model.Text("<reason")}},
	{"reasoning_content", `{"content":"Hi","reasoning_content":"hm"}`, []model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi")}},
	{"reasoning", `{"content":"Hi","reasoning":"hm"}`, []model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi")}},
	{"parts", `{"content":[{"type":"text","text":"a"},{"type":"k", "n":1.0},{"type":"text","text":"b"}]}`,
		[]model.Part{model.Text("ab"), model.Opaque{Provider: "bedrock/openai", Kind: "k", Data: json.RawMessage(`{"type":"k", "n":1.0}`)}}},
	{"calls", `{"content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"w","arguments":"{ \"n\":9007199254740993 }"}},{"id":"2","function":{"name":"now","arguments":""}},{"id":"3","function":{"name":"w","arguments":"{\"cut"}}]}`,
		[]model.Part{model.ToolCall{ID: "1", Name: "w", Input: json.RawMessage(`{ "n":9007199254740993 }`)}, model.ToolCall{ID: "2", Name: "now", Input: json.RawMessage(`{}`)}, model.ToolCall{ID: "3", Name: "w", InvalidInput: `{"cut`}}},
	{"refusal", `{"content":null,"refusal":"No."}`, []model.Part{model.Text("No.")}},
}

func TestDecode(t *testing.T) {
	for _, tt := range messageTests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := openai.Codec{}.Decode([]byte(`{"choices":[{"index":0,"message":` + tt.message + `,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":3}}}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, a.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(&model.Usage{Known: true, InputTokens: 5, OutputTokens: 7, CacheReadTokens: 3}, a.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStopReasons(t *testing.T) {
	for wire, want := range map[string]model.StopReason{"stop": model.StopEndTurn, "length": model.StopMaxTokens, "tool_calls": model.StopToolUse,
		"content_filter": model.StopContentFiltered, "new": "new"} {
		a, err := openai.Codec{}.Decode([]byte(`{"choices":[{"message":{"content":"x"},"finish_reason":"` + wire + `"}]}`))
		if err != nil || a.StopReason != want || a.Usage != nil {
			t.Errorf("finish reason %s = %+v, %v, want %q without usage", wire, a, err, want)
		}
	}
	a, err := openai.Codec{}.Decode([]byte(`{"choices":[{"message":{"refusal":"No."},"finish_reason":"stop"}]}`))
	if err != nil || a.StopReason != "refusal" {
		t.Errorf("a refusal = %+v, %v, want the stop reason refusal", a, err)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, body := range []string{``, `[]`, `{}`, `{"choices":[]}`, `{"choices":[{"message":{"content":1}}]}`, `{"choices":[{"text":"x","finish_reason":"stop"}]}`, `{"choices":[{"finish_reason":"stop"}]}`, `{"choices":[{"message":null}]}`} {
		if a, err := (openai.Codec{}).Decode([]byte(body)); err == nil {
			t.Errorf("Decode(%s) = %+v, want an error", body, a)
		}
	}
	for _, body := range []string{`{"error":{"type":"t","message":"m"}}`, `{"error":"m"}`} {
		_, err := openai.Codec{}.Decode([]byte(body))
		if e, ok := errors.AsType[*native.ServiceError](err); !ok || e.Message != "m" {
			t.Errorf("Decode(%s) = %v, want the error m", body, err)
		}
	}
}

// collect decodes chunks and puts the answer together as any consumer sees it.
func collect(chunks []string) (*model.Response, native.Progress, error) {
	var progress native.Progress
	s := model.NewStream(context.Background(), model.StreamInfo{Provider: "bedrock"}, func(_ context.Context, emit func(model.Event) bool) error {
		d := openai.Codec{}.Stream(func(ev model.Event) error { emit(ev); return nil })
		for _, c := range chunks {
			if err := d.Chunk([]byte(c)); err != nil {
				return err
			}
			progress = d.Progress()
		}
		a := d.Answer()
		emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: a.StopReason, Usage: a.Usage}})
		return nil
	})
	resp, err := s.Response()
	return resp, progress, err
}

// chunk is a chunk in a form that models give.
func chunk(delta string) string {
	return `{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":` + delta + `,"finish_reason":null}],"usage":null}`
}

var stop = []string{
	`{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}`,
	`{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}`,
}

var streamTests = []struct {
	name   string
	deltas []string
	want   []model.Part
}{
	{"text", []string{`{"role":"assistant","content":""}`, `{"content":"Ol\u00e1"}`, `{"content":" \"x\"\n"}`, `{"content":"👋","reasoning":null}`, `{"content":null}`},
		[]model.Part{model.Text("Olá \"x\"\n👋")}},
	{"reasoning", []string{`{"reasoning_content":"h"}`, `{"reasoning":"m"}`, `{"content":"Hi"}`},
		[]model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi")}},
	{"tags around every piece", []string{`{"content":"<reasoning>h</reasoning>"}`, `{"content":"<reasoning>m</reasoning>"}`, `{"content":"Hi"}`, `{"content":" <reasoning>"}`},
		[]model.Part{model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Hi <reasoning>")}},
	{"calls", []string{`{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"w","arguments":""}}]}`, `{"tool_calls":[{"index":0,"function":{"arguments":"{\"n\": 2."}}]}`,
		`{"tool_calls":[{"index":0,"id":"1","function":{"arguments":"50}"}},{"index":1,"id":"2","function":{"name":"now","arguments":""}}]}`},
		[]model.Part{model.ToolCall{ID: "1", Name: "w", Input: json.RawMessage(`{"n": 2.50}`)}, model.ToolCall{ID: "2", Name: "now", Input: json.RawMessage(`{}`)}}},
	{"calls without an index", []string{`{"tool_calls":[{"id":"1","function":{"name":"w","arguments":"{}"}}]}`, `{"tool_calls":[{"id":"2","function":{"name":"w","arguments":"{}"}}]}`},
		[]model.Part{model.ToolCall{ID: "1", Name: "w", Input: json.RawMessage(`{}`)}, model.ToolCall{ID: "2", Name: "w", Input: json.RawMessage(`{}`)}}},
	{"refusal", []string{`{"refusal":"N"}`, `{"refusal":"o."}`}, []model.Part{model.Text("No.")}},
}

func TestStream(t *testing.T) {
	for _, tt := range streamTests {
		t.Run(tt.name, func(t *testing.T) {
			var chunks []string
			for _, d := range tt.deltas {
				chunks = append(chunks, chunk(d))
			}
			resp, progress, err := collect(append(chunks, append(stop, "[DONE]")...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, resp.Message.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(&model.Usage{Known: true, InputTokens: 5, OutputTokens: 7}, resp.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
			want := model.StopToolUse
			if tt.name == "refusal" {
				want = "refusal"
			}
			if progress != native.Stopped || resp.StopReason != want {
				t.Errorf("progress %v, stop reason %q; want stopped, %s", progress, resp.StopReason, want)
			}
		})
	}
}

// TestTagsCutAnywhere cuts content in two at every place. The answer must be
// that of the whole.
func TestTagsCutAnywhere(t *testing.T) {
	for _, content := range []string{"<reasoning>h<m</reasoning>Hi", "<reasoning>h</reasoning><reasoning>m</reasoning><b>", "<reasons", "<reasoning>a</reasoning", "plain"} {
		quote := func(s string) string { return fmt.Sprintf(`{"content":%q}`, s) }
		whole, err := openai.Codec{}.Decode([]byte(`{"choices":[{"message":` + quote(content) + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		for i := range content {
			for j := i; j < len(content); j++ {
				resp, _, err := collect(append([]string{chunk(quote(content[:i])), chunk(quote(content[i:j])), chunk(quote(content[j:]))}, stop...))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(whole.Parts, resp.Message.Parts); diff != "" {
					t.Fatalf("%s cut at %d and %d (-whole +cut):\n%s", content, i, j, diff)
				}
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, tt := range messageTests {
		f.Add([]byte(`{"choices":[{"message":` + tt.message + `}],"usage":{"prompt_tokens":1,"completion_tokens":2}}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := openai.Codec{}.Decode(body)
		if err != nil {
			return
		}
		goesBack(t, a.Parts)
	})
}

// FuzzStream compares the short path for text, which is learned from one chunk
// and used for the next, with the full decoder.
func FuzzStream(f *testing.F) {
	text := chunk(`{"content":"x"}`)
	for _, tt := range streamTests {
		for _, d := range tt.deltas {
			f.Add([]byte(text), []byte(chunk(d)))
			f.Add([]byte(chunk(d)), []byte(text))
		}
	}
	for _, c := range stop {
		f.Add([]byte(text), []byte(c))
	}
	for _, second := range []string{ // say more than their text, or say it elsewhere
		`{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}`,
		`{"choices":[{"index":1,"delta":{"content":"x"}}]}`,
		`{"choices":[{"index":0,"delta":{"content":"x","reasoning":"y"}}]}`,
		`{"choices":[{"index":0,"delta":{"content":"x"}},{"index":0,"delta":{"content":"y"}}]}`,
		`{"choices":[{"index":0,"delta":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}`,
	} {
		f.Add([]byte(second), []byte(second))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		full := [2][]byte{}
		for i, c := range [][]byte{first, second} {
			full[i] = []byte(strings.Replace(string(c), "{", `{"full":1,`, 1)) // a member that says something
			if !json.Valid(c) || !json.Valid(full[i]) || c[0] != '{' {
				return
			}
		}
		read := func(a, b []byte) (got []string) {
			d := openai.Codec{}.Stream(func(ev model.Event) error { got = append(got, fmt.Sprintf("%+v", ev)); return nil })
			for _, c := range [][]byte{a, b} {
				if d.Chunk(c) != nil {
					got = append(got, "error")
				}
			}
			a2 := d.Answer()
			return append(got, fmt.Sprint(d.Progress(), a2.StopReason, a2.Usage))
		}
		if diff := cmp.Diff(read(full[0], full[1]), read(first, second)); diff != "" {
			t.Errorf("events (-full +short):\n%s", diff)
		}
	})
}
