package bedrock_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// oddPoints are cache points in all places, of all lifetimes.
func oddPoints() goldenGroup {
	g := goldenGroup{name: "odd points", models: []string{claude37, claude45, nova2, gptOSS}}
	five, hour, odd := model.CachePoint{TTL: 5 * time.Minute}, model.CachePoint{TTL: time.Hour}, model.CachePoint{TTL: 90 * time.Second}
	pdf := model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}
	video := model.Video{MediaType: "video/mp4", URI: "s3://b/k"}
	thought := model.Thinking{Text: "t", Signature: "c2ln", Provider: bedrock.Provider}
	a, b := model.Text("a"), model.Text("b")
	tools := func(points ...*model.CachePoint) (all []model.Tool) {
		for i, p := range points {
			all = append(all, model.Tool{Name: fmt.Sprint("t", i), Cache: p})
		}
		return all
	}
	// Where a point stands: at the beginnings and ends, and behind each kind of part.
	for i, p := range []model.CachePoint{{}, five, hour, odd} {
		g.ask(fmt.Sprintf("lifetime %d: everywhere", i), model.Request{Tools: tools(&p, nil), Messages: []model.Message{system(a, p), user(a, p), assistant(b, p), user(a)}})
		g.ask(fmt.Sprintf("lifetime %d: behind others", i), model.Request{Tools: tools(&five), Messages: []model.Message{system(a, hour), user(a, model.CachePoint{}), assistant(b, p), user(a)}})
		g.ask(fmt.Sprintf("lifetime %d: automatic", i), model.Request{Tools: tools(nil), Messages: []model.Message{system(a), user(a), assistant(b), user(a)}, Cache: &model.CacheConfig{TTL: p.TTL}})
		for j, q := range []model.CachePoint{{}, five, hour} {
			g.ask(fmt.Sprintf("lifetime %d: automatic around one of %d in the midst", i, j), model.Request{Tools: tools(nil), Messages: []model.Message{system(a), user(a), assistant(b), user(a, q), assistant(b), user(a)}, Cache: &model.CacheConfig{TTL: p.TTL}})
			g.ask(fmt.Sprintf("lifetime %d: automatic around one of %d among the tools", i, j), model.Request{Tools: tools(&q, nil), Messages: []model.Message{system(a), user(a), assistant(b), user(a)}, Cache: &model.CacheConfig{TTL: p.TTL}})
		}
	}
	p := model.CachePoint{}
	for name, req := range map[string]model.Request{
		"first of the system":                    talk(system(p, a), user(a)),
		"first of the system, behind tools":      {Tools: tools(nil, nil), Messages: []model.Message{system(p, a), user(a)}},
		"first of the system, behind a point":    {Tools: tools(nil, &p), Messages: []model.Message{system(p, a), user(a)}},
		"first of the user, behind the system":   talk(system(a), user(p, a)),
		"first of the user, behind its point":    talk(system(a, p), user(p, a)),
		"first of the user, behind tools":        {Tools: tools(nil), Messages: []model.Message{user(p, a)}},
		"first of the user, behind a tool's":     {Tools: tools(&p), Messages: []model.Message{user(p, a)}},
		"first of the user, nothing before":      talk(user(p, a)),
		"first of the assistant":                 talk(user(a), assistant(p, b), user(a)),
		"first of the assistant, behind one":     talk(user(a, p), assistant(p, b), user(a)),
		"first of a late system message":         talk(user(a), assistant(b), system(p, a), user(a)),
		"behind a document":                      talk(user(a, pdf, p)),
		"behind a document alone":                talk(user(pdf, p)),
		"behind two documents":                   talk(user(a, pdf, pdf, p)),
		"behind a document, a space between":     talk(user(a, pdf, model.Text(" "), p)),
		"behind a video, a line between":         talk(user(a, video, model.Text("\n"), p)),
		"behind a text, a space between":         talk(user(a, model.Text(" "), p)),
		"behind a document, nothing between":     talk(user(a, pdf, model.Text(""), p)),
		"a space and a point first":              talk(user(model.Text(" "), p, a)),
		"a space behind a document, no point":    talk(user(a, pdf, model.Text(" "), b)),
		"too many, some behind spaces":           talk(user(a, pdf, model.Text(" "), p, b, p), assistant(b, p), user(a, p), assistant(b, p), user(a, p)),
		"behind a video":                         talk(user(a, video, p)),
		"behind thinking":                        talk(user(a), assistant(thought, p, b), user(a)),
		"behind thinking, which is all":          talk(user(a), assistant(thought, p), user(a)),
		"behind thinking that is dropped":        talk(user(a), assistant(model.Thinking{Text: "t", Incomplete: true}, p, b), user(a)),
		"behind blank text":                      talk(user(a, model.Text(" "), p, b)),
		"behind a call":                          {Tools: tools(nil), Messages: []model.Message{user(a), assistant(b, model.ToolCall{ID: "c", Name: "t0"}, p), user(result("c", a), p)}},
		"behind a text with a call":              {Tools: tools(nil), Messages: []model.Message{user(a), assistant(b, p, model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a), p, b, p)}},
		"behind text that goes behind results":   {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(b, result("c", a), p)}},
		"behind points that go behind results":   {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(b, p, result("c", a), p)}},
		"behind a document that goes there":      {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(b, pdf, result("c", a), p)}},
		"behind texts that go into a result":     {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a), a, p, b, p)}},
		"in a result and behind it":              {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a, p), p)}},
		"behind a file that leaves its result":   {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a, model.Image{MediaType: "image/png", Data: pngData}), p)}},
		"six, two of them among tools":           {Tools: tools(&p, &p), Messages: []model.Message{system(a, p, b, p), user(a, p), assistant(b), user(a, p)}},
		"six among the tools":                    {Tools: tools(&p, &p, &p, &p, &p, &p)},
		"six in the system":                      talk(system(a, p, b, p, a, p, b, p, a, p, b, p), user(a)),
		"five in all, and automatic":             {Tools: tools(&p), Messages: []model.Message{system(a, p), user(a, p, b, p), assistant(b), user(a, p)}, Cache: &model.CacheConfig{}},
		"three in all, and automatic":            {Tools: tools(nil), Messages: []model.Message{system(a), user(a, p, b, p), assistant(b, p), user(a)}, Cache: &model.CacheConfig{}},
		"automatic, in the midst of calls":       {Tools: tools(nil), Messages: []model.Message{system(a), user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a)), assistant(model.ToolCall{ID: "d", Name: "t0"}), user(result("d", a))}, Cache: &model.CacheConfig{}},
		"automatic, first call":                  {Tools: tools(nil), Messages: []model.Message{user(a), assistant(model.ToolCall{ID: "c", Name: "t0"}), user(result("c", a))}, Cache: &model.CacheConfig{}},
		"automatic, with a prefill":              {Messages: []model.Message{user(a), assistant(b), user(a), assistant(b)}, Cache: &model.CacheConfig{}},
		"automatic, behind a document":           {Messages: []model.Message{system(a), user(a, pdf), assistant(b), user(pdf, a, pdf)}, Cache: &model.CacheConfig{}},
		"automatic, documents alone":             {Messages: []model.Message{user(pdf), assistant(b), user(a)}, Cache: &model.CacheConfig{}},
		"automatic, with a late system message":  {Messages: []model.Message{system(a), user(a), assistant(b), system(a), user(a)}, Cache: &model.CacheConfig{}},
		"automatic, and the caller's at the end": {Messages: []model.Message{system(a), user(a), assistant(b), user(a, p)}, Cache: &model.CacheConfig{TTL: time.Hour}},
	} {
		if req.Messages == nil {
			req.Messages = hi
		}
		g.ask(name, req)
	}
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

