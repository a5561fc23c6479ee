package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// heading returns what stands over the rows.
func heading() string {
	return fmt.Sprintf(`# Benchmarks

What the library costs beside the AWS SDK used by hand, beside plain Go, or
beside a floor, the least that the work takes. The page is printed by

    go run ./internal/speed -o BENCHMARKS.md

Each line is one run, in which the work and its reference alternate; ratios are
of %s, the least of %d samples. Allocations and bytes are counted
exactly. The documentation of internal/speed says how.

Measured on: %s, %d threads, %s, %s/%s.

| work | against | measured | wanted | |
|---|---|---|---|---|
`, clock, rounds, machine(), runtime.GOMAXPROCS(0), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

const footing = `
A floor of a delta is to check both checksums of its frame, to find its text and
to copy that, with its escapes undone if it has any; over InvokeModel, to undo
the base64 around it as well.
`

// machine names the processor.
func machine() string {
	data, _ := os.ReadFile("/proc/cpuinfo") // where there is one
	for line := range strings.Lines(string(data)) {
		if key, name, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return "a processor without a name"
}

// line returns the row as it stands on the page.
func line(r row, figures []figure) string {
	var measured, wanted []string
	held := "yes"
	for _, f := range figures {
		measured = append(measured, number(f.value)+" "+f.unit)
		switch {
		case f.wanted == none:
			wanted = append(wanted, "0")
		case f.least:
			wanted = append(wanted, "≥ "+number(f.wanted))
		case f.wanted > 0:
			wanted = append(wanted, "≤ "+number(f.wanted))
		default:
			wanted = append(wanted, "–")
		}
		if !f.held() {
			held = "no"
		}
	}
	if held == "no" && r.remark != "" {
		held += ": " + r.remark
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", r.work, r.against, strings.Join(measured, ", "), strings.Join(wanted, ", "), held)
}

// number writes a number with three digits that say something.
func number(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
