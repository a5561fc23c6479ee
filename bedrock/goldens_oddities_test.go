package bedrock_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

const llama33 = "us.meta.llama3-3-70b-instruct-v1:0" // a prompt over InvokeModel

// oddHistories are conversations that began with other models, or in an odd way.
func oddHistories() goldenGroup {
	g := goldenGroup{name: "odd histories", models: []string{claude45, nova2, gptOSS, deepseekR1, llama33}}
	answered := user(result("c1", model.Text("x")))
	g.ask("the assistant begins, behind the system", talk(model.System("s"), model.Assistant("b"), model.User("c")))
	g.ask("the assistant alone", talk(model.Assistant("b")))
	g.ask("the assistant begins with a call", withWeather(assistant(call("c1")), answered))
	g.ask("the system between calls and results", withWeather(model.User("a"), assistant(call("c1")), model.System("s"), answered, model.System("t")))
	g.ask("the system alone", talk(model.System("s")))
	g.ask("the system twice, late", talk(model.User("a"), model.System("s"), model.System("t"), model.User("b")))
	g.ask("the system late, with a point", talk(model.User("a"), system(model.Text("s"), model.CachePoint{}), model.User("b"), model.Assistant("c"), system(model.CachePoint{}, model.Text("t")), model.User("d")))
	for i, q := range []model.Part{model.Document{Name: "d", Text: "t"}, model.Thinking{Text: "t"}, call("c1"), model.Guard{Text: "g"}, model.CitedText{Text: "c"}, model.Text(" "),
		model.Opaque{Provider: "bedrock", Kind: "k", Data: json.RawMessage(`{"a":1}`)}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: pngData}}, nil} {
		name := fmt.Sprintf("%d %T", i, q)
		g.ask("in the system prompt: "+name, talk(system(model.Text("s"), q), hi[0]))
		g.ask("in a late system message: "+name, talk(hi[0], model.Assistant("b"), system(q, model.Text("s")), model.User("c")))
	}
	g.ask("turns with nothing in them", talk(user(), model.Assistant("b"), user(model.Text(" ")), assistant(), user(model.Text("c"))))
	g.ask("a blank turn with a refused file before it", talk(user(model.Image{URI: "x"}), user(model.Text(" "))))
	g.ask("blank turns of the system", talk(model.System(" "), model.User("a"), model.System("\n"), model.User("b")))
	g.ask("nothing but the system and blanks", talk(model.System("s"), model.User(" "), model.Assistant(" ")))
	for i, space := range []string{" ", "\n", "\u00a0", "\t\r\n \u2003"} {
		g.ask(fmt.Sprintf("white space at all ends %d", i), talk(model.System(space+"s"+space), user(model.Text(space+"a"+space), model.Text(space+"b"+space)), model.Assistant(space+"c"+space), model.User(space+"d"+space), assistant(model.Text(space+"e"+space))))
	}
	g.ask("a prefill that ends with a call", withWeather(model.User("a"), assistant(model.Text("b "), call("c1"))))
	g.ask("a prefill that ends with cited text", talk(model.User("a"), assistant(model.CitedText{Text: "b ", Citations: []model.Citation{{Title: "T", Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}}}})))
	g.ask("12 messages of 12 parts", talk(slices.Repeat([]model.Message{user(append(slices.Repeat([]model.Part{model.Text("x")}, 11), model.Text(" "))...), assistant(append(slices.Repeat([]model.Part{model.Text("y")}, 11), model.Text(" "))...)}, 6)...))
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

