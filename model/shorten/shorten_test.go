package shorten_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/shorten"
)

// tens counts ten tokens for every message.
func tens(_ context.Context, req *model.Request) (int, error) { return 10 * len(req.Messages), nil }

var byTens = &shorten.Options{Count: tens}

// show writes messages in short, by their texts and calls.
func show(req *model.Request) string {
	var all []string
	for _, m := range req.Messages {
		s := ""
		for _, p := range m.Parts {
			switch p := p.(type) {
			case model.Text:
				s += string(p)
			case model.ToolCall:
				s += "call:" + p.ID
			case model.ToolResult:
				s += "result:" + p.CallID
			case model.Thinking:
				s += "(hm)"
			case model.CachePoint:
				s += "|"
			}
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func calls(ids ...string) model.Message {
	m := model.AssistantParts(model.Thinking{Text: "t", Signature: "s"})
	for _, id := range ids {
		m.Parts = append(m.Parts, model.ToolCall{ID: id, Name: "n"})
	}
	return m
}

func results(ids ...string) model.Message {
	m := model.UserParts()
	for _, id := range ids {
		m.Parts = append(m.Parts, model.ToolResult{CallID: id, Parts: []model.Part{model.Text("x")}})
	}
	return m
}

// chat has exchanges of two messages: u1 a1, u2 a2, … and a last question.
func chat(exchanges int) *model.Request {
	req := &model.Request{Messages: []model.Message{model.System("s")}}
	for i := range exchanges {
		req.Messages = append(req.Messages, model.User(fmt.Sprint("u", i+1)), model.Assistant(fmt.Sprint("a", i+1)))
	}
	req.Messages = append(req.Messages, model.User("last"))
	return req
}

func pinned(req *model.Request, message int) *model.Request {
	m := &req.Messages[message]
	m.Parts = append(slices.Clone(m.Parts), model.CachePoint{})
	return req
}

func TestRequest(t *testing.T) {
	loop := &model.Request{Messages: []model.Message{model.User("u"), calls("1"), results("1"), calls("2", "3"), results("2", "3"), calls("4"), results("4")}}
	past := &model.Request{Messages: []model.Message{model.User("u1"), calls("1"), results("1"), model.Assistant("a1"), model.User("u2"), calls("2"), results("2")}}
	for _, row := range []struct {
		name  string
		req   *model.Request
		limit int
		o     *shorten.Options
		want  string // empty: an overflow
	}{
		{"what fits", chat(2), 60, byTens, "s u1 a1 u2 a2 last"},
		{"the oldest goes", chat(2), 59, byTens, "s u2 a2 last"},
		{"in steps of four", chat(9), 190, byTens, "s u5 a5 u6 a6 u7 a7 u8 a8 u9 a9 last"},
		{"the same a turn later", chat(10), 190, byTens, "s u5 a5 u6 a6 u7 a7 u8 a8 u9 a9 u10 a10 last"},
		{"and then four more", chat(13), 190, byTens, "s u9 a9 u10 a10 u11 a11 u12 a12 u13 a13 last"},
		{"all but the last turn", chat(9), 20, byTens, "s last"},
		{"the last turn does not fit", chat(9), 19, byTens, ""},
		{"what is cached stays", pinned(chat(4), 3), 70, byTens, "s u1 a1 u2| a2 last"},
		{"what is cached goes last, from its end", pinned(chat(4), 3), 50, byTens, "s u1 a1 last"},
		{"calls stay with their results", past, 50, byTens, "u2 call:2 result:2"},
		{"steps of a loop", loop, 60, byTens, "u call:2call:3 result:2result:3 call:4 result:4"},
		{"the last step of a loop", loop, 30, byTens, "u call:4 result:4"},
		{"a loop that does not fit", loop, 29, byTens, ""},
		{"thinking that is not bound", loop, 30, &shorten.Options{Count: tens, KeepThinking: true}, "u (hm)call:4 result:4"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := row.req.Clone()
			got, told, err := shorten.Request(context.Background(), row.req, row.limit, row.o)
			if !reflect.DeepEqual(before, row.req) {
				t.Error("the request was modified")
			}
			if row.want == "" {
				if !errors.Is(err, model.ErrContextOverflow) {
					t.Errorf("error = %v, want an overflow", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s := show(got); s != row.want {
				t.Errorf("got %s, want %s", s, row.want)
			}
			if left := len(row.req.Messages) - len(got.Messages); left > len(told) || left > 0 && told[0].Reason == "" {
				t.Errorf("%d messages were left out, told of %v", left, told)
			}
		})
	}
	if _, _, err := shorten.Request(context.Background(), chat(1), 0, nil); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("a limit of 0: %v, want an invalid request", err)
	}
	broken := errors.New("broken")
	count := func(context.Context, *model.Request) (int, error) { return 0, broken }
	if _, _, err := shorten.Request(context.Background(), chat(1), 5, &shorten.Options{Count: count}); !errors.Is(err, broken) {
		t.Errorf("a count that fails: %v, want its error", err)
	}
}

// TestAnyLimit shortens random conversations to every limit. The result must
// keep the limit, or there must be an error. Calls must have their results,
// system messages and the last turn must stay, and all else that goes must be
// reported.
func TestAnyLimit(t *testing.T) {
	cut := 0
	for seed := range uint64(300) {
		g := rand.New(rand.NewPCG(seed, 1))
		req := &model.Request{}
		for i := range 1 + g.IntN(12) {
			if g.IntN(6) == 0 {
				req.Messages = append(req.Messages, model.System(fmt.Sprint("s", i)))
			}
			req.Messages = append(req.Messages, model.UserParts(model.Text(strings.Repeat("word ", g.IntN(40)+1)), model.Text(fmt.Sprint("u", i))))
			if g.IntN(8) == 0 {
				pinned(req, len(req.Messages)-1)
			}
			for j := range g.IntN(4) {
				id := fmt.Sprint(i, "-", j)
				req.Messages = append(req.Messages, calls(id), results(id))
			}
			if i < 11 {
				req.Messages = append(req.Messages, model.Assistant("a"))
			}
		}
		last := req.Messages[len(req.Messages)-1]
		whole := shorten.Estimate(req)
		for limit := 1; limit <= whole+1; limit += 1 + g.IntN(max(whole/8, 1)) {
			got, told, err := shorten.Request(context.Background(), req, limit, nil)
			if err != nil {
				if !errors.Is(err, model.ErrContextOverflow) {
					t.Fatalf("seed %d: %v", seed, err)
				}
				continue
			}
			if n := shorten.Estimate(got); n > limit {
				t.Fatalf("seed %d: %d tokens, want at most %d", seed, n, limit)
			}
			cut += len(told)
			check(t, seed, req, got, told, last)
		}
	}
	if cut < 1000 {
		t.Errorf("%d messages left out: too few to say anything", cut)
	}
}

func check(t *testing.T, seed uint64, req, got *model.Request, told []model.Warning, last model.Message) {
	t.Helper()
	open := map[string]bool{}
	systems := 0
	first := len(req.Messages) // that was left out
	for _, w := range told {
		var i int
		if n, _ := fmt.Sscanf(w.Field, "messages[%d]", &i); n == 1 && !strings.Contains(w.Field, ".parts") {
			first = min(first, i)
		}
	}
	for i, m := range got.Messages {
		if m.Role == model.RoleSystem {
			systems++
		}
		if m.Role == model.RoleAssistant && len(open) > 0 {
			t.Fatalf("seed %d: calls %v without a result: %s", seed, open, show(got))
		}
		for _, p := range m.Parts {
			switch p := p.(type) {
			case model.ToolCall:
				open[p.ID] = true
			case model.ToolResult:
				if !open[p.CallID] {
					t.Fatalf("seed %d: a result without its call: %s", seed, show(got))
				}
				delete(open, p.CallID)
			case model.Thinking:
				if i >= first {
					t.Fatalf("seed %d: thinking behind the cut: %s", seed, show(got))
				}
			}
		}
	}
	for _, m := range req.Messages {
		if m.Role == model.RoleSystem {
			systems--
		}
	}
	if systems != 0 {
		t.Fatalf("seed %d: %d system messages too many: %s", seed, systems, show(got))
	}
	end := got.Messages[len(got.Messages)-1]
	if inJSON(end) != inJSON(last) {
		t.Fatalf("seed %d: the last turn is %s, want %s", seed, inJSON(end), inJSON(last))
	}
	gone := 0
	for _, w := range told {
		if !strings.Contains(w.Field, ".parts") {
			gone++
		}
	}
	if gone != len(req.Messages)-len(got.Messages) {
		t.Fatalf("seed %d: %d messages are missing, %d are told", seed, len(req.Messages)-len(got.Messages), gone)
	}
}

func inJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// narrow overflows above a number of messages.
func narrow(most int) fake.Turn {
	return fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		if len(req.Messages) > most {
			return nil, &model.Error{Kind: model.ErrContextOverflow, Message: "too long"}
		}
		return &model.Response{Message: model.Assistant(show(req))}, nil
	}).Always()
}

func TestMiddleware(t *testing.T) {
	for name, ask := range map[string]func(model.ChatModel, *model.Request) (*model.Response, error){
		"generate": func(m model.ChatModel, req *model.Request) (*model.Response, error) {
			return m.Generate(context.Background(), req)
		},
		"stream": func(m model.ChatModel, req *model.Request) (*model.Response, error) {
			return m.Stream(context.Background(), req).Response()
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := model.Wrap(fake.New(narrow(14)), shorten.Middleware(byTens))
			resp, err := ask(m, chat(9))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := resp.Text(), "s u5 a5 u6 a6 u7 a7 u8 a8 u9 a9 last"; got != want {
				t.Errorf("the model was asked %s, want %s", got, want)
			}
			if len(resp.Warnings) != 8 {
				t.Errorf("%d warnings, want 8: %v", len(resp.Warnings), resp.Warnings)
			}
			if resp, err := ask(m, chat(3)); err != nil || len(resp.Warnings) != 0 {
				t.Errorf("what fits: %v, %v, want no warning", resp, err)
			}
			_, err = ask(model.Wrap(fake.New(narrow(1)), shorten.Middleware(byTens)), chat(9))
			if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.ErrContextOverflow || !strings.Contains(e.Message, "too long") {
				t.Errorf("what never fits: %v, want the model's own error", err)
			}
		})
	}
}

// TestNotAfterEvents checks that a stream that overflows after its first event
// is not started again.
func TestNotAfterEvents(t *testing.T) {
	overflow := &model.Error{Kind: model.ErrContextOverflow, Message: "too long"}
	inner := fake.New(fake.Text("some words").Pieces(2).FailAfter(2, overflow), fake.Text("again").Always())
	resp, err := model.Wrap(inner, shorten.Middleware(byTens)).Stream(context.Background(), chat(9)).Response()
	if !errors.Is(err, model.ErrContextOverflow) {
		t.Errorf("got %v, %v, want the overflow", resp, err)
	}
	if n := len(inner.Requests()); n != 1 {
		t.Errorf("the model was asked %d times, want once", n)
	}
}