// oddGuards are parts that a guardrail should look at, with and without one.
func oddGuards() goldenGroup {
	g := goldenGroup{name: "odd guards", models: []string{claude45, nova2, gptOSS, llama}}
	image := func(mediaType string, data string) model.Guard {
		return model.Guard{Image: &model.Image{MediaType: mediaType, Data: []byte(data)}}
	}
	for name, parts := range map[string][]model.Part{
		"text":                          {model.Text("a"), model.Guard{Text: "g"}},
		"two texts":                     {model.Guard{Text: "g"}, model.Guard{Text: "h", Qualifiers: []string{"query"}}},
		"two texts, cut elsewhere":      {model.Guard{Text: "gh"}, model.Guard{Text: "", Qualifiers: []string{"query"}}},
		"a text of many kinds":          {model.Guard{Text: "g", Qualifiers: []string{"grounding_source", "query", "guard_content"}}},
		"a kind that is not known":      {model.Guard{Text: "g", Qualifiers: []string{"query", "new"}}},
		"a PNG":                         {model.Text("a"), image("image/png", string(pngData))},
		"a JPEG without a type":         {model.Text("a"), image("", "\xff\xd8\xff")},
		"a WebP":                        {model.Text("a"), image("image/webp", "RIFF1234WEBP")},
		"an image without a type":       {model.Text("a"), image("", "?")},
		"an image in S3":                {model.Text("a"), model.Guard{Image: &model.Image{URI: "s3://b/k.png"}}},
		"an image by a data: URL":       {model.Text("a"), model.Guard{Image: &model.Image{URI: "data:image/png;base64,iVBORw0KGgo="}}},
		"an image with a text":          {model.Text("a"), model.Guard{Text: "g", Qualifiers: []string{"query"}, Image: &model.Image{MediaType: "image/png", Data: pngData}}},
		"an image by an assistant's":    {model.Text("a"), model.Guard{Image: &model.Image{MediaType: "image/x-bedrock-new", Data: []byte("?")}}},
		"blank text":                    {model.Text("a"), model.Guard{Text: " "}},
		"a text that looks like a tag":  {model.Guard{Text: "</amazon-bedrock-guardrails-guardContent_x>"}},
		"nothing to look at":            {model.Text("a")},
		"a text beside a document":      {model.Guard{Text: "g"}, model.Document{Name: "d", Text: "t"}},
		"a document without other text": {model.Document{Name: "d", Text: "t"}, image("image/png", string(pngData))},
	} {
		for _, guardrail := range []*bedrock.Guardrail{nil, {ID: "g", Version: "1", Trace: "enabled"}} {
			options := func(r *model.Request) {
				if guardrail != nil {
					r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{Guardrail: guardrail}}
				}
			}
			set := map[bool]string{true: "no guardrail: ", false: "guardrail: "}[guardrail == nil]
			g.ask(set+name, with(talk(user(parts...)), options))
			g.ask(set+name+", of the past", with(talk(user(parts...), model.Assistant("b"), model.User("c")), options))
			g.ask(set+name+", by the system", with(talk(system(parts...), hi[0]), options))
			g.ask(set+name+", by the assistant", with(talk(hi[0], assistant(parts...), model.User("c")), options))
		}
	}
	slices.SortFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
	return g
}

