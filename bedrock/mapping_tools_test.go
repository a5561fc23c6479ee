package bedrock_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapTools checks the tools that are offered.
func TestMapTools(t *testing.T) { checkMappings(t, mapTools()) }

func mapTools() []mapping {
	cached := model.Tool{Name: "a", Cache: &model.CachePoint{}}
	server := model.Tool{Name: "nova_grounding", ServerSide: true, Description: "unused", Strict: new(true)}
	tools := func(tools ...model.Tool) model.Request { return model.Request{Tools: tools} }
	return []mapping{
		{name: "a tool", model: claude45, req: withWeather(), want: `{` + weatherOnly + `}`},
		{
			name: "a tool with nothing but a name", why: "ChatBedrockConverse sends the name as description; the schema is required",
			model: claude45, req: tools(model.Tool{Name: "ping"}),
			want: `{"toolConfig":{"tools":[{"toolSpec":{"name":"ping","inputSchema":{"json":{"type":"object","properties":{}}}}}]}}`,
		},
		{
			name: "unions with null stay in a schema", why: "ChatBedrockConverse strips them for a limit of 16 unions; a schema is the caller's and goes byte for byte",
			model: claude45, req: tools(model.Tool{Name: "f", InputSchema: json.RawMessage(`{"type":"object","properties":{"my_arg":{"anyOf":[{"type":"integer"},{"type":"null"}]},"b":{"type":["string","null"]}}}`)}),
			want: `{"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{"my_arg":{"anyOf":[{"type":"integer"},{"type":"null"}]},"b":{"type":["string","null"]}}}}}}]}}`,
		},
		{
			name: "strict, and not", model: claude45,
			req: tools(model.Tool{Name: "a", Strict: new(true)}, model.Tool{Name: "b", Strict: new(false)}),
			want: `{"toolConfig":{"tools":[{"toolSpec":{"name":"a","strict":true,"inputSchema":{"json":{"type":"object","properties":{},"additionalProperties":false}}}},
				{"toolSpec":{"name":"b","strict":false,"inputSchema":{"json":{"type":"object","properties":{}}}}}]}}`,
		},
		{
			name: "tools that the service runs, in the caller's order", model: nova2, req: tools(server, weather[0]),
			want: `{"toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}},` + weatherJSON + `]}}`,
		},
		{
			name: "a cache point behind a tool", model: claude45, req: tools(cached, weather[0]),
			want: `{"toolConfig":{"tools":[{"toolSpec":{"name":"a","inputSchema":{"json":{"type":"object","properties":{}}}}},{"cachePoint":{"type":"default"}},` + weatherJSON + `]}}`,
		},
		{
			name: "a cache point behind a tool that the service runs", model: claude45,
			req:  tools(model.Tool{Name: "s", ServerSide: true, Cache: &model.CachePoint{}}),
			want: `{"toolConfig":{"tools":[{"systemTool":{"name":"s"}},{"cachePoint":{"type":"default"}}]}}`,
		},
		{
			name: "a name that is too long", model: claude45, req: tools(model.Tool{Name: strings.Repeat("x", 65)}),
			fails: model.ErrInvalidRequest, field: "tools[0].name",
		},
		{
			name: "a name as long as can be", model: claude45, req: tools(model.Tool{Name: strings.Repeat("x", 62) + "-_"}),
			want: `{"toolConfig":{"tools":[{"toolSpec":{"name":"` + strings.Repeat("x", 62) + `-_","inputSchema":{"json":{"type":"object","properties":{}}}}}]}}`,
		},
		{
			name: "a name with a dot", model: claude45, req: tools(weather[0], model.Tool{Name: "a.b"}),
			fails: model.ErrInvalidRequest, field: "tools[1].name",
		},
		{name: "tools for a model without", model: titan, req: withWeather(), fails: model.ErrUnsupported, field: "tools"},
		{name: "tools for DeepSeek R1", model: deepseekR1, req: withWeather(), fails: model.ErrUnsupported, field: "tools"},
		{name: "tools for a small Llama", model: "us.meta.llama3-2-1b-instruct-v1:0", req: withWeather(), fails: model.ErrUnsupported, field: "tools"},
		{name: "tools for an old Llama", model: "meta.llama3-70b-instruct-v1:0", req: withWeather(), fails: model.ErrUnsupported, field: "tools"},
		{name: "tools for a larger Llama", model: "us.meta.llama3-2-90b-instruct-v1:0", whole: true, req: withWeather(), want: `{` + weatherOnly + `}`},
		{
			name: "tools that a model without must not use", model: titan,
			req:  with(withWeather(), func(r *model.Request) { r.ToolChoice.Mode = model.ToolsNone }),
			want: `{}`,
		},
	}
}

