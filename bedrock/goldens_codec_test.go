package bedrock_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// codedFormats are a model of each format, and the format of its bodies.
var codedFormats = []struct {
	id     string
	format bedrock.Format
}{
	{claude45, bedrock.FormatConverse}, {nova2, bedrock.FormatConverse}, {claude45, bedrock.FormatAnthropic}, {gptOSS, bedrock.FormatOpenAI}, {"unheard-of", bedrock.FormatOpenAI},
	{llama, bedrock.FormatLlama3}, {mistral7b, bedrock.FormatMistral}, {deepseekR1, bedrock.FormatDeepSeek}, {titan, bedrock.FormatTitan},
}

// encoded tells in lines what a codec makes of a request in each format. What several
// make the same of stands once.
func encoded(t *testing.T, req *model.Request) string {
	t.Helper()
	var order []string
	who := map[string][]string{}
	for _, f := range codedFormats {
		c, err := bedrock.NewCodec(f.id, &bedrock.Options{Format: f.format})
		if err != nil {
			t.Fatal(err)
		}
		req := req.Clone()
		lower(req, f.id, c.Format())
		body, err := c.Encode(req)
		text := ""
		if err != nil {
			text = "    " + visible.Replace(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "bedrock: encode "+f.id+": "), f.id, "the model")) + "\n"
		} else {
			for _, w := range body.Warnings {
				text += "    warned " + visible.Replace(strings.ReplaceAll(w.String(), f.id, "the model")) + "\n"
			}
			text += "    " + visible.Replace(string(body.JSON)) + "\n"
			if len(body.ResponseFieldPaths) > 0 {
				text += fmt.Sprintf("    paths %q\n", body.ResponseFieldPaths)
			}
		}
		if who[text] == nil {
			order = append(order, text)
		}
		who[text] = append(who[text], fmt.Sprintf("%s %s", f.id, c.Format()))
	}
	var b strings.Builder
	for _, text := range order {
		fmt.Fprintf(&b, "  %s\n%s", strings.Join(who[text], ", "), text)
	}
	return b.String()
}

// lower takes the wishes out of a request that a format or a model refuses, so that
// the others are seen.
func lower(req *model.Request, id string, f bedrock.Format) {
	switch {
	case f != bedrock.FormatConverse && f != bedrock.FormatAnthropic && f != bedrock.FormatOpenAI:
		req.Tools, req.ToolChoice, req.Output, req.Thinking = nil, model.ToolChoice{}, nil, nil
		if f == bedrock.FormatLlama3 {
			req.StopSequences = nil
		}
	case id == nova2:
		req.Output, req.ToolChoice.Parallel = nil, nil
	case id == gptOSS:
		req.ToolChoice.Parallel = nil
	case id == "unheard-of":
		req.Thinking = nil
	}
}

// givenFields are additional fields, as people write them and worse. A number
// stands for each, so that it is seen where the value goes.
var givenFields = []string{
	`{}`, ` {"x": 1} `, "{\"x\":\n[1,\r\n2]}", `{"x":1,"x":2}`, `{"x":null}`, `[1]`, `"x"`, `{`,
	`{"messages":[]}`, `{"messages":[{"role":"user","content":"1"}],"system":"2","prompt":"3","inputText":"4"}`, `{"system":[{"type":"text","text":"1"}]}`,
	`{"tools":[{"type":"web_search_20250305","name":"web_search"}]}`, `{"tools":{"a":1}}`, `{"tools": [ ] }`, `{"tools":null}`, `{"tool_choice":{"type":"any"}}`, `{"tool_choice":"required"}`, `{"parallel_tool_calls":true}`,
	`{"max_tokens":1,"max_completion_tokens":2,"max_gen_len":3,"maxTokenCount":4,"inferenceConfig":{"maxTokens":5}}`, `{"temperature":0.125,"top_p":0.25,"top_k":3,"topP":4,"topK":5}`, `{"stop_sequences":["1"],"stop":["2"],"stopSequences":["3"]}`,
	`{"textGenerationConfig":{"maxTokenCount":1,"x":2}}`, `{"textGenerationConfig":5}`, `{"thinking":{"type":"enabled","budget_tokens":1234}}`, `{"reasoning_effort":"minimal"}`, `{"reasoning":{"effort":"minimal"}}`, `{"reasoning_config":"minimal"}`, `{"reasoningConfig":{"type":"enabled"}}`,
	`{"output_config":{"x":1}}`, `{"output_config":{"effort":"low","format":{"type":"x"}}}`, `{"output_config":5}`, `{"output_config":null}`, `{"response_format":{"type":"json_object"}}`, `{"anthropic_version":"1","anthropic_beta":["2"]}`,
	`{"stream":false,"stream_options":{"x":1}}`, `{"amazon-bedrock-guardrailConfig":{"x":1}}`, `{"model":"x"}`, `{"top\u005fk":9}`,
	`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17,"q":18,"a":19,"r":20,"r":21}`,
}

