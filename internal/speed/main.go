package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"
)

// main measures the rows and writes the table. Where startOnly is set, it ends
// at once: then the start of the program is what is measured.
func main() {
	if os.Getenv(startOnly) != "" {
		return
	}
	only := flag.String("rows", "", "measure the rows whose name matches this regular expression alone")
	out := flag.String("o", "", "write the table to this file instead of standard output")
	length := flag.Duration("sample", sample, "how long a sample takes at the least")
	flag.Parse()
	if err := run(*only, *out, *length); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

// run writes the table to out, or to standard output if out is empty. A file is
// written only when the table is whole; until then standard error shows it
// grow.
func run(only, out string, length time.Duration) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	if out == "" {
		return write(os.Stdout, match, length)
	}
	var page bytes.Buffer
	if err := write(io.MultiWriter(&page, os.Stderr), match, length); err != nil {
		return err
	}
	return os.WriteFile(out, page.Bytes(), 0o644)
}

// write measures the rows that match and writes the page that shows them.
func write(w io.Writer, match *regexp.Regexp, length time.Duration) error {
	fmt.Fprint(w, heading())
	for _, r := range rows {
		if !match.MatchString(r.work) {
			continue
		}
		l := &lab{sample: length, rounds: rounds}
		figures, err := r.measure(l)
		if err != nil {
			return fmt.Errorf("%s: %w", r.work, err)
		}
		fmt.Fprint(w, line(r, figures))
	}
	_, err := fmt.Fprint(w, footing)
	return err
}
