package otelmodel_test

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// Everything that a chain does is recorded: its steps, its models, its tools.
// A program mostly sets OpenTelemetry's global providers and gives no options.
func Example() {
	recorder := tracetest.NewSpanRecorder()
	telemetry, err := otelmodel.New(&otelmodel.Options{TracerProvider: trace.NewTracerProvider(trace.WithSpanProcessor(recorder))})
	if err != nil {
		log.Fatal(err)
	}
	usage := &model.Usage{Known: true, InputTokens: 12, OutputTokens: 3}
	llm := model.Wrap(fake.New(fake.Text("Bonjour.").Usage(usage)), telemetry.Middleware())
	translate := runnable.Named("translate", runnable.Func(func(ctx context.Context, text string) (string, error) {
		resp, err := llm.Generate(ctx, &model.Request{Messages: []model.Message{model.System("Translate to French."), model.User(text)}})
		if err != nil {
			return "", err
		}
		return resp.Text(), nil
	}))
	french, err := translate.Invoke(telemetry.Context(context.Background()), "Hello.")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(french)
	for _, span := range recorder.Ended() {
		fmt.Println("span:", span.Name())
		for _, attr := range span.Attributes() {
			if attr.Key == "gen_ai.usage.input_tokens" {
				fmt.Println("  input tokens:", attr.Value.AsInt64())
			}
		}
	}
	// Output:
	// Bonjour.
	// span: chat fake
	//   input tokens: 12
	// span: translate
}
