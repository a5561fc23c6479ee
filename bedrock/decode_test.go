package bedrock_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// claude45Base is the base model of claude45, which made the thinking.
const claude45Base = "anthropic.claude-sonnet-4-5-20250929-v1:0"

// unaryAnswer returns what Generate makes of a body of Converse.
func unaryAnswer(t testing.TB, body string) *model.Response {
	t.Helper()
	resp, err := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
		return answer([]byte(body), "application/json"), nil
	}), nil).Generate(context.Background(), hello)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// TestDecodeBlocks checks what becomes of every kind of block of an answer, in
// one piece and, where blocks of that kind are streamed, in the events given.
func TestDecodeBlocks(t *testing.T) {
	const b0 = `{"contentBlockIndex":0`
	delta := func(delta string) string { return `contentBlockDelta ` + b0 + `,"delta":` + delta + `}` }
	start := func(start string) string { return `contentBlockStart ` + b0 + `,"start":` + start + `}` }
	const stop = `contentBlockStop ` + b0 + `}`
	cited := func(l model.CitationLocation) model.Part {
		return model.CitedText{Text: "t", Citations: []model.Citation{{Location: l}}}
	}
	for _, row := range []struct {
		name   string
		why    string
		block  string   // the content of the unary answer
		events []string // nil: not streamed
		want   []model.Part
	}{
		{
			name: "text", block: `{"text":"a<&>\u00e9"}`, events: []string{delta(`{"text":"a<"}`), delta(`{"text":"&>\u00e9"}`), stop},
			want: []model.Part{model.Text("a<&>é")},
		},
		{name: "empty text", why: "it is what the model said; sending it back drops it", block: `{"text":""}`, events: []string{delta(`{"text":""}`), stop}, want: []model.Part{model.Text("")}},
		{
			name: "signed thinking", block: `{"reasoningContent":{"reasoningText":{"text":"t","signature":"s=="}}}`,
			events: []string{delta(`{"reasoningContent":{"text":"t"}}`), delta(`{"reasoningContent":{"signature":"s"}}`), delta(`{"reasoningContent":{"signature":"=="}}`), stop},
			want:   []model.Part{model.Thinking{Text: "t", Signature: "s==", Provider: "bedrock", Model: claude45Base}},
		},
		{
			name: "a signature alone", block: `{"reasoningContent":{"reasoningText":{"text":"","signature":"s"}}}`,
			events: []string{delta(`{"reasoningContent":{"signature":"s"}}`), stop},
			want:   []model.Part{model.Thinking{Signature: "s", Provider: "bedrock", Model: claude45Base}},
		},
		{
			name: "thinking without a signature", block: `{"reasoningContent":{"reasoningText":{"text":"t"}}}`,
			events: []string{delta(`{"reasoningContent":{"text":"t"}}`), stop},
			want:   []model.Part{model.Thinking{Text: "t", Provider: "bedrock", Model: claude45Base}},
		},
		{
			name: "redacted thinking", block: `{"reasoningContent":{"redactedContent":"/wABAg=="}}`,
			events: []string{delta(`{"reasoningContent":{"redactedContent":"/wA="}}`), delta(`{"reasoningContent":{"redactedContent":"AQI="}}`), stop},
			want:   []model.Part{model.Thinking{Redacted: []byte{0xff, 0, 1, 2}, Provider: "bedrock", Model: claude45Base}},
		},
		{
			name: "redacted thinking next to null", block: `{"reasoningContent":{"reasoningText":null,"redactedContent":"/wA="}}`,
			want: []model.Part{model.Thinking{Redacted: []byte{0xff, 0}, Provider: "bedrock", Model: claude45Base}},
		},
		{
			name: "thinking of an unknown kind", block: `{"reasoningContent":{"dream":{"n":2.50}}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "reasoningContent", Data: json.RawMessage(`{"dream":{"n":2.50}}`)}},
		},
		{
			name: "a tool call", block: `{"toolUse":{"toolUseId":"c1","name":"f","input":{"a":1}}}`,
			events: []string{start(`{"toolUse":{"toolUseId":"c1","name":"f"}}`), delta(`{"toolUse":{"input":""}}`), delta(`{"toolUse":{"input":"{\"a\":"}}`), delta(`{"toolUse":{"input":"1}"}}`), stop},
			want:   []model.Part{model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`{"a":1}`)}},
		},
		{
			name: "a tool call of the newer kind", block: `{"toolUse":{"toolUseId":"c1","name":"f","type":"tool_use","input":{}}}`,
			events: []string{start(`{"toolUse":{"toolUseId":"c1","name":"f","type":"tool_use"}}`), delta(`{"toolUse":{"input":"{}"}}`), stop},
			want:   []model.Part{model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`{}`)}},
		},
		{
			name: "a tool call without input", block: `{"toolUse":{"toolUseId":"c1","name":"f"}}`,
			events: []string{start(`{"toolUse":{"toolUseId":"c1","name":"f"}}`), stop},
			want:   []model.Part{model.ToolCall{ID: "c1", Name: "f", Input: json.RawMessage(`{}`)}},
		},
		{
			name: "a call of the service's tool", block: `{"toolUse":{"toolUseId":"c1","name":"f","type":"server_tool_use","input":{"a":1}}}`,
			events: []string{start(`{"toolUse":{"toolUseId":"c1","name":"f","type":"server_tool_use"}}`), delta(`{"toolUse":{"input":"{\"a\":1}"}}`), stop},
			want:   []model.Part{model.ServerToolCall{ID: "c1", Name: "f", Kind: "server_tool_use", Input: json.RawMessage(`{"a":1}`)}},
		},
		{
			name: "a result of the service's tool, of every content", block: `{"toolResult":{"toolUseId":"c1","type":"r","status":"error","content":[{"text":"a"},{"json":{"n":2.50}},
				{"image":{"format":"png","source":{"bytes":"AQ=="}}},{"document":{"name":"d","format":"txt","source":{"text":"t"}}},{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v","bucketOwner":"1"}}}},
				{"searchResult":{"source":"s","title":"t","content":[{"text":"c"}],"citations":{"enabled":true}}},{"future":[1]},{}]}}`,
			events: []string{start(`{"toolResult":{"toolUseId":"c1","type":"r","status":"error"}}`), delta(`{"toolResult":[{"text":"a"},{"json":{"n":2.50}}]}`),
				delta(`{"toolResult":[{"image":{"format":"png","source":{"bytes":"AQ=="}}},{"document":{"name":"d","format":"txt","source":{"text":"t"}}},{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v","bucketOwner":"1"}}}},
				{"searchResult":{"source":"s","title":"t","content":[{"text":"c"}],"citations":{"enabled":true}}},{"future":[1]},{}]}`), stop},
			want: []model.Part{model.ServerToolResult{CallID: "c1", Kind: "r", IsError: true, Parts: []model.Part{
				model.Text("a"), model.JSON(`{"n":2.50}`), model.Image{MediaType: "image/png", Data: []byte{1}}, model.Document{Name: "d", MediaType: "text/plain", Text: "t"},
				model.Video{MediaType: "video/mp4", URI: "s3://b/v", Owner: "1"}, model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true},
				model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`[1]`)}, model.Opaque{Provider: "bedrock", Data: json.RawMessage(`{}`)}}}},
		},
		{
			name: "an empty result of the service's tool", block: `{"toolResult":{"toolUseId":"c1","content":[]}}`,
			events: []string{start(`{"toolResult":{"toolUseId":"c1"}}`), stop},
			want:   []model.Part{model.ServerToolResult{CallID: "c1", Parts: []model.Part{}}},
		},
		{
			name:  "cited text in pieces",
			block: `{"citationsContent":{"content":[{"text":"a"},{"text":"b"},{"future":1}],"citations":[{"title":"T","source":"S","sourceContent":[{"text":"q1"},{"text":"q2"}],"location":{"documentChar":{"documentIndex":1,"start":2,"end":3}}},{}]}}`,
			events: []string{delta(`{"citation":{"title":"T","source":"S","sourceContent":[{"text":"q1"},{"text":"q2"}],"location":{"documentChar":{"documentIndex":1,"start":2,"end":3}}}}`), delta(`{"citation":{}}`),
				delta(`{"text":"a"}`), delta(`{"text":"b"}`), stop},
			want: []model.Part{model.CitedText{Text: "ab", Citations: []model.Citation{{Title: "T", Source: "S", Quotes: []string{"q1", "q2"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}}, {}}}},
		},
		{
			name: "cited page", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}]}}`,
			events: []string{delta(`{"text":"t"}`), delta(`{"citation":{"location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}}`), stop},
			want:   []model.Part{cited(model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2})},
		},
		{
			name: "cited chunk", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"documentChunk":{"documentIndex":3}}}]}}`,
			events: []string{delta(`{"citation":{"location":{"documentChunk":{"documentIndex":3}}}}`), delta(`{"text":"t"}`), stop},
			want:   []model.Part{cited(model.CitationLocation{Kind: model.LocationChunk, Index: 3})},
		},
		{
			name: "cited search result", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"searchResultLocation":{"searchResultIndex":3,"start":1,"end":2}}}]}}`,
			events: []string{delta(`{"citation":{"location":{"searchResultLocation":{"searchResultIndex":3,"start":1,"end":2}}}}`), delta(`{"text":"t"}`), stop},
			want:   []model.Part{cited(model.CitationLocation{Kind: model.LocationSearchResult, Index: 3, Start: 1, End: 2})},
		},
		{
			name: "cited page of the web", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"web":{"url":"https://a.example","domain":"a.example"}}}]}}`,
			events: []string{delta(`{"citation":{"location":{"web":{"url":"https://a.example","domain":"a.example"}}}}`), delta(`{"text":"t"}`), stop},
			want:   []model.Part{cited(model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example", Domain: "a.example"})},
		},
		{
			name: "a location of an unknown kind", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"documentLine":{"n":2.50}}}]}}`,
			events: []string{delta(`{"citation":{"location":{"documentLine":{"n":2.50}}}}`), delta(`{"text":"t"}`), stop},
			want:   []model.Part{cited(model.CitationLocation{Kind: "documentLine", Data: json.RawMessage(`{"n":2.50}`)})},
		},
		{
			name: "a location that says nothing", block: `{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{}}]}}`,
			events: []string{delta(`{"citation":{"location":{}}}`), delta(`{"text":"t"}`), stop},
			want:   []model.Part{cited(model.CitationLocation{})},
		},
		{
			name: "an image", block: `{"image":{"format":"png","source":{"bytes":"AQI="}}}`,
			events: []string{start(`{"image":{"format":"png"}}`), delta(`{"image":{"source":{"bytes":"AQ=="}}}`), delta(`{"image":{"source":{"bytes":"Ag=="}}}`), stop},
			want:   []model.Part{model.Image{MediaType: "image/png", Data: []byte{1, 2}}},
		},
		{
			name: "an image in S3", block: `{"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://b/k"}}}}`,
			events: []string{start(`{"image":{"format":"jpeg"}}`), delta(`{"image":{"source":{"s3Location":{"uri":"s3://b/k"}}}}`), stop},
			want:   []model.Part{model.Image{MediaType: "image/jpeg", URI: "s3://b/k"}},
		},
		{
			name: "an image of a format that is new", block: `{"image":{"format":"avif","source":{"bytes":"AQ=="}}}`,
			events: []string{start(`{"image":{"format":"avif"}}`), delta(`{"image":{"source":{"bytes":"AQ=="}}}`), stop},
			want:   []model.Part{model.Image{MediaType: "image/x-bedrock-avif", Data: []byte{1}}},
		},
		{
			name: "an image that could not be made", why: "an Image without data would lose the reason", block: `{"image":{"error":{"message":"no"},"format":"png"}}`,
			events: []string{start(`{"image":{"format":"png"}}`), delta(`{"image":{"error":{"message":"no"}}}`), stop},
			want:   []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "image", Data: json.RawMessage(`{"error":{"message":"no"},"format":"png"}`)}},
		},
		{
			name: "an image at a source of an unknown kind", block: `{"image":{"format":"png","source":{"ftp":{"a":1}}}}`,
			events: []string{start(`{"image":{"format":"png"}}`), delta(`{"image":{"source":{"ftp":{"a":1}}}}`), stop},
			want:   []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "image", Data: json.RawMessage(`{"format":"png","source":{"ftp":{"a":1}}}`)}},
		},
		{name: "an image without a source", block: `{"image":{"format":"png"}}`, events: []string{start(`{"image":{"format":"png"}}`), stop},
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "image", Data: json.RawMessage(`{"format":"png"}`)}}},
		{name: "audio", block: `{"audio":{"format":"wav","source":{"bytes":"AQ=="}}}`, want: []model.Part{model.Audio{MediaType: "audio/wav", Data: []byte{1}}}},
		{name: "audio that could not be made", block: `{"audio":{"format":"wav","error":{"message":"no"}}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "audio", Data: json.RawMessage(`{"error":{"message":"no"},"format":"wav"}`)}}},
		{name: "a video", block: `{"video":{"format":"three_gp","source":{"bytes":"AQ=="}}}`, want: []model.Part{model.Video{MediaType: "video/3gpp", Data: []byte{1}}}},
		{name: "a video at a source of an unknown kind", block: `{"video":{"format":"mp4","source":{"ftp":1}}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "video", Data: json.RawMessage(`{"format":"mp4","source":{"ftp":1}}`)}}},
		{name: "a document", block: `{"document":{"name":"d","format":"pdf","source":{"bytes":"AQ=="},"context":"c","citations":{"enabled":true}}}`,
			want: []model.Part{model.Document{Name: "d", MediaType: "application/pdf", Data: []byte{1}, Context: "c", Citations: true}}},
		{name: "a document of chunks", block: `{"document":{"name":"d","format":"md","source":{"content":[{"text":"a"},{"text":"b"}]},"citations":{"enabled":false}}}`,
			want: []model.Part{model.Document{Name: "d", MediaType: "text/markdown", Chunks: []string{"a", "b"}}}},
		{name: "a document in S3", block: `{"document":{"name":"d","format":"rtf","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"1"}}}}`,
			want: []model.Part{model.Document{Name: "d", MediaType: "application/x-bedrock-rtf", URI: "s3://b/k", Owner: "1"}}},
		{name: "a document at a source of an unknown kind", block: `{"document":{"name":"d","format":"pdf","source":{"ftp":1}}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "document", Data: json.RawMessage(`{"format":"pdf","name":"d","source":{"ftp":1}}`)}}},
		{name: "a cache point", block: `{"cachePoint":{"type":"default","ttl":"1h"}}`, want: []model.Part{model.CachePoint{TTL: time.Hour}}},
		{name: "a cache point of an odd lifetime", block: `{"cachePoint":{"type":"default","ttl":"forever"}}`, want: []model.Part{model.CachePoint{}}},
		{name: "guard content", block: `{"guardContent":{"text":{"text":"a","qualifiers":["query"]}}},{"guardContent":{"image":{"format":"png","source":{"bytes":"AQ=="}}}},{"guardContent":{"sound":{"a":1}}}`,
			want: []model.Part{model.Guard{Text: "a", Qualifiers: []string{"query"}}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: []byte{1}}},
				model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "guardContent", Data: json.RawMessage(`{"sound":{"a":1}}`)}}},
		{name: "guard content that says nothing", block: `{"guardContent":{}},{"guardContent":{"image":{"format":"png"}}}`,
			want: []model.Part{model.Guard{}, model.Guard{Image: &model.Image{MediaType: "image/png"}}}},
		{name: "a search result", block: `{"searchResult":{"source":"s","title":"t","content":[{"text":"a"},{"text":"b"}]}}`, want: []model.Part{model.SearchResult{Source: "s", Title: "t", Content: []string{"a", "b"}}}},
		{name: "tools that come and go", block: `{"toolAddition":{"tool":{"name":"f","serverName":"s","type":"x"}}},{"toolRemoval":{}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "toolAddition", Data: json.RawMessage(`{"tool":{"name":"f","serverName":"s","type":"x"}}`)},
				model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "toolRemoval", Data: json.RawMessage(`{}`)}}},
		{name: "a block of an unknown kind", block: `{"hologram":{"n":9007199254740993, "x":[2.50]}}`,
			want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Kind: "hologram", Data: json.RawMessage(`{"n":9007199254740993, "x":[2.50]}`)}}},
		{name: "a block without a member", block: `{}`, events: nil, want: []model.Part{model.Opaque{Provider: "bedrock", Model: claude45Base, Data: json.RawMessage(`{}`)}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			resp := unaryAnswer(t, `{"output":{"message":{"role":"assistant","content":[`+row.block+`]}},"stopReason":"end_turn"}`)
			if diff := cmp.Diff(row.want, resp.Message.Parts); diff != "" {
				t.Errorf("unary (-want +got):\n%s", diff)
			}
			if row.events == nil {
				return
			}
			resp = collect(t, frames(append(row.events, `messageStop {"stopReason":"end_turn"}`)...))
			if diff := cmp.Diff(row.want, resp.Message.Parts); diff != "" {
				t.Errorf("streamed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDecodeStreams reads streams that are not as the service sends them.
func TestDecodeStreams(t *testing.T) {
	text := func(index, s string) string {
		return `contentBlockDelta {"contentBlockIndex":` + index + `,"delta":{"text":"` + s + `"}}`
	}
	const end = `messageStop {"stopReason":"end_turn"}`
	const usage = `metadata {"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`
	counted := &model.Usage{Known: true, InputTokens: 1, OutputTokens: 2}
	resultStart := func(index string) string {
		return `contentBlockStart {"contentBlockIndex":` + index + `,"start":{"toolResult":{"toolUseId":"s` + index + `","type":"r"}}}`
	}
	resultDelta := func(index, s string) string {
		return `contentBlockDelta {"contentBlockIndex":` + index + `,"delta":{"toolResult":[{"text":"` + s + `"}]}}`
	}
	toolStart := func(index string) string {
		return `contentBlockStart {"contentBlockIndex":` + index + `,"start":{"toolUse":{"toolUseId":"c` + index + `","name":"f"}}}`
	}
	served := func(id, s string) model.Part {
		return model.ServerToolResult{CallID: id, Kind: "r", Parts: []model.Part{model.Text(s)}}
	}
	called := func(id string) model.Part {
		return model.ToolCall{ID: id, Name: "f", Input: json.RawMessage(`{}`)}
	}
	for _, row := range []struct {
		name   string
		events []string
		want   []model.Part
		usage  *model.Usage
		warns  []string
	}{
		{name: "metadata before messageStop", events: []string{text("0", "a"), usage, end}, want: []model.Part{model.Text("a")}, usage: counted},
		{name: "no metadata", events: []string{text("0", "a"), end}, want: []model.Part{model.Text("a")}},
		{name: "metadata without usage", events: []string{text("0", "a"), end, `metadata {"metrics":{"latencyMs":5}}`}, want: []model.Part{model.Text("a")}},
		{name: "no blocks", events: []string{`messageStart {"role":"assistant"}`, end, usage}, usage: counted},
		{name: "no stops", events: []string{text("0", "a"), toolStart("1"), text("2", "b"), end, usage}, want: []model.Part{model.Text("a"), called("c1"), model.Text("b")}, usage: counted},
		{
			name: "interleaved", events: []string{text("0", "a"), text("2", "x"), toolStart("1"), text("0", "b"), text("2", "y"), `contentBlockStop {"contentBlockIndex":2}`, end, usage},
			want: []model.Part{model.Text("ab"), called("c1"), model.Text("xy")}, usage: counted,
		},
		{name: "indices with gaps, backwards", events: []string{text("7", "b"), text("3", "a"), end, usage}, want: []model.Part{model.Text("a"), model.Text("b")}, usage: counted},
		{
			name: "no indices", events: []string{`contentBlockDelta {"delta":{"text":"a"}}`, `contentBlockStop {}`, `contentBlockStart {"start":{"toolUse":{"toolUseId":"c","name":"f"}}}`, `contentBlockStop {}`, end, usage},
			want: []model.Part{model.Text("a"), called("c")}, usage: counted,
		},
		{name: "a stop without a beginning", events: []string{`contentBlockStop {"contentBlockIndex":0}`, text("1", "a"), end, usage}, want: []model.Part{model.Text("a")}, usage: counted},
		{name: "a start that says nothing", events: []string{`contentBlockStart {"contentBlockIndex":0}`, `contentBlockStart {"contentBlockIndex":0,"start":{}}`, text("0", "a"), end, usage}, want: []model.Part{model.Text("a")}, usage: counted},
		{name: "a delta that says nothing", events: []string{`contentBlockDelta {"contentBlockIndex":0}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{}}`, text("0", "a"), end, usage}, want: []model.Part{model.Text("a")}, usage: counted},
		{name: "input without a start", events: []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}}`, end, usage}, want: []model.Part{model.ToolCall{Input: json.RawMessage(`{}`)}}, usage: counted},
		{
			name: "a result without a start", events: []string{resultDelta("0", "a"), `contentBlockStop {"contentBlockIndex":0}`, end, usage},
			want: []model.Part{model.ServerToolResult{Parts: []model.Part{model.Text("a")}}}, usage: counted,
		},
		{
			name: "an image without a start", events: []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"AQ=="}}}}`, end, usage},
			want: []model.Part{model.Image{Data: []byte{1}}}, usage: counted,
		},
		{
			name: "results without stops", events: []string{resultStart("4"), resultDelta("4", "e"), resultStart("0"), resultDelta("0", "a"), resultStart("2"), resultDelta("2", "c"), resultStart("1"), resultDelta("1", "b"), resultStart("3"), resultDelta("3", "d"), end, usage},
			want: []model.Part{served("s0", "a"), served("s1", "b"), served("s2", "c"), served("s3", "d"), served("s4", "e")}, usage: counted,
		},
		{
			name: "a result without a stop, another at its index", events: []string{resultStart("0"), resultDelta("0", "a"), resultStart("0"), resultDelta("0", "b"), end, usage},
			want: []model.Part{served("s0", "a"), served("s0", "b")}, usage: counted,
		},
		{
			name: "a result without a stop, a call at its index", events: []string{resultStart("0"), resultDelta("0", "a"), toolStart("0"), end, usage},
			want: []model.Part{served("s0", "a"), called("c0")}, usage: counted,
		},
		{
			name: "a result without a stop, text at its index", events: []string{resultStart("0"), resultDelta("0", "a"), text("0", "b"), end, usage},
			want: []model.Part{served("s0", "a"), model.Text("b")}, usage: counted,
		},
		{
			name: "a result without a stop, an image at its index", events: []string{resultStart("0"), resultDelta("0", "a"), `contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"AQ=="}}}}`, resultDelta("0", "b"), end, usage},
			want: []model.Part{served("s0", "a"), model.Image{Data: []byte{1}}, model.ServerToolResult{Parts: []model.Part{model.Text("b")}}}, usage: counted,
		},
		{
			name: "a call without a stop, text at its index", events: []string{toolStart("0"), text("0", "b"), end, usage},
			want: []model.Part{called("c0"), model.Text("b")}, usage: counted,
		},
		{
			name: "a block of an unknown kind", events: []string{`contentBlockStart {"contentBlockIndex":0,"start":{"hologram":{}}}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"hologram":{"a":1}}}`,
				`contentBlockDelta {"contentBlockIndex":0,"delta":{"hologram":{"b":1}}}`, `contentBlockStop {"contentBlockIndex":0}`, text("1", "a"), end, usage},
			want: []model.Part{model.Text("a")}, usage: counted, warns: []string{"dropped answer block 0"},
		},
		{
			name: "thinking of an unknown kind", events: []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"dream":1}}}`, text("1", "a"), end, usage},
			want: []model.Part{model.Text("a")}, usage: counted, warns: []string{"dropped answer block 0"},
		},
		{
			name: "two blocks of unknown kinds", events: []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"x":1}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"y":1}}`, text("2", "a"), end, usage},
			want: []model.Part{model.Text("a")}, usage: counted, warns: []string{"dropped answer block 0", "dropped answer block 1"},
		},
		{name: "an event of an unknown type", events: []string{`heartbeat {"a":1}`, `heartbeat not JSON`, text("0", "a"), end, usage}, want: []model.Part{model.Text("a")}, usage: counted},
		{
			name: "members not known", events: []string{`messageStart {"role":"assistant","mood":"good","p":"abc"}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"},"p":"ab","more":{"x":[1]}}`, `messageStop {"stopReason":"end_turn","x":1}`, `metadata {"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"serverToolUsage":{}},"p":"x"}`},
			want: []model.Part{model.Text("a")}, usage: counted,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			for range 5 { // no order may depend on a map's
				resp := collect(t, frames(row.events...))
				if diff := cmp.Diff(row.want, resp.Message.Parts); diff != "" {
					t.Fatalf("parts (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(usageOr(row.usage), resp.Usage); diff != "" {
					t.Errorf("usage (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(row.warns, short(resp.Warnings)); diff != "" {
					t.Errorf("warnings (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestDecodeUsage checks the forms of usage, unary and streamed.
func TestDecodeUsage(t *testing.T) {
	for _, row := range []struct {
		name, usage string
		want        *model.Usage
		total       int
	}{
		{"none", ``, nil, 0},
		{"plain", `{"inputTokens":11,"outputTokens":4,"totalTokens":15}`, &model.Usage{Known: true, InputTokens: 11, OutputTokens: 4}, 15},
		{"read from the cache", `{"inputTokens":2,"outputTokens":316,"totalTokens":3148,"cacheReadInputTokens":2830,"cacheWriteInputTokens":0}`, &model.Usage{Known: true, InputTokens: 2832, OutputTokens: 316, CacheReadTokens: 2830}, 3148},
		{"only the read counter", `{"inputTokens":2,"outputTokens":3,"totalTokens":5,"cacheReadInputTokens":0}`, &model.Usage{Known: true, InputTokens: 2, OutputTokens: 3}, 5},
		{
			"written for two lifetimes", `{"inputTokens":3,"outputTokens":1,"totalTokens":504,"cacheWriteInputTokens":500,"cacheWriteInputTokenCount":500,"cacheDetails":[{"ttl":"1h","inputTokens":200},{"ttl":"5m","inputTokens":300}]}`,
			&model.Usage{Known: true, InputTokens: 503, OutputTokens: 1, CacheWriteTokens: 500, CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 200}, {TTL: 5 * time.Minute, Tokens: 300}}}, 504,
		},
		{
			"lifetimes without number, tokens without number", `{"inputTokens":3,"outputTokens":1,"totalTokens":9,"cacheWriteInputTokens":5,"cacheDetails":[{"ttl":"forever","inputTokens":5},{"ttl":"5m"},{"inputTokens":5}]}`,
			&model.Usage{Known: true, InputTokens: 8, OutputTokens: 1, CacheWriteTokens: 5, CacheWrites: []model.CacheWrite{{TTL: 5 * time.Minute}}}, 9,
		},
		{"empty", `{}`, &model.Usage{Known: true}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			member := ""
			if row.usage != "" {
				member = `,"usage":` + row.usage
			}
			unary := unaryAnswer(t, `{"output":{"message":{"role":"assistant","content":[{"text":"a"}]}},"stopReason":"end_turn"`+member+`}`)
			streamed := collect(t, frames(`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}`, `messageStop {"stopReason":"end_turn"}`, `metadata {"metrics":{"latencyMs":1}`+member+`}`))
			for _, resp := range []*model.Response{unary, streamed} {
				if diff := cmp.Diff(usageOr(row.want), resp.Usage); diff != "" {
					t.Errorf("usage (-want +got):\n%s", diff)
				}
				if got := string(bedrock.MetadataOf(resp).Usage); got != row.usage {
					t.Errorf("raw usage = %s, want %s", got, row.usage)
				}
				if row.want != nil && resp.Usage.Total() != row.total {
					t.Errorf("total = %d, want %d", resp.Usage.Total(), row.total)
				}
			}
		})
	}
}

// TestDecodeAbout checks what an answer says about itself.
func TestDecodeAbout(t *testing.T) {
	for wire, want := range map[string]model.StopReason{
		"end_turn": model.StopEndTurn, "tool_use": model.StopToolUse, "max_tokens": model.StopMaxTokens, "stop_sequence": model.StopSequence,
		"guardrail_intervened": model.StopGuardrail, "content_filtered": model.StopContentFiltered,
		"malformed_model_output": model.StopMalformedOutput, "malformed_tool_use": model.StopMalformedTool,
		"model_context_window_exceeded": model.StopContextWindow, "bored": "bored", "": "",
	} {
		unary := unaryAnswer(t, `{"output":{"message":{"content":[]}},"stopReason":"`+wire+`"}`)
		streamed := collect(t, frames(`messageStop {"stopReason":"`+wire+`"}`))
		if unary.StopReason != want || streamed.StopReason != want {
			t.Errorf("stop reason %q = %q and %q, want %q", wire, unary.StopReason, streamed.StopReason, want)
		}
	}
	const meta = `"metrics":{"latencyMs":1234},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"trace":{"guardrail":{"x":2.50}}`
	const additional = `"additionalModelResponseFields":{"stop_sequence":"x","n":9007199254740993}`
	unary := unaryAnswer(t, `{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn",`+meta+`,`+additional+`}`)
	streamed := collect(t, frames(`messageStop {"stopReason":"end_turn",`+additional+`}`, `metadata {`+meta+`}`))
	want := &bedrock.ProviderMetadata{AdditionalFields: json.RawMessage(`{"stop_sequence":"x","n":9007199254740993}`), Trace: json.RawMessage(`{"guardrail":{"x":2.50}}`), Latency: "optimized", ServiceTier: "flex"}
	for _, resp := range []*model.Response{unary, streamed} {
		if resp.Latency != 1234*time.Millisecond {
			t.Errorf("latency = %v", resp.Latency)
		}
		if diff := cmp.Diff(want, bedrock.MetadataOf(resp)); diff != "" {
			t.Errorf("extra (-want +got):\n%s", diff)
		}
		if resp.Message.Role != model.RoleAssistant || resp.Model != claude45 {
			t.Errorf("role %q, model %q", resp.Message.Role, resp.Model)
		}
	}
}

// TestDecodeMalformed reads bodies that make no sense.
func TestDecodeMalformed(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON":    `<html>`,
		"no message": `{"message":"hello"}`,
		"no output":  `{"output":{},"stopReason":"end_turn"}`,
		"wrong type": `{"output":{"message":{"content":[{"text":5}]}}}`,
		"bad base64": `{"output":{"message":{"content":[{"reasoningContent":{"redactedContent":"!"}}]}}}`,
	} {
		_, err := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer([]byte(body), "application/json"), nil
		}), nil).Generate(context.Background(), hello)
		if kind := model.KindOf(err); kind != model.ErrMalformed || strings.Contains(err.Error(), "hello") {
			t.Errorf("%s: error = %v, want kind %v", name, err, model.ErrMalformed)
		}
	}
	for name, ev := range map[string]string{
		"wrong type": `contentBlockDelta {"contentBlockIndex":0,"delta":{"text":5}}`,
		"no JSON":    `contentBlockDelta {`,
		"bad index":  `contentBlockStop {"contentBlockIndex":"a"}`,
	} {
		m := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer(frames(ev), "application/vnd.amazon.eventstream"), nil
		}), nil)
		if _, err := m.Stream(context.Background(), hello).Response(); model.KindOf(err) != model.ErrMalformed {
			t.Errorf("stream, %s: error = %v, want kind %v", name, err, model.ErrMalformed)
		}
	}
}

