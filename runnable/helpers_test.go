package runnable_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

var errBoom = errors.New("boom")

// ask is the request of one user message.
func ask(text string) *model.Request {
	return &model.Request{Messages: []model.Message{model.User(text)}}
}

// asking is the step that makes a request of a text.
func asking() runnable.Runnable[string, *model.Request] {
	return runnable.Func(func(_ context.Context, text string) (*model.Request, error) { return ask(text), nil })
}

// echo is a model that answers with the last message in angle brackets.
func echo() *fake.Model {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := req.Messages[len(req.Messages)-1].Text()
		return &model.Response{Message: model.Assistant("<" + text + ">")}, nil
	}).Pieces(3).Always())
}

// talk is a chain that asks m a text and takes the text of the answer.
func talk(m model.ChatModel) runnable.Runnable[string, string] {
	return runnable.Pipe3(asking(), runnable.Model(m), runnable.Text())
}

func failing[I, O any](err error) runnable.Runnable[I, O] {
	return runnable.Func(func(context.Context, I) (out O, _ error) { return out, err })
}

func add(n int) runnable.Runnable[int, int] {
	return runnable.Func(func(_ context.Context, in int) (int, error) { return in + n, nil })
}

// texts ranges over a run and returns what it yields.
func texts[O any](run *runnable.Run[O]) (string, error) {
	var b strings.Builder
	for text, err := range run.Text() {
		if err != nil {
			return b.String(), err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func wantError(t *testing.T, err, target error, text string) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("error = %v, want one that is %v", err, target)
	}
	if err != nil && !strings.Contains(err.Error(), text) {
		t.Errorf("error = %q, want it to contain %q", err, text)
	}
}
