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

const (
	webCitation = `{"type":"web_search_result_location","url":"http://x/y","title":"X","encrypted_index":"e==","cited_text":"q"}`
	newCitation = `{"type":"moon_location","crater":[1]}`
	webResults  = `[ {"type":"web_search_result","url":"http://x/y","encrypted_content":"e"} ]`
)

// blockTests are blocks and the parts that they are.
var blockTests = []struct {
	name  string
	block string
	part  model.Part
}{
	{"text", `{"type":"text","text":"Olá <&>\u0000"}`, model.Text("Olá <&>\x00")},
	{"empty text", `{"type":"text","text":""}`, model.Text("")},
	{"thinking", `{"type":"thinking","thinking":"hm","signature":"c2ln"}`, model.Thinking{Text: "hm", Signature: "c2ln", Provider: "bedrock"}},
	{"signature alone", `{"type":"thinking","thinking":"","signature":"c2ln"}`, model.Thinking{Signature: "c2ln", Provider: "bedrock"}},
	{"redacted", `{"type":"redacted_thinking","data":"RXRr"}`, model.Thinking{Redacted: []byte("RXRr"), Provider: "bedrock"}},
	{"tool use", `{"type":"tool_use","id":"t1","name":"w","input":{ "n":9007199254740993, "f":2.50, "b":1, "a":2 }}`,
		model.ToolCall{ID: "t1", Name: "w", Input: json.RawMessage(`{ "n":9007199254740993, "f":2.50, "b":1, "a":2 }`)}},
	{"server tool use", `{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}}`,
		model.ServerToolCall{ID: "s1", Name: "web_search", Kind: "server_tool_use", Input: json.RawMessage(`{"query":"q"}`)}},
	{"server result", `{"type":"web_search_tool_result","tool_use_id":"s1","content":` + webResults + `}`,
		model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(webResults)}}},
	{"server error", `{"type":"web_search_tool_result","tool_use_id":"s1","content":{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}}`,
		model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", IsError: true,
			Parts: []model.Part{model.JSON(`{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}`)}}},
	{"server result with more", `{"type":"web_search_tool_result","tool_use_id":"s1","content":[],"caller":{"type":"direct"}}`,
		model.Opaque{Provider: "bedrock/anthropic", Kind: "web_search_tool_result", Data: json.RawMessage(`{"type":"web_search_tool_result","tool_use_id":"s1","content":[],"caller":{"type":"direct"}}`)}},
	{"unknown", `{"type":"hologram", "text":[1], "z":2.0}`,
		model.Opaque{Provider: "bedrock/anthropic", Kind: "hologram", Data: json.RawMessage(`{"type":"hologram", "text":[1], "z":2.0}`)}},
	{"citations", `{"type":"text","text":"So.","citations":[` +
		`{"type":"char_location","cited_text":"q","document_index":1,"document_title":"D","start_char_index":2,"end_char_index":3,"file_id":null},` +
		`{"type":"page_location","cited_text":"q","document_index":0,"document_title":null,"start_page_number":1,"end_page_number":2},` +
		`{"type":"content_block_location","cited_text":"q","document_index":0,"document_title":null,"start_block_index":1,"end_block_index":2},` +
		`{"type":"search_result_location","cited_text":"q","search_result_index":4,"source":"s","title":"T","start_block_index":1,"end_block_index":2},` +
		webCitation + `,` + newCitation + `]}`,
		model.CitedText{Text: "So.", Citations: []model.Citation{
			{Title: "D", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}},
			{Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}},
			{Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChunk, Start: 1, End: 2}},
			{Title: "T", Source: "s", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 4, Start: 1, End: 2}},
			{Title: "X", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationWeb, URL: "http://x/y", Data: json.RawMessage(webCitation)}},
			{Location: model.CitationLocation{Kind: "moon_location", Data: json.RawMessage(newCitation)}},
		}}},
}

