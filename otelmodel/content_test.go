package otelmodel_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// secrets is a conversation with everything that must never be recorded.
func secrets() *model.Request {
	return &model.Request{
		Tools: []model.Tool{{Name: "weather", Description: "Tells the weather.", InputSchema: json.RawMessage(`{"type":"object"}`)}},
		Messages: []model.Message{
			model.System("Be brief."),
			model.UserParts(model.Text("Look:"), model.Image{MediaType: "image/png", Data: []byte("HUSHbytes")},
				model.Document{Name: "d", MediaType: "application/pdf", URI: "s3://bucket/d.pdf"}, model.Image{MediaType: "image/png", URI: "data:image/png;base64,HUSHuri"}, model.CachePoint{}),
			model.AssistantParts(model.Thinking{Text: "hm", Signature: "HUSHsignature"}, model.Thinking{Redacted: []byte("HUSHredacted")},
				model.ToolCall{ID: "c1", Name: "weather", Input: json.RawMessage(`{"city":"Rome"}`)}),
			model.ToolResults(model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("sunny")}}),
		},
	}
}

// TestContent: what is said is recorded only when asked for, in the
// conventions' form, and never what belongs to the provider or fills files.
func TestContent(t *testing.T) {
	for _, capture := range []bool{false, true} {
		for way, ask := range ways {
			b := record(t, otelmodel.Options{CaptureContent: &capture, LangSmith: true})
			turn := fake.Reply(model.Thinking{Text: "well", Signature: "HUSHanswer"}, model.Text("Pack light."), fake.Call("weather", `{"city":"Oslo"}`)).Usage(used)
			if _, err := ask(t.Context(), model.Wrap(claude(turn), b.t.Middleware()), secrets()); err != nil {
				t.Fatal(err)
			}
			a := attrs(b.only(t).Attributes())
			for name, v := range a {
				if strings.Contains(v, "HUSH") || strings.Contains(v, "SFVTSA") {
					t.Errorf("%s, content %t: %s = %s", way, capture, name, v)
				}
				if !capture && (strings.Contains(v, "Look") || strings.Contains(v, "Pack") || strings.Contains(v, "brief") || strings.Contains(v, "Rome")) {
					t.Errorf("%s: %s = %s, though content was not asked for", way, name, v)
				}
			}
			if !capture {
				continue
			}
			has(t, way, a, map[string]string{
				"gen_ai.system_instructions": `[{"type":"text","content":"Be brief."}]`,
				"gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"Look:"},{"type":"uri","modality":"image","mime_type":"image/png"},` +
					`{"type":"uri","modality":"document","mime_type":"application/pdf","uri":"s3://bucket/d.pdf"},{"type":"uri","modality":"image","mime_type":"image/png"}]},` +
					`{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Rome"}}]},` +
					`{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"sunny"}]}]`,
				"gen_ai.output.messages": `[{"role":"assistant","parts":[{"type":"reasoning","content":"well"},{"type":"text","content":"Pack light."},` +
					`{"type":"tool_call","id":"call_1_3","name":"weather","arguments":{"city":"Oslo"}}]}]`,
				"gen_ai.tool.definitions": `[{"type":"function","name":"weather","description":"Tells the weather.","parameters":{"type":"object"}}]`,
				"gen_ai.prompt.0.role":    "system", "gen_ai.prompt.0.content": "Be brief.", "gen_ai.completion.0.content": "Pack light.", "gen_ai.completion.0.role": "assistant",
			})
		}
	}
}

func TestContentByEnvironment(t *testing.T) {
	for value, want := range map[string]bool{"": false, "false": false, "true": true, "SPAN_ONLY": true, "span_and_event": true, "EVENT_ONLY": false, "NO_CONTENT": false} {
		t.Run(value, func(t *testing.T) {
			t.Setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", value)
			b := record(t, otelmodel.Options{})
			model.Wrap(claude(fake.Text("x")), b.t.Middleware()).Generate(t.Context(), hello())
			if _, ok := attrs(b.only(t).Attributes())["gen_ai.input.messages"]; ok != want {
				t.Errorf("%q records content: %t, want %t", value, ok, want)
			}
		})
	}
}

