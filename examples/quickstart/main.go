// Quickstart demonstrates chatmodel on a machine without an AWS account and
// without a network. It replays conversations of LangChain's ChatBedrock page
// through the real bedrock package.
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -live -region us-west-2
//
// With -live, Amazon Bedrock answers the same conversations, called with your
// AWS configuration.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/chatmodel-go/chatmodel/model"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// A scene is a conversation, with the cassette that it is replayed from. The
// model is the one that the page used.
type scene struct {
	title    string
	cassette string
	model    string
	play     func(ctx context.Context, w io.Writer, llm model.ChatModel) error
}

var scenes = []scene{
	{"Translate", "seed/translate", "anthropic.claude-3-5-sonnet-20240620-v1:0", translate},
	{"Stream", "seed/translate-stream", "anthropic.claude-3-5-sonnet-20240620-v1:0", stream},
	{"Think, twice", "seed/thinking", "us.anthropic.claude-sonnet-4-20250514-v1:0", think},
	{"Cache a prompt", "seed/caching", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", cache},
	{"Chain", "seed/chain", "anthropic.claude-3-5-sonnet-20240620-v1:0", chain},
}

func run(ctx context.Context, w io.Writer, args []string) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	live := flags.Bool("live", false, "call Amazon Bedrock with your own account")
	modelID := flags.String("model", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "the model to call, with -live")
	region := flags.String("region", "", "the AWS region, with -live; empty: that of your configuration")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil // the flags have been printed
	} else if err != nil {
		return err
	}
	if !*live {
		fmt.Fprintln(w, "Replaying conversations transcribed from documentation; -live holds them for real.")
	}
	for _, s := range scenes {
		fmt.Fprintf(w, "\n== %s\n", s.title)
		llm, done, err := s.open(ctx, *live, *modelID, *region)
		if err != nil {
			return err
		}
		if err := s.play(ctx, w, llm); err != nil {
			return err
		}
		if err := done(); err != nil {
			return err
		}
	}
	return nil
}

func (s scene) open(ctx context.Context, live bool, modelID, region string) (model.ChatModel, func() error, error) {
	if live {
		llm, err := openLive(ctx, modelID, region)
		return llm, func() error { return nil }, err
	}
	return openReplay(s.cassette, s.model)
}
