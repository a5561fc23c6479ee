package model_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestStreamParts(t *testing.T) {
	thinking := func(text, signature string) model.Part {
		return model.Thinking{Text: text, Signature: signature, Provider: "test"}
	}
	call := func(id, input string) model.Part {
		return model.ToolCall{ID: id, Name: "n", Input: json.RawMessage(input)}
	}
	tests := []struct {
		name   string
		events []model.Event
		want   []model.Part
	}{
		{"nothing", nil, nil},
		{"empty text", []model.Event{textEvent(0, ""), doneEvent(0)}, []model.Part{model.Text("")}},
		{"empty text without a done", []model.Event{textEvent(0, "")}, []model.Part{model.Text("")}},
		{"empty thinking", []model.Event{thinkingEvent(0, "")}, []model.Part{thinking("", "")}},
		{"interleaved",
			[]model.Event{textEvent(0, "a"), textEvent(1, "x"), textEvent(0, "b"), textEvent(1, "y"), doneEvent(1), textEvent(0, "c"), doneEvent(0)},
			[]model.Part{model.Text("abc"), model.Text("xy")}},
		{"interleaved calls",
			[]model.Event{callEvent(0, "t1", "n"), callEvent(1, "t2", "n"), inputEvent(1, `{"b":`), inputEvent(0, `{"a":`), inputEvent(1, `2}`), inputEvent(0, `1}`)},
			[]model.Part{call("t1", `{"a":1}`), call("t2", `{"b":2}`)}},
		{"sparse", []model.Event{textEvent(7, "a"), textEvent(1000000, "b")}, []model.Part{model.Text("a"), model.Text("b")}},
		{"out of order",
			[]model.Event{textEvent(5, "c"), doneEvent(5), textEvent(1, "a"), textEvent(3, "b"), doneEvent(3), doneEvent(1), textEvent(-2, "z")},
			[]model.Part{model.Text("z"), model.Text("a"), model.Text("b"), model.Text("c")}},
		{"no dones", []model.Event{textEvent(0, "a"), thinkingEvent(1, "b"), signatureEvent(1, "s")}, []model.Part{model.Text("a"), thinking("b", "s")}},
		{"a done for a part that never began", []model.Event{doneEvent(4), textEvent(0, "a"), doneEvent(0), doneEvent(0)}, []model.Part{model.Text("a")}},
		{"a done that brings the whole part", []model.Event{donePart(0, model.Text("a")), donePart(1, model.JSON(`1`))},
			[]model.Part{model.Text("a"), model.JSON(`1`)}},
		{"a done that knows better", []model.Event{textEvent(0, "a"), donePart(0, model.Text("A"))}, []model.Part{model.Text("A")}},
		{"input without a start", []model.Event{inputEvent(0, `{"a":1}`)}, []model.Part{model.ToolCall{Input: json.RawMessage(`{"a":1}`)}}},
		{"signature without thinking", []model.Event{signatureEvent(0, "a"), signatureEvent(0, ""), signatureEvent(0, "b")}, []model.Part{thinking("", "ab")}},
		{"signature before thinking", []model.Event{signatureEvent(0, "s"), thinkingEvent(0, "t")}, []model.Part{thinking("t", "s")}},
		{"a citation before its text", []model.Event{citationEvent(0, model.Citation{Title: "c"}), textEvent(0, "a"), citationEvent(0, model.Citation{Title: "d"})},
			[]model.Part{model.CitedText{Text: "a", Citations: []model.Citation{{Title: "c"}, {Title: "d"}}}}},
		{"a citation without text", []model.Event{citationEvent(0, model.Citation{Title: "c"})},
			[]model.Part{model.CitedText{Citations: []model.Citation{{Title: "c"}}}}},
		{"several citations at once", []model.Event{{Kind: model.EventCitation, Part: everyCitation()}, textEvent(0, "a")},
			[]model.Part{model.CitedText{Text: "a", Citations: everyCitation().Citations}}},
		{"text becomes thinking", []model.Event{textEvent(0, "a"), thinkingEvent(0, "b"), textEvent(0, "c")},
			[]model.Part{model.Text("a"), thinking("b", ""), model.Text("c")}},
		{"thinking becomes redacted", []model.Event{thinkingEvent(0, "a"), redactedEvent(0, "b"), redactedEvent(0, "c"), signatureEvent(0, "s")},
			[]model.Part{thinking("a", ""), model.Thinking{Redacted: []byte("bc"), Provider: "test"}, thinking("", "s")}},
		{"text becomes a call", []model.Event{textEvent(0, "a"), callEvent(0, "t1", "n"), inputEvent(0, `{}`)},
			[]model.Part{model.Text("a"), call("t1", `{}`)}},
		{"call after call", []model.Event{callEvent(0, "t1", "n"), inputEvent(0, `1`), callEvent(0, "t2", "n"), inputEvent(0, `2`)},
			[]model.Part{call("t1", `1`), call("t2", `2`)}},
		{"part after part", []model.Event{partEvent(0, model.Text("a")), partEvent(0, model.Text("b"))},
			[]model.Part{model.Text("a"), model.Text("b")}},
		{"an index used again", []model.Event{textEvent(0, "a"), doneEvent(0), textEvent(0, "b"), textEvent(1, "c"), doneEvent(0), thinkingEvent(0, "d")},
			[]model.Part{model.Text("a"), model.Text("b"), thinking("d", ""), model.Text("c")}},
		{"call without input", []model.Event{callEvent(0, "t1", "n"), doneEvent(0)}, []model.Part{call("t1", `{}`)}},
		{"call with empty input", []model.Event{callEvent(0, "t1", "n"), inputEvent(0, ""), inputEvent(0, " \n"), doneEvent(0)}, []model.Part{call("t1", `{}`)}},
		{"call with exact input", []model.Event{callEvent(0, "t1", "n"), inputEvent(0, " { \"b\" : 2.50,\"a\":"), inputEvent(0, "9007199254740993 }\n")},
			[]model.Part{call("t1", " { \"b\" : 2.50,\"a\":9007199254740993 }\n")}},
		{"call with input that is not JSON", []model.Event{callEvent(0, "t1", "n"), inputEvent(0, `{"a":`), doneEvent(0)},
			[]model.Part{model.ToolCall{ID: "t1", Name: "n", InvalidInput: `{"a":`}}},
		{"server call", []model.Event{{Kind: model.EventToolCall, Part: model.ServerToolCall{ID: "s", Name: "n", Kind: "k"}}, inputEvent(0, `[1]`)},
			[]model.Part{model.ServerToolCall{ID: "s", Name: "n", Kind: "k", Input: json.RawMessage(`[1]`)}}},
		{"server call with input that is not JSON", []model.Event{{Kind: model.EventToolCall, Part: model.ServerToolCall{ID: "s"}}, inputEvent(0, `[1`)},
			[]model.Part{model.ServerToolCall{ID: "s", InvalidInput: `[1`}}},
		{"whole parts", []model.Event{partEvent(1, model.ServerToolResult{CallID: "s"}), partEvent(0, model.Opaque{Kind: "k"})},
			[]model.Part{model.Opaque{Kind: "k"}, model.ServerToolResult{CallID: "s"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := play(t.Context(), nil, append(tt.events, finishEvent())...)
			events, err := collect(s)
			if err != nil {
				t.Fatal(err)
			}
			resp, _ := s.Response()
			diff(t, "parts", tt.want, resp.Message.Parts)
			diff(t, "parts of the dones", tt.want, doneParts(events))
			if err := checkEvents(events); err != nil {
				t.Error(err)
			}
		})
	}
}

// doneParts returns the parts of the EventPartDones in order of index.
func doneParts(events []model.Event) []model.Part {
	var dones []model.Event
	for _, ev := range events {
		if ev.Kind == model.EventPartDone {
			dones = append(dones, ev)
		}
	}
	slices.SortStableFunc(dones, func(a, b model.Event) int { return a.Index - b.Index })
	var parts []model.Part
	for _, ev := range dones {
		parts = append(parts, ev.Part)
	}
	return parts
}

// checkEvents checks that events are a complete stream, by the rules of
// model.Event: for every part events of its own, then its end; at last one
// finish.
func checkEvents(events []model.Event) error {
	open := map[int]bool{}
	for i, ev := range events {
		switch ev.Kind {
		case model.EventFinish:
			if i != len(events)-1 {
				return fmt.Errorf("event %d is a finish, but %d events follow", i, len(events)-1-i)
			}
			if len(open) > 0 {
				return fmt.Errorf("the parts %v have no end", open)
			}
			return nil
		case model.EventPartDone:
			if !open[ev.Index] {
				return fmt.Errorf("event %d ends part %d, which has not begun", i, ev.Index)
			}
			if ev.Part == nil {
				return fmt.Errorf("event %d, the end of part %d, has no part", i, ev.Index)
			}
			delete(open, ev.Index)
		default:
			open[ev.Index] = true
		}
	}
	return fmt.Errorf("no finish after %d events", len(events))
}

func TestStreamImpliedDone(t *testing.T) {
	s := play(t.Context(), nil, textEvent(0, "a"), thinkingEvent(0, "b"), finishEvent())
	got, err := collect(s)
	if err != nil {
		t.Fatal(err)
	}
	thinking := model.Thinking{Text: "b", Provider: "test"}
	want := []model.Event{
		textEvent(0, "a"), donePart(0, model.Text("a")), thinkingEvent(0, "b"), donePart(0, thinking),
		{Kind: model.EventFinish, Response: &model.Response{
			Message: model.AssistantParts(model.Text("a"), thinking), StopReason: model.StopEndTurn, Usage: &model.Usage{}, Model: "m-1"}},
	}
	diff(t, "Events()", want, got)
}

func TestStreamUnfitEvents(t *testing.T) {
	tests := []struct {
		name string
		ev   model.Event
		want string
	}{
		{"no kind", model.Event{}, "an event of kind 0, which does not exist"},
		{"unknown kind", model.Event{Kind: 200}, "an event of kind 200, which does not exist"},
		{"redacted without a part", model.Event{Kind: model.EventRedacted}, "an event redacted with a part of type <nil>"},
		{"redacted with text", model.Event{Kind: model.EventRedacted, Part: model.Text("")}, "an event redacted with a part of type model.Text"},
		{"citation with text", model.Event{Kind: model.EventCitation, Part: model.Text("")}, "an event citation with a part of type model.Text"},
		{"call without a part", model.Event{Kind: model.EventToolCall}, "an event tool_call with a part of type <nil>"},
		{"part without a part", model.Event{Kind: model.EventPart}, "an event part with a part of type <nil>"},
	}
	for _, tt := range tests {
		for _, before := range [][]model.Event{nil, {textEvent(0, "a")}} {
			t.Run(fmt.Sprintf("%s after %d", tt.name, len(before)), func(t *testing.T) {
				var accepted []bool
				s := model.NewStream(t.Context(), testInfo, func(_ context.Context, emit func(model.Event) bool) error {
					for _, ev := range append(before, tt.ev, textEvent(0, "b"), finishEvent()) {
						accepted = append(accepted, emit(ev))
					}
					return nil
				})
				events, err := collect(s)
				e := asError(t, err)
				if want := "the provider emitted " + tt.want; e.Kind != model.ErrMalformed || e.Message != want {
					t.Errorf("error = %v, want kind %v, message %q", e, model.ErrMalformed, want)
				}
				diff(t, "events", len(before), len(events))
				diff(t, "emit", append(make([]bool, 0), []bool{true, false, false, false}[1-len(before):]...), accepted)
				var want *model.Response
				if len(before) > 0 {
					want = &model.Response{Message: model.Assistant("a"), Usage: &model.Usage{}, Model: "m-1"}
				}
				diff(t, "Partial", want, e.Partial)
			})
		}
	}
}

func TestStreamIncompleteParts(t *testing.T) {
	server := model.Event{Kind: model.EventToolCall, Part: model.ServerToolCall{ID: "s"}}
	tests := []struct {
		name   string
		events []model.Event
		want   model.Part
	}{
		{"call", []model.Event{callEvent(0, "t", "n")}, model.ToolCall{ID: "t", Name: "n"}},
		{"call with the empty object", []model.Event{callEvent(0, "t", "n"), inputEvent(0, "{}")}, model.ToolCall{ID: "t", Name: "n"}},
		{"call cut off", []model.Event{callEvent(0, "t", "n"), inputEvent(0, "{")}, model.ToolCall{ID: "t", Name: "n", InvalidInput: "{"}},
		{"server call", []model.Event{server}, model.ServerToolCall{ID: "s"}},
		{"server call cut off", []model.Event{server, inputEvent(0, `{"a"`)}, model.ServerToolCall{ID: "s", InvalidInput: `{"a"`}},
		{"call done", []model.Event{callEvent(0, "t", "n"), doneEvent(0)}, model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage("{}")}},
		{"signature", []model.Event{signatureEvent(0, "s")}, model.Thinking{Signature: "s", Provider: "test", Incomplete: true}},
		{"thinking done", []model.Event{thinkingEvent(0, "a"), doneEvent(0)}, model.Thinking{Text: "a", Provider: "test"}},
		{"part", []model.Event{partEvent(0, model.Image{URI: "u"})}, model.Image{URI: "u"}},
	}
	for _, tt := range tests {
		resp, err := play(t.Context(), errBoom, tt.events...).Response()
		if err == nil || resp == nil {
			t.Errorf("%s: Response() = %v, %v, want a part and an error", tt.name, resp, err)
			continue
		}
		diff(t, tt.name, []model.Part{tt.want}, resp.Message.Parts)
	}
}

