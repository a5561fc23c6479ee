package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
)

const sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

// alone runs without the AWS configuration of the machine, and with keys of the
// test server's.
func alone(t *testing.T) {
	for _, name := range []string{"AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_WEB_IDENTITY_TOKEN_FILE"} {
		t.Setenv(name, "")
	}
	none := filepath.Join(t.TempDir(), "none")
	t.Setenv("AWS_CONFIG_FILE", none)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", none)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", bedrocktest.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", bedrocktest.SecretAccessKey)
}

// call runs the command.
func call(ctx context.Context, args ...string) (status int, out, problems string) {
	var o, p bytes.Buffer
	status = run(ctx, args, &o, &p)
	return status, o.String(), p.String()
}

func TestArguments(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(`{"model":`), 0o600); err != nil {
		t.Fatal(err)
	}
	priced := func(args ...string) []string { return append([]string{"-model", sonnet, "-price", "3,15"}, args...) }
	for _, row := range []struct {
		name   string
		args   []string
		status int
		text   string
	}{
		{"help", []string{"-h"}, 0, "usage: bedrock-probe -model ID -price IN,OUT"},
		{"nothing", nil, 3, "-model is missing"},
		{"no price", []string{"-model", sonnet}, 3, "-price is missing"},
		{"half a price", []string{"-model", sonnet, "-price", "3"}, 3, `-price "3" is not two numbers`},
		{"a price with more", []string{"-model", sonnet, "-price", "3,15,1"}, 3, `is not two numbers`},
		{"a negative price", []string{"-model", sonnet, "-price", "-3,15"}, 3, "from 0 on"},
		{"a negative budget", priced("-budget", "-1"), 3, "from 0 on"},
		{"unknown flag", priced("-modle", "x"), 3, "-modle"},
		{"an argument", priced("report.json"), 3, `"report.json" is no flag`},
		{"unknown format", priced("-format", "harmony"), 3, `no format "harmony"`},
		{"unknown ending", priced("-o", "report.pdf"), 3, "does not end in .json, .md or .html"},
		{"unknown fact", priced("-only", "sampling,heat"), 3, `no fact "heat"`},
		{"hidden fact", priced("-only", "guardrails"), 3, "takes a guardrail"},
		{"no report", priced("-continue", filepath.Join(dir, "none.json")), 3, "none.json"},
		{"a bad report", priced("-continue", bad), 3, "this is not a report"},
		{"no URL", []string{"-model", sonnet, "-endpoint", "localhost"}, 3, `-endpoint "localhost" is not a URL`},
		{"facts of no endpoint", priced("-facts"), 3, "-facts goes with -endpoint"},
		{"a score of some", []string{"-model", sonnet, "-endpoint", "http://127.0.0.1:1", "-only", "tools"}, 3, "scored as a whole"},
		{"nobody there", []string{"-model", sonnet, "-endpoint", "http://127.0.0.1:1"}, 2, "cannot be reached"},
		{"diff of one", []string{"diff", bad}, 3, "1 are named"},
		{"diff of none", []string{"diff", bad, bad}, 3, "this is not a report"},
		{"help of diff", []string{"diff", "-h"}, 0, "usage: bedrock-probe diff"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, out, problems := call(t.Context(), row.args...)
			if status != row.status || out != "" || !strings.Contains(problems, row.text) {
				t.Errorf("status %d, %q, want %d and %q", status, problems, row.status, row.text)
			}
		})
	}
}

func TestCredentials(t *testing.T) {
	alone(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if status, _, problems := call(t.Context(), "-model", sonnet, "-price", "3,15"); status != misused || !strings.Contains(problems, "there are no AWS credentials; set AWS_ACCESS_KEY_ID") {
		t.Errorf("status %d, %q", status, problems)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	t.Setenv("AWS_REGION", "")
	if status, _, problems := call(t.Context(), "-model", sonnet, "-price", "3,15"); status != misused || !strings.Contains(problems, "there is no AWS Region; give -region") {
		t.Errorf("status %d, %q", status, problems)
	}
	t.Setenv("AWS_REGION", "us-east-1")
	s := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), &bedrocktest.Options{Denied: []string{sonnet}})
	if status, _, problems := call(t.Context(), "-model", sonnet, "-endpoint", s.URL, "-facts"); status != broken || !strings.Contains(problems, "is refused with 403 AccessDeniedException") {
		t.Errorf("status %d, %q", status, problems)
	}
}

