package budget_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

// Every customer may spend a cent. A call that could cost more than what is
// left is refused before it is sent.
func Example() {
	b, err := budget.New(budget.Options{
		Limit: budget.Money(0.01),
		OnCharge: func(_ context.Context, c budget.Charge) {
			fmt.Printf("%s: %v for %d tokens\n", c.Key, c.Amount, c.Usage.Total())
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	usage := &model.Usage{Known: true, InputTokens: 12, OutputTokens: 400}
	llm := model.Wrap(fake.New(fake.Text("A poem.").Usage(usage).Always()), b.Middleware(budget.Prices{Input: 3, Output: 15}))

	ctx := budget.WithKey(context.Background(), "customer 7")
	for {
		_, err := llm.Generate(ctx, &model.Request{Messages: []model.Message{model.User("A poem, please.")}, MaxTokens: 500})
		if errors.Is(err, model.ErrBudget) {
			fmt.Println("no more:", b.Left("customer 7"), "left")
			return
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// customer 7: 0.006036 for 412 tokens
	// no more: 0.003964 left
}
