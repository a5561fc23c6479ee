package bedrock_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// cornerKinds are requests with what histories and files have in them that no
// one wrote for this package: made by other models, cut off, put together from
// several sources.
func cornerKinds() []goldenGroup {
	all := []goldenGroup{oddFiles(), oddResults(), oddHistories(), oddThinking(), oddTexts(), oddMarks(), oddFields(), oddSchemas(), oddPoints(), oddGuards(), besidePrompts(), largeRequests()}
	for _, g := range all {
		for i := range g.cases {
			g.cases[i].brief = true
		}
	}
	return all
}

// Each kind has a test of its own, so that the quickest tells of a fault.
func TestGoldensOddFiles(t *testing.T)      { checkCorner(t, oddFiles()) }
func TestGoldensOddResults(t *testing.T)    { checkCorner(t, oddResults()) }
func TestGoldensOddHistories(t *testing.T)  { checkCorner(t, oddHistories()) }
func TestGoldensOddThinking(t *testing.T)   { checkCorner(t, oddThinking()) }
func TestGoldensOddTexts(t *testing.T)      { checkCorner(t, oddTexts()) }
func TestGoldensOddMarks(t *testing.T)      { checkCorner(t, oddMarks()) }
func TestGoldensOddFields(t *testing.T)     { checkCorner(t, oddFields()) }
func TestGoldensOddSchemas(t *testing.T)    { checkCorner(t, oddSchemas()) }
func TestGoldensOddPoints(t *testing.T)     { checkCorner(t, oddPoints()) }
func TestGoldensOddGuards(t *testing.T)     { checkCorner(t, oddGuards()) }
func TestGoldensBesidePrompts(t *testing.T) { checkCorner(t, besidePrompts()) }
func TestGoldensLargeTexts(t *testing.T)    { checkCorner(t, largeRequests()) }

func checkCorner(t *testing.T, g goldenGroup) {
	t.Helper()
	checkBrief(t, "requests-"+strings.ReplaceAll(g.name, " ", "-"), g)
}

var (
	pngData = []byte("\x89PNG\r\n\x1a\n")
	pdfData = []byte("%PDF-1.7")
)