// TestScore scores a right server and a lax one.
func TestScore(t *testing.T) {
	alone(t)
	right := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), nil)
	if status, out, problems := call(t.Context(), "-model", "amazon.titan-text-express-v1", "-endpoint", right.URL, "-q"); status != expected || !strings.Contains(out, "0 requests pass that the service refuses") || problems != "" {
		t.Errorf("status %d, %s%s", status, out, problems)
	}
	lax := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-text", "authentication"}})
	status, out, _ := call(t.Context(), "-model", "amazon.titan-text-express-v1", "-endpoint", lax.URL)
	if status != differs || !strings.Contains(out, "| blank-text | an empty text |") || !strings.Contains(out, "| authentication | a request without a signature |") {
		t.Errorf("status %d, %s", status, out)
	}
}

// TestFacts asks a server for facts, writes each form of report, and compares
// two.
func TestFacts(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	answers := func() *fake.Model { return fake.New(fake.Text("ok").Always()) }
	right := bedrocktest.Start(t, answers(), nil)
	ask := func(url, name string, more ...string) (int, string) {
		args := append([]string{"-model", sonnet, "-endpoint", url, "-facts", "-only", "sampling,limits.min_output", "-o", filepath.Join(dir, name)}, more...)
		status, out, problems := call(t.Context(), args...)
		if out != "" {
			t.Errorf("printed: %s", out)
		}
		return status, problems
	}
	if status, problems := ask(right.URL, "a.json", "-price", "3,15"); status != expected || !strings.Contains(problems, "sampling.temperature: agrees (0.000") {
		t.Errorf("status %d, %s", status, problems)
	}
	cold := bedrocktest.Start(t, answers(), &bedrocktest.Options{Traits: map[string]any{"NoTemperature": true}})
	for _, name := range []string{"b.json", "b.md", "b.html"} {
		if status, problems := ask(cold.URL, name); status != differs || !strings.Contains(problems, "sampling.temperature: differs: no (table: yes)") {
			t.Errorf("%s: status %d, %s", name, status, problems)
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), "sampling.temperature") {
			t.Errorf("%s: %v, %s", name, err, text)
		}
	}
	status, out, problems := call(t.Context(), "diff", filepath.Join(dir, "a.json"), filepath.Join(dir, "b.json"))
	if status != differs || out != "sampling.temperature: yes, then no\n" || problems != "" {
		t.Errorf("status %d, %q, %s", status, out, problems)
	}
	if status, out, _ := call(t.Context(), "diff", filepath.Join(dir, "a.json"), filepath.Join(dir, "a.json")); status != expected || out != "" {
		t.Errorf("status %d, %q", status, out)
	}
}

// TestBrokenOff continues from what a run has left.
func TestBrokenOff(t *testing.T) {
	alone(t)
	report := filepath.Join(t.TempDir(), "r.md")
	kept := strings.TrimSuffix(report, ".md") + ".json"
	ctx, cancel := context.WithCancelCause(t.Context())
	var n, whole atomic.Int32
	s := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), &bedrocktest.Options{Logged: func(bedrocktest.Call) {
		if n.Add(1) == 5 {
			cancel(errors.New("interrupted"))
		}
	}})
	args := []string{"-model", sonnet, "-endpoint", s.URL, "-facts", "-only", "sampling", "-o", report}
	status, _, problems := call(ctx, args...)
	if status != broken || !strings.Contains(problems, "interrupted") || !strings.Contains(problems, "go on with -continue "+kept) {
		t.Fatalf("status %d, %s", status, problems)
	}
	before := n.Load()
	if status, _, problems := call(t.Context(), append(args, "-continue", kept)...); status != expected {
		t.Fatalf("status %d, %s", status, problems)
	}
	text, err := os.ReadFile(report)
	if err != nil || strings.Contains(string(text), "did not come to its end") || !strings.Contains(string(text), "| sampling.both | no | no |") {
		t.Errorf("%v, %s", err, text)
	}
	other := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), &bedrocktest.Options{Logged: func(bedrocktest.Call) { whole.Add(1) }})
	if status, _, _ := call(t.Context(), "-model", sonnet, "-endpoint", other.URL, "-facts", "-only", "sampling", "-q"); status != expected {
		t.Fatal(status)
	}
	if again := n.Load() - before; again >= whole.Load() {
		t.Errorf("%d calls to go on, %d in one run", again, whole.Load())
	}
}

// TestCannotWrite: a report that nobody gets is no success.
func TestCannotWrite(t *testing.T) {
	alone(t)
	s := bedrocktest.Start(t, fake.New(fake.Text("ok").Always()), nil)
	status, _, problems := call(t.Context(), "-model", sonnet, "-endpoint", s.URL, "-facts", "-only", "ids", "-o", filepath.Join(t.TempDir(), "none", "r.json"))
	if status != misused || !strings.Contains(problems, "none") {
		t.Errorf("status %d, %s", status, problems)
	}
}
