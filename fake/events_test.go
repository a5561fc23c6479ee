package fake_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func hello() *model.Request {
	return &model.Request{Messages: []model.Message{model.User("hello")}}
}

// collect returns all events of a stream and its error.
func collect(s *model.Stream) (all []model.Event, err error) {
	for ev, e := range s.Events() {
		if e != nil {
			err = e
			continue
		}
		all = append(all, ev)
	}
	return all, err
}

func delta(kind model.EventKind, index int, text string) model.Event {
	return model.Event{Kind: kind, Index: index, Text: text}
}

func with(kind model.EventKind, index int, p model.Part) model.Event {
	return model.Event{Kind: kind, Index: index, Part: p}
}

func TestEvents(t *testing.T) {
	const (
		text      = model.EventText
		thinking  = model.EventThinking
		signature = model.EventSignature
		redacted  = model.EventRedacted
		call      = model.EventToolCall
		input     = model.EventToolInput
		citation  = model.EventCitation
		whole     = model.EventPart
		done      = model.EventPartDone
	)
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	cited := []model.Citation{{Title: "A", Quotes: []string{"x"}}, {Title: "B"}}
	tests := []struct {
		name string
		turn fake.Turn
		want []model.Event // before the last one, which is EventFinish
	}{
		{"zero", fake.Turn{}, nil},
		{"text by words", fake.Text("Hello,  dear world"), []model.Event{
			delta(text, 0, "Hello,"), delta(text, 0, "  dear"), delta(text, 0, " world"),
			with(done, 0, model.Text("Hello,  dear world")),
		}},
		{"text of nothing", fake.Text(""), []model.Event{delta(text, 0, ""), with(done, 0, model.Text(""))}},
		{"text whole", fake.Text("a b").Pieces(0), []model.Event{delta(text, 0, "a b"), with(done, 0, model.Text("a b"))}},
		{"pieces within a character", fake.Text("é!").Pieces(1), []model.Event{
			delta(text, 0, "\xc3"), delta(text, 0, "\xa9"), delta(text, 0, "!"), with(done, 0, model.Text("é!")),
		}},
		{"given pieces", fake.Text("Hello").Split("He", "", "llo"), []model.Event{
			delta(text, 0, "He"), delta(text, 0, ""), delta(text, 0, "llo"), with(done, 0, model.Text("Hello")),
		}},
		{"given pieces of several blocks", fake.Thinking("hm", "c2ln", fake.Call("w", `{"é":tr`+"ue}"), model.Text("ok")).
			Split("c2", "ln").Split(`{"`+"\xc3", "\xa9"+`":tr`, "ue}"), []model.Event{
			delta(thinking, 0, "hm"), delta(signature, 0, "c2"), delta(signature, 0, "ln"),
			with(done, 0, model.Thinking{Text: "hm", Signature: "c2ln", Provider: "fake"}),
			with(call, 1, model.ToolCall{ID: "call_1_2", Name: "w"}),
			delta(input, 1, `{"`+"\xc3"), delta(input, 1, "\xa9"+`":tr`), delta(input, 1, "ue}"),
			with(done, 1, model.ToolCall{ID: "call_1_2", Name: "w", Input: raw(`{"é":true}`)}),
			delta(text, 2, "ok"), with(done, 2, model.Text("ok")),
		}},
		{"given pieces of equal blocks", fake.Reply(model.Text("ab"), model.Text("ab"), model.Text("ab")).Split("a", "b").Split("ab", ""), []model.Event{
			delta(text, 0, "a"), delta(text, 0, "b"), with(done, 0, model.Text("ab")),
			delta(text, 1, "ab"), delta(text, 1, ""), with(done, 1, model.Text("ab")),
			delta(text, 2, "ab"), with(done, 2, model.Text("ab")),
		}},
		{"given pieces of redacted thinking", fake.Redacted([]byte("\xff\x00")).Split("\xff", "\x00"), []model.Event{
			with(redacted, 0, model.Thinking{Redacted: []byte("\xff")}), with(redacted, 0, model.Thinking{Redacted: []byte("\x00")}),
			with(done, 0, model.Thinking{Redacted: []byte("\xff\x00"), Provider: "fake"}),
		}},
		{"signed thinking", fake.Thinking("a sum", "c2lnbmVkIHNpZ25lZA==", model.Text("4")), []model.Event{
			delta(thinking, 0, "a"), delta(thinking, 0, " sum"),
			delta(signature, 0, "c2lnbmVkIHNpZ25l"), delta(signature, 0, "ZA=="),
			with(done, 0, model.Thinking{Text: "a sum", Signature: "c2lnbmVkIHNpZ25lZA==", Provider: "fake"}),
			delta(text, 1, "4"), with(done, 1, model.Text("4")),
		}},
		{"signature only", fake.Thinking("", "sig"), []model.Event{
			delta(signature, 0, "sig"), with(done, 0, model.Thinking{Signature: "sig", Provider: "fake"}),
		}},
		{"unsigned thinking", fake.Thinking("hm", ""), []model.Event{
			delta(thinking, 0, "hm"), with(done, 0, model.Thinking{Text: "hm", Provider: "fake"}),
		}},
		{"empty thinking", fake.Thinking("", ""), []model.Event{
			delta(thinking, 0, ""), with(done, 0, model.Thinking{Provider: "fake"}),
		}},
		{"redacted", fake.Redacted([]byte("\x00\xff\x01"), model.Text("ok")).Pieces(2), []model.Event{
			with(redacted, 0, model.Thinking{Redacted: []byte("\x00\xff")}), with(redacted, 0, model.Thinking{Redacted: []byte("\x01")}),
			with(done, 0, model.Thinking{Redacted: []byte("\x00\xff\x01"), Provider: "fake"}),
			delta(text, 1, "ok"), with(done, 1, model.Text("ok")),
		}},
		{"redacted and more", fake.Reply(model.Thinking{Text: "hm", Redacted: []byte("x"), Provider: "p"}), []model.Event{
			with(whole, 0, model.Thinking{Text: "hm", Redacted: []byte("x"), Provider: "p"}),
			with(done, 0, model.Thinking{Text: "hm", Redacted: []byte("x"), Provider: "p"}),
		}},
		{"another provider's thinking", fake.Reply(model.Thinking{Text: "hm", Provider: "bedrock"}), []model.Event{
			delta(thinking, 0, "hm"), with(done, 0, model.Thinking{Text: "hm", Provider: "bedrock"}),
		}},
		{"calls", fake.Calls(fake.Call("weather", `{"city":"Paris"}`), model.ToolCall{ID: "x", Name: "time"}).Pieces(9), []model.Event{
			with(call, 0, model.ToolCall{ID: "call_1_1", Name: "weather"}),
			delta(input, 0, `{"city":"`), delta(input, 0, `Paris"}`),
			with(done, 0, model.ToolCall{ID: "call_1_1", Name: "weather", Input: raw(`{"city":"Paris"}`)}),
			with(call, 1, model.ToolCall{ID: "x", Name: "time"}),
			with(done, 1, model.ToolCall{ID: "x", Name: "time", Input: raw(`{}`)}),
		}},
		{"call with an empty object", fake.Calls(fake.Call("time", "{}")), []model.Event{
			with(call, 0, model.ToolCall{ID: "call_1_1", Name: "time"}), delta(input, 0, "{}"),
			with(done, 0, model.ToolCall{ID: "call_1_1", Name: "time", Input: raw(`{}`)}),
		}},
		{"call with invalid JSON", fake.Calls(fake.Call("weather", `{"city":"Pa`)), []model.Event{
			with(call, 0, model.ToolCall{ID: "call_1_1", Name: "weather"}), delta(input, 0, `{"city":"Pa`),
			with(done, 0, model.ToolCall{ID: "call_1_1", Name: "weather", InvalidInput: `{"city":"Pa`}),
		}},
		{"call whose Input is not JSON", fake.Calls(model.ToolCall{ID: "1", Name: "w", Input: raw(`{x`)}), []model.Event{
			with(call, 0, model.ToolCall{ID: "1", Name: "w"}), delta(input, 0, `{x`),
			with(done, 0, model.ToolCall{ID: "1", Name: "w", InvalidInput: `{x`}),
		}},
		{"server tool", fake.Reply(
			model.ServerToolCall{ID: "s", Name: "search", Kind: "web", Input: raw(`{"q":1}`)},
			model.ServerToolResult{CallID: "s", Parts: []model.Part{model.Text("found")}},
		), []model.Event{
			with(call, 0, model.ServerToolCall{ID: "s", Name: "search", Kind: "web"}), delta(input, 0, `{"q":1}`),
			with(done, 0, model.ServerToolCall{ID: "s", Name: "search", Kind: "web", Input: raw(`{"q":1}`)}),
			with(whole, 1, model.ServerToolResult{CallID: "s", Parts: []model.Part{model.Text("found")}}),
			with(done, 1, model.ServerToolResult{CallID: "s", Parts: []model.Part{model.Text("found")}}),
		}},
		{"citations", fake.Reply(model.CitedText{Text: "so it is", Citations: cited}).Pieces(4), []model.Event{
			with(citation, 0, model.CitedText{Citations: cited[:1]}), with(citation, 0, model.CitedText{Citations: cited[1:]}),
			delta(text, 0, "so i"), delta(text, 0, "t is"),
			with(done, 0, model.CitedText{Text: "so it is", Citations: cited}),
		}},
		{"cited text without citations", fake.Reply(model.CitedText{Text: "x"}), []model.Event{
			delta(text, 0, "x"), with(done, 0, model.CitedText{Text: "x"}),
		}},
		{"opaque", fake.Reply(model.Opaque{Provider: "p", Kind: "k", Data: raw(`{}`)}), []model.Event{
			with(whole, 0, model.Opaque{Provider: "p", Kind: "k", Data: raw(`{}`)}),
			with(done, 0, model.Opaque{Provider: "p", Kind: "k", Data: raw(`{}`)}),
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := fake.New(test.turn)
			got, err := collect(m.Stream(t.Context(), hello()))
			if err != nil || len(got) == 0 || got[len(got)-1].Kind != model.EventFinish {
				t.Fatalf("stream = %v, %v; want it to end by finish", got, err)
			}
			if diff := cmp.Diff(test.want, got[:len(got)-1], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("events (-want +got)\n%s", diff)
			}
			m.AssertDrained(t)
		})
	}
}

