package anthropic_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// head is how every body of these tests begins.
const head = `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,`

const hiTurn = `"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]`

func hi(change func(*model.Request)) *model.Request {
	req := &model.Request{MaxTokens: 100, Messages: []model.Message{model.User("Hi")}}
	if change != nil {
		change(req)
	}
	return req
}

func talk(messages ...model.Message) *model.Request {
	return &model.Request{MaxTokens: 100, Messages: messages}
}

var weather = model.Tool{Name: "weather", Description: "Get weather", InputSchema: json.RawMessage(`{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }`)}

const weatherJSON = `{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }`

func withTools(req *model.Request) *model.Request {
	req.Tools = []model.Tool{weather}
	return req
}

var png = []byte("\x89PNG\r\n\x1a\nrest")

var encodings = []struct {
	name  string
	req   *model.Request
	in    native.Input
	want  string
	warns []string
}{
	{name: "text", req: hi(nil), want: head + hiTurn + `}`},
	{name: "default limit", req: &model.Request{Messages: []model.Message{model.User("Hi")}},
		want: `{"anthropic_version":"bedrock-2023-05-31","max_tokens":4096,` + hiTurn + `}`},
	{name: "default limit with thinking", req: &model.Request{Messages: []model.Message{model.User("Hi")}, Thinking: &model.ThinkingConfig{Budget: 2000}},
		want: `{"anthropic_version":"bedrock-2023-05-31","max_tokens":6096,` + hiTurn + `,"thinking":{"type":"enabled","budget_tokens":2000}}`},
	{name: "no escapes but those of JSON", req: talk(model.User("<é> & \"q\"\u2028\n")),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"<é> & \"q\"` + "\u2028" + `\n"}]}]}`},
	{name: "system", req: talk(model.System("Be brief."), model.User("Hi"), model.System("Now.")),
		want:  head + `"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Now."}],` + hiTurn + `}`,
		warns: []string{"moved messages[2]"}},
	{name: "sampling", req: hi(func(r *model.Request) {
		r.Temperature, r.TopP, r.TopK, r.StopSequences = new(0.0), new(0.25), 5, []string{"END", "\"x"}
	}), want: head + hiTurn + `,"temperature":0,"top_p":0.25,"top_k":5,"stop_sequences":["END","\"x"]}`},
	{name: "sampling refused", req: hi(func(r *model.Request) { r.Temperature, r.TopP, r.TopK = new(0.5), new(0.25), 5 }),
		in: native.Input{Rules: native.Rules{Family: "claude", NoSampling: true, NoTopK: true}}, want: head + hiTurn + `}`,
		warns: []string{"dropped temperature", "dropped top_p", "dropped top_k"}},
	{name: "one of two", req: hi(func(r *model.Request) { r.Temperature, r.TopP = new(0.5), new(0.25) }),
		in:   native.Input{Rules: native.Rules{OneSampling: true}},
		want: head + hiTurn + `,"temperature":0.5}`, warns: []string{"dropped top_p"}},
	{name: "image and files", req: talk(model.UserParts(
		model.Image{Data: png},
		model.Document{Name: "a.pdf", Data: []byte("%PDF-1.7"), Citations: true, Context: "old"},
		model.Document{Name: "t", Text: "some text"},
		model.Document{Chunks: []string{"a", "b"}},
		model.Document{MediaType: "text/csv", Data: []byte("a,b")},
		model.SearchResult{Source: "s", Title: "T", Content: []string{"c"}, Citations: true},
		model.Text("Look."))),
		want: head + `"messages":[{"role":"user","content":[` +
			`{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgpyZXN0"}},` +
			`{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjc="},"title":"a.pdf","context":"old","citations":{"enabled":true}},` +
			`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"some text"},"title":"t"},` +
			`{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}},` +
			`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"}},` +
			`{"type":"search_result","source":"s","title":"T","content":[{"type":"text","text":"c"}],"citations":{"enabled":true}},` +
			`{"type":"text","text":"Look."}]}]}`,
		warns: []string{"changed messages[0].parts[4].media_type"}},
	{name: "tools", req: hi(func(r *model.Request) {
		strict := weather
		strict.Strict, strict.Cache = new(true), &model.CachePoint{TTL: time.Hour}
		r.Tools = []model.Tool{strict, {Name: "now"}}
	}), want: head + hiTurn + `,"tools":[` + weatherJSON + `,"strict":true,"cache_control":{"type":"ephemeral","ttl":"1h"}},{"name":"now","input_schema":{"type":"object","properties":{}}}]}`},
	{name: "choice auto", req: withTools(hi(func(r *model.Request) { r.ToolChoice.Mode = model.ToolsAuto })),
		want: head + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"auto"}}`},
	{name: "choice any, one at a time", req: withTools(hi(func(r *model.Request) {
		r.ToolChoice = model.ToolChoice{Mode: model.ToolsAny, Parallel: new(false)}
	})), want: head + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}`},
	{name: "one at a time", req: withTools(hi(func(r *model.Request) { r.ToolChoice.Parallel = new(false) })),
		want: head + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}`},
	{name: "choice none keeps the tools", req: withTools(hi(func(r *model.Request) { r.ToolChoice.Mode = model.ToolsNone })),
		want: head + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"none"}}`},
	{name: "choice named", req: withTools(hi(func(r *model.Request) { r.ToolChoice = model.UseTool("weather") })),
		want: head + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"tool","name":"weather"}}`},
	{name: "forced while thinking", req: withTools(hi(func(r *model.Request) {
		r.MaxTokens, r.ToolChoice, r.Thinking = 5000, model.UseTool("weather"), &model.ThinkingConfig{Mode: model.ThinkingEnabled}
	})), in: native.Input{Rules: native.Rules{NoForcedThinking: true}},
		want:  `{"anthropic_version":"bedrock-2023-05-31","max_tokens":5000,` + hiTurn + `,"tools":[` + weatherJSON + `}],"tool_choice":{"type":"auto"},"thinking":{"type":"enabled","budget_tokens":1024}}`,
		warns: []string{"changed tool_choice"}},
	{name: "adaptive thinking", req: hi(func(r *model.Request) { r.Temperature, r.Thinking = new(0.5), &model.ThinkingConfig{Effort: "high"} }),
		want: head + hiTurn + `,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}`, warns: []string{"dropped temperature"}},
	{name: "thinking disabled", req: hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Mode: model.ThinkingDisabled} }),
		want: head + hiTurn + `,"thinking":{"type":"disabled"}}`},
	{name: "output", req: hi(func(r *model.Request) {
		r.Output = &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object"}`)}
	}), in: native.Input{Effort: "low"},
		want:  head + hiTurn + `,"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false}}}}`,
		warns: []string{"dropped output.name"}},
	{name: "thinking goes back", req: talk(model.User("Hi"), model.AssistantParts(
		model.Thinking{Text: "hm", Signature: "c2ln", Provider: "bedrock"}, model.Thinking{Signature: "only"}, model.Thinking{Redacted: []byte("RXRr")},
		model.Thinking{Text: "unsigned"}, model.Thinking{Text: "x", Signature: "y", Provider: "other"}, model.Thinking{Text: "x", Signature: "y", Incomplete: true},
		model.Text("Hello")), model.User("And?")),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[` +
			`{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"thinking","thinking":"","signature":"only"},{"type":"redacted_thinking","data":"RXRr"},{"type":"text","text":"Hello"}]},` +
			`{"role":"user","content":[{"type":"text","text":"And?"}]}]}`,
		warns: []string{"dropped messages[1].parts[3]", "dropped messages[1].parts[4]", "dropped messages[1].parts[5]"}},
	{name: "calls and results", req: withTools(talk(model.User("Hi"), model.AssistantParts(
		model.ToolCall{ID: "t1", Name: "weather", Input: json.RawMessage(`{ "b":2.50, "a":1 }`)},
		model.ToolCall{ID: "functions.w:0", Name: "weather", InvalidInput: `{"cut`},
		model.ServerToolCall{ID: "s1", Name: "web_search", Kind: "server_tool_use", Input: json.RawMessage(`{"query":"q"}`)},
		model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`[ {"type":"x"} ]`)}},
		model.Opaque{Provider: "bedrock/anthropic", Kind: "mcp", Data: json.RawMessage(`{"type":"mcp", "z":1}`)},
		model.Opaque{Provider: "bedrock", Kind: "toolAddition", Data: json.RawMessage(`{}`)}),
		model.UserParts(model.Text("So:"),
			model.ToolResult{CallID: "t1", Parts: []model.Part{model.Text("40"), model.JSON(`{"c":1}`), model.Image{Data: png}}},
			model.ToolResult{CallID: "functions.w:0", IsError: true}))),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[` +
			`{"type":"tool_use","id":"t1","name":"weather","input":{ "b":2.50, "a":1 }},` +
			`{"type":"tool_use","id":"functions_w_0_a4431ed5","name":"weather","input":{"invalid_input":"{\"cut"}},` +
			`{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},` +
			`{"type":"web_search_tool_result","tool_use_id":"s1","content":[ {"type":"x"} ]},` +
			`{"type":"mcp", "z":1}]},` +
			`{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"40"},{"type":"text","text":"{\"c\":1}"},` +
			`{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgpyZXN0"}}]},` +
			`{"type":"tool_result","tool_use_id":"functions_w_0_a4431ed5","is_error":true},{"type":"text","text":"So:"}]}],"tools":[` + weatherJSON + `}]}`,
		warns: []string{"dropped messages[1].parts[5]", "moved messages[2].parts[1]", "moved messages[2].parts[2]",
			"changed messages[1].parts[1].input", "changed messages[1].parts[1].id", "changed messages[2].parts[2].id"}},
	{name: "tool blocks without tools", req: talk(model.User("Hi"), model.AssistantParts(model.ToolCall{ID: "1", Name: "w"}),
		model.ToolResults(model.ToolResult{CallID: "1", Parts: []model.Part{model.Text("40")}})),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"(tool call: w {})"}]},` +
			`{"role":"user","content":[{"type":"text","text":"(tool result: 40)"}]}]}`,
		warns: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"}},
	{name: "citations go back", req: talk(model.User("Hi"), model.AssistantParts(model.CitedText{Text: "So.", Citations: []model.Citation{
		{Title: "D", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}},
		{Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
		{Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChunk, Start: 1, End: 2}},
		{Title: "T", Source: "s", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 4, Start: 1, End: 2}},
		{Location: model.CitationLocation{Kind: model.LocationWeb, Data: json.RawMessage(`{"type":"web_search_result_location", "encrypted_index":"e"}`)}},
		{Location: model.CitationLocation{Kind: model.LocationWeb, URL: "http://x"}},
	}}), model.User("And?")),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"So.","citations":[` +
			`{"type":"char_location","cited_text":"q","document_index":1,"document_title":"D","start_char_index":2,"end_char_index":3},` +
			`{"type":"page_location","cited_text":"q","document_index":0,"document_title":null,"start_page_number":1,"end_page_number":2},` +
			`{"type":"content_block_location","cited_text":"q","document_index":0,"document_title":null,"start_block_index":1,"end_block_index":2},` +
			`{"type":"search_result_location","cited_text":"q","search_result_index":4,"source":"s","title":"T","start_block_index":1,"end_block_index":2},` +
			`{"type":"web_search_result_location", "encrypted_index":"e"}]}]},{"role":"user","content":[{"type":"text","text":"And?"}]}]}`,
		warns: []string{"dropped messages[1].parts[0].citations"}},
	{name: "turns", req: talk(model.User("a"), model.User(" "), model.User("b"), model.Assistant("c \n")),
		want:  head + `"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"text","text":"c"}]}]}`,
		warns: []string{"dropped messages[1].parts[0]", "dropped messages[1]", "changed messages[3].parts[0]"}},
	{name: "cache points", req: talk(
		model.SystemParts(model.Text("s"), model.CachePoint{TTL: time.Hour}),
		model.UserParts(model.Document{Text: "d"}, model.CachePoint{}, model.CachePoint{}, model.Text("q")),
		model.AssistantParts(model.CachePoint{TTL: 5 * time.Minute}, model.Thinking{Text: "t", Signature: "s"}, model.Text("a"), model.Thinking{Text: "t", Signature: "s"}, model.CachePoint{}),
		model.User("b")),
		want: head + `"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[` +
			`{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},"cache_control":{"type":"ephemeral"}},{"type":"text","text":"q","cache_control":{"type":"ephemeral","ttl":"5m"}}]},` +
			`{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"thinking","thinking":"t","signature":"s"}]},` +
			`{"role":"user","content":[{"type":"text","text":"b"}]}]}`,
		warns: []string{"dropped messages[1].parts[2]", "moved messages[2].parts[4]"}},
	{name: "automatic cache points", req: withTools(&model.Request{MaxTokens: 100, Cache: &model.CacheConfig{TTL: time.Hour}, Messages: []model.Message{
		model.System("s"), model.User("a"), model.Assistant("b"), model.User("c")}}),
		want: head + `"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[` +
			`{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"assistant","content":[{"type":"text","text":"b"}]},` +
			`{"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"ephemeral","ttl":"1h"}}]}],"tools":[` + weatherJSON + `,"cache_control":{"type":"ephemeral","ttl":"1h"}}]}`},
	{name: "too many cache points", req: talk(model.UserParts(model.Text("1"), model.CachePoint{}, model.Text("2"), model.CachePoint{}, model.Text("3"), model.CachePoint{},
		model.Text("4"), model.CachePoint{}, model.Text("5"), model.CachePoint{})),
		want: head + `"messages":[{"role":"user","content":[{"type":"text","text":"1"},{"type":"text","text":"2","cache_control":{"type":"ephemeral"}},{"type":"text","text":"3","cache_control":{"type":"ephemeral"}},` +
			`{"type":"text","text":"4","cache_control":{"type":"ephemeral"}},{"type":"text","text":"5","cache_control":{"type":"ephemeral"}}]}]}`,
		warns: []string{"dropped messages[0].parts[0]"}},
	{name: "no caching", req: hi(func(r *model.Request) {
		r.Cache, r.Messages[0].Parts = &model.CacheConfig{}, append(r.Messages[0].Parts, model.CachePoint{})
	}), in: native.Input{Rules: native.Rules{NoCache: true}}, want: head + hiTurn + `}`, warns: []string{"dropped messages[0].parts[0]", "dropped cache"}},
	{name: "additional fields win", req: withTools(hi(func(r *model.Request) { r.TopK, r.Thinking = 5, &model.ThinkingConfig{Effort: "high"} })),
		in: native.Input{Additional: json.RawMessage(`{ "anthropic_beta": ["x-1", "y"], "top_k":9.0, "tools":[{"type":"bash_20250124", "name":"bash"}], "output_config":{"effort":"max","n":1} }`)},
		want: head + hiTurn + `,"tools":[` + weatherJSON + `},{"type":"bash_20250124", "name":"bash"}],"thinking":{"type":"adaptive"},` +
			`"output_config":{"effort":"max","n":1},"anthropic_beta":["x-1", "y"],"top_k":9.0}`,
		warns: []string{"dropped top_k", "dropped thinking.effort"}},
	{name: "guard without guardrail", req: talk(model.UserParts(model.Guard{Text: "Hi"})), want: head + hiTurn + `}`, warns: []string{"changed messages[0].parts[0]"}},
}

