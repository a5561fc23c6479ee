package bedrock_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensSiblings keeps what becomes of requests to models that are not
// known, and for which the facts of their siblings stand in: what only a sibling
// is known not to have is sent, until the caller says that the model itself has
// it not.
func TestGoldensSiblings(t *testing.T) {
	withoutRace(t)
	a, schema := model.Text("a"), json.RawMessage(`{"type":"object"}`)
	output := &model.OutputFormat{Name: "n", Schema: schema}
	requests := []struct {
		name string
		req  model.Request
		no   func(*facts.Facts) *facts.Support // the fact that decides
	}{
		{"a text", model.Request{}, func(f *facts.Facts) *facts.Support { return &f.Doors.Converse }},
		{"the same text", model.Request{}, func(f *facts.Facts) *facts.Support { return &f.Doors.Invoke }},
		{"stop sequences", model.Request{StopSequences: []string{"x"}}, func(f *facts.Facts) *facts.Support { return &f.Sampling.StopSequences }},
		{"a prefill", talk(user(a), model.Assistant("b ")), func(f *facts.Facts) *facts.Support { return &f.Turns.Prefill }},
		{"an image", talk(user(a, model.Image{MediaType: "image/png", Data: pngData})), func(f *facts.Facts) *facts.Support { return &f.Input.Image }},
		{"a document", talk(user(a, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData})), func(f *facts.Facts) *facts.Support { return &f.Input.Document }},
		{"a video", talk(user(a, model.Video{MediaType: "video/mp4", Data: []byte("....ftypmp42")})), func(f *facts.Facts) *facts.Support { return &f.Input.Video }},
		{"audio", talk(user(a, model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3")})), func(f *facts.Facts) *facts.Support { return &f.Input.Audio }},
		{"an image in S3", talk(user(a, model.Image{URI: "s3://b/k.png"})), func(f *facts.Facts) *facts.Support { return &f.Input.S3 }},
		{"tools", model.Request{Tools: weather}, func(f *facts.Facts) *facts.Support { return &f.Tools.Use }},
		{"tools, none of them", model.Request{Tools: weather, ToolChoice: model.ToolChoice{Mode: model.ToolsNone}}, func(f *facts.Facts) *facts.Support { return &f.Tools.Use }},
		{"a schema", model.Request{Output: output}, func(f *facts.Facts) *facts.Support { return &f.Output.Native }},
		{"thinking", model.Request{Thinking: &model.ThinkingConfig{}}, func(f *facts.Facts) *facts.Support { return &f.Thinking.Supported }},
		{"no thinking", model.Request{Thinking: &model.ThinkingConfig{Mode: model.ThinkingDisabled}}, func(f *facts.Facts) *facts.Support { return &f.Thinking.Supported }},
		{"no effort", model.Request{Thinking: &model.ThinkingConfig{Effort: "none"}}, func(f *facts.Facts) *facts.Support { return &f.Thinking.Disabled }},
	}
	g := goldenGroup{models: []string{"anthropic.claude-sonnet-7", "amazon.nova-3-lite-v1:0", "amazon.titan-text-express-v9", "deepseek.r2-v1:0", "deepseek.v9-v1:0", "openai.gpt-9"}}
	for _, r := range requests {
		g.ask(r.name, r.req)
		g.ask(r.name+", which the model is known not to have", r.req)
		g.cases[len(g.cases)-1].options = &bedrock.Options{Facts: func(f *facts.Facts) { *r.no(f) = facts.SupportNo }}
	}
	checkBrief(t, "siblings", g)
}
