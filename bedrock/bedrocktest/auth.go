package bedrocktest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm   = "AWS4-HMAC-SHA256"
	service     = "bedrock"
	timeFormat  = "20060102T150405Z"
	maxSkew     = 5 * time.Minute
	payloadHash = "X-Amz-Content-Sha256"
)

// A caller is the sender of a request, as its headers identify it.
type caller struct {
	signature *signature // nil if there is none, as with an API key
	secret    string     // the key that the signature must have been made with
}

// identify checks the headers that identify the caller. It runs before the body
// is read, because the service checks the caller before anything else.
func (h *Handler) identify(r *http.Request) (*caller, *Exception) {
	header := r.Header.Get("Authorization")
	token, bearer := strings.CutPrefix(header, "Bearer ")
	switch {
	case header == "" && h.enforces(ruleAuthentication):
		return nil, &Exception{Code: "MissingAuthenticationTokenException"}
	case header == "":
		return &caller{}, nil
	case bearer:
		return &caller{}, h.checkBearer(token, r.TLS != nil)
	case !h.enforces(ruleAuthentication):
		return &caller{}, nil
	}
	s, e := parseAuthorization(header, r.Header)
	if e != nil {
		return nil, e
	}
	if e := s.checkScope(time.Now()); e != nil {
		return nil, e
	}
	secret, known := h.secret(s.accessKey)
	switch {
	case known && h.enforces(ruleSignatureV4):
		return &caller{s, secret}, nil
	case !known && h.options.Credentials != nil:
		return nil, &Exception{Code: "UnrecognizedClientException"}
	}
	return &caller{}, nil
}

// verify checks the signature itself, where the secret key is known.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (c *caller) verify(r *http.Request, body []byte) *Exception {
	if c.signature != nil && !hmac.Equal([]byte(c.signature.signature), []byte(c.signature.calculate(c.secret, r, body))) {
		return &Exception{Code: "InvalidSignatureException"}
	}
	return nil
}

// checkBearer checks an API key, which is accepted over TLS only.
func (h *Handler) checkBearer(token string, encrypted bool) *Exception {
	if !encrypted && h.enforces(ruleBearerTLS) {
		return &Exception{Code: "AccessDeniedException", Message: "Authentication failed: API keys are accepted over TLS only."}
	}
	known := h.options.BearerTokens == nil || slices.ContainsFunc(h.options.BearerTokens, func(k string) bool {
		return hmac.Equal([]byte(k), []byte(token))
	})
	if (token == "" || !known) && h.enforces(ruleAuthentication) {
		return &Exception{Code: "AccessDeniedException", Message: "Authentication failed: Please make sure your API Key is valid."}
	}
	return nil
}

func (h *Handler) secret(accessKey string) (secret string, known bool) {
	if h.options.Credentials == nil {
		return SecretAccessKey, accessKey == AccessKeyID
	}
	secret, known = h.options.Credentials[accessKey]
	return secret, known
}

// A signature is the content of a SigV4 Authorization header.
type signature struct {
	accessKey string
	date      string // the date of the scope, such as 20260102
	region    string
	service   string
	suffix    string
	headers   []string // the names of the signed headers
	signature string
	time      string // the time of the request
}

// parseAuthorization parses the header. Its parts are separated by commas, with
// or without spaces.
func parseAuthorization(header string, all http.Header) (*signature, *Exception) {
	rest, ok := strings.CutPrefix(header, algorithm)
	if !ok {
		return nil, &Exception{Code: "IncompleteSignatureException",
			Message: "Authorization header does not name a supported algorithm; it should be " + algorithm + "."}
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			missing = append(missing, "Authorization header requires '"+name+"' parameter.")
		}
	}
	s := &signature{signature: fields["Signature"], time: all.Get("X-Amz-Date")}
	if s.time == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	scope := strings.Split(fields["Credential"], "/")
	if n := len(scope); n < 5 {
		if fields["Credential"] != "" {
			missing = append(missing, "Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term.")
		}
	} else {
		s.accessKey = strings.Join(scope[:n-4], "/")
		s.date, s.region, s.service, s.suffix = scope[n-4], scope[n-3], scope[n-2], scope[n-1]
	}
	if len(missing) > 0 {
		return nil, &Exception{Code: "IncompleteSignatureException", Message: strings.Join(missing, " ")}
	}
	s.headers = strings.Split(strings.ToLower(fields["SignedHeaders"]), ";")
	return s, nil
}

