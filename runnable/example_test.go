package runnable_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// Prompt, model and parser: the chain that most programs begin with.
func Example() {
	type Translation struct{ InputLanguage, OutputLanguage, Input string }
	llm := fake.New(fake.Text("Ich liebe das Programmieren."))

	prompt, err := runnable.NewPrompt[Translation](
		runnable.System("You are a helpful assistant that translates {{.InputLanguage}} to {{.OutputLanguage}}."),
		runnable.User("{{.Input}}"),
	)
	if err != nil {
		log.Fatal(err)
	}
	translate := runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text())

	german, err := translate.Invoke(context.Background(), Translation{"English", "German", "I love programming."})
	fmt.Println(german, err)
	fmt.Println(llm.Request(0).Messages[0].Text())
	// Output:
	// Ich liebe das Programmieren. <nil>
	// You are a helpful assistant that translates English to German.
}

func ExampleStream() {
	llm := fake.New(fake.Text("Ich liebe das Programmieren."))
	prompt := runnable.Must(runnable.NewPrompt[string](runnable.User("Translate to German: {{.}}")))
	chain := runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text())

	run := runnable.Stream(context.Background(), chain, "I love programming.")
	for text, err := range run.Text() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q\n", text)
	}
	whole, err := run.Result()
	fmt.Println(whole, err)
	// Output:
	// "Ich"
	// " liebe"
	// " das"
	// " Programmieren."
	// Ich liebe das Programmieren. <nil>
}

// Events say which step they come from; the step that prepares the question
// stays out of the stream.
func ExampleNamed() {
	rewriter := fake.New(fake.Text("capital of France?"))
	expert := fake.New(fake.Text("Paris."))
	question := runnable.Must(runnable.NewPrompt[string](runnable.User("{{.}}")))

	rewrite := runnable.Quiet(runnable.Named("rewrite", runnable.Pipe3(question, runnable.Model(rewriter), runnable.Text())))
	answer := runnable.Named("answer", runnable.Pipe3(question, runnable.Model(expert), runnable.Text()))

	for ev, err := range runnable.Stream(context.Background(), runnable.Pipe(rewrite, answer), "what's frances capitol").Events() {
		if err != nil {
			log.Fatal(err)
		}
		if ev.Kind == model.EventText {
			fmt.Println(ev.Step, ev.Text)
		}
	}
	// Output:
	// answer/model Paris.
}

func ExampleStepError() {
	llm := fake.New(fake.Fail(model.ErrThrottled))
	prompt := runnable.Must(runnable.NewPrompt[string](runnable.User("{{.}}")))
	chain := runnable.Named("translate", runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text()))

	_, err := chain.Invoke(context.Background(), "hello")
	if step, ok := errors.AsType[*runnable.StepError](err); ok {
		fmt.Println(step.Step)
	}
	fmt.Println(errors.Is(err, model.ErrThrottled), model.Retryable(err))
	// Output:
	// translate/model
	// true true
}

func ExampleBatch() {
	llm := fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		word := req.Messages[0].Text()
		if word == "" {
			return nil, errors.New("nothing to shout")
		}
		return &model.Response{Message: model.Assistant(strings.ToUpper(word))}, nil
	}).Always())
	prompt := runnable.Func(func(_ context.Context, word string) (*model.Request, error) {
		return &model.Request{Messages: []model.Message{model.User(word)}}, nil
	})
	shout := runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text())

	for _, o := range runnable.Batch(context.Background(), shout, []string{"one", "", "three"}, 2) {
		fmt.Println(o.Value, o.Err != nil)
	}
	// Output:
	// ONE false
	//  true
	// THREE false
}

// The question goes to the retriever and, beside what that found, to the
// prompt.
func ExampleAssign() {
	type Context struct {
		Question string
		Found    []string
	}
	retrieve := runnable.Func(func(_ context.Context, question string) ([]string, error) {
		return []string{"Go was announced in 2009."}, nil
	})
	prompt := runnable.Must(runnable.NewPrompt[Context](
		runnable.System("Answer from these facts:{{range .Found}}\n- {{.}}{{end}}"),
		runnable.User("{{.Question}}"),
	))
	llm := fake.New(fake.Text("In 2009."))
	withFacts := runnable.Assign(retrieve, func(question string, found []string) Context { return Context{question, found} })
	chain := runnable.Pipe4(withFacts, prompt, runnable.Model(llm), runnable.Text())

	answer, err := chain.Invoke(context.Background(), "When was Go announced?")
	fmt.Println(answer, err)
	fmt.Println(llm.Request(0).Messages[0].Text())
	// Output:
	// In 2009. <nil>
	// Answer from these facts:
	// - Go was announced in 2009.
}

