package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// script is an answer with every kind of event, in which parts interleave.
func script() []model.Event {
	return []model.Event{
		thinkingEvent(0, "h"),
		thinkingEvent(0, "m"),
		signatureEvent(0, "si"),
		signatureEvent(0, "g"),
		doneEvent(0),
		redactedEvent(1, "re"),
		redactedEvent(1, "d"),
		textEvent(3, "Hel"),
		citationEvent(3, model.Citation{Title: "c"}),
		callEvent(4, "t1", "weather"),
		textEvent(3, "lo"),
		inputEvent(4, `{"city":`),
		doneEvent(3),
		inputEvent(4, `"Paris"}`),
		partEvent(6, model.Image{Data: []byte{1}}),
		finishEvent(),
	}
}

// scriptEvents is what a consumer of script sees.
func scriptEvents() []model.Event {
	thinking := model.Thinking{Text: "hm", Signature: "sig", Provider: "test"}
	redacted := model.Thinking{Redacted: []byte("red"), Provider: "test"}
	cited := model.CitedText{Text: "Hello", Citations: []model.Citation{{Title: "c"}}}
	call := model.ToolCall{ID: "t1", Name: "weather", Input: json.RawMessage(`{"city":"Paris"}`)}
	image := model.Image{Data: []byte{1}}
	s := script()
	return []model.Event{
		s[0], s[1], s[2], s[3], donePart(0, thinking),
		s[5], s[6], s[7], s[8], s[9], s[10], s[11], donePart(3, cited), s[13], s[14],
		donePart(1, redacted), donePart(4, call), donePart(6, image),
		{Kind: model.EventFinish, Response: &model.Response{
			Message:    model.AssistantParts(thinking, redacted, cited, call, image),
			StopReason: model.StopEndTurn,
			Usage:      &model.Usage{},
			Model:      "m-1",
		}},
	}
}

// scriptPartial is what has arrived after the first n events of script.
func scriptPartial(n int) []model.Part {
	thinking := func(text, signature string, incomplete bool) model.Part {
		return model.Thinking{Text: text, Signature: signature, Provider: "test", Incomplete: incomplete}
	}
	redacted := func(b string) model.Part {
		return model.Thinking{Redacted: []byte(b), Provider: "test", Incomplete: true}
	}
	cited := func(text string) model.Part {
		return model.CitedText{Text: text, Citations: []model.Citation{{Title: "c"}}}
	}
	call := func(input, invalid string) model.Part {
		c := model.ToolCall{ID: "t1", Name: "weather", InvalidInput: invalid}
		if input != "" {
			c.Input = json.RawMessage(input)
		}
		return c
	}
	whole := thinking("hm", "sig", false)
	return [][]model.Part{
		nil,
		{thinking("h", "", true)},
		{thinking("hm", "", true)},
		{thinking("hm", "si", true)},
		{thinking("hm", "sig", true)},
		{whole},
		{whole, redacted("re")},
		{whole, redacted("red")},
		{whole, redacted("red"), model.Text("Hel")},
		{whole, redacted("red"), cited("Hel")},
		{whole, redacted("red"), cited("Hel"), call("", "")},
		{whole, redacted("red"), cited("Hello"), call("", "")},
		{whole, redacted("red"), cited("Hello"), call("", `{"city":`)},
		{whole, redacted("red"), cited("Hello"), call("", `{"city":`)},
		{whole, redacted("red"), cited("Hello"), call(`{"city":"Paris"}`, "")},
		{whole, redacted("red"), cited("Hello"), call(`{"city":"Paris"}`, ""), model.Image{Data: []byte{1}}},
	}[n]
}

