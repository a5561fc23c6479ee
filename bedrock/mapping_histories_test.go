package bedrock_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapHistories checks what becomes of histories that the service would
// refuse as they are, whoever made them.
func TestMapHistories(t *testing.T) { checkMappings(t, mapHistories()) }

func mapHistories() []mapping {
	named := func(name string) model.ToolCall {
		c := call("c1")
		c.Name = name
		return c
	}
	asked := func(parts ...model.Part) model.Request {
		return withWeather(model.User("hi"), assistant(parts...), user(result("c1", model.Text("x"))))
	}
	// sent is the body of such a request, with the calls and the results given.
	sent := func(calls, results string) string {
		return `{"messages":[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[` + calls + `]},{"role":"user","content":[` + results + `]}],` + weatherOnly + `}`
	}
	use := func(id, name string) string {
		return `{"toolUse":{"toolUseId":"` + id + `","name":"` + name + `","input":{"city":"Paris"}}}`
	}
	gave := func(id, text string) string {
		return `{"toolResult":{"toolUseId":"` + id + `","content":[{"text":"` + text + `"}],"status":"success"}}`
	}
	x := model.Text("x")
	cp := model.CachePoint{}
	png := []byte("\x89PNG\r\n\x1a\n")
	const pngJSON = `{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}`
	long := strings.Repeat("i", 70)
	nameChanged := []string{"changed messages[1].parts[0].name"}
	idChanged := []string{"changed messages[1].parts[0].id", "changed messages[2].parts[0].call_id"}
	pair := func(id string) model.Request {
		return withWeather(model.User("hi"), assistant(call(id)), user(result(id, x)))
	}
	sealed := func(made string) model.Request {
		return talk(model.User("u"), assistant(model.Thinking{Redacted: []byte("r"), Provider: "bedrock", Model: made}, x), model.User("v"))
	}
	signed := func(made string) model.Request {
		return talk(model.User("u"), assistant(model.Thinking{Text: "t", Signature: "s", Provider: "bedrock", Model: made}, x), model.User("v"))
	}
	const gone = `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"x"}]},{"role":"user","content":[{"text":"v"}]}]}`
	const keptRedacted = `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"reasoningContent":{"redactedContent":"cg=="}},{"text":"x"}]},{"role":"user","content":[{"text":"v"}]}]}`
	const keptSigned = `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"text":"x"}]},{"role":"user","content":[{"text":"v"}]}]}`
	dropped := []string{"dropped messages[1].parts[0]"}
	cached := talk(model.User("u"), model.Assistant("a"), model.User("v"))
	cached.Cache = &model.CacheConfig{}
	const point = `{"cachePoint":{"type":"default"}}`
	imageResult := withWeather(model.User("hi"), assistant(call("c1")), user(result("c1", x, model.Image{Data: png})))
	beside := sent(use("c1", "weather"), gave("c1", "x")+`,`+pngJSON)

	return []mapping{
		// Names and ids are labels in a history.
		{name: "a name with a dot", model: claude45, req: asked(named("a.b")), want: sent(use("c1", "a_b"), gave("c1", "x")), warns: nameChanged},
		{name: "a name with a space", model: claude45, req: asked(named("f g")), want: sent(use("c1", "f_g"), gave("c1", "x")), warns: nameChanged},
		{name: "a name with control tokens", model: nova1, req: asked(named("x<|y|>")), want: sent(use("c1", "x__y__"), gave("c1", "x")), warns: nameChanged},
		{name: "a name of another alphabet", model: claude45, req: asked(named("ä")), want: sent(use("c1", "_"), gave("c1", "x")), warns: nameChanged},
		{name: "a name of 65 letters", model: claude45, req: asked(named(strings.Repeat("n", 65))), want: sent(use("c1", strings.Repeat("n", 64)), gave("c1", "x")), warns: nameChanged},
		{name: "an id with a bar", model: claude45, req: pair("call_1|fc_2"), want: sent(use("call_1_fc_2_263664fa", "weather"), gave("call_1_fc_2_263664fa", "x")), warns: idChanged},
		{name: "an id with a space", model: nova1, req: pair("a b"), want: sent(use("a_b_806c5cd3", "weather"), gave("a_b_806c5cd3", "x")), warns: idChanged},
		{name: "an id of 70 letters", model: claude45, req: pair(long), want: sent(use(long[:55]+"_07d2ee6e", "weather"), gave(long[:55]+"_07d2ee6e", "x")), warns: idChanged},
		{
			name: "two calls of one id", model: claude45, req: withWeather(model.User("hi"), assistant(call("c1"), call("c1")), user(result("c1", x), result("c1", model.Text("y")))),
			want:  sent(use("c1", "weather")+`,`+use("c1_2", "weather"), gave("c1", "x")+`,`+gave("c1_2", "y")),
			warns: []string{"changed messages[1].parts[1].id", "changed messages[2].parts[1].call_id"},
		},
		{
			name: "two results of one id", model: claude45, req: withWeather(model.User("hi"), assistant(call("c1")), user(result("c1", x), result("c1", model.Text("y")))),
			want:  sent(use("c1", "weather"), `{"toolResult":{"toolUseId":"c1","content":[{"text":"x"},{"text":"y"}],"status":"success"}}`),
			warns: []string{"moved messages[2].parts[1]"},
		},
		{
			name: "a call without id and name", why: "a stream that lost the beginning of a block brings one", model: claude45,
			req:   withWeather(model.User("hi"), assistant(model.ToolCall{Input: json.RawMessage(`{"city":"Paris"}`)}), user(result("", x))),
			want:  sent(use("call", "unnamed"), gave("call", "x")),
			warns: []string{"changed messages[1].parts[0].id", "changed messages[1].parts[0].name", "changed messages[2].parts[0].call_id"},
		},

		// Cache points with nothing before them.
		{name: "a cache point first", model: claude45, req: talk(user(cp, x)), want: `{"messages":[{"role":"user","content":[{"text":"x"}]}]}`, warns: []string{"dropped messages[0].parts[0]"}},
		{name: "a system prompt that begins with one", model: claude45, req: talk(system(cp, x), model.User("u")), want: `{"system":[{"text":"x"}],"messages":[{"role":"user","content":[{"text":"u"}]}]}`, warns: []string{"dropped messages[0].parts[0]"}},
		{
			name: "a cache point left first by blank text", model: claude45, req: talk(user(model.Text(" "), cp, x)), want: `{"messages":[{"role":"user","content":[{"text":"x"}]}]}`,
			warns: []string{"dropped messages[0].parts[0]", "dropped messages[0].parts[1]"},
		},
		{
			name: "a cache point left first by unsigned thinking", model: claude45, req: talk(model.User("u"), assistant(model.Thinking{Text: "t"}, cp, x), model.User("v")),
			want:  `{"messages":[{"role":"user","content":[{"text":"u"},` + point + `]},{"role":"assistant","content":[{"text":"x"}]},{"role":"user","content":[{"text":"v"}]}]}`,
			warns: []string{"dropped messages[1].parts[0]", "moved messages[1].parts[1]"},
		},

		// Documents.
		{
			name: "a document's text without citations", why: "its source must be bytes or S3", model: claude45, req: talk(user(model.Document{Name: "d", Text: "words"}, x)),
			want: `{"messages":[{"role":"user","content":[{"document":{"name":"d","format":"txt","source":{"bytes":"d29yZHM="}}},{"text":"x"}]}]}`,
		},
		{
			name: "a document's chunks without citations", model: nova1, req: talk(user(model.Document{Name: "d", Chunks: []string{"a", "b"}}, x)),
			want: `{"messages":[{"role":"user","content":[{"document":{"name":"d","format":"txt","source":{"bytes":"YQpi"}}},{"text":"x"}]}]}`,
		},
		{
			name: "a document with no text beside it", model: claude45, req: talk(user(model.Document{Name: "d", Text: "words"})),
			want:  `{"messages":[{"role":"user","content":[{"document":{"name":"d","format":"txt","source":{"bytes":"d29yZHM="}}},{"text":"(see the document)"}]}]}`,
			warns: []string{"changed messages[0].parts[0]"},
		},

		// Images in results.
		{name: "an image in a result for Mistral", why: "beside it, not moved into it", model: "us.mistral.pixtral-large-2502-v1:0", req: imageResult, want: beside, warns: []string{"moved messages[2].parts[0].parts[1]"}, whole: true},
		{name: "an image in a result for Kimi", model: kimi, req: imageResult, want: beside, warns: []string{"moved messages[2].parts[0].parts[1]"}},
		{name: "an image in a result for Gemma", model: "google.gemma-3-27b-it", req: imageResult, want: beside, warns: []string{"moved messages[2].parts[0].parts[1]"}},
		{name: "an image in a result for GPT-5.6", model: gpt5, req: imageResult, want: beside, warns: []string{"moved messages[2].parts[0].parts[1]"}},
		{name: "an image in a result for Nova", why: "it takes it inside", model: nova1, req: imageResult,
			want: sent(use("c1", "weather"), `{"toolResult":{"toolUseId":"c1","content":[{"text":"x"},`+pngJSON+`],"status":"success"}}`)},
		{name: "an image in a result for Claude", why: "it takes it inside", model: claude45, req: imageResult,
			want: sent(use("c1", "weather"), `{"toolResult":{"toolUseId":"c1","content":[{"text":"x"},`+pngJSON+`],"status":"success"}}`)},

		// Thinking goes back to those who can read it.
		{name: "GPT's redacted block to Claude", model: claude45, req: sealed("openai.gpt-5.6-sol"), want: gone, warns: dropped},
		{name: "Claude's redacted block to GPT", model: gpt5, req: sealed("anthropic.claude-opus-5"), want: gone, warns: dropped},
		{name: "Claude's redacted block to Claude", model: claude45, req: sealed("anthropic.claude-opus-5"), want: keptRedacted},
		{name: "Claude's signed block to Nova", model: nova2, req: signed("anthropic.claude-opus-5"), want: gone, warns: dropped},
		{name: "a sibling's block to a model that is bound to its own", model: "us.anthropic.claude-fable-5-1", req: signed("anthropic.claude-sonnet-5"), want: gone, warns: dropped},
		{name: "its own block to it", model: "us.anthropic.claude-fable-5-1", req: signed("anthropic.claude-fable-5-1"), want: keptSigned},
		{name: "a block of an old message, which names no model", model: claude45, req: signed(""), want: keptSigned},

		// Late system messages keep their place.
		{
			name: "a late system message", model: claude45, req: talk(model.System("s"), model.User("u"), model.Assistant("a"), model.System("late"), model.User("v")),
			want:  `{"system":[{"text":"s"}],"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"late"},{"text":"v"}]}]}`,
			warns: []string{"changed messages[3]"},
		},

		// Automatic cache points go to the tail of the conversation, too.
		{
			name: "the tail of a conversation is cached", model: claude45, req: with(cached, func(r *model.Request) {
				r.Tools = weather
				r.Messages = append([]model.Message{system(model.Text("a"), cp, model.Text("b"), cp, model.Text("c"))}, r.Messages...)
			}),
			want: `{"system":[{"text":"a"},` + point + `,{"text":"b"},` + point + `,{"text":"c"},` + point + `],"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"v"},` + point + `]}],` + weatherOnly + `}`,
		},

		// URIs.
		{name: "a data URL", model: claude45, req: talk(user(x, model.Image{MediaType: "image/png", URI: "data:image/png;base64,iVBORw0KGgo="})), want: `{"messages":[{"role":"user","content":[{"text":"x"},` + pngJSON + `]}]}`},
		{name: "an image in S3 without a media type", why: "its name tells it", model: nova1, req: talk(user(x, model.Image{URI: "s3://b/x.png"})), want: `{"messages":[{"role":"user","content":[{"text":"x"},{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/x.png"}}}}]}]}`},

		// What was never there is not said to be dropped.
		{
			name: "a citation of the web without text", model: nova2, req: talk(model.User("u"), assistant(x, model.CitedText{Citations: []model.Citation{{Location: model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example"}}}}), model.User("v")),
			want: `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"x"},{"citationsContent":{"citations":[{"location":{"web":{"url":"https://a.example"}}}]}}]},{"role":"user","content":[{"text":"v"}]}]}`,
		},
		{
			name: "white space between a document and a cache point", why: "the service was seen to take it, and a point straight behind a document is refused", model: claude45,
			req:  talk(user(model.Document{Name: "d", Text: "words"}, model.Text("\n"), model.CachePoint{TTL: 5 * time.Minute}, x)),
			want: `{"messages":[{"role":"user","content":[{"document":{"name":"d","format":"txt","source":{"bytes":"d29yZHM="}}},{"text":"\n"},{"cachePoint":{"type":"default","ttl":"5m"}},{"text":"x"}]}]}`,
		},
	}
}

// TestMapCallsWithoutResults checks what becomes of histories in which calls
// and results do not match.
func TestMapCallsWithoutResults(t *testing.T) {
	lost := withWeather(model.User("hi"), assistant(call("c1"), call("c2")), user(result("c2", model.Text("x")), result("c9", model.Text("y"))))
	for _, stream := range []bool{false, true} {
		b := newBench()
		strict, err := bedrock.New(b.client, claude45, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = put(strict, &lost, stream)
		if model.KindOf(err) != model.ErrInvalidRequest || b.body != nil {
			t.Errorf("a history that does not match: %v, want an invalid request that is not sent", err)
		}
		for _, field := range []string{"messages[1].parts[0]", "messages[2].parts[1]"} {
			if err != nil && !strings.Contains(err.Error(), field) {
				t.Errorf("the error does not name %s: %v", field, err)
			}
		}
		filling, err := bedrock.New(b.client, claude45, &bedrock.Options{FillResults: true})
		if err != nil {
			t.Fatal(err)
		}
		b.says = []model.Part{model.Text("ok")}
		resp, err := put(filling, &lost, stream)
		if err != nil {
			t.Fatal(err)
		}
		const want = `"content":[{"toolResult":{"content":[{"text":"x"}],"status":"success","toolUseId":"c2"}},{"toolResult":{"content":[{"text":"(no result)"}],"status":"error","toolUseId":"c1"}},{"text":"(tool result: y)"}]`
		if !strings.Contains(string(b.body), want) {
			t.Errorf("body = %s, want %s in it", b.body, want)
		}
		if len(resp.Warnings) < 2 {
			t.Errorf("warnings = %v, want those about c1 and c9", resp.Warnings)
		}
	}
}

func put(m *bedrock.Model, req *model.Request, stream bool) (*model.Response, error) {
	if stream {
		return m.Stream(context.Background(), req).Response()
	}
	return m.Generate(context.Background(), req)
}