// A misspelt field is found before anything is sent.
func ExampleNewPrompt_misspelt() {
	type Greeting struct{ Name string }
	_, err := runnable.NewPrompt[Greeting](runnable.System("Be kind."), runnable.User("Greet {{.Nmae}}."))
	fmt.Println(err)
	// Output:
	// prompt: invalid request: section 2 (user): {{.Nmae}}: field .Nmae: runnable_test.Greeting has no field Nmae; it has Name
}

func ExamplePrompt_history() {
	type Shot struct{ Question, Answer string }
	type Chat struct {
		Examples []Shot
		History  []model.Message
		Photo    model.Image
		Question string
	}
	prompt := runnable.Must(runnable.NewPrompt[Chat](
		runnable.System("Name the animal.", runnable.CachePoint(0)),
		runnable.Each("Examples", runnable.User("{{.Question}}"), runnable.Assistant("{{.Answer}}")),
		runnable.History("History"),
		runnable.User("{{.Question}}", runnable.Field("Photo")),
	)).With(&model.Request{MaxTokens: 100})

	req, err := prompt.Invoke(context.Background(), Chat{
		Examples: []Shot{{"It barks.", "dog"}},
		History:  []model.Message{model.User("It purrs."), model.Assistant("cat")},
		Photo:    model.Image{MediaType: "image/png", Data: []byte("…")},
		Question: "And this?",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range req.Messages {
		fmt.Println(m)
	}
	// Output:
	// system: "Name the animal." cache_point()
	// user: "It barks."
	// assistant: "dog"
	// user: "It purrs."
	// assistant: "cat"
	// user: "And this?" image(image/png 3 bytes)
}

func ExampleStructured() {
	type Person struct {
		Name string `json:"name" jsonschema:"the full name"`
		Born int    `json:"born" jsonschema:"the year of birth"`
	}
	llm := fake.New(fake.Text(`{"name":"Ada Lovelace","born":1815}`))
	prompt := runnable.Must(runnable.NewPrompt[string](runnable.User("Who is this about? {{.}}")))
	extract := runnable.Pipe(prompt, runnable.Must(runnable.Structured[Person](llm, nil)))

	person, err := extract.Invoke(context.Background(), "Ada Lovelace, who was born in 1815, …")
	fmt.Printf("%+v %v\n", person, err)
	// Output:
	// {Name:Ada Lovelace Born:1815} <nil>
}

func ExamplePartials() {
	type Plan struct {
		Steps []string `json:"steps"`
	}
	llm := fake.New(fake.Text(`{"steps":["plan","build","test"]}`).Pieces(12))
	prompt := runnable.Must(runnable.NewPrompt[string](runnable.User("{{.}}")))
	run := runnable.Stream(context.Background(), runnable.Pipe(prompt, runnable.Must(runnable.Structured[Plan](llm, nil))), "How?")
	for plan, err := range runnable.Partials[Plan](run) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q\n", plan.Steps)
	}
	// Output:
	// ["p"]
	// ["plan" "build"]
	// ["plan" "build" "test"]
}

func ExampleToolLoop() {
	type Query struct {
		City string `json:"city" jsonschema:"the city, in English"`
	}
	weather := runnable.Must(runnable.NewTool("weather", "Tells today's weather.", func(_ context.Context, q Query) (string, error) {
		return "rain in " + q.City, nil
	}))
	tools := runnable.Must(runnable.NewToolSet([]runnable.Tool{weather}, nil))
	llm := fake.New(fake.Calls(fake.Call("weather", `{"city":"Oslo"}`)), fake.Text("Take an umbrella."))

	agent := runnable.ToolLoop(llm, tools, nil)
	c, err := agent.Invoke(context.Background(), &model.Request{Messages: []model.Message{model.User("Oslo today?")}})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range c.Messages {
		fmt.Println(m)
	}
	// Output:
	// user: "Oslo today?"
	// assistant: tool_call(call_1_1 weather {"city":"Oslo"})
	// user: tool_result(call_1_1 "rain in Oslo")
	// assistant: "Take an umbrella."
}