// TestMapToolChoice checks what each family makes of each choice, with and
// without thinking.
func TestMapToolChoice(t *testing.T) { runMappings(t, mapToolChoice()) }

func mapToolChoice() (rows []mapping) {
	const (
		none  = ``
		auto  = `{"auto":{}}`
		any   = `{"any":{}}`
		named = `{"tool":{"name":"weather"}}`
	)
	thinking := func() *model.ThinkingConfig { return &model.ThinkingConfig{Mode: model.ThinkingEnabled} }
	for _, row := range []struct {
		why          string
		model        string
		thinks       bool
		any, named   string
		warned       bool // that any and named became auto, or any in the place of named
		whole        bool
		thinkingJSON string
	}{
		{model: claude3, any: any, named: named},
		{model: claude45, any: any, named: named},
		{model: claude45, thinks: true, any: auto, named: auto, warned: true, thinkingJSON: `{"thinking":{"type":"enabled","budget_tokens":1024}}`},
		{model: claude37, thinks: true, any: auto, named: auto, warned: true, thinkingJSON: `{"thinking":{"type":"enabled","budget_tokens":1024}}`},
		{model: claude47, thinks: true, any: auto, named: auto, warned: true, thinkingJSON: `{"thinking":{"type":"adaptive"}}`},
		{model: "us.anthropic.claude-opus-4-8", thinks: true, any: any, named: named, thinkingJSON: `{"thinking":{"type":"adaptive"}}`},
		{model: claude5, any: any, named: named},
		{model: claude5, thinks: true, any: any, named: named, thinkingJSON: `{"thinking":{"type":"adaptive"}}`},
		{model: nova1, any: any, named: named},
		{model: nova2, thinks: true, any: any, named: named, thinkingJSON: `{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}`},
		{model: llama, any: auto, named: auto, warned: true, whole: true},
		{model: mistral, any: any, named: any, warned: true, whole: true},
		{model: deepseekV3, any: any, named: any, warned: true},
		{model: deepseekV3, thinks: true, any: auto, named: auto, warned: true, thinkingJSON: `{"reasoning_effort":"high"}`},
		{why: "it takes the name and does not obey", model: "deepseek.v3.2", any: any, named: any, warned: true},
		{model: gptOSS, any: any, named: named},
		{model: gptOSS, thinks: true, any: any, named: named},
		{model: gpt5, any: any, named: named},
		{model: qwen, any: any, named: named},
		{model: qwen, thinks: true, any: any, named: named, thinkingJSON: `{"reasoning_config":"high"}`},
		{model: kimi, any: any, named: named},
		{model: cohere, any: auto, named: auto, warned: true},
		{model: ai21, any: auto, named: auto, warned: true},
		{model: writer, any: auto, named: auto, warned: true, whole: true},
		{why: "ChatBedrockConverse refuses every choice for models it does not know; the service knows better", model: unknown, any: any, named: named},
	} {
		for mode, want := range map[model.ToolMode]string{
			model.ToolsDefault: none, model.ToolsAuto: auto, model.ToolsAny: row.any, model.ToolsNamed: row.named,
		} {
			req := withWeather()
			req.ToolChoice.Mode = mode
			if mode == model.ToolsNamed {
				req.ToolChoice.Name = "weather"
			}
			name := row.model + " " + string(mode)
			if row.thinks {
				req.Thinking = thinking()
				name += " thinking"
			}
			m := mapping{name: name, why: row.why, model: row.model, req: req, whole: row.whole}
			m.want = `{` + weatherOnly
			if want != none {
				m.want = strings.TrimSuffix(m.want, `}`) + `,"toolChoice":` + want + `}`
			}
			if row.thinkingJSON != "" {
				m.want += `,"additionalModelRequestFields":` + row.thinkingJSON
			}
			m.want += `}`
			if row.warned && (mode == model.ToolsNamed || mode == model.ToolsAny && want == auto) {
				m.warns = []string{"changed tool_choice"}
			}
			rows = append(rows, m)
		}
	}
	return rows
}

