package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

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
				want := &model.Response{Message: model.AssistantParts(scriptPartial(n + 1)...), Model: "m-1"}
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

func TestStreamTruncated(t *testing.T) {
	for n := range script() {
		t.Run(fmt.Sprintf("after %d events", n), func(t *testing.T) {
			s := play(t.Context(), nil, script()[:n]...)
			events, err := collect(s)
			diff(t, "events", scriptEvents()[:n], append([]model.Event{}, events...))
			e := asError(t, err)
			if e.Kind != model.ErrTruncated || e.Provider != "test" || e.Op != "stream" || e.Model != "m-1" {
				t.Errorf("error = %v, want test: stream m-1: %v", e, model.ErrTruncated)
			}
			var want *model.Response
			if n > 0 {
				want = &model.Response{Message: model.AssistantParts(scriptPartial(n)...), Model: "m-1"}
			}
			diff(t, "Partial", want, e.Partial)
			resp, again := s.Response()
			if again != err {
				t.Errorf("Response() error = %v, want the loop's, %v", again, err)
			}
			diff(t, "Response()", want, resp)
			if want == nil {
				return
			}
			first := mustMarshal(t, e.Partial)
			var back model.Response
			if err := json.Unmarshal([]byte(first), &back); err != nil {
				t.Fatal(err)
			}
			diff(t, "Partial through JSON", e.Partial, &back)
		})
	}
}

func TestStreamError(t *testing.T) {
	t.Run("plain", func(t *testing.T) {
		s := play(t.Context(), errBoom, textEvent(0, "a"))
		_, err := collect(s)
		e := asError(t, err)
		want := "test: stream m-1: unknown error: boom"
		if !errors.Is(err, errBoom) || err.Error() != want {
			t.Errorf("error = %q, want %q", err, want)
		}
		diff(t, "Partial", &model.Response{Message: model.Assistant("a"), Model: "m-1"}, e.Partial)
	})
	t.Run("of the provider", func(t *testing.T) {
		given := &model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "o", Model: "x", Code: "c", Err: errBoom, Partial: &model.Response{Model: "own"}}
		s := play(t.Context(), given, textEvent(0, "a"))
		_, err := collect(s)
		if *asError(t, err) != *given {
			t.Errorf("error = %+v, want %+v", *asError(t, err), *given)
		}
		resp, again := s.Response()
		if again != err || resp != given.Partial {
			t.Errorf("Response() = %v, %v, want the error and its Partial", resp, again)
		}
	})
	t.Run("wrapped", func(t *testing.T) {
		given := &model.Error{Kind: model.ErrThrottled, RetryAfter: 7, Partial: &model.Response{Model: "own"}}
		_, err := collect(play(t.Context(), fmt.Errorf("around: %w", given)))
		e := asError(t, err)
		if e.Kind != model.ErrThrottled || e.RetryAfter != 7 || e.Partial != given.Partial || !errors.Is(err, given) {
			t.Errorf("error = %#v, want one with what the wrapped one says", e)
		}
		if _, ok := errors.AsType[*model.Error](e.Err); !ok {
			t.Errorf("the wrapped error is out of reach of errors.As")
		}
	})
	t.Run("a kind", func(t *testing.T) {
		_, err := collect(play(t.Context(), model.ErrQuota))
		if e := asError(t, err); e.Kind != model.ErrQuota {
			t.Errorf("error = %v, want %v", err, model.ErrQuota)
		}
	})
	t.Run("yielded with a zero event, last", func(t *testing.T) {
		n := 0
		for ev, err := range play(t.Context(), errBoom, textEvent(0, "a")).Events() {
			if n++; n == 2 {
				diff(t, "event beside the error", model.Event{}, ev)
				if err == nil {
					t.Error("second event comes without the error")
				}
			}
		}
		if n != 2 {
			t.Errorf("%d iterations, want 2", n)
		}
	})
	t.Run("break at the error", func(t *testing.T) {
		s := play(t.Context(), errBoom)
		for range s.Events() {
			break
		}
		if _, err := s.Response(); !errors.Is(err, errBoom) {
			t.Errorf("Response() error = %v, want boom", err)
		}
	})
	t.Run("Response inside the loop", func(t *testing.T) {
		s := play(t.Context(), errBoom, textEvent(0, "a"))
		for _, err := range s.Events() {
			if err == nil {
				continue
			}
			if resp, again := s.Response(); again != err || resp.Text() != "a" {
				t.Errorf("Response() at the error = %v, %v, want the text a and the error", resp, again)
			}
		}
	})
	t.Run("after the finish", func(t *testing.T) {
		s := play(t.Context(), errBoom, textEvent(0, "a"), finishEvent())
		if _, err := collect(s); err != nil {
			t.Errorf("error = %v, want none after EventFinish", err)
		}
	})
	t.Run("a nil of its own type", func(t *testing.T) {
		s := model.NewStream(t.Context(), testInfo, func(ctx context.Context, _ func(model.Event) bool) error {
			return model.ContextError(ctx) // the mistake: not nil as an error
		})
		if _, err := s.Response(); !errors.Is(err, model.ErrTruncated) {
			t.Errorf("error = %v, want ErrTruncated", err)
		}
	})
	t.Run("failed", func(t *testing.T) {
		s := model.FailedStream(t.Context(), testInfo, errBoom)
		resp, err := s.Response()
		if resp != nil || !errors.Is(err, errBoom) || asError(t, err).Model != "m-1" {
			t.Errorf("Response() = %v, %v, want nil and boom", resp, err)
		}
	})
}