// TestDecodeBlocks decodes each kind of block in a body.
func TestDecodeBlocks(t *testing.T) {
	for _, tt := range blockTests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := anthropic.Codec{}.Decode([]byte(`{"type":"message","content":[` + tt.block + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]model.Part{tt.part}, a.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBlocksGoBack sends each decoded block back. It must be the same JSON
// value, except that members may be missing where they were null.
func TestBlocksGoBack(t *testing.T) {
	for _, tt := range blockTests {
		if tt.name == "empty text" {
			continue // which the format refuses
		}
		t.Run(tt.name, func(t *testing.T) {
			var body struct {
				Messages []struct{ Content []json.RawMessage }
			}
			if err := json.Unmarshal(goesBack(t, []model.Part{tt.part}), &body); err != nil {
				t.Fatal(err)
			}
			want := value(t, strings.ReplaceAll(tt.block, `,"file_id":null`, ""))
			if diff := cmp.Diff(want, value(t, string(body.Messages[1].Content[0]))); diff != "" {
				t.Errorf("block (-received +sent):\n%s", diff)
			}
		})
	}
}

func value(t *testing.T, raw string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func TestDecodeUsage(t *testing.T) {
	tests := []struct {
		name, usage string
		want        *model.Usage
	}{
		{"none", `null`, nil},
		{"empty", `{}`, nil},
		{"plain", `{"input_tokens":3,"output_tokens":5}`, &model.Usage{Known: true, InputTokens: 3, OutputTokens: 5}},
		{"zeros", `{"input_tokens":16,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":18}`,
			&model.Usage{Known: true, InputTokens: 16, OutputTokens: 18}},
		{"cache", `{"input_tokens":3,"cache_creation_input_tokens":236,"cache_read_input_tokens":1712,"cache_creation":{"ephemeral_5m_input_tokens":36,"ephemeral_1h_input_tokens":200},"output_tokens":121}`,
			&model.Usage{Known: true, InputTokens: 1951, OutputTokens: 121, CacheReadTokens: 1712, CacheWriteTokens: 236,
				CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 200}, {TTL: 5 * time.Minute, Tokens: 36}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := anthropic.Codec{}.Decode([]byte(`{"content":[],"stop_reason":"end_turn","usage":` + tt.usage + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, a.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
			if tt.want != nil && string(a.RawUsage) != tt.usage {
				t.Errorf("raw usage = %s, want %s", a.RawUsage, tt.usage)
			}
		})
	}
}

func TestStopReasons(t *testing.T) {
	for wire, want := range map[string]model.StopReason{
		"end_turn": model.StopEndTurn, "tool_use": model.StopToolUse, "max_tokens": model.StopMaxTokens, "stop_sequence": model.StopSequence,
		"model_context_window_exceeded": model.StopContextWindow, "refusal": "refusal", "pause_turn": "pause_turn", "new": "new",
	} {
		a, err := anthropic.Codec{}.Decode([]byte(`{"content":[],"stop_reason":"` + wire + `"}`))
		if err != nil || a.StopReason != want {
			t.Errorf("stop reason %s = %v, %v, want %q", wire, a, err, want)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, body := range []string{``, `[]`, `{}`, `{"choices":[]}`, `{"content":[1]}`, `{"content":[{"type":1}]}`, `{"content":[{"type":"text","text":1}]}`,
		`{"stop_reason":"end_turn"}`, `{"type":"completion","completion":" hi","stop_reason":"stop_sequence","stop":"\n\nHuman:"}`, `{"type":"message","content":[],"completion":"hi"}`} {
		if a, err := (anthropic.Codec{}).Decode([]byte(body)); err == nil {
			t.Errorf("Decode(%s) = %+v, want an error", body, a)
		}
	}
	_, err := anthropic.Codec{}.Decode([]byte(`{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`))
	if e, ok := errors.AsType[*native.ServiceError](err); !ok || e.Type != "overloaded_error" || e.Message != "Overloaded" {
		t.Errorf("an error in a body = %v, want overloaded_error", err)
	}
}
