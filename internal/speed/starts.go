package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

var startRows = []row{
	{work: "init of fake", against: "", measure: initOf("fake")},
	{work: "init of the prompt formats", against: "", measure: initOf("bedrock/internal/prompt")},
}

// startOnly, in the environment, has the program end at once.
const startOnly = "CHATMODEL_SPEED_START"

// initOf measures what a package does before main. The runtime reports it for the
// packages that have anything to do.
func initOf(pkg string) func(l *lab) ([]figure, error) {
	return func(*lab) ([]figure, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		c := exec.CommandContext(context.Background(), self)
		c.Env = append(os.Environ(), "GODEBUG=inittrace=1", startOnly+"=1")
		var trace bytes.Buffer
		c.Stderr = &trace
		if err := c.Run(); err != nil {
			return nil, fmt.Errorf("start again: %w", err)
		}
		lines := regexp.MustCompile(`init github\.com/chatmodel-go/chatmodel/`+regexp.QuoteMeta(pkg)+`(?:/internal/\w+)? @\S+ ms, ([0-9.]+) ms clock, (\d+) bytes, (\d+) allocs`).FindAllSubmatch(trace.Bytes(), -1)
		var ms float64
		var n int
		for _, line := range lines {
			t, err := strconv.ParseFloat(string(line[1]), 64)
			if err != nil {
				return nil, err
			}
			a, err := strconv.Atoi(string(line[3]))
			if err != nil {
				return nil, err
			}
			ms, n = ms+t, n+a
		}
		return []figure{{value: ms, unit: "ms", wanted: 0.05}, {value: float64(n), unit: "allocations"}}, nil
	}
}
