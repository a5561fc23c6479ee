package model_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestFallback(t *testing.T) {
	throttled := &model.Error{Kind: model.ErrThrottled, Provider: "p1", Op: "generate", Message: "slow"}
	missing := &model.Error{Kind: model.ErrNotFound, Provider: "p2", Op: "generate", Err: &fs.PathError{Op: "open", Path: "x", Err: io.EOF}}
	down := &model.Error{Kind: model.ErrUnavailable, Provider: "p3", RetryAfter: 5}
	invalid := &model.Error{Kind: model.ErrInvalidRequest, Provider: "p", Message: "bad"}
	type result struct {
		asked int
		text  string
		kind  model.ErrorKind
		is    []error
	}
	tests := []struct {
		name  string
		fails []error // by model; nil answers with its number
		want  result
	}{
		{"first answers", []error{nil, nil}, result{1, "0", "", nil}},
		{"second answers", []error{throttled, nil, nil}, result{2, "1", "", nil}},
		{"last answers", []error{throttled, missing, nil}, result{3, "2", "", nil}},
		{"no others", []error{throttled}, result{1, "", model.ErrThrottled, []error{throttled}}},
		{"all fail", []error{throttled, missing, down}, result{3, "", model.ErrUnavailable,
			[]error{throttled, missing, down, model.ErrThrottled, model.ErrNotFound, model.ErrUnavailable, io.EOF}}},
		{"last is a foreign error", []error{throttled, io.EOF}, result{2, "", model.ErrUnknown, []error{throttled, io.EOF, model.ErrThrottled}}},
		{"last is wrapped", []error{io.EOF, fmt.Errorf("a: %w", down)}, result{2, "", model.ErrUnavailable, []error{io.EOF, down}}},
		{"invalid at once", []error{invalid, nil}, result{1, "", model.ErrInvalidRequest, []error{invalid}}},
		{"invalid later", []error{throttled, invalid, nil}, result{2, "", model.ErrInvalidRequest, []error{throttled, invalid}}},
		{"unsupported goes on", []error{model.ErrUnsupported, nil}, result{2, "1", "", nil}},
		{"overflow goes on", []error{model.ErrContextOverflow, nil}, result{2, "1", "", nil}},
	}
	for _, tt := range tests {
		for name, call := range calls {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				asked := 0
				var models []model.ChatModel
				for i, fail := range tt.fails {
					inner := answering(fmt.Sprint(i))
					if fail != nil {
						inner = failing(fail)
					}
					models = append(models, &funcModel{
						generate: func(ctx context.Context, req *model.Request) (*model.Response, error) {
							asked++
							return inner.Generate(ctx, req)
						},
						stream: func(ctx context.Context, req *model.Request) *model.Stream {
							asked++
							return inner.Stream(ctx, req)
						},
					})
				}
				m := model.Wrap(models[0], model.Fallback(models[1:]...))
				resp, err := call(t.Context(), m, &model.Request{})
				if asked != tt.want.asked {
					t.Errorf("%d models asked, want %d", asked, tt.want.asked)
				}
				if model.KindOf(err) != tt.want.kind {
					t.Errorf("error = %v of kind %q, want kind %q", err, model.KindOf(err), tt.want.kind)
				}
				if err == nil {
					if resp.Text() != tt.want.text {
						t.Errorf("response = %v, want %q", resp, tt.want.text)
					}
					return
				}
				if name == "Generate" && len(tt.want.is) == 1 && err != tt.want.is[0] {
					t.Errorf("error = %v, want the only failure as it is", err)
				}
				for _, want := range tt.want.is {
					if e, ok := want.(*model.Error); ok && name == "Stream" {
						want = e.Kind // streams label a copy
					}
					if !errors.Is(err, want) {
						t.Errorf("errors.Is(%v, %v) = false, want true", err, want)
					}
				}
				if tt.want.asked > 1 && tt.fails[1] == error(missing) {
					if pe, ok := errors.AsType[*fs.PathError](err); !ok || pe.Path != "x" {
						t.Errorf("errors.AsType(%v) = %v, want the cause of the second", err, pe)
					}
				}
			})
		}
	}
}

