//go:build linux

package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestImage builds the root file system of the Dockerfile by hand, since the
// test has no daemon: a folder that holds nothing but the static binary. It
// runs the program there, as the image's user, and sends it a request.
func TestImage(t *testing.T) {
	if os.Getenv("CHATMODEL_FULL") == "" {
		t.Skip("CHATMODEL_FULL is not set: the static binary takes a while to link")
	}
	dockerfile, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"RUN CGO_ENABLED=0 go build -ldflags=-s -o /bedrock-local ./cmd/bedrock-local", "FROM scratch", "USER 65534:65534",
		`ENTRYPOINT ["/bedrock-local", "-addr", "0.0.0.0:8080"]`} {
		if !strings.Contains(string(dockerfile), line+"\n") {
			t.Errorf("the Dockerfile does not say %s; this test does", line)
		}
	}
	root := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s", "-o", filepath.Join(root, "bedrock-local"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for dir := root; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil { // another user reads it
			t.Fatal(err)
		}
	}
	program := exec.CommandContext(t.Context(), "/bedrock-local", "-addr", "0.0.0.0:0")
	program.Dir, program.Env = "/", []string{}
	program.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); errors.Is(err, syscall.EPERM) {
		t.Skip("chroot is not allowed here")
	} else if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	port := line[strings.LastIndexByte(line, ':')+1:]
	if err != nil || !strings.HasPrefix(line, "listening on http://") {
		t.Fatalf("%q, %v", line, err)
	}
	if status, text := say(t, "http://127.0.0.1:"+strings.TrimSpace(port), "from an empty image"); status != 200 || text != "from an empty image" {
		t.Errorf("%d %q", status, text)
	}
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err != nil {
		t.Errorf("stopped, it ends with %v", err)
	}
}
