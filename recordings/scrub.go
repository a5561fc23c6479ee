package recordings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

const scrubbed = "scrubbed" // stands for a secret; safe in JSON, URLs and headers

// A scrubber knows the secrets of one recording by value and replaces them. It
// learns further secrets from the requests and responses that it gets, so that
// it also knows credentials from a profile or a login. It is safe for
// concurrent use.
type scrubber struct {
	mu     sync.Mutex
	values []string // every spelling of each secret, longest first; replaced as a whole, never modified
}

// newScrubber returns a scrubber for the given secrets and those in environ.
func newScrubber(secrets, environ []string) (*scrubber, error) {
	s := &scrubber{}
	for _, v := range secrets {
		if len(v) < minSecret {
			return nil, fmt.Errorf("a value of Options.Secrets has %d bytes; fewer than %d can't be distinguished from other text", len(v), minSecret)
		}
		s.learn(v)
	}
	s.learnEnvironment(environ)
	if host, err := os.Hostname(); err == nil && !strings.HasPrefix(host, "localhost") {
		s.learnLong(host)
	}
	return s, nil
}

func (s *scrubber) learn(v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.values, v) || strings.Contains(scrubbed, v) {
		return
	}
	values := slices.Clone(s.values)
	for _, form := range waysToWrite(v) {
		if !slices.Contains(values, form) {
			values = append(values, form)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	s.values = values
}

// waysToWrite returns the spellings of a value: as it is, in a URL and in JSON.
func waysToWrite(v string) []string {
	forms := []string{v, url.QueryEscape(v), url.PathEscape(v)}
	if quoted, err := json.Marshal(v); err == nil {
		inJSON := string(quoted[1 : len(quoted)-1])
		forms = append(forms, inJSON, strings.ReplaceAll(inJSON, "/", `\/`))
	}
	return forms
}

// known returns the values that must not appear in a cassette. The caller must
// not modify them.
func (s *scrubber) known() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values
}

// text replaces the secrets in s, and the account ids in its ARNs.
func (s *scrubber) text(text string) string {
	for _, v := range s.known() {
		if strings.Contains(text, v) {
			text = strings.ReplaceAll(text, v, placeholderFor(v))
		}
	}
	return neutralOwners(neutralARNs(text))
}

var accountID = compiled(`^[0-9]{12}$`)

func placeholderFor(v string) string {
	if accountID().MatchString(v) {
		return placeholderAccount
	}
	return scrubbed
}

// body replaces the secrets in a body. It scrubs an event stream frame by
// frame, and gives changed frames new lengths and checksums. A frame without
// secrets stays unchanged, and so do all bytes after a malformed frame.
func (s *scrubber) body(h http.Header, body []byte) ([]byte, error) {
	if !isEventStream(h, body) {
		return []byte(s.text(string(body))), nil
	}
	frames, rest, _ := eventstream.Split(body)
	out := make([]byte, 0, len(body))
	for _, f := range frames {
		var err error
		if out, err = s.appendFrame(out, f); err != nil {
			return nil, err
		}
	}
	return append(out, rest...), nil
}

func (s *scrubber) appendFrame(out []byte, f eventstream.Message) ([]byte, error) {
	payload := []byte(s.text(string(f.Payload)))
	fields := slices.Clone(f.Fields)
	changed := !bytes.Equal(payload, f.Payload)
	for i, h := range fields {
		if h.Type != eventstream.TypeString {
			continue
		}
		if value := []byte(s.text(string(h.Value))); !bytes.Equal(value, h.Value) {
			fields[i].Value, changed = value, true
		}
	}
	if !changed {
		return append(out, f.Raw...), nil
	}
	return eventstream.AppendMessage(out, fields, payload)
}

// url replaces the secrets in a URL and drops its user, fragment and signature.
// It names a local server localhost, because its port differs every time.
func (s *scrubber) url(u *url.URL) *url.URL {
	clean := *u
	clean.User = nil
	clean.Fragment, clean.RawFragment = "", ""
	if isLocalHost(u.Hostname()) {
		clean.Host = "localhost"
	}
	if query, err := url.ParseQuery(u.RawQuery); err == nil && u.RawQuery != "" {
		before := len(query)
		dropSignature(query)
		if len(query) != before {
			clean.RawQuery = query.Encode()
		}
	}
	scrubbedURL, err := url.Parse(s.text(clean.String()))
	if err != nil {
		return &url.URL{Scheme: clean.Scheme, Host: clean.Host, Path: "/" + scrubbed}
	}
	return scrubbedURL
}

var errEncoding = errors.New("response has a content encoding that can't be undone")

// plainBody undoes the content encoding of a response body, so that it can be
// scrubbed and read.
func plainBody(h http.Header, body []byte) ([]byte, error) {
	switch encoding := strings.ToLower(h.Get("Content-Encoding")); encoding {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		return unpack(body)
	default:
		return nil, fmt.Errorf("%w: %q", errEncoding, encoding)
	}
}

// Headers that a cassette may have, by their canonical names. All others are
// dropped: a list of headers to leave out would never be complete. The tables
// are never modified.
var (
	requestHeaders  = []string{"Accept", "Content-Type"}
	responseHeaders = []string{
		"Content-Type", "Retry-After", requestIDHeader, "X-Amzn-Errortype",
		// The headers of InvokeModel's answers about the answer:
		// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
		"X-Amzn-Bedrock-Content-Type", "X-Amzn-Bedrock-Invocation-Latency", "X-Amzn-Bedrock-Performanceconfig-Latency", "X-Amzn-Bedrock-Service-Tier",
		"X-Amzn-Bedrock-Input-Token-Count", "X-Amzn-Bedrock-Output-Token-Count",
		"X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "X-Amzn-Bedrock-Cache-Write-Input-Token-Count",
	}
)

// requestIDHeader is kept so that clients can be tested with it, but its value
// is replaced: the service's staff can look an id up, so it identifies an
// account.
const requestIDHeader = "X-Amzn-Requestid"

// keepHeaders returns a new header with only the allowed names of h. It also
// finds names in h that are not in canonical form.
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
