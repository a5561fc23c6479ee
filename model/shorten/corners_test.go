package shorten_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/shorten"
)

// TestRequestCorners checks which messages stay in conversations of an unusual
// shape.
func TestRequestCorners(t *testing.T) {
	prefilled := &model.Request{Messages: []model.Message{model.User("u"), calls("1"), results("1"), calls("2"), results("2"), model.Assistant("a")}}
	steered := &model.Request{Messages: []model.Message{model.User("u"), calls("1"), results("1"), model.User("v"), calls("2"), results("2"), calls("3"), results("3")}}
	apart := &model.Request{Messages: []model.Message{model.User("u1"), model.Assistant("a1"), model.User("u2"), calls("1", "2", "3"), results("2"), results("1"), results("3")}}
	late := chat(2)
	late.Messages = slices.Insert(late.Messages, 3, model.SystemParts(model.Text("t"), model.CachePoint{})) // s u1 a1 t| u2 a2 last
	for _, row := range []struct {
		name  string
		req   *model.Request
		limit int
		want  string // empty: an overflow
	}{
		{"no more goes than must", chat(3), 79, "s u2 a2 u3 a3 last"},
		{"the user's last turn stays before a prefill", prefilled, 50, "u call:2 result:2 a"},
		{"and its calls", prefilled, 39, ""},
		{"what the user said between steps stays", steered, 50, "u v call:3 result:3"},
		{"results apart stay with their calls", apart, 50, "u2 call:1call:2call:3 result:2 result:1 result:3"},
		{"a cache point in a late system message", late, 60, "s u1 a1 t| last"},
		{"only the question", &model.Request{Messages: []model.Message{model.User("u")}}, 9, ""},
		{"an answer to go on with", &model.Request{Messages: []model.Message{model.User("u"), model.Assistant("a")}}, 19, ""},
		{"the assistant begins", &model.Request{Messages: []model.Message{model.Assistant("a"), model.User("u"), model.Assistant("b"), model.User("v")}}, 30, "u b v"},
		{"no question at all", &model.Request{Messages: []model.Message{calls("1"), results("1"), calls("2"), results("2")}}, 20, "call:2 result:2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, _, err := shorten.Request(context.Background(), row.req, row.limit, byTens)
			if row.want == "" {
				if !errors.Is(err, model.ErrContextOverflow) {
					t.Errorf("got %v, error = %v, want an overflow", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s := show(got); s != row.want {
				t.Errorf("got %s, want %s", s, row.want)
			}
		})
	}
}

// counted counts tokens by f.
type counted struct {
	model.ChatModel
	f func(*model.Request) (int, error)
}

func (c counted) CountTokens(_ context.Context, req *model.Request) (int, error) { return c.f(req) }

// TestMiddlewareCounts checks that the conversation is still shortened for a
// model whose count fails, at once or later.
func TestMiddlewareCounts(t *testing.T) {
	for _, failsAfter := range []int{0, 1, 2, 3} {
		n := 0
		m := counted{fake.New(narrow(14)), func(req *model.Request) (int, error) {
			if n++; n > failsAfter {
				return 0, errors.New("no network")
			}
			return 1000 * len(req.Messages), nil
		}}
		resp, err := model.Wrap(m, shorten.Middleware(nil)).Generate(context.Background(), chat(9))
		if err != nil || len(resp.Warnings) == 0 {
			t.Errorf("a count that fails after %d: %v, %v, want a shorter conversation", failsAfter, resp, err)
		}
	}
}

// TestMiddlewareFallback checks that the conversation is shortened for a chain
// when one of its models has said that the prompt is too long, whatever the
// others say.
func TestMiddlewareFallback(t *testing.T) {
	throttled := fake.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return nil, &model.Error{Kind: model.ErrThrottled}
	}).Always()
	for name, chain := range map[string]model.ChatModel{
		"the first overflows":  model.Wrap(fake.New(narrow(14)), model.Fallback(fake.New(throttled))),
		"the second overflows": model.Wrap(fake.New(throttled), model.Fallback(fake.New(narrow(14)))),
		"both overflow":        model.Wrap(fake.New(narrow(12)), model.Fallback(fake.New(narrow(14)))),
	} {
		for _, stream := range []bool{false, true} {
			m := model.Wrap(chain, shorten.Middleware(byTens))
			var resp *model.Response
			var err error
			if stream {
				resp, err = m.Stream(context.Background(), chat(9)).Response()
			} else {
				resp, err = m.Generate(context.Background(), chat(9))
			}
			if err != nil {
				t.Errorf("%s, stream %t: %v", name, stream, err)
			} else if !strings.HasPrefix(resp.Text(), "s u5 a5") {
				t.Errorf("%s, stream %t: asked %s", name, stream, resp.Text())
			}
		}
	}
}

// TestMiddlewareWarnings checks that the warnings of the model behind name the
// fields of the caller's request, not of the shorter one.
func TestMiddlewareWarnings(t *testing.T) {
	inner := fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		if len(req.Messages) > 5 {
			return nil, &model.Error{Kind: model.ErrContextOverflow}
		}
		resp := &model.Response{Message: model.Assistant("ok")}
		for i, m := range req.Messages {
			resp.Warnings = append(resp.Warnings, model.Warning{Field: fmt.Sprintf("messages[%d]", i), Reason: show(&model.Request{Messages: []model.Message{m}})})
			for j, p := range m.Parts {
				resp.Warnings = append(resp.Warnings, model.Warning{Field: fmt.Sprintf("messages[%d].parts[%d].id", i, j), Reason: fmt.Sprintf("%T", p)})
			}
		}
		resp.Warnings = append(resp.Warnings, model.Warning{Field: "cache"}, model.Warning{Field: "messages"}, model.Warning{Field: "messages[x]"}, model.Warning{Field: "messages[99]"})
		return resp, nil
	}).Always()
	req := &model.Request{Messages: []model.Message{model.User("u1"), model.Assistant("a1"), model.User("u2"), calls("1", "2"), results("1", "2"), calls("3"), results("3")}}
	resp, err := model.Wrap(fake.New(inner), shorten.Middleware(byTens)).Generate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, w := range resp.Warnings {
		var i, j int
		switch n, _ := fmt.Sscanf(w.Field, "messages[%d].parts[%d]", &i, &j); {
		case w.Action != "":
		case n == 2:
			own++
			if got := fmt.Sprintf("%T", req.Messages[i].Parts[j]); got != w.Reason {
				t.Errorf("%s is a %s, the warning is about a %s", w.Field, got, w.Reason)
			}
		case n == 1 && i < 99:
			own++
			want := show(&model.Request{Messages: []model.Message{req.Messages[i]}})
			if strings.ReplaceAll(want, "(hm)", "") != w.Reason {
				t.Errorf("%s is %s, the warning is about %s", w.Field, want, w.Reason)
			}
		}
	}
	if own < 6 {
		t.Errorf("%d warnings of the model: %v", own, resp.Warnings)
	}
}