// oddThinking is thinking of models of all kinds, some of which seal it.
func oddThinking() goldenGroup {
	g := goldenGroup{name: "odd thinking", models: []string{claude37, claude47, nova2, gptOSS, gpt5, unknown}}
	for _, by := range []string{"", claude45, "global." + claude45, claude37, claude47, nova2, gptOSS, deepseekR1, qwen, gpt5, unknown, "nonsense"} {
		for name, t := range map[string]model.Thinking{"signed": {Text: "t", Signature: "c2ln"}, "redacted": {Redacted: []byte("sealed")}, "open": {Text: "t"}} {
			t.Provider, t.Model = bedrock.Provider, by
			again := t
			g.ask(name+" thinking by "+by, talk(model.User("a"), assistant(t, model.Text("b")), model.User("c"), assistant(again, model.Text("d")), model.User("e")))
		}
		g.ask("a block by "+by, talk(model.User("a"), assistant(model.Text("b"), model.Opaque{Provider: "bedrock", Kind: "k", Model: by, Data: json.RawMessage(`{"a":1}`)}), model.User("c")))
	}
	for name, t := range map[string]model.Thinking{"nothing": {}, "bytes that are no text": {Redacted: []byte("\xff\x00")}, "one half": {Text: "t", Incomplete: true}, "another provider's": {Text: "t", Provider: "p"}} {
		g.ask("thinking: "+name, talk(model.User("a"), assistant(t, model.Text("b")), model.User("c")))
	}
	enabled := think(model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2000})
	said := []model.Part{model.Thinking{Text: "t", Signature: "s"}, call("c1")}
	answered := user(result("c1", model.Text("x")))
	g.ask("thinking goes on with a thought", with(withWeather(model.User("a"), assistant(said...), answered), enabled))
	g.ask("thinking goes on without a thought", with(withWeather(model.User("a"), assistant(said[1]), answered), enabled))
	g.ask("thinking goes on, the thought behind text", with(withWeather(model.User("a"), assistant(model.Text("b"), said[0], said[1]), answered), enabled))
	g.ask("thinking begins after a text", with(talk(model.User("a"), model.Assistant("b"), model.User("c")), enabled))
	g.ask("thinking begins after other results", with(withWeather(model.User("a"), assistant(said[1]), answered, model.Assistant("b"), model.User("c")), enabled))
	g.ask("thinking begins with a prefill", with(talk(model.User("a"), model.Assistant("b")), enabled))
	g.ask("thinking begins at once", with(talk(model.User("a")), enabled))
	g.ask("thinking goes on without a thought, sampled and forced", with(withWeather(model.User("a"), assistant(said[1]), answered), func(r *model.Request) {
		enabled(r)
		r.Temperature, r.TopP, r.TopK, r.ToolChoice = new(0.5), new(0.9), 5, model.ToolChoice{Mode: model.ToolsAny}
	}))
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

// oddTexts are texts with citations and blocks that not every format has.
func oddTexts() goldenGroup {
	g := goldenGroup{name: "odd texts", models: []string{claude45, nova2, gptOSS}}
	cited := func(l model.CitationLocation) model.CitedText {
		return model.CitedText{Text: "b", Citations: []model.Citation{{Title: "before", Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}}, {Title: "T", Quotes: []string{"q", "r"}, Location: l}, {Title: "behind", Location: model.CitationLocation{Kind: model.LocationChar}}}}
	}
	for _, kind := range []model.LocationKind{"", model.LocationChar, model.LocationPage, model.LocationChunk, model.LocationSearchResult, model.LocationWeb, "hologram"} {
		for _, data := range []string{``, `{"type":"hologram","a":1}`, `{"type":7}`, `{"a":1}`, `[1]`, `{`} {
			g.ask(fmt.Sprintf("cited %s %s", kind, data), talk(model.User("a"), assistant(cited(model.CitationLocation{Kind: kind, Index: 1, Start: 2, End: 3, URL: "https://a.example", Data: json.RawMessage(data)})), model.User("c")))
		}
	}
	for _, text := range []string{"", " ", "b"} {
		g.ask(fmt.Sprintf("cited text %q", text), talk(model.User("a"), assistant(model.CitedText{Text: text, Citations: []model.Citation{{Location: model.CitationLocation{Kind: model.LocationPage}}}}, model.CitedText{Text: text, Citations: []model.Citation{{Location: model.CitationLocation{Kind: "x"}}}}), model.User("c")))
		g.ask(fmt.Sprintf("cited text by the user %q", text), talk(user(model.Text("a"), model.CitedText{Text: text, Citations: []model.Citation{{Title: "T"}}}, model.CitedText{Text: text})))
	}
	for _, data := range []string{``, `1`, ` {"a":1}`, `{"a":`, `[]`} {
		for _, provider := range []string{"bedrock", "bedrock/anthropic", "bedrock/openai"} {
			g.ask(fmt.Sprintf("block of %s %s", provider, data), talk(model.User("a"), assistant(model.Text("b"), model.Opaque{Provider: provider, Kind: "k", Data: json.RawMessage(data)}), user(model.Text("c"), model.Opaque{Provider: provider, Data: json.RawMessage(data)})))
		}
	}
	for _, kind := range []string{"image", "document", "video", "audio", "news"} {
		g.ask("a block of kind "+kind, talk(user(model.Text("a"), model.Opaque{Provider: "bedrock", Kind: kind, Data: json.RawMessage(`{"a":1}`)}), assistant(model.Text("b"), model.Opaque{Provider: "bedrock", Kind: kind, Data: json.RawMessage(`{"a":1}`)}), model.User("c")))
	}
	return g
}

