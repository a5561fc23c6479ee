package bedrock_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// parts returns up to four parts, each one of all.
func (h *historian) parts(all ...model.Part) (some []model.Part) {
	for range h.IntN(5) {
		some = append(some, one(h, all...))
	}
	return some
}

// TestGoldensRulesPoints keeps where cache points stand.
func TestGoldensRulesPoints(t *testing.T) {
	a, b, blank := model.Text("a"), model.Text("b"), model.Text(" ")
	pdf, image, video := model.Document{Name: "d", Text: "t"}, model.Image{MediaType: "image/png", Data: pngData}, model.Video{MediaType: "video/mp4", URI: "s3://b/k"}
	p, five, hour := model.CachePoint{}, model.CachePoint{TTL: 5 * time.Minute}, model.CachePoint{TTL: time.Hour}
	thought := model.Thinking{Text: "t", Signature: "s", Provider: bedrock.Provider}
	rules{[]string{"Cache", "Results"}, func(h *historian) (r model.Request) {
		point := one(h, p, p, five, hour)
		if h.chance(50) {
			r.Tools = []model.Tool{{Name: "f"}, {Name: "g"}}
			if h.chance(40) {
				r.Tools[h.IntN(2)].Cache = &point
			}
		}
		for range 1 + h.IntN(6) {
			switch h.IntN(5) {
			case 0:
				r.Messages = append(r.Messages, system(h.parts(a, b, point, hour)...))
			case 1:
				r.Messages = append(r.Messages, assistant(h.parts(a, b, thought, p, point)...))
			case 2:
				if len(r.Tools) > 0 {
					c := model.ToolCall{ID: h.word(), Name: "f"}
					r.Messages = append(r.Messages, assistant(slices.Concat(h.parts(a, thought, point), []model.Part{c}, h.parts(point))...),
						user(slices.Concat(h.parts(point, a, pdf), []model.Part{result(c.ID, one[model.Part](h, a, image, pdf))}, h.parts(point, a, pdf))...))
				}
			default:
				r.Messages = append(r.Messages, user(h.parts(a, b, blank, pdf, image, video, p, point, point)...))
			}
		}
		r.Messages = append(r.Messages, user(append([]model.Part{a}, h.parts(p, b, pdf, blank, point)...)...))
		r.Cache = one(h, nil, nil, &model.CacheConfig{}, &model.CacheConfig{TTL: time.Hour})
		return r
	}}.check(t, "points", 7)
}

// TestGoldensRulesResults keeps what becomes of calls and their results.
func TestGoldensRulesResults(t *testing.T) {
	a := model.Text("a")
	png, pdf, video := model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}, model.Video{MediaType: "video/mp4", Data: []byte("....ftypmp42")}
	there := model.Image{URI: "s3://b/k.png"}
	inside := []model.Part{a, a, model.Text("b"), model.Text(" "), model.JSON(`{"a":1}`), model.JSON(` [1]`), model.SearchResult{Source: "s", Title: "t", Content: []string{"c", "d"}}, model.SearchResult{Content: []string{"e"}}, png, pdf, video, there,
		model.Document{Name: "e", MediaType: "text/csv", URI: "s3://b/k.csv"}, model.Video{MediaType: "video/mp4", URI: "s3://b/k"}, model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")}, model.Opaque{Provider: "bedrock", Kind: "image", Data: json.RawMessage(`{"a":1}`)}, model.Opaque{Provider: "bedrock", Kind: "news", Data: json.RawMessage(`{"a":1}`)}}
	ids := []string{"c1", "c2", "c.1", "", strings.Repeat("i", 64), strings.Repeat("i", 65)}
	rules{[]string{"Tools", "Turns", "Results"}, func(h *historian) (r model.Request) {
		if h.chance(80) {
			r.Tools = weather
		}
		r.Messages = []model.Message{model.User("a")}
		for range 1 + h.IntN(3) {
			var calls, results []model.Part
			for range h.IntN(3) {
				c := model.ToolCall{ID: one(h, ids...), Name: one(h, "weather", "weather", "gone", "a.b", "", strings.Repeat("n", 65))}
				c.Input = json.RawMessage(one(h, `{"a":1}`, `{}`, `[1]`, ``))
				if h.chance(10) {
					c.Input, c.InvalidInput = nil, `{"a`
				}
				calls = append(calls, c)
				if h.chance(95) {
					results = append(results, model.ToolResult{CallID: c.ID, Parts: h.parts(inside...), IsError: h.chance(40)})
				}
				if h.chance(10) {
					results = append(results, model.ToolResult{CallID: one(h, ids...), Parts: h.parts(inside...), IsError: h.chance(40)})
				}
			}
			for range h.IntN(2) {
				s := model.ServerToolCall{ID: one(h, "s1", "s.1", "s2"), Name: one(h, "search", "a.b"), Kind: "server_tool_use", Input: json.RawMessage(one(h, `{"q":1}`, `[1]`, ``))}
				calls = append(calls, s)
				if h.chance(30) {
					calls = append(calls, one[model.Part](h, a, model.CachePoint{}))
				}
				if h.chance(90) {
					calls = append(calls, model.ServerToolResult{CallID: one(h, s.ID, s.ID, "s1"), Kind: one(h, "web_search_tool_result", "nova_grounding_result"), IsError: h.chance(30),
						Parts: one(h, []model.Part{model.JSON(`[1]`)}, []model.Part{model.JSON(`{"a":1}`)}, h.parts(inside...))})
				}
			}
			if h.chance(50) {
				h.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
			}
			said := slices.Concat(h.parts(a), calls)
			if len(said) > 0 {
				r.Messages = append(r.Messages, assistant(said...))
			}
			if h.chance(20) {
				r.Messages = append(r.Messages, model.System("s"))
			}
			r.Messages = append(r.Messages, user(append(results, h.parts(a, pdf, png)...)...))
		}
		return r
	}}.check(t, "results", 9)
}