// oddFiles are files with types and places of all kinds.
func oddFiles() goldenGroup {
	g := goldenGroup{name: "odd files", models: []string{claude45, nova2, gptOSS, unknown}}
	for name, q := range map[string]model.Part{
		"document of text whose name says CSV":         model.Document{Name: "d.csv", Text: "a"},
		"document of a chunk whose name says CSV":      model.Document{Name: "d.csv", Chunks: []string{"a"}},
		"document to cite whose name says CSV":         model.Document{Name: "d.csv", Text: "a", Citations: true},
		"data URL":                                     model.Image{URI: "data:image/png;base64,iVBORw0KGgo="},
		"data URL with a parameter and in capitals":    model.Image{URI: "DATA:IMAGE/PNG;name=a.png;BASE64,iVBORw0KGgo="},
		"data URL in the other alphabet, with spaces":  model.Image{URI: "data:image/png;base64,iVBORw0K Ggr_\t-w\r\n=="},
		"data URL with escapes":                        model.Image{URI: "data:image/png;base64,iVBORw0KGgo%3D"},
		"data URL that is not base64":                  model.Image{URI: "data:image/png,%89PNG%0D%0A%1A%0A"},
		"data URL of a bad escape":                     model.Image{URI: "data:image/png,%zz"},
		"data URL of bad base64":                       model.Image{URI: "data:image/png;base64,?"},
		"data URL without data":                        model.Image{URI: "data:image/png;base64,"},
		"data URL without a comma":                     model.Image{URI: "data:image/png;base64"},
		"data URL without a type":                      model.Image{URI: "data:;base64,iVBORw0KGgo="},
		"data URL without a type, of unknown bytes":    model.Image{URI: "data:;base64,aGk="},
		"data URL of a type, of unknown bytes":         model.Image{URI: "data:image/gif;base64,aGk="},
		"data URL of a type beside another one":        model.Image{MediaType: "image/webp", URI: "data:image/gif;base64,aGk="},
		"data URL with a mark that is not base64":      model.Image{URI: "data:image/png;utf8,aGk="},
		"data URL without any mark":                    model.Image{URI: "data:image/png,aGk="},
		"short scheme":                                 model.Image{MediaType: "image/png", URI: "dat"},
		"type that is not that of the data":            model.Image{MediaType: "image/jpeg", Data: pngData},
		"long type that is not that of the data":       model.Image{MediaType: "image/" + strings.Repeat("x", 59), Data: pngData},
		"still longer type":                            model.Image{MediaType: "image/" + strings.Repeat("x", 58) + "yz", Data: pngData},
		"type that is a name of the wire":              model.Image{MediaType: "png", Data: []byte("?")},
		"type to come":                                 model.Image{MediaType: "image/x-bedrock-avif", Data: []byte("?")},
		"type that begins with a slash":                model.Image{MediaType: "/x-bedrock-avif", Data: []byte("?")},
		"JPEG":                                         model.Image{Data: []byte("\xff\xd8\xff\xe0")},
		"GIF of 87":                                    model.Image{Data: []byte("GIF87a")},
		"GIF of 89":                                    model.Image{Data: []byte("GIF89a")},
		"WebP":                                         model.Image{Data: []byte("RIFF1234WEBP")},
		"RIFF that is cut":                             model.Image{Data: []byte("RIFF1234WEB")},
		"RIFF of something else":                       model.Image{Data: []byte("RIFF1234WAVE")},
		"image that is a PDF":                          model.Image{Data: pdfData},
		"image in S3 without a type":                   model.Image{URI: "s3://bucket/a.jpg"},
		"image in S3 whose name says nothing":          model.Image{URI: "s3://bucket/a"},
		"image in S3 whose name ends in a dot":         model.Image{URI: "s3://bucket/a."},
		"image in S3 whose name says something else":   model.Image{URI: "s3://bucket/a.pdf"},
		"image in S3 in capitals":                      model.Image{URI: "s3://bucket/A.PNG", Owner: "123456789012"},
		"image elsewhere, at a long address":           model.Image{MediaType: "image/png", URI: "https://a.example/" + strings.Repeat("x", 47)},
		"image elsewhere, at an address of 64 letters": model.Image{MediaType: "image/png", URI: "https://a.example/" + strings.Repeat("x", 46)},
		"document of words without a type":             model.Document{Name: "d", Data: []byte("one\ttwo\r\nthree\f")},
		"document of bytes without a type":             model.Document{Name: "d", Data: []byte("one\x00two")},
		"document with a control character":            model.Document{Name: "d", Data: []byte("one\x1ftwo")},
		"document with the last control character":     model.Document{Name: "d", Data: []byte("one\x7ftwo")},
		"document of bad UTF-8":                        model.Document{Name: "d", Data: []byte("one\xfftwo")},
		"document of bad UTF-8 and a type of text":     model.Document{Name: "d", MediaType: "text/csv", Data: []byte("one\xfftwo")},
		"document whose name says the type":            model.Document{Name: "d.csv", Data: []byte("a,b")},
		"document whose name says HTML":                model.Document{Name: "d.HTML", Data: []byte("<html>")},
		"document of chunks, of another type":          model.Document{Name: "d", MediaType: "text/markdown", Chunks: []string{"a", "b"}},
		"document of chunks, no citations":             model.Document{Name: "d", Chunks: []string{"a", "b"}},
		"document of text, of another type":            model.Document{Name: "d", MediaType: "text/markdown", Text: "# a"},
		"document of text, no citations":               model.Document{Name: "d", Text: "a"},
		"document of text, with all there is":          model.Document{Name: "d", Text: "a", Context: "c", Citations: true},
		"document of Markdown":                         model.Document{Name: "d", MediaType: "text/x-markdown; charset=utf-8", Data: []byte("# a")},
		"document that is a PDF by its bytes":          model.Document{Name: "d", MediaType: "text/plain", Data: pdfData},
		"document by a data: URL":                      model.Document{Name: "d", URI: "data:text/plain,hello%20there"},
		"document by a data: URL of CSV":               model.Document{Name: "d", URI: "data:text/csv;base64,YSxi"},
		"document by a data: URL, its type given":      model.Document{Name: "d", MediaType: "text/csv", URI: "data:;base64,YSxi"},
		"document by a data: URL of text that is bad":  model.Document{Name: "d", MediaType: "text/plain", URI: "data:text/plain;base64,?"},
		"document by a data: URL of a PDF":             model.Document{Name: "d", URI: "data:application/pdf;base64,JVBERi0xLjc="},
		"document of text in S3":                       model.Document{Name: "d", MediaType: "text/plain", URI: "s3://b/k"},
		"document of Word in S3":                       model.Document{Name: "d", URI: "s3://b/k.docx"},
		"document of Word":                             model.Document{Name: "d.docx", Data: []byte("PK\x03\x04")},
		"document with a name of 200 letters":          model.Document{Name: strings.Repeat("n", 200), Text: "t"},
		"document with a name of 201 letters":          model.Document{Name: strings.Repeat("n", 200) + "m", Text: "t"},
		"document without a name":                      model.Document{Text: "t"},
		"document with a name of signs":                model.Document{Name: "/_-. é", Text: "t"},
		"document with a name of dashes":               model.Document{Name: " .- ", Text: "t"},
		"document with a name of spaces":               model.Document{Name: "a \t\r\n b  c", Text: "t"},
		"document with a name that repeats its type":   model.Document{Name: "a (1) [x].TXT", Text: "t"},
		"video without a type":                         model.Video{URI: "s3://b/k.mov"},
		"video by a data: URL":                         model.Video{URI: "data:video/webm;base64,aGk="},
		"video of an unknown type":                     model.Video{MediaType: "video/avi", Data: []byte("x")},
		"audio by a data: URL":                         model.Audio{URI: "data:audio/ogg;base64,aGk="},
		"audio in S3":                                  model.Audio{URI: "s3://b/k.mp3", Owner: "123456789012"},
		"audio of an unknown type":                     model.Audio{MediaType: "audio/midi", Data: []byte("x")},
	} {
		g.ask(name, talk(user(model.Text("a"), q)))
		if strings.HasPrefix(name, "document") {
			g.ask(name+", of the past", talk(user(model.Text("a"), q), model.Assistant("b"), user(model.Text("c"), q)))
		}
	}
	image, document := model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}
	for _, q := range []model.Part{image, document, model.Document{MediaType: "application/zip", Data: []byte("PK")}, model.Image{MediaType: "image/bmp", Data: []byte("BM")},
		model.Video{MediaType: "video/mp4", URI: "s3://b/k"}, model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")}, model.Video{MediaType: "video/avi", Data: []byte("x")}, model.Image{URI: "https://a.example/a"}} {
		name := fmt.Sprintf("%T ", q) + string(mediaTypeOf(q))
		g.ask(name+" of the past", talk(user(model.Text("a"), q), model.Assistant("b"), model.User("c")))
		g.ask(name+" by the assistant", talk(model.User("a"), assistant(model.Text("b"), q), model.User("c")))
		g.ask(name+" in a result", withWeather(model.User("a"), assistant(call("c1")), user(result("c1", q))))
		g.ask(name+" in a result between others", withWeather(model.User("a"), assistant(call("c1"), call("c2")), user(result("c1", model.Text("x"), q, model.JSON(`{"a":1}`)), result("c2", q), model.Text("so?"))))
		g.ask(name+" in a result of the past", withWeather(model.User("a"), assistant(call("c1")), user(result("c1", model.Text("x"), q)), model.Assistant("b"), model.User("c")))
	}
	g.ask("a refused image and a point", talk(user(model.Image{URI: "x"}, model.CachePoint{}), model.Assistant("b"), user(model.Image{URI: "x"}, model.CachePoint{}, model.Text("c"))))
	for i, name := range []string{strings.Repeat("n", 188), strings.Repeat("n", 191)} {
		d := func(end string) model.Part { return model.Document{Name: name + end, Text: "t"} }
		g.ask(fmt.Sprintf("long names that begin alike %d", i), talk(user(model.Text("a"), d("aaaa"), d("aaaa"), d("bbbb"), d("bbbb"))))
	}
	times := func(n int, q model.Part) (all []model.Part) { return slices.Repeat([]model.Part{q}, n) }
	for _, n := range []int{5, 6, 7, 8, 9} {
		g.ask(fmt.Sprintf("%d documents in all", n), talk(user(append(times(n-2, document), model.Text("a"))...), model.Assistant("b"), user(append(times(2, document), model.Text("c"))...)))
		g.ask(fmt.Sprintf("%d documents at once", n), talk(model.User("a"), model.Assistant("b"), user(append(times(n, document), model.Text("c"))...)))
	}
	for _, n := range []int{20, 21, 30, 31} {
		g.ask(fmt.Sprintf("%d images in all", n), talk(user(append(times(n-3, image), model.Text("a"))...), model.Assistant("b"), user(append(times(3, image), model.Text("c"))...)))
		g.ask(fmt.Sprintf("%d images, some in results", n), withWeather(user(append(times(n-4, image), model.Text("a"))...), assistant(call("c1")), user(result("c1", image, model.Text("x"), image)), model.Assistant("b"), user(image, image, model.Text("c"))))
	}
	g.ask("101 images", talk(user(append(times(60, image), model.Text("a"))...), model.Assistant("b"), user(append(times(41, image), model.Text("c"))...)))
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