// checkScope checks the service, region and date that the signature is for.
func (s *signature) checkScope(now time.Time) *Exception {
	wrong := func(message string) *Exception {
		return &Exception{Code: "InvalidSignatureException", Message: message}
	}
	at, err := time.Parse(timeFormat, s.time)
	switch {
	case err != nil:
		return wrong("Date must be in ISO-8601 'basic format'. Got a value in another form.")
	case s.service != service:
		return wrong("Credential should be scoped to correct service: '" + service + "'.")
	case s.suffix != "aws4_request":
		return wrong("Credential should be scoped with a valid terminator: 'aws4_request'.")
	case s.region == "":
		return wrong("Credential should be scoped to a valid region.")
	case !strings.HasPrefix(s.time, s.date) || len(s.date) != 8:
		return wrong("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
	case !slices.Contains(s.headers, "host") && !slices.Contains(s.headers, ":authority"):
		return wrong("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	case !slices.Contains(s.headers, "x-amz-date"):
		return wrong("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.")
	case now.Sub(at) > maxSkew:
		return wrong("Signature expired: " + s.time + " is now earlier than " + now.Add(-maxSkew).UTC().Format(timeFormat) + " (" + now.UTC().Format(timeFormat) + " - 5 min.)")
	case at.Sub(now) > maxSkew:
		return wrong("Signature not yet current: " + s.time + " is still later than " + now.Add(maxSkew).UTC().Format(timeFormat) + " (" + now.UTC().Format(timeFormat) + " + 5 min.)")
	}
	return nil
}

// calculate returns the signature that the request should have.
func (s *signature) calculate(secret string, r *http.Request, body []byte) string {
	request := sha256.Sum256([]byte(s.canonical(r, body)))
	text := strings.Join([]string{algorithm, s.time,
		strings.Join([]string{s.date, s.region, s.service, s.suffix}, "/"), hex.EncodeToString(request[:])}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.date, s.region, s.service, s.suffix, text} {
		key = hmacSHA256(key, part)
	}
	return hex.EncodeToString(key)
}

func hmacSHA256(key []byte, data string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	return h.Sum(nil)
}

// canonical returns the request in the form that is signed. The escaped path
// is escaped a second time, as for every service except S3.
func (s *signature) canonical(r *http.Request, body []byte) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n" + escapeAgain(r.URL.EscapedPath()) + "\n" + r.URL.Query().Encode() + "\n")
	for _, name := range s.headers {
		b.WriteString(name + ":" + headerValue(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(s.headers, ";") + "\n")
	hash := sha256.Sum256(body)
	// The header states which hash was signed, but the hash of the body
	// decides.
	if given := r.Header.Get(payloadHash); given == "UNSIGNED-PAYLOAD" {
		b.WriteString(given)
	} else {
		b.WriteString(hex.EncodeToString(hash[:]))
	}
	return b.String()
}

func headerValue(r *http.Request, name string) string {
	switch name {
	case "host", ":authority":
		return r.Host
	case "content-length":
		if v := r.Header.Get(name); v != "" {
			return v
		}
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

// escapeAgain escapes everything but unreserved characters and slashes.
func escapeAgain(path string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		switch ch := path[i]; {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9', strings.IndexByte("-_.~/", ch) >= 0:
			b.WriteByte(ch)
		default:
			b.Write([]byte{'%', hexDigits[ch>>4], hexDigits[ch&15]})
		}
	}
	return b.String()
}