// oddMarks are texts that hold what marks the turns in a prompt.
func oddMarks() goldenGroup {
	g := goldenGroup{name: "odd marks", models: []string{llama33, mistral7b, deepseekR1, titan}}
	for _, mark := range []string{"<|eot_id|>", "<|start_header_id|>", "[INST]", "[/INST]", "</s>", "<｜User｜>", "<｜Assistant｜>", "User:", "\nBot:", "<|<|eot_id|>|>", "[IN[INST]ST]", "<|eot_", "<think>"} {
		g.ask("marks "+mark, talk(model.System("s"), user(model.Text("a"), model.Text("b")), assistant(model.Text("c "+mark+" d"), model.Text("e "+mark)), model.User("f")))
		g.ask("marks by the user "+mark, talk(model.User("a "+mark+" b"), model.Assistant("c"), model.User("d")))
		g.ask("marks by the system "+mark, talk(model.System("a "+mark), model.User("d")))
	}
	g.ask("marks made up of two parts", talk(user(model.Text("a <|eot"), model.Text("_id|> [IN"), model.Text("ST]")), assistant(model.Text("User"), model.Text(":")), user(model.Text("\nUser"), model.Text(":"))))
	return g
}

// oddFields are settings of the service's and of the models' own, beside neutral
// ones.
func oddFields() goldenGroup {
	g := goldenGroup{name: "odd fields", models: []string{claude45, nova2, gptOSS, gpt5, qwen}}
	for i, fields := range append([]string{``, `{"":1}`, " {\"a\":1}\n", `[1]`, `{"a":1`, `null`, `{"a":1}x`, `{"thinking":null}`, `{"thinking":{"type":"disabled"}}`, `{"thinking":{"type":7}}`, `{"thinking":[]}`,
		`{"reasoning_effort":"none"}`, `{"reasoning":{"effort":"none"}}`, `{"reasoning":{}}`, `{"reasoning_config":"none"}`, `{"reasoningConfig":{"type":"disabled"}}`, `{"reasoningConfig":{}}`, `{"reasoning_effort":7}`,
		`{"output_config":{"effort":"max"}}`, `{"output_config":{}}`, `{"output_config":7}`, `{"top_k":null,"top_k":3}`, `{"top_k":3,"top_k":null}`, `{"k":1,"topK":2}`, `{"tool_choice":null,"parallel_tool_calls":null}`, `{"tools":null}`, `{"tools":[]}`}, additional...) {
		field := func(r *model.Request) {
			r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(fields)}}
		}
		all := model.Request{MaxTokens: 9000, Temperature: new(0.5), TopP: new(0.9), TopK: 5, StopSequences: []string{"x"}}
		g.ask("additional "+fields, with(all, field))
		thinks := model.Request{MaxTokens: 9000, Thinking: &model.ThinkingConfig{Effort: "high"}, Temperature: new(0.5), Tools: weather, ToolChoice: model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}}
		g.ask("additional, thinking with tools "+fields, with(thinks, field))
		calls := model.Request{Tools: weather, ToolChoice: model.ToolChoice{Mode: model.ToolsAny, Parallel: new(i%2 == 1)}, Thinking: &model.ThinkingConfig{Effort: "none"}}
		g.ask("additional, tools "+fields, with(calls, field))
		budget := model.Request{Thinking: &model.ThinkingConfig{Budget: 3000}, Output: &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object"}`)}, Cache: &model.CacheConfig{}}
		g.ask("additional, a budget and a schema "+fields, with(budget, field))
	}
	for i, x := range []bedrock.ProviderOptions{{Latency: "a\n"}, {ServiceTier: "a\x00"}, {OutputEffort: "lo\xffw"}, {ResponseFieldPaths: []string{"/a", "/\r"}}, {Metadata: map[string]string{"a\n": "b", "c": "d\t"}},
		{Guardrail: &bedrock.Guardrail{ID: "g"}}, {Guardrail: &bedrock.Guardrail{Version: "1"}}, {Guardrail: &bedrock.Guardrail{ID: "\n", Version: "\n", Trace: "\n", StreamMode: "\n"}}, {OutputEffort: "max"}, {OutputEffort: "high"}} {
		g.ask(fmt.Sprint("options ", i), extra(x))
		g.ask(fmt.Sprintf("options %d, thinking off", i), with(extra(x), think(model.ThinkingConfig{Mode: model.ThinkingDisabled})))
	}
	return g
}

