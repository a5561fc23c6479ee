// Bedrock-probe tests how a live model on Amazon Bedrock behaves, and reports
// the differences from the table of facts, with the row to change.
//
//	bedrock-probe -model ID -price IN,OUT [-budget 0.20] [flags]
//	bedrock-probe -model ID -endpoint URL [flags]
//	bedrock-probe diff before.json after.json
//
// The calls use the AWS SDK's usual configuration, and cost money. Prices are
// those of a million tokens of input and of output. A question that might cost
// more than the rest of the budget is not asked. With -o the report goes into a
// file, whose ending chooses between JSON, Markdown and HTML; otherwise it is
// printed as Markdown. An interrupted run leaves its results in JSON, and
// -continue goes on from there.
//
// With -endpoint it scores an emulator or a gateway: the rules of the service
// that it does not keep, and its streams. With -facts as well, it tests the
// facts of its model instead.
//
// The exit status is 0 if everything is as expected, 1 if something differs, 2
// if the run did not finish, and 3 if the arguments are wrong or there are no
// credentials.
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