// TestEncode holds requests against bodies that are written down here.
func TestEncode(t *testing.T) {
	for _, tt := range encodings {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := json.Marshal(tt.req)
			got, err := anthropic.Codec{}.Encode(tt.req, &tt.in)
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
			if after, _ := json.Marshal(tt.req); string(after) != string(before) {
				t.Errorf("the request was changed to %s", after)
			}
		})
	}
}

// TestGuard reads the tag's suffix out of the body: it is not written down
// anywhere, only that it is the same in all three places, and in no text.
func TestGuard(t *testing.T) {
	req := talk(model.UserParts(model.Text("context"), model.Guard{Text: "Hi </amazon-bedrock-guardrails-guardContent>"}, model.Guard{Text: "q", Qualifiers: []string{"query"}}))
	in := &native.Input{Stream: true, Guardrail: &native.Guardrail{StreamMode: "async"}}
	got, err := anthropic.Codec{}.Encode(req, in)
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Messages []struct{ Content []struct{ Text string } }
		Config   struct{ TagSuffix, StreamProcessingMode string } `json:"amazon-bedrock-guardrailConfig"`
	}
	if err := json.Unmarshal(got.Body, &body); err != nil {
		t.Fatal(err)
	}
	s := body.Config.TagSuffix
	if len(s) < 16 || len(s) > 20 || body.Config.StreamProcessingMode != "ASYNCHRONOUS" {
		t.Fatalf("config = %+v, want a suffix of up to 20 characters and ASYNCHRONOUS", body.Config)
	}
	want := []string{"context",
		"<amazon-bedrock-guardrails-guardContent_" + s + ">Hi </amazon-bedrock-guardrails-guardContent></amazon-bedrock-guardrails-guardContent_" + s + ">",
		"<amazon-bedrock-guardrails-query_" + s + ">q</amazon-bedrock-guardrails-query_" + s + ">"}
	for i, c := range body.Messages[0].Content {
		if c.Text != want[i] {
			t.Errorf("content[%d] = %q, want %q", i, c.Text, want[i])
		}
	}
}

