package model_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Documents under testdata/golden must decode for ever. With -update those
// that are there are written anew, which is right only as long as no release
// has written them; a document is added by making an empty file first. The files
// testdata/golden-*.txt hold what a caller sees; -update writes them too.
var update = flag.Bool("update", false, "write the documents and lines under testdata anew")

// A golden is a stored document and what it means.
type golden struct {
	file    string
	want    any
	foreign bool // written by hand, another version or another language: is decoded only
}

func goldens() []golden {
	return []golden{
		{"conversation.json", []model.Message{
			{Role: "system", Parts: []model.Part{
				model.Text("Answer with <b>care</b> & in few words."),
				model.CachePoint{},
				model.CachePoint{TTL: 5 * time.Minute},
				model.CachePoint{TTL: 90 * time.Minute},
			}},
			{Role: "user", Parts: []model.Part{
				model.Text("What do you see?\n\"東京\" 😀"),
				model.Text(""),
				model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")},
				model.Image{MediaType: "image/jpeg", URI: "s3://bucket/key", Owner: "111122223333"},
				model.Video{MediaType: "video/mp4", URI: "s3://bucket/film", Owner: "111122223333"},
				model.Video{Data: []byte{0, 1, 2}},
				model.Audio{MediaType: "audio/mp3", Data: []byte{255}},
				model.Document{Name: "report", MediaType: "application/pdf", Data: []byte("%PDF"), Citations: true},
				model.Document{URI: "s3://bucket/doc", Owner: "111122223333"},
				model.Document{Name: "notes", MediaType: "text/plain", Text: "Oaks are trees.", Context: "written by a child"},
				model.Document{Chunks: []string{"one", "", "two"}},
				model.SearchResult{Source: "https://t.example/?a=1&b=2", Title: "Trees", Content: []string{"Oaks", "Firs"}, Citations: true},
				model.Guard{Text: "look at this", Qualifiers: []string{"query", "grounding_source"}},
				model.Guard{Image: &model.Image{MediaType: "image/png", Data: []byte{1}}},
			}},
			{Role: "assistant", Parts: []model.Part{
				model.Thinking{Text: "Let me see.", Signature: "RXFvQkNr+/==", Provider: "bedrock"},
				model.Thinking{Signature: "RXFvQkNr"},
				model.Thinking{Text: "unsigned"},
				model.Thinking{Redacted: []byte("sealed"), Provider: "bedrock"},
				model.Thinking{Text: "cut of", Incomplete: true},
				model.CitedText{Text: "Oaks are trees.", Citations: []model.Citation{
					{Title: "notes", Source: "a", Quotes: []string{"Oaks", "are"}, Location: model.CitationLocation{Kind: "char", Index: 2, Start: 5, End: 9}},
					{Location: model.CitationLocation{Kind: "page", Start: 1, End: 2}},
					{Location: model.CitationLocation{Kind: "web", URL: "https://t.example/a", Domain: "t.example"}},
					{Location: model.CitationLocation{Kind: "hologram", Data: json.RawMessage(`{"depth":2.50}`)}},
				}},
				model.ToolCall{ID: "tooluse_1", Name: "weather", Input: json.RawMessage(`{"city":"Paris","n":9007199254740993,"x":2.50,"e":1e400,"a":null}`)},
				model.ToolCall{ID: "tooluse_2", Name: "search", Input: json.RawMessage("{ \"q\": \"<a> & <b>\",\n\"b\":1 }")},
				model.ToolCall{ID: "tooluse_3", Name: "search", InvalidInput: `{"q":"Par`},
				model.ToolCall{ID: "tooluse_4", Name: "now"},
				model.ServerToolCall{ID: "srv_1", Name: "web_search", Kind: "server_tool_use", Input: json.RawMessage(`{"q":"oaks"}`)},
				model.ServerToolCall{ID: "srv_2", Name: "web_search", InvalidInput: "{"},
				model.ServerToolResult{CallID: "srv_1", Kind: "web_search_result", Parts: []model.Part{model.Text("found")}, IsError: true},
				model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"depth": 2.50}`)},
				model.Opaque{Kind: "smell", Data: json.RawMessage(`{"type":"smell","of":["rain",2.50]}`)},
			}},
			{Role: "user", Parts: []model.Part{
				model.ToolResult{CallID: "tooluse_1", Parts: []model.Part{
					model.Text("sunny"), model.JSON(`{"celsius":20.0}`), model.JSON(`[ 1, "<" ]`), model.JSON(`null`),
					model.Image{URI: "s3://bucket/sky"}, model.Opaque{Provider: "bedrock", Kind: "k", Data: json.RawMessage(`1`)},
				}},
				model.ToolResult{CallID: "tooluse_2", Parts: []model.Part{model.Text("no network")}, IsError: true},
				model.ToolResult{CallID: "tooluse_3", Parts: []model.Part{}},
			}},
			{Role: "narrator", Parts: []model.Part{}},
		}, false},
		{"request.json", model.Request{
			Messages: []model.Message{{Role: "user", Parts: []model.Part{model.Text("Hi")}}},
			Tools: []model.Tool{
				{Name: "weather", Description: "tells the weather <now>", InputSchema: json.RawMessage(`{}`),
					Strict: new(false), Cache: &model.CachePoint{TTL: time.Hour}},
				{Name: "web_search", ServerSide: true, Cache: &model.CachePoint{}},
			},
			ToolChoice: model.ToolChoice{Mode: "named", Name: "weather", Parallel: new(true)},
			MaxTokens:  4096, Temperature: new(0.0), TopP: new(0.95), TopK: 40, StopSequences: []string{"END", "<>"},
			Thinking: &model.ThinkingConfig{Mode: "enabled", Budget: 1024, Effort: "high"},
			Output:   &model.OutputFormat{Name: "o", Description: "d", Schema: json.RawMessage(`{}`)},
			Cache:    &model.CacheConfig{TTL: 5 * time.Minute},
		}, false},
		{"response.json", model.Response{
			Message:    model.Message{Role: "assistant", Parts: []model.Part{model.Text("Hello")}},
			StopReason: "guardrail_intervened",
			Usage: &model.Usage{Known: true, InputTokens: 1540, OutputTokens: 11, CacheReadTokens: 5, CacheWriteTokens: 1528,
				CacheWrites: []model.CacheWrite{{TTL: time.Hour, Tokens: 28}, {TTL: 5 * time.Minute, Tokens: 1500}}},
			Model: "m", RequestID: "r-1", Latency: 1234 * time.Millisecond,
			Warnings: []model.Warning{{Action: "dropped", Field: "top_k", Reason: "the model has none"}},
		}, false},
		{"foreign.json", []model.Message{{Role: "assistant", Parts: []model.Part{
			model.ToolCall{ID: "edited", Name: "n", Input: json.RawMessage(`{"q":"by hand"}`)},
			model.ToolCall{ID: "escaped", Name: "n", Input: json.RawMessage(`{ "q": "<>&" }`)},
			model.ToolCall{ID: "indented", Name: "n", Input: json.RawMessage(`{"a":[1,{"b":2.50}]}`)},
			model.ToolCall{ID: "of another language", Name: "n", Input: json.RawMessage(`{"\u00e9":"\ud83d\ude00"}`)},
			model.Text("members of a later version are passed over"),
			model.Opaque{Kind: "kind_of_a_later_version", Data: json.RawMessage(`{"type":"kind_of_a_later_version","parts":[{"type":"text","text":"a"}]}`)},
			model.CachePoint{TTL: 90 * time.Minute},
		}}, {Parts: []model.Part{}}}, true},
	}
}

func TestGolden(t *testing.T) {
	var files []string
	for _, g := range goldens() {
		files = append(files, g.file)
		t.Run(g.file, func(t *testing.T) {
			path := filepath.Join("testdata", "golden", g.file)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			written, err := json.MarshalIndent(g.want, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, '\n')
			if *update && !g.foreign && !bytes.Equal(data, written) {
				if err := os.WriteFile(path, written, 0o644); err != nil {
					t.Fatal(err)
				}
				t.Fatalf("%s is rewritten; make sure that released versions' documents still decode, and run again without -update", path)
			}
			got := reflect.New(reflect.TypeOf(g.want))
			if err := json.Unmarshal(data, got.Interface()); err != nil {
				t.Fatalf("Unmarshal(%s) error = %v", path, err)
			}
			diff(t, "Unmarshal("+path+")", g.want, got.Elem().Interface())
			if !g.foreign {
				diff(t, "MarshalIndent", string(data), string(written))
			}
		})
	}
	there, err := filepath.Glob(filepath.Join("testdata", "golden", "*"))
	if err != nil || len(there) == 0 {
		t.Fatalf("no documents found: %v", err)
	}
	for _, path := range there {
		if !slices.Contains(files, filepath.Base(path)) {
			t.Errorf("%s is in no case", path)
		}
	}
}
