package bedrocktest

import (
	"net/http"
	"net/url"
	"strings"
)

// An operation is what a path ends in.
type operation struct {
	name  string                 // as in the API reference
	serve func(*call) *Exception // answers, or says why not; nothing must be written then
}

// operations are those of Bedrock Runtime that are served.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html
var operations = map[string]operation{
	"converse":        {"Converse", (*call).converse},
	"converse-stream": {"ConverseStream", (*call).converseStream},
	"count-tokens":    {"CountTokens", (*call).countTokens},
	"invoke":          {"InvokeModel", (*call).invoke},

	"invoke-with-response-stream": {"InvokeModelWithResponseStream", (*call).invokeStream},
}

// route finds the operation and the model id of a request. The id is one label
// of the path, in which an ARN's slash is escaped; so the path must not be
// decoded before it is split.
func route(r *http.Request) (op operation, modelID string, ok bool) {
	label, ok := strings.CutPrefix(r.URL.EscapedPath(), "/model/")
	if !ok || r.Method != http.MethodPost {
		return operation{}, "", false
	}
	label, last, ok := strings.Cut(label, "/")
	if !ok || label == "" {
		return operation{}, "", false
	}
	if op, ok = operations[last]; !ok {
		return operation{}, "", false
	}
	modelID, err := url.PathUnescape(label)
	return op, modelID, err == nil
}
