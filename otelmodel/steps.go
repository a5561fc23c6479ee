package otelmodel

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/observe"
	"github.com/chatmodel-go/chatmodel/runnable"
)

type counter struct{ n atomic.Int64 }

func (c *counter) add() { c.n.Add(1) }

// steps is the observer that records steps.
type steps struct{ t *Instrumentation }

// BeginStep begins the span of a step.
func (s steps) BeginStep(ctx context.Context, step observe.Step) (context.Context, func(observe.Result)) {
	switch step.Kind {
	case observe.Tool:
		return s.tool(ctx, step)
	case observe.Loop:
		return s.loop(ctx, step)
	}
	var attrs []attribute.KeyValue
	ctx, span := s.start(ctx, step.Name, "chain", attrs)
	return ctx, func(r observe.Result) {
		if r.Err != nil {
			s.t.fail(span, r.Err)
		}
		span.End()
	}
}

// start begins a span within the process. LangSmith has its own kinds of spans.
func (s steps) start(ctx context.Context, name, langsmith string, attrs []attribute.KeyValue) (context.Context, trace.Span) {
	if s.t.o.LangSmith {
		attrs = append(attrs, langsmithKind.String(langsmith))
	}
	return s.t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindInternal), trace.WithAttributes(attrs...))
}

// tool begins the span of a tool's run.
func (s steps) tool(ctx context.Context, step observe.Step) (context.Context, func(observe.Result)) {
	if a := agentOf(ctx); a != nil {
		a.tools.add()
	}
	common := []attribute.KeyValue{operationName.String(opExecuteTool), toolName.String(step.Name), toolType.String("function")}
	attrs := common[:len(common):len(common)]
	if step.Tool != nil && step.Tool.Description != "" {
		attrs = append(attrs, toolDescription.String(step.Tool.Description))
	}
	if step.Call != nil {
		attrs = append(attrs, toolCallID.String(step.Call.ID))
		if *s.t.o.CaptureContent {
			attrs = append(attrs, s.t.toolInput(ctx, step.Call)...)
		}
	}
	began := time.Now()
	ctx, span := s.start(ctx, opExecuteTool+" "+step.Name, "tool", attrs)
	ctx = context.WithValue(ctx, agentKey{}, (*agent)(nil)) // calls by a tool do not count as calls by the loop
	return ctx, func(r observe.Result) {
		if r.Err != nil {
			common = append(common, errorType.String(kind(r.Err)))
			s.t.fail(span, r.Err)
		}
		if parts, ok := r.Output.([]model.Part); ok && r.Err == nil && *s.t.o.CaptureContent {
			span.SetAttributes(s.t.toolOutput(ctx, parts)...)
		}
		span.End()
		if h := s.t.metrics.toolDuration; h != nil {
			h.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(common...))
		}
	}
}

// loop begins the span of a tool loop, which the conventions call an agent.
func (s steps) loop(ctx context.Context, step observe.Step) (context.Context, func(observe.Result)) {
	name := []attribute.KeyValue{agentName.String(step.Name)}
	began := time.Now()
	ctx, span := s.start(ctx, opInvokeAgent+" "+step.Name, "chain", append(name[:1:1], operationName.String(opInvokeAgent)))
	a := new(agent)
	ctx = context.WithValue(ctx, agentKey{}, a)
	return ctx, func(r observe.Result) {
		common := name[:1:1]
		if r.Err != nil {
			common = append(common, errorType.String(kind(r.Err)))
			s.t.fail(span, r.Err)
		}
		span.SetAttributes(s.t.conversation(ctx, conversationOf(r))...)
		span.End()
		if i := &s.t.metrics; i.agentDuration != nil {
			i.agentDuration.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(common...))
			i.agentCalls.Record(ctx, a.calls.n.Load(), metric.WithAttributes(name...))
			i.agentTools.Record(ctx, a.tools.n.Load(), metric.WithAttributes(name...))
		}
	}
}

// conversationOf returns the conversation of a loop, even of one that failed.
func conversationOf(r observe.Result) *runnable.Conversation {
	if c, ok := r.Output.(*runnable.Conversation); ok && c != nil {
		return c
	}
	if e, ok := errors.AsType[*runnable.ToolLoopError](r.Err); ok {
		return e.Conversation
	}
	return nil
}

// conversation returns the attributes for the outcome of a loop.
func (t *Instrumentation) conversation(ctx context.Context, c *runnable.Conversation) []attribute.KeyValue {
	if c == nil {
		return nil
	}
	var attrs []attribute.KeyValue
	if u := c.Usage; u != nil && u.Known {
		attrs = append(attrs, usageInput.Int(u.InputTokens), usageOutput.Int(u.OutputTokens))
	}
	if c.Response != nil {
		attrs = append(attrs, finishReasons.StringSlice([]string{string(c.Response.StopReason)}))
		if *t.o.CaptureContent {
			attrs = append(attrs, t.answered(ctx, c.Response.Message)...)
		}
	}
	return attrs
}
