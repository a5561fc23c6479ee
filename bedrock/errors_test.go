package bedrock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// reached reports whether errors.As finds a T.
func reached[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// A refusal is an answer with a status that is no success.
type refusal struct {
	name      string
	status    int
	errorType string // the header, without the namespace that the service adds
	body      string

	kind    model.ErrorKind
	code    string
	message string
	as      func(error) bool
}

const denied = "User: arn:aws:iam::1:user/u is not authorized to perform: bedrock:InvokeModel"

// refusals are the exceptions of Converse, ConverseStream and CountTokens with
// their statuses, in each form they come in.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
// https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
var refusals = []refusal{
	// By header, as the service sends them.
	{"validation", 400, "ValidationException", `{"message":"max_tokens: too large"}`, model.ErrInvalidRequest, "ValidationException", "max_tokens: too large", reached[*types.ValidationException]},
	{"access denied", 403, "AccessDeniedException", `{"message":"` + denied + `"}`, model.ErrPermission, "AccessDeniedException", denied, reached[*types.AccessDeniedException]},
	{"unknown key", 403, "UnrecognizedClientException", `{"message":"The security token included in the request is invalid."}`, model.ErrAuthentication, "UnrecognizedClientException", "The security token included in the request is invalid.", reached[*smithy.GenericAPIError]},
	{"expired token", 403, "ExpiredTokenException", `{"message":"The security token included in the request is expired"}`, model.ErrAuthentication, "ExpiredTokenException", "The security token included in the request is expired", reached[*smithy.GenericAPIError]},
	{"skewed clock", 403, "RequestTimeTooSkewed", `{"message":"The difference between the request time and the current time is too large."}`, model.ErrAuthentication, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", reached[*smithy.GenericAPIError]},
	{"signature", 403, "InvalidSignatureException", `{"message":"Signature expired"}`, model.ErrAuthentication, "InvalidSignatureException", "Signature expired", reached[*smithy.GenericAPIError]},
	{"incomplete signature", 400, "IncompleteSignature", `{"message":"no date"}`, model.ErrAuthentication, "IncompleteSignature", "no date", reached[*smithy.GenericAPIError]},
	{"missing token", 403, "MissingAuthenticationTokenException", `{"message":"Missing Authentication Token"}`, model.ErrAuthentication, "MissingAuthenticationTokenException", "Missing Authentication Token", reached[*smithy.GenericAPIError]},
	{"request expired", 400, "RequestExpired", `{"message":"too old"}`, model.ErrAuthentication, "RequestExpired", "too old", reached[*smithy.GenericAPIError]},
	{"opt in", 403, "OptInRequired", `{"message":"subscribe first"}`, model.ErrPermission, "OptInRequired", "subscribe first", reached[*smithy.GenericAPIError]},
	{"not found", 404, "ResourceNotFoundException", `{"message":"Model not found."}`, model.ErrNotFound, "ResourceNotFoundException", "Model not found.", reached[*types.ResourceNotFoundException]},
	{"unknown operation", 404, "UnknownOperationException", `{}`, model.ErrNotFound, "UnknownOperationException", reasonless(404), reached[*smithy.GenericAPIError]},
	{"model timeout", 408, "ModelTimeoutException", `{"message":"Model has timed out"}`, model.ErrTimeout, "ModelTimeoutException", "Model has timed out", reached[*types.ModelTimeoutException]},
	{"conflict", 400, "ConflictException", `{"message":"conflict"}`, model.ErrInvalidRequest, "ConflictException", "conflict", reached[*types.ConflictException]},
	{"model error", 424, "ModelErrorException", `{"message":"failed","originalStatusCode":500,"resourceName":"r"}`, model.ErrProvider, "ModelErrorException", "failed", func(err error) bool {
		e, ok := errors.AsType[*types.ModelErrorException](err)
		return ok && *e.OriginalStatusCode == 500 && *e.ResourceName == "r"
	}},
	{"model stream error", 424, "ModelStreamErrorException", `{"message":"failed","originalStatusCode":529,"originalMessage":"Overloaded"}`, model.ErrProvider, "ModelStreamErrorException", "failed", func(err error) bool {
		e, ok := errors.AsType[*types.ModelStreamErrorException](err)
		return ok && *e.OriginalStatusCode == 529 && *e.OriginalMessage == "Overloaded"
	}},
	{"throttling", 429, "ThrottlingException", `{"message":"Too many requests, please wait before trying again."}`, model.ErrThrottled, "ThrottlingException", "Too many requests, please wait before trying again.", reached[*types.ThrottlingException]},
	{"throttling as 400", 400, "ThrottlingException", `{"message":"Rate exceeded"}`, model.ErrThrottled, "ThrottlingException", "Rate exceeded", reached[*types.ThrottlingException]},
	{"tokens per day", 429, "ThrottlingException", `{"message":"Too many tokens per day, please wait before trying again."}`, model.ErrQuota, "ThrottlingException", "Too many tokens per day, please wait before trying again.", reached[*types.ThrottlingException]},
	{"model not ready", 429, "ModelNotReadyException", `{"message":"Model is not ready for inference."}`, model.ErrUnavailable, "ModelNotReadyException", "Model is not ready for inference.", reached[*types.ModelNotReadyException]},
	{"service quota", 400, "ServiceQuotaExceededException", `{"message":"limit"}`, model.ErrQuota, "ServiceQuotaExceededException", "limit", reached[*types.ServiceQuotaExceededException]},
	{"internal", 500, "InternalServerException", `{"message":"oops"}`, model.ErrProvider, "InternalServerException", "oops", reached[*types.InternalServerException]},
	{"unavailable", 503, "ServiceUnavailableException", `{"message":"busy"}`, model.ErrUnavailable, "ServiceUnavailableException", "busy", reached[*types.ServiceUnavailableException]},
	{"unknown exception", 418, "TeapotException", `{"message":"short and stout"}`, model.ErrInvalidRequest, "TeapotException", "short and stout", reached[*smithy.GenericAPIError]},
	{"unknown exception of the server", 500, "TeapotException", `{"message":"short and stout"}`, model.ErrProvider, "TeapotException", "short and stout", reached[*smithy.GenericAPIError]},

	// What the text of a ValidationException tells.
	{"overflow, Claude", 400, "ValidationException", `{"message":"The model returned the following errors: Input is too long for requested model."}`, model.ErrContextOverflow, "ValidationException", "The model returned the following errors: Input is too long for requested model.", nil},
	{"overflow, Claude by tokens", 400, "ValidationException", `{"message":"prompt is too long: 200082 tokens > 200000 maximum"}`, model.ErrContextOverflow, "ValidationException", "prompt is too long: 200082 tokens > 200000 maximum", nil},
	{"overflow, with max_tokens", 400, "ValidationException", `{"message":"input length and max_tokens exceed context limit: 199000 + 8000 > 200000"}`, model.ErrContextOverflow, "ValidationException", "input length and max_tokens exceed context limit: 199000 + 8000 > 200000", nil},
	{"overflow, Llama", 400, "ValidationException", `{"message":"This model's maximum context length is 8192 tokens."}`, model.ErrContextOverflow, "ValidationException", "This model's maximum context length is 8192 tokens.", nil},
	{"overflow, Nova", 400, "ValidationException", `{"message":"Too many input tokens. Max input tokens: 128000, request input token count: 130000"}`, model.ErrContextOverflow, "ValidationException", "Too many input tokens. Max input tokens: 128000, request input token count: 130000", nil},
	{"overflow, gpt-oss", 400, "ValidationException", `{"message":"Your input exceeds the context window of this model."}`, model.ErrContextOverflow, "ValidationException", "Your input exceeds the context window of this model.", nil},
	{"model id", 400, "ValidationException", `{"message":"The provided model identifier is invalid."}`, model.ErrNotFound, "ValidationException", "The provided model identifier is invalid.", nil},
	{"on demand", 400, "ValidationException", `{"message":"Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile."}`, model.ErrNotFound, "ValidationException", "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile.", nil},
	{"unsupported", 400, "ValidationException", `{"message":"This model doesn't support tool use."}`, model.ErrUnsupported, "ValidationException", "This model doesn't support tool use.", nil},

	// By body.
	{"__type", 400, "", `{"__type":"ValidationException","message":"no"}`, model.ErrInvalidRequest, "ValidationException", "no", reached[*types.ValidationException]},
	{"__type with namespace", 429, "", `{"__type":"com.amazon.bedrock#ThrottlingException","Message":"slow down"}`, model.ErrThrottled, "ThrottlingException", "slow down", reached[*types.ThrottlingException]},
	{"code", 503, "", `{"code":"ServiceUnavailableException","message":"busy"}`, model.ErrUnavailable, "ServiceUnavailableException", "busy", reached[*types.ServiceUnavailableException]},

	// By status and message alone, as recorders keep them.
	{"only message 400", 400, "", `{"message":"The maximum tokens you requested exceeds the model limit of 10000."}`, model.ErrInvalidRequest, "", "The maximum tokens you requested exceeds the model limit of 10000.", nil},
	{"only message, overflow", 400, "", `{"message":"Input is too long for requested model."}`, model.ErrContextOverflow, "", "Input is too long for requested model.", nil},
	{"only message 401", 401, "", `{"message":"no"}`, model.ErrAuthentication, "", "no", nil},
	{"only message 403", 403, "", `{"message":"` + denied + `"}`, model.ErrPermission, "", denied, nil},
	{"only message, token", 403, "", `{"message":"The security token included in the request is expired"}`, model.ErrAuthentication, "", "The security token included in the request is expired", nil},
	{"only message 404", 404, "", `{"message":"no"}`, model.ErrNotFound, "", "no", nil},
	{"only message 408", 408, "", `{"message":"no"}`, model.ErrTimeout, "", "no", nil},
	{"only message 413", 413, "", `{"message":"no"}`, model.ErrInvalidRequest, "", "no", nil},
	{"only message 424", 424, "", `{"message":"no"}`, model.ErrProvider, "", "no", nil},
	{"only message 429", 429, "", `{"message":"no"}`, model.ErrThrottled, "", "no", nil},
	{"only message, per day", 429, "", `{"message":"Too many tokens per day"}`, model.ErrQuota, "", "Too many tokens per day", nil},
	{"only message 500", 500, "", `{"message":"no"}`, model.ErrProvider, "", "no", nil},
	{"only message 503", 503, "", `{"message":"no"}`, model.ErrUnavailable, "", "no", nil},
	{"only message 529", 529, "", `{"message":"no"}`, model.ErrUnavailable, "", "no", nil},

	// No form at all, as from a proxy.
	{"HTML 413", 413, "", `<html>too big</html>`, model.ErrInvalidRequest, "", formless(413), nil},
	{"HTML 502", 502, "", `<html>bad gateway</html>`, model.ErrUnavailable, "", formless(502), nil},
	{"HTML 503", 503, "", `<html>unavailable</html>`, model.ErrUnavailable, "", formless(503), nil},
	{"HTML 504", 504, "", `<html>timeout</html>`, model.ErrTimeout, "", formless(504), nil},
	{"cut JSON 500", 500, "InternalServerException", `{"message":"oo`, model.ErrProvider, "", formless(500), nil},
	{"cut JSON 403", 403, "", `{"mess`, model.ErrPermission, "", formless(403), nil},
	{"redirect", 302, "", `<html>login</html>`, model.ErrUnknown, "", formless(302), nil},

	// No body.
	{"empty with header", 429, "ThrottlingException", ``, model.ErrThrottled, "ThrottlingException", reasonless(429), reached[*types.ThrottlingException]},
	{"empty 404", 404, "", ``, model.ErrNotFound, "", reasonless(404), nil},
	{"empty 429", 429, "", ``, model.ErrThrottled, "", reasonless(429), nil},
	{"empty 502", 502, "", ``, model.ErrUnavailable, "", reasonless(502), nil},
}

func formless(status int) string {
	return "the service's answer has no form of its own: " + http.StatusText(status)
}

func reasonless(status int) string {
	return "the service gives no reason: " + http.StatusText(status)
}

// retryable lists the kinds that may pass by themselves.
var retryable = map[model.ErrorKind]bool{
	model.ErrThrottled: true, model.ErrTimeout: true, model.ErrUnavailable: true, model.ErrProvider: true,
	model.ErrTransport: true, model.ErrTruncated: true, model.ErrMalformed: true,
}

// labels are what the SDK and the caller call an operation.
var labels = map[string]string{"converse": "generate", "converse-stream": "stream", "count-tokens": "count tokens"}

func TestRefusals(t *testing.T) {
	for _, tt := range refusals {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.path, func(t *testing.T) {
				headers := []string{"Content-Type", "application/json"}
				if tt.errorType != "" {
					headers = append(headers, "X-Amzn-ErrorType", tt.errorType+":http://internal.amazon.com/coral/com.amazon.bedrock/")
				}
				body := &closeCounter{Reader: strings.NewReader(tt.body)}
				err := op.call(t, newModel(t, claude, respond(tt.status, body, headers...), nil))
				e := asError(t, err)
				want := model.Error{Kind: tt.kind, Provider: "bedrock", Op: labels[op.path], Model: claude,
					Code: tt.code, Status: tt.status, Message: tt.message, RequestID: "rid-1"}
				got := *e
				got.Err = nil
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if model.Retryable(err) != retryable[tt.kind] || !errors.Is(err, tt.kind) {
					t.Errorf("retryable = %v, errors.Is(%v) = %v", model.Retryable(err), tt.kind, errors.Is(err, tt.kind))
				}
				if tt.as != nil && !tt.as(err) {
					t.Errorf("the SDK's error is not reached: %#v", e.Err)
				}
				if !reached[*awshttp.ResponseError](err) || !reached[*smithy.OperationError](err) {
					t.Errorf("the SDK's chain is not reached: %#v", e.Err)
				}
				if body.closed == 0 {
					t.Error("the body was not closed")
				}
			})
		}
	}
}

