package model_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestEventJSON compares the form of each kind with one written by hand, and
// reads it back.
func TestEventJSON(t *testing.T) {
	for _, tt := range []struct {
		event model.Event
		want  string
	}{
		{model.Event{Kind: model.EventText, Text: "<Grüße>"}, `{"kind":"text","index":0,"text":"<Grüße>"}`},
		{model.Event{Kind: model.EventText, Index: 2, Text: "a\xe4\xb8"}, `{"kind":"text","index":2,"bytes":"YeS4"}`},
		{model.Event{Kind: model.EventThinking, Text: "hm"}, `{"kind":"thinking","index":0,"text":"hm"}`},
		{model.Event{Kind: model.EventSignature, Text: "sig"}, `{"kind":"signature","index":0,"text":"sig"}`},
		{model.Event{Kind: model.EventRedacted, Part: model.Thinking{Redacted: []byte("r")}}, `{"kind":"redacted","index":0,"part":{"type":"thinking","redacted":"cg=="}}`},
		{model.Event{Kind: model.EventToolCall, Index: 1, Part: model.ToolCall{ID: "c", Name: "n"}}, `{"kind":"tool_call","index":1,"part":{"type":"tool_call","id":"c","name":"n"}}`},
		{model.Event{Kind: model.EventToolInput, Index: 1, Text: `{"a"`}, `{"kind":"tool_input","index":1,"text":"{\"a\""}`},
		{model.Event{Kind: model.EventPart, Part: model.Opaque{Provider: "p", Kind: "new", Data: []byte(`{"x":1}`)}}, `{"kind":"part","index":0,"part":{"type":"opaque","provider":"p","kind":"new","data":{"x":1}}}`},
		{model.Event{Kind: model.EventPartDone, Part: model.Text("hi")}, `{"kind":"part_done","index":0,"part":{"type":"text","text":"hi"}}`},
		{model.Event{Kind: model.EventFinish, Response: &model.Response{Message: model.Assistant("hi"), StopReason: model.StopEndTurn, Usage: &model.Usage{Known: true, InputTokens: 3, OutputTokens: 1}}},
			`{"kind":"finish","index":0,"response":{"message":{"role":"assistant","parts":[{"type":"text","text":"hi"}]},"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}}`},
	} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(tt.event); err != nil {
			t.Fatalf("%v: %v", tt.event, err)
		}
		if got := strings.TrimSpace(b.String()); got != tt.want {
			t.Errorf("%v:\n got %s\nwant %s", tt.event, got, tt.want)
		}
		var back model.Event
		if err := json.Unmarshal([]byte(tt.want), &back); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
		diff(t, tt.want, tt.event, back)
	}
	for _, bad := range []string{`{}`, `{"kind":"song"}`, `{"kind":"unknown"}`, `{"kind":1}`, `{"kind":"part","part":{}}`, `{"kind":"text","bytes":"!"}`, `[]`} {
		if err := json.Unmarshal([]byte(bad), new(model.Event)); err == nil {
			t.Errorf("%s was read without an error", bad)
		}
	}
	if _, err := json.Marshal(model.Event{}); err == nil {
		t.Error("an event without a kind was written")
	}
}

// TestForeignMessages: the message of another library is an error that names
// what is not ours, and not a message without parts.
func TestForeignMessages(t *testing.T) {
	for data, want := range map[string]string{
		`{"role":"user","content":"hi"}`:                   `"content"`,
		`{"role":"user","text":"hi"}`:                      `"text"`,
		`{"type":"human","data":{"content":"hi"}}`:         `"data"`,
		`{"role":"tool","tool_call_id":"1","content":"x"}`: `"content"`,
		`{"role":"user","parts":null,"content":[]}`:        `"content"`,
		`{"role":"user"}`:                                  "",
		`{"role":"user","parts":[]}`:                       "",
		`{"Role":"user","Parts":[]}`:                       "",
		`{"role":"user","parts":[],"id":"m1"}`:             "",
		`null`:                                             "",
	} {
		err := json.Unmarshal([]byte(data), new(model.Message))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error = %v, want one that names %s", data, err, want)
		}
	}
}
