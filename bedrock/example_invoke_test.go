package bedrock_test

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// The same program over Converse and over InvokeModel: nothing but the
// constructor is different.
func ExampleNewInvoke() {
	// Stands in for Amazon Bedrock; a program has bedrockruntime.NewFromConfig.
	server := bedrocktest.InMemory(fake.New(fake.Text("Bonjour !").Always()), nil)
	client := server.Client()

	program := func(llm model.ChatModel) {
		req := &model.Request{MaxTokens: 100, Messages: []model.Message{
			model.System("Translate to French."),
			model.User("Hello!"),
		}}
		for text, err := range llm.Stream(context.Background(), req).Text() {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Print(text)
		}
		fmt.Println()
	}

	const id = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
	converse, err := bedrock.New(client, id, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	program(converse)

	invoke, err := bedrock.NewInvoke(client, id, bedrock.FormatAuto, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	program(invoke)

	for _, call := range server.Calls() {
		fmt.Println(call.Operation)
	}
	// Output:
	// Bonjour !
	// Bonjour !
	// ConverseStream
	// InvokeModelWithResponseStream
}
