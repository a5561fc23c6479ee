//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// nodeFolder returns a folder in which Node finds the packages of
// testdata/package.json. The test is skipped where they are not to be had:
// BEDROCKTEST_NODE names a folder where they are installed, or is 1 to have
// them installed for this test, from whatever registry npm is set up for.
func nodeFolder(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not installed")
	}
	folder := os.Getenv("BEDROCKTEST_NODE")
	switch folder {
	case "":
		t.Skip("BEDROCKTEST_NODE is not set: the packages @aws-sdk/client-bedrock-runtime, @langchain/aws and @ai-sdk/amazon-bedrock are needed")
	case "1":
		folder = t.TempDir()
		copyFile(t, "testdata/package.json", filepath.Join(folder, "package.json"))
		npm := exec.CommandContext(t.Context(), "npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
		npm.Dir = folder
		if out, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm install: %v\n%s", err, out)
		}
	}
	scripts, err := filepath.Glob("testdata/*.mjs")
	if err != nil || len(scripts) != 3 {
		t.Fatalf("scripts %v, %v", scripts, err)
	}
	for _, script := range scripts {
		copyFile(t, script, filepath.Join(folder, filepath.Base(script)))
	}
	return folder
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

// TestNode has clients of another language, as they are, hold a conversation
// with the command: thinking and a tool call, a second turn with the thinking
// sent back, a failure that passes, and one that does not.
func TestNode(t *testing.T) {
	folder := nodeFolder(t)
	want := map[string]any{
		"text": "Let me look.", "thinking": "It wants the weather in Köln.", "call": map[string]any{"city": "Köln"}, "stop": "tool_use",
		"input": 12.0, "cacheRead": 100.0, "output": 34.0, "second": "Sunny, 20 °C.", "third": "again",
		"error": "ValidationException: The script testdata/turns.json is at its end: all of its 4 answers have been played.",
	}
	for _, client := range []string{"aws", "langchain", "vercel"} {
		for _, mode := range []string{"generate", "stream"} {
			t.Run(client+"/"+mode, func(t *testing.T) {
				t.Parallel()
				url, log := startServe(t, "-answers", "testdata/turns.json")
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				node := exec.CommandContext(ctx, "node", "--no-warnings", client+".mjs", url, mode)
				node.Dir = folder
				node.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder} // nothing of AWS
				var stderr bytes.Buffer
				node.Stderr = &stderr
				out, err := node.Output()
				if err != nil {
					t.Fatalf("%v\n%s\nserve:\n%s", err, stderr.Bytes(), log)
				}
				var got map[string]any
				if err := json.Unmarshal(out, &got); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what the client heard (-want +got):\n%s\nserve:\n%s", diff, log)
				}
			})
		}
	}
}
