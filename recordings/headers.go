package recordings

import (
	"net/http"
	"slices"
)

// Headers that a cassette may hold, by their canonical names. All others are
// dropped, since a list of names to keep out is never complete. The tables are
// never written.
var (
	requestHeaders  = []string{"Accept", "Content-Type"}
	responseHeaders = []string{
		"Content-Type", "Retry-After", requestIDHeader, "X-Amzn-Errortype",
		// What InvokeModel says of an answer beside the model's own body:
		// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
		"X-Amzn-Bedrock-Content-Type", "X-Amzn-Bedrock-Invocation-Latency", "X-Amzn-Bedrock-Performanceconfig-Latency", "X-Amzn-Bedrock-Service-Tier",
		"X-Amzn-Bedrock-Input-Token-Count", "X-Amzn-Bedrock-Output-Token-Count",
		"X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "X-Amzn-Bedrock-Cache-Write-Input-Token-Count",
	}
)

// requestIDHeader is kept, so that clients can be tested with it, but its value
// is replaced: an id can be looked up by the service's staff and ties a
// recording to an account.
const requestIDHeader = "X-Amzn-Requestid"

// keepHeaders returns a new header with the allowed names of h only. It finds
// names that were written to the map without being canonicalised, too.
func keepHeaders(h http.Header, allowed []string, edit func(string) string) http.Header {
	kept := http.Header{}
	for name, values := range h {
		canonical := http.CanonicalHeaderKey(name)
		if !slices.Contains(allowed, canonical) {
			continue
		}
		for _, v := range values {
			kept.Add(canonical, edit(v))
		}
	}
	return kept
}