// oddSchemas are schemas of tools and answers.
func oddSchemas() goldenGroup {
	g := goldenGroup{name: "odd schemas", models: []string{claude45, nova2, gptOSS}}
	optional := func(n int) string {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf(`"p%d":{"type":["string","null"]}`, i))
		}
		return `{"type":"object","properties":{` + strings.Join(names, ",") + `}}`
	}
	for i, schema := range []string{`{}`, `true`, `7`, `{`, `{"type":"object"}`, ` {"type" : "object", "x":1}`, `{"type":["object","null"]}`, `{"type":"string"}`, `{"const":3}`, `{"const":{"a":1}}`, `{"enum":[{"a":1},2]}`,
		`{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}`, `{"oneOf":[{"type":"object","properties":{"a":{}}},{"type":"object","properties":{"b":{}}}]}`, `{"allOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"required":["a"]}]}`,
		`{"type":"object","not":{"required":["a"]}}`, `{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"b":{"$ref":"#/$defs/a"}}}}}`, `{"type":"object","$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}}`,
		`{"type":"object","\u0061nyOf":[{"type":"object"}]}`, `{"type":"object","additionalProperties":true}`, `{"type":"object","additionalProperties":false,"properties":{"a":{"type":"array","items":{"type":"object"},"minItems":2}}}`,
		`{"type":"object","properties":{"a":{"type":"array","minItems":1},"b":{"type":"array","minItems":0},"c":{"type":"string","minLength":1,"maxLength":2,"pattern":"x","format":"date"},"d":{"type":"number","minimum":1,"multipleOf":2},"e":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a"]}`,
		`{"type":"object","properties":7}`, `{"type":"object","required":"a"}`, `{"type":"object","$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"type":"object"},{"type":"string"}]}}}`, optional(9), optional(17), optional(25)} {
		raw := json.RawMessage(schema)
		name := fmt.Sprintf("%d %s", i, schema[:min(len(schema), 60)])
		g.ask("a tool: "+name, model.Request{Tools: []model.Tool{{Name: "f", InputSchema: raw}}})
		g.ask("strict: "+name, model.Request{Tools: []model.Tool{{Name: "f", InputSchema: raw, Strict: new(true)}, {Name: "g", InputSchema: raw, Strict: new(true)}}})
		g.ask("an answer: "+name, model.Request{Output: &model.OutputFormat{Name: "n", Description: "d", Schema: raw}})
		g.ask("all of them: "+name, model.Request{Tools: []model.Tool{{Name: "f", InputSchema: raw, Strict: new(true)}, {Name: "g", InputSchema: raw, Strict: new(false)}, {Name: "h", InputSchema: raw}}, Output: &model.OutputFormat{Schema: raw}})
	}
	many := func(n int) (all []model.Tool) {
		for i := range n {
			all = append(all, model.Tool{Name: fmt.Sprintf("t%d", i), Strict: new(true), InputSchema: json.RawMessage(`{"type":"object"}`)})
		}
		return all
	}
	for _, n := range []int{19, 20, 21, 22} {
		g.ask(fmt.Sprintf("%d strict tools", n), model.Request{Tools: many(n)})
	}
	for i, c := range []model.ToolChoice{{Mode: model.ToolsAny}, {Mode: model.ToolsNamed, Name: "a"}, {Mode: model.ToolsNamed, Name: "s"}, {Mode: model.ToolsNone, Parallel: new(false)}, {Parallel: new(false)}, {Mode: model.ToolsAny, Parallel: new(true)}} {
		for j, tools := range [][]model.Tool{{{Name: "a"}}, {{Name: "a"}, {Name: "b"}}, {{Name: "s", ServerSide: true}}, {{Name: "s", ServerSide: true}, {Name: "a"}}, {{Name: "s", ServerSide: true, Cache: &model.CachePoint{TTL: time.Hour}}, {Name: "t", ServerSide: true}}} {
			g.ask(fmt.Sprintf("choice %d of tools %d", i, j), model.Request{Tools: tools, ToolChoice: c})
		}
	}
	return g
}
