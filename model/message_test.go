package model_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestConstructors(t *testing.T) {
	a, b := model.Text("a"), model.Image{URI: "u"}
	r1, r2 := model.ToolResult{CallID: "1"}, model.ToolResult{CallID: "2", IsError: true}
	tests := []struct {
		name      string
		got, want model.Message
	}{
		{"System", model.System("a"), model.Message{Role: "system", Parts: []model.Part{a}}},
		{"User", model.User("a"), model.Message{Role: "user", Parts: []model.Part{a}}},
		{"Assistant", model.Assistant("a"), model.Message{Role: "assistant", Parts: []model.Part{a}}},
		{"SystemParts", model.SystemParts(a, b), model.Message{Role: "system", Parts: []model.Part{a, b}}},
		{"UserParts", model.UserParts(a, b), model.Message{Role: "user", Parts: []model.Part{a, b}}},
		{"AssistantParts", model.AssistantParts(a, b), model.Message{Role: "assistant", Parts: []model.Part{a, b}}},
		{"ToolResults", model.ToolResults(r1, r2), model.Message{Role: "user", Parts: []model.Part{r1, r2}}},
	}
	for _, tt := range tests {
		diff(t, tt.name, tt.want, tt.got)
	}
	diff(t, "UseTool", model.ToolChoice{Mode: "named", Name: "n"}, model.UseTool("n"))
}

func TestMessageText(t *testing.T) {
	tests := []struct {
		name string
		m    model.Message
		want string
	}{
		{"nothing", model.Message{}, ""},
		{"one", model.User("a"), "a"},
		{"one empty", model.User(""), ""},
		{"several", model.AssistantParts(model.Thinking{Text: "no"}, model.Text("a"), nil, model.CitedText{Text: "b"}, model.ToolCall{}, model.Text("c")), "abc"},
		{"thinking only", model.AssistantParts(model.Thinking{Text: "no"}), ""},
		{"text in a result", model.ToolResults(model.ToolResult{Parts: []model.Part{model.Text("no")}}), ""},
	}
	for _, tt := range tests {
		if got := tt.m.Text(); got != tt.want {
			t.Errorf("%s: Text() = %q, want %q", tt.name, got, tt.want)
		}
		if got := (&model.Response{Message: tt.m}).Text(); got != tt.want {
			t.Errorf("%s: Response.Text() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMessageFinders(t *testing.T) {
	call := model.ToolCall{ID: "1", Input: json.RawMessage(`{}`)}
	m := model.AssistantParts(model.Thinking{Text: "a"}, call, model.ServerToolCall{ID: "s"}, everyCitation(), model.Thinking{Text: "b"},
		model.CitedText{Citations: []model.Citation{{Title: "last"}}}, model.ToolCall{ID: "2"})
	calls := []model.ToolCall{call, {ID: "2"}}
	thinking := []model.Thinking{{Text: "a"}, {Text: "b"}}
	resp := &model.Response{Message: m}
	diff(t, "ToolCalls()", calls, m.ToolCalls())
	diff(t, "Response.ToolCalls()", calls, resp.ToolCalls())
	diff(t, "Thinking()", thinking, m.Thinking())
	diff(t, "Response.Thinking()", thinking, resp.Thinking())
	diff(t, "Citations()", append(everyCitation().Citations, model.Citation{Title: "last"}), m.Citations())
	var none model.Message
	if none.ToolCalls() != nil || none.Thinking() != nil || none.Citations() != nil {
		t.Error("the zero message has calls, thinking or citations")
	}
}

func TestNames(t *testing.T) {
	want := []string{"unknown", "text", "thinking", "signature", "redacted", "tool_call", "tool_input", "citation", "part", "part_done", "finish", "unknown", "unknown"}
	var got []string
	for k := range model.EventFinish + 3 {
		got = append(got, k.String())
	}
	diff(t, "EventKind.String()", want, got)
	if got := model.EventKind(255).String(); got != "unknown" {
		t.Errorf("EventKind(255).String() = %q, want unknown", got)
	}
	w := model.Warning{Action: model.WarningMoved, Field: "messages[2].parts[0]", Reason: "to the front"}
	if got, want := w.String(), "moved messages[2].parts[0]: to the front"; got != want {
		t.Errorf("Warning.String() = %q, want %q", got, want)
	}
}