// awkwardInput is hard to take apart: characters of several bytes, escapes,
// numbers that are not float64s, strings that look like ends.
const awkwardInput = `{"city":"Zürich 東京 😀","q":"<a&b> \"}\" \\","n":9007199254740993,"x":2.50,"e":[1e400,{}],"z":{"b":1,"a":null}}`

func TestStreamInputCutAtEveryByte(t *testing.T) {
	want := []model.Part{model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(awkwardInput)}}
	check := func(what string, pieces ...string) {
		t.Helper()
		events := []model.Event{callEvent(0, "t", "n")}
		for _, p := range pieces {
			events = append(events, inputEvent(0, p))
		}
		resp := responseOf(t, append(events, doneEvent(0), finishEvent())...)
		diff(t, what, want, resp.Message.Parts)
	}
	var bytes []string
	for i := range len(awkwardInput) + 1 {
		check(fmt.Sprintf("cut at %d", i), awkwardInput[:i], awkwardInput[i:])
		if i < len(awkwardInput) {
			bytes = append(bytes, awkwardInput[i:i+1])
		}
	}
	check("byte by byte", bytes...)

	for i := 1; i < len(awkwardInput); i++ { // and what is left when nothing follows
		resp, err := play(t.Context(), nil, callEvent(0, "t", "n"), inputEvent(0, awkwardInput[:i])).Response()
		if err == nil {
			t.Fatal("no error")
		}
		diff(t, fmt.Sprintf("cut off at %d", i),
			[]model.Part{model.ToolCall{ID: "t", Name: "n", InvalidInput: awkwardInput[:i]}}, resp.Message.Parts)
		data := mustMarshal(t, resp.Message)
		var back model.Message
		if err := json.Unmarshal([]byte(data), &back); err != nil {
			t.Fatal(err)
		}
		diff(t, "second encoding", data, mustMarshal(t, back))
	}
}

