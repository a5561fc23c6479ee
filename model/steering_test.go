package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A knownModel says what it is.
type knownModel struct {
	funcModel
	info   model.Info
	limits model.Limits
	secret string
}

func (m *knownModel) Info() model.Info     { return m.info }
func (m *knownModel) Limits() model.Limits { return m.limits }

func TestInfoOf(t *testing.T) {
	info := model.Info{Provider: "p", Model: "us.m", BaseModel: "m", API: "converse"}
	known := &knownModel{info: info}
	hide := func(m model.ChatModel) model.ChatModel { return bare{m} }
	m := model.Wrap(known, model.Retry(nil), hide, model.Fallback(answering("")), model.Around(passing), model.Strict(nil))
	if got, ok := model.InfoOf(m); !ok || got != info {
		t.Errorf("InfoOf = %+v, %t, want %+v", got, ok, info)
	}
	if got, ok := model.InfoOf(answering("")); ok || got != (model.Info{}) {
		t.Errorf("InfoOf of a model that does not say = %+v, %t", got, ok)
	}
}

// TestLimits: a chain of fallbacks takes what all of its models take.
func TestLimits(t *testing.T) {
	a := model.Limits{Context: 200, MaxOutput: 64, ImageTypes: []string{"image/png", "image/gif"}, DocumentTypes: []string{"text/plain"},
		VideoTypes: []string{}, AudioTypes: nil, Efforts: []string{"low", "medium", "high"}}
	b := model.Limits{Context: 100, MaxOutput: 80, ImageTypes: []string{"image/gif", "image/webp"}, DocumentTypes: []string{},
		VideoTypes: []string{"video/mp4"}, AudioTypes: []string{"audio/mp3"}, Efforts: []string{"high", "low"}}
	want := model.Limits{Context: 100, MaxOutput: 64, ImageTypes: []string{"image/gif"}, DocumentTypes: []string{},
		VideoTypes: []string{}, AudioTypes: nil, Efforts: []string{"low", "high"}}
	chain := model.Wrap(&knownModel{limits: a}, model.Retry(nil), model.Fallback(&knownModel{limits: b}))
	got, ok := model.LimitsOf(chain)
	if !ok {
		t.Error("LimitsOf says nothing")
	}
	diff(t, "limits of a chain", want, got)
	got, _ = model.LimitsOf(model.Wrap(&knownModel{limits: a}, model.Fallback(answering(""))))
	diff(t, "limits of a chain with one that does not say", model.Limits{}, got)
	if typ := reflect.TypeFor[model.Limits](); typ.NumField() != 7 {
		t.Errorf("model.Limits has %d fields, this test knows 7", typ.NumField())
	}
}

// TestAttempts: an answer tells what failed before it, and hooks hear of it.
func TestAttempts(t *testing.T) {
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			var heard []string
			hear := func(who string) func(context.Context, model.Attempt) {
				return func(_ context.Context, a model.Attempt) {
					heard = append(heard, fmt.Sprintf("%s: %s %s %v %t", who, a.Provider, a.Model, model.KindOf(a.Err), a.Wait > 0))
				}
			}
			first := &countedModel{fails: repeat(errThrottled, 9)}
			second := &countedModel{fails: []error{&model.Error{Kind: model.ErrUnavailable, Provider: "other", Model: "m-2"}}}
			retry := model.Retry(&model.RetryOptions{MaxAttempts: 2, OnRetry: hear("retry")})
			m := model.Wrap(first, model.FallbackWith(&model.FallbackOptions{OnFallback: hear("fallback")}, model.Wrap(second, retry)), retry)
			resp, err := call(t.Context(), m, &model.Request{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range resp.Attempts {
				got = append(got, fmt.Sprintf("%s %s %v %t", a.Provider, a.Model, model.KindOf(a.Err), a.Wait > 0))
			}
			diff(t, name+": attempts", []string{"test m-1 model: throttled false", "other m-2 model: unavailable true"}, got)
			diff(t, name+": hooks", []string{
				"retry: test m-1 model: throttled true",
				"fallback: test m-1 model: throttled false",
				"retry: other m-2 model: unavailable true",
			}, heard)
			if data := mustMarshal(t, resp); strings.Contains(string(data), "throttled") {
				t.Errorf("%s: JSON = %s, want no attempts in it", name, data)
			}
		})
	}
}

func TestFallbackIf(t *testing.T) {
	never := &model.FallbackOptions{If: func(error) bool { return false }, OnFallback: func(context.Context, model.Attempt) { t.Error("told of a fallback that is none") }}
	always := &model.FallbackOptions{If: func(error) bool { return true }}
	for name, call := range calls {
		if _, err := call(t.Context(), model.Wrap(failing(errThrottled), model.FallbackWith(never, answering("b"))), &model.Request{}); !errors.Is(err, model.ErrThrottled) {
			t.Errorf("%s: error = %v, want the first model's", name, err)
		}
		resp, err := call(t.Context(), model.Wrap(failing(model.ErrInvalidRequest), model.FallbackWith(always, answering("b"))), &model.Request{})
		if err != nil || resp.Text() != "b" {
			t.Errorf("%s = %v, %v, want the second model's answer", name, resp, err)
		}
	}
}

