package bedrock_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// allExceptions are the service's allExceptions, some that others in front of it send,
// and none.
var allExceptions = []string{
	"", "AccessDeniedException", "ConflictException", "ExpiredTokenException", "IncompleteSignature", "InternalFailure", "InternalServerException",
	"InvalidClientTokenId", "InvalidSignatureException", "LimitExceededException", "ModelErrorException", "ModelNotReadyException",
	"ModelStreamErrorException", "ModelTimeoutException", "NotAuthorized", "OptInRequired", "RequestExpired", "RequestTimeTooSkewed",
	"RequestTimeout", "RequestTimeoutException", "ResourceNotFoundException", "SerializationException", "ServiceQuotaExceededException",
	"ServiceUnavailable", "ServiceUnavailableException", "SignatureDoesNotMatch", "Throttling", "ThrottlingException", "TooManyRequestsException",
	"UnknownOperationException", "UnrecognizedClientException", "ValidationError", "ValidationException", "NewException",
}

// TestGoldensExceptions keeps what becomes of every exception, under every
// status and in every form, as an answer and in a stream.
func TestGoldensExceptions(t *testing.T) {
	var answer func(*http.Request) (*http.Response, error)
	m := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) { return answer(r) }), &bedrock.Options{NoAdaptation: true})
	said := func(err error) string {
		e, ok := errors.AsType[*model.Error](err)
		if !ok {
			return fmt.Sprintf("%T", err)
		}
		return fmt.Sprintf("%s; code %q, status %d, after %s, request %q: %s", e.Kind, e.Code, e.Status, e.RetryAfter, e.RequestID, e.Message)
	}
	var blocks []block
	for i, code := range allExceptions {
		if !inSample(i) {
			continue
		}
		b := block{name: "exception " + code}
		for _, status := range []int{400, 401, 402, 403, 404, 408, 409, 413, 424, 429, 499, 500, 502, 503, 504, 529} {
			sum := sha256.New()
			for _, form := range []struct{ header, body, more string }{
				{code + ":http://internal.amazon.com/coral/com.amazon.bedrock/", `{"message":"Words."}`, ""},
				{"", `{"__type":"com.amazon.bedrock#` + code + `","Message":"Words."}`, "12"},
				{code, `<html><h1>Words.</h1></html>`, "Fri, 01 Jan 2100 00:00:00 GMT"},
				{code, ``, "x"},
			} {
				answer = respond(status, strings.NewReader(form.body), "X-Amzn-ErrorType", form.header, "Retry-After", form.more, "Content-Type", "application/json")
				_, err := m.Generate(context.Background(), hello)
				if e, ok := errors.AsType[*model.Error](err); ok && e.RetryAfter > 1e15 {
					e.RetryAfter = 1e15 // by the clock
				}
				fmt.Fprintln(sum, said(err))
			}
			b.text += fmt.Sprintf("  %d %x\n", status, sum.Sum(nil)[:4])
		}
		if code != "" {
			name := strings.ToLower(code[:1]) + code[1:]
			for _, f := range [][]byte{exception(name, `{"message":"Words."}`), exception(name, `?`), errorFrame(code, "Words.")} {
				answer = respond(200, strings.NewReader(string(event("messageStart", `{"role":"assistant"}`))+string(f)), "Content-Type", eventStream)
				_, err := m.Stream(context.Background(), hello).Response()
				b.text += fmt.Sprintf("  in a stream: %s\n", said(err))
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "allExceptions", blocks)
}

// outOfTime is a timeout of nobody's type.
type outOfTime struct{}

func (outOfTime) Error() string { return "slowly" }
func (outOfTime) Timeout() bool { return true }

// TestGoldensConnections keeps what becomes of connections that fail, while
// they are made and in the middle of an answer.
func TestGoldensConnections(t *testing.T) {
	failures := map[string]error{
		"an end": io.EOF, "an early end": io.ErrUnexpectedEOF, "closed": net.ErrClosed, "a deadline": os.ErrDeadlineExceeded,
		"a timeout": outOfTime{}, "a wrapped timeout": fmt.Errorf("read: %w", outOfTime{}), "joined": errors.Join(errors.New("first"), outOfTime{}),
		"reset":   &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)},
		"refused": &url.Error{Op: "Post", URL: "https://bedrock.example", Err: &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}},
		"no host": &net.DNSError{Err: "no such host", Name: "bedrock.example", IsNotFound: true}, "slow DNS": &net.DNSError{Err: "timeout", Name: "bedrock.example", IsTimeout: true},
		"certificate": x509.UnknownAuthorityError{}, "cancelled": context.Canceled, "a client's deadline": context.DeadlineExceeded, "else": errors.New("something else"),
	}
	whole := string(textStream("Hello", " there"))
	var blocks []block
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range failures {
			if !yield(name) {
				return
			}
		}
	}) {
		fails := failures[name]
		b := block{name: name}
		note := func(where string, err error) {
			text := fmt.Sprintf("%T", err)
			if e, ok := errors.AsType[*model.Error](err); ok {
				text = fmt.Sprintf("%s, partial %t, cause kept %t: %s", e.Kind, e.Partial != nil, errors.Is(err, fails), e.Message)
			}
			b.text += "  " + where + ": " + text + "\n"
		}
		dial := newModel(t, claude, roundTrip(func(*http.Request) (*http.Response, error) { return nil, fails }), nil)
		_, err := dial.Generate(context.Background(), hello)
		note("call", err)
		_, err = dial.Stream(context.Background(), hello).Response()
		note("stream", err)
		for _, n := range []int{0, 5, len(whole) / 2, len(whole) - 1, len(whole)} {
			m := newModel(t, claude, respond(200, io.MultiReader(strings.NewReader(whole[:n]), failing{fails}), "Content-Type", eventStream), nil)
			_, err := m.Stream(context.Background(), hello).Response()
			note(fmt.Sprintf("stream after %d bytes", n), err)
		}
		for _, n := range []int{0, 9} {
			m := newModel(t, claude, respond(200, io.MultiReader(strings.NewReader(`{"output":{}}`[:n]), failing{fails}), "Content-Type", "application/json"), nil)
			_, err := m.Generate(context.Background(), hello)
			note(fmt.Sprintf("answer after %d bytes", n), err)
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "connections", blocks)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