func TestEventsTurn(t *testing.T) {
	events := []model.Event{
		{Kind: model.EventToolInput, Index: 7, Text: `{"a"`},
		{Kind: model.EventText, Index: 2, Text: "x"},
		{Kind: model.EventToolInput, Index: 7, Text: `:1}`},
		{Kind: model.EventFinish, Response: &model.Response{StopReason: "odd"}},
	}
	want := &model.Response{
		Message:    model.AssistantParts(model.Text("x"), model.ToolCall{Input: json.RawMessage(`{"a":1}`)}),
		StopReason: "odd",
		Usage:      &model.Usage{},
		Model:      "fake",
	}
	m := fake.New(fake.Events(events...).Always())
	for range 2 {
		got, err := m.Generate(t.Context(), hello())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("Generate error = %v, response (-want +got)\n%s", err, diff)
		}
		events[3].Response.StopReason = "changed"
		for ev := range m.Stream(t.Context(), hello()).Events() {
			if ev.Kind == model.EventFinish {
				ev.Response.StopReason = "changed"
			}
		}
	}
	whole := fake.Events(with(model.EventPart, 0, model.JSON(`{"a":1}`)), events[3]).Always()
	for range 2 {
		got, err := fake.New(whole).Generate(t.Context(), hello())
		if err != nil || string(got.Message.Parts[0].(model.JSON)) != `{"a":1}` {
			t.Fatalf("Generate = %v, %v; want the script's part", got, err)
		}
		copy(got.Message.Parts[0].(model.JSON), "scribble")
	}
	if _, err := fake.New(fake.Events()).Generate(t.Context(), hello()); model.KindOf(err) != model.ErrTruncated {
		t.Errorf("no events: error = %v, want %v", err, model.ErrTruncated)
	}
}

