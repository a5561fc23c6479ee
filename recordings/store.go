package recordings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// A fileWriter is the [cassette.FS] and the marshal function through which
// go-vcr saves one cassette. It writes nothing to the disk before the exact
// bytes have been read back, compared, and searched for secrets.
type fileWriter struct {
	dir     string
	name    string
	origin  Origin
	secrets []string // values that must not be in the file

	want []Exchange // set by marshal: the exchanges that the file must have
}

func (w *fileWriter) marshal(v any) ([]byte, error) {
	c, ok := v.(*cassette.Cassette)
	if !ok {
		return nil, fmt.Errorf("recordings: can't marshal a %T", v)
	}
	w.want = exchangesOf(c)
	return marshalCassette(w.origin, c)
}

func (w *fileWriter) ReadFile(string) ([]byte, error) { return nil, os.ErrNotExist }
func (w *fileWriter) IsFileExists(string) bool        { return false }

// WriteFile checks the cassette and writes it and its view.
func (w *fileWriter) WriteFile(_ string, data []byte) error {
	if err := errors.Join(checkName(w.name), w.origin.validate()); err != nil {
		return err
	}
	got, beside, err := parseBeside(w.name+cassetteExt, data)
	if err != nil {
		return fmt.Errorf("reading back what is to be written: %w", err)
	}
	if err := sameExchanges(got.Exchanges, w.want); err != nil {
		return fmt.Errorf("reading back what is to be written: %w", err)
	}
	view := got.View()
	detector := newDetector(w.secrets)
	scanned := newScanner(detector, w.name+cassetteExt)
	scanned.outside(beside)
	scanned.cassette(got)
	if err := errors.Join(scanned.err(), scanFile(detector, w.name+viewExt, []byte(view))); err != nil {
		return err
	}
	return w.commit(data, view)
}

func (w *fileWriter) commit(data []byte, view string) error {
	base := filepath.Join(w.dir, filepath.FromSlash(w.name))
	if err := os.MkdirAll(filepath.Dir(base), 0o755); err != nil {
		return err
	}
	if err := replaceFile(base+cassetteExt, data); err != nil {
		return err
	}
	if view == "" {
		err := os.Remove(base + viewExt)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	}
	return replaceFile(base+viewExt, []byte(view))
}

// replaceFile writes a file completely or not at all.
func replaceFile(name string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".recording-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// sameExchanges compares the exchanges in a file with the expected ones. Its
// error names the first difference without showing the values.
func sameExchanges(got, want []Exchange) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d exchanges, want %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		differs := ""
		switch {
		case g.Method != w.Method || g.URL != w.URL:
			differs = "request line"
		case !sameHeader(g.RequestHeader, w.RequestHeader):
			differs = "request header"
		case !bytes.Equal(g.RequestBody, w.RequestBody):
			differs = "request body"
		case g.Status != w.Status:
			differs = "status"
		case !sameHeader(g.ResponseHeader, w.ResponseHeader):
			differs = "response header"
		case !bytes.Equal(g.ResponseBody, w.ResponseBody):
			differs = "response body"
		}
		if differs != "" {
			return fmt.Errorf("exchange %d: %s would change in the file", i, differs)
		}
	}
	return nil
}

func sameHeader(a, b http.Header) bool {
	return maps.EqualFunc(a, b, slices.Equal[[]string])
}
