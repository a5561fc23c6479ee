package model_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// passing is the function around a model that changes nothing.
func passing(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
	return next(ctx, req)
}

// TestAroundNothing: a model is the same inside a function that does nothing.
func TestAroundNothing(t *testing.T) {
	inner := failing(nil, script()...)
	m := model.Wrap(inner, model.Around(passing), model.Around(passing))
	got, err := collect(m.Stream(t.Context(), &model.Request{}))
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "events", scriptEvents(), got)

	for name, call := range calls {
		resp, err := call(t.Context(), model.Wrap(answering("hi"), model.Around(passing)), &model.Request{})
		if err != nil || resp.Text() != "hi" {
			t.Errorf("%s = %v, %v, want hi", name, resp, err)
		}
		_, err = call(t.Context(), model.Wrap(failing(errThrottled), model.Around(passing)), &model.Request{})
		if !errors.Is(err, model.ErrThrottled) {
			t.Errorf("%s error = %v, want the model's", name, err)
		}
	}
}

// TestAroundEveryCut: wherever a stream breaks off, the caller sees what it
// would have seen without the function.
func TestAroundEveryCut(t *testing.T) {
	for n := range script() {
		want, wantErr := collect(failing(errThrottled, script()[:n]...).Stream(t.Context(), &model.Request{}))
		got, err := collect(model.Wrap(failing(errThrottled, script()[:n]...), model.Around(passing)).Stream(t.Context(), &model.Request{}))
		diff(t, "events", want, got)
		diff(t, "Partial", asError(t, wantErr).Partial, asError(t, err).Partial)
		if err.Error() != wantErr.Error() {
			t.Errorf("after %d events: error = %v, want %v", n, err, wantErr)
		}
	}
}

func TestAroundChanges(t *testing.T) {
	mark := model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
		req = req.Clone()
		req.MaxTokens = 7
		resp, err := next(ctx, req)
		if err != nil {
			return nil, err
		}
		resp = resp.Clone()
		resp.RequestID = "marked"
		return resp, nil
	})
	for name, call := range calls {
		inner := &countedModel{}
		given := &model.Request{Messages: []model.Message{model.User("q")}}
		resp, err := call(t.Context(), model.Wrap(inner, mark), given)
		if err != nil || resp.RequestID != "marked" || resp.Text() != "done" || given.MaxTokens != 0 {
			t.Errorf("%s = %+v, %v, request %+v; want the answer marked and the request untouched", name, resp, err, given)
		}
	}
}

// TestAroundWithoutNext: an answer of the function's own is played as a stream.
func TestAroundWithoutNext(t *testing.T) {
	own := &model.Response{Message: model.AssistantParts(everyPart()...), StopReason: model.StopEndTurn, Usage: &model.Usage{}, Model: "own"}
	m := model.Wrap(failing(errBoom), model.Around(func(context.Context, *model.Request, model.Next) (*model.Response, error) { return own, nil }))
	for name, call := range calls {
		resp, err := call(t.Context(), m, &model.Request{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		diff(t, name, own, resp)
	}
	// After a failure, too.
	m = model.Wrap(failing(errBoom), model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
		if _, err := next(ctx, req); err == nil {
			t.Error("next = nil, want its error")
		}
		return own, nil
	}))
	for name, call := range calls {
		resp, err := call(t.Context(), m, &model.Request{})
		if err != nil || resp.Model != "own" {
			t.Errorf("%s after a failure = %v, %v, want the function's own answer", name, resp, err)
		}
	}
}

