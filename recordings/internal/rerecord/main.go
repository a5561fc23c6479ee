// Rerecord records the cassettes of package recordings anew.
//
//	go run ./recordings/internal/rerecord
//	go run ./recordings/internal/rerecord -live -region us-west-2
//	go run ./recordings/internal/rerecord -live -only 'conformance/thinking-*' -accept-drift
//
// Each cassette is one scenario, a short conversation that shows the subject of
// a group of conformance cases. Without -live, a local Bedrock answers by the
// scenario's script. Such a cassette states that it is local, and equal code
// makes equal files. With -live, Amazon Bedrock answers, called with your AWS
// configuration; that costs a few cents. The conversations transcribed from
// documentation are recorded only with -live. So every cassette of the project
// can be replaced by real traffic.
//
// A cassette is replaced only if its whole scenario succeeded, and only
//
//   - by one that differs: an equal recording leaves the file and its date alone;
//   - if Drift finds the same shape; otherwise the differences are printed, and
//     -accept-drift accepts them;
//   - by a local one only if it is local itself, not captured or transcribed. A recording
//     by -live from an endpoint on this machine is local too.
//
// The status is 1 if a scenario failed or drifted. Throttled calls are not
// repeated, because the cassette would contain every attempt: run the scenario
// again with -only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rerecord:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, args []string) error {
	r := recorder{date: time.Now().UTC().Format(time.DateOnly)}
	flags := flag.NewFlagSet("rerecord", flag.ContinueOnError)
	flags.BoolVar(&r.live, "live", false, "record Amazon Bedrock with your own account")
	flags.StringVar(&r.region, "region", "", "the AWS region, with -live; empty: that of your configuration")
	flags.StringVar(&r.dir, "dir", "recordings/cassettes", "the folder of the cassettes")
	flags.BoolVar(&r.acceptDrift, "accept-drift", false, "replace cassettes whose shape has changed as well")
	claude := flags.String("model", "", "the Claude model to record in place of the scenarios' own, with -live")
	only := flags.String("only", "*/*", "a pattern of the cassettes to record, such as 'conformance/tools-*'")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil // the flags have been printed
	} else if err != nil {
		return err
	}
	if !r.live && (*claude != "" || r.region != "") {
		return errors.New("-model and -region need -live: without it, the scripts of the scenarios answer")
	}
	all, err := scenarios()
	if err != nil {
		return err
	}
	chosen, err := choose(all, *only)
	if err != nil {
		return err
	}
	for i := range chosen {
		chosen[i].useClaude(*claude)
	}
	return r.recordAll(ctx, w, chosen)
}

// choose returns the scenarios whose names match a pattern.
func choose(all []scenario, pattern string) ([]scenario, error) {
	var chosen []scenario
	for _, s := range all {
		ok, err := path.Match(pattern, s.name)
		if err != nil {
			return nil, fmt.Errorf("-only %q: %w", pattern, err)
		}
		if ok {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("-only %q matches no scenario", pattern)
	}
	return chosen, nil
}

// useClaude replaces the model of a scenario about Claude.
func (s *scenario) useClaude(id string) {
	if id != "" && facts.Lookup(s.model).Maker == "anthropic" {
		s.model = id
	}
}
