package model

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// An ErrorKind classes a failure by what a caller can do about it. Kinds are errors
// themselves, so that errors.Is can ask for them:
//
//	if errors.Is(err, model.ErrThrottled) { … }
type ErrorKind string

// The kinds of failure. The list may grow; treat a kind you do not know as
// [ErrUnknown].
const (
	ErrUnknown         ErrorKind = "unknown error"           // none of the others
	ErrInvalidRequest  ErrorKind = "invalid request"         // the request is wrong; change it
	ErrUnsupported     ErrorKind = "unsupported"             // the model or this library cannot do what is asked
	ErrContextOverflow ErrorKind = "context overflow"        // the conversation is too long for the model; shorten it
	ErrAuthentication  ErrorKind = "authentication failed"   // credentials are missing, wrong or expired
	ErrPermission      ErrorKind = "permission denied"       // the caller may not use the model
	ErrNotFound        ErrorKind = "not found"               // no such model, or none here
	ErrThrottled       ErrorKind = "throttled"               // too fast; wait and try again
	ErrQuota           ErrorKind = "quota exceeded"          // a limit that does not pass soon; waiting seconds is no use
	ErrTimeout         ErrorKind = "timeout"                 // the provider, or a timeout of the transport, gave up
	ErrUnavailable     ErrorKind = "unavailable"             // the provider is overloaded, starting or down
	ErrProvider        ErrorKind = "provider failed"         // an internal error of the provider or its model
	ErrTransport       ErrorKind = "transport failed"        // the connection could not be made or broke
	ErrTruncated       ErrorKind = "answer truncated"        // the answer ended before it was complete
	ErrMalformed       ErrorKind = "malformed answer"        // the answer made no sense
	ErrCanceled        ErrorKind = "canceled"                // the caller's context was cancelled
	ErrDeadline        ErrorKind = "deadline exceeded"       // the caller's context ran out of time
	ErrStopped         ErrorKind = "stopped by its consumer" // a stream's consumer left the loop
	ErrStreamUsed      ErrorKind = "stream was used before"  // a stream can be ranged over once
	ErrBudget          ErrorKind = "budget used up"          // the caller's own limit of spending
	ErrOutput          ErrorKind = "output not as asked for" // an answer does not have the form that was asked for
)

// Error returns the kind in words.
func (k ErrorKind) Error() string { return "model: " + string(k) }

// An Error is a failed call to a model.
//
// Its text may change between releases; act on Kind, with errors.Is. It holds
// neither credentials nor the bodies of request and response. What the
// provider's own library reported is reachable by errors.As.
type Error struct {
	Kind       ErrorKind     // empty means ErrUnknown
	Provider   string        // such as "bedrock"
	Op         string        // such as "generate" or "stream"
	Model      string        // the model asked
	Code       string        // the provider's name for the failure; empty if it gave none
	Status     int           // the HTTP status; zero if there was none
	Message    string        // what went wrong, in words
	RequestID  string        // the provider's id of the call; empty if there is none
	RetryAfter time.Duration // how long the provider asks to wait; zero if it does not say

	// Partial is what had arrived of an answer that broke off, with parts
	// that are not complete marked as such. Nil if nothing had.
	Partial *Response

	Err error // the cause; may be nil
}

// Error returns a line of text: where, what kind, what the provider said.
func (e *Error) Error() string {
	what := e.Message
	if what == "" && e.Err != nil {
		what = e.Err.Error()
	}
	var pieces []string
	for _, s := range []string{e.Provider, strings.TrimSpace(e.Op + " " + e.Model), string(e.kind()), what} {
		if s != "" {
			pieces = append(pieces, s)
		}
	}
	text := strings.Join(pieces, ": ")
	if d := e.details(); d != "" {
		text += " (" + d + ")"
	}
	return text
}

// details returns what the provider gave to look the failure up by.
func (e *Error) details() string {
	var d []string
	if e.Code != "" {
		d = append(d, e.Code)
	}
	if e.Status != 0 {
		d = append(d, fmt.Sprintf("status %d", e.Status))
	}
	if e.RequestID != "" {
		d = append(d, "request id "+e.RequestID)
	}
	if e.RetryAfter > 0 {
		d = append(d, "retry after "+e.RetryAfter.String())
	}
	return strings.Join(d, ", ")
}

// Is reports whether target is the error's kind, or the context error that
// the kind stands for.
func (e *Error) Is(target error) bool {
	switch target {
	case context.Canceled:
		return e.Kind == ErrCanceled
	case context.DeadlineExceeded:
		return e.Kind == ErrDeadline
	}
	k, ok := target.(ErrorKind)
	return ok && k == e.kind()
}

// kind returns Kind, or ErrUnknown if that is not set.
func (e *Error) kind() ErrorKind {
	if e.Kind == "" {
		return ErrUnknown
	}
	return e.Kind
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first [Error] in err's tree, the kind that
// fits for a bare context error, and ErrUnknown otherwise. For a nil error it
// returns the empty Kind.
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.kind()
	}
	if k, ok := errors.AsType[ErrorKind](err); ok {
		return k
	}
	switch {
	case errors.Is(err, context.Canceled):
		return ErrCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return ErrDeadline
	}
	return ErrUnknown
}

// Retryable reports whether the same call may well succeed if it is made
// again after a while. It is about the failure only: whether part of an
// answer has been used already is for the caller to know.
func Retryable(err error) bool {
	switch KindOf(err) {
	case ErrThrottled, ErrTimeout, ErrUnavailable, ErrProvider, ErrTransport, ErrTruncated, ErrMalformed:
		return true
	}
	return false
}

// ContextError returns the error of a call whose context has ended, and nil
// while it has not. Both the context's error and its cause are reachable by
// errors.Is. Providers add their name, operation and model.
//
// The result is an *Error so that it can be completed. Test it for nil before
// it becomes an error, which would not be nil.
func ContextError(ctx context.Context) *Error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	e := &Error{Kind: ErrCanceled, Err: err}
	if errors.Is(err, context.DeadlineExceeded) {
		e.Kind = ErrDeadline
	}
	if cause := context.Cause(ctx); cause != err {
		e.Err = &causedError{err, cause}
	}
	return e
}

// causedError is a context's error together with its cause.
type causedError struct{ err, cause error }

func (e *causedError) Error() string   { return e.err.Error() + ": " + e.cause.Error() }
func (e *causedError) Unwrap() []error { return []error{e.err, e.cause} }
