package converse_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/converse"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// said is a user's turn of parts.
func said(parts ...model.Part) *plan.Plan {
	t := plan.Turn{Role: model.RoleUser}
	for _, p := range parts {
		t.Blocks = append(t.Blocks, plan.Block{Part: p})
	}
	return &plan.Plan{Turns: []plan.Turn{t}, ResultStatus: true}
}

// block is the body of a user's turn with one block.
func block(json string) string { return `{"messages":[{"content":[` + json + `],"role":"user"}]}` }

func TestAppend(t *testing.T) {
	png := []byte("\x89PNG")
	weather := plan.Tool{Name: "weather", Description: "The weather", Schema: json.RawMessage(`{"type":"object"}`)}
	hi := func(set func(p *plan.Plan)) *plan.Plan {
		p := said(model.Text("hi"))
		set(p)
		return p
	}
	const messages = `"messages":[{"content":[{"text":"hi"}],"role":"user"}]`
	for _, row := range []struct {
		name string
		plan *plan.Plan
		want string
	}{
		{"text", said(model.Text("a \"b\"\n<é>")), block(`{"text":"a \"b\"\n<é>"}`)},
		{"image", said(model.Image{MediaType: "image/png", Data: png}), block(`{"image":{"format":"png","source":{"bytes":"iVBORw=="}}}`)},
		{"image in S3", said(model.Image{MediaType: "image/png", URI: "s3://b/k", Owner: "1"}),
			block(`{"image":{"format":"png","source":{"s3Location":{"bucketOwner":"1","uri":"s3://b/k"}}}}`)},
		{"video", said(model.Video{MediaType: "video/mp4", Data: png}), block(`{"video":{"format":"mp4","source":{"bytes":"iVBORw=="}}}`)},
		{"audio", said(model.Audio{MediaType: "audio/mpeg", Data: png}), block(`{"audio":{"format":"mp3","source":{"bytes":"iVBORw=="}}}`)},
		{"document", said(model.Document{Name: "n", MediaType: "application/pdf", Data: []byte("%PDF"), Context: "c", Citations: true}),
			block(`{"document":{"citations":{"enabled":true},"context":"c","format":"pdf","name":"n","source":{"bytes":"JVBERg=="}}}`)},
		{"document of text", said(model.Document{Name: "n", MediaType: "text/plain", Text: "t"}),
			block(`{"document":{"format":"txt","name":"n","source":{"text":"t"}}}`)},
		{"document of chunks", said(model.Document{Name: "n", MediaType: "text/plain", Chunks: []string{"a", "b"}}),
			block(`{"document":{"format":"txt","name":"n","source":{"content":[{"text":"a"},{"text":"b"}]}}}`)},
		{"search result", said(model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true}),
			block(`{"searchResult":{"citations":{"enabled":true},"content":[{"text":"c"}],"source":"s","title":"t"}}`)},
		{"guard text", said(model.Guard{Text: "g", Qualifiers: []string{"query"}}),
			block(`{"guardContent":{"text":{"qualifiers":["query"],"text":"g"}}}`)},
		{"guard image", said(model.Guard{Image: &model.Image{MediaType: "image/jpeg", Data: png}}),
			block(`{"guardContent":{"image":{"format":"jpeg","source":{"bytes":"iVBORw=="}}}}`)},
		{"thinking", said(model.Thinking{Text: "t", Signature: "s"}),
			block(`{"reasoningContent":{"reasoningText":{"signature":"s","text":"t"}}}`)},
		{"thinking without a signature", said(model.Thinking{Text: "t"}), block(`{"reasoningContent":{"reasoningText":{"text":"t"}}}`)},
		{"redacted thinking", said(model.Thinking{Redacted: png}), block(`{"reasoningContent":{"redactedContent":"iVBORw=="}}`)},
		{"call", said(model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`{"b": 1.50,"a":2}`)}),
			block(`{"toolUse":{"input":{"b": 1.50,"a":2},"name":"f","toolUseId":"c1"}}`)},
		{"server call", said(model.ServerToolCall{ID: "c1", Name: "f", Kind: "server_tool_use", Input: json.RawMessage(`{}`)}),
			block(`{"toolUse":{"input":{},"name":"f","toolUseId":"c1","type":"server_tool_use"}}`)},
		{"result", said(model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("t"), model.JSON(`{"a":1}`), model.Image{MediaType: "image/gif", Data: png}}}),
			block(`{"toolResult":{"content":[{"text":"t"},{"json":{"a":1}},{"image":{"format":"gif","source":{"bytes":"iVBORw=="}}}],"status":"success","toolUseId":"c1"}}`)},
		{"failed result", said(model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("t")}, IsError: true}),
			block(`{"toolResult":{"content":[{"text":"t"}],"status":"error","toolUseId":"c1"}}`)},
		{"result without status", func() *plan.Plan {
			p := said(model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("t")}, IsError: true})
			p.ResultStatus = false
			return p
		}(), block(`{"toolResult":{"content":[{"text":"t"}],"toolUseId":"c1"}}`)},
		{"server result", said(model.ServerToolResult{CallID: "c1", Kind: "k", Parts: []model.Part{model.Text("t")}}),
			block(`{"toolResult":{"content":[{"text":"t"}],"status":"success","toolUseId":"c1","type":"k"}}`)},
		{"opaque", said(model.Opaque{Kind: "hologram", Data: json.RawMessage(`{"x":1}`)}), block(`{"hologram":{"x":1}}`)},
		{"citations", said(model.CitedText{Text: "t", Citations: []model.Citation{
			{Title: "T", Source: "S", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}},
			{Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
			{Location: model.CitationLocation{Kind: model.LocationChunk, Start: 1, End: 2}},
			{Location: model.CitationLocation{Kind: model.LocationWeb, URL: "u", Domain: "d"}},
			{Location: model.CitationLocation{Kind: "moon", Data: json.RawMessage(`{"y":2}`)}},
			{},
		}}), block(`{"citationsContent":{"citations":[` +
			`{"location":{"documentChar":{"documentIndex":1,"end":3,"start":2}},"source":"S","sourceContent":[{"text":"q"}],"title":"T"},` +
			`{"location":{"documentPage":{"documentIndex":0,"end":2,"start":1}}},` +
			`{"location":{"documentChunk":{"documentIndex":0,"end":2,"start":1}}},` +
			`{"location":{"web":{"domain":"d","url":"u"}}},` +
			`{"location":{"moon":{"y":2}}},{}],"content":[{"text":"t"}]}}`)},
		{"cache points", &plan.Plan{
			System: []plan.Block{{Part: model.Text("s"), Cache: plan.Point{Set: true}}},
			Turns:  []plan.Turn{{Role: model.RoleUser, Blocks: []plan.Block{{Part: model.Text("a"), Cache: plan.Point{Set: true, TTL: "1h"}}, {Part: model.Text("b")}}}},
			Tools:  []plan.Tool{{Name: "f", Schema: json.RawMessage(`{}`), Cache: plan.Point{Set: true}}},
		}, `{"messages":[{"content":[{"text":"a"},{"cachePoint":{"ttl":"1h","type":"default"}},{"text":"b"}],"role":"user"}],` +
			`"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],` +
			`"toolConfig":{"tools":[{"toolSpec":{"inputSchema":{"json":{}},"name":"f"}},{"cachePoint":{"type":"default"}}]}}`},
		{"tools", hi(func(p *plan.Plan) {
			strict := weather
			strict.Strict = new(true)
			p.Tools, p.Choice.Mode = []plan.Tool{strict, {Name: "nova_grounding", ServerSide: true}}, model.ToolsAny
		}), `{` + messages + `,"toolConfig":{"toolChoice":{"any":{}},"tools":[{"toolSpec":{"description":"The weather","inputSchema":{"json":{"type":"object"}},"name":"weather","strict":true}},{"systemTool":{"name":"nova_grounding"}}]}}`},
		{"one tool", hi(func(p *plan.Plan) {
			p.Tools, p.Choice = []plan.Tool{{Name: "f", Schema: json.RawMessage(`{}`)}}, plan.Choice{Mode: model.ToolsNamed, Name: "f"}
		}), `{` + messages + `,"toolConfig":{"toolChoice":{"tool":{"name":"f"}},"tools":[{"toolSpec":{"inputSchema":{"json":{}},"name":"f"}}]}}`},
		{"one call at a time", hi(func(p *plan.Plan) {
			p.Tools, p.Choice = []plan.Tool{{Name: "f", Schema: json.RawMessage(`{}`)}}, plan.Choice{Mode: model.ToolsNamed, Name: "f", Parallel: new(false)}
		}), `{"additionalModelRequestFields":{"tool_choice":{"disable_parallel_tool_use":true,"name":"f","type":"tool"}},` + messages + `,"toolConfig":{"tools":[{"toolSpec":{"inputSchema":{"json":{}},"name":"f"}}]}}`},
		{"sampling", hi(func(p *plan.Plan) {
			p.MaxTokens, p.Temperature, p.TopP, p.StopSequences = 5, new(0.5), new(0.25), []string{"x"}
			p.TopK, p.TopKField = 7, "inferenceConfig.topK"
		}), `{"additionalModelRequestFields":{"inferenceConfig":{"topK":7}},"inferenceConfig":{"maxTokens":5,"stopSequences":["x"],"temperature":0.5,"topP":0.25},` + messages + `}`},
		{"fields of the caller alone", hi(func(p *plan.Plan) { p.Additional = json.RawMessage(` {"b": 1, "a":2} `) }),
			`{"additionalModelRequestFields": {"b": 1, "a":2} ,` + messages + `}`},
		{"fields of the caller beside others", hi(func(p *plan.Plan) {
			p.Additional = json.RawMessage(`{"top_k": 9, "x":1}`)
			p.TopK, p.TopKField = 7, "top_k"
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: "enabled", Budget: 1024, Effort: "low"}
		}), `{"additionalModelRequestFields":{"thinking":{"budget_tokens":1024,"type":"enabled"},"output_config":{"effort":"low"},"top_k": 9, "x":1},` + messages + `}`},
		{"an empty object of the caller", hi(func(p *plan.Plan) {
			p.Additional = json.RawMessage(`{ }`)
			p.TopK, p.TopKField = 7, "k"
		}), `{"additionalModelRequestFields":{"k":7},` + messages + `}`},
		{"adaptive thinking", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: "adaptive", Display: "summarized"}
		}), `{"additionalModelRequestFields":{"thinking":{"display":"summarized","type":"adaptive"}},` + messages + `}`},
		{"Nova's thinking", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleNova, Type: "enabled", Effort: "low"}
		}), `{"additionalModelRequestFields":{"reasoningConfig":{"maxReasoningEffort":"low","type":"enabled"}},` + messages + `}`},
		{"nested effort", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleNested, Effort: "none"}
		}), `{"additionalModelRequestFields":{"reasoning":{"effort":"none"}},` + messages + `}`},
		{"flat effort", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleEffort, Effort: "high"}
		}), `{"additionalModelRequestFields":{"reasoning_effort":"high"},` + messages + `}`},
		{"Qwen's effort", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleQwen, Effort: "high"}
		}), `{"additionalModelRequestFields":{"reasoning_config":"high"},` + messages + `}`},
		{"output", hi(func(p *plan.Plan) {
			p.Effort, p.Output = "low", &plan.Output{Name: "n", Description: "d", Schema: json.RawMessage(`{"type":"object"}`)}
		}), `{` + messages + `,"outputConfig":{"effort":"low","textFormat":{"structure":{"jsonSchema":{"description":"d","name":"n","schema":"{\"type\":\"object\"}"}},"type":"json_schema"}}}`},
		{"settings", hi(func(p *plan.Plan) {
			p.Stream = true
			p.Settings = plan.Settings{ResponseFieldPaths: []string{"/a"}, Latency: "optimized", ServiceTier: "flex",
				Metadata: map[string]string{"b": "2", "a": "1"}, PromptVariables: map[string]string{"v": "w"},
				Guardrail: &plan.Guardrail{ID: "g", Version: "1", Trace: "enabled", StreamMode: "sync"}}
		}), `{"additionalModelResponseFieldPaths":["/a"],"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1","streamProcessingMode":"sync","trace":"enabled"},` +
			messages + `,"performanceConfig":{"latency":"optimized"},"promptVariables":{"v":{"text":"w"}},"requestMetadata":{"a":"1","b":"2"},"serviceTier":{"type":"flex"}}`},
		{"a stream served whole", hi(func(p *plan.Plan) {
			p.Stream, p.Whole = true, true
			p.Settings.Guardrail = &plan.Guardrail{ID: "g", Version: "1", StreamMode: "sync"}
		}), `{"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"},` + messages + `}`},
		{"a prompt of Prompt management", &plan.Plan{Settings: plan.Settings{PromptVariables: map[string]string{"v": "w"}}},
			`{"promptVariables":{"v":{"text":"w"}}}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := string(converse.Append([]byte("before "), row.plan))
			if got != "before "+row.want {
				t.Errorf("Append:\n got %s\nwant before %s", got, row.want)
			}
			if row.name == "opaque" || row.name == "citations" || row.name == "server result" {
				return // hold what the strict reader does not know
			}
			if _, err := wire.ParseRequest([]byte(row.want), true); err != nil {
				t.Errorf("the strict reader refuses it: %v", err)
			}
		})
	}
}

func TestAppendCount(t *testing.T) {
	p := said(model.Text("hi"))
	p.System = []plan.Block{{Part: model.Text("s")}}
	p.MaxTokens = 5
	const want = `{"input":{"converse":{"messages":[{"content":[{"text":"hi"}],"role":"user"}],"system":[{"text":"s"}]}}}`
	if got := string(converse.AppendCount(nil, p)); got != want {
		t.Errorf("AppendCount:\n got %s\nwant %s", got, want)
	}
}

// TestRoom checks that writing a file does not copy what stands before it.
func TestRoom(t *testing.T) {
	var parts []model.Part
	for range 10 {
		parts = append(parts, model.Image{MediaType: "image/png", Data: make([]byte, 1<<20)})
	}
	for name, p := range map[string]*plan.Plan{
		"images":            said(parts...),
		"images in results": said(model.ToolResult{CallID: "c", Parts: parts}),
	} {
		body := converse.Append(nil, p)
		if grown := float64(cap(body)) / float64(len(body)); grown > 1.05 {
			t.Errorf("%s: the buffer is %.2f times the body", name, grown)
		}
		if n := testing.AllocsPerRun(3, func() { converse.Append(nil, p) }); n > 3 { // the buffer and the writer, and one of the race detector's
			t.Errorf("%s: %.0f allocations, want at most 3", name, n)
		}
	}
}
