package bedrock

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/direct"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/refusal"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// Provider is the provider name of this package: in errors, in the thinking
// and the opaque parts that it returns, and in [ProviderOptions].
const Provider = "bedrock"

// kindOfCode maps the service's exceptions to kinds, in whatever way they
// arrive: by header, in a body, or as a frame of a stream.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
var kindOfCode = map[string]model.ErrorKind{
	"ValidationException":                 model.ErrInvalidRequest, // but see kindOfValidation
	"ConflictException":                   model.ErrInvalidRequest,
	"SerializationException":              model.ErrInvalidRequest,
	"UnknownOperationException":           model.ErrNotFound,
	"AccessDeniedException":               model.ErrPermission,
	"AccessDenied":                        model.ErrPermission,
	"OptInRequired":                       model.ErrPermission,
	"UnrecognizedClientException":         model.ErrAuthentication,
	"ExpiredTokenException":               model.ErrAuthentication,
	"ExpiredToken":                        model.ErrAuthentication,
	"InvalidSignatureException":           model.ErrAuthentication,
	"SignatureDoesNotMatch":               model.ErrAuthentication,
	"IncompleteSignature":                 model.ErrAuthentication,
	"IncompleteSignatureException":        model.ErrAuthentication,
	"InvalidClientTokenId":                model.ErrAuthentication,
	"MissingAuthenticationToken":          model.ErrAuthentication,
	"MissingAuthenticationTokenException": model.ErrAuthentication,
	"RequestExpired":                      model.ErrAuthentication,
	"RequestTimeTooSkewed":                model.ErrAuthentication, // the clock of whoever signs is wrong
	"RequestInTheFuture":                  model.ErrAuthentication,
	"InvalidAccessKeyId":                  model.ErrAuthentication,
	"InvalidToken":                        model.ErrAuthentication,
	"AuthFailure":                         model.ErrAuthentication,
	"TokenRefreshRequired":                model.ErrAuthentication,
	"ResourceNotFoundException":           model.ErrNotFound,
	"ModelTimeoutException":               model.ErrTimeout,
	"RequestTimeoutException":             model.ErrTimeout,
	"ModelErrorException":                 model.ErrProvider,
	"ModelStreamErrorException":           model.ErrProvider,
	"InternalServerException":             model.ErrProvider,
	"InternalFailure":                     model.ErrProvider,
	"ThrottlingException":                 model.ErrThrottled, // but see kindOf
	"Throttling":                          model.ErrThrottled,
	"TooManyRequestsException":            model.ErrThrottled,
	"ServiceQuotaExceededException":       model.ErrQuota,
	"ModelNotReadyException":              model.ErrUnavailable,
	"ServiceUnavailableException":         model.ErrUnavailable,
	"ServiceUnavailable":                  model.ErrUnavailable,
}

// kindOfStatus is for failures without a known exception.
func kindOfStatus(status int) model.ErrorKind {
	switch status {
	case http.StatusUnauthorized:
		return model.ErrAuthentication
	case http.StatusForbidden:
		return model.ErrPermission
	case http.StatusNotFound:
		return model.ErrNotFound
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return model.ErrTimeout
	case http.StatusFailedDependency:
		return model.ErrProvider
	case http.StatusTooManyRequests:
		return model.ErrThrottled
	case http.StatusBadGateway, http.StatusServiceUnavailable, 529:
		return model.ErrUnavailable
	}
	switch {
	case status >= 500:
		return model.ErrProvider
	case status >= 400:
		return model.ErrInvalidRequest
	}
	return model.ErrUnknown
}

// kindOf classes a failure that the service reported.
func kindOf(code string, status int, message string) model.ErrorKind {
	kind, ok := kindOfCode[code]
	if !ok {
		kind = kindOfStatus(status)
	}
	switch {
	case len(refusal.Read(statusOfCode(code, status), message)) > 0:
		return model.ErrUnsupported
	case kind == model.ErrInvalidRequest:
		return kindOfValidation(message)
	case strings.HasPrefix(code, "Model") && kind == model.ErrProvider && overflow(message):
		return model.ErrContextOverflow // the model's own refusal, reported as a failure of the model
	case kind == model.ErrThrottled && strings.Contains(strings.ToLower(message), "per day"):
		return model.ErrQuota // it lasts until tomorrow; the same exception as for a busy second
	case kind == model.ErrPermission && strings.Contains(message, "security token"):
		return model.ErrAuthentication // without its exception's name
	}
	return kind
}

