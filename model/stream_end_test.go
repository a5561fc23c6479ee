package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/chatmodel-go/chatmodel/model"
)

// How streams end: cut off, with an error, finished, left, by a panic.

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
				want = &model.Response{Message: model.AssistantParts(scriptPartial(n)...), Usage: &model.Usage{}, Model: "m-1"}
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
		diff(t, "Partial", &model.Response{Message: model.Assistant("a"), Usage: &model.Usage{}, Model: "m-1"}, e.Partial)
	})
	t.Run("of the provider", func(t *testing.T) {
		given := &model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "o", Model: "x", Code: "c", Err: errBoom, Partial: &model.Response{Model: "own", Usage: &model.Usage{}}}
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
		given := &model.Error{Kind: model.ErrThrottled, RetryAfter: 7, Partial: &model.Response{Model: "own", Usage: &model.Usage{}}}
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

// TestStreamLeaksNothing ends streams in every way. A synctest bubble does not
// end before its goroutines do, and the producer's own goroutine must have
// ended earlier.
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
