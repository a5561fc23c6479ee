package bedrock

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// An invokeDoor is InvokeModel and InvokeModelWithResponseStream, with bodies of
// one format.
type invokeDoor struct {
	format Format
	append func(dst []byte, p *plan.Plan) []byte
	codec  codec
}

// A codec reads the bodies of one format.
type codec interface {
	// Decode reads the body of an answer. It keeps nothing of body.
	Decode(body []byte) (*native.Answer, error)

	// Stream returns a decoder for the chunks of one answer. Events go to
	// emit; its errors end the stream and come back as they are.
	Stream(emit func(model.Event) error) native.Decoder
}

func (d *invokeDoor) name() string { return "invoke " + string(d.format) }

func (d *invokeDoor) form(f *facts.Facts) *plan.Format { return d.format.form(f) }

func (d *invokeDoor) write(dst []byte, p *plan.Plan) []byte { return d.append(dst, p) }

func (d *invokeDoor) count(dst []byte, p *plan.Plan) []byte {
	return wire.AppendCountTokensRequest(dst, &wire.CountTokensRequest{InvokeModel: d.write(nil, p)})
}

func (d *invokeDoor) limit(c *model.Capabilities) { d.format.limit(c) }

// invokeSettings are what goes into the headers of a call, for both operations.
type invokeSettings struct {
	bedrockruntime.InvokeModelInput
	paths        []string      // of response fields
	cacheInInput facts.Support // by the counters in headers and chunks
}

// settingsOf puts settings into headers.
func settingsOf(id string, x plan.Settings, f *facts.Facts) invokeSettings {
	mime := "application/json"
	s := invokeSettings{paths: append([]string(nil), x.ResponseFieldPaths...), cacheInInput: f.Answers.CacheInInput}
	s.ModelId, s.Accept = &id, &mime
	s.PerformanceConfigLatency = types.PerformanceConfigLatency(x.Latency)
	s.ServiceTier = types.ServiceTierType(x.ServiceTier)
	if len(x.Metadata) > 0 {
		data, _ := json.Marshal(x.Metadata) // a map of strings
		s.RequestMetadata = optional(string(data))
	}
	if g := x.Guardrail; g != nil {
		s.GuardrailIdentifier, s.GuardrailVersion = optional(g.ID), optional(g.Version)
		s.Trace = types.Trace(strings.ToUpper(g.Trace))
	}
	return s
}

// generate answers by InvokeModel.
func (d *invokeDoor) generate(ctx context.Context, m *Model, c call, s *sending) (*model.Response, error) {
	settings := settingsOf(m.id, s.settings, &s.behind.facts)
	x := &exchange{body: s.body}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().InvokeModel(requests, &settings.InvokeModelInput, x.options); err != nil {
		return nil, c.failed(ctx, x, err)
	}
	resp, err := d.read(c, s, x.data, x.resp)
	if err != nil {
		return nil, x.clean(err)
	}
	return resp, nil
}

func (d *invokeDoor) read(c call, s *sending, data []byte, header http.Header) (*model.Response, error) {
	id := requestID(header)
	var service native.Service
	service.Add(data)
	a, err := d.codec.Decode(data)
	if e, ok := errors.AsType[*native.ServiceError](err); ok {
		return nil, c.reported(e, id)
	}
	if err != nil {
		return nil, c.unreadable(id, data, err)
	}
	resp := &model.Response{Model: s.model, RequestID: id, Warnings: s.warnings,
		Message: model.Message{Role: model.RoleAssistant, Parts: a.Parts}}
	settings := invokeSettings{paths: s.settings.ResponseFieldPaths, cacheInInput: s.behind.facts.Answers.CacheInInput}
	settings.fill(resp, a, &service, header)
	return resp, nil
}

// fill completes a response with what the answer, the service and the headers
// say about it.
func (s *invokeSettings) fill(resp *model.Response, a *native.Answer, service *native.Service, header http.Header) {
	resp.StopReason, resp.Usage = a.StopReason, a.Usage
	if service.Intervened {
		resp.StopReason = model.StopGuardrail
	}
	resp.Warnings = append(resp.Warnings, a.Warnings...)
	told := service.Metrics
	if told == nil {
		told = metricsIn(header)
	}
	if resp.Usage == nil {
		var garbled bool
		if resp.Usage, garbled = usageOf(told, s.cacheInInput); garbled || a.Garbled && !resp.Usage.Known {
			resp.Warnings = append(resp.Warnings, garbledUsage)
		}
	}
	resp.Latency = told.Latency
	resp.ProviderMetadata = &ProviderMetadata{
		AdditionalFields: native.Select(s.paths, a.Sources),
		Trace:            service.Trace,
		Usage:            a.RawUsage,
		Latency:          header.Get("X-Amzn-Bedrock-PerformanceConfig-Latency"),
		ServiceTier:      header.Get("X-Amzn-Bedrock-Service-Tier"),
	}
}

// metricsIn reads the measurements in a response's headers.
func metricsIn(h http.Header) *native.Metrics {
	count := func(name string) native.Count { return native.ParseCount(h.Get("X-Amzn-Bedrock-" + name)) }
	m := &native.Metrics{
		InputTokens:  count("Input-Token-Count"),
		OutputTokens: count("Output-Token-Count"),
		CacheRead:    count("Cache-Read-Input-Token-Count"),
		CacheWrite:   count("Cache-Write-Input-Token-Count"),
	}
	m.Latency = native.Milliseconds(count("Invocation-Latency").N())
	return m
}

// usageOf converts the service's counters, which are those of Converse without a
// total. Without them, or if one of them cannot be read, the usage is not known.
func usageOf(m *native.Metrics, cacheInInput facts.Support) (u *model.Usage, garbled bool) {
	garbled = m.Garbled || native.Garbled(m.InputTokens, m.OutputTokens, m.CacheRead, m.CacheWrite)
	if garbled || m.InputTokens.Absent() || m.OutputTokens.Absent() {
		return new(model.Usage), garbled
	}
	u = &model.Usage{Known: true, OutputTokens: m.OutputTokens.N(), CacheReadTokens: m.CacheRead.N(), CacheWriteTokens: m.CacheWrite.N()}
	u.InputTokens, _ = promptTokens(m.InputTokens.N(), u, 0, cacheInInput)
	return u, false
}

// kindOfReported maps the failures that models report in bodies of their own.
// https://docs.anthropic.com/en/api/errors
var kindOfReported = map[string]model.ErrorKind{
	"invalid_request_error": model.ErrInvalidRequest,
	"authentication_error":  model.ErrAuthentication,
	"permission_error":      model.ErrPermission,
	"not_found_error":       model.ErrNotFound,
	"rate_limit_error":      model.ErrThrottled,
	"timeout_error":         model.ErrTimeout,
	"overloaded_error":      model.ErrUnavailable,
	"billing_error":         model.ErrPermission,
	"request_too_large":     model.ErrInvalidRequest,
}

// reported returns the error of a call in which the service succeeded and the
// model did not.
func (c call) reported(s *native.ServiceError, requestID string) *model.Error {
	kind, ok := kindOfReported[s.Type]
	switch {
	case overflow(s.Type + ": " + s.Message):
		kind = model.ErrContextOverflow
	case !ok:
		kind = model.ErrProvider
	case kind == model.ErrInvalidRequest:
		kind = kindOfValidation(s.Message)
	}
	e := c.error(kind, cmp.Or(s.Message, "the model gives no reason"))
	e.Code, e.RequestID, e.Err = s.Type, requestID, s
	return e
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
