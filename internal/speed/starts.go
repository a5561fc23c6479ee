package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

var startRows = []row{
	{work: "init of fake", against: "", measure: initOf("fake", 0.05)},
	{work: "init of bedrock and its facts", against: "", measure: initOf("bedrock(?:/facts)?", 0.1)},
	{work: "init of bedrocktest", against: "", measure: initOf("bedrock/bedrocktest", 0.1),
		remark: "most of it makes the table of models, whose layers are functions; only tests pay for it"},
	{work: "init of recordings", against: "", measure: initOf("recordings", 0.1)},
	{work: "init of the prompt formats", against: "", measure: initOf("bedrock/internal/prompt", 0.05)},
}

// startOnly, in the environment, has the program end at once.
const startOnly = "CHATMODEL_SPEED_START"

// initOf measures what the packages do before main whose paths match a regular
// expression, the least of several starts. The runtime reports it for those that
// have anything to do.
func initOf(packages string, most float64) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		ms, n := math.Inf(1), 0
		for range 1 + l.rounds/3 {
			t, allocations, err := start(packages)
			if err != nil {
				return nil, err
			}
			ms, n = min(ms, t), allocations
		}
		return []figure{{value: ms, unit: "ms", wanted: most}, {value: float64(n), unit: "allocations"}}, nil
	}
}

// start starts the program and returns how long the packages that match and the
// internal ones right below them take, and how often they allocate.
func start(packages string) (ms float64, allocations int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	c := exec.CommandContext(context.Background(), self)
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1", startOnly+"=1")
	var trace bytes.Buffer
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		return 0, 0, fmt.Errorf("start again: %w", err)
	}
	form, err := regexp.Compile(`init github\.com/chatmodel-go/chatmodel/` + packages + `(?:/internal/\w+)? @\S+ ms, ([0-9.]+) ms clock, (\d+) bytes, (\d+) allocs`)
	if err != nil {
		return 0, 0, err
	}
	for _, line := range form.FindAllSubmatch(trace.Bytes(), -1) {
		t, err := strconv.ParseFloat(string(line[1]), 64)
		if err != nil {
			return 0, 0, err
		}
		n, err := strconv.Atoi(string(line[3]))
		if err != nil {
			return 0, 0, err
		}
		ms, allocations = ms+t, allocations+n
	}
	return ms, allocations, nil
}
