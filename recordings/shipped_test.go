package recordings_test

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

var update = flag.Bool("update", false, "write the transcribed cassettes anew")

func TestShippedCassettes(t *testing.T) {
	dir := t.TempDir()
	if *update {
		dir = "cassettes"
	}
	for name, tr := range transcripts(t) {
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
	if err := recordings.Check(recordings.Cassettes(), slices.Collect(maps.Keys(transcripts(t)))...); err != nil {
		t.Error(err)
	}
}
