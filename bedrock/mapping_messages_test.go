package bedrock_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapMessages checks roles, turns, system messages and blank text.
func TestMapMessages(t *testing.T) { checkMappings(t, mapMessages()) }

func mapMessages() []mapping {
	return []mapping{
		{
			name: "one text", model: claude45, req: talk(model.User("Hello")),
			want: `{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}`,
		},
		{
			name: "text goes through as it is", model: claude45,
			req:  talk(model.User("<a href=\"x\">&amp;\u2028日本\t\x00\n")),
			want: `{"messages":[{"role":"user","content":[{"text":"<a href=\"x\">&amp;\u2028日本\t\u0000\n"}]}]}`,
		},
		{
			name: "text that is no UTF-8", why: "JSON has no other bytes; U+FFFD is what every client sends",
			model: claude45, req: talk(model.User("a\xffb")),
			want: `{"messages":[{"role":"user","content":[{"text":"a\ufffdb"}]}]}`,
		},
		{
			name: "no messages", why: "ChatBedrockConverse sends a user message \".\"; an empty conversation is a mistake of the caller's",
			model: claude45, req: model.Request{Messages: []model.Message{}},
			fails: model.ErrInvalidRequest, field: "messages",
		},
		{
			name: "only a system message", why: "the same",
			model: claude45, req: talk(model.System("Be kind")),
			fails: model.ErrInvalidRequest, field: "messages",
		},
		{
			name: "system messages in one list", model: claude45,
			req: talk(model.System("sys1"), model.System("sys2"),
				system(model.Text("sys3"), model.Guard{Text: "g1", Qualifiers: []string{"query"}}, model.Guard{Text: "g2"}), model.User("Hi")),
			want: `{"system":[{"text":"sys1"},{"text":"sys2"},{"text":"sys3"},
				{"guardContent":{"text":{"text":"g1","qualifiers":["query"]}}},{"guardContent":{"text":{"text":"g2"}}}]}`,
		},
		{
			name: "a late system message keeps its place", why: "what stands before it stays as it is, and with it what is cached", model: nova1,
			req:   talk(model.System("a"), model.User("Hi"), model.System("b"), model.Assistant("Yes"), model.User("So")),
			want:  `{"system":[{"text":"a"}],"messages":[{"role":"user","content":[{"text":"Hi"},{"text":"b"}]},{"role":"assistant","content":[{"text":"Yes"}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"changed messages[2]"},
		},
		{
			name: "blank and unknown parts of a system message", model: claude45,
			req: talk(system(model.Text(" \n"), model.Text("a"), model.Opaque{Provider: "other", Kind: "x", Data: json.RawMessage("1")},
				model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`{"a":1}`)}), model.User("Hi")),
			want:  `{"system":[{"text":"a"},{"future":{"a":1}}]}`,
			warns: []string{"dropped messages[0].parts[0]", "dropped messages[0].parts[2]"},
		},
		{
			name: "a system message that says nothing", why: "ChatBedrockConverse sends system:[]; we leave it out",
			model: claude45, req: talk(model.System(" "), model.User("Hi")),
			want:  `{}`,
			warns: []string{"dropped messages[0].parts[0]"},
		},
		{
			name: "citations in a system message", model: claude45,
			req:   talk(system(model.CitedText{Text: "a", Citations: []model.Citation{{Title: "t"}}}), model.User("Hi")),
			want:  `{"system":[{"text":"a"}]}`,
			warns: []string{"dropped messages[0].parts[0].citations"},
		},
		{
			name: "an image in a system message", model: claude45,
			req:   talk(system(model.Image{MediaType: "image/png", Data: []byte("x")}), model.User("Hi")),
			fails: model.ErrUnsupported, field: "messages[0].parts[0]",
		},
		{
			name: "adjacent messages of one role become one", model: claude45,
			req: talk(model.User("hu1"), model.User("hu2"), model.Assistant("a1"), model.Assistant("a2"), model.User("hu3")),
			want: `{"messages":[{"role":"user","content":[{"text":"hu1"},{"text":"hu2"}]},
				{"role":"assistant","content":[{"text":"a1"},{"text":"a2"}]},{"role":"user","content":[{"text":"hu3"}]}]}`,
		},
		{
			name: "system message between two of the user's", model: claude45,
			req:   talk(model.User("hu1"), model.System("s"), model.User("hu2")),
			want:  `{"messages":[{"role":"user","content":[{"text":"hu1"},{"text":"s"},{"text":"hu2"}]}]}`,
			warns: []string{"changed messages[1]"},
		},
		{
			name: "blank text is left out", why: "ChatBedrockConverse sends \".\" for each, which the model reads",
			model: claude45, req: talk(user(model.Text("Valid"), model.Text(""), model.Text("  \n\t "), model.Text("more"))),
			want:  `{"messages":[{"role":"user","content":[{"text":"Valid"},{"text":"more"}]}]}`,
			warns: []string{"dropped messages[0].parts[1]", "dropped messages[0].parts[2]"},
		},
		{
			name: "a blank last user message", why: "ChatBedrockConverse sends \".\"; there is nothing to answer",
			model: claude45, req: talk(model.User("  \n\t ")),
			fails: model.ErrInvalidRequest, field: "messages[0]",
		},
		{
			name: "a last user message without parts", model: nova1, req: talk(model.User("Hi"), model.Assistant("Yes"), user()),
			fails: model.ErrInvalidRequest, field: "messages[2]",
		},
		{
			name: "a last user message of a cache point alone", model: claude45, req: talk(user(model.CachePoint{})),
			fails: model.ErrInvalidRequest, field: "messages[0]",
		},
		{
			name: "nothing but blank answers", why: "no turn is left to send",
			model: claude45, req: talk(model.Assistant(" ")),
			fails: model.ErrInvalidRequest, field: "messages",
		},
		{
			name: "nothing but an answer of unsigned thinking", model: claude45, req: talk(assistant(model.Thinking{Text: "hm"})),
			fails: model.ErrInvalidRequest, field: "messages",
		},
		{
			name: "an empty turn of the past goes, its neighbours become one", model: claude45,
			req:   talk(model.User("hu1"), assistant(), model.User("hu2"), model.Assistant(" \n"), model.User("hu3")),
			want:  `{"messages":[{"role":"user","content":[{"text":"hu1"},{"text":"hu2"},{"text":"hu3"}]}]}`,
			warns: []string{"dropped messages[1]", "dropped messages[3].parts[0]", "dropped messages[3]"},
		},
		{
			name: "an empty user turn of the past goes", model: nova1,
			req:   talk(model.User("Hi"), model.Assistant("a1"), model.User(""), model.Assistant("a2"), model.User("So")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"a1"},{"text":"a2"}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"dropped messages[2].parts[0]", "dropped messages[2]"},
		},
		{
			name: "a turn of the past with a cache point alone goes", why: "a point at the beginning of a turn ends the same prefix as one at the end of the turn before",
			model: claude45, req: talk(model.User("Hi"), assistant(model.CachePoint{}), model.User("So")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"},{"cachePoint":{"type":"default"}},{"text":"So"}]}]}`,
			warns: []string{"moved messages[1].parts[0]", "dropped messages[1]"},
		},
		{
			name: "a conversation that begins with the model", why: "Claude, Qwen and Kimi take it; the others say themselves that they do not",
			model: claude45, req: talk(model.Assistant("Welcome"), model.User("Hi")),
			want: `{"messages":[{"role":"assistant","content":[{"text":"Welcome"}]},{"role":"user","content":[{"text":"Hi"}]}]}`,
		},
		{
			name: "white space at the end of an answer to continue", model: claude45,
			req:   talk(model.User("Hi"), model.Assistant("text   \n\t")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"text"}]}]}`,
			warns: []string{"changed messages[1].parts[0]"},
		},
		{
			name: "all kinds of white space there", model: claude45,
			req:   talk(model.User("Hi"), model.Assistant("text\u00a0\v\u2003")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"text"}]}]}`,
			warns: []string{"changed messages[1].parts[0]"},
		},
		{
			name: "white space at the end, before a cache point", why: "the point stands for no content: the text is the end all the same",
			model: claude45, req: talk(model.User("Hi"), assistant(model.Text("text "), model.CachePoint{})),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"text"},{"cachePoint":{"type":"default"}}]}]}`,
			warns: []string{"changed messages[1].parts[0]"},
		},
		{
			name: "an answer to continue that ends well", model: claude45,
			req:  talk(model.User("Hi"), model.Assistant("text")),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"text"}]}]}`,
		},
		{
			name: "an answer to continue that ends in a tool call", why: "the service wants the result", model: claude45,
			req:   withWeather(model.User("Hi"), assistant(model.Text("I look "), call("c1"))),
			fails: model.ErrInvalidRequest, field: "messages[1].parts[1]",
		},
		{
			name: "white space elsewhere stays", why: "ChatBedrockConverse strips every block of the last answer; Claude minds the end only",
			model: claude45, req: talk(model.User("Hi "), model.Assistant("a \n"), model.User("So ")),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi "}]},{"role":"assistant","content":[{"text":"a \n"}]},{"role":"user","content":[{"text":"So "}]}]}`,
		},
		{
			name: "white space at the end for others than Claude", model: nova1,
			req:  talk(model.User("Hi"), model.Assistant("text  ")),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"text  "}]}]}`,
		},
		{
			name: "opaque blocks go back to Bedrock only", model: claude45,
			req: talk(model.User("Hi"), assistant(model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"n":9007199254740993,"x":2.50}`)},
				model.Opaque{Provider: "other", Kind: "hologram", Data: json.RawMessage(`{}`)},
				model.Opaque{Provider: "bedrock", Data: json.RawMessage(`{}`)},
				model.Opaque{Kind: "later", Data: json.RawMessage(`{"type":"later"}`)}), model.User("So")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"hologram":{"n":9007199254740993,"x":2.50}}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"dropped messages[1].parts[1]", "dropped messages[1].parts[2]", "dropped messages[1].parts[3]"},
		},
		{
			name: "an opaque block that is no JSON", why: "it would break the whole body",
			model: claude45, req: talk(user(model.Text("Hi"), model.Opaque{Provider: "bedrock", Kind: "x", Data: json.RawMessage(`{`)})),
			fails: model.ErrInvalidRequest, field: "messages[0].parts[1]",
		},
		{
			name: "an opaque block without data", model: claude45,
			req:   talk(user(model.Text("Hi"), model.Opaque{Provider: "bedrock", Kind: "x"})),
			fails: model.ErrInvalidRequest, field: "messages[0].parts[1]",
		},
		{
			name: "a request that no provider could accept", model: claude45,
			req:   model.Request{Messages: hi, MaxTokens: -1, TopK: -1},
			fails: model.ErrInvalidRequest, field: "max_tokens",
		},
	}
}