func asError(t *testing.T, err error) *model.Error {
	t.Helper()
	e, ok := err.(*model.Error)
	if !ok {
		t.Fatalf("error = %v, want a *model.Error", err)
	}
	return e
}

type closeCounter struct {
	io.Reader
	closed int
}

func (c *closeCounter) Close() error {
	c.closed++
	return nil
}

// exceptions are the frames that break a stream off.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html
var exceptions = []struct {
	name    string
	frame   []byte
	kind    model.ErrorKind
	code    string
	message string
	as      func(error) bool
}{
	{"throttling", exception("throttlingException", `{"message":"slow down"}`), model.ErrThrottled, "ThrottlingException", "slow down", reached[*types.ThrottlingException]},
	{"throttling per day", exception("throttlingException", `{"message":"Too many tokens per day"}`), model.ErrQuota, "ThrottlingException", "Too many tokens per day", reached[*types.ThrottlingException]},
	{"model stream error", exception("modelStreamErrorException", `{"message":"failed","originalStatusCode":529,"originalMessage":"Overloaded"}`), model.ErrProvider, "ModelStreamErrorException", "failed", func(err error) bool {
		e, ok := errors.AsType[*types.ModelStreamErrorException](err)
		return ok && *e.OriginalStatusCode == 529 && *e.OriginalMessage == "Overloaded"
	}},
	{"internal", exception("internalServerException", `{"message":"oops"}`), model.ErrProvider, "InternalServerException", "oops", reached[*types.InternalServerException]},
	{"validation", exception("validationException", `{"message":"no"}`), model.ErrInvalidRequest, "ValidationException", "no", reached[*types.ValidationException]},
	{"overflow", exception("validationException", `{"message":"Input is too long for requested model."}`), model.ErrContextOverflow, "ValidationException", "Input is too long for requested model.", reached[*types.ValidationException]},
	{"unavailable", exception("serviceUnavailableException", `{"message":"busy"}`), model.ErrUnavailable, "ServiceUnavailableException", "busy", reached[*types.ServiceUnavailableException]},

	// Not of ConverseStream's own, or spelt as in headers.
	{"model timeout", exception("modelTimeoutException", `{"message":"late"}`), model.ErrTimeout, "ModelTimeoutException", "late", reached[*types.ModelTimeoutException]},
	{"PascalCase", exception("ModelTimeoutException", `{"message":"late"}`), model.ErrTimeout, "ModelTimeoutException", "late", reached[*types.ModelTimeoutException]},
	{"model error", exception("modelErrorException", `{"message":"failed","originalStatusCode":500,"resourceName":"r"}`), model.ErrProvider, "ModelErrorException", "failed", func(err error) bool {
		e, ok := errors.AsType[*types.ModelErrorException](err)
		return ok && *e.OriginalStatusCode == 500 && *e.ResourceName == "r"
	}},
	{"access denied", exception("accessDeniedException", `{"message":"no"}`), model.ErrPermission, "AccessDeniedException", "no", reached[*types.AccessDeniedException]},
	{"not found", exception("resourceNotFoundException", `{"message":"no"}`), model.ErrNotFound, "ResourceNotFoundException", "no", reached[*types.ResourceNotFoundException]},
	{"not ready", exception("modelNotReadyException", `{"message":"no"}`), model.ErrUnavailable, "ModelNotReadyException", "no", reached[*types.ModelNotReadyException]},
	{"quota", exception("serviceQuotaExceededException", `{"message":"no"}`), model.ErrQuota, "ServiceQuotaExceededException", "no", reached[*types.ServiceQuotaExceededException]},
	{"unknown", exception("teapotException", `{"message":"short"}`), model.ErrUnknown, "TeapotException", "short", reached[*smithy.GenericAPIError]},
	{"without message", exception("throttlingException", `{}`), model.ErrThrottled, "ThrottlingException", "the service gives no reason", reached[*types.ThrottlingException]},
	{"capital Message", exception("throttlingException", `{"Message":"slow down"}`), model.ErrThrottled, "ThrottlingException", "slow down", reached[*types.ThrottlingException]},
	{"payload that is no JSON", exception("throttlingException", `<html>`), model.ErrThrottled, "ThrottlingException", "the service gives no reason", reached[*types.ThrottlingException]},
	{"empty payload", exception("internalServerException", ``), model.ErrProvider, "InternalServerException", "the service gives no reason", reached[*types.InternalServerException]},
	{"a name in the payload", frame(`{"__type":"com.amazon#ThrottlingException","message":"slow down"}`, ":message-type", "exception"), model.ErrThrottled, "ThrottlingException", "slow down", reached[*types.ThrottlingException]},
	{"without a name", frame(`{"message":"?"}`, ":message-type", "exception"), model.ErrUnknown, "", "?", reached[*smithy.GenericAPIError]},
	{"error frame", errorFrame("InternalFailure", "try again"), model.ErrProvider, "InternalFailure", "try again", reached[*smithy.GenericAPIError]},
	{"error frame of unknown code", errorFrame("internalError", "try again"), model.ErrUnknown, "InternalError", "try again", reached[*smithy.GenericAPIError]},
}