// besidePrompts are requests beside a prompt of Prompt management.
func besidePrompts() goldenGroup {
	g := goldenGroup{name: "beside prompts", models: []string{"arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1"}}
	more := func(change func(*model.Request)) {
		g.ask(fmt.Sprintf("with messages %d", len(g.cases)), with(model.Request{}, change))
		req := with(model.Request{}, change)
		g.cases = append(g.cases, goldenCase{name: fmt.Sprintf("without messages %d", len(g.cases)), models: g.models, req: &req, count: true})
	}
	more(func(r *model.Request) {})
	more(func(r *model.Request) { r.Tools, r.ToolChoice = weather, model.ToolChoice{Mode: model.ToolsAny} })
	more(func(r *model.Request) { r.MaxTokens = 5 })
	more(func(r *model.Request) { r.Temperature = new(0.5) })
	more(func(r *model.Request) { r.TopP = new(0.5) })
	more(func(r *model.Request) { r.TopK = 5 })
	more(func(r *model.Request) { r.StopSequences = []string{"x"} })
	more(func(r *model.Request) { r.Thinking = &model.ThinkingConfig{Effort: "high"} })
	more(func(r *model.Request) {
		r.Output = &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object"}`)}
	})
	more(func(r *model.Request) { r.Cache = &model.CacheConfig{} })
	more(func(r *model.Request) { r.MaxTokens = -1 })
	more(func(r *model.Request) {
		r.Messages = []model.Message{model.System("s"), model.User("a"), model.System("t")}
	})
	more(func(r *model.Request) { r.Messages = []model.Message{model.User(" ")} })
	more(func(r *model.Request) { r.Messages = []model.Message{model.Assistant("a")} })
	more(func(r *model.Request) { r.Messages = []model.Message{user(model.Text("a"), model.CachePoint{})} })
	for _, x := range []bedrock.ProviderOptions{{AdditionalFields: json.RawMessage(`{"a":1}`)}, {PromptVariables: map[string]string{"a": "1"}}, {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}}, {Latency: "optimized", Metadata: map[string]string{"a": "b"}}, {OutputEffort: "low"}} {
		more(func(r *model.Request) { r.ProviderOptions = []model.ProviderOptions{&x} })
	}
	more(func(r *model.Request) { r.Messages = []model.Message{model.Assistant(" ")} })
	g.cases = append(g.cases, goldenCase{name: "no request", models: g.models, count: true})
	all := with(model.Request{Tools: weather, MaxTokens: 5, Temperature: new(0.5), TopP: new(0.5), TopK: 5, StopSequences: []string{"x"}, Thinking: &model.ThinkingConfig{Budget: 2000}}, func(r *model.Request) {
		r.Messages = []model.Message{model.System("s"), model.User("a"), assistant(call("c1")), user(result("c1"))}
	})
	g.ask("all that may not stand there", all)
	return g
}

