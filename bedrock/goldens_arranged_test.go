package bedrock_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensArranged keeps how results, text, files and cache points of one turn
// are arranged, in every order, by what a model takes beside each other.
func TestGoldensArranged(t *testing.T) {
	withoutRace(t)
	g := goldenGroup{models: []string{claude45}}
	parts := map[rune]model.Part{
		'r': result("c1", model.Text("of c1")), 's': result("c2", model.Text("of c2")),
		'a': model.Text("a"), 'b': model.CitedText{Text: "b"}, 'p': model.CachePoint{}, 'd': model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData},
		'i': model.Image{MediaType: "image/png", Data: pngData}, 'v': model.Video{MediaType: "video/mp4", URI: "s3://b/k"}, 'f': model.SearchResult{Source: "s", Content: []string{"c"}},
		'g': model.Guard{Text: "g"}, 'o': model.Opaque{Provider: "bedrock", Kind: "document", Data: json.RawMessage(`{"a":1}`)}, 'n': model.Opaque{Provider: "bedrock", Kind: "news", Data: json.RawMessage(`{"a":1}`)},
	}
	of := func(order string) (all []model.Part) {
		for _, c := range order {
			all = append(all, parts[c])
		}
		return all
	}
	turns := func(order string) model.Request {
		calls := []model.Part{call("c1")}
		if strings.Contains(order, "s") {
			calls = append(calls, call("c2"))
		}
		return withWeather(model.User("u"), assistant(calls...), user(of(order)...))
	}
	var orders []string
	for _, x := range []string{"", "a", "dp", "apd"} {
		for _, y := range []string{"", "p", "pap", "dp"} {
			orders = append(orders, x+"r"+y)
		}
	}
	orders = append(orders, "rs", "rps", "rpsp", "arps", "rasp", "rpas", "apras", "apsbprp", "iri", "vrv", "frfp", "grg", "oro", "nrnp", "ibr", "rb", "brps", "dprps", "rpspa", "rpspap")
	for _, rule := range []struct {
		name string
		set  func(*facts.Facts)
	}{
		{"results first", func(f *facts.Facts) { f.Turns.ResultsFirst = true }},
		{"in any order", func(f *facts.Facts) { f.Turns.ResultsFirst, f.Cache.AfterDocument = false, facts.SupportYes }},
		{"nothing beside results", func(f *facts.Facts) {
			f.Turns.ResultsFirst, f.Tools.TextWithResult, f.Input.Video, f.Input.S3 = false, facts.SupportNo, facts.SupportYes, facts.SupportYes
		}},
		{"nothing beside results, and no files in them", func(f *facts.Facts) {
			f.Turns.ResultsFirst, f.Tools.TextWithResult, f.Input.Video, f.Input.S3 = true, facts.SupportNo, facts.SupportYes, facts.SupportYes
			f.Results.Image, f.Results.Document, f.Results.Video = facts.SupportNo, facts.SupportNo, facts.SupportNo
		}},
	} {
		for _, order := range orders {
			g.ask(rule.name+": "+order, turns(order))
			g.cases[len(g.cases)-1].options = &bedrock.Options{Facts: rule.set}
		}
	}
	for _, with := range []facts.Support{facts.SupportYes, facts.SupportNo} {
		for _, order := range []string{"", "ap", "bp", "na"} {
			for _, behind := range []string{"", "pap", "b"} {
				said := append(append(of(order), call("c1")), of(behind)...)
				g.ask(fmt.Sprintf("text with calls %v: %sc%s", with, order, behind), withWeather(model.User("u"), assistant(said...), user(parts['r'])))
				g.cases[len(g.cases)-1].options = &bedrock.Options{Facts: func(f *facts.Facts) { f.Tools.TextWithCall = with }}
			}
		}
	}
	checkBrief(t, "arranged", g)
}

