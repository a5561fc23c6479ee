package meter_test

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/meter"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// What a run takes, by the steps of its chain.
func Example() {
	usage := &model.Usage{Known: true, InputTokens: 100, OutputTokens: 20}
	total := meter.New()
	llm := model.Wrap(fake.New(fake.Text("An answer.").Usage(usage).Always()), total.Middleware())
	ask := func(name string) runnable.Runnable[string, string] {
		return runnable.Named(name, runnable.Func(func(ctx context.Context, question string) (string, error) {
			resp, err := llm.Generate(ctx, &model.Request{Messages: []model.Message{model.User(question)}})
			if err != nil {
				return "", err
			}
			return resp.Text(), nil
		}))
	}
	chain := runnable.Pipe3(ask("draft"), ask("review"), ask("review"))

	run := meter.New()
	if _, err := chain.Invoke(run.Context(context.Background()), "Why is the sky blue?"); err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range run.ByStep() {
		fmt.Printf("%s: %d calls, %d tokens\n", line.Step, line.Calls, line.Usage.Total())
	}
	fmt.Println("program:", total.Total().Usage.Total(), "tokens")
	// Output:
	// draft: 1 calls, 120 tokens
	// review: 2 calls, 240 tokens
	// program: 360 tokens
}