// TestExceptions sends each exception as the first frame of a stream, in the
// middle of it, and between messageStop and metadata.
func TestExceptions(t *testing.T) {
	s := generated()
	for _, tt := range exceptions {
		for where, n := range map[string]int{"first": 0, "middle": s.ends[8], "before metadata": s.stop} {
			t.Run(tt.name+"/"+where, func(t *testing.T) {
				body := cat(s.body[:n], tt.frame, s.body[n:])
				p := play1(newModel(t, claude, streamOf(bytes.NewReader(body)), nil))
				e := asError(t, p.err)
				want := model.Error{Kind: tt.kind, Provider: "bedrock", Op: "stream", Model: claude,
					Code: tt.code, Message: tt.message, RequestID: "rid-1"}
				got := *e
				got.Err, got.Partial = nil, nil
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if p.finished != 0 || p.after != 0 || shown(e.Partial) != s.at(n) {
					t.Errorf("finished %d times, %d events after the error, partial %s", p.finished, p.after, shown(e.Partial))
				}
				if model.Retryable(p.err) != retryable[tt.kind] || !tt.as(p.err) {
					t.Errorf("retryable = %v; the SDK's error: %#v", model.Retryable(p.err), e.Err)
				}
			})
		}
	}
}

// TestExceptionAfterTheAnswer: what comes after the metadata is late.
func TestExceptionAfterTheAnswer(t *testing.T) {
	s := generated()
	body := cat(s.body, exception("internalServerException", `{"message":"oops"}`))
	if err := s.complete(play1(newModel(t, claude, streamOf(bytes.NewReader(body)), nil)), true); err != nil {
		t.Error(err)
	}
}

