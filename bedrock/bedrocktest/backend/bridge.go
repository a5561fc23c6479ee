package backend

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// mostAnswer limits the size of an answer, or of a line of a stream, in bytes.
const mostAnswer = 64 << 20

// A bridge is the HTTP client of a Bedrock client. It sends calls of
// InvokeModel to the back end, and returns the answers in Bedrock's form.
type bridge struct {
	url     string
	options Options
}

// Do sends one call to the back end.
func (b *bridge) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err := errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	ctx := req.Context()
	name := b.options.Model
	if name == "" {
		name = b.options.NameOf(ctx)
	}
	out, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, bytes.NewReader(named(body, name)))
	if err != nil {
		return nil, err
	}
	out.Header.Set("Content-Type", "application/json")
	if b.options.APIKey != "" {
		out.Header.Set("Authorization", "Bearer "+b.options.APIKey)
	}
	resp, err := b.options.HTTPClient.Do(out)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		cause := err
		if e, ok := errors.AsType[*url.Error](err); ok {
			cause = e.Err // without the URL
		}
		return refusal(req, http.StatusServiceUnavailable, "Bedrock is unable to process your request. The back end: "+cause.Error()), nil
	case resp.StatusCode != http.StatusOK:
		defer resp.Body.Close()
		data, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // an incomplete body may still have a message
		return refusal(req, resp.StatusCode, messageIn(data)), nil
	}
	if !strings.HasSuffix(req.URL.Path, "-stream") {
		return answer(req, "application/json", limited{io.LimitReader(resp.Body, mostAnswer), resp.Body}), nil
	}
	return answer(req, "application/vnd.amazon.eventstream", newFrames(resp)), nil
}

// named adds the model's name to a body, which is a JSON object.
func named(body []byte, name string) []byte {
	text, _ := json.Marshal(name) // a string cannot fail
	rest := bytes.TrimSpace(body)
	if len(rest) < 2 || rest[0] != '{' {
		return body
	}
	out := append([]byte(`{"model":`), text...)
	if rest = bytes.TrimSpace(rest[1:]); rest[0] != '}' {
		out = append(out, ',')
	}
	return append(out, rest...)
}

type limited struct {
	io.Reader
	io.Closer
}

func answer(req *http.Request, contentType string, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {contentType}}, Body: body, ContentLength: -1, Request: req,
	}
}

// codes maps a back end's status to the exception for it.
var codes = map[int]string{
	http.StatusBadRequest:            "ValidationException",
	http.StatusUnprocessableEntity:   "ValidationException",
	http.StatusRequestEntityTooLarge: "ValidationException",
	http.StatusUnauthorized:          "AccessDeniedException",
	http.StatusForbidden:             "AccessDeniedException",
	http.StatusNotFound:              "ResourceNotFoundException",
	http.StatusRequestTimeout:        "ModelTimeoutException",
	http.StatusTooManyRequests:       "ThrottlingException",
	http.StatusServiceUnavailable:    "ServiceUnavailableException",
	http.StatusGatewayTimeout:        "ModelTimeoutException",
}

// statuses maps exceptions to their status.
var statuses = map[string]int{
	"ValidationException": 400, "AccessDeniedException": 403, "ResourceNotFoundException": 404, "ModelTimeoutException": 408,
	"ThrottlingException": 429, "ServiceUnavailableException": 503, "ModelErrorException": 424,
}

// refusal returns a failure of the back end in the form that Bedrock would give
// it.
func refusal(req *http.Request, status int, message string) *http.Response {
	code := cmp.Or(codes[status], "ModelErrorException")
	if code == "AccessDeniedException" {
		message = "The back end refuses the credentials of this server." // the back end's own text may show a part of them
	}
	body, _ := json.Marshal(map[string]string{"message": message}) // a string cannot fail
	resp := answer(req, "application/json", io.NopCloser(bytes.NewReader(body)))
	resp.StatusCode = statuses[code]
	resp.Status = http.StatusText(resp.StatusCode)
	resp.Header.Set("X-Amzn-Errortype", code)
	return resp
}

// messageIn returns a back end's message about its failure.
func messageIn(data []byte) string {
	var v struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
		Detail  json.RawMessage `json:"detail"`
	}
	if json.Unmarshal(data, &v) != nil {
		return "The back end failed, and its answer is not JSON."
	}
	var inner struct {
		Message string `json:"message"`
	}
	var text string
	_, _ = json.Unmarshal(v.Error, &inner), json.Unmarshal(v.Error, &text) // at most one of them fits
	if inner.Message+text == "" {
		_ = json.Unmarshal(v.Detail, &text)
	}
	return cmp.Or(inner.Message, text, v.Message, "The back end failed without a message.")
}