// historyParts are parts of every kind, as they stand in histories.
func historyParts() map[string]model.Part {
	png, own := []byte("\x89PNG\r\n\x1a\n"), json.RawMessage(`{"type":"web_search_result_location","url":"u","encrypted_index":"e"}`)
	cited := func(l model.CitationLocation) model.Part {
		return model.CitedText{Text: "t", Citations: []model.Citation{{Title: "T", Source: "S", Quotes: []string{"q", "r"}, Location: l}}}
	}
	return map[string]model.Part{
		"text": model.Text("t"), "blank text": model.Text(" "), "JSON": model.JSON(`{"a": 1.50}`), "thinking": model.Thinking{Text: "t", Signature: "s", Provider: bedrock.Provider}, "redacted thinking": model.Thinking{Redacted: []byte("r"), Provider: bedrock.Provider},
		"unsigned thinking": model.Thinking{Text: "t", Provider: bedrock.Provider}, "image": model.Image{MediaType: "image/png", Data: png}, "image in S3": model.Image{MediaType: "image/png", URI: "s3://b/k", Owner: "123456789012"}, "PDF": model.Document{Name: "d", MediaType: "application/pdf", Data: []byte("%PDF-"), Citations: true, Context: "c"},
		"text file": model.Document{Name: "d", MediaType: "text/plain", Data: []byte("t")}, "text document": model.Document{Name: "d", Text: "t", Context: "c", Citations: true}, "chunks": model.Document{Name: "d", Chunks: []string{"a", "b"}, Citations: true}, "document in S3": model.Document{Name: "d", MediaType: "application/pdf", URI: "s3://b/k", Text: ""},
		"video": model.Video{MediaType: "video/mp4", Data: []byte("v")}, "audio": model.Audio{MediaType: "audio/mpeg", URI: "s3://b/k"}, "search result": model.SearchResult{Source: "s", Title: "t", Content: []string{"a", "b"}, Citations: true}, "guard": model.Guard{Text: "g", Qualifiers: []string{"query"}},
		"guarded image": model.Guard{Image: &model.Image{MediaType: "image/png", Data: png}}, "cache point": model.CachePoint{}, "cache point of an hour": model.CachePoint{TTL: time.Hour},
		"call": model.ToolCall{ID: "c9", Name: "weather", Input: json.RawMessage(`{"city": "Bern"}`)}, "call without input": model.ToolCall{ID: "c9", Name: "weather"}, "call with invalid input": model.ToolCall{ID: "c9", Name: "weather", InvalidInput: `{"ci`},
		"server call":             model.ServerToolCall{ID: "s1", Name: "web_search", Kind: "server_tool_use", Input: json.RawMessage(`{"query":"q"}`)},
		"Anthropic server result": model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`[{"type":"web_search_result"}]`)}}, "Converse server result": model.ServerToolResult{CallID: "s1", Kind: "nova_grounding_result", Parts: []model.Part{model.Text("t"), model.JSON(`{"n":1}`)}, IsError: true},
		"cited characters": cited(model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}), "cited pages": cited(model.CitationLocation{Kind: model.LocationPage, Index: 1, Start: 2, End: 3}), "cited chunks": cited(model.CitationLocation{Kind: model.LocationChunk, Index: 1, Start: 2, End: 3}),
		"cited search result": cited(model.CitationLocation{Kind: model.LocationSearchResult, Index: 1, Start: 2, End: 3}), "cited page of the web": cited(model.CitationLocation{Kind: model.LocationWeb, URL: "u", Domain: "d"}), "cited page of Anthropic's web": cited(model.CitationLocation{Kind: model.LocationWeb, URL: "u", Data: own}),
		"cited hologram": cited(model.CitationLocation{Kind: "hologram", Data: json.RawMessage(`{"x":1}`)}), "cited nowhere": cited(model.CitationLocation{}), "cited without a title": model.CitedText{Text: "t", Citations: []model.Citation{{Location: model.CitationLocation{Kind: model.LocationSearchResult}}, {Location: model.CitationLocation{Kind: model.LocationChar}}}}, "no citations": model.CitedText{Text: "t"}, "citations of nothing": model.CitedText{Citations: []model.Citation{{Quotes: []string{}}}},
		"opaque of Converse": model.Opaque{Provider: bedrock.Provider, Kind: "hologram", Data: json.RawMessage(`{"x":1}`)}, "opaque of Anthropic": model.Opaque{Provider: "bedrock/anthropic", Kind: "hologram", Data: json.RawMessage(`{"type":"hologram","x":1}`)}, "opaque of OpenAI": model.Opaque{Provider: "bedrock/openai", Kind: "hologram", Data: json.RawMessage(`{"type":"hologram","x":1}`)},
		"opaque of another": model.Opaque{Provider: "other", Kind: "hologram", Data: json.RawMessage(`{"x":1}`)},
	}
}

