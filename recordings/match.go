package recordings

import (
	"crypto/sha256"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A requestKey is the part of a request that must be equal for a match: the
// method, the path with the query, and the canonical body. It has no host,
// because that names a region or a port, and no headers, because those of a
// signed request differ every time.
type requestKey struct {
	method string
	target string
	body   string
}

func keyOf(method string, u *url.URL, body []byte) requestKey {
	k := requestKey{method: method, target: canonicalTarget(u), body: canonicalBody(body)}
	// When the request was recorded, the identities that its ARNs name were
	// replaced everywhere in it.
	named := identities(body)
	if path, err := url.PathUnescape(u.EscapedPath()); err == nil {
		named = append(named, identities([]byte(path))...)
	}
	for _, name := range named {
		if len(name) >= minEnvSecret {
			k.body = strings.ReplaceAll(k.body, name, placeholderFor(name))
		}
	}
	return k
}

// keyOfRecorded is keyOf for a recorded request. If its URL does not parse, the
// URL is the target, which matches nothing.
func keyOfRecorded(e *Exchange) requestKey {
	u, err := url.Parse(e.URL)
	if err != nil {
		return requestKey{method: e.Method, target: e.URL, body: canonicalBody(e.RequestBody)}
	}
	return keyOf(e.Method, u, e.RequestBody)
}

// canonicalTarget returns the path and the query in one way of escaping. The
// query is sorted and has no parameters of a presigned URL.
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
	hideSecrets(query)
	if len(query) == 0 {
		return target
	}
	return target + "?" + neutralARNs(query.Encode())
}

// hideSecrets replaces the parameters of a query that a recording replaces
// because they are secret.
func hideSecrets(query url.Values) {
	for name, values := range query {
		for i, v := range values {
			if len(v) >= minEnvSecret && slices.Contains(queryNames, strings.ToLower(name)) {
				values[i] = scrubbed
			}
		}
	}
}

// dropSignature removes the parameters that SigV4 puts into a presigned URL.
func dropSignature(query url.Values) {
	for name := range query {
		if strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			delete(query, name)
		}
	}
}

// An index finds the recorded exchange for a request. The time that it needs
// does not depend on the number of exchanges.
type index struct {
	left map[keySum][]int // the exchanges not played yet, in order
}

// A keySum is the hash of a key. It takes its place, because a body may be
// large.
type keySum [sha256.Size]byte

func (k requestKey) sum() keySum {
	h := sha256.New()
	for _, part := range []string{k.method, k.target, k.body} {
		io.WriteString(h, strconv.Itoa(len(part))+" ")
		io.WriteString(h, part)
	}
	return keySum(h.Sum(nil))
}

func newIndex(exchanges []Exchange) *index {
	x := &index{left: make(map[keySum][]int, len(exchanges))}
	for i := range exchanges {
		sum := keyOfRecorded(&exchanges[i]).sum()
		x.left[sum] = append(x.left[sum], i)
	}
	return x
}

// take returns the first exchange with that key that was not taken yet.
func (x *index) take(key requestKey) (i int, ok bool) {
	sum := key.sum()
	left := x.left[sum]
	if len(left) == 0 {
		return 0, false
	}
	x.left[sum] = left[1:]
	return left[0], true
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