// TestMapToolChoiceMore checks tools that must not be used, tools of the
// service and calls one at a time.
func TestMapToolChoiceMore(t *testing.T) { checkMappings(t, mapToolChoiceMore()) }

func mapToolChoiceMore() []mapping {
	search := model.Tool{Name: "nova_grounding", ServerSide: true}
	choose := func(tools []model.Tool, c model.ToolChoice) model.Request {
		return model.Request{Tools: tools, ToolChoice: c}
	}
	one := func(mode model.ToolMode, name string) model.ToolChoice {
		return model.ToolChoice{Mode: mode, Name: name, Parallel: new(false)}
	}
	return []mapping{
		{
			name: "none", why: "the service has no such choice; what must not be used is not offered",
			model: claude45, req: choose(weather, model.ToolChoice{Mode: model.ToolsNone}), want: `{}`,
		},
		{
			name: "none, with calls in the history", why: "without tools the service refuses the blocks; they become text",
			model: claude45,
			req: with(withWeather(hi[0], assistant(call("c1")), user(result("c1", model.Text("sun")))), func(r *model.Request) {
				r.ToolChoice.Mode = model.ToolsNone
			}),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"(tool call: weather {\"city\":\"Paris\"})"}]},{"role":"user","content":[{"text":"(tool result: sun)"}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "none, one at a time", model: nova1, req: choose(weather, one(model.ToolsNone, "")), want: `{}`,
		},
		{
			name: "any of the service's own tools, for Nova", model: nova2, req: choose([]model.Tool{search}, model.ToolChoice{Mode: model.ToolsAny}),
			want:  `{"toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"auto":{}}}}`,
			warns: []string{"changed tool_choice"},
		},
		{
			name: "a tool of the service's own among others, for Nova", model: nova2, req: choose([]model.Tool{weather[0], search}, model.UseTool("nova_grounding")),
			want:  `{"toolConfig":{"tools":[` + weatherJSON + `,{"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"auto":{}}}}`,
			warns: []string{"changed tool_choice"},
		},
		{
			name: "any of tools of both kinds, for Nova", model: nova2, req: choose([]model.Tool{weather[0], search}, model.ToolChoice{Mode: model.ToolsAny}),
			want: `{"toolConfig":{"tools":[` + weatherJSON + `,{"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"any":{}}}}`,
		},
		{
			name: "one at a time", why: "Converse has no place for it, Anthropic's own parameters have; they then hold the choice",
			model: claude45, req: choose(weather, one("", "")),
			want: `{` + weatherOnly + `,"additionalModelRequestFields":{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}}`,
		},
		{
			name: "any, one at a time", model: claude45, req: choose(weather, one(model.ToolsAny, "")),
			want: `{` + weatherOnly + `,"additionalModelRequestFields":{"tool_choice":{"type":"any","disable_parallel_tool_use":true}}}`,
		},
		{
			name: "auto, one at a time", model: claude45, req: choose(weather, one(model.ToolsAuto, "")),
			want: `{` + weatherOnly + `,"additionalModelRequestFields":{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}}`,
		},
		{
			name: "a certain tool, one at a time", model: claude45, req: choose(weather, one(model.ToolsNamed, "weather")),
			want: `{` + weatherOnly + `,"additionalModelRequestFields":{"tool_choice":{"type":"tool","name":"weather","disable_parallel_tool_use":true}}}`,
		},
		{
			name: "any, one at a time, thinking", model: claude45,
			req:   with(choose(weather, one(model.ToolsAny, "")), func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Budget: 2000} }),
			want:  `{` + weatherOnly + `,"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000},"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}}`,
			warns: []string{"changed tool_choice"},
		},
		{
			name: "several at a time", why: "the default of every model", model: claude45,
			req:  choose(weather, model.ToolChoice{Mode: model.ToolsAuto, Parallel: new(true)}),
			want: `{"toolConfig":{"tools":[` + weatherJSON + `],"toolChoice":{"auto":{}}}}`,
		},
		{name: "one at a time, for Nova", model: nova1, req: choose(weather, one("", "")), fails: model.ErrUnsupported, field: "tool_choice.parallel"},
		{name: "one at a time, for a model not known", model: unknown, req: choose(weather, one("", "")), fails: model.ErrUnsupported, field: "tool_choice.parallel"},
		{name: "one at a time, without tools", model: nova1, req: choose(nil, one("", "")), want: `{}`},
	}
}