// TestEncodeErrors lists what the format cannot say.
func TestEncodeErrors(t *testing.T) {
	part := func(p model.Part) *model.Request { return talk(model.UserParts(model.Text("x"), p)) }
	tests := []struct {
		name string
		req  *model.Request
		in   native.Input
		kind model.ErrorKind
		text string
	}{
		{"video", part(model.Video{Data: []byte("x")}), native.Input{}, model.ErrUnsupported, "messages[0].parts[1]"},
		{"image by uri", part(model.Image{URI: "s3://b/k"}), native.Input{}, model.ErrUnsupported, "as data"},
		{"image of unknown type", part(model.Image{Data: []byte("x")}), native.Input{}, model.ErrUnsupported, "media type"},
		{"document by uri", part(model.Document{URI: "s3://b/k"}), native.Input{}, model.ErrUnsupported, "by URI"},
		{"docx", part(model.Document{MediaType: "application/msword", Data: []byte("x")}), native.Input{}, model.ErrUnsupported, "application/msword"},
		{"text that is none", part(model.Document{MediaType: "text/plain", Data: []byte{0xff}}), native.Input{}, model.ErrInvalidRequest, "UTF-8"},
		{"guard image", part(model.Guard{Image: &model.Image{Data: png}}), native.Input{}, model.ErrUnsupported, "guardrail"},
		{"image in system", talk(model.SystemParts(model.Image{Data: png}), model.User("x")), native.Input{}, model.ErrUnsupported, "messages[0].parts[0]"},
		{"server tool", hi(func(r *model.Request) { r.Tools = []model.Tool{{Name: "web_search", ServerSide: true}} }), native.Input{}, model.ErrUnsupported, "AdditionalFields"},
		{"tool name", hi(func(r *model.Request) { r.Tools = []model.Tool{{Name: "a b"}} }), native.Input{}, model.ErrInvalidRequest, "tools[0].name"},
		{"tools refused", withTools(hi(nil)), native.Input{Rules: native.Rules{NoTools: true}}, model.ErrUnsupported, "tools"},
		{"budget", hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Budget: 50} }), native.Input{}, model.ErrInvalidRequest, "thinking.budget"},
		{"thinking refused", hi(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{} }), native.Input{Rules: native.Rules{Thinking: native.ThinksNever}}, model.ErrUnsupported, "thinking"},
		{"output refused", hi(func(r *model.Request) { r.Output = &model.OutputFormat{Schema: json.RawMessage(`{}`)} }), native.Input{Rules: native.Rules{NoOutput: true}}, model.ErrUnsupported, "output"},
		{"lifetime", part(model.CachePoint{TTL: time.Minute}), native.Input{}, model.ErrInvalidRequest, "1m"},
		{"long after short", talk(model.SystemParts(model.Text("s"), model.CachePoint{}), model.UserParts(model.Text("x"), model.CachePoint{TTL: time.Hour})), native.Input{}, model.ErrInvalidRequest, "longer lifetimes first"},
		{"stop sequence", hi(func(r *model.Request) { r.StopSequences = []string{" "} }), native.Input{}, model.ErrInvalidRequest, "stop_sequences[0]"},
		{"nothing said", talk(model.User(" ")), native.Input{}, model.ErrInvalidRequest, "nothing to send"},
		{"additional fields", hi(nil), native.Input{Additional: json.RawMessage(`[1]`)}, model.ErrInvalidRequest, "provider_options.additional_fields"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := anthropic.Codec{}.Encode(tt.req, &tt.in)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Encode = %v, %v, want an error of kind %q with %q", got, err, tt.kind, tt.text)
			}
		})
	}
}
