package recordings

import (
	"bytes"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/chatmodel-go/chatmodel/internal/outside"
)

// goVCR reads a cassette as go-vcr does.
func goVCR(data []byte) ([]Exchange, error) {
	c, err := cassette.LoadWithFS("c", bytesFS(data))
	if err != nil {
		return nil, err
	}
	return exchangesOf(c), nil
}

// cassetteFiles are the cassettes of the package, and others at hand.
func cassetteFiles(t testing.TB) map[string][]byte {
	files := map[string][]byte{}
	add := func(fsys fs.FS, dir string) {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, cassetteExt) {
				files[dir+name], err = fs.ReadFile(fsys, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(Cassettes(), "")
	return files
}

// sameAsVCR holds a reading of a file against go-vcr's.
func sameAsVCR(t *testing.T, name string, data []byte) {
	t.Helper()
	want, wantErr := goVCR(data)
	got, err := parse(name, data)
	switch {
	case (err != nil) != (wantErr != nil):
		t.Errorf("%s: parse error = %v, go-vcr's is %v", name, err, wantErr)
	case err != nil:
	default:
		if err := sameExchanges(got.Exchanges, want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseReadsWhatGoVCRReads(t *testing.T) {
	for name, data := range cassetteFiles(t) {
		sameAsVCR(t, name, data)
		sameAsVCR(t, name+" with CRLF", bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
		head, items, ok := cutInteractions(data)
		if !ok {
			t.Errorf("%s is not read one interaction at a time", name)
			continue
		}
		if _, _, err := parseItems(head, items); err != nil {
			t.Errorf("%s is not read one interaction at a time: %v", name, err)
		}
		for _, item := range items {
			if _, bodies := cutBodies(item); len(bodies) == 0 {
				t.Errorf("%s: no body is read apart", name)
			}
		}
	}
}

func TestParseOutsideRecordings(t *testing.T) {
	for _, r := range outside.Recordings(t) {
		data, err := fs.ReadFile(r.FS(), r.Name+cassetteExt)
		if err != nil {
			t.Fatal(err)
		}
		sameAsVCR(t, r.Name, data)
	}
}

// oddCassettes are files that somebody wrote by hand.
var oddCassettes = map[string]string{
	"flow":                   "version: 2\ninteractions:\n- {id: 0, request: {body: 'a', url: u, method: POST}, response: {body: b, code: 200}}\n",
	"quotes over lines":      "version: 2\ninteractions:\n- id: 0\n  request:\n    body: 'a\n\n      b''c'\n    url: u\n  response:\n    body: \"x\n- id: 1\n  y\"\n    code: 200\n",
	"quoted, then a comment": "version: 2\ninteractions:\n- id: 0\n  request:\n    body: 'a' # it's\n    url: u\n  response:\n    body: 'b'\n    code: 200\n",
	"interactions first":     "interactions:\n- id: 0\n  request: {url: u}\n  response: {code: 201}\nversion: 2\n",
	"key after":              "version: 2\ninteractions:\n- id: 0\n  request: {url: u}\n  response: {code: 201}\nother: 1\n",
	"comment between":        "version: 2\ninteractions:\n- id: 0\n  request: {url: u}\n# two\n\n- id: 1\n  response: {code: 201}\n",
	"bodies swapped":         "version: 2\ninteractions:\n- id: 0\n  response:\n    body: !!binary |\n      eA==\n    code: 200\n  request:\n    body: !!binary |\n      eXk=\n    url: u\n",
	"body by that name":      "version: 2\ninteractions:\n- id: 0\n  request:\n    body: taken out, body 0\n    url: u\n  response:\n    body: 'b'\n    code: 200\n",
	"one body twice":         "version: 2\ninteractions:\n- id: 0\n  request:\n    body: 'a'\n    body: 'b'\n",
	"block of another kind":  "version: 2\ninteractions:\n- id: 0\n  request:\n    body: |\n      a\n      b\n  response:\n    body: !!binary |\n      !!!\n",
	"folded base64":          "version: 2\ninteractions:\n- id: 0\n  request:\n    body: !!binary |-\n          eX\n          k=\n    url: u\n  response:\n    body: !!binary eXk=\n",
	"empty block":            "version: 2\ninteractions:\n- id: 0\n  request:\n    body: !!binary |\n    url: u\n  response:\n    code: 1\n",
	"body in a body":         "version: 2\ninteractions:\n- id: 0\n  request:\n    body: |\n      x\n    headers:\n      A: ['\n    body: ''b''\n    ']\n    url: u\n",
	"alias":                  "version: 2\ninteractions:\n- &a\n  id: 0\n  request: {url: u}\n  response: {code: 201}\n- *a\n",
	"none":                   "version: 2\ninteractions: []\n",
	"null":                   "version: 2\ninteractions:\n",
	"other version":          "version: 1\ninteractions:\n- id: 0\n  request: {url: u}\n",
	"tab":                    "version: 2\ninteractions:\n-\tid: 0\n",
	"two documents":          "version: 2\ninteractions:\n- id: 0\n  request: {url: u}\n---\na: 1\n",
	"end of document":        "version: 2\ninteractions:\n- id: 0\n  request: {url: u}\n...\n",
	"no line end":            "version: 2\ninteractions:\n- id: 0\n  request:\n    url: u\n    body: 'a'",
}

func TestParseOddCassettes(t *testing.T) {
	for name, data := range oddCassettes {
		sameAsVCR(t, name, []byte(data))
	}
}

// However a file is read, one interaction at a time or whole, it says the same.
func FuzzParse(f *testing.F) {
	for _, data := range oddCassettes {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, err := parseWhole(data)
		if err != nil {
			return
		}
		got, err := parse("c.yaml", data)
		if err != nil {
			t.Fatalf("parse error = %v, nil when read whole", err)
		}
		if !reflect.DeepEqual(got.Origin, whole.Origin) {
			t.Errorf("origin = %+v, want %+v", got.Origin, whole.Origin)
		}
		if err := sameExchanges(got.Exchanges, whole.Exchanges); err != nil {
			t.Error(err)
		}
	})
}

// bytesFS is a [cassette.FS] whose every file is the given bytes.
type bytesFS []byte

func (b bytesFS) ReadFile(string) ([]byte, error) { return b, nil }
func (bytesFS) WriteFile(string, []byte) error    { return fs.ErrPermission }
func (bytesFS) IsFileExists(string) bool          { return true }