// TestMapToolBlocks checks tool calls and results in the history.
func TestMapToolBlocks(t *testing.T) { checkMappings(t, mapToolBlocks()) }

func mapToolBlocks() []mapping {
	const use = `{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}`
	history := func(answer, reply string) string {
		return `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[` + answer + `]},{"role":"user","content":[` + reply + `]}],` + weatherOnly + `}`
	}
	ok := func(content string) string {
		return `{"toolResult":{"toolUseId":"c1","status":"success","content":[` + content + `]}}`
	}
	replies := func(parts ...model.Part) model.Request {
		return withWeather(hi[0], assistant(call("c1")), user(parts...))
	}
	calls := func(c model.ToolCall) model.Request {
		return withWeather(hi[0], assistant(c), user(result("c1", model.Text("x"))))
	}
	png := model.Image{MediaType: "image/png", Data: []byte("\x01")}
	const pngJSON = `{"image":{"format":"png","source":{"bytes":"AQ=="}}}`
	return []mapping{
		{name: "call and result", model: claude45, req: replies(result("c1", model.Text("sun"))), want: history(use, ok(`{"text":"sun"}`))},
		{
			name: "every kind of content in a result", model: claude45,
			req: replies(result("c1", model.Text("a"), model.JSON(`{"x":1}`), png,
				model.Document{Name: "d", MediaType: "text/plain", Text: "t"},
				model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`[1]`)}, model.Opaque{Provider: "other", Kind: "x", Data: json.RawMessage(`1`)})),
			want:  history(use, ok(`{"text":"a"},{"json":{"x":1}},`+pngJSON+`,{"document":{"name":"d","format":"txt","source":{"bytes":"dA=="}}},{"future":[1]}`)),
			warns: []string{"dropped messages[2].parts[0].parts[5]"},
		},
		{
			name: "an error", model: claude45, req: replies(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("no"), png}}),
			want: history(use, `{"toolResult":{"toolUseId":"c1","status":"error","content":[{"text":"no"},`+pngJSON+`]}}`),
		},
		{
			name: "a result without content", why: "ChatBedrockConverse sends \".\", which made models ignore results",
			model: claude45, req: replies(result("c1")), want: history(use, ok(`{"text":"(no output)"}`)),
			warns: []string{"changed messages[2].parts[0]"},
		},
		{
			name: "a blank result", model: claude45, req: replies(result("c1", model.Text("\n"))), want: history(use, ok(`{"text":"(no output)"}`)),
			warns: []string{"dropped messages[2].parts[0].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "a result of a foreign block only", model: claude45,
			req:   replies(result("c1", model.Opaque{Provider: "other", Kind: "x", Data: json.RawMessage(`1`)})),
			want:  history(use, ok(`{"text":"(no output)"}`)),
			warns: []string{"dropped messages[2].parts[0].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "results that are JSON but no objects", why: "the service takes objects only; the model reads the text as well", model: claude45,
			req:   replies(result("c1", model.JSON(`[1,2.50]`), model.JSON(`"s"`), model.JSON(`null`), model.JSON(`9007199254740993`), model.JSON(" {} "))),
			want:  history(use, ok(`{"text":"[1,2.50]"},{"text":"\"s\""},{"text":"null"},{"text":"9007199254740993"},{"json":{}}`)),
			warns: []string{"changed messages[2].parts[0].parts[0]", "changed messages[2].parts[0].parts[1]", "changed messages[2].parts[0].parts[2]", "changed messages[2].parts[0].parts[3]"},
		},
		{
			name: "audio in a result", model: claude45,
			req:   replies(result("c1", model.Text(" "), model.Audio{MediaType: "audio/wav", Data: []byte("x")})),
			fails: model.ErrUnsupported, field: "messages[2].parts[0].parts[1]",
		},
		{
			name: "an image of an unknown type in a result", model: claude45,
			req:   replies(result("c1", model.Image{MediaType: "image/bmp", Data: []byte("x")})),
			fails: model.ErrUnsupported, field: "messages[2].parts[0].parts[0]",
		},
		{
			name: "a call without input", model: claude45, req: calls(model.ToolCall{ID: "c1", Name: "weather"}),
			want: history(`{"toolUse":{"toolUseId":"c1","name":"weather","input":{}}}`, ok(`{"text":"x"}`)),
		},
		{
			name: "input keys stay as they are", why: "ChatBedrockConverse rewrites my_arg to myArg in places",
			model: claude45, req: calls(model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(`{"my_arg":1,"myArg":{"in_ner":"日本"}}`)}),
			want: history(`{"toolUse":{"toolUseId":"c1","name":"weather","input":{"my_arg":1,"myArg":{"in_ner":"日本"}}}}`, ok(`{"text":"x"}`)),
		},
		{
			name: "input that is no object", why: "ChatBedrockConverse parses the string; ours is what the model wrote, JSON already", model: claude45,
			req:   calls(model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(`[1]`)}),
			want:  history(`{"toolUse":{"toolUseId":"c1","name":"weather","input":{"invalid_input":"[1]"}}}`, ok(`{"text":"x"}`)),
			warns: []string{"changed messages[1].parts[0].input"},
		},
		{
			name: "input that was cut off", model: claude45, req: calls(model.ToolCall{ID: "c1", Name: "weather", InvalidInput: `{"city":"P`}),
			want:  history(`{"toolUse":{"toolUseId":"c1","name":"weather","input":{"invalid_input":"{\"city\":\"P"}}}`, ok(`{"text":"x"}`)),
			warns: []string{"changed messages[1].parts[0].input"},
		},
		{
			name: "ids and names are echoed", why: "Kimi's ids have dots and colons", model: kimi,
			req: withWeather(hi[0], assistant(model.ToolCall{ID: "functions.get_temperature:0", Name: "weather"}), user(result("functions.get_temperature:0", model.Text("x")))),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"functions.get_temperature:0","name":"weather","input":{}}}]},
				{"role":"user","content":[{"toolResult":{"toolUseId":"functions.get_temperature:0","status":"success","content":[{"text":"x"}]}}]}],` + weatherOnly + `}`,
		},
		{
			name: "results of parallel calls in several messages", model: claude45,
			req: withWeather(hi[0], assistant(model.Text("a"), call("c1"), call("c2")), user(result("c1", model.Text("x"))), user(result("c2", model.Text("y"))), model.User("So")),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},
				{"role":"assistant","content":[{"text":"a"},` + use + `,{"toolUse":{"toolUseId":"c2","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[` + ok(`{"text":"x"}`) + `,{"toolResult":{"toolUseId":"c2","status":"success","content":[{"text":"y"}]}},{"text":"So"}]}],` + weatherOnly + `}`,
		},
		{
			name: "answers in several messages", model: claude45,
			req: withWeather(hi[0], model.Assistant("ai1"), assistant(call("c1")), assistant(call("c2")), user(result("c1", model.Text("x")), result("c2", model.Text("y")))),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},
				{"role":"assistant","content":[{"text":"ai1"},` + use + `,{"toolUse":{"toolUseId":"c2","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[` + ok(`{"text":"x"}`) + `,{"toolResult":{"toolUseId":"c2","status":"success","content":[{"text":"y"}]}}]}],` + weatherOnly + `}`,
		},
		{
			name: "results first, for Claude", why: "ChatBedrockConverse keeps the order, and Claude refuses it", model: claude45,
			req:   replies(model.Text("So"), png, result("c1", model.Text("x")), model.CachePoint{}, model.Text("too")),
			want:  history(use, ok(`{"text":"x"}`)+`,{"text":"So"},`+pngJSON+`,{"cachePoint":{"type":"default"}},{"text":"too"}`),
			warns: []string{"moved messages[2].parts[2]"},
		},
		{
			name: "a cache point among results stays with them", model: claude45,
			req:  replies(result("c1", model.Text("x")), model.CachePoint{}, model.Text("So")),
			want: history(use, ok(`{"text":"x"}`)+`,{"cachePoint":{"type":"default"}},{"text":"So"}`),
		},
		{
			name: "cache points around a late result", why: "ChatBedrockConverse keeps the order; two points would meet here, and one is enough", model: claude45,
			req:   replies(model.Text("So"), model.CachePoint{}, result("c1", model.Text("x")), model.CachePoint{}),
			want:  history(use, ok(`{"text":"x"}`)+`,{"text":"So"},{"cachePoint":{"type":"default"}}`),
			warns: []string{"moved messages[2].parts[2]", "dropped messages[2].parts[3]"},
		},
		{
			name: "results in the caller's order, for others", model: nova2,
			req:  replies(model.Text("So"), result("c1", model.Text("x"))),
			want: history(use, `{"text":"So"},`+ok(`{"text":"x"}`)),
		},
		{
			name: "text next to calls, for Llama", model: llama, whole: true,
			req:   withWeather(hi[0], assistant(model.Text("I look"), call("c1")), user(result("c1", model.Text("x")))),
			want:  history(use, ok(`{"text":"x"}`)),
			warns: []string{"dropped messages[1].parts[0]"},
		},
		{
			name: "cited text next to calls, for Mistral", model: mistral, whole: true,
			req:   withWeather(hi[0], assistant(model.CitedText{Text: "I look", Citations: []model.Citation{{Title: "T"}}}, call("c1")), user(result("c1", model.Text("x")))),
			want:  history(use, ok(`{"text":"x"}`)),
			warns: []string{"dropped messages[1].parts[0]"},
		},
		{
			name: "text next to calls stays without calls", model: llama, whole: true,
			req:  withWeather(hi[0], assistant(model.Text("I look")), user(model.Text("So"))),
			want: history(`{"text":"I look"}`, `{"text":"So"}`),
		},
		{
			name: "text next to results, for Mistral", model: mistral, whole: true,
			req: withWeather(hi[0], assistant(call("c1"), call("c2")), user(model.Text("a"), result("c1", model.Text("x")), result("c2", model.Text("y")), model.Text("b"))),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},
				{"role":"assistant","content":[` + use + `,{"toolUse":{"toolUseId":"c2","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[` + ok(`{"text":"x"}`) + `,{"toolResult":{"toolUseId":"c2","status":"success","content":[{"text":"y"},{"text":"a"},{"text":"b"}]}}]}],` + weatherOnly + `}`,
			warns: []string{"moved messages[2].parts[0]", "moved messages[2].parts[3]"},
		},
		{
			name: "files next to results, for Llama", model: llama, whole: true,
			req:   replies(png, result("c1", model.Text("x")), model.Document{Name: "d", MediaType: "text/plain", Text: "t"}, model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}}),
			want:  history(use, ok(`{"text":"x"},`+pngJSON+`,{"document":{"name":"d","format":"txt","source":{"bytes":"dA=="}}},{"searchResult":{"source":"s","title":"t","content":[{"text":"c"}]}}`)),
			warns: []string{"moved messages[2].parts[0]", "moved messages[2].parts[2]", "moved messages[2].parts[3]"},
		},
		{
			name: "guard content next to results, for Llama", model: llama, whole: true,
			req:   replies(result("c1", model.Text("x")), model.Guard{Text: "g"}),
			want:  history(use, ok(`{"text":"x"},{"text":"g"}`)),
			warns: []string{"changed messages[2].parts[1]", "moved messages[2].parts[1]"},
		},
		{
			name: "no status, for Writer", model: writer, whole: true, req: replies(result("c1", model.Text("x"))),
			want: history(use, `{"toolResult":{"toolUseId":"c1","content":[{"text":"x"}]}}`),
		},
		{
			name: "an error, for Writer", model: writer, whole: true, req: replies(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("x")}}),
			want:  history(use, `{"toolResult":{"toolUseId":"c1","content":[{"text":"x"}]}}`),
			warns: []string{"dropped messages[2].parts[0].is_error"},
		},
	}
}

