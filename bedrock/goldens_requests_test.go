package bedrock_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// some are models whose rules or formats have little in common, and many some
// more, for what differs from model to model.
var (
	some = []string{claude37, claude45, claude47, nova2, llama, mistral7b, gptOSS, unknown}
	many = append([]string{claude3, claude46, claude5, nova1, deepseekV3, deepseekR1, gpt5, qwen, titan}, some...)
)

const mistral7b = "mistral.mistral-7b-instruct-v0:2" // a prompt over InvokeModel

// requestKinds are requests of every kind that a provider of this module has
// to answer or refuse: what the conformance suite asks, and some of what
// callers do besides.
func requestKinds() []goldenGroup { return append(plainKinds(), cornerKinds()...) }

func plainKinds() []goldenGroup {
	return []goldenGroup{basicRequests(), toolRequests(), thinkingRequests(), cachingRequests(), mediaRequests(), otherRequests()}
}

// ask adds a request to some models.
func (g *goldenGroup) ask(name string, req model.Request) {
	if req.Messages == nil {
		req.Messages = hi
	}
	name = strings.Join(strings.Fields(visible.Replace(name)), " ")
	g.cases = append(g.cases, goldenCase{name: name, models: g.models, req: &req, count: true})
}

func basicRequests() goldenGroup {
	g := goldenGroup{name: "basics", models: some}
	g.cases = append(g.cases, goldenCase{name: "no request", models: some, count: true})
	g.ask("one text", model.Request{})
	g.ask("a system message", talk(model.System("You are terse."), hi[0]))
	g.ask("system messages in order", talk(model.System("first"), system(model.Text("second"), model.Text("third")), hi[0]))
	g.ask("a late system message", talk(model.User("a"), model.Assistant("b"), model.System("c"), model.User("d")))
	g.ask("turns", talk(model.System("s"), model.User("a"), model.Assistant("b"), model.User("c"), model.Assistant("d"), model.User("e")))
	g.ask("adjacent turns of one role", talk(model.User("a"), model.User("b"), model.Assistant("c"), model.Assistant("d"), model.User("e")))
	g.ask("the model speaks first", talk(model.Assistant("Welcome"), model.User("Hi")))
	g.ask("prefill", talk(model.User("Count"), model.Assistant("1, 2,")))
	g.ask("prefill with white space at its end", talk(model.User("Count"), model.Assistant("1, 2, ")))
	g.ask("blank text among texts", talk(user(model.Text("a"), model.Text(" \n"), model.Text("b"))))
	g.ask("a blank turn of the past", talk(model.User("a"), model.Assistant(""), model.User("b")))
	g.ask("a blank question", talk(model.User("  ")))
	g.ask("no messages", model.Request{Messages: []model.Message{}})
	g.ask("a role that is not known", talk(model.Message{Role: "narrator", Parts: []model.Part{model.Text("x")}}, hi[0]))
	g.ask("a nil part", talk(model.Message{Role: model.RoleUser, Parts: []model.Part{nil}}))
	g.ask("unicode", talk(model.User("Grüezi 東京 😀 \u2028 \x00 <&> \"\\")))
	g.ask("bytes that are no text", talk(model.User("a\xff\xfeb")))
	g.ask("control tokens of other formats", talk(model.User("<|eot_id|> [INST] </s> <｜User｜> User: <|eot|>")))
	g.models = many
	g.ask("temperature", model.Request{Temperature: new(0.5)})
	g.ask("temperature zero", model.Request{Temperature: new(0.0)})
	g.ask("temperature one", model.Request{Temperature: new(1.0)})
	g.ask("top_p", model.Request{TopP: new(0.9)})
	g.ask("temperature and top_p", model.Request{Temperature: new(0.5), TopP: new(0.9)})
	g.ask("top_k", model.Request{TopK: 40})
	g.ask("max_tokens", model.Request{MaxTokens: 100})
	g.ask("stop sequences", model.Request{StopSequences: []string{"END", "b", "a"}})
	g.ask("a blank stop sequence", model.Request{StopSequences: []string{" "}})
	g.ask("many stop sequences", model.Request{StopSequences: strings.Split("a b c d e f g h i j k l", " ")})
	g.ask("all of sampling", model.Request{MaxTokens: 100, Temperature: new(0.25), TopP: new(0.75), TopK: 7, StopSequences: []string{"x"}})
	g.ask("temperature out of range", model.Request{Temperature: new(2.5)})
	g.ask("max_tokens below zero", model.Request{MaxTokens: -1})
	return g
}