func TestStreamTextCutAtEveryByte(t *testing.T) {
	for i := range len(awkwardInput) + 1 {
		a, b := awkwardInput[:i], awkwardInput[i:]
		resp := responseOf(t, thinkingEvent(0, a), thinkingEvent(0, b), signatureEvent(0, a), signatureEvent(0, b),
			redactedEvent(1, a), redactedEvent(1, b), textEvent(2, a), textEvent(2, b), finishEvent())
		diff(t, fmt.Sprintf("cut at %d", i), []model.Part{
			model.Thinking{Text: awkwardInput, Signature: awkwardInput, Provider: "test"},
			model.Thinking{Redacted: []byte(awkwardInput), Provider: "test"},
			model.Text(awkwardInput),
		}, resp.Message.Parts)
	}
}

// eventsOf takes an answer apart as a provider streams it, in pieces of n
// bytes.
func eventsOf(resp *model.Response, n int) []model.Event {
	var events []model.Event
	pieces := func(kind model.EventKind, i int, s string) {
		for len(s) > 0 {
			k := min(n, len(s))
			events = append(events, model.Event{Kind: kind, Index: i, Text: s[:k]})
			s = s[k:]
		}
	}
	for i, p := range resp.Message.Parts {
		switch p := p.(type) {
		case model.Text:
			events = append(events, textEvent(i, ""))
			pieces(model.EventText, i, string(p))
		case model.CitedText:
			pieces(model.EventText, i, p.Text)
			for _, c := range p.Citations {
				events = append(events, citationEvent(i, c))
			}
		case model.Thinking:
			pieces(model.EventThinking, i, p.Text)
			pieces(model.EventSignature, i, p.Signature)
			if p.Redacted != nil {
				events = append(events, redactedEvent(i, string(p.Redacted)))
			}
		case model.ToolCall:
			events = append(events, callEvent(i, p.ID, p.Name))
			pieces(model.EventToolInput, i, string(p.Input))
		default:
			events = append(events, partEvent(i, p))
		}
		events = append(events, doneEvent(i))
	}
	meta := *resp
	meta.Message = model.Message{}
	return append(events, model.Event{Kind: model.EventFinish, Response: &meta})
}

