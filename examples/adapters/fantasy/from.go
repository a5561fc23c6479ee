package fantasy

import (
	"context"
	"errors"
	"strconv"
	"time"

	charm "charm.land/fantasy"
	"charm.land/fantasy/object"

	"github.com/chatmodel-go/chatmodel/model"
)

// A LanguageModel is a chat model as a fantasy model. It is made by [From] and
// safe for concurrent use.
type LanguageModel struct{ m model.ChatModel }

var _ charm.LanguageModel = (*LanguageModel)(nil)

// From returns a fantasy model that answers with m. Settings without a
// counterpart in m, such as penalties, headers of a call or tools of a
// provider's own, are errors of kind [model.ErrUnsupported] before anything is
// sent.
//
// The error of a failed call is fantasy's *ProviderError, which tells an agent
// whether it may try again. errors.Is and errors.As find m's own error and its
// kind in it. If the context ends, the error is m's own.
func From(m model.ChatModel) *LanguageModel { return &LanguageModel{m} }

// Provider returns the provider of the model, such as "bedrock", or "chatmodel"
// if the model does not name it.
func (l *LanguageModel) Provider() string {
	if info, ok := model.InfoOf(l.m); ok && info.Provider != "" {
		return info.Provider
	}
	return "chatmodel"
}

// Model returns the id of the model, if the model reports it.
func (l *LanguageModel) Model() string {
	info, _ := model.InfoOf(l.m)
	return info.Model
}

// Generate returns the answer to a call.
func (l *LanguageModel) Generate(ctx context.Context, call charm.Call) (*charm.Response, error) {
	req, err := request(&call)
	if err != nil {
		return nil, err
	}
	got, err := l.m.Generate(ctx, req)
	if err != nil {
		return nil, providerError(err)
	}
	resp := &charm.Response{FinishReason: finish(got.StopReason), Usage: usage(got), ProviderMetadata: charm.ProviderMetadata{}}
	told := got.Warnings
	for _, p := range got.Message.Parts {
		c, ok := content(p)
		if !ok {
			told = append(told, lost(p))
			continue
		}
		resp.Content = append(resp.Content, c)
	}
	resp.Warnings = callWarnings(told)
	return resp, nil
}

// Stream returns the answer to a call in pieces. If the call is invalid, it
// returns an error at once. It makes the call when the sequence is ranged over.
func (l *LanguageModel) Stream(ctx context.Context, call charm.Call) (charm.StreamResponse, error) {
	req, err := request(&call)
	if err != nil {
		return nil, err
	}
	stream := l.m.Stream(ctx, req)
	return func(yield func(charm.StreamPart) bool) {
		t := teller{yield: yield, begun: map[int]model.EventKind{}}
		for ev, err := range stream.Events() {
			if err != nil {
				yield(charm.StreamPart{Type: charm.StreamPartTypeError, Error: providerError(err)})
				return
			}
			if !t.event(&ev) {
				return
			}
		}
	}, nil
}

// GenerateObject returns a value of a schema as the answer. The model must call
// a tool, or answers by text if it cannot be forced to call one.
func (l *LanguageModel) GenerateObject(ctx context.Context, call charm.ObjectCall) (*charm.ObjectResponse, error) {
	if l.forced() {
		return object.GenerateWithTool(ctx, l, call)
	}
	return object.GenerateWithText(ctx, l, call)
}

// StreamObject is GenerateObject in pieces.
func (l *LanguageModel) StreamObject(ctx context.Context, call charm.ObjectCall) (charm.ObjectStreamResponse, error) {
	if l.forced() {
		return object.StreamWithTool(ctx, l, call)
	}
	return object.StreamWithText(ctx, l, call)
}

func (l *LanguageModel) forced() bool {
	c, ok := model.CapabilitiesOf(l.m)
	return !ok || c.ForcedTools
}

// providerError returns the error in a form that fantasy's agents act on.
func providerError(err error) error {
	e := &charm.ProviderError{Title: string(model.KindOf(err)), Message: err.Error(), Cause: err, TransientError: model.Retryable(err)}
	switch model.KindOf(err) {
	case model.ErrCanceled, model.ErrDeadline:
		return err
	case model.ErrContextOverflow:
		e.ContextTooLargeErr = true
	case model.ErrAuthentication:
		e.AuthError = true
	}
	if own, ok := errors.AsType[*model.Error](err); ok {
		e.StatusCode = own.Status
		if own.RetryAfter > 0 {
			e.ResponseHeaders = map[string]string{"retry-after": strconv.Itoa(int((own.RetryAfter + time.Second - 1) / time.Second))}
		}
	}
	return e
}

// finish returns fantasy's finish reason for a stop reason.
func finish(r model.StopReason) charm.FinishReason {
	switch r {
	case model.StopEndTurn, model.StopSequence:
		return charm.FinishReasonStop
	case model.StopToolUse:
		return charm.FinishReasonToolCalls
	case model.StopMaxTokens, model.StopContextWindow:
		return charm.FinishReasonLength
	case model.StopContentFiltered, model.StopGuardrail:
		return charm.FinishReasonContentFilter
	case "":
		return charm.FinishReasonUnknown
	}
	return charm.FinishReasonOther
}

// usage returns the counters as fantasy counts: its input excludes the tokens
// that were read from or written to the cache.
func usage(resp *model.Response) charm.Usage {
	u := resp.TokenUsage()
	if !u.Known {
		return charm.Usage{}
	}
	return charm.Usage{InputTokens: int64(u.UncachedTokens()), OutputTokens: int64(u.OutputTokens), TotalTokens: int64(u.Total()),
		ReasoningTokens: int64(u.ReasoningTokens), CacheCreationTokens: int64(u.CacheWriteTokens), CacheReadTokens: int64(u.CacheReadTokens)}
}

func callWarnings(told []model.Warning) (all []charm.CallWarning) {
	for _, w := range told {
		all = append(all, charm.CallWarning{Type: charm.CallWarningTypeOther, Setting: w.Field, Message: w.String()})
	}
	return all
}