// statusOfCode returns the status of a refusal. As an exception in a stream it
// has none.
func statusOfCode(code string, status int) int {
	switch {
	case status != 0:
		return status
	case code == "ValidationException":
		return http.StatusBadRequest
	case code == "AccessDeniedException":
		return http.StatusForbidden
	}
	return 0
}

// overflows are the texts that distinguish a conversation that is too long from
// other requests that are wrong; the exception is the same.
//
// The models behind the service word it each in their own way, and so do the
// servers that run the open ones.
var overflows = []string{
	"input is too long",                              // the service
	"too many total text bytes",                      // the service
	"prompt is too long",                             // Claude
	"prompt too long",                                //
	"exceed context limit",                           // Claude, with max_tokens
	"too many input tokens",                          // Nova
	"input tokens exceeded",                          // Nova 2
	"input tokens exceeds maximum",                   //
	"exceeds the context window",                     // OpenAI
	"exceed the context window",                      //
	"context_length_exceeded",                        //
	"context length exceeded",                        //
	"context window exceed",                          // MiniMax
	"maximum context length",                         // Llama, Qwen, DeepSeek and others
	"max context length",                             //
	"maximum model length",                           //
	"longer than the model's context",                //
	"exceeds the model's context",                    //
	"exceeds context length",                         //
	"reduce the length of the",                       // … messages, prompt, input
	"maximum prompt length",                          // Grok
	"exceeded model token limit",                     // Kimi
	"exceeds the model token limit",                  //
	"range of input length should",                   // Qwen
	"too large for model with",                       // Mistral
	"tokens in the prompt cannot exceed",             // Cohere
	"maximum number of tokens allowed",               // Gemma
	"tokens in request more than max tokens allowed", // Jamba
	"exceeds maximum input length",                   //
	"exceeds the maximum input length",               //
}

// overflow reports whether a text says that the conversation is too long.
func overflow(message string) bool {
	m := strings.ToLower(message)
	for _, text := range overflows {
		if strings.Contains(m, text) {
			return true
		}
	}
	return false
}

// kindOfValidation returns which of its many meanings a ValidationException has.
// Only the text shows it.
func kindOfValidation(message string) model.ErrorKind {
	m := strings.ToLower(message)
	switch {
	case overflow(message):
		return model.ErrContextOverflow
	case strings.Contains(m, "model identifier is invalid"), strings.Contains(m, "with on-demand throughput isn"):
		return model.ErrNotFound
	case strings.Contains(m, "doesn't support"), strings.Contains(m, "does not support"):
		return model.ErrUnsupported
	}
	return model.ErrInvalidRequest
}

// A call labels the errors of one call.
type call struct {
	op      string
	modelID string
}

func (c call) error(kind model.ErrorKind, message string) *model.Error {
	return &model.Error{Kind: kind, Provider: Provider, Op: c.op, Model: c.modelID, Message: message}
}

