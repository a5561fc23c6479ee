package bedrock_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensWishes keeps which requests are planned again when the service refuses
// a part of them: those that have one wish alone, and those that have none. The
// refusal is of something that any model may refuse, and of the wish.
func TestGoldensWishes(t *testing.T) {
	withoutRace(t)
	a := model.Text("a")
	point := model.CachePoint{}
	png, pdf, video := model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}, model.Video{MediaType: "video/mp4", Data: []byte("....ftypmp42")}
	inside := func(q ...model.Part) model.Request {
		return withWeather(user(a), assistant(call("c1")), user(result("c1", q...)))
	}
	field := func(name string) string {
		return "This model doesn't support the " + name + " field. Remove " + name + " and try again."
	}
	refusals := []string{"`temperature` is deprecated for this model.", "`top_p` is deprecated for this model.", "`top_k` is deprecated for this model.", field("stopSequences"), "max_tokens must be at least 100", "max_tokens must be at least 2",
		"This model doesn't support system messages. Try again.", "This model does not support assistant message prefill.", field("outputConfig.textFormat"), field("reasoning_effort"), "output_config.effort: Extra inputs are not permitted", "\"thinking.type.enabled\" is not supported for this model.", "\"thinking.type.disabled\" is not supported for this model.",
		"This model doesn't support tool use.", "tools.0.custom.strict: Extra inputs are not permitted", "This model doesn't support tool use in streaming mode.", "This model doesn't support the image content block that you provided.", "This model doesn't support the document content block that you provided.", "This model doesn't support the video content block that you provided.",
		"You invoked an unsupported model or your request did not allow prompt caching.", "#/messages/0/content/0: extraneous key [cachePoint] is not permitted", "#/toolConfig/tools/0: extraneous key [cachePoint] is not permitted", "Something else.",
		"Cache point cannot be inserted after reasoning block.", "messages.0.content.0.cache_control.ttl: Extra inputs are not permitted"}
	unheard := unknownToday(claude46)
	cached := []model.Tool{{Name: "f", Cache: &point}}
	var blocks []block
	for k, row := range []struct {
		name string
		req  model.Request
	}{
		{"nothing", talk(user(a))},
		{"temperature", model.Request{Temperature: new(0.0)}}, {"top_p", model.Request{TopP: new(0.5)}}, {"top_k", model.Request{TopK: 1}}, {"a stop sequence", model.Request{StopSequences: []string{"x"}}},
		{"max_tokens 1", model.Request{MaxTokens: 1}}, {"max_tokens 63", model.Request{MaxTokens: 63}}, {"max_tokens 64", model.Request{MaxTokens: 64}},
		{"thinking", model.Request{Thinking: &model.ThinkingConfig{}}}, {"no thinking", model.Request{Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}}, {"an effort", model.Request{Thinking: &model.ThinkingConfig{Effort: "low"}}}, {"an effort of the answer", extra(bedrock.ProviderOptions{OutputEffort: "low"})},
		{"a schema", model.Request{Output: &model.OutputFormat{Name: "n", Schema: json.RawMessage(`{"type":"object"}`)}}}, {"tools", model.Request{Tools: weather}}, {"the system", talk(system(a), user(a))}, {"a prefill", talk(user(a), assistant(a))}, {"an answer alone", talk(assistant(a))}, {"an answer of the past", talk(user(a), assistant(a), user(a))},
		{"automatic points", model.Request{Cache: &model.CacheConfig{}}}, {"automatic points, with tools", model.Request{Cache: &model.CacheConfig{}, Tools: weather}}, {"automatic points, with a system message", with(talk(system(a), user(a)), func(r *model.Request) { r.Cache = &model.CacheConfig{} })},
		{"a point of the caller's", talk(user(a, point))}, {"a point in the system", talk(system(a, point), user(a))}, {"a point behind a tool", model.Request{Tools: cached}},
		{"a point behind thinking", talk(user(a), assistant(model.Thinking{Text: "t", Signature: "s"}, point, a), user(a))}, {"a point of an hour", talk(user(a, model.CachePoint{TTL: time.Hour}))},
		{"a point of the caller's, and automatic ones", with(talk(system(a), user(a, point), assistant(a), user(a)), func(r *model.Request) { r.Cache = &model.CacheConfig{} })},
		{"files", talk(user(a, png, pdf, video, png, pdf, video))}, {"files of two turns", talk(user(a, video), assistant(a), user(png))}, {"files in a result", inside(a, png, pdf, video, pdf)}, {"a file in a result and behind it", withWeather(user(a), assistant(call("c1")), user(result("c1", a, pdf), png, pdf))},
	} {
		if !inSample(k) {
			continue
		}
		if row.req.Messages == nil {
			row.req.Messages = hi
		}
		b := block{name: row.name}
		for _, m := range []struct {
			id  string
			set func(*facts.Facts)
		}{{tomorrow, nil}, {claude46, func(f *facts.Facts) { *f = unheard }}, {gptOSS, nil}} {
			var exchanges []int
			sum := sha256.New()
			told := ""
			for i, says := range refusals {
				if m.id != tomorrow && i < 23 && (i+k)%3 > 0 {
					continue
				}
				service := &picky{status: 400, refusals: [][2]string{{"", says}}}
				if i == 19 {
					service.status = 403
				}
				resp, err := answerOf(newModel(t, m.id, roundTrip(service.do), &bedrock.Options{Facts: m.set}), &row.req, i%2 == 1)
				exchanges = append(exchanges, service.exchanges())
				fmt.Fprintln(sum, became(resp, err), service.bodies)
				if strings.Contains(row.name, "file") && i >= 16 && i < 19 { // the error names it
					told += fmt.Sprintf("    %s\n", became(resp, err))
				}
			}
			b.text += fmt.Sprintf("  %s: %v exchanges, %.4x\n%s", m.id, exchanges, sum.Sum(nil), told)
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "wishes", blocks)
}