// TestStrict: warnings that were chosen are errors, attempts are not.
func TestStrict(t *testing.T) {
	dropped := model.Warning{Action: model.WarningDropped, Field: "top_k", Reason: "the model has none"}
	moved := model.Warning{Action: model.WarningMoved, Field: "messages[1]", Reason: "there is one place"}
	warned := func(all ...model.Warning) *funcModel {
		finish := model.Event{Kind: model.EventFinish, Response: &model.Response{Warnings: all}}
		return &funcModel{
			generate: func(context.Context, *model.Request) (*model.Response, error) {
				return &model.Response{Message: model.Assistant("a"), Warnings: all}, nil
			},
			stream: func(ctx context.Context, _ *model.Request) *model.Stream {
				return play(ctx, nil, textEvent(0, "a"), finish)
			},
		}
	}
	drops := func(w model.Warning) bool { return w.Action == model.WarningDropped }
	for name, call := range calls {
		if _, err := call(t.Context(), model.Wrap(warned(moved), model.Strict(drops)), &model.Request{}); err != nil {
			t.Errorf("%s: error = %v for a warning that was not chosen", name, err)
		}
		for _, m := range []model.ChatModel{model.Wrap(warned(moved, dropped), model.Strict(drops)), model.Wrap(warned(dropped), model.Strict(nil))} {
			_, err := call(t.Context(), m, &model.Request{})
			e := asError(t, err)
			if e.Kind != model.ErrUnsupported || e.Message != dropped.String() || e.Partial.Text() != "a" {
				t.Errorf("%s: error = %v with %v, want it to name the warning and hold the answer", name, e, e.Partial)
			}
		}
		synctest.Test(t, func(t *testing.T) {
			inner := &countedModel{fails: repeat(errThrottled, 1)}
			resp, err := call(t.Context(), model.Wrap(inner, model.Strict(nil), model.Retry(nil)), &model.Request{})
			if err != nil || len(resp.Attempts) != 1 {
				t.Errorf("%s = %+v, %v, want a success that took a second call", name, resp, err)
			}
		})
	}
}

// TestPrintsNoSecret: whatever holds a model prints its name and not what is
// in it, under every verb and in JSON.
func TestPrintsNoSecret(t *testing.T) {
	inner := &knownModel{info: model.Info{Provider: "p", Model: "m"}, secret: "hush-9f2"}
	value := struct{ knownModel }{*inner} // in an interface, as a value
	for _, mw := range []model.Middleware{
		model.Retry(nil), model.Fallback(answering("")), model.Around(passing), model.Strict(nil),
		func(m model.ChatModel) model.ChatModel { return hider{m} },
	} {
		for _, inside := range []model.ChatModel{inner, &value} {
			m := model.Wrap(inside, mw)
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				if got := fmt.Sprintf(verb, m); strings.Contains(got, "hush") || !strings.Contains(got, "model(p m)") {
					t.Errorf("%T with %s prints %s, want its name alone", m, verb, got)
				}
			}
			if data, err := json.Marshal(m); err != nil || strings.Contains(string(data), "hush") {
				t.Errorf("JSON of %T = %s, %v", m, data, err)
			}
		}
	}
	e := &model.Error{Kind: model.ErrThrottled, Provider: "p", Op: "generate", Model: "m", Code: "c", Status: 429, RequestID: "r",
		RetryAfter: 1500 * time.Millisecond, Err: &leaky{Header: "hush-9f2"}}
	want := `{"kind":"throttled","provider":"p","op":"generate","model":"m","code":"c","status":429,"message":"slow down","request_id":"r","retry_after_ms":1500}`
	diff(t, "JSON of an error", want, string(mustMarshal(t, e)))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, e); strings.Contains(got, "hush") {
			t.Errorf("an error with %s prints %s", verb, got)
		}
	}
}

// A hider is a middleware that does not say what it is around.
type hider struct{ inner model.ChatModel }

func (h hider) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return h.inner.Generate(ctx, req)
}
func (h hider) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return h.inner.Stream(ctx, req)
}

// A leaky error holds more than its text tells.
type leaky struct{ Header string }

func (*leaky) Error() string { return "slow down" }

func TestReplay(t *testing.T) {
	resp := &model.Response{Message: model.AssistantParts(append(everyPart(), model.ToolCall{ID: "cut", Name: "n", InvalidInput: `{"a`})...),
		StopReason: model.StopEndTurn, Usage: &model.Usage{Known: true, InputTokens: 1}, Model: "m-9"}
	before := resp.Clone()
	for range 2 {
		s := model.Replay(t.Context(), testInfo, resp)
		texts := ""
		for ev, err := range s.Events() {
			if err != nil {
				t.Fatal(err)
			}
			if ev.Kind == model.EventText {
				texts += ev.Text
			}
		}
		got, err := s.Response()
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "replayed", before, got)
		if texts != before.Text() {
			t.Errorf("texts = %q, want %q", texts, before.Text())
		}
	}
	diff(t, "the response", before, resp)
	for range model.Replay(t.Context(), testInfo, resp).Events() {
		break
	}
	if _, err := model.Replay(t.Context(), testInfo, nil).Response(); !errors.Is(err, model.ErrMalformed) {
		t.Errorf("Replay of nil: error = %v, want ErrMalformed", err)
	}
}
