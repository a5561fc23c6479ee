package batch

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// The codes of errors about a record or a batch that are not the service's own.
const (
	// CodeMissing is the code of a record that is not in the output of its
	// ended job. Its kind is [model.ErrTruncated].
	CodeMissing = "RecordMissing"

	// CodeUnread is the code of a record whose line in the output cannot be
	// read, for example because it was cut. Its kind is [model.ErrMalformed].
	CodeUnread = "RecordUnread"

	// CodeNotRun is the code of a record whose job was stopped, expired or
	// failed before it reached the record. Its kind is [model.ErrCanceled],
	// [model.ErrTimeout] or [model.ErrProvider].
	CodeNotRun = "RecordNotRun"

	// CodeTooFew is the code of input with fewer records than a job must have.
	// Its kind is [model.ErrUnsupported].
	CodeTooFew = "TooFewRecords"

	// CodeOther is the code of a batch whose name is taken: by a batch of other
	// requests, or by a job of another program. Its kind is
	// [model.ErrInvalidRequest].
	CodeOther = "OtherBatch"

	// CodeRunning is the code of results that were requested too early. Its
	// kind is [model.ErrInvalidRequest].
	CodeRunning = "BatchRunning"
)

func invalid(op, message string) *model.Error {
	return &model.Error{Kind: model.ErrInvalidRequest, Provider: bedrock.Provider, Op: op, Message: message}
}

func unsupported(op, message string) *model.Error {
	return &model.Error{Kind: model.ErrUnsupported, Provider: bedrock.Provider, Op: op, Message: message}
}

// A reporter makes the errors of a client, about its model, and decides which
// calls are repeated.
type reporter struct {
	codec *bedrock.Codec
	again *model.RetryOptions
}

// error returns an error about the client's model.
func (r *reporter) error(kind model.ErrorKind, op, code, message string) *model.Error {
	return &model.Error{Kind: kind, Provider: bedrock.Provider, Op: op, Model: r.codec.ID(), Code: code, Message: message}
}

// relabel returns the error of a record with another operation.
func relabel(op string, err error) *model.Error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return &model.Error{Kind: model.ErrUnknown, Provider: bedrock.Provider, Op: op, Message: err.Error(), Err: err}
	}
	with := *e
	with.Op = op
	return &with
}

// failed converts an error of the SDK. The original can be reached by
// errors.As, except where it may quote the material that a request was signed
// with.
func (r *reporter) failed(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if e := model.ContextError(ctx); e != nil {
		e.Provider, e.Op, e.Model = bedrock.Provider, op, r.codec.ID()
		return e
	}
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok { // the local disk failed
		e := r.error(model.ErrUnknown, op, "", "a file in Options.TempDir: "+err.Error())
		e.Err = err
		return e
	}
	status, id := 0, ""
	if resp, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status, id = resp.HTTPStatusCode(), resp.ServiceRequestID()
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok && status == 0 {
		e := r.error(model.ErrTransport, op, "", "the service could not be reached, or its answer was lost")
		e.Err = err
		return e
	}
	var code, message string
	if ok {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	e := r.codec.Failure(op, status, code, message)
	e.RequestID, e.Err = id, err
	switch {
	case code == "SlowDown": // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
		e.Kind = model.ErrThrottled
	case code == "NoSuchBucket" || code == "NoSuchKey" || code == "NotFound":
		e.Kind = model.ErrNotFound
	case e.Kind == model.ErrAuthentication:
		first, _, _ := strings.Cut(message, "\n")
		first, _, _ = strings.Cut(first, ". ")
		e.Message, e.Err = first, nil
	}
	return e
}

// retry repeats a call until it succeeds or fails permanently.
func (r *reporter) retry(ctx context.Context, op string, call func() error) error {
	for attempt := 1; ; attempt++ {
		err := r.failed(ctx, op, call())
		if err == nil {
			return nil
		}
		if again := r.again.Again(ctx, attempt, err); again != nil {
			return again
		}
	}
}

// thereAlready reports whether a write failed because the object exists.
func thereAlready(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && e.Status == http.StatusPreconditionFailed
}

func notFound(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && (e.Kind == model.ErrNotFound || e.Status == http.StatusNotFound)
}
