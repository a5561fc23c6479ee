package outside

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Variable names the environment variable that lists the folders.
const Variable = "BEDROCK_RECORDINGS"

const (
	cassetteExt = ".yaml"
	accountExt  = ".expected.json"
)

// T is the part of [testing.TB] that this package needs.
type T interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A Recording is one recorded conversation.
type Recording struct {
	Folder string // on disk
	Name   string // of the cassette, without its extension; no two recordings share one
}

// FS returns the recording's folder.
func (r Recording) FS() fs.FS { return os.DirFS(r.Folder) }

// File returns the path of the cassette on disk.
func (r Recording) File() string { return filepath.Join(r.Folder, r.Name+cassetteExt) }

// Account returns what another program holds the responses to say, as JSON.
func (r Recording) Account() ([]byte, error) {
	return os.ReadFile(filepath.Join(r.Folder, r.Name+accountExt))
}

// Recordings returns the recordings of all folders, those of a folder by name.
// Without the variable it skips the test, which says so; a folder without
// recordings fails it, and so does a name that two folders have.
func Recordings(t T) []Recording {
	t.Helper()
	all, err := find(folders(t))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

// First returns the recordings of the first folder, for tests that know what
// lies in it.
func First(t T) []Recording {
	t.Helper()
	all, err := find(folders(t)[:1])
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

// folders returns the folders of recordings. Without any the test is skipped, by
// name.
func folders(t T) []string {
	t.Helper()
	list := filepath.SplitList(os.Getenv(Variable))
	if len(list) == 0 {
		t.Skipf("%s lists no folder: nothing is held against recordings of the real service", Variable)
	}
	return list
}

// find returns the recordings in folders. No two may have one name, since tests
// are named for them.
func find(folders []string) ([]Recording, error) {
	var all []Recording
	found := map[string]string{}
	for _, folder := range folders {
		files, err := fs.Glob(os.DirFS(folder), "*"+cassetteExt)
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("outside: %s: no recordings in %q (%v)", Variable, folder, err)
		}
		for _, file := range files {
			r := Recording{Folder: folder, Name: strings.TrimSuffix(file, cassetteExt)}
			if other, ok := found[r.Name]; ok {
				return nil, fmt.Errorf("outside: %s: %s is in %q and in %q", Variable, r.Name, other, folder)
			}
			found[r.Name] = folder
			all = append(all, r)
		}
	}
	return all, nil
}
