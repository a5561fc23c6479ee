// Command switch carries one conversation, with signed thinking, a tool and an
// image, from Claude to GPT, to Nova and back to Claude. It shows the changes
// that each switch required. It runs offline, on a server in memory that
// enforces Amazon Bedrock's rules:
//
//	go run ./examples/switch
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
	gpt    = "us.openai.gpt-5.6-sol"
	nova   = "us.amazon.nova-2-lite-v1:0"
)

func main() {
	server := bedrocktest.InMemory(scripted(), nil)
	open := func(id string) (model.ChatModel, error) { return bedrock.New(server.Client(), id, nil) }
	if err := run(context.Background(), os.Stdout, open); err != nil {
		log.Fatal(err)
	}
}

// scripted plays all the models.
func scripted() model.ChatModel {
	return fake.New(
		fake.Thinking("A map. The city has to be looked up.", "", fake.Call("weather", `{"city":"Lisbon"}`)),
		fake.Thinking("31 °C is hot.", "", model.Text("It is hot in Lisbon: see the photograph.")),
		fake.Thinking("Nobody asked for more.", "", model.Text("Take a hat.")),
		fake.Text("Uma chapelaria fica na Baixa."),
		fake.Text("We spoke about Lisbon, its heat, and hats."),
	)
}

// run holds the conversation. Pass bedrock.Open to call the models themselves.
func run(ctx context.Context, out io.Writer, open func(id string) (model.ChatModel, error)) error {
	talk := &conversation{out: out, open: open, req: model.Request{
		Tools: []model.Tool{{Name: "weather", Description: "Returns the weather of a city",
			InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}`)}},
		MaxTokens: 4096,
	}}
	talk.req.Thinking = &model.ThinkingConfig{Budget: 1024}
	answer, err := talk.ask(ctx, claude, model.Text("What is the weather where this map is from?"), model.Image{MediaType: "image/png", Data: pixel})
	if err != nil {
		return err
	}
	var results []model.Part
	for _, call := range answer.ToolCalls() {
		results = append(results, model.ToolResult{CallID: call.ID, Parts: []model.Part{
			model.JSON(`{"celsius":31}`), model.Image{MediaType: "image/png", Data: pixel}}})
	}
	if _, err := talk.ask(ctx, claude, results...); err != nil {
		return err
	}
	talk.req.Thinking = nil
	for _, next := range []struct{ id, text string }{
		{gpt, "What should I take with me?"},
		{nova, "Where do I get one? In Portuguese, please."},
		{claude, "What did we speak about?"},
	} {
		if _, err := talk.ask(ctx, next.id, model.Text(next.text)); err != nil {
			return err
		}
	}
	return nil
}

// A conversation moves from model to model.
type conversation struct {
	out  io.Writer
	open func(id string) (model.ChatModel, error)
	req  model.Request
}

// ask sends the user's next turn to a model and prints the answer and its
// warnings.
func (c *conversation) ask(ctx context.Context, id string, parts ...model.Part) (model.Message, error) {
	m, err := c.open(id)
	if err != nil {
		return model.Message{}, err
	}
	c.req.Messages = append(c.req.Messages, model.UserParts(parts...))
	resp, err := m.Generate(ctx, &c.req)
	if err != nil {
		return model.Message{}, err
	}
	c.req.Messages = append(c.req.Messages, resp.Message)
	fmt.Fprintln(c.out, id)
	for _, w := range resp.Warnings {
		fmt.Fprintln(c.out, "  warning:", w)
	}
	for _, p := range resp.Message.Parts {
		switch p := p.(type) {
		case model.Thinking:
			fmt.Fprintf(c.out, "  thinks: %s (%s)\n", p.Text, form(p))
		case model.ToolCall:
			fmt.Fprintf(c.out, "  calls: %s %s\n", p.Name, p.Input)
		case model.Text:
			fmt.Fprintf(c.out, "  says: %s\n", p)
		}
	}
	return resp.Message, nil
}

// form returns the form of a block of thinking in words.
func form(t model.Thinking) string {
	switch {
	case len(t.Redacted) > 0:
		return "readable only by its maker"
	case t.Signature != "":
		return "signed"
	}
	return "not signed"
}

// pixel is an image of one pixel.
var pixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\b\x06\x00\x00\x00\x1f\x15ĉ\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82")