// wishful is a request with settings of all kinds.
func wishful() *model.Request {
	return &model.Request{Messages: []model.Message{model.System("s"), model.User("u")}, MaxTokens: 4096, Temperature: new(0.5), TopK: 7, StopSequences: []string{"END"},
		Tools: weather, ToolChoice: model.ToolChoice{Parallel: new(false)}, Output: &model.OutputFormat{Name: "n", Description: "d", Schema: json.RawMessage("{\"type\":\"object\",\n\"properties\":{}}")}}
}

// tooled offers a tool where a part has to do with one.
func tooled(p model.Part) func(*model.Request) {
	return func(r *model.Request) {
		switch p.(type) {
		case model.ToolCall, model.ServerToolCall, model.ServerToolResult:
			r.Tools = weather
		}
	}
}

// TestGoldensCodec keeps what codecs write for requests with the caller's own
// fields and with parts of every kind in every place. It also keeps what they
// say about failures.
func TestGoldensCodec(t *testing.T) {
	withoutRace(t)
	var blocks []block
	for i, given := range givenFields {
		req := wishful()
		if i%4 == 3 {
			req.Tools, req.ToolChoice, req.Output = nil, model.ToolChoice{}, nil
		}
		if i%3 == 0 {
			req.Thinking, req.Temperature, req.TopK = &model.ThinkingConfig{Effort: "low"}, nil, 0
		}
		req.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(given), ResponseFieldPaths: []string{"/a"}[:i%2]}}
		blocks = append(blocks, block{"fields " + visible.Replace(given), encoded(t, req)})
	}
	for name, options := range map[string]bedrock.ProviderOptions{
		"a guardrail": {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", Trace: "enabled", StreamMode: "sync"}}, "latency": {Latency: "optimized"}, "tier": {ServiceTier: "flex"}, "metadata": {Metadata: map[string]string{"a": "1"}}, "effort": {OutputEffort: "low"},
		"all": {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}, Latency: "optimized", ServiceTier: "flex", Metadata: map[string]string{"a": "1"}},
	} {
		blocks = append(blocks, block{"settings: " + name, encoded(t, &model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{&options}})})
	}
	for name, p := range historyParts() {
		for place, req := range map[string]model.Request{
			"of the user":  talk(model.UserParts(model.Text("a"), p)),
			"of the model": with(talk(model.User("a"), assistant(p), model.User("c")), tooled(p)),
			"of a result":  withWeather(model.User("a"), assistant(call("c1")), user(result("c1", p))),
		} {
			blocks = append(blocks, block{name + " " + place, encoded(t, &req)})
		}
	}
	sortBlocks(blocks)
	checkGoldens(t, "codec", blocks)
}
