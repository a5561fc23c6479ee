package recordings

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// T is the part of [testing.TB] that this package needs. *testing.T, *testing.B
// and *testing.F have it.
type T interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
	Cleanup(func())
}

// RecordVariable is the environment variable that makes [Open] record. Its
// value is a bool in the form that [strconv.ParseBool] accepts.
const RecordVariable = "RECORDINGS_RECORD"

// DefaultDir is the folder of [Open]'s cassettes if neither a folder nor a file
// system is given.
const DefaultDir = "testdata/recordings"

// Options configure [Open] and [Replay]. A nil *Options means the zero value.
// Nothing in it is modified or kept.
type Options struct {
	// Dir is the folder on disk with the cassettes. They are recorded to it
	// and, if FS is nil, replayed from it. If empty, it is [DefaultDir].
	Dir string

	// FS is the file system that cassettes are replayed from. If nil, it is the
	// folder Dir. [Replay] ignores it. To record although FS is set, set Dir
	// too.
	FS fs.FS

	// Record makes Open record instead of replay. If false, the environment
	// variable [RecordVariable] decides. [Replay] ignores it.
	Record bool

	// Origin is the origin of a recording as far as the caller knows it. Empty
	// fields are filled in from the recorded requests. During replay it is the
	// origin of a cassette that names none, which otherwise is an error.
	Origin Origin

	// Secrets are values that must not get into a cassette, in addition to the
	// credentials in the environment and in the recorded requests. Each must
	// have at least 4 bytes.
	Secrets []string

	// Transport sends the requests to be recorded. If nil, they go to the
	// network, through the proxy that the environment names, if any. Responses
	// of a given transport are never [Captured], because it may have made them
	// up.
	Transport http.RoundTripper

	// PieceSize limits the bytes that one read of a replayed body returns. If
	// zero, the reader's buffer is the only limit.
	PieceSize int

	// FrameByFrame makes one read of a replayed event stream return at most one
	// frame. It excludes PieceSize.
	FrameByFrame bool

	// AllowUnused accepts a cassette of which some exchanges are never played.
	AllowUnused bool
}

// clone returns a copy of o, or the zero value if o is nil.
func (o *Options) clone() Options {
	if o == nil {
		return Options{}
	}
	c := *o
	c.Secrets = slices.Clone(o.Secrets)
	c.Origin = o.Origin.clone()
	return c
}

func (o *Options) validate() error {
	switch {
	case o.PieceSize < 0:
		return fmt.Errorf("recordings: Options.PieceSize is %d, want zero or more", o.PieceSize)
	case o.PieceSize > 0 && o.FrameByFrame:
		return errors.New("recordings: Options.PieceSize and Options.FrameByFrame exclude each other")
	}
	return nil
}

func (o *Options) pieces() pieces {
	switch {
	case o.FrameByFrame:
		return byFrame
	case o.PieceSize > 0:
		return ofSize(o.PieceSize)
	default:
		return whole
	}
}

// RecordFlag defines the flag -record in flags and returns its value, for use
// as [Options.Record]. The package itself defines no flag, because it may be
// linked into programs. In a test file:
//
//	var record = recordings.RecordFlag(flag.CommandLine)
func RecordFlag(flags *flag.FlagSet) *bool {
	return flags.Bool("record", false, "record cassettes anew, with your own account")
}

// Open opens the cassette name for a test, and closes it when the test ends. If
// name is empty, it is the test's name. Open replays the cassette, unless
// [Options.Record] or the environment variable [RecordVariable] is set. Then it
// sends the requests with the credentials of the caller's client, and writes
// the cassette when the test ends, if the test has passed and every call was
// answered.
//
// The test fails at once if the cassette is missing or names no origin. It
// fails during a call if the request matches no recorded one; the failure shows
// the difference to the nearest. It fails at the end if recorded exchanges were
// left over or the recording cannot be written. Each failure names the line of
// the test file that sent the request or opened the cassette.
func Open(t T, name string, opts *Options) *Tape {
	t.Helper()
	if name == "" {
		name = t.Name()
	}
	o := opts.clone()
	tape, err := open(name, &o)
	if err != nil {
		t.Fatalf("%v", err)
		return nil // Fatalf of a test double may return
	}
	tape.opened = testLine()
	tape.failed = func(err error) { t.Errorf("%s", at("the request at", testLine(), err)) }
	t.Cleanup(func() { tape.end(t) })
	return tape
}

func open(name string, o *Options) (*Tape, error) {
	if err := errors.Join(checkName(name), o.validate()); err != nil {
		return nil, err
	}
	record, err := wantsRecord(o)
	if err != nil {
		return nil, err
	}
	if record {
		return newRecording(name, o)
	}
	fsys, where := o.FS, "the given file system"
	if fsys == nil {
		fsys, where = os.DirFS(dirOf(o)), dirOf(o)
	}
	tape, err := newReplay(fsys, name, o)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("recordings: no cassette %s%s in %s; record it with Options.Record or %s=1: %w",
			name, cassetteExt, where, RecordVariable, fs.ErrNotExist)
	}
	return tape, err
}

func wantsRecord(o *Options) (bool, error) {
	record := o.Record
	if v := os.Getenv(RecordVariable); v != "" {
		set, err := strconv.ParseBool(v)
		if err != nil {
			return false, fmt.Errorf("recordings: %s=%q is not a bool", RecordVariable, v)
		}
		record = record || set
	}
	if record && o.FS != nil && o.Dir == "" {
		return false, errors.New("recordings: Options.Dir must be set to record a cassette that is replayed from Options.FS")
	}
	return record, nil
}

func dirOf(o *Options) string {
	if o.Dir == "" {
		return DefaultDir
	}
	return o.Dir
}

// Replay opens the cassette name of fsys without a test, for programs that
// answer from recordings: examples, demonstrations, offline development. It
// never sends anything. Call [Tape.Close] at the end. It returns the failures
// that [Open] would have reported to the test.
func Replay(fsys fs.FS, name string, opts *Options) (*Tape, error) {
	o := opts.clone()
	if err := errors.Join(checkName(name), o.validate()); err != nil {
		return nil, err
	}
	return newReplay(fsys, name, &o)
}

// testLine returns the current line of the test function, such as
// "chat_test.go:42". It is the line of the outermost caller in a test file, so
// that helpers are skipped. It is empty if no test file is among the callers.
//
// The testing package cannot name that line itself: a bad request is found deep
// inside a client, and an unused exchange in a cleanup.
func testLine() string {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	line := ""
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.File, "_test.go") {
			line = fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return line
		}
	}
}

// at prefixes a failure with a line of the test, if that is known.
func at(what, line string, err error) string {
	if line == "" {
		return err.Error()
	}
	return fmt.Sprintf("%s %s: %v", what, line, err)
}

// hidden returns a copy of the options as a type without methods, without the
// secrets and without what may hold any: the file system and the transport.
func (o Options) hidden() any {
	type plain Options
	p := plain(o.clone())
	p.FS, p.Transport = nil, nil
	for i := range p.Secrets {
		p.Secrets[i] = "[hidden]"
	}
	return p
}

// String returns the options without the secrets.
func (o Options) String() string { return fmt.Sprintf("recordings.Options%+v", o.hidden()) }

// Format prints [Options.String], whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }

// LogValue returns [Options.String].
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON returns the options without the secrets.
func (o Options) MarshalJSON() ([]byte, error) { return json.Marshal(o.hidden()) }