// TestMapCitations checks cited text, search results and guard content.
func TestMapCitations(t *testing.T) { checkMappings(t, mapCitations()) }

func mapCitations() []mapping {
	cited := func(locations ...model.CitationLocation) model.Message {
		var all []model.Citation
		for _, l := range locations {
			all = append(all, model.Citation{Location: l})
		}
		return assistant(model.CitedText{Text: "t", Citations: all})
	}
	turns := func(content string) string {
		return `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[` + content + `]},{"role":"user","content":[{"text":"So"}]}]}`
	}
	return []mapping{
		{
			name: "a citation with all it has", model: claude45,
			req: talk(hi[0], assistant(model.CitedText{Text: "t", Citations: []model.Citation{
				{Title: "T", Source: "S", Quotes: []string{"q1", "q2"}, Location: model.CitationLocation{Kind: model.LocationChar, Index: 1, Start: 2, End: 3}}}}), model.User("So")),
			want: turns(`{"citationsContent":{"content":[{"text":"t"}],"citations":[{"title":"T","source":"S","sourceContent":[{"text":"q1"},{"text":"q2"}],
				"location":{"documentChar":{"documentIndex":1,"start":2,"end":3}}}]}}`),
		},
		{
			name: "every kind of location", model: claude45,
			req: talk(hi[0], cited(
				model.CitationLocation{Kind: model.LocationPage, Index: 0, Start: 1, End: 2},
				model.CitationLocation{Kind: model.LocationChunk, Start: 0, End: 1},
				model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example", Domain: "a.example"},
				model.CitationLocation{Kind: "documentLine", Data: json.RawMessage(`{"line":7}`)},
				model.CitationLocation{}), model.User("So")),
			want: turns(`{"citationsContent":{"content":[{"text":"t"}],"citations":[
				{"location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}},
				{"location":{"documentChunk":{"documentIndex":0,"start":0,"end":1}}},
				{"location":{"web":{"url":"https://a.example","domain":"a.example"}}},
				{"location":{"documentLine":{"line":7}}},
				{}]}}`),
		},
		{
			name: "citations of search results have no way back", model: claude45,
			req: talk(hi[0], cited(model.CitationLocation{Kind: model.LocationSearchResult, Index: 1},
				model.CitationLocation{Kind: model.LocationChunk, End: 1}), model.User("So")),
			want:  turns(`{"citationsContent":{"content":[{"text":"t"}],"citations":[{"location":{"documentChunk":{"documentIndex":0,"start":0,"end":1}}}]}}`),
			warns: []string{"dropped messages[1].parts[0].citations"},
		},
		{
			name: "nothing but citations of search results", model: claude45,
			req:   talk(hi[0], cited(model.CitationLocation{Kind: model.LocationSearchResult}), model.User("So")),
			want:  turns(`{"text":"t"}`),
			warns: []string{"dropped messages[1].parts[0].citations"},
		},
		{
			name: "cited text without citations", model: claude45, req: talk(hi[0], cited(), model.User("So")),
			want: turns(`{"text":"t"}`),
		},
		{
			name: "blank cited text", why: "the service refuses blank text, cited or not",
			model: claude45, req: talk(hi[0], assistant(model.CitedText{Text: " ", Citations: []model.Citation{{Title: "T"}}}, model.Text("x")), model.User("So")),
			want:  turns(`{"text":"x"}`),
			warns: []string{"dropped messages[1].parts[0]"},
		},
		{
			name: "a user's citations", why: "only the model's text can have them",
			model: claude45, req: talk(user(model.CitedText{Text: "Hi", Citations: []model.Citation{{Title: "T"}}})),
			want:  `{}`,
			warns: []string{"dropped messages[0].parts[0].citations"},
		},
		{
			name: "a user's cited text without citations", model: claude45, req: talk(user(model.CitedText{Text: "Hi"})),
			want: `{}`,
		},
		{
			name: "a location of unknown kind that is no JSON", model: claude45,
			req:   talk(hi[0], cited(model.CitationLocation{Kind: "documentLine", Data: json.RawMessage(`{`)}), model.User("So")),
			want:  turns(`{"citationsContent":{"content":[{"text":"t"}],"citations":[{}]}}`),
			warns: []string{"dropped messages[1].parts[0].citations[0].location"},
		},
		{
			name: "search results", model: claude45,
			req: talk(user(model.SearchResult{Source: "s", Title: "t", Content: []string{"c1", "c2"}, Citations: true},
				model.SearchResult{Source: "s2", Title: "", Content: []string{"c"}}, model.Text("Hi"))),
			want: `{"messages":[{"role":"user","content":[{"searchResult":{"source":"s","title":"t","content":[{"text":"c1"},{"text":"c2"}],"citations":{"enabled":true}}},
				{"searchResult":{"source":"s2","title":"","content":[{"text":"c"}]}},{"text":"Hi"}]}]}`,
		},
		{
			name: "a search result in a tool result", model: claude45,
			req: withWeather(hi[0], assistant(call("c1")), user(result("c1", model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}, Citations: true}))),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[{"toolResult":{"toolUseId":"c1","status":"success","content":[{"searchResult":{"source":"s","title":"t","content":[{"text":"c"}],"citations":{"enabled":true}}}]}}]}],` + weatherOnly + `}`,
		},
		{
			name: "guard content", why: "what a guardrail is to see is the caller's choice; nothing is wrapped unasked",
			model: claude45, req: talk(user(model.Text("a"), model.Guard{Text: "b", Qualifiers: []string{"grounding_source", "guard_content"}},
				model.Guard{Image: &model.Image{MediaType: "image/png", Data: []byte("\x01\x02")}})),
			want: `{"messages":[{"role":"user","content":[{"text":"a"},{"guardContent":{"text":{"text":"b","qualifiers":["grounding_source","guard_content"]}}},
				{"guardContent":{"image":{"format":"png","source":{"bytes":"AQI="}}}}]}]}`,
		},
		{
			name: "an image for a guardrail in S3", model: claude45,
			req:   talk(user(model.Guard{Image: &model.Image{MediaType: "image/png", URI: "s3://b/k"}})),
			fails: model.ErrUnsupported, field: "messages[0].parts[0]",
		},
		{
			name: "an image for a guardrail of an unknown type", model: claude45,
			req:   talk(user(model.Guard{Image: &model.Image{MediaType: "image/bmp", Data: []byte("x")}})),
			fails: model.ErrUnsupported, field: "messages[0].parts[0]",
		},
		{
			name: "blank guard content", why: "it is text like other text",
			model: claude45, req: talk(user(model.Text("Hi"), model.Guard{Text: " "})),
			want:  `{}`,
			warns: []string{"dropped messages[0].parts[1]"},
		},
	}
}
