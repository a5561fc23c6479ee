package outside_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/outside"
)

// recorder is a test that can be looked at.
type recorder struct{ skipped, failed string }

func (*recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// ask calls a function of the package, with the variable set to some folders.
func ask(t *testing.T, f func(outside.T) []outside.Recording, folders ...string) (names string, r *recorder) {
	t.Helper()
	t.Setenv(outside.Variable, strings.Join(folders, string(os.PathListSeparator)))
	r = &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, recording := range f(r) {
			names += " " + recording.Name
		}
	}()
	<-done
	return names, r
}

func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRecordings(t *testing.T) {
	first := folder(t, "b.yaml", "b.expected.json", "a.yaml", "README.md")
	second := folder(t, "c.yaml")
	for _, tt := range []struct {
		name, want      string
		get             func(outside.T) []outside.Recording
		folders         []string
		skipped, failed string
	}{
		{name: "two folders", get: outside.Recordings, folders: []string{first, second}, want: " a b c"},
		{name: "the first", get: outside.First, folders: []string{first, second}, want: " a b"},
		{name: "unset", get: outside.Recordings, skipped: "BEDROCK_RECORDINGS lists no folder"},
		{name: "first of none", get: outside.First, skipped: "BEDROCK_RECORDINGS lists no folder"},
		{name: "an empty one", get: outside.Recordings, folders: []string{first, folder(t)}, failed: "no recordings in"},
		{name: "one name twice", get: outside.Recordings, folders: []string{first, folder(t, "a.yaml")}, failed: "a is in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, r := ask(t, tt.get, tt.folders...)
			if got != tt.want || !strings.Contains(r.skipped, tt.skipped) || !strings.Contains(r.failed, tt.failed) ||
				(r.skipped == "") != (tt.skipped == "") || (r.failed == "") != (tt.failed == "") {
				t.Errorf("found %q, skipped %q, failed %q", got, r.skipped, r.failed)
			}
		})
	}
}

func TestRecordingReadsItsAccount(t *testing.T) {
	t.Setenv(outside.Variable, folder(t, "b.yaml", "b.expected.json"))
	r := outside.Recordings(t)[0]
	account, err := r.Account()
	if err != nil || string(account) != "b.expected.json" {
		t.Errorf("Account = %q, %v", account, err)
	}
	if data, err := os.ReadFile(r.File()); err != nil || string(data) != "b.yaml" {
		t.Errorf("File holds %q, %v", data, err)
	}
}