// TestGoldensTakenBack keeps what becomes of calls whose results are not of the
// format, which Anthropic's results of tools that the service ran are.
func TestGoldensTakenBack(t *testing.T) {
	s := func(id string) model.Part {
		return model.ServerToolCall{ID: id, Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`{"q":1}`)}
	}
	foreign := func(id string) model.Part {
		return model.ServerToolResult{CallID: id, Kind: "nova_grounding_result", Parts: []model.Part{model.JSON(`1`)}}
	}
	own := func(id string) model.Part {
		return model.ServerToolResult{CallID: id, Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`[1]`)}}
	}
	a, p, end := model.User("a"), model.CachePoint{}, model.User("e")
	b := model.Text("b")
	var blocks []block
	for i, messages := range [][]model.Message{
		{assistant(foreign("s1")), end}, {assistant(foreign("s1"), b), end}, {a, assistant(foreign("s1")), end}, {a, assistant(s("s1"), foreign("s1")), end}, {a, assistant(s("s1"), foreign("s1"), b), end}, {a, assistant(b, s("s1"), b, foreign("s1"), b), end},
		{a, assistant(s("s1"), s("s2"), foreign("s1"), own("s2"), b), end}, {a, assistant(s("s1"), s("s2"), own("s1"), foreign("s2"), b), end}, {a, assistant(s("s1"), s("s1"), foreign("s1"), b), end}, {a, assistant(s("s1"), p, foreign("s1"), b), end}, {a, assistant(b, s("s1"), p, foreign("s1"), p), end}, {a, assistant(s("s1"), b, p, foreign("s1"), b), end},
		{a, assistant(s("s1"), b), end, assistant(foreign("s1"), b), end}, {a, assistant(s("s1"), b), end, assistant(b, foreign("s1"), b), end}, {a, assistant(s("s1")), assistant(foreign("s1")), assistant(b), end}, {a, assistant(call("c1"), s("s1"), foreign("s1"), call("c2")), user(result("c1", b), result("c2", b))},
		{a, assistant(s("s.1"), foreign("s.1"), b), end}, {a, assistant(call("s1"), foreign("s1")), user(result("s1", b))},
	} {
		req := withWeather(messages...)
		blocks = append(blocks, block{fmt.Sprint("talk ", i), encoded(t, &req)})
	}
	checkGoldens(t, "taken-back", blocks)
}

// TestGoldensRulesReplay keeps which thinking and unknown blocks go back.
func TestGoldensRulesReplay(t *testing.T) {
	makers := []string{"", claude45, "global." + claude45, claude37, claude47, claude5, nova2, gptOSS, deepseekR1, qwen, gpt5, unknown, siblings[1].model, siblings[5].model, "nonsense"}
	rules{[]string{"Thinking", "Turns"}, func(h *historian) (r model.Request) {
		thought := func() model.Part {
			q := one(h, model.Thinking{Text: "t", Signature: "c2ln"}, model.Thinking{Redacted: []byte("sealed")}, model.Thinking{Redacted: []byte("\xff\x00")}, model.Thinking{Text: "t"}, model.Thinking{}, model.Thinking{Signature: "c2ln"})
			q.Model, q.Provider, q.Incomplete = one(h, makers...), one(h, "", bedrock.Provider, bedrock.Provider, bedrock.Provider, "p"), h.chance(5)
			return q
		}
		r.Tools = weather
		r.Messages = []model.Message{model.User("a"), assistant(thought(), model.Text("b"), thought()), model.User("c"), assistant(thought(), call("c1")), user(result("c1", model.Text("x")))}
		if h.chance(20) {
			r.Messages = append(r.Messages, assistant(model.Text("d ")))
		}
		if h.chance(50) {
			r.Thinking = &model.ThinkingConfig{Mode: one(h, model.ThinkingEnabled, model.ThinkingAdaptive), Budget: one(h, 0, 2000)}
		}
		return r
	}}.check(t, "replay", 7)
}

// TestGoldensRulesTexts keeps what is sent of texts, their citations and blocks
// that are not known.
func TestGoldensRulesTexts(t *testing.T) {
	rules{[]string{"Turns", "Input", "Guardrails"}, func(h *historian) (r model.Request) {
		text := func() model.Part {
			if h.chance(30) {
				return model.Opaque{Provider: one(h, "bedrock", "bedrock/anthropic", "bedrock/openai", "other"), Kind: one(h, "", "k", "image", "document", "video", "audio"), Model: one(h, "", claude45, nova2, unknown), Data: json.RawMessage(one(h, `{"a":1}`, ` {"a":1}`, `[1]`, `{`, ``, `{1}`))}
			}
			q := model.CitedText{Text: one(h, "t", "t", " ", "")}
			for range h.IntN(5) {
				q.Citations = append(q.Citations, model.Citation{Title: h.word(), Location: model.CitationLocation{Kind: one(h, "", model.LocationChar, model.LocationPage, model.LocationChunk, model.LocationSearchResult, model.LocationWeb, "k"),
					Index: h.IntN(2), Start: h.IntN(2), End: 3, URL: one(h, "", "u"), Data: json.RawMessage(one(h, ``, ``, `{"type":"k"}`, `{"type":"j"}`, `{"type":7}`, `[1]`, `{`, `{"type":"k"`))}})
			}
			return q
		}
		r.Messages = []model.Message{user(model.Text("a"), text()), assistant(model.Text("b"), text(), text()), user(model.Text("c"), text()), assistant(text(), model.Text("d ")), model.User("e")}
		return r
	}}.check(t, "texts", 6)
}
