package recordings

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// A Leak is a secret or a header in a cassette that must not be there. It has
// the place and the broken rule, and never contains the secret.
type Leak struct {
	File  string // path in the scanned tree
	Where string // such as "exchange 0 response body frame 3"
	Rule  string // such as "aws access key id"
}

// Error returns the place and the rule, and not the secret itself.
func (l *Leak) Error() string {
	return fmt.Sprintf("recordings: %s: %s: %s", l.File, l.Where, l.Rule)
}

// Scan searches every file of a tree for secrets. It decodes cassettes, down to
// the text that the pieces of a stream form together, and searches other files
// as text. It looks for the patterns of well-known secrets, and for the given
// values. It returns one error that joins all findings, each a [*Leak]. Other
// errors in it are about files that could not be scanned.
func Scan(fsys fs.FS, secrets ...string) error {
	var errs []error
	detector := newDetector(secrets)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		errs = append(errs, scanFile(detector, name, data))
		return nil
	})
	if err != nil {
		errs = append(errs, fmt.Errorf("recordings: scan: %w", err))
	}
	return errors.Join(errs...)
}

func scanFile(d *detector, name string, data []byte) error {
	s := newScanner(d, name)
	if path.Ext(name) != cassetteExt {
		s.body("text", data)
		return s.err()
	}
	c, beside, err := parseBeside(name, data)
	s.outside(beside)
	if err != nil {
		s.errs = append(s.errs, err)
		return s.err()
	}
	s.cassette(c)
	return s.err()
}

// A scanner collects the faults of one file.
type scanner struct {
	*revealer
	file  string
	found map[Leak]bool // avoids duplicates, because a text is searched unchanged and decoded
	errs  []error
}

func newScanner(d *detector, file string) *scanner {
	s := &scanner{file: file, found: map[Leak]bool{}}
	s.revealer = newRevealer(d, s.leak, func(where string, err error) {
		s.errs = append(s.errs, fmt.Errorf("recordings: %s: %s: %w", file, where, err))
	})
	return s
}

func (s *scanner) err() error { return errors.Join(s.errs...) }

func (s *scanner) leak(where, rule string) {
	l := Leak{File: s.file, Where: where, Rule: rule}
	if !s.found[l] {
		s.found[l] = true
		s.errs = append(s.errs, &l)
	}
}

// outside searches the parts of a file other than bodies, such as comments.
func (s *scanner) outside(texts [][]byte) {
	for _, text := range texts {
		s.steps, s.walker = append(s.steps[:0], step{"text", -1}), jsonWalker{}
		s.look(text)
	}
}

func (s *scanner) cassette(c *Cassette) {
	s.body("origin", []byte(strings.Join(append([]string{c.Origin.Source, c.Origin.Model, c.Origin.Region}, c.Origin.SDK...), "\n")))
	for i, e := range c.Exchanges {
		at := fmt.Sprintf("exchange %d ", i)
		s.body(at+"url", []byte(e.URL))
		if plain, err := url.QueryUnescape(e.URL); err == nil && plain != e.URL {
			s.body(at+"url", []byte(plain))
		}
		s.headers(at+"request header ", e.RequestHeader, requestHeaders)
		s.body(at+"request body", e.RequestBody)
		s.headers(at+"response header ", e.ResponseHeader, responseHeaders)
		s.body(at+"response body", e.ResponseBody)
	}
}

func (s *scanner) headers(at string, h http.Header, allowed []string) {
	for _, name := range headerNames(h) {
		if !slices.Contains(allowed, name) {
			s.leak(at+name, "the header is not one of those that cassettes keep")
		}
		for _, v := range h[name] {
			s.body(at+name, []byte(name+": "+v))
		}
	}
}