func toolRequests() goldenGroup {
	g := goldenGroup{name: "tools", models: some}
	two := []model.Tool{weather[0], {Name: "clock"}}
	choose := func(c model.ToolChoice) model.Request { return model.Request{Tools: two, ToolChoice: c} }
	g.ask("tools", model.Request{Tools: two})
	for _, mode := range []model.ToolMode{model.ToolsAuto, model.ToolsAny, model.ToolsNone} {
		g.ask("choice "+string(mode), choose(model.ToolChoice{Mode: mode}))
	}
	g.ask("choice named", choose(model.ToolChoice{Mode: model.ToolsNamed, Name: "clock"}))
	g.ask("choice of a tool that is not there", choose(model.ToolChoice{Mode: model.ToolsNamed, Name: "barometer"}))
	g.ask("choice of one tool alone", model.Request{Tools: weather, ToolChoice: model.ToolChoice{Mode: model.ToolsNamed, Name: "weather"}})
	g.ask("one call at a time", choose(model.ToolChoice{Parallel: new(false)}))
	g.ask("any, one call at a time", choose(model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}))
	g.ask("several calls at a time", choose(model.ToolChoice{Parallel: new(true)}))
	g.ask("strict", model.Request{Tools: []model.Tool{{Name: "f", Strict: new(true), InputSchema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"object"}}}`)}}})
	g.ask("not strict", model.Request{Tools: []model.Tool{{Name: "f", Strict: new(false)}}})
	g.ask("a schema that is no object's", model.Request{Tools: []model.Tool{{Name: "f", InputSchema: json.RawMessage(`{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}}`)}}})
	g.ask("a name with a dot", model.Request{Tools: []model.Tool{{Name: "a.b"}}})
	g.ask("a name of 65 letters", model.Request{Tools: []model.Tool{{Name: strings.Repeat("a", 65)}}})
	g.ask("a tool of the service", model.Request{Tools: []model.Tool{{Name: "nova_grounding", ServerSide: true}}})
	g.ask("choice any while thinking", with(choose(model.ToolChoice{Mode: model.ToolsAny}), think(model.ThinkingConfig{Mode: model.ThinkingEnabled})))
	g.ask("choice named while thinking", with(choose(model.ToolChoice{Mode: model.ToolsNamed, Name: "clock"}), think(model.ThinkingConfig{Mode: model.ThinkingAdaptive})))

	history := func(parts ...model.Part) model.Request {
		return withWeather(model.User("a"), assistant(model.Text("I look."), call("c1"), call("c2")), user(parts...))
	}
	first, second := result("c1", model.Text("sun")), result("c2", model.Text("rain"))
	g.ask("results", history(first, second))
	g.ask("results in two messages", withWeather(model.User("a"), assistant(call("c1"), call("c2")), user(first), user(second)))
	g.ask("results and text", history(first, second, model.Text("So?")))
	g.ask("text before results", history(model.Text("So?"), first, second))
	g.ask("a result that is missing", history(first))
	g.ask("a result without a call", history(first, second, result("c3", model.Text("x"))))
	g.ask("a failed call", history(first, model.ToolResult{CallID: "c2", IsError: true, Parts: []model.Part{model.Text("no")}}))
	g.ask("an empty result", history(first, result("c2")))
	g.ask("results of JSON", history(result("c1", model.JSON(`{"t":2.50}`)), result("c2", model.JSON(`[1]`), model.Text("x"))))
	g.ask("an image in a result", history(first, result("c2", model.Text("x"), model.Image{MediaType: "image/png", Data: []byte("\x01")})))
	g.ask("a document in a result", history(first, result("c2", model.Document{Name: "d", MediaType: "text/plain", Text: "t"})))
	g.ask("a search result in a result", history(first, result("c2", model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true})))
	g.ask("a history of tools without tools", talk(model.User("a"), assistant(call("c1")), user(result("c1", model.Text("sun"))), model.Assistant("Sun."), model.User("b")))
	g.ask("input that was cut off", withWeather(model.User("a"), assistant(model.ToolCall{ID: "c1", Name: "weather", InvalidInput: `{"ci`}), user(result("c1", model.Text("x")))))
	g.ask("input that is a list", withWeather(model.User("a"), assistant(model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(`[1]`)}), user(result("c1", model.Text("x")))))
	g.ask("no input", withWeather(model.User("a"), assistant(model.ToolCall{ID: "c1", Name: "weather"}), user(result("c1", model.Text("x")))))
	g.ask("call ids of another provider", withWeather(model.User("a"), assistant(model.ToolCall{ID: "functions.weather:0|é", Name: "weather"}), user(result("functions.weather:0|é", model.Text("x")))))
	g.ask("a call that no tool has", withWeather(model.User("a"), assistant(model.ToolCall{ID: "c1", Name: "gone"}), user(result("c1", model.Text("x")))))
	g.ask("a tool of the service in the history", with(withWeather(model.User("a"), assistant(
		model.ServerToolCall{ID: "s1", Name: "nova_grounding", Kind: "server_tool_use", Input: json.RawMessage(`{"q":1}`)},
		model.ServerToolResult{CallID: "s1", Kind: "nova_grounding_result", Parts: []model.Part{model.JSON(`{"found":1}`)}}, model.Text("b")), model.User("c")), func(*model.Request) {}))
	return g
}

