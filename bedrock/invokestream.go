package bedrock

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// stream answers by InvokeModelWithResponseStream.
func (d *invokeDoor) stream(ctx context.Context, m *Model, c call, s *sending, emit func(model.Event) bool) error {
	settings := settingsOf(m.id, s.settings, &s.behind.facts)
	x := &exchange{body: s.body, stream: true}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().InvokeModelWithResponseStream(requests, settings.streamInput(), x.options); err != nil {
		return c.failed(ctx, x, err)
	}
	a := invokedAnswer{frameReader: frameReader{call: c, requestID: x.requestID()}, settings: settings, header: x.resp, emit: emit,
		resp: model.Response{Model: s.model, RequestID: x.requestID(), Warnings: s.warnings}}
	a.decoder = d.codec.Stream(a.hand)
	return x.clean(a.read(ctx, x, &a))
}

// streamInput is the input of the streaming operation.
func (s *invokeSettings) streamInput() *bedrockruntime.InvokeModelWithResponseStreamInput {
	return &bedrockruntime.InvokeModelWithResponseStreamInput{
		ModelId:                  s.ModelId,
		Accept:                   s.Accept,
		GuardrailIdentifier:      s.GuardrailIdentifier,
		GuardrailVersion:         s.GuardrailVersion,
		PerformanceConfigLatency: s.PerformanceConfigLatency,
		RequestMetadata:          s.RequestMetadata,
		ServiceTier:              s.ServiceTier,
		Trace:                    s.Trace,
	}
}

// An invokedAnswer turns the chunks of one answer into events.
type invokedAnswer struct {
	frameReader
	unpacker
	settings invokeSettings
	header   http.Header
	emit     func(model.Event) bool
	decoder  native.Decoder
	service  native.Service
	resp     model.Response
}

// hand emits an event of the codec's decoder.
func (a *invokedAnswer) hand(ev model.Event) error {
	if !a.emit(ev) {
		return errLeft
	}
	return nil
}

// progress implements streamedAnswer. What a guardrail puts in the answer's
// place is complete without the format's own end.
func (a *invokedAnswer) progress() (stopped, complete bool) {
	p := a.decoder.Progress()
	stopped = p != native.Running || a.service.Intervened
	return stopped, p == native.Complete || stopped && a.service.Metrics != nil
}

// finish implements streamedAnswer.
func (a *invokedAnswer) finish(late bool) bool {
	a.settings.fill(&a.resp, a.decoder.Answer(), &a.service, a.header)
	if late && !a.resp.Usage.Known {
		a.resp.Warnings = append(a.resp.Warnings, lateUsage)
	}
	return a.emit(model.Event{Kind: model.EventFinish, Response: &a.resp})
}

// event implements streamedAnswer.
func (a *invokedAnswer) event(eventType string, payload []byte) error {
	if eventType != "chunk" {
		return nil // a kind of event that this version does not know
	}
	if err := a.unpack(payload); err != nil {
		return a.malformed("a chunk cannot be read: "+err.Error(), err)
	}
	if len(a.chunk) == 0 {
		return nil
	}
	a.service.Add(a.chunk)
	err := a.decoder.Chunk(a.chunk)
	if err == nil || err == errLeft {
		return err
	}
	if e, ok := errors.AsType[*native.ServiceError](err); ok {
		return a.reported(e, a.requestID)
	}
	return a.malformed("a chunk cannot be read: "+err.Error(), err)
}
