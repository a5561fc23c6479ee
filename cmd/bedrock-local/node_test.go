//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// nodeFolder returns a folder in which Node finds the packages of
// testdata/node/package.json, and the scripts beside it. The test is skipped where
// they are not to be had: BEDROCKTEST_NODE names a folder where they are
// installed, or is 1 to have them installed, from whatever registry npm is set up
// for. They are installed once, for all tests.
func nodeFolder(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	folder := os.Getenv("BEDROCKTEST_NODE")
	if folder == "" {
		t.Skip("BEDROCKTEST_NODE is not set: the packages of testdata/node/package.json are needed; .ci/node installs them")
	}
	if folder == "1" {
		installed.Do(func() { installed.folder, installed.err = install() })
		if installed.err != nil {
			t.Fatal(installed.err)
		}
		folder = installed.folder
	}
	for pattern, least := range map[string]int{"testdata/node/*.mjs": 6, "clients/vitest/*.mjs": 2} {
		scripts, err := filepath.Glob(pattern)
		if err != nil || len(scripts) < least {
			t.Fatalf("scripts %v, %v", scripts, err)
		}
		for _, script := range scripts {
			copyFile(t, script, filepath.Join(folder, filepath.Base(script)))
		}
	}
	return folder
}

// installed is where npm has installed the packages.
var installed struct {
	sync.Once
	folder string
	err    error
}

func install() (string, error) {
	folder, err := os.MkdirTemp("", "bedrock-local-node-")
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile("testdata/node/package.json")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "package.json"), data, 0o600); err != nil {
		return "", err
	}
	npm := exec.Command("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
	npm.Dir = folder
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install: %w\n%s", err, out)
	}
	return folder, nil
}

// TestMain removes what the tests have installed.
func TestMain(m *testing.M) {
	code := m.Run()
	if installed.folder != "" {
		_ = os.RemoveAll(installed.folder) // it is in a folder for what may go
	}
	os.Exit(code)
}

// runNode runs a script, which prints a line of JSON.
func runNode(t *testing.T, folder string, v any, args ...string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", append([]string{"--no-warnings"}, args...)...)
	node.Dir = folder
	node.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder} // nothing of AWS
	var stderr bytes.Buffer
	node.Stderr = &stderr
	out, err := node.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(out, v); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// startServe runs the command and returns the address that it prints, and
// its log.
func startServe(t *testing.T, args ...string) (url string, log *lockedBuffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	printed := &lockedBuffer{line: make(chan string, 1)}
	log = &lockedBuffer{line: make(chan string, 1)}
	done := make(chan error, 1)
	go func() { done <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), printed, log) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve ends with %v", err)
		}
	})
	select {
	case line := <-printed.line:
		url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
		if !ok {
			t.Fatalf("serve prints %q", line)
		}
		return url, log
	case err := <-done:
		done <- nil
		t.Fatalf("serve does not start: %v", err)
	}
	return "", nil
}

// TestNode runs unmodified clients of another language, which hold a
// conversation with the command: thinking and a tool call, a second turn with
// the thinking sent back, a failure that passes, and one that does not.
func TestNode(t *testing.T) {
	folder := nodeFolder(t)
	want := map[string]any{
		"text": "Let me look.", "thinking": "It wants the weather in Köln.", "call": map[string]any{"city": "Köln"}, "stop": "tool_use",
		"input": 12.0, "cacheRead": 100.0, "output": 34.0, "second": "Sunny, 20 °C.", "third": "again",
		"error": "ValidationException: The script testdata/turns.json is at its end: all of its 4 answers have been played.",
	}
	for _, client := range []string{"aws", "langchain", "vercel", "anthropic", "strands"} {
		for _, mode := range []string{"generate", "stream"} {
			t.Run(client+"/"+mode, func(t *testing.T) {
				t.Parallel()
				want := maps.Clone(want)
				if client == "strands" && mode == "generate" {
					delete(want, "cacheRead") // Strands 1.16.0 reads the cache's counters in streams alone
				}
				url, log := startServe(t, "-answers", "testdata/turns.json")
				var got map[string]any
				if err := runNode(t, folder, &got, client+".mjs", url, mode); err != nil {
					t.Fatalf("%v\nserver:\n%s", err, log)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what the client heard (-want +got):\n%s\nserver:\n%s", diff, log)
				}
			})
		}
	}
}

// failing are what LangChain's standard tests ask that ChatBedrockConverse of
// @langchain/aws 1.4.5 does not do: it fails before it sends anything.
var failing = map[string]string{
	"tool results as a list":      "Error: Unsupported content block type: tool_use",
	"results in Anthropic's form": "Error: Unsupported content block type: tool_use",
	"images by URL":               "Error: Only base64 data URLs are supported for image blocks",
	"audio in the standard form":  "Error: Converter for ChatBedrockConverse does not implement `fromStandardAudioBlock` method.",
}

// TestNodeStandard runs LangChain's standard tests of a chat model on
// ChatBedrockConverse. Each must pass, or fail in the client for a known
// reason.
func TestNodeStandard(t *testing.T) {
	folder := nodeFolder(t)
	url, log := startServe(t, "-answers", "testdata/standard.json")
	var got map[string]string
	if err := runNode(t, folder, &got, "standard.mjs", url); err != nil {
		t.Fatalf("%v\nserver:\n%s", err, log)
	}
	passed := 0
	for _, name := range slices.Sorted(maps.Keys(got)) {
		reason, known := failing[name]
		switch {
		case got[name] == "passed" && !known:
			passed++
		case !known || !strings.HasPrefix(got[name], reason):
			t.Errorf("%s: %s", name, got[name])
		default:
			t.Logf("%s fails in the client: %s", name, got[name])
		}
	}
	t.Logf("standard tests: %d of %d pass", passed, len(got))
	if passed < 42 {
		t.Errorf("only %d pass", passed)
	}
}

// TestNodeVitest runs the example tests with vitest, against this program.
func TestNodeVitest(t *testing.T) {
	folder := nodeFolder(t)
	program := filepath.Join(t.TempDir(), "bedrock-local")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	vitest := exec.CommandContext(t.Context(), filepath.Join(folder, "node_modules", ".bin", "vitest"), "run", "--root", ".", "example.test.mjs")
	vitest.Dir = folder
	vitest.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "NO_COLOR=1", "BEDROCK_LOCAL=" + program}
	if out, err := vitest.CombinedOutput(); err != nil || !strings.Contains(string(out), "2 passed") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestNoRegistry checks that what is installed names versions, and no host.
func TestNoRegistry(t *testing.T) {
	files, err := filepath.Glob("testdata/node/*")
	if err != nil || len(files) < 7 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "registry") || strings.Contains(file, "lock") || filepath.Base(file) == "package.json" && strings.Contains(string(data), "^") {
			t.Errorf("%s names a registry, or no exact version", file)
		}
	}
}
