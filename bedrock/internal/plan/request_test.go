package plan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

const hiTurn = `user["Hi"]`

// TestTools checks the tools that are offered, and the choice.
func TestTools(t *testing.T) {
	tool := func(schema string) model.Request {
		return model.Request{Tools: []model.Tool{{Name: "f", InputSchema: json.RawMessage(schema)}}}
	}
	strict := func(schema string) model.Request {
		r := tool(schema)
		r.Tools[0].Strict = new(true)
		return r
	}
	other := model.Tool{Name: "b", InputSchema: okTool.InputSchema}
	search := model.Tool{Name: "search", ServerSide: true}
	choose := func(c model.ToolChoice, tools ...model.Tool) model.Request {
		return model.Request{Tools: tools, ToolChoice: c}
	}
	anyTool := model.ToolChoice{Mode: model.ToolsAny}
	one := model.ToolChoice{Parallel: new(false)}
	choices := func(any, named facts.Support) *facts.Facts {
		return with(noFacts(), func(f *facts.Facts) { f.Tools.Any, f.Tools.Named = any, named })
	}
	noStream := with(noFacts(), func(f *facts.Facts) { f.Tools.Streaming = no })
	grammar := withGrammar()
	always := with(newer(facts.ThinkingDefaultAlways), func(f *facts.Facts) { f.Tools.ForcedThinking = no })
	check(t, []row{
		{name: "no schema", req: tool(``), want: hiTurn + ` tool(f {"type":"object","properties":{}})`},
		{name: "a schema byte for byte", req: tool(` {"type": "object", "x":1.0 } `), want: hiTurn + ` tool(f  {"type": "object", "x":1.0 } )`},
		{name: "an empty schema", req: tool(`{ }`), want: hiTurn + ` tool(f {"type":"object" })`, says: []string{"changed tools[0].input_schema"}},
		{name: "properties alone", req: tool(`{"properties":{"q":{"type":"string"}}}`), want: hiTurn + ` tool(f {"type":"object","properties":{"q":{"type":"string"}}})`, says: []string{"changed tools[0].input_schema"}},
		{name: "a choice of schemas", req: tool(`{"anyOf":[{}]}`), want: hiTurn + ` tool(f)`, says: []string{"changed tools[0].input_schema", "changed tools[0].input_schema"}},
		{name: "alternatives at the root", req: tool(`{"type":"object","properties":{"id":{},"url":{}},"oneOf":[{"required":["id"]},{"required":["url"]}]}`),
			want: hiTurn + ` tool(f {"type":"object","properties":{"id":{},"url":{}},"description":"Matches exactly one of [{\"required\":[\"id\"]},{\"required\":[\"url\"]}]."})`, says: []string{"changed tools[0].input_schema"}},
		{name: "a string", req: tool(`{"type":"string"}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "a constant", req: tool(`{"const":3}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "a constant of type object", req: tool(`{"type":"object","const":3}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "a constant by an escaped name", req: tool(`{"type":"object","c\u006fnst":3}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "a constant object", req: tool(`{"const":{"a":1}}`), want: hiTurn + ` tool(f {"type":"object","const":{"a":1}})`, says: []string{"changed tools[0].input_schema"}},
		{name: "values", req: tool(`{"enum":[1,"a"]}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "values, an object among them", req: tool(`{"type":"object","enum":[1,{"a":1}]}`), want: hiTurn + ` tool(f {"type":"object","enum":[1,{"a":1}]})`},
		{name: "a reference to a string", req: tool(`{"type":"object","$ref":"#/$defs/s","$defs":{"s":{"type":"string"}}}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "a schema that is true", req: tool(`true`), says: []string{"refused invalid request "}},
		{name: "a schema that is false", req: tool(`false`), says: []string{"refused invalid request "}},
		{name: "an object or null", req: tool(`{"type":["object","null"],"a":1}`), want: hiTurn + ` tool(f {"type":"object","a":1})`, says: []string{"changed tools[0].input_schema"}},
		{name: "strict closes objects", req: strict(`{"type":"object","properties":{"a":{"type":"object","properties":{}}}}`), want: hiTurn + ` tool(f {"type":"object","properties":{"a":{"type":"object","properties":{},"additionalProperties":false}},"additionalProperties":false} strict=true)`},
		{name: "strict and bounds", facts: grammar, req: strict(`{"type":"object","properties":{"n":{"type":"integer","minimum":1}}}`), want: hiTurn + ` tool(f {"type":"object","properties":{"n":{"type":"integer","description":"At least 1."}},"additionalProperties":false} strict=true)`, says: []string{"changed tools[0].input_schema"}},
		{name: "strict and a map", req: strict(`{"type":"object","additionalProperties":{"type":"string"}}`), want: hiTurn + ` tool(f {"type":"object","additionalProperties":{"type":"string"}})`, says: []string{"dropped tools[0].strict"}},
		{name: "too many strict tools", facts: with(noFacts(), func(f *facts.Facts) { f.Tools.StrictMax = 1 }), req: model.Request{Tools: []model.Tool{{Name: "a", Strict: new(false)}, {Name: "b", Strict: new(true)}, {Name: "c", Strict: new(true)}, {Name: "d"}}},
			want: hiTurn + ` tool(a {"type":"object","properties":{}} strict=false) tool(b {"type":"object","properties":{},"additionalProperties":false} strict=true) tool(c {"type":"object","properties":{}}) tool(d {"type":"object","properties":{}})`, says: []string{"dropped tools[2].strict"}},
		{name: "strict and no JSON", req: strict(`{"type":"object","properties":[]}`), says: []string{"refused invalid request tools[0].input_schema"}},
		{name: "strict without a schema", req: strict(``), want: hiTurn + ` tool(f {"type":"object","properties":{},"additionalProperties":false} strict=true)`},
		{name: "strict where there is none", facts: with(noFacts(), func(f *facts.Facts) { f.Tools.Strict = no }), req: strict(`{"type":"object"}`), want: hiTurn + ` tool(f)`, says: []string{"dropped tools[0].strict"}},
		{name: "a name of 80 letters", req: model.Request{Tools: []model.Tool{{Name: strings.Repeat("x", 80)}}}, says: []string{"refused invalid request tools[0].name"}},
		{name: "a name of 80 letters over InvokeModel", format: plan.Anthropic(1), req: model.Request{Tools: []model.Tool{{Name: strings.Repeat("x", 80)}}}, says: []string{"refused invalid request tools[0].name"}},
		{name: "a name with a dot", req: model.Request{Tools: []model.Tool{{Name: "a.b"}}}, says: []string{"refused invalid request tools[0].name"}},
		{name: "the service's tools in Anthropic's format", format: plan.Anthropic(1), req: choose(model.ToolChoice{}, search), says: []string{"refused unsupported tools[0]"}},

		{name: "none", req: choose(model.ToolChoice{Mode: model.ToolsNone}, okTool), want: hiTurn},
		{name: "none in Anthropic's format", format: plan.Anthropic(1), req: choose(model.ToolChoice{Mode: model.ToolsNone}, okTool), want: hiTurn + ` tool(ok) choice=none max=1`},
		{name: "named", req: choose(model.UseTool("ok"), okTool, other), want: hiTurn + ` tool(ok) tool(b) choice=namedok`},
		{name: "named, not known", facts: noFacts(), req: choose(model.UseTool("ok"), okTool, other), want: hiTurn + ` tool(ok) tool(b) choice=namedok`},
		{name: "named by any", facts: choices(yes, no), req: choose(model.UseTool("ok"), okTool), want: hiTurn + ` tool(ok) choice=any`, says: []string{"changed tool_choice"}},
		{name: "named by any, alone", facts: choices(yes, no), req: choose(model.UseTool("ok"), okTool, other), want: hiTurn + ` tool(ok) choice=any`, says: []string{"changed tool_choice", "dropped tools[1]"}},
		{name: "any by name", facts: choices(no, yes), req: choose(anyTool, okTool), want: hiTurn + ` tool(ok) choice=namedok`},
		{name: "any of two, by no name", facts: choices(no, yes), req: choose(anyTool, okTool, other), want: hiTurn + ` tool(ok) tool(b) choice=auto`, says: []string{"changed tool_choice"}},
		{name: "neither", facts: choices(no, no), req: choose(model.UseTool("ok"), okTool), want: hiTurn + ` tool(ok) choice=auto`, says: []string{"changed tool_choice"}},
		{name: "neither over InvokeModel", format: plan.OpenAI("m"), facts: choices(no, no), req: choose(anyTool, okTool), want: hiTurn + ` tool(ok) choice=auto`, says: []string{"changed tool_choice"}},
		{name: "any while a model always thinks", facts: always, req: choose(anyTool, okTool), want: hiTurn + ` tool(ok) choice=auto`, says: []string{"changed tool_choice"}},
		{name: "the service's own, forced", facts: with(noFacts(), func(f *facts.Facts) { f.Tools.ServerForced = no }), req: choose(anyTool, search), want: hiTurn + ` tool(search) choice=auto`, says: []string{"changed tool_choice"}},
		{name: "one at a time", req: choose(one, okTool), want: hiTurn + ` tool(ok) choice=,parallel=false`},
		{name: "one at a time, not known", facts: noFacts(), req: choose(one, okTool), says: []string{"refused unsupported tool_choice.parallel"}},
		{name: "one at a time, not known, by the format's member", format: plan.OpenAI("m"), facts: noFacts(), req: choose(one, okTool), want: hiTurn + ` tool(ok) choice=,parallel=false`},

		{name: "a stream with tools", facts: noStream, in: plan.Input{Stream: true}, req: choose(model.ToolChoice{}, okTool), want: hiTurn + ` tool(ok) whole`, says: []string{"changed stream"}},
		{name: "the same, not streamed", facts: noStream, req: choose(model.ToolChoice{}, okTool), want: hiTurn + ` tool(ok)`},
		{name: "a stream without tools", facts: noStream, in: plan.Input{Stream: true}, want: hiTurn},
	})
}

// TestSampling checks limits and sampling.
func TestSampling(t *testing.T) {
	both := model.Request{Temperature: new(0.5), TopP: new(0.25), TopK: 3}
	none := with(noFacts(), func(f *facts.Facts) { f.Sampling.Temperature, f.Sampling.TopP, f.Sampling.TopK = no, no, no })
	own := plan.Input{Settings: plan.Settings{AdditionalFields: json.RawMessage(`{"top_k":9,"temperature":1}`)}}
	check(t, []row{
		{name: "all", facts: noFacts(), req: both, want: hiTurn + ` t=0.5 p=0.25 top_k=3`},
		{name: "either", req: both, want: hiTurn + ` t=0.5 top_k=3`, says: []string{"dropped top_p"}},
		{name: "none", facts: none, req: both, want: hiTurn, says: []string{"dropped temperature", "dropped top_p", "dropped top_k"}},
		{name: "one alone", facts: with(noFacts(), func(f *facts.Facts) { f.Sampling.TemperatureOne = true }), req: model.Request{Temperature: new(0.5)}, want: hiTurn, says: []string{"dropped temperature"}},
		{name: "one", facts: with(noFacts(), func(f *facts.Facts) { f.Sampling.TemperatureOne = true }), req: model.Request{Temperature: new(1.0)}, want: hiTurn + ` t=1`},
		{name: "too hot", facts: with(noFacts(), func(f *facts.Facts) { f.Sampling.TemperatureMax = 1 }), req: model.Request{Temperature: new(1.5)}, want: hiTurn + ` t=1`, says: []string{"changed temperature"}},
		{name: "top_p too low", facts: with(noFacts(), func(f *facts.Facts) { f.Sampling.TopPMin = 0.95 }), req: model.Request{TopP: new(0.5)}, want: hiTurn, says: []string{"dropped top_p"}},
		{name: "top_k elsewhere", facts: nova2(), req: model.Request{TopK: 3}, want: hiTurn + ` inferenceConfig.topK=3`},
		{name: "the caller's top_k", facts: noFacts(), in: own, req: both, want: hiTurn + ` t=0.5 p=0.25`, says: []string{"dropped top_k"}},
		{name: "the caller's in a body", facts: noFacts(), format: plan.OpenAI("m"), in: own, req: both, want: hiTurn + ` t=0.5 p=0.25 top_k=3`, says: []string{"dropped temperature", "dropped top_k"}},
		{
			name: "while thinking", req: model.Request{Temperature: new(0.5), TopP: new(0.5), TopK: 3, Thinking: &model.ThinkingConfig{Budget: 2000}},
			want: hiTurn + ` think(enabled 2000)`, says: []string{"dropped temperature", "dropped top_p", "dropped top_k"},
		},
		{name: "while thinking, as it may be", req: model.Request{TopP: new(0.95), Thinking: &model.ThinkingConfig{Budget: 2000}}, want: hiTurn + ` p=0.95 think(enabled 2000)`},
		{name: "a least limit", facts: with(noFacts(), func(f *facts.Facts) { f.Limits.MinOutput = 16 }), req: model.Request{MaxTokens: 1}, want: hiTurn + ` max=16`, says: []string{"changed max_tokens"}},
		{name: "a required limit", format: plan.Anthropic(4096), req: model.Request{Thinking: &model.ThinkingConfig{Budget: 2000}}, want: hiTurn + ` max=6096 think(enabled 2000)`},
		{name: "a blank stop sequence for Claude", req: model.Request{StopSequences: []string{"a", "\n"}}, says: []string{"refused invalid request stop_sequences[1]"}},
		{name: "a blank stop sequence for others", facts: noFacts(), req: model.Request{StopSequences: []string{"\n"}}, want: hiTurn + ` stop=["\n"]`},
		{name: "no stop sequences", facts: with(noFacts(), func(f *facts.Facts) { f.Sampling.StopSequences = no }), req: model.Request{StopSequences: []string{"x"}}, says: []string{"refused unsupported stop_sequences"}},
	})
}

// TestOutput checks structured output.
func TestOutput(t *testing.T) {
	o := model.Request{Output: &model.OutputFormat{Name: "n", Description: "d", Schema: json.RawMessage(`{"type":"object","properties":{}}`)}}
	bare := model.Request{Output: &model.OutputFormat{Schema: json.RawMessage(`{"type":"object","properties":{}}`)}}
	const closed = `{"type":"object","properties":{},"additionalProperties":false}`
	grammar := withGrammar()
	output := func(schema string) model.Request {
		return model.Request{Output: &model.OutputFormat{Schema: json.RawMessage(schema)}}
	}
	check(t, []row{
		{name: "native", req: o, want: hiTurn + ` output(nd ` + closed + `)`},
		{name: "not known", facts: noFacts(), req: o, want: hiTurn + ` output(nd ` + closed + `)`},
		{name: "none", facts: with(noFacts(), func(f *facts.Facts) { f.Output.Native = no }), req: o, says: []string{"refused unsupported output"}},
		{name: "bounds become words", facts: grammar, req: output(`{"type":"object","properties":{"s":{"type":"string","pattern":"^a"}},"additionalProperties":false}`), want: hiTurn + ` output( {"type":"object","properties":{"s":{"type":"string","description":"Matches the regular expression ^a."}},"additionalProperties":false})`, says: []string{"changed output.schema"}},
		{name: "no optional members", facts: with(noFacts(), func(f *facts.Facts) { f.Output.Schema.Optional = -1 }), req: output(`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false}`),
			want: hiTurn + ` output( {"type":"object","properties":{"a":{"type":"string"},"b":{"type":["string","null"]}},"required":["a","b"],"additionalProperties":false})`, says: []string{"changed output.schema"}},
		{name: "a map", req: output(`{"type":"object","additionalProperties":{"type":"integer"}}`), says: []string{"refused unsupported output.schema"}},
		{name: "recursion", facts: grammar, req: output(`{"type":"object","properties":{"next":{"$ref":"#"}}}`), says: []string{"refused unsupported output.schema"}},
		{name: "no schema", req: output(`{"properties":[]}`), says: []string{"refused invalid request output.schema"}},
		{name: "no name", format: plan.Anthropic(1), req: o, want: hiTurn + ` max=1 output( ` + closed + `)`, says: []string{"dropped output.name", "dropped output.description"}},
		{name: "a name is required", format: plan.OpenAI("m"), facts: noFacts(), req: bare, want: hiTurn + ` output(answer ` + closed + `)`},
	})
}

// TestSettings checks Bedrock's own settings, doors and prompts.
func TestSettings(t *testing.T) {
	in := func(s plan.Settings) plan.Input { return plan.Input{Settings: s} }
	prompt := plan.Input{Prompt: true}
	elsewhere := &facts.Facts{Model: "Grok", Doors: facts.Doors{Converse: no, Invoke: no, Elsewhere: []string{"Responses", "Chat", "mantle"}}}
	check(t, []row{
		{name: "a guardrail without a version", in: in(plan.Settings{Guardrail: &plan.Guardrail{ID: "g"}}), says: []string{"refused invalid request provider_options.guardrail"}},
		{name: "a guardrail with a line break", in: in(plan.Settings{Guardrail: &plan.Guardrail{ID: "g\n", Version: "1"}}), says: []string{"refused invalid request provider_options.guardrail.id"}},
		{name: "a tier with a line break", in: in(plan.Settings{ServiceTier: "flex\r"}), says: []string{"refused invalid request provider_options.service_tier"}},
		{name: "metadata with a line break", in: in(plan.Settings{Metadata: map[string]string{"a": "\n"}}), says: []string{"refused invalid request provider_options.metadata[\"a\"]"}},
		{name: "fields that are no object", in: in(plan.Settings{AdditionalFields: json.RawMessage(`[1]`)}), says: []string{"refused invalid request provider_options.additional_fields"}},
		{name: "fields that are no JSON", in: in(plan.Settings{AdditionalFields: json.RawMessage(`{"a":`)}), says: []string{"refused invalid request provider_options.additional_fields"}},
		{name: "prompt variables over InvokeModel", format: plan.Anthropic(1), in: in(plan.Settings{PromptVariables: map[string]string{"a": "b"}}), says: []string{"refused unsupported provider_options.prompt_variables"}},
		{name: "an effort for OpenAI", format: plan.OpenAI("m"), facts: noFacts(), in: in(plan.Settings{OutputEffort: "low"}), says: []string{"refused unsupported provider_options.output_effort"}},
		{name: "other doors alone", facts: elsewhere, says: []string{"refused unsupported model"}},
		{name: "other doors alone, over InvokeModel", format: plan.OpenAI("m"), facts: elsewhere, says: []string{"refused unsupported model"}},
		{name: "no streams", facts: &facts.Facts{Doors: facts.Doors{ConverseStream: no}}, in: plan.Input{Stream: true}, want: hiTurn + ` whole`, says: []string{"changed stream"}},

		{name: "a prompt alone", in: prompt, want: ``},
		{name: "a prompt with a message", in: prompt, req: talk(model.User("u")), want: `user["u"]`},
		{
			name: "a prompt with what is its own", in: prompt, req: model.Request{Messages: []model.Message{model.System("s"), model.User("u")}, Tools: []model.Tool{okTool}, MaxTokens: 9, Temperature: new(1.0)},
			says: []string{"refused unsupported tools", "refused unsupported max_tokens", "refused unsupported temperature", "refused unsupported messages[0]"},
		},
	})
	_, err := plan.New(&model.Request{Messages: hi}, plan.Input{Facts: elsewhere, Format: plan.Converse()})
	if want := "model: Grok is not served by Converse; it is served by Responses, Chat and mantle"; model.KindOf(err) != model.ErrUnsupported || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("New: %v, want …%s", err, want)
	}
}

// TestCaching checks the cache points that are placed for Request.Cache, and
// their limits.
func TestCaching(t *testing.T) {
	cp, hour := model.CachePoint{}, model.CachePoint{TTL: time.Hour}
	auto := func(ttl time.Duration) model.Request {
		return model.Request{Messages: []model.Message{model.System("s"), model.User("u1"), model.Assistant("a1"), model.User("u2")},
			Tools: []model.Tool{okTool}, Cache: &model.CacheConfig{TTL: ttl}}
	}
	edit := func(r model.Request, set func(*model.Request)) model.Request { set(&r); return r }
	nova := with(noFacts(), func(f *facts.Facts) {
		f.Cache = facts.Cache{Points: yes, Tools: no, ToolBlocks: no, Hour: no, Lifetimes: no}
	})
	loop := called(call("c"), result("c", model.Text("x")))
	loop.Cache = &model.CacheConfig{}
	five := talk(user(model.Text("1"), cp, model.Text("2"), cp, model.Text("3"), cp, model.Text("4"), cp, model.Text("5"), cp))
	check(t, []row{
		{name: "automatic", req: auto(0), want: `system["s"|] user["u1"|] assistant["a1"] user["u2"|] tool(ok)|`},
		{name: "an hour", req: auto(time.Hour), want: `system["s"|1h] user["u1"|1h] assistant["a1"] user["u2"|1h] tool(ok)|1h`},
		{name: "not known", facts: noFacts(), req: auto(0), want: `system["s"] user["u1"] assistant["a1"] user["u2"] tool(ok)`, says: []string{"dropped cache"}},
		{name: "none", facts: with(noFacts(), func(f *facts.Facts) { f.Cache.Points = no }), req: auto(0), want: `system["s"] user["u1"] assistant["a1"] user["u2"] tool(ok)`, says: []string{"dropped cache"}},
		{name: "the format has none", format: plan.OpenAI("m"), req: auto(0), want: `system["s"] user["u1"] assistant["a1"] user["u2"] tool(ok)`, says: []string{"dropped cache"}},
		{name: "Nova", facts: nova, req: auto(time.Hour), want: `system["s"|] user["u1"|] assistant["a1"] user["u2"|] tool(ok)`, says: []string{"changed cache.ttl"}},
		{name: "Nova, not beside results", facts: nova, req: loop, want: `user["hi"|] assistant[call(c ok {"q":"x"})] user[result(c "x")] tool(ok)`},
		{
			name: "by value", req: edit(auto(0), func(r *model.Request) {
				r.Messages = []model.Message{model.System("s"), user(model.Text("1"), cp, model.Text("2"), cp), model.Assistant("a1"), model.User("u2")}
			}),
			want: `system["s"|] user["1"| "2"|] assistant["a1"] user["u2"|] tool(ok)`,
		},
		{
			name: "beside the caller's shorter", req: edit(auto(time.Hour), func(r *model.Request) { r.Messages[0] = system(model.Text("s"), cp) }),
			want: `system["s"|] user["u1"|] assistant["a1"] user["u2"|] tool(ok)|1h`, says: []string{"changed cache.ttl"},
		},
		{
			name: "beside the caller's longer", req: edit(auto(0), func(r *model.Request) { r.Messages[1] = user(model.Text("u1"), hour) }),
			want: `system["s"|1h] user["u1"|1h] assistant["a1"] user["u2"|] tool(ok)|1h`, says: []string{"changed cache.ttl"},
		},
		{name: "a lifetime that is none", req: auto(time.Minute), says: []string{"refused invalid request cache.ttl"}},
		{name: "explicit, not known", facts: noFacts(), req: talk(user(model.Text("u"), cp)), want: `user["u"|]`},
		{name: "explicit, none", facts: with(noFacts(), func(f *facts.Facts) { f.Cache.Points = no }), req: talk(user(model.Text("u"), cp)), want: `user["u"]`, says: []string{"dropped messages[0].parts[1]"}},
		{name: "five", req: five, want: `user["1" "2"| "3"| "4"| "5"|]`, says: []string{"dropped messages[0].parts[1]"}},
		{name: "five over InvokeModel", format: plan.Anthropic(1), req: five, want: `user["1" "2"| "3"| "4"| "5"|] max=1`, says: []string{"dropped messages[0].parts[1]"}},
		{name: "double", req: talk(user(model.Text("u"), cp, hour)), want: `user["u"|]`, says: []string{"dropped messages[0].parts[2]"}},
		{name: "the longer behind the shorter", req: talk(system(model.Text("s"), cp), user(model.Text("u"), hour)), says: []string{"refused invalid request messages[1].parts[1].ttl"}},
		{name: "no hour", facts: with(claude(), func(f *facts.Facts) { f.Cache.Hour = no }), req: talk(user(model.Text("u"), hour)), want: `user["u"|]`, says: []string{"changed messages[0].parts[1].ttl"}},
		{name: "no hour over InvokeModel", format: plan.Anthropic(1), facts: with(claude(), func(f *facts.Facts) { f.Cache.Hour = no }), req: auto(time.Hour), want: `system["s"|] user["u1"|] assistant["a1"] user["u2"|] tool(ok)| max=1`, says: []string{"changed cache.ttl"}},
	})
}

// TestFiles checks files and documents.
func TestFiles(t *testing.T) {
	x := model.Text("x")
	text := func(d model.Document) model.Request { return talk(user(x, d)) }
	check(t, []row{
		{name: "an image by its bytes", req: talk(user(model.Image{Data: png})), want: `user[image(image/png PNG)]`},
		{name: "another word for a type", req: talk(user(model.Image{MediaType: "image/JPG", Data: []byte("JPG")})), want: `user[image(image/jpeg PG)]`},
		{name: "another type than the bytes have", req: talk(user(model.Image{MediaType: "image/JPG", Data: png})), want: `user[image(image/png PNG)]`, says: []string{"changed messages[0].parts[0].media_type"}},
		{name: "a data URL", req: talk(user(model.Image{URI: "data:image/png;base64,iVBORw=="})), want: `user[image(image/png PNG)]`},
		{name: "a data URL over InvokeModel", format: plan.OpenAI("m"), facts: noFacts(), req: talk(user(model.Image{URI: "data:image/png;base64,iVBORw=="})), want: `user[image(image/png PNG)]`},
		{name: "a data URL that is broken", req: talk(user(model.Image{URI: "data:image/png;base64,*"})), says: []string{"refused invalid request messages[0].parts[0]"}},
		{name: "a type by the address", req: talk(user(model.Image{URI: "s3://b/x.png"})), want: `user[image(image/png s3://b/x.png)]`},
		{name: "no type", req: talk(user(model.Image{URI: "s3://b/x"})), says: []string{"refused unsupported messages[0].parts[0]"}},
		{name: "an address elsewhere", req: talk(user(model.Image{MediaType: "image/png", URI: "https://a/x.png"})), says: []string{"refused unsupported messages[0].parts[0]"}},
		{name: "an address over InvokeModel", format: plan.Anthropic(1), req: talk(user(model.Image{URI: "s3://b/x.png"})), says: []string{"refused unsupported messages[0].parts[0]"}},
		{name: "text is a file", req: text(model.Document{Name: "d", Text: "t"}), want: `user["x" document(d text/plain t)]`},
		{name: "chunks are a file", req: text(model.Document{Name: "d", Chunks: []string{"a", "b"}}), want: "user[\"x\" document(d text/plain a\nb)]"},
		{name: "chunks with citations", req: text(model.Document{Name: "d", Chunks: []string{"a", "b"}, Citations: true}), want: `user["x" document(d text/plain a+b)]`},
		{name: "chunks in Anthropic's format", format: plan.Anthropic(1), req: text(model.Document{Name: "d", Chunks: []string{"a", "b"}}), want: `user["x" document(d text/plain a+b)] max=1`},
		{name: "a table in Anthropic's format", format: plan.Anthropic(1), req: text(model.Document{Name: "d", MediaType: "text/csv", Data: []byte("a,b")}), want: `user["x" document(d text/plain a,b)] max=1`, says: []string{"changed messages[0].parts[1].media_type"}},
		{name: "text of any kind in Anthropic's format", format: plan.Anthropic(1), req: text(model.Document{Name: "d", MediaType: "text/xml", Data: []byte("<a/>")}), want: `user["x" document(d text/plain <a/>)] max=1`, says: []string{"changed messages[0].parts[1].media_type"}},
		{name: "text of another kind on Converse", req: text(model.Document{Name: "d", MediaType: "text/xml", Data: []byte("<a/>")}), says: []string{"refused unsupported messages[0].parts[1]"}},
		{name: "no text beside it", req: talk(user(model.Document{Name: "d", Text: "t"})), want: `user[document(d text/plain t) "(see the document)"]`, says: []string{"changed messages[0].parts[0]"}},
		{name: "a PDF by its bytes", req: text(model.Document{Name: "d.pdf", Data: []byte("%PDF-1")}), want: `user["x" document(d application/pdf %PDF-1)]`, says: []string{"changed messages[0].parts[1].name"}},
		{name: "a type by the name", req: text(model.Document{Name: "d.csv", Data: []byte("a,b")}), want: `user["x" document(d text/csv a,b)]`, says: []string{"changed messages[0].parts[1].name"}},
		{
			name: "names", req: talk(user(x, model.Document{Name: "a.b", Text: "t"}, model.Document{Text: "t"}, model.Document{Name: "document", Text: "t"}, model.Document{Name: "document", Text: "t"})),
			want: `user["x" document(a-b text/plain t) document(document text/plain t) document(document (2) text/plain t) document(document (3) text/plain t)]`,
			says: []string{"changed messages[0].parts[1].name", "changed messages[0].parts[2].name", "changed messages[0].parts[3].name", "changed messages[0].parts[4].name"},
		},
		{name: "documents for OpenAI", format: plan.OpenAI("m"), facts: noFacts(), req: text(model.Document{Name: "d", Text: "t"}), says: []string{"refused unsupported messages[0].parts[1]"}},
	})
}

// withGrammar returns the facts of a model whose schemas are kept while it
// writes.
func withGrammar() *facts.Facts {
	return with(noFacts(), func(f *facts.Facts) {
		f.Output.Schema = facts.SchemaLimits{Keywords: []string{"minimum", "pattern"}, Closed: true, Recursion: facts.SupportNo, Unions: 16}
	})
}
