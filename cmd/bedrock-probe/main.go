// Bedrock-probe finds out what a live model on Amazon Bedrock takes, refuses and
// does, and reports what differs from the table of facts, with the row to
// change.
//
//	bedrock-probe -model ID -price IN,OUT [-budget 0.20] [flags]
//	bedrock-probe -model ID -endpoint URL [flags]
//	bedrock-probe diff before.json after.json
//
// The calls are made with the AWS SDK's usual configuration, and cost. Prices
// are of a million tokens of input and of output; a question that might cost
// more than what is left of the budget is not asked. With -o the report goes
// into a file, whose ending chooses between JSON, Markdown and HTML; otherwise it
// is printed as Markdown. A run that is broken off leaves what it has seen in
// JSON, and -continue goes on from there.
//
// With -endpoint it is an emulator or a gateway that is scored, on which of the
// service's rules it does not keep and on its streams. With -facts as well, its
// model is asked for facts instead.
//
// The exit status is 0 if everything is as expected, 1 if something differs, 2
// if the run did not come to its end, and 3 if the arguments are wrong or there
// are no credentials.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// The exit statuses.
const (
	expected = iota
	differs
	broken
	misused
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, out, problems stream) int {
	c := command{out: out, problems: problems}
	if len(args) > 0 && args[0] == "diff" {
		return c.diff(args[1:])
	}
	return c.probe(ctx, args)
}
