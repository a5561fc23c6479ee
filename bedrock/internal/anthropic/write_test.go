package anthropic_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestAppend(t *testing.T) {
	blocks := func(parts ...model.Part) []plan.Block {
		all := make([]plan.Block, len(parts))
		for i, p := range parts {
			all[i].Part = p
		}
		return all
	}
	said := func(parts ...model.Part) *plan.Plan {
		return &plan.Plan{Sampling: plan.Sampling{MaxTokens: 9}, Turns: []plan.Turn{{Role: model.RoleUser, Blocks: blocks(parts...)}}}
	}
	hi := func(set func(*plan.Plan)) *plan.Plan {
		p := said(model.Text("hi"))
		set(p)
		return p
	}
	block := func(json string) string {
		return `{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":[` + json + `]}]}`
	}
	const head = `{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,`
	const messages = `"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]`
	png := []byte("\x89PNG")
	f := plan.Tool{Name: "f", Schema: json.RawMessage(`{}`)}
	for _, row := range []struct {
		name string
		plan *plan.Plan
		want string
	}{
		{"text", said(model.Text("a")), block(`{"type":"text","text":"a"}`)},
		{"image", said(model.Image{MediaType: "image/png", Data: png}), block(`{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw=="}}`)},
		{"PDF", said(model.Document{Name: "n", MediaType: "application/pdf", Data: []byte("%PDF"), Context: "c", Citations: true}),
			block(`{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="},"title":"n","context":"c","citations":{"enabled":true}}`)},
		{"document of text", said(model.Document{Text: "t"}), block(`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"t"}}`)},
		{"document of bytes of text", said(model.Document{MediaType: "text/csv", Data: []byte("a,b")}),
			block(`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"}}`)},
		{"document of chunks", said(model.Document{Chunks: []string{"a"}}),
			block(`{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}`)},
		{"search result", said(model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true}),
			block(`{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"c"}],"citations":{"enabled":true}}`)},
		{"thinking", said(model.Thinking{Text: "t", Signature: "s"}), block(`{"type":"thinking","thinking":"t","signature":"s"}`)},
		{"redacted thinking", said(model.Thinking{Redacted: []byte("r")}), block(`{"type":"redacted_thinking","data":"r"}`)},
		{"call", said(model.ToolCall{ID: "c", Name: "f", Input: json.RawMessage(`{"a": 1.0}`)}), block(`{"type":"tool_use","id":"c","name":"f","input":{"a": 1.0}}`)},
		{"server call", said(model.ServerToolCall{ID: "c", Name: "f"}), block(`{"type":"server_tool_use","id":"c","name":"f","input":{}}`)},
		{"server result", said(model.ServerToolResult{CallID: "c", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`[1]`)}}),
			block(`{"type":"web_search_tool_result","tool_use_id":"c","content":[1]}`)},
		{"result", said(model.ToolResult{CallID: "c", Parts: []model.Part{model.Text("t"), model.JSON(`{"a":1}`)}, IsError: true}),
			block(`{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"t"},{"type":"text","text":"{\"a\":1}"}],"is_error":true}`)},
		{"result without content", said(model.ToolResult{CallID: "c"}), block(`{"type":"tool_result","tool_use_id":"c"}`)},
		{"opaque", said(model.Opaque{Data: json.RawMessage(`{"type":"moon","x":1}`)}), block(`{"type":"moon","x":1}`)},
		{"citations", said(model.CitedText{Text: "t", Citations: []model.Citation{
			{Title: "T", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}},
			{Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
			{Location: model.CitationLocation{Kind: model.LocationChunk, Start: 1, End: 2}},
			{Source: "S", Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 4, Start: 1, End: 2}},
			{Location: model.CitationLocation{Kind: model.LocationWeb, Data: json.RawMessage(`{"type":"web_search_result_location","url":"u"}`)}},
			{Location: model.CitationLocation{Kind: model.LocationWeb, URL: "u"}},
		}}), block(`{"type":"text","text":"t","citations":[` +
			`{"type":"char_location","cited_text":"q","document_index":1,"document_title":"T","start_char_index":2,"end_char_index":3},` +
			`{"type":"page_location","cited_text":"","document_index":0,"document_title":null,"start_page_number":1,"end_page_number":2},` +
			`{"type":"content_block_location","cited_text":"","document_index":0,"document_title":null,"start_block_index":1,"end_block_index":2},` +
			`{"type":"search_result_location","cited_text":"","search_result_index":4,"source":"S","title":null,"start_block_index":1,"end_block_index":2},` +
			`{"type":"web_search_result_location","url":"u"}]}`)},
		{"cache points", &plan.Plan{Sampling: plan.Sampling{MaxTokens: 9},
			System: []plan.Block{{Part: model.Text("s"), Cache: plan.Point{Set: true, TTL: "1h"}}},
			Turns:  []plan.Turn{{Role: model.RoleUser, Blocks: []plan.Block{{Part: model.Opaque{Data: json.RawMessage(`{"type":"moon"}`)}, Cache: plan.Point{Set: true}}}}},
			Tools:  []plan.Tool{{Name: "f", Schema: json.RawMessage(`{}`), Cache: plan.Point{Set: true}}},
		}, head + `"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],` +
			`"messages":[{"role":"user","content":[{"type":"moon","cache_control":{"type":"ephemeral"}}]}],` +
			`"tools":[{"name":"f","input_schema":{},"cache_control":{"type":"ephemeral"}}]}`},
		{"tools", hi(func(p *plan.Plan) {
			p.Tools, p.Choice.Mode = []plan.Tool{{Name: "f", Description: "d", Schema: json.RawMessage(`{}`), Strict: new(true)}}, model.ToolsAny
		}), head + messages + `,"tools":[{"name":"f","description":"d","input_schema":{},"strict":true}],"tool_choice":{"type":"any"}}`},
		{"one tool, one call at a time", hi(func(p *plan.Plan) {
			p.Tools, p.Choice = []plan.Tool{f}, plan.Choice{Mode: model.ToolsNamed, Name: "f", Parallel: new(false)}
		}), head + messages + `,"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}}`},
		{"one call at a time", hi(func(p *plan.Plan) {
			p.Tools, p.Choice.Parallel = []plan.Tool{f}, new(false)
		}), head + messages + `,"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}`},
		{"no tool", hi(func(p *plan.Plan) {
			p.Tools, p.Choice = []plan.Tool{f}, plan.Choice{Mode: model.ToolsNone, Parallel: new(false)}
		}), head + messages + `,"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"none"}}`},
		{"sampling", hi(func(p *plan.Plan) {
			p.Temperature, p.TopP, p.TopK, p.StopSequences = new(0.0), new(0.5), 3, []string{"x"}
		}), head + messages + `,"temperature":0,"top_p":0.5,"top_k":3,"stop_sequences":["x"]}`},
		{"thinking by budget", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: "enabled", Budget: 1024, Display: "omitted"}
		}), head + messages + `,"thinking":{"type":"enabled","budget_tokens":1024,"display":"omitted"}}`},
		{"effort and output", hi(func(p *plan.Plan) {
			p.Thinking = plan.Thinking{Style: facts.ThinkingStyleClaude, Type: "adaptive", Effort: "high"}
			p.Output = &plan.Output{Schema: json.RawMessage(`{"type":"object"}`)}
		}), head + messages + `,"thinking":{"type":"adaptive"},"output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}}}`},
		{"the caller's members win", hi(func(p *plan.Plan) {
			p.Tools, p.Effort, p.Temperature = []plan.Tool{f}, "low", new(1.0)
			p.Additional = json.RawMessage(`{"x":1,"temperature":0.2,"tools":[{"type":"bash_20250124","name":"bash"}],"output_config":{"effort":"max","y":2},"tool_choice":{"type":"any"}}`)
		}), head + messages + `,"tools":[{"name":"f","input_schema":{}},{"type":"bash_20250124","name":"bash"}],"temperature":0.2,"output_config":{"effort":"max","y":2},"x":1,"tool_choice":{"type":"any"}}`},
		{"guardrail", hi(func(p *plan.Plan) {
			p.Stream, p.Guards.Suffix = true, "abc"
			p.Settings.Guardrail = &plan.Guardrail{ID: "g", Version: "1", StreamMode: "async"}
		}), head + messages + `,"amazon-bedrock-guardrailConfig":{"tagSuffix":"abc","streamProcessingMode":"ASYNCHRONOUS"}}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := string(anthropic.Append(nil, row.plan))
			if got != row.want {
				t.Errorf("Append:\n got %s\nwant %s", got, row.want)
			}
			if !json.Valid([]byte(got)) {
				t.Error("it is not JSON")
			}
		})
	}
}
