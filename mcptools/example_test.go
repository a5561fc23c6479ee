package mcptools_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/mcptools"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A model uses the tools of a server that is reached over HTTP. Here the server
// is the program's own, and the model plays a script.
func Example() {
	type place struct {
		City string `json:"city"`
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "weather", Version: "v1"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "weather.now", Description: "Tells the weather of a city."},
		func(_ context.Context, _ *mcp.CallToolRequest, in place) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "sunny in " + in.City}}}, nil, nil
		})
	web := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil))
	defer web.Close()

	ctx := context.Background()
	source, err := mcptools.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: web.URL}, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()

	llm := fake.New(fake.Calls(fake.Call("weather_now", `{"city":"Rome"}`)), fake.Text("It is sunny."))
	agent := runnable.ToolLoop(llm, runnable.ToolSetOf(source.Tools, nil), nil)
	conversation, err := agent.Invoke(ctx, &model.Request{Messages: []model.Message{model.User("How is the weather in Rome?")}})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range conversation.Messages[1:] {
		fmt.Println(m)
	}
	// Output:
	// assistant: tool_call(call_1_1 weather_now {"city":"Rome"})
	// user: tool_result(call_1_1 "sunny in Rome")
	// assistant: "It is sunny."
}
