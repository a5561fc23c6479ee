package otelmodel_test

import (
	"context"
	"testing"

	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/otelmodel"
)

// A constant model answers without allocating anything but its stream.
type constant struct{ events []model.Event }

var answer = &model.Response{Message: model.Assistant("x"), Usage: &model.Usage{}}

func (c *constant) Generate(context.Context, *model.Request) (*model.Response, error) {
	return answer, nil
}
func (c *constant) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{Provider: "p", Model: "m"}, func(_ context.Context, emit func(model.Event) bool) error {
		for i := range c.events {
			if !emit(c.events[i]) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish, Response: answer})
		return nil
	})
}

func deltas(n int) *constant {
	events := make([]model.Event, n)
	for i := range events {
		events[i] = model.Event{Kind: model.EventText, Text: "word "}
	}
	return &constant{events}
}

func drain(m model.ChatModel, req *model.Request) func() {
	ctx := context.Background()
	return func() {
		for range m.Stream(ctx, req).Events() {
		}
	}
}

// TestOff: with no provider nothing is allocated, and streams are those of the
// model itself.
func TestOff(t *testing.T) {
	for name, o := range map[string]*otelmodel.Options{
		"none set": nil,
		"noop":     {TracerProvider: tracenoop.NewTracerProvider(), MeterProvider: metricnoop.NewMeterProvider()},
	} {
		telemetry, err := otelmodel.New(o)
		if err != nil {
			t.Fatal(err)
		}
		inner, req, ctx := deltas(100), hello(), t.Context()
		m := model.Wrap(inner, telemetry.Middleware())
		if n := testing.AllocsPerRun(100, func() { m.Generate(ctx, req) }); n != 0 {
			t.Errorf("%s: %v allocations a call, want 0", name, n)
		}
		if n := testing.AllocsPerRun(100, func() { telemetry.Context(ctx) }); n != 0 {
			t.Errorf("%s: %v allocations a context, want 0", name, n)
		}
		bare, traced := testing.AllocsPerRun(100, drain(inner, req)), testing.AllocsPerRun(100, drain(m, req))
		if bare != traced {
			t.Errorf("%s: %v allocations a stream, want %v", name, traced, bare)
		}
	}
}

// TestNoAllocationPerDelta: ten times as many deltas cost no more.
func TestNoAllocationPerDelta(t *testing.T) {
	b, err := otelmodel.New(&otelmodel.Options{
		TracerProvider: trace.NewTracerProvider(),
		MeterProvider:  metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())),
	})
	if err != nil {
		t.Fatal(err)
	}
	extra := func(n int) float64 {
		inner, req := deltas(n), hello()
		return testing.AllocsPerRun(50, drain(model.Wrap(inner, b.Middleware()), req)) - testing.AllocsPerRun(50, drain(inner, req))
	}
	few, many := extra(100), extra(1000)
	t.Logf("allocations beside the stream's own: %v for 100 deltas, %v for 1000", few, many)
	if many > few+5 {
		t.Errorf("900 more deltas cost %v more allocations, want none", many-few)
	}
}

// BenchmarkStream compares a stream of 1000 deltas without the middleware, with
// the middleware but no provider, and with both.
func BenchmarkStream(b *testing.B) {
	off, _ := otelmodel.New(nil)
	on, _ := otelmodel.New(&otelmodel.Options{
		TracerProvider: trace.NewTracerProvider(),
		MeterProvider:  metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())),
	})
	inner := deltas(1000)
	for name, m := range map[string]model.ChatModel{"bare": inner, "off": model.Wrap(inner, off.Middleware()), "on": model.Wrap(inner, on.Middleware())} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			f := drain(m, hello())
			for b.Loop() {
				f()
			}
		})
	}
}
