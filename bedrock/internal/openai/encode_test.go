package openai_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/model"
)

const hiTurn = `{"messages":[{"role":"user","content":"Hi"}]`

func hi(change func(*model.Request)) *model.Request {
	req := &model.Request{Messages: []model.Message{model.User("Hi")}}
	if change != nil {
		change(req)
	}
	return req
}

func talk(messages ...model.Message) *model.Request { return &model.Request{Messages: messages} }

var weather = model.Tool{Name: "weather", Description: "Get weather", InputSchema: json.RawMessage(`{ "maximum":9007199254740993 }`)}

const weatherJSON = `{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{ "maximum":9007199254740993 }}}`

func withTools(req *model.Request) *model.Request {
	req.Tools = []model.Tool{weather}
	return req
}

var png = []byte("\x89PNG\r\n\x1a\nrest")

const pngPart = `{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgpyZXN0"}}`

var encodings = []struct {
	name  string
	req   *model.Request
	in    native.Input
	want  string
	warns []string
}{
	{name: "text", req: hi(nil), want: hiTurn + `}`},
	{name: "streamed", req: hi(nil), in: native.Input{Stream: true}, want: hiTurn + `,"stream":true,"stream_options":{"include_usage":true}}`},
	{name: "system anywhere", req: talk(model.System("s"), model.User("a"), model.Assistant("b"), model.System("t"), model.UserParts(model.Text("c"), model.Text("d"))),
		want: `{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"t"},` +
			`{"role":"user","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]}]}`},
	{name: "limits", req: hi(func(r *model.Request) {
		r.MaxTokens, r.Temperature, r.TopP, r.TopK, r.StopSequences = 10, new(0.0), new(0.5), 3, []string{"END"}
	}), want: hiTurn + `,"max_tokens":10,"temperature":0,"top_p":0.5,"top_k":3,"stop":["END"]}`},
	{name: "limit of OpenAI's own", req: hi(func(r *model.Request) { r.MaxTokens = 10 }), in: native.Input{Rules: native.Rules{Family: "gpt-oss"}},
		want: hiTurn + `,"max_completion_tokens":10}`},
	{name: "effort", req: hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "high", Budget: 9} }),
		want: hiTurn + `,"reasoning_effort":"high"}`, warns: []string{"dropped thinking.budget"}},
	{name: "effort of Qwen", req: hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "high"} }), in: native.Input{Rules: native.Rules{EffortMember: "reasoning_config"}},
		want: hiTurn + `,"reasoning_config":"high"}`},
	{name: "no thinking", req: hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled} }), want: hiTurn + `}`, warns: []string{"dropped thinking"}},
	{name: "image", req: talk(model.UserParts(model.Image{Data: png}, model.Text("?"))),
		want: `{"messages":[{"role":"user","content":[` + pngPart + `,{"type":"text","text":"?"}]}]}`},
	{name: "tools", req: hi(func(r *model.Request) {
		strict := weather
		strict.Strict, strict.Cache = new(false), &model.CachePoint{}
		r.Tools = []model.Tool{strict, {Name: "now"}}
		r.ToolChoice = model.ToolChoice{Mode: model.ToolsAuto, Parallel: new(false)}
	}), want: hiTurn + `,"tools":[` + strings.TrimSuffix(weatherJSON, "}}") + `,"strict":false}},{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}],` +
		`"tool_choice":"auto","parallel_tool_calls":false}`, warns: []string{"dropped tools[0].cache"}},
	{name: "choice any", req: withTools(hi(func(r *model.Request) { r.ToolChoice.Mode = model.ToolsAny })), want: hiTurn + `,"tools":[` + weatherJSON + `],"tool_choice":"required"}`},
	{name: "choice none", req: withTools(hi(func(r *model.Request) { r.ToolChoice.Mode = model.ToolsNone })), want: hiTurn + `,"tools":[` + weatherJSON + `],"tool_choice":"none"}`},
	{name: "choice named", req: withTools(hi(func(r *model.Request) { r.ToolChoice = model.UseTool("weather") })),
		want: hiTurn + `,"tools":[` + weatherJSON + `],"tool_choice":{"type":"function","function":{"name":"weather"}}}`},
	{name: "output", req: hi(func(r *model.Request) {
		r.Output = &model.OutputFormat{Description: "d", Schema: json.RawMessage(`{"type":"object"}`)}
	}),
		want: hiTurn + `,"response_format":{"type":"json_schema","json_schema":{"name":"answer","description":"d","schema":{"type":"object","additionalProperties":false},"strict":true}}}`},
	{name: "calls and results", req: withTools(talk(model.User("Hi"),
		model.AssistantParts(model.Thinking{Text: "hm", Provider: "bedrock"}, model.Text("Look:"), model.ToolCall{ID: "functions.w:0", Name: "weather", Input: json.RawMessage(`{ "a":2.50 }`)},
			model.ToolCall{ID: "2", Name: "weather", InvalidInput: `{"cut`}, model.ToolCall{ID: "3", Name: "weather"}),
		model.UserParts(model.Text("So:"),
			model.ToolResult{CallID: "functions.w:0", Parts: []model.Part{model.Text("40"), model.JSON(`{"c":1}`), model.Image{Data: png}}},
			model.ToolResult{CallID: "2", IsError: true, Parts: []model.Part{model.Text("no")}}, model.ToolResult{CallID: "3"}),
		model.AssistantParts(model.ToolCall{ID: "4", Name: "weather"}), model.ToolResults(model.ToolResult{CallID: "4"}))),
		want: `{"messages":[{"role":"user","content":"Hi"},` +
			`{"role":"assistant","content":"Look:","tool_calls":[{"id":"functions.w:0","type":"function","function":{"name":"weather","arguments":"{ \"a\":2.50 }"}},` +
			`{"id":"2","type":"function","function":{"name":"weather","arguments":"{\"cut"}},{"id":"3","type":"function","function":{"name":"weather","arguments":"{}"}}]},` +
			`{"role":"tool","tool_call_id":"functions.w:0","content":[{"type":"text","text":"40"},{"type":"text","text":"{\"c\":1}"}]},{"role":"tool","tool_call_id":"2","content":"no"},{"role":"tool","tool_call_id":"3","content":""},` +
			`{"role":"user","content":[{"type":"text","text":"So:"},` + pngPart + `]},` +
			`{"role":"assistant","content":null,"tool_calls":[{"id":"4","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"4","content":""}],"tools":[` + weatherJSON + `]}`,
		warns: []string{"dropped messages[1].parts[0]", "moved messages[2].parts[1]", "moved messages[2].parts[1].parts[2]", "moved messages[2].parts[2]", "dropped messages[2].parts[2].is_error", "moved messages[2].parts[3]"}},
	{name: "tool blocks without tools", req: talk(model.User("Hi"), model.AssistantParts(model.ToolCall{ID: "1", Name: "w"}),
		model.ToolResults(model.ToolResult{CallID: "1", Parts: []model.Part{model.Text("40")}})),
		want:  `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"(tool call: w {})"},{"role":"user","content":"(tool result: 40)"}]}`,
		warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"}},
	{name: "what is dropped", req: &model.Request{Cache: &model.CacheConfig{}, Messages: []model.Message{
		model.UserParts(model.Text("Hi"), model.CachePoint{}), model.AssistantParts(model.Opaque{Provider: "bedrock", Kind: "k"}, model.Text(" ")), model.User("x")}},
		want:  `{"messages":[{"role":"user","content":"Hi"},{"role":"user","content":"x"}]}`,
		warns: []string{"dropped messages[0].parts[1]", "dropped messages[1].parts[0]", "dropped messages[1].parts[1]", "dropped messages[1]", "dropped cache"}},
	{name: "own parts go back", req: talk(model.User("Hi"), model.AssistantParts(model.Opaque{Provider: "bedrock/openai", Kind: "k", Data: json.RawMessage(`{"type":"k", "n":1.0}`)}), model.User("x")),
		want: `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"k", "n":1.0}]},{"role":"user","content":"x"}]}`},
	{name: "additional fields", req: hi(func(r *model.Request) { r.MaxTokens = 1 }), in: native.Input{Additional: json.RawMessage(`{"max_tokens":2,"seed":1.0}`)},
		want: hiTurn + `,"max_tokens":2,"seed":1.0}`, warns: []string{"dropped max_tokens"}},
}

