package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

func all(t *testing.T) []scenario {
	t.Helper()
	list, err := scenarios()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func find(t *testing.T, name string) scenario {
	t.Helper()
	for _, s := range all(t) {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("there is no scenario %s", name)
	return scenario{}
}

// rerecord runs the program on a folder.
func rerecord(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), &out, append([]string{"-dir", dir}, args...))
	return out.String(), err
}

// TestShippedCassettesAreCurrent records all scenarios and compares the
// requests and answers with the cassettes of the project, so that a change of
// what goes over the wire shows as a difference there.
func TestShippedCassettesAreCurrent(t *testing.T) {
	recordings.Isolate(t)
	dir := t.TempDir()
	if out, err := rerecord(t, dir); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, s := range all(t) {
		shipped, err := recordings.Load(recordings.Cassettes(), s.name)
		if err != nil {
			t.Error(err)
			continue
		}
		if shipped.Origin.Kind != recordings.Local {
			continue // TestScenariosReplay plays it
		}
		fresh, err := recordings.Load(os.DirFS(dir), s.name)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(shipped.Exchanges, fresh.Exchanges); diff != "" {
			t.Errorf("%s is out of date; run go run ./recordings/internal/rerecord -only %[1]s -accept-drift\n(-shipped +fresh)\n%s", s.name, diff)
		}
	}
}