func think(c model.ThinkingConfig) func(*model.Request) {
	return func(r *model.Request) { r.Thinking = &c }
}

func thinkingRequests() goldenGroup {
	g := goldenGroup{name: "thinking", models: many}
	for _, c := range []struct {
		name   string
		config model.ThinkingConfig
	}{
		{"by default", model.ThinkingConfig{}},
		{"enabled", model.ThinkingConfig{Mode: model.ThinkingEnabled}},
		{"adaptive", model.ThinkingConfig{Mode: model.ThinkingAdaptive}},
		{"disabled", model.ThinkingConfig{Mode: model.ThinkingDisabled}},
		{"with a budget", model.ThinkingConfig{Budget: 2048}},
		{"with too small a budget", model.ThinkingConfig{Budget: 10}},
		{"with little effort", model.ThinkingConfig{Effort: "low"}},
		{"with medium effort", model.ThinkingConfig{Effort: "medium"}},
		{"with high effort", model.ThinkingConfig{Effort: "high"}},
		{"with all effort", model.ThinkingConfig{Effort: "max"}},
		{"with an effort that does not exist", model.ThinkingConfig{Effort: "heroic"}},
		{"enabled with budget and effort", model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 4096, Effort: "high"}},
		{"adaptive with effort", model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "medium"}},
	} {
		g.ask(c.name, model.Request{Thinking: &c.config})
		g.ask(c.name+", with limits and sampling", model.Request{Thinking: &c.config, MaxTokens: 8192, Temperature: new(0.5), TopP: new(0.9), TopK: 5})
	}
	g.ask("a budget above the limit", model.Request{Thinking: &model.ThinkingConfig{Budget: 4096}, MaxTokens: 1000})

	after := func(parts ...model.Part) model.Request {
		return with(withWeather(model.User("a"), assistant(append(parts, call("c1"))...), user(result("c1", model.Text("sun")))), think(model.ThinkingConfig{}))
	}
	g.ask("signed thinking before a call", after(model.Thinking{Text: "hm", Signature: "c2ln", Provider: "bedrock"}))
	g.ask("redacted thinking before a call", after(model.Thinking{Redacted: []byte("\xff\x00"), Provider: "bedrock"}))
	g.ask("a signature alone before a call", after(model.Thinking{Signature: "c2ln", Provider: "bedrock"}))
	g.ask("unsigned thinking before a call", after(model.Thinking{Text: "hm", Provider: "bedrock"}))
	g.ask("another provider's thinking before a call", after(model.Thinking{Text: "hm", Signature: "c2ln", Provider: "other"}))
	g.ask("thinking that was cut off before a call", after(model.Thinking{Text: "hm", Signature: "c2ln", Provider: "bedrock", Incomplete: true}))
	g.ask("thinking between text", after(model.Thinking{Text: "a", Signature: "1"}, model.Text("x"), model.Thinking{Text: "b", Signature: "2"}, model.Thinking{Redacted: []byte("\x01")}))
	g.ask("thinking of the past, none now", talk(model.User("a"), assistant(model.Thinking{Text: "hm", Signature: "c2ln"}, model.Text("b")), model.User("c")))
	g.ask("thinking at the end", talk(model.User("a"), assistant(model.Thinking{Text: "hm", Signature: "c2ln"})))
	g.ask("thinking without an answer behind it", talk(model.User("a"), assistant(model.Thinking{Text: "hm", Signature: "c2ln"}), model.User("c")))
	return g
}