// TestUnreadableAnswers sends answers that are successes by status but hold no
// answer.
func TestUnreadableAnswers(t *testing.T) {
	tests := []struct {
		name        string
		op          int
		contentType string
		body        io.Reader
		kind        model.ErrorKind
		says        string
	}{
		{"HTML", 0, "text/html", strings.NewReader("<html>hello</html>"), model.ErrMalformed, "cannot be read"},
		{"empty", 0, "application/json", strings.NewReader(""), model.ErrTruncated, "broke off after 0 bytes"},
		{"empty object", 0, "application/json", strings.NewReader("{}"), model.ErrMalformed, "no message"},
		{"array", 0, "application/json", strings.NewReader("[]"), model.ErrMalformed, "cannot be read"},
		{"wrong types", 0, "application/json", strings.NewReader(`{"output":{"message":{"content":5}}}`), model.ErrMalformed, "cannot be read"},
		{"cut JSON", 0, "application/json", strings.NewReader(unaryText("Hi")[:60]), model.ErrTruncated, "broke off after 60 bytes"},
		{"cut JSON with a fault in it", 0, "application/json", strings.NewReader(`{"output":{"message" "x`), model.ErrMalformed, "cannot be read"},
		{"broken body", 0, "application/json", io.MultiReader(strings.NewReader(unaryText("Hi")[:60]), iotest.ErrReader(io.ErrUnexpectedEOF)), model.ErrTruncated, "unexpected EOF"},
		{"slow body", 0, "application/json", io.MultiReader(strings.NewReader(`{"out`), iotest.ErrReader(slow{})), model.ErrTimeout, "too slow"},
		{"HTML", 1, "text/html; charset=utf-8", strings.NewReader("<html>hello</html>"), model.ErrMalformed, `of type "text/html", not an event stream`},
		{"JSON", 1, "application/json", strings.NewReader(unaryText("Hi")), model.ErrMalformed, `of type "application/json", not an event stream`},
		{"HTML without type", 1, "", strings.NewReader("<html>hello, this is a proxy</html>"), model.ErrMalformed, "checksum"},
		{"empty", 1, eventStream, strings.NewReader(""), model.ErrTruncated, "ended before"},
		{"slow stream", 1, eventStream, io.MultiReader(bytes.NewReader(textStream("Hi")[:200]), iotest.ErrReader(slow{})), model.ErrTimeout, "in time"},
		{"event of wrong type", 1, eventStream, bytes.NewReader(event("contentBlockDelta", `{"delta":{"text":5}}`)), model.ErrMalformed, "contentBlockDelta"},
		{"event without payload", 1, eventStream, bytes.NewReader(event("contentBlockDelta", ``)), model.ErrMalformed, "contentBlockDelta"},
		{"empty", 2, "application/json", strings.NewReader(""), model.ErrTruncated, "broke off"},
		{"cut JSON", 2, "application/json", strings.NewReader(`{"inputTok`), model.ErrTruncated, "broke off"},
		{"HTML", 2, "text/html", strings.NewReader("<html>"), model.ErrMalformed, "cannot be read"},
	}
	for _, tt := range tests {
		op := operations[tt.op]
		t.Run(op.path+"/"+tt.name, func(t *testing.T) {
			body := &closeCounter{Reader: tt.body}
			err := op.call(t, newModel(t, claude, respond(200, body, "Content-Type", tt.contentType), nil))
			e := asError(t, err)
			if e.Kind != tt.kind || e.RequestID != "rid-1" || e.Op != labels[op.path] || e.Model != claude || e.Provider != "bedrock" || !model.Retryable(err) {
				t.Errorf("error = %#v, want kind %v, request id and labels, retryable", e, tt.kind)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want it to say %q", err, tt.says)
			}
			if body.closed == 0 {
				t.Error("the body was not closed")
			}
		})
	}
}

