package batch_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type review struct{ Text string }

type mood struct {
	Happy bool `json:"happy"`
	Stars int  `json:"stars"`
}

func reviews(n int) iter.Seq2[batch.Item[review], error] {
	return func(yield func(batch.Item[review], error) bool) {
		for i := range n {
			if !yield(batch.Item[review]{ID: fmt.Sprint("review ", i), Value: review{fmt.Sprintf("It has %d legs.", i)}}, nil) {
				return
			}
		}
	}
}

// critic answers by the schema-bound tool, or as text, with the number that the
// review has.
func critic() model.ChatModel {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		var n int
		text := req.Messages[len(req.Messages)-1].Text()
		fmt.Sscanf(text[strings.Index(text, "It has"):], "It has %d", &n)
		answer := fmt.Sprintf(`{"happy":%t,"stars":%d}`, n%2 == 0, n)
		if n == 13 {
			answer = `{"happy":"who knows"}`
		}
		if len(req.Tools) > 0 {
			return &model.Response{StopReason: model.StopToolUse, Message: model.AssistantParts(model.ToolCall{ID: "toolu_1", Name: req.Tools[0].Name, Input: []byte(answer)})}, nil
		}
		return &model.Response{StopReason: model.StopEndTurn, Message: model.Assistant(answer)}, nil
	}).Always())
}

// TestChain runs the same chain around a model and around a batch.
func TestChain(t *testing.T) {
	prompt := runnable.Must(runnable.NewPrompt[review](runnable.System("Judge."), runnable.User("The review: {{.Text}}")))
	for _, form := range []batch.Form{batch.FormNative, batch.FormConverse} {
		t.Run(string(form), func(t *testing.T) {
			build := func(m model.ChatModel) (runnable.Runnable[review, mood], error) {
				ask, err := runnable.Structured[mood](m, nil)
				return runnable.Pipe(prompt.With(&model.Request{MaxTokens: 100}), ask), err
			}
			alone, err := build(critic())
			if err != nil {
				t.Fatal(err)
			}
			s := batchtest.Start(t, critic(), nil)
			s.Inject(batchtest.Faults{Lose: only(20)})
			o := options()
			o.Form = form
			chain, err := batch.NewChain(client(t, s, o), build)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for out, err := range chain.Run(t.Context(), "chain", reviews(100)) {
				if err != nil {
					t.Fatal(err)
				}
				want, wantErr := alone.Invoke(t.Context(), review{fmt.Sprintf("It has %d legs.", n)})
				switch {
				case out.ID != fmt.Sprint("review ", n) || out.Input.Text != fmt.Sprintf("It has %d legs.", n):
					t.Fatalf("outcome %d: %+v", n, out)
				case n == 20:
					if codeOf(out.Err) != batch.CodeMissing {
						t.Errorf("outcome %d: %v", n, out.Err)
					}
				case n == 13:
					o1, ok1 := errors.AsType[*runnable.OutputError](out.Err)
					o2, ok2 := errors.AsType[*runnable.OutputError](wantErr)
					if !ok1 || !ok2 || o1.Reason != o2.Reason {
						t.Errorf("outcome %d: %v, alone %v", n, out.Err, wantErr)
					}
				case out.Err != nil || out.Value != want || want.Stars != n:
					t.Errorf("outcome %d: %+v, %v; alone %+v", n, out.Value, out.Err, want)
				}
				n++
			}
			if n != 100 || s.Created() != 1 {
				t.Errorf("%d outcomes of %d jobs", n, s.Created())
			}
			for _, err := range chain.Run(t.Context(), "chain", reviews(100)) { // and again
				if err != nil {
					t.Fatal(err)
				}
			}
			if s.Created() != 1 {
				t.Errorf("%d jobs", s.Created())
			}
		})
	}
}

// TestChainCalls: a chain that calls its model not once.
func TestChainCalls(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	c := client(t, s, options())
	ask := runnable.Func(func(_ context.Context, r review) (*model.Request, error) {
		return &model.Request{Messages: []model.Message{model.User(r.Text)}, MaxTokens: 10}, nil
	})
	twice, err := batch.NewChain(c, func(m model.ChatModel) (runnable.Runnable[review, string], error) {
		again := runnable.Func(func(_ context.Context, resp *model.Response) (*model.Request, error) {
			return &model.Request{Messages: []model.Message{model.User(resp.Text())}}, nil
		})
		return runnable.Pipe(runnable.Pipe3(ask, runnable.Model(m), again), runnable.Pipe(runnable.Model(m), runnable.Text())), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for out, err := range twice.Run(t.Context(), "twice", reviews(100)) {
		if err != nil {
			t.Fatal(err)
		}
		if !errors.Is(out.Err, model.ErrUnsupported) || !strings.Contains(out.Err.Error(), "call it only once") {
			t.Fatalf("%v", out.Err)
		}
	}
	never, err := batch.NewChain(c, func(m model.ChatModel) (runnable.Runnable[review, string], error) {
		return runnable.Func(func(_ context.Context, r review) (string, error) { return r.Text, nil }), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := never.Submit(t.Context(), "never", reviews(100)); !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), "did not call its model") {
		t.Errorf("%v", err)
	}
	broken, err := batch.NewChain(c, func(m model.ChatModel) (runnable.Runnable[review, string], error) {
		stop := runnable.Func(func(context.Context, review) (*model.Request, error) { return nil, errors.New("no ink") })
		return runnable.Pipe3(stop, runnable.Model(m), runnable.Text()), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := broken.Submit(t.Context(), "broken", reviews(100)); err == nil || !strings.Contains(err.Error(), `item "review 0"`) || !strings.Contains(err.Error(), "no ink") {
		t.Errorf("%v", err)
	}
}

// TestCost: jobs are charged half.
func TestCost(t *testing.T) {
	a := batch.Account{JobUsage: model.Usage{Known: true, InputTokens: 1_000_000}, CallUsage: model.Usage{Known: true, OutputTokens: 1_000_000}}
	if got := a.Cost(budget.Prices{Input: 3, Output: 15}); got.Units() != 1.5+15 {
		t.Errorf("%v", got)
	}
}
