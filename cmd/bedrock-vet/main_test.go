package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	plain   = `{"messages":[{"role":"user","parts":[{"type":"text","text":"Hi"}]}]}`
	warm    = `{"messages":[{"role":"user","parts":[{"type":"text","text":"Hi"}]}],"temperature":0.5}`
	endless = `{"messages":[{"role":"user","parts":[{"type":"text","text":"Hi"}]}],"stop_sequences":[" "]}`

	opus   = "us.anthropic.claude-opus-4-7"
	sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good, bad := file("good.json", warm), file("bad.json", `{"messages":`)
	for _, row := range []struct {
		name     string
		args     []string
		in       string
		status   int
		out      string // in what is printed
		problems string // in what is said of the arguments
	}{
		{"sent as it is", []string{"-model", sonnet}, plain, 0, "sent as it is", ""},
		{"changed", []string{"-model", opus}, warm, 1, "dropped temperature", ""},
		{"from a file", []string{"-model", opus, good}, "", 1, "dropped temperature", ""},
		{"refused", []string{"-model", sonnet}, endless, 2, "refused (invalid request) stop_sequences[0]", ""},
		{"the model behind an id", []string{"-model", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", "-base", opus}, warm, 1, "dropped temperature", ""},
		{"over InvokeModel", []string{"-model", sonnet, "-format", "auto"}, plain, 0, "by invoke anthropic", ""},
		{"help", []string{"-h"}, plain, 0, "", "usage: bedrock-vet -model ID"},
		{"no model", nil, plain, 3, "", "-model is missing"},
		{"unknown flag", []string{"-modle", opus}, plain, 3, "", "-modle"},
		{"unknown format", []string{"-model", sonnet, "-format", "harmony"}, plain, 3, "", `no format "harmony"`},
		{"bad JSON", []string{"-model", sonnet}, `{"messages":[}`, 3, "", "standard input is not a request"},
		{"bad file", []string{"-model", sonnet, bad}, plain, 3, "", "bad.json is not a request"},
		{"no file", []string{"-model", sonnet, filepath.Join(dir, "none.json")}, plain, 3, "", "none.json"},
		{"two files", []string{"-model", sonnet, good, bad}, plain, 3, "", "2 files are named"},
		{"nothing", []string{"-model", sonnet}, "", 3, "", "standard input is not a request"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			if got := run(row.args, strings.NewReader(row.in), &out, &problems); got != row.status {
				t.Errorf("exit status %d, want %d\n%s%s", got, row.status, &out, &problems)
			}
			if !strings.Contains(out.String(), row.out) || row.out == "" && out.Len() > 0 {
				t.Errorf("output %q, want %q in it", &out, row.out)
			}
			if !strings.Contains(problems.String(), row.problems) || row.problems == "" && problems.Len() > 0 {
				t.Errorf("on standard error %q, want %q in it", &problems, row.problems)
			}
		})
	}
}

func TestRunJSON(t *testing.T) {
	var out, problems bytes.Buffer
	if got := run([]string{"-json", "-model", opus}, strings.NewReader(warm), &out, &problems); got != changed {
		t.Errorf("exit status %d, want %d: %s", got, changed, &problems)
	}
	var report struct {
		ModelID  string `json:"model_id"`
		Refused  bool
		Findings []struct{ Field string }
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	if report.ModelID != opus || report.Refused || len(report.Findings) != 1 || report.Findings[0].Field != "temperature" {
		t.Errorf("report = %+v", report)
	}
}

// TestRunCannotWrite: a report that nobody gets is no success.
func TestRunCannotWrite(t *testing.T) {
	var problems bytes.Buffer
	if got := run([]string{"-model", sonnet}, strings.NewReader(plain), full{}, &problems); got != misused || !strings.Contains(problems.String(), "no space") {
		t.Errorf("exit status %d, %q, want %d and the reason", got, &problems, misused)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }
