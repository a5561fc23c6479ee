package recordings

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// This file decides which values are secret in a recording: the ones that the
// environment, the requests and the responses show. A value that is learned
// late is still searched for in the whole recording before it is written.

const (
	minSecret    = 4 // replacing shorter values would damage other text
	minEnvSecret = 8 // the environment has short words too
)

// secretVariable matches the names of variables whose values are secrets. It is
// never modified.
var secretVariable = compiled(`(?i)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH_?KEY|ACCOUNT_?ID|ACCESS_KEY_ID|_PAT|_DSN|DATABASE_URL|CONNECTION_STRING)(?:S|_.*)?$`)

// placeVariables have values that are not secrets but private.
var placeVariables = []string{"HOME", "USERPROFILE", "AWS_ROLE_SESSION_NAME"}

// notSecret are words that the values of such variables may contain: settings
// rather than secrets.
var notSecret = []string{"disabled", "enabled", "required", "optional", "bedrock", "environment"}

// learnEnvironment learns the secrets in entries of the form NAME=value.
func (s *scrubber) learnEnvironment(environ []string) {
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		isPath := strings.ContainsAny(value, `/\`) && strings.HasSuffix(strings.ToUpper(name), "_FILE")
		if slices.Contains(placeVariables, name) || secretVariable().MatchString(name) && !isPath && !slices.Contains(notSecret, strings.ToLower(value)) {
			s.learnLong(value)
		}
		s.learnIdentities([]byte(value))
		if u, err := url.Parse(value); err == nil && u.User != nil {
			s.learnUser(u.User)
		}
	}
}

func (s *scrubber) learnLong(v string) {
	if len(v) >= minEnvSecret {
		s.learn(v)
	}
}

func (s *scrubber) learnUser(u *url.Userinfo) {
	if password, ok := u.Password(); ok && len(password) >= minSecret {
		s.learn(password)
	}
}

// learnIdentities learns the accounts, users and roles that a text names. It
// skips short names, which elsewhere are ordinary words; in ARNs they are
// replaced anyway.
func (s *scrubber) learnIdentities(text []byte) {
	for _, name := range identities(text) {
		s.learnLong(name)
	}
}

// Names of headers, in lower case.
var (
	credentialHeaders = []string{"authorization", "proxy-authorization", "x-amz-security-token", "x-amz-s3session-token", "x-api-key", "api-key", "x-goog-api-key", "x-auth-token", "x-csrf-token", "x-access-token"}
	credentialScope   = compiled(`Credential=([^/,\s]+)/`)
	signatureValue    = compiled(`Signature=([0-9a-fA-F]{32,})`)
	secretHeader      = compiled(`(?i)(?:token|secret|password|api-?key|credential)$`)
)

// learnRequest learns the credentials in a live request, and the identities
// that it names.
func (s *scrubber) learnRequest(req *http.Request, body []byte) {
	for name, values := range req.Header {
		name = strings.ToLower(name)
		for _, v := range values {
			switch {
			case name == "cookie":
				s.learnCookies(v)
			case strings.HasSuffix(name, "authorization"):
				s.learnAuthorization(v)
			case slices.Contains(credentialHeaders, name) || secretHeader().MatchString(name):
				s.learnLong(v)
			case strings.HasSuffix(name, "-bucket-owner") || strings.HasSuffix(name, "account-id"):
				s.learnAccount(v)
			}
			s.learnIdentities([]byte(v))
		}
	}
	if req.URL.User != nil {
		s.learnUser(req.URL.User)
	}
	for name, values := range req.URL.Query() {
		name = strings.ToLower(name)
		for _, v := range values {
			if slices.Contains(queryNames, name) || name == "x-amz-security-token" || name == "x-amz-signature" {
				s.learnLong(v)
			}
			if name == "x-amz-credential" {
				id, _, _ := strings.Cut(v, "/")
				s.learnLong(id)
			}
		}
	}
	if path, err := url.PathUnescape(req.URL.EscapedPath()); err == nil {
		s.learnIdentities([]byte(path))
	}
	s.learnIdentities(body)
}

// learnResponse learns the cookies that a response sets, and the identities
// that it names.
func (s *scrubber) learnResponse(h http.Header, body []byte) {
	for _, v := range h.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(v, ";")
		s.learnCookies(pair)
	}
	for _, values := range h {
		for _, v := range values {
			s.learnIdentities([]byte(v))
		}
	}
	s.learnIdentities(body)
}

func (s *scrubber) learnAccount(v string) {
	if accountID().MatchString(v) && v != placeholderAccount {
		s.learn(v)
	}
}

// learnCookies learns the values of a Cookie header.
func (s *scrubber) learnCookies(v string) {
	for pair := range strings.SplitSeq(v, ";") {
		_, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		s.learnLong(strings.Trim(value, `"`))
	}
}

// learnAuthorization learns the credentials of an Authorization header: the key
// id and the signature of SigV4, a token, or the password of Basic.
func (s *scrubber) learnAuthorization(v string) {
	if m := credentialScope().FindStringSubmatch(v); m != nil {
		s.learnLong(m[1])
		if m := signatureValue().FindStringSubmatch(v); m != nil {
			s.learnLong(m[1])
		}
		return
	}
	scheme, token, ok := strings.Cut(v, " ")
	if !ok {
		scheme, token = "", v
	}
	token = strings.TrimSpace(token)
	s.learnLong(token)
	if strings.EqualFold(scheme, "basic") {
		plain := appendBase64(nil, []byte(token))
		if user, password, ok := bytes.Cut(plain, []byte(":")); ok && len(user) > 0 && len(password) >= minSecret {
			s.learn(string(password))
			s.learn(string(plain))
		}
	}
}