// TestMapServerTools checks the calls of the service's own tools, kept in the
// history.
func TestMapServerTools(t *testing.T) { checkMappings(t, mapServerTools()) }

func mapServerTools() []mapping {
	tools := []model.Tool{{Name: "nova_code_interpreter", ServerSide: true}}
	ran := func(parts ...model.Part) model.Message {
		return assistant(model.ServerToolCall{ID: "s1", Name: "nova_code_interpreter", Kind: "server_tool_use", Input: json.RawMessage(`{"snippet":"1+1"}`)},
			model.ServerToolResult{CallID: "s1", Kind: "nova_code_interpreter_result", Parts: parts}, model.Text("2"))
	}
	history := func(answer string) string {
		return `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[` + answer + `]},{"role":"user","content":[{"text":"So"}]}],
			"toolConfig":{"tools":[{"systemTool":{"name":"nova_code_interpreter"}}]}}`
	}
	const use = `{"toolUse":{"toolUseId":"s1","name":"nova_code_interpreter","type":"server_tool_use","input":{"snippet":"1+1"}}}`
	req := func(messages ...model.Message) model.Request { return model.Request{Messages: messages, Tools: tools} }
	return []mapping{
		{
			name: "call and result stay where they are", model: nova2, req: req(hi[0], ran(model.JSON(`{"stdOut":"2","exitCode":0}`)), model.User("So")),
			want: history(use + `,{"toolResult":{"toolUseId":"s1","type":"nova_code_interpreter_result","status":"success","content":[{"json":{"stdOut":"2","exitCode":0}}]}},{"text":"2"}`),
		},
		{
			name: "a result without content", model: nova2, req: req(hi[0], ran(), model.User("So")),
			want:  history(use + `,{"toolResult":{"toolUseId":"s1","type":"nova_code_interpreter_result","status":"success","content":[{"text":"(no output)"}]}},{"text":"2"}`),
			warns: []string{"changed messages[1].parts[1]"},
		},
		{
			name: "a failed result, and a call that was cut off", model: nova2,
			req: req(hi[0], assistant(model.ServerToolCall{ID: "s1", Name: "nova_code_interpreter", Kind: "server_tool_use", InvalidInput: "{"},
				model.ServerToolResult{CallID: "s1", IsError: true, Parts: []model.Part{model.Text("no")}}), model.User("So")),
			want:  history(`{"toolUse":{"toolUseId":"s1","name":"nova_code_interpreter","type":"server_tool_use","input":{"invalid_input":"{"}}},{"toolResult":{"toolUseId":"s1","status":"error","content":[{"text":"no"}]}}`),
			warns: []string{"changed messages[1].parts[0].input"},
		},
		{
			name: "without the tool they are text", model: nova2, req: talk(hi[0], ran(model.JSON(`{"stdOut":"2"}`)), model.User("So")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"(tool call: nova_code_interpreter {\"snippet\":\"1+1\"})"},{"text":"(tool result: {\"stdOut\":\"2\"})"},{"text":"2"}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[1].parts[1]"},
		},
	}
}

