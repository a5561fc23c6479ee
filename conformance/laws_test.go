package conformance

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// ended is a stream of one text.
func oneText() Observation {
	resp := &model.Response{Message: model.Assistant("Hi"), StopReason: model.StopEndTurn}
	return Observation{Response: resp, Events: []model.Event{
		{Kind: model.EventText, Text: "Hi"}, {Kind: model.EventPartDone, Part: model.Text("Hi")}, {Kind: model.EventFinish, Response: resp},
	}}
}

// Every law is broken by hand, since package model breaks none.
func TestLaws(t *testing.T) {
	if err := Laws(oneText()); err != nil {
		t.Fatalf("Laws of a good stream: %v", err)
	}
	text := func(i int, s string) model.Event { return model.Event{Kind: model.EventText, Index: i, Text: s} }
	done := func(i int, p model.Part) model.Event {
		return model.Event{Kind: model.EventPartDone, Index: i, Part: p}
	}
	for _, tt := range []struct {
		name  string
		law   func(Observation) error
		spoil func(*Observation)
	}{
		{"empty", CheckEvents, func(o *Observation) { o.Events = []model.Event{} }},
		{"no finish", CheckEvents, func(o *Observation) { o.Events = o.Events[:2] }},
		{"two finishes", CheckEvents, func(o *Observation) { o.Events = append(o.Events, o.Events[2]) }},
		{"event after finish", CheckEvents, func(o *Observation) { o.Events = append(o.Events, text(0, "!")) }},
		{"finish without response", CheckEvents, func(o *Observation) { o.Events[2].Response = nil }},
		{"finish with index", CheckEvents, func(o *Observation) { o.Events[2].Index = 1 }},
		{"role", CheckEvents, func(o *Observation) { o.Events[2].Response = &model.Response{Message: model.User("Hi")} }},
		{"part not done", CheckEvents, func(o *Observation) { o.Events = append(o.Events[:1:1], o.Events[2]) }},
		{"part done twice", CheckEvents, func(o *Observation) { o.Events = []model.Event{o.Events[0], o.Events[1], o.Events[1], o.Events[2]} }},
		{"done without part", CheckEvents, func(o *Observation) { o.Events[1].Part = nil }},
		{"done as another kind", CheckEvents, func(o *Observation) { o.Events[1].Part = model.Thinking{} }},
		{"kinds mixed in a part", CheckEvents, func(o *Observation) {
			o.Events = append([]model.Event{{Kind: model.EventThinking, Text: "hm"}}, o.Events...)
		}},
		{"no kind", CheckEvents, func(o *Observation) { o.Events[0].Kind = 0 }},
		{"call without a call", CheckEvents, func(o *Observation) { o.Events[0] = model.Event{Kind: model.EventToolCall} }},
		{"finish and error", CheckEvents, func(o *Observation) { o.Err = &model.Error{Kind: model.ErrTransport} }},
		{"error of no type", CheckEvents, func(o *Observation) { o.Events, o.Err = o.Events[:2], probe.ErrCause }},
		{"piece lost", CheckPieces, func(o *Observation) { o.Events[0].Text = "H" }},
		{"piece doubled", CheckPieces, func(o *Observation) { o.Events = append([]model.Event{o.Events[0]}, o.Events...) }},
		{"part lost", CheckPieces, func(o *Observation) { o.Response.Message.Parts = nil }},
		{"part added", CheckPieces, func(o *Observation) {
			o.Events = append([]model.Event{text(3, "more"), done(3, model.Text("more"))}, o.Events...)
		}},
		{"another answer", CheckPieces, func(o *Observation) { o.Response = &model.Response{Message: model.Assistant("Hi")} }},
		{"partial lost", CheckPieces, func(o *Observation) {
			o.Events, o.Response, o.Err = o.Events[:1], nil, &model.Error{Kind: model.ErrTruncated}
		}},
		{"negative", CheckUsage, func(o *Observation) { o.Response.Usage = &model.Usage{Known: true, InputTokens: 1, OutputTokens: -1} }},
		{"cache above input", CheckUsage, func(o *Observation) {
			o.Response.Usage = &model.Usage{Known: true, InputTokens: 5, CacheReadTokens: 4, CacheWriteTokens: 2}
		}},
		{"split", CheckUsage, func(o *Observation) {
			o.Response.Usage = &model.Usage{Known: true, InputTokens: 9, CacheWriteTokens: 5, CacheWrites: []model.CacheWrite{{Tokens: 4}}}
		}},
		{"zeros", CheckUsage, func(o *Observation) { o.Response.Usage = &model.Usage{Known: true} }},
		{"nobody's thinking", CheckThinking, func(o *Observation) { o.Response.Message.Parts = []model.Part{model.Thinking{Text: "hm"}} }},
		{"another's thinking", CheckThinking, func(o *Observation) {
			o.Provider = "a"
			o.Response.Message.Parts = []model.Part{model.Thinking{Text: "hm", Provider: "b"}}
		}},
		{"redacted with text", CheckThinking, func(o *Observation) {
			o.Response.Message.Parts = []model.Part{model.Thinking{Text: "hm", Redacted: []byte("x"), Provider: "b"}}
		}},
		{"incomplete thinking", CheckThinking, func(o *Observation) {
			o.Response.Message.Parts = []model.Part{model.Thinking{Text: "hm", Provider: "b", Incomplete: true}}
		}},
		{"thinking in the text", CheckThinking, func(o *Observation) { o.Response.Message.Parts = []model.Part{model.Text("hm"), model.Text("Hi")} }},
	} {
		o := oneText()
		tt.spoil(&o)
		if tt.law(o) == nil {
			t.Errorf("%s: the law holds, want it broken", tt.name)
		}
	}
}

