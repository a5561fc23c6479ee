package recordings

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// A requestKey is what two requests must have in common to be the same
// request: method, path with query, and canonical body. Host and headers have
// no part in it: the host names a region or a port, and the headers of a signed
// request differ every time.
type requestKey struct {
	method string
	target string
	body   string
}

func keyOf(method string, u *url.URL, body []byte) requestKey {
	return requestKey{method: method, target: canonicalTarget(u), body: canonicalBody(body)}
}

// keyOfRecorded is keyOf for a recorded request. A URL that does not parse is
// its own target, so that it matches nothing.
func keyOfRecorded(method, rawURL, body string) requestKey {
	u, err := url.Parse(rawURL)
	if err != nil {
		return requestKey{method: method, target: rawURL, body: canonicalBody([]byte(body))}
	}
	return keyOf(method, u, []byte(body))
}

// canonicalTarget writes path and query with one way of escaping, the query in
// order and without the parameters of a presigned URL.
func canonicalTarget(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = url.PathEscape(neutralARNs(plain))
		}
	}
	target := strings.Join(segments, "/")
	if target == "" {
		target = "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return target + "?" + u.RawQuery
	}
	dropSignature(query)
	if len(query) == 0 {
		return target
	}
	return target + "?" + neutralARNs(query.Encode())
}

// dropSignature removes the parameters that SigV4 puts into a presigned URL.
func dropSignature(query url.Values) {
	for name := range query {
		if strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			delete(query, name)
		}
	}
}

// A matcher compares live requests with recorded ones. The keys of the recorded
// ones are worked out once: go-vcr asks for every candidate under its lock.
type matcher struct {
	recorded map[recordedRequest]requestKey // never written after newMatcher
}

// A recordedRequest is what go-vcr tells a matcher of a recorded request.
type recordedRequest struct{ method, url, body string }

func newMatcher(exchanges []Exchange) *matcher {
	m := &matcher{recorded: make(map[recordedRequest]requestKey, len(exchanges))}
	for _, e := range exchanges {
		r := recordedRequest{e.Method, e.URL, string(e.RequestBody)}
		m.recorded[r] = keyOfRecorded(r.method, r.url, r.body)
	}
	return m
}

// matches is a [cassette.MatcherFunc]. It finds the key of the live request in
// its context, where the tape has put it.
func (m *matcher) matches(live *http.Request, recorded cassette.Request) bool {
	key, ok := live.Context().Value(keyInContext{}).(requestKey)
	return ok && key == m.recorded[recordedRequest{recorded.Method, recorded.URL, recorded.Body}]
}

type keyInContext struct{}

func withKey(ctx context.Context, key requestKey) context.Context {
	return context.WithValue(ctx, keyInContext{}, key)
}

// headerNames returns the names in h, sorted.
func headerNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