// failed makes the SDK's error ours. The SDK's stays reachable by errors.As.
func (c call) failed(ctx context.Context, x *exchange, err error) error {
	if e := model.ContextError(ctx); e != nil {
		e.Provider, e.Op, e.Model = Provider, c.op, c.modelID
		return e
	}
	e := c.error(model.ErrUnknown, "")
	e.Err = err
	if r, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		e.Status, e.RequestID = r.HTTPStatusCode(), r.ServiceRequestID()
		if r.Response != nil && r.Response.Response != nil {
			e.RetryAfter = retryAfter(r.Response.Header)
		}
	}
	apiErr, isAPI := errors.AsType[smithy.APIError](err)
	stranger, isStranger := errors.AsType[*direct.Error](err)
	switch {
	case isStranger:
		e.Kind, e.Message = model.ErrInvalidRequest, stranger.Error()
	case isAPI:
		e.Code, e.Message = code(apiErr), safeMessage(apiErr)
		e.Kind = kindOf(e.Code, e.Status, e.Message)
		e.Message = cmp.Or(e.Message, withStatus(noReason, e.Status))
		if e.Kind == model.ErrPermission && strings.Contains(strings.ToLower(e.Message), noModelAccess) && !strings.Contains(e.Message, enableModel) {
			e.Message += enableModel
		}
	case e.Status >= 300:
		e.Kind = kindOfStatus(e.Status)
		e.Message = withStatus("the service's answer has no form of its own", e.Status)
	case isCredentialError(err):
		e.Kind = model.ErrAuthentication
		e.Message = "no usable AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or AWS_BEARER_TOKEN_BEDROCK: " + rootText(err)
		// A provider may quote what it could not read, as that of
		// credential_process does.
		e.Err = &concealedError{rootText(err), err}
	default:
		e.Kind, e.Message = kindOfLocal(err)
	}
	return x.clean(e)
}

// What the service says of a model that the account has not enabled, and what
// to do about it, which it does not say.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html
const (
	noModelAccess = "don't have access to the model"
	enableModel   = " Enable the model for this account and region under Model access in the Bedrock console, or name an inference profile of a region where it is enabled."
)

// noReason is what an error says if the service says nothing.
const noReason = "the service gives no reason"

// withStatus adds what a status means to a text, if it has a meaning.
func withStatus(text string, status int) string {
	if meaning := http.StatusText(status); meaning != "" {
		return text + ": " + meaning
	}
	return text
}

// clean takes what the call's requests were signed with out of an error.
func (x *exchange) clean(err error) error {
	if e, ok := err.(*model.Error); ok { // as all are
		e.Code, e.Message, e.RequestID = x.secrets.hide(e.Code), x.secrets.hide(e.Message), x.secrets.hide(e.RequestID)
		e.Err = x.secrets.conceal(e.Err)
	}
	return err
}

// unknown is what the SDK makes up for a name or a message that is not there.
const unknown = "UnknownError"

// code returns the exception's name, empty where the SDK makes one up.
func code(err smithy.APIError) string {
	if c := err.ErrorCode(); c != unknown {
		return c
	}
	return ""
}

// safeMessage returns the service's text. Refused signatures come with the
// canonical request, which may hold a session token: their first sentence
// says all there is to say.
func safeMessage(err smithy.APIError) string {
	m := err.ErrorMessage()
	if m == unknown {
		return ""
	}
	if kindOfCode[err.ErrorCode()] == model.ErrAuthentication || strings.Contains(m, "anonical") {
		if i := strings.IndexAny(m, "\n"); i >= 0 {
			m = m[:i]
		}
		if i := strings.Index(m, ". "); i >= 0 {
			m = m[:i+1]
		}
	}
	return m
}

// kindOfLocal classes a failure that happened on this side of the connection.
func kindOfLocal(err error) (model.ErrorKind, string) {
	if _, ok := errors.AsType[*bodyError](err); ok {
		return kindOfRead(err)
	}
	var sendErr *smithyhttp.RequestSendError
	switch {
	case errors.As(err, &sendErr):
		if isTimeout(err) {
			return model.ErrTimeout, rootText(sendErr)
		}
		return model.ErrTransport, rootText(sendErr)
	case strings.Contains(err.Error(), "Missing Region"):
		return model.ErrInvalidRequest, noRegion
	case strings.Contains(err.Error(), "bearer token with HTTP request requires HTTPS"):
		return model.ErrAuthentication, "a bearer token (AWS_BEARER_TOKEN_BEDROCK) is only sent over HTTPS"
	}
	if isTimeout(err) {
		return model.ErrTimeout, rootText(err)
	}
	return model.ErrUnknown, ""
}

