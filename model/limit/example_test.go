package limit_test

import (
	"context"
	"fmt"
	"log"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/limit"
)

// One limiter is shared by all models that draw on a quota. A retry outside it
// waits for its turn like any other call.
func Example() {
	limiter, err := limit.New(limit.Options{Requests: 200, Tokens: 400_000, Burndown: 5})
	if err != nil {
		log.Fatal(err)
	}
	llm := model.Wrap(fake.New(fake.Text("Hello.")), model.Retry(nil), limiter.Middleware())
	resp, err := llm.Generate(context.Background(), &model.Request{
		Messages:  []model.Message{model.User("Hi!")},
		MaxTokens: 500, // taken from the quota at the start, so near to what an answer needs
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text())
	// Output: Hello.
}

// Without a limit of the answer nobody can say what a call takes.
func Example_maxTokens() {
	limiter, err := limit.New(limit.Options{Tokens: 400_000})
	if err != nil {
		log.Fatal(err)
	}
	llm := model.Wrap(fake.New(), limiter.Middleware())
	_, err = llm.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("Hi!")}})
	fmt.Println(model.KindOf(err) == model.ErrInvalidRequest)
	// Output: true
}