// The laws of requests, broken by hand.
func TestLawsOfRequests(t *testing.T) {
	asked := probe.ToolTurn([]model.Part{probe.ToolCall("c1", "look", `{"at":1}`)}, probe.TextResult("c1", "Seen."))
	asked.Messages = append([]model.Message{model.System("Be kind.")}, asked.Messages...)
	asked.Temperature, asked.StopSequences = new(0.5), []string{"a", "b"}
	if err := CheckSent(asked, asked.Clone(), nil); err != nil {
		t.Fatalf("CheckSent of a request sent as it is: %v", err)
	}
	for _, tt := range []struct {
		name  string
		field string // that a warning must be about
		spoil func(*model.Request)
	}{
		{"temperature", "temperature", func(r *model.Request) { r.Temperature = nil }},
		{"stop sequences", "stop_sequences", func(r *model.Request) { r.StopSequences = r.StopSequences[:1] }},
		{"tool", "tools[0]", func(r *model.Request) { r.Tools = nil }},
		{"description", "tools[0].description", func(r *model.Request) { r.Tools[0].Description = "" }},
		{"system message", "messages[0]", func(r *model.Request) { r.Messages = r.Messages[1:] }},
		{"call", "messages[2].parts[0]", func(r *model.Request) { r.Messages[2].Parts = nil }},
		{"result", "messages[3].parts[0]", func(r *model.Request) { r.Messages[3] = model.ToolResults(probe.TextResult("c1", "Unseen.")) }},
		{"limit", "max_tokens", func(r *model.Request) { r.MaxTokens = 7 }},
	} {
		sent := probe.With(asked, tt.spoil)
		if CheckSent(asked, sent, nil) == nil {
			t.Errorf("%s: the law holds, want it broken", tt.name)
		}
		told := []model.Warning{{Action: model.WarningChanged, Field: tt.field, Reason: "so it is"}}
		if err := CheckSent(asked, sent, told); err != nil {
			t.Errorf("%s: with a warning about %s: %v", tt.name, tt.field, err)
		}
		other := []model.Warning{{Action: model.WarningDropped, Field: "top_k", Reason: "another matter"}}
		if CheckSent(asked, sent, other) == nil {
			t.Errorf("%s: the law holds by a warning about something else", tt.name)
		}
	}
	later := probe.With(asked, func(r *model.Request) { r.Messages = append(r.Messages, model.Assistant("So."), model.User("And?")) })
	if err := CheckPrefix(asked, later); err != nil {
		t.Errorf("CheckPrefix of a conversation that grew: %v", err)
	}
	if CheckPrefix(asked, probe.With(later, func(r *model.Request) { r.Messages[0] = model.System("Be quick.") })) == nil {
		t.Error("CheckPrefix of another system message holds")
	}
}