func TestStreamComplete(t *testing.T) {
	s := play(t.Context(), nil, script()...)
	got, err := collect(s)
	if err != nil {
		t.Fatalf("Events() error = %v", err)
	}
	want := scriptEvents()
	diff(t, "Events()", want, got)
	resp, err := s.Response()
	if err != nil {
		t.Fatalf("Response() error = %v", err)
	}
	diff(t, "Response()", want[len(want)-1].Response, resp)
	if resp != got[len(got)-1].Response {
		t.Error("Response() is not the response of EventFinish")
	}
	again, err := s.Response()
	if err != nil || again != resp {
		t.Errorf("second Response() = %p, %v, want the first one's, %p, nil", again, err, resp)
	}
}

func TestStreamResponseDrains(t *testing.T) {
	resp := responseOf(t, script()...)
	want := scriptEvents()
	diff(t, "Response()", want[len(want)-1].Response, resp)
}

func TestStreamText(t *testing.T) {
	s := play(t.Context(), nil,
		thinkingEvent(0, "no"), textEvent(1, "a"), textEvent(1, ""), textEvent(3, "b"), callEvent(2, "t", "n"), inputEvent(2, "{}"),
		partEvent(4, model.Text("c")), partEvent(5, model.CitedText{Text: "d"}), partEvent(6, model.Image{URI: "u"}),
		donePart(7, model.Text("e")), partEvent(8, model.Text("")), textEvent(9, "f"), finishEvent())
	var got []string
	for text, err := range s.Text() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, text)
	}
	diff(t, "Text()", []string{"a", "b", "c", "d", "e", "f"}, got)
	resp, err := s.Response()
	if err != nil || resp.Text() != strings.Join(got, "") {
		t.Errorf("Response().Text() = %q, %v, want that of the pieces %q", resp.Text(), err, got)
	}
}

func TestStreamTextError(t *testing.T) {
	s := play(t.Context(), errBoom, textEvent(0, "a"))
	var got []string
	var last error
	for text, err := range s.Text() {
		got, last = append(got, text), err
	}
	diff(t, "Text()", []string{"a", ""}, got)
	if !errors.Is(last, errBoom) {
		t.Errorf("last error = %v, want boom", last)
	}
}

func TestStreamTextBreak(t *testing.T) {
	released := false
	s := releasing(t.Context(), &released, textEvent(0, "a"), textEvent(0, "b"), finishEvent())
	for range s.Text() {
		break
	}
	if !released {
		t.Error("the producer still runs after break")
	}
	resp, err := s.Response()
	if !errors.Is(err, model.ErrStopped) || resp.Text() != "a" {
		t.Errorf("Response() = %v, %v, want the text a and ErrStopped", resp, err)
	}
}

func TestStreamNeverRanged(t *testing.T) {
	opened := false
	s := model.NewStream(t.Context(), testInfo, func(context.Context, func(model.Event) bool) error {
		opened = true
		return nil
	})
	_, _ = s.Events(), s.Text()
	if opened {
		t.Error("the producer ran though nobody ranged over the stream")
	}
}

func TestStreamUsed(t *testing.T) {
	ranges := map[string]func(*model.Stream) error{
		"Events": func(s *model.Stream) error { _, err := collect(s); return err },
		"Text": func(s *model.Stream) (last error) {
			for _, err := range s.Text() {
				last = err
			}
			return last
		},
	}
	for first, use := range ranges {
		for second, again := range ranges {
			t.Run(first+" then "+second, func(t *testing.T) {
				runs := 0
				s := model.NewStream(t.Context(), testInfo, func(_ context.Context, emit func(model.Event) bool) error {
					runs++
					emit(textEvent(0, "a"))
					emit(finishEvent())
					return nil
				})
				if err := use(s); err != nil {
					t.Fatalf("first range: error = %v", err)
				}
				for range 2 {
					e := asError(t, again(s))
					want := &model.Error{Kind: model.ErrStreamUsed, Provider: "test", Op: "stream", Model: "m-1", Message: e.Message}
					diff(t, "second range", want, e)
				}
				if runs != 1 {
					t.Errorf("the producer ran %d times, want once", runs)
				}
				if resp, err := s.Response(); err != nil || resp.Text() != "a" {
					t.Errorf("Response() = %v, %v, want the first range's", resp, err)
				}
			})
		}
	}
}