// TestAroundNextAgain: what has been handed on cannot be taken back.
func TestAroundNextAgain(t *testing.T) {
	twice := model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
		if resp, err := next(ctx, req); err == nil {
			return resp, nil
		}
		return next(ctx, req)
	})
	for name, call := range calls {
		inner := &countedModel{fails: repeat(errThrottled, 1)}
		resp, err := call(t.Context(), model.Wrap(inner, twice), &model.Request{})
		if err != nil || resp.Text() != "done" {
			t.Errorf("%s = %v, %v, want the second call's answer", name, resp, err)
		}
	}
	inner := &countedModel{fails: repeat(errThrottled, 1), events: []model.Event{textEvent(0, "a")}}
	events, err := collect(model.Wrap(inner, twice).Stream(t.Context(), &model.Request{}))
	diff(t, "events", []model.Event{textEvent(0, "a")}, events)
	if len(inner.times) != 1 || !errors.Is(err, model.ErrStreamUsed) {
		t.Errorf("%d calls, error = %v, want 1 and ErrStreamUsed", len(inner.times), err)
	}
}

// TestAroundLeft: leaving the loop releases the model's connection, and the
// function hears of it with what had arrived.
func TestAroundLeft(t *testing.T) {
	var released bool
	var heard error
	inner := &funcModel{stream: func(ctx context.Context, _ *model.Request) *model.Stream {
		return releasing(ctx, &released, textEvent(0, "a"), textEvent(0, "b"), finishEvent())
	}}
	m := model.Wrap(inner, model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
		resp, err := next(ctx, req)
		heard = err
		return resp, err
	}))
	s := m.Stream(t.Context(), &model.Request{})
	if heard != nil || released {
		t.Fatal("the stream began before it was ranged over")
	}
	for range s.Events() {
		break
	}
	e := asError(t, heard)
	if !released || e.Kind != model.ErrStopped || e.Partial.Text() != "a" {
		t.Errorf("released = %t, the function heard %v with %v, want ErrStopped with a", released, heard, e.Partial)
	}
	if _, err := s.Response(); !errors.Is(err, model.ErrStopped) {
		t.Errorf("Response() = %v, want ErrStopped", err)
	}
}

// TestAroundContextEnds: the function hears that the context ended, not that
// somebody left.
func TestAroundContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var heard error
	m := model.Wrap(failing(nil, textEvent(0, "a"), textEvent(0, "b"), finishEvent()),
		model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			resp, err := next(ctx, req)
			heard = err
			return resp, err
		}))
	s := m.Stream(ctx, &model.Request{})
	for range s.Events() {
		cancel()
	}
	_, err := s.Response()
	if !errors.Is(err, context.Canceled) || !errors.Is(heard, context.Canceled) {
		t.Errorf("error = %v, the function heard %v, want the context's", err, heard)
	}
}

func TestAroundMisuse(t *testing.T) {
	nothing := model.Around(func(context.Context, *model.Request, model.Next) (*model.Response, error) { return nil, nil })
	for name, call := range calls {
		for what, want := range map[model.ErrorKind]model.ChatModel{
			model.ErrMalformed:      model.Wrap(answering("a"), nothing),
			model.ErrInvalidRequest: model.Wrap(answering("a"), model.Around(nil)),
		} {
			if resp, err := call(t.Context(), want, &model.Request{}); !errors.Is(err, what) || resp != nil {
				t.Errorf("%s = %v, %v, want %v", name, resp, err, what)
			}
		}
	}
}

// TestWrapNil: whatever is nil is told by the first call, which sends nothing.
func TestWrapNil(t *testing.T) {
	none := func(model.ChatModel) model.ChatModel { return nil }
	for name, tt := range map[string]struct {
		m    model.ChatModel
		says string
	}{
		"no model":              {model.Wrap(nil), "Wrap was given no model"},
		"no model, retried":     {model.Wrap(nil, model.Retry(nil), model.Fallback()), "Wrap was given no model"},
		"no middleware":         {model.Wrap(answering("a"), model.Retry(nil), nil), "middleware 1 of Wrap is nil"},
		"middleware of nothing": {model.Wrap(answering("a"), none, model.Retry(nil)), "middleware 0 of Wrap returned no model"},
		"retry of nothing":      {model.Retry(nil)(nil), "Retry was given no model"},
		"fallback of nothing":   {model.Fallback(answering("a"))(nil), "Fallback was given no model"},
		"around nothing":        {model.Around(passing)(nil), "Around was given no model"},
		"fallback to nothing":   {model.Fallback(nil)(failing(errThrottled)), "Fallback's argument 0 was given no model"},
	} {
		for way, call := range calls {
			_, err := call(t.Context(), tt.m, &model.Request{})
			if !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s, %s: error = %v, want an invalid request: %s", name, way, err, tt.says)
			}
		}
	}
}