func TestStreamSharedError(t *testing.T) {
	given := &model.Error{Kind: model.ErrProvider, Message: "no"}
	was := *given
	for _, name := range []string{"a", "b"} {
		s := model.NewStream(t.Context(), model.StreamInfo{Provider: name, Model: name}, func(_ context.Context, emit func(model.Event) bool) error {
			emit(textEvent(0, name))
			return given
		})
		_, err := s.Response()
		e := asError(t, err)
		if e == given || e.Provider != name || e.Model != name || e.Partial.Text() != name {
			t.Errorf("error = %v with %v, want one of its own for stream %s", e, e.Partial, name)
		}
	}
	diff(t, "the producer's error", was, *given)
}

func TestStreamAfterFinish(t *testing.T) {
	var accepted []bool
	s := model.NewStream(t.Context(), testInfo, func(_ context.Context, emit func(model.Event) bool) error {
		emit(textEvent(0, "a"))
		for _, ev := range []model.Event{finishEvent(), textEvent(0, "b"), partEvent(1, model.Text("c")), doneEvent(0), finishEvent()} {
			accepted = append(accepted, emit(ev))
		}
		return nil
	})
	events, err := collect(s)
	if err != nil || len(events) != 3 {
		t.Errorf("Events() = %v, %v, want text, part_done and finish", events, err)
	}
	diff(t, "emit", []bool{true, false, false, false, false}, accepted)
	if resp, _ := s.Response(); resp.Text() != "a" {
		t.Errorf("Response() = %v, want the text a", resp)
	}
}

// TestStreamStubbornProducer: a producer that does not heed emit does no harm.
func TestStreamStubbornProducer(t *testing.T) {
	var kept func(model.Event) bool
	s := model.NewStream(t.Context(), testInfo, func(_ context.Context, emit func(model.Event) bool) error {
		kept = emit
		for range 3 {
			for _, ev := range script() {
				emit(ev)
			}
		}
		return errBoom
	})
	n := 0
	for range s.Events() {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d events, want 3", n)
	}
	want, _ := s.Response()
	for _, ev := range script() {
		if kept(ev) {
			t.Errorf("emit(%v) = true after the stream's end, want false", ev)
		}
	}
	got, err := s.Response()
	if !errors.Is(err, model.ErrStopped) {
		t.Errorf("Response() error = %v, want ErrStopped", err)
	}
	diff(t, "Response() after events at the wrong time", want, got)
}

// TestStreamLateEmit: emit is of no use after the producer has returned.
func TestStreamLateEmit(t *testing.T) {
	for name, err := range map[string]error{"error": errBoom, "truncated": nil} {
		var kept func(model.Event) bool
		s := model.NewStream(t.Context(), testInfo, func(_ context.Context, emit func(model.Event) bool) error {
			kept = emit
			emit(textEvent(0, "a"))
			return err
		})
		n := 0
		for _, err := range s.Events() {
			if n++; err != nil && kept(textEvent(0, "b")) {
				t.Errorf("%s: emit beside the error = true, want false", name)
			}
		}
		if kept(finishEvent()) || n != 2 {
			t.Errorf("%s: emit after the loop = true, or %d iterations, want false and 2", name, n)
		}
		if resp, err := s.Response(); err == nil || resp.Text() != "a" {
			t.Errorf("%s: Response() = %v, %v, want the text a and an error", name, resp, err)
		}
	}
}