// TestEncode holds requests against bodies that are written down here.
func TestEncode(t *testing.T) {
	for _, tt := range encodings {
		t.Run(tt.name, func(t *testing.T) {
			got, err := openai.Codec{}.Encode(tt.req, &tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got.Body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if !json.Valid(got.Body) {
				t.Errorf("the body is not JSON")
			}
			var warns []string
			for _, w := range got.Warnings {
				warns = append(warns, string(w.Action)+" "+w.Field)
			}
			if diff := cmp.Diff(tt.warns, warns); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncodeErrors(t *testing.T) {
	part := func(p model.Part) *model.Request { return talk(model.UserParts(model.Text("x"), p)) }
	tests := []struct {
		name string
		req  *model.Request
		in   native.Input
		kind model.ErrorKind
		text string
	}{
		{"document", part(model.Document{Text: "x"}), native.Input{}, model.ErrUnsupported, "messages[0].parts[1]"},
		{"video", part(model.Video{Data: []byte("x")}), native.Input{}, model.ErrUnsupported, "model.Video"},
		{"search result", part(model.SearchResult{}), native.Input{}, model.ErrUnsupported, "model.SearchResult"},
		{"image by uri", part(model.Image{URI: "https://x"}), native.Input{}, model.ErrUnsupported, "as data"},
		{"server tool", hi(func(r *model.Request) { r.Tools = []model.Tool{{Name: "x", ServerSide: true}} }), native.Input{}, model.ErrUnsupported, "tools[0]"},
		{"named refused", withTools(hi(func(r *model.Request) { r.ToolChoice = model.UseTool("weather") })), native.Input{Rules: native.Rules{NoChoiceNamed: true}}, model.ErrUnsupported, "tool_choice"},
		{"output effort", hi(nil), native.Input{Effort: "low"}, model.ErrUnsupported, "provider_options.output_effort"},
		{"output refused", hi(func(r *model.Request) { r.Output = &model.OutputFormat{Schema: json.RawMessage(`{}`)} }), native.Input{Rules: native.Rules{NoOutput: true}}, model.ErrUnsupported, "output"},
		{"nothing said", talk(model.User(" ")), native.Input{}, model.ErrInvalidRequest, "nothing to send"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := openai.Codec{}.Encode(tt.req, &tt.in)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Encode = %v, %v, want an error of kind %q with %q", got, err, tt.kind, tt.text)
			}
		})
	}
}
