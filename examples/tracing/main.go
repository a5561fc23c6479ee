// Command tracing shows the trace of a tool loop. It runs offline, on a
// scripted model, and prints the spans as a tree:
//
//	go run .
//
// With an account of LangSmith it sends the spans there instead:
//
//	LANGSMITH_TRACING=true LANGSMITH_API_KEY=… LANGSMITH_PROJECT=trips go run .
//
// LANGSMITH_ENDPOINT is the address of another region or of your own
// installation. For any other collector of OTLP/HTTP, pass its address to the
// exporter.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
)

func main() {
	if err := run(context.Background(), os.Stdout, scripted(), os.Getenv); err != nil {
		log.Fatal(err)
	}
}

// run runs the tool loop with tracing.
func run(ctx context.Context, out io.Writer, llm model.ChatModel, env func(string) string) (err error) {
	exporter, langsmith, err := newExporter(ctx, out, env)
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter),
		trace.WithResource(resource.NewWithAttributes(semconv.SchemaURL, semconv.ServiceName("packing"))))
	defer func() { // sends the remaining spans
		if e := provider.Shutdown(context.WithoutCancel(ctx)); err == nil {
			err = e
		}
	}()
	telemetry, err := otelmodel.New(&otelmodel.Options{TracerProvider: provider, LangSmith: langsmith, CaptureContent: new(true)})
	if err != nil {
		return err
	}
	agent, err := newAgent(model.Wrap(llm, telemetry.Middleware(), model.Retry(&model.RetryOptions{MinDelay: time.Millisecond})))
	if err != nil {
		return err
	}
	c, err := agent.Invoke(telemetry.Context(ctx), question())
	if err != nil {
		return err
	}
	fmt.Fprintln(out, c.Text())
	return nil
}

// newExporter returns the exporter of the spans, and reports whether it sends
// to LangSmith.
func newExporter(ctx context.Context, out io.Writer, env func(string) string) (trace.SpanExporter, bool, error) {
	key := env("LANGSMITH_API_KEY")
	if env("LANGSMITH_TRACING") != "true" || key == "" {
		return &treePrinter{out: out}, false, nil
	}
	endpoint := env("LANGSMITH_ENDPOINT")
	if endpoint == "" {
		endpoint = "https://api.smith.langchain.com"
	}
	headers := map[string]string{"x-api-key": key}
	if project := env("LANGSMITH_PROJECT"); project != "" {
		headers["Langsmith-Project"] = project
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint+"/otel/v1/traces"), otlptracehttp.WithHeaders(headers))
	return exporter, true, err
}