func mediaTypeOf(q model.Part) string {
	switch q := q.(type) {
	case model.Image:
		return q.MediaType
	case model.Document:
		return q.MediaType
	case model.Video:
		return q.MediaType
	case model.Audio:
		return q.MediaType
	}
	return ""
}

// fills adds a request twice: as it is, and with the option that fills in results.
func (g *goldenGroup) fills(name string, req model.Request) {
	g.ask(name, req)
	g.ask(name+", filled in", req)
	g.cases[len(g.cases)-1].options = &bedrock.Options{FillResults: true}
}

// oddResults are calls and results that do not belong to each other, and results
// with odd things in them.
func oddResults() goldenGroup {
	g := goldenGroup{name: "odd results", models: []string{claude45, nova2, gptOSS, llama}}
	a, end := model.User("a"), model.User("z")
	x := func(id string) model.ToolResult { return result(id, model.Text("of "+id)) }
	failed := func(id string) model.ToolResult {
		return model.ToolResult{CallID: id, IsError: true, Parts: []model.Part{model.Text("failed")}}
	}
	g.fills("a call that waits at the end", withWeather(a, assistant(call("c1"), call("c2"))))
	g.fills("a call that waits before a text", withWeather(a, assistant(call("c1")), model.User("b"), model.Assistant("c"), end))
	g.fills("a call that waits before the assistant", withWeather(a, assistant(call("c1")), assistant(call("c2")), user(x("c1"), x("c2"))))
	g.fills("one of two calls without a result", withWeather(a, assistant(call("c1"), call("c2")), user(x("c2"), model.Text("so?")), model.Assistant("b"), end))
	g.fills("a result at the beginning", withWeather(user(x("c0"), failed("c1"), model.Text("a"))))
	g.fills("a result that comes late", withWeather(a, assistant(call("c1")), user(x("c1")), model.Assistant("b"), user(x("c1"), model.Text("so?"))))
	g.fills("a result of files that nothing called", withWeather(user(result("c0", model.Text("t"), model.JSON(`{"a":1}`), model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}},
		model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", Text: "t"}, model.Opaque{Provider: "bedrock", Kind: "k", Data: json.RawMessage(`{"a":1}`)}))))
	g.fills("a result of nothing that nothing called", withWeather(user(result("c0"))))
	g.ask("a result without a call, and a point", withWeather(user(x("c0"), model.CachePoint{}, model.Text("a"))))
	g.ask("no tools: documents in results", talk(a, assistant(call("c1")), user(result("c1", slices.Repeat([]model.Part{model.Document{Name: "d", Text: "t"}}, 7)...)), model.Assistant("b"), end))
	g.ask("two results of one call", withWeather(a, assistant(call("c1")), user(x("c1"), failed("c1"))))
	g.ask("three results of one call, in two messages", withWeather(a, assistant(call("c1")), user(failed("c1")), user(x("c1"), x("c1"))))
	g.ask("a second result that is empty", withWeather(a, assistant(call("c1")), user(x("c1")), user(result("c1"))))
	g.ask("two calls of one id", withWeather(a, assistant(call("c1"), call("c1")), user(x("c1"), failed("c1"))))
	g.ask("three calls of one id, four results", withWeather(a, assistant(call("c1"), call("c1"), call("c1")), user(x("c1"), failed("c1"), x("c1"), failed("c1"))))
	g.ask("an id again in a later turn", withWeather(a, assistant(call("c1")), user(x("c1")), assistant(call("c1")), user(failed("c1")), assistant(call("c1"), call("c1")), user(x("c1"), x("c1"))))
	g.ask("ids that are empty", withWeather(a, assistant(call(""), call("")), user(x(""), failed(""))))
	g.ask("an id of 64 letters", withWeather(a, assistant(call(strings.Repeat("i", 64))), user(x(strings.Repeat("i", 64)))))
	g.ask("an id of 65 letters", withWeather(a, assistant(call(strings.Repeat("i", 65))), user(x(strings.Repeat("i", 65)))))
	g.ask("ids that begin alike", withWeather(a, assistant(call(strings.Repeat("i", 70)+"a"), call(strings.Repeat("i", 70)+"b")), user(x(strings.Repeat("i", 70)+"b"), x(strings.Repeat("i", 70)+"a"))))
	g.ask("ids that differ in what is not legal", withWeather(a, assistant(call("a.b"), call("a:b"), call("a_b")), user(x("a:b"), x("a_b"), x("a.b"))))
	named := func(name string) model.ToolCall { return model.ToolCall{ID: "c1", Name: name} }
	for _, name := range []string{"", "a.b<c>", strings.Repeat("n", 64), strings.Repeat("n", 65), "é"} {
		g.ask("a call of the name "+name, withWeather(a, assistant(named(name)), user(x("c1"))))
	}
	for _, input := range []string{` {"a":1}`, "\n[1]", "null", `"x"`, "7"} {
		g.ask("input "+input, withWeather(a, assistant(model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(input)}), user(x("c1"))))
		g.ask("a result of JSON "+input, withWeather(a, assistant(call("c1")), user(result("c1", model.JSON(input)))))
	}
	g.ask("blank texts in a result", withWeather(a, assistant(call("c1")), user(result("c1", model.Text(" "), model.Text("x"), model.Text("\n"), model.Text("y")))))
	g.ask("nothing but blank text in a result", withWeather(a, assistant(call("c1")), user(result("c1", model.Text(" ")))))
	g.ask("search results in a result", withWeather(a, assistant(call("c1")), user(result("c1", model.SearchResult{Source: "s", Title: "t", Content: []string{"c", "d"}, Citations: true}, model.SearchResult{Content: []string{"e"}}, model.SearchResult{Source: "f"}))))
	for _, q := range []model.Part{model.Thinking{Text: "t"}, model.CachePoint{}, model.Guard{Text: "g"}, model.CitedText{Text: "c"}, call("c9"), x("c9"), nil} {
		g.ask(fmt.Sprintf("a part of type %T in a result", q), withWeather(a, assistant(call("c1")), user(result("c1", model.Text("x"), q))))
	}
	opaque := func(kind string) model.Opaque {
		return model.Opaque{Provider: "bedrock", Kind: kind, Data: json.RawMessage(`{"a":1}`)}
	}
	for _, kind := range []string{"image", "document", "video", "audio", "news", ""} {
		g.ask("a block "+kind+" in a result", withWeather(a, assistant(call("c1")), user(result("c1", model.Text("x"), opaque(kind)))))
		g.ask("a block "+kind+" beside a result", withWeather(a, assistant(call("c1")), user(x("c1"), opaque(kind))))
	}
	g.ask("text and files around results", withWeather(a, assistant(model.Text("b"), call("c1"), call("c2")),
		user(model.Text("before"), x("c1"), model.Text("between"), model.Image{MediaType: "image/png", Data: pngData}, x("c2"), model.Document{Name: "d", Text: "t"}, model.SearchResult{Source: "s", Content: []string{"c"}})))
	g.ask("text behind a call", withWeather(a, assistant(call("c1"), model.Text("b"), model.CitedText{Text: "c"}), user(x("c1"))))
	g.ask("guard content beside a result", withWeather(a, assistant(call("c1")), user(x("c1"), model.Guard{Text: "g"}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: pngData}})))
	g.ask("a failed call between others", withWeather(a, assistant(call("c1"), call("c2")), user(failed("c1"), x("c2")), model.Assistant("b"), end))
	without := func(messages ...model.Message) model.Request { return talk(messages...) }
	g.ask("no tools: calls and results", without(a, assistant(model.Text("b"), named(""), call("c2"), model.ToolCall{ID: "c3", Name: "f", InvalidInput: "{"}), user(failed("c1"), x("c2"), x("c3"), model.Text("so?"))))
	g.ask("no tools: results of all kinds", without(a, assistant(call("c1")), user(result("c1", model.Text("t"), model.JSON(`[1]`), model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}}, opaque("k"),
		model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", Text: "t"}, model.Video{MediaType: "video/mp4", URI: "s3://b/k"}, model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")})), model.Assistant("b"), end))
	server := func(id, kind string, parts ...model.Part) []model.Part {
		return []model.Part{model.ServerToolCall{ID: id, Name: "a.b", Kind: "server_tool_use", Input: json.RawMessage(`[1]`)},
			model.ServerToolResult{CallID: id, Kind: kind, Parts: parts, IsError: true}, model.Text("b")}
	}
	for _, tools := range [][]model.Tool{nil, weather} {
		name := fmt.Sprintf(", %d tools", len(tools))
		of := func(said []model.Part) model.Request {
			return model.Request{Messages: []model.Message{a, assistant(said...), end}, Tools: tools}
		}
		g.ask("a tool of the service that failed"+name, of(server("s.1", "nova_grounding_result", model.Text("x"), model.Text(" "), model.Image{MediaType: "image/png", Data: pngData})))
		g.ask("a tool of the service, as Anthropic's format has it"+name, of(server("s1", "web_search_tool_result", model.JSON(`[{"a":1}]`))))
		g.ask("a tool of the service, with two results"+name, of(server("s1", "web_search_tool_result", model.JSON(`1`), model.JSON(`2`))))
		g.ask("a tool of the service, with words"+name, of(server("s1", "web_search_tool_result", model.Text("x"))))
		g.ask("a tool of the service without a result"+name, of(server("s1", "", model.Text("x"))[:1]))
		g.ask("a tool of the service alone, with a point"+name, of([]model.Part{server("s1", "")[0], model.CachePoint{}, server("s1", "k", model.Text("x"))[1]}))
		g.ask("a tool of the service, input cut off"+name, of([]model.Part{model.ServerToolCall{ID: "s1", Name: "search", InvalidInput: "{"}, model.Text("b")}))
		g.ask("a tool of the service, results apart"+name, of(slices.Concat(server("s1", "")[:1], []model.Part{model.CachePoint{}}, server("s2", "k", model.JSON(`1`))[:2], server("s1", "k")[1:])))
	}
	return g
}