// slow is the error of a read that came to a timeout, as of an HTTP client
// with one.
type slow struct{}

func (slow) Error() string   { return "too slow" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

// TestNoAnswer makes calls that do not get as far as a status.
func TestNoAnswer(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	reset := rawServer(t, func(c *net.TCPConn) { c.SetLinger(0) })
	ended := rawServer(t, func(c *net.TCPConn) {})
	garbage := rawServer(t, func(c *net.TCPConn) { io.WriteString(c, "SSH-2.0-OpenSSH\r\n") })
	tests := []struct {
		name, url string
		client    roundTrip // nil: a real one
		kind      model.ErrorKind
		says      string
	}{
		{"refused", "http://" + closed.Addr().String(), nil, model.ErrTransport, "connection refused"},
		{"reset", reset, nil, model.ErrTransport, "connection reset by peer"},
		{"ended", ended, nil, model.ErrTransport, "EOF"},
		{"not HTTP", garbage, nil, model.ErrTransport, "malformed HTTP"},
		{"timeout", "http://localhost", func(*http.Request) (*http.Response, error) { return nil, slow{} }, model.ErrTimeout, "too slow"},
	}
	for _, tt := range tests {
		for _, op := range operations {
			t.Run(tt.name+"/"+op.path, func(t *testing.T) {
				m := at(t, tt.url, plainClient(t))
				if tt.client != nil {
					m = at(t, tt.url, tt.client)
				}
				err := op.call(t, m)
				e := asError(t, err)
				if e.Kind != tt.kind || e.Status != 0 || e.Code != "" || e.Op != labels[op.path] || !model.Retryable(err) {
					t.Errorf("error = %#v, want kind %v, retryable", e, tt.kind)
				}
				if !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error = %v, want it to say %q", err, tt.says)
				}
				if !reached[*smithyhttp.RequestSendError](err) {
					t.Errorf("the SDK's error is not reached: %#v", e.Err)
				}
			})
		}
	}
}