// TestStreamLikeGenerate: an answer is the same however it came.
func TestStreamLikeGenerate(t *testing.T) {
	want := fullResponse()
	want.Message = model.AssistantParts(
		model.Thinking{Text: "hm, 東京", Signature: "c2ln", Provider: "test"},
		model.Thinking{Redacted: []byte{0, 255}, Provider: "test"},
		model.Thinking{Signature: "only", Provider: "test"},
		model.Text("Hello 😀"), model.Text(""),
		everyCitation(),
		model.ToolCall{ID: "t1", Name: "n", Input: json.RawMessage(awkwardInput)},
		model.ToolCall{ID: "t2", Name: "n", Input: json.RawMessage(`{}`)},
		model.ServerToolResult{CallID: "s", Kind: "k", Parts: []model.Part{model.Text("a")}},
		model.Opaque{Provider: "test", Kind: "k", Data: json.RawMessage(`{"a":2.50}`)},
	)
	for _, n := range []int{1, 2, 3, 1000} {
		got := responseOf(t, eventsOf(want, n)...)
		diff(t, fmt.Sprintf("answer in pieces of %d bytes", n), want, got)
	}
}

func TestStreamFinishGiven(t *testing.T) {
	t.Run("no response", func(t *testing.T) {
		got := responseOf(t, textEvent(0, "a"), model.Event{Kind: model.EventFinish})
		diff(t, "Response()", &model.Response{Message: model.Assistant("a"), Usage: &model.Usage{}, Model: "m-1"}, got)
	})
	t.Run("whole response", func(t *testing.T) {
		given := &model.Response{Message: model.Message{Role: "narrator", Parts: []model.Part{model.Text("b")}}, Usage: &model.Usage{}, Model: "m-2"}
		got := responseOf(t, textEvent(0, "a"), model.Event{Kind: model.EventFinish, Index: 3, Text: "x", Response: given})
		diff(t, "Response()", given, got)
	})
	t.Run("the provider's response is left alone", func(t *testing.T) {
		given := &model.Response{StopReason: model.StopMaxTokens}
		for range 2 {
			got := responseOf(t, textEvent(0, "a"), model.Event{Kind: model.EventFinish, Response: given})
			diff(t, "Response()", &model.Response{Message: model.Assistant("a"), StopReason: model.StopMaxTokens, Usage: &model.Usage{}, Model: "m-1"}, got)
		}
		diff(t, "the provider's response", &model.Response{StopReason: model.StopMaxTokens}, given)
	})
	t.Run("the provider's citations are left alone", func(t *testing.T) {
		given := everyCitation()
		got := responseOf(t, model.Event{Kind: model.EventCitation, Part: given}, finishEvent())
		scramble(t, got)
		diff(t, "the provider's citations", everyCitation(), given)
	})
}

