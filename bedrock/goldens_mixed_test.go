package bedrock_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensMixed keeps digests of what becomes of requests to models that
// differ from the existing ones in several facts, so that rules about one fact
// meet those about another. TestGoldensFacts shows in full what each fact does
// alone.
func TestGoldensMixed(t *testing.T) {
	withoutRace(t)
	doors, values, requests := factDoors(), factValues(), mixedRequests()
	var blocks []block
	for k := range 60 {
		if !inSample(k) {
			continue
		}
		b := block{name: fmt.Sprint("mix ", k)}
		for i := range 12 {
			r := rand.New(rand.NewPCG(uint64(k), uint64(i)))
			d := doors[r.IntN(len(doors))]
			set := func(f *facts.Facts) {
				r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
				for range 2 + r.IntN(12) {
					values[r.IntN(len(values))].set(f)
				}
				f.Doors.Converse, f.Doors.Invoke = facts.SupportYes, facts.SupportYes
			}
			req := requests[r.IntN(len(requests))].Clone()
			if r.IntN(2) == 0 {
				(&historian{Rand: r}).wishes(req)
			}
			o := d.outcome(req, set)
			b.text += fmt.Sprintf("  %.4x\n", sha256.Sum256([]byte(o.findings+o.body)))
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "mixed", blocks)
}

// mixedRequests are those of the other goldens that say the most.
func mixedRequests() (all []*model.Request) {
	for _, r := range factRequests() {
		all = append(all, &r.req)
	}
	for _, g := range append(cornerKinds(), toolRequests(), thinkingRequests(), cachingRequests(), mediaRequests()) {
		for _, c := range g.cases {
			if c.req != nil && g.name != "large" && g.name != "beside prompts" {
				all = append(all, c.req)
			}
		}
	}
	return all
}

// TestGoldensChangedRequests keeps what becomes of stored requests with one
// thing changed, as TestGoldensAnswers does for answers. Each value is left
// out, null, of another type, and under another name. Most are read as
// requests, and are sent or refused. All changes of one kind to a request share
// one digest.
func TestGoldensChangedRequests(t *testing.T) {
	withoutRace(t)
	doors := factDoors()[:4]
	var blocks []block
	for i, r := range storedRequests() {
		if !inSample(i) {
			continue
		}
		stored, err := json.Marshal(r.req)
		if err != nil {
			t.Fatal(err)
		}
		b := block{name: r.name}
		changes := changedBodies(stored)
		for _, kind := range slices.Sorted(maps.Keys(changes)) {
			all, most := changes[kind], 2*mostChanges
			if kind == "another word" {
				all, most = changedWords(stored), 6*mostChanges
			}
			sum := sha256.New()
			for n, k := range rand.New(rand.NewPCG(7, 7)).Perm(len(all))[:min(most, len(all))] {
				d := doors[n%len(doors)]
				var req model.Request
				err := json.Unmarshal(all[k], &req)
				if e, ok := errors.AsType[*model.Error](err); ok {
					fmt.Fprintln(sum, e.Kind, e.Message)
				} else if err != nil {
					fmt.Fprintln(sum, "not read")
				}
				req.ProviderOptions = r.req.ProviderOptions
				o := d.outcome(&req, nil)
				again, _ := json.Marshal(req)
				fmt.Fprintf(sum, "%s %s\n%s\n", again, o.findings, o.body)
			}
			b.text += fmt.Sprintf("  %s %.4x\n", kind, sum.Sum(nil))
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "changed-requests", blocks)
}

// storedRequests are some that hold a bit of everything.
func storedRequests() []factRequest {
	r := func(name string, req model.Request) factRequest { return factRequest{name: name, req: req} }
	a := model.Text("a")
	wishes := model.Request{MaxTokens: 5000, Temperature: new(0.5), TopP: new(0.9), TopK: 5, StopSequences: []string{"x", "y"}, Thinking: &model.ThinkingConfig{Mode: model.ThinkingAdaptive, Effort: "low"},
		Output: &model.OutputFormat{Name: "n", Description: "d", Schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`)}, Cache: &model.CacheConfig{TTL: 3600e9},
		Tools:      []model.Tool{{Name: "f", Description: "d", InputSchema: json.RawMessage(`{"type":"object"}`), Strict: new(true), Cache: &model.CachePoint{TTL: 300e9}}, {Name: "g"}},
		ToolChoice: model.ToolChoice{Mode: model.ToolsNamed, Name: "f", Parallel: new(false)}, Messages: []model.Message{model.System("s"), model.User("a")}}
	files := talk(user(a, model.Image{MediaType: "image/png", Data: pngData}, model.Image{URI: "s3://b/k.png", Owner: "123456789012"}, model.Document{Name: "d", MediaType: "text/plain", Text: "t", Context: "c", Citations: true},
		model.Document{Name: "e", Chunks: []string{"t", "u"}}, model.Video{MediaType: "video/mp4", URI: "s3://b/k"}, model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")},
		model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true}, model.Guard{Text: "g", Qualifiers: []string{"query"}}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: pngData}}, model.CachePoint{TTL: 300e9}))
	said := withWeather(user(a), assistant(model.Thinking{Text: "t", Signature: "s", Provider: "bedrock", Model: claude45}, model.Thinking{Redacted: []byte("r")},
		model.CitedText{Text: "b", Citations: []model.Citation{{Title: "t", Source: "s", Quotes: []string{"q"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}}, {Location: model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example", Domain: "a.example"}}}},
		model.Opaque{Provider: "bedrock", Kind: "k", Data: json.RawMessage(`{"a":1}`)}, model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`{"q":1}`)},
		model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`[1]`)}}, call("c1"), model.ToolCall{ID: "c2", Name: "weather", InvalidInput: "{"}),
		user(model.ToolResult{CallID: "c1", IsError: true, Parts: []model.Part{a, model.JSON(`{"t":2.50}`), model.Image{MediaType: "image/png", Data: pngData}}}, result("c2", model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}}), model.Text("so?")))
	return []factRequest{r("wishes", wishes), r("files", files), r("a history", said)}
}

// changedWords returns a stored request with each text in turn another one that
// requests have a meaning for.
func changedWords(stored []byte) (all [][]byte) {
	var root any
	d := json.NewDecoder(bytes.NewReader(stored))
	d.UseNumber()
	if d.Decode(&root) != nil {
		return nil
	}
	words := []string{"", " ", "user", "assistant", "system", "any", "named", "none", "adaptive", "enabled", "disabled", "max", "5m", "1h0m0s", "image/jpeg", "text/csv", "s3://b/k.pdf", "data:,x", "f", "c1", "c2", "a.b",
		"text", "cited_text", "thinking", "image", "document", "tool_call", "tool_result", "cache_point", "opaque", "json", "guard", "page", "search_result", "bedrock", "aGk="}
	var visit func(v any, set func(any))
	visit = func(v any, set func(any)) {
		switch v := v.(type) {
		case string:
			for _, w := range words {
				set(w)
				data, _ := json.Marshal(root)
				all = append(all, data)
			}
			set(v)
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				visit(v[name], func(other any) { v[name] = other })
			}
		case []any:
			for i := range v {
				visit(v[i], func(other any) { v[i] = other })
			}
		}
	}
	visit(root, func(other any) { root = other })
	return all
}
