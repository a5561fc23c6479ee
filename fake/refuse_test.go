package fake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestUnsupported(t *testing.T) {
	image := model.Image{MediaType: "image/png", Data: []byte("x")}
	tool := []model.Tool{{Name: "t"}}
	tests := []struct {
		name string
		can  model.Capabilities
		req  model.Request
		want string // empty: it is accepted
	}{
		{"plain", model.Capabilities{}, model.Request{}, ""},
		{"tools", model.Capabilities{}, model.Request{Tools: tool}, "tools"},
		{"tools allowed", model.Capabilities{Tools: true}, model.Request{Tools: tool}, ""},
		{"forced", model.Capabilities{Tools: true}, model.Request{Tools: tool, ToolChoice: model.UseTool("t")}, "tool_choice named"},
		{"forced, thinking", model.Capabilities{Tools: true, ForcedTools: true, Thinking: true},
			model.Request{Tools: tool, ToolChoice: model.ToolChoice{Mode: model.ToolsAny}, Thinking: &model.ThinkingConfig{Budget: 1}}, "tool_choice any with thinking"},
		{"output", model.Capabilities{}, model.Request{Output: &model.OutputFormat{Schema: []byte(`{}`)}}, "output"},
		{"stop", model.Capabilities{}, model.Request{StopSequences: []string{"x"}}, "stop_sequences"},
		{"thinking", model.Capabilities{}, model.Request{Thinking: &model.ThinkingConfig{}}, "thinking"},
		{"no thinking", model.Capabilities{}, model.Request{Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}, ""},
		{"image", model.Capabilities{}, model.Request{Messages: []model.Message{model.UserParts(model.Text("x"), image)}}, "messages[1].parts[1], an image"},
		{"document", model.Capabilities{Images: true}, model.Request{Messages: []model.Message{model.UserParts(model.Document{Text: "x"})}}, "a document"},
		{"video", model.Capabilities{Images: true}, model.Request{Messages: []model.Message{model.UserParts(model.Video{URI: "x"})}}, "a video"},
		{"audio", model.Capabilities{Images: true}, model.Request{Messages: []model.Message{model.UserParts(model.Audio{URI: "x"})}}, "audio"},
		{"image in a result", model.Capabilities{}, model.Request{Messages: []model.Message{model.ToolResults(model.ToolResult{CallID: "1", Parts: []model.Part{image}})}}, "messages[1].parts[0], an image"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := fake.NewWith(&fake.Options{Capabilities: &test.can}, fake.Text("x"))
			test.req.Messages = append([]model.Message{model.User("x")}, test.req.Messages...)
			_, err := m.Generate(t.Context(), &test.req)
			if test.want == "" {
				if err != nil {
					t.Errorf("error = %v, want none", err)
				}
				return
			}
			if !errors.Is(err, model.ErrUnsupported) || !strings.HasSuffix(err.Error(), "the request needs: "+test.want) && !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("error = %v, want unsupported: %s", err, test.want)
			}
			m.AssertCalls(t, 0)
		})
	}
	m := fake.NewWith(&fake.Options{Capabilities: &model.Capabilities{}})
	if _, err := m.CountTokens(t.Context(), hello()); !errors.Is(err, model.ErrUnsupported) {
		t.Errorf("CountTokens error = %v, want %v", err, model.ErrUnsupported)
	}
}

func TestStrict(t *testing.T) {
	calls := model.AssistantParts(model.ToolCall{ID: "1", Name: "t"}, model.ToolCall{ID: "2", Name: "t"})
	result := func(ids ...string) model.Message {
		var m model.Message
		m.Role = model.RoleUser
		for _, id := range ids {
			m.Parts = append(m.Parts, model.ToolResult{CallID: id})
		}
		return m
	}
	tests := []struct {
		name     string
		messages []model.Message
		want     string
	}{
		{"answered", []model.Message{calls, model.System("between"), result("2", "1"), model.User("next")}, ""},
		{"half", []model.Message{calls, result("1")}, `messages[2] does not answer the tool call "2"`},
		{"none", []model.Message{calls, model.User("next")}, `messages[2] does not answer the tool call "1"`},
		{"not yet", []model.Message{calls}, `messages end before the tool call "1" is answered`},
		{"twice", []model.Message{calls, result("1", "2", "1")}, `messages[2].parts[2] is the result of call "1"`},
		{"of nothing", []model.Message{result("9")}, `messages[1].parts[0] is the result of call "9"`},
		{"late", []model.Message{calls, result("1", "2"), result("1")}, `messages[3].parts[0] is the result of call "1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := fake.NewWith(&fake.Options{Strict: true}, fake.Text("x"))
			req := &model.Request{Messages: append([]model.Message{model.User("go")}, test.messages...)}
			_, err := m.Generate(t.Context(), req)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("error = %v, want none", err)
			case test.want != "" && (!errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error = %v, want %q", err, test.want)
			}
		})
	}
	turn := fake.Calls(fake.Call("t", ""))
	if _, err := fake.NewWith(&fake.Options{Strict: true}, turn).Generate(t.Context(), hello()); !errors.Is(err, fake.ErrScript) {
		t.Errorf("a call of a tool that is not on offer: error = %v, want ErrScript", err)
	}
	if _, err := fake.New(turn).Generate(t.Context(), hello()); err != nil {
		t.Errorf("not strict: error = %v, want none", err)
	}
}
