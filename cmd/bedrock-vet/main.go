// Bedrock-vet reports whether a request to a model on Amazon Bedrock would be
// sent, changed or refused, without a network and without an account.
//
//	bedrock-vet [flags] [request.json]
//
// The request is a model.Request in JSON, from the file or from standard input.
// The exit status is 0 if it would be sent as it is, 1 if something would be
// changed, 2 if it would be refused, and 3 if the arguments are wrong.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// The exit statuses.
const (
	sent = iota
	changed
	refused
	misused
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, in io.Reader, out, problems io.Writer) int {
	flags := flag.NewFlagSet("bedrock-vet", flag.ContinueOnError)
	flags.SetOutput(problems)
	modelID := flags.String("model", "", "the `id` of a model or an inference profile; required")
	base := flags.String("base", "", "the `id` of the model behind an id that does not name it")
	format := flags.String("format", "", "the body `format` for InvokeModel, such as anthropic; auto: the model's own; empty: Converse")
	asJSON := flags.Bool("json", false, "print the report as JSON")
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: bedrock-vet -model ID [flags] [request.json]")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return sent
	case err != nil:
		return misused
	}
	fail := func(err error) int {
		fmt.Fprintln(problems, "bedrock-vet:", err)
		return misused
	}
	if *modelID == "" {
		return fail(errors.New("-model is missing; give the id of a model"))
	}
	req, err := read(flags.Args(), in)
	if err != nil {
		return fail(err)
	}
	report, err := bedrock.Vet(*modelID, req, &bedrock.Options{BaseModel: *base, Format: bedrock.Format(*format)})
	if err != nil {
		return fail(err)
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "\t")
		err = e.Encode(report)
	} else {
		_, err = io.WriteString(out, report.String())
	}
	switch {
	case err != nil:
		return fail(err)
	case report.Refused():
		return refused
	case len(report.Findings) > 0:
		return changed
	}
	return sent
}

// read reads the request of the one file that is named, or of standard input.
func read(names []string, in io.Reader) (*model.Request, error) {
	name := "standard input"
	switch len(names) {
	case 0:
	case 1:
		name = names[0]
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	default:
		return nil, fmt.Errorf("%d files are named; give one", len(names))
	}
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	req := new(model.Request)
	if err := json.Unmarshal(data, req); err != nil {
		return nil, fmt.Errorf("%s is not a request: %w", name, err)
	}
	return req, nil
}