func TestDefaults(t *testing.T) {
	tests := []struct {
		name string
		turn fake.Turn
		want model.Response
	}{
		{"text", fake.Text("four"), model.Response{
			Message: model.Assistant("four"), StopReason: model.StopEndTurn,
			// {"type":"text","text":"hello"} has 30 bytes, and so many less one for "four"
			Usage: &model.Usage{Known: true, InputTokens: 8, OutputTokens: 8}, Model: "fake", RequestID: "fake-1",
		}},
		{"calls", fake.Calls(fake.Call("x", "")).Usage(nil), model.Response{
			Message:    model.AssistantParts(model.ToolCall{ID: "call_1_1", Name: "x", Input: json.RawMessage("{}")}),
			StopReason: model.StopToolUse, Usage: &model.Usage{}, Model: "fake", RequestID: "fake-1",
		}},
		{"nothing is overwritten", fake.Respond(&model.Response{
			Message: model.Assistant("x"), StopReason: "s", Usage: &model.Usage{Known: true, InputTokens: 1}, Model: "m", RequestID: "r",
			Latency: 5, Warnings: []model.Warning{{Field: "f"}}, ProviderMetadata: 3,
		}), model.Response{
			Message: model.Assistant("x"), StopReason: "s", Usage: &model.Usage{Known: true, InputTokens: 1}, Model: "m", RequestID: "r",
			Latency: 5, Warnings: []model.Warning{{Field: "f"}}, ProviderMetadata: 3,
		}},
		{"changed", fake.Text("x").StopReason(model.StopMaxTokens).Usage(&model.Usage{Known: true, OutputTokens: 3}).With(func(r *model.Response) {
			r.RequestID, r.Latency = "mine", 7
			r.Message.Parts = append(r.Message.Parts, model.ToolCall{Name: "late"})
		}), model.Response{
			Message:    model.AssistantParts(model.Text("x"), model.ToolCall{ID: "call_1_2", Name: "late", Input: json.RawMessage("{}")}),
			StopReason: model.StopMaxTokens, Usage: &model.Usage{Known: true, OutputTokens: 3}, Model: "fake", RequestID: "mine", Latency: 7,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := fake.New(test.turn).Generate(t.Context(), hello())
			if diff := cmp.Diff(&test.want, got); diff != "" || err != nil {
				t.Errorf("Generate error = %v, response (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	m := fake.NewWith(&fake.Options{Provider: "p", Model: "m", Tokens: func([]byte) int { return 10 }},
		fake.Thinking("hm", "sig", model.Text("x")), fake.Fail(model.ErrThrottled))
	resp, err := m.Generate(t.Context(), hello())
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Thinking()[0].Provider; resp.Model != "m" || got != "p" {
		t.Errorf("model %q, provider of the thinking %q; want m and p", resp.Model, got)
	}
	if diff := cmp.Diff(&model.Usage{Known: true, InputTokens: 10, OutputTokens: 20}, resp.Usage); diff != "" {
		t.Errorf("usage (-want +got)\n%s", diff)
	}
	_, err = m.Generate(t.Context(), hello())
	want := "p: generate m: throttled: model: throttled"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	if n, err := model.CountTokens(t.Context(), m, hello()); n != 10 || err != nil {
		t.Errorf("CountTokens = %d, %v; want 10", n, err)
	}
	if caps, ok := model.CapabilitiesOf(m); !ok || !caps.Tools || caps.PromptCaching {
		t.Errorf("CapabilitiesOf = %+v, %v; want all but prompt caching", caps, ok)
	}
	if m.Calls() != 2 {
		t.Errorf("Calls = %d, want 2: counting is no call", m.Calls())
	}
}