func cachingRequests() goldenGroup {
	g := goldenGroup{name: "caching", models: some}
	cp, hour, five := model.CachePoint{}, model.CachePoint{TTL: time.Hour}, model.CachePoint{TTL: 5 * time.Minute}
	cached := func(p model.CachePoint) []model.Tool {
		tool := weather[0]
		tool.Cache = &p
		return []model.Tool{tool}
	}
	g.ask("in a message", talk(user(model.Text("a"), cp, model.Text("b"))))
	g.ask("in the system prompt", talk(system(model.Text("s"), cp), hi[0]))
	g.ask("behind a tool", model.Request{Tools: cached(cp)})
	g.ask("in all places", model.Request{Tools: cached(cp), Messages: []model.Message{system(model.Text("s"), cp), user(model.Text("a"), cp)}})
	g.ask("too many", talk(system(model.Text("s"), cp), user(model.Text("a"), cp, model.Text("b"), cp), model.Assistant("c"), user(model.Text("d"), cp, model.Text("e"), cp)))
	g.ask("an hour", talk(system(model.Text("s"), hour), user(model.Text("a"), five)))
	g.ask("an hour after five minutes", talk(system(model.Text("s"), five), user(model.Text("a"), hour)))
	g.ask("a lifetime that does not exist", talk(user(model.Text("a"), model.CachePoint{TTL: 7 * time.Minute})))
	g.ask("at the beginning", talk(user(cp, model.Text("a"))))
	g.ask("doubled", talk(user(model.Text("a"), cp, cp)))
	g.ask("behind an image", talk(user(model.Text("a"), model.Image{MediaType: "image/png", Data: []byte("\x01")}, cp)))
	g.ask("behind a document", talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "text/plain", Text: "t"}, cp)))
	g.ask("behind a result", withWeather(model.User("a"), assistant(call("c1")), user(result("c1", model.Text("x")), cp)))
	g.ask("behind a call", withWeather(model.User("a"), assistant(call("c1"), cp), user(result("c1", model.Text("x")))))
	g.ask("behind thinking", talk(model.User("a"), assistant(model.Thinking{Text: "t", Signature: "s"}, cp, model.Text("b")), model.User("c")))
	g.ask("inside a result", withWeather(model.User("a"), assistant(call("c1")), user(result("c1", model.Text("x"), cp))))

	long := []model.Message{model.System("s"), model.User("a"), assistant(call("c1")), user(result("c1", model.Text("x"))), model.Assistant("b"), model.User("c")}
	for name, c := range map[string]model.CacheConfig{"": {}, ", an hour": {TTL: time.Hour}, ", five minutes": {TTL: 5 * time.Minute}, ", of odd lifetime": {TTL: time.Minute}} {
		g.ask("automatic"+name, model.Request{Messages: long, Tools: weather, Cache: &c})
	}
	g.ask("automatic, one turn", model.Request{Cache: &model.CacheConfig{}})
	g.ask("automatic beside points", model.Request{Messages: []model.Message{system(model.Text("s"), hour), model.User("a"), model.Assistant("b"), user(model.Text("c"), cp)}, Cache: &model.CacheConfig{}})
	g.ask("automatic beside an hour behind a tool", model.Request{Messages: []model.Message{system(model.Text("s"), hour), hi[0]}, Tools: append(cached(hour), model.Tool{Name: "clock"}), Cache: &model.CacheConfig{}})
	g.ask("automatic, with thinking and a document at the end", model.Request{Messages: []model.Message{model.User("a"), assistant(model.Thinking{Text: "t", Signature: "s"}, model.Text("b")),
		user(model.Text("c"), model.Document{Name: "d", MediaType: "text/plain", Text: "t"})}, Cache: &model.CacheConfig{}})
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

