package bedrock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

const (
	point     = `{"cachePoint":{"type":"default"}}`
	pointHour = `{"cachePoint":{"type":"default","ttl":"1h"}}`
	pointFive = `{"cachePoint":{"type":"default","ttl":"5m"}}`
)

// turn writes a message, of the user's if n is even.
func turn(n int, content ...string) string {
	role := "user"
	if n%2 == 1 {
		role = "assistant"
	}
	return `{"role":"` + role + `","content":[` + strings.Join(content, ",") + `]}`
}

func messagesJSON(turns ...string) string { return `"messages":[` + strings.Join(turns, ",") + `]` }

func textJSON(s string) string { return `{"text":"` + s + `"}` }

// TestMapCachePoints checks the caller's own cache points.
func TestMapCachePoints(t *testing.T) { checkMappings(t, mapCachePoints()) }

func mapCachePoints() []mapping {
	cp := model.CachePoint{}
	hour := model.CachePoint{TTL: time.Hour}
	five := model.CachePoint{TTL: 5 * time.Minute}
	tool := func(p model.CachePoint) []model.Tool {
		w := weather[0]
		w.Cache = &p
		return []model.Tool{w}
	}
	doc := model.Document{Name: "d", MediaType: "text/plain", Text: "t"}
	const docJSON = `{"document":{"name":"d","format":"txt","source":{"bytes":"dA=="}}}`
	video := model.Video{MediaType: "video/mp4", URI: "s3://b/v"}
	const videoJSON = `{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v"}}}}`
	everywhere := model.Request{Messages: []model.Message{system(model.Text("s"), cp), user(model.Text("Hi"), cp)}, Tools: tool(cp)}
	const everywhereJSON = `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"Hi"},` + point + `]}],"toolConfig":{"tools":[` + weatherJSON + `,` + point + `]}}`
	return []mapping{
		{name: "in all places", model: claude45, req: everywhere, want: everywhereJSON},
		{name: "for a model not known", model: unknown, req: everywhere, want: everywhereJSON},
		{
			name: "for a model that does not cache", why: "it would answer access denied", whole: true, model: mistral, req: everywhere,
			want:  `{"system":[{"text":"s"}],` + weatherOnly + `}`,
			warns: []string{"dropped tools[0].cache", "dropped messages[0].parts[1]", "dropped messages[1].parts[1]"},
		},
		{
			name: "for Nova, none among tools", model: nova1, req: everywhere,
			want:  `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"Hi"},` + point + `]}],` + weatherOnly + `}`,
			warns: []string{"dropped tools[0].cache"},
		},
		{
			name: "for Nova, none next to calls and results", model: nova2,
			req: withWeather(user(model.Text("Hi"), cp), assistant(model.Text("a"), cp, call("c1")), user(result("c1", model.Text("x")), cp)),
			want: `{"messages":[{"role":"user","content":[{"text":"Hi"},` + point + `]},{"role":"assistant","content":[{"text":"a"},{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}]},
				{"role":"user","content":[{"toolResult":{"toolUseId":"c1","status":"success","content":[{"text":"x"}]}}]}],` + weatherOnly + `}`,
			warns: []string{"dropped messages[1].parts[1]", "dropped messages[2].parts[1]"},
		},
		{
			name: "lifetimes", model: claude45, req: talk(system(model.Text("s"), hour), user(model.Text("a"), five, model.Text("b"), cp)),
			want: `{"system":[{"text":"s"},` + pointHour + `],"messages":[{"role":"user","content":[{"text":"a"},` + pointFive + `,{"text":"b"},` + point + `]}]}`,
		},
		{
			name: "an hour where there is none", model: claude37, req: talk(system(model.Text("s"), hour), user(model.Text("a"), five)),
			want:  `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"a"},` + pointFive + `]}]}`,
			warns: []string{"changed messages[0].parts[1].ttl"},
		},
		{
			name: "Nova has no lifetimes", model: nova1, req: talk(system(model.Text("s"), hour), user(model.Text("a"), five)),
			want:  `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"a"},` + point + `]}]}`,
			warns: []string{"changed messages[0].parts[1].ttl", "changed messages[1].parts[1].ttl"},
		},
		{
			name: "an hour behind tools, where there is none", model: claude37, req: model.Request{Tools: tool(hour)},
			want:  `{"toolConfig":{"tools":[` + weatherJSON + `,` + point + `]}}`,
			warns: []string{"changed tools[0].cache.ttl"},
		},
		{
			name: "a long lifetime after a short one", model: claude45, req: talk(system(model.Text("s"), cp), user(model.Text("a"), hour)),
			fails: model.ErrInvalidRequest, field: "messages[1].parts[1].ttl",
		},
		{
			name: "a long lifetime after a short one among tools", model: claude45, req: model.Request{Messages: []model.Message{system(model.Text("s"), hour), hi[0]}, Tools: tool(five)},
			fails: model.ErrInvalidRequest, field: "tools[0].cache",
		},
		{
			name: "a lifetime that does not exist", model: claude45, req: talk(user(model.Text("a"), model.CachePoint{TTL: 10 * time.Minute})),
			fails: model.ErrInvalidRequest, field: "messages[0].parts[1].ttl",
		},
		{
			name: "a lifetime in seconds", model: unknown, req: talk(user(model.Text("a"), model.CachePoint{TTL: 90 * time.Second})),
			fails: model.ErrInvalidRequest, field: "messages[0].parts[1].ttl",
		},
		{
			name: "an hour in minutes is an hour", model: claude45, req: talk(user(model.Text("a"), model.CachePoint{TTL: 60 * time.Minute})),
			want: `{"messages":[{"role":"user","content":[{"text":"a"},` + pointHour + `]}]}`,
		},
		{
			name: "double points", model: claude45, req: talk(system(model.Text("s"), cp, hour, cp), user(model.Text("a"), cp, cp)),
			want:  `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"a"},` + point + `]}]}`,
			warns: []string{"dropped messages[0].parts[2]", "dropped messages[0].parts[3]", "dropped messages[1].parts[2]"},
		},
		{
			name: "double points across system messages", model: claude45, req: talk(system(model.Text("s"), cp), system(cp, model.Text("t")), hi[0]),
			want:  `{"system":[{"text":"s"},` + point + `,{"text":"t"}]}`,
			warns: []string{"dropped messages[1].parts[0]"},
		},
		{
			name: "more than four", why: "the earliest of the conversation go, then those of the system prompt", model: claude45,
			req:   model.Request{Messages: []model.Message{system(model.Text("s"), cp), user(model.Text("a"), cp, model.Text("b"), cp, model.Text("c"), cp)}, Tools: tool(cp)},
			want:  `{"system":[{"text":"s"},` + point + `],"messages":[{"role":"user","content":[{"text":"a"},{"text":"b"},` + point + `,{"text":"c"},` + point + `]}],"toolConfig":{"tools":[` + weatherJSON + `,` + point + `]}}`,
			warns: []string{"dropped messages[1].parts[1]"},
		},
		{
			name: "more than four in the system prompt", model: claude45,
			req:   talk(system(model.Text("1"), cp, model.Text("2"), cp, model.Text("3"), cp, model.Text("4"), cp, model.Text("5"), cp), user(model.Text("a"), cp)),
			want:  `{"system":[{"text":"1"},{"text":"2"},` + point + `,{"text":"3"},` + point + `,{"text":"4"},` + point + `,{"text":"5"},` + point + `],"messages":[{"role":"user","content":[{"text":"a"}]}]}`,
			warns: []string{"dropped messages[0].parts[1]", "dropped messages[1].parts[1]"},
		},
		{
			name: "more than four among tools", model: claude45,
			req: model.Request{Tools: []model.Tool{{Name: "a", ServerSide: true, Cache: &cp}, {Name: "b", ServerSide: true, Cache: &cp}, {Name: "c", ServerSide: true, Cache: &cp},
				{Name: "d", ServerSide: true, Cache: &cp}, {Name: "e", ServerSide: true, Cache: &cp}}},
			want:  `{"toolConfig":{"tools":[{"systemTool":{"name":"a"}},{"systemTool":{"name":"b"}},` + point + `,{"systemTool":{"name":"c"}},` + point + `,{"systemTool":{"name":"d"}},` + point + `,{"systemTool":{"name":"e"}},` + point + `]}}`,
			warns: []string{"dropped tools[0].cache"},
		},
		{
			name: "straight after a document, for Claude", model: claude45, req: talk(user(model.Text("a"), doc, cp)),
			want:  `{"messages":[{"role":"user","content":[{"text":"a"},` + point + `,` + docJSON + `]}]}`,
			warns: []string{"moved messages[0].parts[2]"},
		},
		{
			name: "straight after a document and a video, for Nova", model: nova1, req: talk(user(model.Text("a"), doc, video, cp, model.Text("b"))),
			want: `{"messages":[{"role":"user","content":[{"text":"a"},` + docJSON + `,` + videoJSON + `,` + point + `,{"text":"b"}]}]}`,
		},
		{
			name: "straight after a first document, for Claude", model: claude45, req: talk(user(doc, cp, model.Text("b"))),
			want:  `{"messages":[{"role":"user","content":[` + docJSON + `,{"text":"b"}]}]}`,
			warns: []string{"dropped messages[0].parts[1]"},
		},
		{
			name: "before a document and straight after it, for Claude", model: claude45, req: talk(user(model.Text("a"), cp, doc, cp)),
			want:  `{"messages":[{"role":"user","content":[{"text":"a"},` + point + `,` + docJSON + `]}]}`,
			warns: []string{"dropped messages[0].parts[3]"},
		},
		{
			name: "straight after thinking, for Claude", model: claude45,
			req:   talk(hi[0], assistant(model.Thinking{Text: "t", Signature: "s"}, cp, model.Text("a")), model.User("So")),
			want:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"text":"a"}]},{"role":"user","content":[{"text":"So"}]}]}`,
			warns: []string{"dropped messages[1].parts[1]"},
		},
		{
			name: "straight after a document, for Nova", model: nova1, req: talk(user(model.Text("a"), doc, cp)),
			want: `{"messages":[{"role":"user","content":[{"text":"a"},` + docJSON + `,` + point + `]}]}`,
		},
		{
			name: "after an image", model: claude45, req: talk(user(model.Image{MediaType: "image/png", Data: []byte("\x01")}, cp)),
			want: `{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"AQ=="}}},` + point + `]}]}`,
		},
	}
}

// TestMapAutomaticCaching checks Request.Cache.
func TestMapAutomaticCaching(t *testing.T) { checkMappings(t, mapAutomaticCaching()) }

func mapAutomaticCaching() []mapping {
	cp := model.CachePoint{}
	hour := model.CachePoint{TTL: time.Hour}
	auto := func(ttl time.Duration, messages ...model.Message) model.Request {
		return model.Request{Messages: messages, Cache: &model.CacheConfig{TTL: ttl}}
	}
	three := []model.Message{model.User("u1"), model.Assistant("a1"), model.User("u2")}
	all := func(ttl time.Duration) model.Request {
		r := auto(ttl, append([]model.Message{model.System("s")}, three...)...)
		r.Tools = weather
		return r
	}
	doc := model.Document{Name: "d", MediaType: "text/plain", Text: "t"}
	const docJSON = `{"document":{"name":"d","format":"txt","source":{"bytes":"dA=="}}}`
	allJSON := func(p string) string {
		return `{"system":[{"text":"s"},` + p + `],` + messagesJSON(turn(0, textJSON("u1"), p), turn(1, textJSON("a1")), turn(2, textJSON("u2"), p)) +
			`,"toolConfig":{"tools":[` + weatherJSON + `,` + p + `]}}`
	}
	return []mapping{
		{name: "one turn", model: claude45, req: auto(0, hi...), want: `{` + messagesJSON(turn(0, textJSON("Hi"), point)) + `}`},
		{name: "everything", why: "ChatBedrockConverse marks the turn before the last; we mark the user's before that, which the request before this one ended in", model: claude45, req: all(0), want: allJSON(point)},
		{name: "everything, an hour", model: claude45, req: all(time.Hour), want: allJSON(pointHour)},
		{name: "everything, five minutes", why: "ChatBedrockConverse leaves the default out; it is the same", model: claude45, req: all(5 * time.Minute), want: allJSON(pointFive)},
		{
			name: "a model not known", why: "most models answer a cache point with access denied", model: unknown, req: all(time.Hour),
			want:  `{"system":[{"text":"s"}],` + messagesJSON(turn(0, textJSON("u1")), turn(1, textJSON("a1")), turn(2, textJSON("u2"))) + `,` + weatherOnly + `}`,
			warns: []string{"dropped cache"},
		},
		{name: "an hour where there is none", model: claude37, req: all(time.Hour), want: allJSON(point), warns: []string{"changed cache.ttl"}},
		{name: "five minutes where there is no hour", model: claude37, req: all(5 * time.Minute), want: allJSON(point)},
		{name: "a lifetime that does not exist", model: claude45, req: all(time.Minute), fails: model.ErrInvalidRequest, field: "cache.ttl"},
		{name: "a model that does not cache", model: qwen, req: all(0), want: `{"system":[{"text":"s"}],` + messagesJSON(turn(0, textJSON("u1")), turn(1, textJSON("a1")), turn(2, textJSON("u2"))) + `,` + weatherOnly + `}`, warns: []string{"dropped cache"}},
		{
			name: "a conversation that cannot be sent", model: claude45, req: auto(0, user(model.Image{MediaType: "image/bmp", Data: []byte("x")})),
			fails: model.ErrUnsupported, field: "messages[0].parts[0]",
		},
		{
			name: "many turns", model: claude45, req: auto(0, model.User("u1"), model.Assistant("a1"), model.User("u2"), model.Assistant("a2"), model.User("u3")),
			want: `{` + messagesJSON(turn(0, textJSON("u1")), turn(1, textJSON("a1")), turn(2, textJSON("u2"), point), turn(3, textJSON("a2")), turn(4, textJSON("u3"), point)) + `}`,
		},
		{
			name: "an answer to continue", model: claude45, req: auto(0, model.User("u1"), model.Assistant("a1")),
			want: `{` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, textJSON("a1"), point)) + `}`,
		},
		{
			name: "the conversation begins with the model", model: claude45, req: auto(0, model.Assistant("a1"), model.User("u1")),
			want: `{` + messagesJSON(turn(1, textJSON("a1")), turn(0, textJSON("u1"), point)) + `}`,
		},
		{
			name: "places that have a point", model: claude45,
			req: with(auto(0, system(model.Text("s"), cp), user(model.Text("u1"), cp), model.Assistant("a1"), user(model.Text("u2"), cp)), func(r *model.Request) {
				w := weather[0]
				w.Cache = &cp
				r.Tools = []model.Tool{w}
			}),
			want: allJSON(point),
		},
		{
			name: "three of the caller's", why: "the last turn is worth more than the tools", model: claude45,
			req:  with(auto(0, system(model.Text("s"), cp), user(model.Text("x"), cp, model.Text("u1"), cp), model.Assistant("a1"), model.User("u2")), func(r *model.Request) { r.Tools = weather }),
			want: `{"system":[{"text":"s"},` + point + `],` + messagesJSON(turn(0, textJSON("x"), point, textJSON("u1"), point), turn(1, textJSON("a1")), turn(2, textJSON("u2"), point)) + `,` + weatherOnly + `}`,
		},
		{
			name: "six of the caller's", model: claude45,
			req:   auto(0, user(model.Text("1"), cp, model.Text("2"), cp, model.Text("3"), cp, model.Text("4"), cp, model.Text("5"), cp, model.Text("6"), cp, model.Text("7"))),
			want:  `{` + messagesJSON(turn(0, textJSON("1"), textJSON("2"), textJSON("3"), point, textJSON("4"), point, textJSON("5"), point, textJSON("6"), point, textJSON("7"))) + `}`,
			warns: []string{"dropped messages[0].parts[1]", "dropped messages[0].parts[3]"},
		},
		{
			name: "a last turn that ends in a document", model: claude45, req: auto(0, user(model.Text("a"), doc)),
			want: `{` + messagesJSON(turn(0, textJSON("a"), point, docJSON)) + `}`,
		},
		{
			name: "a last turn that is a document", why: "the service wants a text beside it, which can have the point", model: claude45,
			req:   auto(0, system(model.Text("s1"), cp, model.Text("s2"), cp, model.Text("s3"), cp), model.User("u1"), model.Assistant("a1"), user(doc)),
			want:  `{"system":[{"text":"s1"},` + point + `,{"text":"s2"},` + point + `,{"text":"s3"},` + point + `],` + messagesJSON(turn(0, textJSON("u1")), turn(1, textJSON("a1")), turn(2, docJSON, textJSON("(see the document)"), point)) + `}`,
			warns: []string{"changed messages[3].parts[0]"},
		},
		{
			name: "a last turn with a point before its document", model: claude45, req: auto(0, user(model.Text("a"), cp, doc)),
			want: `{` + messagesJSON(turn(0, textJSON("a"), point, docJSON)) + `}`,
		},
		{
			name: "an answer to continue that is thinking", model: claude45, req: auto(0, model.User("u1"), assistant(model.Thinking{Text: "t", Signature: "s"})),
			want: `{` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, `{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}}`)) + `}`,
		},
		{
			name: "a last turn that ends in a document, for Nova", model: nova1, req: auto(0, user(model.Text("a"), doc)),
			want: `{` + messagesJSON(turn(0, textJSON("a"), docJSON, point)) + `}`,
		},
		{
			name: "Nova has none behind tools", model: nova1, req: all(0),
			want: `{"system":[{"text":"s"},` + point + `],` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, textJSON("a1")), turn(2, textJSON("u2"), point)) + `,` + weatherOnly + `}`,
		},
		{
			name: "Nova has none next to results", why: "ChatBedrockConverse marks no turn before the last for Nova; nothing forbids it", model: nova2,
			req:  with(auto(0, model.User("u1"), assistant(call("c1")), user(result("c1", model.Text("x")))), func(r *model.Request) { r.Tools = weather }),
			want: `{` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, `{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}`), turn(2, `{"toolResult":{"toolUseId":"c1","status":"success","content":[{"text":"x"}]}}`)) + `,` + weatherOnly + `}`,
		},
		{
			name: "Claude has them behind results", model: claude45,
			req:  with(auto(0, model.User("u1"), assistant(call("c1")), user(result("c1", model.Text("x")))), func(r *model.Request) { r.Tools = weather }),
			want: `{` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, `{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}`), turn(2, `{"toolResult":{"toolUseId":"c1","status":"success","content":[{"text":"x"}]}}`, point)) + `,"toolConfig":{"tools":[` + weatherJSON + `,` + point + `]}}`,
		},
		{
			name: "an hour, after the caller's five minutes", why: "the service wants longer lifetimes first", model: claude45,
			req: with(auto(time.Hour, append([]model.Message{system(model.Text("s"), cp)}, three...)...), func(r *model.Request) { r.Tools = weather }),
			want: `{"system":[{"text":"s"},` + point + `],` + messagesJSON(turn(0, textJSON("u1"), point), turn(1, textJSON("a1")), turn(2, textJSON("u2"), point)) +
				`,"toolConfig":{"tools":[` + weatherJSON + `,` + pointHour + `]}}`,
			warns: []string{"changed cache.ttl"},
		},
		{
			name: "five minutes, before the caller's hour", model: claude45,
			req: with(auto(0, model.System("s"), user(model.Text("u1"), hour), model.Assistant("a1"), model.User("u2")), func(r *model.Request) { r.Tools = weather }),
			want: `{"system":[{"text":"s"},` + pointHour + `],` + messagesJSON(turn(0, textJSON("u1"), pointHour), turn(1, textJSON("a1")), turn(2, textJSON("u2"), point)) +
				`,"toolConfig":{"tools":[` + weatherJSON + `,` + pointHour + `]}}`,
			warns: []string{"changed cache.ttl"},
		},
	}
}
