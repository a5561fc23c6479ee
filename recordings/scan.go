package recordings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// A Leak is something in a cassette that must not be there. It says where it is
// and which rule it breaks, never what it is.
type Leak struct {
	File  string // path in the scanned tree
	Where string // such as "exchange 0 response body frame 3"
	Rule  string // such as "aws access key id"
}

func (l *Leak) Error() string {
	return fmt.Sprintf("recordings: %s: %s: %s", l.File, l.Where, l.Rule)
}

// Scan looks for secrets in every file of a tree: cassettes are decoded first,
// down to the base64 in the JSON in the frames of an event stream; other files
// are searched as text. Besides the shapes of well-known secrets it looks for
// the given values. All findings are joined into one error, each a [*Leak];
// other errors in it say what could not be scanned.
func Scan(fsys fs.FS, secrets ...string) error {
	var errs []error
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		errs = append(errs, scanFile(name, data, secrets))
		return nil
	})
	if err != nil {
		errs = append(errs, fmt.Errorf("recordings: scan: %w", err))
	}
	return errors.Join(errs...)
}

func scanFile(name string, data []byte, secrets []string) error {
	s := &scanner{file: name, secrets: secrets}
	s.reveal("text", data)
	if path.Ext(name) == cassetteExt {
		c, err := parse(name, data)
		if err != nil {
			return errors.Join(append(s.errs, err)...)
		}
		s.cassette(c)
	}
	return errors.Join(s.errs...)
}

// A scanner collects what is wrong with one file.
type scanner struct {
	file    string
	secrets []string
	errs    []error
}

func (s *scanner) cassette(c *Cassette) {
	s.reveal("origin", []byte(strings.Join(append([]string{c.Origin.Source, c.Origin.Model, c.Origin.Region}, c.Origin.SDK...), "\n")))
	for i, e := range c.Exchanges {
		at := fmt.Sprintf("exchange %d ", i)
		s.reveal(at+"url", []byte(e.URL))
		if plain, err := url.QueryUnescape(e.URL); err == nil && plain != e.URL {
			s.reveal(at+"url", []byte(plain))
		}
		s.headers(at+"request header ", e.RequestHeader, requestHeaders)
		s.reveal(at+"request body", e.RequestBody)
		s.headers(at+"response header ", e.ResponseHeader, responseHeaders)
		s.reveal(at+"response body", e.ResponseBody)
	}
}

func (s *scanner) headers(at string, h http.Header, allowed []string) {
	for _, name := range headerNames(h) {
		if !slices.Contains(allowed, name) {
			s.leak(at+name, "header is not on the list of those to keep")
		}
		for _, v := range h[name] {
			s.reveal(at+name, []byte(name+": "+v))
		}
	}
}

func (s *scanner) reveal(where string, data []byte) {
	if err := reveal(where, data, s.look); err != nil {
		s.errs = append(s.errs, fmt.Errorf("recordings: %s: %s", s.file, s.hide(err.Error())))
	}
}

// hide keeps a known secret out of the name of a place, which may be a JSON key.
func (s *scanner) hide(where string) string {
	for _, secret := range s.secrets {
		if secret != "" {
			where = strings.ReplaceAll(where, secret, "(secret)")
		}
	}
	return where
}

func (s *scanner) look(where string, text []byte) {
	for _, rule := range rulesBroken(text) {
		s.leak(where, rule)
	}
	for _, secret := range s.secrets {
		if secret != "" && bytes.Contains(text, []byte(secret)) {
			s.leak(where, "a value known to be secret")
			return
		}
	}
}

// leak notes a finding once: the same text is seen raw and decoded.
func (s *scanner) leak(where, rule string) {
	where = s.hide(where)
	for _, err := range s.errs {
		if l, ok := err.(*Leak); ok && l.Where == where && l.Rule == rule {
			return
		}
	}
	s.errs = append(s.errs, &Leak{File: s.file, Where: where, Rule: rule})
}
