package otelmodel_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
	"github.com/chatmodel-go/chatmodel/model/cache"
	"github.com/chatmodel-go/chatmodel/model/limit"
	"github.com/chatmodel-go/chatmodel/model/meter"
	"github.com/chatmodel-go/chatmodel/otelmodel"
)

// TestConformance: a model that is recorded, and inside all other middleware,
// is a model.
func TestConformance(t *testing.T) {
	for name, o := range map[string]*otelmodel.Options{
		"off": nil,
		"on": {TracerProvider: trace.NewTracerProvider(), MeterProvider: metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())),
			CaptureContent: new(true), LangSmith: true},
	} {
		t.Run(name, func(t *testing.T) {
			telemetry, err := otelmodel.New(o)
			if err != nil {
				t.Fatal(err)
			}
			conformance.Test(t, conformance.Subject{
				Name: "fake, recorded", Provider: "fake", Capabilities: conformance.AllCapabilities(), InMemory: true,
				New: func(_ *conformance.Env, script *fake.Model) (model.ChatModel, error) {
					limiter, err := limit.New(limit.Options{Requests: 1_000_000})
					if err != nil {
						return nil, err
					}
					b, err := budget.New(budget.Options{Limit: budget.Money(1_000_000)})
					if err != nil {
						return nil, err
					}
					bounded := func(m model.ChatModel) model.ChatModel { return bounded{m} }
					return model.Wrap(script, telemetry.Middleware(), meter.New().Middleware(), cache.New(forgetful{cache.NewMemory()}, nil),
						model.Fallback(), model.Retry(&model.RetryOptions{MaxAttempts: 1}), limiter.Middleware(), b.Middleware(budget.Prices{Input: 1}),
						telemetry.Middleware(), bounded), nil
				},
			})
		})
	}
}

// A bounded model knows how long its answers can be.
type bounded struct{ model.ChatModel }

func (bounded) Limits() model.Limits { return model.Limits{MaxOutput: 4096} }

// forgetful is a store that remembers nothing: a case may ask the same twice
// and be answered differently.
type forgetful struct{ *cache.Memory }

func (forgetful) Get(context.Context, string) ([]byte, bool, error) { return nil, false, nil }
