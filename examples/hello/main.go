// Hello is the program of the README.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

func main() {
	ctx := context.Background()
	llm, err := bedrock.Open(ctx, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		log.Fatal(err)
	}
	question := model.User("Why is the sky blue? Two sentences.")
	for text, err := range llm.Stream(ctx, &model.Request{Messages: []model.Message{question}}).Text() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(text)
	}
}