// A bare middleware does not say what it is around.
type bare struct{ model.ChatModel }

// A reporting middleware does not either, but knows its own limits.
type reporting struct{ model.ChatModel }

func (reporting) Limits() model.Limits { return model.Limits{Context: 5} }

func TestWrapKeepsAbilities(t *testing.T) {
	able := &ableModel{tokens: 7, caps: model.Capabilities{Tools: true}}
	m := model.Wrap(able, func(m model.ChatModel) model.ChatModel { return bare{m} }, model.Retry(nil),
		func(m model.ChatModel) model.ChatModel { return reporting{m} })
	if c, ok := model.CapabilitiesOf(m); !ok || c != able.caps {
		t.Errorf("CapabilitiesOf = %+v, %t, want those of the model inside", c, ok)
	}
	if n, err := model.CountTokens(t.Context(), m, nil); n != 7 || err != errBoom {
		t.Errorf("CountTokens = %d, %v, want 7, boom", n, err)
	}
	if l, ok := model.LimitsOf(m); !ok || l.Context != 5 {
		t.Errorf("LimitsOf = %+v, %t, want those that the middleware says", l, ok)
	}
	type uncomparable struct {
		model.ChatModel
		_ []int
	}
	model.Wrap(uncomparable{ChatModel: able}, func(m model.ChatModel) model.ChatModel { return m })
}

// TestGoldenWatch: a watch sees what the loop sees, begins and ends around it, and
// gives its context to the call.
func TestGoldenWatch(t *testing.T) {
	type key struct{}
	var log []string
	watch := func(name string) func(context.Context) (context.Context, func(model.Event), func(*model.Response, error)) {
		return func(ctx context.Context) (context.Context, func(model.Event), func(*model.Response, error)) {
			before, _ := ctx.Value(key{}).(string)
			log = append(log, name+" begins")
			return context.WithValue(ctx, key{}, before+name),
				func(ev model.Event) { log = append(log, name+" "+ev.Kind.String()) },
				func(resp *model.Response, err error) {
					log = append(log, fmt.Sprint(name, " ends ", resp, " ", model.KindOf(err)))
				}
		}
	}
	stream := func(events ...model.Event) *model.Stream {
		return model.NewStream(t.Context(), testInfo, func(ctx context.Context, emit func(model.Event) bool) error {
			log = append(log, fmt.Sprint("run in ", ctx.Value(key{})))
			for _, ev := range events {
				if !emit(ev) {
					return nil
				}
			}
			return errThrottled
		}).Watch(watch("inner")).Watch(watch("outer")).Watch(func(ctx context.Context) (context.Context, func(model.Event), func(*model.Response, error)) {
			return ctx, nil, nil
		})
	}
	stream()
	diff(t, "log of a stream that is not ranged over", []string(nil), log)
	stream(textEvent(0, "a"), finishEvent()).Response()
	diff(t, "log", []string{"outer begins", "inner begins", "run in outerinner", "inner text", "outer text", "inner part_done", "outer part_done",
		"inner finish", "outer finish", `inner ends assistant: "a" (end_turn) model: `, `outer ends assistant: "a" (end_turn) model: `}, log)
	log = nil
	stream().Response()
	diff(t, "log of a failure", []string{"outer begins", "inner begins", "run in outerinner",
		"inner ends <nil> model: throttled", "outer ends <nil> model: throttled"}, log)
	log = nil
	func() {
		defer func() { recover() }()
		for range stream(textEvent(0, "a")).Events() {
			panic("boom")
		}
	}()
	if n := len(log); n != 7 || log[6] != `outer ends assistant: "a" () model: stopped by its consumer` {
		t.Errorf("log of a panic = %q, want it to end", log)
	}
}