// TestLeaveStream leaves a stream at every event, among them those of blocks
// that are handed on whole, with and without their stops.
func TestLeaveStream(t *testing.T) {
	stream := frames(
		`contentBlockStart {"contentBlockIndex":0,"start":{"toolResult":{"toolUseId":"s"}}}`, `contentBlockDelta {"contentBlockIndex":0,"delta":{"toolResult":[{"text":"a"}]}}`, `contentBlockStop {"contentBlockIndex":0}`,
		`contentBlockStart {"contentBlockIndex":1,"start":{"image":{"format":"png"}}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"image":{"source":{"bytes":"AQ=="}}}}`, `contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"b"}}`,
		`contentBlockStart {"contentBlockIndex":2,"start":{"toolResult":{"toolUseId":"s"}}}`, `contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"c","name":"f"}}}`, `contentBlockStop {"contentBlockIndex":2}`,
		`contentBlockStart {"contentBlockIndex":3,"start":{"toolResult":{"toolUseId":"s"}}}`, `contentBlockDelta {"contentBlockIndex":4,"delta":{"citation":{}}}`,
		`messageStop {"stopReason":"end_turn"}`, `metadata {}`)
	for n := 1; ; n++ {
		m := newModel(t, claude45, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer(stream, "application/vnd.amazon.eventstream"), nil
		}), nil)
		s := m.Stream(context.Background(), hello)
		seen := 0
		for _, err := range s.Events() {
			if err != nil {
				t.Fatal(err)
			}
			if seen++; seen == n {
				break
			}
		}
		if seen < n {
			if n < 15 {
				t.Errorf("the stream has only %d events", seen)
			}
			return
		}
		if _, err := s.Response(); err != nil && model.KindOf(err) != model.ErrStopped {
			t.Errorf("left at event %d: %v", n, err)
		}
	}
}

// usageOr returns want, and a usage that is not known for nil.
func usageOr(want *model.Usage) *model.Usage {
	if want == nil {
		return new(model.Usage)
	}
	return want
}