// TestUnaryCut ends real connections in the middle of an answer of Converse.
func TestUnaryCut(t *testing.T) {
	body := unaryText("Hi")
	length := fmt.Sprintf("Content-Length: %d", len(body))
	for name, serve := range map[string]func(c *net.TCPConn){
		"short of Content-Length": func(c *net.TCPConn) {
			io.WriteString(c, head("200 OK", "Content-Type: application/json", "Connection: close", length)+body[:50])
		},
		"FIN between chunks": func(c *net.TCPConn) {
			io.WriteString(c, head("200 OK", "Content-Type: application/json", "Connection: close", "Transfer-Encoding: chunked")+chunk([]byte(body[:50])))
		},
		"RST": func(c *net.TCPConn) {
			io.WriteString(c, head("200 OK", "Content-Type: application/json", "Connection: close", length)+body[:50])
			c.CloseWrite()
			c.SetLinger(0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := at(t, rawServer(t, serve), plainClient(t)).Generate(context.Background(), hello)
			e := asError(t, err)
			if e.Kind != model.ErrTruncated || e.RequestID != "rid-1" || e.Status != 200 || !model.Retryable(err) {
				t.Errorf("error = %#v, want a truncated answer with request id", e)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock stands still
		tests := []struct {
			header string
			want   time.Duration
		}{
			{"", 0},
			{"7", 7 * time.Second},
			{"0", 0},
			{"1.5", 1500 * time.Millisecond},
			{"-3", 0},
			{"soon", 0},
			{"NaN", 0},
			{"1e300", 1e9 * time.Second},
			{time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat), 90 * time.Second},
			{time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), 0},
		}
		for _, tt := range tests {
			for _, op := range operations {
				m := newModel(t, claude, respond(429, strings.NewReader(`{"message":"slow down"}`), "Retry-After", tt.header), nil)
				if got := asError(t, op.call(t, m)).RetryAfter; got != tt.want {
					t.Errorf("%s: Retry-After %q = %v, want %v", op.path, tt.header, got, tt.want)
				}
			}
		}
	})
}

