package bedrock_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapFilesThatAreRefused checks what becomes of files that the service
// refuses because of their place, their type or what stands beside them.
func TestMapFilesThatAreRefused(t *testing.T) {
	const pixtral = "us.mistral.pixtral-large-2502-v1:0"
	x := model.Text("x")
	png := []byte("\x89PNG\r\n\x1a\n")
	jpeg := model.Image{MediaType: "image/png", Data: []byte("\xff\xd8\xff\xe0")}
	inS3 := model.Image{URI: "s3://b/x.png"}
	const turns = `{"messages":[{"role":"user","content":[{"text":"x"},`
	const rest = `]},{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"v"}]}]}`
	early := func(p model.Part) model.Request { return talk(user(x, p), model.Assistant("a"), model.User("v")) }
	guarded := func(r model.Request) model.Request {
		r.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g1", Version: "1"}}}
		return r
	}
	image := model.Guard{Image: &model.Image{MediaType: "image/png", Data: png}}
	beside := func(p model.Part) model.Request {
		return withWeather(model.User("hi"), assistant(call("c1")), user(result("c1", x), p))
	}
	results := func(blocks string) string {
		return `{"messages":[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Paris"}}}]},{"role":"user","content":[` + blocks + `]}],` + weatherOnly + `}`
	}
	checkMappings(t, []mapping{
		{name: "JPEG as PNG", why: "Claude holds the type against the bytes", model: claude45, req: talk(user(x, jpeg)),
			want: turns + `{"image":{"format":"jpeg","source":{"bytes":"/9j/4A=="}}}]}]}`, warns: []string{"changed messages[0].parts[1].media_type"}},
		{name: "PNG as just bytes", model: nova1, req: talk(user(x, model.Image{MediaType: "application/octet-stream", Data: png})),
			want: turns + `{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}]}]}`, warns: []string{"changed messages[0].parts[1].media_type"}},
		{name: "PDF as text", model: claude45, req: talk(user(x, model.Document{Name: "d", MediaType: "text/plain", Data: []byte("%PDF-1.4")})),
			want: turns + `{"document":{"name":"d","format":"pdf","source":{"bytes":"JVBERi0xLjQ="}}}]}]}`, warns: []string{"changed messages[0].parts[1].media_type"}},

		{name: "S3 for Claude", why: "only Nova reads from there", model: claude45, req: early(inS3),
			want: turns + `{"text":"(image)"}` + rest, warns: []string{"changed messages[0].parts[1]"}},
		{name: "S3 for Claude, at last", model: claude45, req: talk(user(x, inS3)), fails: model.ErrUnsupported, field: "messages[0].parts[1]: Claude Sonnet 4.5"},
		{name: "a document in S3 for Pixtral", model: pixtral, req: early(model.Document{Name: "d", URI: "s3://b/d.pdf"}),
			want: turns + `{"text":"(document: d)"}` + rest, warns: []string{"changed messages[0].parts[1]"}},
		{name: "S3 for a model that is not known", model: unknown, req: talk(user(x, inS3)),
			want: turns + `{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/x.png"}}}}]}]}`},
		{name: "S3 in a result for Nova", model: nova1, req: withWeather(model.User("hi"), assistant(call("c1")), user(result("c1", x, inS3))),
			want:  results(`{"toolResult":{"toolUseId":"c1","content":[{"text":"x"}],"status":"success"}},{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/x.png"}}}}`),
			warns: []string{"moved messages[2].parts[0].parts[1]"}},

		{name: "an image for a guardrail, of a model that reads none", model: gptOSS, req: early(image),
			want: turns + `{"text":"(image: image/png)"}` + rest, warns: []string{"changed messages[0].parts[1]", "changed messages[0].parts[1]"}},
		{name: "an image for a guardrail that is GIF", model: claude45, req: early(model.Guard{Image: &model.Image{Data: []byte("GIF89a")}}),
			want: turns + `{"image":{"format":"gif","source":{"bytes":"R0lGODlh"}}}` + rest, warns: []string{"changed messages[0].parts[1]"}},
		{name: "and a guardrail", model: claude45, req: guarded(early(model.Guard{Image: &model.Image{Data: []byte("GIF89a")}})), fails: model.ErrUnsupported, field: "messages[0].parts[1]"},
		{name: "an image for a guardrail, in an answer", model: claude45, req: talk(model.User("u"), assistant(model.Text("a"), image), model.User("v")),
			want:  `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"a"},{"text":"(image: image/png)"}]},{"role":"user","content":[{"text":"v"}]}]}`,
			warns: []string{"changed messages[1].parts[1]", "changed messages[1].parts[1]"}},

		{name: "guard content beside a result", why: "Mistral takes nothing there", model: mistral, req: beside(model.Guard{Text: "g"}), whole: true,
			want:  results(`{"toolResult":{"toolUseId":"c1","content":[{"text":"x"},{"text":"g"}],"status":"success"}}`),
			warns: []string{"changed messages[2].parts[1]", "moved messages[2].parts[1]"}},
		{name: "and a guardrail that looks at it", model: mistral, req: guarded(beside(model.Guard{Text: "g"})), fails: model.ErrUnsupported, field: "messages[2].parts[1]"},
		{name: "an unknown block beside a result", model: mistral, req: beside(model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"a":1}`)}), whole: true,
			want:  results(`{"toolResult":{"toolUseId":"c1","content":[{"text":"x"},{"hologram":{"a":1}}],"status":"success"}}`),
			warns: []string{"moved messages[2].parts[1]"}},
		{name: "an unknown form of a file that is not read", model: gptOSS, req: early(model.Opaque{Provider: "bedrock", Kind: "image", Data: json.RawMessage(`{"a":1}`)}),
			want: turns[:len(turns)-1] + rest, warns: []string{"dropped messages[0].parts[1]"}},

		{name: "a conversation that begins with blank text", why: "the assistant cannot begin", model: titan, req: talk(model.User(" "), model.Assistant("a"), model.User("v")),
			want:  `{"messages":[{"role":"user","content":[{"text":"(the assistant begins)"}]},{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"v"}]}]}`,
			warns: []string{"changed messages[1]", "dropped messages[0]", "dropped messages[0].parts[0]"}},
	})
}

// TestMapUnknownBlocks checks that a block that this version does not know goes
// back only to the model that made it, and that an answer names that model.
func TestMapUnknownBlocks(t *testing.T) {
	made := func(by string) model.Request {
		return talk(model.User("u"), assistant(model.Text("a"), model.Opaque{Provider: "bedrock", Kind: "hologram", Data: json.RawMessage(`{"a":1}`), Model: by}), model.User("v"))
	}
	sent := func(block string) string {
		return `{"messages":[{"role":"user","content":[{"text":"u"}]},{"role":"assistant","content":[{"text":"a"}` + block + `]},{"role":"user","content":[{"text":"v"}]}]}`
	}
	const hologram = `,{"hologram":{"a":1}}`
	checkMappings(t, []mapping{
		{name: "its own", model: nova2, req: made("amazon.nova-2-lite-v1:0"), want: sent(hologram)},
		{name: "its own, by a profile", model: nova2, req: made("us.amazon.nova-2-lite-v1:0"), want: sent(hologram)},
		{name: "a sibling's", model: nova2, req: made("amazon.nova-lite-v1:0"), want: sent(""), warns: []string{"dropped messages[1].parts[1]"}},
		{name: "nobody's, as of older versions", model: nova2, req: made(""), want: sent(hologram)},
		{name: "another maker's", model: nova1, req: made(claude45Base), want: sent(""), warns: []string{"dropped messages[1].parts[1]"}},
		{name: "one of a model that is not known", model: nova2, req: made("acme.new-model-v1:0"), want: sent(""), warns: []string{"dropped messages[1].parts[1]"}},
	})
}
