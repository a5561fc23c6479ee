// Command toolloop lets a model use two Go functions to answer a question, and
// prints each event as it happens. It runs offline, on a scripted model:
//
//	go run ./examples/toolloop
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func main() {
	if err := run(context.Background(), os.Stdout, scripted()); err != nil {
		log.Fatal(err)
	}
}

// scripted plays the model. Use any other model.ChatModel to have a real one
// think.
func scripted() model.ChatModel {
	return fake.New(
		fake.Reply(
			model.Text("Let me look up both cities."),
			fake.Call("weather", `{"city":"Lisbon"}`),
			fake.Call("weather", `{"city":"Atlantis"}`),
		),
		fake.Calls(fake.Call("convert", `{"celsius":31}`)),
		fake.Text("It is 88 °F and sunny in Lisbon: pack light. Nobody has measured Atlantis."),
	)
}

// Weather is the tool's result: the weather of a city.
type Weather struct {
	Sky     string  `json:"sky"`
	Celsius float64 `json:"celsius"`
}

type weatherQuery struct {
	City string `json:"city" jsonschema:"the city, in English"`
}

func weather(_ context.Context, q weatherQuery) (Weather, error) {
	known := map[string]Weather{"Lisbon": {"sunny", 31}, "Oslo": {"rain", 12}}
	w, ok := known[q.City]
	if !ok {
		return w, fmt.Errorf("no weather station in %s", q.City) // the model reads this
	}
	return w, nil
}

type temperature struct {
	Celsius float64 `json:"celsius"`
}

func convert(_ context.Context, t temperature) (string, error) {
	return fmt.Sprintf("%.0f °F", t.Celsius*9/5+32), nil
}

func tools() (*runnable.ToolSet, error) {
	w, err := runnable.NewTool("weather", "Returns the current weather of a city.", weather)
	if err != nil {
		return nil, err
	}
	c, err := runnable.NewTool("convert", "Converts degrees Celsius to Fahrenheit.", convert)
	if err != nil {
		return nil, err
	}
	return runnable.NewToolSet([]runnable.Tool{w, c}, nil)
}

func run(ctx context.Context, out io.Writer, llm model.ChatModel) error {
	set, err := tools()
	if err != nil {
		return err
	}
	agent := runnable.ToolLoop(llm, set, &runnable.ToolLoopOptions{MaxSteps: 5})
	req := &model.Request{Messages: []model.Message{
		model.System("You help people pack. Use the tools; give temperatures in Fahrenheit."),
		model.User("Lisbon or Atlantis: what do I pack?"),
	}}

	conversation := runnable.Stream(ctx, agent, req)
	for ev, err := range conversation.Events() {
		if err != nil {
			return explain(out, err)
		}
		show(out, ev)
	}
	c, err := conversation.Result()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d calls of the model, %d messages to keep\n", c.Steps, len(c.Messages))
	return nil
}

// show prints text as it arrives, calls when they are complete, and results.
func show(out io.Writer, ev runnable.Event) {
	switch ev.Kind {
	case model.EventText:
		fmt.Fprint(out, ev.Text)
	case model.EventPartDone:
		switch p := ev.Part.(type) {
		case model.Text:
			fmt.Fprintln(out)
		case model.ToolCall:
			fmt.Fprintf(out, "-> %s %s\n", p.Name, p.Input)
		}
	case model.EventPart:
		if r, ok := ev.Part.(model.ToolResult); ok {
			fmt.Fprintf(out, "<- %s\n", result(r))
		}
	}
}

func result(r model.ToolResult) string {
	var b strings.Builder
	for _, p := range r.Parts {
		switch p := p.(type) {
		case model.Text:
			b.WriteString(string(p))
		case model.JSON:
			b.Write(p)
		}
	}
	if r.IsError {
		return "error: " + b.String()
	}
	return b.String()
}

// explain prints the part so far of a conversation that failed. Its history can
// be sent again.
func explain(out io.Writer, err error) error {
	if e, ok := errors.AsType[*runnable.ToolLoopError](err); ok {
		fmt.Fprintf(out, "ended after %d calls of the model\n", e.Conversation.Steps)
	}
	return err
}