// TestScenariosReplay plays every scenario with its cassette, including
// captured and transcribed ones. The code must send what the cassette answers.
func TestScenariosReplay(t *testing.T) {
	recordings.Isolate(t)
	for _, s := range all(t) {
		t.Run(s.name, func(t *testing.T) {
			tape := recordings.Open(t, s.name, &recordings.Options{FS: recordings.Cassettes(), PieceSize: 13})
			s.model = tape.Origin().Model
			llm, err := s.open(localClient(tape))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.play(t.Context(), llm); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestShippedCassettesAreOwned checks that the folder of the scenarios holds
// theirs and nothing else, with views, origins and without secrets.
func TestShippedCassettesAreOwned(t *testing.T) {
	var owned []string
	for _, s := range all(t) {
		owned = append(owned, s.name)
	}
	if err := recordings.Check(recordings.Cassettes(), owned...); err != nil {
		t.Error(err)
	}
	for _, name := range owned {
		c, err := recordings.Load(recordings.Cassettes(), name)
		if err != nil {
			t.Error(err)
		} else if c.Origin.Kind == recordings.Local && !strings.HasPrefix(c.Origin.Source, "bedrocktest") {
			t.Errorf("%s is local, but does not say from where: source %q", name, c.Origin.Source)
		}
		info, err := fs.Stat(recordings.Cassettes(), name+".yaml")
		if err != nil || info.Size() > 14_000 {
			t.Errorf("%s: size %d, want one that can be reviewed (%v)", name, info.Size(), err)
		}
	}
}

// TestCassettesShow checks that the cassettes hold what their scenarios are
// about, in the words of the wire.
func TestCassettesShow(t *testing.T) {
	tests := []struct{ name, want string }{
		{"basics", `"temperature":0`},
		{"basics", `"stopReason":"end_turn"`},
		{"streaming", "こんにち"},
		{"stop-reasons", `"stopReason":"max_tokens"`},
		{"stop-reasons", `"stopReason":"stop_sequence"`},
		{"stop-reasons-rare", `"stopReason":"guardrail_intervened"`},
		{"stop-reasons-rare", `"stopReason":"content_filtered"`},
		{"serialisation", `{"json":{"celsius":31.50,"station":9007199254740993}}`},
		{"tools-parallel", `contentBlockStart {"contentBlockIndex":2,`},
		{"tools-parallel", `"status":"error"`},
		{"tools-choice", `"toolChoice":{"tool":{"name":"now"}}`},
		{"tools-choice", `"tool_choice":{"disable_parallel_tool_use":true,"type":"any"}`},
		{"thinking-signed", `"delta":{"reasoningContent":{"signature":"E`},
		{"thinking-signed", `{"reasoningContent":{"reasoningText":{"signature":"E`},
		{"thinking-tools", `"stopReason":"tool_use"`},
		{"thinking-redacted", `{"reasoningContent":{"redactedContent":"`},
		{"thinking-unseen", `"delta":{"reasoningContent":{"signature":"E`},
		{"thinking-unsigned", `{"reasoningContent":{"reasoningText":{"text":"340 and 51."}}}`},
		{"caching", `"cacheWriteInputTokens":1045,`},
		{"caching", `"cacheReadInputTokens":1045,`},
		{"multimodal-image", `"format":"png"`},
		{"multimodal-document", `"citation":{"location":{"documentChar":{"documentIndex":0,`},
		{"structured", `"country\":\"Portugal\"`},
		{"errors-request", "10000000 > 64000"},
		{"errors-model", "The provided model identifier is invalid."},
		{"errors-service", "Retry-After"},
		{"errors-stream", "throttlingException {"},
		{"invoke-anthropic", `{"type":"signature_delta","signature":"E`},
		{"invoke-openai", `"object":"chat.completion.chunk"`},
	}
	shown := map[string]bool{}
	for _, tt := range tests {
		shown["conformance/"+tt.name] = true
		data, err := fs.ReadFile(recordings.Cassettes(), "conformance/"+tt.name+".yaml")
		if err != nil {
			t.Error(err)
		}
		view, _ := fs.ReadFile(recordings.Cassettes(), "conformance/"+tt.name+".txt") // some have none
		c, err := recordings.Load(recordings.Cassettes(), "conformance/"+tt.name)
		if err == nil && c.Origin.Kind == recordings.Local && !strings.Contains(string(data)+string(view), tt.want) {
			t.Errorf("%s does not hold %s", tt.name, tt.want)
		}
	}
	for _, s := range all(t) {
		if strings.HasPrefix(s.name, "conformance/") && !shown[s.name] {
			t.Errorf("nothing is said of what %s shows", s.name)
		}
	}
}

// TestEveryGroupHasACassette checks that no group of conformance cases that a
// cassette can be about goes without.
func TestEveryGroupHasACassette(t *testing.T) {
	has := map[string]bool{"cancellation": true, "concurrency": true, "recordings": true} // no cassette can show these
	for _, s := range all(t) {
		group, _, _ := strings.Cut(strings.TrimPrefix(s.name, "conformance/"), "-")
		has[group] = true
	}
	for _, c := range conformance.Cases() {
		if !has[c.Group] {
			t.Errorf("no cassette is about %s", c.Group)
			has[c.Group] = true
		}
	}
}

// TestDeterministic records twice and compares all files byte for byte.
func TestDeterministic(t *testing.T) {
	recordings.Isolate(t)
	files := func() map[string]string {
		dir := t.TempDir()
		r := recorder{dir: dir, date: "2026-01-31"}
		if err := r.recordAll(t.Context(), &bytes.Buffer{}, all(t)); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			got[strings.TrimPrefix(name, dir)] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first, second := files(), files()
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same scenarios were recorded differently (-first +second):\n%s", diff)
	}
	if len(first) < 20 {
		t.Errorf("%d files were written, want those of all scenarios", len(first))
	}
}

// The folder of these tests holds one cassette, recorded from basics.
const basicsCassette = "conformance/basics"

func recorded(t *testing.T) (dir, file string) {
	t.Helper()
	recordings.Isolate(t)
	dir = t.TempDir()
	if out, err := rerecord(t, dir, "-only", basicsCassette); err != nil || !strings.Contains(out, " recorded\n") {
		t.Fatalf("error %v, output %s", err, out)
	}
	return dir, filepath.Join(dir, basicsCassette+".yaml")
}

func edit(t *testing.T, file, from, to string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(data), from, to)
	if changed == string(data) {
		t.Fatalf("%s does not hold %q", file, from)
	}
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	return changed
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestUpdate(t *testing.T) {
	tests := []struct {
		name     string
		from, to string // what is edited in the old cassette
		args     []string
		says     string
		fails    bool
		kept     bool
	}{
		{name: "equal keeps its date", from: `date: "`, to: `date: "2020-01-31" # "`, says: "unchanged", kept: true},
		{name: "other words", from: "The Seine flows", to: "The Thames flows", says: "recorded anew"},
		{name: "another shape", from: `"stopReason":`, to: `"endedBecause":`, says: "exchange 0: response: key stopReason (string) is new", fails: true, kept: true},
		{name: "another shape accepted", from: `"stopReason":`, to: `"endedBecause":`, args: []string{"-accept-drift"}, says: "recorded anew"},
		{name: "captured", from: "kind: local", to: "kind: captured", says: "skipped: it was captured", kept: true},
		{name: "not a cassette", from: "version: 2", to: "version: [", says: "FAILED", fails: true, kept: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, file := recorded(t)
			old := edit(t, file, tt.from, tt.to)
			out, err := rerecord(t, dir, append(tt.args, "-only", basicsCassette)...)
			if (err != nil) != tt.fails || !strings.Contains(out, tt.says) {
				t.Errorf("error %v and output\n%swant an error: %v, and %q", err, out, tt.fails, tt.says)
			}
			if kept := readFile(t, file) == old; kept != tt.kept {
				t.Errorf("the old cassette was kept: %v, want %v", kept, tt.kept)
			}
			left, err := filepath.Glob(filepath.Join(dir, ".rerecord-*"))
			if err != nil || len(left) > 0 {
				t.Errorf("%q was left behind (%v)", left, err)
			}
		})
	}
}

// TestFailedScenario checks that a scenario that does not go as it should
// leaves the cassette alone.
func TestFailedScenario(t *testing.T) {
	tests := []struct {
		name string
		turn turn
		want string
	}{
		{"a call fails", turn{says: user("Hi."), answer: fake.Fail(model.ErrThrottled), fails: ""}, "call 3: "},
		{"a call succeeds", turn{says: user("Hi."), answer: fake.Text("Hi."), fails: model.ErrThrottled}, `call 3 succeeded, want an error of kind "throttled"`},
		{"another error", turn{says: user("Hi."), answer: fake.Fail(model.ErrTimeout), fails: model.ErrThrottled}, `call 3 failed, but not with kind "throttled"`},
		{"no call to answer", turn{says: results(measured), answer: fake.Text("Hi.")}, "call 3: the last answer calls no tool"},
		{"the script is not asked", turn{says: user("Hi."), edit: func(r *model.Request) { r.MaxTokens = 10_000_000 }, answer: fake.Text("Hi."), fails: model.ErrInvalidRequest}, "after 2 calls the script still has: turn 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, file := recorded(t)
			old := readFile(t, file)
			s := find(t, basicsCassette)
			s.turns = append(slices.Clone(s.turns), tt.turn)
			r := recorder{dir: dir, date: "2026-01-31", acceptDrift: true}
			var out bytes.Buffer
			err := r.recordAll(t.Context(), &out, []scenario{s})
			if err == nil || err.Error() != "1 of 1 cassettes were not recorded" || !strings.Contains(out.String(), tt.want) {
				t.Errorf("error %v and output\n%swant %q", err, out.String(), tt.want)
			}
			if readFile(t, file) != old {
				t.Error("the old cassette was replaced")
			}
		})
	}
}

// TestLive records as -live does, from a server on this machine. The cassette
// must then say that it is local, whatever server was meant.
func TestLive(t *testing.T) {
	recordings.Isolate(t)
	s := find(t, basicsCassette)
	server := bedrocktest.Start(t, s.script(), nil)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_ACCESS_KEY_ID", bedrocktest.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", bedrocktest.SecretAccessKey)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.URL)
	dir := t.TempDir()
	const other = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
	out, err := rerecord(t, dir, "-live", "-region", "eu-west-1", "-model", other, "-only", basicsCassette)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := recordings.Load(os.DirFS(dir), basicsCassette)
	if err != nil {
		t.Fatal(err)
	}
	if o := c.Origin; o.Kind != recordings.Local || o.Source != "" || o.Model != other {
		t.Errorf("origin = %+v, want a local one of %s that names no script", o, other)
	}
	if n := len(server.Calls()); n != 2 || len(c.Exchanges) != 2 {
		t.Errorf("%d calls and %d exchanges, want 2", n, len(c.Exchanges))
	}
	old := edit(t, filepath.Join(dir, basicsCassette+".yaml"), "kind: local", "kind: captured")
	again := bedrocktest.Start(t, s.script(), nil)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", again.URL)
	out, err = rerecord(t, dir, "-live", "-region", "eu-west-1", "-model", other, "-only", basicsCassette)
	if err != nil || !strings.Contains(out, "skipped: it was captured") || readFile(t, filepath.Join(dir, basicsCassette+".yaml")) != old {
		t.Errorf("error %v and output %s, want the captured cassette kept", err, out)
	}
	out, err = rerecord(t, dir, "-live", "-region", "eu-west-1", "-only", "conformance/errors-service")
	if err != nil || !strings.Contains(out, "skipped: no request makes the service fail") {
		t.Errorf("error %v and output %s, want it skipped", err, out)
	}
}

func TestBadArguments(t *testing.T) {
	recordings.Isolate(t)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	tests := []struct {
		name string
		args []string
		want string // in the error or the output
	}{
		{"model without live", []string{"-model", "x"}, "-model and -region need -live"},
		{"region without live", []string{"-region", "x"}, "-model and -region need -live"},
		{"no such scenario", []string{"-only", "conformance/nothing"}, "matches no scenario"},
		{"bad pattern", []string{"-only", "["}, "syntax error in pattern"},
		{"no region", []string{"-live", "-only", basicsCassette}, "no AWS region is set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := rerecord(t, t.TempDir(), tt.args...)
			if err == nil || !strings.Contains(err.Error()+out, tt.want) {
				t.Errorf("error %v and output %q, want %q", err, out, tt.want)
			}
		})
	}
}

// TestHelp: who asks for help is told, and has made no mistake.
func TestHelp(t *testing.T) {
	if err := run(t.Context(), io.Discard, []string{"-h"}); err != nil {
		t.Errorf("-h: %v", err)
	}
}
