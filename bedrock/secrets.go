package bedrock

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// secrets are what the requests of one call were signed with, as they were
// sent. Whoever refuses a request may quote it, the service included, so what
// comes back is searched for them before any of it becomes the text of an
// error.
type secrets struct {
	noted []string
	room  [3]string // for the first of them: key id, signature, token
}

// hidden stands in the place of a secret.
const hidden = "[hidden]"

// note keeps the secrets of a request: the bearer token, or the access key id,
// the signature and the session token, and what a client's own middleware may
// have added. Each attempt has a signature of its own.
func (s *secrets) note(h http.Header) {
	for _, name := range [...]string{"X-Amz-Security-Token", "X-Api-Key", "Cookie", "Proxy-Authorization"} {
		for _, value := range h[name] {
			s.add(value, 1)
		}
	}
	for _, value := range h["Authorization"] {
		scheme, credentials, ok := strings.Cut(value, " ")
		if !ok {
			scheme, credentials = "", value
		}
		if !strings.HasPrefix(scheme, "AWS4-") {
			s.add(credentials, 1)
			continue
		}
		_, id, _ := strings.Cut(credentials, "Credential=")
		id, _, _ = strings.Cut(id, "/")
		_, signature, _ := strings.Cut(credentials, "Signature=")
		// A short key id is an example's, and may be a word of any text.
		const shortest = 8
		s.add(id, shortest)
		s.add(signature, 1)
	}
}

// add notes a secret once. One that is too short may be a word of any text, and
// is not noted.
func (s *secrets) add(secret string, shortest int) {
	if len(secret) < shortest {
		return
	}
	for _, known := range s.noted {
		if known == secret {
			return
		}
	}
	if s.noted == nil {
		s.noted = s.room[:0]
	}
	s.noted = append(s.noted, secret)
}

// hide takes the secrets out of a text, however they are escaped.
func (s *secrets) hide(text string) string {
	for _, secret := range s.noted {
		for _, form := range formsOf(secret) {
			text = strings.ReplaceAll(text, form, hidden)
		}
	}
	return text
}

// formsOf returns the ways in which a secret may be written in a text.
func formsOf(secret string) []string {
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	return []string{secret, query, path, lowerEscapes(query), lowerEscapes(path),
		strings.ReplaceAll(secret, "/", `\/`), entities.Replace(secret)}
}

// entities writes what base64 has beside letters and digits as XML may.
var entities = strings.NewReplacer("+", "&#43;", "=", "&#61;", "/", "&#47;")

// lowerEscapes writes the hexadecimal digits of URL escapes small.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

// hideHeader returns a response's header without the secrets.
func (s *secrets) hideHeader(h http.Header) http.Header {
	clean := h
	for name, values := range h {
		for i, value := range values {
			if !s.in(value) && !strings.ContainsAny(value, `%&\`) { // as nearly all
				continue
			}
			if len(clean) == len(h) && &clean[name][0] == &values[0] {
				clean = h.Clone()
			}
			clean[name][i] = s.hide(value)
		}
	}
	return clean
}

// in reports whether a text holds a secret, as it is.
func (s *secrets) in(text string) bool {
	for _, secret := range s.noted {
		if strings.Contains(text, secret) {
			return true
		}
	}
	return false
}

// hideBody returns the body of a refusal without the secrets, whatever the
// escapes of its JSON.
func (s *secrets) hideBody(body []byte) []byte {
	if len(s.noted) == 0 {
		return body
	}
	body = []byte(s.hide(string(body)))
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	clean, found := s.hideValue(v)
	if !found {
		return body
	}
	again, err := json.Marshal(clean)
	if err != nil {
		return nil // not reached: it is what was just decoded
	}
	return again
}

// hideValue takes the secrets out of all strings of a JSON value.
func (s *secrets) hideValue(v any) (clean any, found bool) {
	switch v := v.(type) {
	case string:
		clean := s.hide(v)
		return clean, clean != v
	case []any:
		for i := range v {
			element, changed := s.hideValue(v[i])
			v[i], found = element, found || changed
		}
	case map[string]any:
		for name := range v {
			member, changed := s.hideValue(v[name])
			v[name], found = member, found || changed
		}
	}
	return v, found
}

// conceal returns err, or, if a text in its tree holds a secret, an error with
// a clean text that is still all of err to errors.Is and errors.As.
func (s *secrets) conceal(err error) error {
	if err == nil || len(s.noted) == 0 {
		return err
	}
	leaks := false
	eachError(err, func(e error) bool {
		text := e.Error()
		leaks = s.hide(text) != text
		return !leaks
	})
	if !leaks {
		return err
	}
	return &concealedError{s.hide(err.Error()), err}
}

// A concealedError has another text than the error that it stands for. It has no
// Unwrap, by which a program that prints the whole chain would find the text.
type concealedError struct {
	text string
	err  error
}

func (e *concealedError) Error() string        { return e.text }
func (e *concealedError) Is(target error) bool { return errors.Is(e.err, target) }
func (e *concealedError) As(target any) bool   { return errors.As(e.err, target) }
func (e *concealedError) Timeout() bool        { return isTimeout(e.err) }

// eachError calls f with the errors of a tree, from the outside in, until f
// returns false.
func eachError(err error, f func(error) bool) bool {
	if err == nil {
		return true
	}
	if !f(err) {
		return false
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return eachError(e.Unwrap(), f)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !eachError(inner, f) {
				return false
			}
		}
	}
	return true
}
