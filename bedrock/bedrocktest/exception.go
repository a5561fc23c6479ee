package bedrocktest

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// An Exception is a failure as the service reports it: by an HTTP status and
// a header, or as a frame of a stream. It is an error, so that a ChatModel
// behind the server can fail with exactly this; see [New].
type Exception struct {
	// Code names the exception, such as "ThrottlingException".
	// Empty means "InternalServerException".
	Code string

	// Status is the HTTP status. Zero means the one that goes with Code, 400
	// for a Code that is not known.
	Status int

	// Message is for people. Empty means the service's own text for Code. Bytes
	// that are not UTF-8 are sent as U+FFFD.
	Message string

	// OriginalStatus and OriginalMessage are the answer of the model behind the
	// service, for ModelErrorException and ModelStreamErrorException.
	OriginalStatus  int
	OriginalMessage string

	// RetryAfter, if positive, is sent as the header Retry-After, in seconds.
	RetryAfter time.Duration
}

// Error returns the code and the message.
func (e *Exception) Error() string {
	d := e.settled()
	return "bedrocktest: " + d.Code + ": " + d.Message
}

// A known exception is one of the service's own, with its usual text.
type known struct {
	status int
	text   string
}

// exceptions are those of Converse, and those of the AWS front door.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
var exceptions = map[string]known{
	"ValidationException":                 {http.StatusBadRequest, "The provided request is not valid."},
	"SerializationException":              {http.StatusBadRequest, "The request could not be deserialized."},
	"ConflictException":                   {http.StatusBadRequest, "Error occurred because of a conflict while performing an operation."},
	"ServiceQuotaExceededException":       {http.StatusBadRequest, "Your request exceeds the service quota for your account."},
	"AccessDeniedException":               {http.StatusForbidden, "You don't have access to the model with the specified model ID."},
	"UnrecognizedClientException":         {http.StatusForbidden, "The security token included in the request is invalid."},
	"ExpiredTokenException":               {http.StatusForbidden, "The security token included in the request is expired"},
	"InvalidSignatureException":           {http.StatusForbidden, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
	"IncompleteSignatureException":        {http.StatusForbidden, "Authorization header is incomplete."},
	"MissingAuthenticationTokenException": {http.StatusForbidden, "Missing Authentication Token"},
	"ResourceNotFoundException":           {http.StatusNotFound, "The specified resource ARN was not found. Check the ARN and try your request again."},
	"UnknownOperationException":           {http.StatusNotFound, ""},
	"ModelTimeoutException":               {http.StatusRequestTimeout, "Model has timed out in processing the request. Try your request again."},
	"RequestTimeoutException":             {http.StatusRequestTimeout, "The request body did not arrive in time."},
	"RequestEntityTooLargeException":      {http.StatusRequestEntityTooLarge, "Request entity too large"},
	"ModelErrorException":                 {http.StatusFailedDependency, "The system encountered an error while processing the model. Try your request again."},
	"ModelStreamErrorException":           {http.StatusFailedDependency, "The system encountered an error while streaming the response. Try your request again."},
	"ThrottlingException":                 {http.StatusTooManyRequests, "Too many requests, please wait before trying again."},
	"ModelNotReadyException":              {http.StatusTooManyRequests, "Model is not ready for inference. Wait and try your request again."},
	"InternalServerException":             {http.StatusInternalServerError, "The system encountered an unexpected error during processing. Try your request again."},
	"ServiceUnavailableException":         {http.StatusServiceUnavailable, "Bedrock is unable to process your request."},
}

// settled returns a copy with the defaults filled in, and texts that JSON can
// hold: a message may quote the model id or the body, whose bytes can be any.
func (e *Exception) settled() Exception {
	s := *e
	if s.Code == "" {
		s.Code = "InternalServerException"
	}
	k, ok := exceptions[s.Code]
	if !ok {
		k = known{status: http.StatusBadRequest}
	}
	if s.Status == 0 {
		s.Status = k.status
	}
	if s.Message == "" {
		s.Message = k.text
	}
	s.Message = strings.ToValidUTF8(s.Message, "\uFFFD")
	s.OriginalMessage = strings.ToValidUTF8(s.OriginalMessage, "\uFFFD")
	return s
}

// appendBody appends the JSON of the exception.
func (e *Exception) appendBody(dst []byte) []byte {
	return wire.AppendError(dst, &wire.ErrorBody{
		Message: e.Message, OriginalStatusCode: e.OriginalStatus, OriginalMessage: e.OriginalMessage})
}

// frameName is the exception's name as frames spell it: throttlingException.
func (e *Exception) frameName() string {
	return strings.ToLower(e.Code[:1]) + e.Code[1:]
}

func validation(message string) *Exception {
	return &Exception{Code: "ValidationException", Message: message}
}

// exceptionKinds maps failures of the model behind the server to exceptions.
// Other kinds become an InternalServerException.
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

// exceptionOf returns the exception for a failure of the model.
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
		e.Message = err.Error() // an error of a script, with its own text
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

// streamExceptions are the exceptions that a stream of Converse may contain.
// All others are sent as a modelStreamErrorException.
var streamExceptions = map[string]bool{
	"InternalServerException":     true,
	"ModelStreamErrorException":   true,
	"ServiceUnavailableException": true,
	"ThrottlingException":         true,
	"ValidationException":         true,
}

// inStream returns the exception in the form that a stream can contain.
func (e *Exception) inStream() Exception {
	s := e.settled()
	if !streamExceptions[s.Code] {
		s.Code, s.OriginalStatus, s.OriginalMessage = "ModelStreamErrorException", s.Status, s.Message
	}
	return s
}
