package bedrocktest

import (
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
)

// exceptionKinds is what a failure of the model behind the server becomes.
// Kinds that are missing here become an InternalServerException.
var exceptionKinds = map[model.ErrorKind]Exception{
	model.ErrInvalidRequest:  {Code: "ValidationException"},
	model.ErrUnsupported:     {Code: "ValidationException"},
	model.ErrContextOverflow: {Code: "ValidationException", Message: "Input is too long for requested model."},
	model.ErrAuthentication:  {Code: "UnrecognizedClientException"},
	model.ErrPermission:      {Code: "AccessDeniedException"},
	model.ErrNotFound:        {Code: "ResourceNotFoundException"},
	model.ErrThrottled:       {Code: "ThrottlingException"},
	model.ErrQuota:           {Code: "ThrottlingException", Message: "Too many tokens per day, please wait before trying again."},
	model.ErrTimeout:         {Code: "ModelTimeoutException"},
	model.ErrUnavailable:     {Code: "ServiceUnavailableException"},
	model.ErrProvider:        {Code: "ModelErrorException"},
	model.ErrMalformed:       {Code: "ModelErrorException"},
}

// exceptionOf returns what the service would say of a failure of its model.
func exceptionOf(err error) *Exception {
	if e, ok := errors.AsType[*Exception](err); ok {
		return e
	}
	kind := model.KindOf(err)
	e, ok := exceptionKinds[kind]
	if !ok {
		e = Exception{Code: "InternalServerException"}
	}
	if kind == model.ErrUnknown {
		e.Message = err.Error() // of a script's own making
	}
	m, isModel := errors.AsType[*model.Error](err)
	if !isModel {
		return &e
	}
	if _, ok := exceptions[m.Code]; ok {
		e = Exception{Code: m.Code, Status: m.Status}
	}
	e.RetryAfter = m.RetryAfter
	switch {
	case m.Message != "":
		e.Message = m.Message
	case m.Err != nil && e.Code != "ThrottlingException" && kind != model.ErrContextOverflow:
		e.Message = m.Err.Error()
	}
	return &e
}

// streamExceptions are those that may stand in a stream of Converse. Others
// arrive there as a modelStreamErrorException.
var streamExceptions = map[string]bool{
	"InternalServerException":     true,
	"ModelStreamErrorException":   true,
	"ServiceUnavailableException": true,
	"ThrottlingException":         true,
	"ValidationException":         true,
}

// inStream returns the exception as a stream can hold it.
func (e *Exception) inStream() Exception {
	s := e.settled()
	if !streamExceptions[s.Code] {
		s.Code, s.OriginalStatus, s.OriginalMessage = "ModelStreamErrorException", s.Status, s.Message
	}
	return s
}
