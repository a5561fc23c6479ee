// Package failure knows the meanings of the errors of Anthropic's API, for the
// adapters of libraries that pass them on.
package failure

import (
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// kinds maps Anthropic's types of errors.
// https://docs.anthropic.com/en/api/errors
var kinds = map[string]model.ErrorKind{
	"invalid_request_error": model.ErrInvalidRequest,
	"request_too_large":     model.ErrInvalidRequest,
	"authentication_error":  model.ErrAuthentication,
	"permission_error":      model.ErrPermission,
	"billing_error":         model.ErrPermission,
	"not_found_error":       model.ErrNotFound,
	"rate_limit_error":      model.ErrThrottled,
	"timeout_error":         model.ErrTimeout,
	"overloaded_error":      model.ErrUnavailable,
	"api_error":             model.ErrProvider,
}

// Kind returns the kind of an error with the given type and message.
func Kind(code, message string) model.ErrorKind {
	kind := kinds[code]
	switch {
	case kind == "":
		return model.ErrProvider
	case kind != model.ErrInvalidRequest:
		return kind
	}
	for _, words := range []string{"prompt is too long", "exceed context limit", "Input is too long"} {
		if strings.Contains(message, words) {
			return model.ErrContextOverflow
		}
	}
	for _, words := range []string{"cannot both be specified", "not supported", "Thinking may not be enabled"} {
		if strings.Contains(message, words) {
			return model.ErrUnsupported
		}
	}
	return kind
}