// FuzzStream plays arbitrary sequences of events. Two bytes make an event.
func FuzzStream(f *testing.F) {
	f.Add([]byte("\x01\x00\x01\x10\x09\x00\x0a\x00"), uint8(0))
	f.Add([]byte("\x05\x20\x06\x20\x02\x20\x03\x20\x09\x20\x04\x20\x07\x10\x08\x10\x0b\x00"), uint8(3))
	f.Add([]byte("\x09\x01\x0c\x00\x00\x00"), uint8(200))
	f.Fuzz(func(t *testing.T, script []byte, stop uint8) {
		var events []model.Event
		for ; len(script) > 1; script = script[2:] {
			events = append(events, fuzzEvent(script[0], script[1]))
		}
		s := play(t.Context(), nil, events...)
		var got []model.Event
		var text string
		var last error
		for ev, err := range s.Events() {
			if last = err; err != nil {
				break
			}
			got = append(got, ev)
			switch ev.Kind {
			case model.EventText:
				text += ev.Text
			case model.EventPart:
				text += model.AssistantParts(ev.Part).Text()
			}
			if stop > 0 && len(got) == int(stop) {
				break
			}
		}
		resp, err := s.Response()
		switch {
		case err == nil:
			if err := checkEvents(got); err != nil {
				t.Errorf("%v in %v", err, got)
			}
			if d := cmp.Diff(doneParts(got), resp.Message.Parts); d != "" {
				t.Errorf("parts of the dones and of the response differ:\n%s", d)
			}
		case last != nil && last != err:
			t.Errorf("Response() error = %v, want that of the loop, %v", err, last)
		case last == nil && model.KindOf(err) != model.ErrStopped:
			t.Errorf("Response() error = %v, want ErrStopped", err)
		}
		if resp == nil {
			if len(got) > 0 {
				t.Errorf("no part of an answer after %v", got)
			}
			return
		}
		if len(text) != len(resp.Text()) {
			t.Errorf("text of the events has %d bytes, of the response %d", len(text), len(resp.Text()))
		}
		data := mustMarshal(t, resp)
		var back model.Response
		if err := json.Unmarshal([]byte(data), &back); err != nil {
			t.Fatalf("Unmarshal(%s) error = %v", data, err)
		}
		if d := cmp.Diff(data, mustMarshal(t, &back)); d != "" {
			t.Errorf("second encoding (-want +got):\n%s", d)
		}
	})
}

// fuzzEvent makes an event of two bytes: a kind, and a variant and an index.
func fuzzEvent(kind, more byte) model.Event {
	ev := model.Event{Kind: model.EventKind(kind % 12), Index: int(more%8) - 1}
	variant := more / 8 % 4
	ev.Text = []string{"", `{"a":`, `1}`, "\xe2\x82"}[variant]
	switch ev.Kind {
	case model.EventRedacted:
		ev.Part = model.Thinking{Redacted: []byte{more}}
	case model.EventCitation:
		ev.Part = model.CitedText{Citations: []model.Citation{{Title: "c"}}}
	case model.EventToolCall:
		ev.Part = []model.Part{model.ToolCall{ID: "t"}, model.ServerToolCall{ID: "s"}, nil, model.ToolCall{Input: json.RawMessage("x")}}[variant]
	case model.EventPart:
		ev.Part = []model.Part{model.Text("p"), model.CachePoint{}, nil, model.CitedText{Text: "q"}}[variant]
	}
	return ev
}
