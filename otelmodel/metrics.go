package otelmodel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.41.0/genaiconv"

	"github.com/chatmodel-go/chatmodel/model"
)

// instruments are the metrics of both conventions. Those that the selected one
// does not have are nil.
type instruments struct {
	duration, firstChunk, chunk          metric.Float64Histogram
	agentDuration, toolDuration          metric.Float64Histogram
	input, output, cacheRead, cacheWrite metric.Int64Counter
	reasoning                            metric.Int64Counter
	callInput, callOutput                metric.Int64Histogram
	agentCalls, agentTools               metric.Int64Histogram
	tokens                               metric.Int64Histogram // version 1.41, by gen_ai.token.type
}

// newInstruments makes the instruments. It returns the errors of the meter
// joined.
func newInstruments(p metric.MeterProvider, schema string, latest bool) (instruments, error) {
	m := maker{meter: p.Meter(scope, metric.WithSchemaURL(schema))}
	var i instruments
	if !latest {
		i.v1_41(&m)
		return i, m.err
	}
	i.duration = m.seconds(metricDuration, "GenAI client inference operation duration.", callSeconds)
	i.firstChunk = m.seconds(metricFirstChunk, "Time from the request to the first chunk of a streamed response.", callSeconds)
	i.chunk = m.seconds(metricChunk, "Time between the chunks of a streamed response.", callSeconds)
	i.agentDuration = m.seconds(metricAgentDuration, "Duration of an agent's invocation.", agentSeconds)
	i.toolDuration = m.seconds(metricToolDuration, "Duration of a tool's execution.", callSeconds)
	i.input = m.counter(metricInput, "Input tokens used, including cached ones.")
	i.output = m.counter(metricOutput, "Output tokens used, including reasoning.")
	i.cacheRead = m.counter(metricCacheRead, "Input tokens served from the provider's cache.")
	i.cacheWrite = m.counter(metricCacheWrite, "Input tokens written to the provider's cache.")
	i.reasoning = m.counter(metricReasoning, "Output tokens used for reasoning.")
	i.callInput = m.numbers(metricCallInput, "{token}", "Input tokens used by an operation.", callTokens)
	i.callOutput = m.numbers(metricCallOutput, "{token}", "Output tokens used by an operation.", callTokens)
	i.agentCalls = m.numbers(metricAgentCalls, "{inference_call}", "Inference calls of an agent's invocation.", agentCalls)
	i.agentTools = m.numbers(metricAgentTools, "{tool_call}", "Tool calls of an agent's invocation.", agentCalls)
	return i, m.err
}

// v1_41 makes the instruments that package genaiconv defines.
func (i *instruments) v1_41(m *maker) {
	bounds := metric.WithExplicitBucketBoundaries(callSeconds...)
	duration, err := genaiconv.NewClientOperationDuration(m.meter, bounds)
	m.note(err)
	first, err := genaiconv.NewClientOperationTimeToFirstChunk(m.meter, bounds)
	m.note(err)
	chunk, err := genaiconv.NewClientOperationTimePerOutputChunk(m.meter, bounds)
	m.note(err)
	tokens, err := genaiconv.NewClientTokenUsage(m.meter, metric.WithExplicitBucketBoundaries(callTokens...))
	m.note(err)
	i.duration, i.firstChunk, i.chunk, i.tokens = duration.Inst(), first.Inst(), chunk.Inst(), tokens.Inst()
}

// A maker makes instruments and collects their errors.
type maker struct {
	meter metric.Meter
	err   error
}

func (m *maker) note(err error) { m.err = errors.Join(m.err, err) }

func (m *maker) seconds(name, description string, bounds []float64) metric.Float64Histogram {
	h, err := m.meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description), metric.WithExplicitBucketBoundaries(bounds...))
	m.note(err)
	return h
}

func (m *maker) numbers(name, unit, description string, bounds []float64) metric.Int64Histogram {
	h, err := m.meter.Int64Histogram(name, metric.WithUnit(unit), metric.WithDescription(description), metric.WithExplicitBucketBoundaries(bounds...))
	m.note(err)
	return h
}

func (m *maker) counter(name, description string) metric.Int64Counter {
	c, err := m.meter.Int64Counter(name, metric.WithUnit("{token}"), metric.WithDescription(description))
	m.note(err)
	return c
}

// spent records the tokens of a call. Without known tokens it records zeros.
func (i *instruments) spent(ctx context.Context, u model.Usage, attrs []attribute.KeyValue, failed []attribute.KeyValue) {
	if i.tokens != nil {
		if u.Known { // version 1.41 forbids reporting unknown tokens
			i.tokens.Record(ctx, int64(u.InputTokens), metric.WithAttributes(attrs...), metric.WithAttributes(attribute.String("gen_ai.token.type", string(genaiconv.TokenTypeInput))))
			i.tokens.Record(ctx, int64(u.OutputTokens), metric.WithAttributes(attrs...), metric.WithAttributes(attribute.String("gen_ai.token.type", string(genaiconv.TokenTypeOutput))))
		}
		return
	}
	all := metric.WithAttributes(append(attrs[:len(attrs):len(attrs)], tokenModality.String("unknown"))...)
	i.input.Add(ctx, int64(max(u.InputTokens, 0)), all)
	i.output.Add(ctx, int64(max(u.OutputTokens, 0)), all)
	i.cacheRead.Add(ctx, int64(max(u.CacheReadTokens, 0)), all)
	i.cacheWrite.Add(ctx, int64(max(u.CacheWriteTokens, 0)), all)
	i.reasoning.Add(ctx, int64(max(u.ReasoningTokens, 0)), all)
	call := metric.WithAttributes(append(attrs[:len(attrs):len(attrs)], failed...)...)
	i.callInput.Record(ctx, int64(u.InputTokens), call)
	i.callOutput.Record(ctx, int64(u.OutputTokens), call)
}
