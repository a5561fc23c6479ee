package bedrock_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// aroundParts are the lines of an answer that are the same whatever is in it.
var aroundParts = regexp.MustCompile(`status 200|messageSt|message_st|message_delta|metadata|"text":"z"}}|contentBlockStop|content_block_stop`)

// TestGoldensServedParts keeps how the test server answers with parts that no
// model makes, and with those that some formats have no place for.
func TestGoldensServedParts(t *testing.T) {
	cited := func(data string) model.Part {
		return model.CitedText{Text: "t", Citations: []model.Citation{{Title: "T", Location: model.CitationLocation{Kind: "hologram", URL: "u", Data: json.RawMessage(data)}}}}
	}
	result := func(kind string, parts ...model.Part) model.Part {
		return model.ServerToolResult{CallID: "s1", Kind: kind, Parts: parts, IsError: true}
	}
	opaque := func(provider, data string) model.Part {
		return model.Opaque{Provider: provider, Kind: "hologram", Data: json.RawMessage(data)}
	}
	const own = "web_search_tool_result"
	var blocks []block
	for name, p := range map[string]model.Part{
		"a citation without data": cited(""), "a citation of this format": cited(`{"type":"x", "a":1}`), "a citation without a type": cited(`{"a":1}`), "a citation with a type that is none": cited(`{"type":7}`),
		"a citation with a place that is none": cited(`{"type":"x","document_index":"y"}`), "a citation that is a list": cited(`[1]`), "a citation that is cut": cited(`{"type":"x"`),
		"a quote in pieces":            model.CitedText{Text: "t", Citations: []model.Citation{{Quotes: []string{"q", "r"}, Source: "S", Location: model.CitationLocation{Kind: model.LocationSearchResult}}, {Quotes: []string{"q", "r"}, Location: model.CitationLocation{Kind: model.LocationPage, Start: 1}}}},
		"a result of one JSON":         result(own, model.JSON(`{"a": 1.50}`)),
		"a result of an error":         result(own, model.JSON(`{"type":"web_search_tool_result_error"}`)),
		"a result of two JSON":         result(own, model.JSON(`1`), model.JSON(`2`)),
		"a result of nothing":          result(own),
		"a result of text":             result(own, model.Text("t")),
		"a result of JSON that is ill": result(own, model.JSON(`{`)),
		"a result of another kind":     result("nova_grounding_result", model.JSON(`1`)),
		"a result of no kind":          result("", model.Text("t"), model.JSON(`{"a":1}`), model.SearchResult{Source: "s"}, model.Image{MediaType: "image/png", Data: pngData}, model.Guard{Text: "g"}),
		"an opaque block":              opaque("bedrock", `{"a": 1.50}`),
		"an opaque block that is ill":  opaque("bedrock", `{`),
		"an opaque block of Anthropic": opaque("bedrock/anthropic", ` {"type":"hologram","a": 1.50} `), "an opaque block of Anthropic that is ill": opaque("bedrock/anthropic", `{"type"`), "an empty opaque block": opaque("bedrock/anthropic", `{}`),
		"thinking of both sorts": model.Thinking{Text: "t", Signature: "s", Redacted: []byte("r")}, "no thinking": model.Thinking{},
		"a call without input": model.ToolCall{ID: "c1", Name: "f"}, "a call of the service without input": model.ServerToolCall{ID: "s1", Name: "f", Kind: "server_tool_use"}, "a call with input that is ill": model.ToolCall{ID: "c1", Name: "f", InvalidInput: `{"a`},
		"a result of the caller": model.ToolResult{CallID: "c1"}, "a failed result of the caller": model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{model.Text("t"), model.JSON(`{"a":1}`)}},
		"an image": model.Image{MediaType: "image/png; x=y", Data: pngData}, "a document of PDF": model.Document{MediaType: "application/pdf; x=y", Data: pdfData}, "a document of text": model.Document{Name: "d", MediaType: "text/plain", Data: []byte("t")},
		"a document of a text and a type": model.Document{Name: "d", MediaType: "application/pdf", Text: "t", Context: "c", Citations: true}, "a document of chunks": model.Document{Chunks: []string{"a", "b"}, Text: "t"},
		"a search result": model.SearchResult{Source: "s", Title: "t", Content: []string{"a", "b"}, Citations: true}, "a video": model.Video{MediaType: "video/mp4", URI: "s3://b/k", Owner: "1"}, "a sound": model.Audio{MediaType: "audio/mpeg", URI: "s3://b/k", Owner: "1"}, "a sound that is there": model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")},
		"a guarded text": model.Guard{Text: "g", Qualifiers: []string{"query"}}, "a cache point": model.CachePoint{}, "an empty text": model.Text(""), "JSON": model.JSON(`{"a": 1}`),
	} {
		answer := &model.Response{Message: model.AssistantParts(p, model.Text("z")), StopReason: model.StopEndTurn}
		b := block{name: name}
		for _, d := range allDoors {
			if d.op == "count-tokens" || d.format != bedrock.FormatConverse && d.format != bedrock.FormatAnthropic {
				continue
			}
			b.text += "  " + d.String() + "\n"
			for line := range strings.Lines(serve(claude45, d, answer, nil)) {
				if !aroundParts.MatchString(line) {
					b.text += line
				}
			}
		}
		blocks = append(blocks, b)
	}
	sortBlocks(blocks)
	checkGoldens(t, "served-parts", blocks)
}
