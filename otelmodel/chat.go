package otelmodel

import (
	"context"
	"fmt"
	"io"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/model"
)

// An observed is a model whose calls are recorded.
type observed struct {
	inner model.ChatModel
	t     *Instrumentation
}

// Unwrap returns the inner model.
func (m *observed) Unwrap() model.ChatModel { return m.inner }

// Format prints the name of the inner model for every verb. The model itself
// may contain credentials.
func (m *observed) Format(f fmt.State, verb rune) {
	info, _ := model.InfoOf(m.inner)
	io.WriteString(f, "model("+info.Provider+" "+info.Model+")")
}

func (m *observed) Generate(ctx context.Context, req *model.Request) (resp *model.Response, err error) {
	if m.t.off() {
		return m.inner.Generate(ctx, req)
	}
	ctx, c := m.t.begin(ctx, m.inner, req, false)
	err = errPanicked
	defer func() { c.end(resp, err) }()
	return m.inner.Generate(ctx, req)
}

func (m *observed) Stream(ctx context.Context, req *model.Request) *model.Stream {
	s := m.inner.Stream(ctx, req)
	if m.t.off() {
		return s
	}
	asked := m.t.ask(ctx, m.inner, req, true) // before anything can change req
	return s.Watch(func(ctx context.Context) (context.Context, func(model.Event), func(*model.Response, error)) {
		ctx, c := m.t.start(ctx, asked)
		return ctx, c.event, c.end
	})
}

var errPanicked = &model.Error{Kind: model.ErrUnknown, Message: "the call panicked"}

// A question has the attributes of a call's request.
type question struct {
	name   string
	attrs  []attribute.KeyValue // of the span at its start
	common []attribute.KeyValue // of the span and the metrics
	stream bool
}

// A call is a call in progress.
type call struct {
	t     *Instrumentation
	ctx   context.Context
	span  trace.Span
	q     question
	began time.Time

	first, last time.Time // times of the chunks of a stream
	chunk       []metric.RecordOption
}

// ask returns the attributes of a call's span at its start.
func (t *Instrumentation) ask(ctx context.Context, m model.ChatModel, req *model.Request, stream bool) question {
	info, _ := model.InfoOf(m)
	q := question{name: opChat, stream: stream}
	q.common = append(q.common, operationName.String(opChat), providerName.String(provider(info.Provider)))
	if info.Model != "" {
		q.name += " " + info.Model
		q.common = append(q.common, requestModel.String(info.Model))
	}
	q.attrs = append(q.attrs, q.common...)
	if info.BaseModel != "" && info.BaseModel != info.Model {
		q.attrs = append(q.attrs, baseModel.String(info.BaseModel))
	}
	if stream {
		q.attrs = append(q.attrs, requestStream.Bool(true))
	}
	if req != nil {
		q.attrs = t.request(q.attrs, req)
		if *t.o.CaptureContent {
			q.attrs = append(q.attrs, t.asked(ctx, req)...)
		}
	}
	if t.o.LangSmith {
		q.attrs = append(q.attrs, langsmithKind.String("llm"), genAISystem.String(provider(info.Provider)))
	}
	return q
}

// request appends the attributes of a request's settings.
func (t *Instrumentation) request(attrs []attribute.KeyValue, req *model.Request) []attribute.KeyValue {
	if req.MaxTokens > 0 {
		attrs = append(attrs, requestMax.Int(req.MaxTokens))
	}
	if req.Temperature != nil {
		attrs = append(attrs, requestTemp.Float64(*req.Temperature))
	}
	if req.TopP != nil {
		attrs = append(attrs, requestTopP.Float64(*req.TopP))
	}
	switch {
	case req.TopK > 0 && t.latest:
		attrs = append(attrs, requestTopK.Int(req.TopK))
	case req.TopK > 0: // version 1.41 defines it as a double
		attrs = append(attrs, requestTopK.Float64(float64(req.TopK)))
	}
	if len(req.StopSequences) > 0 {
		attrs = append(attrs, requestStops.StringSlice(append([]string(nil), req.StopSequences...)))
	}
	if req.Thinking != nil && req.Thinking.Effort != "" && t.latest {
		attrs = append(attrs, requestEffort.String(req.Thinking.Effort))
	}
	if req.Output != nil {
		attrs = append(attrs, outputType.String("json"))
	}
	return attrs
}

// provider returns the conventions' name of a provider.
func provider(name string) string {
	switch name {
	case "bedrock":
		return "aws.bedrock"
	case "":
		return "unknown"
	}
	return name
}

func (t *Instrumentation) begin(ctx context.Context, m model.ChatModel, req *model.Request, stream bool) (context.Context, *call) {
	return t.start(ctx, t.ask(ctx, m, req, stream))
}

// start begins the span of a call.
func (t *Instrumentation) start(ctx context.Context, q question) (context.Context, *call) {
	countCall(ctx)
	c := &call{t: t, q: q, began: time.Now()}
	ctx, c.span = t.tracer.Start(ctx, q.name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(q.attrs...), trace.WithTimestamp(c.began))
	c.ctx = ctx
	if q.stream {
		c.chunk = []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(q.common...))}
	}
	return ctx, c
}

// event records the time of a stream's chunk.
func (c *call) event(ev model.Event) {
	if ev.Kind == model.EventFinish || ev.Kind == model.EventPartDone {
		return
	}
	now := time.Now()
	if c.first.IsZero() {
		c.first = now
		c.t.metrics.firstChunk.Record(c.ctx, now.Sub(c.began).Seconds(), c.chunk...)
	} else {
		c.t.metrics.chunk.Record(c.ctx, now.Sub(c.last).Seconds(), c.chunk...)
	}
	c.last = now
}