// TestGoldensToolBlocks keeps what becomes of cache points in turns with one kind
// of block of tools, where a model takes them and where it does not.
func TestGoldensToolBlocks(t *testing.T) {
	g := goldenGroup{models: []string{claude45, nova2}}
	a, p := model.Text("a"), model.CachePoint{}
	served := model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`{}`)}
	found := model.ServerToolResult{CallID: "s1", Kind: "web_search_tool_result", Parts: []model.Part{model.JSON(`{"a":1}`)}}
	for name, said := range map[string][]model.Part{
		"a text": {a, p}, "a call": {a, p, call("c1")}, "a call of the service": {a, p, served}, "a result of the service": {a, p, found}, "both of the service": {served, found, a, p},
	} {
		req := withWeather(user(a, p), assistant(said...))
		if name == "a call" {
			req.Messages = append(req.Messages, user(result("c1", a), p, a))
		}
		req.Messages = append(req.Messages, model.Assistant("b"), user(a))
		for _, takes := range []facts.Support{facts.SupportYes, facts.SupportNo} {
			g.ask(fmt.Sprintf("%s, points beside it %v", name, takes), req)
			options := &bedrock.Options{Facts: func(f *facts.Facts) { f.Cache.ToolBlocks = takes }}
			g.cases[len(g.cases)-1].options = options
			for i, more := range []int{1, 2, 3, 4} {
				auto := req
				auto.Cache, auto.Messages = &model.CacheConfig{}, req.Messages[:min(more+1, len(req.Messages))]
				if name == "a call" && more == 1 {
					continue // whose result is missing
				}
				g.ask(fmt.Sprintf("%s, points beside it %v, automatic %d", name, takes, i), auto)
				g.cases[len(g.cases)-1].options = options
			}
		}
	}
	g.sort()
	checkBrief(t, "tool-blocks", g)
}

// TestGoldensEfforts keeps in which words efforts go out, by the words that a
// model takes.
func TestGoldensEfforts(t *testing.T) {
	g := goldenGroup{models: []string{claude46, nova2, gptOSS}}
	for _, takes := range [][]string{nil, {}, {"low"}, {"high", "minimal"}, {"none", "high"}, {"minimal", "medium", "xhigh"}, {"max", "none", "low"}} {
		for _, asked := range []string{"", "none", "minimal", "low", "medium", "high", "xhigh", "max", "heroic"} {
			g.ask(fmt.Sprintf("%q of %#v", asked, takes), model.Request{MaxTokens: 9000, Thinking: &model.ThinkingConfig{Effort: asked}})
			g.cases[len(g.cases)-1].options = &bedrock.Options{Facts: func(f *facts.Facts) { f.Thinking.Efforts = takes }}
		}
	}
	checkBrief(t, "efforts", g)
}

// TestGoldensSpaces keeps which texts count as text, by the characters in them.
func TestGoldensSpaces(t *testing.T) {
	g := goldenGroup{models: []string{claude45}}
	for _, c := range []string{"\x00", "\x08", "\t", "\n", "\x0b", "\f", "\r", "\x0e", "\x1f", " ", "\x7f", "\u0085", "\u2028", "\xff"} {
		g.ask(fmt.Sprintf("a document with %q", c), talk(user(model.Text("a"), model.Document{Name: "d", Data: []byte("one" + c + "two")})))
		g.ask(fmt.Sprintf("a document of HTML with %q", c), talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "text/html", Data: []byte("one" + c + "two")})))
		g.ask(fmt.Sprintf("fields behind %q", c), extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(c + `{"a":1}` + c)}))
		g.ask(fmt.Sprintf("fields of %q", c), extra(bedrock.ProviderOptions{AdditionalFields: json.RawMessage(c)}))
		g.ask(fmt.Sprintf("an input behind %q", c), withWeather(model.User("a"), assistant(model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(c + `{"a":1}` + c)}), user(result("c1", model.JSON(c+`{"a":1}`+c)))))
	}
	checkBrief(t, "spaces", g)
}
