package otelmodel

import (
	"context"
	"reflect"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// An Instrumentation records spans and metrics. It is made by [New].
type Instrumentation struct {
	o       Options
	tracer  trace.Tracer
	metrics instruments
	latest  bool // the latest conventions are used
}

// New returns an instrumentation. The error names the invalid option, or comes
// from the meter provider. Nil options mean the zero value.
func New(options *Options) (*Instrumentation, error) {
	o, err := options.settled()
	if err != nil {
		return nil, err
	}
	t := &Instrumentation{o: o, latest: o.Conventions == ConventionsLatest}
	tracers, meters := o.TracerProvider, o.MeterProvider
	if tracers == nil {
		tracers = otel.GetTracerProvider()
	}
	if meters == nil {
		meters = otel.GetMeterProvider()
	}
	t.tracer = tracers.Tracer(scope, trace.WithSchemaURL(t.schema()))
	if t.metrics, err = newInstruments(meters, t.schema(), t.latest); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Instrumentation) schema() string {
	if t.latest {
		return schemaURL
	}
	return "https://opentelemetry.io/schemas/1.41.0"
}

// off reports whether nothing receives the spans and metrics.
func (t *Instrumentation) off() bool {
	return idle(t.o.TracerProvider, func() any { return otel.GetTracerProvider() }) &&
		idle(t.o.MeterProvider, func() any { return otel.GetMeterProvider() })
}

// idle reports whether a provider does nothing: the given one, or else the
// global one. A global provider does nothing until the program sets one.
func idle[P comparable](given P, global func() any) bool {
	var none P
	provider := any(given)
	if given == none {
		provider = global()
	}
	typ := reflect.TypeOf(provider)
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	path := typ.PkgPath()
	return path == "go.opentelemetry.io/otel/internal/global" || strings.HasPrefix(path, "go.opentelemetry.io/otel/") && strings.HasSuffix(path, "/noop")
}

// Middleware returns a middleware that records the calls of a model.
func (t *Instrumentation) Middleware() model.Middleware {
	return func(m model.ChatModel) model.ChatModel { return &observed{model.Wrap(m), t} }
}

// Context returns a context in which the named steps, tool loops and tools of
// any chain are recorded. If ctx is such a context already, it is returned
// unchanged.
func (t *Instrumentation) Context(ctx context.Context) context.Context {
	if t.off() || ctx.Value(contextKey{t}) != nil {
		return ctx
	}
	return context.WithValue(observe.With(ctx, steps{t}), contextKey{t}, true)
}

type contextKey struct{ t *Instrumentation }

// Step returns r as a step with the given name. The step and everything that it
// calls are recorded by t.
func Step[I, O any](t *Instrumentation, name string, r runnable.Runnable[I, O]) runnable.Runnable[I, O] {
	r = runnable.Named(name, r)
	return runnable.Func(func(ctx context.Context, in I) (O, error) { return r.Invoke(t.Context(ctx), in) })
}
