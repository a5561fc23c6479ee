package account

import (
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
)

// NeverRan reports whether an error says that the provider's model did no
// work: the call was refused, and nothing had arrived.
func NeverRan(err error) bool {
	switch model.KindOf(err) {
	case model.ErrInvalidRequest, model.ErrUnsupported, model.ErrContextOverflow, model.ErrAuthentication, model.ErrPermission,
		model.ErrNotFound, model.ErrThrottled, model.ErrQuota, model.ErrUnavailable, model.ErrBudget:
		return Partial(nil, err) == nil
	}
	return false
}

// Partial returns the answer, or what had arrived of it; nil if nothing had.
func Partial(resp *model.Response, err error) *model.Response {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Partial
	}
	return resp
}

// Model returns the name of the model that answered, or else that was asked.
func Model(m model.ChatModel, resp *model.Response, err error) string {
	if p := Partial(resp, err); p != nil && p.Model != "" {
		return p.Model
	}
	if e, ok := errors.AsType[*model.Error](err); ok && e.Model != "" {
		return e.Model
	}
	info, _ := model.InfoOf(m)
	return info.Model
}

// Usage returns what the answer, or what had arrived of it, is known to have
// used.
func Usage(resp *model.Response, err error) model.Usage { return Partial(resp, err).TokenUsage() }