func TestStreamUsedWhileRunning(t *testing.T) {
	s := play(t.Context(), nil, textEvent(0, "a"), textEvent(0, "b"), finishEvent())
	n := 0
	for ev, err := range s.Events() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if _, err := collect(s); !errors.Is(err, model.ErrStreamUsed) {
			t.Errorf("range inside the loop: error = %v, want ErrStreamUsed", err)
		}
		for _, err := range s.Text() {
			if !errors.Is(err, model.ErrStreamUsed) {
				t.Errorf("range over Text inside the loop: error = %v, want ErrStreamUsed", err)
			}
		}
		resp, err := s.Response()
		switch ev.Kind {
		case model.EventFinish:
			if err != nil {
				t.Errorf("Response() at the finish: error = %v, want nil", err)
			}
		default:
			if !errors.Is(err, model.ErrStreamUsed) {
				t.Errorf("Response() inside the loop: error = %v, want ErrStreamUsed", err)
			}
		}
		want := []string{"", "a", "ab", "ab", "ab"}[n]
		if resp.Text() != want {
			t.Errorf("Response() at event %v = %q, want the part so far, %q", ev, resp.Text(), want)
		}
	}
	if n != 4 {
		t.Errorf("%d events, want 4", n)
	}
	if _, err := s.Response(); err != nil {
		t.Errorf("Response() after the loop: error = %v, want nil", err)
	}
}

// releasing returns a stream that says when its producer has returned.
func releasing(ctx context.Context, released *bool, events ...model.Event) *model.Stream {
	return model.NewStream(ctx, testInfo, func(_ context.Context, emit func(model.Event) bool) error {
		defer func() { *released = true }()
		for _, ev := range events {
			if !emit(ev) {
				return errors.New("of no interest after a break")
			}
		}
		return nil
	})
}

func TestStreamBreak(t *testing.T) {
	all := scriptEvents()
	for n := range all {
		t.Run(fmt.Sprintf("at event %d", n), func(t *testing.T) {
			var released bool
			s := releasing(t.Context(), &released, script()...)
			seen := 0
			for ev, err := range s.Events() {
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "event", all[seen], ev)
				if seen++; seen > n {
					break
				}
			}
			if !released {
				t.Fatal("the producer still runs after break")
			}
			resp, err := s.Response()
			if n == len(all)-1 {
				if err != nil {
					t.Errorf("Response() after break at the finish: error = %v, want nil", err)
				}
				diff(t, "Response()", all[n].Response, resp)
				return
			}
			e := asError(t, err)
			if e.Kind != model.ErrStopped || e.Provider != "test" || e.Op != "stream" || e.Model != "m-1" {
				t.Errorf("Response() error = %v, want test: stream m-1: %v", e, model.ErrStopped)
			}
			diff(t, "Partial", resp, e.Partial)
			if n < 15 { // before EventFinish completed the parts
				want := &model.Response{Message: model.AssistantParts(scriptPartial(n + 1)...), Usage: &model.Usage{}, Model: "m-1"}
				diff(t, "Response()", want, resp)
			} else if len(resp.Message.Parts) != 5 {
				t.Errorf("Response() has %d parts, want 5", len(resp.Message.Parts))
			}
		})
	}
}

func TestStreamBreakAtClosedPart(t *testing.T) {
	s := play(t.Context(), nil, textEvent(0, "a"), thinkingEvent(0, "b"), finishEvent())
	n := 0
	for ev, err := range s.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; ev.Kind == model.EventPartDone {
			break
		}
	}
	resp, err := s.Response()
	if !errors.Is(err, model.ErrStopped) || n != 2 {
		t.Errorf("Response() error = %v after %d events, want ErrStopped after 2", err, n)
	}
	diff(t, "parts", []model.Part{model.Text("a")}, resp.Message.Parts)
}
