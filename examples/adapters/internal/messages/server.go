package messages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// Model is the model that is served, whatever model a request names.
const Model = "claude-sonnet-4-5-20250929"

// behind is its id on Bedrock.
const behind = "us.anthropic." + Model + "-v1:0"

// Serve returns a handler that answers with m.
func Serve(m model.ChatModel) http.Handler {
	bedrock := bedrocktest.New(neutral(m), &bedrocktest.Options{KeepSignatures: true,
		Off: []bedrocktest.Rule{"authentication", "signature-v4", "bearer-tls"}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") {
			fail(w, http.StatusNotFound, "not_found_error", "the only path is POST /v1/messages", "")
			return
		}
		body, stream, err := take(r.Body)
		if err != nil {
			fail(w, http.StatusBadRequest, "invalid_request_error", err.Error(), "")
			return
		}
		operation := "invoke"
		if stream {
			operation = "invoke-with-response-stream"
		}
		inner := r.Clone(r.Context())
		inner.URL = &url.URL{Path: "/model/" + behind + "/" + operation}
		inner.Body, inner.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		inner.Header = http.Header{"Content-Type": {"application/json"}}
		out := &writer{w: w, header: http.Header{}, stream: stream}
		bedrock.ServeHTTP(out, inner)
		out.close()
	})
}

// take converts a body to one of InvokeModel.
func take(r io.Reader) (body []byte, stream bool, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, false, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, false, err
	}
	stream = string(members["stream"]) == "true"
	delete(members, "stream")
	delete(members, "model")
	members["anthropic_version"] = json.RawMessage(`"bedrock-2023-05-31"`)
	body = []byte{'{'}
	for i, name := range slices.Sorted(maps.Keys(members)) { // the values stay unchanged
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, "%q:%s", name, members[name])
	}
	return append(body, '}'), stream, nil
}

// errorTypes maps a status to Anthropic's type of error.
// https://docs.anthropic.com/en/api/errors
var errorTypes = map[int]string{
	http.StatusUnauthorized:          "authentication_error",
	http.StatusForbidden:             "permission_error",
	http.StatusNotFound:              "not_found_error",
	http.StatusRequestEntityTooLarge: "request_too_large",
	http.StatusTooManyRequests:       "rate_limit_error",
	http.StatusRequestTimeout:        "timeout_error",
	http.StatusFailedDependency:      "api_error",
	http.StatusInternalServerError:   "api_error",
	529:                              "overloaded_error",
}

// statuses maps exceptions of Bedrock to Anthropic's status, where it differs.
var statuses = map[string]int{
	"UnrecognizedClientException": http.StatusUnauthorized,
	"ModelErrorException":         http.StatusInternalServerError,
	"ServiceUnavailableException": 529,
	"ModelTimeoutException":       http.StatusRequestTimeout,
}

// errorType returns the type of error for a status.
func errorType(status int) string {
	if t, ok := errorTypes[status]; ok {
		return t
	}
	return "invalid_request_error"
}

func errorBody(kind, message, requestID string) []byte {
	body, _ := json.Marshal(map[string]any{"type": "error", "error": map[string]string{"type": kind, "message": message}, "request_id": requestID}) // strings
	return body
}

func fail(w http.ResponseWriter, status int, kind, message, requestID string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(errorBody(kind, message, requestID)) // or the client has left
}
