package bedrock

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
	"github.com/chatmodel-go/chatmodel/model"
)

// encodeNative returns a request's body in a model's own format.
func encodeNative(codec native.Codec, req *model.Request, family Family, stream bool) ([]byte, []model.Warning, error) {
	if err := req.Validate(); err != nil {
		return nil, nil, err
	}
	extra := optionsOf(req)
	in := &native.Input{Rules: rulesOf(family), Stream: stream, Additional: extra.AdditionalFields, Effort: extra.OutputEffort}
	if len(extra.PromptVariables) > 0 {
		return nil, nil, &model.Error{Kind: model.ErrUnsupported,
			Message: "provider_options.prompt_variables: prompts of Prompt management are for Converse alone; use New or Open"}
	}
	if g := extra.Guardrail; g != nil {
		if g.ID == "" || g.Version == "" {
			return nil, nil, &model.Error{Kind: model.ErrInvalidRequest, Message: "provider_options.guardrail: needs both id and version"}
		}
		in.Guardrail = &native.Guardrail{StreamMode: g.StreamMode}
	}
	e, err := codec.Encode(req, in)
	if err != nil {
		return nil, nil, err
	}
	return e.Body, e.Warnings, nil
}

// rulesOf says what a codec must know of a family.
func rulesOf(f Family) native.Rules {
	r := native.Rules{
		Family:           f.Name,
		NoTools:          f.Tools.no(),
		NoChoiceAny:      f.ChoiceAny.no(),
		NoChoiceNamed:    f.ChoiceNamed.no(),
		NoForcedThinking: f.ForcedThinking.no(),
		NoParallelSwitch: f.ParallelSwitch.no(),
		NoSampling:       f.Sampling.no(),
		OneSampling:      f.BothSampling.no(),
		NoTopK:           f.TopK == TopKNone,
		Adaptive:         f.AdaptiveThinking == Yes,
		NoAdaptive:       f.AdaptiveThinking.no(),
		NoBudget:         f.BudgetThinking.no(),
		NoEffort:         f.EffortThinking.no(),
		DefaultEffort:    f.DefaultEffort,
		NoCache:          f.CachePoints.no(),
		NoCacheTool:      f.CacheTools.no(),
		NoCacheHour:      f.CacheHour.no(),
		NoOutput:         f.NativeOutput.no(),
		KeepSpace:        !f.TrailingWhitespace.no(),
	}
	switch f.Thinking {
	case ThinkingNever:
		r.Thinking = native.ThinksNever
	case ThinkingAlways:
		r.Thinking = native.ThinksAlways
	case ThinkingQwen:
		r.EffortMember = "reasoning_config"
	}
	return r
}

// invokeSettings are what goes into the headers of a call, for both operations.
type invokeSettings struct {
	bedrockruntime.InvokeModelInput
	paths []string // of response fields
}

// settingsOf reads the settings out of a request, which may change afterwards.
func settingsOf(id string, req *model.Request) invokeSettings {
	x := optionsOf(req)
	mime := "application/json"
	s := invokeSettings{paths: append([]string(nil), x.ResponseFieldPaths...)}
	s.ModelId, s.ContentType, s.Accept = &id, &mime, &mime
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

// invoke answers by InvokeModel.
func (m *Model) invoke(ctx context.Context, c call, req *model.Request, body []byte, warnings []model.Warning) (*model.Response, error) {
	s := settingsOf(m.id, req)
	x := &exchange{body: body}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().InvokeModel(requests, &s.InvokeModelInput, x.options); err != nil {
		return nil, c.failed(ctx, x, err)
	}
	var service native.Service
	if err := service.Add(x.data); err != nil {
		return nil, c.malformed(x, err)
	}
	a, err := m.native.Decode(x.data)
	if e, ok := errors.AsType[*native.ServiceError](err); ok {
		return nil, x.clean(c.reported(e, x.requestID()))
	}
	if err != nil {
		return nil, c.malformed(x, err)
	}
	resp := &model.Response{Model: m.id, RequestID: x.requestID(), Warnings: warnings,
		Message: model.Message{Role: model.RoleAssistant, Parts: a.Parts}}
	s.fill(resp, a, &service, x.resp)
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
		if resp.Usage, garbled = usageOf(told); garbled || a.Garbled && !resp.Usage.Known {
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

// usageOf converts the service's counters, which like those of Converse leave
// the cache out of the input. Without them, or if one of them is none, the
// usage is not known.
func usageOf(m *native.Metrics) (u *model.Usage, garbled bool) {
	garbled = m.Garbled || native.Garbled(m.InputTokens, m.OutputTokens, m.CacheRead, m.CacheWrite)
	if garbled || m.InputTokens.Absent() || m.OutputTokens.Absent() {
		return new(model.Usage), garbled
	}
	u = &model.Usage{Known: true, OutputTokens: m.OutputTokens.N(), CacheReadTokens: m.CacheRead.N(), CacheWriteTokens: m.CacheWrite.N()}
	u.InputTokens = m.InputTokens.N() + u.CacheReadTokens + u.CacheWriteTokens
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

// reported is the error of a call that succeeded, but for the model.
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
	e := c.error(kind, s.Message)
	e.Code, e.RequestID, e.Err = s.Type, requestID, s
	return e
}
