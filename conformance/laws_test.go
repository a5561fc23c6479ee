package conformance

import (
	"testing"

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
		{"error of no type", CheckEvents, func(o *Observation) { o.Events, o.Err = o.Events[:2], errCause }},
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