func TestFallbackErrorText(t *testing.T) {
	m := model.Wrap(
		failing(&model.Error{Kind: model.ErrThrottled, Provider: "p1", Op: "generate", Message: "slow"}),
		model.Fallback(failing(&model.Error{Kind: model.ErrUnavailable, Provider: "p2", Op: "generate", RetryAfter: 5})))
	_, err := m.Generate(t.Context(), nil)
	want := "generate: unavailable: 2 models failed: p1: generate: throttled: slow; p2: generate: unavailable (retry after 5ns) (retry after 5ns)"
	if e := asError(t, err); e.Error() != want || e.RetryAfter != 5 {
		t.Errorf("error = %q, want %q", err, want)
	}
}

func TestFallbackContextEnds(t *testing.T) {
	for name, call := range calls {
		ctx, cancel := context.WithCancel(t.Context())
		first := &funcModel{
			generate: func(ctx context.Context, _ *model.Request) (*model.Response, error) {
				cancel()
				return nil, model.ContextError(ctx)
			},
			stream: func(ctx context.Context, _ *model.Request) *model.Stream {
				return model.NewStream(ctx, testInfo, func(context.Context, func(model.Event) bool) error {
					cancel()
					return errThrottled
				})
			},
		}
		asked := false
		second := &funcModel{
			generate: func(context.Context, *model.Request) (*model.Response, error) { asked = true; return nil, errBoom },
			stream:   func(ctx context.Context, _ *model.Request) *model.Stream { asked = true; return play(ctx, nil) },
		}
		_, err := call(ctx, model.Wrap(first, model.Fallback(second)), &model.Request{})
		if asked || model.KindOf(err) != model.ErrCanceled || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: second asked = %t, error = %v, want the context's error at once", name, asked, err)
		}
	}
}

func TestFallbackStreamOnlyBeforeFirstEvent(t *testing.T) {
	asked := false
	second := &funcModel{stream: func(ctx context.Context, _ *model.Request) *model.Stream {
		asked = true
		return play(ctx, nil, finishEvent())
	}}
	s := model.Wrap(failing(errThrottled, textEvent(0, "a")), model.Fallback(second)).Stream(t.Context(), &model.Request{})
	events, err := collect(s)
	if asked || !errors.Is(err, model.ErrThrottled) || asError(t, err).Partial.Text() != "a" {
		t.Errorf("second asked = %t, error = %v, want the first one's with the text a", asked, err)
	}
	diff(t, "events", []model.Event{textEvent(0, "a")}, events)
}

// TestFallbackStreamLaterFailure: the second model's answer breaks off, and
// what it had said is in the error that joins both.
func TestFallbackStreamLaterFailure(t *testing.T) {
	third := failing(nil, finishEvent())
	s := model.Wrap(failing(model.ErrQuota), model.Fallback(failing(errThrottled, textEvent(0, "b")), third)).Stream(t.Context(), &model.Request{})
	_, err := s.Response()
	e := asError(t, err)
	if e.Kind != model.ErrThrottled || !errors.Is(err, model.ErrQuota) || e.Partial.Text() != "b" {
		t.Errorf("error = %v with %v, want both failures and the text b", err, e.Partial)
	}
}

// TestFallbackCopies: the list of models may be changed afterwards.
func TestFallbackCopies(t *testing.T) {
	others := []model.ChatModel{answering("a")}
	mw := model.Fallback(others...)
	others[0] = answering("b")
	one, two := model.Wrap(failing(errThrottled), mw), model.Wrap(answering("c"), mw)
	for m, want := range map[model.ChatModel]string{one: "a", two: "c"} {
		if resp, err := m.Generate(t.Context(), nil); err != nil || resp.Text() != want {
			t.Errorf("Generate() = %v, %v, want %q", resp, err, want)
		}
	}
}
