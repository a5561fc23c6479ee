package main

import (
	"bytes"
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/internal/recorded"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

var update = flag.Bool("update", false, "write the scripts anew")

// scripts are cassettes whose scripts are part of this test: it compiles them.
var scripts = []struct {
	cassette, function, file string
	turns                    []fake.Turn
}{
	{"conformance/tools-parallel", "toolsParallel", "script_tools_test.go", toolsParallel()},
	{"conformance/errors-service", "errorsService", "script_errors_test.go", errorsService()},
	{"conformance/invoke-anthropic", "invokeAnthropic", "script_invoke_test.go", invokeAnthropic()},
	{"conformance/thinking-redacted", "thinkingRedacted", "script_thinking_test.go", thinkingRedacted()},
	{"seed/translate", "translate", "script_seed_test.go", translate()},
}

func TestScriptsAreCurrent(t *testing.T) {
	for _, s := range scripts {
		var out bytes.Buffer
		args := []string{"-package", "main", "-func", s.function, "../cassettes/" + s.cassette + ".yaml"}
		if err := run(t.Context(), &out, args); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(s.file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if data, err := os.ReadFile(s.file); err != nil || !bytes.Equal(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), out.Bytes()) {
			t.Errorf("%s is not what %s becomes (%v); run go test ./recordings/fakescript -update", s.file, s.cassette, err)
		}
	}
}

// What a script plays is what the recording answers.
func TestScriptsPlay(t *testing.T) {
	for _, s := range scripts {
		c, err := recordings.Load(recordings.Cassettes(), s.cassette)
		if err != nil {
			t.Fatal(err)
		}
		llm := fake.New(s.turns...)
		for i, e := range c.Exchanges {
			want, err := recorded.AnswerOf(t.Context(), e)
			if err != nil {
				t.Fatal(err)
			}
			req := &model.Request{Messages: []model.Message{model.User("x")}}
			got, err := llm.Generate(t.Context(), req)
			if i%2 == 1 && err == nil {
				got, err = fake.New(s.turns[i]).Stream(t.Context(), req).Response()
			}
			samePlayed(t, s.cassette, i, got, err, want)
		}
		llm.AssertDrained(t)
	}
}

func samePlayed(t *testing.T, name string, i int, got *model.Response, err error, want *recorded.Answer) {
	t.Helper()
	if want.Err != nil {
		kind := errors.AsType[*model.Error]
		w, _ := kind(want.Err)
		if g, ok := kind(err); !ok || g.Kind != w.Kind || g.Code != w.Code || g.Status != w.Status || g.Message != w.Message || g.RetryAfter != w.RetryAfter {
			t.Errorf("%s: turn %d fails with %v, the recording with %v", name, i, err, want.Err)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: turn %d: %v", name, i, err)
		return
	}
	if diff := cmp.Diff(want.Response.Message, got.Message); diff != "" || got.StopReason != want.Response.StopReason {
		t.Errorf("%s: turn %d ends with %s, want %s (-recorded +played):\n%s", name, i, got.StopReason, want.Response.StopReason, diff)
	}
	if diff := cmp.Diff(want.Response.Usage, got.Usage); diff != "" {
		t.Errorf("%s: usage of turn %d (-recorded +played):\n%s", name, i, diff)
	}
}

// Every cassette of the project becomes code.
func TestAllCassettesBecomeScripts(t *testing.T) {
	n := 0
	err := fs.WalkDir(recordings.Cassettes(), ".", func(file string, _ fs.DirEntry, err error) error {
		name, ok := strings.CutSuffix(file, ".yaml")
		if err != nil || !ok {
			return err
		}
		n++
		becomesCode(t, recordings.Cassettes(), name)
		return nil
	})
	if err != nil || n < 20 {
		t.Errorf("%d cassettes: %v", n, err)
	}
}

func TestOutsideRecordingsBecomeScripts(t *testing.T) {
	for _, r := range outside.Recordings(t) {
		becomesCode(t, r.FS(), r.Name)
	}
}

func becomesCode(t *testing.T, fsys fs.FS, name string) {
	t.Helper()
	c, err := recordings.Load(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	code, err := script(t.Context(), "x", "turns", name, c)
	if err != nil {
		if e, ok := errors.AsType[*model.Error](err); ok && e.Kind == model.ErrInvalidRequest {
			t.Logf("%s: %v", name, err) // a model whose format this version does not know
			return
		}
		t.Errorf("%s: %v", name, err)
		return
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "x.go", code, parser.AllErrors); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if got := bytes.Count(code, []byte("\n\t\t// ")); got < len(c.Exchanges) {
		t.Errorf("%s: %d exchanges have %d comments", name, len(c.Exchanges), got)
	}
}

func TestBadArguments(t *testing.T) {
	for want, args := range map[string][]string{
		"pass one":               {},
		"no such file":           {"none.yaml"},
		"must be Go identifiers": {"-func", "a b", "../cassettes/seed/translate.yaml"},
		"flag provided but no":   {"-x"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), &out, args); err == nil || !strings.Contains(err.Error(), want) || out.Len() > 0 {
			t.Errorf("run(%q) = %v, and wrote %d bytes; want %q", args, err, out.Len(), want)
		}
	}
}

// TestHelp: who asks for help is told, and has made no mistake.
func TestHelp(t *testing.T) {
	if err := run(t.Context(), io.Discard, []string{"-h"}); err != nil {
		t.Errorf("-h: %v", err)
	}
}
