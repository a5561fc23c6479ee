package recordings_test

import (
	"flag"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

var update = flag.Bool("update", false, "write the transcribed cassettes anew")

// TestShippedCassettes checks the seed document's conversations. A cassette
// that was captured since is not held against its transcript. The scenarios of
// the conformance folder are recordings/internal/rerecord's to check.
func TestShippedCassettes(t *testing.T) {
	dir := t.TempDir()
	if *update {
		dir = "cassettes"
	}
	owned := ownedByOthers(t)
	for name, tr := range transcripts(t) {
		owned = append(owned, name)
		if c, err := recordings.Load(recordings.Cassettes(), name); err == nil && c.Origin.Kind == recordings.Captured {
			continue
		}
		if err := recordings.Transcribe(dir, name, tr.origin, tr.exchanges...); err != nil {
			t.Fatal(err)
		}
		for _, ext := range []string{".yaml", ".txt"} {
			want, err := os.ReadFile(dir + "/" + name + ext)
			if err != nil {
				continue // no stream, no view
			}
			got, err := fs.ReadFile(recordings.Cassettes(), name+ext)
			if err != nil || string(got) != string(want) {
				t.Errorf("%s%s is not what its transcript says (%v); run go test ./recordings -run TestShippedCassettes -update", name, ext, err)
			}
		}
	}
	if err := recordings.Check(recordings.Cassettes(), owned...); err != nil {
		t.Error(err)
	}
}

// ownedByOthers returns the names of the cassettes that another package claims.
func ownedByOthers(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(recordings.Cassettes(), "conformance/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cassettes of conformance scenarios: %v", err)
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(file, ".yaml"))
	}
	return names
}