var _ model.ChatModel = (*bedrock.Model)(nil)

// TestNames sends each known name in a frame of a stream, where no status says
// what it means.
func TestNames(t *testing.T) {
	for kind, names := range map[model.ErrorKind][]string{
		model.ErrInvalidRequest: {"ValidationException", "ConflictException", "SerializationException"},
		model.ErrPermission:     {"AccessDeniedException", "AccessDenied", "OptInRequired"},
		model.ErrAuthentication: {"UnrecognizedClientException", "ExpiredTokenException", "ExpiredToken", "InvalidSignatureException",
			"SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException", "InvalidClientTokenId",
			"MissingAuthenticationToken", "MissingAuthenticationTokenException", "RequestExpired", "RequestTimeTooSkewed",
			"RequestInTheFuture", "InvalidAccessKeyId", "InvalidToken", "AuthFailure", "TokenRefreshRequired"},
		model.ErrNotFound:    {"ResourceNotFoundException", "UnknownOperationException"},
		model.ErrTimeout:     {"ModelTimeoutException", "RequestTimeoutException"},
		model.ErrProvider:    {"ModelErrorException", "ModelStreamErrorException", "InternalServerException", "InternalFailure"},
		model.ErrThrottled:   {"ThrottlingException", "Throttling", "TooManyRequestsException"},
		model.ErrQuota:       {"ServiceQuotaExceededException"},
		model.ErrUnavailable: {"ModelNotReadyException", "ServiceUnavailableException", "ServiceUnavailable"},
		model.ErrUnknown:     {"TeapotException", "throttling exception"},
	} {
		for _, name := range names {
			m := newModel(t, claude, streamBytes(exception(name, `{"message":"no"}`)), nil)
			if e := asError(t, play1(m).err); e.Kind != kind {
				t.Errorf("kind of %s = %v, want %v", name, e.Kind, kind)
			}
		}
	}
}

// TestUnknownFrames puts unknown frames and events between the others. They
// must change nothing.
func TestUnknownFrames(t *testing.T) {
	s := generated()
	unknown := cat(event("heartbeat", `{"p":"abc"}`), event("heartbeat", `<html>`), frame(`{}`, ":message-type", "hint"), frame(``))
	var body []byte
	start := 0
	for _, end := range s.ends {
		body = append(append(body, unknown...), s.body[start:end]...)
		start = end
	}
	if err := s.complete(play1(newModel(t, claude, streamBytes(body), nil)), true); err != nil {
		t.Error(err)
	}
}