// TestMapToolBlocksAsText checks histories with tools that are no longer
// offered.
func TestMapToolBlocksAsText(t *testing.T) { checkMappings(t, mapToolBlocksAsText()) }

func mapToolBlocksAsText() []mapping {
	const first = `{"messages":[{"role":"user","content":[{"text":"Hi"}]},`
	png := model.Image{MediaType: "image/png", Data: []byte("\x01")}
	return []mapping{
		{
			name: "call and result", why: "ChatBedrockConverse words it otherwise; what matters is that the model can read it", model: claude45,
			req:   talk(hi[0], assistant(model.Text("a"), model.ToolCall{ID: "c1", Name: "calc", Input: json.RawMessage(`{"a": 5, "w": "東京"}`)}), user(result("c1", model.Text("10"), model.JSON(`{"x":2.50}`)))),
			want:  first + `{"role":"assistant","content":[{"text":"a"},{"text":"(tool call: calc {\"a\": 5, \"w\": \"東京\"})"}]},{"role":"user","content":[{"text":"(tool result: 10\n{\"x\":2.50})"}]}]}`,
			warns: []string{"changed messages[1].parts[1]", "changed messages[2].parts[0]"},
		},
		{
			name: "failed and empty ones", model: llama,
			req: talk(hi[0], assistant(model.ToolCall{ID: "c1", Name: "calc"}, model.ToolCall{ID: "c2", Name: "calc", InvalidInput: `{"a`}),
				user(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("no")}}, result("c2"))),
			want:  first + `{"role":"assistant","content":[{"text":"(tool call: calc {})"},{"text":"(tool call: calc {\"a)"}]},{"role":"user","content":[{"text":"(tool error: no)"},{"text":"(tool result: )"}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[1].parts[1]", "changed messages[2].parts[0]", "changed messages[2].parts[1]"},
		},
		{
			name: "files of a result stay files", why: "ChatBedrockConverse leaves an empty list here", model: claude45,
			req:   talk(hi[0], assistant(call("c1")), user(result("c1", png))),
			want:  first + `{"role":"assistant","content":[{"text":"(tool call: weather {\"city\":\"Paris\"})"}]},{"role":"user","content":[{"text":"(tool result: )"},{"image":{"format":"png","source":{"bytes":"AQ=="}}}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"},
		},
		{
			name: "foreign blocks of a result go", model: claude45,
			req:   talk(hi[0], assistant(call("c1")), user(result("c1", model.Text("x"), model.Opaque{Provider: "other", Kind: "y", Data: json.RawMessage(`1`)}))),
			want:  first + `{"role":"assistant","content":[{"text":"(tool call: weather {\"city\":\"Paris\"})"}]},{"role":"user","content":[{"text":"(tool result: x)"}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]", "dropped messages[2].parts[0].parts[1]"},
		},
		{
			name: "Bedrock's own blocks of a result", why: "content of a tool result has no place in a message of its own", model: claude45,
			req:   talk(hi[0], assistant(call("c1")), user(result("c1", model.Text("x"), model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`1`)}))),
			want:  first + `{"role":"assistant","content":[{"text":"(tool call: weather {\"city\":\"Paris\"})"}]},{"role":"user","content":[{"text":"(tool result: x)"}]}]}`,
			warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]", "dropped messages[2].parts[0].parts[1]"},
		},
	}
}