// isCredentialError reports whether a call failed before it was sent because
// there was nothing to sign it with. The SDK has no type for that.
func isCredentialError(err error) bool {
	if _, sent := errors.AsType[*smithyhttp.RequestSendError](err); sent {
		return false
	}
	text := err.Error()
	return !strings.Contains(text, "requires HTTPS") && (strings.Contains(text, "get identity:") || strings.Contains(text, "failed to sign") || strings.Contains(text, "sign request:"))
}

// kindOfRead classes the failure of reading a body.
func kindOfRead(err error) (model.ErrorKind, string) {
	switch {
	case errors.Is(err, errTooLong):
		return model.ErrMalformed, "the answer cannot be read: " + errTooLong.Error()
	case isTimeout(err):
		return model.ErrTimeout, "no more of the answer came in time: " + rootText(err)
	}
	return model.ErrTruncated, "the answer broke off: " + rootText(err)
}

// isTimeout reports whether somebody's patience ended: the HTTP client's, its
// transport's or the operating system's. They have no type in common. A request
// that was cancelled, although the caller's context has not ended, was given up
// by a transport that watches over it.
func isTimeout(err error) bool {
	var found bool
	eachError(err, func(e error) bool {
		t, ok := e.(interface{ Timeout() bool })
		found = ok && t.Timeout() || e == context.Canceled
		return !found
	})
	return found
}

// rootText returns the text of the innermost error: the outer ones repeat
// operation, status and request id, which ours says already.
func rootText(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// retryAfter reads the header Retry-After: seconds, or a date.
// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 { // NaN is not
		const most = 1e9 // seconds, some 30 years; more may not fit a duration
		return time.Duration(min(s, most) * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// exception makes the error of a frame that broke a stream off. It is the
// SDK's type where the SDK has one. A frame without a name has that of its body.
func (c call) exception(name, requestID string, body wire.ErrorBody) *model.Error {
	name = exceptionName(cmp.Or(name, body.Code))
	e := c.error(kindOf(name, 0, body.Message), cmp.Or(body.Message, noReason))
	e.Code, e.RequestID = name, requestID
	e.Err = sdkException(name, body)
	return e
}

// exceptionName turns the spelling of frames, "throttlingException", into
// that of headers.
func exceptionName(name string) string {
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// sdkException returns an exception in the SDK's type for it, so that errors.As
// finds the same type in the middle of a stream as before one.
func sdkException(name string, d wire.ErrorBody) error {
	m := aws.String(d.Message)
	switch name {
	case "ThrottlingException":
		return &types.ThrottlingException{Message: m}
	case "ValidationException":
		return &types.ValidationException{Message: m}
	case "InternalServerException":
		return &types.InternalServerException{Message: m}
	case "ServiceUnavailableException":
		return &types.ServiceUnavailableException{Message: m}
	case "ModelTimeoutException":
		return &types.ModelTimeoutException{Message: m}
	case "AccessDeniedException":
		return &types.AccessDeniedException{Message: m}
	case "ResourceNotFoundException":
		return &types.ResourceNotFoundException{Message: m}
	case "ModelNotReadyException":
		return &types.ModelNotReadyException{Message: m}
	case "ServiceQuotaExceededException":
		return &types.ServiceQuotaExceededException{Message: m}
	case "ModelStreamErrorException":
		e := &types.ModelStreamErrorException{Message: m}
		if d.OriginalStatusCode != 0 {
			e.OriginalStatusCode = aws.Int32(int32(d.OriginalStatusCode))
		}
		if d.OriginalMessage != "" {
			e.OriginalMessage = aws.String(d.OriginalMessage)
		}
		return e
	case "ModelErrorException":
		e := &types.ModelErrorException{Message: m}
		if d.OriginalStatusCode != 0 {
			e.OriginalStatusCode = aws.Int32(int32(d.OriginalStatusCode))
		}
		if d.ResourceName != "" {
			e.ResourceName = aws.String(d.ResourceName)
		}
		return e
	}
	return &smithy.GenericAPIError{Code: name, Message: d.Message}
}
