package bedrock_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestServerSchemas sends schemas that models would refuse unchanged to the
// test server, whose rules are written apart from the client's.
func TestServerSchemas(t *testing.T) {
	optional := func(n int) json.RawMessage {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(`"p%d":{"type":"string"}`, i)
		}
		return json.RawMessage(`{"type":"object","properties":{` + strings.Join(all, ",") + `}}`)
	}
	asks := func(schema json.RawMessage) *model.Request {
		return &model.Request{Messages: hello.Messages, Output: &model.OutputFormat{Name: "n", Schema: schema}}
	}
	strict := func(n int) *model.Request {
		req := &model.Request{Messages: hello.Messages}
		for i := range n {
			req.Tools = append(req.Tools, model.Tool{Name: fmt.Sprintf("f%d", i), Strict: new(true), InputSchema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`)})
		}
		return req
	}
	root := &model.Request{Messages: hello.Messages, Tools: []model.Tool{{Name: "f", InputSchema: json.RawMessage(`{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{},"b":{}}}`)}}}
	late := &model.Request{Tools: root.Tools, Messages: []model.Message{model.User("hi"),
		{Role: model.RoleAssistant, Parts: []model.Part{model.ToolCall{ID: "t1", Name: "f", Input: json.RawMessage(`{}`)}}},
		{Role: model.RoleUser, Parts: []model.Part{model.Text("Here:"), model.ToolResult{CallID: "t1", Parts: []model.Part{model.Text("r")}}}}}}
	const gpt = "us.openai.gpt-5.6-sol"
	for _, tt := range []struct {
		name, id string
		req      *model.Request
		warns    string // in one of the warnings; empty: there is none
	}{
		{"24 optional members", claude45, asks(optional(24)), ""},
		{"30 optional members", claude45, asks(optional(30)), "output.schema"},
		{"an optional member to GPT", gpt, asks(optional(1)), "output.schema"},
		{"20 strict tools", claude45, strict(20), ""},
		{"23 strict tools", claude45, strict(23), "tools[22].strict"},
		{"alternatives at the root", claude45, root, "tools[0].input_schema"},
		{"alternatives at the root to GPT", gpt, root, "tools[0].input_schema"},
		{"a text before a result", claude45, late, "messages[2]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := bedrocktest.InMemory(fake.New(fake.Text(`{}`).Always()), nil)
			m, err := bedrock.New(s.Client(), tt.id, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := m.Generate(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			told := len(resp.Warnings) == 0
			if tt.warns != "" {
				told = strings.Contains(fmt.Sprint(resp.Warnings), tt.warns)
			}
			if !told {
				t.Errorf("warnings %v, want one about %q", resp.Warnings, tt.warns)
			}
			if n := len(s.Calls()); n != 1 {
				t.Errorf("%d calls: the client was refused, and asked again", n)
			}
		})
	}
}
