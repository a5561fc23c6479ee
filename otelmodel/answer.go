package otelmodel

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/chatmodel-go/chatmodel/model"
)

// end completes the span of a call and records its metrics.
func (c *call) end(resp *model.Response, err error) {
	now := time.Now()
	if !c.first.IsZero() {
		c.span.SetAttributes(firstChunk.Float64(c.first.Sub(c.began).Seconds()))
	}
	if resp == nil {
		resp = partial(err)
	}
	left := errors.Is(err, model.ErrStopped)
	var failed []attribute.KeyValue
	switch {
	case left:
		c.span.SetAttributes(streamLeft.Bool(true))
		if c.t.o.LangSmith {
			c.span.SetAttributes(langsmithIsLeft.Bool(true))
		}
	case err != nil:
		failed = []attribute.KeyValue{errorType.String(kind(err))}
		c.t.fail(c.span, err)
	}
	c.answer(resp, err)
	common := c.q.common
	if resp != nil && resp.Model != "" {
		common = append(common[:len(common):len(common)], responseModel.String(resp.Model))
	}
	c.span.End(trace.WithTimestamp(now))
	c.t.metrics.duration.Record(c.ctx, now.Sub(c.began).Seconds(), metric.WithAttributes(append(common[:len(common):len(common)], failed...)...))
	c.t.metrics.spent(c.ctx, resp.TokenUsage(), common, failed)
}

// answer sets the attributes of an answer on the span, or those of the part
// that arrived.
func (c *call) answer(resp *model.Response, err error) {
	reason := "error" // the conventions' word for an answer without its end
	if err == nil && resp != nil {
		reason = string(resp.StopReason)
	}
	attrs := []attribute.KeyValue{finishReasons.StringSlice([]string{reason})}
	if resp != nil {
		attrs = append(attrs, about(resp)...)
		attrs = append(attrs, c.t.usage(resp.TokenUsage())...)
		if *c.t.o.CaptureContent {
			attrs = append(attrs, c.t.answered(c.ctx, resp.Message)...)
		}
		for _, w := range resp.Warnings {
			c.span.AddEvent(eventWarning, trace.WithAttributes(warningAction.String(string(w.Action)), warningField.String(w.Field), warningReason.String(w.Reason)))
		}
		for _, a := range resp.Attempts {
			c.span.AddEvent(eventAttempt, trace.WithAttributes(providerName.String(provider(a.Provider)), requestModel.String(a.Model),
				errorType.String(kind(a.Err)), attemptWait.Float64(a.Wait.Seconds())))
		}
	}
	c.span.SetAttributes(attrs...)
}

// about returns the attributes that identify an answer.
func about(resp *model.Response) []attribute.KeyValue {
	var attrs []attribute.KeyValue
	if resp.RequestID != "" {
		attrs = append(attrs, responseID.String(resp.RequestID))
	}
	if resp.Model != "" {
		attrs = append(attrs, responseModel.String(resp.Model))
	}
	return attrs
}

// usage returns the attributes of the counters.
func (t *Instrumentation) usage(u model.Usage) []attribute.KeyValue {
	if !u.Known {
		return []attribute.KeyValue{usageUnknown.Bool(true)}
	}
	attrs := []attribute.KeyValue{usageInput.Int(u.InputTokens), usageOutput.Int(u.OutputTokens)}
	if u.CacheReadTokens+u.CacheWriteTokens > 0 {
		write := usageCacheWrite
		if !t.latest {
			write = usageCacheCreation
		}
		attrs = append(attrs, usageCacheRead.Int(u.CacheReadTokens), write.Int(u.CacheWriteTokens))
	}
	if u.ReasoningTokens > 0 {
		attrs = append(attrs, usageReasoning.Int(u.ReasoningTokens))
	}
	return attrs
}

// fail sets an error on a span. The text of a model's error is never content.
// The text of a tool's or a step's error may be, so it is recorded only with
// content.
func (t *Instrumentation) fail(span trace.Span, err error) {
	text := ""
	if e, ok := errors.AsType[*model.Error](err); ok {
		text = e.Error()
	} else if *t.o.CaptureContent {
		text = t.writer(context.Background(), t.o.MaxContent).text(err.Error())
	}
	span.SetAttributes(errorType.String(kind(err)))
	span.SetStatus(codes.Error, text)
}

// kind returns an error's kind with underscores. For an error without a kind it
// returns the value of the conventions.
func kind(err error) string {
	k := model.KindOf(err)
	if k == model.ErrUnknown && !errors.Is(err, model.ErrUnknown) {
		return "_OTHER"
	}
	return strings.ReplaceAll(string(k), " ", "_")
}

// partial returns the part of an answer that had arrived before the error, or
// nil.
func partial(err error) *model.Response {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Partial
	}
	return nil
}

// An agent counts the calls of a tool loop.
type agent struct{ calls, tools counter }

type agentKey struct{}

func agentOf(ctx context.Context) *agent {
	a, _ := ctx.Value(agentKey{}).(*agent)
	return a
}

// countCall counts a call for the loop that made it.
func countCall(ctx context.Context) {
	if a := agentOf(ctx); a != nil {
		a.calls.add()
	}
}