// largeRequests have one long text each, in every place that a request has for one.
func largeRequests() goldenGroup {
	g := goldenGroup{name: "large", models: []string{claude45, nova2, gptOSS}}
	long := strings.Repeat("0123456789abcdef", 512)
	raw := json.RawMessage(`{"a":"` + long + `"}`)
	a := model.Text("a")
	for i, q := range []model.Part{model.Text(long), model.CitedText{Text: long}, model.Image{MediaType: "image/png", Data: []byte(long)}, model.Image{MediaType: "image/png", URI: "s3://b/" + long},
		model.Video{MediaType: "video/mp4", Data: []byte(long)}, model.Video{MediaType: "video/mp4", URI: "s3://b/" + long}, model.Audio{MediaType: "audio/mpeg", Data: []byte(long)}, model.Audio{MediaType: "audio/mpeg", URI: "s3://b/" + long},
		model.Document{Name: "d", Data: []byte(long)}, model.Document{Name: "d", MediaType: "text/csv", URI: "s3://b/" + long}, model.Document{Name: "d", Text: long, Citations: true}, model.Document{Name: "d", Text: "t", Context: long, Citations: true}, model.Document{Name: "d", Chunks: []string{long, "t"}, Citations: true}, model.Document{Name: long, Text: "t"},
		model.SearchResult{Source: long, Title: "t", Content: []string{"c"}}, model.SearchResult{Source: "s", Title: long, Content: []string{"c"}}, model.SearchResult{Source: "s", Title: "t", Content: []string{long}},
		model.Guard{Text: long}, model.Guard{Image: &model.Image{MediaType: "image/png", Data: []byte(long)}}, model.Opaque{Provider: "bedrock", Kind: "k", Data: raw}, model.Opaque{Provider: "bedrock", Kind: long, Data: json.RawMessage(`1`)}} {
		g.ask(fmt.Sprintf("a part %d of type %T", i, q), talk(user(a, q)))
		g.ask(fmt.Sprintf("a part %d of type %T in a result", i, q), withWeather(user(a), assistant(call("c1")), user(result("c1", q))))
	}
	cited := func(c model.Citation) model.Part { return model.CitedText{Text: "b", Citations: []model.Citation{c}} }
	at := model.CitationLocation{Kind: model.LocationPage, Start: 1, End: 2}
	for i, q := range []model.Part{cited(model.Citation{Title: long, Location: at}), cited(model.Citation{Source: long, Location: at}), cited(model.Citation{Quotes: []string{long}, Location: at}), cited(model.Citation{Location: model.CitationLocation{Kind: "k", Data: raw}}),
		model.Thinking{Text: long, Signature: "s"}, model.Thinking{Text: "t", Signature: long}, model.Thinking{Redacted: []byte(long)}, model.ToolCall{ID: "c1", Name: "weather", Input: raw},
		model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use", Input: raw}, model.ServerToolResult{CallID: "s1", Kind: "nova_grounding_result", Parts: []model.Part{model.JSON(raw)}}} {
		g.ask(fmt.Sprintf("said %d of type %T", i, q), with(withWeather(user(a), assistant(model.ServerToolCall{ID: "s1", Name: "search", Kind: "server_tool_use"}, q, a), user(a)), func(r *model.Request) {
			if _, ok := q.(model.ToolCall); ok {
				r.Messages[2] = user(result("c1", model.JSON(raw)))
			}
		}))
	}
	g.ask("a tool's description", model.Request{Tools: []model.Tool{{Name: "f", Description: long}}})
	g.ask("a tool's schema", model.Request{Tools: []model.Tool{{Name: "f", InputSchema: json.RawMessage(`{"type":"object","description":"` + long + `"}`)}}})
	g.ask("an answer's schema", model.Request{Output: &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object","description":"` + long + `"}`)}})
	g.ask("a system message", talk(model.System(long), hi[0]))
	g.ask("additional fields", extra(bedrock.ProviderOptions{AdditionalFields: raw}))
	g.ask("a name of many", talk(user(slices.Concat([]model.Part{a}, slices.Repeat([]model.Part{model.Document{Name: strings.Repeat("n", 195), Text: "t"}}, 12))...)))
	return g
}
