package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

// writerFor returns how a report is written into a file of that name.
func writerFor(name string) (func(*probe.Report, io.Writer) error, error) {
	switch filepath.Ext(name) {
	case ".json":
		return (*probe.Report).WriteJSON, nil
	case ".md":
		return (*probe.Report).WriteMarkdown, nil
	case ".html":
		return (*probe.Report).WriteHTML, nil
	}
	if name == "" {
		return (*probe.Report).WriteMarkdown, nil
	}
	return nil, fmt.Errorf("-o %q does not end in .json, .md or .html", name)
}

// write writes a report, whole or not at all.
func (c *command) write(name string, report *probe.Report) error {
	write, err := writerFor(name)
	if err != nil {
		return err
	}
	if name == "" {
		return write(report, c.out)
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".bedrock-probe-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // nothing is there once it has its name
	err = write(report, file)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// diff prints what has changed between two reports.
func (c *command) diff(args []string) int {
	set := flag.NewFlagSet("bedrock-probe diff", flag.ContinueOnError)
	set.SetOutput(c.problems)
	set.Usage = func() { fmt.Fprintln(c.problems, "usage: bedrock-probe diff before.json after.json") }
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return expected
	case err != nil:
		return misused
	case set.NArg() != 2:
		return c.misuse("diff compares two reports; %d are named", set.NArg())
	}
	before, err := readReport(set.Arg(0))
	if err != nil {
		return c.misuse("%v", err)
	}
	after, err := readReport(set.Arg(1))
	if err != nil {
		return c.misuse("%v", err)
	}
	if before.Model != after.Model {
		c.say("the reports are of %s and of %s", before.Model, after.Model)
	}
	changes := probe.Diff(before, after)
	for _, change := range changes {
		if _, err := fmt.Fprintln(c.out, change); err != nil {
			return c.misuse("%v", err)
		}
	}
	if len(changes) > 0 {
		return differs
	}
	return expected
}
