package model_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// A layer is a middleware's model that writes down what passes it.
type layer struct {
	model.ChatModel
	name string
	log  *[]string
}

func (l *layer) Unwrap() model.ChatModel { return l.ChatModel }

func (l *layer) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	*l.log = append(*l.log, l.name+" in")
	resp, err := l.ChatModel.Generate(ctx, req)
	*l.log = append(*l.log, l.name+" out")
	return resp, err
}

func logged(name string, log *[]string) model.Middleware {
	return func(m model.ChatModel) model.ChatModel { return &layer{m, name, log} }
}

func answering(text string) *funcModel {
	return &funcModel{
		generate: func(context.Context, *model.Request) (*model.Response, error) {
			return &model.Response{Message: model.Assistant(text)}, nil
		},
		stream: func(ctx context.Context, _ *model.Request) *model.Stream {
			return play(ctx, nil, textEvent(0, text), finishEvent())
		},
	}
}

func failing(err error, events ...model.Event) *funcModel {
	return &funcModel{
		generate: func(context.Context, *model.Request) (*model.Response, error) { return nil, err },
		stream:   func(ctx context.Context, _ *model.Request) *model.Stream { return play(ctx, err, events...) },
	}
}

func TestWrapOrder(t *testing.T) {
	var log []string
	m := model.Wrap(answering("a"), logged("outer", &log), logged("middle", &log), logged("inner", &log))
	if _, err := m.Generate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	diff(t, "order", []string{"outer in", "middle in", "inner in", "inner out", "middle out", "outer out"}, log)

	inner := answering("a")
	if got := model.Wrap(inner); got != model.ChatModel(inner) {
		t.Errorf("Wrap(m) = %v, want m", got)
	}
}

// An ableModel can do what is optional.
type ableModel struct {
	funcModel
	tokens int
	caps   model.Capabilities
}

func (m *ableModel) CountTokens(context.Context, *model.Request) (int, error) {
	return m.tokens, errBoom
}
func (m *ableModel) Capabilities() model.Capabilities { return m.caps }

func TestOptionalAbilities(t *testing.T) {
	var log []string
	able := &ableModel{tokens: 7, caps: model.Capabilities{Tools: true}}
	layers := []model.Middleware{logged("a", &log), model.Retry(nil), logged("b", &log), model.Fallback(), model.Retry(nil)}
	for name, m := range map[string]model.ChatModel{"bare": able, "wrapped": model.Wrap(able, layers...)} {
		if n, err := model.CountTokens(t.Context(), m, nil); n != 7 || err != errBoom {
			t.Errorf("CountTokens(%s) = %d, %v, want 7, boom", name, n, err)
		}
		if c, ok := model.CapabilitiesOf(m); c != able.caps || !ok {
			t.Errorf("CapabilitiesOf(%s) = %+v, %t, want %+v, true", name, c, ok, able.caps)
		}
	}
	for name, m := range map[string]model.ChatModel{
		"unable": answering(""), "unable, wrapped": model.Wrap(answering(""), logged("a", &log), model.Retry(nil)), "nil": nil,
		"wrapped nil": &layer{},
	} {
		if n, err := model.CountTokens(t.Context(), m, nil); n != 0 || !errors.Is(err, model.ErrUnsupported) {
			t.Errorf("CountTokens(%s) = %d, %v, want ErrUnsupported", name, n, err)
		}
		if c, ok := model.CapabilitiesOf(m); c != (model.Capabilities{}) || ok {
			t.Errorf("CapabilitiesOf(%s) = %+v, %t, want nothing", name, c, ok)
		}
	}
}

// TestFallbackCapabilities checks, field by field, that a chain can do what all
// its models can.
func TestFallbackCapabilities(t *testing.T) {
	typ := reflect.TypeFor[model.Capabilities]()
	with := func(set ...int) *ableModel {
		m := &ableModel{}
		for _, i := range set {
			reflect.ValueOf(&m.caps).Elem().Field(i).SetBool(true)
		}
		return m
	}
	for i := range typ.NumField() {
		name, other := typ.Field(i).Name, (i+1)%typ.NumField()
		both := model.Wrap(with(i), model.Fallback(with(i, other)))
		if got, ok := model.CapabilitiesOf(both); !ok || got != with(i).caps {
			t.Errorf("CapabilitiesOf(both %s) = %+v, %t, want %s alone", name, got, ok, name)
		}
		alike := model.Wrap(with(i), model.Fallback(with(i), with(i)))
		if got, ok := model.CapabilitiesOf(alike); !ok || got != with(i).caps {
			t.Errorf("CapabilitiesOf(all %s) = %+v, %t, want %s", name, got, ok, name)
		}
		one := model.Wrap(with(i), model.Fallback(with(i), with(other)))
		if got, ok := model.CapabilitiesOf(one); !ok || got != (model.Capabilities{}) {
			t.Errorf("CapabilitiesOf(one %s) = %+v, %t, want none", name, got, ok)
		}
		silent := model.Wrap(with(i), model.Fallback(answering("")))
		if got, _ := model.CapabilitiesOf(silent); got != (model.Capabilities{}) {
			t.Errorf("CapabilitiesOf(%s and a silent one) = %+v, want none", name, got)
		}
	}
}

// TestRelayedLabels: what a middleware's stream cuts off itself carries the
// name of the model behind it.
func TestRelayedLabels(t *testing.T) {
	inner := failing(nil, thinkingEvent(0, "a"), thinkingEvent(0, "b"), finishEvent())
	m := model.Wrap(inner, model.Retry(nil), model.Fallback(), model.Retry(nil))
	want := &model.Response{Message: model.AssistantParts(model.Thinking{Text: "a", Provider: "test", Incomplete: true}), Usage: &model.Usage{}, Model: "m-1"}

	s := m.Stream(t.Context(), &model.Request{})
	for range s.Events() {
		break
	}
	resp, err := s.Response()
	e := asError(t, err)
	if e.Kind != model.ErrStopped || e.Provider != "test" || e.Model != "m-1" {
		t.Errorf("after break: error = %v, want test: stream m-1: %v", e, model.ErrStopped)
	}
	diff(t, "Response() after break", want, resp)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s = m.Stream(ctx, &model.Request{})
	for range s.Events() {
		cancel()
	}
	resp, err = s.Response()
	checkContextError(t, err, model.ErrCanceled, context.Canceled, context.Canceled)
	diff(t, "Response() after cancel", want, resp)
}

// TestRelayedNameBeforeTheCall: a context that has ended before the first call
// gives an error that names whom it would have asked.
func TestRelayedNameBeforeTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	named := &funcModel{stream: func(ctx context.Context, _ *model.Request) *model.Stream {
		return model.FailedStream(ctx, model.StreamInfo{Provider: "p", Model: "m"}, errors.New("not asked for"))
	}}
	for name, around := range map[string]model.Middleware{"retry": model.Retry(nil), "fallback": model.Fallback(answering("b"))} {
		_, err := model.Wrap(named, around).Stream(ctx, &model.Request{}).Response()
		if e := asError(t, err); e.Kind != model.ErrCanceled || e.Provider != "p" || e.Model != "m" {
			t.Errorf("%s: error = %v, want one of kind canceled from p and m", name, err)
		}
	}
}