// TestStreamPartialIsACopy: a partial answer belongs to its receiver.
func TestStreamPartialIsACopy(t *testing.T) {
	s := play(t.Context(), nil, redactedEvent(0, "a"), redactedEvent(0, "b"), citationEvent(1, model.Citation{Quotes: []string{"q"}}),
		callEvent(2, "t", "n"), inputEvent(2, "[1]"), finishEvent())
	for ev, err := range s.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if ev.Kind == model.EventPartDone {
			break // from here on the parts are those of the answer
		}
		resp, _ := s.Response()
		scramble(t, resp)
	}
	resp, _ := s.Response()
	diff(t, "Response()", []model.Part{
		model.Thinking{Redacted: []byte("ab"), Provider: "test"},
		model.CitedText{Citations: []model.Citation{{Quotes: []string{"q"}}}},
		model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage("[1]")},
	}, clearIncomplete(resp.Message.Parts))
}

func clearIncomplete(parts []model.Part) []model.Part {
	for i, p := range parts {
		if p, ok := p.(model.Thinking); ok {
			p.Incomplete = false
			parts[i] = p
		}
	}
	return parts
}

func TestStreamPanicReleases(t *testing.T) {
	var released bool
	s := releasing(t.Context(), &released, script()...)
	func() {
		defer func() {
			if r := recover(); r != "consumer" {
				t.Errorf("recover() = %v, want the consumer's panic", r)
			}
		}()
		for range s.Events() {
			panic("consumer")
		}
	}()
	if !released {
		t.Error("the producer still runs after a panic in the loop")
	}
	resp, err := s.Response()
	if !errors.Is(err, model.ErrStopped) {
		t.Errorf("Response() error = %v, want ErrStopped", err)
	}
	diff(t, "parts", scriptPartial(1), resp.Message.Parts)
}

func TestStreamGoexitReleases(t *testing.T) {
	var released bool
	s := releasing(t.Context(), &released, script()...)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.Events() {
			runtime.Goexit()
		}
	}()
	<-done
	if !released {
		t.Error("the producer still runs after Goexit in the loop")
	}
	if _, err := s.Response(); !errors.Is(err, model.ErrStopped) {
		t.Errorf("Response() error = %v, want ErrStopped", err)
	}
}

// TestStreamLeaksNothing ends streams in every way. A bubble does not end
// before its goroutines have, and the producer's own must have ended earlier.
func TestStreamLeaksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := 0
		stream := func(ctx context.Context, err error, events []model.Event) *model.Stream {
			return model.NewStream(ctx, testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
				open++
				defer func() { open-- }()
				ch, quit := make(chan model.Event), make(chan struct{})
				defer close(quit)
				go func() { // as a connection has
					defer close(ch)
					for _, ev := range events {
						select {
						case ch <- ev:
						case <-quit:
							return
						}
					}
				}()
				for ev := range ch {
					if !emit(ev) {
						return nil
					}
				}
				return err
			})
		}
		before := runtime.NumGoroutine()
		for n := range script() {
			stream(t.Context(), nil, script()) // never ranged over
			stream(t.Context(), nil, script()[:n]).Response()
			stream(t.Context(), errBoom, script()[:n]).Response()
			i := 0
			for range stream(t.Context(), nil, script()).Events() {
				if i++; i > n {
					break
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			i = 0
			for range stream(ctx, nil, script()).Events() {
				if i++; i > n {
					cancel()
				}
			}
			cancel()
			if open != 0 {
				t.Fatalf("%d producers still run", open)
			}
		}
		synctest.Wait()
		if after := runtime.NumGoroutine(); after > before {
			t.Errorf("%d goroutines, want %d", after, before)
		}
	})
}

func TestStreamStartsNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range play(t.Context(), nil, script()...).Events() {
		if n := runtime.NumGoroutine(); n > before {
			t.Fatalf("%d goroutines inside the loop, want %d", n, before)
		}
	}
}