// TestContentSize: attributes stay within the limit and stay JSON; the newest
// messages are kept.
func TestContentSize(t *testing.T) {
	const limit = 2000
	req := &model.Request{Messages: []model.Message{model.System(strings.Repeat("s", 5000))}}
	for range 100 {
		req.Messages = append(req.Messages, model.User(strings.Repeat("old ", 100)), model.Assistant("Yes."))
	}
	req.Messages = append(req.Messages, model.User("the newest"))
	long := strings.Repeat("ä", 5000)
	for name, last := range map[string]string{"many": "the newest", "long": long} {
		req.Messages[len(req.Messages)-1] = model.User(last)
		b := record(t, otelmodel.Options{CaptureContent: new(true), MaxContent: limit, LangSmith: true})
		if _, err := model.Wrap(claude(fake.Text(long)), b.t.Middleware()).Generate(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		a := attrs(b.only(t).Attributes())
		for _, key := range []string{"gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages"} {
			if len(a[key]) > limit || len(a[key]) < limit/8 || !json.Valid([]byte(a[key])) || strings.Contains(a[key], "\ufffd") {
				t.Errorf("%s: %s has %d bytes, JSON: %t: %.100s", name, key, len(a[key]), json.Valid([]byte(a[key])), a[key])
			}
		}
		if name == "many" && (!strings.Contains(a["gen_ai.input.messages"], "the newest") || !strings.Contains(a["gen_ai.input.messages"], "earlier messages")) {
			t.Errorf("input = %s, want the newest messages and a note of the others", a["gen_ai.input.messages"])
		}
	}
}

// TestRedact: every text goes through the hook, tools' too.
func TestRedact(t *testing.T) {
	b := record(t, otelmodel.Options{CaptureContent: new(true), LangSmith: true, Redact: func(_ context.Context, text string) string {
		return strings.NewReplacer("Rome", "<city>", "sunny", "<sky>", "Be brief", "<told>").Replace(text)
	}})
	llm := model.Wrap(claude(fake.Calls(fake.Call("weather", `{"city":"Rome"}`)), fake.Text("It is sunny in Rome.")), b.t.Middleware())
	req := &model.Request{Messages: []model.Message{model.System("Be brief."), model.User("Rome?")}}
	if _, err := runnable.ToolLoop(llm, tools(t, nil), nil).Invoke(b.t.Context(t.Context()), req); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, span := range b.spans.Ended() {
		for name, v := range attrs(span.Attributes()) {
			if strings.Contains(v, "Rome") || strings.Contains(v, "sunny") || strings.Contains(v, "Be brief") {
				t.Errorf("%s: %s = %s", span.Name(), name, v)
			}
			found += strings.Count(v, "<city>") + strings.Count(v, "<sky>")
		}
	}
	if found < 8 {
		t.Errorf("%d texts were redacted, want more: the test sees too little", found)
	}
}

// TestToolErrorIsContent: what a tool says of its failure may be what the user
// said, so it is recorded with content only.
func TestToolErrorIsContent(t *testing.T) {
	for _, capture := range []bool{false, true} {
		b := record(t, otelmodel.Options{CaptureContent: &capture})
		llm := model.Wrap(claude(fake.Calls(fake.Call("weather", `{"city":"Atlantis"}`)), fake.Text("Nobody knows.")), b.t.Middleware())
		if _, err := runnable.ToolLoop(llm, tools(t, nil), nil).Invoke(b.t.Context(t.Context()), hello()); err != nil {
			t.Fatal(err)
		}
		for _, span := range b.spans.Ended() {
			if span.Name() == "execute_tool weather" && strings.Contains(span.Status().Description, "Atlantis") != capture {
				t.Errorf("content %t: the span's status is %v", capture, span.Status())
			}
		}
	}
}