func mediaRequests() goldenGroup {
	g := goldenGroup{name: "media", models: some}
	png := model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}
	pdf := model.Document{Name: "report", MediaType: "application/pdf", Data: []byte("%PDF-1.7")}
	g.ask("an image", talk(user(model.Text("a"), png)))
	g.ask("an image alone", talk(user(png)))
	g.ask("an image without a type", talk(user(model.Text("a"), model.Image{Data: png.Data})))
	g.ask("an image of a type that is not known", talk(user(model.Text("a"), model.Image{MediaType: "image/bmp", Data: []byte("BM")})))
	g.ask("an image in S3", talk(user(model.Text("a"), model.Image{MediaType: "image/png", URI: "s3://b/k", Owner: "123456789012"})))
	g.ask("an image elsewhere", talk(user(model.Text("a"), model.Image{MediaType: "image/png", URI: "https://a.example/x.png"})))
	g.ask("images and text in order", talk(user(png, model.Text("a"), model.Image{MediaType: "image/jpeg", Data: []byte("\xff\xd8")}, model.Text("b"))))
	g.ask("an image by the model", talk(model.User("a"), assistant(model.Text("b"), png), model.User("c")))
	g.ask("an image in the system prompt", talk(system(png), hi[0]))
	g.ask("a large image", talk(user(model.Text("a"), model.Image{MediaType: "image/png", Data: []byte(strings.Repeat("0123456789abcdef", 4096))})))
	g.ask("a document", talk(user(model.Text("a"), pdf)))
	g.ask("a document alone", talk(user(pdf)))
	g.ask("a document of text", talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "text/plain", Text: "t", Context: "about", Citations: true})))
	g.ask("a document of chunks", talk(user(model.Text("a"), model.Document{Name: "d", Chunks: []string{"t", "u"}, Citations: true})))
	g.ask("a document of a type that is not known", talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "application/zip", Data: []byte("PK")})))
	g.ask("a document in S3", talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "application/pdf", URI: "s3://b/k"})))
	g.ask("documents of one name", talk(user(model.Text("a"), pdf, pdf), model.Assistant("b"), user(model.Text("c"), model.Document{Name: "report (2)", MediaType: "text/plain", Text: "t"}, pdf)))
	g.ask("a name that is not legal", talk(user(model.Text("a"), model.Document{Name: "my_file v1.0  (ü).PDF", MediaType: "application/pdf", Data: pdf.Data})))
	g.ask("a document by the model", talk(model.User("a"), assistant(model.Text("b"), pdf), model.User("c")))
	g.ask("a video", talk(user(model.Text("a"), model.Video{MediaType: "video/mp4", Data: []byte("\x00")})))
	g.ask("a video in S3", talk(user(model.Text("a"), model.Video{MediaType: "video/mp4", URI: "s3://b/k"})))
	g.ask("audio", talk(user(model.Text("a"), model.Audio{MediaType: "audio/wav", Data: []byte("RIFF")})))
	g.ask("search results", talk(user(model.Text("a"), model.SearchResult{Source: "s", Title: "t", Content: []string{"c", "d"}, Citations: true}, model.SearchResult{Source: "s2", Title: "t2", Content: []string{"e"}})))
	return g
}

func otherRequests() goldenGroup {
	g := goldenGroup{name: "others", models: some}
	schema := json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer","minimum":1},"of":{"type":"array","items":{"type":"object","properties":{}}}},"required":["n"]}`)
	format := &model.OutputFormat{Name: "answer", Description: "d", Schema: schema}
	g.ask("output of a schema", model.Request{Output: format})
	g.ask("output of a schema without a name", model.Request{Output: &model.OutputFormat{Schema: schema}})
	g.ask("output of a schema that is not supported", model.Request{Output: &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"array"}`)}})
	g.ask("output while thinking", with(model.Request{Output: format}, think(model.ThinkingConfig{Effort: "low"})))
	g.ask("output beside tools", model.Request{Output: format, Tools: weather})
	cited := model.CitedText{Text: "b", Citations: []model.Citation{
		{Title: "T", Source: "S", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 0, Start: 1, End: 2}},
		{Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
		{Location: model.CitationLocation{Kind: model.LocationChunk, Start: 1, End: 2}},
		{Location: model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example", Domain: "a.example"}},
		{Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 1, Start: 0, End: 1}},
		{Location: model.CitationLocation{Kind: "hologram", Data: json.RawMessage(`{"x":1}`)}}}}
	g.ask("citations of the past", talk(model.User("a"), assistant(cited), model.User("c")))
	g.ask("blocks of other providers", talk(model.User("a"), assistant(model.Text("b"), model.Opaque{Provider: "other", Kind: "k", Data: json.RawMessage(`1`)}), model.User("c")))
	g.ask("blocks of the service that are not known", talk(model.User("a"), assistant(model.Text("b"), model.Opaque{Provider: "bedrock", Kind: "k", Data: json.RawMessage(`{"x":1}`)}), model.User("c")))
	g.ask("guarded text", talk(user(model.Text("a"), model.Guard{Text: "b", Qualifiers: []string{"query"}}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: []byte("\x01")}})))
	g.ask("another provider's settings", model.Request{ProviderOptions: []model.ProviderOptions{otherOptions{}}})
	options := func(x bedrock.ProviderOptions) model.Request {
		return model.Request{ProviderOptions: []model.ProviderOptions{&x}}
	}
	g.ask("a guardrail", options(bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", Trace: "enabled", StreamMode: "async"}}))
	g.ask("latency, tier and metadata", options(bedrock.ProviderOptions{Latency: "optimized", ServiceTier: "flex", Metadata: map[string]string{"b": "2", "a": "1"}}))
	g.ask("additional fields", options(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"anthropic_beta":["b-1"],"x":{"y_z":1.50}}`), ResponseFieldPaths: []string{"/stop_sequence"}}))
	g.ask("an effort of output", options(bedrock.ProviderOptions{OutputEffort: "low"}))
	g.ask("an effort of output and of thinking", with(options(bedrock.ProviderOptions{OutputEffort: "low"}), think(model.ThinkingConfig{Effort: "high"})))
	g.ask("variables of a prompt", options(bedrock.ProviderOptions{PromptVariables: map[string]string{"b": "2", "a": "1"}}))
	g.ask("all at once", model.Request{
		Messages: []model.Message{model.System("s"), user(model.Text("a"), model.CachePoint{}), assistant(model.Thinking{Text: "t", Signature: "s"}, model.Text("b"), call("c1")), user(result("c1", model.Text("x")))},
		Tools:    weather, MaxTokens: 5000, StopSequences: []string{"x"}, Thinking: &model.ThinkingConfig{Effort: "high"}, Cache: &model.CacheConfig{TTL: time.Hour},
		ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{Latency: "optimized", Metadata: map[string]string{"a": "1"}}},
	})
	return g
}

