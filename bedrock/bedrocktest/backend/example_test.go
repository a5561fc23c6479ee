package backend_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/backend"
	"github.com/chatmodel-go/chatmodel/model"
)

// The bedrock package talks to a local model, by Bedrock's wire and rules.
func ExampleNew() {
	ollama := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","content":"Hello from llama."},"finish_reason":"stop"}]}`)
	}))
	defer ollama.Close()

	llm, err := backend.New(ollama.URL, &backend.Options{Model: "llama3.2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := bedrocktest.InMemory(llm, nil)
	claude, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := claude.Generate(context.Background(), &model.Request{Messages: []model.Message{model.User("Hi.")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: Hello from llama.
}
