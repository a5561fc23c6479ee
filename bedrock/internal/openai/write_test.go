package openai_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestAppend(t *testing.T) {
	turn := func(role model.Role, parts ...model.Part) plan.Turn {
		t := plan.Turn{Role: role}
		for _, p := range parts {
			t.Blocks = append(t.Blocks, plan.Block{Part: p})
		}
		return t
	}
	hi := func(set func(*plan.Plan)) *plan.Plan {
		p := &plan.Plan{Turns: []plan.Turn{turn(model.RoleUser, model.Text("hi"))}}
		set(p)
		return p
	}
	const messages = `{"messages":[{"role":"user","content":"hi"}]`
	png := []byte("\x89PNG")
	f := plan.Tool{Name: "f", Description: "d", Schema: json.RawMessage(`{}`)}
	for _, row := range []struct {
		name string
		plan *plan.Plan
		want string
	}{
		{"conversation", &plan.Plan{Turns: []plan.Turn{
			turn(model.RoleSystem, model.Text("s")),
			turn(model.RoleUser, model.Text("a"), model.Image{MediaType: "image/png", Data: png}),
			turn(model.RoleAssistant, model.CitedText{Text: "b"}),
			turn(model.RoleUser, model.Opaque{Data: json.RawMessage(`{"type":"moon"}`)}),
		}}, `{"messages":[{"role":"system","content":"s"},` +
			`{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]},` +
			`{"role":"assistant","content":"b"},{"role":"user","content":[{"type":"moon"}]}]}`},
		{"calls and results", &plan.Plan{Turns: []plan.Turn{
			turn(model.RoleAssistant, model.ToolCall{ID: "1", Name: "f", Input: json.RawMessage(`{"a": 1}`)}, model.ToolCall{ID: "2", Name: "g", InvalidInput: `{"a`}, model.ToolCall{ID: "3", Name: "h", Input: json.RawMessage(`{}`)}),
			turn(model.RoleUser, model.Text("and"), model.ToolResult{CallID: "1", Parts: []model.Part{model.JSON(`{"b":2}`)}},
				model.ToolResult{CallID: "2", Parts: []model.Part{model.Text("x"), model.Text("y")}}, model.ToolResult{CallID: "3", Parts: []model.Part{model.Text("")}}),
			turn(model.RoleAssistant, model.Text("so"), model.ToolCall{ID: "4", Name: "f", Input: json.RawMessage(`{}`)}),
			turn(model.RoleUser, model.ToolResult{CallID: "4", Parts: []model.Part{model.Text("z")}}),
		}}, `{"messages":[{"role":"assistant","content":null,"tool_calls":[` +
			`{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},` +
			`{"id":"2","type":"function","function":{"name":"g","arguments":"{\"a"}},` +
			`{"id":"3","type":"function","function":{"name":"h","arguments":"{}"}}]},` +
			`{"role":"tool","tool_call_id":"1","content":"{\"b\":2}"},` +
			`{"role":"tool","tool_call_id":"2","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]},` +
			`{"role":"tool","tool_call_id":"3","content":""},{"role":"user","content":"and"},` +
			`{"role":"assistant","content":"so","tool_calls":[{"id":"4","type":"function","function":{"name":"f","arguments":"{}"}}]},` +
			`{"role":"tool","tool_call_id":"4","content":"z"}]}`},
		{"tools", hi(func(p *plan.Plan) {
			strict := f
			strict.Strict = new(true)
			p.Tools, p.Choice = []plan.Tool{strict}, plan.Choice{Mode: model.ToolsAny, Parallel: new(false)}
		}), messages + `,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{},"strict":true}}],"tool_choice":"required","parallel_tool_calls":false}`},
		{"one tool", hi(func(p *plan.Plan) {
			p.Tools, p.Choice = []plan.Tool{f}, plan.Choice{Mode: model.ToolsNamed, Name: "f"}
		}), messages + `,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{}}}],"tool_choice":{"type":"function","function":{"name":"f"}}}`},
		{"no tool", hi(func(p *plan.Plan) { p.Tools, p.Choice.Mode = []plan.Tool{f}, model.ToolsNone }),
			messages + `,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{}}}],"tool_choice":"none"}`},
		{"sampling", hi(func(p *plan.Plan) {
			p.MaxTokens, p.MaxTokensField, p.Temperature, p.TopP, p.TopK, p.StopSequences = 5, "max_completion_tokens", new(0.5), new(0.25), 3, []string{"x"}
		}), messages + `,"max_completion_tokens":5,"temperature":0.5,"top_p":0.25,"top_k":3,"stop":["x"]}`},
		{"flat effort", hi(func(p *plan.Plan) { p.Thinking = plan.Thinking{Style: facts.ThinkingStyleEffort, Effort: "low"} }), messages + `,"reasoning_effort":"low"}`},
		{"nested effort", hi(func(p *plan.Plan) { p.Thinking = plan.Thinking{Style: facts.ThinkingStyleNested, Effort: "low"} }), messages + `,"reasoning":{"effort":"low"}}`},
		{"Qwen's effort", hi(func(p *plan.Plan) { p.Thinking = plan.Thinking{Style: facts.ThinkingStyleQwen, Effort: "low"} }), messages + `,"reasoning_config":"low"}`},
		{"output", hi(func(p *plan.Plan) {
			p.Output = &plan.Output{Name: "answer", Description: "d", Schema: json.RawMessage(`{"type":"object"}`)}
		}),
			messages + `,"response_format":{"type":"json_schema","json_schema":{"name":"answer","description":"d","schema":{"type":"object"},"strict":true}}}`},
		{"stream", hi(func(p *plan.Plan) { p.Stream = true }), messages + `,"stream":true,"stream_options":{"include_usage":true}}`},
		{"a stream served whole", hi(func(p *plan.Plan) { p.Stream, p.Whole = true, true }), messages + `}`},
		{"the caller's members win", hi(func(p *plan.Plan) {
			p.Temperature, p.Additional = new(0.5), json.RawMessage(`{"seed":7,"temperature":1}`)
		}), messages + `,"temperature":1,"seed":7}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := string(openai.Append(nil, row.plan))
			if got != row.want {
				t.Errorf("Append:\n got %s\nwant %s", got, row.want)
			}
			if !json.Valid([]byte(got)) {
				t.Error("it is not JSON")
			}
		})
	}
}