// TestGoldensRequests checks the bytes of requests of every kind to models of
// every kind.
func TestGoldensRequests(t *testing.T) {
	for _, g := range plainKinds() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			var blocks []block
			for i, c := range g.cases {
				if inSample(i) {
					blocks = append(blocks, c.block(t, ours))
				}
			}
			checkSample(t, "requests-"+g.name, blocks)
		})
	}
}

// TestGoldensIDs checks the path that each id is sent on, and which model it is
// taken for. The request has settings that models treat differently.
func TestGoldensIDs(t *testing.T) {
	req := model.Request{Messages: []model.Message{model.System("s"), user(model.Text("a"), model.CachePoint{TTL: time.Hour})},
		Temperature: new(0.5), TopP: new(0.9), TopK: 5}
	const account = "arn:aws:bedrock:us-east-1:123456789012:"
	base := func(id string) *bedrock.Options { return &bedrock.Options{BaseModel: id} }
	profile := &bedrock.Options{Profiles: mappedProfile("anthropic.claude-sonnet-4-5-20250929-v1:0")}
	var blocks []block
	for _, row := range []struct {
		id      string
		options *bedrock.Options
	}{
		{"anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"eu.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"apac.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"jp.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"au.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"global.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"in.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"anthropic.claude-3-haiku-20240307-v1:0:48k", nil},
		{"amazon.nova-lite-v1:0:24k", nil},
		{"anthropic.claude-v2:1", nil},
		{"ANTHROPIC.claude-sonnet-4-5-20250929-v1:0", nil},
		{" us.anthropic.claude-sonnet-4-5-20250929-v1:0 ", nil},
		{"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{"arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-lite-v1:0", nil},
		{account + "inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil},
		{account + "application-inference-profile/a1b2c3", nil},
		{account + "application-inference-profile/a1b2c3", profile},
		{account + "application-inference-profile/a1b2c3", base("anthropic.claude-sonnet-4-5-20250929-v1:0")},
		{account + "provisioned-model/a1b2c3", base("us.amazon.nova-lite-v1:0")},
		{account + "provisioned-model/a1b2c3", nil},
		{account + "imported-model/a1b2c3", nil},
		{account + "custom-model/anthropic.claude-3-haiku-20240307-v1:0:200k/a1b2c3", nil},
		{account + "custom-model-deployment/a1b2c3", base("amazon.nova-lite-v1:0")},
		{account + "prompt/ABCDEFGHIJ:1", nil},
		{account + "default-prompt-router/anthropic.claude:1", nil},
		{account + "prompt-router/a1b2c3", nil},
		{"my model/ü?x=1#y%20", nil},
		{"", nil},
	} {
		name := row.id
		if row.options != nil {
			name += " of base model " + row.options.BaseModel
			if row.options.Profiles != nil {
				name = row.id + " looked up"
			}
		}
		blocks = append(blocks, goldenCase{name: name, models: []string{row.id}, req: &req, options: row.options, count: true, paths: true}.block(t, ours))
	}
	checkGoldens(t, "ids", blocks)
}
